//! Segmented regression of an interrupted series.

use super::case_file::{Case, Folder, Row, Table};
use scorecard::statistics::Confidence;
use scorecard::statistics::interrupted_series::{Design, Term, autoregressive, ordinary, poisson};

const CLOSED_FORM: f64 = 1e-9;
const ITERATIVE: f64 = 1e-6;

const TERMS: [(Term, &str); 4] =
    [(Term::Intercept, "0"), (Term::Time, "_time"), (Term::LevelChange, "_level"), (Term::SlopeChange, "_slope")];

pub fn ordinary(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let fit = ordinary::fit(&row.numbers("y"), &design(row)).ok();
        for (term, name) in TERMS {
            let found = fit.as_ref().and_then(|fit| fit.coefficient(term));
            case.number(&format!("exp_b{name}"), found.map(|found| found.estimate), CLOSED_FORM);
            case.number(&format!("exp_se{name}"), found.map(|found| found.standard_error), CLOSED_FORM);
            case.number(&format!("exp_p{name}"), found.and_then(|found| found.p_value), CLOSED_FORM);
            let newey_west = found.map(|found| found.newey_west_standard_error);
            case.number(&format!("exp_nw3_se{name}"), newey_west, CLOSED_FORM);
        }
        case.number("exp_durbin_watson", fit.and_then(|fit| fit.durbin_watson), CLOSED_FORM);
        case
    };
    table.rows().map(work).collect()
}

pub fn poisson(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let design = Design { slope_change: false, ..design(row) };
        let fit = poisson::fit(&counts(row), &row.numbers("exposure_days"), &design).ok();
        for (term, name) in &TERMS[..3] {
            let found = fit.as_ref().and_then(|fit| fit.coefficient(*term));
            case.number(&format!("exp_b{name}"), found.map(|found| found.estimate), ITERATIVE);
            case.number(&format!("exp_se{name}"), found.map(|found| found.standard_error), ITERATIVE);
            let quasi = found.map(|found| found.quasi_standard_error);
            case.number(&format!("exp_quasi_se{name}"), quasi, ITERATIVE);
        }
        case.number("exp_deviance", fit.as_ref().map(|fit| fit.deviance), ITERATIVE);
        case.number("exp_pearson_dispersion", fit.map(|fit| fit.dispersion), ITERATIVE);
        case
    };
    table.rows().map(work).collect()
}

/// The effect some months on, with seasonal waves: of the value, and of the rate.
pub fn seasonal_effect(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let design = Design { seasonal_pairs: row.whole("seasonal_pairs") as u32, ..design(row) };
        let months_after = row.whole("months_after") as usize;
        let fit = ordinary::fit(&row.numbers("counts"), &design).ok();
        let effect = fit.as_ref().map(|fit| fit.effect(months_after, Confidence::P95));
        let ends = effect.and_then(|effect| effect.interval);
        case.number("exp_effect", effect.map(|effect| effect.estimate), CLOSED_FORM);
        case.number("exp_nw3_se", effect.map(|effect| effect.standard_error), CLOSED_FORM);
        case.number("exp_nw3_p", effect.and_then(|effect| effect.p_value), CLOSED_FORM);
        case.number("exp_lower95", ends.map(|ends| ends.lower), CLOSED_FORM);
        case.number("exp_upper95", ends.map(|ends| ends.upper), CLOSED_FORM);
        let fit = poisson::fit(&counts(row), &row.numbers("exposure_days"), &design).ok();
        let ratio = fit.as_ref().and_then(|fit| fit.rate_ratio(months_after, Confidence::P998));
        let ends = ratio.and_then(|ratio| ratio.interval);
        case.number("exp_rate_ratio", ratio.map(|ratio| ratio.ratio), ITERATIVE);
        case.number("exp_quasi_p", ratio.and_then(|ratio| ratio.p_value), ITERATIVE);
        case.number("exp_quasi_lower998", ends.map(|ends| ends.lower), ITERATIVE);
        case.number("exp_quasi_upper998", ends.map(|ends| ends.upper), ITERATIVE);
        case
    };
    table.rows().map(work).collect()
}

/// Months that hang together. A likelihood is flat at its top, so its place is known to half the digits of its height.
pub fn autoregressive(_: &Folder, table: &Table) -> Vec<Case> {
    const FLAT_TOP: f64 = 1e-4;
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let design = Design {
            slope_change: row.whole("slope_change") == 1,
            seasonal_pairs: row.whole("seasonal_pairs") as u32,
            ..design(row)
        };
        let fit = autoregressive::fit(&row.numbers("values"), &design).ok();
        let effect = fit.as_ref().map(|fit| fit.effect(row.whole("months_after") as usize, Confidence::P95));
        let ends = effect.and_then(|effect| effect.interval);
        let slope = fit.as_ref().and_then(|fit| fit.slope_change(Confidence::P95));
        case.number("exp_autocorrelation", fit.as_ref().map(|fit| fit.autocorrelation), FLAT_TOP);
        case.number("exp_innovation_sd", fit.as_ref().map(|fit| fit.innovation_standard_deviation), FLAT_TOP);
        case.number("exp_effect", effect.map(|effect| effect.estimate), FLAT_TOP);
        case.number("exp_se", effect.map(|effect| effect.standard_error), FLAT_TOP);
        case.number("exp_p", effect.and_then(|effect| effect.p_value), FLAT_TOP);
        case.number("exp_lower95", ends.map(|ends| ends.lower), FLAT_TOP);
        case.number("exp_upper95", ends.map(|ends| ends.upper), FLAT_TOP);
        case.number("exp_slope_change", slope.map(|slope| slope.estimate), FLAT_TOP);
        case.number("exp_slope_p", slope.and_then(|slope| slope.p_value), FLAT_TOP);
        case
    };
    table.rows().map(work).collect()
}

/// Level and slope may change, without a season.
fn design(row: &Row) -> Design {
    Design { months_before: row.whole("interrupt_at_index0") as usize, slope_change: true, seasonal_pairs: 0 }
}

fn counts(row: &Row) -> Vec<u64> {
    row.numbers("counts").into_iter().map(|count| count as u64).collect()
}
