//! How wide a text is, from the widths of Arial's glyphs, and how many lines it takes.
//!
//! Widths are those of Liberation Sans, which are Arial's, in thousandths of the size, rounded up. A glyph that is not in the
//! table counts as wide as the size. Lines are broken at spaces alone, so that a count is seldom below what a reader's program has.

use super::content::Run;

/// From the space to the tilde.
const REGULAR: [u16; 95] = [
    278, 278, 355, 557, 557, 890, 667, 191, 334, 334, 390, 584, 278, 334, 278, 278, 557, 557, 557, 557, 557, 557, 557,
    557, 557, 557, 278, 278, 584, 584, 584, 557, 1016, 667, 667, 723, 723, 667, 611, 778, 723, 278, 500, 667, 557, 834,
    723, 778, 667, 778, 723, 667, 611, 723, 667, 944, 667, 667, 611, 278, 278, 278, 470, 557, 334, 557, 557, 500, 557,
    557, 278, 557, 557, 223, 223, 500, 223, 834, 557, 557, 557, 557, 334, 500, 278, 557, 500, 723, 500, 500, 500, 334,
    260, 334, 584,
];
const BOLD: [u16; 95] = [
    278, 334, 475, 557, 557, 890, 723, 238, 334, 334, 390, 584, 278, 334, 278, 278, 557, 557, 557, 557, 557, 557, 557,
    557, 557, 557, 334, 334, 584, 584, 584, 611, 976, 723, 723, 723, 723, 667, 611, 778, 723, 278, 557, 723, 611, 834,
    723, 778, 667, 778, 723, 667, 611, 723, 667, 944, 667, 667, 611, 334, 278, 334, 584, 557, 334, 557, 611, 557, 611,
    557, 334, 611, 611, 278, 278, 557, 278, 890, 611, 611, 611, 611, 390, 557, 334, 611, 557, 778, 557, 557, 500, 390,
    280, 390, 584,
];

/// Height of a line beside the size: Arial's 1.15, and some air for fonts that are taller.
pub(super) const LINE: f64 = 1.2;

/// Widths of a font, as a multiple of Arial's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measure {
    factor: f64,
}

impl Measure {
    /// Of a typeface by its name. One that is not known is taken to be wider than Arial.
    pub fn of(typeface: &str) -> Self {
        let name = typeface.to_lowercase();
        let narrow = ["arial", "helvetica", "liberation sans", "calibri", "carlito", "aptos", "times", "cambria"];
        let wide = ["verdana", "dejavu sans", "century gothic", "bookman", "courier"];
        let factor = if wide.iter().any(|w| name.starts_with(w)) {
            1.22
        } else if narrow.iter().any(|n| name.starts_with(n)) {
            1.0
        } else {
            1.1
        };
        Self { factor }
    }

    fn glyph(self, c: char, bold: bool, size: f64) -> f64 {
        let table = if bold { &BOLD } else { &REGULAR };
        let thousandths = match c {
            ' '..='~' => table[c as usize - ' ' as usize],
            '\u{a0}' | '‘' | '’' | '·' => 278,
            '–' | '£' | '±' | '×' | '≤' | '≥' => 584,
            '“' | '”' => 500,
            'à'..='å' | 'è'..='ë' | 'ò'..='ö' | 'ù'..='ü' | 'ç' | 'ñ' => 611,
            'ì'..='ï' => 278,
            _ => 1000,
        };
        f64::from(thousandths) / 1000.0 * size * self.factor
    }

    /// Points that a text takes on one line.
    pub fn width(self, text: &str, bold: bool, size: f64) -> f64 {
        text.chars().map(|c| self.glyph(c, bold, size)).sum()
    }

    /// Lines that runs take within a width in points; at least one. A word that is wider than a line is broken.
    pub fn lines(self, runs: &[Run], all_bold: bool, size: f64, width: f64) -> usize {
        let glyphs = runs.iter().flat_map(|run| run.text.chars().map(|c| (c, run.bold || all_bold)));
        let mut lines = 1;
        let (mut line, mut word, mut space) = (0.0_f64, 0.0_f64, 0.0_f64);
        for (c, bold) in glyphs {
            let glyph = self.glyph(c, bold, size);
            if c == '\n' {
                lines += 1;
                (line, word, space) = (0.0, 0.0, 0.0);
            } else if c == ' ' {
                line += space + word;
                (word, space) = (0.0, glyph);
            } else {
                word += glyph;
                if line + space + word > width && line > 0.0 {
                    lines += 1;
                    (line, space) = (0.0, 0.0);
                }
                if line + space + word > width && word > glyph {
                    lines += 1;
                    (line, word, space) = (0.0, glyph, 0.0);
                }
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Widths of "Wi" and "10%" by hand from Adobe's Helvetica metrics: W 944, i 222, 1 556, 0 556, % 889; bold i 278.
    #[test]
    fn widths_of_texts() {
        let arial = Measure::of("Arial");
        for (text, bold, expected) in [("Wi", false, 11.67), ("Wi", true, 12.22), ("10%", false, 20.04)] {
            assert!((arial.width(text, bold, 10.0) - expected).abs() < 0.02, "{text}");
        }
        assert!((Measure::of("Verdana").width("Wi", false, 10.0) - 11.67 * 1.22).abs() < 0.02);
    }

    // At 10 pt each x is 5 pt wide and a space 2.78.
    #[test]
    fn lines_of_texts() {
        let arial = Measure::of("Arial");
        for (text, width, expected) in [
            ("", 50.0, 1),
            ("xx xx", 23.0, 1),
            ("xx xx", 22.0, 2),
            ("xx xx xx", 22.0, 3),
            ("xxxxxxxxxx", 22.0, 3),
            ("x\nx", 50.0, 2),
            ("xx \nxx", 50.0, 2),
            ("xxxx xxxxxxxxxx", 22.0, 4),
        ] {
            assert_eq!(arial.lines(&[Run::plain(text)], false, 10.0, width), expected, "{text}");
        }
    }
}
