//! What comes in by hour: which series are shown, and the titles that the counts select.

use chrono::NaiveDate;

use super::super::charts::hours::{HoursChart, HoursLine};
use super::super::charts::week::WeekChart;
use super::super::charts::{Chart, ChartError, hours, week};
use super::{period_words, source_words};
use crate::definitions::Definitions;
use crate::domain::{Level, capitalised};
use crate::tables::demand::{Calendar, DAYS_OF_WEEK, DemandSeries, HOURS_OF_DAY, Subject};

/// Demand of the force that the charts are for.
pub struct DemandChartInput<'a> {
    pub definitions: &'a Definitions,
    pub force: &'a str,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    /// Of any force and unit; of each, the newest period first.
    pub series: &'a [DemandSeries],
}

const CLOCK: &str = "Hours are those of the London clock, at their start. The hour that comes twice in autumn counts as two; \
    the one that is missing in spring is none.";

/// For each line and grade of the force, one chart of the week and one of the day, with their file names.
///
/// # Errors
/// A fault of drawing.
pub fn demand_charts(input: &DemandChartInput<'_>) -> Result<Vec<(String, Chart)>, ChartError> {
    let own = |s: &&DemandSeries| s.level == Level::Force && &*s.force == input.force;
    let mut made = Vec::new();
    for subject in Subject::ALL {
        let of_subject: Vec<&DemandSeries> = input.series.iter().filter(own).filter(|s| s.subject == subject).collect();
        let Some(newest) = of_subject.first().map(|s| s.period) else { continue };
        for series in of_subject.iter().filter(|s| s.period == newest && s.total() > 0) {
            let before = of_subject.iter().copied().find(|s| s.class == series.class && s.period != newest);
            let name = format!("demand_{}_{}", subject.name(), series.class.replace(' ', "_"));
            made.push((name.clone(), week::chart(&of_week(input, series))?));
            made.push((format!("{name}_by_hour"), hours::chart(&of_day(input, series, before))?));
        }
    }
    Ok(made)
}

/// What is counted: `999 calls`, `immediate incidents`.
fn what(series: &DemandSeries) -> String {
    let class = match &*series.class {
        "no attendance" => "no-attendance",
        other => other,
    };
    format!("{class} {}", series.subject.name())
}

fn period(series: &DemandSeries) -> String {
    let of = series.period;
    period_words(of.period_type, of.first.first_day(), of.last.last_day())
}

fn force_name<'a>(input: &'a DemandChartInput<'_>) -> &'a str {
    input.definitions.references.force_name(input.force).unwrap_or(input.force)
}

fn of_week(input: &DemandChartInput<'_>, series: &DemandSeries) -> WeekChart {
    let calendar = Calendar::of(series.period);
    let counts: [u64; HOURS_OF_DAY] = std::array::from_fn(|hour| series.count_of_day(hour));
    let busiest = busiest_half(&counts);
    WeekChart {
        title: week_title(&what(series), busiest),
        subtitle: format!(
            "{}, {}: {:.0}% of {} came between {}",
            force_name(input),
            period(series),
            100.0 * busiest.share,
            what(series),
            between(busiest)
        ),
        value_label: format!("Mean {} an hour", what(series)),
        cells: (0..DAYS_OF_WEEK)
            .map(|weekday| std::array::from_fn(|hour| series.mean_an_hour(&calendar, weekday, hour)))
            .collect(),
        period: period(series),
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: vec![CLOCK.to_owned()],
    }
}

fn of_day(input: &DemandChartInput<'_>, series: &DemandSeries, before: Option<&DemandSeries>) -> HoursChart {
    let line = |series: &DemandSeries| {
        let calendar = Calendar::of(series.period);
        HoursLine { name: period(series), values: std::array::from_fn(|hour| series.mean_of_day(&calendar, hour)) }
    };
    let (this_year, last_year) = (line(series), before.filter(|s| s.total() > 0).map(line));
    HoursChart {
        title: day_title(&what(series), peak(&this_year), last_year.as_ref().and_then(peak)),
        subtitle: format!("{}, all days of the week together", force_name(input)),
        value_label: format!("Mean {} an hour", what(series)),
        this_year,
        last_year,
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: vec![CLOCK.to_owned()],
    }
}

/// The shortest run of hours that holds half of the day's events or more.
#[derive(Clone, Copy, Debug, PartialEq)]
struct BusiestHalf {
    from: usize,
    hours: usize,
    share: f64,
}

/// Of runs of the same length the fullest, then the earliest; round midnight if need be.
fn busiest_half(counts: &[u64; HOURS_OF_DAY]) -> BusiestHalf {
    let total: u64 = counts.iter().sum();
    let run = |from: usize, hours: usize| (0..hours).map(|h| counts[(from + h) % HOURS_OF_DAY]).sum::<u64>();
    for hours in 1..HOURS_OF_DAY {
        let fullest = (0..HOURS_OF_DAY).rev().max_by_key(|from| run(*from, hours)).unwrap_or(0);
        if 2 * run(fullest, hours) >= total && total > 0 {
            return BusiestHalf { from: fullest, hours, share: run(fullest, hours) as f64 / total as f64 };
        }
    }
    BusiestHalf { from: 0, hours: HOURS_OF_DAY, share: 1.0 }
}

fn between(busiest: BusiestHalf) -> String {
    match (busiest.from + busiest.hours) % HOURS_OF_DAY {
        0 => format!("{:02}:00 and midnight", busiest.from),
        end => format!("{:02}:00 and {end:02}:00", busiest.from),
    }
}

/// Half of the events in less than half of the day, or not.
fn week_title(what: &str, busiest: BusiestHalf) -> String {
    if 2 * busiest.hours < HOURS_OF_DAY {
        format!("Half of {what} come between {}", between(busiest))
    } else {
        format!("{} come at all hours alike", capitalised(what))
    }
}

/// The hour of the highest mean, the earliest of several.
fn peak(line: &HoursLine) -> Option<usize> {
    let known = line.values.iter().enumerate().filter_map(|(hour, value)| Some((hour, (*value)?)));
    known.reduce(|best, hour| if hour.1 > best.1 { hour } else { best }).map(|(hour, _)| hour)
}

/// Another hour a year before is no finding: neighbouring hours change places by chance.
fn day_title(what: &str, this: Option<usize>, last: Option<usize>) -> String {
    let what = capitalised(what);
    match (this, last) {
        (Some(this), Some(last)) if this == last => format!("{what} peak at {this:02}:00, as a year before"),
        (Some(this), _) => format!("{what} peak at {this:02}:00"),
        (None, _) => format!("{what} by hour of the day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_half_is_the_shortest_run() {
        let mut evening = [1; HOURS_OF_DAY];
        (evening[22], evening[23], evening[0]) = (10, 12, 11);
        // 54 events; three hours round midnight have 33, any two 23 at most.
        let found = busiest_half(&evening);
        assert_eq!((found.from, found.hours, between(found).as_str()), (22, 3, "22:00 and 01:00"));
        assert_eq!(found.share, 33.0 / 54.0);
        let flat = busiest_half(&[5; HOURS_OF_DAY]);
        assert_eq!((flat.from, flat.hours, flat.share), (0, 12, 0.5));
        assert_eq!(busiest_half(&[0; HOURS_OF_DAY]).hours, HOURS_OF_DAY);
    }

    #[test]
    fn titles_go_by_the_counts_and_are_short() {
        let half = |hours| BusiestHalf { from: 14, hours, share: 0.5 };
        for (title, expected) in [
            (week_title("999 calls", half(8)), "Half of 999 calls come between 14:00 and 22:00"),
            (
                week_title("immediate incidents", half(10)),
                "Half of immediate incidents come between 14:00 and midnight",
            ),
            (week_title("immediate incidents", half(12)), "Immediate incidents come at all hours alike"),
            (day_title("101 calls", Some(9), Some(9)), "101 calls peak at 09:00, as a year before"),
            (day_title("101 calls", Some(9), Some(10)), "101 calls peak at 09:00"),
            (day_title("101 calls", Some(9), None), "101 calls peak at 09:00"),
            (day_title("101 calls", None, None), "101 calls by hour of the day"),
        ] {
            assert_eq!(title, expected);
            assert!(title.split(' ').count() < 10, "{title}");
        }
    }
}
