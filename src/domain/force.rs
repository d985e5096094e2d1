//! A force's permanent id.

use std::fmt;

/// The unit and force of the national level.
pub const ENGLAND_AND_WALES: &str = "england-and-wales";

/// A force's id: its data.police.uk slug, such as `gloucestershire` or `devon-and-cornwall`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForceId(String);

impl ForceId {
    /// The id written as `text`, if it is a safe slug (lower-case letters, digits and hyphens, not empty).
    pub fn new(text: &str) -> Option<Self> {
        let safe = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        safe.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ForceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file-name-safe form of any name: lower-case ASCII letters and digits, runs of anything else one hyphen.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_slugs_are_ids() {
        assert!(ForceId::new("devon-and-cornwall").is_some());
        for bad in ["", "Gloucestershire", "../x", "a b", "é"] {
            assert_eq!(ForceId::new(bad), None, "{bad}");
        }
    }

    #[test]
    fn slugs_of_names() {
        assert_eq!(slug("Devon & Cornwall"), "devon-cornwall");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
    }
}
