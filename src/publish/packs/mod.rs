//! Packs: what is read at the board, by areas, departments and teams, and by the public, as documents that Office opens and
//! edits. Each is made for one audience, out of the tables of a build; beside each stands the list of the cells that its
//! numbers are.

mod area_chart;
mod board;
mod briefing;
mod mix_chart;
mod month_chart;
mod public;
mod sources;

use std::path::Path;

use chrono::NaiveDate;

use sources::Sources;

use super::briefing::{Briefing, BriefingError, html};
use super::facts::Facts;
use crate::definitions::Definitions;
use crate::disclosure::{Disclosed, Fault};
use crate::domain::long_date;
use crate::office::OfficeError;
use crate::office::content::Properties;

/// Everything that packs show.
#[derive(Clone, Copy)]
pub struct PackInput<'a> {
    pub definitions: &'a Definitions,
    pub force: &'a str,
    pub force_name: &'a str,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    pub facts: &'a Facts,
    /// The build's folder.
    pub build: &'a Path,
    pub templates: &'a Templates,
}

/// The force's own templates; `None` is a plain one.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    pub deck: Option<Vec<u8>>,
    pub document: Option<Vec<u8>>,
}

const PLAIN: Templates = Templates { deck: None, document: None };

/// The files of a pack, and what was wrong with the templates that are not used for it.
#[derive(Default)]
pub struct Pack {
    pub files: Vec<PackFile>,
    pub warnings: Vec<String>,
}

impl Pack {
    /// A document and its list of cells; on a plain template where the force's own cannot be used, as a template must not
    /// keep figures from going out.
    fn add(
        &mut self,
        name: &str,
        input: &PackInput<'_>,
        make: impl Fn(&PackInput<'_>) -> Result<(Vec<u8>, Sources), OfficeError>,
    ) -> Result<(), PackError> {
        let templates = input.templates;
        let written = match make(input) {
            Err(error) if templates.deck.is_some() || templates.document.is_some() => {
                self.warnings
                    .push(format!("{name} is on a plain template, as the force's own cannot be used: {error}"));
                make(&PackInput { templates: &PLAIN, ..*input })
            }
            written => written,
        };
        let (bytes, sources) = written.map_err(|source| PackError::Office { name: name.to_owned(), source })?;
        self.files.push(PackFile { name: name.to_owned(), bytes });
        self.files.push(PackFile { name: format!("{name}.cells.csv"), bytes: sources.csv().into_bytes() });
        Ok(())
    }
}

/// A file of a pack.
pub struct PackFile {
    /// `board.pptx`.
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("cannot write {name}: {source}")]
    Office { name: String, source: OfficeError },
    #[error(transparent)]
    Briefing(#[from] BriefingError),
    #[error("cannot tell what the public may see: {0}")]
    Disclosure(#[from] Fault),
    #[error("{0} withheld counts cannot be protected any more, as earlier packs have shown too much")]
    Unprotected(usize),
}

const MADE_UP: &str = "Synthetic data: no figure is of a real force.";

impl PackInput<'_> {
    /// What stands at the foot of every page.
    fn footer(&self) -> String {
        let made_up = if self.synthetic { ". Synthetic data" } else { "" };
        format!("{}, data to {}{made_up}", self.force_name, long_date(self.data_date))
    }

    fn properties(&self, title: &str) -> Properties {
        Properties {
            title: title.to_owned(),
            subject: self.footer(),
            author: self.force_name.to_owned(),
            language: "en-GB".to_owned(),
            created: self.data_date.and_time(chrono::NaiveTime::MIN),
        }
    }
}

/// The board's pack: a deck and a report of the same figures, each with the list of its cells.
///
/// # Errors
/// What does not fit a plain template either.
pub fn board(input: &PackInput<'_>) -> Result<Pack, PackError> {
    let content = board::content::board(input.definitions, input.force, input.facts);
    let mut pack = Pack::default();
    pack.add("board.pptx", input, |input| board::deck::deck(input, &content))?;
    pack.add("board.docx", input, |input| board::report::report(input, &content))?;
    Ok(pack)
}

/// A unit's briefing: a document with the list of its cells, and a page to print. `name` is that of the files.
///
/// # Errors
/// What does not fit a plain template either.
pub fn briefing(input: &PackInput<'_>, briefing: &Briefing, name: &str) -> Result<Pack, PackError> {
    let mut pack = Pack::default();
    pack.add(&format!("{name}.docx"), input, |input| briefing::document(input, briefing))?;
    pack.files.push(PackFile { name: format!("{name}.html"), bytes: html(briefing)?.into_bytes() });
    Ok(pack)
}

/// The public pack, and the record of what it discloses beside all that earlier ones did, for the next. Nothing where the
/// pipeline names no public table.
///
/// # Errors
/// Earlier packs have shown so much that a withheld count can be worked out; what does not fit a plain template either.
pub fn public(input: &PackInput<'_>, earlier: &Disclosed) -> Result<Option<(Pack, Disclosed)>, PackError> {
    let (tables, left_out) = public::content::tables(input.definitions, input.facts);
    if tables.is_empty() {
        return Ok(None);
    }
    let protection = public::protected::protected(&tables, earlier)?;
    if !protection.unmet.is_empty() {
        return Err(PackError::Unprotected(protection.unmet.len()));
    }
    let mut pack = Pack::default();
    pack.add("public.docx", input, |input| public::report::report(input, &tables, &left_out, &protection))?;
    Ok(Some((pack, protection.disclosed)))
}
