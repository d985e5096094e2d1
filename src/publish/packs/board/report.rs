//! The board's pack as a narrated document: the figures of the deck, with all that each line says.

use super::content::{
    AREA_COLUMNS, Board, COLUMNS, COMPARISON_COLUMNS, Item, JOURNEY_COLUMNS, METHOD, MIX_NOTE, Theme,
};
use super::deck::table;
use crate::domain::{Level, long_date};
use crate::office::OfficeError;
use crate::office::content::{Cell, Paragraph, Run, Table};
use crate::office::report::{Block, Page, Report};
use crate::publish::lists::List;
use crate::publish::marked::Marked;
use crate::publish::metric_charts::chart_unit;
use crate::publish::packs::sources::Sources;
use crate::publish::packs::{MADE_UP, PackInput, area_chart, mix_chart, month_chart};

/// So that a line and its areas are two pages.
const CHART_HEIGHT_CM: f64 = 6.5;
const AREA_CHART_HEIGHT_CM: f64 = 5.0;
const ACTION_LINES: u8 = 3;

struct Pages<'a> {
    input: &'a PackInput<'a>,
    sources: Sources,
    blocks: Vec<Block>,
}

pub(in crate::publish::packs) fn report(
    input: &PackInput<'_>,
    board: &Board<'_>,
) -> Result<(Vec<u8>, Sources), OfficeError> {
    let mut pages = Pages { input, sources: Sources::default(), blocks: Vec::new() };
    pages.sources.at("document");
    pages.opening(board);
    pages.journey(board);
    pages.mix(board);
    for theme in &board.themes {
        pages.theme(theme);
    }
    pages.annex(board);
    pages.method(board);
    let packs = &input.definitions.pipeline.packs;
    let report = Report {
        template: input.templates.document.clone(),
        properties: input.properties(&packs.board),
        marking: packs.marking.clone(),
        footer: input.footer(),
        page: Page::A4Landscape,
        blocks: pages.blocks,
    };
    Ok((report.write()?, pages.sources))
}

impl Pages<'_> {
    fn paragraph(&mut self, marked: &Marked) {
        let runs = self.sources.runs(marked);
        self.blocks.push(Block::Paragraph(runs));
    }

    fn rows<const N: usize>(&mut self, mut table: Table, rows: &[[Marked; N]]) {
        for row in rows {
            let cell = |marked| Cell { runs: self.sources.runs(marked), fill: None };
            table.rows.push(row.iter().map(cell).collect());
        }
        self.blocks.push(Block::Table(table));
    }

    fn opening(&mut self, board: &Board<'_>) {
        self.blocks.push(Block::Title(self.input.definitions.pipeline.packs.board.clone()));
        let made_up = if self.input.synthetic { format!(" {MADE_UP}") } else { String::new() };
        let whose = format!("{}. Data to {}.{made_up}", self.input.force_name, long_date(self.input.data_date));
        self.blocks.push(Block::paragraph(whose));
        self.blocks.push(Block::heading(1, "What needs the board"));
        self.paragraph(&board.summary);
        for list in &board.lists {
            self.list(list);
        }
        board.by_chance.iter().for_each(|said| self.paragraph(said));
    }

    fn list(&mut self, list: &List) {
        self.blocks.push(Block::heading(2, list.title));
        self.blocks.push(Block::paragraph(list.says));
        let mut items = Vec::new();
        for item in &list.items {
            let mut runs = vec![Run::bold(format!("{}. ", item.title))];
            runs.extend(self.sources.runs(&item.why));
            items.push(Paragraph { runs, bullet: true, level: 0 });
        }
        if let Some(shown) = &list.shown {
            items.push(Paragraph::of(self.sources.runs(shown)));
        }
        if items.is_empty() {
            items.push(Paragraph { bullet: true, ..Paragraph::plain("No line.") });
        }
        self.blocks.push(Block::Bullets(items));
    }

    fn journey(&mut self, board: &Board<'_>) {
        let Some(journey) = &board.journey else { return };
        self.blocks.push(Block::heading(1, "From the call to the victim"));
        let said = Marked::new().text("Crimes that began with a call, ").then(&journey.months).text(".");
        self.paragraph(&said);
        let (headers, widths) = JOURNEY_COLUMNS;
        self.rows(table("Steps from call to victim", &headers, &widths), &board.steps());
    }

    fn mix(&mut self, board: &Board<'_>) {
        let Some(mix) = &board.mix else { return };
        self.blocks.push(Block::heading(1, "What became of crimes, by area"));
        let chart = mix_chart::chart(mix, &mut self.sources);
        self.blocks.push(Block::Chart { chart, height_cm: CHART_HEIGHT_CM });
        let said = Marked::new().text("Crimes recorded in the ").then(&mix.period).text(MIX_NOTE);
        self.paragraph(&said);
    }

    fn theme(&mut self, theme: &Theme<'_>) {
        self.blocks.push(Block::PageBreak);
        self.blocks.push(Block::heading(1, theme.title.clone()));
        for who in theme.who() {
            self.blocks.push(Block::paragraph(who));
        }
        let (headers, widths) = COLUMNS;
        self.rows(table("Lines of the theme", &headers, &widths), &theme.rows);
        for item in &theme.items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item<'_>) {
        let line = item.line;
        let unit = chart_unit(item.metric.unit);
        self.blocks.push(Block::PageBreak);
        self.blocks.push(Block::heading(2, item.finding.clone()));
        self.paragraph(&item.why);
        let row = month_chart::row(&line.metric, Level::Force, self.input.force);
        if let Some(chart) = month_chart::chart(&line.title, unit, item.months, &row, &mut self.sources) {
            self.blocks.push(Block::Chart { chart, height_cm: CHART_HEIGHT_CM });
        }
        for said in &item.sentences {
            self.paragraph(said);
        }
        self.paragraph(&item.data_quality);
        if !item.comparisons.is_empty() {
            let (headers, widths) = COMPARISON_COLUMNS;
            self.rows(table("Beside comparators", &headers, &widths), &item.comparisons);
        }
        if !item.areas.is_empty() {
            self.blocks.push(Block::heading(3, "By area"));
            if let Some(chart) = area_chart::chart(&line.metric, &line.title, unit, &item.areas, &mut self.sources) {
                self.blocks.push(Block::Chart { chart, height_cm: AREA_CHART_HEIGHT_CM });
            }
            let (headers, widths) = AREA_COLUMNS;
            self.rows(table("By area", &headers, &widths), &item.area_rows);
        }
        self.blocks.push(Block::heading(3, "What the figure counts"));
        self.blocks.push(Block::paragraph(item.metric.meaning.trim()));
        let caveats = item.metric.caveats.iter();
        let caveats = caveats.map(|caveat| Paragraph { bullet: true, ..Paragraph::plain(caveat.trim()) }).collect();
        self.blocks.push(Block::Bullets(caveats));
        self.blocks.push(Block::ActionField { label: "Action, owner, by when".to_owned(), lines: ACTION_LINES });
    }

    fn annex(&mut self, board: &Board<'_>) {
        self.blocks.push(Block::PageBreak);
        self.blocks.push(Block::heading(1, "Annex: every line"));
        let (headers, widths) = COLUMNS;
        self.rows(table("Lines of the scorecard", &headers, &widths), &board.annex);
    }

    fn method(&mut self, board: &Board<'_>) {
        self.blocks.push(Block::heading(1, "How to read this pack"));
        self.blocks.extend(METHOD.map(Block::paragraph));
        self.blocks.push(Block::paragraph(self.input.source));
        let mut fresh = Vec::new();
        for (title, said) in &board.extracts {
            let mut runs = vec![Run::bold(format!("{title}: "))];
            runs.extend(self.sources.runs(said));
            fresh.push(Paragraph { runs, bullet: true, level: 0 });
        }
        self.blocks.push(Block::Bullets(fresh));
    }
}
