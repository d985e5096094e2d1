//! The public tables as a document.

use super::content::{Counts, UnitCounts};
use super::protected::{DENOMINATOR, id};
use crate::disclosure::{NOT_AVAILABLE, Protection};
use crate::domain::long_date;
use crate::office::OfficeError;
use crate::office::content::{Align, Cell, Column, Paragraph, Table};
use crate::office::report::{Block, Page, Report};
use crate::publish::charts::ChartUnit;
use crate::publish::facts::UnitFigure;
use crate::publish::marked::Marked;
use crate::publish::packs::sources::Sources;
use crate::publish::packs::{MADE_UP, PackInput, area_chart};
use crate::publish::words;

const TITLE: &str = "Police performance: figures for the public";
const NOTES: [&str; 3] = [
    "[c] is withheld so that nobody can be identified: a count under five, or one that would reveal such a count.",
    "[x] is not available: there is no figure, or the share is of fewer than fifty.",
    "A part and what it is a part of may be withheld for different reasons. What was withheld before stays withheld.",
];

pub(in crate::publish::packs) fn report(
    input: &PackInput<'_>,
    tables: &[Counts<'_>],
    left_out: &[String],
    protection: &Protection,
) -> Result<(Vec<u8>, Sources), OfficeError> {
    let mut sources = Sources::default();
    sources.at("document");
    let mut blocks = vec![Block::Title(TITLE.to_owned())];
    let made_up = if input.synthetic { format!(" {MADE_UP}") } else { String::new() };
    blocks.push(Block::paragraph(format!("{}. Data to {}.{made_up}", input.force_name, long_date(input.data_date))));
    for counts in tables {
        blocks.push(Block::heading(1, counts.title));
        let (kind, start, end) = counts.period;
        if let Some(figure) = counts.units.iter().flat_map(|unit| &unit.figures).flatten().next() {
            let row = area_chart::row(counts.metrics[0].id.as_str(), figure, Some(&figure.unit));
            let period = words::period(kind.name(), start, end).capitalised().of_row(&row);
            blocks.push(Block::Paragraph(sources.runs(&period.text("."))));
        }
        blocks.push(Block::Table(table(counts, protection, &mut sources)));
        let meanings = counts.metrics.iter().map(|metric| format!("{}: {}", metric.title, metric.meaning.trim()));
        let bullets = meanings.map(|said| Paragraph { bullet: true, ..Paragraph::plain(said) }).collect();
        blocks.push(Block::Bullets(bullets));
    }
    blocks.push(Block::heading(1, "Notes"));
    let notes = NOTES.iter().map(|note| (*note).to_owned()).chain(left_out.iter().cloned());
    let notes = notes.chain([input.source.to_owned()]);
    blocks.push(Block::Bullets(notes.map(|note| Paragraph { bullet: true, ..Paragraph::plain(note) }).collect()));
    let report = Report {
        template: input.templates.document.clone(),
        properties: input.properties(TITLE),
        marking: String::new(),
        footer: input.footer(),
        page: Page::A4Landscape,
        blocks,
    };
    Ok((report.write()?, sources))
}

fn table(counts: &Counts<'_>, protection: &Protection, sources: &mut Sources) -> Table {
    let mut columns = vec![Column::new("Area", 1.6, Align::Left), Column::new("All", 1.0, Align::Right)];
    for metric in &counts.metrics {
        columns.push(Column::new(metric.title.clone(), 1.2, Align::Right));
        columns.push(Column::new("Share", 0.8, Align::Right));
    }
    let rows = counts.units.iter().map(|unit| row(counts, unit, protection, sources)).collect();
    Table { alt: counts.title.to_owned(), columns, rows }
}

fn row(counts: &Counts<'_>, unit: &UnitCounts<'_>, protection: &Protection, sources: &mut Sources) -> Vec<Cell> {
    let mut cell = |marked: &Marked| Cell { runs: sources.runs(marked), fill: None };
    let whole = |value: f64| ChartUnit::Count.format(value);
    let withheld = |shorthand: &'static str| Marked::new().text(shorthand);
    let of_row = |marked: Marked, metric: &str, figure: &UnitFigure| {
        marked.of_row(&area_chart::row(metric, figure, Some(&figure.unit)))
    };
    let fate = |part: &str| protection.cells.get(&id(counts, unit, part)).copied();
    let first =
        unit.figures.iter().zip(&counts.metrics).find_map(|(figure, metric)| Some(((*figure)?, metric.id.as_str())));
    let mut cells = vec![cell(&Marked::new().text(words::unit_name(unit.unit)))];
    cells.push(match (fate(DENOMINATOR).map(|fate| fate.shorthand()), first) {
        (Some(None), Some((figure, metric))) => {
            let value = unit.denominator as f64;
            cell(&of_row(Marked::new().number("denominator", value, &whole(value)), metric, figure))
        }
        (Some(Some(shorthand)), _) => cell(&withheld(shorthand)),
        _ => cell(&withheld(NOT_AVAILABLE)),
    });
    for (figure, metric) in unit.figures.iter().zip(&counts.metrics) {
        let metric = metric.id.as_str();
        let rate = protection.rates.get(&id(counts, unit, metric)).copied();
        cells.push(match (fate(metric).map(|fate| fate.shorthand()), figure) {
            (Some(None), Some(figure)) => {
                let count = figure.numerator.unwrap_or_default();
                cell(&of_row(Marked::new().number("numerator", count, &whole(count)), metric, figure))
            }
            (Some(Some(shorthand)), Some(_)) => cell(&withheld(shorthand)),
            _ => cell(&withheld(NOT_AVAILABLE)),
        });
        cells.push(match (rate.map(|rate| rate.shorthand()), figure) {
            (Some(None), Some(figure)) => {
                let shown = ChartUnit::Percent.format(figure.value);
                cell(&of_row(Marked::new().number("value", figure.value, &shown), metric, figure))
            }
            (Some(Some(shorthand)), Some(_)) => cell(&withheld(shorthand)),
            _ => cell(&withheld(NOT_AVAILABLE)),
        });
    }
    cells
}
