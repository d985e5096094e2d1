//! The books of a build: where every record ended up, whatever it was read from.

use chrono::NaiveDate;

use crate::build_folder::ManifestReconciliation;
use crate::tables::accepted::{Findings, Quarantined, Reconciliation};

pub(super) struct Books {
    pub data_date: NaiveDate,
    pub reconciliation: Vec<Reconciliation>,
    pub quarantined: Vec<Quarantined>,
    pub findings: Findings,
}

impl Books {
    pub fn new(data_date: NaiveDate) -> Self {
        Self { data_date, reconciliation: Vec::new(), quarantined: Vec::new(), findings: Findings::default() }
    }

    /// Puts both lists in the order of their tables.
    pub fn sort(&mut self) {
        self.quarantined.sort_by(|a, b| (&a.extract, &a.file, a.record).cmp(&(&b.extract, &b.file, b.record)));
        self.reconciliation.sort_by(|a, b| (&a.extract, &a.file).cmp(&(&b.extract, &b.file)));
    }

    pub fn manifest_rows(&self) -> Vec<ManifestReconciliation> {
        let one = |r: &Reconciliation| ManifestReconciliation {
            extract: r.extract.clone(),
            file: r.file.clone(),
            records_read: r.records_read,
            accepted: r.accepted,
            out_of_window: r.out_of_window,
            quarantined: r.quarantined,
            duplicates: r.duplicates,
        };
        self.reconciliation.iter().map(one).collect()
    }
}
