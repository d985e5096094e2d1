//! A figure beside the target in force at the end of its period.

use super::judgement::Judgement;
use super::{Comparer, unit_value};
use crate::domain::{Kind, Scope};
use crate::statistics::comparison::{Variance, Verdict, against_target};
use crate::statistics::{Interval, UnitValue};
use crate::tables::comparison::{Comparator, Comparison, ComparisonMethod};
use crate::tables::figure::Figure;

impl Comparer<'_> {
    /// The verdict is that of the interval shown beside the figure, so that both agree. The variance between forces has
    /// no part in it: a target is met or not, however other forces do. Targets are for scope `all`.
    pub(super) fn target(&self, figure: &Figure) -> Option<Comparison> {
        if &*figure.scope != Scope::all().as_str() {
            return None;
        }
        let target = self.metric.target_on(figure.period_end)?.value;
        let polarity = self.polarity(&figure.scope);
        let interval = |lower: Option<f64>, upper: Option<f64>| Some(Interval { lower: lower?, upper: upper? });
        let at_95 = Verdict::of_interval(interval(figure.lower_95, figure.upper_95), target, polarity);
        let judgement = Judgement {
            method: (at_95 != Verdict::NotAvailable).then_some(ComparisonMethod::IntervalExcludesTarget),
            p_value: p_value(self.metric.kind, figure, target),
            verdict_95: at_95,
            verdict_998: Verdict::of_interval(interval(figure.lower_998, figure.upper_998), target, polarity),
            verdict_sampling: at_95,
            ..Judgement::untested(figure.value?, target)
        };
        Some(Comparison { comparator_period_end: None, ..self.row(figure, Comparator::Target, judgement) })
    }
}

/// For a proportion that of the score test, which rejects just where the Wilson interval ends; else of the normal test.
fn p_value(kind: Kind, figure: &Figure, target: f64) -> Option<f64> {
    let unit = unit_value::unit_value(kind, figure)?;
    let is_share = matches!(kind, Kind::Proportion | Kind::Stock) && 0.0 < target && target < 1.0;
    let unit = match is_share {
        true => UnitValue { sampling_variance: target * (1.0 - target) / base(figure)?, ..unit },
        false => unit,
    };
    against_target(unit, target)?.test(Variance::Sampling).map(|test| test.p_value)
}

/// What a share is of, as its interval takes it.
fn base(figure: &Figure) -> Option<f64> {
    match unit_value::is_weighted(figure) {
        true => unit_value::wilson_base(figure.value?, Interval { lower: figure.lower_95?, upper: figure.upper_95? }),
        false => figure.denominator,
    }
}
