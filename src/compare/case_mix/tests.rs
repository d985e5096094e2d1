//! Three strata of 43 made-up forces. Expected values: tests/independent/case_mix.py (NumPy 2.4.6, SciPy 1.17.1).

use super::super::sample::{Changed, OWN, compared, definitions, figure, other_forces};
use crate::definitions::Definitions;
use crate::domain::{Basis, Kind, SolvedSet};
use crate::statistics::comparison::Verdict;
use crate::tables::case_mix::{CaseMix, Strata};
use crate::tables::comparison::Comparator;
use crate::tables::figure::Figure;

const METRIC: &str = "solved_rate_recorded";
const STRATA: [&str; 3] = ["subgroup: Homicide", "subgroup: Public order", "subgroup: Shoplifting"];

fn share(scope: &str, numerator: f64, denominator: f64) -> Figure {
    let figure = figure(Kind::Proportion, numerator, Some(denominator)).in_scope(scope);
    Figure { basis: Some(Basis::Recorded), ..figure.in_set(SolvedSet::PositiveExcludingTic) }
}

/// 80 of 700, 170 of 900 and 4 of 100; 6 of 50 in no stratum.
fn own() -> Vec<Figure> {
    let [rare, middling, common] = STRATA;
    vec![
        share("all", 260.0, 1_750.0),
        share(rare, 4.0, 100.0),
        share(middling, 170.0, 900.0),
        share(common, 80.0, 700.0),
        share("unmapped", 6.0, 50.0),
    ]
}

/// The counts of the i-th other force, in the order of the strata.
fn counts(i: usize) -> [(f64, f64); 3] {
    let whole = |n: usize| n as f64;
    [
        (whole(10 + 5 * i % 9), 200.0),
        (whole(100 + 11 * i % 30), whole(500 + 5 * (3 * i % 43))),
        (whole(100 + 7 * i % 40), whole(1_000 + 10 * i)),
    ]
}

fn others(definitions: &Definitions) -> Vec<Figure> {
    let all = |i: usize| counts(i).into_iter().fold((0.0, 0.0), |sum, (n, d)| (sum.0 + n, sum.1 + d));
    let mut figures = other_forces(definitions, |i, _| share("all", all(i).0, all(i).1));
    for (place, scope) in STRATA.into_iter().enumerate() {
        figures.extend(other_forces(definitions, |i, _| share(scope, counts(i)[place].0, counts(i)[place].1)));
    }
    figures
}

fn case_mix(own: &[Figure], peers: &[Figure]) -> Vec<CaseMix> {
    let definitions = definitions();
    compared(&definitions, definitions.metric(METRIC).unwrap(), own, peers).case_mix
}

fn row(rows: &[CaseMix], comparator: Comparator) -> &CaseMix {
    let found: Vec<&CaseMix> = rows.iter().filter(|r| r.comparator == comparator).collect();
    assert_eq!(found.len(), 1);
    found[0]
}

fn assert_near(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-11, "{found} {expected}");
}

/// The own force has much public order and little shoplifting: of its 2.5 points above the nation, 2.2 are its mix.
#[test]
fn beside_the_nation() {
    let rows = case_mix(&own(), &others(&definitions()));
    let row = row(&rows, Comparator::National);
    let (inner, outer) = (row.adjusted.interval_95.unwrap(), row.adjusted.interval_998.unwrap());
    for (found, expected) in [
        (row.comparator_value, 0.123_415_625_907_638_69),
        (row.difference(), 0.025_155_802_663_789_89),
        (row.expected, 252.545_588_844_085_16),
        (row.ratio, 1.029_517_091_112_278_4),
        (row.adjusted.value, 0.127_058_496_182_233_33),
        (inner.lower, 0.112_081_715_556_336_21),
        (outer.upper, 0.153_348_862_777_482_86),
        (row.adjusted_difference(), 0.003_642_870_274_594_645),
        (row.mix_difference(), 0.021_512_932_389_195_244),
        (row.mix_share().unwrap(), 0.855_187_674_856_492_8),
        (row.p_value.unwrap(), 0.680_540_878_673_825_6),
        (row.variance_between_forces.unwrap(), 1.814_907_157_183_702e-5),
    ] {
        assert_near(found, expected);
    }
    assert_eq!((row.unclassed, row.strata, row.strata_used, row.forces), (50.0, Strata::OffenceSubgroup, 3, 43));
    assert_eq!(
        (row.verdict_95, row.verdict_998, row.verdict_sampling),
        (Verdict::Similar, Verdict::Similar, Verdict::Similar)
    );
    assert_eq!(
        (row.basis, row.method.map(|m| m.name())),
        (Some(Basis::Recorded), Some("normal_sampling_and_between_forces"))
    );
}

#[test]
fn beside_the_group() {
    let rows = case_mix(&own(), &others(&definitions()));
    let row = row(&rows, Comparator::MostSimilarGroup);
    assert_near(row.comparator_value, 0.122_651_933_701_657_46);
    assert_near(row.expected, 250.381_921_341_906_24);
    assert_near(row.p_value.unwrap(), 0.573_260_297_319_816_9);
    assert_near(row.variance_between_forces.unwrap(), 1.792_515_469_213_084e-5);
    assert_eq!((row.forces, row.comparator_variant.name()), (8, "pooled"));
}

/// What one force does not give is not 0: without a force's strata the nation has no row, and the group is of the others.
#[test]
fn a_force_without_strata_is_in_no_comparator() {
    let definitions = definitions();
    let without = |lacking: &str, of: fn(&Figure) -> bool| -> Vec<Figure> {
        others(&definitions).into_iter().filter(|f| &*f.force != lacking || !of(f)).collect()
    };
    for of in [(|f: &Figure| f.scope.starts_with("subgroup")) as fn(&Figure) -> bool, |f| &*f.scope == "all", |_| true]
    {
        let rows = case_mix(&own(), &without("wiltshire", of));
        assert_eq!(rows.len(), 1);
        assert_eq!(row(&rows, Comparator::MostSimilarGroup).forces, 7);
        let rows = case_mix(&own(), &without("kent", of));
        assert_eq!((rows.len(), row(&rows, Comparator::MostSimilarGroup).forces), (1, 8));
    }
    let provisional: Vec<Figure> = own().into_iter().map(Changed::provisional).collect();
    assert_eq!(case_mix(&provisional, &others(&definitions)), []);
}

/// Where the forces give groups alone, the mix is told by them.
#[test]
fn groups_stand_in_for_subgroups() {
    let grouped = |figures: Vec<Figure>| -> Vec<Figure> {
        let renamed = |f: Figure| match &*f.scope {
            "subgroup: Shoplifting" => f.in_scope("Theft offences"),
            "subgroup: Public order" => f.in_scope("Public order offences"),
            "subgroup: Homicide" => f.in_scope("Violence against the person"),
            _ => f,
        };
        figures.into_iter().map(renamed).collect()
    };
    let rows = case_mix(&own().into_iter().chain(grouped(own())).collect::<Vec<_>>(), &grouped(others(&definitions())));
    let row = row(&rows, Comparator::National);
    assert_eq!((row.strata, row.unclassed), (Strata::OffenceGroup, 50.0));
    assert_near(row.expected, 252.545_588_844_085_16);
}

/// Twice the events of every stratum at the same mix: the mix has no part in the difference.
#[test]
fn without_another_mix_nothing_moves() {
    let definitions = definitions();
    let of_force = |times: f64| {
        let mut figures = vec![share("all", 60.0 * times, 1_000.0)];
        for (scope, events, all) in [(STRATA[0], 4.0, 100.0), (STRATA[1], 50.0, 400.0), (STRATA[2], 6.0, 500.0)] {
            figures.push(share(scope, events * times, all));
        }
        figures
    };
    let peers: Vec<Figure> =
        (0..4).flat_map(|place| other_forces(&definitions, |_, _| of_force(1.0).swap_remove(place))).collect();
    let rows = case_mix(&of_force(2.0), &peers);
    let row = row(&rows, Comparator::National);
    assert!(row.mix_difference().abs() < 1e-15 && (row.ratio - 2.0 * 43.0 / 44.0).abs() < 1e-12, "{row:?}");
    assert_eq!(row.verdict_95, Verdict::Better);
    assert_eq!(&*row.force, OWN);
}

/// Ratios may have outcomes in a stratum without crimes; they count, and nothing is expected of them.
#[test]
fn outcomes_without_crimes_are_observed() {
    let mut own = own();
    own[0] = share("all", 263.0, 1_650.0);
    own[1] = Figure { value: None, numerator: Some(7.0), denominator: Some(0.0), ..own[1].clone() };
    let rows = case_mix(&own, &others(&definitions()));
    let row = row(&rows, Comparator::National);
    assert_eq!((row.numerator, row.strata_used, row.unclassed), (263.0, 2, 50.0));
}

/// Whoever is measured: all forces as own ones give each its rows, and this force the same.
#[test]
fn every_measured_force_has_its_rows() {
    let others = others(&definitions());
    let apart = case_mix(&own(), &others);
    let together = case_mix(&[own(), others].concat(), &[]);
    let own_rows: Vec<&CaseMix> = together.iter().filter(|r| &*r.force == OWN).collect();
    assert_eq!(own_rows, apart.iter().collect::<Vec<_>>());
    assert_eq!(together.iter().filter(|r| r.comparator == Comparator::National).count(), 43);
}

/// Fewer solved of offences that are easier to solve: the mix hides a part of the gap and is no share of it.
#[test]
fn a_mix_that_works_against_the_rest_is_no_share() {
    let [rare, middling, common] = STRATA;
    let own = [
        share("all", 180.0, 1_700.0),
        share(rare, 2.0, 100.0),
        share(middling, 120.0, 900.0),
        share(common, 58.0, 700.0),
    ];
    let rows = case_mix(&own, &others(&definitions()));
    let row = row(&rows, Comparator::National);
    assert!(row.difference() < 0.0 && row.mix_difference() > 0.0 && row.adjusted_difference() < row.difference());
    assert_eq!(row.mix_share(), None);
    assert!((row.mix_difference() + row.adjusted_difference() - row.difference()).abs() < 1e-15);
}
