//! Reading a file of cases, and holding what was found against what was expected.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A folder of case files.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub fn display(&self) -> std::path::Display<'_> {
        self.0.display()
    }

    /// Reads `name`.csv.
    pub fn table(&self, name: &str) -> Result<Table, String> {
        let path = self.0.join(name).with_extension("csv");
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Table::parse(name, &text))
    }

    /// The names of all CSV files, sorted, without extension.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap_or_else(|error| panic!("{}: {error}", self.display()));
        let is_csv = |path: &Path| path.extension().is_some_and(|extension| extension == "csv");
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| is_csv(path))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }
}

/// A CSV file: quoted fields may hold commas and doubled quotes, not line ends.
pub struct Table {
    rows: Vec<Row>,
}

/// One row with its columns' names.
#[derive(Clone)]
pub struct Row {
    place: String,
    columns: Rc<[String]>,
    fields: Vec<String>,
}

impl Table {
    pub fn parse(name: &str, text: &str) -> Self {
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
        let header = lines.next().map(|(_, line)| split(line)).unwrap_or_default();
        let columns: Rc<[String]> = header.into();
        let row = |(index, line): (usize, &str)| {
            let place = format!("{name}.csv:{}", index + 1);
            let fields = split(line);
            assert_eq!(fields.len(), columns.len(), "{place}: number of fields");
            Row { place, columns: Rc::clone(&columns), fields }
        };
        Self { rows: lines.map(row).collect() }
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }
}

fn split(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.trim_end_matches('\r').chars().peekable();
    while let Some(character) = characters.next() {
        let field = fields.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => field.extend(characters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    fields
}

impl Row {
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    pub fn text(&self, column: &str) -> &str {
        let index = self.columns.iter().position(|name| name == column);
        &self.fields[index.unwrap_or_else(|| panic!("{}: no column {column}", self.place))]
    }

    /// The number in a column; `None` where the cell is empty.
    pub fn number(&self, column: &str) -> Option<f64> {
        let text = self.text(column);
        let parse = || text.parse().unwrap_or_else(|_| panic!("{}: {column} is no number: {text}", self.place));
        (!text.is_empty()).then(parse)
    }

    /// The number in a column that must hold one.
    pub fn given(&self, column: &str) -> f64 {
        self.number(column).unwrap_or_else(|| panic!("{}: {column} is empty", self.place))
    }

    /// The whole number in a column that must hold one.
    pub fn whole(&self, column: &str) -> u64 {
        let text = self.text(column);
        text.parse().unwrap_or_else(|_| panic!("{}: {column} is no whole number: {text}", self.place))
    }

    /// Numbers parted by semicolons.
    pub fn numbers(&self, column: &str) -> Vec<f64> {
        let parse = |text: &str| text.parse().unwrap_or_else(|_| panic!("{}: {column}: {text}", self.place));
        self.text(column).split(';').map(parse).collect()
    }
}

/// A case under test: a row, and where what was found is not what it expects.
pub struct Case {
    row: Row,
    name: String,
    pub faults: Vec<String>,
    pub largest_deviation: f64,
}

impl Case {
    pub fn new(row: &Row, name_column: &str) -> Self {
        let name = row.text(name_column).to_owned();
        Self { row: row.clone(), name, faults: Vec::new(), largest_deviation: 0.0 }
    }

    pub fn row(&self) -> &Row {
        &self.row
    }

    /// Holds a number against a column, within a relative tolerance. An empty cell expects `None`.
    pub fn number(&mut self, column: &str, found: Option<f64>, tolerance: f64) {
        let expected = self.row.number(column);
        self.numbers_agree(column, found, expected, tolerance);
    }

    /// As [`Case::number`], skipped where the cell is empty because the source does not state it.
    pub fn number_if_stated(&mut self, column: &str, found: Option<f64>, tolerance: f64) {
        if self.row.number(column).is_some() {
            self.number(column, found, tolerance);
        }
    }

    pub fn numbers_agree(&mut self, what: &str, found: Option<f64>, expected: Option<f64>, tolerance: f64) {
        let deviation = match (found, expected) {
            (None, None) => 0.0,
            (Some(found), Some(expected)) if found == expected => 0.0,
            (Some(found), Some(expected)) => (found - expected).abs() / expected.abs(),
            _ => f64::INFINITY,
        };
        if deviation <= tolerance {
            self.largest_deviation = self.largest_deviation.max(deviation);
        } else {
            self.fault(what, &format!("{found:?}"), &format!("{expected:?}"));
        }
    }

    /// Holds a text against a column.
    pub fn text(&mut self, column: &str, found: &str) {
        let expected = self.row.text(column).to_owned();
        if found != expected {
            self.fault(column, found, &expected);
        }
    }

    fn fault(&mut self, what: &str, found: &str, expected: &str) {
        self.faults.push(format!("{} {}: {what}: found {found}, expected {expected}", self.row.place, self.name));
    }

    /// Takes over the faults of a row that belongs to this case.
    pub fn absorb(&mut self, part: Case) {
        self.faults.extend(part.faults);
        self.largest_deviation = self.largest_deviation.max(part.largest_deviation);
    }
}
