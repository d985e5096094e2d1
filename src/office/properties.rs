//! What a document says of itself: `docProps/core.xml` and `docProps/app.xml` (ECMA-376 part 2, 11; part 1, 22.2).

use super::content::Properties;
use super::package::{KIND, Package, Target};
use super::xml::{DECLARATION, escaped};

const CORE: &str = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
const CORE_KIND: &str = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
const CORE_TYPE: &str = "application/vnd.openxmlformats-package.core-properties+xml";
const APP_TYPE: &str = "application/vnd.openxmlformats-officedocument.extended-properties+xml";
const APP: &str = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";

/// Puts both in place of the template's.
pub(super) fn put(package: &mut Package, properties: &Properties, application: &str) {
    package.unrelate("", &["core-properties", "extended-properties"]);
    package.sweep();
    let time = properties.created.format("%Y-%m-%dT%H:%M:%SZ");
    let author = escaped(&properties.author);
    let core = format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"{CORE}\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{}</dc:title><dc:subject>{}</dc:subject><dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:modified><dc:language>{}</dc:language></cp:coreProperties>",
        escaped(&properties.title),
        escaped(&properties.subject),
        escaped(&properties.language)
    );
    let app = format!("{DECLARATION}<Properties xmlns=\"{APP}\"><Application>{application}</Application></Properties>");
    package.put("docProps/core.xml", CORE_TYPE, core.into_bytes());
    package.put("docProps/app.xml", APP_TYPE, app.into_bytes());
    package.relate("", CORE_KIND, Target::Part("docProps/core.xml".to_owned()));
    package.relate("", &format!("{KIND}/extended-properties"), Target::Part("docProps/app.xml".to_owned()));
}
