//! Values with their intervals: proportion, count, rate, mean, quantile, standardised ratio.

use super::case_file::{Case, Folder, Row, Table};
use scorecard::statistics::standardise::{self, Stratum, WeightedStratum};
use scorecard::statistics::{Confidence, Estimate, Interval, Method};
use scorecard::statistics::{byars, poisson, quantile, student_t, wilson};

const CLOSED_FORM: f64 = 1e-9;
const ITERATIVE: f64 = 1e-6;

pub fn proportion_wilson(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let estimate = row.number("numerator").and_then(|numerator| {
            let scaled = wilson::proportion(numerator, row.given("denominator"));
            scaled.ok().filter(|estimate| estimate.method == Method::Wilson)
        });
        check_estimate(&mut case, estimate, row.given("multiplier"), CLOSED_FORM);
        case
    };
    table.rows().map(work).collect()
}

pub fn rate_byar_exact(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let estimate = poisson::rate(row.given("numerator"), row.given("denominator")).ok();
        let tolerance =
            if estimate.is_some_and(|e| e.method == Method::ExactPoisson) { ITERATIVE } else { CLOSED_FORM };
        case.text("exp_method", estimate.map_or("", |estimate| method_name(estimate.method)));
        check_estimate(&mut case, estimate, row.given("multiplier"), tolerance);
        case
    };
    table.rows().map(work).collect()
}

pub fn byar_wilson_raw(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let confidence = confidence(row);
        let (lower, upper) = match row.text("method") {
            "byars" => (byars::lower(row.given("x"), confidence), byars::upper(row.given("x"), confidence)),
            "wilson" => {
                let interval = wilson::interval(row.given("x"), row.given("n"), confidence);
                (interval.map(|ends| ends.lower), interval.map(|ends| ends.upper))
            }
            other => panic!("no such method: {other}"),
        };
        case.number("exp_lower", lower, CLOSED_FORM);
        case.number("exp_upper", upper, CLOSED_FORM);
        case
    };
    table.rows().map(work).collect()
}

pub fn mean_t(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let values = row.numbers("values");
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let estimate = student_t::mean(values.len() as u64, mean, if n > 1.0 { sd } else { 0.0 }).ok();
        case.number("exp_n", Some(n), 0.0);
        case.number("exp_sd", (n > 1.0).then_some(sd), CLOSED_FORM);
        case.number("exp_mean", estimate.map(|estimate| estimate.value), CLOSED_FORM);
        check_intervals(&mut case, estimate, 1.0, CLOSED_FORM);
        case
    };
    table.rows().map(work).collect()
}

pub fn order_statistic_ranks(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let ranks = quantile::rank_interval(row.whole("n"), row.given("probability"), confidence(row));
        case.number("exp_lower_rank", ranks.map(|ranks| ranks.lower as f64), 0.0);
        case.number("exp_upper_rank", ranks.map(|ranks| ranks.upper as f64), 0.0);
        case
    };
    table.rows().map(work).collect()
}

pub fn quantiles_type_7(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let mut values = row.numbers("values");
        values.sort_by(f64::total_cmp);
        for (column, probability) in [("exp_p10", 0.1), ("exp_p50", 0.5), ("exp_p90", 0.9), ("exp_p95", 0.95)] {
            let estimate = quantile::quantile(&values, probability).ok();
            case.number(column, estimate.map(|estimate| estimate.value), CLOSED_FORM);
        }
        case
    };
    table.rows().map(work).collect()
}

pub fn indirect_standardised(folder: &Folder, table: &Table) -> Vec<Case> {
    let inputs = folder.table("phe_standardised_inputs").unwrap();
    let work = |row: &Row| {
        let mut case = Case::new(row, "area");
        let number = |input: &Row, column| input.number(column).unwrap_or(0.0);
        let strata: Vec<Stratum> = inputs
            .rows()
            .filter(|input| input.text("area") == row.text("area"))
            .map(|input| Stratum {
                count: number(input, "count"),
                denominator: number(input, "pop"),
                reference_count: number(input, "ref_count"),
                reference_denominator: number(input, "ref_pop"),
            })
            .collect();
        let found = standardise::indirect(&strata).ok();
        let is_rate = row.text("kind") == "rate";
        let estimate = found.map(|found| if is_rate { found.rate } else { found.ratio });
        let multiplier = row.given("multiplier");
        case.number("exp_observed", found.map(|found| found.observed), CLOSED_FORM);
        case.number("exp_expected", found.map(|found| found.expected), CLOSED_FORM);
        let reference_rate = found.map(|found| found.reference_rate * multiplier);
        case.number("exp_ref_rate", reference_rate.filter(|_| is_rate), CLOSED_FORM);
        case.text("exp_method", estimate.map_or("", |estimate| method_name(estimate.method)));
        check_estimate(&mut case, estimate, multiplier, CLOSED_FORM);
        case
    };
    table.rows().map(work).collect()
}

pub fn direct_standardised(folder: &Folder, table: &Table) -> Vec<Case> {
    let inputs = folder.table("phe_standardised_inputs").unwrap();
    let work = |row: &Row| {
        let mut case = Case::new(row, "area");
        let strata: Vec<WeightedStratum> = inputs
            .rows()
            .filter(|input| input.text("area") == row.text("area"))
            .map(|input| WeightedStratum {
                count: input.number("count").unwrap_or(0.0),
                denominator: input.number("pop").unwrap_or(0.0),
                weight: input.given("esp2013_weight"),
            })
            .collect();
        check_direct(&mut case, &strata, row.given("multiplier"));
        case
    };
    table.rows().map(work).collect()
}

/// As above, the strata standing in the row itself.
pub fn direct_standardised_inline(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let (counts, denominators) = (row.numbers("counts"), row.numbers("denominators"));
        let strata: Vec<WeightedStratum> = counts
            .into_iter()
            .zip(denominators)
            .zip(row.numbers("weights"))
            .map(|((count, denominator), weight)| WeightedStratum { count, denominator, weight })
            .collect();
        check_direct(&mut case, &strata, 1.0);
        case
    };
    table.rows().map(work).collect()
}

fn check_direct(case: &mut Case, strata: &[WeightedStratum], multiplier: f64) {
    let events = strata.iter().map(|stratum| stratum.count).sum();
    case.number("total_count", Some(events), 0.0);
    check_estimate(case, standardise::direct(strata).ok(), multiplier, CLOSED_FORM);
}

/// The confidence level named in a row.
fn confidence(row: &Row) -> Confidence {
    match row.text("confidence") {
        "0.95" => Confidence::P95,
        "0.998" => Confidence::P998,
        other => panic!("no such level: {other}"),
    }
}

/// The method as the reference names it.
fn method_name(method: Method) -> &'static str {
    match method {
        Method::ExactPoisson => "Exact",
        Method::ByarPoisson => "Byars",
        other => other.name(),
    }
}

/// Value and intervals, times a multiplier.
fn check_estimate(case: &mut Case, estimate: Option<Estimate>, multiplier: f64, tolerance: f64) {
    case.number("exp_value", estimate.map(|estimate| estimate.value * multiplier), CLOSED_FORM);
    check_intervals(case, estimate, multiplier, tolerance);
}

fn check_intervals(case: &mut Case, estimate: Option<Estimate>, multiplier: f64, tolerance: f64) {
    let at = |confidence| estimate.and_then(|estimate| estimate.interval(confidence));
    let lower = |interval: Option<Interval>| interval.map(|ends| ends.lower * multiplier);
    let upper = |interval: Option<Interval>| interval.map(|ends| ends.upper * multiplier);
    case.number("exp_lower95", lower(at(Confidence::P95)), tolerance);
    case.number("exp_upper95", upper(at(Confidence::P95)), tolerance);
    // Sums of rows were published at 95% only: there the empty cells say nothing.
    if case.row().has_note_of_sum() {
        case.number_if_stated("exp_lower998", lower(at(Confidence::P998)), tolerance);
        case.number_if_stated("exp_upper998", upper(at(Confidence::P998)), tolerance);
    } else {
        case.number("exp_lower998", lower(at(Confidence::P998)), tolerance);
        case.number("exp_upper998", upper(at(Confidence::P998)), tolerance);
    }
}

impl Row {
    fn has_note_of_sum(&self) -> bool {
        self.has("note") && self.text("note").starts_with("grouped sum")
    }
}
