//! The plain template that is shipped: 16:9, dark-blue titles on white, Arial, no pictures; and a master for notes.

use super::DOCUMENT;
use crate::office::package::{KIND, Package, Target};

const MASTER_TYPE: &str = "application/vnd.openxmlformats-officedocument.presentationml.slideMaster+xml";
const LAYOUT_TYPE: &str = "application/vnd.openxmlformats-officedocument.presentationml.slideLayout+xml";
const NOTES_MASTER_TYPE: &str = "application/vnd.openxmlformats-officedocument.presentationml.notesMaster+xml";
pub(in crate::office) const THEME_TYPE: &str = "application/vnd.openxmlformats-officedocument.theme+xml";
pub(in crate::office) const THEME: &str = include_str!("../default/theme.xml");

const MAIN: &str = "ppt/presentation.xml";
const MASTER: &str = "ppt/slideMasters/slideMaster1.xml";
const NOTES_MASTER: &str = "ppt/notesMasters/notesMaster1.xml";

const LAYOUTS: [&str; 3] = [
    include_str!("../default/deck/layout_title.xml"),
    include_str!("../default/deck/layout_title_and_content.xml"),
    include_str!("../default/deck/layout_title_only.xml"),
];

/// What PowerPoint expects beside the slides: kind, name, part.
const BESIDE: [(&str, &str, &str); 3] = [
    ("presProps", "ppt/presProps.xml", include_str!("../default/deck/presentation_properties.xml")),
    ("viewProps", "ppt/viewProps.xml", include_str!("../default/deck/view_properties.xml")),
    ("tableStyles", "ppt/tableStyles.xml", include_str!("../default/deck/table_styles.xml")),
];

pub(super) fn package() -> Package {
    let mut package = Package::default();
    package.put(MAIN, DOCUMENT, include_bytes!("../default/deck/presentation.xml").to_vec());
    package.put(MASTER, MASTER_TYPE, include_bytes!("../default/deck/master.xml").to_vec());
    package.put("ppt/theme/theme1.xml", THEME_TYPE, THEME.as_bytes().to_vec());
    package.relate("", &format!("{KIND}/officeDocument"), Target::Part(MAIN.to_owned()));
    package.relate(MAIN, &format!("{KIND}/slideMaster"), Target::Part(MASTER.to_owned()));
    package.relate(MAIN, &format!("{KIND}/theme"), Target::Part("ppt/theme/theme1.xml".to_owned()));
    for (at, layout) in LAYOUTS.iter().enumerate() {
        let name = format!("ppt/slideLayouts/slideLayout{}.xml", at + 1);
        package.put(&name, LAYOUT_TYPE, layout.as_bytes().to_vec());
        // `rId1` to `rId3`, as the master lists them.
        package.relate(MASTER, &format!("{KIND}/slideLayout"), Target::Part(name.clone()));
        package.relate(&name, &format!("{KIND}/slideMaster"), Target::Part(MASTER.to_owned()));
    }
    package.relate(MASTER, &format!("{KIND}/theme"), Target::Part("ppt/theme/theme1.xml".to_owned()));
    package
}

/// Puts what PowerPoint expects beside the slides where a template lacks it.
pub(super) fn beside(package: &mut Package, main: &str) {
    for (kind, name, part) in BESIDE {
        if package.targets(main, kind).is_empty() {
            let content_type = format!("application/vnd.openxmlformats-officedocument.presentationml.{kind}+xml");
            package.put(name, &content_type, part.as_bytes().to_vec());
            package.relate(main, &format!("{KIND}/{kind}"), Target::Part(name.to_owned()));
        }
    }
}

/// Puts a master for notes where a template has none: its relationship from the presentation, and its part.
pub(super) fn notes_master(package: &mut Package, main: &str) -> (String, String) {
    let theme = package.free_name("ppt/theme/theme", ".xml");
    package.put(NOTES_MASTER, NOTES_MASTER_TYPE, include_bytes!("../default/deck/notes_master.xml").to_vec());
    package.put(&theme, THEME_TYPE, THEME.as_bytes().to_vec());
    package.relate(NOTES_MASTER, &format!("{KIND}/theme"), Target::Part(theme));
    let id = package.relate(main, &format!("{KIND}/notesMaster"), Target::Part(NOTES_MASTER.to_owned()));
    (id, NOTES_MASTER.to_owned())
}
