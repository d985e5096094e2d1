//! A whole extract file: surveyed, read, validated and settled, as a build does it. Every record ends in one place.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::fs;

use scorecard::definitions::Input;
use scorecard::domain::Provenance;
use scorecard::files::Encoding;
use scorecard::ingest::{self, IngestError, Wanted};
use scorecard::tables::accepted::Quarantined;
use scorecard::tables::raw::{FileStructure, Form, Places, RawBatch};
use scorecard::validate::{DataDate, Held, Validated, Validator, ragged, settle};

use super::super::strict_csv;
use super::{DEFINITIONS, files, pieces};

/// 31 March 2025, in days since 1970-01-01; the horizon is a day later.
const DATA_DATE: DataDate = DataDate { day: 20_178, horizon: 20_179 };
const OWN_FORCE: &str = "gloucestershire";
/// One byte of Windows-1252, or one that is no letter, becomes three of UTF-8.
const MOST_GROWTH: usize = 3;

thread_local! {
    static FOLDER: LazyCell<tempfile::TempDir> = LazyCell::new(|| tempfile::tempdir().unwrap());
}

/// Pieces of the files that are named for the extract.
pub fn corpus(extract: &str) -> Vec<Vec<u8>> {
    let files = files(&["tests/cases", "tests/independent/cases"], "csv");
    let named = files.iter().filter(|(name, _)| name.rsplit('/').next().is_some_and(|n| n.starts_with(extract)));
    named.flat_map(|(_, text)| pieces(text)).collect()
}

/// One block's rows: record numbers, and the text of each column.
type Texts = Vec<(u64, Vec<String>)>;

/// Reads a canonical file, and says how many records it held; `None` where the file as a whole was refused.
pub fn read(id: &str, bytes: &[u8]) -> Option<u64> {
    read_as(id, Input::canonical(Vec::new(), Provenance::Force), bytes)
}

/// The same of a file that the pipeline says more about.
pub fn read_as(id: &str, input: Input, bytes: &[u8]) -> Option<u64> {
    let path = FOLDER.with(|folder| folder.path().join(format!("{id}.csv")));
    fs::write(&path, bytes).unwrap();
    let extract = DEFINITIONS.extract(id).unwrap();
    let input = Input { files: vec![path], ..input };
    let wanted = Wanted { extract, others: &DEFINITIONS.extracts, input: &input, own_force: OWN_FORCE };
    let structure = match ingest::survey(wanted) {
        Ok(structure) => structure,
        Err(error @ (IngestError::CountsDiffer { .. } | IngestError::Io { .. })) => {
            panic!("a text file can be read: {error}")
        }
        Err(_) => return None,
    };
    let validator =
        Validator { extract, own_force: OWN_FORCE, data_date: DATA_DATE, repeated_keys: &structure.repeated_keys };
    let file = &structure.files[0];
    let (mut held, mut kept, mut texts, mut quarantined) = (Held::empty(), 0, Texts::new(), ragged(id, &structure));
    let each = |batch: RawBatch| Ok::<_, IngestError>((texts_of(&batch), validator.validate(&batch)));
    ingest::read(id, 0, file, each, |(rows, validated): (Texts, Validated)| {
        texts.extend(rows);
        kept += validated.rows.len();
        quarantined.extend(validated.quarantined);
        held.merge(validated.held).unwrap();
        Ok(())
    })
    .unwrap();
    let settled = settle(extract, held);
    kept += settled.rows.as_ref().map_or(0, |rows| rows.len());
    quarantined.extend(settled.quarantined);
    let duplicates: u64 = settled.duplicates.values().sum();
    assert_eq!(file.records, kept as u64 + quarantined.len() as u64 + duplicates, "a record has no place, or two");
    assert_eq!(file.records, texts.len() as u64 + file.ragged.len() as u64);
    places(bytes, &file.form, &quarantined);
    as_a_strict_reader_reads(bytes, file, &texts, &quarantined);
    Some(file.records)
}

fn texts_of(batch: &RawBatch) -> Texts {
    let Places::Text { spans, .. } = &batch.places else { panic!("a text file has places in its text") };
    let columns: Vec<_> = batch.frame.columns().iter().map(|c| c.str().unwrap()).collect();
    let row = |i: usize| columns.iter().map(|c| c.get(i).unwrap_or_default().to_owned()).collect();
    spans.iter().enumerate().map(|(i, span)| (span.record, row(i))).collect()
}

/// Quarantined records stand where they say, once each, and hold no more than the file.
fn places(bytes: &[u8], form: &Form, quarantined: &[Quarantined]) {
    let numbers: BTreeSet<u64> = quarantined.iter().map(|q| q.record).collect();
    assert_eq!(numbers.len(), quarantined.len(), "a record is in quarantine twice");
    let raw: usize = quarantined.iter().map(|q| q.raw.len()).sum();
    assert!(raw <= MOST_GROWTH * bytes.len(), "{raw} bytes of raw text from {}", bytes.len());
    if *form == Form::Text(Encoding::Utf8) && std::str::from_utf8(bytes).is_ok() {
        for q in quarantined {
            assert!(bytes[q.byte_offset.unwrap() as usize..].starts_with(q.raw.as_bytes()), "{q:?}");
        }
    }
}

/// Where the text is well-formed, in UTF-8, and its first record is the header: the same records, with the same fields,
/// but for those that are rewritten.
fn as_a_strict_reader_reads(bytes: &[u8], file: &FileStructure, texts: &Texts, quarantined: &[Quarantined]) {
    if file.form != Form::Text(Encoding::Utf8) || file.delimiter != b',' || file.title_rows > 0 {
        return;
    }
    let Some(expected) = strict_csv::read(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) else { return };
    let text = |field: &Vec<u8>| String::from_utf8_lossy(field).into_owned();
    let expected: Vec<Vec<String>> = expected.iter().map(|record| record.iter().map(text).collect()).collect();
    let Some((first, rest)) = expected.split_first() else { return };
    assert_eq!(first.len(), file.width);
    assert_eq!(file.records, rest.len() as u64, "another number of records");
    for (number, fields) in texts {
        for (column, found) in file.columns.iter().zip(fields).filter(|(column, _)| column.is_plain()) {
            assert_eq!(found, &rest[*number as usize - 2][column.fields[0]], "record {number}, {}", column.name);
        }
    }
    let read: BTreeSet<u64> = texts.iter().map(|(number, _)| *number).collect();
    let ragged = (2..).zip(rest).filter(|(_, record)| record.len() != file.width).map(|(number, _)| number);
    let expected_ragged: BTreeSet<u64> = ragged.collect();
    assert!(read.is_disjoint(&expected_ragged), "a record of another length was read");
    assert!(expected_ragged.iter().all(|number| quarantined.iter().any(|q| q.record == *number)));
}
