//! What can be wrong with a template, or with what is asked of it.

/// Why no document was written. Each names the part or the slide, and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    #[error("the template is no Office file ({0}); save it again as .pptx, .potx, .docx or .dotx")]
    NotAPackage(String),
    #[error("the template is protected by a password; save it without one")]
    Protected,
    #[error("the template holds macros; save it as .pptx, .potx, .docx or .dotx, which hold none")]
    Macros,
    #[error("the template is in the Strict form of Open XML; save it as an ordinary .pptx or .docx")]
    Strict,
    #[error("the template is a {found}, and a {wanted} is needed")]
    WrongKind { found: String, wanted: &'static str },
    #[error("the template's {what} is beyond {limit} {unit}; remove pictures or slides from it")]
    TooLarge { what: String, limit: u64, unit: &'static str },
    #[error("the template's part {part} {what}; open it in Office and save it again")]
    Part { part: String, what: String },
    #[error(
        "slide {slide}, {block}: does not fit at {smallest_pt} pt; shorten it, give it more room, or split the slide"
    )]
    DoesNotFit { slide: usize, block: String, smallest_pt: f64 },
    #[error("slide {slide}, {block}: its area is outside the content area, which goes from 0 to 1")]
    Area { slide: usize, block: String },
    #[error("the chart “{chart}” {what}")]
    Chart { chart: String, what: String },
    #[error("the table “{table}” {what}")]
    Table { table: String, what: String },
    #[error("the picture “{picture}” {what}")]
    Picture { picture: String, what: String },
    #[error("a package could not be put together: {0}")]
    Zip(String),
}

impl OfficeError {
    pub(super) fn part(part: &str, what: impl Into<String>) -> Self {
        Self::Part { part: part.to_owned(), what: what.into() }
    }
}
