//! Definitions as data: TOML and CSV files in, checked types out.
//!
//! Nothing past this module sees an unchecked value. All faults of all files are collected and reported together.

mod extract;
mod input;
mod intervention;
mod load;
mod metric;
mod packs;
mod pipeline;
mod quality;
mod reference_page;
mod references;
mod thresholds;
mod wording;

pub use extract::{Column, ColumnKind, Extract, LevelScopes, Predecessor};
pub use input::{Input, Layout, Mapping};
pub use intervention::Intervention;
pub use load::{DefinitionFault, DefinitionFaults, REFERENCE_TABLES, load, load_texts, schemas};
pub use metric::{Condition, Example, Measure, Metric, Rows, Target, Test};
pub use packs::{BriefingTerms, Packs, PublicTable};
pub use pipeline::{Comparators, ControlRoom, Owner, Pipeline, PublishedInput, PublishedShape, Variant};
pub use quality::{
    ColumnQuality, Expected, ExtractQuality, GradeException, GradeLimits, Order, Practice, Quality, Signal, Timely,
};
pub use reference_page::reference_page;
pub use references::{
    BankHolidays, Force, NotReported, Offence, OthersTable, OutcomeType, PeerGroup, Population, References,
};
pub use thresholds::{Limits, Severity, Thresholds};

/// Everything that decides what a build computes.
#[derive(Clone, Debug)]
pub struct Definitions {
    pub pipeline: Pipeline,
    /// In the order of the journey's links: incidents, calls, people, crimes, surveys, victim_contacts.
    pub extracts: Vec<Extract>,
    /// By stage of the journey, then position, then id.
    pub metrics: Vec<Metric>,
    pub references: References,
    pub quality: Quality,
    /// Those of the pipeline, by date and id.
    pub interventions: Vec<Intervention>,
    /// BLAKE3 over every definition and reference file, by relative name; hexadecimal.
    pub hash: String,
}

impl Definitions {
    pub fn metric(&self, id: &str) -> Option<&Metric> {
        self.metrics.iter().find(|m| m.id.as_str() == id)
    }

    pub fn extract(&self, id: &str) -> Option<&Extract> {
        self.extracts.iter().find(|e| e.id == id)
    }

    /// What it means for a build that an extract is not there.
    pub fn without(&self, extract: &str) -> &'static str {
        if self.metrics.iter().any(|metric| metric.extract == extract) {
            "the metrics that read it are not available"
        } else {
            "what others take from it stays blank"
        }
    }
}
