//! The board's pack as slides.

use super::content::{
    AREA_COLUMNS, Board, COLUMNS, COMPARISON_COLUMNS, Item, JOURNEY_COLUMNS, METHOD, MIX_NOTE, Row, Theme,
};
use crate::domain::long_date;
use crate::office::OfficeError;
use crate::office::content::{Align, Cell, Column, Paragraph, Picture, Run, Table};
use crate::office::deck::{Area, Block, Deck, Layout, Placed, Slide, Text};
use crate::publish::lists::List;
use crate::publish::marked::Marked;
use crate::publish::metric_charts::chart_unit;
use crate::publish::packs::sources::Sources;
use crate::publish::packs::{MADE_UP, PackInput, area_chart, mix_chart, month_chart};

/// Rows of a table that are tried on one slide first.
const MOST_ROWS: usize = 12;

/// Slides, and the cells of their numbers.
struct Slides<'a> {
    input: &'a PackInput<'a>,
    sources: Sources,
    slides: Vec<Slide>,
}

pub(in crate::publish::packs) fn deck(
    input: &PackInput<'_>,
    board: &Board<'_>,
) -> Result<(Vec<u8>, Sources), OfficeError> {
    let mut slides = Slides { input, sources: Sources::default(), slides: Vec::new() };
    slides.opening();
    slides.lists(board);
    slides.journey(board);
    slides.mix(board);
    for theme in &board.themes {
        slides.theme(theme)?;
    }
    slides.rows("Annex: every line", &board.annex, &[])?;
    slides.method(board);
    let bytes = slides.deck(slides.slides.clone()).write()?;
    Ok((bytes, slides.sources))
}

impl Slides<'_> {
    fn deck(&self, slides: Vec<Slide>) -> Deck {
        let packs = &self.input.definitions.pipeline.packs;
        Deck {
            template: self.input.templates.deck.clone(),
            properties: self.input.properties(&packs.board),
            marking: packs.marking.clone(),
            footer: self.input.footer(),
            slides,
        }
    }

    /// Numbers noted from here on stand on the next slide.
    fn next(&mut self) {
        self.sources.at(format!("slide {}", self.slides.len() + 1));
    }

    fn push(&mut self, title: impl Into<String>, blocks: Vec<Placed>, notes: Vec<Paragraph>) {
        self.slides.push(Slide { layout: Layout::Content, title: title.into(), blocks, notes });
    }

    fn opening(&mut self) {
        self.next();
        let mut lines = vec![
            Paragraph::plain(self.input.force_name),
            Paragraph::plain(format!("Data to {}", long_date(self.input.data_date))),
        ];
        lines.extend(self.input.synthetic.then(|| Paragraph::plain(MADE_UP)));
        self.slides.push(Slide {
            layout: Layout::Opening,
            title: self.input.definitions.pipeline.packs.board.clone(),
            blocks: vec![Block::Text(Text::new(lines).up_to(20.0)).at(Area::WHOLE)],
            notes: Vec::new(),
        });
    }

    /// Two slides of two lists each: what needs the board, and what does not.
    fn lists(&mut self, board: &Board<'_>) {
        let titles = [board.summary.clone(), Marked::new().text("What goes well, and what to leave alone")];
        for (pair, title) in board.lists.chunks(2).zip(titles) {
            self.next();
            let title = self.sources.text(&title);
            let mut blocks = Vec::new();
            for (at, list) in (0..).zip(pair) {
                blocks.push(Block::Text(self.list(list)).at(Area::cell(2, 1, at, 0, 1, 1)));
            }
            let notes = board.by_chance.iter().map(|said| Paragraph::of(self.sources.runs(said))).collect();
            self.push(title, blocks, notes);
        }
    }

    fn list(&mut self, list: &List) -> Text {
        let mut paragraphs = vec![Paragraph::of(vec![Run::bold(list.title)]), Paragraph::plain(list.says)];
        for item in &list.items {
            let mut runs = vec![Run::bold(format!("{}. ", item.title))];
            runs.extend(self.sources.runs(&item.why));
            paragraphs.push(Paragraph { runs, bullet: true, level: 0 });
        }
        if let Some(shown) = &list.shown {
            paragraphs.push(Paragraph::of(self.sources.runs(shown)));
        }
        if list.items.is_empty() {
            paragraphs.push(Paragraph { bullet: true, ..Paragraph::plain("No line.") });
        }
        Text::new(paragraphs).up_to(14.0)
    }

    fn journey(&mut self, board: &Board<'_>) {
        let Some(journey) = &board.journey else { return };
        self.next();
        let mut blocks = Vec::new();
        let picture = self.input.build.join("charts/journey.png");
        let png = std::fs::read(&picture).ok();
        let width = if png.is_some() { 0.48 } else { 1.0 };
        let (headers, widths) = JOURNEY_COLUMNS;
        let mut table = table("Steps from call to victim", &headers, &widths);
        for row in board.steps() {
            table.rows.push(self.cells(&row));
        }
        blocks.push(Block::Table(table).at(Area::new(0.0, 0.0, width, 0.88)));
        let said = Marked::new().text("Crimes that began with a call, ").then(&journey.months).text(".");
        let paragraph = Paragraph::of(self.sources.runs(&said));
        blocks.push(Block::Text(Text::new(vec![paragraph]).up_to(12.0)).at(Area::new(0.0, 0.9, width, 0.1)));
        if let Some(png) = png {
            let alt = "The steps from call to victim as bars, with the figures of the table beside it.".to_owned();
            blocks.push(Block::Picture(Picture { png, alt }).at(Area::new(0.5, 0.0, 0.5, 1.0)));
        }
        self.push("From the call to the victim", blocks, Vec::new());
    }

    fn mix(&mut self, board: &Board<'_>) {
        let Some(mix) = &board.mix else { return };
        self.next();
        let chart = mix_chart::chart(mix, &mut self.sources);
        let said = Marked::new().text("Crimes recorded in the ").then(&mix.period).text(MIX_NOTE);
        let note = Paragraph::of(self.sources.runs(&said));
        let blocks = vec![
            Block::Chart(chart).at(Area::new(0.0, 0.0, 1.0, 0.86)),
            Block::Text(Text::new(vec![note]).up_to(12.0)).at(Area::new(0.0, 0.88, 1.0, 0.12)),
        ];
        self.push("What became of crimes, by area", blocks, Vec::new());
    }

    fn cells(&mut self, row: &[Marked]) -> Vec<Cell> {
        row.iter().map(|cell| Cell { runs: self.sources.runs(cell), fill: None }).collect()
    }

    fn theme(&mut self, theme: &Theme<'_>) -> Result<(), OfficeError> {
        let who = theme.who();
        self.rows(&theme.title, &theme.rows, &who)?;
        for item in &theme.items {
            self.item(item);
            self.areas(item);
        }
        Ok(())
    }

    fn item(&mut self, item: &Item<'_>) {
        self.next();
        let line = item.line;
        let unit = chart_unit(item.metric.unit);
        let mut blocks = Vec::new();
        let row = month_chart::row(&line.metric, crate::domain::Level::Force, self.input.force);
        if let Some(chart) = month_chart::chart(&line.title, unit, item.months, &row, &mut self.sources) {
            blocks.push(Block::Chart(chart).at(Area::new(0.0, 0.0, 0.56, 0.78)));
        }
        let mut beside = table("Beside comparators", &COMPARISON_COLUMNS.0, &COMPARISON_COLUMNS.1);
        for cells in &item.comparisons {
            let cells = self.cells(cells);
            beside.rows.push(cells);
        }
        let said: Vec<Paragraph> =
            item.in_short().map(|said| Paragraph { runs: self.sources.runs(&said), bullet: true, level: 0 }).collect();
        let text_top = if beside.rows.is_empty() { 0.0 } else { 0.40 };
        if text_top > 0.0 {
            blocks.push(Block::Table(beside).at(Area::new(0.58, 0.0, 0.42, 0.38)));
        }
        blocks.push(Block::Text(Text::new(said).up_to(13.0)).at(Area::new(0.58, text_top, 0.42, 0.78 - text_top)));
        let mut action = table("What the board decides", &["Action", "Owner", "By"], &[6.0, 2.0, 1.0]);
        action.rows.push(vec![Cell::default(), Cell::default(), Cell::default()]);
        blocks.push(Block::Table(action).at(Area::new(0.0, 0.82, 1.0, 0.18)));
        let notes = self.notes(item);
        self.push(&item.finding, blocks, notes);
    }

    /// All that the line says, what it means, and how it can mislead.
    fn notes(&mut self, item: &Item<'_>) -> Vec<Paragraph> {
        let mut notes: Vec<Paragraph> =
            item.sentences.iter().map(|said| Paragraph::of(self.sources.runs(said))).collect();
        notes.push(Paragraph::plain(item.metric.meaning.trim()));
        notes.extend(
            item.metric.caveats.iter().map(|caveat| Paragraph { bullet: true, ..Paragraph::plain(caveat.trim()) }),
        );
        notes
    }

    fn areas(&mut self, item: &Item<'_>) {
        if item.areas.is_empty() {
            return;
        }
        self.next();
        let unit = chart_unit(item.metric.unit);
        let metric = item.line.metric.as_str();
        let mut blocks = Vec::new();
        if let Some(chart) = area_chart::chart(metric, &item.line.title, unit, &item.areas, &mut self.sources) {
            blocks.push(Block::Chart(chart).at(Area::new(0.0, 0.0, 0.5, 1.0)));
        }
        let (headers, widths) = AREA_COLUMNS;
        let mut by_area = table("By area", &headers, &widths);
        for cells in &item.area_rows {
            let cells = self.cells(cells);
            by_area.rows.push(cells);
        }
        blocks.push(Block::Table(by_area).at(Area::new(0.52, 0.0, 0.48, 1.0)));
        self.push(format!("{}, by area", item.line.title), blocks, Vec::new());
    }

    /// Lines as a table, over as many slides as it takes; `who` stands above the first.
    fn rows(&mut self, title: &str, rows: &[Row], who: &[String]) -> Result<(), OfficeError> {
        let mut left = rows;
        let mut first = true;
        while !left.is_empty() {
            let who = if first { who } else { &[] };
            let fitting = self.fitting(title, left, who)?;
            // As many on each of the slides that it takes.
            let taken = left.len().div_ceil(left.len().div_ceil(fitting));
            self.next();
            let slide = rows_slide(title, first, &left[..taken], who, &mut self.sources);
            self.slides.push(slide);
            left = &left[taken..];
            first = false;
        }
        Ok(())
    }

    /// How many of the rows fit one slide.
    fn fitting(&self, title: &str, rows: &[Row], who: &[String]) -> Result<usize, OfficeError> {
        let mut taken = rows.len().min(MOST_ROWS);
        loop {
            let slide = rows_slide(title, false, &rows[..taken], who, &mut Sources::default());
            match self.deck(vec![slide]).write() {
                Ok(_) => return Ok(taken),
                Err(OfficeError::DoesNotFit { .. }) if taken > 1 => taken -= 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn method(&mut self, board: &Board<'_>) {
        self.next();
        let mut said: Vec<Paragraph> = board.by_chance.iter().map(|m| Paragraph::of(self.sources.runs(m))).collect();
        for text in METHOD {
            said.push(Paragraph::plain(text));
        }
        said.push(Paragraph::plain(self.input.source));
        for (title, fresh) in &board.extracts {
            let mut runs = vec![Run::bold(format!("{title}: "))];
            runs.extend(self.sources.runs(fresh));
            said.push(Paragraph { runs, bullet: true, level: 0 });
        }
        self.push("How to read this pack", vec![Block::Text(Text::new(said).up_to(14.0)).at(Area::WHOLE)], Vec::new());
    }
}

fn rows_slide(title: &str, first: bool, rows: &[Row], who: &[String], sources: &mut Sources) -> Slide {
    let title = if first { title.to_owned() } else { format!("{title}, continued") };
    let mut blocks = Vec::new();
    let mut top = 0.0;
    if !who.is_empty() {
        let said = who.iter().map(|line| Paragraph::plain(line.clone())).collect();
        blocks.push(Block::Text(Text::new(said).up_to(14.0)).at(Area::new(0.0, 0.0, 1.0, 0.13)));
        top = 0.14;
    }
    let (headers, widths) = COLUMNS;
    let mut lines = table("Lines of the scorecard", &headers, &widths);
    for row in rows {
        lines.rows.push(row.iter().map(|cell| Cell { runs: sources.runs(cell), fill: None }).collect());
    }
    blocks.push(Block::Table(lines).at(Area::new(0.0, top, 1.0, 1.0 - top)));
    Slide { layout: Layout::Content, title, blocks, notes: Vec::new() }
}

/// A table without rows yet.
pub(super) fn table(alt: &str, headers: &[&str], widths: &[f64]) -> Table {
    let columns = headers.iter().zip(widths).map(|(header, width)| Column::new(*header, *width, Align::Left));
    Table { alt: alt.to_owned(), columns: columns.collect(), rows: Vec::new() }
}
