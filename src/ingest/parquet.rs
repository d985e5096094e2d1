//! Parquet extracts: rows counted from the footer, values read as text like any other.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use polars::prelude::{DataFrame, DataType, IdxSize, LazyFrame, PlRefPath, PolarsResult, ScanArgsParquet, all};

use super::IngestError;
use super::dates::{self, Evidence};
use super::header;
use super::notes::{Noted, Watched};
use super::survey::{Surveyed, Wanted};
use crate::definitions::Extract;
use crate::files::{file_name, fingerprint};
use crate::tables::raw::{Block, FileStructure, Form};

/// Rows read at once.
const BLOCK_ROWS: u64 = 65_536;

pub(super) fn survey(wanted: Wanted<'_>, path: &Path) -> Result<Surveyed, IngestError> {
    let Wanted { extract, others, input, own_force } = wanted;
    let (names, rows) = footer(&wanted, path)?;
    let columns = header::columns(extract, others, input, &names, path)?;
    let (bytes, hash) = fingerprint(path).map_err(|source| IngestError::of_io(&extract.id, path, source))?;
    let mut file = FileStructure {
        path: path.to_owned(),
        name: file_name(path).into(),
        header: columns.iter().map(|column| column.name.clone()).collect(),
        columns,
        form: Form::Parquet,
        delimiter: b',',
        width: names.len(),
        title_rows: 0,
        records: rows,
        body_offset: 0,
        blocks: blocks(rows),
        ragged: Vec::new(),
        footers: Vec::new(),
        undecodable: 0,
        hash,
        bytes,
    };
    let (mut noted, evidence) = note(extract, own_force, &file)?;
    let formats = dates::formats(&extract.id, path, &evidence)?;
    if !formats.is_empty() {
        file.columns = header::with_formats(file.columns, &formats);
        noted = note(extract, own_force, &file)?.0;
    }
    Ok(Surveyed { file, noted })
}

/// The columns' names.
pub(super) fn names(wanted: &Wanted<'_>, path: &Path) -> Result<Vec<String>, IngestError> {
    footer(wanted, path).map(|(names, _)| names)
}

/// The columns' names, and the number of rows.
fn footer(wanted: &Wanted<'_>, path: &Path) -> Result<(Vec<String>, u64), IngestError> {
    let extract = &wanted.extract.id;
    let opened = File::open(path).map_err(|source| IngestError::of_io(extract, path, source))?;
    let footer = SerializedFileReader::new(opened).map_err(|error| IngestError::Unreadable {
        extract: extract.clone(),
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    let metadata = footer.metadata().file_metadata();
    let fields = metadata.schema_descr().root_schema().get_fields();
    let names = fields.iter().map(|field| field.name().to_owned()).collect();
    Ok((names, u64::try_from(metadata.num_rows()).unwrap_or(0)))
}

fn blocks(records: u64) -> Vec<Block> {
    let block = |row: u64| {
        let rows = BLOCK_ROWS.min(records - row);
        let (first_record, records) = (row + 2, rows as u32);
        Block { offset: row, length: rows as usize, first_record, records, clean: true, bare_quotes: false }
    };
    (0..records).step_by(BLOCK_ROWS as usize).map(block).collect()
}

type Found = (Noted, BTreeMap<String, Evidence>);

fn note(extract: &Extract, own_force: &str, file: &FileStructure) -> Result<Found, IngestError> {
    let mut watched = Watched::of(extract, &file.columns);
    let mut noted = Noted::default();
    for block in &file.blocks {
        let frame = read(&extract.id, file, block)?;
        let texts: Vec<_> = frame.columns().iter().map(|c| c.str().ok()).collect();
        for row in 0..frame.height() {
            let field = |i: usize| texts[i].and_then(|t| t.get(row)).unwrap_or("").into();
            watched.note(own_force, block.first_record + row as u64, field, &mut noted);
        }
    }
    Ok((noted, watched.evidence()))
}

/// One block of rows, every value as text.
pub(super) fn read(extract: &str, file: &FileStructure, block: &Block) -> Result<DataFrame, IngestError> {
    scan(file, block).map_err(|error| IngestError::Unreadable {
        extract: extract.to_owned(),
        path: file.path.clone(),
        reason: error.to_string(),
    })
}

fn scan(file: &FileStructure, block: &Block) -> PolarsResult<DataFrame> {
    let path = PlRefPath::new(file.path.to_string_lossy());
    let rows = LazyFrame::scan_parquet(path, ScanArgsParquet::default())?;
    rows.slice(block.offset as i64, block.length as IdxSize).select([all().as_expr().cast(DataType::String)]).collect()
}
