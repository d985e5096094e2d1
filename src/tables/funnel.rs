//! A force in the funnel of all forces, as a row and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, integers, numbers, texts};
use super::published::METRIC_VALUES;
use super::spec::ColumnType::{Integer, Number, Text};
use super::spec::{ColumnSpec, TableSpec, column, optional};
use crate::domain::{Basis, Level, PeriodType};
use crate::statistics::Interval;
use crate::statistics::funnel::Position;

/// Where a force lies among all forces that reported the same period.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelPoint {
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub scope: Arc<str>,
    pub period_type: PeriodType,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub numerator: f64,
    pub denominator: f64,
    pub value: f64,
    /// The forces' events over their denominators.
    pub centre: f64,
    /// Of sampling alone, at the force's denominator.
    pub limits_95: Interval,
    pub limits_998: Interval,
    pub position: Position,
    /// Of sampling and the variance between forces.
    pub wide_limits_95: Interval,
    pub wide_limits_998: Interval,
    pub wide_position: Position,
    /// τ², in the square of the value's unit.
    pub variance_between_forces: f64,
    /// Forces in the funnel.
    pub forces: usize,
    pub method: &'static str,
    pub basis: Option<Basis>,
}

const KEY: &[ColumnSpec] = METRIC_VALUES.columns;

pub const FUNNEL: TableSpec = TableSpec {
    name: "funnel",
    description: "Every force that reported a period, against what all of them give together: limits at its own denominator, by sampling alone and with the variance between forces.",
    restricted: false,
    columns: &[
        KEY[0],
        KEY[1],
        KEY[2],
        KEY[3],
        KEY[4],
        KEY[5],
        KEY[6],
        KEY[7],
        column("numerator", Number, "as in metric_values"),
        column("denominator", Number, "as in metric_values"),
        column("value", Number, "the figure").in_unit("of the metric, as in dim_metric"),
        column("comparator", Text, "forces_pooled: the forces' numerators over their denominators"),
        column("centre", Number, "the comparator").in_unit("of the value"),
        column("lower_95", Number, "limit by sampling alone at this denominator").in_unit("of the value"),
        column("upper_95", Number, "likewise").in_unit("of the value"),
        column("lower_998", Number, "likewise, at 99.8%").in_unit("of the value"),
        column("upper_998", Number, "likewise").in_unit("of the value"),
        column(
            "position",
            Text,
            "below_998, below_95, within, above_95 or above_998: where the value lies by those limits",
        ),
        column(
            "wide_lower_95",
            Number,
            "limit with the variance between forces; may lie below what the metric can reach",
        )
        .in_unit("of the value"),
        column("wide_upper_95", Number, "likewise, above").in_unit("of the value"),
        column("wide_lower_998", Number, "likewise, at 99.8%").in_unit("of the value"),
        column("wide_upper_998", Number, "likewise").in_unit("of the value"),
        column(
            "wide_position",
            Text,
            "where the value lies by the wider limits: whether it is out of the ordinary among forces",
        ),
        column("variance_between_forces", Number, "beyond sampling, by moments, winsorised at a tenth")
            .in_unit("of the value, squared"),
        column("forces", Integer, "forces in the funnel; a force that did not report is not among them")
            .in_unit("forces"),
        column(
            "method",
            Text,
            "of the limits by sampling: wilson_inverted or exact_poisson; the wider ones add the variance",
        ),
        optional("basis", Text, "recorded or closed"),
    ],
};

impl FunnelPoint {
    /// The rows as columns of [`FUNNEL`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |_| Some(Level::Force.name())),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(&r.scope)),
            texts(rows, |r| Some(r.period_type.name())),
            dates(rows, |r| Some(r.period_start)),
            dates(rows, |r| Some(r.period_end)),
            numbers(rows, |r| Some(r.numerator)),
            numbers(rows, |r| Some(r.denominator)),
            numbers(rows, |r| Some(r.value)),
            texts(rows, |_| Some("forces_pooled")),
            numbers(rows, |r| Some(r.centre)),
            numbers(rows, |r| Some(r.limits_95.lower)),
            numbers(rows, |r| Some(r.limits_95.upper)),
            numbers(rows, |r| Some(r.limits_998.lower)),
            numbers(rows, |r| Some(r.limits_998.upper)),
            texts(rows, |r| Some(r.position.name())),
            numbers(rows, |r| Some(r.wide_limits_95.lower)),
            numbers(rows, |r| Some(r.wide_limits_95.upper)),
            numbers(rows, |r| Some(r.wide_limits_998.lower)),
            numbers(rows, |r| Some(r.wide_limits_998.upper)),
            texts(rows, |r| Some(r.wide_position.name())),
            numbers(rows, |r| Some(r.variance_between_forces)),
            integers(rows, |r| Some(r.forces)),
            texts(rows, |r| Some(r.method)),
            texts(rows, |r| r.basis.map(Basis::name)),
        ]
    }
}
