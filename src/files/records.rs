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

/// How a text separates its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    /// Quotes are letters: what is left to try where one was opened and never closed.
    pub bare_quotes: bool,
}

impl Dialect {
    /// Commas, and quotes that quote.
    pub const CSV: Self = Self { delimiter: b',', bare_quotes: false };
}

/// How far a walk came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Bytes of the records passed on.
    pub used: usize,
    /// The next record goes on over several lines and closes its quotes where no field ends: its first quote was meant for
    /// its own line, and what seems to close it opens a field of a later record.
    pub broken: bool,
}

/// Walks the records of `text`. With `whole` the last record may lack its line end; without it an unfinished record at
/// the end is left for the next call. Calls `each(record, ends)` with the end of every field. Stops before a broken
/// record.
///
/// A quote opens a field only at its start.
pub fn walk(text: &[u8], dialect: Dialect, whole: bool, mut each: impl FnMut(Record, &[usize])) -> Walked {
    let Dialect { delimiter, bare_quotes } = dialect;
    let mut ends: Vec<usize> = Vec::with_capacity(64);
    let (mut start, mut field_start, mut quoted, mut awkward, mut lines) = (0, 0, false, false, false);
    let mut escaped_at = usize::MAX;
    for at in memchr3_iter(delimiter, b'"', b'\n', text) {
        match text[at] {
            b'"' if bare_quotes => awkward = true,
            b'"' if at == escaped_at => {}
            b'"' if quoted => match text.get(at + 1) {
                Some(b'"') => escaped_at = at + 1,
                next => {
                    quoted = false;
                    let line_ends = next.is_none_or(|next| *next == b'\n') || text[at + 1..].starts_with(b"\r\n");
                    awkward |= !(line_ends || next == Some(&delimiter));
                }
            },
            b'"' if at == field_start => quoted = true,
            b'"' => awkward = true,
            byte if quoted => lines |= byte == b'\n',
            b'\n' => {
                if awkward && lines {
                    return Walked { used: start, broken: true };
                }
                let end = line_end(text, start, at);
                ends.push(end);
                each(Record { start, end, fields: ends.len() as u32, awkward }, &ends);
                ends.clear();
                (start, field_start, awkward, lines) = (at + 1, at + 1, false, false);
            }
            _ => {
                ends.push(at);
                field_start = at + 1;
            }
        }
    }
    if !(whole && start < text.len()) {
        return Walked { used: start, broken: false };
    }
    if quoted || (awkward && lines) {
        return Walked { used: start, broken: true };
    }
    let end = line_end(text, start, text.len());
    ends.push(end);
    each(Record { start, end, fields: ends.len() as u32, awkward }, &ends);
    Walked { used: text.len(), broken: false }
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
        let walked = walk(text.as_bytes(), Dialect::CSV, whole, |r, _| {
            found.push((text[r.start..r.end].to_owned(), r.fields, r.awkward));
        });
        (found, walked.used)
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
    fn a_quote_closed_by_another_record_is_broken() {
        // The quote of the first record is closed by the one that opens a field of the second.
        let walked = walk(b"0,0,0\n1,\"x,2\n3,\"y\",4\n", Dialect::CSV, true, |_, _| {});
        assert_eq!(walked, Walked { used: 6, broken: true });
        let several_lines = walk(b"1,\"x\ny\",2\n", Dialect::CSV, true, |_, _| {});
        assert!(!several_lines.broken);
    }

    #[test]
    fn another_delimiter_leaves_commas_alone() {
        let mut fields = Vec::new();
        walk(b"a;b,c;\"d;e\"\n", Dialect { delimiter: b';', bare_quotes: false }, true, |r, _| fields.push(r.fields));
        assert_eq!(fields, [3]);
    }

    #[test]
    fn fields_lose_their_quotes() {
        for (field, value) in [("x", "x"), ("\"x\"", "x"), ("\"a\"\"b\"", "a\"b"), ("\"a\"b", "ab"), ("\"\"", "")] {
            assert_eq!(unquote(field.as_bytes()).as_ref(), value.as_bytes(), "{field}");
        }
    }
}
