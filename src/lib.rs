#![doc = include_str!("../ARCHITECTURE.md")]

// Words and maths: nothing of ours is below them.
pub mod domain;
pub mod statistics;

// What the public may see.
pub mod disclosure;

// Files as they lie on the disk; Office files as bytes; pages as they are made of templates.
pub mod files;
pub mod office;
pub mod templates;

// What is computed, as checked data; what one stage hands the next.
pub mod definitions;
pub mod tables;

// The stages, in the order of the data.
pub mod ingest;

pub mod gates;

pub mod validate;

pub mod conform;

pub mod measure;

// The line of published tables.
pub mod published;

pub mod comparators;

pub mod compare;

pub mod publish;
pub mod quality;

// Synthetic extracts.
pub mod synth;

// Which stage comes when, and where it all goes.
pub mod build_folder;
pub mod pipeline;

// The command line.
pub mod cli;
pub mod commands;
