//! What is no workbook, damaged, or unpacks to too much.

use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::{Limits, is_workbook, read_sheet, sheets};
use super::{Book, FIXTURES, ods, worksheet, xlsx};

#[test]
fn what_is_damaged_is_refused_with_its_place() {
    let sheet = |rows| xlsx(rows).read().unwrap_err();
    let part = |book: Book, name: &str, text: &str| book.part(name, text).read().unwrap_err();
    for (problem, message) in [
        (
            sheet(r#"<row r="2"><c r="B2" t="s"><v>3</v></c></row>"#),
            "is damaged: xl/worksheets/sheet1.xml points from row 2, column 2 to shared text `3`, of 3",
        ),
        (
            sheet(r#"<row><c t="s"><v>1x</v></c></row>"#),
            "is damaged: xl/worksheets/sheet1.xml points from row 1, column 1 to shared text `1x`, of 3",
        ),
        (
            sheet(r#"<row r="5"/><row r="4"/>"#),
            "is damaged: xl/worksheets/sheet1.xml has the row `4` where row 6 or a later one should be",
        ),
        (
            sheet(r#"<row r="4294967298"/>"#),
            "is damaged: xl/worksheets/sheet1.xml has the row `4294967298` where row 1 or a later one should be",
        ),
        (
            sheet(r#"<row r="1"><c r="B1"/><c r="A1"/></row>"#),
            "is damaged: xl/worksheets/sheet1.xml has the cell `A1` in row 1, behind column 2",
        ),
        (
            sheet(r#"<row r="1"><c r="A7"/></row>"#),
            "is damaged: xl/worksheets/sheet1.xml has the cell `A7` in row 1, behind column 0",
        ),
        (
            sheet(r#"<row><c t="inlineStr"><is><t>&lol;</t></is></c></row>"#),
            "is damaged: xl/worksheets/sheet1.xml uses the entity `&lol;`, which XML does not have",
        ),
        (
            part(xlsx(""), "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>"),
            "is damaged: xl/worksheets/sheet1.xml is cut off",
        ),
        (
            part(
                xlsx(""),
                "xl/worksheets/sheet1.xml",
                r#"<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet/>"#,
            ),
            "is damaged: xl/worksheets/sheet1.xml declares a document type, as no workbook does",
        ),
        (part(xlsx(""), "_rels/.rels", "<Relationships></Relationships>"), "is damaged: _rels/.rels names no workbook"),
        (
            part(xlsx(""), "xl/_rels/workbook.xml.rels", "<Relationships></Relationships>"),
            "has no sheet `S`; it has none",
        ),
        (
            part(ods(""), "content.xml", r#"<office:document-content><table:table table:name="S"><table:table-row>"#),
            "is damaged: content.xml is cut off",
        ),
        (
            part(ods(""), "content.xml", "<office:document-content></office:document-content>"),
            "has no sheet `S`; it has none",
        ),
        (
            part(
                ods(""),
                "META-INF/manifest.xml",
                "<manifest:manifest><manifest:encryption-data/></manifest:manifest>",
            ),
            "is protected with a password, or an old workbook under a new name",
        ),
    ] {
        assert_eq!(problem, message);
    }
}

/// Everything that a small file can unpack to is counted, and refused before it takes the memory.
#[test]
fn bombs_are_refused_by_what_they_unpack_to() {
    let text = "a".repeat(1 << 20);
    let long = format!(r#"<row><c t="inlineStr"><is><t>{text}</t></is></c></row>"#);
    assert_eq!(xlsx(&long).read().unwrap().len(), (1 << 20) + 1);
    let few = Limits {
        unpacked_bytes: 100_000,
        shared_text_bytes: 50,
        entries: 20,
        sheet_text_bytes: 5_000,
        cell_bytes: 100,
        ..Limits::default()
    };
    let full = |rows: &str| xlsx(rows).part("xl/sharedStrings.xml", "<sst></sst>");
    let repeated = |rows: u32, columns: u32| {
        ods(&format!(
            r#"<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}"
            office:value-type="float" office:value="1"/></table:table-row>"#
        ))
    };
    let many = (0..20).fold(full(""), |book, i| book.part(&format!("xl/media/{i}.png"), "x"));
    let blanks = " ".repeat(200_000);
    for (book, message) in [
        (full(&"<row></row>".repeat(20_000)), "has an unpacked part of"),
        // Behind the sheet's end.
        (full("").part("xl/worksheets/sheet1.xml", worksheet("") + &blanks), "has an unpacked part of"),
        (
            full(&format!(r#"<row><c t="str"><v>{}</v></c></row>"#, &text[..101])),
            "has a cell of 101 bytes or more, beyond the limit of 100",
        ),
        (
            xlsx("").part("xl/sharedStrings.xml", format!("<sst>{}</sst>", "<si/>".repeat(8))),
            "has shared texts of 56 bytes or more, beyond the limit of 50",
        ),
        (many, "has an archive of 27 entries or more, beyond the limit of 20"),
        (repeated(1_048_577, 1), "has a sheet of 5001 bytes of text or more, beyond the limit of 5000"),
        (repeated(1_000_000_000, 16_384), "has a sheet of 5001 bytes of text or more, beyond the limit of 5000"),
        (repeated(1, 4_000_000_000), "has a sheet of 5001 bytes of text or more, beyond the limit of 5000"),
        (
            ods(
                r#"<table:table-row><table:table-cell><text:p><text:s text:c="4000000000"/></text:p></table:table-cell></table:table-row>"#,
            ),
            "has a cell of 101 bytes or more, beyond the limit of 100",
        ),
    ] {
        let refused = book.read_with(&few).unwrap_err();
        assert!(refused.starts_with(message), "{refused}");
    }
    let node = format!(r#"<row><c t="{}"/></row>"#, "x".repeat(9 << 20));
    assert!(xlsx(&node).read().unwrap_err().starts_with("has a tag or a text of 8"));
    let all = Limits::default();
    assert_eq!(
        repeated(1, 16_385).read_with(&all).unwrap_err(),
        "has a sheet of 16385 columns or more, beyond the limit of 16384"
    );
    assert_eq!(
        repeated(1_048_577, 1).read_with(&all).unwrap_err(),
        "has a sheet of 1048577 rows or more, beyond the limit of 1048576"
    );
    assert_eq!(repeated(1_048_576, 1).read_with(&all).unwrap().rows, 1_048_576);
}

#[test]
fn what_is_no_workbook_is_refused_with_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read(Path::new(FIXTURES).join("cells.xlsx")).unwrap();
    let protected = [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 600]].concat();
    for (name, bytes, message) in [
        (
            "old.xls",
            &b"x"[..],
            "is a workbook of an old format, which is not read. Save it as .xlsx, or the sheet as CSV.",
        ),
        (
            "binary.XLSB",
            b"x",
            "is a workbook of an old format, which is not read. Save it as .xlsx, or the sheet as CSV.",
        ),
        (
            "locked.xlsx",
            &protected,
            "is protected with a password, or an old workbook under a new name. Save it without a password.",
        ),
        ("text.xlsx", b"a,b\n1,2\n", "is no whole workbook: "),
        ("empty.ods", b"", "is no whole workbook: "),
        ("cut.xlsx", &whole[..whole.len() / 2], "is no whole workbook: "),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert!(is_workbook(&path));
        for error in [sheets(&path, &Limits::default()).err(), read_sheet(&path, "S", &Limits::default()).err()] {
            let shown = error.unwrap().to_string();
            let rest = shown.strip_prefix(&format!("{}: ", path.display())).unwrap();
            assert!(rest.starts_with(message), "{rest}");
        }
    }
    for (name, expected) in [("a.csv", false), ("a.xlsx.gz", false), ("xlsx", false), ("a.XLSX", true), ("a.ods", true)]
    {
        assert_eq!(is_workbook(Path::new(name)), expected, "{name}");
    }
}

/// The checksum of a part is held against what was read, also where the change is no fault of the XML.
#[test]
fn a_changed_byte_is_found() {
    let book = xlsx(r#"<row><c><v>1234567</v></c></row>"#);
    let stored = book.folder.path().join("stored.xlsx");
    let mut from = zip::ZipArchive::new(std::fs::File::open(book.write()).unwrap()).unwrap();
    let mut to = ZipWriter::new(std::fs::File::create(&stored).unwrap());
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for i in 0..from.len() {
        let mut entry = from.by_index(i).unwrap();
        to.start_file(entry.name().unwrap().into_owned(), plain).unwrap();
        std::io::copy(&mut entry, &mut to).unwrap();
    }
    to.finish().unwrap();
    let mut bytes = std::fs::read(&stored).unwrap();
    let at = memchr::memmem::find(&bytes, b"1234567").unwrap();
    assert_eq!(read_sheet(&stored, "S", &Limits::default()).unwrap().text, b"1234567\n");
    bytes[at] = b'9';
    std::fs::write(&stored, bytes).unwrap();
    let refused = read_sheet(&stored, "S", &Limits::default()).unwrap_err().problem.to_string();
    assert!(refused.starts_with("is damaged: xl/worksheets/sheet1.xml cannot be"), "{refused}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]

    /// Bytes changed anywhere in the parts: a sheet or a refusal, never a panic, and no more text than allowed.
    #[test]
    fn changed_parts_are_read_or_refused(
        (from_ods, at, new) in (proptest::bool::ANY, proptest::collection::vec(0_usize..100_000, 1..6), proptest::collection::vec(0_u8..128, 6)),
    ) {
        let mut book = if from_ods {
            ods(r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3" office:value-type="date" office:date-value="2026-03-14"/></table:table-row>"#)
        } else {
            xlsx(r#"<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>46095.5</v></c><c r="C1" t="inlineStr"><is><t>x &amp; y</t></is></c></row>"#)
        };
        for (at, new) in at.iter().zip(&new) {
            let parts = book.parts.len();
            let text = &mut book.parts[at % parts].1;
            let place = at / parts % text.len();
            text[place] = *new;
        }
        let limits = Limits { sheet_text_bytes: 1 << 20, ..Limits::default() };
        if let Ok(sheet) = book.read_with(&limits) {
            proptest::prop_assert!(sheet.text.len() <= 2 << 20);
            proptest::prop_assert_eq!(sheet.rows == 0, sheet.text.is_empty());
        }
    }
}
