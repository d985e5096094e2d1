//! How often each chart and rule cries wolf: the charts and rules of `scorecard::statistics` over many series from processes
//! that do not change. The rates stand in docs/calibration.md, where the long run writes them; the short run of each
//! `cargo test` draws other series and holds their rates against the page.

#![allow(clippy::unwrap_used, clippy::panic)]

mod charts;
mod processes;
mod rates;

use charts::rules;
use processes::{ALL, Process};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use rates::{Row, Tally};
use rayon::prelude::*;
use scorecard::statistics::control_charts::{Baseline, individuals};
use scorecard::statistics::xmr::Screening;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

const LONG_RUN_SERIES: u64 = 10_000;
const SHORT_RUN_SERIES: u64 = 200;
const LONG_RUN_SEED: u64 = 1;
const SHORT_RUN_SEED: u64 = 2;

const BEGIN: &str = "<!-- written by `just calibrate` -->\n";
const END: &str = "<!-- end -->\n";

fn page() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/calibration.md"))
}

/// Every chart of a process at a length, over so many series. A series has its own draw, and tallies are added up as
/// whole numbers, so that threads change nothing.
fn calibrated(process: &Process, months: usize, series: u64, seed: u64) -> Vec<Row> {
    let one = |number: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        let charts = charts::all(&(process.draw)(&mut random, months));
        charts.into_iter().enumerate().map(|(place, (name, charted))| ((place, name), Tally::of(&charted))).collect()
    };
    let add = |mut all: BTreeMap<_, Tally>, some: BTreeMap<_, Tally>| {
        for (chart, tally) in some {
            *all.entry(chart).or_default() += tally;
        }
        all
    };
    let tallies = (0..series).into_par_iter().map(one).reduce(BTreeMap::new, add);
    let row = |((_, chart), tally): ((usize, &str), Tally)| Row::new(process.name, months, chart, &tally, series);
    tallies.into_iter().map(row).collect()
}

fn all_rows(series: u64, seed: u64) -> Vec<Row> {
    let lengths = ALL.iter().flat_map(|process| process.lengths.iter().map(move |months| (process, *months)));
    lengths.flat_map(|(process, months)| calibrated(process, months, series, seed)).collect()
}

/// Draws 10,000 series of each process and writes the table: `just calibrate`.
#[test]
#[ignore = "long: see CONTRIBUTING.md"]
fn a_long_run_writes_the_rates() {
    let series =
        std::env::var("CALIBRATE_SERIES").map_or(LONG_RUN_SERIES, |text| text.replace('_', "").parse().unwrap());
    let text = fs::read_to_string(page()).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let written = rates::written(ALL, &all_rows(series, LONG_RUN_SEED), series);
    fs::write(page(), format!("{before}{BEGIN}{written}{END}{after}")).unwrap();
}

#[test]
fn a_short_run_finds_the_rates_of_the_page() {
    let (series, documented) = rates::read(&fs::read_to_string(page()).unwrap());
    let found = all_rows(SHORT_RUN_SERIES, SHORT_RUN_SEED);
    let faults = rates::differences(&found, SHORT_RUN_SERIES, &documented, series);
    assert!(
        faults.is_empty(),
        "just calibrate, where a chart or a rule was changed on purpose:\n{}",
        faults.join("\n")
    );
}

/// Rates half as high again in the months and charts with the highest are told, and so is a row that is not there.
#[test]
fn a_page_that_is_not_of_these_rules_is_noticed() {
    let process = &ALL[0];
    let found = calibrated(process, 24, SHORT_RUN_SERIES, SHORT_RUN_SEED);
    let (series, documented) = rates::read(&fs::read_to_string(page()).unwrap());
    let documented: Vec<Row> =
        documented.into_iter().filter(|row| row.process == process.name && row.months == 24).collect();
    assert_eq!(rates::differences(&found, SHORT_RUN_SERIES, &documented, series), Vec::<String>::new());
    let mut higher = documented.clone();
    for rate in higher.iter_mut().flat_map(|row| &mut row.rates) {
        *rate = rate.map(|rate| (2.0 * rate + 0.05).min(1.0));
    }
    assert!(rates::differences(&found, SHORT_RUN_SERIES, &higher, series).len() > 10);
    assert_eq!(rates::differences(&found, SHORT_RUN_SERIES, &documented[1..], series).len(), 1);
}

/// Limits from 20,000 months before are known limits, and the rates of independent normal months are then those of
/// arithmetic: outside 2(1 - Φ(3)) = 0.0027; a shift in the last seven 2/2⁷; a trend 2/7!; near a limit, with one more
/// of the last three near it and all three on one side, 2·q·(¼ - (½ - q)²) with q = Φ(3) - Φ(2) = 0.0214. By priority a
/// shift is told where nothing above it is. Within four standard errors of 40,000 series.
#[test]
fn with_known_limits_the_rates_are_those_of_arithmetic() {
    const BEFORE: usize = 20_000;
    const SERIES: u64 = 40_000;
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let before: Vec<f64> = (0..BEFORE).map(|_| StandardNormal.sample(&mut random)).collect();
    let phase = individuals(&before, &Baseline::default(), Screening::Off).unwrap();
    let limits = phase.limits()[0].unwrap();
    let one = |number: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(4);
        random.set_stream(number);
        let values: Vec<f64> = (0..7).map(|_| StandardNormal.sample(&mut random)).collect();
        let rules = scorecard::statistics::xmr::rules(&values, &[limits; 7]);
        Tally::of(&charts::Charted { rules: Some(rules), outside_alone: false, shift: None })
    };
    let add = |mut all: Tally, one: Tally| {
        all += one;
        all
    };
    let tally = (0..SERIES).into_par_iter().map(one).reduce(Tally::default, add);
    let row = Row::new("known", 7, "I", &tally, SERIES);
    let q = 0.021_400_2_f64;
    let two_of_three = 2.0 * q * (0.25 - (0.5 - q).powi(2));
    for (name, found, expected) in [
        ("outside", row.rates[0], 0.0027),
        ("trend", row.rates[1], 2.0 / 5_040.0),
        ("two of three", row.rates[2], two_of_three),
        // Of seven on one side, one in a hundred ends outside, near or in a trend.
        ("shift", row.rates[3], 0.015_3),
    ] {
        let error = (expected * (1.0 - expected) / SERIES as f64).sqrt();
        assert!((found.unwrap() - expected).abs() < 4.0 * error, "{name} {found:?} {expected}");
    }
    assert_eq!(rules(&phase).len(), BEFORE);
}
