use super::*;
use crate::office::tests::content::{deck, properties, report};
use crate::office::xml::Element;

fn text(package: &Package, name: &str) -> String {
    String::from_utf8(package.part(name).unwrap().bytes.clone()).unwrap()
}

fn written(report: &Report) -> Package {
    Package::read(&report.write().unwrap()).unwrap()
}

/// A template whose last section has a header for the first page, with text and a picture of its own in its body.
fn template() -> Vec<u8> {
    let mut package = plain::package();
    let main = "word/document.xml";
    let header = format!("<w:hdr xmlns:w=\"{W}\"><w:p><w:r><w:t>Anyshire logo</w:t></w:r></w:p></w:hdr>");
    let content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml";
    package.put("word/header7.xml", content_type, header.into_bytes());
    package.put("word/media/secret.png", "image/png", b"png".to_vec());
    let target = |name: &str| super::super::package::Target::Part(name.to_owned());
    let id = package.relate(main, &format!("{KIND}/header"), target("word/header7.xml"));
    package.relate(main, &format!("{KIND}/image"), target("word/media/secret.png"));
    let body = format!(
        "<w:document xmlns:w=\"{W}\" xmlns:r=\"{KIND}\"><w:body><w:p><w:r><w:t>Instructions</w:t></w:r></w:p><w:sectPr>\
         <w:headerReference w:type=\"first\" r:id=\"{id}\"/><w:pgMar w:top=\"1000\" w:right=\"900\" w:bottom=\"99999\" w:left=\"800\"/>\
         <w:titlePg/></w:sectPr></w:body></w:document>"
    );
    let part = package.parts.get_mut(main).unwrap();
    part.bytes = body.into_bytes();
    part.content_type = TEMPLATE.to_owned();
    package.write().unwrap()
}

#[test]
fn a_template_keeps_its_edges_and_margins_and_loses_its_text() {
    let package = written(&report(Some(template()), Page::A4Portrait));
    let body = text(&package, "word/document.xml");
    assert!(!body.contains("Instructions") && !package.parts.contains_key("word/media/secret.png"));
    assert!(
        body.contains("w:top=\"1000\" w:right=\"900\" w:bottom=\"1134\" w:left=\"800\""),
        "a margin beyond the page is not kept"
    );
    assert!(body.contains("<w:titlePg/>"));
    let first = text(&package, "word/header7.xml");
    assert!(first.contains("Anyshire logo") && first.contains("OFFICIAL-SENSITIVE"), "{first}");
    for (element, kinds) in [("headerReference", 3), ("footerReference", 3)] {
        assert_eq!(body.matches(element).count(), kinds, "each page has its marking");
    }
    assert_eq!(package.part("word/document.xml").unwrap().content_type, DOCUMENT);
}

#[test]
fn every_style_that_is_named_is_there() {
    let mut bare = plain::package();
    bare.put("word/styles.xml", &bare.parts["word/styles.xml"].content_type.clone(), format!(
        "<w:styles xmlns:w=\"{W}\"><w:style w:type=\"paragraph\" w:styleId=\"berschrift1\"><w:name w:val=\"Heading 1\"/></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"Title\"><w:name w:val=\"Something else\"/></w:style></w:styles>"
    ).into_bytes());
    let package = written(&report(Some(bare.write().unwrap()), Page::A4Landscape));
    let styles = package.xml("word/styles.xml").unwrap();
    let ids: Vec<&str> = styles.elements().filter_map(|e| e.attribute("styleId")).collect();
    let body = package.xml("word/document.xml").unwrap();
    for name in ["pStyle", "rStyle", "tblStyle"] {
        for used in body.all(name) {
            assert!(ids.contains(&used.attribute("val").unwrap()), "{used:?}");
        }
    }
    let named = |style: &str| body.all("pStyle").iter().filter(|e| e.attribute("val") == Some(style)).count();
    assert_eq!((named("berschrift1"), named("Title2"), named("Title")), (2, 1, 0));
}

#[test]
fn tables_repeat_their_header_and_split_no_row() {
    let package = written(&report(None, Page::A4Portrait));
    let body = package.xml("word/document.xml").unwrap();
    let table = body.all("tbl").into_iter().find(|t| t.all("tr").len() > 10).unwrap();
    let rows = table.all("tr");
    assert_eq!(rows.len(), 46);
    assert!(rows.iter().all(|row| row.all("cantSplit").len() == 1));
    assert_eq!(rows.iter().map(|row| row.all("tblHeader").len()).collect::<Vec<_>>()[..3], [1, 0, 0]);
    assert_eq!(
        table.all("tblDescription")[0].attribute("val"),
        Some("Lines that need the board, with value, interval and verdict.")
    );
}

#[test]
fn what_introduces_a_figure_stays_with_it() {
    let blocks = vec![
        Block::heading(1, "Finding"),
        Block::paragraph("Words"),
        Block::PageBreak,
        Block::paragraph("More words"),
        Block::ActionField { label: "Action".to_owned(), lines: 3 },
    ];
    let body = written(&Report { blocks, ..report(None, Page::A4Portrait) }).xml("word/document.xml").unwrap();
    let paragraphs: Vec<&Element> = body.child("body").unwrap().elements().filter(|e| e.is("p")).collect();
    let kept: Vec<bool> = paragraphs.iter().map(|p| p.at(&["pPr", "keepNext"]).is_some()).collect();
    assert_eq!(kept, [true, false, false, true, true, false]);
    let field = body.all("sdt")[0];
    assert_eq!(field.at(&["sdtPr", "alias"]).and_then(|e| e.attribute("val")), Some("Action"));
    assert!(field.at(&["sdtPr", "showingPlcHdr"]).is_some());
}

#[test]
fn templates_of_another_kind_are_refused() {
    let document = report(None, Page::A4Portrait).write().unwrap();
    let slides = deck(None).write().unwrap();
    let error = Report { template: Some(slides), ..report(None, Page::A4Portrait) }.write().unwrap_err().to_string();
    assert!(error.contains("presentationml") && error.contains(".docx or .dotx"), "{error}");
    let error = super::super::deck::Deck { template: Some(document), ..deck(None) }.write().unwrap_err().to_string();
    assert!(error.contains("wordprocessingml") && error.contains(".pptx or .potx"), "{error}");
    assert_eq!(properties().language, "en-GB");
}
