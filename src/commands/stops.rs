//! What stops a build as a bad extract, on standard error.

use crate::domain::visible_lines;
use crate::pipeline::GateVerdict;

/// Each reason with what to do about it.
pub(super) fn show(verdicts: &[GateVerdict]) {
    for verdict in verdicts {
        let message = visible_lines(&verdict.message);
        eprintln!("stopped: {message} [{}]\n  next: {}", verdict.rule.name(), verdict.next_step);
    }
}
