//! Parquet extracts: rows counted from the footer, values read as text like any other.

use std::fs::File;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use polars::prelude::{DataFrame, DataType, IdxSize, LazyFrame, PlRefPath, PolarsResult, ScanArgsParquet, col};

use super::IngestError;
use super::survey::{KeyColumns, Noted, Surveyed};
use crate::definitions::Extract;
use crate::files::{file_name, fingerprint};
use crate::tables::raw::{Block, FileStructure};

/// Rows read at once.
const BLOCK_ROWS: u64 = 65_536;

pub(super) fn survey(extract: &Extract, own_force: &str, path: &Path) -> Result<Surveyed, IngestError> {
    let unreadable =
        |reason: String| IngestError::Unreadable { extract: extract.id.clone(), path: path.to_owned(), reason };
    let opened = File::open(path).map_err(|source| IngestError::of_io(&extract.id, path, source))?;
    let footer = SerializedFileReader::new(opened).map_err(|e| unreadable(e.to_string()))?;
    let metadata = footer.metadata().file_metadata();
    let header: Vec<String> =
        metadata.schema_descr().root_schema().get_fields().iter().map(|f| f.name().to_owned()).collect();
    let records = u64::try_from(metadata.num_rows()).unwrap_or(0);
    let blocks: Vec<Block> = (0..records)
        .step_by(BLOCK_ROWS as usize)
        .map(|row| {
            let rows = BLOCK_ROWS.min(records - row);
            Block {
                offset: row,
                length: rows as usize,
                first_record: row + 2,
                records: rows as u32,
                clean: true,
                bare_quotes: false,
            }
        })
        .collect();
    let (bytes, hash) = fingerprint(path).map_err(|source| IngestError::of_io(&extract.id, path, source))?;
    let name = file_name(path).into();
    let file = FileStructure {
        path: path.to_owned(),
        name,
        header,
        records,
        body_offset: 0,
        blocks,
        ragged: Vec::new(),
        hash,
        bytes,
    };
    let noted = note_keys(extract, own_force, &file)?;
    let Noted { keys, rows_by_day, rows_by_force } = noted;
    Ok(Surveyed { file, keys, rows_by_day, rows_by_force })
}

fn note_keys(extract: &Extract, own_force: &str, file: &FileStructure) -> Result<Noted, IngestError> {
    let columns = KeyColumns::of(extract, &file.header);
    let mut noted = Noted::default();
    for block in &file.blocks {
        let frame = read(&extract.id, file, block)?;
        let texts: Vec<_> = frame.columns().iter().map(|c| c.str().ok()).collect();
        for row in 0..frame.height() {
            let text = |i: usize| texts[i].and_then(|t| t.get(row)).unwrap_or("").into();
            columns.note(own_force, text, &mut noted);
        }
    }
    Ok(noted)
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
    rows.slice(block.offset as i64, block.length as IdxSize)
        .select(file.header.iter().map(|h| col(h.as_str()).cast(DataType::String)).collect::<Vec<_>>())
        .collect()
}
