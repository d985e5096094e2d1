//! Where a chart's phases begin: at dated entries of the register of interventions, never by the look of the figures.
//!
//! A phase needs 13 final months to have limits. Until it has them, and for ever where the next entry came first, its
//! months are held against the limits of the phase before, which they do not make: so a chart is never without limits
//! because something was changed, and what the change did shows as what it is.

use std::ops::Range;

use super::super::monthly::Point;
use crate::definitions::{Definitions, Intervention, Metric};
use crate::statistics::xmr::MINIMUM_POINTS_FOR_LIMITS;
use crate::tables::figure::Figure;

/// A phase, and the register entries that shape it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phase<'d> {
    /// Positions of its months in the series.
    pub months: Range<usize>,
    /// How many of its months, from the first on, may make its limits.
    pub baseline: usize,
    /// `None` for the first.
    pub began_by: Option<&'d Intervention>,
    /// The first entry whose months are held against this phase's limits.
    pub held_since: Option<&'d Intervention>,
}

/// The phases of a series of a unit, in order. There is always one.
pub(super) fn phases<'d>(
    definitions: &'d Definitions,
    metric: &Metric,
    figure: &Figure,
    series: &[Point],
) -> Vec<Phase<'d>> {
    let entries = definitions.interventions_in(&figure.force, &metric.id, figure.level, &figure.unit);
    let begin = |i: &'d Intervention| {
        let month = i.first_whole_month();
        let at = series.iter().position(|point| point.month == month)?;
        (at > 0).then_some((at, i))
    };
    let mut begins: Vec<(usize, &Intervention)> = entries.filter(|i| i.rephase).filter_map(begin).collect();
    // Of two entries for one month the first of the register stands.
    begins.dedup_by_key(|(at, _)| *at);
    let ends = begins.iter().map(|(at, _)| *at).skip(1).chain([series.len()]);
    let first_end = begins.first().map_or(series.len(), |(at, _)| *at);
    let mut found = vec![Phase { months: 0..first_end, baseline: first_end, began_by: None, held_since: None }];
    for ((at, intervention), end) in begins.iter().copied().zip(ends) {
        let judged = series[at..end].iter().filter(|point| point.is_judged()).count();
        match found.last_mut() {
            Some(before) if judged < MINIMUM_POINTS_FOR_LIMITS => {
                before.months.end = end;
                before.held_since.get_or_insert(intervention);
            }
            _ => found.push(Phase {
                months: at..end,
                baseline: end - at,
                began_by: Some(intervention),
                held_since: None,
            }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::sample::{self, Changed, OWN, definitions, figure, month};
    use super::*;
    use crate::domain::{Kind, Level};

    const SHARE: &str = "answered_999_under_10_seconds";

    /// Months, baseline, what began the phase, and since what it is held.
    type Found = (Range<usize>, usize, Option<String>, Option<String>);

    fn intervention(id: &str, date: &str) -> Intervention {
        sample::intervention(id, date, SHARE)
    }

    /// Months from April 2023 on, the last `provisional` of them not final.
    fn series(months: usize, provisional: usize) -> Vec<Point> {
        let of = |i: usize| Point {
            month: month("2023-04").plus(i as i32),
            value: Some(0.9),
            counts: Some((90.0, 100.0)),
            is_final: i + provisional < months,
        };
        (0..months).map(of).collect()
    }

    fn found(interventions: Vec<Intervention>, series: &[Point]) -> Vec<Found> {
        let definitions = Definitions { interventions, ..definitions() };
        let metric = definitions.metric(SHARE).unwrap();
        let figure = figure(Kind::Proportion, 90.0, Some(100.0)).of_unit(Level::Force, OWN);
        let name = |i: Option<&Intervention>| i.map(|i| i.id.clone());
        phases(&definitions, metric, &figure, series)
            .into_iter()
            .map(|p| (p.months, p.baseline, name(p.began_by), name(p.held_since)))
            .collect()
    }

    #[test]
    fn entries_begin_phases() {
        let a = || intervention("a", "2024-04-01");
        let b = || intervention("b", "2025-05-20");
        let some = |name: &str| Some(name.to_owned());
        for (case, interventions, series, expected) in [
            ("no entry", vec![], series(30, 0), vec![(0..30, 30, None, None)]),
            ("no month", vec![], vec![], vec![(0..0, 0, None, None)]),
            ("thirteen months", vec![a()], series(25, 0), vec![(0..12, 12, None, None), (12..25, 13, some("a"), None)]),
            ("twelve months", vec![a()], series(24, 0), vec![(0..24, 12, None, some("a"))]),
            ("twelve of them final", vec![a()], series(25, 1), vec![(0..25, 12, None, some("a"))]),
            (
                "a month begun is not whole",
                vec![b()],
                series(40, 0),
                vec![(0..26, 26, None, None), (26..40, 14, some("b"), None)],
            ),
            (
                "two",
                vec![a(), b()],
                series(39, 0),
                vec![(0..12, 12, None, None), (12..26, 14, some("a"), None), (26..39, 13, some("b"), None)],
            ),
            (
                "the second is young",
                vec![a(), b()],
                series(30, 0),
                vec![(0..12, 12, None, None), (12..30, 14, some("a"), some("b"))],
            ),
            (
                "the first stayed short",
                vec![a(), intervention("c", "2024-09-01")],
                series(40, 0),
                vec![(0..17, 12, None, some("a")), (17..40, 23, some("c"), None)],
            ),
            (
                "both short",
                vec![a(), intervention("c", "2024-09-01")],
                series(20, 0),
                vec![(0..20, 12, None, some("a"))],
            ),
            (
                "before the series",
                vec![intervention("old", "2023-04-01")],
                series(30, 0),
                vec![(0..30, 30, None, None)],
            ),
            ("after the series", vec![b()], series(20, 0), vec![(0..20, 20, None, None)]),
            (
                "same month twice",
                vec![a(), intervention("c", "2024-03-15")],
                series(25, 0),
                vec![(0..12, 12, None, None), (12..25, 13, some("a"), None)],
            ),
        ] {
            assert_eq!(found(interventions, &series), expected, "{case}");
        }
    }

    #[test]
    fn only_what_rephases_and_touches_the_unit() {
        let whole = vec![(0..30, 30, None, None)];
        let change = |of: fn(&mut Intervention)| {
            let mut entry = intervention("a", "2024-04-01");
            of(&mut entry);
            found(vec![entry], &series(30, 0))
        };
        assert_ne!(change(|_| ()), whole);
        assert_eq!(change(|i| i.rephase = false), whole);
        assert_eq!(change(|i| i.areas = vec!["Stroud".to_owned()]), whole);
        assert_eq!(change(|i| i.metrics.clear()), whole);
        let mut definitions = Definitions { interventions: vec![intervention("a", "2024-04-01")], ..definitions() };
        definitions.pipeline.force = crate::domain::ForceId::new("kent").unwrap();
        let figure = figure(Kind::Proportion, 90.0, Some(100.0)).of_unit(Level::Force, OWN);
        let of_another_force = phases(&definitions, definitions.metric(SHARE).unwrap(), &figure, &series(30, 0));
        assert_eq!(of_another_force.len(), 1);
    }
}
