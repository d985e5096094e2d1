use super::super::sample::{Changed, OWN, compared, definitions, figure, intervention, month};
use super::*;
use crate::definitions::Definitions;
use crate::domain::{Kind, Status};
use crate::statistics::control_charts::Reason;
use crate::statistics::xmr::{Assurance, Class, Rule};
use crate::tables::over_time::{ChartReason, ChartType};

fn points(definitions: &Definitions, metric: &str, own: &[Figure]) -> Vec<SpcPoint> {
    compared(definitions, definitions.metric(metric).unwrap(), own, &[]).spc
}

/// Months from April 2024 on, of shares out of 100; `None` leaves a month out.
fn shares(values: &[Option<f64>]) -> Vec<Figure> {
    let of = |(i, value): (usize, &Option<f64>)| {
        let month = month("2024-04").plus(i as i32).to_string();
        value.map(|value| figure(Kind::Proportion, value, Some(100.0)).in_month(&month))
    };
    values.iter().enumerate().filter_map(of).collect()
}

/// 88 and 92 by turns.
fn zigzag(months: usize) -> Vec<Option<f64>> {
    (0..months).map(|i| Some(if i % 2 == 0 { 88.0 } else { 92.0 })).collect()
}

const SHARE: &str = "answered_999_under_10_seconds";

#[test]
fn thirteen_final_months_make_limits() {
    let definitions = definitions();
    let twelve = points(&definitions, SHARE, &shares(&zigzag(12)));
    assert!(
        twelve.iter().all(|p| p.limits.is_none() && p.rule.is_none() && p.class.is_none() && p.assurance.is_none())
    );
    assert!(twelve.iter().all(|p| p.chart_type == ChartType::Line && p.value.is_some()));
    let thirteen = points(&definitions, SHARE, &shares(&zigzag(13)));
    // 7 × 0.88 and 6 × 0.92. X² of 1,300 is 5.8 on 12 degrees of freedom: as counted, so binomial limits.
    let centre: f64 = (7.0 * 0.88 + 6.0 * 0.92) / 13.0;
    let half_width = 3.0 * (centre * (1.0 - centre) / 100.0).sqrt();
    for point in &thirteen {
        let limits = point.limits.unwrap();
        for (found, expected) in
            [(limits.centre, centre), (limits.lower, centre - half_width), (limits.upper, centre + half_width)]
        {
            assert!((found - expected).abs() < 1e-12, "{limits:?}");
        }
        assert_eq!((point.chart_type, point.phase), (ChartType::P, 1));
        assert_eq!(point.chart_reason, ChartReason::Counts(Reason::DispersionOfCounts));
        assert_eq!((point.rule, point.class), (Some(Rule::CommonCause), Some(PointClass::Tested(Class::CommonCause))));
        // The target of 90% lies between the limits.
        assert_eq!(point.assurance, Some(Assurance::HitAndMiss));
    }
}

/// The 14th month is far outside, and provisional: it moves no limit and fires no rule, but shares the lines.
/// Final, it over-disperses the series, whose limits it then widens without coming within them.
#[test]
fn provisional_months_are_hollow() {
    let definitions = definitions();
    let mut figures = shares(&[zigzag(13), vec![Some(20.0)]].concat());
    let without = points(&definitions, SHARE, &figures[..13]);
    figures[13] = figures[13].clone().provisional();
    let with = points(&definitions, SHARE, &figures);
    assert_eq!(with[..13], without);
    assert_eq!((with[13].class, with[13].rule, with[13].value), (Some(PointClass::Provisional), None, Some(0.2)));
    assert_eq!(with[13].limits, without[0].limits);
    figures[13].status = Status::Final;
    let last = &points(&definitions, SHARE, &figures)[13];
    assert_eq!((last.rule, last.class), (Some(Rule::BelowLowerLimit), Some(PointClass::Tested(Class::Concerning))));
}

#[test]
fn a_month_without_a_share_is_a_gap() {
    let definitions = definitions();
    let mut values = zigzag(14);
    values[5] = None;
    let points = points(&definitions, SHARE, &shares(&values));
    assert_eq!(points.len(), 14);
    assert_eq!((points[5].value, points[5].rule, points[5].class), (None, None, None));
    assert_eq!(points[5].limits, None);
    // Thirteen months with a value: 7 of 0.88 and 6 of 0.92.
    assert!((points[6].limits.unwrap().centre - (7.0 * 0.88 + 6.0 * 0.92) / 13.0).abs() < 1e-12);
}

fn counts(scope: &str, values: &[(i32, f64)]) -> Vec<Figure> {
    let of = |(i, value): &(i32, f64)| {
        let month = month("2024-04").plus(*i).to_string();
        figure(Kind::Count, *value, None).in_scope(scope).in_month(&month)
    };
    values.iter().map(of).collect()
}

#[test]
fn a_month_without_an_event_counts_0() {
    let definitions = definitions();
    let all: Vec<(i32, f64)> = (0..6).map(|i| (i, 900.0)).collect();
    let mut own = counts("all", &all);
    own[5] = own[5].clone().provisional();
    own.extend(counts("subgroup: Homicide", &[(2, 1.0), (4, 2.0)]));
    let team = |f: Figure| f.of_unit(Level::Team, "Proactive");
    own.extend(counts("all", &[(1, 5.0), (3, 7.0)]).into_iter().map(team));
    let points = points(&definitions, "crimes_recorded", &own);
    let of = |unit: &str, scope: &str| {
        let rows = points.iter().filter(|p| &*p.unit == unit && &*p.scope == scope);
        rows.map(|p| (p.value.unwrap(), p.class == Some(PointClass::Provisional))).collect::<Vec<_>>()
    };
    let homicide = [(0.0, false), (0.0, false), (1.0, false), (0.0, false), (2.0, false), (0.0, true)];
    assert_eq!(of(OWN, "subgroup: Homicide"), homicide);
    assert_eq!(of("Proactive", "all"), [(5.0, false), (0.0, false), (7.0, false)]);
}

#[test]
fn neutral_metrics_have_no_better_side() {
    let definitions = definitions();
    let mut values: Vec<(i32, f64)> = (0..13).map(|i| (i, 900.0 + f64::from(i % 2))).collect();
    values.push((13, 1_900.0));
    let mut own = counts("all", &values);
    own.extend(counts("Robbery", &values));
    let points = points(&definitions, "crimes_recorded", &own);
    let last: Vec<_> = points.iter().filter(|p| p.month == month("2025-05")).map(|p| (&*p.scope, p.class)).collect();
    let class = |class| Some(PointClass::Tested(class));
    // More robbery is worse; more recorded crime is only more.
    assert_eq!(last, [("Robbery", class(Class::Concerning)), ("all", class(Class::High))]);
    assert!(points.iter().all(|p| p.assurance.is_none()));
}

#[test]
fn a_stock_is_a_line() {
    let definitions = definitions();
    let points = points(&definitions, "open_over_90_days", &shares(&zigzag(14)));
    assert!(points.iter().all(|p| p.chart_type == ChartType::Line && p.limits.is_none() && p.class.is_none()));
}

/// Below the force only scope `all` has a chart, and longer periods have none; rows come sorted.
#[test]
fn charts_by_level_and_scope() {
    let definitions = definitions();
    let all = shares(&zigzag(3));
    let change = |of: fn(Figure) -> Figure| all.iter().cloned().map(of).collect::<Vec<_>>();
    let own = [
        change(|f| f.of_unit(Level::Team, "Response A")),
        change(|f| f.of_unit(Level::Team, "Response A").in_scope("Robbery")),
        change(|f| f.of_unit(Level::Supervisor, "S1")),
        change(|f| f.of_unit(Level::Area, "Stroud")),
        change(|f| f.in_scope("Robbery")),
        all.clone(),
    ]
    .concat();
    let found = points(&definitions, SHARE, &own);
    let charts: Vec<(&str, &str)> = found.iter().step_by(3).map(|p| (&*p.unit, &*p.scope)).collect();
    assert_eq!(
        (charts, found.len()),
        (vec![("Stroud", "all"), (OWN, "Robbery"), (OWN, "all"), ("Response A", "all")], 12)
    );
}

/// Neither the nation of the peers, nor that of the own figures, is left out; where both are, the own stands.
#[test]
fn the_nation_has_a_chart() {
    use crate::domain::ENGLAND_AND_WALES;
    let definitions = definitions();
    let metric = definitions.metric(SHARE).unwrap();
    let nation = |value| {
        let of = |f: Figure| f.of_force(ENGLAND_AND_WALES).of_unit(Level::National, ENGLAND_AND_WALES);
        shares(&[Some(value)]).into_iter().map(of).collect::<Vec<_>>()
    };
    let values = |own: &[Figure], peers: &[Figure]| {
        compared(&definitions, metric, own, peers).spc.iter().map(|p| p.value.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(values(&[], &nation(80.0)), [0.8]);
    assert_eq!(values(&nation(70.0), &nation(80.0)), [0.7]);
}

/// Seventeen months at 88% and 92%, then at 96% and 97%. With twelve of these the change is a shift out of the old limits;
/// with thirteen it has limits of its own, within which nothing stands out, and its assurance is read off them.
#[test]
fn a_registered_change_begins_a_phase_once_it_has_limits() {
    let interventions = vec![intervention("new-rota", "2025-09-01", SHARE)];
    let definitions = Definitions { interventions, ..definitions() };
    let after = |months: usize| (0..months).map(|i| Some(if i % 2 == 0 { 96.0 } else { 97.0 }));
    let held = points(&definitions, SHARE, &shares(&zigzag(17).into_iter().chain(after(12)).collect::<Vec<_>>()));
    assert!(held.iter().all(|p| p.phase == 1 && p.began_by.is_none()));
    for (at, point) in held.iter().enumerate() {
        assert_eq!(point.held_since.as_deref(), (at >= 17).then_some("new-rota"), "{at}");
        assert!((point.limits.unwrap().centre - (9.0 * 0.88 + 8.0 * 0.92) / 17.0).abs() < 1e-12, "{at}");
        let class = if at >= 17 { Class::Improving } else { Class::CommonCause };
        assert_eq!(point.class, Some(PointClass::Tested(class)), "{at}");
    }
    let begun = points(&definitions, SHARE, &shares(&zigzag(17).into_iter().chain(after(13)).collect::<Vec<_>>()));
    for (at, point) in begun.iter().enumerate() {
        let began_by = (at >= 17).then_some("new-rota");
        assert_eq!((point.phase, point.began_by.as_deref()), (1 + u32::from(at >= 17), began_by), "{at}");
        assert_eq!((point.held_since.as_deref(), point.assurance), (None, Some(Assurance::AlwaysPassed)), "{at}");
        assert_eq!(point.class, Some(PointClass::Tested(Class::CommonCause)), "{at}");
    }
    // 7 months of 0.96 and 6 of 0.97.
    assert!((begun[17].limits.unwrap().centre - (7.0 * 0.96 + 6.0 * 0.97) / 13.0).abs() < 1e-12);
}
