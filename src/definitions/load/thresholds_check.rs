//! From the wire form of thresholds to the checked one, laid over those that hold without them.

use std::ops::Range;

use toml::Spanned;

use super::checker::Checker;
use super::extract_toml::ThresholdsToml;
use crate::definitions::{Limits, Severity, Thresholds};

/// The words for what a gate does about an extract.
pub(super) const SEVERITIES: [(&str, Option<Severity>); 3] =
    [("stop", Some(Severity::Stop)), ("warn", Some(Severity::Warn)), ("off", None)];

/// `base`, with what the file states in its place.
pub(super) fn over(checker: &mut Checker<'_>, base: Thresholds, wire: &ThresholdsToml) -> Thresholds {
    let quarantined_share = shares(
        checker,
        base.quarantined_share,
        wire.warn_quarantined_share.as_ref(),
        wire.stop_quarantined_share.as_ref(),
    );
    let fewer_rows_share = shares(
        checker,
        base.fewer_rows_share,
        wire.warn_fewer_rows_share.as_ref(),
        wire.stop_fewer_rows_share.as_ref(),
    );
    let (warn, stop) = (wire.warn_newest_row_days.as_ref(), wire.stop_newest_row_days.as_ref());
    let newest_row_days = limits(checker, base.newest_row_days, warn.map(parts), stop.map(parts));
    let mut severity = |word: &Option<Spanned<String>>, base| match word {
        Some(word) => checker.word(word, "response", &SEVERITIES).unwrap_or(base),
        None => base,
    };
    Thresholds {
        quarantined_share,
        fewer_rows_share,
        newest_row_days,
        same_file_again: severity(&wire.same_file_again, base.same_file_again),
        other_force: severity(&wire.other_force, base.other_force),
    }
}

fn parts<T: Copy>(value: &Spanned<T>) -> (T, Range<usize>) {
    (*value.get_ref(), value.span())
}

fn shares(
    checker: &mut Checker<'_>,
    base: Limits<f64>,
    warn: Option<&Spanned<f64>>,
    stop: Option<&Spanned<f64>>,
) -> Limits<f64> {
    let mut share = |share: Option<&Spanned<f64>>| {
        let (value, span) = parts(share?);
        let good = (0.0..=1.0).contains(&value);
        if !good {
            checker.fault(span.clone(), format!("{value} is no share")).expected("from 0 to 1; 2% is 0.02");
        }
        good.then_some((value, span))
    };
    let (warn, stop) = (share(warn), share(stop));
    limits(checker, base, warn, stop)
}

/// The limits, each as stated here or else as it was. Of two that do not fit, the one stated here is at fault.
fn limits<T: Copy + PartialOrd + std::fmt::Display>(
    checker: &mut Checker<'_>,
    base: Limits<T>,
    warn: Option<(T, Range<usize>)>,
    stop: Option<(T, Range<usize>)>,
) -> Limits<T> {
    let value = |stated: &Option<(T, Range<usize>)>, base| stated.as_ref().map(|(value, _)| *value).or(base);
    let limits = Limits { warn: value(&warn, base.warn), stop: value(&stop, base.stop) };
    if let (Some(least), Some(most)) = (limits.warn, limits.stop)
        && least > most
    {
        let (span, expected) = match (warn, stop) {
            (Some((_, span)), _) => (span, format!("at most what stops, {most}")),
            (None, Some((_, span))) => (span, format!("at least what warns, {least}, or a lower limit for that too")),
            (None, None) => return limits,
        };
        checker.fault(span, "it would stop before it warns").expected(expected);
    }
    limits
}
