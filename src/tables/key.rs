//! Hashes of keys, the same from bytes and from text.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Stands in no reference: the unit separator of ASCII.
const SEPARATOR: u8 = 0x1f;

/// 64 bits over a force and the other key parts, trimmed: equal keys are equal, different ones nearly always differ. Used
/// to find candidates for duplicates, which are then compared in full.
pub fn candidate<T: AsRef<str>>(force: &str, parts: impl Iterator<Item = T>) -> u64 {
    let mut text = Vec::with_capacity(64);
    text.extend_from_slice(force.as_bytes());
    for part in parts {
        text.push(SEPARATOR);
        text.extend_from_slice(part.as_ref().trim().as_bytes());
    }
    xxh3_64(&text)
}

/// 128 bits over a force and a reference, for links: with 100 million references the odds that any two collide are
/// under 1 in 10^22.
pub fn link(force: &str, reference: &str) -> u128 {
    let mut text = Vec::with_capacity(force.len() + reference.len() + 1);
    text.extend_from_slice(force.as_bytes());
    text.push(SEPARATOR);
    text.extend_from_slice(reference.as_bytes());
    xxh3_128(&text)
}

/// A force as written in an extract: trimmed, lower case, and the pipeline's own where blank.
pub fn force_id<'a>(text: Option<&'a str>, own: &'a str) -> std::borrow::Cow<'a, str> {
    match text.map(str::trim) {
        None | Some("") => own.into(),
        Some(text) if text.bytes().any(|b| b.is_ascii_uppercase()) => text.to_ascii_lowercase().into(),
        Some(text) => text.into(),
    }
}
