//! What became of crimes, area by area, as stacked bars that Office draws.

use super::area_chart::{areas, row};
use super::month_chart::of;
use super::sources::Sources;
use crate::office::chart::{Categories, NativeChart, Plot, Stacked, StackedPart, ValueAxis};
use crate::publish::charts::palette;
use crate::publish::facts::{Facts, UnitFigure};
use crate::publish::marked::Marked;
use crate::publish::metric_charts::OUTCOME_SHARES;
use crate::publish::words;

/// The areas with every share, by metric in the order of [`OUTCOME_SHARES`].
pub(super) struct Mix<'a> {
    areas: Vec<Vec<&'a UnitFigure>>,
    /// `12 months to 30 June 2026`.
    pub period: Marked,
}

/// In the newest period of the line of the first share; `None` where an area lacks one, or there is no area.
pub(super) fn mix(facts: &Facts) -> Option<Mix<'_>> {
    let (first, _) = OUTCOME_SHARES[0];
    let line = facts.lines.iter().find(|line| line.metric == first)?;
    let period = (line.period_type.as_deref()?, line.period_start?, line.period_end?);
    let of_metric = |metric: &str| areas(facts.figures.of_metric.get(metric).map_or(&[][..], Vec::as_slice), period);
    let shares: Vec<Vec<&UnitFigure>> = OUTCOME_SHARES.iter().map(|(metric, _)| of_metric(metric)).collect();
    let of_area = |area: &&UnitFigure| -> Option<Vec<&UnitFigure>> {
        shares.iter().map(|share| share.iter().copied().find(|figure| figure.unit == area.unit)).collect()
    };
    let areas: Option<Vec<Vec<&UnitFigure>>> = shares[0].iter().map(of_area).collect();
    let areas = areas.filter(|areas| !areas.is_empty())?;
    let said = words::period(period.0, period.1, period.2).of_row(&line.row());
    Some(Mix { areas, period: said })
}

pub(super) fn chart(mix: &Mix<'_>, sources: &mut Sources) -> NativeChart {
    let colours =
        [palette::DARK_BLUE, palette::MID_BLUE, palette::LIGHT_PURPLE, palette::ORANGE, palette::LIGHT_GREY].map(of);
    let alt = Marked::new().text("Stacked bars: shares of the crimes of each area by what became of them, ");
    let alt = sources.text(&alt.then(&mix.period).text("."));
    let parts = OUTCOME_SHARES.iter().zip(colours).enumerate().map(|(at, ((metric, name), colour))| {
        sources.series(name, &row(metric, mix.areas[0][at], None), "value");
        let values = mix.areas.iter().map(|area| Some(area[at].value)).collect();
        StackedPart { name: (*name).to_owned(), values, colour }
    });
    let parts = parts.collect();
    let names = mix.areas.iter().map(|area| words::unit_name(&area[0].unit).to_owned());
    NativeChart {
        alt,
        categories: Categories::Texts(names.collect()),
        plot: Plot::Stacked(Stacked { parts, horizontal: true, percent: false }),
        category_title: None,
        value_title: None,
        number_format: "0%".to_owned(),
        value_axis: ValueAxis::Between(0.0, 1.0),
    }
}
