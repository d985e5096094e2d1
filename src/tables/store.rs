//! The only way a table reaches the disk: frames and typed rows in, Parquet with its schema's descriptions out.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringBuilder,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use polars::prelude as pl;

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

/// Writes one table, batch after batch.
pub struct TableWriter {
    path: PathBuf,
    spec: TableSpec,
    writer: ArrowWriter<BufWriter<File>>,
    rows: u64,
}

impl TableWriter {
    /// Starts `<folder>/<spec path>`; the folder must exist.
    pub fn create(build: &Path, spec: TableSpec) -> Result<Self, StoreError> {
        let path = build.join(spec.path());
        let io = |source| StoreError::Io { path: path.clone(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        let file = BufWriter::with_capacity(1 << 20, File::create(&path).map_err(io)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("scorecard ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(file, spec.arrow_schema(), Some(properties))
            .map_err(|source| StoreError::Parquet { path: path.clone(), source })?;
        Ok(Self { path, spec, writer, rows: 0 })
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
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .map_err(|source| StoreError::Schema { path: self.path.clone(), source })?;
        self.rows += batch.num_rows() as u64;
        self.writer.write(&batch).map_err(|source| StoreError::Parquet { path: self.path.clone(), source })
    }

    /// Writes the footer, flushes to the disk, and gives the number of rows.
    pub fn finish(self) -> Result<u64, StoreError> {
        let path = self.path;
        let buffer = self.writer.into_inner().map_err(|source| StoreError::Parquet { path: path.clone(), source })?;
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
