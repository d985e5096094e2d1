//! What a table is: its columns, each with a type, a meaning and a unit. The text travels in the Parquet schema.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};

/// How a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    Text,
    Flag,
    Integer,
    Number,
    Date,
    /// Civil London time, microseconds, no zone.
    Time,
}

impl ColumnType {
    fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Flag => DataType::Boolean,
            Self::Integer => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Date => DataType::Date32,
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, None),
        }
    }
}

/// One column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    pub name: &'static str,
    pub column_type: ColumnType,
    pub nullable: bool,
    pub description: &'static str,
    /// Empty where the column has none.
    pub unit: &'static str,
}

/// One table: a file `tables/<name>.parquet` or `restricted/<name>.parquet` of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSpec {
    pub name: &'static str,
    pub description: &'static str,
    /// Kept with mode 0700 and out of every pack.
    pub restricted: bool,
    pub columns: &'static [ColumnSpec],
}

impl TableSpec {
    /// The Arrow schema, with description and unit in each field's metadata and the table's own in the schema's.
    pub fn arrow_schema(&self) -> Arc<Schema> {
        let fields: Vec<Field> = self
            .columns
            .iter()
            .map(|c| {
                let metadata = HashMap::from([
                    ("description".to_owned(), c.description.to_owned()),
                    ("unit".to_owned(), c.unit.to_owned()),
                ]);
                Field::new(c.name, c.column_type.arrow(), c.nullable).with_metadata(metadata)
            })
            .collect();
        let metadata = HashMap::from([("description".to_owned(), self.description.to_owned())]);
        Arc::new(Schema::new_with_metadata(fields, metadata))
    }

    /// Path inside a build.
    pub fn path(&self) -> String {
        let folder = if self.restricted { "restricted" } else { "tables" };
        format!("{folder}/{}.parquet", self.name)
    }
}

/// A column that always holds a value.
pub const fn column(name: &'static str, column_type: ColumnType, description: &'static str) -> ColumnSpec {
    ColumnSpec { name, column_type, nullable: false, description, unit: "" }
}

/// A column that may be blank.
pub const fn optional(name: &'static str, column_type: ColumnType, description: &'static str) -> ColumnSpec {
    ColumnSpec { name, column_type, nullable: true, description, unit: "" }
}

impl ColumnSpec {
    pub const fn in_unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }
}
