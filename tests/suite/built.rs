//! The tables of a build, every cell as text: a null is empty.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow::array::AsArray;
use arrow::util::display::array_value_to_string;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

pub type Row = BTreeMap<String, String>;

/// The rows of one table, in its order.
pub fn rows(build: &Path, table: &str) -> Vec<Row> {
    rows_with(build, table, &[])
}

/// Those whose columns of text hold what is wanted of them.
pub fn rows_with(build: &Path, table: &str, wanted: &[(&str, &str)]) -> Vec<Row> {
    let file = File::open(build.join(format!("tables/{table}.parquet"))).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in reader.map(Result::unwrap) {
        let schema = batch.schema();
        let texts = |column: &str| batch.column_by_name(column).unwrap().as_string::<i32>().clone();
        let asked: Vec<_> = wanted.iter().map(|(column, value)| (texts(column), *value)).collect();
        for row in 0..batch.num_rows() {
            if asked.iter().any(|(texts, value)| texts.value(row) != *value) {
                continue;
            }
            let cell = |(column, field): (usize, &std::sync::Arc<arrow::datatypes::Field>)| {
                (field.name().clone(), array_value_to_string(batch.column(column), row).unwrap())
            };
            rows.push(schema.fields().iter().enumerate().map(cell).collect());
        }
    }
    rows
}
