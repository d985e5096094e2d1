//! The plain template that is shipped: Arial, dark-blue headings, no pictures.

use super::DOCUMENT;
use crate::office::deck::{THEME, THEME_TYPE};
use crate::office::package::{KIND, Package, Target};

const MAIN: &str = "word/document.xml";
const PREFIX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

pub(super) fn package() -> Package {
    let mut package = Package::default();
    package.put(MAIN, DOCUMENT, include_bytes!("../default/report/document.xml").to_vec());
    package.relate("", &format!("{KIND}/officeDocument"), Target::Part(MAIN.to_owned()));
    let settings = include_bytes!("../default/report/settings.xml").to_vec();
    let styles = include_bytes!("../default/report/styles.xml").to_vec();
    for (kind, content_type, bytes) in [
        ("styles", format!("{PREFIX}.styles+xml"), styles),
        ("settings", format!("{PREFIX}.settings+xml"), settings),
        ("fontTable", format!("{PREFIX}.fontTable+xml"), include_bytes!("../default/report/fonts.xml").to_vec()),
        ("theme", THEME_TYPE.to_owned(), THEME.as_bytes().to_vec()),
    ] {
        let name = format!("word/{kind}.xml");
        package.put(&name, &content_type, bytes);
        package.relate(MAIN, &format!("{KIND}/{kind}"), Target::Part(name));
    }
    package
}
