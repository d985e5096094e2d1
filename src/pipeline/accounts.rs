//! Small tables: what became of the records, the dimensions.

use arrow::array::ArrayRef;
use polars::prelude::SortMultipleOptions;

use super::BuildError;
use super::books::Books;
use crate::build_folder::BuildFolder;
use crate::tables::published::{QUARANTINE, RECONCILIATION};
use crate::tables::spec::TableSpec;
use crate::tables::store::TableWriter;

/// One table from its columns.
pub(super) fn table(folder: &BuildFolder, spec: TableSpec, arrays: Vec<ArrayRef>) -> Result<(), BuildError> {
    let mut writer = TableWriter::create(folder.path(), spec)?;
    writer.write_arrays(arrays)?;
    writer.finish()?;
    Ok(())
}

/// The quarantine and the reconciliation.
pub(super) fn books(books: &Books, folder: &BuildFolder) -> Result<(), BuildError> {
    let rows = &books.quarantined;
    let text = |of: &dyn Fn(usize) -> String| (0..rows.len()).map(of).collect::<Vec<String>>();
    let quarantine = polars::prelude::df!(
        "extract" => text(&|i| rows[i].extract.clone()),
        "file" => text(&|i| rows[i].file.to_string()),
        "record" => rows.iter().map(|q| q.record as i64).collect::<Vec<_>>(),
        "byte_offset" => rows.iter().map(|q| q.byte_offset.map(|b| b as i64)).collect::<Vec<_>>(),
        "raw" => text(&|i| rows[i].raw.clone()),
        "rule" => text(&|i| rows[i].rule.name().to_owned()),
        "column" => text(&|i| rows[i].column.clone()),
        "expected" => text(&|i| rows[i].expected.clone()),
        "found" => text(&|i| rows[i].found.clone()),
        "hint" => text(&|i| rows[i].hint.clone()),
    )?;
    let mut writer = TableWriter::create(folder.path(), QUARANTINE)?;
    writer.write_frame(&quarantine)?;
    writer.finish()?;
    let rows = &books.reconciliation;
    let count = |of: &dyn Fn(usize) -> u64| (0..rows.len()).map(|i| of(i) as i64).collect::<Vec<i64>>();
    let text = |of: &dyn Fn(usize) -> String| (0..rows.len()).map(of).collect::<Vec<String>>();
    let reconciliation = polars::prelude::df!(
        "extract" => text(&|i| rows[i].extract.clone()),
        "file" => text(&|i| rows[i].file.clone()),
        "records_read" => count(&|i| rows[i].records_read),
        "accepted" => count(&|i| rows[i].accepted),
        "out_of_window" => count(&|i| rows[i].out_of_window),
        "quarantined" => count(&|i| rows[i].quarantined),
        "duplicates" => count(&|i| rows[i].duplicates),
    )?;
    let mut writer = TableWriter::create(folder.path(), RECONCILIATION)?;
    let sorted = reconciliation.sort(["extract", "file"], SortMultipleOptions::default())?;
    writer.write_frame(&sorted)?;
    writer.finish()?;
    Ok(())
}
