//! Where a label may stand: its rectangle against other labels, marks and lines.

use super::canvas::Point;

/// A rectangle: left, top, right, bottom.
#[derive(Clone, Copy)]
pub(super) struct Area(pub f64, pub f64, pub f64, pub f64);

impl Area {
    /// The square about a mark.
    pub fn around((x, y): Point, radius: f64) -> Area {
        Area(x - radius, y - radius, x + radius, y + radius)
    }

    pub fn touches(&self, other: &Area) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    /// Whether a line passes through it. Lines run from left to right.
    pub fn is_crossed_by(&self, line: &[Point]) -> bool {
        line.windows(2).any(|pair| {
            let [(x1, y1), (x2, y2)] = [pair[0], pair[1]];
            let (left, right) = (self.0.max(x1), self.2.min(x2));
            if left > right {
                return false;
            }
            let at = |x: f64| y1 + (y2 - y1) * (x - x1) / (x2 - x1);
            let (a, b) = if x2 > x1 { (at(left), at(right)) } else { (y1, y2) };
            a.min(b) < self.3 && a.max(b) > self.1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_crosses_where_it_passes_through_and_not_beside() {
        let area = Area(10.0, 10.0, 30.0, 20.0);
        for (line, crosses) in [
            (vec![(0.0, 15.0), (40.0, 15.0)], true),
            (vec![(0.0, 0.0), (40.0, 40.0)], true),
            (vec![(0.0, 5.0), (40.0, 9.0)], false),
            (vec![(31.0, 0.0), (40.0, 40.0)], false),
            (vec![(15.0, 0.0), (15.0, 40.0)], true),
            (vec![(0.0, 15.0)], false),
        ] {
            assert_eq!(area.is_crossed_by(&line), crosses, "{line:?}");
        }
    }
}
