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
            byte_offset: r.byte_offset,
            raw: r.raw.clone(),
            rule: Rule::RaggedRow,
            column: String::new(),
            expected: format!("{} fields", file.width),
            found: format!("{} fields", r.fields),
            hint: hint(&r.raw, ragged_hint(r.unclosed_quote)),
        })
        .collect()
}

const fn ragged_hint(unclosed_quote: bool) -> &'static str {
    if unclosed_quote {
        "A quote is opened and never closed. Double or remove it."
    } else {
        "Is a delimiter missing, or one too many, such as a comma in a text without quotes?"
    }
}

/// What to do about a record: a totals row is no record, which only the pipeline file can say.
fn hint(raw: &str, otherwise: &str) -> String {
    let first_word =
        raw.trim_start_matches(|c: char| !c.is_alphanumeric()).split(|c: char| !c.is_alphanumeric()).next();
    let is = |word: &&str| first_word.is_some_and(|first| first.eq_ignore_ascii_case(word));
    if ["total", "totals", "grand"].iter().any(is) {
        return "If this is a totals row, say so: footer = [\"Total\"] under the extract's [inputs] in the pipeline file.".to_owned();
    }
    otherwise.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_totals_row_has_its_own_hint() {
        for (raw, totals) in [
            ("Total,,,5", true),
            ("\"Grand total\";5", true),
            (",,TOTAL 5", true),
            ("C1,Total", false),
            ("Totality,5", false),
            ("", false),
        ] {
            assert_eq!(hint(raw, "else") != "else", totals, "{raw}");
        }
    }
}
