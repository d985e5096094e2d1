//! Tables on slides (ECMA-376 part 1, 21.1.3).

use super::frame::{EMU_PER_POINT, Frame};
use super::text::{Look, SMALLEST, largest_that_fits};
use crate::office::content::{Align, Cell, Colour, Run, Table};
use crate::office::measure::{LINE, Measure};

/// Insets of a cell in EMU: at its sides, and above and below.
const SIDE: i64 = 72_000;
const ABOVE: i64 = 32_400;
/// The built-in style without fill or lines; what is drawn is drawn by each cell.
const NO_STYLE: &str = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}";

/// A table as it fits into a frame.
pub(super) struct Fitted<'t> {
    table: &'t Table,
    widths: Vec<i64>,
    /// Of the header, then of each row, in EMU.
    heights: Vec<i64>,
    size: f64,
}

/// The table at the largest size that fits; `None` where none does.
pub(super) fn fitted<'t>(table: &'t Table, frame: &Frame, largest: f64, measure: Measure) -> Option<Fitted<'t>> {
    let widths = table.widths(frame.width);
    let room = |at: usize| (widths[at] - 2 * SIDE) as f64 / EMU_PER_POINT;
    let lines_high = |lines: usize, size: f64| (lines as f64 * size * LINE * EMU_PER_POINT).ceil() as i64 + 2 * ABOVE;
    let row = |row: &[Cell], size: f64| {
        let lines = row.iter().enumerate().map(|(at, cell)| measure.lines(&cell.runs, false, size, room(at)));
        lines_high(lines.max().unwrap_or(1), size)
    };
    let header = |size: f64| {
        let lines = table.columns.iter().enumerate().map(|(at, column)| {
            let words = [Run::plain(column.header.clone())];
            measure.lines(&words, true, size, room(at))
        });
        lines_high(lines.max().unwrap_or(1), size)
    };
    let heights = |size: f64| -> Vec<i64> {
        let rows = table.rows.iter().map(|cells| row(cells, size));
        std::iter::once(header(size)).chain(rows).collect()
    };
    // A column narrower than its longest word would break the word.
    let words_fit = |size: f64| (0..widths.len()).all(|at| widest_word(table, at, size, measure) <= room(at));
    let fits = |size: f64| heights(size).iter().sum::<i64>() <= frame.height;
    let size = largest_that_fits(largest, SMALLEST, |size| fits(size) && words_fit(size))
        .or_else(|| largest_that_fits(largest, SMALLEST, fits))?;
    Some(Fitted { table, heights: heights(size), widths, size })
}

fn widest_word(table: &Table, at: usize, size: f64, measure: Measure) -> f64 {
    let header = table.columns[at].header.split_whitespace().map(|word| measure.width(word, true, size));
    let cells = table.rows.iter().flat_map(|row| &row[at].runs);
    let words = cells.flat_map(|run| run.text.split_whitespace().map(move |word| measure.width(word, run.bold, size)));
    header.chain(words).fold(0.0, f64::max)
}

impl Fitted<'_> {
    pub fn height(&self) -> i64 {
        self.heights.iter().sum()
    }

    /// `a:tbl`
    pub fn write(&self, language: &str) -> String {
        let grid = self.widths.iter().map(|width| format!("<a:gridCol w=\"{width}\"/>"));
        let mut out = format!(
            "<a:tbl><a:tblPr firstRow=\"1\"><a:tableStyleId>{NO_STYLE}</a:tableStyleId></a:tblPr><a:tblGrid>{}</a:tblGrid>",
            grid.collect::<String>()
        );
        let plain = Look { size: self.size, bold: false, colour: None, language };
        let header = Look { bold: true, ..plain };
        let header_line = "<a:lnB w=\"19050\"><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill></a:lnB>";
        let row_line = format!(
            "<a:lnB w=\"6350\"><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill></a:lnB>",
            Colour::LINE_GREY.hex()
        );
        out.push_str(&format!("<a:tr h=\"{}\">", self.heights[0]));
        for column in &self.table.columns {
            let runs = [Run::plain(column.header.clone())];
            out.push_str(&cell(&header, &runs, column.align, None, header_line));
        }
        out.push_str("</a:tr>");
        for (row, height) in self.table.rows.iter().zip(&self.heights[1..]) {
            out.push_str(&format!("<a:tr h=\"{height}\">"));
            for (content, column) in row.iter().zip(&self.table.columns) {
                let look = Look { colour: content.fill.map(Colour::text_on), ..plain };
                out.push_str(&cell(&look, &content.runs, column.align, content.fill, &row_line));
            }
            out.push_str("</a:tr>");
        }
        out.push_str("</a:tbl>");
        out
    }
}

fn cell(look: &Look<'_>, runs: &[Run], align: Align, fill: Option<Colour>, below: &str) -> String {
    let none = |edge: &str| format!("<a:{edge} w=\"0\"><a:noFill/></a:{edge}>");
    let fill = match fill {
        Some(colour) => format!("<a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill>", colour.hex()),
        None => "<a:noFill/>".to_owned(),
    };
    format!(
        "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{}</a:txBody>\
         <a:tcPr marL=\"{SIDE}\" marR=\"{SIDE}\" marT=\"{ABOVE}\" marB=\"{ABOVE}\" anchor=\"{}\">{}{}{}{below}{fill}</a:tcPr></a:tc>",
        look.line(runs, align),
        if look.bold { "b" } else { "ctr" },
        none("lnL"),
        none("lnR"),
        none("lnT"),
    )
}
