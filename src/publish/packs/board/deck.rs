//! The board's pack as slides. What does not fit one, on a narrow template or with long names, goes on to the next.

use std::ops::Range;

use super::content::{
    AREA_COLUMNS, Board, COLUMNS, COMPARISON_COLUMNS, Item, JOURNEY_COLUMNS, METHOD, MIX_NOTE, Row, Theme,
};
use crate::domain::{Level, long_date};
use crate::office::OfficeError;
use crate::office::chart::NativeChart;
use crate::office::content::{Align, Cell, Column, Paragraph, Picture, Run, Table};
use crate::office::deck::{Area, Block, Deck, Layout, Placed, Slide, Text};
use crate::publish::lists::List;
use crate::publish::marked::Marked;
use crate::publish::metric_charts::chart_unit;
use crate::publish::packs::sources::Sources;
use crate::publish::packs::{MADE_UP, PackInput, area_chart, mix_chart, month_chart};

/// Parts that are tried on one slide first.
const MOST_PARTS: usize = 12;

/// Points of width from which words are not broken in a table that has half a slide.
const WIDE_PT: f64 = 900.0;

/// Slides, and the cells of their numbers.
struct Slides<'a> {
    input: &'a PackInput<'a>,
    /// Whether a chart and a table have room beside each other.
    is_wide: bool,
    sources: Sources,
    slides: Vec<Slide>,
}

pub(in crate::publish::packs) fn deck(
    input: &PackInput<'_>,
    board: &Board<'_>,
) -> Result<(Vec<u8>, Sources), OfficeError> {
    let mut slides = Slides { input, is_wide: true, sources: Sources::default(), slides: Vec::new() };
    slides.is_wide = slides.deck(Vec::new()).slide_width_pt()? >= WIDE_PT;
    slides.opening();
    slides.lists(board)?;
    slides.journey(board)?;
    slides.mix(board);
    for theme in &board.themes {
        slides.theme(theme)?;
    }
    slides.rows("Annex: every line", &board.annex, &[])?;
    slides.method(board)?;
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

    /// Whether the slide fits the template.
    fn fits(&self, make: impl Fn(&mut Sources) -> Slide) -> Result<bool, OfficeError> {
        match self.deck(vec![make(&mut Sources::default())]).write() {
            Ok(_) => Ok(true),
            Err(OfficeError::DoesNotFit { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The next slide, its numbers noted.
    fn add(&mut self, make: impl Fn(&mut Sources) -> Slide) {
        self.sources.at(format!("slide {}", self.slides.len() + 1));
        let slide = make(&mut self.sources);
        self.slides.push(slide);
    }

    /// So many parts over as many slides as it takes, as many on each.
    fn paged(&mut self, parts: usize, make: impl Fn(Range<usize>, &mut Sources) -> Slide) -> Result<(), OfficeError> {
        let mut from = 0;
        while from < parts {
            let mut fitting = (parts - from).min(MOST_PARTS);
            while fitting > 1 && !self.fits(|sources| make(from..from + fitting, sources))? {
                fitting -= 1;
            }
            let taken = (parts - from).div_ceil((parts - from).div_ceil(fitting));
            self.add(|sources| make(from..from + taken, sources));
            from += taken;
        }
        Ok(())
    }

    fn opening(&mut self) {
        let mut lines = vec![
            Paragraph::plain(self.input.force_name),
            Paragraph::plain(format!("Data to {}", long_date(self.input.data_date))),
        ];
        lines.extend(self.input.synthetic.then(|| Paragraph::plain(MADE_UP)));
        let title = self.input.definitions.pipeline.packs.board.clone();
        let blocks = vec![Block::Text(Text::new(lines).up_to(20.0)).at(Area::WHOLE)];
        self.slides.push(Slide { layout: Layout::Opening, title, blocks, notes: Vec::new() });
    }

    /// Two slides of two lists each: what needs the board, and what does not.
    fn lists(&mut self, board: &Board<'_>) -> Result<(), OfficeError> {
        let titles = [board.summary.clone(), Marked::new().text("What goes well, and what to leave alone")];
        for (pair, title) in board.lists.chunks(2).zip(titles) {
            let both = |sources: &mut Sources| {
                let title = sources.text(&title);
                let cell = |at| Area::cell(2, 1, at, 0, 1, 1);
                let lists =
                    (0..).zip(pair).map(|(at, list)| list_text(list, 0..list.items.len(), sources).at(cell(at)));
                let blocks = lists.collect();
                let notes = board.by_chance.iter().map(|said| Paragraph::of(sources.runs(said))).collect();
                content(title, blocks, notes)
            };
            if self.fits(both)? {
                self.add(both);
                continue;
            }
            for (at, list) in pair.iter().enumerate() {
                self.paged(list.items.len().max(1), |items, sources| {
                    let is_first = at == 0 && items.start == 0;
                    let title = if is_first { sources.text(&title) } else { list.title.to_owned() };
                    let items = items.start..items.end.min(list.items.len());
                    content(title, vec![list_text(list, items, sources).at(Area::WHOLE)], Vec::new())
                })?;
            }
        }
        Ok(())
    }

    fn journey(&mut self, board: &Board<'_>) -> Result<(), OfficeError> {
        const TITLE: &str = "From the call to the victim";
        let Some(journey) = &board.journey else { return Ok(()) };
        let (headers, widths) = JOURNEY_COLUMNS;
        let steps = board.steps();
        let figures = |width: f64, sources: &mut Sources| {
            let table = filled(table("Steps from call to victim", &headers, &widths), &steps, sources);
            let said = Marked::new().text("Crimes that began with a call, ").then(&journey.months).text(".");
            let said = Text::new(vec![Paragraph::of(sources.runs(&said))]).up_to(12.0);
            vec![
                Block::Table(table).at(Area::new(0.0, 0.0, width, 0.86)),
                Block::Text(said).at(Area::new(0.0, 0.88, width, 0.12)),
            ]
        };
        // A build without charts has no picture of it.
        let picture = std::fs::read(self.input.build.join("charts/journey.png")).ok().map(|png| {
            let alt = "The steps from call to victim as bars, with the figures of the table.".to_owned();
            Block::Picture(Picture { png, alt })
        });
        let Some(picture) = picture else {
            self.add(|sources| content(TITLE, figures(1.0, sources), Vec::new()));
            return Ok(());
        };
        let both = |sources: &mut Sources| {
            let mut blocks = figures(0.48, sources);
            blocks.push(picture.clone().at(Area::new(0.5, 0.0, 0.5, 1.0)));
            content(TITLE, blocks, Vec::new())
        };
        if self.is_wide && self.fits(both)? {
            self.add(both);
        } else {
            self.add(|sources| content(TITLE, figures(1.0, sources), Vec::new()));
            self.add(|_| content(TITLE, vec![picture.clone().at(Area::WHOLE)], Vec::new()));
        }
        Ok(())
    }

    fn mix(&mut self, board: &Board<'_>) {
        let Some(mix) = &board.mix else { return };
        self.add(|sources| {
            let chart = mix_chart::chart(mix, sources);
            let said = Marked::new().text("Crimes recorded in the ").then(&mix.period).text(MIX_NOTE);
            let note = Text::new(vec![Paragraph::of(sources.runs(&said))]).up_to(12.0);
            let blocks = vec![
                Block::Chart(chart).at(Area::new(0.0, 0.0, 1.0, 0.84)),
                Block::Text(note).at(Area::new(0.0, 0.86, 1.0, 0.14)),
            ];
            content("What became of crimes, by area", blocks, Vec::new())
        });
    }

    fn theme(&mut self, theme: &Theme<'_>) -> Result<(), OfficeError> {
        self.rows(&theme.title, &theme.rows, &theme.who())?;
        for item in &theme.items {
            self.item(item)?;
            self.areas(item)?;
        }
        Ok(())
    }

    /// Lines as a table; `who` stands above the first.
    fn rows(&mut self, title: &str, rows: &[Row], who: &[String]) -> Result<(), OfficeError> {
        self.paged(rows.len(), |part, sources| {
            let first = part.start == 0;
            let title = if first { title.to_owned() } else { format!("{title}, continued") };
            let mut blocks = Vec::new();
            let mut top = 0.0;
            if first && !who.is_empty() {
                let said = who.iter().map(|line| Paragraph::plain(line.clone())).collect();
                blocks.push(Block::Text(Text::new(said).up_to(14.0)).at(Area::new(0.0, 0.0, 1.0, 0.13)));
                top = 0.14;
            }
            let (headers, widths) = COLUMNS;
            let lines = filled(table("Lines of the scorecard", &headers, &widths), &rows[part], sources);
            blocks.push(Block::Table(lines).at(Area::new(0.0, top, 1.0, 1.0 - top)));
            content(title, blocks, Vec::new())
        })
    }

    /// A line with its comparators, in short, and where the board writes what it decides.
    fn item(&mut self, item: &Item<'_>) -> Result<(), OfficeError> {
        let input = self.input;
        let whole = |sources: &mut Sources| {
            let mut blocks = Vec::new();
            blocks.extend(
                chart(input, item, sources).map(|chart| Block::Chart(chart).at(Area::new(0.0, 0.0, 0.56, 0.78))),
            );
            let beside = beside(item, sources);
            let text_top = if beside.rows.is_empty() { 0.0 } else { 0.40 };
            if text_top > 0.0 {
                blocks.push(Block::Table(beside).at(Area::new(0.58, 0.0, 0.42, 0.38)));
            }
            let said = Text::new(in_short(item, 0..usize::MAX, sources)).up_to(13.0);
            blocks.push(Block::Text(said).at(Area::new(0.58, text_top, 0.42, 0.78 - text_top)));
            blocks.push(action().at(Area::new(0.0, 0.82, 1.0, 0.18)));
            content(item.finding.clone(), blocks, notes(item, sources))
        };
        if self.is_wide && self.fits(whole)? {
            self.add(whole);
            return Ok(());
        }
        self.add(|sources| {
            let chart = chart(input, item, sources).map(|chart| Block::Chart(chart).at(Area::new(0.0, 0.0, 1.0, 0.78)));
            let blocks = chart.into_iter().chain([action().at(Area::new(0.0, 0.82, 1.0, 0.18))]).collect();
            content(item.finding.clone(), blocks, notes(item, sources))
        });
        if !item.comparisons.is_empty() {
            let blocks = |sources: &mut Sources| vec![Block::Table(beside(item, sources)).at(Area::WHOLE)];
            self.add(|sources| content(item.finding.clone(), blocks(sources), Vec::new()));
        }
        self.paged(item.in_short().count(), |part, sources| {
            let said = Text::new(in_short(item, part, sources)).up_to(16.0);
            content(item.finding.clone(), vec![Block::Text(said).at(Area::WHOLE)], Vec::new())
        })
    }

    fn areas(&mut self, item: &Item<'_>) -> Result<(), OfficeError> {
        if item.areas.is_empty() {
            return Ok(());
        }
        let title = format!("{}, by area", item.line.title);
        let unit = chart_unit(item.metric.unit);
        let chart = |area: Area, sources: &mut Sources| {
            let chart = area_chart::chart(&item.line.metric, &item.line.title, unit, &item.areas, sources);
            chart.map(|chart| Block::Chart(chart).at(area))
        };
        let (headers, widths) = AREA_COLUMNS;
        let rows = |part: Range<usize>, sources: &mut Sources| {
            Block::Table(filled(table("By area", &headers, &widths), &item.area_rows[part], sources))
        };
        let whole = |sources: &mut Sources| {
            let mut blocks: Vec<Placed> = chart(Area::new(0.0, 0.0, 0.5, 1.0), sources).into_iter().collect();
            blocks.push(rows(0..item.area_rows.len(), sources).at(Area::new(0.52, 0.0, 0.48, 1.0)));
            content(title.clone(), blocks, Vec::new())
        };
        if self.is_wide && self.fits(whole)? {
            self.add(whole);
            return Ok(());
        }
        self.add(|sources| content(title.clone(), chart(Area::WHOLE, sources).into_iter().collect(), Vec::new()));
        self.paged(item.area_rows.len(), |part, sources| {
            content(title.clone(), vec![rows(part, sources).at(Area::WHOLE)], Vec::new())
        })
    }

    fn method(&mut self, board: &Board<'_>) -> Result<(), OfficeError> {
        // Each paragraph as far as it is fixed, and what of it has numbers.
        let mut parts: Vec<(Paragraph, Option<&Marked>)> = Vec::new();
        parts.extend(board.by_chance.iter().map(|said| (Paragraph::default(), Some(said))));
        parts.extend(METHOD.iter().map(|text| (Paragraph::plain(*text), None)));
        parts.push((Paragraph::plain(self.input.source), None));
        for (title, fresh) in &board.extracts {
            let runs = vec![Run::bold(format!("{title}: "))];
            parts.push((Paragraph { runs, bullet: true, level: 0 }, Some(fresh)));
        }
        self.paged(parts.len(), |part, sources| {
            let said = parts[part].iter().map(|(fixed, marked)| {
                let mut paragraph = fixed.clone();
                paragraph.runs.extend(marked.iter().flat_map(|marked| sources.runs(marked)));
                paragraph
            });
            let said = Text::new(said.collect()).up_to(14.0);
            content("How to read this pack", vec![Block::Text(said).at(Area::WHOLE)], Vec::new())
        })
    }
}

fn content(title: impl Into<String>, blocks: Vec<Placed>, notes: Vec<Paragraph>) -> Slide {
    Slide { layout: Layout::Content, title: title.into(), blocks, notes }
}

/// A list's heading, what its rules ask for, and some of its lines.
fn list_text(list: &List, items: Range<usize>, sources: &mut Sources) -> Block {
    let mut said = vec![Paragraph::of(vec![Run::bold(list.title)]), Paragraph::plain(list.says)];
    let is_last = items.end >= list.items.len();
    for item in &list.items[items] {
        let mut runs = vec![Run::bold(format!("{}. ", item.title))];
        runs.extend(sources.runs(&item.why));
        said.push(Paragraph { runs, bullet: true, level: 0 });
    }
    if let Some(shown) = list.shown.as_ref().filter(|_| is_last) {
        said.push(Paragraph::of(sources.runs(shown)));
    }
    if list.items.is_empty() {
        said.push(Paragraph { bullet: true, ..Paragraph::plain("No line.") });
    }
    Block::Text(Text::new(said).up_to(14.0))
}

fn chart(input: &PackInput<'_>, item: &Item<'_>, sources: &mut Sources) -> Option<NativeChart> {
    let row = month_chart::row(&item.line.metric, Level::Force, input.force);
    month_chart::chart(&item.line.title, chart_unit(item.metric.unit), item.months, &row, sources)
}

fn beside(item: &Item<'_>, sources: &mut Sources) -> Table {
    let (headers, widths) = COMPARISON_COLUMNS;
    filled(table("Beside comparators", &headers, &widths), &item.comparisons, sources)
}

fn in_short(item: &Item<'_>, part: Range<usize>, sources: &mut Sources) -> Vec<Paragraph> {
    let said = item.in_short().skip(part.start).take(part.len());
    said.map(|said| Paragraph { runs: sources.runs(&said), bullet: true, level: 0 }).collect()
}

/// Where the board writes.
fn action() -> Block {
    let mut action = table("What the board decides", &["Action", "Owner", "By"], &[6.0, 2.0, 1.0]);
    action.rows.push(vec![Cell::default(), Cell::default(), Cell::default()]);
    Block::Table(action)
}

/// All that the line says, what it means, and how it can mislead.
fn notes(item: &Item<'_>, sources: &mut Sources) -> Vec<Paragraph> {
    let mut notes: Vec<Paragraph> = item.sentences.iter().map(|said| Paragraph::of(sources.runs(said))).collect();
    notes.push(Paragraph::plain(item.metric.meaning.trim()));
    let caveats = item.metric.caveats.iter();
    notes.extend(caveats.map(|caveat| Paragraph { bullet: true, ..Paragraph::plain(caveat.trim()) }));
    notes
}

fn filled<const N: usize>(mut table: Table, rows: &[[Marked; N]], sources: &mut Sources) -> Table {
    for row in rows {
        table.rows.push(row.iter().map(|cell| Cell { runs: sources.runs(cell), fill: None }).collect());
    }
    table
}

/// A table without rows yet.
pub(super) fn table(alt: &str, headers: &[&str], widths: &[f64]) -> Table {
    let columns = headers.iter().zip(widths).map(|(header, width)| Column::new(*header, *width, Align::Left));
    Table { alt: alt.to_owned(), columns: columns.collect(), rows: Vec::new() }
}
