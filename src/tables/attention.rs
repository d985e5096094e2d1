//! The four lists of a scorecard: what to escalate, watch, celebrate and leave alone, as rows and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, flags, integers, numbers, texts};
use super::comparison::{Comparator, ComparatorVariant, Comparison, ComparisonMethod};
use super::over_time::{ChartType, PointClass, SpcPoint};
use super::spec::ColumnType::{Date, Flag, Integer, Number, Text};
use super::spec::{TableSpec, column, optional};
use crate::domain::{Basis, PeriodType};
use crate::statistics::comparison::Verdict;
use crate::statistics::xmr::{Assurance, Rule};

/// What a line asks of its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    Escalate,
    Watch,
    Celebrate,
    LeaveAlone,
}

impl List {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Escalate => "escalate",
            Self::Watch => "watch",
            Self::Celebrate => "celebrate",
            Self::LeaveAlone => "leave_alone",
        }
    }
}

/// Why a line stands in its list: the rule that put it there, in the order of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Worse than its comparator, flagged, and the latest month is a special cause for concern.
    WorseAndGettingWorse,
    /// Worse than its comparator, flagged.
    Worse,
    /// One of two paired measures improves while the other is a concern.
    PairDiverges,
    /// The latest month is a special cause for concern.
    GettingWorse,
    /// Worse than its comparator, flagged, but the latest month is an improvement.
    WorseButImproving,
    /// By its limits the target is never met.
    TargetOutOfReach,
    /// Neither direction is better, and the latest month is a special cause or the figure is flagged.
    Unusual,
    /// Better than its comparator, flagged, and the latest month is an improvement.
    BetterAndImproving,
    /// Better than its comparator, flagged.
    Better,
    /// The latest month is within common-cause variation, and nothing is flagged.
    CommonCause,
}

impl Why {
    /// The list it leads to.
    pub const fn list(self) -> List {
        match self {
            Self::WorseAndGettingWorse | Self::Worse => List::Escalate,
            Self::PairDiverges
            | Self::GettingWorse
            | Self::WorseButImproving
            | Self::TargetOutOfReach
            | Self::Unusual => List::Watch,
            Self::BetterAndImproving | Self::Better => List::Celebrate,
            Self::CommonCause => List::LeaveAlone,
        }
    }

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorseAndGettingWorse => "worse_and_getting_worse",
            Self::Worse => "worse",
            Self::PairDiverges => "pair_diverges",
            Self::GettingWorse => "getting_worse",
            Self::WorseButImproving => "worse_but_improving",
            Self::TargetOutOfReach => "target_out_of_reach",
            Self::Unusual => "unusual",
            Self::BetterAndImproving => "better_and_improving",
            Self::Better => "better",
            Self::CommonCause => "common_cause",
        }
    }
}

/// A line in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub force: Arc<str>,
    pub metric: Arc<str>,
    pub why: Why,
    /// From 1, within the list.
    pub position: usize,
    /// Lines that the rules put in the list, those beyond the eighth included.
    pub list_size: usize,
    pub basis: Option<Basis>,
    /// The comparison that was tested in the family; `None` where none could be.
    pub headline: Option<Comparison>,
    /// The latest final month of the chart; `None` without limits.
    pub latest: Option<SpcPoint>,
    /// Value of the final month before it.
    pub month_before: Option<f64>,
    pub partner: Option<Arc<str>>,
    /// What the partner's latest final month is, where it is the same month.
    pub partner_variation: Option<PointClass>,
    /// Comparisons in the force's family of tests.
    pub tests: usize,
}

/// Where nothing differs from anything, one unadjusted test in twenty still says so at 95%.
const BY_CHANCE: f64 = 0.05;

pub const ATTENTION: TableSpec = TableSpec {
    name: "attention",
    description: "The four lists, eight lines each at most: scorecard lines at force level in scope all, with the tests that put them there.",
    restricted: false,
    columns: &[
        column("force", Text, "force id"),
        column("list", Text, "escalate, watch, celebrate or leave_alone"),
        column("position", Integer, "from 1 within the list"),
        column("list_size", Integer, "lines that the rules put in the list, those beyond the eighth included")
            .in_unit("lines"),
        column("metric", Text, "metric id"),
        column(
            "why",
            Text,
            "worse_and_getting_worse, worse; pair_diverges, getting_worse, worse_but_improving, target_out_of_reach, unusual; better_and_improving, better; common_cause",
        ),
        optional("basis", Text, "recorded or closed; null where outcomes play no part"),
        optional("period_type", Text, "of the comparison; null, like all to flagged, where nothing could be compared"),
        optional("period_start", Date, "first day"),
        optional("period_end", Date, "last day"),
        optional("value", Number, "the figure").in_unit("of the metric, as in dim_metric"),
        optional("comparator", Text, "most_similar_group, national, target or same_period_last_year"),
        optional("comparator_variant", Text, "how several forces became one figure"),
        optional("comparator_period_end", Date, "last day of the comparator's period; null for a target"),
        optional("comparator_value", Number, "the comparator").in_unit("of the value"),
        optional("method", Text, "the test behind the verdict, as in comparisons"),
        optional("verdict_95", Text, "better, similar, worse; higher, similar, lower; at 95%, unadjusted"),
        optional("q_value", Number, "of the verdict, Benjamini-Hochberg over the family").in_unit("probability"),
        optional("flagged", Flag, "q_value is 0.05 or less: escalate and celebrate hold flagged lines alone"),
        optional(
            "month",
            Date,
            "first day of the chart's latest final month; null, like all to assurance, without limits",
        ),
        optional("month_value", Number, "its figure").in_unit("of the value"),
        optional("month_before", Number, "figure of the final month before it").in_unit("of the value"),
        optional("variation", Text, "common_cause, improving, concerning, high or low"),
        optional("rule", Text, "the rule that the month fires, as in spc"),
        optional("chart_type", Text, "the chart whose limits and rules they are, as in spc"),
        optional("assurance", Text, "always_passed, never_passed or hit_and_miss against the target"),
        optional("partner", Text, "metric that is read beside this one"),
        optional("partner_variation", Text, "of the partner, where its latest final month is the same"),
        column("tests", Integer, "comparisons in the force's family of tests").in_unit("tests"),
        column(
            "expected_by_chance",
            Number,
            "verdicts at 95% that chance alone would give among them, if nothing differed",
        )
        .in_unit("tests"),
    ],
};

impl Listed {
    /// The rows as columns of [`ATTENTION`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        fn head(row: &Listed) -> Option<&Comparison> {
            row.headline.as_ref()
        }
        fn month(row: &Listed) -> Option<&SpcPoint> {
            row.latest.as_ref()
        }
        vec![
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.why.list().name())),
            integers(rows, |r| Some(r.position)),
            integers(rows, |r| Some(r.list_size)),
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(r.why.name())),
            texts(rows, |r| r.basis.map(Basis::name)),
            texts(rows, |r| head(r).map(|c| PeriodType::name(c.period_type))),
            dates(rows, |r| head(r).map(|c| -> NaiveDate { c.period_start })),
            dates(rows, |r| head(r).map(|c| c.period_end)),
            numbers(rows, |r| head(r).map(|c| c.value)),
            texts(rows, |r| head(r).map(|c| Comparator::name(c.comparator))),
            texts(rows, |r| head(r).and_then(|c| c.comparator_variant).map(ComparatorVariant::name)),
            dates(rows, |r| head(r).and_then(|c| c.comparator_period_end)),
            numbers(rows, |r| head(r).map(|c| c.comparator_value)),
            texts(rows, |r| head(r).and_then(|c| c.method).map(ComparisonMethod::name)),
            texts(rows, |r| head(r).map(|c| Verdict::name(c.verdict_95))),
            numbers(rows, |r| head(r).and_then(|c| c.q_value)),
            flags(rows, |r| head(r).and_then(|c| c.flagged)),
            dates(rows, |r| month(r).map(|p| p.month.first_day())),
            numbers(rows, |r| month(r).and_then(|p| p.value)),
            numbers(rows, |r| r.month_before),
            texts(rows, |r| month(r).and_then(|p| p.class).map(PointClass::name)),
            texts(rows, |r| month(r).and_then(|p| p.rule).map(Rule::name)),
            texts(rows, |r| month(r).map(|p| ChartType::name(p.chart_type))),
            texts(rows, |r| month(r).and_then(|p| p.assurance).map(Assurance::name)),
            texts(rows, |r| r.partner.as_deref()),
            texts(rows, |r| r.partner_variation.map(PointClass::name)),
            integers(rows, |r| Some(r.tests)),
            numbers(rows, |r| Some(r.tests as f64 * BY_CHANCE)),
        ]
    }
}
