//! The rules: each takes what is known of one extract and says nothing, warns, or stops.

use std::collections::BTreeMap;

use super::verdict::{GateRule, GateVerdict};
use crate::definitions::{Severity, Thresholds};
use crate::domain::{civil_date, long_date};

/// What is known of one extract before its rows are parsed.
#[derive(Clone, Debug)]
pub struct ExtractFacts<'a> {
    pub extract: &'a str,
    pub thresholds: Thresholds,
    pub records: u64,
    /// Well-formed records by force id.
    pub rows_by_force: &'a BTreeMap<String, u64>,
    /// Whether rows have a time at all.
    pub dated: bool,
    /// Day of the newest row that is not a mistake, days since 1970-01-01.
    pub newest_day: Option<i32>,
    /// Of its files, as they lie on the disk.
    pub hashes: Vec<&'a str>,
    /// The same extract in the last good build, where the two can be compared.
    pub before: Option<Before>,
}

/// An extract in the last good build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    pub records: u64,
    pub hashes: Vec<String>,
    /// The build's data date, days since 1970-01-01.
    pub data_day: i32,
}

/// What is known of the night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Night<'a> {
    /// The whole day that every extract ought to reach: `--as-at`, or the newest that any reaches. `None`: nobody knows.
    pub expected_day: Option<i32>,
    /// The newest day that a row may carry; a later one is a mistake.
    pub newest_allowed: Option<i32>,
    /// The force that is measured; `None`: all.
    pub measured: Option<&'a str>,
}

impl<'a> Night<'a> {
    /// From the data date (`--as-at`, or found), and the newest day of each extract that has a whole week before it.
    pub fn new(as_at: Option<i32>, data_day: Option<i32>, horizons: &[i32], measured: Option<&'a str>) -> Self {
        let newest = horizons.iter().copied().max();
        let whole = newest.map(|day| day - 1);
        Self { expected_day: as_at.or(whole.max(data_day)), newest_allowed: newest.max(data_day), measured }
    }
}

/// The newest day with a row that is no mistake.
pub fn newest_day(rows_by_day: &BTreeMap<i32, u64>, newest_allowed: Option<i32>) -> Option<i32> {
    let allowed = rows_by_day.range(..=newest_allowed?);
    allowed.rev().find(|(_, rows)| **rows > 0).map(|(day, _)| *day)
}

/// All that the structural pass of one extract gives cause to say.
pub fn survey(night: &Night<'_>, facts: &ExtractFacts<'_>) -> Vec<GateVerdict> {
    let rules =
        [other_force(night, facts), same_file_again(night, facts), fewer_rows(facts), newest_too_old(night, facts)];
    rules.into_iter().flatten().collect()
}

/// A file that cannot be read as what it should be.
pub fn file_verdict(extract: &str, rule: GateRule, problem: &str, limit: &str, next_step: &str) -> GateVerdict {
    GateVerdict {
        extract: extract.to_owned(),
        rule,
        severity: Severity::Stop,
        let_pass: false,
        found: problem.to_owned(),
        limit: limit.to_owned(),
        message: format!("{extract}: {problem}"),
        next_step: next_step.to_owned(),
    }
}

/// Whether too large a share of an extract's records is in quarantine.
pub fn quarantine(extract: &str, thresholds: Thresholds, read: u64, quarantined: u64) -> Option<GateVerdict> {
    let share = if read == 0 { 0.0 } else { quarantined as f64 / read as f64 };
    let (severity, limit) = thresholds.quarantined_share.passed_by(share)?;
    let (shown, limit) = percents(share, limit);
    let found = format!("{quarantined} of {read} records ({shown})");
    let verdict = Said {
        rule: GateRule::QuarantinedShare,
        severity,
        message: format!("{found} are in quarantine, more than the {limit} {}", allowed(severity)),
        found,
        limit,
        next_step: "Look at what the rules name in quarantine.parquet, and mend the export".to_owned(),
        unless: "these records are known and may be left out",
    };
    Some(verdict.of(extract))
}

/// A share is allowed until it stops, and usual until it warns.
const fn allowed(severity: Severity) -> &'static str {
    match severity {
        Severity::Stop => "allowed",
        Severity::Warn => "that is usual",
    }
}

fn other_force(night: &Night<'_>, facts: &ExtractFacts<'_>) -> Option<GateVerdict> {
    /// Forces named in full.
    const NAMED: usize = 3;
    let (severity, measured) = (facts.thresholds.other_force?, night.measured?);
    if facts.rows_by_force.is_empty() || facts.rows_by_force.contains_key(measured) {
        return None;
    }
    let mut forces: Vec<(&String, &u64)> = facts.rows_by_force.iter().collect();
    forces.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    let mut named: Vec<String> = forces.iter().take(NAMED).map(|(force, rows)| format!("{rows} of {force}")).collect();
    if forces.len() > NAMED {
        named.push(format!("more of {} others", forces.len() - NAMED));
    }
    let found = named.join(", ");
    let verdict = Said {
        rule: GateRule::OtherForce,
        severity,
        message: format!("no row is of {measured}; there are {found}"),
        found,
        limit: format!("at least one row of {measured}"),
        next_step: format!("Is this the export of {measured}, and does its column force say so? Export again"),
        unless: "it is right that it holds none",
    };
    Some(verdict.of(facts.extract))
}

/// The last good build stood at the end of this very file, and the day that the extract ought to reach has moved on.
fn same_file_again(night: &Night<'_>, facts: &ExtractFacts<'_>) -> Option<GateVerdict> {
    let (severity, before, expected) = (facts.thresholds.same_file_again?, facts.before.as_ref()?, night.expected_day?);
    let mut now = facts.hashes.clone();
    let mut then: Vec<&str> = before.hashes.iter().map(String::as_str).collect();
    now.sort_unstable();
    then.sort_unstable();
    // A look back from a newer file says nothing of what is new in it.
    let stood_at_its_end = facts.newest_day.is_none_or(|day| before.data_day >= day - 1);
    let lags = facts.newest_day.is_none_or(|day| day <= expected);
    if now != then || !stood_at_its_end || !lags || expected <= before.data_day {
        return None;
    }
    let (before, expected) = (day(before.data_day), day(expected));
    let verdict = Said {
        rule: GateRule::SameFileAgain,
        severity,
        message: format!(
            "every file is the one of the last good build, which stood at {before}; it ought to reach {expected}"
        ),
        found: format!("the files of the build of {before}"),
        limit: format!("a file that reaches {expected}"),
        next_step: "Did last night's export run, and was it copied to where the build reads? Export again".to_owned(),
        unless: "there is no newer one",
    };
    Some(verdict.of(facts.extract))
}

fn fewer_rows(facts: &ExtractFacts<'_>) -> Option<GateVerdict> {
    let (now, before) = (facts.records, facts.before.as_ref()?.records);
    if now >= before {
        return None;
    }
    let share = (before - now) as f64 / before as f64;
    let (severity, limit) = facts.thresholds.fewer_rows_share.passed_by(share)?;
    let (shown, limit) = percents(share, limit);
    let verdict = Said {
        rule: GateRule::FewerRows,
        severity,
        message: format!(
            "{now} records, {shown} fewer than the {before} of the last good build; more than {limit} fewer is not {}",
            match severity {
                Severity::Stop => "allowed",
                Severity::Warn => "usual",
            }
        ),
        found: format!("{now} records, {shown} fewer than {before}"),
        limit: format!("{limit} fewer"),
        next_step: "Was the export cut off, or its period or filter changed? Export again".to_owned(),
        unless: "there really are fewer",
    };
    Some(verdict.of(facts.extract))
}

fn newest_too_old(night: &Night<'_>, facts: &ExtractFacts<'_>) -> Option<GateVerdict> {
    if !facts.dated {
        return None;
    }
    let expected = night.expected_day?;
    let days_old = facts.newest_day.map_or(u32::MAX, |newest| u32::try_from(expected - newest).unwrap_or(0));
    let (severity, limit) = facts.thresholds.newest_row_days.passed_by(days_old)?;
    let expected = day(expected);
    let (found, message) = match facts.newest_day {
        Some(newest) => {
            let (newest, old) = (day(newest), days(days_old));
            let message = format!("the newest row is of {newest}, {old} before {expected}");
            (format!("newest row {newest}, {old} before {expected}"), message)
        }
        None => ("no row with a day".to_owned(), format!("no row has a day up to {expected}")),
    };
    let verdict = Said {
        rule: GateRule::NewestTooOld,
        severity,
        message: format!(
            "{message}; more than {} is not {}",
            days(limit),
            match severity {
                Severity::Stop => "allowed",
                Severity::Warn => "usual",
            }
        ),
        found,
        limit: days(limit),
        next_step: "Did the newest export run, and is the data date the one that you want? Export again".to_owned(),
        unless: "nothing newer is to be had",
    };
    Some(verdict.of(facts.extract))
}

/// What a rule says; whose extract it is, and how to let it pass, is the same for all.
struct Said {
    rule: GateRule,
    severity: Severity,
    message: String,
    found: String,
    limit: String,
    /// Without its full stop.
    next_step: String,
    /// When it may be let pass.
    unless: &'static str,
}

impl Said {
    fn of(self, extract: &str) -> GateVerdict {
        let (rule, unless) = (self.rule, self.unless);
        GateVerdict {
            extract: extract.to_owned(),
            rule,
            severity: self.severity,
            let_pass: false,
            found: self.found,
            limit: self.limit,
            message: format!("{extract}: {}", self.message),
            next_step: match self.severity {
                Severity::Stop => {
                    format!("{}. If {unless}, build with --allow {}:{extract}.", self.next_step, rule.name())
                }
                Severity::Warn => format!("{}.", self.next_step),
            },
        }
    }
}

fn day(day: i32) -> String {
    long_date(civil_date(day))
}

fn days(days: u32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// A share and the limit that it passed, with as many decimals as tell them apart.
fn percents(share: f64, limit: f64) -> (String, String) {
    let shown = |decimals: usize| (format!("{:.decimals$}%", 100.0 * share), format!("{:.decimals$}%", 100.0 * limit));
    (1..6).map(shown).find(|(share, limit)| share != limit).unwrap_or_else(|| shown(6))
}
