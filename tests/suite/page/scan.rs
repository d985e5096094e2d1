//! Reads the page as a browser does, as far as it is needed: elements, their attributes, and the text in them.

use std::collections::BTreeMap;

/// A marked number, day or text.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The nearest `data-t`, `data-k`, `data-m`, `data-l`, `data-u`, `data-p`, `data-s` and `data-e` around it.
    pub place: BTreeMap<String, String>,
    /// `data-c`.
    pub column: String,
    /// What it is.
    pub value: String,
    /// What a reader sees.
    pub shown: String,
}

struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

/// Elements without an end.
const VOID: [&str; 4] = ["meta", "br", "input", "link"];
const PLACE: [&str; 8] = ["data-t", "data-k", "data-m", "data-l", "data-u", "data-p", "data-s", "data-e"];

/// Calls `each` with every element that ends, its text without that of marked elements in it, and those around it.
fn walk(html: &str, mut each: impl FnMut(&Element, &[Element])) {
    let mut open: Vec<Element> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if let Some(inner) = open.last_mut() {
            inner.text += &unescaped(&rest[..at]);
        }
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let closed = open.pop().unwrap();
            assert_eq!(closed.name, name, "elements are closed in order");
            each(&closed, &open);
            if let (Some(outer), false) = (open.last_mut(), closed.attributes.contains_key("data-c")) {
                outer.text += &closed.text;
            }
            continue;
        }
        if tag.starts_with('!') || tag.ends_with('/') {
            continue;
        }
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        if VOID.contains(&name) {
            continue;
        }
        if matches!(name, "script" | "style") {
            rest = rest.split_once(&format!("</{name}>")).unwrap().1;
            continue;
        }
        open.push(Element { name: name.to_owned(), attributes: read_attributes(attributes), text: String::new() });
    }
    assert!(open.is_empty(), "every element is closed");
}

fn read_attributes(mut text: &str) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    while let Some((name, rest)) = text.split_once("=\"") {
        let (value, after) = rest.split_once('"').unwrap();
        // An attribute without a value may stand before it.
        let name = name.split_whitespace().last().unwrap();
        attributes.insert(name.to_owned(), unescaped(value));
        text = after;
    }
    attributes
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&#x27;", "'").replace("&#x2f;", "/").replace("&amp;", "&")
}

/// Every marked element.
pub fn cells(html: &str) -> Vec<Cell> {
    let mut found = Vec::new();
    walk(html, |element, around| {
        let Some(column) = element.attributes.get("data-c") else { return };
        let place = PLACE.iter().filter_map(|name| {
            let value = around.iter().rev().chain([element]).find_map(|one| one.attributes.get(*name))?;
            Some(((*name).to_owned(), value.clone()))
        });
        let exact = ["value", "datetime"].iter().find_map(|name| element.attributes.get(*name));
        found.push(Cell {
            place: place.collect(),
            column: column.clone(),
            value: exact.unwrap_or(&element.text).clone(),
            shown: element.text.clone(),
        });
    });
    found
}

/// The text beside the marks in every cell of numbers of a briefing.
pub fn beside_numbers(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(html, |element, _| {
        if element.name == "td" && element.attributes.get("class").is_some_and(|class| class == "n") {
            found.push(element.text.clone());
        }
    });
    found
}

/// The text between the marks, of every sentence and every cell of figures.
pub fn plain_parts(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(html, |element, around| {
        let classes = |one: &Element| one.attributes.get("class").cloned().unwrap_or_default();
        let says = around.last().is_some_and(|outer| classes(outer) == "says");
        let of_figures = element.name == "td" && around.iter().any(|one| classes(one) == "line");
        let has_details = classes(element).is_empty() && around.iter().any(|one| classes(one) == "more");
        let of_units = around.iter().any(|one| classes(one) == "units");
        // An intervention's name and area are names.
        if (says && !element.attributes.contains_key("data-t")) || (of_figures && (!has_details || of_units)) {
            found.push(element.text.clone());
        }
    });
    assert!(found.len() > 500, "{}", found.len());
    found
}
