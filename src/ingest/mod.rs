//! Stage 1: files in, raw text rows with file, record number and byte offset out.
//!
//! A file is read twice. The structural pass ([`survey`]) finds the records without the parser: their number, their
//! shape, which keys may stand twice and how many rows each day holds. The reading pass ([`read`]) hands the parser
//! whole blocks of well-formed records and checks that it found as many rows as the structural pass counted.

mod dates;
mod error;
mod header;
mod header_check;
mod notes;
mod parquet;
mod read;
mod survey;
mod text;
mod text_survey;

pub use error::IngestError;
pub use header_check::check_header;
pub use read::read;
pub use survey::{Wanted, survey};
