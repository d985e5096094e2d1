//! A share over builds, as a small line and as text.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::super::words::percent;
use crate::domain::long_date;
use crate::tables::quality::{Dimension, QualityLevel, QualityRow};

const WIDTH: f64 = 84.0;
const HEIGHT: f64 = 20.0;
/// Kept free at each edge, for the end point and the width of the line.
const MARGIN: f64 = 3.0;
/// The scale spans this much at least, so that a hundredth of a per cent is no cliff.
const LEAST_SPAN: f64 = 0.01;

/// Extract, column (blank for the extract as a whole), dimension, level.
type Measure = (String, String, Dimension, QualityLevel);

/// What an earlier build found of the same force.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierBuild {
    pub data_date: NaiveDate,
    /// Share and grade of each measure.
    pub measures: BTreeMap<Measure, (Option<f64>, Option<String>)>,
}

impl EarlierBuild {
    fn of(&self, row: &QualityRow) -> Option<&(Option<f64>, Option<String>)> {
        let column = row.column.as_deref().unwrap_or_default().to_owned();
        self.measures.get(&(row.extract.to_string(), column, row.dimension, row.level))
    }
}

/// A line of shares, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Trend {
    /// `x,y` of each point.
    points: String,
    end_x: String,
    end_y: String,
    /// What the line shows.
    text: String,
}

/// The share of a measure in earlier builds and in this one; `None` where no earlier build has it.
pub(super) fn trend(row: &QualityRow, earlier: &[EarlierBuild], data_date: NaiveDate) -> Option<Trend> {
    let mut shares: Vec<(NaiveDate, f64)> =
        earlier.iter().filter_map(|build| Some((build.data_date, build.of(row)?.0?))).collect();
    if shares.is_empty() {
        return None;
    }
    shares.push((data_date, row.share()?));
    let text: Vec<String> =
        shares.iter().map(|(date, share)| format!("{} {}", long_date(*date), percent(*share))).collect();
    let (first_day, last_day) = (shares[0].0, data_date);
    let days = (last_day - first_day).num_days().max(1) as f64;
    let low = shares.iter().map(|(_, share)| *share).fold(f64::INFINITY, f64::min);
    let high = shares.iter().map(|(_, share)| *share).fold(f64::NEG_INFINITY, f64::max);
    let middle = f64::midpoint(low, high);
    let span = (high - low).max(LEAST_SPAN);
    let place = |(date, share): &(NaiveDate, f64)| {
        let x = MARGIN + (WIDTH - 2.0 * MARGIN) * (*date - first_day).num_days() as f64 / days;
        let y = HEIGHT / 2.0 - (HEIGHT - 2.0 * MARGIN) * (share - middle) / span;
        (format!("{x:.1}"), format!("{y:.1}"))
    };
    let places: Vec<(String, String)> = shares.iter().map(place).collect();
    let (end_x, end_y) = places.last().cloned().unwrap_or_default();
    let points: Vec<String> = places.into_iter().map(|(x, y)| format!("{x},{y}")).collect();
    Some(Trend { points: points.join(" "), end_x, end_y, text: text.join(", ") })
}

/// `B on 31 August 2026`: the grade in the build before.
pub(super) fn grade_before(row: &QualityRow, earlier: &[EarlierBuild]) -> Option<String> {
    let last = earlier.last()?;
    let grade = last.of(row)?.1.as_ref()?;
    Some(format!("{grade} on {}", long_date(last.data_date)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_iso_date;

    fn row(numerator: u64) -> QualityRow {
        QualityRow {
            extract: "crimes".into(),
            column: Some("officer".into()),
            dimension: Dimension::Completeness,
            force: "kent".into(),
            level: QualityLevel::Force,
            unit: "kent".into(),
            numerator: Some(numerator),
            denominator: Some(100),
            affected: Some(100 - numerator),
            grade: None,
            reason: None,
            finding: None,
            basis: None,
            owner: None,
        }
    }

    fn build(date: &str, share: Option<f64>) -> EarlierBuild {
        let key = ("crimes".to_owned(), "officer".to_owned(), Dimension::Completeness, QualityLevel::Force);
        let measures = BTreeMap::from([(key, (share, Some("B".to_owned())))]);
        EarlierBuild { data_date: parse_iso_date(date).unwrap(), measures }
    }

    #[test]
    fn a_line_has_its_days_across_and_its_shares_up() {
        let now = parse_iso_date("2026-03-11").unwrap();
        let earlier = [build("2026-03-01", Some(0.90)), build("2026-03-06", None), build("2026-03-06", Some(0.95))];
        let line = trend(&row(92), &earlier, now).unwrap();
        // 78 wide from 3, over ten days; 14 high about 10, over 0.90 to 0.95.
        assert_eq!(line.points, "3.0,17.0 42.0,3.0 81.0,11.4");
        assert_eq!((line.end_x.as_str(), line.end_y.as_str()), ("81.0", "11.4"));
        assert_eq!(line.text, "1 March 2026 90.0%, 6 March 2026 95.0%, 11 March 2026 92.0%");
        assert_eq!(grade_before(&row(92), &earlier).as_deref(), Some("B on 6 March 2026"));
    }

    #[test]
    fn without_an_earlier_share_there_is_no_line() {
        let now = parse_iso_date("2026-03-11").unwrap();
        assert_eq!(trend(&row(92), &[], now), None);
        assert_eq!(trend(&row(92), &[build("2026-03-01", None)], now), None);
        assert_eq!(grade_before(&row(92), &[]), None);
    }
}
