//! A briefing as a document: the page of `publish::briefing`, in Word.

use super::PackInput;
use super::sources::Sources;
use crate::office::OfficeError;
use crate::office::content::{Align, Cell, Column, Paragraph, Table};
use crate::office::report::{Block, Page, Report};
use crate::publish::briefing::{Briefing, BriefingUnit, Grid, GridColumn, Words};

/// Columns from which a grid is a wide one.
const WIDE: usize = 7;
/// Room beside the letters of a cell, in letters: of text, and of numbers, which are never broken.
const PADDING: usize = 4;
const NUMBER_PADDING: usize = 6;

/// Letters beyond which the text of a cell is broken, so that numbers never are: of the first column, and of others.
fn widest(grid: &Grid, at: usize) -> usize {
    match (grid.columns.len() >= WIDE, at) {
        (false, _) => 30,
        (true, 0) => 28,
        (true, _) => 15,
    }
}

pub(super) fn document(input: &PackInput<'_>, briefing: &Briefing) -> Result<(Vec<u8>, Sources), OfficeError> {
    let mut sources = Sources::default();
    sources.at("document");
    let mut blocks = vec![Block::Title(briefing.title.clone())];
    blocks.push(Block::Paragraph(sources.runs(&briefing.period.0)));
    let analysts = &input.definitions.pipeline.packs.area_analysts;
    if let BriefingUnit::Area(area) = &briefing.unit
        && let Some(analyst) = analysts.get(area)
    {
        blocks.push(Block::paragraph(format!("Analyst: {analyst}")));
    }
    for section in &briefing.sections {
        blocks.push(Block::heading(2, section.title.clone()));
        blocks.extend(section.said.iter().map(|said| Block::Paragraph(sources.runs(&said.0))));
        for grid in section.grids.iter().filter(|grid| !grid.rows.is_empty()) {
            blocks.push(Block::heading(3, grid.caption.clone()));
            blocks.push(Block::Table(table(grid, &mut sources)));
        }
        let notes: Vec<Paragraph> = section.notes.iter().map(|note| bullet(note, &mut sources)).collect();
        if !notes.is_empty() {
            blocks.push(Block::Bullets(notes));
        }
    }
    blocks.push(Block::paragraph(briefing.source.clone()));
    let report = Report {
        template: input.templates.document.clone(),
        properties: input.properties(&briefing.title),
        marking: input.definitions.pipeline.packs.marking.clone(),
        footer: input.footer(),
        page: Page::A4Portrait,
        blocks,
    };
    Ok((report.write()?, sources))
}

/// Room for the longest word of the header, which is bold, and up to [`widest`] for the longest cell.
fn width(grid: &Grid, at: usize, title: &str) -> f64 {
    let letters = |text: &str| text.chars().count();
    let word = title.split(' ').map(letters).max().unwrap_or(0);
    let cell = grid.rows.iter().filter_map(|row| row.get(at)).map(|words| letters(&words.plain())).max().unwrap_or(0);
    let is_number = grid.columns.get(at).is_some_and(|column| column.is_number);
    (cell.min(widest(grid, at)).max(word + 1) + if is_number { NUMBER_PADDING } else { PADDING }) as f64
}

fn bullet(note: &Words, sources: &mut Sources) -> Paragraph {
    Paragraph { runs: sources.runs(&note.0), bullet: true, level: 0 }
}

fn table(grid: &Grid, sources: &mut Sources) -> Table {
    let column = |(at, column): (usize, &GridColumn)| {
        let align = if column.is_number { Align::Right } else { Align::Left };
        Column::new(column.title.clone(), width(grid, at, &column.title), align)
    };
    let mut table = Table {
        alt: grid.caption.clone(),
        columns: grid.columns.iter().enumerate().map(column).collect(),
        rows: Vec::new(),
    };
    for row in &grid.rows {
        table.rows.push(row.iter().map(|words| Cell { runs: sources.runs(&words.0), fill: None }).collect());
    }
    table
}
