//! How a figure is written on a chart. Rounding happens here and nowhere before.

use std::fmt;

/// The unit of a chart's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartUnit {
    /// A proportion or ratio: 0.855 is written 85.5%.
    Percent,
    Count,
    Seconds,
    Minutes,
    Days,
    /// Events of a month over its days.
    PerDay,
    /// A rate whose base the label gives ("per 1,000 residents").
    Rate,
}

impl ChartUnit {
    /// A value with its unit: `85.5%`, `1,234`, `4.5 s`.
    pub fn format(self, value: f64) -> String {
        self.with_unit(value, self.short_name())
    }

    /// As [`ChartUnit::format`] with the unit in full, for sentences: `4.5 seconds`.
    pub fn format_in_words(self, value: f64) -> String {
        self.with_unit(value, self.long_name())
    }

    fn with_unit(self, value: f64, unit: &str) -> String {
        let shown = value * self.factor();
        let number = grouped(shown, self.decimals(shown));
        match self {
            ChartUnit::Percent => format!("{number}%"),
            _ if unit.is_empty() => number,
            _ => format!("{number} {unit}"),
        }
    }

    /// A tick of an axis whose ticks are `step` apart.
    pub(super) fn format_tick(self, value: f64, step: f64) -> String {
        let number = grouped(value * self.factor(), decimals_of_step(step * self.factor()));
        if self == ChartUnit::Percent { format!("{number}%") } else { number }
    }

    /// An axis label with the unit that the ticks leave out: `Mean time to answer (seconds)`.
    pub(super) fn label(self, what: &str) -> String {
        match (what.is_empty(), self.long_name()) {
            (_, "") => what.to_owned(),
            (true, unit) => unit.to_owned(),
            (false, unit) => format!("{what} ({unit})"),
        }
    }

    fn long_name(self) -> &'static str {
        match self {
            ChartUnit::Seconds => "seconds",
            ChartUnit::Minutes => "minutes",
            ChartUnit::Days => "days",
            ChartUnit::PerDay => "a day",
            ChartUnit::Percent | ChartUnit::Count | ChartUnit::Rate => "",
        }
    }

    fn short_name(self) -> &'static str {
        match self {
            ChartUnit::Seconds => "s",
            ChartUnit::Minutes => "min",
            other => other.long_name(),
        }
    }

    fn factor(self) -> f64 {
        if self == ChartUnit::Percent { 100.0 } else { 1.0 }
    }

    /// Enough decimals to tell small values from zero, no more than a reader can use.
    fn decimals(self, shown: f64) -> usize {
        let size = shown.abs();
        match self {
            ChartUnit::Count if shown.fract() == 0.0 => 0,
            ChartUnit::Percent if size >= 0.1 || size == 0.0 => 1,
            ChartUnit::Percent if size >= 0.01 => 2,
            ChartUnit::Percent => 3,
            ChartUnit::Count | ChartUnit::PerDay | ChartUnit::Rate => match size {
                0.0 => 1,
                s if s < 0.01 => 4,
                s if s < 10.0 => 2,
                s if s < 1000.0 => 1,
                _ => 0,
            },
            ChartUnit::Seconds | ChartUnit::Minutes | ChartUnit::Days => usize::from(size < 100.0),
        }
    }
}

/// A month of a year. Months are ordered in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChartMonth {
    year: i32,
    month: u8,
}

const MONTH_NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl ChartMonth {
    /// `month` from 1 to 12 and `year` from 1 to 9999, else `None`.
    pub fn new(year: i32, month: u8) -> Option<ChartMonth> {
        let valid = (1..=12).contains(&month) && (1..=9999).contains(&year);
        valid.then_some(ChartMonth { year, month })
    }

    /// Months since January of year 0.
    pub(super) fn index(self) -> i32 {
        self.year * 12 + i32::from(self.month) - 1
    }

    pub(super) fn year_of(index: i32) -> i32 {
        index.div_euclid(12)
    }

    /// The month's name: `Sep`.
    pub(super) fn name_of(index: i32) -> &'static str {
        MONTH_NAMES[index.rem_euclid(12) as usize]
    }
}

/// `Sep 2026`.
impl fmt::Display for ChartMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", ChartMonth::name_of(self.index()), self.year)
    }
}

/// `1234.56` as `1,234.6`, with a true minus sign, and never a minus zero.
pub(super) fn grouped(value: f64, decimals: usize) -> String {
    // A tie rounds away from zero, as in Excel: 81.25 is 81.3 here and in a workbook.
    let power = 10_f64.powi(decimals as i32);
    let plain = format!("{:.decimals$}", (value.abs() * power).round() / power);
    let (whole, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut number = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            number.push(',');
        }
        number.push(digit);
    }
    number.push_str(fraction);
    let zero = number.chars().all(|c| matches!(c, '0' | '.' | ','));
    if value < 0.0 && !zero { format!("\u{2212}{number}") } else { number }
}

fn decimals_of_step(step: f64) -> usize {
    (0..=9)
        .find(|&decimals| {
            let scaled = step * 10_f64.powi(decimals as i32);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1e-9)
        })
        .unwrap_or(9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_with_their_unit() {
        let cases = [
            (ChartUnit::Percent, 0.8554, "85.5%"),
            (ChartUnit::Percent, 0.8125, "81.3%"),
            (ChartUnit::Percent, 0.0, "0.0%"),
            (ChartUnit::Percent, 0.0004, "0.04%"),
            (ChartUnit::Percent, 1.2, "120.0%"),
            (ChartUnit::Percent, -0.032, "\u{2212}3.2%"),
            (ChartUnit::Count, 0.0, "0"),
            (ChartUnit::Count, -0.0, "0"),
            (ChartUnit::Count, 1_000_000.0, "1,000,000"),
            (ChartUnit::Count, 412.27, "412.3"),
            (ChartUnit::Count, 3.456, "3.46"),
            (ChartUnit::Rate, 1.4237, "1.42"),
            (ChartUnit::Rate, 0.0049, "0.0049"),
            (ChartUnit::Seconds, 4.52, "4.5 s"),
            (ChartUnit::Minutes, 12.0, "12.0 min"),
            (ChartUnit::Days, 98.04, "98.0 days"),
            (ChartUnit::Days, 1204.4, "1,204 days"),
        ];
        for (unit, value, expected) in cases {
            assert_eq!(unit.format(value), expected, "{unit:?} {value}");
        }
        assert_eq!(ChartUnit::Seconds.format_in_words(4.52), "4.5 seconds");
    }

    #[test]
    fn ticks_show_the_decimals_of_their_step() {
        let cases = [
            (ChartUnit::Percent, 0.85, 0.05, "85%"),
            (ChartUnit::Percent, 0.025, 0.025, "2.5%"),
            (ChartUnit::Count, 200_000.0, 50_000.0, "200,000"),
            (ChartUnit::Rate, 0.3, 0.05, "0.30"),
            (ChartUnit::Seconds, 20.0, 5.0, "20"),
        ];
        for (unit, value, step, expected) in cases {
            assert_eq!(unit.format_tick(value, step), expected);
        }
    }

    #[test]
    fn months_are_ordered_and_named() {
        let (december, january) = (ChartMonth::new(2025, 12), ChartMonth::new(2026, 1));
        assert!(december < january);
        assert_eq!(january.map(|m| m.to_string()).as_deref(), Some("Jan 2026"));
        assert_eq!(january.map(|m| m.index()), december.map(|m| m.index() + 1));
        for (year, month) in [(2026, 0), (2026, 13), (0, 1), (10_000, 1)] {
            assert_eq!(ChartMonth::new(year, month), None);
        }
    }
}
