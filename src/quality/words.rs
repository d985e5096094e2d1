//! Numbers and results in words: every number in a sentence is the number of a row.

use crate::domain::Month;
use crate::statistics::xmr::Rule;
use crate::tables::over_time::ProcessLimits;
use crate::tables::quality::{Dimension, QualityRow};

/// `98.2%`. A share that is not whole never reads as 100% or 0%.
pub(super) fn percent(share: f64) -> String {
    let shown = (1000.0 * share).round() / 10.0;
    if share < 1.0 && shown >= 100.0 {
        return "over 99.9%".to_owned();
    }
    if share > 0.0 && shown <= 0.0 {
        return "under 0.1%".to_owned();
    }
    format!("{shown:.1}%")
}

/// `136,338`.
pub(super) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `completeness`, as a sentence has it.
pub(super) const fn dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::LinkRate => "link rate",
        other => other.name(),
    }
}

/// `completeness of crimes.officer, 98.2%`.
pub(super) fn measure(row: &QualityRow) -> String {
    let of = match &row.column {
        Some(column) => format!("{}.{column}", row.extract),
        None => row.extract.to_string(),
    };
    let what = dimension(row.dimension);
    match (row.share(), row.affected) {
        (Some(share), _) => format!("{what} of {of}, {}", percent(share)),
        (None, Some(days)) => format!("{what} of {of}, {days} {}", if days == 1 { "day" } else { "days" }),
        (None, None) => format!("{what} of {of}"),
    }
}

/// `July 2026`.
pub(super) fn month(month: Month) -> String {
    month.first_day().format("%B %Y").to_string()
}

/// What a rule says of a month.
pub(super) const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::AboveUpperLimit => "was above its upper limit",
        Rule::BelowLowerLimit => "was below its lower limit",
        Rule::Rising => "was one of seven or more rising months",
        Rule::Falling => "was one of seven or more falling months",
        Rule::NearUpperLimit => "was near its upper limit, as one of two in three months",
        Rule::NearLowerLimit => "was near its lower limit, as one of two in three months",
        Rule::ShiftAbove => "was one of seven or more months above its mean",
        Rule::ShiftBelow => "was one of seven or more months below its mean",
        Rule::CommonCause => "varied as it usually does",
    }
}

/// `8.1% to 9.9%`; limits that no share can reach are shown as the ends of the scale.
pub(super) fn usual_range(limits: ProcessLimits) -> String {
    format!("{} to {}", percent(limits.lower.max(0.0)), percent(limits.upper.min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_in_words() {
        for (share, text) in [
            (0.982, "98.2%"),
            (1.0, "100.0%"),
            (0.0, "0.0%"),
            (0.9996, "over 99.9%"),
            (0.9994, "99.9%"),
            (0.0002, "under 0.1%"),
            (0.98249, "98.2%"),
        ] {
            assert_eq!(percent(share), text, "{share}");
        }
    }

    #[test]
    fn counts_in_words() {
        for (count, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (136_338, "136,338"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(count), text);
        }
    }
}
