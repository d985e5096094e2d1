//! Whole documents, with every kind of content, on the plain templates and on others'.

pub(super) mod content;
mod files;
mod hostile;
