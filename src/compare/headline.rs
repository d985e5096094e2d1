//! The headline comparison of a metric, and the family of tests that they make together.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::{Level, PeriodType, Scope};
use crate::statistics::multiple_comparisons;
use crate::tables::comparison::{ComparatorVariant, Comparison};

/// Flagging from here down holds the expected share of false alarms among the flagged at 5%.
const FLAGGED_FROM_Q: f64 = 0.05;

/// One metric's entry in a force's family of tests.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    pub force: Arc<str>,
    pub metric: Arc<str>,
    /// Unadjusted.
    pub p_value: f64,
}

impl Headline {
    pub(super) fn of(row: &Comparison) -> Option<Self> {
        Some(Self { force: row.force.clone(), metric: row.metric.clone(), p_value: row.p_value? })
    }
}

/// The adjusted p-values of a build's headlines.
#[derive(Clone, Debug, Default)]
pub struct Family {
    /// By force and metric.
    q_values: BTreeMap<(Arc<str>, Arc<str>), f64>,
}

impl Family {
    pub fn q_value(&self, force: &Arc<str>, metric: &Arc<str>) -> Option<f64> {
        self.q_values.get(&(force.clone(), metric.clone())).copied()
    }

    /// How many tests a force's scorecard makes.
    pub fn tests(&self, force: &str) -> usize {
        self.q_values.keys().filter(|(of, _)| &**of == force).count()
    }
}

/// Adjusts the headlines of all metrics together, each force's by themselves: a scorecard is one force's.
pub fn family(headlines: &[Headline]) -> Family {
    let mut forces: BTreeMap<&Arc<str>, BTreeMap<&Arc<str>, f64>> = BTreeMap::new();
    for headline in headlines {
        forces.entry(&headline.force).or_default().insert(&headline.metric, headline.p_value);
    }
    let mut family = Family::default();
    for (force, metrics) in forces {
        let p_values: Vec<f64> = metrics.values().copied().collect();
        let q_values = multiple_comparisons::benjamini_hochberg(&p_values);
        family.q_values.extend(metrics.into_keys().zip(q_values).map(|(m, q)| ((force.clone(), m.clone()), q)));
    }
    family
}

pub(super) fn is_flagged(q_value: f64) -> bool {
    q_value <= FLAGGED_FROM_Q
}

/// Places of the headlines among one metric's rows, one for each force at most, in the order of the rows.
///
/// It is a tested comparison of the force's figure in scope `all`: with the most similar group if there is one, else
/// with the nation (for a rate per head without City of London), else with the target, else with last year; and of
/// these of the latest rolling 12 months if there is one, else the latest financial year, else the latest month.
pub(super) fn indices(rows: &[Comparison]) -> Vec<usize> {
    let mut best: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| may_lead(row)) {
        let place = best.entry(&row.force).or_insert(index);
        if preference(row) < preference(&rows[*place]) {
            *place = index;
        }
    }
    let mut indices: Vec<usize> = best.into_values().collect();
    indices.sort_unstable();
    indices
}

fn may_lead(row: &Comparison) -> bool {
    let all = row.level == Level::Force && &*row.scope == Scope::all().as_str();
    all && row.p_value.is_some() && place_of(row.period_type).is_some()
}

/// The least leads.
fn preference(row: &Comparison) -> impl Ord {
    let with_city = row.comparator_variant != Some(ComparatorVariant::NationalWithoutCityOfLondon);
    (row.comparator, place_of(row.period_type), Reverse(row.period_end), with_city)
}

pub(super) fn place_of(period_type: PeriodType) -> Option<u8> {
    match period_type {
        PeriodType::Rolling12Months => Some(0),
        PeriodType::FinancialYear => Some(1),
        PeriodType::Month => Some(2),
        PeriodType::Quarter | PeriodType::FinancialYearToDate => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Changed, OWN, compared, definitions, figure, other_forces};
    use super::*;
    use crate::definitions::Definitions;
    use crate::domain::Kind;
    use crate::tables::comparison::Comparator;
    use crate::tables::figure::Figure;

    fn share(numerator: f64) -> Figure {
        figure(Kind::Proportion, numerator, Some(10_000.0))
    }

    /// Comparator, type and end of the period of the own force's headline.
    fn headline(
        definitions: &Definitions,
        own: &[Figure],
        peers: &[Figure],
    ) -> Option<(Comparator, PeriodType, String)> {
        let metric = definitions.metric("answered_999_under_10_seconds").unwrap();
        let rows = compared(definitions, metric, own, peers).comparisons;
        let adjusted: Vec<&Comparison> = rows.iter().filter(|row| row.q_value.is_some()).collect();
        assert!(adjusted.len() <= 1 && rows.iter().all(|row| row.flagged.is_some() == row.q_value.is_some()));
        adjusted.first().map(|row| (row.comparator, row.period_type, row.period_end.to_string()))
    }

    #[test]
    fn the_headline_is_the_first_there_is() {
        let definitions = definitions();
        let year = |f: Figure, first: &str, last: &str| f.over(PeriodType::Rolling12Months, first, last);
        let (march, april) = (share(9_000.0), share(9_100.0).in_month("2026-04"));
        let last_year = share(8_900.0).in_month("2025-04");
        let rolling = year(share(9_000.0), "2025-02", "2026-01");
        let monthly = other_forces(&definitions, |i, _| share(8_000.0 + 40.0 * i as f64));
        let rolled: Vec<Figure> = monthly.iter().cloned().map(|f| year(f, "2025-02", "2026-01")).collect();
        type Case<'a> = (&'a [Figure], &'a [Figure], Comparator, PeriodType, &'a str);
        let cases: [Case<'_>; 5] = [
            (&[april.clone(), last_year.clone()], &[], Comparator::Target, PeriodType::Month, "2026-04-30"),
            (&[march.clone(), april.clone()], &monthly, Comparator::MostSimilarGroup, PeriodType::Month, "2026-03-31"),
            (
                &[march.clone(), april.clone(), rolling.clone()],
                &monthly,
                Comparator::MostSimilarGroup,
                PeriodType::Month,
                "2026-03-31",
            ),
            (
                &[march.clone(), april.clone(), rolling.clone()],
                &[],
                Comparator::Target,
                PeriodType::Rolling12Months,
                "2026-01-31",
            ),
            (
                &[march, april, rolling],
                &[monthly.clone(), rolled].concat(),
                Comparator::MostSimilarGroup,
                PeriodType::Rolling12Months,
                "2026-01-31",
            ),
        ];
        for (own, peers, comparator, period_type, end) in cases {
            assert_eq!(headline(&definitions, own, peers), Some((comparator, period_type, end.to_owned())));
        }
        assert_eq!(headline(&definitions, &[share(9_000.0).in_scope("Robbery")], &monthly), None);
    }

    #[test]
    fn each_force_is_a_family_of_its_own() {
        let headline =
            |force: &str, metric: &str, p_value| Headline { force: force.into(), metric: metric.into(), p_value };
        let family = family(&[
            headline(OWN, "d", 0.02),
            headline(OWN, "a", 0.04),
            headline("kent", "a", 0.04),
            headline(OWN, "b", 0.01),
            headline(OWN, "c", 0.5),
        ]);
        // Benjamini and Hochberg of 0.04 0.01 0.5 0.02, as worked in statistics::multiple_comparisons.
        for (metric, q_value) in [("a", 0.16 / 3.0), ("b", 0.04), ("c", 0.5), ("d", 0.04)] {
            let found = family.q_value(&OWN.into(), &metric.into()).unwrap();
            assert!((found - q_value).abs() < 1e-12, "{metric} {found}");
        }
        assert_eq!(family.q_value(&"kent".into(), &"a".into()), Some(0.04));
        assert_eq!(family.q_value(&"kent".into(), &"b".into()), None);
        assert_eq!((family.tests(OWN), family.tests("kent"), family.tests("essex")), (4, 1, 0));
        for (q_value, flagged) in [(0.05, true), (0.050_1, false)] {
            assert_eq!(is_flagged(q_value), flagged);
        }
    }
}
