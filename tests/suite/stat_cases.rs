//! Runs the statistics against answers worked outside this code, family by family.
//!
//! The cases are read from the folder named in `STAT_CASES_DIR` where that is set, else from `tests/statistics`. Every
//! family prints its cases passed and failed, whether or not all pass; one failed case, or a missing
//! file of a family, fails the test. To add a family: a function here or below that turns rows into cases, and its line
//! in [`FAMILIES`].

#![allow(clippy::unwrap_used, clippy::panic)]

mod case_file;
mod control_charts;
mod groups;
mod interrupted;
mod intervals;
mod over_time;
mod planning;
mod two_samples;

use case_file::{Case, Folder, Table};
use std::io::Write;
use std::path::PathBuf;

/// Prints a line past the test runner's capture: the counts are wanted when everything passes, too.
macro_rules! say {
    ($($words:tt)*) => { writeln!(std::io::stdout(), $($words)*).unwrap() };
}

/// A file of cases and the function that works them.
struct Family {
    /// File in a folder of reference cases given by `STAT_CASES_DIR`.
    reference_file: Option<&'static str>,
    /// File under `tests/statistics`, where the licence of the reference allows it or the cases are our own.
    tree_file: Option<&'static str>,
    work: fn(&Folder, &Table) -> Vec<Case>,
}

impl Family {
    const fn in_both(file: &'static str, work: fn(&Folder, &Table) -> Vec<Case>) -> Self {
        Self { reference_file: Some(file), tree_file: Some(file), work }
    }

    const fn reference_only(file: &'static str, work: fn(&Folder, &Table) -> Vec<Case>) -> Self {
        Self { reference_file: Some(file), tree_file: None, work }
    }

    const fn tree_only(file: &'static str, work: fn(&Folder, &Table) -> Vec<Case>) -> Self {
        Self { reference_file: None, tree_file: Some(file), work }
    }
}

const FAMILIES: &[Family] = &[
    Family {
        reference_file: Some("phe_proportion_wilson"),
        tree_file: Some("proportion_wilson"),
        work: intervals::proportion_wilson,
    },
    Family {
        reference_file: Some("phe_rate_byar_exact"),
        tree_file: Some("rate_byar_exact"),
        work: intervals::rate_byar_exact,
    },
    Family {
        reference_file: Some("phe_byar_wilson_raw"),
        tree_file: Some("byar_wilson_raw"),
        work: intervals::byar_wilson_raw,
    },
    Family { reference_file: Some("phe_mean_t"), tree_file: Some("mean_t"), work: intervals::mean_t },
    Family::tree_only("order_statistic_ranks", intervals::order_statistic_ranks),
    Family::in_both("quantiles_type7", intervals::quantiles_type_7),
    Family::reference_only("phe_indirect_standardised", intervals::indirect_standardised),
    Family::reference_only("phe_direct_standardised", intervals::direct_standardised),
    Family {
        reference_file: None,
        tree_file: Some("direct_standardised"),
        work: intervals::direct_standardised_inline,
    },
    Family { reference_file: Some("phe_quantiles"), tree_file: Some("quantile_groups"), work: groups::quantile_groups },
    Family::in_both("xmr_making_data_count_cases", over_time::xmr),
    Family::in_both("spc_charts_qicharts2_cases", control_charts::of_qicharts2),
    Family { reference_file: None, tree_file: Some("control_charts_cases"), work: control_charts::generated },
    Family::in_both("trend_chisq_proportion", over_time::proportion_trend),
    Family::reference_only("phe_funnel_prop_units", groups::funnel_proportion_units),
    Family::reference_only("phe_funnel_prop_limits", groups::funnel_proportion_limits),
    Family::reference_only("phe_funnel_rate_units", groups::funnel_rate_units),
    Family::reference_only("phe_funnel_ratio_units", groups::funnel_ratio_units),
    Family::reference_only("phe_funnel_ratio_limits", groups::funnel_ratio_limits),
    Family::in_both("funnel_poisson_limits", groups::funnel_poisson_limits),
    Family::in_both("funnel_overdispersion_cases", groups::funnel_overdispersion),
    Family::in_both("two_proportions", two_samples::two_proportions),
    Family::in_both("two_poisson_rates", two_samples::two_poisson_rates),
    Family::in_both("multiple_comparisons", two_samples::multiple_comparisons),
    Family::in_both("its_segmented_ols", interrupted::ordinary),
    Family::in_both("its_poisson_glm", interrupted::poisson),
    Family::tree_only("interrupted_seasonal", interrupted::seasonal_effect),
    Family::tree_only("autoregressive", interrupted::autoregressive),
    Family::tree_only("cumulative_incidence", over_time::cumulative_incidence),
    Family::tree_only("shrinkage", groups::shrinkage),
    Family::tree_only("forecast", over_time::forecast),
    Family::tree_only("seasonality", over_time::seasonality),
    Family::tree_only("power_level_change", planning::level_change),
    Family::tree_only("power_proportions", planning::two_proportions),
    Family::tree_only("erlang", planning::erlang),
];

/// Files that hold rows of another file's cases.
const COMPANIONS: &[&str] = &[
    "xmr_making_data_count_points",
    "funnel_overdispersion_points",
    "spc_charts_qicharts2_points",
    "control_charts_points",
    "phe_standardised_inputs",
];

#[test]
fn every_family_agrees_with_its_reference() {
    let reference = std::env::var_os("STAT_CASES_DIR").filter(|path| !path.is_empty()).map(PathBuf::from);
    let in_tree = reference.is_none();
    let folder = Folder::new(reference.unwrap_or_else(tree_folder));
    say!("statistical cases in {}", folder.display());

    let mut faults = Vec::new();
    let mut known: Vec<&str> = COMPANIONS.to_vec();
    let (mut passed, mut failed) = (0, 0);
    for family in FAMILIES {
        let Some(file) = (if in_tree { family.tree_file } else { family.reference_file }) else { continue };
        known.push(file);
        let table = match folder.table(file) {
            Ok(table) => table,
            Err(error) => {
                say!("{file:<32} MISSING");
                faults.push(error);
                continue;
            }
        };
        let cases = (family.work)(&folder, &table);
        let good = cases.iter().filter(|case| case.faults.is_empty()).count();
        let largest = cases.iter().map(|case| case.largest_deviation).fold(0.0, f64::max);
        say!("{file:<32} {good:>4} passed {:>4} failed, largest deviation {largest:.0e}", cases.len() - good);
        if cases.is_empty() {
            faults.push(format!("{file}: no case was found"));
        }
        passed += good;
        failed += cases.len() - good;
        faults.extend(cases.into_iter().flat_map(|case| case.faults));
    }
    for file in folder.files().iter().filter(|file| !known.contains(&file.as_str())) {
        say!("{file:<32} not run: no family reads it");
        // The tree holds nothing that is not run.
        if in_tree {
            faults.push(format!("{file}: no family reads it"));
        }
    }
    say!("{passed} cases passed, {failed} failed");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_wrong_answer_is_a_fault() {
    let text = "case_id,exp_a,exp_b\none,\"0.5\",\n";
    let table = Table::parse("made_up", text);
    let mut case = Case::new(table.rows().next().unwrap(), "case_id");
    case.number("exp_a", Some(0.5 + 1e-12), 1e-9);
    case.number("exp_b", None, 1e-9);
    assert!(case.faults.is_empty(), "{:?}", case.faults);
    case.number("exp_a", Some(0.500_001), 1e-9);
    case.number("exp_a", None, 1e-9);
    case.number("exp_a", Some(f64::NAN), 1e-9);
    case.number("exp_b", Some(0.0), 1e-9);
    case.text("exp_a", "0.4");
    assert_eq!(case.faults.len(), 5, "{:?}", case.faults);
}

fn tree_folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/statistics"))
}
