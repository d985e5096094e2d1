//! A part of a workbook as a stream of XML, every byte counted as it is unpacked.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Problem;

/// One tag, or one text between two tags, is at most this long.
const NODE_BYTES: u64 = 8 << 20;

/// What a part consists of. A tag that closes itself is a start and an end.
pub(super) enum Node<'b> {
    Start(BytesStart<'b>),
    /// Name without its prefix.
    End(Cow<'b, str>),
    Text(Cow<'b, str>),
    /// A comment, a declaration.
    Other,
}

pub(super) struct Part<R: Read> {
    name: String,
    reader: quick_xml::Reader<Metered<R>>,
    buffer: Vec<u8>,
}

impl<R: Read> Part<R> {
    pub fn new(name: &str, source: R, limit: u64) -> Self {
        let source = Metered { inner: BufReader::with_capacity(1 << 16, source), read: 0, node: 0, limit, over: None };
        let mut reader = quick_xml::Reader::from_reader(source);
        reader.config_mut().expand_empty_elements = true;
        Self { name: name.to_owned(), reader, buffer: Vec::new() }
    }

    /// The next node. The end of the part is an error: who reads it knows which tag closes it.
    pub fn next(&mut self) -> Result<Node<'_>, Problem> {
        self.buffer.clear();
        self.reader.get_mut().node = 0;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Start(start)) => Ok(Node::Start(start)),
            Ok(Event::End(end)) => Ok(Node::End(end.local_name().as_ref().to_owned().into())),
            Ok(Event::Text(text)) => Ok(Node::Text(text.xml10_content())),
            Ok(Event::CData(text)) => Ok(Node::Text(text.xml10_content())),
            Ok(Event::GeneralRef(entity)) => resolved(&self.name, &entity).map(Node::Text),
            Ok(Event::DocType(_)) => Err(Problem::damaged(&self.name, "declares a document type, as no workbook does")),
            Ok(Event::Eof) => Err(Problem::damaged(&self.name, "is cut off")),
            Ok(_) => Ok(Node::Other),
            Err(error) => match self.reader.get_mut().over.take() {
                Some(over) => Err(over),
                None => Err(Problem::damaged(&self.name, format!("cannot be parsed: {error}"))),
            },
        }
    }

    /// Skips to the end of the element that was just opened.
    pub fn skip(&mut self) -> Result<(), Problem> {
        let mut depth = 1_u64;
        while depth > 0 {
            match self.next()? {
                Node::Start(_) => depth += 1,
                Node::End(_) => depth -= 1,
                Node::Text(_) | Node::Other => {}
            }
        }
        Ok(())
    }

    /// Unpacks what is left, which checks the archive's checksum.
    pub fn finish(mut self) -> Result<(), Problem> {
        let rest = self.reader.get_mut();
        loop {
            rest.node = 0;
            match rest.fill_buf().map(<[u8]>::len) {
                Ok(0) => return Ok(()),
                Ok(length) => rest.consume(length),
                Err(error) => {
                    let over = rest.over.take();
                    return Err(
                        over.unwrap_or_else(|| Problem::damaged(&self.name, format!("cannot be unpacked: {error}")))
                    );
                }
            }
        }
    }

    pub fn damaged(&self, what: impl Into<String>) -> Problem {
        Problem::damaged(&self.name, what)
    }
}

/// The value of an attribute by its name, prefix included.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().with_checks(false).flatten().find(|a| a.key.as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// The value of an attribute by its name without the prefix, which may differ by what wrote the part.
pub(super) fn local_attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// A character by its number, or one of the five entities that XML has. No other is known, so none can expand.
fn resolved<'b>(part: &str, entity: &BytesRef<'_>) -> Result<Cow<'b, str>, Problem> {
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
    character
        .map(|c| c.to_string().into())
        .ok_or_else(|| Problem::damaged(part, format!("uses the entity `&{};`, which XML does not have", shown())))
}

/// Counts what is unpacked, and stops at the limit whatever the archive says of the size.
struct Metered<R> {
    inner: BufReader<R>,
    read: u64,
    /// Bytes since the node began.
    node: u64,
    limit: u64,
    over: Option<Problem>,
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let over = |what, found, limit| Problem::TooLarge { what, found, limit, unit: "bytes" };
        if self.read > self.limit {
            self.over = Some(over("an unpacked part", self.read, self.limit));
        } else if self.node > NODE_BYTES {
            self.over = Some(over("a tag or a text", self.node, NODE_BYTES));
        }
        if self.over.is_some() {
            return Err(io::Error::other("beyond the limit"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount as u64;
        self.node += amount as u64;
        self.inner.consume(amount);
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let length = available.read(out)?;
        self.consume(length);
        Ok(length)
    }
}
