//! Which direction of a figure is the better one.

/// The direction that counts as an improvement. It is an input of every judgement and is never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// A higher value is better.
    HigherIsBetter,
    /// A lower value is better.
    LowerIsBetter,
    /// Neither direction is better; a judgement says only higher or lower.
    Neutral,
}
