//! Stage 2: raw text rows in, typed rows or quarantined records out. Every record ends in exactly one place.

mod cells;
mod data_date;
mod duplicates;
mod rows;

pub use data_date::{DataDate, data_date, horizon};
pub use duplicates::{Held, Settled, settle};
pub use rows::{Validated, Validator};

use crate::tables::accepted::{Quarantined, Rule};
use crate::tables::raw::ExtractStructure;

/// The records that the structural pass found with more or fewer fields than the header.
pub fn ragged(extract: &str, structure: &ExtractStructure) -> Vec<Quarantined> {
    let files = structure.files.iter().flat_map(|file| file.ragged.iter().map(move |r| (file, r)));
    files
        .map(|(file, r)| Quarantined {
            extract: extract.to_owned(),
            file: file.name.clone(),
            record: r.record,
            byte_offset: Some(r.byte_offset),
            raw: r.raw.clone(),
            rule: Rule::RaggedRow,
            column: String::new(),
            expected: format!("{} fields", file.header.len()),
            found: format!("{} fields", r.fields),
            hint: if r.unclosed_quote {
                "A quote is opened and never closed. Double or remove it.".to_owned()
            } else {
                "Is a delimiter missing, or one too many, such as a comma in a text without quotes?".to_owned()
            },
        })
        .collect()
}
