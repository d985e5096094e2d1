//! The real binary, started.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

/// A command of the binary under test, run in `folder`.
pub fn scorecard(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scorecard"));
    command.current_dir(folder).args(arguments);
    command
}

pub trait Succeeds {
    /// Runs to the end and must publish.
    fn succeeds(&mut self) -> Output;
}

impl Succeeds for Command {
    fn succeeds(&mut self) -> Output {
        let output = self.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }
}
