//! What stands beside a figure, as marked text.

use super::charts::ChartUnit;
use super::facts::ScorecardLine;
use super::marked::Marked;
use super::words;

/// `12.5% to 13.2%`.
pub fn interval(unit: ChartUnit, lower: Option<f64>, upper: Option<f64>) -> Option<Marked> {
    let (lower, upper) = (lower?, upper?);
    Some(Marked::new().number("lower_95", lower, &unit.format(lower)).text(" to ").number(
        "upper_95",
        upper,
        &unit.format(upper),
    ))
}

/// The counts behind a share, the base behind a mean; nothing beside a count, which is its own numerator.
pub fn counts(unit: ChartUnit, numerator: Option<f64>, denominator: Option<f64>) -> Option<Marked> {
    let denominator = denominator?;
    let whole =
        |value: f64| if value.fract() == 0.0 { ChartUnit::Count.format(value) } else { ChartUnit::Rate.format(value) };
    let base = Marked::new().number("denominator", denominator, &whole(denominator));
    Some(match (unit, numerator) {
        (ChartUnit::Percent, Some(n)) => Marked::new().number("numerator", n, &whole(n)).text(" of ").then(&base),
        (ChartUnit::Rate, Some(n)) => {
            Marked::new().number("numerator", n, &whole(n)).text(" over ").then(&base).text(" thousand residents")
        }
        (_, _) => Marked::new().text("n = ").then(&base),
    })
}

/// The rank with its interval: `3rd of 8 (2nd to 6th)`.
pub fn rank(row: &ScorecardLine) -> Option<Marked> {
    let (rank, size) = (row.rank?, row.group_size?);
    let said = Marked::new().count("rank", rank, &words::ordinal(rank)).text(" of ").count(
        "group_size",
        size,
        &size.to_string(),
    );
    Some(match row.rank_lower.zip(row.rank_upper).filter(|(low, high)| low != high) {
        Some((low, high)) => said
            .text(" (")
            .count("rank_lower", low, &words::ordinal(low))
            .text(" to ")
            .count("rank_upper", high, &words::ordinal(high))
            .text(")"),
        None => said,
    })
}
