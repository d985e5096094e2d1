//! What a template offers: its layouts, where their placeholders are and how large their text is.
//!
//! A placeholder of a layout that says nothing of a property has that of the master's (ECMA-376 part 1, 19.3.1.36).

use super::frame::Frame;
use crate::office::OfficeError;
use crate::office::measure::Measure;
use crate::office::package::Package;
use crate::office::xml::Element;

/// Insets of a text box, in EMU: left, top, right, bottom.
const INSETS: [i64; 4] = [91_440, 45_720, 91_440, 45_720];

#[derive(Clone, Debug)]
pub(super) struct Placeholder {
    pub kind: String,
    /// As written, to be written again.
    pub index: Option<String>,
    pub frame: Frame,
    /// The size of text in points.
    pub size: f64,
    pub bold: bool,
    pub capitals: bool,
    insets: [i64; 4],
}

impl Placeholder {
    /// Where its text may stand.
    pub fn inner(&self) -> Frame {
        let [left, top, right, bottom] = self.insets;
        Frame {
            x: self.frame.x + left,
            y: self.frame.y + top,
            width: self.frame.width - left - right,
            height: self.frame.height - top - bottom,
        }
    }

    /// Width and height that text may take, in points.
    pub fn room(&self) -> (f64, f64) {
        (self.inner().width_pt(), self.inner().height_pt())
    }

    pub fn is_title(&self) -> bool {
        matches!(self.kind.as_str(), "title" | "ctrTitle")
    }

    /// Whether it is at the edge of a slide, and not of its content.
    pub fn is_edge(&self) -> bool {
        matches!(self.kind.as_str(), "dt" | "ftr" | "sldNum" | "hdr")
    }
}

#[derive(Clone, Debug)]
pub(super) struct SlideLayout {
    pub part: String,
    kind: String,
    name: String,
    pub placeholders: Vec<Placeholder>,
    /// Where text of the master's body stands.
    pub body: Option<Frame>,
}

impl SlideLayout {
    pub fn placeholder(&self, kinds: &[&str]) -> Option<&Placeholder> {
        self.placeholders.iter().find(|p| kinds.contains(&p.kind.as_str()))
    }

    pub fn title(&self) -> Option<&Placeholder> {
        self.placeholders.iter().find(|p| p.is_title())
    }

    fn content(&self) -> usize {
        self.placeholders.iter().filter(|p| !p.is_title() && !p.is_edge()).count()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Template {
    pub width: i64,
    pub height: i64,
    pub opening: SlideLayout,
    pub content: SlideLayout,
    /// With a body that takes text.
    pub text: Option<SlideLayout>,
    pub headings: Measure,
    pub words: Measure,
}

impl Template {
    pub fn read(package: &Package, main: &str) -> Result<Self, OfficeError> {
        let presentation = package.xml(main)?;
        let size = presentation.child("sldSz");
        let side = |name| size.and_then(|s| s.number(name)).filter(|n| (1_000_000..=100_000_000).contains(n));
        let (Some(width), Some(height)) = (side("cx"), side("cy")) else {
            return Err(OfficeError::part(main, "gives no size of its slides"));
        };
        let masters = package.targets(main, "slideMaster");
        let first = presentation.at(&["sldMasterIdLst", "sldMasterId"]).and_then(|m| m.prefixed("id"));
        let Some((_, master)) = masters.iter().find(|(id, _)| Some(id.as_str()) == first).or(masters.first()) else {
            return Err(OfficeError::part(main, "has no slide master"));
        };
        let layouts = layouts(package, master)?;
        let Some(content) = content_layout(&layouts) else {
            return Err(OfficeError::part(master, "has no slide layout"));
        };
        let (headings, words) = fonts(package, master);
        Ok(Self {
            width,
            height,
            opening: named(&layouts, "title", "title slide").unwrap_or(content).clone(),
            content: content.clone(),
            text: text_layout(&layouts).cloned(),
            headings,
            words,
        })
    }
}

/// The layout with a type, or else with a name.
fn named<'l>(layouts: &'l [SlideLayout], kind: &str, name: &str) -> Option<&'l SlideLayout> {
    let by_name = || layouts.iter().find(|l| l.name.trim().eq_ignore_ascii_case(name));
    let found = layouts.iter().find(|l| l.kind == kind).or_else(by_name);
    found.filter(|l| l.title().is_some())
}

/// A title and nothing else; or a title and as little else as there is.
fn content_layout(layouts: &[SlideLayout]) -> Option<&SlideLayout> {
    let with_title =
        || layouts.iter().filter(|l| l.title().is_some_and(|t| t.kind == "title")).min_by_key(|l| l.content());
    named(layouts, "titleOnly", "title only")
        .or_else(|| named(layouts, "obj", "title and content"))
        .or_else(with_title)
        .or_else(|| layouts.first())
}

fn text_layout(layouts: &[SlideLayout]) -> Option<&SlideLayout> {
    let found = named(layouts, "obj", "title and content").or_else(|| named(layouts, "tx", "title and text"))?;
    let body = |p: &Placeholder| matches!(p.kind.as_str(), "obj" | "body");
    (found.content() == 1 && found.placeholders.iter().any(body)).then_some(found)
}

/// The layouts of a master, in the order it lists them.
fn layouts(package: &Package, master: &str) -> Result<Vec<SlideLayout>, OfficeError> {
    let root = package.xml(master)?;
    let parts = package.targets(master, "slideLayout");
    let listed = root.child("sldLayoutIdLst").map(|list| list.elements().filter_map(|e| e.prefixed("id")).collect());
    let ids: Vec<&str> = listed.unwrap_or_default();
    let mut found = Vec::new();
    for (_, part) in ids.iter().filter_map(|id| parts.iter().find(|(other, _)| other == id)) {
        let layout = package.xml(part)?;
        let shapes = shapes(&layout);
        let masters = shapes_by_kind(&root);
        let placeholders = shapes.iter().filter_map(|shape| placeholder(shape, &masters, &root)).collect();
        let body =
            masters.iter().find(|(kind, _)| kind == "body").and_then(|(_, shape)| placeholder(shape, &masters, &root));
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        found.push(SlideLayout {
            part: part.clone(),
            kind: text(layout.attribute("type")),
            name: text(layout.child("cSld").and_then(|c| c.attribute("name"))),
            placeholders,
            body: body.as_ref().map(Placeholder::inner),
        });
    }
    Ok(found)
}

fn shapes(root: &Element) -> Vec<&Element> {
    root.at(&["cSld", "spTree"]).map(|tree| tree.all("sp")).unwrap_or_default()
}

fn ph(shape: &Element) -> Option<&Element> {
    shape.at(&["nvSpPr", "nvPr", "ph"])
}

fn kind(shape: &Element) -> Option<String> {
    ph(shape).map(|ph| ph.attribute("type").unwrap_or("obj").to_owned())
}

fn shapes_by_kind(root: &Element) -> Vec<(String, &Element)> {
    shapes(root).into_iter().filter_map(|shape| kind(shape).map(|kind| (kind, shape))).collect()
}

fn frame(shape: &Element) -> Option<Frame> {
    let xfrm = shape.at(&["spPr", "xfrm"])?;
    let (off, ext) = (xfrm.child("off")?, xfrm.child("ext")?);
    Some(Frame { x: off.number("x")?, y: off.number("y")?, width: ext.number("cx")?, height: ext.number("cy")? })
}

/// The first level's look in a list of styles.
fn first_level(styles: Option<&Element>) -> Option<&Element> {
    styles?.at(&["lvl1pPr", "defRPr"])
}

fn placeholder(shape: &Element, masters: &[(String, &Element)], master: &Element) -> Option<Placeholder> {
    let kind = kind(shape)?;
    let wanted = match kind.as_str() {
        "ctrTitle" => "title",
        "dt" | "ftr" | "sldNum" | "title" => kind.as_str(),
        _ => "body",
    };
    let inherited = masters.iter().find(|(other, _)| other == wanted).map(|(_, shape)| *shape);
    let sources = [Some(shape), inherited];
    let frame = sources.iter().flatten().find_map(|s| frame(s))?;
    let style = match wanted {
        "title" => "titleStyle",
        "body" => "bodyStyle",
        _ => "otherStyle",
    };
    let mut looks: Vec<&Element> =
        sources.iter().flatten().filter_map(|s| first_level(s.at(&["txBody", "lstStyle"]))).collect();
    looks.extend(first_level(master.at(&["txStyles", style])));
    let look = |name| looks.iter().find_map(|l| l.attribute(name));
    let inset = |name, default| {
        let found = sources.iter().flatten().find_map(|s| s.at(&["txBody", "bodyPr"]).and_then(|b| b.number(name)));
        found.filter(|n| (0..frame.width.max(1)).contains(n)).unwrap_or(default)
    };
    Some(Placeholder {
        index: ph(shape).and_then(|ph| ph.attribute("idx")).map(str::to_owned),
        frame,
        size: look("sz").and_then(|sz| sz.parse::<f64>().ok()).map_or(18.0, |sz| sz / 100.0),
        bold: look("b").is_some_and(|b| b == "1" || b == "true"),
        capitals: look("cap").is_some_and(|cap| cap != "none"),
        insets: [
            inset("lIns", INSETS[0]),
            inset("tIns", INSETS[1]),
            inset("rIns", INSETS[2]),
            inset("bIns", INSETS[3]),
        ],
        kind,
    })
}

/// The fonts of headings and of text, by the master's theme.
fn fonts(package: &Package, master: &str) -> (Measure, Measure) {
    let theme = package.targets(master, "theme").into_iter().next();
    let root = theme.and_then(|(_, part)| package.xml(&part).ok());
    let typeface = |which| {
        let font = root.as_ref()?.at(&["themeElements", "fontScheme", which, "latin"])?;
        Some(Measure::of(font.attribute("typeface")?))
    };
    let unknown = Measure::of("unknown");
    (typeface("majorFont").unwrap_or(unknown), typeface("minorFont").unwrap_or(unknown))
}
