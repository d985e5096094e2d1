//! The wire form of `[packs]` of a pipeline file, and its check.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::checker::Checker;
use crate::definitions::{BriefingTerms, Packs};

/// The week that a briefing counts apart has to be in its period.
const LEAST_DAYS_AHEAD: u16 = 7;
/// Whoever is briefed every fortnight has no use for more.
const MOST_DAYS: u16 = 366;

/// What packs and briefings hold.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PacksToml {
    /// The fortnightly briefing of areas and teams.
    pub briefing: Option<BriefingToml>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BriefingToml {
    /// Days after the data date up to which something falls due: 7 or more; left out, it is 14.
    #[schemars(with = "Option<u16>", range(min = 7, max = 366))]
    pub days_ahead: Option<Spanned<u16>>,
    /// Days before the data date from which something counts as overdue and is listed; left out, it is 28. What has been
    /// overdue for longer is counted and not listed.
    #[schemars(with = "Option<u16>", range(max = 366))]
    pub days_overdue: Option<Spanned<u16>>,
    /// The force-wide message; left out, it is the first line that the scorecard escalates.
    #[schemars(with = "Option<String>")]
    pub message: Option<Spanned<String>>,
}

/// What is stated, and else the default.
pub(super) fn packs(checker: &mut Checker<'_>, wire: &PacksToml) -> Packs {
    Packs { briefing: wire.briefing.as_ref().map(|wire| briefing(checker, wire)).unwrap_or_default() }
}

fn briefing(checker: &mut Checker<'_>, wire: &BriefingToml) -> BriefingTerms {
    let mut terms = BriefingTerms::default();
    if let Some(days) = &wire.days_ahead {
        terms.days_ahead = within(checker, days, LEAST_DAYS_AHEAD);
    }
    if let Some(days) = &wire.days_overdue {
        terms.days_overdue = within(checker, days, 0);
    }
    terms.message = wire.message.as_ref().and_then(|text| checker.prose(text, "force-wide message"));
    terms
}

fn within(checker: &mut Checker<'_>, days: &Spanned<u16>, least: u16) -> u16 {
    let number = *days.get_ref();
    if !(least..=MOST_DAYS).contains(&number) {
        checker
            .fault(days.span(), format!("{number} is no number of days for a briefing"))
            .expected(format!("expected {least} to {MOST_DAYS}"));
    }
    number
}
