//! All forces' final figures of one metric, by scope and period, with the variance between them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Input, is_comparable, period_of, solved_set, unit_value};
use crate::definitions::{Definitions, Metric};
use crate::domain::{ForceId, Kind, Level, Period};
use crate::statistics::{UnitValue, between_forces};
use crate::tables::figure::Figure;

/// Few people live there and many work there, so figures per head say nothing.
pub(super) const CITY_OF_LONDON: &str = "city-of-london";

/// With fewer forces the variance between them is not estimated.
pub const FEWEST_FORCES: usize = 10;

/// The forces of each scope and period.
pub(super) struct Forces<'a> {
    slices: HashMap<Period, HashMap<&'a str, Slice<'a>>>,
}

/// The forces of one scope and period.
#[derive(Default)]
pub(super) struct Slice<'a> {
    /// By id.
    pub forces: Vec<Force<'a>>,
    /// Whether every force's sampling error is known; if not, all stand here without any.
    pub sampling_known: bool,
    /// Variance between forces: beyond sampling error (τ²) where that is known, else the whole. `None` with too few.
    pub between: Option<f64>,
    /// The nation's own figure.
    pub nation: Option<&'a Figure>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Force<'a> {
    pub id: &'a str,
    pub unit: UnitValue,
    pub figure: &'a Figure,
}

impl<'a> Forces<'a> {
    /// Own figures come first: a peer that is measured too is not read. A count has none, as forces differ in size.
    pub fn new(input: &Input<'a>) -> Self {
        let Input { definitions, metric, own, peers } = *input;
        let set = solved_set(definitions, metric);
        let comparable = |f: &&Figure| metric.kind != Kind::Count && f.solved_set == set && is_comparable(metric, f);
        let measured: HashSet<(&str, Level)> =
            own.iter().filter(|f| f.level <= Level::Force).map(|f| (&*f.force, f.level)).collect();
        let peers = peers.iter().filter(|f| !measured.contains(&(&*f.force, f.level)));
        let mut found: BTreeMap<(Period, &str), Gathered<'a>> = BTreeMap::new();
        for figure in own.iter().chain(peers).filter(comparable) {
            let gathered = found.entry((period_of(figure), &figure.scope)).or_default();
            match figure.level {
                Level::Force => gathered.forces.push(figure),
                Level::National => gathered.nation = Some(figure),
                _ => {}
            }
        }
        let judged: HashSet<&str> = territorial(definitions, metric).map(|force| force.as_str()).collect();
        let mut slices: HashMap<Period, HashMap<&str, Slice<'_>>> = HashMap::new();
        for ((period, scope), gathered) in found {
            slices.entry(period).or_default().insert(scope, Slice::new(metric.kind, gathered, &judged));
        }
        Self { slices }
    }

    /// Every slice with its scope, in no order.
    pub fn slices(&self) -> impl Iterator<Item = (&'a str, &Slice<'a>)> {
        self.slices.values().flatten().map(|(scope, slice)| (*scope, slice))
    }

    pub fn slice(&self, scope: &str, period: Period) -> Option<&Slice<'a>> {
        self.slices.get(&period)?.get(scope)
    }
}

/// A slice before its figures are read.
#[derive(Default)]
struct Gathered<'a> {
    forces: Vec<&'a Figure>,
    nation: Option<&'a Figure>,
}

/// The forces of England and Wales; for a rate per head without City of London.
pub(super) fn territorial<'a>(definitions: &'a Definitions, metric: &Metric) -> impl Iterator<Item = &'a ForceId> {
    let per_head = metric.kind == Kind::Rate;
    let forces = definitions.references.forces.values().filter(|f| f.territorial).map(|f| &f.id);
    forces.filter(move |id| !per_head || id.as_str() != CITY_OF_LONDON)
}

impl<'a> Slice<'a> {
    fn new(kind: Kind, gathered: Gathered<'a>, judged: &HashSet<&str>) -> Self {
        let Gathered { forces: mut figures, nation } = gathered;
        figures.sort_by(|a, b| a.force.cmp(&b.force));
        let with_error = |f: &&Figure| unit_value::unit_value(kind, f).filter(|u| u.sampling_variance > 0.0);
        let known: Option<Vec<UnitValue>> = figures.iter().map(with_error).collect();
        let sampling_known = known.is_some();
        let units = known.or_else(|| figures.iter().map(|f| unit_value::without_error(kind, f)).collect());
        let forces =
            figures.iter().zip(units.unwrap_or_default()).map(|(f, unit)| Force { id: &f.force, unit, figure: f });
        let mut slice = Self { forces: forces.collect(), sampling_known, between: None, nation };
        let judged: Vec<UnitValue> = slice.forces.iter().filter(|f| judged.contains(f.id)).map(|f| f.unit).collect();
        slice.between = match judged.len() < FEWEST_FORCES {
            true => None,
            false if sampling_known => tau_squared(&judged),
            false => total_variance(&judged),
        };
        slice
    }

    pub fn own(&self, force: &str) -> Option<UnitValue> {
        self.forces.iter().find(|f| f.id == force).map(|f| f.unit)
    }
}

/// Variance beyond sampling error about the pooled value.
fn tau_squared(units: &[UnitValue]) -> Option<f64> {
    let total: f64 = units.iter().map(|u| u.denominator).sum();
    let centre = units.iter().map(|u| u.value * u.denominator).sum::<f64>() / total;
    between_forces::between_forces(units, centre, between_forces::WINSORISED_SHARE).map(|found| found.tau_squared)
}

/// Sample variance of the values, winsorised as for τ². `None` where it is 0.
fn total_variance(units: &[UnitValue]) -> Option<f64> {
    let values = units.iter().map(|u| u.value).collect();
    let values = between_forces::winsorise(values, between_forces::WINSORISED_SHARE)?;
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (variance > 0.0 && variance.is_finite()).then_some(variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(values: &[f64]) -> Vec<UnitValue> {
        values.iter().map(|v| UnitValue { value: *v, sampling_variance: 0.0, denominator: 1.0 }).collect()
    }

    /// 0 to 10 winsorised at a tenth: 1 1 2 ... 8 9 9; mean 5; squares 2·16·2... = 64 + 2(9 + 4 + 1) = 92, over 10.
    #[test]
    fn total_variance_worked_by_hand() {
        let values: Vec<f64> = (0..=10).map(f64::from).collect();
        assert!((total_variance(&units(&values)).unwrap() - 9.2).abs() < 1e-12);
        assert_eq!(total_variance(&units(&[3.0; 11])), None);
    }
}
