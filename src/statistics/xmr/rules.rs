//! The four rules of special cause and what each means for the force.
//!
//! A point carries the first of these that holds:
//! 1. outside: strictly beyond a limit;
//! 2. trend: part of seven points each strictly above (or below) the one before; a point shared by two trends belongs
//!    to the later;
//! 3. two of three: near a limit, in three neighbouring points of which two or more are near a limit (beyond two
//!    thirds of the way, not outside) and all three lie on the same side of the mean;
//! 4. shift: part of seven points in a row strictly on one side of the mean.

use super::super::Polarity;
use super::Limits;
use std::cmp::Ordering;

/// Points in a trend or a shift.
const RUN_LENGTH: usize = 7;

/// The rule that fired for a point, highest priority first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Strictly above the upper limit.
    AboveUpperLimit,
    /// Strictly below the lower limit.
    BelowLowerLimit,
    /// Part of seven rising points.
    Rising,
    /// Part of seven falling points.
    Falling,
    /// Near the upper limit, with another of three.
    NearUpperLimit,
    /// Near the lower limit, with another of three.
    NearLowerLimit,
    /// Part of seven above the mean.
    ShiftAbove,
    /// Part of seven below the mean.
    ShiftBelow,
    /// No rule: common-cause variation.
    CommonCause,
}

impl Rule {
    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AboveUpperLimit => "above_upper_limit",
            Self::BelowLowerLimit => "below_lower_limit",
            Self::Rising => "rising",
            Self::Falling => "falling",
            Self::NearUpperLimit => "near_upper_limit",
            Self::NearLowerLimit => "near_lower_limit",
            Self::ShiftAbove => "shift_above",
            Self::ShiftBelow => "shift_below",
            Self::CommonCause => "common_cause",
        }
    }

    /// What the rule means for the force. A trend counts by its direction, wherever it lies about the mean.
    pub const fn class(self, polarity: Polarity) -> Class {
        let upwards = match self {
            Self::AboveUpperLimit | Self::Rising | Self::NearUpperLimit | Self::ShiftAbove => true,
            Self::BelowLowerLimit | Self::Falling | Self::NearLowerLimit | Self::ShiftBelow => false,
            Self::CommonCause => return Class::CommonCause,
        };
        match (polarity, upwards) {
            (Polarity::HigherIsBetter, true) | (Polarity::LowerIsBetter, false) => Class::Improving,
            (Polarity::HigherIsBetter, false) | (Polarity::LowerIsBetter, true) => Class::Concerning,
            (Polarity::Neutral, true) => Class::High,
            (Polarity::Neutral, false) => Class::Low,
        }
    }
}

/// The colour class of a point, and the variation icon of the latest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// No special cause.
    CommonCause,
    /// Special cause in the better direction.
    Improving,
    /// Special cause in the worse direction.
    Concerning,
    /// Special cause upwards where neither direction is better.
    High,
    /// Special cause downwards where neither direction is better.
    Low,
}

impl Class {
    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommonCause => "common_cause",
            Self::Improving => "improving",
            Self::Concerning => "concerning",
            Self::High => "high",
            Self::Low => "low",
        }
    }
}

/// Where a point lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Against the mean.
    side: Ordering,
    outside: bool,
    near: bool,
}

/// The rule of every point of a phase, each held against its own limits, as those of a p or u chart follow the
/// denominator. The values are finite, and there is one of `limits` for each.
pub fn rules(values: &[f64], limits: &[Limits]) -> Vec<Rule> {
    let places: Vec<Place> = values.iter().zip(limits).map(|(value, limits)| place(*value, limits)).collect();
    let sides: Vec<Ordering> = places.iter().map(|place| place.side).collect();
    let steps: Vec<Ordering> = values.windows(2).map(|pair| direction(pair[0], pair[1])).collect();

    // From the lowest priority to the highest, each overwriting the one before.
    let mut rules = vec![Rule::CommonCause; places.len()];
    for (first, side) in runs(&sides, RUN_LENGTH) {
        rules[first..first + RUN_LENGTH].fill(by_side(side, Rule::ShiftAbove, Rule::ShiftBelow));
    }
    for (first, three) in places.windows(3).enumerate() {
        if is_two_of_three(three) {
            for (place, rule) in three.iter().zip(&mut rules[first..]).filter(|(place, _)| place.near) {
                *rule = by_side(place.side, Rule::NearUpperLimit, Rule::NearLowerLimit);
            }
        }
    }
    // Six steps one way join seven points; a later trend overwrites the point it shares with an earlier one.
    for (first, direction) in runs(&steps, RUN_LENGTH - 1) {
        rules[first..first + RUN_LENGTH].fill(by_side(direction, Rule::Rising, Rule::Falling));
    }
    for (place, rule) in places.iter().zip(&mut rules).filter(|(place, _)| place.outside) {
        *rule = by_side(place.side, Rule::AboveUpperLimit, Rule::BelowLowerLimit);
    }
    rules
}

fn place(value: f64, limits: &Limits) -> Place {
    let outside = value > limits.upper || value < limits.lower;
    Place {
        side: direction(limits.centre, value),
        outside,
        near: !outside && (value > limits.near_upper || value < limits.near_lower),
    }
}

/// Which way it is from one finite value to another.
fn direction(from: f64, to: f64) -> Ordering {
    to.partial_cmp(&from).unwrap_or(Ordering::Equal)
}

/// First index and direction of every window of `length` neighbours that all point the same way, up or down.
fn runs(directions: &[Ordering], length: usize) -> impl Iterator<Item = (usize, Ordering)> {
    directions
        .windows(length)
        .enumerate()
        .filter(|(_, window)| window[0] != Ordering::Equal && window.iter().all(|direction| *direction == window[0]))
        .map(|(first, window)| (first, window[0]))
}

fn is_two_of_three(three: &[Place]) -> bool {
    let same_side = three[0].side != Ordering::Equal && three.iter().all(|place| place.side == three[0].side);
    same_side && three.iter().filter(|place| place.near).count() >= 2
}

fn by_side(direction: Ordering, up: Rule, down: Rule) -> Rule {
    if direction == Ordering::Greater { up } else { down }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean 0, near beyond 2, outside beyond 3.
    const LIMITS: Limits = Limits { centre: 0.0, lower: -3.0, upper: 3.0, near_lower: -2.0, near_upper: 2.0 };

    /// One letter a rule: A/B outside, R/F trend, U/L near, H/W shift, `.` common.
    fn letters(values: &[f64]) -> String {
        let letter = |rule: Rule| match rule {
            Rule::AboveUpperLimit => 'A',
            Rule::BelowLowerLimit => 'B',
            Rule::Rising => 'R',
            Rule::Falling => 'F',
            Rule::NearUpperLimit => 'U',
            Rule::NearLowerLimit => 'L',
            Rule::ShiftAbove => 'H',
            Rule::ShiftBelow => 'W',
            Rule::CommonCause => '.',
        };
        rules(values, &vec![LIMITS; values.len()]).into_iter().map(letter).collect()
    }

    #[test]
    fn rules_and_ties() {
        for (name, values, expected) in [
            ("nothing", &[][..], ""),
            ("outside is strict", &[3.0, 3.1, -3.0, -3.1], ".A.B"),
            ("six on a side are no shift", &[1.0, 1.5, 1.0, 1.5, 1.0, 1.5, -1.0], "......."),
            ("seven are", &[1.0, 1.5, 1.0, 1.5, 1.0, 1.5, 1.0, -1.0], "HHHHHHH."),
            ("nine are", &[-1.0, -1.5, -1.0, -1.5, -1.0, -1.5, -1.0, -1.5, -1.0], "WWWWWWWWW"),
            ("a point on the mean breaks a shift", &[1.0, 1.5, 1.0, 0.0, 1.0, 1.5, 1.0, 1.5], "........"),
            ("six rising points are no trend", &[-1.0, -0.5, -0.2, 0.3, 0.5, 1.0, 0.9], "......."),
            ("seven are", &[-1.0, -0.5, -0.2, 0.3, 0.5, 1.0, 1.2, 0.1], "RRRRRRR."),
            ("zero is zero whatever its sign", &[-0.0, 1.0, 1.5, 1.0, 1.5, 1.0, 1.5], "......."),
            ("a tie breaks a trend", &[-1.0, -0.5, -0.5, 0.3, 0.5, 1.0, 1.2], "......."),
            (
                "a shared point belongs to the later trend",
                &[-1.0, -0.5, -0.2, 0.3, 0.5, 1.0, 1.2, 0.9, 0.6, 0.4, -0.1, -0.3, -0.7],
                "RRRRRRFFFFFFF",
            ),
            ("two of three, only the near ones", &[2.5, 1.0, 2.5, -1.0], "U.U."),
            ("the third on the other side", &[2.5, -1.0, 2.5, -1.0], "...."),
            ("the third on the mean", &[2.5, 0.0, 2.5], "..."),
            ("two alone are not three", &[2.5, 2.5], ".."),
            ("near needs to be strictly beyond", &[2.0, 2.0, 2.0], "..."),
            ("below, too", &[-2.0, -2.0, -2.0], "..."),
            ("on the limit is near", &[3.0, 3.0, 1.0], "UU."),
            ("three near", &[-2.5, -2.5, -2.5], "LLL"),
            ("an outside point is not near but may be the third", &[2.5, 3.5, 2.5], "UAU"),
            ("one near and one outside are not two", &[2.5, 3.5, 1.0], ".A."),
            ("outside before trend", &[-1.0, -0.5, -0.2, 0.3, 0.5, 1.0, 3.2], "RRRRRRA"),
            ("trend before two of three before shift", &[1.0, 2.5, 2.4, 2.3, 2.2, 2.1, 0.5, 0.4], "HFFFFFFF"),
            ("two of three before shift", &[1.0, 2.5, 2.5, 1.0, 1.5, 1.0, 1.5], "HUUHHHH"),
        ] {
            assert_eq!(letters(values), expected, "{name}");
        }
    }

    /// The same values within wide limits and beyond narrow ones.
    #[test]
    fn each_point_has_its_own_limits() {
        let narrow = Limits { lower: -1.5, upper: 1.5, near_lower: -1.0, near_upper: 1.0, ..LIMITS };
        let found = rules(&[1.6, 1.6, 1.2, 1.2, -0.5], &[LIMITS, narrow, narrow, narrow, LIMITS]);
        use Rule::{AboveUpperLimit, CommonCause, NearUpperLimit};
        assert_eq!(found, [CommonCause, AboveUpperLimit, NearUpperLimit, NearUpperLimit, CommonCause]);
    }

    #[test]
    fn a_class_needs_the_polarity() {
        use Class::{CommonCause, Concerning, High, Improving, Low};
        for (rule, higher, lower, neutral) in [
            (Rule::AboveUpperLimit, Improving, Concerning, High),
            (Rule::BelowLowerLimit, Concerning, Improving, Low),
            (Rule::Rising, Improving, Concerning, High),
            (Rule::Falling, Concerning, Improving, Low),
            (Rule::NearUpperLimit, Improving, Concerning, High),
            (Rule::NearLowerLimit, Concerning, Improving, Low),
            (Rule::ShiftAbove, Improving, Concerning, High),
            (Rule::ShiftBelow, Concerning, Improving, Low),
            (Rule::CommonCause, CommonCause, CommonCause, CommonCause),
        ] {
            assert_eq!(rule.class(Polarity::HigherIsBetter), higher);
            assert_eq!(rule.class(Polarity::LowerIsBetter), lower);
            assert_eq!(rule.class(Polarity::Neutral), neutral);
        }
    }
}
