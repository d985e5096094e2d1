//! The files that definitions are made of, as they stand on disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::fault::{DefinitionFault, SourceFile};
use super::reference_tables;

/// All files of one pipeline, each folder's by name.
pub(super) struct Sources {
    /// The folder of the pipeline file.
    pub folder: PathBuf,
    pub pipeline: Option<SourceFile>,
    pub extracts: Vec<SourceFile>,
    pub metrics: Vec<SourceFile>,
    pub references: Vec<SourceFile>,
    pub quality: Option<SourceFile>,
    pub interventions: Option<SourceFile>,
    /// Of all pipeline files in the folder, this one's among them.
    pub pipeline_names: Vec<String>,
}

const QUALITY: &str = "quality.toml";
const INTERVENTIONS: &str = "interventions.toml";
/// Files beside the pipelines that are none.
const NO_PIPELINES: [&str; 3] = [QUALITY, INTERVENTIONS, "synth.toml"];

impl Sources {
    /// Everything that can be read; what cannot is a fault.
    pub fn read(pipeline: &Path) -> (Self, Vec<DefinitionFault>) {
        let mut faults = Vec::new();
        let folder = pipeline.parent().unwrap_or(Path::new("")).to_owned();
        let name = pipeline.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut read = |name: &str| file(&folder, name, &mut faults);
        let pipeline = read(&name);
        let quality = read(QUALITY);
        let interventions = folder.join(INTERVENTIONS).exists().then(|| read(INTERVENTIONS)).flatten();
        let references = reference_tables::NAMES.into_iter().filter_map(&mut read).collect();
        let extracts = toml_files(&folder, "extracts", &mut faults);
        let metrics = toml_files(&folder, "metrics", &mut faults);
        let entries = std::fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder });
        let beside = entries.into_iter().flatten().flatten().filter_map(|e| e.file_name().into_string().ok());
        let pipeline_names = pipeline_names(beside);
        (Self { folder, pipeline, extracts, metrics, references, quality, interventions, pipeline_names }, faults)
    }

    /// The texts as if they were files; one that is not there is a fault.
    pub fn of_texts(pipeline: &str, mut texts: BTreeMap<String, String>) -> (Self, Vec<DefinitionFault>) {
        let mut faults = Vec::new();
        let pipeline_names = pipeline_names(texts.keys().cloned());
        let has_register = texts.contains_key(INTERVENTIONS);
        let file = |name: String, text: String| SourceFile { path: name.clone(), name, text: text.into() };
        let mut take = |name: &str| match texts.remove(name) {
            Some(text) => Some(file(name.to_owned(), text)),
            None => {
                faults.push(DefinitionFault::of_file(name, "cannot read this file: it is not there"));
                None
            }
        };
        let (pipeline, quality) = (take(pipeline), take(QUALITY));
        let interventions = if has_register { take(INTERVENTIONS) } else { None };
        let references = reference_tables::NAMES.into_iter().filter_map(&mut take).collect();
        let mut below = |folder: &str| {
            let inside = |name: &str| name.starts_with(folder) && name.ends_with(".toml");
            let names: Vec<String> = texts.keys().filter(|name| inside(name)).cloned().collect();
            names.into_iter().filter_map(|name| texts.remove(&name).map(|text| file(name, text))).collect()
        };
        let (extracts, metrics) = (below("extracts/"), below("metrics/"));
        let folder = PathBuf::new();
        (Self { folder, pipeline, extracts, metrics, references, quality, interventions, pipeline_names }, faults)
    }

    pub fn extract_names(&self) -> Vec<&str> {
        self.extracts.iter().map(SourceFile::stem).collect()
    }

    pub fn metric_names(&self) -> Vec<&str> {
        self.metrics.iter().map(SourceFile::stem).collect()
    }

    /// BLAKE3 over the names and bytes of all files, in the order of their names.
    pub fn hash(&self) -> String {
        let single = self.pipeline.iter().chain(&self.quality).chain(&self.interventions);
        let mut files: Vec<&SourceFile> =
            single.chain(&self.extracts).chain(&self.metrics).chain(&self.references).collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut hasher = blake3::Hasher::new();
        for file in files {
            for part in [file.name.as_bytes(), file.text.as_bytes()] {
                // The length first, so that no text can pass for the end of one file and the start of another.
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
        hasher.finalize().to_hex().to_string()
    }
}

/// The stems of the TOML files that may be pipelines.
fn pipeline_names(files: impl Iterator<Item = String>) -> Vec<String> {
    let is_one =
        |name: &String| !name.contains('/') && !name.starts_with('.') && !NO_PIPELINES.contains(&name.as_str());
    let stem = |name: String| name.strip_suffix(".toml").map(str::to_owned);
    let mut names: Vec<String> = files.filter(is_one).filter_map(stem).collect();
    names.sort();
    names
}

/// Every `.toml` file of a folder, by name. A hidden file is an editor's, not a definition.
fn toml_files(folder: &Path, name: &str, faults: &mut Vec<DefinitionFault>) -> Vec<SourceFile> {
    let path = folder.join(name);
    let entries = match std::fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) => {
            faults.push(DefinitionFault::of_file(
                path.display().to_string(),
                format!("cannot read this folder: {error}"),
            ));
            return Vec::new();
        }
    };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|n| n.ends_with(".toml") && !n.starts_with('.')).collect();
    names.sort();
    if names.is_empty() {
        faults.push(DefinitionFault::of_file(path.display().to_string(), "there is no definition in this folder"));
    }
    names.into_iter().filter_map(|n| file(folder, &format!("{name}/{n}"), faults)).collect()
}

fn file(folder: &Path, name: &str, faults: &mut Vec<DefinitionFault>) -> Option<SourceFile> {
    let path = folder.join(name);
    let shown = path.display().to_string();
    let text = std::fs::read(&path).map_err(|error| format!("cannot read this file: {error}"));
    let text = text.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "this file is not UTF-8 text".to_owned()));
    match text {
        Ok(text) => Some(SourceFile { name: name.to_owned(), path: shown, text: text.into() }),
        Err(message) => {
            faults.push(DefinitionFault::of_file(shown, message));
            None
        }
    }
}
