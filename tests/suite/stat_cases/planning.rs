//! Power: how much data it takes to see a difference; and how many handlers it takes to answer calls in time.

use super::case_file::{Case, Folder, Row, Table};
use scorecard::statistics::Confidence;
use scorecard::statistics::erlang::{Offered, Target, a, c};
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

pub fn erlang(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let offered = Offered::new(row.given("calls_per_hour"), row.given("handling_seconds")).unwrap();
        let (patience, seconds) = (row.number("patience_seconds"), row.given("seconds"));
        if let Some(handlers) = row.number("handlers") {
            let [waiting, abandoned, level, wait] = queue(offered, patience, handlers as u32, seconds);
            case.number("exp_waiting_share", waiting, CLOSED_FORM);
            case.number("exp_abandoned_share", abandoned, CLOSED_FORM);
            case.number("exp_service_level", level, CLOSED_FORM);
            // One source states none.
            if row.text("source") == "chain" {
                case.number("exp_mean_wait_seconds", wait, CLOSED_FORM);
            }
        }
        if let Some(share) = row.number("target_share") {
            let target = Target { share, seconds };
            let needed = match patience {
                Some(patience) => a::handlers_needed(offered, patience, target),
                None => c::handlers_needed(offered, target),
            };
            case.number("exp_handlers_needed", needed.ok().map(f64::from), 0.0);
        }
        case
    };
    table.rows().map(work).collect()
}

/// Shares of calls that wait, are given up and are answered in time, and the mean wait.
fn queue(offered: Offered, patience: Option<f64>, handlers: u32, seconds: f64) -> [Option<f64>; 4] {
    if let Some(patience) = patience {
        let queue = a::queue(offered, patience, handlers).unwrap();
        let level = queue.service_level(seconds).unwrap();
        return [queue.waiting_share, queue.abandoned_share, level, queue.mean_wait_seconds()].map(Some);
    }
    let Ok(queue) = c::queue(offered, handlers) else { return [None; 4] };
    [Some(queue.waiting_share), None, queue.service_level(seconds).ok(), Some(queue.mean_wait_seconds())]
}

fn confidence(row: &Row) -> Confidence {
    match row.text("alpha") {
        "0.05" => Confidence::P95,
        "0.002" => Confidence::P998,
        other => panic!("no such level: {other}"),
    }
}
