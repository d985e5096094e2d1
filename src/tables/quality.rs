//! What is known about the quality of the data, as rows and as tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::ArrayRef;

use crate::domain::{Level, Month, Status};
use crate::statistics::xmr::Rule;

use super::columns::{dates, flags, integers, numbers, texts};
use super::over_time::ProcessLimits;

/// What is asked of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The worst grade of an extract's measures.
    Overall,
    /// A value where one is expected.
    Completeness,
    /// Readable, and in its list.
    Validity,
    /// Each record once.
    Uniqueness,
    /// Events in an order in which they can happen.
    Consistency,
    /// Written down soon enough after it happened.
    Timeliness,
    /// Days between the newest row and the data date.
    Freshness,
    /// References that lead to a record.
    LinkRate,
}

impl Dimension {
    pub const ALL: [Self; 8] = [
        Self::Overall,
        Self::Completeness,
        Self::Validity,
        Self::Uniqueness,
        Self::Consistency,
        Self::Timeliness,
        Self::Freshness,
        Self::LinkRate,
    ];

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Completeness => "completeness",
            Self::Validity => "validity",
            Self::Uniqueness => "uniqueness",
            Self::Consistency => "consistency",
            Self::Timeliness => "timeliness",
            Self::Freshness => "freshness",
            Self::LinkRate => "link_rate",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }
}

/// A grade, best first: the greater of two is the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    A,
    B,
    C,
    D,
}

impl Grade {
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

/// Whose data a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QualityLevel {
    /// All records of an extract's files, whichever force they are of.
    Extract,
    Force,
    Area,
    Department,
    Team,
}

impl QualityLevel {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Extract => "extract",
            Self::Force => Level::Force.name(),
            Self::Area => Level::Area.name(),
            Self::Department => Level::Department.name(),
            Self::Team => Level::Team.name(),
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        let all = [Self::Extract, Self::Force, Self::Area, Self::Department, Self::Team];
        all.into_iter().find(|level| level.name() == name)
    }
}

/// One row of `data_quality`.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityRow {
    pub extract: Arc<str>,
    /// `None`: the extract as a whole.
    pub column: Option<Arc<str>>,
    pub dimension: Dimension,
    pub force: Arc<str>,
    pub level: QualityLevel,
    pub unit: Arc<str>,
    /// Rows, or cells of several columns, that are as they should be.
    pub numerator: Option<u64>,
    /// Rows or cells looked at.
    pub denominator: Option<u64>,
    /// Rows or cells that are not as they should be; days, for freshness.
    pub affected: Option<u64>,
    pub grade: Option<Grade>,
    /// Why there is no grade.
    pub reason: Option<String>,
    /// What was noticed, in words.
    pub finding: Option<String>,
    /// What is counted over what.
    pub basis: Option<Arc<str>>,
    /// A key of the pipeline's owners.
    pub owner: Option<Arc<str>>,
}

impl QualityRow {
    /// A row of a unit that says nothing yet.
    pub fn blank(extract: &str, dimension: Dimension, force: &Arc<str>, level: QualityLevel, unit: &Arc<str>) -> Self {
        Self {
            extract: extract.into(),
            column: None,
            dimension,
            force: force.clone(),
            level,
            unit: unit.clone(),
            numerator: None,
            denominator: None,
            affected: None,
            grade: None,
            reason: None,
            finding: None,
            basis: None,
            owner: None,
        }
    }

    /// The same of the records of an extract as a whole; the force is the pipeline's own.
    pub fn blank_extract(extract: &str, dimension: Dimension, own_force: &str) -> Self {
        Self::blank(extract, dimension, &own_force.into(), QualityLevel::Extract, &extract.into())
    }

    /// Numerator over denominator, 0 to 1.
    pub fn share(&self) -> Option<f64> {
        let denominator = self.denominator.filter(|d| *d > 0)?;
        Some(self.numerator? as f64 / denominator as f64)
    }

    /// The order of the table.
    pub fn in_order(&self, other: &Self) -> std::cmp::Ordering {
        fn key(row: &QualityRow) -> (&str, &str, QualityLevel, &str, Option<&str>, Dimension) {
            (&row.extract, &row.force, row.level, &row.unit, row.column.as_deref(), row.dimension)
        }
        key(self).cmp(&key(other))
    }

    /// The rows as columns of [`super::published::DATA_QUALITY`], in their order.
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.extract)),
            texts(rows, |r| r.column.as_deref()),
            texts(rows, |r| Some(r.dimension.name())),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            integers(rows, |r| r.numerator),
            integers(rows, |r| r.denominator),
            integers(rows, |r| r.affected),
            numbers(rows, Self::share),
            texts(rows, |r| r.grade.map(Grade::name)),
            texts(rows, |r| r.reason.as_deref()),
            texts(rows, |r| r.finding.as_deref()),
            texts(rows, |r| r.basis.as_deref()),
            texts(rows, |r| r.owner.as_deref()),
        ]
    }
}

/// A row that falls short in one measure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QualityExample {
    pub extract: Arc<str>,
    pub column: Arc<str>,
    pub dimension: Dimension,
    pub force: String,
    pub area: String,
    pub team: String,
    pub key: String,
    pub what: Arc<str>,
}

impl QualityExample {
    /// The rows as columns of [`super::published::DATA_QUALITY_EXAMPLES`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.extract)),
            texts(rows, |r| Some(&r.column)),
            texts(rows, |r| Some(r.dimension.name())),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(&r.area)),
            texts(rows, |r| Some(&r.team)),
            texts(rows, |r| Some(&r.key)),
            texts(rows, |r| Some(&r.what)),
        ]
    }
}

/// A month of a recording-practice signal.
#[derive(Clone, Debug, PartialEq)]
pub struct PracticeMonth {
    pub signal: Arc<str>,
    pub force: Arc<str>,
    pub level: QualityLevel,
    pub unit: Arc<str>,
    pub month: Month,
    pub numerator: u64,
    pub denominator: u64,
    /// `None` where too few rows could show the practice.
    pub value: Option<f64>,
    pub status: Status,
    pub limits: Option<ProcessLimits>,
    pub rule: Option<Rule>,
    /// One of the latest final months, and a rule fired.
    pub is_break: bool,
    /// Metric ids.
    pub moves: Arc<str>,
}

impl PracticeMonth {
    /// The rows as columns of [`super::published::RECORDING_PRACTICE`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.signal)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            dates(rows, |r| Some(r.month.first_day())),
            integers(rows, |r| Some(r.numerator)),
            integers(rows, |r| Some(r.denominator)),
            numbers(rows, |r| r.value),
            texts(rows, |r| Some(r.status.name())),
            numbers(rows, |r| r.limits.map(|l| l.centre)),
            numbers(rows, |r| r.limits.map(|l| l.lower)),
            numbers(rows, |r| r.limits.map(|l| l.upper)),
            texts(rows, |r| r.rule.map(Rule::name)),
            flags(rows, |r| Some(r.is_break)),
            texts(rows, |r| Some(&r.moves)),
        ]
    }
}

/// What the scorecard says of the data behind a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineQuality {
    /// The worst grade of what the metric reads.
    pub grade: Option<Grade>,
    /// The measure that the grade hangs on, or why there is none.
    pub basis: Option<String>,
    /// Breaks in recording practice that can move the metric.
    pub caution: Option<String>,
}

/// By force and metric id.
pub type LineQualities = BTreeMap<(Arc<str>, Arc<str>), LineQuality>;
