//! Power: how much data it takes to see a difference.

use super::case_file::{Case, Folder, Row, Table};
use scorecard::statistics::Confidence;
use scorecard::statistics::interrupted_series::Design;
use scorecard::statistics::power::{level_change, two_proportions};

const CLOSED_FORM: f64 = 1e-9;
/// A non-central t by quadrature here and by series there.
const ITERATIVE: f64 = 1e-6;
/// Months that the file looks ahead.
const MOST_MONTHS: usize = 240;

pub fn level_change(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let plan = level_change::Plan {
            design: Design {
                months_before: row.whole("months_before") as usize,
                slope_change: row.text("slope_change") == "1",
                seasonal_pairs: row.whole("seasonal_pairs") as u32,
            },
            change: row.given("change"),
            residual_standard_deviation: row.given("standard_deviation"),
            variance_ratio: row.given("variance_ratio"),
        };
        let months_after = row.whole("months_after") as usize;
        let power = level_change::power(&plan, months_after, confidence(row)).ok();
        case.number("exp_power", power, ITERATIVE);
        let needed = level_change::months_still_needed(&plan, months_after, 0.8, confidence(row), MOST_MONTHS).unwrap();
        case.number("exp_months_still_needed", needed.map(|months| months as f64), 0.0);
        case
    };
    table.rows().map(work).collect()
}

pub fn two_proportions(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let plan = two_proportions::Plan {
            first: row.given("first"),
            second: row.given("second"),
            trials_ratio: row.given("ratio"),
        };
        let power = two_proportions::power(&plan, row.given("trials") as u64, confidence(row)).ok();
        case.number("exp_power", power, CLOSED_FORM);
        let needed = two_proportions::trials_needed(&plan, 0.9, confidence(row)).unwrap();
        case.number("exp_trials_needed", needed.map(|trials| trials as f64), 0.0);
        case
    };
    table.rows().map(work).collect()
}

fn confidence(row: &Row) -> Confidence {
    match row.text("alpha") {
        "0.05" => Confidence::P95,
        "0.002" => Confidence::P998,
        other => panic!("no such level: {other}"),
    }
}
