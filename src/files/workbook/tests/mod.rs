//! Workbooks written here part by part, and those of tests/cases/workbooks, which openpyxl and odfpy wrote and read.

mod cells;
mod refused;

use std::io::Write as _;
use std::path::PathBuf;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const FIXTURES: &str = "tests/cases/workbooks";
const SPREADSHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook in a folder of its own.
struct Book {
    folder: tempfile::TempDir,
    name: &'static str,
    parts: Vec<(String, Vec<u8>)>,
}

impl Book {
    fn new(name: &'static str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), name, parts: Vec::new() }
    }

    fn part(mut self, name: &str, text: impl Into<Vec<u8>>) -> Self {
        self.parts.retain(|(known, _)| known != name);
        self.parts.push((name.to_owned(), text.into()));
        self
    }

    fn write(&self) -> PathBuf {
        let path = self.folder.path().join(self.name);
        let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
        for (name, text) in &self.parts {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text).unwrap();
        }
        zip.finish().unwrap();
        path
    }

    fn read_with(&self, limits: &Limits) -> Result<Sheet, String> {
        read_sheet(&self.write(), "S", limits).map_err(|error| error.problem.to_string())
    }

    /// The sheet's text, or what is wrong with it.
    fn read(&self) -> Result<String, String> {
        self.read_with(&Limits::default()).map(|sheet| String::from_utf8(sheet.text).unwrap())
    }
}

/// Two sheets, of which `S` holds `rows`; three shared texts; style 1 is a date, 2 a length of time.
fn xlsx(rows: &str) -> Book {
    let relationship = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>"#)
    };
    let list =
        |inside: String| format!(r#"<?xml version="1.0" encoding="UTF-8"?><Relationships>{inside}</Relationships>"#);
    let of_workbook = [
        relationship("r1", "worksheet", "worksheets/sheet1.xml"),
        relationship("r2", "worksheet", "/xl/worksheets/sheet2.xml"),
        relationship("r3", "sharedStrings", "sharedStrings.xml"),
        relationship("r4", "styles", "styles.xml"),
        relationship("r5", "chartsheet", "chartsheets/sheet1.xml"),
    ];
    Book::new("book.xlsx")
        .part("_rels/.rels", list(relationship("r1", "officeDocument", "xl/workbook.xml")))
        .part("xl/_rels/workbook.xml.rels", list(of_workbook.concat()))
        .part(
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONSHIPS}"><workbookPr/><sheets>
                <sheet name="S" sheetId="1" r:id="r1"/><sheet name="A &amp; B" sheetId="2" state="hidden" r:id="r2"/>
                <sheet name="Chart" sheetId="3" r:id="r5"/></sheets></workbook>"#
            ),
        )
        .part(
            "xl/sharedStrings.xml",
            format!(
                r#"<sst xmlns="{SPREADSHEET}" uniqueCount="99999999999"><si><t>first</t></si><si><r><t>Rich </t></r>
                <r><rPr><b/></rPr><t>text</t></r><rPh sb="0" eb="1"><t>reading</t></rPh></si><si/></sst>"#
            ),
        )
        .part(
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{SPREADSHEET}"><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>
                <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>"#
            ),
        )
        .part("xl/worksheets/sheet1.xml", worksheet(rows))
        .part("xl/worksheets/sheet2.xml", worksheet(""))
}

/// The dimension is a lie, which nothing may believe.
fn worksheet(rows: &str) -> String {
    format!(
        r#"<worksheet xmlns="{SPREADSHEET}"><dimension ref="XFD1048576:A1"/><sheetData>{rows}</sheetData></worksheet>"#
    )
}

/// Two tables, of which `S` holds `rows`.
fn ods(rows: &str) -> Book {
    Book::new("book.ods")
        .part("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        .part("META-INF/manifest.xml", "<manifest:manifest/>")
        .part(
            "content.xml",
            format!(
                r#"<?xml version="1.0"?><office:document-content><office:automatic-styles><style:style style:name="h">
                <style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body>
                <office:spreadsheet><table:table table:name="Cover" table:style-name="h"><table:table-row>
                <table:table-cell><text:p>cover</text:p></table:table-cell></table:table-row></table:table>
                <table:table table:name="S"><table:table-column/>{rows}</table:table></office:spreadsheet></office:body>
                </office:document-content>"#
            ),
        )
}
