//! Seeded mutations of good files against every reader, in process: no panic, no record without a place, bounded time and
//! memory. How to run it at length: CONTRIBUTING.md, "Fuzzing".
//!
//! A reader is one line in `targets::all`: a name, what its inputs are made from, and a function of bytes that panics
//! where a promise is broken.

#![allow(clippy::unwrap_used, clippy::panic)]

mod driver;
mod mutate;
mod strict_csv;
mod targets;

use driver::{Plan, run};
use proptest::prelude::*;
use targets::extract_file;

/// What `cargo test` draws each time, over all targets.
const SHORT_RUN_INPUTS: u64 = 4_000;
/// What a long run draws where `FUZZ_INPUTS` does not say.
const LONG_RUN_INPUTS: u64 = 1_000_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.replace('_', "").parse().unwrap())
}

#[test]
fn a_short_run_finds_nothing() {
    run(&targets::all(), &Plan { inputs: SHORT_RUN_INPUTS, seed: 1, only: None });
}

/// `FUZZ_INPUTS=10_000_000 cargo test --release --test suite fuzz -- --ignored --nocapture`; `FUZZ_SEED` draws others, and
/// `FUZZ_ONLY=calls:4711` draws one input again, or with `FUZZ_ONLY=calls` those of one target.
#[test]
#[ignore = "long: see CONTRIBUTING.md"]
fn a_long_run_finds_nothing() {
    let inputs = number("FUZZ_INPUTS").unwrap_or(LONG_RUN_INPUTS);
    run(
        &targets::all(),
        &Plan { inputs, seed: number("FUZZ_SEED").unwrap_or(1), only: std::env::var("FUZZ_ONLY").ok() },
    );
}

/// Inputs that once broke a promise, and how many records they hold.
#[test]
fn what_was_found_before_stays_mended() {
    let cases: [(&str, &[u8], u64); 2] = [
        // The parser dropped the mark of the second export, and the duplicate was not one.
        ("calls", b"call_ref,line,received_at\n\xef\xbb\xbfcall_ref,line,received_at\nK1,999,2025-03-01\n", 2),
        // A carriage return alone behind a closed quote: the parser refused the whole file.
        ("calls", b"call_ref,line,received_at\nK1,\"9\"\r99,2025-03-01\nK2,999,2025-03-01\n", 2),
    ];
    for (extract, bytes, records) in cases {
        assert_eq!(extract_file::read(extract, bytes), Some(records), "{}", bytes.escape_ascii());
    }
}

/// A table and how it is written: fields, which of them in quotes though they need none, and the line end.
fn table() -> impl Strategy<Value = (Vec<Vec<String>>, Vec<bool>, &'static str)> {
    let field = prop_oneof![
        3 => "[A-Z0-9]{0,6}",
        2 => "2025-0[1-9]-[0-3][0-9]( [0-2][0-9]:[0-5][0-9])?",
        1 => "(999|101|Y|force)",
        1 => "[ ,;|\"'\n\r\t=\u{feff}\u{0}\u{1b}é£中-]{0,8}",
        1 => any::<String>(),
    ];
    let rows = prop::collection::vec(prop::collection::vec(field, 1..=6), 0..12);
    (rows, prop::collection::vec(any::<bool>(), 64), prop_oneof![Just("\n"), Just("\r\n")])
}

/// The table under the header of calls, as a careful writer writes it.
fn written(rows: &[Vec<String>], quoted: &[bool], line_end: &str) -> String {
    let mut text = ["call_ref", "line", "received_at", "x"].join(",") + line_end;
    let mut quoted = quoted.iter().cycle();
    for row in rows {
        let field = |field: &String| {
            let must = field.contains([',', '"', '\n', '\r']) || (row.len() == 1 && field.is_empty());
            if must || quoted.next() == Some(&true) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.clone()
            }
        };
        text += &(row.iter().map(field).collect::<Vec<_>>().join(",") + line_end);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Short and long rows among them: each record has its place, and each field its text.
    #[test]
    fn a_table_is_read_as_it_was_written((rows, quoted, line_end) in table()) {
        let text = written(&rows, &quoted, line_end);
        let fields: Vec<Vec<String>> = strict_csv::read(text.as_bytes())
            .unwrap()
            .into_iter()
            .skip(1)
            .map(|record| record.into_iter().map(|field| String::from_utf8(field).unwrap()).collect())
            .collect();
        prop_assert_eq!(&fields, &rows);
        if !rows.is_empty() {
            prop_assert_eq!(extract_file::read("calls", text.as_bytes()), Some(rows.len() as u64));
        }
    }
}
