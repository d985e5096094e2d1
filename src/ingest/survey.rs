//! The structural pass: how many records, of what shape, with which keys and days, found without the parser.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::IngestError;
use super::error::names_shown;
use crate::definitions::Extract;
use crate::domain::clock::parse_day;
use crate::files::records::{field_value, fields, value, walk};
use crate::files::{file_name, fingerprint, is_parquet, open};
use crate::tables::key;
use crate::tables::raw::{Block, ExtractStructure, FileStructure, RaggedRecord};

/// Text handed to the parser at once.
const BLOCK_BYTES: usize = 8 << 20;
/// A record longer than this has an unclosed quote, not a long field.
const LONGEST_RECORD_BYTES: usize = 4 << 20;
/// Raw text kept of a ragged record.
const RAW_BYTES_KEPT: usize = 64 << 10;

/// What one file adds to its extract's structure.
pub(super) struct Surveyed {
    pub file: FileStructure,
    pub keys: Vec<u64>,
    pub rows_by_day: BTreeMap<i32, u64>,
}

/// Surveys every file of an extract. Files are taken in order of their names.
///
/// # Errors
/// A file that is missing, empty, cut off, of another extract, or without a required column.
pub fn survey(
    extract: &Extract,
    others: &[Extract],
    own_force: &str,
    files: &[PathBuf],
) -> Result<ExtractStructure, IngestError> {
    let mut files = files.to_vec();
    files.sort_by_key(|path| (file_name(path), path.clone()));
    let surveyed = files
        .par_iter()
        .map(|path| {
            let surveyed = if is_parquet(path) {
                super::parquet::survey(extract, own_force, path)?
            } else {
                survey_text(extract, own_force, path)?
            };
            check_header(extract, others, &surveyed.file)?;
            if surveyed.file.records == 0 && !extract.may_be_absent {
                return Err(IngestError::NoRecords { extract: extract.id.clone(), path: path.clone() });
            }
            Ok(surveyed)
        })
        .collect::<Result<Vec<_>, IngestError>>()?;
    Ok(gather(surveyed))
}

fn gather(surveyed: Vec<Surveyed>) -> ExtractStructure {
    let mut structure = ExtractStructure::default();
    let mut keys = Vec::with_capacity(surveyed.iter().map(|s| s.keys.len()).sum());
    for one in surveyed {
        keys.extend(one.keys);
        for (day, rows) in one.rows_by_day {
            *structure.rows_by_day.entry(day).or_default() += rows;
        }
        structure.files.push(one.file);
    }
    keys.par_sort_unstable();
    structure.repeated_keys = keys.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect::<HashSet<_>>();
    structure
}

fn check_header(extract: &Extract, others: &[Extract], file: &FileStructure) -> Result<(), IngestError> {
    let (id, path) = (extract.id.clone(), file.path.clone());
    let lacks =
        |e: &Extract| e.columns.iter().find(|c| c.required && !file.header.contains(&c.name)).map(|c| c.name.clone());
    let Some(column) = lacks(extract) else {
        // Only now is the first line known to be a header, and its names may be repeated.
        let mut names = file.header.iter().enumerate().filter(|(_, name)| !name.is_empty());
        return match names.find(|(i, name)| file.header[..*i].contains(name)) {
            Some((_, name)) => {
                Err(IngestError::DoubleColumn { extract: id, path, column: names_shown(std::slice::from_ref(name)) })
            }
            None => Ok(()),
        };
    };
    let known = |e: &Extract| file.header.iter().filter(|name| e.column(name).is_some()).count();
    let fits = |other: &&Extract| lacks(other).is_none() && known(other) > known(extract);
    if let Some(other) = others.iter().filter(|o| o.id != extract.id).find(fits) {
        return Err(IngestError::OtherExtract { extract: id, path, other: other.id.clone() });
    }
    Err(IngestError::MissingColumn { extract: id, path, column, found: names_shown(&file.header) })
}

/// Where the key's and the time's columns stand in a header.
pub(super) struct KeyColumns {
    force: Option<usize>,
    parts: Vec<usize>,
    time: Option<usize>,
}

impl KeyColumns {
    pub fn of(extract: &Extract, header: &[String]) -> Self {
        let position = |name: &str| header.iter().position(|h| h == name);
        Self {
            force: position("force"),
            parts: extract.key.iter().filter(|k| *k != "force").filter_map(|k| position(k)).collect(),
            time: extract.time.as_deref().and_then(position),
        }
    }

    /// Adds one record's key and day, given its fields' trimmed texts.
    pub fn note<'a>(&self, own_force: &str, text: impl Fn(usize) -> Cow<'a, str>, out: &mut Noted) {
        let force = self.force.map(&text);
        let force = key::force_id(force.as_deref(), own_force);
        if self.parts.iter().any(|p| text(*p).trim().is_empty()) {
            return; // a blank key is quarantined, so it repeats nothing
        }
        out.keys.push(key::candidate(&force, self.parts.iter().map(|p| text(*p))));
        if let Some(day) = self.time.and_then(|t| parse_day(text(t).trim().as_bytes())) {
            *out.rows_by_day.entry(day).or_default() += 1;
        }
    }
}

#[derive(Default)]
pub(super) struct Noted {
    pub keys: Vec<u64>,
    pub rows_by_day: BTreeMap<i32, u64>,
}

fn survey_text(extract: &Extract, own_force: &str, path: &Path) -> Result<Surveyed, IngestError> {
    let io = |source| IngestError::of_io(&extract.id, path, source);
    let mut source = open(path).map_err(io)?;
    let mut text: Vec<u8> = Vec::with_capacity(BLOCK_BYTES + LONGEST_RECORD_BYTES);
    let mut walker = Walker::new(extract, own_force, path);
    let mut finished = false;
    while !finished {
        let before = text.len();
        let wanted = BLOCK_BYTES as u64;
        match source.by_ref().take(wanted).read_to_end(&mut text) {
            Ok(read) => finished = (read as u64) < wanted,
            Err(error) => {
                let bytes = walker.offset + (text.len() as u64).max(before as u64);
                return Err(match error.kind() {
                    std::io::ErrorKind::UnexpectedEof
                    | std::io::ErrorKind::InvalidInput
                    | std::io::ErrorKind::InvalidData
                    | std::io::ErrorKind::Other => {
                        IngestError::CutOff { extract: extract.id.clone(), path: path.to_owned(), bytes, source: error }
                    }
                    _ => io(error),
                });
            }
        }
        let used = walker.block(&text, finished);
        text.drain(..used);
    }
    let (bytes, hash) = fingerprint(path).map_err(io)?;
    walker.finish(bytes, hash).ok_or_else(|| IngestError::Empty { extract: extract.id.clone(), path: path.to_owned() })
}

/// Walks the records of one file, block after block.
struct Walker<'a> {
    extract: &'a Extract,
    own_force: &'a str,
    path: &'a Path,
    header: Option<Vec<String>>,
    columns: KeyColumns,
    body_offset: u64,
    /// Offset of the next block in the text.
    offset: u64,
    records: u64,
    blocks: Vec<Block>,
    ragged: Vec<RaggedRecord>,
    noted: Noted,
}

impl<'a> Walker<'a> {
    fn new(extract: &'a Extract, own_force: &'a str, path: &'a Path) -> Self {
        let columns = KeyColumns { force: None, parts: Vec::new(), time: None };
        Self {
            extract,
            own_force,
            path,
            header: None,
            columns,
            body_offset: 0,
            offset: 0,
            records: 0,
            blocks: Vec::new(),
            ragged: Vec::new(),
            noted: Noted::default(),
        }
    }

    /// Takes in as many whole records of `text` as there are, and says how many bytes that was.
    fn block(&mut self, text: &[u8], whole: bool) -> usize {
        let head = if self.header.is_none() { self.take_header(text, whole) } else { 0 };
        if self.header.is_none() {
            return head;
        }
        let mut used = head + self.take_records(&text[head..], whole, false);
        let left = &text[used..];
        if left.len() > LONGEST_RECORD_BYTES || (whole && !left.is_empty()) {
            // A quote was opened and never closed: read the rest of its line with quotes as letters, then go on.
            let line = memchr::memchr(b'\n', left).map_or(left.len(), |at| at + 1);
            used += self.take_records(&left[..line], true, true);
            used += self.block(&text[used..], whole);
        }
        used
    }

    fn take_header(&mut self, text: &[u8], whole: bool) -> usize {
        let skipped = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut first: Option<(usize, Vec<String>)> = None;
        let body = &text[skipped..];
        walk(body, whole, false, |record, ends| {
            if first.is_none() && !record.is_blank_line(body) {
                let names = fields(body, &record, ends).map(|f| value(f).trim().to_owned()).collect();
                first = Some((record.end, names));
            }
        });
        let Some((end, names)) = first else { return 0 };
        let newline = memchr::memchr(b'\n', &body[end..]).map_or(body.len(), |at| end + at + 1);
        self.columns = KeyColumns::of(self.extract, &names);
        self.header = Some(names);
        self.body_offset = (skipped + newline) as u64;
        self.offset = self.body_offset;
        skipped + newline
    }

    fn take_records(&mut self, text: &[u8], whole: bool, bare_quotes: bool) -> usize {
        let width = self.header.as_ref().map_or(0, Vec::len) as u32;
        let first_record = self.records + 2;
        let ragged_before = self.ragged.len();
        let (mut count, mut clean) = (0u32, true);
        let (columns, own_force, noted, ragged) = (&self.columns, self.own_force, &mut self.noted, &mut self.ragged);
        let offset = self.offset;
        let used = walk(text, whole, bare_quotes, |record, ends| {
            if record.is_blank_line(text) {
                clean = false;
                return;
            }
            let number = first_record + u64::from(count);
            count += 1;
            clean &= !record.awkward;
            if record.fields == width {
                columns.note(own_force, |i| field_value(text, &record, ends, i), noted);
                return;
            }
            let raw = &text[record.start..record.end.min(record.start + RAW_BYTES_KEPT)];
            ragged.push(RaggedRecord {
                record: number,
                byte_offset: offset + record.start as u64,
                raw: String::from_utf8_lossy(raw).into_owned(),
                fields: record.fields,
                unclosed_quote: bare_quotes && record.awkward,
            });
        });
        clean &= self.ragged.len() == ragged_before;
        if used > 0 {
            self.blocks.push(Block { offset, length: used, first_record, records: count, clean, bare_quotes });
        }
        self.offset += used as u64;
        self.records += u64::from(count);
        used
    }

    fn finish(self, bytes: u64, hash: String) -> Option<Surveyed> {
        let header = self.header?;
        let file = FileStructure {
            path: self.path.to_owned(),
            name: file_name(self.path).into(),
            header,
            records: self.records,
            body_offset: self.body_offset,
            blocks: self.blocks,
            ragged: self.ragged,
            hash,
            bytes,
        };
        Some(Surveyed { file, keys: self.noted.keys, rows_by_day: self.noted.rows_by_day })
    }
}
