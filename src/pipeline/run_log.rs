//! `log.jsonl`: what ran, for how long, with how much memory. The only place where a clock is read.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use super::BuildError;
use crate::build_folder::{BuildFolderError, LOG};

pub(super) struct RunLog {
    path: PathBuf,
    out: BufWriter<File>,
    started: Instant,
    step: Instant,
}

impl RunLog {
    pub fn create(build: &Path) -> Result<Self, BuildError> {
        let path = build.join(LOG);
        let file = File::create(&path).map_err(|source| BuildFolderError::Io {
            doing: "create",
            path: path.clone(),
            source,
        })?;
        Ok(Self { path, out: BufWriter::new(file), started: Instant::now(), step: Instant::now() })
    }

    /// One line: what was done since the last line.
    pub fn step(&mut self, name: &str, facts: Value) -> Result<(), BuildError> {
        let line = json!({
            "step": name,
            "seconds": self.step.elapsed().as_secs_f64(),
            "since_start_seconds": self.started.elapsed().as_secs_f64(),
            "peak_memory_bytes": peak_memory_bytes(),
            "facts": facts,
        });
        self.step = Instant::now();
        let written = writeln!(self.out, "{line}");
        written.map_err(|source| BuildFolderError::Io { doing: "write", path: self.path.clone(), source }.into())
    }

    pub fn finish(&mut self) -> Result<(), BuildError> {
        self.out
            .flush()
            .map_err(|source| BuildFolderError::Io { doing: "write", path: self.path.clone(), source }.into())
    }
}

/// Largest resident memory so far, where the system says.
pub(super) fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}
