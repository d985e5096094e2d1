//! The drawing surface: shapes through plotters, text and dashes written directly, put together as one SVG document.
//!
//! plotters snaps every coordinate to a whole pixel, so charts are drawn eight times as large and shown at their size by the
//! view box. It has no dash style (a dashed line becomes a path a dash) and sets text by its own metrics, with no halo, so
//! both are written here, dashes under the shapes or over them, text on top of all.

use std::fmt::Write as _;

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, PathElement, Polygon, RGBColor, Rectangle, SVGBackend, ShapeStyle,
};

use super::ChartError;
use super::palette::{WHITE, hex};
use super::text::{FAMILY_LIST, Weight, clean, escape};

/// Units of the surface to a pixel.
pub(super) const FINENESS: f64 = 8.0;

/// x and y in pixels from the top left.
pub(super) type Point = (f64, f64);

#[derive(Debug, Clone, Copy)]
pub(super) struct Stroke {
    pub colour: RGBColor,
    pub width: f64,
}

/// A dashed line's colour, width, and lengths of dash and gap, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dash {
    pub stroke: Stroke,
    pub on: f64,
    pub off: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    UnderShapes,
    OverShapes,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a line of text is set; `halo` keeps it legible over lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextStyle {
    pub size: f64,
    pub weight: Weight,
    pub colour: RGBColor,
    pub anchor: Anchor,
    pub halo: bool,
}

pub(super) struct Canvas<'a> {
    surface: DrawingArea<SVGBackend<'a>, Shift>,
    under: String,
    over: String,
    text: String,
}

/// What a document says of itself.
pub(super) struct Sheet<'a> {
    pub width: f64,
    pub height: f64,
    pub title: &'a str,
    pub description: &'a str,
}

/// An SVG document of what `draw` puts on the canvas.
pub(super) fn document(
    sheet: &Sheet,
    draw: impl FnOnce(&mut Canvas) -> Result<(), ChartError>,
) -> Result<String, ChartError> {
    let (wide, high) = (fine(sheet.width) as u32, fine(sheet.height) as u32);
    let mut shapes = String::new();
    let (under, over, text) = {
        let surface = SVGBackend::with_string(&mut shapes, (wide, high)).into_drawing_area();
        let mut canvas = Canvas { surface, under: String::new(), over: String::new(), text: String::new() };
        draw(&mut canvas)?;
        canvas.surface.present().map_err(draw_error)?;
        (canvas.under, canvas.over, canvas.text)
    };
    let shapes = inner(&shapes)?;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\">\n\
         <title>{}</title>\n<desc>{}</desc>\n<rect width=\"{wide}\" height=\"{high}\" fill=\"{}\"/>\n\
         {under}{shapes}{over}<g font-family=\"{FAMILY_LIST}\">\n{text}</g>\n</svg>\n",
        sheet.width,
        sheet.height,
        escape(&clean(sheet.title)),
        escape(&clean(sheet.description)),
        hex(WHITE),
    ))
}

/// The elements within a document by plotters, without its own `svg` tag.
fn inner(document: &str) -> Result<&str, ChartError> {
    let start = document.find('>').map(|at| at + 1);
    let end = document.rfind("</svg>");
    let inside = start.zip(end).and_then(|(start, end)| document.get(start..end));
    inside.map(str::trim_start).ok_or_else(|| ChartError::Draw("plotters wrote no svg element".to_owned()))
}

fn fine(pixels: f64) -> i32 {
    (pixels * FINENESS).round() as i32
}

fn fine_point((x, y): Point) -> (i32, i32) {
    (fine(x), fine(y))
}

fn draw_error(error: impl std::fmt::Display) -> ChartError {
    ChartError::Draw(error.to_string())
}

fn stroke_style(stroke: Stroke) -> ShapeStyle {
    ShapeStyle { color: stroke.colour.into(), filled: false, stroke_width: fine(stroke.width).unsigned_abs() }
}

fn fill_style(colour: RGBColor) -> ShapeStyle {
    ShapeStyle { color: colour.into(), filled: true, stroke_width: 0 }
}

impl Canvas<'_> {
    /// A line through the points.
    pub fn line(&mut self, points: &[Point], stroke: Stroke) -> Result<(), ChartError> {
        let points: Vec<(i32, i32)> = points.iter().copied().map(fine_point).collect();
        self.surface.draw(&PathElement::new(points, stroke_style(stroke))).map_err(draw_error)
    }

    pub fn polygon(&mut self, corners: &[Point], fill: RGBColor) -> Result<(), ChartError> {
        let corners: Vec<(i32, i32)> = corners.iter().copied().map(fine_point).collect();
        self.surface.draw(&Polygon::new(corners, fill_style(fill))).map_err(draw_error)
    }

    pub fn rectangle(&mut self, top_left: Point, bottom_right: Point, fill: RGBColor) -> Result<(), ChartError> {
        let corners = [fine_point(top_left), fine_point(bottom_right)];
        self.surface.draw(&Rectangle::new(corners, fill_style(fill))).map_err(draw_error)
    }

    pub fn disc(&mut self, centre: Point, radius: f64, fill: RGBColor) -> Result<(), ChartError> {
        self.surface.draw(&Circle::new(fine_point(centre), fine(radius), fill_style(fill))).map_err(draw_error)
    }

    pub fn ring(&mut self, centre: Point, radius: f64, stroke: Stroke) -> Result<(), ChartError> {
        self.surface.draw(&Circle::new(fine_point(centre), fine(radius), stroke_style(stroke))).map_err(draw_error)
    }

    /// A straight dashed line.
    pub fn dashed(&mut self, layer: Layer, from: Point, to: Point, dash: Dash) {
        let ((x1, y1), (x2, y2)) = (fine_point(from), fine_point(to));
        let element = format!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{}\" stroke-width=\"{}\" stroke-dasharray=\"{} {}\"/>\n",
            hex(dash.stroke.colour),
            fine(dash.stroke.width),
            fine(dash.on),
            fine(dash.off),
        );
        self.layer(layer).push_str(&element);
    }

    /// A rectangle below everything drawn through plotters.
    pub fn backdrop(&mut self, (left, top): Point, (right, bottom): Point, fill: RGBColor) {
        let ((x, y), (x2, y2)) = (fine_point((left, top)), fine_point((right, bottom)));
        let (width, height) = ((x2 - x).max(0), (y2 - y).max(0));
        let colour = hex(fill);
        // Writing to a String cannot fail.
        let _ =
            writeln!(self.under, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"/>");
    }

    /// A straight unbroken line below or above everything drawn through plotters.
    pub fn rule(&mut self, layer: Layer, from: Point, to: Point, stroke: Stroke) {
        let ((x1, y1), (x2, y2)) = (fine_point(from), fine_point(to));
        let (colour, width) = (hex(stroke.colour), fine(stroke.width));
        let element = format!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>\n"
        );
        self.layer(layer).push_str(&element);
    }

    /// One line of text, its base line at the point's height.
    pub fn text(&mut self, at: Point, text: &str, style: TextStyle) {
        let (x, y) = fine_point(at);
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = match style.weight {
            Weight::Regular => "",
            Weight::Bold => " font-weight=\"700\"",
        };
        let halo = if style.halo {
            format!(
                " stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
                hex(WHITE),
                fine(3.0)
            )
        } else {
            String::new()
        };
        let (size, colour, words) = (fine(style.size), hex(style.colour), escape(&clean(text)));
        let _ = writeln!(
            self.text,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight} fill=\"{colour}\"{anchor}{halo}>{words}</text>"
        );
    }

    fn layer(&mut self, layer: Layer) -> &mut String {
        match layer {
            Layer::UnderShapes => &mut self.under,
            Layer::OverShapes => &mut self.over,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::palette::INK;
    use super::*;

    const STYLE: TextStyle =
        TextStyle { size: 14.0, weight: Weight::Regular, colour: INK, anchor: Anchor::Start, halo: false };

    fn sheet<'a>(title: &'a str, description: &'a str) -> Sheet<'a> {
        Sheet { width: 100.0, height: 50.0, title, description }
    }

    #[test]
    fn a_document_is_shown_at_its_size_and_described() {
        let svg = document(&sheet("Title & more", "Says <what>"), |canvas| {
            canvas.rectangle((1.0, 2.0), (3.0, 4.0), INK)?;
            canvas.text((10.0, 20.5), "Word", STYLE);
            Ok(())
        })
        .unwrap();
        for expected in [
            "role=\"img\" width=\"100\" height=\"50\" viewBox=\"0 0 800 400\"",
            "<title>Title &amp; more</title>",
            "<desc>Says &lt;what&gt;</desc>",
            "<rect x=\"8\" y=\"16\" width=\"16\" height=\"16\"",
            "<text x=\"80\" y=\"164\" font-size=\"112\" fill=\"#1F2933\">Word</text>",
        ] {
            assert!(svg.contains(expected), "{expected} in {svg}");
        }
        assert_eq!(svg.matches("<svg").count(), 1);
    }

    #[test]
    fn hostile_text_stays_text() {
        let hostile = "</text><script>alert('x')</script>\u{0}\u{1b}]]>&amp;\"";
        let svg = document(&sheet(hostile, hostile), |canvas| {
            canvas.text((0.0, 10.0), hostile, STYLE);
            Ok(())
        })
        .unwrap();
        let tree = resvg::usvg::roxmltree::Document::parse(&svg).unwrap();
        let tags: Vec<&str> = tree.descendants().filter(|n| n.is_element()).map(|n| n.tag_name().name()).collect();
        assert_eq!(tags, ["svg", "title", "desc", "rect", "g", "text"]);
        let words = tree.descendants().find(|n| n.has_tag_name("text")).and_then(|n| n.text());
        assert_eq!(words, Some("</text><script>alert('x')</script> ]]>&amp;\""));
    }
}
