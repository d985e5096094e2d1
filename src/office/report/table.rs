//! Tables of a document: the header on every page, no row split (ECMA-376 part 1, 17.4).

use super::body::run;
use super::styles::Styles;
use crate::office::content::{Align, Colour, Run, Table};
use crate::office::xml::escaped;

/// Size of text in half points.
const SIZE: u32 = 19;

pub(super) fn write(table: &Table, width: i64, styles: &Styles) -> String {
    let widths = table.widths(width);
    let grid: String = widths.iter().map(|w| format!("<w:gridCol w:w=\"{w}\"/>")).collect();
    let alt = escaped(&table.alt);
    let line = Colour::LINE_GREY.hex();
    let edge =
        |name: &str, kind: &str| format!("<w:{name} w:val=\"{kind}\" w:sz=\"4\" w:space=\"0\" w:color=\"{line}\"/>");
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"{}\"/><w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblBorders>{}{}{}{}{}{}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar>\
         <w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>\
         <w:tblDescription w:val=\"{alt}\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>",
        styles.grid,
        edge("top", "nil"),
        edge("left", "nil"),
        edge("bottom", "single"),
        edge("right", "nil"),
        edge("insideH", "single"),
        edge("insideV", "nil"),
    );
    out.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (column, width) in table.columns.iter().zip(&widths) {
        let words = [Run::bold(column.header.clone())];
        out.push_str(&cell(&words, *width, column.align, Some(Colour::PALE_GREY), true));
    }
    out.push_str("</w:tr>");
    for row in &table.rows {
        out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for ((content, column), width) in row.iter().zip(&table.columns).zip(&widths) {
            out.push_str(&cell(&content.runs, *width, column.align, content.fill, false));
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out
}

fn cell(runs: &[Run], width: i64, align: Align, fill: Option<Colour>, header: bool) -> String {
    let side = match align {
        Align::Left => "left",
        Align::Centre => "center",
        Align::Right => "right",
    };
    let fill = fill.map(|c| format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{}\"/>", c.hex()));
    let runs: String = runs.iter().map(|r| run(r, Some(SIZE))).collect();
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{}<w:vAlign w:val=\"{}\"/></w:tcPr><w:p><w:pPr>{}\
         <w:spacing w:before=\"40\" w:after=\"40\" w:line=\"240\" w:lineRule=\"auto\"/><w:jc w:val=\"{side}\"/></w:pPr>{runs}</w:p></w:tc>",
        fill.unwrap_or_default(),
        if header { "bottom" } else { "center" },
        if header { "<w:keepNext/>" } else { "" },
    )
}
