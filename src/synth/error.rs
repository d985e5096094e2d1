//! What can go wrong when synthetic extracts are made.

use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    #[error("the parameters in {origin} cannot be used: {reason}")]
    Parameters { origin: String, reason: String },
    #[error("the reference table {table} cannot be read: {reason}")]
    Reference { table: &'static str, reason: String },
    #[error("no force has the id `{0}`; ids are those of the column data_police_uk_slug in references/forces.csv")]
    UnknownForce(String),
    #[error("{0}")]
    Options(String),
    #[error("{folder} holds {file} but no SYNTHETIC.toml: it may be real, so nothing is written there")]
    NotSynthetic { folder: PathBuf, file: String },
    #[error("cannot write {path}")]
    Io { path: PathBuf, source: io::Error },
    #[error("cannot start {0} worker threads")]
    Threads(usize),
}

impl SynthError {
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::Io { path, source }
    }
}
