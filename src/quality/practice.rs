//! Signals of how crimes are recorded, month by month, with the limits of an XmR chart.
//!
//! A month counts the crimes recorded in it, as known on the data date. Months that are not final are in no limit and no
//! rule; a month with too few rows has no value and is a gap.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{DataFrame, DataType, Expr, JoinArgs, JoinType, LazyFrame, PolarsResult, TimeUnit, col, lit};

use super::words;
use crate::definitions::{Definitions, Practice, Signal};
use crate::domain::{Month, Status};
use crate::statistics::xmr::{self, MINIMUM_POINTS_FOR_LIMITS, Rule, Screening};
use crate::tables::figure_rules::Timing;
use crate::tables::over_time::ProcessLimits;
use crate::tables::quality::{PracticeMonth, QualityLevel};

/// Later than this after the report a crime is recorded late, by the Home Office Counting Rules.
const RECORDED_WITHIN_HOURS: f64 = 24.0;

/// Events with a smaller median a month are rare: the limits of an XmR chart do not hold for them.
const RARE_MEDIAN: u64 = 2;

/// Conformed rows of the measured forces, in the window.
pub struct PracticeInput<'a> {
    pub definitions: &'a Definitions,
    pub data_date: NaiveDate,
    pub crimes: Option<LazyFrame>,
    pub victim_contacts: Option<LazyFrame>,
    /// Whether an extract has a column.
    pub has: &'a dyn Fn(&str, &str) -> bool,
}

/// Every signal by force, area, department, team and month. A signal whose columns are not there has no rows.
///
/// # Errors
/// A conformed table that cannot be read.
pub fn practice(input: &PracticeInput<'_>) -> PolarsResult<Vec<PracticeMonth>> {
    let mut months = Vec::new();
    for signal in &input.definitions.quality.signals {
        let Some(rows) = input.rows(signal) else { continue };
        months.extend(signal_months(input, signal, &counted(rows)?)?);
    }
    months.sort_by(|a, b| {
        (&a.signal, &a.force, a.level, &a.unit, a.month).cmp(&(&b.signal, &b.force, b.level, &b.unit, b.month))
    });
    Ok(months)
}

fn day(time: &str) -> Expr {
    col(time).cast(DataType::Date)
}

impl PracticeInput<'_> {
    /// The rows that could show a practice, and in `shows` whether they do; `None` where a column for it is not there.
    fn rows(&self, signal: &Signal) -> Option<LazyFrame> {
        let crimes = self.crimes.clone()?;
        let net = col("cancelled").eq(lit(false));
        let there = |columns: &[&str]| columns.iter().all(|c| (self.has)("crimes", c));
        let (rows, could, shows) = match &signal.practice {
            Practice::Cancelled if there(&["cancelled_at"]) => {
                (crimes, col("cancelled").is_not_null(), col("cancelled"))
            }
            Practice::OutcomeOnTheDay { outcome_type } if there(&["outcome_type", "outcome_at"]) => {
                let this = col("outcome_type").eq(lit(outcome_type.as_str()));
                let same_day = day("outcome_at").eq(day("recorded_at"));
                (crimes, net.and(col("outcome_at_invalid").not()), this.and(same_day))
            }
            Practice::RecordedLate if there(&["reported_at"]) => {
                let hours = col("report_to_recording_hours");
                (crimes, hours.clone().is_not_null(), hours.gt(lit(RECORDED_WITHIN_HOURS)))
            }
            Practice::OutcomeWithoutUpdate if (self.has)("victim_contacts", "first_update_at") => {
                let outcomes = crimes.select([col("force"), col("crime_ref"), col("outcome_type")]);
                let key = [col("force"), col("crime_ref")];
                let contacts = self.victim_contacts.clone()?;
                let rows = contacts.join(outcomes, key.clone(), key, JoinArgs::new(JoinType::Left));
                let due = col("counts").and(col("update_due")).and(col("updated_on_time").is_not_null());
                (rows, due.and(col("outcome_type").is_not_null()), col("first_update_at").is_null())
            }
            _ => return None,
        };
        Some(rows.filter(could.fill_null(lit(false))).with_column(shows.fill_null(lit(false)).alias("shows")))
    }
}

/// Rows and those that show the practice, by force, area, department, team and month.
fn counted(rows: LazyFrame) -> PolarsResult<DataFrame> {
    let at = col("recorded_at");
    let month = at.clone().dt().year().cast(DataType::Int32) * lit(12) + at.dt().month().cast(DataType::Int32) - lit(1);
    rows.group_by([col("force"), col("area"), col("department"), col("team"), month.alias("month")])
        .agg([
            col("shows").sum().cast(DataType::UInt64).alias("numerator"),
            col("shows").count().cast(DataType::UInt64).alias("denominator"),
        ])
        .collect()
}

/// Numerator and denominator by month serial.
type Series = BTreeMap<i32, (u64, u64)>;

fn signal_months(input: &PracticeInput<'_>, signal: &Signal, counted: &DataFrame) -> PolarsResult<Vec<PracticeMonth>> {
    let text = |name: &str| counted.column(name).and_then(|c| c.str());
    let force = text("force")?;
    let (area, department, team) = (text("area")?, text("department")?, text("team")?);
    let month = counted.column("month")?.i32()?;
    let (numerator, denominator) = (counted.column("numerator")?.u64()?, counted.column("denominator")?.u64()?);
    let mut series: BTreeMap<(Arc<str>, QualityLevel, Arc<str>), Series> = BTreeMap::new();
    for row in 0..counted.height() {
        let (Some(force), Some(month)) = (force.get(row), month.get(row)) else { continue };
        let units = [
            (QualityLevel::Force, Some(force)),
            (QualityLevel::Area, area.get(row)),
            (QualityLevel::Department, department.get(row)),
            (QualityLevel::Team, team.get(row)),
        ];
        for (level, unit) in units {
            let key = (force.into(), level, unit.unwrap_or_default().into());
            let sums = series.entry(key).or_default().entry(month).or_default();
            sums.0 += numerator.get(row).unwrap_or(0);
            sums.1 += denominator.get(row).unwrap_or(0);
        }
    }
    let first_whole = first_whole_month(input.crimes.clone())?;
    let chart = Chart { input, signal, first_whole };
    Ok(series.iter().flat_map(|((force, level, unit), series)| chart.months(force, *level, unit, series)).collect())
}

/// The first month that the crimes cover from its first day.
fn first_whole_month(crimes: Option<LazyFrame>) -> PolarsResult<Option<Month>> {
    let Some(crimes) = crimes else { return Ok(None) };
    let earliest = crimes.select([col("recorded_at").min()]).collect()?;
    let micros = earliest.column("recorded_at")?.cast(&DataType::Datetime(TimeUnit::Microseconds, None))?;
    let micros = micros.to_physical_repr().i64()?.get(0);
    Ok(micros.map(|micros| {
        let day = crate::domain::civil_date(micros.div_euclid(crate::domain::clock::MICROS_PER_DAY) as i32);
        let month = Month::of(day);
        if month.first_day() == day { month } else { month.plus(1) }
    }))
}

/// One signal, unit by unit.
struct Chart<'a> {
    input: &'a PracticeInput<'a>,
    signal: &'a Signal,
    first_whole: Option<Month>,
}

impl Chart<'_> {
    fn status(&self, month: Month) -> Status {
        let timing = Timing {
            data_date: self.input.data_date,
            matures_after_days: self.signal.matures_after_days,
            complete_after_days: None,
        };
        if self.first_whole.is_some_and(|first| month < first) { Status::Provisional } else { timing.status(month).0 }
    }

    /// The months of one unit, with the limits of its final ones.
    fn months(&self, force: &Arc<str>, level: QualityLevel, unit: &Arc<str>, series: &Series) -> Vec<PracticeMonth> {
        let quality = &self.input.definitions.quality;
        let mut months: Vec<PracticeMonth> = series
            .iter()
            .map(|(serial, (numerator, denominator))| {
                let month = Month::from_serial(*serial);
                let enough = *denominator >= quality.least_rows.max(1);
                PracticeMonth {
                    signal: self.signal.id.as_str().into(),
                    force: force.clone(),
                    level,
                    unit: unit.clone(),
                    month,
                    numerator: *numerator,
                    denominator: *denominator,
                    value: enough.then(|| *numerator as f64 / *denominator as f64),
                    status: self.status(month),
                    limits: None,
                    rule: None,
                    is_break: false,
                    moves: self.signal.moves.join(", ").into(),
                }
            })
            .collect();
        judge(&mut months, quality.break_months);
        months
    }
}

/// Whether at least half of the months have fewer events than [`RARE_MEDIAN`].
fn is_rare(mut events: Vec<u64>) -> bool {
    events.sort_unstable();
    events.get(events.len() / 2).is_none_or(|median| *median < RARE_MEDIAN)
}

/// Gives limits to all months and a rule to the final ones with a value, where there are enough of them and of
/// their events.
fn judge(months: &mut [PracticeMonth], break_months: usize) {
    let tested: Vec<usize> =
        (0..months.len()).filter(|i| months[*i].status == Status::Final && months[*i].value.is_some()).collect();
    let values: Vec<f64> = tested.iter().filter_map(|i| months[*i].value).collect();
    if values.len() < MINIMUM_POINTS_FOR_LIMITS || is_rare(tested.iter().map(|i| months[*i].numerator).collect()) {
        return;
    }
    let Some(phase) = xmr::phase(&values, None, Screening::On) else { return };
    let limits = ProcessLimits { centre: phase.limits.centre, lower: phase.limits.lower, upper: phase.limits.upper };
    months.iter_mut().for_each(|month| month.limits = Some(limits));
    for (place, (i, rule)) in tested.iter().zip(&phase.rules).enumerate() {
        months[*i].rule = Some(*rule);
        months[*i].is_break = *rule != Rule::CommonCause && place + break_months >= tested.len();
    }
}

/// `July 2026 was above its upper limit (12.3%; usually 8.1% to 9.9%).`; `None` for a month without a rule.
pub(super) fn sentence(month: &PracticeMonth) -> Option<String> {
    let (rule, value, limits) = (month.rule?, month.value?, month.limits?);
    let (name, said) = (words::month(month.month), words::rule(rule));
    Some(format!("{name} {said} ({}; usually {}).", words::percent(value), words::usual_range(limits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Months from January 2024 on, of 1,000 crimes each.
    fn months(numerators: &[u64]) -> Vec<PracticeMonth> {
        let january = Month::parse("2024-01").unwrap();
        let month = |(i, numerator): (usize, &u64)| PracticeMonth {
            signal: "s".into(),
            force: "kent".into(),
            level: QualityLevel::Force,
            unit: "kent".into(),
            month: january.plus(i as i32),
            numerator: *numerator,
            denominator: 1000,
            value: Some(*numerator as f64 / 1000.0),
            status: Status::Final,
            limits: None,
            rule: None,
            is_break: false,
            moves: "".into(),
        };
        numerators.iter().enumerate().map(month).collect()
    }

    /// Moving ranges of 2 but for two of 58, which are screened out: mean 2 (of 1,000), centre 1,376 / 24, so that the
    /// upper limit is 0.0573 + 0.0053.
    const WITH_A_PEAK: [u64; 24] =
        [56, 54, 56, 54, 56, 54, 56, 54, 56, 54, 56, 54, 56, 54, 56, 54, 56, 54, 56, 54, 56, 54, 112, 54];

    #[test]
    fn a_break_is_a_rule_in_one_of_the_last_final_months() {
        let mut found = months(&WITH_A_PEAK);
        judge(&mut found, 3);
        let peak = &found[22];
        assert_eq!((peak.rule, peak.is_break), (Some(Rule::AboveUpperLimit), true));
        // The month before it is the last of 22 below the mean; the month after stands alone below it.
        assert_eq!((found[21].rule, found[21].is_break), (Some(Rule::ShiftBelow), true));
        assert_eq!(found.iter().filter(|m| m.is_break).count(), 2);
        let limits = peak.limits.unwrap();
        assert!((limits.centre - 1376.0 / 24_000.0).abs() < 1e-12, "{limits:?}");
        assert!((limits.upper - limits.centre - 2.66 * 0.002).abs() < 1e-12, "{limits:?}");
        assert_eq!(
            sentence(peak).as_deref(),
            Some("November 2025 was above its upper limit (11.2%; usually 5.2% to 6.3%).")
        );

        let mut older = months(&WITH_A_PEAK);
        judge(&mut older, 1);
        assert!(older.iter().all(|m| !m.is_break), "neither is the last month");
    }

    #[test]
    fn provisional_months_and_rare_events_break_nothing() {
        let mut provisional = months(&WITH_A_PEAK);
        provisional[22].status = Status::Provisional;
        judge(&mut provisional, 3);
        assert_eq!((provisional[22].rule, provisional[22].is_break), (None, false));
        assert!(provisional[22].limits.is_some());

        let mut rare = months(&[0, 1].repeat(12));
        judge(&mut rare, 3);
        assert!(rare.iter().all(|m| m.limits.is_none() && m.rule.is_none()));
        let mut few = months(&[50, 54].repeat(6));
        judge(&mut few, 3);
        assert!(few.iter().all(|m| m.limits.is_none()));
    }
}
