//! Tables on slides (ECMA-376 part 1, 21.1.3).

use super::frame::{EMU_PER_POINT, Frame};
use super::text::{Look, SMALLEST, largest_that_fits};
use crate::office::content::{Align, Colour, Run, Table};
use crate::office::measure::{LINE, Measure};

/// Insets of a cell in EMU: at its sides, and above and below.
const SIDE: i64 = 72_000;
const ABOVE: i64 = 32_400;
/// A reader's program may set a word a little wider than it is measured.
const AIR: f64 = 1.06;
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
    let stated = table.widths(frame.width);
    let at_size = |size: f64| {
        let whole_words = widened(&stated, &needs(table, size, measure));
        let widths = whole_words.clone().unwrap_or_else(|| stated.clone());
        let heights = heights(table, &widths, size, measure);
        (whole_words.is_some(), Fitted { table, widths, heights, size })
    };
    let fits = |size: f64, words: bool| {
        let (whole_words, fitted) = at_size(size);
        fitted.height() <= frame.height && (whole_words || !words)
    };
    let size = largest_that_fits(largest, SMALLEST, |size| fits(size, true))
        .or_else(|| largest_that_fits(largest, SMALLEST, |size| fits(size, false)))?;
    Some(at_size(size).1)
}

/// Of the header, then of each row, in EMU.
fn heights(table: &Table, widths: &[i64], size: f64, measure: Measure) -> Vec<i64> {
    let room = |at: usize| (widths[at] - 2 * SIDE) as f64 / EMU_PER_POINT;
    let high =
        |lines: Option<usize>| (lines.unwrap_or(1) as f64 * size * LINE * EMU_PER_POINT).ceil() as i64 + 2 * ABOVE;
    let header = table.columns.iter().enumerate().map(|(at, column)| {
        let words = [Run::plain(column.header.clone())];
        measure.lines(&words, true, size, room(at))
    });
    let rows = table.rows.iter().map(|row| {
        let lines = row.iter().enumerate().map(|(at, cell)| measure.lines(&cell.runs, false, size, room(at)));
        high(lines.max())
    });
    std::iter::once(high(header.max())).chain(rows).collect()
}

/// What each column needs, in EMU, for its longest word to stay whole.
fn needs(table: &Table, size: f64, measure: Measure) -> Vec<i64> {
    let of = |at: usize| (widest_word(table, at, size, measure) * AIR * EMU_PER_POINT).ceil() as i64 + 2 * SIDE;
    (0..table.columns.len()).map(of).collect()
}

/// Widths with the same sum, none below its need: columns with more than that give to the others, each by what it has
/// to spare. `None` where all together have too little.
fn widened(widths: &[i64], needs: &[i64]) -> Option<Vec<i64>> {
    let spare: Vec<i64> = widths.iter().zip(needs).map(|(width, need)| (width - need).max(0)).collect();
    let mut lacking: i64 = widths.iter().zip(needs).map(|(width, need)| (need - width).max(0)).sum();
    let mut left: i64 = spare.iter().sum();
    if lacking > left {
        return None;
    }
    let columns = widths.iter().zip(needs).zip(&spare);
    let given = columns.map(|((width, need), spare)| {
        let gives = if left == 0 { 0 } else { (i128::from(lacking) * i128::from(*spare) / i128::from(left)) as i64 };
        (lacking, left) = (lacking - gives, left - spare);
        (*width).max(*need) - gives
    });
    Some(given.collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::content::{Cell, Column};

    #[test]
    fn columns_give_what_they_can_spare_to_those_whose_words_would_break() {
        for (widths, needs, expected) in [
            (&[300, 100][..], &[100, 100][..], Some(&[300, 100][..])),
            (&[300, 60], &[100, 100], Some(&[260, 100])),
            // 40 are lacking; 200 and 100 are to spare.
            (&[300, 200, 60], &[100, 100, 100], Some(&[274, 186, 100])),
            (&[130, 60, 60], &[100, 75, 75], Some(&[100, 75, 75])),
            (&[120, 60], &[100, 100], None),
            (&[], &[], Some(&[])),
        ] {
            let found = widened(widths, needs);
            assert_eq!(found.as_deref(), expected, "{widths:?} {needs:?}");
            let sum = |widths: &[i64]| widths.iter().sum::<i64>();
            assert!(found.is_none_or(|found| sum(&found) == sum(widths)));
        }
    }

    /// 200 points for three columns: at 12 points "Extraordinarily" takes 81 of them, and a third is 66.
    #[test]
    fn a_long_word_stays_whole_without_a_smaller_size() {
        let column = |header: &str| Column::new(header, 1.0, Align::Left);
        let cell = |text: &str| Cell { runs: vec![Run::plain(text)], fill: None };
        let table = Table {
            alt: String::new(),
            columns: vec![column("A"), column("B"), column("C")],
            rows: vec![vec![cell("x"), cell("Extraordinarily"), cell("y")]],
        };
        let points = |number: f64| (number * EMU_PER_POINT) as i64;
        let frame = Frame { x: 0, y: 0, width: points(200.0), height: points(200.0) };
        let arial = Measure::of("Arial");
        let fitted = fitted(&table, &frame, 12.0, arial).unwrap();
        assert_eq!(fitted.size, 12.0);
        assert!(
            fitted.widths[1] >= points(arial.width("Extraordinarily", false, 12.0)) + 2 * SIDE,
            "{:?}",
            fitted.widths
        );
        assert_eq!(fitted.widths.iter().sum::<i64>(), frame.width);
        // Each line is as high as one of the text: nothing was broken.
        assert!(fitted.heights.iter().all(|high| *high < points(2.0 * 12.0 * LINE)), "{:?}", fitted.heights);
    }
}
