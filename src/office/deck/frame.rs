//! Places on a slide, in EMU (914,400 an inch, 12,700 a point).

pub(super) const EMU_PER_POINT: f64 = 12_700.0;
/// Between two blocks.
const GUTTER: i64 = 152_400;

/// A part of the content area of a slide: from its left and top edge, as shares of its width and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    pub const WHOLE: Self = Self { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };

    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }

    /// A cell, or several, of a grid of columns and rows; places from 0.
    pub fn cell(columns: u32, rows: u32, column: u32, row: u32, wide: u32, high: u32) -> Self {
        let (columns, rows) = (f64::from(columns.max(1)), f64::from(rows.max(1)));
        Self {
            x: f64::from(column) / columns,
            y: f64::from(row) / rows,
            width: f64::from(wide) / columns,
            height: f64::from(high) / rows,
        }
    }

    pub(super) fn is_inside(&self) -> bool {
        let edges = [self.x, self.y, self.x + self.width, self.y + self.height];
        edges.iter().all(|e| e.is_finite() && (-1e-9..=1.0 + 1e-9).contains(e)) && self.width > 0.0 && self.height > 0.0
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

impl Frame {
    pub fn right(&self) -> i64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> i64 {
        self.y + self.height
    }

    pub fn width_pt(&self) -> f64 {
        self.width as f64 / EMU_PER_POINT
    }

    pub fn height_pt(&self) -> f64 {
        self.height as f64 / EMU_PER_POINT
    }

    /// The part of this frame that an area is; half a gutter is left at edges that are inside.
    pub fn part(&self, area: Area) -> Self {
        let edge = |start: i64, length: i64, share: f64| start + (length as f64 * share).round() as i64;
        let inner = |share: f64| share > 0.001 && share < 0.999;
        let cut = |share: f64| if inner(share) { GUTTER / 2 } else { 0 };
        let left = edge(self.x, self.width, area.x) + cut(area.x);
        let right = edge(self.x, self.width, area.x + area.width) - cut(area.x + area.width);
        let top = edge(self.y, self.height, area.y) + cut(area.y);
        let bottom = edge(self.y, self.height, area.y + area.height) - cut(area.y + area.height);
        Self { x: left, y: top, width: right - left, height: bottom - top }
    }

    /// The largest frame of a shape within this one, in its middle.
    pub fn fitted(&self, width: f64, height: f64) -> Self {
        let scale = (self.width as f64 / width).min(self.height as f64 / height);
        let (wide, high) = ((width * scale).floor() as i64, (height * scale).floor() as i64);
        Self { x: self.x + (self.width - wide) / 2, y: self.y + (self.height - high) / 2, width: wide, height: high }
    }

    /// `a:xfrm` or `p:xfrm`.
    pub fn xfrm(&self, prefix: char) -> String {
        format!(
            "<{prefix}:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></{prefix}:xfrm>",
            self.x, self.y, self.width, self.height
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_of_a_frame() {
        let frame = Frame { x: 1_000_000, y: 2_000_000, width: 8_000_000, height: 4_000_000 };
        let part = |x, y, width, height| frame.part(Area::new(x, y, width, height));
        assert_eq!(frame.part(Area::WHOLE), frame);
        assert_eq!(part(0.0, 0.0, 0.5, 1.0), Frame { width: 4_000_000 - 76_200, ..frame });
        assert_eq!(part(0.5, 0.0, 0.5, 1.0), Frame { x: 5_076_200, width: 3_923_800, ..frame });
        assert_eq!(Area::cell(2, 2, 1, 0, 1, 2), Area::new(0.5, 0.0, 0.5, 1.0));
        for (area, inside) in [
            (Area::WHOLE, true),
            (Area::new(0.5, 0.0, 0.6, 1.0), false),
            (Area::new(-0.1, 0.0, 0.5, 1.0), false),
            (Area::new(0.0, 0.0, 0.0, 1.0), false),
            (Area::new(f64::NAN, 0.0, 0.5, 1.0), false),
        ] {
            assert_eq!(area.is_inside(), inside);
        }
        assert_eq!(
            frame.fitted(100.0, 100.0),
            Frame { x: 3_000_000, y: 2_000_000, width: 4_000_000, height: 4_000_000 }
        );
    }
}
