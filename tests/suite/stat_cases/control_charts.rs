//! Control charts point by point.

use super::case_file::{Case, Folder, Row, Table};
use scorecard::statistics::control_charts::{self, Baseline, Phase, Point};
use scorecard::statistics::xmr::Screening;

const CLOSED_FORM: f64 = 1e-9;

pub fn of_qicharts2(folder: &Folder, table: &Table) -> Vec<Case> {
    charts(table, &folder.table("spc_charts_qicharts2_points").unwrap())
}

pub fn generated(folder: &Folder, table: &Table) -> Vec<Case> {
    charts(table, &folder.table("control_charts_points").unwrap())
}

fn charts(table: &Table, points: &Table) -> Vec<Case> {
    table.rows().map(|row| series(row, points)).collect()
}

/// One chart, phase by phase: `part` numbers the phases.
fn series(row: &Row, points: &Table) -> Case {
    let mut case = Case::new(row, "case_id");
    let rows: Vec<&Row> = points.rows().filter(|point| point.text("case_id") == row.text("case_id")).collect();
    case.number("n_points", Some(rows.len() as f64), 0.0);
    for part in rows.chunk_by(|a, b| a.text("part") == b.text("part")) {
        let phase = phase(row, part).times(row.given("multiply"));
        assert_eq!(phase.points.len(), part.len());
        for (point, found) in part.iter().zip(&phase.points) {
            case.absorb(check(point, found, &phase));
        }
    }
    case
}

fn phase(row: &Row, part: &[&Row]) -> Phase {
    let positions = |holds: fn(&Row) -> bool| {
        part.iter().enumerate().filter(move |(_, point)| holds(point)).map(|(position, _)| position)
    };
    let excluded: Vec<usize> = positions(|point| point.text("include") == "0").collect();
    let in_baseline = positions(|point| point.text("baseline") == "1").count();
    let frozen = row.number("freeze").map(|_| in_baseline);
    let baseline = Baseline { freeze_after: frozen, excluded: &excluded };
    let screening = if row.text("mr_screened") == "TRUE" { Screening::On } else { Screening::Off };
    let values: Vec<f64> = part.iter().map(|point| point.given("y_in")).collect();
    let counts =
        || -> Vec<(f64, f64)> { part.iter().map(|point| (point.given("y_in"), point.given("n_in"))).collect() };
    let phase = match row.text("chart") {
        "run" => control_charts::run(&per_denominator(part), &baseline),
        "i" => control_charts::individuals(&values, &baseline, screening),
        "mr" => control_charts::moving_range(&values, &baseline),
        "t" => control_charts::time_between(&values, &baseline, screening),
        "c" => control_charts::c(&values, &baseline),
        "p" => control_charts::p(&counts(), &baseline),
        "u" => control_charts::u(&counts(), &baseline),
        "pp" => control_charts::p_prime(&counts(), &baseline, screening),
        "up" => control_charts::u_prime(&counts(), &baseline, screening),
        other => panic!("no such chart: {other}"),
    };
    phase.unwrap()
}

/// The values of a run chart, of counts over denominators where those are given.
fn per_denominator(part: &[&Row]) -> Vec<f64> {
    part.iter().map(|point| point.given("y_in") / point.number("n_in").unwrap_or(1.0)).collect()
}

fn check(point: &Row, found: &Point, phase: &Phase) -> Case {
    let mut case = Case::new(point, "idx");
    case.number("exp_y", found.value, CLOSED_FORM);
    case.number("exp_cl", Some(phase.centre), CLOSED_FORM);
    for (limits, lower, upper) in
        [(found.limits_3_sigma, "exp_lcl", "exp_ucl"), (found.limits_2_sigma, "exp_lcl95", "exp_ucl95")]
    {
        case.number(lower, limits.map(|ends| ends.lower), CLOSED_FORM);
        case.number(upper, limits.map(|ends| ends.upper), CLOSED_FORM);
    }
    let flag = |holds: bool| if holds { "1" } else { "0" };
    case.text("exp_sigma_signal", flag(found.is_outside));
    let runs = phase.runs.unwrap();
    case.text("exp_runs_signal", flag(runs.is_shift()));
    for (column, found) in [
        ("exp_n_useful", runs.useful_points),
        ("exp_longest_run", runs.longest_run),
        ("exp_longest_run_max", runs.longest_run_limit),
        ("exp_n_crossings", runs.crossings),
        ("exp_n_crossings_min", runs.crossings_limit),
    ] {
        case.number(column, Some(found as f64), 0.0);
    }
    case
}
