//! What is asked of the data: `quality.toml`.

use std::collections::BTreeMap;

use crate::tables::quality::{Dimension, Grade};

#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// A measure of fewer rows has no grade, and a month of fewer rows no value in a signal.
    pub least_rows: u64,
    /// A signal is a break where a rule fires in one of this many latest final months.
    pub break_months: usize,
    pub grades: BTreeMap<Dimension, GradeLimits>,
    pub exceptions: Vec<GradeException>,
    /// By extract id.
    pub extracts: BTreeMap<String, ExtractQuality>,
    pub signals: Vec<Signal>,
}

/// Where grades begin. Shares: from these on. Freshness: up to these days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradeLimits {
    pub a: f64,
    pub b: f64,
    pub c: f64,
}

impl GradeLimits {
    /// The grade of a share.
    pub fn of_share(self, share: f64) -> Grade {
        self.first(|limit| share >= limit)
    }

    /// The grade of an age.
    pub fn of_days(self, days: f64) -> Grade {
        self.first(|limit| days <= limit)
    }

    fn first(self, passes: impl Fn(f64) -> bool) -> Grade {
        let steps = [(self.a, Grade::A), (self.b, Grade::B), (self.c, Grade::C)];
        steps.into_iter().find(|(limit, _)| passes(*limit)).map_or(Grade::D, |(_, grade)| grade)
    }
}

/// Other limits for one extract, or for one column of it.
#[derive(Clone, Debug, PartialEq)]
pub struct GradeException {
    pub extract: String,
    /// `None`: every column, and the extract as a whole.
    pub column: Option<String>,
    pub dimension: Dimension,
    pub limits: GradeLimits,
}

/// What is asked of one extract.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExtractQuality {
    /// Key of the pipeline's owners.
    pub owner: String,
    pub columns: Vec<ColumnQuality>,
}

/// What is asked of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnQuality {
    pub name: String,
    pub expected: Option<Expected>,
    pub order: Option<Order>,
    /// The extract that the reference leads to.
    pub links_to: Option<String>,
    pub timely: Option<Timely>,
}

/// The rows in which a column holds a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    Always,
    /// Where another column holds one of these, or, if there are none, holds anything.
    Where {
        column: String,
        any_of: Vec<String>,
    },
}

/// What may not come before what.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// No more than so many minutes before the other column.
    NotBefore {
        column: String,
        early_minutes: u32,
    },
    NotAfter {
        column: String,
    },
}

/// What counts as soon enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timely {
    Within24HoursOfTheIncident,
    Within12WeeksOfRecording,
    ByTheDayItIsDue,
}

impl Timely {
    pub const ALL: [Self; 3] =
        [Self::Within24HoursOfTheIncident, Self::Within12WeeksOfRecording, Self::ByTheDayItIsDue];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Within24HoursOfTheIncident => "within_24_hours_of_the_incident",
            Self::Within12WeeksOfRecording => "within_12_weeks_of_recording",
            Self::ByTheDayItIsDue => "by_the_day_it_is_due",
        }
    }

    /// The only extract and column that it can be asked of.
    pub const fn column(self) -> (&'static str, &'static str) {
        match self {
            Self::Within24HoursOfTheIncident => ("crimes", "recorded_at"),
            Self::Within12WeeksOfRecording => ("surveys", "surveyed_at"),
            Self::ByTheDayItIsDue => ("victim_contacts", "first_update_at"),
        }
    }
}

/// A signal of how crimes are recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    pub id: String,
    pub title: String,
    pub practice: Practice,
    /// A month is provisional until its end plus this many days has passed.
    pub matures_after_days: Option<u32>,
    /// Ids of the metrics that a break can move.
    pub moves: Vec<String>,
}

/// What is counted, of the crimes recorded in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Practice {
    /// Cancelled by the data date, of all crimes recorded.
    Cancelled,
    /// This outcome, given on the day of recording, of the crimes that were not cancelled.
    OutcomeOnTheDay { outcome_type: String },
    /// Recorded more than 24 hours after the report, of all crimes whose report has a time.
    RecordedLate,
    /// No first update, of the contacts of crimes with an outcome whose update is due.
    OutcomeWithoutUpdate,
}

impl Quality {
    /// The limits of a measure: those of its column, else of its extract, else of its dimension.
    pub fn limits(&self, extract: &str, column: Option<&str>, dimension: Dimension) -> Option<GradeLimits> {
        let of = |wanted: Option<&str>| {
            let mut exceptions = self.exceptions.iter().filter(|e| e.extract == extract && e.dimension == dimension);
            exceptions.find(|e| e.column.as_deref() == wanted).map(|e| e.limits)
        };
        column.and_then(|c| of(Some(c))).or_else(|| of(None)).or_else(|| self.grades.get(&dimension).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_on_a_limit_has_the_better_grade() {
        let limits = GradeLimits { a: 0.98, b: 0.95, c: 0.9 };
        for (share, grade) in [
            (1.0, Grade::A),
            (0.98, Grade::A),
            (0.9799, Grade::B),
            (0.95, Grade::B),
            (0.9, Grade::C),
            (0.8999, Grade::D),
            (0.0, Grade::D),
        ] {
            assert_eq!(limits.of_share(share), grade, "{share}");
        }
    }

    #[test]
    fn an_age_on_a_limit_has_the_better_grade() {
        let limits = GradeLimits { a: 1.0, b: 2.0, c: 7.0 };
        for (days, grade) in [(0.0, Grade::A), (1.0, Grade::A), (2.0, Grade::B), (7.0, Grade::C), (8.0, Grade::D)] {
            assert_eq!(limits.of_days(days), grade, "{days}");
        }
    }

    #[test]
    fn the_nearest_exception_holds() {
        let limits = |a| GradeLimits { a, b: 0.5, c: 0.4 };
        let exception = |column: Option<&str>, a| GradeException {
            extract: "crimes".into(),
            column: column.map(str::to_owned),
            dimension: Dimension::Validity,
            limits: limits(a),
        };
        let quality = Quality {
            least_rows: 20,
            break_months: 3,
            grades: BTreeMap::from([(Dimension::Validity, limits(0.9))]),
            exceptions: vec![exception(None, 0.8), exception(Some("area"), 0.7)],
            extracts: BTreeMap::new(),
            signals: Vec::new(),
        };
        let a = |extract, column| quality.limits(extract, column, Dimension::Validity).map(|l| l.a);
        assert_eq!(a("calls", Some("area")), Some(0.9));
        assert_eq!(a("crimes", None), Some(0.8));
        assert_eq!(a("crimes", Some("team")), Some(0.8));
        assert_eq!(a("crimes", Some("area")), Some(0.7));
        assert_eq!(quality.limits("crimes", None, Dimension::LinkRate), None);
    }
}
