//! The sheets before the figures: Cover, Contents, Notes.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Url, Workbook, XlsxError};

use super::WorkbookInput;
use super::charts::{self, Planned};
use super::columns::{Content, Mark, Shown, cell_text, content, status_mark};
use super::contents::Filled;
use super::notes::Note;
use super::writing::{FIRST_ROW, Styles, layout, row_height, table};
use crate::definitions::Definitions;
use crate::domain::{Provenance, capitalised, long_date};

const NOTES: &str = "Notes";
const CONTENTS: &str = "Contents";
const CONTENTS_HOLD: &str = "Each row is a sheet of this workbook; its name is a link.";
const NOTES_HOLD: &str = "Each row is a numbered note, or a shorthand in square brackets.";

/// Width of a column of sentences, in characters.
const WIDE: f64 = 110.0;
/// Height of a row that may hold a title, in points.
const TITLE_ROW: f64 = 21.0;

/// What the first sheets say.
pub(super) struct Front<'a> {
    input: &'a WorkbookInput<'a>,
    filled: &'a [Filled],
    has_charts: bool,
    /// Notes that a sheet points to, in their order; the first is note 1.
    notes: BTreeSet<Note>,
    marks: BTreeSet<Mark>,
}

/// Of the document.
pub(super) fn title(definitions: &Definitions) -> String {
    format!("{}: performance scorecard", cell_text(&definitions.pipeline.title))
}

/// What the figures are, in words.
pub(super) const fn provenance(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Synthetic => "SYNTHETIC: made up from random numbers. No figure describes anything that happened.",
        Provenance::Published => "Published: from official tables alone.",
        Provenance::Force => "From the force's own extracts.",
    }
}

impl<'a> Front<'a> {
    pub fn new(input: &'a WorkbookInput<'a>, filled: &'a [Filled], drawn: &[Planned]) -> Self {
        let notes = filled.iter().flat_map(|f| f.sheet.notes).copied().collect();
        let marks = filled.iter().flat_map(marks).collect();
        Self { input, filled, has_charts: !drawn.is_empty(), notes, marks }
    }

    /// A sheet's title, with whose figures they are, of when, and whether they are made up: a sheet is copied by itself.
    pub fn heading(&self, title: &str) -> String {
        let date = long_date(self.input.data_date);
        let warning = if self.input.provenance.is_synthetic() { ", SYNTHETIC" } else { "" };
        format!("{title}: {}, data of {date}{warning}", self.force())
    }

    /// Where the notes of a sheet are.
    pub fn numbers(&self, notes: &[Note]) -> String {
        let numbered = self.notes.iter().enumerate().filter(|(_, note)| notes.contains(note));
        let numbers: Vec<String> = numbered.map(|(at, _)| (at + 1).to_string()).collect();
        let which = match numbers.as_slice() {
            [] => String::new(),
            [one] => format!("Note {one}, and"),
            [first @ .., last] => format!("Notes {} and {last}, and", first.join(", ")),
        };
        format!("{which} what [x] and the like stand for: sheet {NOTES}").trim_start().to_owned()
    }

    fn force(&self) -> String {
        let id = self.input.definitions.pipeline.force.as_str();
        cell_text(self.input.definitions.references.force_name(id).unwrap_or(id))
    }

    pub fn write(&self, book: &mut Workbook, styles: &Styles) -> Result<(), XlsxError> {
        self.cover(book, styles)?;
        self.contents(book, styles)?;
        self.notes(book, styles)
    }

    fn cover(&self, book: &mut Workbook, styles: &Styles) -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name("Cover")?;
        let synthetic = self.input.provenance.is_synthetic();
        let mut lines = vec![
            (title(self.input.definitions), &styles.title),
            (provenance(self.input.provenance).to_owned(), if synthetic { &styles.warning } else { &styles.text }),
            (format!("Force: {}", self.force()), &styles.text),
            (
                format!("Data date: {}. The figures are what was known on that day.", long_date(self.input.data_date)),
                &styles.text,
            ),
        ];
        lines.extend(self.input.sources.iter().map(|source| (format!("Source: {}", cell_text(source)), &styles.text)));
        lines.push(("Who answers for the figures".to_owned(), &styles.heading));
        lines.extend(self.owners().into_iter().map(|owner| (owner, &styles.text)));
        lines.push(("How to read this workbook".to_owned(), &styles.heading));
        lines.extend(HOW_TO_READ.iter().map(|line| ((*line).to_owned(), &styles.text)));
        let after = lines.len() as u32;
        for (row, (line, style)) in lines.into_iter().enumerate() {
            sheet.set_row_height(row as u32, row_height([(line.as_str(), WIDE)].into_iter()).max(TITLE_ROW))?;
            sheet.write_string_with_format(row as u32, 0, line, style)?;
        }
        sheet.write_url_with_options(after, 0, link(CONTENTS), "To the contents", "", Some(&styles.link))?;
        layout(sheet, &[WIDE])
    }

    /// Of the themes that a measure of the workbook is of.
    fn owners(&self) -> Vec<String> {
        let definitions = self.input.definitions;
        let shown = |theme: &str| self.filled.iter().any(|f| f.rows.iter().any(|row| row.text("owner") == theme));
        let line = |(theme, owner): (&String, &crate::definitions::Owner)| {
            let theme = capitalised(&theme.replace('_', " "));
            format!(
                "{theme}: {} is accountable; contact {}.",
                cell_text(&owner.strategic_lead),
                cell_text(&owner.analyst_spoc)
            )
        };
        definitions.pipeline.owners.iter().filter(|(theme, _)| shown(theme)).map(line).collect()
    }

    fn contents(&self, book: &mut Workbook, styles: &Styles) -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(CONTENTS)?;
        sheet.write_string_with_format(0, 0, self.heading(CONTENTS), &styles.title)?;
        sheet.write_string_with_format(1, 0, CONTENTS_HOLD, &styles.above)?;
        sheet.write_string_with_format(2, 0, "A sheet that would have no row is left out.", &styles.above)?;
        let mut listed = vec![(NOTES, NOTES_HOLD)];
        listed.extend(self.filled.iter().map(|f| (f.sheet.name, f.sheet.holds)));
        if self.has_charts {
            listed.push((charts::SHEET, charts::HOLDS));
        }
        for (i, (name, holds)) in listed.iter().enumerate() {
            let row = FIRST_ROW + i as u32;
            sheet.write_url_with_options(row, 0, link(name), *name, "", Some(&styles.link))?;
            sheet.write_string_with_format(row, 1, *holds, &styles.text)?;
            sheet.set_row_height(row, row_height([(*holds, WIDE)].into_iter()))?;
        }
        table(sheet, ("contents", CONTENTS, CONTENTS_HOLD), &["Sheet", "What it holds"], listed.len(), styles)?;
        layout(sheet, &[24.0, WIDE])?;
        sheet.set_freeze_panes(FIRST_ROW, 0)?;
        Ok(())
    }

    fn notes(&self, book: &mut Workbook, styles: &Styles) -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(NOTES)?;
        sheet.write_string_with_format(0, 0, self.heading(NOTES), &styles.title)?;
        sheet.write_string_with_format(1, 0, NOTES_HOLD, &styles.above)?;
        sheet.write_url_with_options(2, 0, link(CONTENTS), "To the contents", "", Some(&styles.link))?;
        let numbered = self.notes.iter().enumerate().map(|(i, note)| {
            let text = note.text(self.input.definitions, self.input.data_date);
            (format!("Note {}", i + 1), cell_text(&text))
        });
        let marks = self.marks.iter().map(|mark| (mark.shorthand().to_owned(), mark.meaning().to_owned()));
        let all: Vec<(String, String)> = numbered.chain(marks).collect();
        for (i, (name, text)) in all.iter().enumerate() {
            let row = FIRST_ROW + i as u32;
            sheet.write_string_with_format(row, 0, name, &styles.text)?;
            sheet.write_string_with_format(row, 1, text, &styles.text)?;
            sheet.set_row_height(row, row_height([(text.as_str(), WIDE)].into_iter()))?;
        }
        table(sheet, ("notes", NOTES, NOTES_HOLD), &["Note or shorthand", "What it says"], all.len(), styles)?;
        layout(sheet, &[24.0, WIDE])?;
        sheet.set_freeze_panes(FIRST_ROW, 0)?;
        Ok(())
    }
}

const HOW_TO_READ: &[&str] = &[
    "Each sheet has one table, with its title above it. The sheet Contents says what each holds, the sheet Notes what has to be known to read it.",
    "Every number is a cell of the build's tables, in full; a cell shows fewer digits than it holds. Nothing is computed here: no cell has a formula.",
    "Where there is no figure a shorthand in square brackets says so, and no cell of a table is blank. The sheet Notes says what each stands for.",
    "Names of areas, departments and teams are text as the extracts have it.",
    "One month against the last is no finding, and of many verdicts some are there by chance: read the interval, the notes and the measure's own caveats (sheet Metrics).",
];

fn link(sheet: &str) -> Url {
    Url::new(format!("internal:'{sheet}'!A1"))
}

/// Shorthand that stands in a sheet.
fn marks(filled: &Filled) -> BTreeSet<Mark> {
    let cells = filled.rows.iter().flat_map(|row| filled.sheet.columns.iter().map(move |column| (column, row)));
    let mark = |(column, row)| match content(column, row) {
        Content::Mark(mark) => Some(mark),
        _ if column.shown == Shown::Status => status_mark(row.text(column.from)),
        _ => None,
    };
    cells.filter_map(mark).collect()
}
