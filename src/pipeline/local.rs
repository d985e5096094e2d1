//! Local figures: tallied metrics in, a table of areas, departments and teams and a restricted one of officers on the disk.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use super::BuildError;
use super::accounts;
use super::figures::own_metrics;
use crate::build_folder::BuildFolder;
use crate::compare;
use crate::definitions::{Definitions, Metric};
use crate::domain::{Level, Period, Scope, SolvedSet};
use crate::measure::{FigureMaker, Tallied};
use crate::tables::figure::Figure;
use crate::tables::local::{LOCAL_FIGURES, LocalFigure, OFFICER_LOCAL};

/// Writes both tables, metric by metric in the catalogue's order.
pub(super) fn write(
    measured: &[Tallied<'_>],
    definitions: &Definitions,
    folder: &BuildFolder,
) -> Result<(), BuildError> {
    let mut rows = Vec::new();
    for (tallied, metric, set) in own_metrics(definitions, measured) {
        let of_forces = figures(tallied, metric, set, |level| level == Level::Force, |_| true);
        let periods: BTreeMap<Arc<str>, Period> = of_forces
            .chunk_by(|a, b| a.force == b.force)
            .filter_map(|force| Some((force.first()?.force.clone(), compare::local_period(metric, force)?)))
            .collect();
        let wanted = |figure: &Figure| periods.get(&figure.force).is_some_and(|of| is_shown(figure, *of));
        let all = figures(tallied, metric, set, |level| level != Level::National, wanted);
        for (force, of) in &periods {
            let own: Vec<Figure> = all.iter().filter(|f| f.force == *force).cloned().collect();
            rows.extend(compare::local_figures(metric, *of, &own));
        }
    }
    compare::adjust_local(&mut rows);
    let (officers, open): (Vec<LocalFigure>, Vec<LocalFigure>) =
        rows.into_iter().partition(|row| row.level.is_restricted());
    accounts::table(folder, LOCAL_FIGURES, LocalFigure::arrays(&open))?;
    accounts::table(folder, OFFICER_LOCAL, LocalFigure::officer_arrays(&officers))
}

/// Of the period, or of the same a year before.
fn is_shown(figure: &Figure, of: Period) -> bool {
    let of_type = figure.period_type == of.period_type;
    let start = figure.period_start;
    of_type && (start == of.start() || start == of.first.plus(-12).first_day())
}

/// Figures in scope `all` at some levels, those that are wanted; others are not kept.
fn figures<'t>(
    tallied: &'t Tallied<'t>,
    metric: &'t Metric,
    set: Option<SolvedSet>,
    levels: impl Fn(Level) -> bool,
    wanted: impl Fn(&Figure) -> bool,
) -> Vec<Figure> {
    let mut maker = FigureMaker::new(tallied, metric, set);
    let mut found = Vec::new();
    let made: Result<(), Infallible> = tallied.each_series(metric, set, levels, |series| {
        if &**series.scope == Scope::ALL {
            found.extend(maker.figures(&series).into_iter().filter(&wanted));
        }
        Ok(())
    });
    match made {
        Ok(()) => found,
    }
}
