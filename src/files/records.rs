//! Where records begin and end in CSV text (RFC 4180), found without the parser.

use std::borrow::Cow;

use memchr::memchr3_iter;

/// One record of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub start: usize,
    /// Behind the last byte, without the line end.
    pub end: usize,
    pub fields: u32,
    /// Quotes stand where a strict reader does not expect them.
    pub awkward: bool,
}

impl Record {
    /// A line without a byte on it is no record.
    pub fn is_blank_line(&self, text: &[u8]) -> bool {
        text[self.start..self.end].iter().all(|b| *b == b'\r')
    }
}

/// Walks the records of `text`. With `whole` the last record may lack its line end; without it an unfinished record at
/// the end is left for the next call. Calls `each(record, ends)` with the end of every field, and returns how many
/// bytes were used.
///
/// A quote opens a field only at its start. Where a quote is never closed, `bare_quotes` reads it as a letter.
pub fn walk(text: &[u8], whole: bool, bare_quotes: bool, mut each: impl FnMut(Record, &[usize])) -> usize {
    let mut ends: Vec<usize> = Vec::with_capacity(64);
    let (mut start, mut field_start, mut quoted, mut awkward) = (0, 0, false, false);
    let mut escaped_at = usize::MAX;
    for at in memchr3_iter(b',', b'"', b'\n', text) {
        match text[at] {
            b'"' if bare_quotes => awkward = true,
            b'"' if at == escaped_at => {}
            b'"' if quoted => match text.get(at + 1) {
                Some(b'"') => escaped_at = at + 1,
                next => {
                    quoted = false;
                    let line_ends = text[at + 1..].starts_with(b"\r\n");
                    awkward |= !(line_ends || matches!(next, None | Some(b',' | b'\n')));
                }
            },
            b'"' if at == field_start => quoted = true,
            b'"' => awkward = true,
            _ if quoted => {}
            b',' => {
                ends.push(at);
                field_start = at + 1;
            }
            _ => {
                let end = line_end(text, start, at);
                ends.push(end);
                each(Record { start, end, fields: ends.len() as u32, awkward }, &ends);
                ends.clear();
                (start, field_start, awkward) = (at + 1, at + 1, false);
            }
        }
    }
    if whole && start < text.len() && !quoted {
        let end = line_end(text, start, text.len());
        ends.push(end);
        each(Record { start, end, fields: ends.len() as u32, awkward }, &ends);
        return text.len();
    }
    start
}

fn line_end(text: &[u8], start: usize, newline: usize) -> usize {
    if newline > start && text[newline - 1] == b'\r' { newline - 1 } else { newline }
}

/// The value of a field: without its quotes, quotes inside undoubled.
pub fn unquote(field: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = field.strip_prefix(b"\"") else { return field.into() };
    let mut out = Vec::with_capacity(inner.len());
    let (mut rest, mut open) = (inner, true);
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, open) {
            (b'"', true) if tail.first() == Some(&b'"') => {
                out.push(b'"');
                rest = &tail[1..];
            }
            (b'"', true) => open = false,
            _ => out.push(byte),
        }
    }
    out.into()
}

/// The value of a field as text; bytes that are no UTF-8 become U+FFFD.
pub fn value(field: &[u8]) -> Cow<'_, str> {
    match unquote(field) {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// The value of field `i` of a record.
pub fn field_value<'t>(text: &'t [u8], record: &Record, ends: &[usize], i: usize) -> Cow<'t, str> {
    let start = if i == 0 { record.start } else { ends[i - 1] + 1 };
    value(&text[start..ends[i]])
}

/// The fields of a record as they stand, quotes included.
pub fn fields<'t>(text: &'t [u8], record: &Record, ends: &'t [usize]) -> impl Iterator<Item = &'t [u8]> {
    let starts = std::iter::once(record.start).chain(ends.iter().map(|e| e + 1));
    starts.zip(ends.iter().copied()).map(|(s, e)| &text[s..e])
}

/// Writes a record so that any reader of CSV agrees on its fields.
pub fn write_plainly<'t>(record: impl Iterator<Item = &'t [u8]>, bare_quotes: bool, out: &mut Vec<u8>) {
    for (i, field) in record.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.push(b'"');
        let value = if bare_quotes { Cow::Borrowed(field) } else { unquote(field) };
        for byte in value.iter() {
            if *byte == b'"' {
                out.push(b'"');
            }
            out.push(*byte);
        }
        out.push(b'"');
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str, whole: bool) -> (Vec<(String, u32, bool)>, usize) {
        let mut found = Vec::new();
        let used = walk(text.as_bytes(), whole, false, |r, _| {
            found.push((text[r.start..r.end].to_owned(), r.fields, r.awkward));
        });
        (found, used)
    }

    #[test]
    fn records_are_found() {
        type Shape = (&'static str, u32, bool);
        let cases: [(&str, &[Shape]); 9] = [
            ("a,b\n1,2\n", &[("a,b", 2, false), ("1,2", 2, false)]),
            ("a,b\r\n1,2", &[("a,b", 2, false), ("1,2", 2, false)]),
            ("1,\"x\ny\",3\n", &[("1,\"x\ny\",3", 3, false)]),
            ("1,\"x \"\"q\"\", y\"\n2", &[("1,\"x \"\"q\"\", y\"", 2, false), ("2", 1, false)]),
            ("1,5\" pipe\n", &[("1,5\" pipe", 2, true)]),
            ("\"a\"b,c\n", &[("\"a\"b,c", 2, true)]),
            ("\"a\"\rb,\"c\"\r\n", &[("\"a\"\rb,\"c\"", 2, true)]),
            ("\"\",\"\"\n", &[("\"\",\"\"", 2, false)]),
            ("\n,\n", &[("", 1, false), (",", 2, false)]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(t, n, q)| ((*t).to_owned(), *n, *q)).collect();
            assert_eq!(shapes(text, true), (expected, text.len()), "{text:?}");
        }
    }

    #[test]
    fn an_unfinished_record_waits() {
        assert_eq!(shapes("1,2\n3,", false), (vec![("1,2".to_owned(), 2, false)], 4));
        assert_eq!(shapes("1,2\n3,\"x\n", true).1, 4); // the quote is never closed
    }

    #[test]
    fn fields_lose_their_quotes() {
        for (field, value) in [("x", "x"), ("\"x\"", "x"), ("\"a\"\"b\"", "a\"b"), ("\"a\"b", "ab"), ("\"\"", "")] {
            assert_eq!(unquote(field.as_bytes()).as_ref(), value.as_bytes(), "{field}");
        }
    }
}
