use super::*;
use crate::office::content::{Align, Cell, Column, Run};
use crate::office::tests::content::{AWKWARD, deck, paragraphs, table};

fn written(deck: &Deck) -> Package {
    Package::read(&deck.write().unwrap()).unwrap()
}

fn slide(package: &Package, number: usize) -> Element {
    package.xml(&format!("ppt/slides/slide{number}.xml")).unwrap()
}

fn words(element: &Element) -> String {
    let texts = element.all("t").into_iter().map(|t| match t.children.first() {
        Some(Node::Text(text)) => text.clone(),
        _ => String::new(),
    });
    texts.collect::<Vec<_>>().join("|")
}

/// Names of the shapes of a slide, in the order in which they are read.
fn shapes(slide: &Element) -> Vec<String> {
    let tree = slide.at(&["cSld", "spTree"]).unwrap();
    let named = tree.elements().skip(2).filter_map(|shape| shape.all("cNvPr").first()?.attribute("name"));
    named.map(|name| name.trim_end_matches(|c: char| c == ' ' || c.is_ascii_digit()).to_owned()).collect()
}

fn one(block: Block) -> Deck {
    let slide = Slide {
        layout: Layout::Content,
        title: "T".to_owned(),
        blocks: vec![block.at(Area::WHOLE)],
        notes: Vec::new(),
    };
    Deck { slides: vec![slide], ..deck(None) }
}

#[test]
fn the_order_of_reading_is_the_order_of_blocks() {
    let package = written(&deck(None));
    assert_eq!(shapes(&slide(&package, 2)), ["Title", "Chart", "Text", "Footer", "Date", "Slide number"]);
    assert_eq!(shapes(&slide(&package, 6)), ["Title", "Picture", "Table", "Footer", "Date", "Slide number"]);
    assert_eq!(shapes(&slide(&package, 3)), ["Title", "Content", "Footer", "Date", "Slide number"]);
}

#[test]
fn every_slide_shows_marking_data_date_and_number() {
    let package = written(&deck(None));
    for number in 1..=6 {
        let words = words(&slide(&package, number));
        assert!(
            words.ends_with(&format!("OFFICIAL-SENSITIVE|Anyshire Police: data to 31 October 2026|{number}")),
            "{words}"
        );
    }
    let bare = Deck { marking: String::new(), footer: String::new(), ..deck(None) };
    assert_eq!(shapes(&slide(&written(&bare), 4)), ["Title", "Table", "Slide number"], "nothing stands empty");
}

#[test]
fn a_long_footer_takes_the_line_from_the_content_to_the_number() {
    let long = Deck {
        footer: "Anyshire Police: data to 31 October 2026, as known on 12 November 2026. ".repeat(3),
        ..deck(None)
    };
    assert_eq!(shapes(&slide(&written(&long), 4)), ["Title", "Table", "Footer text", "Footer text", "Slide number"]);
    let error = Deck { footer: "word ".repeat(200), ..deck(None) }.write().unwrap_err().to_string();
    assert!(error.contains("slide 1, the marking or the footer") && error.contains("9 pt"), "{error}");
}

#[test]
fn what_does_not_fit_is_said_and_what_fits_is_at_least_11_points() {
    let text = |count: usize| {
        one(Block::Text(Text::new(vec![Paragraph::plain("some words of a sentence ".repeat(4)); count])))
    };
    let rows = |count: usize| one(Block::Table(table(count)));
    // A line of 11 pt is 13.2 pt high, and a row 5.1 pt higher: of the 376 pt between title and foot, 20 rows and a header fit.
    for (deck, says) in [
        (text(40), Some("slide 1, text, block 1")),
        (text(12), None),
        (rows(40), Some("slide 1, table, block 1")),
        (rows(18), None),
    ] {
        match (deck.write(), says) {
            (Err(error), Some(says)) => assert!(error.to_string().contains(says), "{error}"),
            (Ok(bytes), None) => {
                let package = Package::read(&bytes).unwrap();
                let sizes = slide(&package, 1).all("rPr").iter().filter_map(|r| r.number("sz")).min();
                assert!(sizes.unwrap() >= 1100);
            }
            (result, says) => panic!("{says:?}: {:?}", result.err()),
        }
    }
    let mut long = deck(None);
    long.slides[1].title = "a very long title ".repeat(30);
    let error = long.write().unwrap_err().to_string();
    assert!(error.contains("slide 2, the title: does not fit at 16 pt"), "{error}");
}

#[test]
fn areas_outside_the_content_are_refused() {
    let mut deck = one(Block::Text(Text::new(paragraphs())));
    deck.slides[0].blocks[0].area = Area::new(0.5, 0.0, 0.6, 1.0);
    assert!(deck.write().unwrap_err().to_string().contains("outside the content area"));
}

#[test]
fn blocks_stand_between_title_and_foot() {
    let package = written(&deck(None));
    for number in 2..=6 {
        let slide = slide(&package, number);
        for xfrm in slide.all("xfrm").into_iter().filter(|x| x.child("chOff").is_none()) {
            let (off, ext) = (xfrm.child("off").unwrap(), xfrm.child("ext").unwrap());
            let (top, left) = (off.number("y").unwrap(), off.number("x").unwrap());
            let (bottom, right) = (top + ext.number("cy").unwrap(), left + ext.number("cx").unwrap());
            // The plain template's title ends at 1,290,000 and its foot begins at 6,380,000.
            assert!(top >= 1_290_000 && bottom <= 6_380_000, "slide {number}: {top} to {bottom}");
            assert!(left >= 508_000 && right <= 12_192_000 - 508_000, "slide {number}: {left} to {right}");
        }
    }
}

#[test]
fn tables_flag_their_header_and_hostile_text_stays_text() {
    let package = written(&deck(None));
    let slide = slide(&package, 4);
    assert_eq!(slide.all("tblPr")[0].attribute("firstRow"), Some("1"));
    assert_eq!(slide.all("tr").len(), 10);
    let shown = AWKWARD.replace(['\u{1}', '\u{b}'], "\u{fffd}");
    assert!(words(&slide).contains(&shown));
    let alts: Vec<&str> = slide.all("cNvPr").iter().filter_map(|e| e.attribute("descr")).collect();
    assert_eq!(alts, ["Lines that need the board, with value, interval and verdict."]);
    let narrow = Table {
        columns: vec![Column::new("a", 1.0, Align::Left), Column::new("b", 1.0, Align::Right)],
        rows: vec![vec![Cell { runs: vec![Run::plain("x")], fill: None }]],
        alt: "short".to_owned(),
    };
    assert!(one(Block::Table(narrow)).write().unwrap_err().to_string().contains("1 cells in row 1 below 2 headers"));
}

#[test]
fn notes_have_pages_of_their_own_and_their_master() {
    let package = written(&deck(None));
    let notes = package.targets("ppt/slides/slide4.xml", "notesSlide");
    let page = package.xml(&notes[0].1).unwrap();
    assert_eq!(words(&page), "Ask each lead for one action.|OFFICIAL-SENSITIVE");
    assert_eq!(package.targets(&notes[0].1, "notesMaster")[0].1, "ppt/notesMasters/notesMaster1.xml");
    assert_eq!(package.targets(&notes[0].1, "slide")[0].1, "ppt/slides/slide4.xml");
    assert!(package.targets("ppt/slides/slide3.xml", "notesSlide").is_empty());
}

/// A deck as a template: its slides, notes, sections and pictures must not come through, and its master for notes is used.
#[test]
fn a_templates_own_slides_do_not_come_through() {
    let mut own = deck(None);
    own.slides[2].title = "Confidential example".to_owned();
    let mut package = written(&own);
    package.parts.get_mut("ppt/presentation.xml").unwrap().content_type = TEMPLATE.to_owned();
    let template = package.write().unwrap();
    let new = Deck { template: Some(template), slides: deck(None).slides[..2].to_vec(), ..deck(None) };
    let again = written(&new);
    let names = |prefix: &str| again.parts.keys().filter(|name| name.starts_with(prefix)).count();
    assert_eq!((names("ppt/slides/"), names("ppt/notesSlides/"), names("ppt/charts/")), (2, 1, 1));
    assert_eq!((names("ppt/media/"), names("ppt/embeddings/"), names("ppt/notesMasters/")), (0, 1, 1));
    assert!(again.parts.values().all(|part| !String::from_utf8_lossy(&part.bytes).contains("Confidential")));
    let presentation = again.xml("ppt/presentation.xml").unwrap();
    let order: Vec<&str> = presentation.elements().map(Element::local).collect();
    assert_eq!(order, ["sldMasterIdLst", "notesMasterIdLst", "sldIdLst", "sldSz", "notesSz", "defaultTextStyle"]);
    assert_eq!(again.part("ppt/presentation.xml").unwrap().content_type, DOCUMENT);
}

/// The plain template with something taken away, as templates of others lack it.
fn without(change: impl Fn(&mut Package)) -> Result<Vec<u8>, OfficeError> {
    let mut package = plain::package();
    change(&mut package);
    Deck { template: Some(package.write()?), ..deck(None) }.write()
}

fn edit(package: &mut Package, name: &str, from: &str, to: &str) {
    let part = package.parts.get_mut(name).unwrap();
    let text = String::from_utf8(part.bytes.clone()).unwrap();
    assert!(text.contains(from), "{name} has no {from}");
    part.bytes = text.replace(from, to).into_bytes();
}

#[test]
fn templates_that_lack_something_still_serve() {
    let layouts = [1, 2, 3].map(|n| format!("ppt/slideLayouts/slideLayout{n}.xml"));
    let no_feet: Box<dyn Fn(&mut Package)> = Box::new(|p| {
        for layout in &layouts {
            for kind in ["dt", "ftr", "sldNum"] {
                edit(p, layout, &format!("type=\"{kind}\""), "type=\"pic\"");
            }
        }
    });
    let no_types: Box<dyn Fn(&mut Package)> = Box::new(|p| {
        edit(p, &layouts[2], "type=\"titleOnly\"", "");
        edit(p, &layouts[1], "type=\"obj\"", "");
        edit(p, &layouts[0], "type=\"title\"", "");
    });
    let one_layout: Box<dyn Fn(&mut Package)> = Box::new(|p| {
        edit(p, "ppt/slideMasters/slideMaster1.xml", "<p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/>", "");
        edit(p, "ppt/slideMasters/slideMaster1.xml", "<p:sldLayoutId id=\"2147483651\" r:id=\"rId3\"/>", "");
    });
    let no_title: Box<dyn Fn(&mut Package)> = Box::new(|p| {
        for layout in &layouts {
            edit(p, layout, "Title\"/><p:cNvSpPr>", "Title\"/><p:cNvSpPr><!-- -->");
        }
        edit(p, &layouts[0], "type=\"ctrTitle\"", "type=\"pic\" idx=\"20\"");
        edit(p, &layouts[1], "type=\"title\"", "type=\"pic\" idx=\"20\"");
        edit(p, &layouts[2], "type=\"title\"", "type=\"pic\" idx=\"20\"");
    });
    for (name, change) in
        [("no feet", no_feet), ("no types", no_types), ("one layout", one_layout), ("no title", no_title)]
    {
        let package = Package::read(&without(&change).unwrap_or_else(|e| panic!("{name}: {e}"))).unwrap();
        for number in 1..=6 {
            let slide = slide(&package, number);
            let (names, words) = (shapes(&slide), words(&slide));
            assert_eq!(names[0], "Title", "{name}");
            assert!(words.contains("OFFICIAL-SENSITIVE") && words.contains("31 October"), "{name}: {words}");
        }
    }
}

#[test]
fn templates_that_cannot_serve_are_refused_with_what_to_do() {
    let main = "ppt/presentation.xml";
    let master = "ppt/slideMasters/slideMaster1.xml";
    for (result, says) in [
        (without(|p| p.unrelate("", &["officeDocument"])), "it has no main part"),
        (without(|p| p.unrelate(main, &["slideMaster"])), "has no slide master"),
        (without(|p| p.unrelate(master, &["slideLayout"])), "has no slide layout"),
        (without(|p| edit(p, main, "<p:sldSz cx=\"12192000\" cy=\"6858000\"/>", "")), "gives no size of its slides"),
        (without(|p| edit(p, main, "</p:presentation>", "")), "ppt/presentation.xml"),
        (
            without(|p| {
                p.relationships[0].kind =
                    "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument".to_owned()
            }),
            "Strict",
        ),
        (
            without(|p| {
                p.parts.get_mut(main).unwrap().content_type =
                    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml".to_owned()
            }),
            "macros",
        ),
    ] {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(says), "{error} does not say {says}");
    }
}
