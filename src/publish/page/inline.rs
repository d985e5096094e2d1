//! A chart's SVG document as an element of the page: the same picture in half the text.
//!
//! Neighbours that are drawn alike become one path, and what is the default anyway is
//! left out.

/// The document as an element with these attributes in the place of its namespace, which HTML knows.
pub fn inline_svg(svg: &str, attributes: &str) -> String {
    let svg = svg.replace("><", ">\n<");
    let mut out = String::with_capacity(svg.len());
    let mut run: Vec<Shape<'_>> = Vec::new();
    for line in svg.lines() {
        match Shape::of(line) {
            Some(shape) => {
                if run.first().is_some_and(|first| first.style != shape.style) {
                    flush(&mut run, &mut out);
                }
                run.push(shape);
            }
            None => {
                flush(&mut run, &mut out);
                out += &line
                    .replace(" opacity=\"1\"", "")
                    .replace(" stroke=\"none\"", "")
                    .replace(" stroke-width=\"0\"", "");
            }
        }
    }
    flush(&mut run, &mut out);
    out.replacen("xmlns=\"http://www.w3.org/2000/svg\"", attributes, 1)
}

/// A rectangle, line, polyline or polygon: how it is drawn, and its corners in hundredths.
struct Shape<'l> {
    style: Vec<(&'l str, &'l str)>,
    corners: Vec<(i64, i64)>,
    is_closed: bool,
}

impl<'l> Shape<'l> {
    /// `None` for what is none of these.
    fn of(line: &'l str) -> Option<Self> {
        let inner = line.trim().strip_prefix('<')?.strip_suffix("/>")?;
        let (name, attributes) = inner.split_once(' ')?;
        let attributes: Vec<(&str, &str)> = attributes
            .split("\" ")
            .map(|attribute| attribute.trim_end_matches('"').split_once("=\""))
            .collect::<Option<_>>()?;
        let geometry: &[&str] = match name {
            "rect" => &["x", "y", "width", "height"],
            "line" => &["x1", "y1", "x2", "y2"],
            "polyline" | "polygon" => &["points"],
            _ => return None,
        };
        let get = |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.trim());
        let number = |wanted: &str| get(wanted).map_or(Some(0), hundredths);
        let corners = match name {
            "rect" => {
                let (x, y, width, height) = (number("x")?, number("y")?, number("width")?, number("height")?);
                vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
            }
            "line" => vec![(number("x1")?, number("y1")?), (number("x2")?, number("y2")?)],
            _ => {
                let corner =
                    |pair: &str| pair.split_once(',').and_then(|(x, y)| Some((hundredths(x)?, hundredths(y)?)));
                get("points")?.split_whitespace().map(corner).collect::<Option<_>>()?
            }
        };
        let is_style = |(name, value): &(&str, &str)| {
            !geometry.contains(name) && (*name, *value) != ("opacity", "1") && (*name, *value) != ("stroke", "none")
        };
        let is_closed = matches!(name, "rect" | "polygon");
        Some(Self { style: attributes.into_iter().filter(is_style).collect(), corners, is_closed })
    }

    /// Adds the outline to a path that stands at `from`, in steps from corner to corner; where the path stands then.
    fn add(&self, path: &mut String, from: (i64, i64)) -> (i64, i64) {
        let Some((first, rest)) = self.corners.split_first() else { return from };
        *path += "m";
        step(path, &[first.0 - from.0, first.1 - from.1]);
        let (mut at, mut letter) = (*first, 'l');
        *path += "l";
        for corner in rest {
            let by = (corner.0 - at.0, corner.1 - at.1);
            let (wanted, numbers): (char, &[i64]) = match by {
                (along, 0) => ('h', &[along]),
                (0, down) => ('v', &[down]),
                (along, down) => ('l', &[along, down]),
            };
            if wanted != letter {
                // A letter without a number after it says nothing.
                if path.ends_with('l') {
                    path.pop();
                }
                path.push(wanted);
                letter = wanted;
            }
            step(path, numbers);
            at = *corner;
        }
        if path.ends_with('l') {
            path.pop();
        }
        if !self.is_closed {
            return at;
        }
        path.push('z');
        *first
    }
}

/// A decimal of at most two places.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let places = match fraction.len() {
        0 => 0,
        1 => fraction.parse::<i64>().ok()? * 10,
        2 => fraction.parse().ok()?,
        _ => return None,
    };
    let whole_hundreds = whole.parse::<i64>().ok()? * 100;
    Some(if whole.starts_with('-') { whole_hundreds - places } else { whole_hundreds + places })
}

/// Numbers after a letter or another number: a sign separates as well as a space.
fn step(path: &mut String, hundredths: &[i64]) {
    for number in hundredths {
        if path.ends_with(|c: char| c.is_ascii_digit()) && *number >= 0 {
            path.push(' ');
        }
        let (whole, places) = (number.abs() / 100, number.abs() % 100);
        let sign = if *number < 0 { "-" } else { "" };
        *path += &match (places, places % 10) {
            (0, _) => format!("{sign}{whole}"),
            (_, 0) => format!("{sign}{whole}.{}", places / 10),
            _ => format!("{sign}{whole}.{places:02}"),
        };
    }
}

fn flush(run: &mut Vec<Shape<'_>>, out: &mut String) {
    let Some(first) = run.first() else { return };
    *out += "<path";
    for (name, value) in &first.style {
        *out += &format!(" {name}=\"{value}\"");
    }
    let (mut path, mut at) = (String::new(), (0, 0));
    for shape in run.iter() {
        at = shape.add(&mut path, at);
    }
    *out += &format!(" d=\"{path}\"/>");
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_drawn_alike_become_one_path() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 80 50\">\n\
                   <title>A &amp; B</title>\n\
                   <rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#F3F6F9\"/>\n\
                   <rect x=\"4\" y=\"2\" width=\"3\" height=\"5\" fill=\"#F3F6F9\"/>\n\
                   <rect x=\"7\" y=\"2\" width=\"3\" height=\"5\" fill=\"#FFFFFF\"/>\n\
                   <line x1=\"1\" y1=\"2\" x2=\"3\" y2=\"2\" stroke=\"#E3E7EB\" stroke-width=\"8\"/>\n\
                   <polyline fill=\"none\" opacity=\"1\" stroke=\"#E3E7EB\" stroke-width=\"8\" points=\"1,2 3,4 1.5,0.95 \"/>\n\
                   <polygon opacity=\"1\" fill=\"#12436D\" points=\"1,2 3,4 5,6 \"/>\n\
                   <circle cx=\"1\" cy=\"2\" r=\"3\" opacity=\"1\" fill=\"#12436D\" stroke=\"none\"/>\n\
                   </svg>\n";
        assert_eq!(
            inline_svg(svg, "class=\"chart\""),
            "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 80 50\"><title>A &amp; B</title>\
             <path fill=\"#F3F6F9\" d=\"m1 2h3v4h-3zm3 0h3v5h-3z\"/><path fill=\"#FFFFFF\" d=\"m7 2h3v5h-3z\"/>\
             <path stroke=\"#E3E7EB\" stroke-width=\"8\" d=\"m1 2h2\"/>\
             <path fill=\"none\" stroke=\"#E3E7EB\" stroke-width=\"8\" d=\"m1 2l2 2-1.5-3.05\"/>\
             <path fill=\"#12436D\" d=\"m1 2l2 2 2 2z\"/><circle cx=\"1\" cy=\"2\" r=\"3\" fill=\"#12436D\"/></svg>"
        );
    }
}
