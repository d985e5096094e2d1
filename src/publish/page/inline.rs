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
                out += &line.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "");
            }
        }
    }
    flush(&mut run, &mut out);
    out.replacen("xmlns=\"http://www.w3.org/2000/svg\"", attributes, 1)
}

/// A rectangle, line, polyline or polygon: how it is drawn, and its outline.
struct Shape<'l> {
    style: Vec<(&'l str, &'l str)>,
    path: String,
}

impl<'l> Shape<'l> {
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
        let path = match name {
            "rect" => {
                let (x, y, width, height) =
                    (get("x").unwrap_or("0"), get("y").unwrap_or("0"), get("width")?, get("height")?);
                format!("M{x},{y}h{width}v{height}h-{width}z")
            }
            "line" => format!("M{},{} {},{}", get("x1")?, get("y1")?, get("x2")?, get("y2")?),
            "polyline" => format!("M{}", get("points")?),
            _ => format!("M{}z", get("points")?),
        };
        let is_style = |(name, value): &(&str, &str)| {
            !geometry.contains(name) && (*name, *value) != ("opacity", "1") && (*name, *value) != ("stroke", "none")
        };
        Some(Self { style: attributes.into_iter().filter(is_style).collect(), path })
    }
}

fn flush(run: &mut Vec<Shape<'_>>, out: &mut String) {
    let Some(first) = run.first() else { return };
    *out += "<path";
    for (name, value) in &first.style {
        *out += &format!(" {name}=\"{value}\"");
    }
    *out += " d=\"";
    for shape in run.iter() {
        *out += &shape.path;
    }
    *out += "\"/>";
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
                   <polyline fill=\"none\" opacity=\"1\" stroke=\"#E3E7EB\" stroke-width=\"8\" points=\"1,2 3,4 \"/>\n\
                   <polygon opacity=\"1\" fill=\"#12436D\" points=\"1,2 3,4 5,6 \"/>\n\
                   <circle cx=\"1\" cy=\"2\" r=\"3\" opacity=\"1\" fill=\"#12436D\" stroke=\"none\"/>\n\
                   </svg>\n";
        assert_eq!(
            inline_svg(svg, "class=\"chart\""),
            "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 80 50\"><title>A &amp; B</title>\
             <path fill=\"#F3F6F9\" d=\"M1,2h3v4h-3zM4,2h3v5h-3z\"/><path fill=\"#FFFFFF\" d=\"M7,2h3v5h-3z\"/>\
             <path stroke=\"#E3E7EB\" stroke-width=\"8\" d=\"M1,2 3,2\"/>\
             <path fill=\"none\" stroke=\"#E3E7EB\" stroke-width=\"8\" d=\"M1,2 3,4\"/>\
             <path fill=\"#12436D\" d=\"M1,2 3,4 5,6z\"/><circle cx=\"1\" cy=\"2\" r=\"3\" fill=\"#12436D\"/></svg>"
        );
    }
}
