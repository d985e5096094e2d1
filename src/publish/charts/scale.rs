//! Axes: round ticks around the values, and the way from values to pixels.

use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;

use super::ChartUnit;
use super::canvas::{FINENESS, Point};

/// Values beyond this are treated as missing: no police figure comes near, and pixels would lose their precision.
const LARGEST: f64 = 1e15;
/// A value that can be drawn: finite and of a sensible size.
pub(super) fn drawable(value: f64) -> Option<f64> {
    (value.is_finite() && value.abs() <= LARGEST).then_some(value)
}

/// The range of an axis and the distance of its ticks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    pub low: f64,
    pub high: f64,
    pub step: f64,
}

/// What an axis must keep to.
#[derive(Debug, Clone, Copy)]
pub(super) struct AxisRules {
    /// Bars are read by their length, so their axis holds zero.
    pub from_zero: bool,
    /// No tick closer than this: 1 for whole counts.
    pub least_step: Option<f64>,
    /// The highest value there can be, unless a value is higher: 1 for a proportion.
    pub ceiling: Option<f64>,
    /// The most gaps between ticks, before the ends are rounded outwards.
    pub tick_gaps: f64,
    /// Range around values that are all equal to zero.
    pub range_of_zero: f64,
}

impl AxisRules {
    /// For marks and lines, which are read by their place: the axis need not hold zero.
    pub fn of_places(unit: ChartUnit) -> Self {
        let percent = unit == ChartUnit::Percent;
        Self {
            from_zero: false,
            least_step: None,
            ceiling: percent.then_some(1.0),
            tick_gaps: 6.0,
            range_of_zero: if percent { 0.1 } else { 5.0 },
        }
    }
}

impl Axis {
    /// An axis whose ticks enclose the values; from 0 to `range_of_zero` if there are none.
    pub fn around(values: &[f64], rules: AxisRules) -> Axis {
        let least = values.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let most = values.iter().copied().reduce(f64::max).unwrap_or(0.0);
        let (mut low, mut high) = padded(least, most, rules.range_of_zero);
        // An axis that nearly reaches zero starts there; nothing that is never negative gets a negative axis.
        if least >= 0.0 && low < 0.5 * (high - low) {
            low = 0.0;
        }
        if rules.from_zero {
            // Bars need no room beyond the longest.
            (low, high) = (least.min(0.0), most.max(0.0));
            high = if low == high { rules.range_of_zero } else { high };
        }
        let step = round_step((high - low) / rules.tick_gaps, rules.least_step);
        let ceiling = rules.ceiling.filter(|&c| most <= c).unwrap_or(f64::INFINITY);
        let high = ((high / step - 1e-9).ceil() * step).min(ceiling);
        Axis { low: (low / step + 1e-9).floor() * step, high, step }
    }

    /// The values that get a tick, from the lowest up.
    pub fn ticks(self) -> Vec<f64> {
        let first = (self.low / self.step).round();
        let count = ((self.high - self.low) / self.step + 1e-6).floor() as usize;
        (0..=count).map(|i| (first + i as f64) * self.step).collect()
    }
}

fn padded(least: f64, most: f64, range_of_zero: f64) -> (f64, f64) {
    let span = most - least;
    if span > 1e-9 * most.abs().max(least.abs()) {
        return (least - 0.06 * span, most + 0.06 * span);
    }
    if most == 0.0 {
        return (0.0, range_of_zero);
    }
    (least - 0.1 * least.abs(), most + 0.1 * most.abs())
}

/// The step of 1, 2 or 5 times a power of ten next above `rough`.
fn round_step(rough: f64, least: Option<f64>) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let multiples = [1.0, 2.0, 5.0, 10.0];
    let whole = |step: f64| least.is_none_or(|l| step >= l && (step / l).fract() == 0.0);
    let step = multiples.iter().map(|m| m * power).find(|&step| step >= rough * (1.0 - 1e-9) && whole(step));
    step.unwrap_or(10.0 * power).max(least.unwrap_or(0.0))
}

/// The rectangle, in pixels, that values are drawn in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// A frame with an axis each way.
pub(super) struct Plot {
    pub frame: Frame,
    coordinates: Cartesian2d<RangedCoordf64, RangedCoordf64>,
}

impl Plot {
    /// `x` runs to the right and `y` upwards.
    pub fn new(frame: Frame, x: (f64, f64), y: (f64, f64)) -> Plot {
        let fine = |pixels: f64| (pixels * FINENESS).round() as i32;
        let pixels = (fine(frame.left)..fine(frame.right), fine(frame.bottom)..fine(frame.top));
        let coordinates = Cartesian2d::new(x.0..x.1, y.0..y.1, pixels);
        Plot { frame, coordinates }
    }

    /// Where a pair of values stands, in pixels.
    pub fn point(&self, x: f64, y: f64) -> Point {
        use plotters::coord::CoordTranslate;
        let (px, py) = self.coordinates.translate(&(x, y));
        (f64::from(px) / FINENESS, f64::from(py) / FINENESS)
    }

    pub fn x(&self, x: f64) -> f64 {
        self.point(x, 0.0).0
    }

    pub fn y(&self, y: f64) -> f64 {
        self.point(0.0, y).1
    }
}

/// Moves labels of equal height apart along a line, keeping their order: the least shift that leaves `gap` between centres
/// and all within the bounds, if they fit there. Returns the new centre of each, in the order given.
pub(super) fn spread(wanted: &[f64], gap: f64, bounds: (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut placed = wanted.to_vec();
    // Labels that touch move as one cluster, centred on the mean of where they want to be.
    let mut clusters: Vec<(Vec<usize>, f64)> = Vec::new();
    for index in order {
        clusters.push((vec![index], wanted[index]));
        while let [.., (above, above_centre), (below, below_centre)] = clusters.as_slice() {
            let room = gap * (above.len() + below.len()) as f64 / 2.0;
            if below_centre - above_centre >= room - 1e-9 {
                break;
            }
            let members = [above.as_slice(), below.as_slice()].concat();
            let centre = members.iter().map(|&m| wanted[m]).sum::<f64>() / members.len() as f64;
            let half = gap * (members.len() - 1) as f64 / 2.0;
            let centre = centre.min(bounds.1 - half).max(bounds.0 + half);
            clusters.truncate(clusters.len() - 2);
            clusters.push((members, centre));
        }
    }
    for (members, centre) in clusters {
        let first = centre - gap * (members.len() - 1) as f64 / 2.0;
        for (position, member) in members.into_iter().enumerate() {
            placed[member] = first + gap * position as f64;
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: AxisRules =
        AxisRules { from_zero: false, least_step: None, ceiling: None, tick_gaps: 5.0, range_of_zero: 1.0 };
    const PROPORTION: AxisRules = AxisRules { ceiling: Some(1.0), range_of_zero: 0.1, ..FREE };
    const WHOLE: AxisRules = AxisRules { least_step: Some(1.0), ..FREE };
    const BARS: AxisRules = AxisRules { from_zero: true, ..PROPORTION };

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        let cases: [(&[f64], AxisRules, &[f64]); 10] = [
            (&[0.803, 0.977], PROPORTION, &[0.75, 0.8, 0.85, 0.9, 0.95, 1.0]),
            (&[0.96, 0.99], PROPORTION, &[0.95, 0.96, 0.97, 0.98, 0.99, 1.0]),
            (&[1.0, 1.0], PROPORTION, &[0.9, 0.95, 1.0]),
            (&[0.0, 0.0], PROPORTION, &[0.0, 0.02, 0.04, 0.06, 0.08, 0.1]),
            (&[], WHOLE, &[0.0, 1.0]),
            (&[0.0, 1.0, 3.0], WHOLE, &[0.0, 1.0, 2.0, 3.0, 4.0]),
            (&[5.0], WHOLE, &[4.0, 5.0, 6.0]),
            (&[950_000.0, 1_000_000.0], WHOLE, &[940_000.0, 960_000.0, 980_000.0, 1_000_000.0, 1_020_000.0]),
            (&[0.63, 0.81], BARS, &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
            (&[-40.0, -10.0], BARS, &[-40.0, -30.0, -20.0, -10.0, 0.0]),
        ];
        for (values, rules, expected) in cases {
            let ticks = Axis::around(values, rules).ticks();
            let same = ticks.len() == expected.len() && ticks.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
            assert!(same, "{values:?} gives {ticks:?}");
        }
    }

    #[test]
    fn an_axis_has_few_ticks_and_a_length_whatever_the_values() {
        for exponent in -12..=15 {
            let size = 10_f64.powi(exponent);
            for values in [vec![size], vec![-size], vec![0.0, size], vec![size, 1.0001 * size], vec![-size, 3.3 * size]]
            {
                for rules in [FREE, BARS, PROPORTION] {
                    let axis = Axis::around(&values, rules);
                    assert!(axis.high > axis.low, "{values:?} gives {axis:?}");
                    assert!((2..=9).contains(&axis.ticks().len()), "{values:?} gives {:?}", axis.ticks());
                    let enclosed = values.iter().all(|&v| axis.low <= v + 1e-9 * size && v <= axis.high + 1e-9 * size);
                    assert!(enclosed, "{values:?} is not within {axis:?}");
                }
            }
        }
    }

    #[test]
    fn labels_are_spread_without_overlap() {
        let cases: [(&[f64], &[f64]); 5] = [
            (&[], &[]),
            (&[10.0, 50.0], &[10.0, 50.0]),
            (&[50.0, 50.0], &[45.0, 55.0]),
            (&[98.0, 99.0, 97.0], &[90.0, 100.0, 80.0]),
            (&[0.0, 1.0, 60.0], &[0.0, 10.0, 60.0]),
        ];
        for (wanted, expected) in cases {
            assert_eq!(spread(wanted, 10.0, (0.0, 100.0)), expected);
        }
    }

    #[test]
    fn points_stand_where_the_axes_say() {
        let frame = Frame { left: 100.0, top: 50.0, right: 300.0, bottom: 150.0 };
        let plot = Plot::new(frame, (0.0, 10.0), (0.0, 1.0));
        for ((x, y), expected) in
            [((0.0, 0.0), (100.0, 150.0)), ((10.0, 1.0), (300.0, 50.0)), ((5.0, 0.5), (200.0, 100.0))]
        {
            assert_eq!(plot.point(x, y), expected);
        }
    }
}
