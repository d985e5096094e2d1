//! Office files: decks (`.pptx`) and reports (`.docx`) out of plain typed content.
//!
//! Comes in: a [`Deck`](deck::Deck) or a [`Report`](report::Report). Goes out: bytes. The same content is the same bytes; nothing is
//! read but what is handed in, and nothing of a template's own pages goes out.
//!
//! ```text
//! Deck { template, properties, marking, footer, slides: [Slide { layout, title, blocks: [Block::Text(..).at(Area::WHOLE)], notes }] }.write()
//! Report { template, properties, marking, footer, page, blocks: [Block::Heading { .. }, Block::Chart(..)] }.write()
//! ```
//!
//! Text that does not fit a slide at 11 points is [`OfficeError::DoesNotFit`], which names slide and block: the caller splits.
//! Docs: `docs/decisions/0013-office-writer.md`.

mod archive;
pub mod chart;
pub mod content;
pub mod deck;
mod error;
mod measure;
mod package;
mod properties;
pub mod report;
mod xml;

pub use error::OfficeError;

#[cfg(test)]
mod tests;
