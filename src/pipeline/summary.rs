//! What a build did, for the analyst.

use std::path::PathBuf;

use super::books::Books;
use super::figures::Figures;

#[derive(Clone, Debug)]
pub struct ExtractSummary {
    pub extract: String,
    pub read: u64,
    pub accepted: u64,
    pub out_of_window: u64,
    pub quarantined: u64,
    pub duplicates: u64,
}

#[derive(Clone, Debug)]
pub struct Summary {
    pub data_date: chrono::NaiveDate,
    pub extracts: Vec<ExtractSummary>,
    pub tallies: u64,
    /// Rows of metric_values and officer_values.
    pub figures: u64,
    pub charts: u64,
    /// Metric and reason.
    pub not_available: Vec<(String, String)>,
    /// Finding, extract, column and rows.
    pub findings: Vec<(String, String, String, u64)>,
    /// What warned, as it was said.
    pub warnings: Vec<String>,
    /// Sentences about the inputs that stop nothing.
    pub notes: Vec<String>,
    pub peak_memory_bytes: Option<u64>,
    pub build: PathBuf,
}

impl Summary {
    pub(super) fn new(books: Books, figures: Figures, warnings: Vec<String>, build: PathBuf) -> Self {
        let mut extracts: Vec<ExtractSummary> = Vec::new();
        for row in &books.reconciliation {
            if extracts.last().is_none_or(|e| e.extract != row.extract) {
                let extract = row.extract.clone();
                extracts.push(ExtractSummary {
                    extract,
                    read: 0,
                    accepted: 0,
                    out_of_window: 0,
                    quarantined: 0,
                    duplicates: 0,
                });
            }
            if let Some(total) = extracts.last_mut() {
                total.read += row.records_read;
                total.accepted += row.accepted;
                total.out_of_window += row.out_of_window;
                total.quarantined += row.quarantined;
                total.duplicates += row.duplicates;
            }
        }
        let findings = books.findings.0.into_iter().map(|((f, e, c), n)| (f.name().to_owned(), e, c, n)).collect();
        Self {
            data_date: books.data_date,
            extracts,
            tallies: figures.tallies,
            figures: figures.values + figures.officer_values,
            charts: figures.charts,
            not_available: figures.not_available,
            findings,
            warnings,
            notes: Vec::new(),
            peak_memory_bytes: super::run_log::peak_memory_bytes(),
            build,
        }
    }
}
