//! How the bytes of a text file stand for letters.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

const BYTES_AT_ONCE: usize = 1 << 16;
/// Looked at for zero bytes where no mark says what a file is.
const BYTES_SNIFFED: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

impl Encoding {
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// What the first bytes of a file show: a byte order mark, or the zero bytes of UTF-16 without one. `None` is UTF-8 or
    /// an encoding of single bytes.
    pub fn sniff(start: &[u8]) -> Option<Self> {
        let marked = Self::ALL.into_iter().find(|e| !e.mark().is_empty() && start.starts_with(e.mark()));
        marked.or_else(|| {
            let pairs = start[..start.len().min(BYTES_SNIFFED)].chunks_exact(2);
            let count = pairs.len();
            let (mut low, mut high) = (0, 0);
            for pair in pairs {
                low += usize::from(pair[1] == 0 && pair[0] != 0);
                high += usize::from(pair[0] == 0 && pair[1] != 0);
            }
            let nearly_all = |found: usize| count >= 8 && found * 10 >= count * 9;
            if nearly_all(low) { Some(Self::Utf16Le) } else { nearly_all(high).then_some(Self::Utf16Be) }
        })
    }

    /// The byte order mark that may stand before the text.
    pub const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => b"\xef\xbb\xbf",
            Self::Utf16Le => b"\xff\xfe",
            Self::Utf16Be => b"\xfe\xff",
            Self::Windows1252 => b"",
        }
    }

    /// Bytes that this text, now UTF-8, took in the file.
    pub fn source_len(self, text: &[u8]) -> u64 {
        let letters = || text.iter().filter(|b| **b & 0xc0 != 0x80).count() as u64;
        match self {
            Self::Utf8 => text.len() as u64,
            Self::Windows1252 => letters(),
            // Letters beyond the basic plane, four bytes in UTF-8, are a pair of units.
            Self::Utf16Le | Self::Utf16Be => 2 * (letters() + text.iter().filter(|b| **b >= 0xf0).count() as u64),
        }
    }

    /// The text of a file in UTF-8, without its byte order mark. Text that is said to be UTF-8 is passed on as it is.
    pub fn decode(self, source: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        let source = without_mark(source, self.mark())?;
        let decoder = match self {
            Self::Utf8 => return Ok(source),
            Self::Utf16Le => UTF_16LE.new_decoder_without_bom_handling(),
            Self::Utf16Be => UTF_16BE.new_decoder_without_bom_handling(),
            Self::Windows1252 => WINDOWS_1252.new_decoder_without_bom_handling(),
        };
        Ok(Box::new(Decoded { source, decoder, read: Vec::new(), used: 0, text: Vec::new(), given: 0, ended: false }))
    }
}

fn without_mark(mut source: Box<dyn Read + Send>, mark: &[u8]) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::new();
    source.by_ref().take(mark.len() as u64).read_to_end(&mut start)?;
    if start == mark {
        start.clear();
    }
    Ok(Box::new(io::Cursor::new(start).chain(source)))
}

/// Whether bytes that are no UTF-8 can be Windows-1252: text in which no letter is written in UTF-8. Text that holds both
/// was put together from files of two encodings.
///
/// # Errors
/// A source that cannot be read to its end.
pub fn is_single_byte(mut source: impl Read) -> io::Result<bool> {
    let (mut bytes, mut kept) = (vec![0; BYTES_AT_ONCE], 0);
    loop {
        let read = source.read(&mut bytes[kept..])?;
        if read == 0 {
            return Ok(true);
        }
        let text = &bytes[..kept + read];
        if text.utf8_chunks().any(|chunk| !chunk.valid().is_ascii()) {
            return Ok(false);
        }
        // A letter may go on in the next bytes.
        let tail = text.iter().rev().take(3).take_while(|b| !b.is_ascii()).count();
        let from = kept + read - tail;
        bytes.copy_within(from..kept + read, 0);
        kept = tail;
    }
}

struct Decoded {
    source: Box<dyn Read + Send>,
    decoder: Decoder,
    read: Vec<u8>,
    used: usize,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Decoded {
    /// Decodes the next bytes, until there is text or the file ends.
    fn fill(&mut self) -> io::Result<()> {
        self.text.resize(3 * BYTES_AT_ONCE + 16, 0);
        let mut written = 0;
        while written == 0 && !self.ended {
            if self.used == self.read.len() {
                self.read.clear();
                self.used = 0;
                let read = self.source.by_ref().take(BYTES_AT_ONCE as u64).read_to_end(&mut self.read)?;
                self.ended = read < BYTES_AT_ONCE;
            }
            let last = self.ended;
            let (result, used, text, _) = self.decoder.decode_to_utf8(&self.read[self.used..], &mut self.text, last);
            self.used += used;
            written = text;
            self.ended = last && result == CoderResult::InputEmpty;
        }
        self.text.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.fill()?;
        }
        let given = out.len().min(self.text.len() - self.given);
        out[..given].copy_from_slice(&self.text[self.given..self.given + given]);
        self.given += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "crime_ref,area\r\nC1,Café €5\r\nC2,𝄞 Ø\r\n";

    fn written(encoding: Encoding, text: &str) -> Vec<u8> {
        match encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Windows1252 => WINDOWS_1252.encode(text).0.into_owned(),
        }
    }

    fn decoded(encoding: Encoding, bytes: Vec<u8>) -> Vec<u8> {
        let mut text = Vec::new();
        encoding.decode(Box::new(io::Cursor::new(bytes))).unwrap().read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn every_encoding_gives_the_same_text_with_and_without_its_mark() {
        for encoding in Encoding::ALL {
            let text = if encoding == Encoding::Windows1252 { TEXT.replace('𝄞', "%") } else { TEXT.to_owned() };
            let long = text.repeat(9000); // more than is decoded at once
            for text in [&text, &long, &String::new()] {
                let bytes = written(encoding, text);
                assert_eq!(encoding.source_len(text.as_bytes()), bytes.len() as u64, "{encoding:?}");
                let marked = [encoding.mark(), &bytes].concat();
                assert_eq!(decoded(encoding, marked), text.as_bytes(), "{encoding:?}");
                assert_eq!(decoded(encoding, bytes), text.as_bytes(), "{encoding:?}");
            }
        }
    }

    #[test]
    fn a_mark_or_zero_bytes_tell() {
        for (bytes, expected) in [
            (&b"\xef\xbb\xbfa,b"[..], Some(Encoding::Utf8)),
            (b"\xff\xfea\0", Some(Encoding::Utf16Le)),
            (b"\xfe\xff\0a", Some(Encoding::Utf16Be)),
            (b"crime_ref,recorded_at\n", None),
            (b"caf\xe9", None),
            (b"", None),
        ] {
            assert_eq!(Encoding::sniff(bytes), expected, "{bytes:?}");
        }
        assert_eq!(Encoding::sniff(&written(Encoding::Utf16Le, TEXT)), Some(Encoding::Utf16Le));
        assert_eq!(Encoding::sniff(&written(Encoding::Utf16Be, TEXT)), Some(Encoding::Utf16Be));
        assert_eq!(Encoding::sniff(&[0; 64]), None);
    }

    #[test]
    fn half_a_letter_at_the_end_is_marked() {
        assert_eq!(decoded(Encoding::Utf16Le, b"a\0b".to_vec()), "a\u{fffd}".as_bytes());
        assert_eq!(decoded(Encoding::Utf16Le, b"\x00\xd8a\0".to_vec()), "\u{fffd}a".as_bytes());
    }

    #[test]
    fn two_encodings_in_one_file_are_told_from_one() {
        for (bytes, single) in [
            (&b"plain"[..], true),
            (b"caf\xe9, caf\xe9", true),
            ("café".as_bytes(), false),
            (b"caf\xe9, caf\xc3\xa9", false),
            (b"", true),
        ] {
            assert_eq!(is_single_byte(bytes).unwrap(), single, "{bytes:?}");
        }
        let mut split = vec![b'a'; BYTES_AT_ONCE - 1];
        split.extend("é".as_bytes());
        assert!(!is_single_byte(split.as_slice()).unwrap());
    }
}
