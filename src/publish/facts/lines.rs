//! Rows of `scorecard` and `attention`.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::publish::SCORECARD;
use crate::publish::marked::RowKey;
use crate::tables::attention::ATTENTION;
use crate::tables::reading::{ReadingError, Row, each_row};

const BLOCK: usize = 1024;

/// A row of `scorecard`, under the names of its columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScorecardLine {
    pub stage: String,
    pub metric: String,
    pub title: String,
    pub period_type: Option<String>,
    pub period_start: Option<NaiveDate>,
    pub period_end: Option<NaiveDate>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub lower_95: Option<f64>,
    pub upper_95: Option<f64>,
    pub reason: Option<String>,
    pub target: Option<f64>,
    pub target_gap: Option<f64>,
    pub group_value: Option<f64>,
    pub group_period_end: Option<NaiveDate>,
    pub group_method: Option<String>,
    pub group_verdict: Option<String>,
    pub sensitivity: Option<String>,
    pub rank: Option<u64>,
    pub rank_lower: Option<u64>,
    pub rank_upper: Option<u64>,
    pub group_size: Option<u64>,
    pub national_value: Option<f64>,
    pub national_period_end: Option<NaiveDate>,
    pub national_method: Option<String>,
    pub national_verdict: Option<String>,
    pub national_adjusted_value: Option<f64>,
    pub national_adjusted_verdict: Option<String>,
    pub last_year_value: Option<f64>,
    pub last_year_period_end: Option<NaiveDate>,
    pub last_year_method: Option<String>,
    pub last_year_verdict: Option<String>,
    pub q_value: Option<f64>,
    pub flagged: Option<bool>,
    pub variation: Option<String>,
    pub variation_chart: Option<String>,
    pub variation_rule: Option<String>,
    pub variation_month: Option<NaiveDate>,
    pub assurance: Option<String>,
    pub owner: String,
    pub strategic_lead: Option<String>,
    pub analyst_spoc: Option<String>,
    pub data_quality: Option<String>,
    pub data_quality_basis: Option<String>,
    pub caution: Option<String>,
}

impl ScorecardLine {
    /// The row by its key.
    pub fn row(&self) -> Arc<RowKey> {
        Arc::new(RowKey { table: "scorecard", key: vec![("metric", self.metric.clone())] })
    }
}

/// A row of `attention`.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedLine {
    pub list: String,
    pub position: u64,
    /// Lines that the rules put in the list, shown or not.
    pub list_size: u64,
    pub metric: String,
    pub why: String,
    pub partner: Option<String>,
    /// Comparisons in the force's family of tests, and how many of them chance alone would call different.
    pub tests: u64,
    pub expected_by_chance: Option<f64>,
}

impl ListedLine {
    /// The row by its key.
    pub fn row(&self) -> Arc<RowKey> {
        Arc::new(RowKey {
            table: "attention",
            key: vec![("list", self.list.clone()), ("position", self.position.to_string())],
        })
    }
}

fn some(row: &Row<'_>, column: &'static str) -> Result<Option<String>, ReadingError> {
    Ok(row.optional_text(column)?.map(str::to_owned))
}

pub(super) fn scorecard(build: &Path, force: &str) -> Result<Vec<ScorecardLine>, ReadingError> {
    let mut lines = Vec::new();
    each_row(&build.join(SCORECARD.path()), BLOCK, |row| {
        if row.text("force")? == force {
            lines.push(line(&row)?);
        }
        Ok::<(), ReadingError>(())
    })?;
    Ok(lines)
}

fn line(row: &Row<'_>) -> Result<ScorecardLine, ReadingError> {
    Ok(ScorecardLine {
        stage: row.text("stage")?.to_owned(),
        metric: row.text("metric")?.to_owned(),
        title: row.text("title")?.to_owned(),
        period_type: some(row, "period_type")?,
        period_start: row.date("period_start")?,
        period_end: row.date("period_end")?,
        numerator: row.number("numerator")?,
        denominator: row.number("denominator")?,
        value: row.number("value")?,
        lower_95: row.number("lower_95")?,
        upper_95: row.number("upper_95")?,
        reason: some(row, "reason")?,
        target: row.number("target")?,
        target_gap: row.number("target_gap")?,
        group_value: row.number("group_value")?,
        group_period_end: row.date("group_period_end")?,
        group_method: some(row, "group_method")?,
        group_verdict: some(row, "group_verdict")?,
        sensitivity: some(row, "sensitivity")?,
        rank: row.count("rank")?,
        rank_lower: row.count("rank_lower")?,
        rank_upper: row.count("rank_upper")?,
        group_size: row.count("group_size")?,
        national_value: row.number("national_value")?,
        national_period_end: row.date("national_period_end")?,
        national_method: some(row, "national_method")?,
        national_verdict: some(row, "national_verdict")?,
        national_adjusted_value: row.number("national_adjusted_value")?,
        national_adjusted_verdict: some(row, "national_adjusted_verdict")?,
        last_year_value: row.number("last_year_value")?,
        last_year_period_end: row.date("last_year_period_end")?,
        last_year_method: some(row, "last_year_method")?,
        last_year_verdict: some(row, "last_year_verdict")?,
        q_value: row.number("q_value")?,
        flagged: row.flag("flagged")?,
        variation: some(row, "variation")?,
        variation_chart: some(row, "variation_chart")?,
        variation_rule: some(row, "variation_rule")?,
        variation_month: row.date("variation_month")?,
        assurance: some(row, "assurance")?,
        owner: row.text("owner")?.to_owned(),
        strategic_lead: some(row, "strategic_lead")?,
        analyst_spoc: some(row, "analyst_spoc")?,
        data_quality: some(row, "data_quality")?,
        data_quality_basis: some(row, "data_quality_basis")?,
        caution: some(row, "caution")?,
    })
}

pub(super) fn attention(build: &Path, force: &str) -> Result<Vec<ListedLine>, ReadingError> {
    let mut listed = Vec::new();
    each_row(&build.join(ATTENTION.path()), BLOCK, |row| {
        if row.text("force")? == force {
            listed.push(ListedLine {
                list: row.text("list")?.to_owned(),
                position: row.count("position")?.unwrap_or_default(),
                list_size: row.count("list_size")?.unwrap_or_default(),
                metric: row.text("metric")?.to_owned(),
                why: row.text("why")?.to_owned(),
                partner: some(&row, "partner")?,
                tests: row.count("tests")?.unwrap_or_default(),
                expected_by_chance: row.number("expected_by_chance")?,
            });
        }
        Ok::<(), ReadingError>(())
    })?;
    Ok(listed)
}
