//! Files as they lie on the disk: found, opened, decompressed, cut into records.
//!
//! Below the stages, for all that read text: extracts, published tables and comparator tables. Nothing here knows what a
//! record means, and nothing here is shared with the parser.

mod encoding;
mod open;
pub mod records;
pub mod workbook;

pub use encoding::{Encoding, is_single_byte};
pub use open::{EXTENSIONS, canonical_files, file_name, fingerprint, is_parquet, open};
