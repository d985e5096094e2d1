//! What a metric is: one file under `pipelines/metrics/`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{Basis, JourneyStage, Kind, Level, MetricId, Polarity, Unit};

/// One metric, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    pub id: MetricId,
    /// As a heading shows it: `999 calls answered in under 10 seconds`.
    pub title: String,
    pub stage: JourneyStage,
    /// Order within the stage.
    pub position: u32,
    /// One or two plain sentences: what the figure says.
    pub meaning: String,
    /// How the figure misleads.
    pub caveats: Vec<String>,
    pub kind: Kind,
    pub unit: Unit,
    pub polarity: Polarity,
    /// Scopes whose polarity differs, by the scope's text.
    pub polarity_by_scope: BTreeMap<String, Polarity>,
    /// `None` where outcomes play no part.
    pub basis: Option<Basis>,
    /// Id of the extract that it is computed from.
    pub extract: String,
    /// Levels it is kept to; `None` is every level of the extract.
    pub levels: Option<Vec<Level>>,
    /// A period is provisional until its end plus this many days has passed.
    pub matures_after_days: Option<u32>,
    /// A month is left out until its end plus this many days has passed (longer periods: every month).
    pub complete_after_days: Option<u32>,
    pub measure: Measure,
    pub partner: Option<MetricId>,
    /// By date; each holds from its `from`.
    pub targets: Vec<Target>,
    /// Key of the pipeline's `[owners]`.
    pub owner: String,
    pub examples: Vec<Example>,
}

impl Metric {
    /// Whether crimes are counted by what became of them up to the data date, however long ago they were recorded: then
    /// an older period has had longer than a newer one, and the two are not like for like.
    pub fn is_followed_without_end(&self) -> bool {
        self.basis == Some(Basis::Recorded) && self.complete_after_days.is_none()
    }

    /// Whether the figure depends on which outcome types count as solved.
    pub fn uses_solved_set(&self) -> bool {
        let any = |rows: &Rows| rows.conditions.iter().any(|c| c.test == Test::InSolvedSet);
        match &self.measure {
            Measure::Count { rows } | Measure::Mean { rows, .. } | Measure::Quantile { rows, .. } => any(rows),
            Measure::Share { numerator, denominator, .. } => any(numerator) || any(denominator),
            Measure::PerResident { numerator } => any(numerator),
            Measure::Stock { .. } => false,
        }
    }

    pub fn polarity_in(&self, scope: &str) -> Polarity {
        self.polarity_by_scope.get(scope).copied().unwrap_or(self.polarity)
    }

    /// The target in force on `date`.
    pub fn target_on(&self, date: NaiveDate) -> Option<&Target> {
        self.targets.iter().rev().find(|t| t.from <= date)
    }
}

/// How the numerator and denominator are counted.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// Kind `count`.
    Count { rows: Rows },
    /// Kinds `proportion` and `ratio`. For a proportion the numerator's rows already hold the denominator's conditions.
    Share { numerator: Rows, denominator: Rows, weight: Option<String> },
    /// Kind `mean`: numerator the sum of `of`, denominator the number of rows.
    Mean { of: String, rows: Rows },
    /// Kind `quantile`: type 7 at `probability`; denominator the number of rows.
    Quantile { of: String, probability: f64, rows: Rows },
    /// Kind `rate`: rows over residents divided by 1,000.
    PerResident { numerator: Rows },
    /// Kind `stock`: at each month end, of the rows opened by then and not closed by then (denominator), those opened
    /// more than `older_than_days` before (numerator). From the extract's `first_month`-th month on.
    Stock { opened: String, closed: String, older_than_days: u32, first_month: u32, conditions: Vec<Condition> },
}

/// Rows that count, in the month of one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// Conformed column of type time.
    pub month_of: String,
    /// All must hold. A blank field fails every test but `Present(false)`.
    pub conditions: Vec<Condition>,
}

/// One test of one conformed column.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub field: String,
    pub test: Test,
}

/// What a condition asks of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A flag is true, or is false.
    Is(bool),
    /// A text is one of these.
    AnyOf(Vec<String>),
    /// An outcome type counts as solved, in the set at hand.
    InSolvedSet,
    /// The field holds a value, or holds none.
    Present(bool),
    AtMost(f64),
    Below(f64),
    AtLeast(f64),
    Above(f64),
    /// At most the limit that another text field picks, such as 15 minutes in a town and 20 in the country.
    AtMostBy {
        field: String,
        limits: BTreeMap<String, f64>,
    },
}

/// What the force wants the value to be, from a date on.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub from: NaiveDate,
    pub value: f64,
    pub source: String,
}

/// A hand-worked case that `scorecard check` runs: counts in, value out.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    pub says: String,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// For a quantile: the values themselves.
    pub values: Vec<f64>,
    /// `None`: not available.
    pub value: Option<f64>,
}

impl Metric {
    /// The conformed fields that the metric reads.
    pub fn fields(&self) -> Vec<&str> {
        fn of<'m>(rows: &'m Rows, out: &mut Vec<&'m str>) {
            out.push(&rows.month_of);
            conditions(&rows.conditions, out);
        }
        fn conditions<'m>(conditions: &'m [Condition], out: &mut Vec<&'m str>) {
            for condition in conditions {
                out.push(&condition.field);
                if let Test::AtMostBy { field, .. } = &condition.test {
                    out.push(field);
                }
            }
        }
        let mut fields = Vec::new();
        match &self.measure {
            Measure::Count { rows } | Measure::PerResident { numerator: rows } => of(rows, &mut fields),
            Measure::Share { numerator, denominator, weight } => {
                of(numerator, &mut fields);
                of(denominator, &mut fields);
                fields.extend(weight.as_deref());
            }
            Measure::Mean { of: field, rows } | Measure::Quantile { of: field, rows, .. } => {
                fields.push(field);
                of(rows, &mut fields);
            }
            Measure::Stock { opened, closed, conditions: tests, .. } => {
                fields.extend([opened.as_str(), closed.as_str()]);
                conditions(tests, &mut fields);
            }
        }
        fields
    }
}
