//! The published pipeline on the real tables of sample_data/published.
//!
//! Expected figures: Home Office, Crime outcomes in England and Wales 2025 to 2026, table 3.1 (the national totals), and
//! sums over the same files worked outside this code.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::sync::LazyLock;

use polars::prelude::{DataFrame, DataType};
use scorecard::definitions::{self, Definitions, PublishedInput, PublishedShape};
use scorecard::domain::{Level, Status};
use scorecard::published::{self, OUTCOME_MIX, Published, PublishedError, STREET_MONTHS};
use scorecard::tables::figure::{self, Figure};
use scorecard::tables::published::METRIC_VALUES;
use scorecard::tables::store::TableWriter;

fn definitions() -> Definitions {
    definitions::load(Path::new("pipelines/published.toml")).unwrap()
}

static PUBLISHED: LazyLock<Published> = LazyLock::new(|| published::run(&definitions(), None).unwrap());

fn figures(metric: &str) -> &'static [Figure] {
    let found = PUBLISHED.figures.by_metric.iter().find(|(id, _)| id.as_str() == metric);
    &found.unwrap_or_else(|| panic!("no {metric}")).1
}

fn figure(metric: &str, unit: &str, first_day: &str) -> &'static Figure {
    let found = figures(metric).iter().find(|f| &*f.unit == unit && f.period_start.to_string() == first_day);
    found.unwrap_or_else(|| panic!("no {metric} of {unit} from {first_day}"))
}

#[test]
fn real_figures_are_reproduced() {
    for (metric, unit, year, numerator, denominator, percent) in [
        ("charge_rate_closed", "gloucestershire", "2025-04-01", 3_126.0, 45_020.0, "6.9"),
        ("out_of_court_rate_closed", "gloucestershire", "2025-04-01", 2_447.0, 45_020.0, "5.4"),
        ("solved_rate_closed", "gloucestershire", "2025-04-01", 5_573.0, 45_020.0, "12.4"),
        ("solved_rate_closed", "england-and-wales", "2025-04-01", 806_222.0, 5_143_915.0, "15.7"),
        ("solved_rate_closed", "gloucestershire", "2024-04-01", 6_293.0, 45_840.0, "13.7"),
        ("solved_rate_closed", "england-and-wales", "2024-04-01", 715_372.0, 5_225_442.0, "13.7"),
        ("charge_rate_closed", "england-and-wales", "2025-04-01", 543_200.0, 5_143_915.0, "10.6"),
        ("out_of_court_rate_closed", "england-and-wales", "2025-04-01", 263_022.0, 5_143_915.0, "5.1"),
        ("charge_rate_recorded", "gloucestershire", "2025-04-01", 2_394.0, 45_020.0, "5.3"),
        ("out_of_court_rate_recorded", "gloucestershire", "2025-04-01", 2_271.0, 45_020.0, "5.0"),
        ("solved_rate_recorded", "gloucestershire", "2025-04-01", 4_665.0, 45_020.0, "10.4"),
        ("solved_rate_recorded", "england-and-wales", "2025-04-01", 681_595.0, 5_143_915.0, "13.3"),
        ("solved_rate_closed", "gloucestershire", "2014-04-01", 6_334.0, 29_247.0, "21.7"),
    ] {
        let found = figure(metric, unit, year);
        assert_eq!(
            (found.numerator, found.denominator),
            (Some(numerator), Some(denominator)),
            "{metric} {unit} {year}"
        );
        let value = found.value.unwrap();
        assert!((value - numerator / denominator).abs() < 1e-12);
        assert_eq!(format!("{:.1}", 100.0 * value), percent, "{metric} {unit} {year}");
        assert!(found.lower_95 < found.value && found.value < found.upper_95);
        assert!(found.lower_998 < found.lower_95 && found.upper_95 < found.upper_998);
    }
}

#[test]
fn forty_three_forces_and_no_other_are_measured() {
    for (_, figures) in &PUBLISHED.figures.by_metric {
        for year in ["2024-04-01", "2025-04-01"] {
            let of = |level| figures.iter().filter(move |f| f.level == level && f.period_start.to_string() == year);
            assert_eq!((of(Level::Force).count(), of(Level::National).count()), (43, 1));
            // The nation is the sum of what is measured, numerator and denominator.
            let sum = |of_figure: fn(&Figure) -> Option<f64>| of(Level::Force).map(of_figure).sum::<Option<f64>>();
            let nation = of(Level::National).next().unwrap();
            assert_eq!((nation.numerator, nation.denominator), (sum(|f| f.numerator), sum(|f| f.denominator)));
        }
        let (there, missing): (Vec<_>, Vec<_>) = figures.iter().partition(|f| f.value.is_some());
        assert!(there.iter().all(|f| &*f.unit != "btp"));
        // Gloucestershire alone has earlier years: 2014/15 to 2023/24.
        let earlier: Vec<&str> =
            there.iter().filter(|f| f.period_start.to_string().as_str() < "2024-04-01").map(|f| &*f.unit).collect();
        assert_eq!(earlier, ["gloucestershire"; 10]);
        assert_eq!((there.len(), missing.len()), (2 * 44 + 10, 2));
    }
    assert_eq!(PUBLISHED.figures.no_national.len(), 10);
}

#[test]
fn the_national_table_equals_the_forces_with_the_transport_police() {
    let checks = &PUBLISHED.figures.national_checks;
    assert_eq!(checks.len(), 2 * 20);
    for (year, column, national, territorial) in [
        ("2025/26", "closed_all_t1", 550_778, 543_200),
        ("2025/26", "closed_all_positive", 815_653, 806_222),
        ("2025/26", "closed_all_assigned", 5_258_158, 5_166_179),
        ("2025/26", "recorded_all_t1", 447_514, 442_512),
        ("2025/26", "recorded_all_positive", 688_000, 681_595),
        ("2024/25", "closed_all_positive", 724_170, 715_372),
        ("2024/25", "recorded_all_t1", 465_904, 459_163),
    ] {
        let found = checks.iter().find(|c| c.year.to_string() == year && c.column == column).unwrap();
        assert_eq!((found.national, found.territorial), (national, territorial), "{year} {column}");
    }
    // Table 3.1 again: out of court, formal (2, 3, 6) and informal (7, 8). Diversion (22) is a group of its own.
    let sum = |types: &[&str]| {
        let of_type = |t: &str| {
            checks.iter().find(|c| c.column == format!("recorded_all_t{t}") && c.year.to_string() == "2025/26")
        };
        types.iter().map(|t| of_type(t).unwrap().national).sum::<u64>()
    };
    assert_eq!((sum(&["2", "3", "6"]), sum(&["7", "8"])), (42_474, 174_735));
}

/// The Home Office counts 384,808 offences of 2025/26 as not yet assigned (type 0). Were they in a total of the recorded
/// basis, it would hold 5,235,213 outcomes and not the 4,850,405 published as assigned.
#[test]
fn type_0_is_in_no_total() {
    let assigned = PUBLISHED.figures.national_checks.iter();
    let assigned = assigned.filter(|c| c.column == "recorded_all_assigned" && c.year.to_string() == "2025/26");
    assert_eq!(assigned.map(|c| c.national).collect::<Vec<_>>(), [4_850_405]);
    // Solved is charged and out of court, and nothing else.
    for basis in ["closed", "recorded"] {
        let parts = figures(&format!("charge_rate_{basis}")).iter().zip(figures(&format!("out_of_court_rate_{basis}")));
        for (solved, (charged, out_of_court)) in figures(&format!("solved_rate_{basis}")).iter().zip(parts) {
            assert_eq!((&solved.unit, solved.period_start), (&charged.unit, charged.period_start));
            assert_eq!(solved.numerator, charged.numerator.zip(out_of_court.numerator).map(|(a, b)| a + b));
        }
    }
}

#[test]
fn only_the_newest_cohort_is_provisional() {
    assert_eq!(PUBLISHED.data_date.to_string(), "2026-03-31");
    for (id, figures) in &PUBLISHED.figures.by_metric {
        for figure in figures.iter().filter(|f| f.value.is_some()) {
            let newest_cohort = id.as_str().ends_with("_recorded") && figure.period_start.to_string() == "2025-04-01";
            let status = if newest_cohort { Status::Provisional } else { Status::Final };
            assert_eq!(figure.status, status, "{id} {} {}", figure.unit, figure.period_start);
        }
    }
}

#[test]
fn a_changed_number_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut definitions = definitions();
    let input = definitions
        .pipeline
        .published
        .iter_mut()
        .find(|i| i.shape == PublishedShape::HomeOfficeNationalOutcomes)
        .unwrap();
    let text = std::fs::read_to_string(&input.files[0]).unwrap();
    let changed = text.replace("2025/26,550778,", "2025/26,550777,").replace(",815653,", ",815652,");
    assert_ne!(text, changed);
    input.files[0] = folder.path().join("national.csv");
    std::fs::write(&input.files[0], changed).unwrap();
    let Err(PublishedError::Faults(faults)) = published::run(&definitions, None) else { panic!("no fault was found") };
    let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "national.csv, record 13, closed_all_positive: the 44 forces add up to 815653 in 2025/26, and this row says 815652",
            "national.csv, record 13, closed_all_t1: the 44 forces add up to 550778 in 2025/26, and this row says 550777",
        ]
    );
}

/// A row's cells of these columns as text.
fn rows(frame: &DataFrame, columns: &[&str]) -> Vec<Vec<String>> {
    let cells: Vec<_> =
        columns.iter().map(|name| frame.column(name).unwrap().cast(&DataType::String).unwrap()).collect();
    let text = |row: usize| cells.iter().map(|c| c.str().unwrap().get(row).unwrap_or("-").to_owned()).collect();
    (0..frame.height()).map(text).collect()
}

#[test]
fn every_street_row_has_its_place() {
    let fates = || PUBLISHED.reconciliation.iter().filter(|r| r.extract == "police_uk_street");
    let sum = |of: fn(&scorecard::tables::accepted::Reconciliation) -> u64| fates().map(of).sum::<u64>();
    assert_eq!((fates().count(), sum(|r| r.records_read)), (32, 131_795));
    assert!(PUBLISHED.reconciliation.iter().all(|r| r.balances()));
    // Repeated Crime IDs: City of London 49 rows, North Yorkshire 239, Warwickshire 1.
    assert_eq!(sum(|r| r.duplicates) + sum(|r| r.quarantined), 18 + 14 + 17 + 111 + 46 + 82 + 1);
    assert_eq!(sum(|r| r.quarantined), PUBLISHED.quarantined.len() as u64);
    assert_eq!(sum(|r| r.quarantined), 9 + 7 + 4 + 51 + 16 + 18);
    assert!(PUBLISHED.findings.0.is_empty());
    let months = rows(&PUBLISHED.street.street_months, &["crimes", "antisocial_behaviour", "crimes_without_id"]);
    let sum = |column: usize| months.iter().map(|row| row[column].parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!((sum(0), sum(1), sum(2)), (131_795 - 20_570 - 289, 20_570, 0));
}

#[test]
fn the_outcome_mix_is_the_files() {
    let mix =
        rows(&PUBLISHED.street.outcome_mix, &["force", "month", "outcome_types", "crimes", "status", "outcome_group"]);
    assert!(mix.iter().all(|row| row[5] != "unmapped" && row[2] != "-"));
    assert!(mix.iter().all(|row| (row[4] == "provisional") == (row[3] != "-")));
    let crimes = |month: &str, types: &str| {
        let own = mix
            .iter()
            .filter(|row| row[0] == "gloucestershire" && row[1] == month && (types.is_empty() || row[2] == types));
        own.map(|row| row[3].parse::<u64>().unwrap()).sum::<u64>()
    };
    // Rows of the file less its anti-social behaviour, and those under investigation: more in the newer month.
    assert_eq!((crimes("2024-01-01", ""), crimes("2024-04-01", "")), (5_000 - 718, 5_151 - 994));
    assert_eq!((crimes("2024-01-01", "0"), crimes("2024-04-01", "0")), (732, 2_261));
}

#[test]
fn the_collapse_of_one_force_is_marked() {
    let months = rows(&PUBLISHED.street.street_months, &["force", "month", "records", "complete"]);
    let marked: Vec<String> = months.iter().filter(|row| row[3] == "false").map(|row| row[..3].join(" ")).collect();
    assert_eq!(marked, ["dyfed-powys 2024-02-01 300", "dyfed-powys 2024-03-01 164"]);
    let mix = rows(&PUBLISHED.street.outcome_mix, &["force", "month", "complete", "crimes", "status", "reason"]);
    assert!(mix.iter().all(|row| (row[2] == "false") == (row[0] == "dyfed-powys" && row[1] != "2024-01-01")));
    // Missing, never a small number and never 0: the reference says so, and the file's own rows.
    let (missing, there): (Vec<_>, Vec<_>) = mix.iter().partition(|row| row[2] == "false");
    assert!(missing.iter().all(|row| row[3] == "-" && row[4] == "not_available"), "{missing:?}");
    assert!(
        missing.iter().all(|row| row[5].starts_with("not reported whole: a part of the month was sent; the file has "))
    );
    assert!(there.iter().all(|row| row[3] != "-" && row[3] != "0" && row[4] == "provisional"));
    assert_eq!(missing.len(), 49); // pairs of crime type and outcome in the two files, counted with Python's csv module
}

#[test]
fn every_file_and_row_is_accounted_for() {
    assert_eq!(PUBLISHED.files.len(), 6 + 32);
    assert!(
        PUBLISHED
            .files
            .iter()
            .all(|f| f.bytes > 0 && f.blake3.len() == 64 && f.source.contains("Open Government Licence"))
    );
    let of = |table: &str| {
        let fates = PUBLISHED.reconciliation.iter().filter(move |r| r.extract == table);
        fates.fold((0, 0, 0), |sum, r| (sum.0 + r.records_read, sum.1 + r.accepted, sum.2 + r.duplicates))
    };
    assert_eq!(of("home_office_force_outcomes"), (100, 98, 2)); // Gloucestershire's last two years are in both files
    assert_eq!(of("home_office_national_outcomes"), (12, 12, 0));
    assert_eq!(of("home_office_recorded_crime"), (605, 605, 0));
    assert_eq!(of("home_office_recorded_crime_pfa"), (46_469, 46_469, 0));
    assert_eq!(of("ons_population_by_force"), (11, 11, 0));
    let left_out: Vec<(&str, u64)> = PUBLISHED.left_out.iter().map(|l| (l.extract, l.rows)).collect();
    assert_eq!(
        left_out,
        [
            ("home_office_force_outcomes", 2),     // the transport police, two years
            ("home_office_national_outcomes", 10), // no other force has 2014/15 to 2023/24
            ("home_office_recorded_crime", 3),     // the transport police, 2012/13 to 2014/15
            ("home_office_recorded_crime", 605 - 3 - 96),
            ("home_office_recorded_crime_pfa", 3 * 31), // Action Fraud, CIFAS, UK Finance
        ]
    );
}

#[test]
fn the_tables_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = TableWriter::create(folder.path(), METRIC_VALUES).unwrap();
    for (metric, figures) in &PUBLISHED.figures.by_metric {
        writer.write_arrays(figure::arrays(metric.as_str(), figures)).unwrap();
    }
    assert_eq!(writer.finish().unwrap(), 6 * (2 * 44 + 10 + 2));
    let street = &PUBLISHED.street;
    for (spec, frame) in [(OUTCOME_MIX, &street.outcome_mix), (STREET_MONTHS, &street.street_months)] {
        let mut writer = TableWriter::create(folder.path(), spec).unwrap();
        writer.write_frame(frame).unwrap();
        assert_eq!(writer.finish().unwrap(), frame.height() as u64, "{}", spec.name);
    }
}

/// Force, how many of how many, and the words of each finding of a table.
fn noted(extract: &str) -> Vec<(&'static str, u64, Option<u64>, &'static str)> {
    let found = PUBLISHED.noted.iter().filter(|f| f.extract == extract);
    found.map(|f| (f.force.as_ref().map_or("", |force| force.as_str()), f.affected, f.of, f.words.as_str())).collect()
}

/// Counted over the same files with Python: see sample_data/published/README.md.
#[test]
fn the_known_faults_of_the_files_are_named() {
    let pfa = noted("home_office_recorded_crime_pfa");
    assert_eq!(
        pfa.iter()
            .map(|(_, affected, of, words)| (*affected, *of, words.split(':').next().unwrap()))
            .collect::<Vec<_>>(),
        [
            (
                927,
                Some(46_469),
                "records give the period as `30-12-2017`, which ends no month; no record gives 31-12-2017, so it is read as that"
            ),
            (25, Some(46_469), "counts below zero, down to -120"),
            // In 2012/13 to 2014/15 they agree, but for Sussex in the last.
            (
                116,
                Some(261),
                "totals differ from the table of financial years, most of all metropolitan in the year to 2017-03"
            ),
        ]
    );
    assert_eq!(
        noted("home_office_recorded_crime"),
        [(
            "derbyshire",
            2,
            None,
            "the same recorded crime, 86228, in 2021/22 and 2022/23: one of them may stand for both"
        )]
    );
    let population = noted("ons_population_by_force");
    let words = |force: &str| population.iter().filter(|f| f.0 == force).map(|f| f.3).collect::<Vec<_>>();
    assert_eq!(
        words("nottinghamshire"),
        [
            "at 2019-06-30 the forces of East Midlands (Derbyshire, Leicestershire, Lincolnshire, Northamptonshire, Nottinghamshire) \
              add up to 150503 more than the region, by as much as South East is out the other way, as if a district stood in the wrong column; \
              references/populations.csv marks this force as suspect"
        ]
    );
    assert_eq!(words("city-of-london"), ["9721 residents at 2019-06-30: too few for any rate per head"]);
    let others = words("");
    assert_eq!(others[0], "no column for Dyfed-Powys, Gwent, North Wales, South Wales: no rate per head for them");
    assert!(others[1].contains("London (City of London, Metropolitan Police) add up to 562240 fewer"), "{others:?}");
    assert!(others[2].contains("South East") && others[2].contains("150503 fewer"), "{others:?}");
    assert_eq!((others.len(), population.len()), (3, 5));

    let street = noted("police_uk_street");
    let of = |words: &str| street.iter().filter(|f| f.3.contains(words)).map(|f| (f.0, f.1)).collect::<Vec<_>>();
    assert_eq!(
        of("Crime ID"),
        [
            ("city-of-london", 18),
            ("north-yorkshire", 111),
            ("city-of-london", 14),
            ("north-yorkshire", 46),
            ("city-of-london", 17),
            ("north-yorkshire", 82),
            ("warwickshire", 1),
        ]
    );
    assert_eq!(of("may have sent a part"), [("dyfed-powys", 300), ("dyfed-powys", 164)]);
    let nowhere = of("No Location");
    let sum = |force: &str| nowhere.iter().filter(|f| f.0 == force).map(|f| f.1).sum::<u64>();
    assert_eq!((sum("gloucestershire"), sum("wiltshire"), sum("dyfed-powys")), NOWHERE);
}

/// Rows whose Location is `No Location`, counted with Python's csv module.
const NOWHERE: (u64, u64, u64) = (717, 0, 387);

#[test]
fn the_old_totals_agree_with_the_financial_years_until_they_were_revised() {
    let frame = PUBLISHED.recorded_crime_years.as_ref().unwrap();
    let all = rows(frame, &["force", "period_end", "recorded_crime", "in_financial_years", "difference", "fraud"]);
    // 44 forces, year ends from March 2003 to 2007, then each quarter to the end of 2018.
    assert_eq!(all.len(), 44 * (5 + 4 * 11 + 3));
    let of = |force: &str, end: &str| all.iter().find(|r| r[0] == force && r[1] == end).unwrap()[2..].to_vec();
    assert_eq!(of("sussex", "2015-03-31")[2], "-262");
    let agree = all.iter().filter(|r| r[1].ends_with("03-31") && ("2013"..="2015-03-31").contains(&r[1].as_str()));
    assert_eq!(agree.clone().count(), 3 * 44);
    assert_eq!(agree.filter(|r| r[4] != "0").map(|r| r[0].as_str()).collect::<Vec<_>>(), ["sussex"]);
    assert!(all.iter().any(|r| r[1] == "2017-12-31") && all.iter().all(|r| r[1] != "2017-12-30"));
}

/// The workbook of tests/cases/workbooks, made up to the layout of the release: the figures are added up by hand.
#[test]
fn the_outcomes_workbook_gives_the_yearly_figures() {
    let with = |books: &[&str]| {
        let mut definitions = definitions();
        let published = &mut definitions.pipeline.published;
        published.retain(|input| input.shape == PublishedShape::HomeOfficeRecordedCrime);
        let files = books.iter().map(|book| Path::new("tests/cases/workbooks").join(book)).collect();
        let source = "a source".to_owned();
        published.push(PublishedInput { shape: PublishedShape::HomeOfficeOutcomesOpenData, files, source });
        definitions
    };
    for book in ["outcomes.xlsx", "outcomes_by_subcode.xlsx", "outcomes.ods"] {
        let published = published::run(&with(&[book]), None).unwrap();
        assert_eq!(published.data_date.to_string(), "2025-03-31");
        for (metric, unit, numerator) in [
            ("charge_rate_closed", "city-of-london", 16.0),
            ("solved_rate_closed", "city-of-london", 18.0), // 16 charged, 4 resolved, 2 of them corrected away
            ("solved_rate_recorded", "city-of-london", 19.0),
            ("solved_rate_closed", "hampshire", 200.0),
            ("out_of_court_rate_recorded", "hampshire", 80.0),
        ] {
            let rows = &published.figures.by_metric.iter().find(|(id, _)| id.as_str() == metric).unwrap().1;
            let found = rows.iter().find(|f| &*f.unit == unit).unwrap();
            assert_eq!(found.numerator, Some(numerator), "{book} {metric} {unit}");
        }
        let fates: Vec<(u64, u64)> =
            published.reconciliation.iter().filter(|r| r.file == book).map(|r| (r.records_read, r.accepted)).collect();
        assert_eq!(fates, [(3 * 5 * 4 + 4, 64)]);
        let noted: Vec<&str> = published.noted.iter().filter(|f| f.file == book).map(|f| f.words.as_str()).collect();
        assert_eq!(
            noted,
            [
                "counts of 2024/25 not provided: the year's sums are missing, not lower",
                "counts below zero: corrections of earlier quarters, kept in the sums",
            ]
        );
        let left: Vec<(&str, u64)> =
            published.left_out.iter().filter(|l| &*l.file == book).map(|l| (l.reason, l.rows)).collect();
        assert_eq!(left.iter().map(|(_, rows)| rows).sum::<u64>(), 1 + 12 + 12);
    }
    // The same release twice is one; a table that says otherwise is a fault.
    assert!(published::run(&with(&["outcomes.xlsx", "outcomes.ods"]), None).is_ok());
    let mut both = with(&["outcomes.xlsx"]);
    both.pipeline.published.extend(
        definitions().pipeline.published.into_iter().filter(|i| i.shape == PublishedShape::HomeOfficeForceOutcomes),
    );
    let Err(PublishedError::Faults(faults)) = published::run(&both, None) else { panic!("no fault was found") };
    assert!(
        faults.iter().any(|f| f
            .to_string()
            .starts_with("outcomes.xlsx, record 4, closed_all_t1: city-of-london in 2024/25 has 16 here and ")),
        "{faults:?}"
    );
}

#[test]
fn a_workbook_without_its_sheet_is_a_fault_that_names_the_sheets() {
    let mut definitions = definitions();
    let file = Path::new("tests/cases/workbooks/cells.xlsx").to_owned();
    let source = "a source".to_owned();
    definitions.pipeline.published =
        vec![PublishedInput { shape: PublishedShape::HomeOfficeOutcomesOpenData, files: vec![file], source }];
    let Err(PublishedError::Faults(faults)) = published::run(&definitions, None) else { panic!("no fault was found") };
    assert_eq!(
        faults[0].to_string(),
        "tests/cases/workbooks/cells.xlsx: has 0 sheets named `Outcomes_open_data*` where one is read; it has Crimes & more"
    );
}
