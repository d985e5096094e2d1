//! A briefing as typed content, which each renderer shows in its own way. Every number carries the cell that it is.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::{Audience, Level};
use crate::publish::charts::ChartUnit;
use crate::publish::marked::{Marked, RowKey};

/// Whom a briefing is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BriefingUnit {
    Area(String),
    Department(String),
    Team(String),
    /// Who supervises officers.
    Supervisor(String),
    Officer(String),
}

impl BriefingUnit {
    /// As in the tables.
    pub fn name(&self) -> &str {
        match self {
            Self::Area(name)
            | Self::Department(name)
            | Self::Team(name)
            | Self::Supervisor(name)
            | Self::Officer(name) => name,
        }
    }

    /// The level in the tables.
    pub const fn level(&self) -> &'static str {
        match self {
            Self::Area(_) => Level::Area.name(),
            Self::Department(_) => Level::Department.name(),
            Self::Team(_) => Level::Team.name(),
            Self::Supervisor(_) => Level::Supervisor.name(),
            Self::Officer(_) => Level::Officer.name(),
        }
    }

    /// Who may open it.
    pub const fn audience(&self) -> Audience {
        match self {
            Self::Area(_) | Self::Department(_) => Audience::Supervisor,
            Self::Team(_) | Self::Supervisor(_) | Self::Officer(_) => Audience::Team,
        }
    }
}

/// Two pages for one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Briefing {
    pub unit: BriefingUnit,
    pub title: String,
    pub force: String,
    pub force_name: String,
    /// The data date and the days that are looked at.
    pub period: Words,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: String,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// A name for links and tests.
    pub id: &'static str,
    pub title: String,
    /// Paragraphs before the grids.
    pub said: Vec<Words>,
    pub grids: Vec<Grid>,
    /// Small print after them.
    pub notes: Vec<Words>,
}

/// A table. The first cell of a row is its heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub caption: String,
    pub columns: Vec<GridColumn>,
    pub rows: Vec<Vec<Words>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridColumn {
    pub title: String,
    /// Set to the right.
    pub is_number: bool,
}

impl GridColumn {
    pub fn text(title: &str) -> Self {
        Self { title: title.to_owned(), is_number: false }
    }

    pub fn number(title: &str) -> Self {
        Self { title: title.to_owned(), is_number: true }
    }
}

pub type Key = Vec<(&'static str, String)>;

/// Stands for a column where rows themselves are counted: how many rows of the table have the key.
pub const ROWS: &str = "rows";

/// Text with cells in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words(pub(in crate::publish) Marked);

/// A row of a table, whose cells are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct RowOf {
    pub table: &'static str,
    pub key: Key,
}

impl Words {
    pub fn of(text: &str) -> Self {
        Self::default().text(text)
    }

    pub fn text(self, text: &str) -> Self {
        Self(self.0.text(text))
    }

    fn cell(self, row: &RowOf, cell: Marked) -> Self {
        let row = RowKey { table: row.table, key: row.key.clone() };
        Self(self.0.then(&cell.of_row(&Arc::new(row))))
    }

    pub fn number(self, row: &RowOf, column: &'static str, value: f64, shown: &str) -> Self {
        self.cell(row, Marked::new().number(column, value, shown))
    }

    /// A count, with a comma at every thousand.
    pub fn count(self, row: &RowOf, column: &'static str, count: u64) -> Self {
        self.number(row, column, count as f64, &ChartUnit::Count.format(count as f64))
    }

    pub fn day(self, row: &RowOf, column: &'static str, day: NaiveDate) -> Self {
        self.cell(row, Marked::new().day(column, day))
    }

    /// `Fri 2 Oct`: in a list of days whose year is plain.
    pub fn short_day(self, row: &RowOf, column: &'static str, day: NaiveDate) -> Self {
        self.cell(row, Marked::new().day_as(column, day, &day.format("%a %-d %b").to_string()))
    }

    /// How many rows of the grid at hand are shown.
    pub fn shown(self, rows: usize) -> Self {
        Self(self.0.rows_shown(rows))
    }

    pub fn then(self, more: Self) -> Self {
        Self(self.0.then(&more.0))
    }

    /// As a reader sees it.
    pub fn plain(&self) -> String {
        self.0.plain()
    }
}

/// So many of each kind that `most` are not passed: each its even share first, what is left over to the first kinds.
pub fn shares(counts: &[usize], most: usize) -> Vec<usize> {
    let even = most / counts.len().max(1);
    let mut given: Vec<usize> = counts.iter().map(|count| (*count).min(even)).collect();
    let mut left = most - given.iter().sum::<usize>();
    for (given, count) in given.iter_mut().zip(counts) {
        let more = left.min(count - *given);
        *given += more;
        left -= more;
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_over_goes_to_the_first_kinds() {
        for (counts, most, expected) in [
            (&[0, 3, 40, 90][..], 20, &[0, 3, 12, 5][..]),
            (&[1, 1, 1, 1], 20, &[1, 1, 1, 1]),
            (&[90, 90, 90, 90], 20, &[5, 5, 5, 5]),
            (&[90, 90, 90, 90], 22, &[7, 5, 5, 5]),
            (&[], 20, &[]),
        ] {
            assert_eq!(shares(counts, most), expected, "{counts:?}");
        }
    }
}
