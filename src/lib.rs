pub mod domain;
pub mod statistics;

pub mod definitions;
pub mod tables;

pub mod ingest;

pub mod validate;

pub mod conform;

pub mod measure;

pub mod published;

pub mod publish;

pub mod synth;

pub mod build_folder;
pub mod pipeline;

pub mod cli;
pub mod commands;
