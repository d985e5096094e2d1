//! What a force did not report is missing in a build, never 0: in no nation, group, rank or funnel of its year.
//!
//! The shipped tables hold no force but Gloucestershire before 2024/25. Where a year of all forces is needed, the rows of
//! 2025/26 stand in as 2019/20 and 2022/23: the figures of those years are made up, what is asked of them is who is there.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::built::{Row, rows};
use crate::command::{Succeeds, scorecard};

const OUTCOMES: &str = "force_outcomes_by_year_2024-25_to_2025-26.csv";
/// Force, first day of the year without it, and the year.
const MISSING: [(&str, &str, &str); 2] =
    [("greater-manchester", "2019-04-01", "2019/20"), ("devon-and-cornwall", "2022-04-01", "2022/23")];
/// Gloucestershire and its illustrative group.
const GROUP: [&str; 8] = [
    "cambridgeshire",
    "devon-and-cornwall",
    "gloucestershire",
    "norfolk",
    "suffolk",
    "warwickshire",
    "west-mercia",
    "wiltshire",
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The published pipeline with outcomes of all forces in 2019/20 and 2022/23, built.
fn build(folder: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("pipelines"), &folder.join("pipelines"));
    let published = folder.join("sample_data/published");
    fs::create_dir_all(&published).unwrap();
    for name in ["force_recorded_crime_by_year_2012-13_to_2025-26.csv", OUTCOMES] {
        fs::copy(root.join("sample_data/published").join(name), published.join(name)).unwrap();
    }
    let shipped = fs::read_to_string(published.join(OUTCOMES)).unwrap();
    let header = shipped.lines().next().unwrap();
    let newest: Vec<&str> = shipped.lines().filter(|line| line.contains(",2025/26,")).collect();
    assert_eq!(newest.len(), 44);
    let of = |year: &str| newest.iter().map(|line| line.replace("2025/26", year)).collect::<Vec<_>>().join("\n");
    let made = format!("{header}\n{}\n{}\n", of("2019/20"), of("2022/23"));
    fs::write(published.join("made_up_years.csv"), made).unwrap();
    let pipeline = folder.join("pipelines/published.toml");
    let text = fs::read_to_string(&pipeline).unwrap();
    let blocks: Vec<&str> = text.split("[[published]]").collect();
    let keep =
        |block: &&str| !block.contains("shape = ") || block.contains("_force_outcomes\"") || block.contains("_crime\"");
    let kept: Vec<&str> = blocks[..blocks.len() - 1].iter().copied().filter(keep).collect();
    // The last block carries the rest of the file.
    let rest = &blocks[blocks.len() - 1][blocks[blocks.len() - 1].find("[comparators]").unwrap()..];
    let text = format!("{}{rest}", kept.join("[[published]]"));
    let text = text.replace("gloucestershire_outcomes_by_year_2014-15_to_2025-26.csv", "made_up_years.csv");
    fs::write(&pipeline, text).unwrap();
    scorecard(folder, &["build", "pipelines/published.toml", "--only", "tables", "--out", "out"]).succeeds();
    folder.join("out/current")
}

/// The rows of the solved rate in one year.
fn of_year<'r>(rows: &'r [Row], year: &str) -> Vec<&'r Row> {
    rows.iter().filter(|row| row["metric"] == "solved_rate_closed" && row["period_start"] == year).collect()
}

fn forces<'r>(rows: &[&'r Row]) -> BTreeSet<&'r str> {
    rows.iter().map(|row| row["force"].as_str()).filter(|force| *force != "england-and-wales").collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn a_force_that_did_not_report_is_in_no_comparator() {
    let folder = tempfile::tempdir().unwrap();
    let build = build(folder.path());
    let [all_values, all_points, all_comparisons, quality] =
        ["metric_values", "funnel", "comparisons", "data_quality"].map(|table| rows(&build, table));
    for (force, start, year) in MISSING {
        let (values, points) = (of_year(&all_values, start), of_year(&all_points, start));
        let comparisons = of_year(&all_comparisons, start);
        let own: Vec<_> = values.iter().filter(|row| row["force"] == force).collect();
        let [own] = own[..] else { panic!("{own:?}") };
        assert_eq!((own["status"].as_str(), &*own["numerator"], &*own["value"]), ("not_available", "", ""));
        assert!(own["reason"].starts_with("not reported whole: ") && number(own, "denominator") > 90_000.0, "{own:?}");

        // The funnel: 42 forces about what the 42 give, with no 0 of the missing one.
        assert_eq!((forces(&values).len(), forces(&points).len()), (43, 42));
        assert!(!forces(&points).contains(force) && points.iter().all(|row| row["forces"] == "42"));
        let sum = |column| points.iter().map(|row| number(row, column)).sum::<f64>();
        assert!((number(points[0], "centre") - sum("numerator") / sum("denominator")).abs() < 1e-12);

        // No nation, so no force stands beside it.
        assert!(!forces(&comparisons).contains(force));
        assert!(!values.iter().any(|row| row["level"] == "national"));
        assert!(!comparisons.iter().any(|row| row["comparator"] == "national"));

        // The group is the mean of its members that are there.
        let group: Vec<_> = comparisons.iter().filter(|row| row["comparator"] == "most_similar_group").collect();
        let [group] = group[..] else { panic!("{group:?}") };
        let there: Vec<f64> = values
            .iter()
            .filter(|row| GROUP.contains(&&*row["force"]) && row["force"] != force)
            .map(|row| number(row, "value"))
            .collect();
        assert_eq!(number(group, "group_size"), there.len() as f64);
        assert!((number(group, "comparator_value") - there.iter().sum::<f64>() / there.len() as f64).abs() < 1e-12);
        assert!(number(group, "rank_upper") <= there.len() as f64);

        let says = |row: &&Row| row.values().any(|cell| cell.starts_with(&format!("{year} is not reported whole")));
        let told: Vec<_> = quality.iter().filter(says).map(|row| row["force"].as_str()).collect();
        assert_eq!(told, [force]);
    }
}
