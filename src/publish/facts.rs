//! What a build's own tables say of its force, as the page reads it. Nothing is computed here: a figure that is shown is a
//! cell of a table.

mod figures;
mod lines;
mod staffing;
mod steps;

use std::path::Path;

pub use figures::{Figures, LastYear, SpcMonth, UnitFigure};
pub use lines::{ListedLine, ScorecardLine};
pub use staffing::StaffingLine;
pub use steps::{ExtractState, JourneyLine, Unread, unread};

use crate::domain::SolvedSet;
use crate::tables::evaluation::EVALUATION;
use crate::tables::evaluation_lines::{self, EvaluationLine};
use crate::tables::reading::ReadingError;

/// Everything that the page of one force shows.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// In the order of the journey.
    pub lines: Vec<ScorecardLine>,
    /// In the order of the lists.
    pub listed: Vec<ListedLine>,
    pub figures: Figures,
    pub journey: Vec<JourneyLine>,
    pub extracts: Vec<ExtractState>,
    /// In the order of the week.
    pub staffing: Vec<StaffingLine>,
    pub evaluations: Vec<EvaluationLine>,
}

impl Facts {
    /// Reads the tables of a build, finished or not. A force without a line has no publication: then it is `None`.
    ///
    /// # Errors
    /// A table that is not there or that another version wrote.
    pub fn read(build: &Path, force: &str, solved_set: SolvedSet) -> Result<Option<Self>, ReadingError> {
        let lines = lines::scorecard(build, force)?;
        if lines.is_empty() {
            return Ok(None);
        }
        let figures = figures::read(build, force, solved_set, &lines)?;
        let evaluations =
            if build.join(EVALUATION.path()).exists() { evaluation_lines::read(build)? } else { Vec::new() };
        Ok(Some(Self {
            listed: lines::attention(build, force)?,
            journey: steps::journey(build, force)?,
            extracts: steps::extracts(build)?,
            staffing: staffing::staffing(build, force)?,
            figures,
            lines,
            evaluations,
        }))
    }
}
