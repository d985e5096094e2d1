//! Archives that no Office program writes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::content::deck;
use crate::office::deck::Deck;

fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn refused(template: Vec<u8>) -> String {
    Deck { template: Some(template), ..deck(None) }.write().unwrap_err().to_string()
}

const TYPES: &str = "[Content_Types].xml";

#[test]
fn hostile_archives_are_refused_and_say_why() {
    let types = || b"<Types/>".to_vec();
    let leads_out = "<Relationships><Relationship Id=\"a\" Type=\"t\" Target=\"../../../etc/passwd\"/></Relationships>";
    for (template, says) in [
        (b"not a zip".to_vec(), "is no Office file"),
        (Vec::new(), "is no Office file"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest".to_vec(), "password"),
        (archive(&[("a.xml", Vec::new())]), "[Content_Types].xml is not in it"),
        (archive(&[(TYPES, types())]), "it has no main part"),
        (archive(&[(TYPES, types()), ("../evil.xml", Vec::new())]), "a name that no part may have"),
        (archive(&[(TYPES, types()), ("ppt\\evil.xml", Vec::new())]), "a name that no part may have"),
        (archive(&[(TYPES, types()), ("_rels/.rels", leads_out.into())]), "leads out of the package"),
        (archive(&[(TYPES, b"<!DOCTYPE x [<!ENTITY a \"b\">]><Types>&a;</Types>".to_vec())]), "document type"),
    ] {
        let error = refused(template);
        assert!(error.contains(says), "{error} does not say {says}");
    }
}

/// Every prefix of a template is refused, and none is a panic.
#[test]
fn a_template_that_is_cut_off_is_refused() {
    let whole = deck(None).write().unwrap();
    for length in (0..whole.len() - 1).step_by(997) {
        assert!(!refused(whole[..length].to_vec()).is_empty());
    }
}
