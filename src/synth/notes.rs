//! What stands beside the extracts and says that they are synthetic: the marker, the list of faults, the README.

use std::fmt::Write as _;

use serde::Serialize;

use super::conditions::first_and_last_month;
use super::error::SynthError;
use super::faults::{FaultKind, KINDS, Planted};
use super::files::{COMPARATORS, MARKER, PLANTED_FAULTS};
use super::parameters::Event;
use super::people::Reorganisation;
use super::setup::Setup;
use super::world::World;
use super::{FileReport, SynthOptions, SynthReport};

pub const STATEMENT: &str = "Every row in the files beside this one is synthetic: drawn from random numbers. No row \
     describes a real person, crime, call, officer or force, and no figure made from them does.";

/// An intervention or special cause in the rows of a force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpecialCause {
    pub force: String,
    pub name: String,
    /// `2024-11 on`, `2026-02 to 2026-02` or `each March`.
    pub months: String,
    /// All areas if empty.
    pub areas: Vec<String>,
    pub what: String,
}

#[derive(Serialize)]
struct Marker<'a> {
    statement: &'static str,
    tool: &'static str,
    version: &'static str,
    command: String,
    seed: u64,
    parameters_blake3: String,
    from: String,
    to: String,
    forces: Vec<&'a str>,
    crimes: u64,
    special_cause: Vec<SpecialCause>,
}

/// The special causes of the forces of a run.
pub fn special_causes(setup: &Setup) -> Vec<SpecialCause> {
    let (world, forces) = (&setup.world, &setup.forces);
    let events = world.parameters.event.iter().filter(|event| forces.iter().any(|force| force.slug == event.force));
    events.map(|event| special_cause(world, event)).collect()
}

fn special_cause(world: &World, event: &Event) -> SpecialCause {
    let months = match (first_and_last_month(event, world.period.last_month()), event.every_year_in) {
        (Some((first, Some(last))), _) => format!("{first} to {last}"),
        (Some((first, None)), _) => format!("{first} on"),
        (None, month) => {
            let name = month.and_then(|m| chrono::Month::try_from(m as u8).ok());
            format!("each {}", name.map_or("year", |m| m.name()))
        }
    };
    let Event { force, name, areas, what, .. } = event.clone();
    SpecialCause { force, name, months, areas, what }
}

/// The text of [`MARKER`].
pub fn marker(options: &SynthOptions, setup: &Setup, parameters_text: &str) -> Result<String, SynthError> {
    let marker = Marker {
        statement: STATEMENT,
        tool: "scorecard synth",
        version: env!("CARGO_PKG_VERSION"),
        command: options.command(),
        seed: options.seed,
        parameters_blake3: blake3::hash(parameters_text.as_bytes()).to_hex().to_string(),
        from: crate::domain::civil_date(setup.world.period.first_day).to_string(),
        to: options.to.to_string(),
        forces: setup.forces.iter().map(|force| force.slug.as_str()).collect(),
        crimes: setup.crimes,
        special_cause: special_causes(setup),
    };
    toml::to_string(&marker).map_err(|e| SynthError::Options(format!("{MARKER}: {e}")))
}

/// The text of [`PLANTED_FAULTS`]: records are counted with the header as 1, as in a quarantine.
pub fn planted_faults(planted: &[Planted]) -> String {
    let mut out = "extract,record,key,rule,column,fate,what\n".to_owned();
    for Planted { kind: FaultKind { extract, rule, column, what, .. }, record, key, fate } in planted {
        let (extract, fate) = (extract.name(), fate.name());
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{extract},{record},{key},{rule},{column},{fate},\"{what}\"");
    }
    out
}

/// The text of the README.
pub fn readme(options: &SynthOptions, setup: &Setup, report: &SynthReport) -> String {
    let world = &setup.world;
    let mut out = format!(
        "# Synthetic extracts\n\n**{STATEMENT}**\n\n\
         Rates, mixes and lags are those of `pipelines/synth.toml`, with the source of each figure. The files below \
         and this README are made by\n\n```sh\n{}\n```\n\nwhere `OUT` is the folder. The same command writes the same \
         bytes, on any number of threads, in any time zone and locale.\n\n",
        options.command()
    );
    let from = crate::domain::long_date(crate::domain::civil_date(world.period.first_day));
    let to = crate::domain::long_date(options.to);
    let _ = write!(
        out,
        "Rows run from {from} to {to}, and on to noon of the next day, when the extracts were taken: that half day is \
         there so that a build has to tell it from a whole one. Columns and codes are the canonical ones; no mapping \
         is needed. References repeat from force to force; a key is the force and the reference.\n\n## Files\n\n",
    );
    let _ = writeln!(out, "| file | records | bytes | what |\n|---|---:|---:|---|");
    for FileReport { file, records, bytes, what } in &report.files {
        let _ = writeln!(out, "| `{file}` | {records} | {bytes} | {what} |");
    }
    let _ = writeln!(out, "| `{MARKER}` | | | seed, options and version; says that the folder is synthetic |");
    if report.files.iter().any(|f| f.file.starts_with(COMPARATORS)) {
        out.push_str(
            "\nThe comparator table has a row for each metric, force, scope and month, in whole months to the same \
             date. A count has no denominator; a mean's numerator is a sum of seconds; a quantile has no numerator and \
             its value is the figure. Months are those of the period; outcomes given in a month also \
             count crimes recorded before it, which the extracts do not hold.\n",
        );
    }
    posts_section(&mut out, setup);
    special_causes_section(&mut out, &report.special_causes);
    faults_section(&mut out, &report.planted);
    out
}

/// Forces whose reorganisation is told.
const FORCES_TOLD: usize = 5;

fn posts_section(out: &mut String, setup: &Setup) {
    out.push_str(
        "\n## Posts\n\n`people` has the posts of every officer that crimes name, and of their supervisors, from the first \
         month on. Some officers move to another team once; where members of a team come or go, its supervisors share \
         out the others anew. Crimes carry their units themselves, so that no figure hangs on the posts.",
    );
    for force in setup.forces.iter().take(FORCES_TOLD) {
        let told = Reorganisation::of(&setup.world, force).map(|reorganisation| reorganisation.told(force));
        told.into_iter().for_each(|told| *out += &format!(" {told}"));
    }
    out.push('\n');
}

fn special_causes_section(out: &mut String, causes: &[SpecialCause]) {
    if causes.is_empty() {
        return;
    }
    out.push_str(
        "\n## Interventions and special causes\n\nAll invented.\n\n\
         | force | name | months | areas | what |\n|---|---|---|---|---|\n",
    );
    for SpecialCause { force, name, months, areas, what } in causes {
        let areas = if areas.is_empty() { "all".to_owned() } else { areas.join(", ") };
        let _ = writeln!(out, "| {force} | {name} | {months} | {areas} | {what} |");
    }
}

fn faults_section(out: &mut String, planted: &[Planted]) {
    if planted.is_empty() {
        out.push_str("\nNo fault was put into these rows.\n");
        return;
    }
    let _ = writeln!(
        out,
        "\n## Faults put in on purpose\n\n`{PLANTED_FAULTS}` lists each with its record (the header is record 1), key, \
         rule, column and fate. Rows that link to a row which ends in quarantine are orphans too; they are not \
         listed.\n\n| extract | rule | column | records | fate | what |\n|---|---|---|---:|---|---|"
    );
    for kind in KINDS {
        let records = planted.iter().filter(|p| p.kind == kind).count();
        if records > 0 {
            let FaultKind { extract, rule, column, fate, what, .. } = kind;
            let (extract, fate) = (extract.name(), fate.name());
            let _ = writeln!(out, "| {extract} | `{rule}` | {column} | {records} | {fate} | {what} |");
        }
    }
}
