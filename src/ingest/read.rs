//! The reading pass: blocks of records to text frames, each checked against the structural pass's count.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::sync::Arc;

use polars::prelude::{
    CsvEncoding, CsvReadOptions, DataFrame, DataType, Field, IntoColumn, PlSmallStr, PolarsResult, Schema, SchemaRef,
    SerReader, StringChunked,
};
use rayon::prelude::*;

use super::IngestError;
use super::text::text;
use crate::files::records::{Dialect, fields, walk, write_plainly};
use crate::tables::raw::{Block, FileStructure, Form, Places, RawBatch, Span};

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
    if file.form == Form::Parquet {
        for block in &file.blocks {
            let frame = canonical(file, super::parquet::read(extract, file, block)?)
                .map_err(|_| unreadable(extract, file, block))?;
            let places = Places::Rows { first_record: block.first_record };
            then(each(RawBatch { file: file.name.clone(), file_index, frame, places })?)?;
        }
        return Ok(());
    }
    let io = |source| IngestError::of_io(extract, &file.path, source);
    let mut source = text(&file.path, &file.form).map_err(io)?;
    std::io::copy(&mut source.by_ref().take(file.body_offset), &mut std::io::sink()).map_err(io)?;
    let schema = text_schema(file.width);
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

/// Text columns named by their position: two fields of a file may have the same name.
fn text_schema(width: usize) -> SchemaRef {
    let fields = (0..width).map(|i| Field::new(PlSmallStr::from(i.to_string()), DataType::String));
    Arc::new(Schema::from_iter(fields))
}

/// The extract's columns of a file's fields.
fn canonical(file: &FileStructure, fields: DataFrame) -> PolarsResult<DataFrame> {
    let mut columns = Vec::with_capacity(file.columns.len());
    for column in &file.columns {
        let name = PlSmallStr::from(column.name.as_str());
        if column.is_plain() {
            columns.push(fields.columns()[column.fields[0]].clone().with_name(name));
            continue;
        }
        let texts = column.fields.iter().map(|i| fields.columns()[*i].str()).collect::<PolarsResult<Vec<_>>>()?;
        let at = |row: usize| {
            let field = |i: usize| {
                let position = column.fields.iter().position(|f| *f == i);
                Cow::Borrowed(position.and_then(|p| texts[p].get(row)).unwrap_or_default())
            };
            column.text(field)
        };
        let rewritten: StringChunked = (0..fields.height()).map(|row| Some(at(row))).collect();
        columns.push(rewritten.with_name(name).into_column());
    }
    DataFrame::new(fields.height(), columns)
}

fn parse(
    extract: &str,
    file: &FileStructure,
    block: &Block,
    text: Vec<u8>,
    schema: &SchemaRef,
) -> Result<(DataFrame, Places), IngestError> {
    let width = file.width as u32;
    let dialect = Dialect { delimiter: file.delimiter, bare_quotes: block.bare_quotes };
    let mut spans = Vec::with_capacity(block.records as usize);
    let mut number = block.first_record;
    let mut rewritten = Vec::new();
    // The parser takes a byte order mark at the start of any block for the file's own, and drops it.
    let clean = block.clean && !text.starts_with(b"\xef\xbb\xbf");
    walk(&text, dialect, true, |record, ends| {
        if record.is_blank_line(&text) {
            number += u64::from(file.form.numbers_blank_rows());
            return;
        }
        if record.fields == width && file.footers.binary_search(&number).is_err() {
            spans.push(Span { record: number, start: record.start as u32, end: record.end as u32 });
            if !clean {
                write_plainly(fields(&text, &record, ends), block.bare_quotes, &mut rewritten);
            }
        }
        number += 1;
    });
    let (source, delimiter) = match clean {
        true => (Cow::Borrowed(text.as_slice()), file.delimiter),
        false => (Cow::Owned(rewritten), b','),
    };
    let frame = if spans.is_empty() {
        DataFrame::empty_with_schema(schema)
    } else {
        parse_text(&source, delimiter, schema).map_err(|_| unreadable(extract, file, block))?
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
    let frame = canonical(file, frame).map_err(|_| unreadable(extract, file, block))?;
    let start = match &file.form {
        Form::Text(encoding) => Some((block.offset, *encoding)),
        Form::Sheet(_) | Form::Parquet => None,
    };
    Ok((frame, Places::Text { text, start, spans }))
}

fn parse_text(text: &[u8], delimiter: u8, schema: &SchemaRef) -> PolarsResult<DataFrame> {
    CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(schema.clone()))
        .with_n_threads(Some(1))
        .with_rechunk(true)
        .map_parse_options(|o| o.with_encoding(CsvEncoding::LossyUtf8).with_separator(delimiter))
        .into_reader_with_file_handle(Cursor::new(text))
        .finish()
}

/// What the parser itself says of a record repeats its text, and a message may not.
fn unreadable(extract: &str, file: &FileStructure, block: &Block) -> IngestError {
    let reason = format!("the parser gave up in the records from {} on", block.first_record);
    IngestError::Unreadable { extract: extract.to_owned(), path: file.path.clone(), reason }
}
