//! The reading pass: blocks of records to text frames, each checked against the structural pass's count.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::sync::Arc;

use polars::prelude::{
    CsvEncoding, CsvReadOptions, DataFrame, DataType, Field, PlSmallStr, PolarsResult, Schema, SchemaRef, SerReader,
};
use rayon::prelude::*;

use super::IngestError;
use crate::files::records::{fields, walk, write_plainly};
use crate::files::{is_parquet, open};
use crate::tables::raw::{Block, FileStructure, Places, RawBatch, Span};

/// Reads one file block by block, several at a time, and hands each block's rows to `each` on a worker; `then` takes
/// the results in the file's order.
///
/// # Errors
/// A file that changed or became unreadable since the structural pass, or a block in which the parser finds another
/// number of rows than that pass counted.
pub fn read<T: Send, E: From<IngestError> + Send>(
    extract: &str,
    file_index: u32,
    file: &FileStructure,
    each: impl Fn(RawBatch) -> Result<T, E> + Sync,
    mut then: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    if is_parquet(&file.path) {
        for block in &file.blocks {
            let frame = super::parquet::read(extract, file, block)?;
            let places = Places::Rows { first_record: block.first_record };
            then(each(RawBatch { file: file.name.clone(), file_index, frame, places })?)?;
        }
        return Ok(());
    }
    let io = |source| IngestError::of_io(extract, &file.path, source);
    let mut source = open(&file.path).map_err(io)?;
    std::io::copy(&mut source.by_ref().take(file.body_offset), &mut std::io::sink()).map_err(io)?;
    let schema = text_schema(&file.header);
    for group in file.blocks.chunks(rayon::current_num_threads().max(1)) {
        let mut texts = Vec::with_capacity(group.len());
        for block in group {
            let mut text = vec![0; block.length];
            source.read_exact(&mut text).map_err(io)?;
            texts.push((block, text));
        }
        let done: Vec<Result<T, E>> = texts
            .into_par_iter()
            .map(|(block, text)| {
                let (frame, places) = parse(extract, file, block, text, &schema)?;
                each(RawBatch { file: file.name.clone(), file_index, frame, places })
            })
            .collect();
        for one in done {
            then(one?)?;
        }
    }
    Ok(())
}

pub(super) fn text_schema(header: &[String]) -> SchemaRef {
    let name = |(i, h): (usize, &String)| if h.is_empty() { format!("column_{}", i + 1) } else { h.clone() };
    let fields = header.iter().enumerate().map(name).map(|n| Field::new(PlSmallStr::from(n), DataType::String));
    Arc::new(Schema::from_iter(fields))
}

fn parse(
    extract: &str,
    file: &FileStructure,
    block: &Block,
    text: Vec<u8>,
    schema: &SchemaRef,
) -> Result<(DataFrame, Places), IngestError> {
    let width = file.header.len() as u32;
    let mut spans = Vec::with_capacity(block.records as usize);
    let mut number = block.first_record;
    let mut rewritten = Vec::new();
    // The parser takes a byte order mark at the start of any block for the file's own, and drops it.
    let clean = block.clean && !text.starts_with(b"\xef\xbb\xbf");
    walk(&text, true, block.bare_quotes, |record, ends| {
        if record.is_blank_line(&text) {
            return;
        }
        if record.fields == width {
            spans.push(Span { record: number, start: record.start as u32, end: record.end as u32 });
            if !clean {
                write_plainly(fields(&text, &record, ends), block.bare_quotes, &mut rewritten);
            }
        }
        number += 1;
    });
    let source = if clean { Cow::Borrowed(text.as_slice()) } else { Cow::Owned(rewritten) };
    let frame = if spans.is_empty() {
        DataFrame::empty_with_schema(schema)
    } else {
        // What the parser says of a record repeats its text, and a message may not.
        parse_text(&source, schema).map_err(|_| IngestError::Unreadable {
            extract: extract.to_owned(),
            path: file.path.clone(),
            reason: format!("the parser gave up in the records from {} on", block.first_record),
        })?
    };
    if frame.height() != spans.len() {
        return Err(IngestError::CountsDiffer {
            extract: extract.to_owned(),
            path: file.path.clone(),
            first_record: block.first_record,
            counted: spans.len() as u64,
            parsed: frame.height() as u64,
        });
    }
    Ok((frame, Places::Text { text, offset: block.offset, spans }))
}

fn parse_text(text: &[u8], schema: &SchemaRef) -> PolarsResult<DataFrame> {
    CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(schema.clone()))
        .with_n_threads(Some(1))
        .with_rechunk(true)
        .map_parse_options(|o| o.with_encoding(CsvEncoding::LossyUtf8))
        .into_reader_with_file_handle(Cursor::new(text))
        .finish()
}
