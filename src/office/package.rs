//! An Office package: parts in a zip archive, their content types and the relationships between them (ECMA-376 part 2).
//!
//! Parts are written in the order of their names, so that the same parts are the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::OfficeError;
use super::archive::{self, Limits};
use super::xml::{DECLARATION, Element, escaped};

const TYPES: &str = "[Content_Types].xml";
const TYPES_NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONSHIPS_NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const RELATIONSHIPS_TYPE: &str = "application/vnd.openxmlformats-package.relationships+xml";
/// What the kinds of most relationships begin with.
pub(super) const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relationship {
    pub id: String,
    /// The whole URI.
    pub kind: String,
    pub target: Target,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The name of a part from the root, without a slash before it.
    Part(String),
    /// An address outside, as written.
    Outside(String),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub content_type: String,
    pub bytes: Vec<u8>,
    pub relationships: Vec<Relationship>,
}

/// Parts by name, without a slash before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Package {
    pub parts: BTreeMap<String, Part>,
    /// Of the package itself.
    pub relationships: Vec<Relationship>,
}

impl Package {
    pub fn read(bytes: &[u8]) -> Result<Self, OfficeError> {
        let mut entries = archive::unpacked(bytes, Limits::default())?;
        let types = entries.remove(TYPES).ok_or_else(|| OfficeError::part(TYPES, "is not in it"))?;
        let types = ContentTypes::parse(&types)?;
        let mut package = Self::default();
        let mut relationships = Vec::new();
        for (name, bytes) in entries {
            match source_of(&name) {
                Some(source) => relationships.push((source.clone(), read_relationships(&name, &source, &bytes)?)),
                None => {
                    let content_type = types.of(&name);
                    package.parts.insert(name, Part { content_type, bytes, relationships: Vec::new() });
                }
            }
        }
        for (source, found) in relationships {
            if source.is_empty() {
                package.relationships = found;
            } else if let Some(part) = package.parts.get_mut(&source) {
                part.relationships = found;
            }
        }
        Ok(package)
    }

    /// A zip archive: content types first, then the rest by name, all with the same stamp.
    pub fn write(&self) -> Result<Vec<u8>, OfficeError> {
        let mut files: Vec<(String, Vec<u8>)> = vec![(TYPES.to_owned(), self.content_types())];
        let mut rest = BTreeMap::new();
        rest.insert("_rels/.rels".to_owned(), written_relationships("", &self.relationships));
        for (name, part) in &self.parts {
            rest.insert(name.clone(), part.bytes.clone());
            if !part.relationships.is_empty() {
                rest.insert(relationships_of(name), written_relationships(name, &part.relationships));
            }
        }
        files.extend(rest);
        archive::packed(&files)
    }

    pub fn put(&mut self, name: &str, content_type: &str, bytes: Vec<u8>) {
        let relationships = Vec::new();
        self.parts.insert(name.to_owned(), Part { content_type: content_type.to_owned(), bytes, relationships });
    }

    pub fn part(&self, name: &str) -> Result<&Part, OfficeError> {
        self.parts.get(name).ok_or_else(|| OfficeError::part(name, "is not in it"))
    }

    pub fn xml(&self, name: &str) -> Result<Element, OfficeError> {
        Element::parse(name, &self.part(name)?.bytes)
    }

    pub fn set_xml(&mut self, name: &str, root: &Element) {
        if let Some(part) = self.parts.get_mut(name) {
            part.bytes = root.document();
        }
    }

    /// A relationship from a part, or from the package where the name is empty; gives its new id.
    pub fn relate(&mut self, from: &str, kind: &str, target: Target) -> String {
        let list = match self.parts.get_mut(from) {
            Some(part) => &mut part.relationships,
            None => &mut self.relationships,
        };
        let number = (1..).find(|n| list.iter().all(|r| r.id != format!("rId{n}"))).unwrap_or_default();
        let id = format!("rId{number}");
        list.push(Relationship { id: id.clone(), kind: kind.to_owned(), target });
        id
    }

    /// The parts that a part leads to by a kind of relationship: id and name, in the order of the file. `kind` is what the URI ends
    /// with.
    pub fn targets(&self, from: &str, kind: &str) -> Vec<(String, String)> {
        let list = self.parts.get(from).map_or(&self.relationships, |part| &part.relationships);
        let of_kind = list.iter().filter(|r| r.kind.rsplit('/').next() == Some(kind));
        let found = of_kind.filter_map(|r| match &r.target {
            Target::Part(name) if self.parts.contains_key(name) => Some((r.id.clone(), name.clone())),
            _ => None,
        });
        found.collect()
    }

    /// Removes relationships of some kinds.
    pub fn unrelate(&mut self, from: &str, kinds: &[&str]) {
        let list = match self.parts.get_mut(from) {
            Some(part) => &mut part.relationships,
            None => &mut self.relationships,
        };
        list.retain(|r| !r.kind.rsplit('/').next().is_some_and(|kind| kinds.contains(&kind)));
    }

    /// Removes what nothing leads to any more: slides of a template, their pictures and notes.
    pub fn sweep(&mut self) {
        let mut reached: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<&Relationship> = self.relationships.iter().collect();
        while let Some(relationship) = open.pop() {
            let Target::Part(name) = &relationship.target else { continue };
            if let Some(part) = self.parts.get(name)
                && reached.insert(name.clone())
            {
                open.extend(&part.relationships);
            }
        }
        self.parts.retain(|name, _| reached.contains(name));
        let names: BTreeSet<String> = self.parts.keys().cloned().collect();
        let leads = |r: &Relationship| {
            matches!(&r.target, Target::Outside(_)) || matches!(&r.target, Target::Part(name) if names.contains(name))
        };
        self.relationships.retain(leads);
        for part in self.parts.values_mut() {
            part.relationships.retain(leads);
        }
    }

    /// A name that no part has yet: `prefix`, a number, `suffix`.
    pub fn free_name(&self, prefix: &str, suffix: &str) -> String {
        let taken = |n: &u32| self.parts.contains_key(&format!("{prefix}{n}{suffix}"));
        let number = (1..).find(|n| !taken(n)).unwrap_or_default();
        format!("{prefix}{number}{suffix}")
    }

    /// The main part of the package.
    pub fn main_part(&self) -> Result<String, OfficeError> {
        if self.relationships.iter().any(|r| r.kind.starts_with("http://purl.oclc.org/")) {
            return Err(OfficeError::Strict);
        }
        let found = self.targets("", "officeDocument").into_iter().next();
        found.map(|(_, name)| name).ok_or_else(|| OfficeError::NotAPackage("it has no main part".to_owned()))
    }

    /// Makes the main part what a document has, where a template has its own content type; refuses what is neither.
    pub fn become_document(
        &mut self,
        document: &str,
        template: &str,
        wanted: &'static str,
    ) -> Result<String, OfficeError> {
        let main = self.main_part()?;
        let Some(part) = self.parts.get_mut(&main) else {
            return Err(OfficeError::part(&main, "is not in it"));
        };
        if part.content_type.to_ascii_lowercase().contains("macroenabled") {
            return Err(OfficeError::Macros);
        }
        if part.content_type != document && part.content_type != template {
            return Err(OfficeError::WrongKind { found: part.content_type.clone(), wanted });
        }
        document.clone_into(&mut part.content_type);
        Ok(main)
    }

    fn content_types(&self) -> Vec<u8> {
        let mut defaults: BTreeMap<String, String> = BTreeMap::new();
        defaults.insert("rels".to_owned(), RELATIONSHIPS_TYPE.to_owned());
        defaults.insert("xml".to_owned(), "application/xml".to_owned());
        for (name, part) in &self.parts {
            if let Some(extension) = extension(name) {
                defaults.entry(extension).or_insert_with(|| part.content_type.clone());
            }
        }
        let mut out = format!("{DECLARATION}<Types xmlns=\"{TYPES_NAMESPACE}\">");
        for (extension, content_type) in &defaults {
            out.push_str(&format!(
                "<Default Extension=\"{}\" ContentType=\"{}\"/>",
                escaped(extension),
                escaped(content_type)
            ));
        }
        for (name, part) in &self.parts {
            if extension(name).and_then(|e| defaults.get(&e)) != Some(&part.content_type) {
                let (name, content_type) = (escaped(name), escaped(&part.content_type));
                out.push_str(&format!("<Override PartName=\"/{name}\" ContentType=\"{content_type}\"/>"));
            }
        }
        out.push_str("</Types>");
        out.into_bytes()
    }
}

fn extension(name: &str) -> Option<String> {
    let file = name.rsplit('/').next()?;
    file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

struct ContentTypes {
    defaults: BTreeMap<String, String>,
    overrides: BTreeMap<String, String>,
}

impl ContentTypes {
    fn parse(bytes: &[u8]) -> Result<Self, OfficeError> {
        let root = Element::parse(TYPES, bytes)?;
        let mut found = Self { defaults: BTreeMap::new(), overrides: BTreeMap::new() };
        for element in root.elements() {
            let Some(content_type) = element.attribute("ContentType") else { continue };
            if let Some(extension) = element.attribute("Extension") {
                found.defaults.insert(extension.to_ascii_lowercase(), content_type.to_owned());
            } else if let Some(name) = element.attribute("PartName") {
                found.overrides.insert(name.trim_start_matches('/').to_owned(), content_type.to_owned());
            }
        }
        Ok(found)
    }

    fn of(&self, name: &str) -> String {
        let default = || extension(name).and_then(|e| self.defaults.get(&e));
        self.overrides.get(name).or_else(default).cloned().unwrap_or_else(|| "application/octet-stream".to_owned())
    }
}

/// The part whose relationships a part holds: `ppt/_rels/a.xml.rels` are those of `ppt/a.xml`, `_rels/.rels` of the package.
fn source_of(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/')?;
    let file = file.strip_suffix(".rels")?;
    if folder == "_rels" {
        return Some(file.to_owned());
    }
    folder.strip_suffix("/_rels").map(|folder| format!("{folder}/{file}"))
}

fn relationships_of(name: &str) -> String {
    match name.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{name}.rels"),
    }
}

fn read_relationships(name: &str, source: &str, bytes: &[u8]) -> Result<Vec<Relationship>, OfficeError> {
    let root = Element::parse(name, bytes)?;
    let mut found = Vec::new();
    for element in root.elements().filter(|e| e.is("Relationship")) {
        let wanted = |key: &str| {
            let value = element.attribute(key).map(str::to_owned);
            value.ok_or_else(|| OfficeError::part(name, format!("has a relationship without {key}")))
        };
        let target = wanted("Target")?;
        let target = if element.attribute("TargetMode") == Some("External") {
            Target::Outside(target)
        } else {
            Target::Part(resolved(name, source, &target)?)
        };
        found.push(Relationship { id: wanted("Id")?, kind: wanted("Type")?, target });
    }
    Ok(found)
}

/// A target as the name of a part: relative to the folder of its source, or from the root.
fn resolved(name: &str, source: &str, target: &str) -> Result<String, OfficeError> {
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for segment in target.split('/').filter(|s| !s.is_empty() && *s != ".") {
        if segment != ".." {
            segments.push(segment);
        } else if segments.pop().is_none() {
            return Err(OfficeError::part(name, "leads out of the package"));
        }
    }
    segments.retain(|segment| !segment.is_empty());
    Ok(segments.join("/"))
}

fn written_relationships(source: &str, list: &[Relationship]) -> Vec<u8> {
    let mut out = format!("{DECLARATION}<Relationships xmlns=\"{RELATIONSHIPS_NAMESPACE}\">");
    for relationship in list {
        let (target, mode) = match &relationship.target {
            Target::Part(name) => (relative(source, name), ""),
            Target::Outside(address) => (address.clone(), " TargetMode=\"External\""),
        };
        let (id, kind, target) = (escaped(&relationship.id), escaped(&relationship.kind), escaped(&target));
        out.push_str(&format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"{mode}/>"));
    }
    out.push_str("</Relationships>");
    out.into_bytes()
}

/// A part's name as seen from another: some readers know no names from the root.
fn relative(source: &str, target: &str) -> String {
    let mut from: Vec<&str> = source.split('/').collect();
    from.pop();
    let to: Vec<&str> = target.split('/').collect();
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count().min(to.len().saturating_sub(1));
    let up = "../".repeat(from.len() - same);
    format!("{up}{}", to[same..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_and_written_relative() {
        for (source, target, name, back) in [
            ("ppt/slides/slide1.xml", "../slideLayouts/l.xml", "ppt/slideLayouts/l.xml", "../slideLayouts/l.xml"),
            ("ppt/presentation.xml", "slides/slide1.xml", "ppt/slides/slide1.xml", "slides/slide1.xml"),
            ("ppt/presentation.xml", "/ppt/theme/t.xml", "ppt/theme/t.xml", "theme/t.xml"),
            ("", "word/document.xml", "word/document.xml", "word/document.xml"),
            ("word/document.xml", "../customXml/item1.xml", "customXml/item1.xml", "../customXml/item1.xml"),
        ] {
            assert_eq!(resolved("r", source, target).unwrap(), name);
            assert_eq!(relative(source, name), back);
        }
        assert!(resolved("r", "ppt/a.xml", "../../etc").unwrap_err().to_string().contains("leads out"));
    }

    #[test]
    fn what_nothing_leads_to_is_swept() {
        let mut package = Package::default();
        for name in ["a.xml", "b.xml", "c.xml", "d.xml"] {
            package.put(name, "application/xml", b"<x/>".to_vec());
        }
        package.relate("", "k/officeDocument", Target::Part("a.xml".to_owned()));
        package.relate("a.xml", "k/b", Target::Part("b.xml".to_owned()));
        package.relate("c.xml", "k/d", Target::Part("d.xml".to_owned()));
        package.sweep();
        assert_eq!(package.parts.keys().collect::<Vec<_>>(), ["a.xml", "b.xml"]);
        let again = Package::read(&package.write().unwrap()).unwrap();
        assert_eq!(again.targets("a.xml", "b"), [("rId1".to_owned(), "b.xml".to_owned())]);
        assert_eq!(package.write().unwrap(), again.write().unwrap());
    }
}
