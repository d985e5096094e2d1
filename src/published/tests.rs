//! Small tables of three forces: two territorial ones, Gloucestershire and Wiltshire, and British Transport Police.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::*;
use crate::definitions::PublishedInput;
use crate::domain::{Level, Status};
use crate::tables::figure::Figure;

const FORCES: [&str; 3] = ["btp", "gloucestershire", "wiltshire"];

/// The published pipeline, with three forces and with files in a folder of the test's own.
struct Case {
    definitions: Definitions,
    folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        let mut definitions = crate::definitions::load(Path::new("pipelines/published.toml")).unwrap();
        definitions.pipeline.published.clear();
        definitions.references.forces.retain(|id, _| FORCES.contains(&id.as_str()));
        Self { definitions, folder: tempfile::tempdir().unwrap() }
    }

    fn with(mut self, shape: PublishedShape, file: &str, text: &str) -> Self {
        let path: PathBuf = self.folder.path().join(file);
        std::fs::write(&path, text).unwrap();
        self.definitions.pipeline.published.push(PublishedInput {
            shape,
            files: vec![path],
            source: "a source".to_owned(),
        });
        self
    }

    fn outcomes(self, file: &str, rows: &[Outcomes]) -> Self {
        let text = outcome_table("force,slug,fy", rows, |r| format!("A name,{},{}", r.slug, r.year));
        self.with(PublishedShape::HomeOfficeForceOutcomes, file, &text)
    }

    fn nation(self, rows: &[Outcomes]) -> Self {
        let text = outcome_table("fy", rows, |r| r.year.to_owned());
        self.with(PublishedShape::HomeOfficeNationalOutcomes, "nation.csv", &text)
    }

    fn crime(self, rows: &[(&str, &str, &str)]) -> Self {
        let mut text = "force,slug,fy,recorded_crime\n".to_owned();
        rows.iter().for_each(|(slug, year, crimes)| writeln!(text, "A name,{slug},{year},{crimes}").unwrap());
        self.with(PublishedShape::HomeOfficeRecordedCrime, "crime.csv", &text)
    }

    fn run(&self, as_at: Option<&str>) -> Result<Published, PublishedError> {
        run(&self.definitions, as_at.map(|date| date.parse().unwrap()))
    }

    fn faults(&self) -> Vec<String> {
        match self.run(None) {
            Err(PublishedError::Faults(faults)) => faults.iter().map(Fault::to_string).collect(),
            other => panic!("no faults: {other:?}"),
        }
    }
}

/// One row: charges and community resolutions are its only outcomes.
#[derive(Clone, Copy)]
struct Outcomes {
    slug: &'static str,
    year: &'static str,
    closed: (u64, u64),
    recorded: (u64, u64),
}

const fn outcomes(slug: &'static str, year: &'static str, closed: (u64, u64), recorded: (u64, u64)) -> Outcomes {
    Outcomes { slug, year, closed, recorded }
}

fn outcome_table(key: &str, rows: &[Outcomes], key_of: impl Fn(&Outcomes) -> String) -> String {
    let mut text = format!("{key},{}\n", home_office::OUTCOME_COLUMNS.join(","));
    for row in rows {
        // The nation's row is the only one without a force.
        let assigned = if row.slug.is_empty() { 27_000 } else { 9_000 };
        let basis = |(charged, resolved): (u64, u64)| {
            format!("{charged},0,0,0,0,{resolved},0,{resolved},{},{assigned}", charged + resolved)
        };
        writeln!(text, "{},{},{}", key_of(row), basis(row.closed), basis(row.recorded)).unwrap();
    }
    text
}

/// A force outcome table of one row, changed.
fn changed(change: impl Fn(&str) -> String) -> Vec<String> {
    let row = [outcomes("wiltshire", "2024/25", (30, 20), (25, 15))];
    let text = outcome_table("force,slug,fy", &row, |r| format!("Wiltshire,{},{}", r.slug, r.year));
    Case::new().with(PublishedShape::HomeOfficeForceOutcomes, "o.csv", &change(&text)).faults()
}

fn of<'p>(published: &'p Published, metric: &str) -> &'p [Figure] {
    let found = published.figures.by_metric.iter().find(|(id, _)| id.as_str() == metric);
    found.map_or(&[], |(_, figures)| figures)
}

/// Unit, first year, numerator, denominator, value to four places, and status of each row.
type Shown = (String, String, Option<f64>, Option<f64>, Option<f64>, &'static str);

fn shown(figures: &[Figure]) -> Vec<Shown> {
    let four = |value: f64| (value * 10_000.0).round() / 10_000.0;
    let one = |f: &Figure| {
        let start = f.period_start.format("%Y").to_string();
        (f.unit.to_string(), start, f.numerator, f.denominator, f.value.map(four), f.status.name())
    };
    figures.iter().map(one).collect()
}

#[test]
fn every_wrong_cell_is_a_fault_with_its_place() {
    for (from, to, fault) in [
        ("wiltshire", "avon", "o.csv, record 2, slug: `avon` is no force of references/forces.csv"),
        ("2024/25", "2024", "o.csv, record 2, fy: `2024` is no financial year, such as 2024/25"),
        (",30,", ",30x,", "o.csv, record 2, closed_all_t1: `30x` is no whole number"),
        (",30,", ",,", "o.csv, record 2, closed_all_t1: is blank: neither a number nor N/A"),
        (",30,", ",-30,", "o.csv, record 2, closed_all_t1: `-30` is below zero, which no year's count is"),
        (",30,", ",30,0,", "o.csv, record 2: has 24 fields where the header has 23"),
        (",30,", ",31,", "o.csv, record 2: closed_all_positive is 50, and t1 + oocd add up to 51"),
        (",25,0", ",25,1", "o.csv, record 2: recorded_all_oocd is 15, and t2 + t3 + t6 + t7 + t8 + t22 add up to 16"),
        ("9000\n", "39\n", "o.csv, record 2: recorded_all_positive is 40, more than all 39 outcomes assigned"),
        ("closed_all_t1,", "closed_all_t01,", "o.csv, record 1: the header has no column `closed_all_t1`"),
    ] {
        let faults = changed(|text| text.replacen(from, to, 1));
        assert!(faults.len() == 1 && faults[0].starts_with(fault), "{faults:?}");
    }
}

/// A table that began to print type 0, or the rows "of which", would have columns of that name.
#[test]
fn a_column_of_type_0_or_of_which_stops_the_reading() {
    for new in ["closed_all_t0", "recorded_all_t0", "closed_all_t1a", "closed_all_t2a", "closed_all_t3a"] {
        let faults = changed(|text| text.replace("fy,", &format!("fy,{new},")).replace("2024/25,", "2024/25,7,"));
        assert_eq!(faults, [format!("o.csv, record 1: the header has a column `{new}` that is not known")]);
    }
}

#[test]
fn a_force_stands_once_in_a_file_and_alike_in_two() {
    let row = outcomes("wiltshire", "2024/25", (30, 20), (25, 15));
    let twice = Case::new().outcomes("a.csv", &[row, row]).faults();
    assert_eq!(twice, ["a.csv, record 3: wiltshire in 2024/25 stands in record 2 already"]);

    let alike = Case::new().outcomes("a.csv", &[row]).outcomes("b.csv", &[row]).run(None).unwrap();
    let duplicates: Vec<(&str, u64, u64)> =
        alike.reconciliation.iter().map(|r| (r.file.as_str(), r.accepted, r.duplicates)).collect();
    assert_eq!(duplicates, [("a.csv", 1, 0), ("b.csv", 0, 1)]);

    let other = outcomes("wiltshire", "2024/25", (31, 20), (25, 15));
    let differ = Case::new().outcomes("a.csv", &[row]).outcomes("b.csv", &[other]).faults();
    assert_eq!(
        differ,
        [
            "b.csv, record 2, closed_all_positive: wiltshire in 2024/25 has 51 here and 50 in a.csv, record 2",
            "b.csv, record 2, closed_all_t1: wiltshire in 2024/25 has 31 here and 30 in a.csv, record 2",
        ]
    );
}

#[test]
fn a_missing_file_is_named() {
    let mut case = Case::new().crime(&[]);
    case.definitions.pipeline.published[0].files = vec![case.folder.path().join("absent.csv")];
    let faults = case.faults();
    assert!(faults.len() == 1 && faults[0].contains("absent.csv: cannot be read:"), "{faults:?}");
}

fn three_forces() -> Case {
    Case::new()
        .outcomes(
            "o.csv",
            &[
                outcomes("british-transport-police", "2024/25", (5, 0), (4, 0)),
                outcomes("gloucestershire", "2024/25", (60, 40), (50, 30)),
                outcomes("wiltshire", "2024/25", (30, 20), (25, 15)),
                outcomes("gloucestershire", "2023/24", (1200, 0), (500, 0)),
            ],
        )
        .crime(&[
            ("gloucestershire", "2024/25", "800"),
            ("gloucestershire", "2023/24", "1000"),
            ("wiltshire", "2024/25", "200"),
            ("wiltshire", "2023/24", "210"),
            ("british-transport-police", "2024/25", "70"),
        ])
}

/// Worked by hand: closed 100/800, 50/200 and (100 + 50)/(800 + 200); 1,200 outcomes over 1,000 crimes is valid.
#[test]
fn forces_and_their_sum() {
    let published = three_forces().run(None).unwrap();
    assert_eq!(published.data_date.to_string(), "2025-03-31");
    let row = |unit: &str, year: &str, n: f64, d: f64, value: f64, status| {
        (unit.to_owned(), year.to_owned(), Some(n), Some(d), Some(value), status)
    };
    assert_eq!(
        shown(of(&published, "solved_rate_closed")),
        [
            row("england-and-wales", "2024", 150.0, 1000.0, 0.15, "final"),
            row("gloucestershire", "2023", 1200.0, 1000.0, 1.2, "final"),
            row("gloucestershire", "2024", 100.0, 800.0, 0.125, "final"),
            row("wiltshire", "2024", 50.0, 200.0, 0.25, "final"),
        ]
    );
    assert_eq!(
        shown(of(&published, "charge_rate_recorded")),
        [
            row("england-and-wales", "2024", 75.0, 1000.0, 0.075, "provisional"),
            row("gloucestershire", "2023", 500.0, 1000.0, 0.5, "final"),
            row("gloucestershire", "2024", 50.0, 800.0, 0.0625, "provisional"),
            row("wiltshire", "2024", 25.0, 200.0, 0.125, "provisional"),
        ]
    );
    assert_eq!(
        shown(of(&published, "out_of_court_rate_closed"))[0],
        row("england-and-wales", "2024", 60.0, 1000.0, 0.06, "final")
    );
    let nation = &of(&published, "solved_rate_closed")[0];
    assert_eq!((nation.level, &*nation.force, &*nation.scope), (Level::National, "england-and-wales", "all"));
    assert_eq!(nation.method.as_deref(), Some("byar_poisson_over_fixed_denominator"));
    assert_eq!(of(&published, "solved_rate_recorded")[0].method.as_deref(), Some("wilson"));
    let no_national: Vec<String> = published.figures.no_national.iter().map(|(y, why)| format!("{y}: {why}")).collect();
    assert_eq!(no_national, ["2023/24: 1 of 2 forces are in the table of outcomes"]);
}

/// 31 March 2025 and 90 days is 29 June 2025.
#[test]
fn a_cohort_is_final_after_its_time() {
    let status = |as_at: &str| {
        let published = three_forces().run(Some(as_at)).unwrap();
        of(&published, "solved_rate_recorded")
            .iter()
            .find(|f| f.period_end.to_string() == "2025-03-31")
            .map(|f| f.status)
    };
    assert_eq!(status("2025-06-28"), Some(Status::Provisional));
    assert_eq!(status("2025-06-29"), Some(Status::Final));
    assert_eq!(status("2025-03-30"), None);
}

#[test]
fn a_year_that_is_not_over_is_out_of_window() {
    let published = three_forces().run(Some("2025-03-30")).unwrap();
    let fates: Vec<(&str, u64, u64, u64)> = published
        .reconciliation
        .iter()
        .map(|r| (r.file.as_str(), r.records_read, r.accepted, r.out_of_window))
        .collect();
    assert_eq!(fates, [("o.csv", 4, 1, 3), ("crime.csv", 5, 2, 3)]);
    assert!(published.reconciliation.iter().all(Reconciliation::balances));
    assert_eq!(of(&published, "solved_rate_closed").len(), 1);
}

#[test]
fn rows_in_no_figure_are_listed() {
    let left_out = three_forces().run(None).unwrap().left_out;
    let shown: Vec<(&str, &str, u64)> = left_out.iter().map(|l| (&*l.file, l.reason, l.rows)).collect();
    assert_eq!(
        shown,
        [
            ("o.csv", "no territorial force: in the check of the national table alone", 1),
            ("crime.csv", "no territorial force", 1),
            ("crime.csv", "the outcome tables do not hold this force and year", 1),
        ]
    );
}

/// `N/A` is missing: no figure of the force, and none of the nation.
#[test]
fn not_available_is_never_zero() {
    let rows = [
        outcomes("gloucestershire", "2024/25", (60, 40), (50, 30)),
        outcomes("wiltshire", "2024/25", (30, 20), (25, 15)),
    ];
    let text = outcome_table("force,slug,fy", &rows, |r| format!("x,{},{}", r.slug, r.year));
    let text = text.replace(",30,0", ",N/A - data not provided,0");
    let case = Case::new()
        .with(PublishedShape::HomeOfficeForceOutcomes, "o.csv", &text)
        .crime(&[("gloucestershire", "2024/25", "800"), ("wiltshire", "2024/25", "200")]);
    let published = case.run(None).unwrap();
    let charged = of(&published, "charge_rate_closed");
    for unit in ["england-and-wales", "wiltshire"] {
        let figure = charged.iter().find(|f| &*f.unit == unit).unwrap();
        assert_eq!((figure.numerator, figure.value, figure.status), (None, None, Status::NotAvailable), "{unit}");
        assert_eq!(figure.reason.as_deref(), Some("the Home Office table gives N/A"));
    }
    // The column of community resolutions is whole.
    assert!(of(&published, "out_of_court_rate_closed").iter().all(|f| f.status == Status::Final));
}

#[test]
fn a_force_without_recorded_crime_has_no_rate_and_leaves_no_national() {
    let rows = [
        outcomes("gloucestershire", "2024/25", (60, 40), (50, 30)),
        outcomes("wiltshire", "2024/25", (30, 20), (25, 15)),
    ];
    let published = Case::new().outcomes("o.csv", &rows).crime(&[("wiltshire", "2024/25", "200")]).run(None).unwrap();
    let solved = of(&published, "solved_rate_closed");
    assert_eq!(solved.len(), 2);
    assert_eq!((solved[0].numerator, solved[0].value), (Some(100.0), None));
    assert_eq!(solved[0].reason.as_deref(), Some("the tables hold no recorded crime of 2024/25"));
    assert_eq!(published.figures.no_national[0].1, "1 of 2 forces are in the table of recorded crime");
}

#[test]
fn the_national_table_must_equal_the_sum_of_all_forces() {
    let nation = |charged| outcomes("", "2024/25", (charged, 60), (79, 45));
    let published = three_forces().nation(&[nation(95), outcomes("", "2023/24", (1, 1), (1, 1))]).run(None).unwrap();
    let checks = &published.figures.national_checks;
    assert_eq!(checks.len(), 20);
    assert_eq!((checks[0].column, checks[0].national, checks[0].territorial), ("closed_all_t1", 95, 90));
    assert!(checks.iter().all(|check| check.year.to_string() == "2024/25"));

    let faults = three_forces().nation(&[nation(96)]).faults();
    assert_eq!(
        faults,
        [
            "nation.csv, record 2, closed_all_positive: the 3 forces add up to 155 in 2024/25, and this row says 156",
            "nation.csv, record 2, closed_all_t1: the 3 forces add up to 95 in 2024/25, and this row says 96",
        ]
    );
}

#[test]
fn a_table_of_no_year_has_no_data_date() {
    assert!(matches!(Case::new().crime(&[]).run(None), Err(PublishedError::NoDataDate)));
}

#[test]
fn only_the_pipelines_metrics_are_computed_or_missed() {
    let published = three_forces().run(None).unwrap();
    let ids: Vec<&str> = published.figures.by_metric.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "solved_rate_recorded",
            "solved_rate_closed",
            "charge_rate_recorded",
            "charge_rate_closed",
            "out_of_court_rate_recorded",
            "out_of_court_rate_closed",
        ]
    );
    let missed: Vec<String> = published.figures.not_available.iter().map(|(id, why)| format!("{id}: {why}")).collect();
    assert_eq!(
        missed,
        [
            "solved_rate_recorded: solved set legacy: the tables have no column of outcome type 4",
            "solved_rate_recorded: solved set sanction_detection: the tables have no column of outcome type 4",
            "solved_rate_closed: solved set legacy: the tables have no column of outcome type 4",
            "solved_rate_closed: solved set sanction_detection: the tables have no column of outcome type 4",
        ]
    );
}
