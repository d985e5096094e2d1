//! Definition files, damaged.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use scorecard::definitions;

use super::files;

/// Definition files by name, as they are shipped.
static SHIPPED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let name = |path: String| path.trim_start_matches("pipelines/").to_owned();
    let all = files(&["pipelines"], "toml").into_iter().chain(files(&["pipelines"], "csv"));
    all.map(|(path, text)| (name(path), String::from_utf8(text).unwrap())).collect()
});

/// Each file under a first line that names it, so that it is known which one was damaged.
pub fn corpus() -> Vec<Vec<u8>> {
    SHIPPED.iter().map(|(name, text)| format!("{name}\n{text}").into_bytes()).collect()
}

/// Damaged definitions are definitions, or faults that can be read; never half of them.
pub fn read(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (name, text) = text.split_once('\n').unwrap_or(("gloucestershire.toml", &text));
    let name = if SHIPPED.contains_key(name) { name } else { "gloucestershire.toml" };
    let mut texts = SHIPPED.clone();
    texts.insert(name.to_owned(), text.to_owned());
    let pipeline = if name == "published.toml" { name } else { "gloucestershire.toml" };
    match definitions::load_texts(pipeline, texts) {
        Ok(read) => assert_eq!(read.hash.len(), 64),
        Err(faults) => {
            assert!(!faults.faults().is_empty());
            for fault in faults.faults() {
                assert!(!fault.message().is_empty() && fault.line().is_none_or(|line| line > 0), "{fault:?}");
            }
        }
    }
}
