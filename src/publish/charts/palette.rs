//! The colours of every chart: the Government Analysis Function palette for data, and three greys for text and axes.
//!
//! Source of the palette: best-practice-and-impact.github.io/afcharts-py/04-colour-palettes.html. Every colour that carries
//! meaning has a contrast of 3:1 or more with white; text has 4.5:1 or more (WCAG 2.2, 1.4.11 and 1.4.3). No meaning is
//! carried by colour alone.

use plotters::style::RGBColor;

/// The own force; first series.
pub const DARK_BLUE: RGBColor = RGBColor(0x12, 0x43, 0x6D);
/// Special cause, improving.
pub const MID_BLUE: RGBColor = RGBColor(0x20, 0x73, 0xBC);
/// Targets and the group mean.
pub const DARK_PINK: RGBColor = RGBColor(0x80, 0x16, 0x50);
/// Special cause, concerning. Marks only: too light for text.
pub const ORANGE: RGBColor = RGBColor(0xF4, 0x6A, 0x25);
/// Special cause of a metric for which neither direction is better. Marks only: too light for text.
pub const LIGHT_PURPLE: RGBColor = RGBColor(0xA2, 0x85, 0xD1);
/// The national line.
pub const DARK_GREY: RGBColor = RGBColor(0x3D, 0x3D, 0x3D);
/// Bars of other forces: below 3:1, so always with an outline in `MID_GREY` and a value beside it.
pub const LIGHT_GREY: RGBColor = RGBColor(0xBF, 0xBF, 0xBF);

/// Titles, labels and whiskers.
pub const INK: RGBColor = RGBColor(0x1F, 0x29, 0x33);
/// Subtitles, axis labels and notes.
pub const MUTED: RGBColor = RGBColor(0x55, 0x60, 0x6D);
/// Ordinary points and their line, axes and outlines.
pub const MID_GREY: RGBColor = RGBColor(0x6E, 0x7A, 0x86);
/// Grid lines: decoration, beside labelled ticks.
pub const GRID: RGBColor = RGBColor(0xE3, 0xE7, 0xEB);
/// The band between the limits: decoration, beside labelled lines.
pub const BAND: RGBColor = RGBColor(0xF3, 0xF6, 0xF9);
pub const WHITE: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

/// Cells of a grid, lightest first: white to `DARK_BLUE`. Each carries its figure, as neighbours are below 3:1.
pub const SHADES: [RGBColor; 5] = [
    RGBColor(0xE7, 0xEC, 0xF0),
    RGBColor(0xBD, 0xCA, 0xD6),
    RGBColor(0x8D, 0xA5, 0xB9),
    RGBColor(0x4D, 0x72, 0x92),
    DARK_BLUE,
];

/// A colour as SVG and HTML write it: `#12436D`.
pub fn hex(colour: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast ratio as WCAG 2.2 defines them.
    fn contrast_with_white(colour: RGBColor) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2);
        1.05 / (luminance + 0.05)
    }

    #[test]
    fn marks_have_three_to_one_and_text_four_and_a_half_to_one() {
        for colour in [DARK_BLUE, MID_BLUE, DARK_PINK, ORANGE, LIGHT_PURPLE, DARK_GREY, MID_GREY] {
            assert!(contrast_with_white(colour) >= 3.0, "{} has {}", hex(colour), contrast_with_white(colour));
        }
        for colour in [INK, MUTED, DARK_PINK, DARK_GREY, DARK_BLUE] {
            assert!(contrast_with_white(colour) >= 4.5, "{} has {}", hex(colour), contrast_with_white(colour));
        }
    }

    #[test]
    fn contrast_agrees_with_a_published_pair() {
        // WebAIM: #767676 on white is the lightest grey that passes 4.5:1, at 4.54:1.
        assert!((contrast_with_white(RGBColor(0x76, 0x76, 0x76)) - 4.54).abs() < 0.005);
    }
}
