//! Good inputs, damaged: bits, bytes, tokens, quotes, delimiters, line ends, encodings, splices and cuts.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Longest input: files are larger, and what goes wrong in them goes wrong in a few lines.
const LONGEST_BYTES: usize = 16 << 10;
const MOST_MUTATIONS: u32 = 6;

/// What has meaning to some reader, or once broke one.
const TOKENS: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b"\"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r\n",
    b"\r",
    b"\n\n",
    b"\0",
    b"\x1a",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x80",
    b"\xa3",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae",
    b"\xc3",
    b"\xf4\x90\x80\x80",
    b"=1+1",
    b"@",
    b"N/A",
    b"N/A - data not provided",
    b"NULL",
    b"#REF!",
    b"Total",
    b"-1",
    b"0",
    b"007",
    b"1e999",
    b"NaN",
    b"inf",
    b"-0",
    b"45000",
    b"45000.5",
    b"18446744073709551616",
    b"9223372036854775807",
    b"0.1",
    b"1,234",
    b"2026-02-29",
    b"2026-03-29 01:30",
    b"2026-10-25 01:30:00",
    b"29/02/2024",
    b"01/02/2026",
    b"2026-03-14T09:30:15.250+01:00",
    b"24:00",
    b"23:59:60",
    b"9999-12-31",
    b"0000-00-00",
    b"1899-12-31",
    b"2200-01-01",
    b"Z",
    b"+14:00",
    b"-00:00",
    b"[",
    b"]",
    b"[[",
    b"]]",
    b"{",
    b"}",
    b"=",
    b"#",
    b"'",
    b"'''",
    b"\\u0000",
    b"\\",
    b"true",
    b"null",
    b"999",
    b"101",
    b"immediate",
    b"no attendance",
    b"call_ref",
    b"crime_ref",
    b"received_at",
    b"force",
    b"updated_at",
];

/// One input, made from the corpus and nothing but the draw.
pub fn mutated(corpus: &[Vec<u8>], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut text = pick(corpus, rng).clone();
    for _ in 0..rng.random_range(0..=MOST_MUTATIONS) {
        mutate(&mut text, corpus, rng);
    }
    if rng.random_ratio(1, 40) {
        text = encoded(&text, rng);
    }
    text.truncate(LONGEST_BYTES);
    text
}

fn pick<'c, T>(of: &'c [T], rng: &mut ChaCha8Rng) -> &'c T {
    &of[rng.random_range(0..of.len())]
}

fn token(rng: &mut ChaCha8Rng) -> &'static [u8] {
    pick::<&[u8]>(TOKENS, rng)
}

/// A place in the text, its end included.
fn place(text: &[u8], rng: &mut ChaCha8Rng) -> usize {
    rng.random_range(0..=text.len())
}

/// A stretch of the text, mostly short.
fn stretch(text: &[u8], rng: &mut ChaCha8Rng) -> std::ops::Range<usize> {
    let start = place(text, rng);
    let most = if rng.random_ratio(1, 4) { text.len() } else { 8 };
    start..(start + rng.random_range(0..=most)).min(text.len())
}

fn mutate(text: &mut Vec<u8>, corpus: &[Vec<u8>], rng: &mut ChaCha8Rng) {
    match rng.random_range(0..13) {
        0 if !text.is_empty() => {
            let at = rng.random_range(0..text.len());
            text[at] ^= 1 << rng.random_range(0..8);
        }
        1 if !text.is_empty() => {
            let at = rng.random_range(0..text.len());
            text[at] = rng.random();
        }
        2 | 3 => insert(text, token(rng), rng),
        4 => {
            let gone = stretch(text, rng);
            text.splice(gone, token(rng).iter().copied());
        }
        5 => drop(text.drain(stretch(text, rng))),
        6 => {
            let again = text[stretch(text, rng)].to_vec();
            insert(text, &again, rng);
        }
        7 => {
            let other = pick(corpus, rng);
            let from = other[stretch(other, rng)].to_vec();
            insert(text, &from, rng);
        }
        8 => text.truncate(place(text, rng)),
        9 => repeat_line(text, rng),
        10 => {
            let (from, to) = (*pick(b",\"\n;:-", rng), *pick(b",;\t|\"\n\r /", rng));
            text.iter_mut().filter(|b| **b == from).for_each(|b| *b = to);
        }
        11 => {
            let many = rng.random_range(1..2_000);
            let filler = vec![*pick(b"x\",\n\r 0\0", rng); many];
            insert(text, &filler, rng);
        }
        _ => quote_a_field(text, rng),
    }
}

fn insert(text: &mut Vec<u8>, what: &[u8], rng: &mut ChaCha8Rng) {
    let at = place(text, rng);
    text.splice(at..at, what.iter().copied());
}

/// A line once more, further down: repeated keys, and records that contradict each other.
fn repeat_line(text: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
    let again = if lines.is_empty() { Vec::new() } else { pick(&lines, rng).to_vec() };
    text.extend(again);
}

/// Quotes around what stands between two delimiters, as a careful writer sets them.
fn quote_a_field(text: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let at = place(text, rng);
    let ends = |b: &u8| matches!(*b, b',' | b'\n' | b'\r');
    let start = text[..at].iter().rposition(ends).map_or(0, |p| p + 1);
    let end = text[at..].iter().position(ends).map_or(text.len(), |p| at + p);
    let field: Vec<u8> =
        text[start..end].iter().flat_map(|b| if *b == b'"' { vec![b'"', b'"'] } else { vec![*b] }).collect();
    text.splice(start..end, [b"\"".as_slice(), &field, b"\""].concat());
}

/// The text in another encoding, or with other line ends.
fn encoded(text: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let letters = String::from_utf8_lossy(text);
    match rng.random_range(0..5) {
        0 => std::iter::once(0xfeff).chain(letters.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        1 => std::iter::once(0xfeff).chain(letters.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        2 => letters.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        3 => [b"\xef\xbb\xbf", text].concat(),
        _ => letters.replace('\n', "\r\n").into_bytes(),
    }
}
