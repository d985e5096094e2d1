//! What cells hold, against literals, fixtures and another reader.

use std::path::Path;

use calamine::{Data, Reader as _};

use super::super::{Limits, read_sheet, sheets};
use super::{FIXTURES, ods, xlsx};
use crate::files::records::{Dialect, fields, value, walk};

#[test]
fn cells_of_xlsx() {
    for (rows, text) in [
        // Shared, rich and inline texts.
        (
            r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1"
           t="inlineStr"><is><t>a &lt; b &#233;</t></is></c></row>"#,
            "first,Rich text,,a < b é\n",
        ),
        // Rows and cells that do not say where they stand; a gap.
        (r#"<row><c><v>1</v></c><c><v>2</v></c></row><row r="4"><c r="B4"><v>3</v></c></row>"#, "1,2\n\n\n,3\n"),
        // Numbers, dates by their style whatever it shows, lengths of time, a style that is not there.
        (
            r#"<row><c><v>1.0</v></c><c s="1"><v>46095.395833333336</v></c><c s="2"><v>1.5208333333333333</v></c>
           <c s="9"><v>46095</v></c><c t="d"><v>2026-03-14T09:30:00</v></c></row>"#,
            "1,2026-03-14 09:30:00,36:30:00,46095,2026-03-14 09:30:00\n",
        ),
        // Flags, errors that no list has, formulas by their stored value.
        (
            r#"<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#SPILL!</v></c><c t="str"><f>A1&amp;"x"</f>
           <v>TRUE_x000D_x</v></c><c><f>1/3</f><v>0.33333333333333331</v></c><c><f>NOW()</f></c></row>"#,
            "TRUE,FALSE,#SPILL!,\"TRUE\rx\",0.3333333333333333\n",
        ),
        // A merged area, line breaks, quotes.
        (
            r#"<row><c t="inlineStr"><is><t>merged</t></is></c><c/><c/></row><row><c t="inlineStr"><is><t>two
lines, "q"</t></is></c><c><v>1</v></c><c><v>2</v></c></row>"#,
            "merged,,\n\"two\nlines, \"\"q\"\"\",1,2\n",
        ),
        ("", ""),
    ] {
        assert_eq!(xlsx(rows).read().as_deref(), Ok(text), "{rows}");
    }
    let mac = xlsx(r#"<row><c s="1"><v>44633.5</v></c></row>"#);
    let workbook = String::from_utf8(mac.parts[2].1.clone()).unwrap();
    let mac = mac.part("xl/workbook.xml", workbook.replace("<workbookPr/>", r#"<workbookPr date1904="1"/>"#));
    assert_eq!(mac.read().as_deref(), Ok("2026-03-14 12:00:00\n"));
}

#[test]
fn cells_of_ods() {
    let cell = |inside: &str| format!("<table:table-row>{inside}</table:table-row>");
    let number = |n: &str| {
        format!(
            r#"<table:table-cell office:value-type="float" office:value="{n}"><text:p>shown</text:p></table:table-cell>"#
        )
    };
    for (rows, text) in [
        (cell(&format!("{}{}", number("1.0"), number("1.5E-3"))), "1,0.0015\n"),
        (
            cell(
                r#"<table:table-cell office:value-type="date" office:date-value="2026-03-14T09:29:59.9999"/>
            <table:table-cell office:value-type="time" office:time-value="PT36H30M00S"/>
            <table:table-cell office:value-type="boolean" office:boolean-value="true"/>
            <table:table-cell office:value-type="percentage" office:value="0.5"/>"#,
            ),
            "2026-03-14 09:30:00,36:30:00,TRUE,0.5\n",
        ),
        // An error is in the paragraph; a formula by its value; a note and a drawing are no text.
        (
            cell(
                r#"<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p>
            </table:table-cell><table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>
            <table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation>
            <text:p>a <text:span>rich</text:span><text:s text:c="2"/>text</text:p><text:p>b<text:line-break/>c</text:p>
            <draw:frame><draw:text-box><text:p>drawn</text:p></draw:text-box></draw:frame></table:table-cell>"#,
            ),
            "#N/A,2,\"a rich  text\nb\nc\"\n",
        ),
        // Covered cells are blank; repeats; groups and headers of rows.
        (
            format!(
                r#"<table:table-header-rows>{}</table:table-header-rows><table:table-row-group>{}</table:table-row-group>"#,
                cell(
                    r#"<table:table-cell table:number-columns-spanned="2"><text:p>merged</text:p></table:table-cell>
                 <table:covered-table-cell><text:p>beneath</text:p></table:covered-table-cell>"#
                ),
                cell(&format!(r#"<table:table-cell table:number-columns-repeated="2"/>{}"#, number("7")))
            ),
            "merged,,\n,,7\n",
        ),
        (
            format!(
                r#"<table:table-row table:number-rows-repeated="2">{}</table:table-row>
            <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>{}
            <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
                number("1").replace("<table:table-cell", r#"<table:table-cell table:number-columns-repeated="3""#),
                cell(&number("2"))
            ),
            "1,1,1\n1,1,1\n\n\n\n2,,\n",
        ),
        (String::new(), ""),
    ] {
        assert_eq!(ods(&rows).read().as_deref(), Ok(text), "{rows}");
    }
}

/// What openpyxl and the values themselves say; see tests/cases/workbooks/make.py.
#[test]
fn fixtures_read_as_their_makers_read_them() {
    for (book, expected) in
        [("cells.xlsx", "cells.csv"), ("cells_1904.xlsx", "cells_1904.csv"), ("cells.ods", "cells.csv")]
    {
        let read = read_sheet(&Path::new(FIXTURES).join(book), "Crimes & more", &Limits::default()).unwrap();
        let expected = std::fs::read_to_string(Path::new(FIXTURES).join(expected)).unwrap();
        assert_eq!(String::from_utf8(read.text).unwrap(), expected, "{book}");
        assert_eq!((read.rows, read.first_row, read.columns), (6, 1, 9), "{book}");
    }
}

#[test]
fn sheets_in_their_order_with_the_hidden_ones() {
    let names = |path: &Path| {
        let sheets = sheets(path, &Limits::default()).unwrap();
        sheets.into_iter().map(|s| format!("{}{}", s.name, if s.hidden { " (hidden)" } else { "" })).collect::<Vec<_>>()
    };
    assert_eq!(names(&Path::new(FIXTURES).join("cells.xlsx")), ["Crimes & more", "Hidden (hidden)"]);
    assert_eq!(names(&xlsx("").write()), ["S", "A & B (hidden)"]);
    assert_eq!(names(&ods("").write()), ["Cover (hidden)", "S"]);
    let hidden = read_sheet(&Path::new(FIXTURES).join("cells.xlsx"), "Hidden", &Limits::default()).unwrap();
    assert_eq!(String::from_utf8(hidden.text).unwrap(), "merged,\n\n,#N/A\n");
}

/// Texts and numbers as calamine reads them.
#[test]
fn another_reader_finds_the_same_texts_and_numbers() {
    for name in ["cells.xlsx", "cells_1904.xlsx", "cells.ods"] {
        let path = Path::new(FIXTURES).join(name);
        let range = calamine::open_workbook_auto(&path).unwrap().worksheet_range("Crimes & more").unwrap();
        let read = read_sheet(&path, "Crimes & more", &Limits::default()).unwrap();
        let mut ours: Vec<Vec<String>> = Vec::new();
        walk(&read.text, Dialect::CSV, true, |record, ends| {
            ours.push(fields(&read.text, &record, ends).map(|f| value(f).into_owned()).collect());
        });
        let mut compared = 0;
        for (row, column, value) in range.used_cells() {
            let theirs = match value {
                // It trims texts whose blanks are not marked as meant.
                Data::String(text) => text.trim().to_owned(),
                Data::Float(number) => number.to_string(),
                Data::Int(number) => number.to_string(),
                Data::Bool(flag) => flag.to_string().to_uppercase(),
                _ => continue,
            };
            assert_eq!(ours[row][column].trim(), theirs, "{name} {row} {column}");
            compared += 1;
        }
        assert!(compared >= 25, "{compared}");
    }
}
