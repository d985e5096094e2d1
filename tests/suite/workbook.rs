//! `scorecard.xlsx` as calamine reads it: every number is a cell of the build's Parquet tables, and text is text.
//!
//! tests/independent/workbook.py does the same for every cell, with openpyxl and DuckDB.

#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use scorecard::definitions::{self, Definitions};
use scorecard::domain::{ForceId, Provenance, civil_date, parse_iso_date};
use scorecard::publish::{self, WorkbookInput};

use super::built::{self, Row};
use super::cli::Sandbox;
use super::command::{Succeeds, scorecard};
use super::made::{Made, quoted};

/// Row of the headers, from 0.
const HEADER_ROW: usize = 3;
const SHORTHAND: [&str; 4] = ["[c]", "[p]", "[x]", "[z]"];

/// Where numbers of a sheet come from: the table, what its rows must hold, headers and columns that tell rows apart, headers
/// and columns of numbers.
struct Source {
    sheet: &'static str,
    table: &'static str,
    rows: &'static [(&'static str, &'static str)],
    key: &'static [(&'static str, &'static str)],
    numbers: &'static [(&'static str, &'static str)],
}

const FORCE: (&str, &str) = ("force", "gloucestershire");
const WHOLE_FORCE: &[(&str, &str)] = &[FORCE, ("level", "force"), ("scope", "all")];
const ID: (&str, &str) = ("Measure id", "metric");
const VALUE: (&str, &str) = ("Value (in the unit of the row)", "value");
const PERIOD: [(&str, &str); 3] = [
    ("Kind of period", "period_type"),
    ("First day of the period", "period_start"),
    ("Last day of the period", "period_end"),
];
const FIGURE: &[(&str, &str)] = &[
    VALUE,
    ("95% interval, lower end (in the unit of the row)", "lower_95"),
    ("95% interval, upper end (in the unit of the row)", "upper_95"),
    ("Numerator (events, or sum of a quantity)", "numerator"),
    ("Denominator (events, or residents in thousands)", "denominator"),
];

const SOURCES: &[Source] = &[
    Source { sheet: "Scorecard", table: "scorecard", rows: &[FORCE], key: &[ID], numbers: FIGURE },
    Source {
        sheet: "Scorecard",
        table: "scorecard",
        rows: &[FORCE],
        key: &[ID],
        numbers: &[
            ("Target (in the unit of the row)", "target"),
            ("Value less target (in the unit of the row)", "target_gap"),
            ("Most similar group (in the unit of the row)", "group_value"),
            ("Rank in the group (1 is best)", "rank"),
            ("Rank, 95% interval, lower end", "rank_lower"),
            ("Rank, 95% interval, upper end", "rank_upper"),
            ("Size of the group (forces)", "group_size"),
            ("England and Wales (in the unit of the row)", "national_value"),
            ("Value with the mix of offences taken out (in the unit of the row)", "national_adjusted_value"),
            ("Difference that the mix makes (in the unit of the row)", "national_mix_difference"),
            ("Same period last year (in the unit of the row)", "last_year_value"),
            ("q-value of the headline test (probability)", "q_value"),
        ],
    },
    Source {
        sheet: "Four lists",
        table: "attention",
        rows: &[FORCE],
        key: &[ID, ("List", "list")],
        numbers: &[
            VALUE,
            ("Place in the list", "position"),
            ("Lines that belong in the list", "list_size"),
            ("Comparator (in the unit of the row)", "comparator_value"),
            ("q-value (probability)", "q_value"),
            ("Value of that month (in the unit of the row)", "month_value"),
            ("Value of the final month before (in the unit of the row)", "month_before"),
            ("Tests in the family", "tests"),
            ("Verdicts expected by chance (tests)", "expected_by_chance"),
        ],
    },
    Source {
        sheet: "Months",
        table: "metric_values",
        rows: &[FORCE, ("level", "force"), ("scope", "all"), ("period_type", "month")],
        key: &[ID, ("Month", "period_start"), ("Outcomes that count as solved", "solved_set")],
        numbers: FIGURE,
    },
    Source {
        sheet: "Areas and teams",
        table: "metric_values",
        rows: &[FORCE, ("scope", "all")],
        key: &[ID, PERIOD[0], PERIOD[1], PERIOD[2], ("Level", "level"), ("Area, department or team", "unit")],
        numbers: FIGURE,
    },
    Source {
        sheet: "Areas and teams",
        table: "scorecard",
        rows: &[FORCE],
        key: &[ID, PERIOD[0], PERIOD[1], PERIOD[2]],
        numbers: &[("Whole force (in the unit of the row)", "value")],
    },
    Source {
        sheet: "Areas and teams",
        table: "comparisons",
        rows: &[FORCE, ("scope", "all"), ("comparator", "same_period_last_year")],
        key: &[ID, PERIOD[0], PERIOD[1], PERIOD[2], ("Level", "level"), ("Area, department or team", "unit")],
        numbers: &[("Same period last year (in the unit of the row)", "comparator_value")],
    },
    Source {
        sheet: "Comparisons",
        table: "comparisons",
        rows: WHOLE_FORCE,
        key: &[
            ID,
            PERIOD[0],
            PERIOD[1],
            PERIOD[2],
            ("Compared with", "comparator"),
            ("How several forces became one figure", "comparator_variant"),
        ],
        numbers: &[
            VALUE,
            ("Comparator (in the unit of the row)", "comparator_value"),
            ("Value less comparator (in the unit of the row)", "difference"),
            ("p-value (probability)", "p_value"),
            ("q-value (probability)", "q_value"),
            ("Rank (1 is best)", "rank"),
            ("Rank, 95% interval, lower end", "rank_lower"),
            ("Rank, 95% interval, upper end", "rank_upper"),
            ("Forces compared", "group_size"),
        ],
    },
    Source {
        sheet: "Offence groups",
        table: "metric_values",
        rows: &[FORCE, ("level", "force")],
        key: &[ID, PERIOD[0], PERIOD[1], PERIOD[2], ("Offence group", "scope")],
        numbers: FIGURE,
    },
    Source {
        sheet: "Case mix",
        table: "case_mix",
        rows: &[FORCE],
        key: &[ID, PERIOD[0], PERIOD[1], PERIOD[2], ("Compared with", "comparator")],
        numbers: &[
            VALUE,
            FIGURE[3],
            FIGURE[4],
            ("Comparator (in the unit of the row)", "comparator_value"),
            ("Value less comparator (in the unit of the row)", "difference"),
            ("Adjusted value (in the unit of the row)", "adjusted_value"),
            ("Adjusted value, 95% interval, lower end (in the unit of the row)", "adjusted_lower_95"),
            ("Adjusted value, 95% interval, upper end (in the unit of the row)", "adjusted_upper_95"),
            ("Adjusted value less comparator (in the unit of the row)", "adjusted_difference"),
            ("Difference that the mix makes (in the unit of the row)", "mix_difference"),
            ("Part of the difference that the mix makes (%)", "mix_share"),
            ("p-value (probability)", "p_value"),
            ("Expected with the comparator's rates (events)", "expected"),
            ("Numerator over expected (ratio)", "ratio"),
            ("Denominator in no stratum (events)", "unclassed"),
            ("Strata used (number)", "strata_used"),
            ("Forces in the comparator", "forces"),
        ],
    },
    Source {
        sheet: "Journey",
        table: "journey",
        rows: &[FORCE],
        key: &[("Step", "step"), ("Month of the call", "month")],
        numbers: &[
            ("Records at the start (records)", "upstream"),
            ("With a link (records)", "linked"),
            ("Without a link (records)", "unlinked"),
            ("Linked (%)", "rate"),
            ("Median time to the link (in the unit of time)", "median_time"),
        ],
    },
    Source {
        sheet: "Limits",
        table: "spc",
        rows: WHOLE_FORCE,
        key: &[ID, ("Month", "month")],
        numbers: &[
            VALUE,
            ("Centre (in the unit of the row)", "centre"),
            ("Lower limit (in the unit of the row)", "lower"),
            ("Upper limit (in the unit of the row)", "upper"),
            ("Phase", "phase"),
            ("Season taken out (in the unit of the row, or a factor)", "season"),
        ],
    },
    Source {
        sheet: "Interventions",
        table: "evaluation",
        rows: &[FORCE],
        key: &[ID, ("Intervention", "name"), ("Where", "unit")],
        numbers: &[
            ("Mean of the months after (in the unit of the row)", "observed"),
            ("Expected without the change (in the unit of the row)", "expected"),
            ("Effect (in the unit of the row)", "effect"),
            ("Effect, 95% interval, lower end (in the unit of the row)", "effect_lower_95"),
            ("Effect, 95% interval, upper end (in the unit of the row)", "effect_upper_95"),
            ("p-value (probability)", "p_value"),
            ("Smallest change worth having (in the unit of the row)", "worthwhile"),
            ("Months before (number)", "months_before"),
            ("Months after (number)", "months_after"),
            ("Months still needed (number)", "more_months"),
            ("Power with so many more (probability)", "power"),
            ("Measures that the intervention is held against", "tests"),
        ],
    },
    Source {
        sheet: "Nowcast",
        table: "nowcast",
        rows: &[FORCE],
        key: &[
            ID,
            ("Level", "level"),
            ("Unit of the organisation", "unit"),
            ("Scope", "scope"),
            ("Month", "period_start"),
        ],
        numbers: &[
            ("Crimes recorded (crimes)", "crimes"),
            ("Solved to date (crimes)", "solved"),
            ("Share solved to date (%)", "share_to_date"),
            ("Still open (crimes)", "still_open"),
            ("Further solved, expected (crimes)", "further_solved"),
            ("Share expected at the horizon (%)", "value"),
            ("95% prediction interval, lower end (%)", "lower_95"),
            ("95% prediction interval, upper end (%)", "upper_95"),
            ("Horizon (days)", "horizon_days"),
            ("Crimes of the reference (crimes)", "reference_crimes"),
        ],
    },
    Source {
        sheet: "Data quality",
        table: "data_quality",
        rows: &[FORCE],
        key: &[
            ("Extract or published table", "extract"),
            ("Column", "column"),
            ("What is asked", "dimension"),
            ("Level", "level"),
            ("Finding", "finding"),
            ("What is counted over what", "basis"),
        ],
        numbers: &[
            ("As they should be (rows or cells)", "numerator"),
            ("Looked at (rows or cells)", "denominator"),
            ("Not as they should be (rows or cells; days for freshness)", "affected"),
            ("As they should be (%)", "share"),
        ],
    },
    Source {
        sheet: "Metrics",
        table: "dim_metric",
        rows: &[],
        key: &[ID],
        numbers: &[("Target (in the unit of the row)", "target")],
    },
];

/// Words as a reader has them.
fn words(text: &str) -> String {
    if SHORTHAND.contains(&text) { String::new() } else { text.replace('_', " ") }
}

/// A cell as a key has it: words, or a day.
fn key_cell(cell: &Data) -> String {
    match cell {
        Data::String(text) => words(text),
        // 25,569 days lie between the day 0 of a spreadsheet and that of a table.
        Data::DateTime(day) => civil_date(day.as_f64() as i32 - 25_569).to_string(),
        other => panic!("{other:?} in a key"),
    }
}

fn number(cell: &Data) -> Option<f64> {
    match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        _ => None,
    }
}

/// One sheet with a table: headers, rows.
struct Sheet {
    name: String,
    headers: Vec<String>,
    rows: Vec<Vec<Data>>,
}

impl Sheet {
    fn column(&self, header: &str) -> usize {
        self.headers.iter().position(|h| h == header).unwrap_or_else(|| panic!("{} has no {header}", self.name))
    }
}

/// The sheets of a workbook, each looked at for what none may have.
fn sheets(path: &Path) -> Vec<Sheet> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        assert!(name.chars().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\']), "{name:?}");
        assert_eq!(book.worksheet_formula(&name).unwrap().used_cells().count(), 0, "a formula in {name}");
        assert!(book.merge_cells_by_sheet_name(&name).unwrap().is_empty(), "merged cells in {name}");
        if name == "Cover" {
            continue;
        }
        let range = book.worksheet_range(&name).unwrap();
        let mut rows = range.rows().skip(HEADER_ROW).map(<[Data]>::to_vec);
        let headers: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
        assert!(headers.iter().all(|h| !h.trim().is_empty()), "a blank header in {name}: {headers:?}");
        assert_eq!(headers.iter().map(|h| h.to_lowercase()).collect::<BTreeSet<_>>().len(), headers.len(), "{name}");
        let rows: Vec<Vec<Data>> = rows.collect();
        assert!(rows.iter().flatten().all(|cell| !cell.to_string().is_empty()), "a blank cell in {name}");
        assert!(!rows.is_empty(), "{name} has no row");
        sheets.push(Sheet { name, headers, rows });
    }
    sheets
}

/// Compares a sheet's numbers with one of its sources, and says how many there are.
fn compare(sheet: &Sheet, source: &Source, table: &[Row]) -> usize {
    let holds = |row: &&Row| source.rows.iter().all(|(column, value)| row[*column] == *value);
    let own_set =
        |row: &&Row| row.get("solved_set").is_none_or(|set| set.is_empty() || set == "positive_excluding_tic");
    let key = |row: &Row| source.key.iter().map(|(_, column)| words(&row[*column])).collect::<Vec<_>>();
    let mut beside: BTreeMap<Vec<String>, Vec<&Row>> = BTreeMap::new();
    for row in table.iter().filter(holds).filter(own_set) {
        beside.entry(key(row)).or_default().push(row);
    }
    let keys: Vec<usize> = source.key.iter().map(|(header, _)| sheet.column(header)).collect();
    let columns: Vec<(usize, &str)> = source.numbers.iter().map(|(h, column)| (sheet.column(h), *column)).collect();
    let mut compared = 0;
    for cells in &sheet.rows {
        let key: Vec<String> = keys.iter().map(|&at| key_cell(&cells[at])).collect();
        let rows = beside.get(&key).map_or(&[][..], Vec::as_slice);
        assert!(rows.len() <= 1, "{}: {key:?} is not one row of {}", sheet.name, source.table);
        for &(at, column) in &columns {
            let expected = rows.first().and_then(|row| row[column].parse::<f64>().ok());
            assert_eq!(number(&cells[at]), expected, "{}: {key:?}: {column}", sheet.name);
            if expected.is_none() {
                assert!(SHORTHAND.contains(&cells[at].to_string().as_str()), "{}: {key:?}: {column}", sheet.name);
            }
            compared += usize::from(expected.is_some());
        }
    }
    compared
}

/// Every number of the workbook is a number of a table; says how many.
fn check(build: &Path, expected_sheets: &[&str]) -> usize {
    let sheets = sheets(&build.join("scorecard.xlsx"));
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    for expected in expected_sheets {
        assert!(names.contains(expected), "{expected} is not among {names:?}");
    }
    let mut tables: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    let (mut compared, mut there) = (0, 0);
    for sheet in &sheets {
        for source in SOURCES.iter().filter(|source| source.sheet == sheet.name) {
            let table = tables.entry(source.table).or_insert_with(|| built::rows(build, source.table));
            compared += compare(sheet, source, table);
        }
        there += sheet.rows.iter().flatten().filter(|cell| number(cell).is_some()).count();
        for level in ["officer", "supervisor"] {
            assert!(!sheet.rows.iter().flatten().any(|cell| cell.to_string() == level), "{level} in {}", sheet.name);
        }
    }
    assert_eq!(compared, there, "numbers that no table was asked for");
    compared
}

fn only(sandbox: &Sandbox, pipeline: &str, metrics: &str) {
    sandbox.edit(pipeline, |text| text.replacen("solved_set", &format!("only = [{metrics}]\nsolved_set"), 1));
}

#[test]
fn every_number_is_a_cell_of_a_table() {
    let sandbox = Sandbox::new();
    // A measure of each kind that has sheets of its own: each chart costs seconds where nothing is optimised.
    only(&sandbox, "pipelines/gloucestershire.toml", "\"solved_rate_recorded\", \"answered_999_under_10_seconds\"");
    let sample = format!("{}/sample_data/", env!("CARGO_MANIFEST_DIR"));
    sandbox.edit("pipelines/gloucestershire.toml", |text| text.replace("../sample_data/", &sample));
    sandbox.command(&["synth", "extracts_of_15_months", "--crimes", "2500", "--months", "15"]).succeeds();
    let build = ["build", "pipelines/gloucestershire.toml", "--extracts", "extracts_of_15_months"];
    sandbox.command(&build).succeeds();
    let built = sandbox.current();
    let sheets = [
        "Contents",
        "Notes",
        "Scorecard",
        "Four lists",
        "Months",
        "Areas and teams",
        "Comparisons",
        "Offence groups",
        "Case mix",
        "Journey",
        "Limits",
        "Interventions",
        "Nowcast",
        "Data quality",
        "Metrics",
        "Charts",
    ];
    let numbers = check(&built, &sheets);
    println!("{numbers} numbers, none differs");
    assert!(numbers > 1_000, "{numbers}");
    let mut definitions = definitions::load(&sandbox.path("pipelines/gloucestershire.toml")).unwrap();
    let made = |definitions: &Definitions| {
        let input = WorkbookInput {
            definitions,
            data_date: parse_iso_date("2026-09-30").unwrap(),
            provenance: Provenance::Synthetic,
            sources: &["Made up.".to_owned()],
            build: &built,
        };
        publish::workbook(&input).unwrap()
    };
    assert!(made(&definitions).is_some());
    assert_eq!(made(&definitions), made(&definitions), "the same tables, other bytes");
    // Without a line of the pipeline's own force there is nothing to show.
    definitions.pipeline.force = ForceId::new("wiltshire").unwrap();
    assert_eq!(made(&definitions), None);
}

#[test]
fn the_published_pipeline_has_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    scorecard(root, &["build", "pipelines/published.toml", "--out"]).arg(folder.path()).succeeds();
    let numbers = check(
        &folder.path().join("current"),
        &["Contents", "Notes", "Scorecard", "Four lists", "Comparisons", "Data quality", "Metrics", "Charts"],
    );
    println!("{numbers} numbers, none differs");
    assert!(numbers > 200, "{numbers}");
}

#[test]
fn names_that_look_like_formulas_stay_text() {
    const NAMES: [&str; 8] = [
        "=HYPERLINK(\"file:x\",\"click\")",
        "=1+1",
        "+44 1452",
        "-2+3",
        "@SUM(A1)",
        "_x0041_rea",
        "Area\tof\nlines",
        "\u{202E}turned\u{1b}[2J\u{FFFE}",
    ];
    let sandbox = Sandbox::new();
    only(&sandbox, "pipelines/small.toml", "\"crimes_recorded\"");
    let mut made = Made::new();
    for (n, name) in NAMES.iter().enumerate() {
        let record = |k: usize| {
            let named = String::from_utf8(quoted(name.as_bytes())).unwrap();
            format!("F{n}-{k},2025-03-{:02} 10:00:00,8N,,{named},{named},PC1,PS1,,", 1 + k).into_bytes()
        };
        made.0.get_mut("crimes").unwrap().extend((0..3).map(record));
    }
    let long = format!("=long{}", "x".repeat(40_000));
    made.0.get_mut("crimes").unwrap().push(format!("FL,2025-03-09 10:00:00,8N,,{long},T1,PC1,PS1,,").into_bytes());
    made.write(&sandbox.path("named"));
    let build = ["build", "pipelines/small.toml", "--extracts", "named", "--as-at", "2025-03-31"];
    sandbox.command(&build).succeeds();
    let sheets = sheets(&sandbox.current().join("scorecard.xlsx"));
    let sheet = sheets.iter().find(|sheet| sheet.name == "Areas and teams").unwrap();
    let at = sheet.column("Area, department or team");
    let found: BTreeSet<String> = sheet.rows.iter().map(|row| row[at].to_string()).collect();
    for name in NAMES {
        let shown = name.replace('\u{202E}', "\\u{202e}").replace('\u{1b}', "\\u{1b}");
        assert!(found.contains(&shown), "{shown:?} is not among {found:?}");
    }
    let cut = found.iter().find(|name| name.starts_with("=long")).unwrap();
    assert_eq!((cut.encode_utf16().count(), cut.ends_with('…')), (32_767, true));
}
