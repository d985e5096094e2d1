//! The structural pass over text: encoding, header, records, each counted without the parser.
//!
//! A pass takes what it does not know for granted: UTF-8, and dates in ISO form. Where the text shows otherwise, and in one
//! way only, the pass is made again with what it showed.

use std::io::Read;
use std::path::Path;

use super::IngestError;
use super::dates::{self, Formats};
use super::header::{self, Header};
use super::notes::{Noted, Watched};
use super::survey::{Surveyed, Wanted};
use super::text::{form, text};
use crate::files::records::{Dialect, Record, field_value, fields, value, walk};
use crate::files::{Encoding, file_name, fingerprint, is_single_byte, open};
use crate::tables::raw::{Block, FileStructure, Form, RaggedRecord, raw};
use crate::tables::source_column::SourceColumn;

/// Text handed to the parser at once.
const BLOCK_BYTES: usize = 8 << 20;
/// A record longer than this has an unclosed quote, not a long field.
const LONGEST_RECORD_BYTES: usize = 4 << 20;
/// A line longer than this is no line of an extract.
const LONGEST_LINE_BYTES: usize = 64 << 20;
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

pub(super) fn survey_text(wanted: Wanted<'_>, path: &Path) -> Result<Surveyed, IngestError> {
    let io = |source| IngestError::of_read(&wanted.extract.id, path, source, 0);
    let (form, certain) = form(&wanted, path)?;
    let mut pass = Pass { wanted, path, form, certain, formats: Formats::new() };
    loop {
        let walker = pass.walk()?;
        if walker.not_utf8 {
            if !is_single_byte(open(path).map_err(io)?).map_err(io)? {
                let extract = wanted.extract.id.clone();
                return Err(IngestError::MixedEncodings { extract, path: path.to_owned() });
            }
            pass.form = Form::Text(Encoding::Windows1252);
            pass.certain = true;
            continue;
        }
        let Some(mut walker) = walker.with_header() else {
            return Err(IngestError::Empty { extract: wanted.extract.id.clone(), path: path.to_owned() });
        };
        let evidence = std::mem::take(&mut walker.watched).evidence();
        if !evidence.is_empty() {
            let shown = dates::formats(&wanted.extract.id, path, &evidence)?;
            if evidence.keys().any(|column| shown.contains_key(column)) {
                pass.formats.extend(shown);
                continue;
            }
        }
        let (bytes, hash) = fingerprint(path).map_err(io)?;
        return Ok(walker.finish(bytes, hash));
    }
}

/// One reading of a file, and what it goes by.
struct Pass<'a> {
    wanted: Wanted<'a>,
    path: &'a Path,
    form: Form,
    /// The encoding is stated, or the file itself shows it.
    certain: bool,
    formats: Formats,
}

impl Pass<'_> {
    fn walk(&self) -> Result<Walker<'_>, IngestError> {
        let failed = |source, bytes| IngestError::of_read(&self.wanted.extract.id, self.path, source, bytes);
        let mut source = text(self.path, &self.form).map_err(|error| failed(error, 0))?;
        let mut walker = Walker::new(self);
        let mut text = Vec::new();
        let mut finished = false;
        while !finished && !walker.not_utf8 {
            let read = source.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut text);
            let read = read.map_err(|error| failed(error, walker.offset + text.len() as u64))?;
            finished = read < BLOCK_BYTES;
            let used = walker.take(&text, finished)?;
            text.drain(..used);
            if text.len() > LONGEST_LINE_BYTES {
                let (extract, path) = (self.wanted.extract.id.clone(), self.path.to_owned());
                return Err(IngestError::LongLine { extract, path, record: walker.last_record + 1 });
            }
        }
        Ok(walker)
    }
}

/// Walks the records of one file, block after block.
struct Walker<'a> {
    pass: &'a Pass<'a>,
    header: Option<Header>,
    columns: Vec<SourceColumn>,
    watched: Watched,
    body_offset: u64,
    /// Where the next block begins in the file.
    offset: u64,
    /// Number of the last record or footer so far.
    last_record: u64,
    records: u64,
    blocks: Vec<Block>,
    ragged: Vec<RaggedRecord>,
    footers: Vec<u64>,
    undecodable: u64,
    not_utf8: bool,
    noted: Noted,
}

impl<'a> Walker<'a> {
    fn new(pass: &'a Pass<'a>) -> Self {
        Self {
            pass,
            header: None,
            columns: Vec::new(),
            watched: Watched::default(),
            body_offset: 0,
            offset: 0,
            last_record: 0,
            records: 0,
            blocks: Vec::new(),
            ragged: Vec::new(),
            footers: Vec::new(),
            undecodable: 0,
            not_utf8: false,
            noted: Noted::default(),
        }
    }

    fn with_header(self) -> Option<Self> {
        self.header.is_some().then_some(self)
    }

    /// Takes in as many whole records of `text` as there are, and says how many bytes that was.
    fn take(&mut self, text: &[u8], whole: bool) -> Result<usize, IngestError> {
        let head = if self.header.is_none() { self.take_header(text, whole)? } else { 0 };
        if self.header.is_none() {
            return Ok(head);
        }
        let mut used = head;
        loop {
            let walked = self.take_records(&text[used..], whole, false);
            used += walked.used;
            let left = &text[used..];
            if left.is_empty() || !(walked.broken || left.len() > LONGEST_RECORD_BYTES) {
                return Ok(used);
            }
            // A quote was opened and never closed: read its line with quotes as letters, then go on.
            let line = memchr::memchr(b'\n', left).map(|at| at + 1).or(whole.then_some(left.len()));
            let Some(line) = line else { return Ok(used) };
            self.take_records(&left[..line], true, true);
            used += line;
        }
    }

    fn take_header(&mut self, text: &[u8], whole: bool) -> Result<usize, IngestError> {
        let Wanted { extract, others, input, .. } = self.pass.wanted;
        let Some(header) = header::find(text, whole, extract, input, &self.pass.form) else { return Ok(0) };
        if memchr::memchr(b'\n', text).is_none() && text.contains(&b'\r') {
            let reason = "its lines end in carriage returns alone; save it as `CSV UTF-8`".to_owned();
            let (extract, path) = (extract.id.clone(), self.pass.path.to_owned());
            return Err(IngestError::Unreadable { extract, path, reason });
        }
        let columns = header::columns(extract, others, input, &header.names, self.pass.path)?;
        self.columns = header::with_formats(columns, &self.pass.formats);
        self.watched = Watched::of(extract, &self.columns);
        self.body_offset = header.end as u64;
        let mark = match &self.pass.form {
            Form::Text(encoding) => mark_length(self.pass.path, *encoding),
            Form::Sheet(_) | Form::Parquet => 0,
        };
        self.last_record = self.pass.form.header_record(header.title_rows);
        self.offset = self.pass.form.offset_after(mark, &text[..header.end]).unwrap_or_default();
        let end = header.end;
        self.header = Some(header);
        Ok(end)
    }

    fn take_records(&mut self, text: &[u8], whole: bool, bare_quotes: bool) -> crate::files::records::Walked {
        let (width, delimiter) = self.header.as_ref().map_or((0, b','), |h| (h.names.len() as u32, h.delimiter));
        let first_record = self.last_record + 1;
        let (mut number, mut count, mut clean) = (self.last_record, 0u32, true);
        let (mut ragged, mut footers) = (Vec::new(), Vec::new());
        let (suspect, mut undecodable, mut not_utf8) = (is_undecodable(text), 0, false);
        let (watched, own_force, noted) = (&mut self.watched, self.pass.wanted.own_force, &mut self.noted);
        let (form, footer) = (&self.pass.form, &self.pass.wanted.input.layout.footer);
        let walked = walk(text, Dialect { delimiter, bare_quotes }, whole, |record, ends| {
            let blank = record.is_blank_line(text);
            number += u64::from(!blank || form.numbers_blank_rows());
            if blank {
                clean = false;
                return;
            }
            count += 1;
            clean &= !record.awkward;
            if !footer.is_empty() && is_footer(footer, text, &record, ends) {
                footers.push(number);
                return;
            }
            let record_text = &text[record.start..record.end];
            if suspect && is_undecodable(record_text) {
                undecodable += 1;
                not_utf8 |= std::str::from_utf8(record_text).is_err();
            }
            if record.fields == width {
                watched.note(own_force, number, |i| field_value(text, &record, ends, i), noted);
            } else {
                ragged.push((number, record));
            }
        });
        clean &= ragged.is_empty() && footers.is_empty();
        let of_ragged = |(number, record): (u64, Record)| RaggedRecord {
            record: number,
            byte_offset: form.offset_after(self.offset, &text[..record.start]),
            raw: raw(&text[record.start..record.end]),
            fields: record.fields,
            unclosed_quote: bare_quotes && record.awkward,
        };
        self.ragged.extend(ragged.into_iter().map(of_ragged));
        self.records += u64::from(count) - footers.len() as u64;
        self.last_record = number;
        self.footers.extend(footers);
        self.undecodable += undecodable;
        self.not_utf8 |= !self.pass.certain && not_utf8;
        if walked.used > 0 {
            let offset = self.offset;
            self.blocks.push(Block { offset, length: walked.used, first_record, records: count, clean, bare_quotes });
        }
        self.offset = form.offset_after(self.offset, &text[..walked.used]).unwrap_or_default();
        walked
    }

    fn finish(self, bytes: u64, hash: String) -> Surveyed {
        let header = self.header.unwrap_or(Header { delimiter: b',', names: Vec::new(), end: 0, title_rows: 0 });
        let file = FileStructure {
            path: self.pass.path.to_owned(),
            name: file_name(self.pass.path).into(),
            header: self.columns.iter().map(|column| column.name.clone()).collect(),
            columns: self.columns,
            form: self.pass.form.clone(),
            delimiter: header.delimiter,
            width: header.names.len(),
            title_rows: header.title_rows,
            records: self.records,
            body_offset: self.body_offset,
            blocks: self.blocks,
            ragged: self.ragged,
            footers: self.footers,
            undecodable: self.undecodable,
            hash,
            bytes,
        };
        Surveyed { file, noted: self.noted }
    }
}

/// Bytes of the mark at the start of a file, if it has one.
fn mark_length(path: &Path, encoding: Encoding) -> u64 {
    let mut start = Vec::new();
    let mark = encoding.mark();
    let read = open(path).and_then(|file| file.take(mark.len() as u64).read_to_end(&mut start));
    if read.is_ok() && start == mark { mark.len() as u64 } else { 0 }
}

/// Bytes that are no letters, or the sign that stands for such bytes.
fn is_undecodable(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_err() || memchr::memmem::find(text, REPLACEMENT).is_some()
}

/// Whether the first filled cell begins as the definition says of rows below the table.
fn is_footer(footer: &[String], text: &[u8], record: &Record, ends: &[usize]) -> bool {
    let filled =
        fields(text, record, ends).map(|field| value(field).trim().to_lowercase()).find(|cell| !cell.is_empty());
    filled.is_some_and(|cell| footer.iter().any(|start| cell.starts_with(start)))
}
