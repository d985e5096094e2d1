//! The words of the field: forces, months, levels, scopes, polarity. Imports nothing of ours.

mod audience;
pub mod clock;
mod date;
mod force;
mod level;
mod metric_words;
mod month;
mod provenance;
mod safe_text;
mod sentence;
mod written_date;

pub use audience::Audience;
pub use date::{civil_date, days_since_epoch, long_date, parse_iso_date};
pub use force::{ENGLAND_AND_WALES, ForceId, slug};
pub use level::{Level, Scope, ScopeKind, UNALLOCATED, UNMAPPED};
pub use metric_words::{Basis, JourneyStage, Kind, MetricId, Polarity, SolvedSet, Status, Unit};
pub use month::{Month, Period, PeriodType};
pub use provenance::Provenance;
pub use safe_text::{spreadsheet_text, visible, visible_lines, visible_start};
pub use sentence::capitalised;
pub use written_date::{DateFormat, Written};
