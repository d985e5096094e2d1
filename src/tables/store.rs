//! The only way a table reaches the disk: frames and typed rows in, Parquet with its schema's descriptions out.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringBuilder,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use polars::prelude as pl;
use rayon::prelude::*;

use super::spec::{ColumnSpec, ColumnType, TableSpec};

/// Rows per row group: small enough to stream, large enough to compress.
const ROW_GROUP_ROWS: usize = 262_144;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot write {path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("cannot write {path}: {source}")]
    Parquet { path: PathBuf, source: parquet::errors::ParquetError },
    #[error("cannot write {path}: column {column}: {source}")]
    Frame { path: PathBuf, column: String, source: pl::PolarsError },
    #[error("cannot write {path}: {source}")]
    Schema { path: PathBuf, source: arrow::error::ArrowError },
}

/// Writes one table, batch after batch. The columns of a row group are encoded side by side.
pub struct TableWriter {
    path: PathBuf,
    spec: TableSpec,
    file: SerializedFileWriter<BufWriter<File>>,
    factory: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    /// Batches of the row group that is filling up, column by column.
    waiting: Vec<Vec<ArrayRef>>,
    waiting_rows: usize,
    row_groups: usize,
    rows: u64,
}

impl TableWriter {
    /// Starts `<folder>/<spec path>`, making the one folder above it. The build's own folder must be there.
    pub fn create(build: &Path, spec: TableSpec) -> Result<Self, StoreError> {
        let path = build.join(spec.path());
        let io = |source| StoreError::Io { path: path.clone(), source };
        if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
            std::fs::create_dir(folder).map_err(io)?;
        }
        let file = BufWriter::with_capacity(1 << 20, File::create(&path).map_err(io)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("scorecard ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let schema = spec.arrow_schema();
        let (file, factory) = ArrowWriter::try_new(file, schema.clone(), Some(properties))
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(|source| StoreError::Parquet { path: path.clone(), source })?;
        let waiting = vec![Vec::new(); spec.columns.len()];
        Ok(Self { path, spec, file, factory, schema, waiting, waiting_rows: 0, row_groups: 0, rows: 0 })
    }

    /// Appends a frame that has the spec's columns, in any order; other columns are left out.
    pub fn write_frame(&mut self, frame: &pl::DataFrame) -> Result<(), StoreError> {
        let arrays = self
            .spec
            .columns
            .iter()
            .map(|c| {
                frame.column(c.name).and_then(|series| to_arrow(c, series)).map_err(|source| StoreError::Frame {
                    path: self.path.clone(),
                    column: c.name.to_owned(),
                    source,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.write_arrays(arrays)
    }

    /// Appends rows as arrays in the spec's column order. A text column may come as a dictionary.
    pub fn write_arrays(&mut self, arrays: Vec<ArrayRef>) -> Result<(), StoreError> {
        let columns = self.spec.columns.iter().zip(&arrays);
        let fields: Vec<Field> = columns.map(|(c, a)| Field::new(c.name, a.data_type().clone(), c.nullable)).collect();
        // Checks lengths, numbers of columns and blanks where there may be none.
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .map_err(|source| StoreError::Schema { path: self.path.clone(), source })?;
        let rows = batch.num_rows();
        for (waiting, array) in self.waiting.iter_mut().zip(batch.columns()) {
            waiting.push(array.clone());
        }
        self.waiting_rows += rows;
        self.rows += rows as u64;
        if self.waiting_rows >= ROW_GROUP_ROWS { self.write_row_group() } else { Ok(()) }
    }

    fn write_row_group(&mut self) -> Result<(), StoreError> {
        if self.waiting_rows == 0 {
            return Ok(());
        }
        let parquet = |source| StoreError::Parquet { path: self.path.clone(), source };
        let writers = self.factory.create_column_writers(self.row_groups).map_err(parquet)?;
        let columns: Vec<(ArrowColumnWriter, Vec<ArrayRef>, &Arc<Field>)> = writers
            .into_iter()
            .zip(self.waiting.iter_mut().map(std::mem::take))
            .zip(self.schema.fields())
            .map(|((writer, arrays), field)| (writer, arrays, field))
            .collect();
        let encoded = columns
            .into_par_iter()
            .map(|(mut writer, arrays, field)| {
                for array in &arrays {
                    for leaf in compute_leaves(field, array)? {
                        writer.write(&leaf)?;
                    }
                }
                writer.close()
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(parquet)?;
        let mut group = self.file.next_row_group().map_err(parquet)?;
        for chunk in encoded {
            chunk.append_to_row_group(&mut group).map_err(parquet)?;
        }
        group.close().map_err(parquet)?;
        self.row_groups += 1;
        self.waiting_rows = 0;
        Ok(())
    }

    /// Writes the footer, flushes to the disk, and gives the number of rows.
    pub fn finish(mut self) -> Result<u64, StoreError> {
        self.write_row_group()?;
        let path = self.path;
        let buffer = self.file.into_inner().map_err(|source| StoreError::Parquet { path: path.clone(), source })?;
        let io = |source| StoreError::Io { path: path.clone(), source };
        let file = buffer.into_inner().map_err(|e| io(e.into_error()))?;
        file.sync_all().map_err(io)?;
        Ok(self.rows)
    }
}

/// One frame column as an Arrow array of the spec's type.
fn to_arrow(spec: &ColumnSpec, column: &pl::Column) -> pl::PolarsResult<ArrayRef> {
    let array: ArrayRef = match spec.column_type {
        ColumnType::Text => {
            let text = column.cast(&pl::DataType::String)?;
            let text = text.str()?;
            let mut builder = StringBuilder::with_capacity(text.len(), text.len() * 12);
            text.iter().for_each(|value| builder.append_option(value));
            Arc::new(builder.finish())
        }
        ColumnType::Flag => Arc::new(column.bool()?.iter().collect::<BooleanArray>()),
        ColumnType::Integer => Arc::new(column.cast(&pl::DataType::Int64)?.i64()?.iter().collect::<Int64Array>()),
        ColumnType::Number => Arc::new(column.cast(&pl::DataType::Float64)?.f64()?.iter().collect::<Float64Array>()),
        ColumnType::Date => {
            let days = column.cast(&pl::DataType::Date)?.to_physical_repr();
            Arc::new(days.i32()?.iter().collect::<Date32Array>())
        }
        ColumnType::Time => {
            let micros = column.cast(&pl::DataType::Datetime(pl::TimeUnit::Microseconds, None))?.to_physical_repr();
            Arc::new(micros.i64()?.iter().collect::<TimestampMicrosecondArray>())
        }
    };
    Ok(array)
}
