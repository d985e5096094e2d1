//! Charts that Office draws itself, and whose data a reader can open and edit.
//!
//! A chart part keeps its values a second time, as it was last drawn; both are written from the same columns, and the formulas name
//! the cells of the embedded workbook.

mod axes;
mod parts;
mod sheet;
#[cfg(test)]
mod tests;

use chrono::{NaiveDate, NaiveDateTime};

use super::OfficeError;
use super::content::Colour;
use super::package::{KIND, Package, Target};
use sheet::Sheet;

const CHART_TYPE: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
const WORKBOOK_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A chart with an axis of categories and one of values.
#[derive(Clone, Debug, PartialEq)]
pub struct NativeChart {
    /// What the chart shows, for who does not see it.
    pub alt: String,
    pub categories: Categories,
    pub plot: Plot,
    pub category_title: Option<String>,
    pub value_title: Option<String>,
    /// A number format of Excel, such as `0.0` or `#,##0`; for the axis, the labels and the cells.
    pub number_format: String,
    pub value_axis: ValueAxis,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Categories {
    /// The first days of months, rising.
    Months(Vec<NaiveDate>),
    Texts(Vec<String>),
}

impl Categories {
    fn len(&self) -> usize {
        match self {
            Self::Months(months) => months.len(),
            Self::Texts(texts) => texts.len(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum ValueAxis {
    #[default]
    FromZero,
    /// Where the program that draws it lets it begin.
    Free,
    Between(f64, f64),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Plot {
    Lines(Vec<Line>),
    Bars(Bars),
    Stacked(Stacked),
}

/// A series of a line chart. `None` is a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub name: String,
    pub values: Vec<Option<f64>>,
    pub colour: Colour,
    pub look: Look,
    pub label: Label,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// What the chart is about.
    Solid,
    /// With a point at each value.
    Dotted,
    /// A centre line.
    Thin,
    /// Limits, targets.
    Dashed,
    /// Points without a line: special causes.
    Points(Marker),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    Circle,
    Diamond,
    Square,
    Triangle,
}

/// Where the name of a series stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    Legend,
    /// Beside its last value, and not in the legend.
    AtEnd,
    /// Nowhere: the second of two limits.
    None,
}

/// A bar for each category.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    pub name: String,
    pub values: Vec<Option<f64>>,
    pub colour: Colour,
    pub horizontal: bool,
    /// The value beside each bar. With errors it would stand on them, so it is one or the other.
    pub value_labels: bool,
    pub errors: Option<Errors>,
    /// Bars that stand out, by their place.
    pub highlighted: Vec<(usize, Colour)>,
}

/// How far an interval goes above and below each value, both 0 or more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errors {
    pub plus: Vec<Option<f64>>,
    pub minus: Vec<Option<f64>>,
}

/// Bars cut into parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Stacked {
    pub parts: Vec<StackedPart>,
    pub horizontal: bool,
    /// Each bar as 100%; the values stay what they are.
    pub percent: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StackedPart {
    pub name: String,
    pub values: Vec<Option<f64>>,
    pub colour: Colour,
}

impl NativeChart {
    fn wrong(&self, what: impl Into<String>) -> OfficeError {
        OfficeError::Chart { chart: self.alt.clone(), what: what.into() }
    }

    /// Every column of values with its name, in the order of the sheet.
    fn columns(&self) -> Vec<(String, &[Option<f64>])> {
        match &self.plot {
            Plot::Lines(lines) => lines.iter().map(|l| (l.name.clone(), l.values.as_slice())).collect(),
            Plot::Stacked(stacked) => stacked.parts.iter().map(|p| (p.name.clone(), p.values.as_slice())).collect(),
            Plot::Bars(bars) => {
                let mut columns = vec![(bars.name.clone(), bars.values.as_slice())];
                if let Some(errors) = &bars.errors {
                    columns.push((format!("{}: interval above", bars.name), errors.plus.as_slice()));
                    columns.push((format!("{}: interval below", bars.name), errors.minus.as_slice()));
                }
                columns
            }
        }
    }

    /// The highest place that something is drawn at, above 0: bars with their intervals, stacks whole.
    fn highest(&self) -> f64 {
        let top = |values: &[Option<f64>]| values.iter().flatten().copied().fold(0.0, f64::max);
        match &self.plot {
            Plot::Lines(lines) => lines.iter().map(|line| top(&line.values)).fold(0.0, f64::max),
            Plot::Bars(bars) => {
                let above = bars.errors.as_ref().map(|errors| errors.plus.as_slice()).unwrap_or_default();
                let with = |(at, value): (usize, &Option<f64>)| {
                    Some((*value)? + above.get(at).copied().flatten().unwrap_or(0.0))
                };
                bars.values.iter().enumerate().filter_map(with).fold(0.0, f64::max)
            }
            Plot::Stacked(stacked) => {
                let whole =
                    |at: usize| stacked.parts.iter().filter_map(|part| part.values.get(at).copied().flatten()).sum();
                (0..self.categories.len()).map(whole).fold(0.0, f64::max)
            }
        }
    }

    fn checked(&self) -> Result<(), OfficeError> {
        let columns = self.columns();
        let rows = self.categories.len();
        if columns.is_empty() || rows == 0 {
            return Err(self.wrong("has no series or no category; leave it out"));
        }
        for (name, values) in &columns {
            if values.len() != rows {
                return Err(self.wrong(format!("has {} values of {name} for {rows} categories", values.len())));
            }
            if values.iter().flatten().any(|value| !value.is_finite()) {
                return Err(self.wrong(format!("has a value of {name} that is no number; give none there")));
            }
        }
        match &self.plot {
            Plot::Bars(Bars { errors: Some(errors), value_labels, .. }) => {
                if *value_labels {
                    return Err(self.wrong("has both intervals and labels of values; choose one"));
                }
                if errors.plus.iter().chain(&errors.minus).flatten().any(|length| *length < 0.0) {
                    return Err(self.wrong("has an interval whose length is below 0"));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Puts the chart and its workbook into a package below a folder such as `ppt`, and gives the chart's relationship id from `from`.
    pub(super) fn put(
        &self,
        package: &mut Package,
        folder: &str,
        from: &str,
        created: NaiveDateTime,
    ) -> Result<String, OfficeError> {
        self.checked()?;
        let sheet = Sheet::of(self);
        let workbook = sheet.workbook(created).map_err(|error| self.wrong(format!("has no workbook ({error})")))?;
        let chart = package.free_name(&format!("{folder}/charts/chart"), ".xml");
        let book = package.free_name(&format!("{folder}/embeddings/chart_data"), ".xlsx");
        package.put(&book, WORKBOOK_TYPE, workbook);
        package.put(&chart, CHART_TYPE, Vec::new());
        let id = package.relate(&chart, &format!("{KIND}/package"), Target::Part(book));
        if let Some(part) = package.parts.get_mut(&chart) {
            part.bytes = parts::chart_space(self, &sheet, &id).into_bytes();
        }
        Ok(package.relate(from, &format!("{KIND}/chart"), Target::Part(chart)))
    }
}
