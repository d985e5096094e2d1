//! Figures for tests, and the definitions of the Gloucestershire pipeline.

use std::path::Path;

use chrono::NaiveDate;

use super::{Compared, Family, Input, compare, family, headlines};
use crate::definitions::{Definitions, Intervention, Metric, load};
use crate::domain::{Kind, Level, MetricId, Month, Period, PeriodType, SolvedSet, Status};
use crate::statistics::{Confidence, Estimate};
use crate::tables::comparison::{Comparator, Comparison};
use crate::tables::figure::Figure;
use crate::tables::figure_rules::estimate_of;

pub const OWN: &str = "gloucestershire";

/// Without entries in the register of interventions: a test that needs one adds its own.
pub fn definitions() -> Definitions {
    let loaded = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml")).unwrap();
    Definitions { interventions: Vec::new(), ..loaded }
}

/// An entry of the register for the whole force that begins a new phase of one metric.
pub fn intervention(id: &str, date: &str, metric: &str) -> Intervention {
    Intervention {
        id: id.to_owned(),
        name: id.replace('-', " "),
        date: date.parse().unwrap(),
        reason: "A test.".to_owned(),
        areas: Vec::new(),
        comparison_areas: Vec::new(),
        rephase: true,
        metrics: [(MetricId::new(metric).unwrap(), 0.02)].into(),
    }
}

pub fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// A figure of the own force in scope `all` in March 2026, final.
pub fn with_estimate(estimate: Estimate, numerator: Option<f64>, denominator: Option<f64>) -> Figure {
    let interval = |confidence| estimate.interval(confidence);
    Figure {
        force: OWN.into(),
        level: Level::Force,
        unit: OWN.into(),
        scope: "all".into(),
        period_type: PeriodType::Month,
        period_start: NaiveDate::default(),
        period_end: NaiveDate::default(),
        numerator,
        denominator,
        value: Some(estimate.value),
        lower_95: interval(Confidence::P95).map(|i| i.lower),
        upper_95: interval(Confidence::P95).map(|i| i.upper),
        lower_998: interval(Confidence::P998).map(|i| i.lower),
        upper_998: interval(Confidence::P998).map(|i| i.upper),
        method: Some(estimate.method.name().into()),
        basis: None,
        solved_set: None,
        status: Status::Final,
        reason: None,
    }
    .in_month("2026-03")
}

/// The same, of counts.
pub fn figure(kind: Kind, numerator: f64, denominator: Option<f64>) -> Figure {
    with_estimate(estimate_of(kind, numerator, denominator).unwrap(), Some(numerator), denominator)
}

/// Small changes of a figure, one after another.
pub trait Changed: Sized {
    fn of_force(self, force: &str) -> Self;
    fn of_unit(self, level: Level, unit: &str) -> Self;
    fn in_scope(self, scope: &str) -> Self;
    fn over(self, period_type: PeriodType, first: &str, last: &str) -> Self;
    fn in_month(self, month: &str) -> Self;
    fn in_set(self, set: SolvedSet) -> Self;
    fn provisional(self) -> Self;
}

impl Changed for Figure {
    fn of_force(self, force: &str) -> Self {
        Self { force: force.into(), unit: force.into(), ..self }
    }

    fn of_unit(self, level: Level, unit: &str) -> Self {
        Self { level, unit: unit.into(), ..self }
    }

    fn in_scope(self, scope: &str) -> Self {
        Self { scope: scope.into(), ..self }
    }

    fn over(self, period_type: PeriodType, first: &str, last: &str) -> Self {
        let period = Period { period_type, first: month(first), last: month(last) };
        Self { period_type, period_start: period.start(), period_end: period.last.last_day(), ..self }
    }

    fn in_month(self, month: &str) -> Self {
        self.over(PeriodType::Month, month, month)
    }

    fn in_set(self, set: SolvedSet) -> Self {
        Self { solved_set: Some(set), ..self }
    }

    fn provisional(self) -> Self {
        Self { status: Status::Provisional, ..self }
    }
}

/// Every territorial force but the own one, with the figure that `of` gives for its place in the alphabet.
pub fn other_forces(definitions: &Definitions, of: impl Fn(usize, &str) -> Figure) -> Vec<Figure> {
    let forces = definitions.references.forces.values().filter(|f| f.territorial && f.id.as_str() != OWN);
    forces.enumerate().map(|(i, f)| of(i, f.id.as_str()).of_force(f.id.as_str())).collect()
}

/// The metric compared, its own headlines the whole family.
pub fn compared(definitions: &Definitions, metric: &Metric, own: &[Figure], peers: &[Figure]) -> Compared {
    let input = Input { definitions, metric, own, peers };
    let family: Family = family(&headlines(&input));
    compare(&input, &family)
}

pub fn find(compared: &Compared, comparator: Comparator) -> Vec<&Comparison> {
    compared.comparisons.iter().filter(|row| row.comparator == comparator).collect()
}
