//! The scorecard: a line per metric, with everything that a reader judges it by.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use crate::definitions::{Definitions, Metric};
use crate::domain::{Basis, Kind, PeriodType, SolvedSet, Status};
use crate::statistics::xmr::Assurance;
use crate::tables::case_mix::CaseMix;
use crate::tables::columns::{dates, flags, integers, numbers, texts};
use crate::tables::comparison::{Comparator, Comparison};
use crate::tables::figure::Figure;
use crate::tables::over_time::{PointClass, SpcPoint};
use crate::tables::quality::{Grade, LineQualities};
use crate::tables::spec::ColumnType::{Date, Flag, Integer, Number, Text};
use crate::tables::spec::{TableSpec, column, optional};

pub const SCORECARD: TableSpec = TableSpec {
    name: "scorecard",
    description: "A line per metric at force level, scope all: the newest final figure, its comparators and its movement.",
    restricted: false,
    columns: &[
        column("force", Text, "force id"),
        column("stage", Text, "stage of the journey"),
        column("position", Integer, "order within the stage"),
        column("metric", Text, "metric id"),
        column("title", Text, "as a heading shows it"),
        optional("period_type", Text, "rolling_12_months where there is a final one, else financial_year, else month"),
        optional("period_start", Date, "first day"),
        optional("period_end", Date, "last day"),
        optional("numerator", Number, "as in metric_values"),
        optional("denominator", Number, "as in metric_values"),
        optional("value", Number, "the figure").in_unit("of the metric, as in dim_metric"),
        optional("lower_95", Number, "lower end of the 95% interval").in_unit("of the value"),
        optional("upper_95", Number, "upper end of the 95% interval").in_unit("of the value"),
        optional("basis", Text, "recorded or closed"),
        optional("solved_set", Text, "outcome types that count as solved"),
        column("status", Text, "of the figure; not_available without one"),
        optional("reason", Text, "why there is no figure"),
        optional("target", Number, "in force on the data date").in_unit("of the value"),
        optional("target_gap", Number, "value less target").in_unit("of the value"),
        optional("group_value", Number, "most similar group, the pipeline's variant").in_unit("of the value"),
        optional("group_variant", Text, "how the group became one figure"),
        optional("group_period_end", Date, "last day of the group's period"),
        optional("group_method", Text, "the test behind group_verdict, as in comparisons"),
        optional("group_verdict", Text, "headline verdict at 95%, unadjusted"),
        optional("group_verdict_998", Text, "headline verdict at 99.8%"),
        optional("group_verdict_sampling", Text, "verdict at 95% by sampling variance alone"),
        optional("sensitivity", Text, "what the verdict hangs on"),
        optional("rank", Integer, "in the group, 1 the best"),
        optional("rank_lower", Integer, "lower end of its 95% interval"),
        optional("rank_upper", Integer, "upper end of its 95% interval"),
        optional("group_size", Integer, "forces, the own one included"),
        optional("national_value", Number, "England and Wales").in_unit("of the value"),
        optional("national_period_end", Date, "last day of the nation's period"),
        optional("national_method", Text, "the test behind national_verdict, as in comparisons"),
        optional("national_verdict", Text, "headline verdict at 95%, unadjusted"),
        optional("national_adjusted_value", Number, "the figure with its mix of offences taken out, as in case_mix")
            .in_unit("of the value"),
        optional("national_mix_difference", Number, "what of the difference from the nation the mix alone makes")
            .in_unit("of the value"),
        optional("national_adjusted_method", Text, "the test behind national_adjusted_verdict, as in case_mix"),
        optional("national_adjusted_verdict", Text, "of the adjusted value against the nation at 95%, unadjusted"),
        optional("last_year_value", Number, "same period last year").in_unit("of the value"),
        optional("last_year_period_end", Date, "last day of last year's period"),
        optional("last_year_method", Text, "the test behind last_year_verdict, as in comparisons"),
        optional("last_year_verdict", Text, "verdict at 95%"),
        optional("q_value", Number, "of the line's headline test, Benjamini-Hochberg").in_unit("probability"),
        optional("flagged", Flag, "q_value is 0.05 or less"),
        optional("variation", Text, "class of the last final month"),
        optional("variation_chart", Text, "the chart whose limits and rules it is by, as chart_type in spc"),
        optional("variation_rule", Text, "rule that it fired"),
        optional("variation_month", Date, "first day of that month"),
        optional("assurance", Text, "of the limits against the target"),
        column("owner", Text, "theme"),
        optional("strategic_lead", Text, "accountable"),
        optional("analyst_spoc", Text, "analyst to ask"),
        optional("data_quality", Text, "worst grade of the data behind the line, A to D, as in data_quality"),
        optional("data_quality_basis", Text, "the measure that the grade hangs on, or why there is none"),
        optional("caution", Text, "breaks in recording practice that can move the figure, as in recording_practice"),
        column("provenance", Text, "synthetic, published or force"),
    ],
};

/// One line, and what it was drawn from.
#[derive(Clone, Debug)]
pub struct Line {
    force: Arc<str>,
    metric: Metric,
    figure: Option<Figure>,
    reason: Option<String>,
    target: Option<f64>,
    group: Option<Comparison>,
    national: Option<Comparison>,
    adjusted: Option<CaseMix>,
    last_year: Option<Comparison>,
    last_point: Option<SpcPoint>,
}

impl Line {
    /// The line of a metric from its force's figures, comparisons and points, all at force level and in scope `all`.
    pub fn new(
        definitions: &Definitions,
        metric: &Metric,
        force: &str,
        data_date: NaiveDate,
        own: &[Figure],
        comparisons: &[Comparison],
        points: &[SpcPoint],
    ) -> Self {
        let figure = headline_figure(metric, own);
        let of_period = |c: &&Comparison| {
            figure.is_some_and(|f| c.period_type == f.period_type && c.period_start == f.period_start)
        };
        let variant = definitions.pipeline.comparators.variant.name();
        let find = |comparator: Comparator| {
            let mut rows = comparisons.iter().filter(of_period).filter(|c| c.comparator == comparator);
            rows.clone()
                .find(|c| c.comparator_variant.is_some_and(|v| v.name() == variant))
                .or_else(|| rows.next())
                .cloned()
        };
        Self {
            force: force.into(),
            metric: metric.clone(),
            figure: figure.cloned(),
            reason: figure.is_none().then(|| missing(own)),
            target: metric.target_on(data_date).map(|t| t.value),
            group: find(Comparator::MostSimilarGroup),
            national: find(Comparator::National),
            adjusted: None,
            last_year: find(Comparator::SamePeriodLastYear),
            last_point: points.iter().rev().find(|p| matches!(p.class, Some(PointClass::Tested(_)))).cloned(),
        }
    }

    /// The line with what its figure would be beside the nation without its mix of offences.
    pub fn with_case_mix(mut self, rows: &[CaseMix]) -> Self {
        let of_line = |row: &&CaseMix| {
            let same = |f: &Figure| (f.period_type, f.period_start) == (row.period_type, row.period_start);
            row.force == self.force && row.comparator == Comparator::National && self.figure.as_ref().is_some_and(same)
        };
        self.adjusted = rows.iter().find(of_line).cloned();
        self
    }

    /// A line for a metric that cannot be measured.
    pub fn not_available(metric: &Metric, force: &str, reason: &str) -> Self {
        Self {
            force: force.into(),
            metric: metric.clone(),
            figure: None,
            reason: Some(reason.to_owned()),
            target: None,
            group: None,
            national: None,
            adjusted: None,
            last_year: None,
            last_point: None,
        }
    }

    fn headline(&self) -> Option<&Comparison> {
        let tested = [&self.group, &self.national, &self.last_year];
        tested.into_iter().flatten().find(|c| c.q_value.is_some())
    }
}

/// The newest final figure of a period that the data cover whole: of a rolling year if there is one, else of a financial year, else of a month.
fn headline_figure<'f>(metric: &Metric, own: &'f [Figure]) -> Option<&'f Figure> {
    let preferred: &[PeriodType] = match metric.kind {
        Kind::Stock => &[PeriodType::Month],
        _ => &[PeriodType::Rolling12Months, PeriodType::FinancialYear, PeriodType::Month],
    };
    preferred.iter().find_map(|period_type| {
        own.iter()
            .filter(|f| {
                f.period_type == *period_type && f.status == Status::Final && f.reason.is_none() && f.value.is_some()
            })
            .max_by_key(|f| f.period_end)
    })
}

fn missing(own: &[Figure]) -> String {
    let told = own.iter().rev().find_map(|f| f.reason.as_ref());
    told.map_or_else(|| "no final figure yet".to_owned(), |reason| reason.to_string())
}

/// The table's columns.
pub fn scorecard(
    definitions: &Definitions,
    provenance: &str,
    qualities: &LineQualities,
    lines: &mut [Line],
) -> Vec<ArrayRef> {
    lines.sort_by(|a, b| {
        let key = |l: &Line| (l.force.clone(), l.metric.stage, l.metric.position, l.metric.id.clone());
        key(a).cmp(&key(b))
    });
    let mut arrays = own_columns(lines);
    arrays.extend(comparator_columns(lines));
    arrays.extend(movement_columns(lines));
    let owner = |l: &Line| definitions.pipeline.owners.get(&l.metric.owner);
    arrays.push(texts(lines, |l| Some(l.metric.owner.as_str())));
    arrays.push(texts(lines, |l| owner(l).map(|o| o.strategic_lead.as_str())));
    arrays.push(texts(lines, |l| owner(l).map(|o| o.analyst_spoc.as_str())));
    let quality = |l: &Line| qualities.get(&(l.force.clone(), Arc::from(l.metric.id.as_str())));
    arrays.push(texts(lines, |l| quality(l)?.grade.map(Grade::name)));
    arrays.push(texts(lines, |l| quality(l)?.basis.as_deref()));
    arrays.push(texts(lines, |l| quality(l)?.caution.as_deref()));
    arrays.push(texts(lines, |_| Some(provenance)));
    arrays
}

fn own_columns(lines: &[Line]) -> Vec<ArrayRef> {
    fn figure(l: &Line) -> Option<&Figure> {
        l.figure.as_ref()
    }
    vec![
        texts(lines, |l| Some(&l.force)),
        texts(lines, |l| Some(l.metric.stage.name())),
        integers(lines, |l| Some(l.metric.position)),
        texts(lines, |l| Some(l.metric.id.as_str())),
        texts(lines, |l| Some(&l.metric.title)),
        texts(lines, |l| figure(l).map(|f| f.period_type.name())),
        dates(lines, |l| figure(l).map(|f| f.period_start)),
        dates(lines, |l| figure(l).map(|f| f.period_end)),
        numbers(lines, |l| figure(l).and_then(|f| f.numerator)),
        numbers(lines, |l| figure(l).and_then(|f| f.denominator)),
        numbers(lines, |l| figure(l).and_then(|f| f.value)),
        numbers(lines, |l| figure(l).and_then(|f| f.lower_95)),
        numbers(lines, |l| figure(l).and_then(|f| f.upper_95)),
        texts(lines, |l| l.metric.basis.map(Basis::name)),
        texts(lines, |l| figure(l).and_then(|f| f.solved_set).map(SolvedSet::name)),
        texts(lines, |l| Some(figure(l).map_or(Status::NotAvailable, |f| f.status).name())),
        texts(lines, |l| l.reason.as_deref()),
        numbers(lines, |l| l.target),
        numbers(lines, |l| Some(figure(l)?.value? - l.target?)),
    ]
}

fn comparator_columns(lines: &[Line]) -> Vec<ArrayRef> {
    fn group(l: &Line) -> Option<&Comparison> {
        l.group.as_ref()
    }
    vec![
        numbers(lines, |l| group(l).map(|c| c.comparator_value)),
        texts(lines, |l| group(l).and_then(|c| c.comparator_variant).map(|v| v.name())),
        dates(lines, |l| group(l).and_then(|c| c.comparator_period_end)),
        texts(lines, |l| group(l).and_then(|c| c.method).map(|m| m.name())),
        texts(lines, |l| group(l).map(|c| c.verdict_95.name())),
        texts(lines, |l| group(l).map(|c| c.verdict_998.name())),
        texts(lines, |l| group(l).map(|c| c.verdict_sampling.name())),
        texts(lines, |l| group(l).and_then(|c| c.sensitivity).map(|s| s.name())),
        integers(lines, |l| group(l).and_then(|c| c.rank)),
        integers(lines, |l| group(l).and_then(|c| c.rank_lower)),
        integers(lines, |l| group(l).and_then(|c| c.rank_upper)),
        integers(lines, |l| group(l).and_then(|c| c.group_size)),
        numbers(lines, |l| l.national.as_ref().map(|c| c.comparator_value)),
        dates(lines, |l| l.national.as_ref().and_then(|c| c.comparator_period_end)),
        texts(lines, |l| l.national.as_ref().and_then(|c| c.method).map(|m| m.name())),
        texts(lines, |l| l.national.as_ref().map(|c| c.verdict_95.name())),
        numbers(lines, |l| l.adjusted.as_ref().map(|c| c.adjusted.value)),
        numbers(lines, |l| l.adjusted.as_ref().map(CaseMix::mix_difference)),
        texts(lines, |l| l.adjusted.as_ref().and_then(|c| c.method).map(|m| m.name())),
        texts(lines, |l| l.adjusted.as_ref().map(|c| c.verdict_95.name())),
        numbers(lines, |l| l.last_year.as_ref().map(|c| c.comparator_value)),
        dates(lines, |l| l.last_year.as_ref().and_then(|c| c.comparator_period_end)),
        texts(lines, |l| l.last_year.as_ref().and_then(|c| c.method).map(|m| m.name())),
        texts(lines, |l| l.last_year.as_ref().map(|c| c.verdict_95.name())),
        numbers(lines, |l| l.headline().and_then(|c| c.q_value)),
        flags(lines, |l| l.headline().and_then(|c| c.flagged)),
    ]
}

fn movement_columns(lines: &[Line]) -> Vec<ArrayRef> {
    fn point(l: &Line) -> Option<&SpcPoint> {
        l.last_point.as_ref()
    }
    vec![
        texts(lines, |l| point(l).and_then(|p| p.class).map(|c| c.name())),
        texts(lines, |l| point(l).map(|p| p.chart_type.name())),
        texts(lines, |l| point(l).and_then(|p| p.rule).map(|r| r.name())),
        dates(lines, |l| point(l).map(|p| p.month.first_day())),
        texts(lines, |l| point(l).and_then(|p| p.assurance).map(Assurance::name)),
    ]
}
