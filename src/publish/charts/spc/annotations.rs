//! Dated remarks: a line through the plot at the month, the words above the plot, clear of the data and of one another.

use super::super::ChartError;
use super::super::canvas::{Anchor, Canvas, Dash, Layer, Stroke, TextStyle};
use super::super::frame::{room, style};
use super::super::palette::{INK, MUTED};
use super::super::scale::Plot;
use super::super::text::{Weight, widest, wrap};
use super::series::Series;

const WORDS: TextStyle = TextStyle { halo: true, ..style(12.0, Weight::Regular, INK, Anchor::Start) };
const WORDS_LINE: f64 = 15.0;
const MOST_WIDE: f64 = 190.0;
const MOST_LINES: usize = 3;
const MARKER: Dash = Dash { stroke: Stroke { colour: MUTED, width: 1.0 }, on: 2.0, off: 2.0 };
/// Remarks drawn: the rest would only grow the chart. `words::notes` says how many were left out.
pub(super) const MOST_SHOWN: usize = 10;

struct Placed {
    month: i32,
    lines: Vec<String>,
    anchor: Anchor,
    /// Of the words' first line, above the plot, from the band's top.
    top: f64,
}

pub(super) struct Annotations {
    placed: Vec<Placed>,
    /// Height of the band above the plot that the words take.
    pub height: f64,
}

impl Annotations {
    /// Places the words in rows: each in the first row where its line, too, is clear of the words to its left.
    pub fn lay_out(series: &Series, (left, right): (f64, f64)) -> Result<Annotations, ChartError> {
        let mut shown: Vec<_> = series
            .input
            .annotations
            .iter()
            .filter(|a| (series.first..=series.last).contains(&a.month.index()) && !series.points.is_empty())
            .collect();
        shown.sort_by_key(|annotation| annotation.month);
        shown.truncate(MOST_SHOWN);
        let month_width = series.months().width(left, right);
        // Each row: where its words end, and how many lines it holds.
        let mut rows: Vec<(f64, usize)> = Vec::new();
        let mut placed = Vec::new();
        for annotation in shown {
            let month = annotation.month.index();
            let x = left + month_width * (f64::from(month - series.first) + 0.5);
            let lines = wrap(&annotation.text, room(WORDS, MOST_WIDE, MOST_LINES))?;
            let wide = widest(&lines, WORDS.size, WORDS.weight)?;
            let leftwards = x + 5.0 + wide > right;
            let (start, end) = if leftwards { (x - 5.0 - wide, x) } else { (x, x + 5.0 + wide) };
            let row = rows.iter().rposition(|(taken, _)| taken + 12.0 > start).map_or(0, |taken| taken + 1);
            if row == rows.len() {
                rows.push((end, 0));
            }
            rows[row] = (end, rows[row].1.max(lines.len()));
            placed.push((row, month, lines, if leftwards { Anchor::End } else { Anchor::Start }));
        }
        let top_of = |row: usize| rows[..row].iter().map(|(_, lines)| *lines as f64 * WORDS_LINE + 4.0).sum::<f64>();
        let height = if rows.is_empty() { 0.0 } else { top_of(rows.len()) + 4.0 };
        let placed =
            placed.into_iter().map(|(row, month, lines, anchor)| Placed { month, lines, anchor, top: top_of(row) });
        Ok(Annotations { placed: placed.collect(), height })
    }

    pub fn draw(&self, canvas: &mut Canvas, plot: &Plot) {
        let band_top = plot.frame.top - self.height;
        for remark in &self.placed {
            let x = plot.x(f64::from(remark.month));
            let top = band_top + remark.top;
            canvas.dashed(Layer::UnderShapes, (x, top), (x, plot.frame.bottom), MARKER);
            let shift = if matches!(remark.anchor, Anchor::End) { -5.0 } else { 5.0 };
            for (i, line) in remark.lines.iter().enumerate() {
                let style = TextStyle { anchor: remark.anchor, ..WORDS };
                canvas.text((x + shift, top + 11.0 + WORDS_LINE * i as f64), line, style);
            }
        }
    }
}
