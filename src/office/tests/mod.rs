//! Whole documents, with every kind of content, on the plain templates and on others'.

mod content;
mod files;
