//! Links by force and reference.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::tables::key;

/// The keys are hashes already: their low half will do.
#[derive(Default)]
pub struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = key as u64;
    }
}

/// When each incident was opened, by force and reference.
#[derive(Default)]
pub struct IncidentIndex {
    opened_instant: HashMap<u128, i64, BuildHasherDefault<AlreadyHashed>>,
}

impl IncidentIndex {
    pub fn extend(&mut self, opened: impl IntoIterator<Item = (u128, i64)>) {
        self.opened_instant.extend(opened);
    }

    /// Microseconds since 1970-01-01 UTC.
    pub fn opened_instant(&self, force: &str, incident_ref: &str) -> Option<i64> {
        self.opened_instant.get(&key::link(force, incident_ref)).copied()
    }
}
