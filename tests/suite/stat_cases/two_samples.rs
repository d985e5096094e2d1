//! Two proportions, two Poisson rates, and many p-values together.

use super::case_file::{Case, Folder, Row, Table};
use scorecard::statistics::Confidence;
use scorecard::statistics::multiple_comparisons::{benjamini_hochberg, bonferroni, holm};
use scorecard::statistics::two_poisson_rates::{self, Events};
use scorecard::statistics::two_proportions::{self, Sample};

const CLOSED_FORM: f64 = 1e-9;
const ITERATIVE: f64 = 1e-6;

pub fn two_proportions(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let first = Sample { successes: row.given("x1"), trials: row.given("n1") };
        let second = Sample { successes: row.given("x2"), trials: row.given("n2") };
        let difference = two_proportions::difference(first, second);
        case.number("exp_diff", difference.map(|found| found.difference), CLOSED_FORM);
        case.number("exp_z_pooled", difference.and_then(|found| found.z), CLOSED_FORM);
        case.number("exp_p_pooled_2sided", difference.and_then(|found| found.p_value), CLOSED_FORM);
        let fisher = two_proportions::fisher_exact_p_value(
            (row.whole("x1"), row.whole("n1")),
            (row.whole("x2"), row.whole("n2")),
        );
        case.number("exp_p_fisher_2sided", fisher, CLOSED_FORM);
        let newcombe = two_proportions::newcombe_interval(first, second, Confidence::P95);
        case.number("exp_newcombe_lower95", newcombe.map(|ends| ends.lower), CLOSED_FORM);
        case.number("exp_newcombe_upper95", newcombe.map(|ends| ends.upper), CLOSED_FORM);
        let ratio = two_proportions::risk_ratio(first, second, Confidence::P95);
        let katz = ratio.and_then(|found| found.interval);
        case.number("exp_risk_ratio", ratio.map(|found| found.ratio), CLOSED_FORM);
        case.number("exp_rr_katz_lower95", katz.map(|ends| ends.lower), CLOSED_FORM);
        case.number("exp_rr_katz_upper95", katz.map(|ends| ends.upper), CLOSED_FORM);
        case
    };
    table.rows().map(work).collect()
}

pub fn two_poisson_rates(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let first = Events { count: row.whole("count1"), exposure: row.given("exposure1") };
        let second = Events { count: row.whole("count2"), exposure: row.given("exposure2") };
        let found = two_poisson_rates::compare(first, second);
        case.number("exp_rate_ratio", found.and_then(|found| found.ratio), CLOSED_FORM);
        case.number("exp_z_score_cond", found.and_then(|found| found.z), CLOSED_FORM);
        case.number("exp_p_score_cond_2sided", found.and_then(|found| found.p_value_score), CLOSED_FORM);
        case.number("exp_p_exact_cond_2sided", found.map(|found| found.p_value_exact), CLOSED_FORM);
        let interval = two_poisson_rates::ratio_interval(first, second, Confidence::P95);
        case.number("exp_rr_exact_lower95", interval.map(|ends| ends.lower), ITERATIVE);
        case.number("exp_rr_exact_upper95", interval.map(|ends| ends.upper), ITERATIVE);
        case
    };
    table.rows().map(work).collect()
}

pub fn multiple_comparisons(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let p_values = row.numbers("p_values");
        for (column, adjusted) in [
            ("exp_bonferroni", bonferroni(&p_values)),
            ("exp_holm", holm(&p_values)),
            ("exp_bh", benjamini_hochberg(&p_values)),
        ] {
            let expected = row.numbers(column);
            case.numbers_agree(column, Some(adjusted.len() as f64), Some(expected.len() as f64), 0.0);
            for (found, expected) in adjusted.into_iter().zip(expected) {
                case.numbers_agree(column, Some(found), Some(expected), CLOSED_FORM);
            }
        }
        case
    };
    table.rows().map(work).collect()
}
