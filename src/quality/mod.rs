//! How good the data are: completeness, validity, uniqueness, consistency, timeliness and links, graded by the limits of
//! `quality.toml`; signals of how crimes are recorded; and the page for the Data Quality and Standards Committee.
//!
//! Rows are counted block by block beside conforming, by force, area, department and team. What a figure says of the data behind it
//! comes from the same rows.

mod checks;
mod counts;
mod evaluate;
mod lines;
mod page;
mod practice;
mod records;
mod rows;
mod words;

pub use checks::Checks;
pub use counts::Counts;
pub use lines::line_qualities;
pub use page::{EarlierBuild, PageError, PageInput, page};
pub use practice::{PracticeInput, practice};
pub use records::{record_rows, table_rows};
pub use rows::{ForceRows, graded, overall, rows};
