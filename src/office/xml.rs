//! XML: text and attributes written, parts of a template read as a small tree and written again.
//!
//! Elements are found by their name without its prefix, as what wrote a template chooses the prefix.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::OfficeError;

pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Elements in elements; no part of Office comes near it, and the tree is walked by recursion.
const DEEPEST: usize = 200;

/// Text as it stands between tags or in an attribute. What XML 1.0 cannot hold is shown as U+FFFD; white space of an attribute
/// is kept.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            c if c < ' ' || ('\u{7f}'..='\u{9f}').contains(&c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

/// An element with its name as written, prefix included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

impl Element {
    /// A part's root. Comments and instructions are left out.
    pub fn parse(part: &str, bytes: &[u8]) -> Result<Self, OfficeError> {
        let damaged = |what: String| OfficeError::part(part, what);
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("is not UTF-8".to_owned()))?;
        let mut reader = quick_xml::Reader::from_str(text.trim_start_matches('\u{feff}'));
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        loop {
            let event = reader.read_event().map_err(|error| damaged(format!("cannot be parsed ({error})")))?;
            let closed = match event {
                Event::Start(start) => {
                    if open.len() >= DEEPEST {
                        return Err(damaged(format!("has elements more than {DEEPEST} deep")));
                    }
                    open.push(started(part, &start)?);
                    None
                }
                Event::Empty(start) => Some(started(part, &start)?),
                Event::End(_) => open.pop(),
                Event::Text(text) => {
                    push_text(&mut open, &text.xml10_content());
                    None
                }
                Event::CData(text) => {
                    push_text(&mut open, &text.xml10_content());
                    None
                }
                Event::GeneralRef(entity) => {
                    push_text(&mut open, &resolved(part, &entity)?);
                    None
                }
                Event::DocType(_) => return Err(damaged("declares a document type, as no part does".to_owned())),
                Event::Eof => break,
                _ => None,
            };
            if let Some(element) = closed {
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(element)),
                    None => root = Some(element),
                }
            }
        }
        if !open.is_empty() {
            return Err(damaged("is cut off".to_owned()));
        }
        root.ok_or_else(|| damaged("is empty".to_owned()))
    }

    /// The name without its prefix.
    pub fn local(&self) -> &str {
        local(&self.name)
    }

    pub fn is(&self, name: &str) -> bool {
        self.local() == name
    }

    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.is(name))
    }

    /// A child of a child, by their names.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Every element below this one with the name, in the order of the document.
    pub fn all(&self, name: &str) -> Vec<&Self> {
        let mut found = Vec::new();
        for element in self.elements() {
            if element.is(name) {
                found.push(element);
            }
            found.extend(element.all(name));
        }
        found
    }

    /// An attribute without a prefix, or else one with any.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let plain = self.attributes.iter().find(|(key, _)| key == name);
        plain.or_else(|| self.attributes.iter().find(|(key, _)| local(key) == name)).map(|(_, value)| value.as_str())
    }

    /// An attribute that has a prefix, such as `r:id` beside `id`.
    pub fn prefixed(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key.contains(':') && local(key) == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.attribute(name).and_then(|value| value.parse().ok())
    }

    pub fn remove(&mut self, names: &[&str]) {
        self.children.retain(|node| !matches!(node, Node::Element(element) if names.contains(&element.local())));
    }

    /// Puts a child before the first of `followers`, which the schema has after it, or at the end.
    pub fn insert_before(&mut self, child: Self, followers: &[&str]) {
        let follows = |node: &Node| matches!(node, Node::Element(element) if followers.contains(&element.local()));
        let at = self.children.iter().position(follows).unwrap_or(self.children.len());
        self.children.insert(at, Node::Element(child));
    }

    /// The element as text, without a declaration.
    pub fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for (key, value) in &self.attributes {
            out.push_str(&format!(" {key}=\"{}\"", escaped(value)));
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(out),
                Node::Text(text) => out.push_str(&escaped(text)),
            }
        }
        out.push_str(&format!("</{}>", self.name));
    }

    /// The element as a part.
    pub fn document(&self) -> Vec<u8> {
        let mut out = DECLARATION.to_owned();
        self.write(&mut out);
        out.into_bytes()
    }
}

fn started(part: &str, start: &BytesStart<'_>) -> Result<Element, OfficeError> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| OfficeError::part(part, format!("cannot be parsed ({error})")))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| OfficeError::part(part, format!("cannot be parsed ({error})")))?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(Element { name: start.name().as_ref().to_owned(), attributes, children: Vec::new() })
}

fn push_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => parent.children.push(Node::Text(text.to_owned())),
    }
}

/// A character by its number, or one of the five entities that XML has. No other is known, so none can expand.
fn resolved(part: &str, entity: &BytesRef<'_>) -> Result<String, OfficeError> {
    let name = entity.xml10_content();
    let character = entity.resolve_char_ref().ok().flatten().or(match name.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    });
    let shown = || name.chars().take(40).collect::<String>();
    let unknown = || OfficeError::part(part, format!("uses the entity `{}`, which XML does not have", shown()));
    character.map(String::from).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_shown_and_the_rest_stays() {
        for (text, expected) in [
            ("a <b> & \"c\" 'd'", "a &lt;b&gt; &amp; &quot;c&quot; 'd'"),
            ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
            ("\u{0}\u{8}x\u{1f}\u{85}\u{fffe}", "\u{fffd}\u{fffd}x\u{fffd}\u{fffd}\u{fffd}"),
            ("a\tb\r\nc", "a&#9;b&#13;&#10;c"),
            ("£10 – ≥ 5 😀", "£10 – ≥ 5 😀"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn a_part_is_written_as_it_was_read() {
        let text = "<p:a xmlns:p=\"urn:x\" q=\"1 &amp; 2\"><p:b/> t &lt; u &#169;<c r:id=\"x\" id=\"7\">&#9;</c></p:a>";
        let root = Element::parse("part", text.as_bytes()).unwrap();
        let mut out = String::new();
        root.write(&mut out);
        assert_eq!(out, text.replace("&#169;", "©"));
        assert_eq!(root.child("c").unwrap().prefixed("id"), Some("x"));
        assert_eq!(root.child("c").unwrap().attribute("id"), Some("7"));
    }

    #[test]
    fn hostile_parts_are_refused_with_their_name() {
        let deep = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
        for (text, says) in [
            ("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "document type"),
            ("<a>&e;</a>", "entity"),
            ("<a><b></a>", "cannot be parsed"),
            ("<a>", "cut off"),
            ("", "is empty"),
            (deep.as_str(), "deep"),
        ] {
            let error = Element::parse("ppt/x.xml", text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("ppt/x.xml"), "{text}: {error}");
        }
    }
}
