//! The words that describe a metric.

use std::fmt;

/// A metric's permanent id: its file name, snake_case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricId(String);

impl MetricId {
    /// The id written as `text`, if it is snake_case and starts with a letter.
    pub fn new(text: &str) -> Option<Self> {
        let starts = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        let safe = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        (starts && safe).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MetricId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An enum whose variants are words in definitions and in tables.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text in definitions and tables.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

words! {
    /// The stage of the journey a metric belongs to, in order.
    JourneyStage {
        Call = "call", Response = "response", Recording = "recording",
        Investigation = "investigation", Outcome = "outcome", Victim = "victim",
    }
}

words! {
    /// How a value is made from its counts.
    Kind {
        /// The numerator itself; no denominator.
        Count = "count",
        /// Numerator is a subset of the denominator; above 1 is an error.
        Proportion = "proportion",
        /// Numerator is no subset of the denominator; may pass 1.
        Ratio = "ratio",
        /// Events over a resident population.
        Rate = "rate",
        /// Sum of a quantity over the events that have it.
        Mean = "mean",
        /// A quantile of a quantity over the events that have it.
        Quantile = "quantile",
        /// A level at the end of the period, not a flow over it.
        Stock = "stock",
    }
}

words! {
    /// The unit of the value.
    Unit {
        Calls = "calls", Crimes = "crimes", Proportion = "proportion",
        Per1000 = "per_1000_residents", Seconds = "seconds", Minutes = "minutes", Days = "days",
    }
}

words! {
    /// Which way is better.
    Polarity { Higher = "higher", Lower = "lower", Neutral = "neutral" }
}

words! {
    /// Which outcomes a period holds.
    Basis {
        /// The cohort recorded in the period, whatever became of it since.
        Recorded = "recorded",
        /// Outcomes given in the period over crimes recorded in the period.
        Closed = "closed",
    }
}

words! {
    /// How far a figure can be relied on.
    Status { Final = "final", Provisional = "provisional", NotAvailable = "not_available", Suppressed = "suppressed" }
}

words! {
    /// Which outcome types count as solved. None is an official label.
    SolvedSet {
        PositiveExcludingTic = "positive_excluding_tic", Legacy = "legacy", SanctionDetection = "sanction_detection",
    }
}
