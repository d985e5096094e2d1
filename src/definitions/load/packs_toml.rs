//! The wire form of `[packs]` of a pipeline file, and its check.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::checker::Checker;
use crate::definitions::{BriefingTerms, Packs, PublicTable};

/// The week that a briefing counts apart has to be in its period.
const LEAST_DAYS_AHEAD: u16 = 7;
/// Whoever is briefed every fortnight has no use for more.
const MOST_DAYS: u16 = 366;

/// What packs and briefings hold.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PacksToml {
    /// The protective marking on every page; left out, it is OFFICIAL.
    #[schemars(with = "Option<String>")]
    pub marking: Option<Spanned<String>>,
    /// The title of the board's pack; left out, it is Operational Policing Board.
    #[schemars(with = "Option<String>")]
    pub board: Option<Spanned<String>>,
    /// The force's own template of presentations, .pptx or .potx, relative to this file; left out, it is a plain one.
    #[schemars(with = "Option<String>")]
    pub deck_template: Option<Spanned<String>>,
    /// The force's own template of documents, .docx or .dotx, relative to this file; left out, it is a plain one.
    #[schemars(with = "Option<String>")]
    pub document_template: Option<Spanned<String>>,
    /// The analyst to ask about an area, by the area's name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub area_analysts: BTreeMap<String, Spanned<String>>,
    /// The tables of the public pack; left out, there is no such pack.
    #[serde(default)]
    pub public: Vec<PublicTableToml>,
    /// The fortnightly briefing of areas, departments and teams.
    pub briefing: Option<BriefingToml>,
}

/// Counts and shares of a financial year by area.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicTableToml {
    #[schemars(with = "String")]
    pub title: Spanned<String>,
    /// Metrics that are shares of one denominator and count nothing twice: charged, and dealt with out of court.
    #[schemars(with = "Vec<String>")]
    pub metrics: Vec<Spanned<String>>,
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
    /// The force-wide message; left out, it is the first line that the scorecard escalates, else the first whose month is a concern.
    #[schemars(with = "Option<String>")]
    pub message: Option<Spanned<String>>,
}

/// What is stated, and else the default.
pub(super) fn packs(checker: &mut Checker<'_>, wire: &PacksToml, folder: &Path, metrics: &[&str]) -> Packs {
    let standard = Packs::default();
    let mut prose = |text: &Option<Spanned<String>>, what, standard| {
        text.as_ref().map_or(Some(standard), |text| checker.prose(text, what)).unwrap_or_default()
    };
    let marking = prose(&wire.marking, "protective marking", standard.marking);
    let board = prose(&wire.board, "board's title", standard.board);
    let analysts = wire.area_analysts.iter();
    let area_analysts = analysts.filter_map(|(area, analyst)| {
        let analyst = checker.prose(analyst, "analyst of the area")?;
        Some((area.clone(), analyst))
    });
    let area_analysts = area_analysts.collect();
    let mut template = |path: &Option<Spanned<String>>, kinds| template(checker, path.as_ref()?, kinds, folder);
    Packs {
        marking,
        board,
        deck_template: template(&wire.deck_template, ["pptx", "potx"]),
        document_template: template(&wire.document_template, ["docx", "dotx"]),
        area_analysts,
        public: wire.public.iter().filter_map(|wire| public_table(checker, wire, metrics)).collect(),
        briefing: wire.briefing.as_ref().map(|wire| briefing(checker, wire)).unwrap_or_default(),
    }
}

fn public_table(checker: &mut Checker<'_>, wire: &PublicTableToml, known: &[&str]) -> Option<PublicTable> {
    let title = checker.prose(&wire.title, "title");
    for id in wire.metrics.iter().filter(|id| !known.contains(&id.get_ref().as_str())) {
        checker.unknown(id.get_ref(), id.span(), "metric", known.iter().copied());
    }
    if wire.metrics.is_empty() {
        checker.fault(wire.title.span(), "the table has no metric");
    }
    Some(PublicTable { title: title?, metrics: wire.metrics.iter().map(|id| id.get_ref().clone()).collect() })
}

/// A template's path: a file of one of two kinds that is there.
fn template(checker: &mut Checker<'_>, path: &Spanned<String>, kinds: [&str; 2], folder: &Path) -> Option<PathBuf> {
    let file = folder.join(path.get_ref());
    let kind = file.extension().and_then(|kind| kind.to_str()).map(str::to_lowercase);
    if !kind.is_some_and(|kind| kinds.contains(&kind.as_str())) {
        let expected = format!("expected a file that ends with .{} or .{}", kinds[0], kinds[1]);
        checker.fault(path.span(), format!("{:?} is no template", path.get_ref())).expected(expected);
        return None;
    }
    if !file.is_file() {
        checker
            .fault(path.span(), format!("the template {} is not there", path.get_ref()))
            .hint("its path is relative to the pipeline file; leave the line out for a plain template");
        return None;
    }
    Some(file)
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

#[cfg(test)]
mod tests {
    use super::super::fault_tests::expect_each;

    #[test]
    fn faults_of_packs() {
        let name = "gloucestershire.toml";
        expect_each(&[
            (name, "solved_set", "packs.briefing = { days_ahead = 6 }\nsolved_set", 5, &["6 is no number", "7 to 366"]),
            (name, "solved_set", "packs.briefing = { days_overdue = 367 }\nsolved_set", 5, &["expected 0 to 366"]),
            (
                name,
                "solved_set",
                "packs.briefing = { message = \" \" }\nsolved_set",
                5,
                &["force-wide message is blank"],
            ),
            (name, "solved_set", "packs = { marking = \"\" }\nsolved_set", 5, &["protective marking is blank"]),
            (
                name,
                "solved_set",
                "packs = { deck_template = \"a.ppt\" }\nsolved_set",
                5,
                &["\"a.ppt\" is no template", ".potx"],
            ),
            (
                name,
                "solved_set",
                "packs = { document_template = \"no.docx\" }\nsolved_set",
                5,
                &["no.docx is not there"],
            ),
            (
                name,
                "solved_set",
                "packs = { area_analysts = { Stroud = \" \" } }\nsolved_set",
                5,
                &["analyst of the area is blank"],
            ),
            (
                name,
                "solved_set",
                "packs.public = [{ title = \"T\", metrics = [] }]\nsolved_set",
                5,
                &["the table has no metric"],
            ),
            (
                name,
                "solved_set",
                "packs.public = [{ title = \"T\", metrics = [\"solved\"] }]\nsolved_set",
                5,
                &["unknown metric `solved`"],
            ),
            (name, "solved_set", "packs.briefing = { day = 7 }\nsolved_set", 5, &["unknown key `day`"]),
        ]);
    }
}
