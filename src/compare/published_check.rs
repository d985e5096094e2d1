//! Real figures, compared: the solved rate by month of outcome of all 43 forces in 2025/26.
//!
//! Contains public sector information licensed under the Open Government Licence v3.0. Source: Home Office, police
//! recorded crime and outcomes open data tables: outcomes 1, 2, 3, 6, 7, 8 and 22 given from April 2025 to March 2026,
//! and crimes recorded in those months. Expected values were worked outside this code, from the formulas that
//! `statistics::comparison` and `statistics::between_forces` give. Both years and both bases, as a build has them, are in
//! tests/suite/published_results.rs.

use super::Input;
use super::funnel::funnel;
use super::sample::{Changed, OWN, compared, definitions, figure, find};
use crate::domain::{Basis, Kind, PeriodType, SolvedSet};
use crate::statistics::comparison::Verdict;
use crate::statistics::funnel::Position;
use crate::tables::comparison::{Comparator, Comparison, Sensitivity};
use crate::tables::figure::Figure;
use crate::tables::funnel::FunnelPoint;

/// Force, outcomes in the solved set, crimes recorded.
#[rustfmt::skip]
const FORCES: [(&str, f64, f64); 43] = [
    ("avon-and-somerset", 18741.0, 175347.0),
    ("bedfordshire", 6845.0, 51458.0),
    ("cambridgeshire", 11041.0, 69372.0),
    ("cheshire", 17848.0, 77061.0),
    ("city-of-london", 1649.0, 8731.0),
    ("cleveland", 11669.0, 74091.0),
    ("cumbria", 7905.0, 36258.0),
    ("derbyshire", 15433.0, 85805.0),
    ("devon-and-cornwall", 15124.0, 122351.0),
    ("dorset", 7872.0, 47076.0),
    ("durham", 9632.0, 59558.0),
    ("dyfed-powys", 5706.0, 35875.0),
    ("essex", 27196.0, 143105.0),
    ("gloucestershire", 5573.0, 45020.0),
    ("greater-manchester", 54954.0, 312081.0),
    ("gwent", 7263.0, 56970.0),
    ("hampshire", 26642.0, 151788.0),
    ("hertfordshire", 12231.0, 84238.0),
    ("humberside", 18698.0, 92826.0),
    ("kent", 26132.0, 154163.0),
    ("lancashire", 26831.0, 128460.0),
    ("leicestershire", 15576.0, 89771.0),
    ("lincolnshire", 7408.0, 53664.0),
    ("merseyside", 27443.0, 137975.0),
    ("metropolitan", 104576.0, 916963.0),
    ("norfolk", 12481.0, 57814.0),
    ("north-wales", 9942.0, 52435.0),
    ("north-yorkshire", 8234.0, 44035.0),
    ("northamptonshire", 8369.0, 57243.0),
    ("northumbria", 22018.0, 136332.0),
    ("nottinghamshire", 17775.0, 101425.0),
    ("south-wales", 19143.0, 106881.0),
    ("south-yorkshire", 21124.0, 145338.0),
    ("staffordshire", 15059.0, 88410.0),
    ("suffolk", 7935.0, 44078.0),
    ("surrey", 11456.0, 74197.0),
    ("sussex", 21481.0, 130298.0),
    ("thames-valley", 26914.0, 169175.0),
    ("warwickshire", 4762.0, 39558.0),
    ("west-mercia", 12776.0, 79871.0),
    ("west-midlands", 47149.0, 301020.0),
    ("west-yorkshire", 42253.0, 262745.0),
    ("wiltshire", 7363.0, 43053.0),
];

fn figures() -> Vec<Figure> {
    let set = SolvedSet::PositiveExcludingTic;
    let one = |(force, solved, crimes): &(&str, f64, f64)| {
        let figure = figure(Kind::Ratio, *solved, Some(*crimes)).of_force(force).in_set(set);
        let figure = Figure { basis: Some(Basis::Closed), ..figure };
        figure.over(PeriodType::FinancialYear, "2025-04", "2026-03")
    };
    FORCES.iter().map(one).collect()
}

/// Gloucestershire's rows, the other 42 forces its peers.
fn gloucestershire(comparator: Comparator) -> Comparison {
    let (own, peers): (Vec<_>, Vec<_>) = figures().into_iter().partition(|f| &*f.force == OWN);
    let definitions = definitions();
    let compared = compared(&definitions, definitions.metric("solved_rate_closed").unwrap(), &own, &peers);
    let rows = find(&compared, comparator);
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

fn assert_near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found / expected - 1.0).abs() < 1e-9), "{found:?} {expected}");
}

/// 12.4% against a nation of 15.7%: far beyond sampling error, and no more than forces ordinarily differ.
#[test]
fn gloucestershire_beside_the_nation() {
    let row = gloucestershire(Comparator::National);
    assert_near(Some(row.value), 0.12378942692136828);
    assert_near(Some(row.comparator_value), 0.1567331497507249);
    assert_near(Some(row.difference), -0.032943722829356606);
    assert_near(row.p_value, 0.09694377189669898);
    assert_eq!((row.verdict_95, row.verdict_sampling), (Verdict::Similar, Verdict::Worse));
    assert_eq!((row.basis, row.comparator_basis), (Some(Basis::Closed), Some(Basis::Closed)));
    assert_eq!((row.group_size, row.method.map(|m| m.name())), (Some(43), Some("normal_sampling_and_between_forces")));
}

/// The group's mean is 15.7% too. Without Warwickshire, or Devon and Cornwall, the verdict would be worse (z = -2.11
/// and -2.09 against -1.81), so it hangs on a member; pooled it is similar as well (z = -1.56).
#[test]
fn gloucestershire_beside_its_group() {
    let row = gloucestershire(Comparator::MostSimilarGroup);
    assert_near(Some(row.comparator_value), 0.15672763482261604);
    assert_near(row.p_value, 0.070787370789665);
    assert_eq!((row.verdict_95, row.verdict_sampling), (Verdict::Similar, Verdict::Worse));
    assert_eq!(row.sensitivity, Some(Sensitivity::Member));
    assert_eq!((row.rank, row.group_size), (Some(6), Some(8)));
    // 200,000 draws elsewhere: 6th in 53%, 7th in 40%, 8th in 7%, never better.
    assert_eq!((row.rank_lower, row.rank_upper), (Some(6), Some(8)));
    // The only test of the family: q is p.
    assert_eq!((row.q_value, row.flagged), (row.p_value, Some(false)));
}

/// Every force in turn beside the nation, each among the others' comparators.
#[test]
fn sampling_alone_calls_almost_every_force_different() {
    let definitions = definitions();
    let compared = compared(&definitions, definitions.metric("solved_rate_closed").unwrap(), &figures(), &[]);
    let rows = find(&compared, Comparator::National);
    let count = |of: fn(&Comparison) -> Verdict| rows.iter().filter(|row| of(row) != Verdict::Similar).count();
    assert_eq!(rows.len(), 43);
    assert_eq!(count(|row| row.verdict_sampling), 38);
    assert_eq!((count(|row| row.verdict_95), count(|row| row.verdict_998)), (8, 1));
    let worse: Vec<&str> = rows.iter().filter(|r| r.verdict_95 == Verdict::Worse).map(|r| &*r.force).collect();
    assert_eq!(worse, ["avon-and-somerset", "metropolitan"]);
}

/// The forces of the table from the highest share to the lowest, put in order outside this code; and for a few the middle
/// 95% of 200,000 draws made elsewhere. Where two neighbours are near, the ends of an interval may differ by one.
#[test]
fn the_rank_of_every_force() {
    let by_hand = [
        "cheshire",
        "cumbria",
        "norfolk",
        "lancashire",
        "humberside",
        "merseyside",
        "essex",
        "north-wales",
        "city-of-london",
        "north-yorkshire",
        "suffolk",
        "derbyshire",
        "south-wales",
        "greater-manchester",
        "hampshire",
        "nottinghamshire",
        "leicestershire",
        "wiltshire",
        "staffordshire",
        "kent",
        "dorset",
        "sussex",
        "durham",
        "northumbria",
        "west-yorkshire",
        "west-mercia",
        "cambridgeshire",
        "thames-valley",
        "dyfed-powys",
        "cleveland",
        "west-midlands",
        "surrey",
        "northamptonshire",
        "south-yorkshire",
        "hertfordshire",
        "lincolnshire",
        "bedfordshire",
        "gwent",
        "gloucestershire",
        "devon-and-cornwall",
        "warwickshire",
        "metropolitan",
        "avon-and-somerset",
    ];
    let definitions = definitions();
    let compared = compared(&definitions, definitions.metric("solved_rate_closed").unwrap(), &figures(), &[]);
    let mut rows = find(&compared, Comparator::National);
    rows.sort_by_key(|row| row.rank);
    assert_eq!(rows.iter().map(|row| &*row.force).collect::<Vec<_>>(), by_hand);
    assert_eq!(rows.iter().filter_map(|row| row.rank).collect::<Vec<_>>(), (1..=43).collect::<Vec<_>>());
    for (force, lower, upper) in [
        ("gloucestershire", 38, 41),
        ("cheshire", 1, 1),
        ("metropolitan", 42, 42),
        ("city-of-london", 7, 12),
        ("durham", 22, 29),
        ("kent", 18, 21),
    ] {
        let row = rows.iter().find(|row| &*row.force == force).unwrap();
        let near = |found: Option<usize>, drawn: usize| found.is_some_and(|found| found.abs_diff(drawn) <= 1);
        assert!(near(row.rank_lower, lower) && near(row.rank_upper, upper), "{force} {row:?}");
    }
}

/// Limits worked in SciPy: chi-squared for sampling, τ² by moments; the wider ones put 8 forces outside 95%, the others 38.
#[test]
fn all_forces_in_one_funnel() {
    let definitions = definitions();
    let metric = definitions.metric("solved_rate_closed").unwrap();
    let own = figures();
    let points = funnel(&Input { definitions: &definitions, metric, own: &own, peers: &[] });
    assert_eq!(points.len(), 43);
    let point = points.iter().find(|p| &*p.force == OWN).unwrap();
    for (found, expected) in [
        (point.centre, 0.156_733_149_750_724_9),
        (point.variance_between_forces, 0.000_377_032_608_942_157_46),
        (point.limits_95.lower, 0.153_097_226_628_159_4),
        (point.limits_998.upper, 0.162_585_051_710_346_9),
        (point.wide_limits_95.lower, 0.118_500_585_874_254_48),
    ] {
        assert!((found / expected - 1.0).abs() < 1e-11, "{found} {expected}");
    }
    assert_eq!((point.position, point.wide_position), (Position::Below998, Position::Within));
    let outside = |of: fn(&FunnelPoint) -> Position, far: bool| {
        let far_out = |p: Position| matches!(p, Position::Below998 | Position::Above998);
        points.iter().filter(|p| if far { far_out(of(p)) } else { of(p) != Position::Within }).count()
    };
    assert_eq!((outside(|p| p.position, false), outside(|p| p.position, true)), (38, 35));
    assert_eq!((outside(|p| p.wide_position, false), outside(|p| p.wide_position, true)), (8, 2));
}
