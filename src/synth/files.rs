//! The folder of extracts on disk: never over real data, each file compressed as asked, the same bytes each time.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::GzBuilder;
use flate2::write::GzEncoder;

use super::error::SynthError;
use super::extract::Extract;

/// Stands in every folder of synthetic extracts, and says so.
pub const MARKER: &str = "SYNTHETIC.toml";
pub const COMPARATORS: &str = "comparators";
pub const PEOPLE: &str = "people";
pub const PLANTED_FAULTS: &str = "planted_faults.csv";
pub const README: &str = "README.md";

const GZ_LEVEL: u32 = 9;
const ZSTD_LEVEL: i32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    None,
    Gz,
    Zst,
}

impl Compression {
    pub const ALL: [Self; 3] = [Self::None, Self::Gz, Self::Zst];

    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gz => "gz",
            Self::Zst => "zst",
        }
    }

    pub fn file_name(self, stem: &str) -> String {
        match self {
            Self::None => format!("{stem}.csv"),
            Self::Gz | Self::Zst => format!("{stem}.csv.{}", self.name()),
        }
    }
}

/// Makes the folder ready: refuses one that holds files of these names without the marker, and removes the extracts of
/// an earlier run.
pub fn prepare(folder: &Path) -> Result<(), SynthError> {
    fs::create_dir_all(folder).map_err(SynthError::io(folder))?;
    let marked = folder.join(MARKER).exists();
    let foreign = |file: String| SynthError::NotSynthetic { folder: folder.to_owned(), file };
    if let Some(file) = [README, PLANTED_FAULTS].into_iter().find(|file| !marked && folder.join(file).exists()) {
        return Err(foreign(file.to_owned()));
    }
    for stem in Extract::ALL.map(Extract::name).into_iter().chain([COMPARATORS, PEOPLE]) {
        for compression in Compression::ALL {
            let file = compression.file_name(stem);
            let path = folder.join(&file);
            if !path.exists() {
                continue;
            }
            if !marked {
                return Err(foreign(file));
            }
            fs::remove_file(&path).map_err(SynthError::io(path))?;
        }
    }
    Ok(())
}

/// Writes a small file whole.
pub fn write_whole(folder: &Path, name: &str, text: &str) -> Result<(), SynthError> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(SynthError::io(path))
}

/// A CSV file that grows block by block.
pub struct CsvFile {
    path: PathBuf,
    encoder: Encoder,
}

enum Encoder {
    Plain(BufWriter<File>),
    Gz(GzEncoder<BufWriter<File>>),
    Zst(zstd::Encoder<'static, BufWriter<File>>),
}

impl CsvFile {
    pub fn create(folder: &Path, stem: &str, compression: Compression) -> Result<Self, SynthError> {
        let path = folder.join(compression.file_name(stem));
        let encoder = Encoder::create(&path, compression).map_err(SynthError::io(&path))?;
        Ok(Self { path, encoder })
    }

    pub fn append(&mut self, bytes: &[u8]) -> Result<(), SynthError> {
        let written = match &mut self.encoder {
            Encoder::Plain(file) => file.write_all(bytes),
            Encoder::Gz(encoder) => encoder.write_all(bytes),
            Encoder::Zst(encoder) => encoder.write_all(bytes),
        };
        written.map_err(SynthError::io(&self.path))
    }

    /// Closes the file; its name and its size in bytes.
    pub fn finish(self) -> Result<(String, u64), SynthError> {
        self.encoder.finish().map_err(SynthError::io(&self.path))?;
        let size = fs::metadata(&self.path).map_err(SynthError::io(&self.path))?.len();
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok((name.unwrap_or_default(), size))
    }
}

impl Encoder {
    fn create(path: &Path, compression: Compression) -> io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 18, File::create(path)?);
        Ok(match compression {
            Compression::None => Self::Plain(file),
            // No time and no name in the header: they would differ from run to run.
            Compression::Gz => Self::Gz(GzBuilder::new().mtime(0).write(file, flate2::Compression::new(GZ_LEVEL))),
            Compression::Zst => Self::Zst(zstd::Encoder::new(file, ZSTD_LEVEL)?),
        })
    }

    fn finish(self) -> io::Result<()> {
        let mut file = match self {
            Self::Plain(file) => file,
            Self::Gz(encoder) => encoder.finish()?,
            Self::Zst(encoder) => encoder.finish()?,
        };
        file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        for compression in Compression::ALL {
            let mut file = CsvFile::create(folder.path(), "calls", compression).unwrap();
            file.append(b"call_ref\n").unwrap();
            file.append(b"CA1\n").unwrap();
            let (name, size) = file.finish().unwrap();
            let bytes = fs::read(folder.path().join(name)).unwrap();
            assert_eq!(bytes.len() as u64, size);
            let mut text = String::new();
            match compression {
                Compression::None => text = String::from_utf8(bytes).unwrap(),
                Compression::Gz => drop(flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap()),
                Compression::Zst => drop(zstd::Decoder::new(&bytes[..]).unwrap().read_to_string(&mut text).unwrap()),
            }
            assert_eq!(text, "call_ref\nCA1\n");
        }
    }

    #[test]
    fn extracts_without_the_marker_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("crimes.csv.gz");
        for path in [&folder.path().join("README.md"), &real] {
            fs::write(path, "real").unwrap();
            assert!(matches!(prepare(folder.path()), Err(SynthError::NotSynthetic { .. })));
            assert_eq!(fs::read_to_string(path).unwrap(), "real");
            if path != &real {
                fs::remove_file(path).unwrap();
            }
        }
        fs::write(folder.path().join(MARKER), "").unwrap();
        prepare(folder.path()).unwrap();
        assert!(!real.exists());
    }
}
