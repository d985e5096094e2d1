//! Stage 6: figures and comparisons in, charts out.

pub mod charts;
mod dimensions;

pub use dimensions::{Seen, dimensions};
