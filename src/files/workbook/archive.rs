//! The ZIP archive that a workbook is, looked at before anything in it is read.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::xml::Part;
use super::{Limits, Problem};

/// How old workbooks and those with a password begin.
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// How the record at the end of an archive begins.
const END_OF_DIRECTORY: &[u8] = b"PK\x05\x06";
/// The record at the end, and the longest comment behind it.
const END_LENGTH: u64 = 22 + 65_535;

pub(super) struct Archive {
    zip: ZipArchive<BufReader<File>>,
    pub limits: Limits,
}

impl Archive {
    /// Opens a file and looks at its directory.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, Problem> {
        let mut file = File::open(path).map_err(Problem::Io)?;
        let mut start = Vec::with_capacity(COMPOUND_FILE.len());
        file.by_ref().take(COMPOUND_FILE.len() as u64).read_to_end(&mut start).map_err(Problem::Io)?;
        if start == COMPOUND_FILE {
            return Err(Problem::Protected);
        }
        let too_many = |found| Problem::TooLarge { what: "an archive", found, limit: limits.entries, unit: "entries" };
        if let Some(stated) = stated_entries(&mut file).map_err(Problem::Io)?.filter(|n| *n > limits.entries) {
            return Err(too_many(stated));
        }
        file.rewind().map_err(Problem::Io)?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(problem)?;
        if zip.len() as u64 > limits.entries {
            return Err(too_many(zip.len() as u64));
        }
        if zip.has_duplicate_names() {
            return Err(Problem::NotZip("its archive names a part twice".to_owned()));
        }
        Ok(Self { zip, limits: *limits })
    }

    /// A part by its name, `None` where there is none. Names differ in case, or have backslashes, by what wrote them.
    pub fn part(&mut self, name: &str) -> Result<Option<Part<ZipFile<'_, BufReader<File>>>>, Problem> {
        let same = |other: &[u8]| {
            other.len() == name.len()
                && other.iter().zip(name.bytes()).all(|(o, n)| {
                    let o = if *o == b'\\' { b'/' } else { *o };
                    o.eq_ignore_ascii_case(&n)
                })
        };
        let Some(index) = self.zip.index_for_name(name).or_else(|| self.zip.file_names_raw().position(same)) else {
            return Ok(None);
        };
        let file = self.zip.by_index(index).map_err(problem)?;
        Ok(Some(Part::new(name, file, self.limits.unpacked_bytes)))
    }

    /// A part that has to be there.
    pub fn needed(&mut self, name: &str) -> Result<Part<ZipFile<'_, BufReader<File>>>, Problem> {
        self.part(name)?.ok_or_else(|| Problem::damaged(name, "is not in it"))
    }
}

/// The number of entries that the end of the archive states, so that a directory of millions is not taken into memory.
fn stated_entries(file: &mut File) -> std::io::Result<Option<u64>> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(END_LENGTH)))?;
    let mut end = Vec::new();
    file.take(END_LENGTH).read_to_end(&mut end)?;
    let at = memchr::memmem::rfind(&end, END_OF_DIRECTORY);
    let count = at.and_then(|at| end.get(at + 10..at + 12));
    Ok(count.map(|bytes| u64::from(u16::from_le_bytes([bytes[0], bytes[1]]))))
}

fn problem(error: ZipError) -> Problem {
    match error {
        ZipError::Io(error) => Problem::Io(error),
        ZipError::InvalidPassword => Problem::Protected,
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => Problem::Protected,
        other => Problem::NotZip(other.to_string()),
    }
}
