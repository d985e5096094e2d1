//! Text from data made safe, measured with the embedded font, and wrapped.

use std::sync::LazyLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::{ChartError, FONT_BOLD, FONT_REGULAR};

/// The embedded family's name.
pub(super) const FAMILY: &str = "Inter";
/// What a reader without Inter sees: faces of about its width, or narrower.
pub(super) const FAMILY_LIST: &str = "Inter,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Text made safe to measure and show: control characters and line breaks become spaces, runs of white space become one,
/// and characters that XML forbids or that turn the direction of text are left out.
pub(super) fn clean(raw: &str) -> String {
    let visible = raw.chars().filter_map(|c| match c {
        '\u{FFFE}' | '\u{FFFF}' => None,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => None,
        c if c.is_control() => Some(' '),
        c => Some(c),
    });
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title as the first sentence of an alternative text, with the space behind it; nothing where there is none.
pub(super) fn opening(title: &str) -> String {
    let title = clean(title);
    match title.trim_end_matches(['.', ' ']) {
        "" => String::new(),
        finding => format!("{finding}. "),
    }
}

/// A period in the middle of a sentence, behind its comma; nothing where there is none.
pub(super) fn after_comma(period: &str) -> String {
    let period = clean(period);
    if period.is_empty() { period } else { format!(", {period}") }
}

/// The last sentence of an alternative text where figures are made up.
pub(super) const fn synthetic_sentence(synthetic: bool) -> &'static str {
    if synthetic { " Synthetic data." } else { "" }
}

/// Clean text as XML writes it, in an element or in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Width of one line of text in pixels at a font size in pixels, without kerning (which on the whole narrows it).
///
/// # Errors
/// The embedded font cannot be read.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> Result<f64, ChartError> {
    // plotters sizes a font by its height, 1.21 em for Inter, and rounds to a whole pixel: hence 1,000 px an em.
    const HEIGHT_OF_EM: f64 = 1.21;
    static REGISTERED: LazyLock<bool> = LazyLock::new(|| {
        register_font(FAMILY, FontStyle::Normal, FONT_REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, FONT_BOLD).is_ok()
    });
    if !*REGISTERED {
        return Err(ChartError::Font("the embedded font cannot be read".to_owned()));
    }
    let style = match weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    let font = FontDesc::new(FontFamily::Name(FAMILY), 1000.0 * HEIGHT_OF_EM, style);
    let ((left, _), (right, _)) = font.layout_box(text).map_err(|e| ChartError::Font(e.to_string()))?;
    Ok(f64::from(right - left) / 1000.0 * size)
}

/// The widest of several texts, in pixels; 0 for none.
pub(super) fn widest<T: AsRef<str>>(texts: &[T], size: f64, weight: Weight) -> Result<f64, ChartError> {
    texts.iter().try_fold(0.0, |widest: f64, text| Ok(widest.max(width(text.as_ref(), size, weight)?)))
}

/// A style and the room a text has: enough to break it into lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrap {
    pub size: f64,
    pub weight: Weight,
    pub max_width: f64,
    pub max_lines: usize,
}

/// Text broken at spaces (within a word only if the word is wider than a line) into `max_lines` at most; an ellipsis ends
/// the last line if text is left over. Empty text gives no line.
pub(super) fn wrap(text: &str, room: Wrap) -> Result<Vec<String>, ChartError> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = clean(text);
    while !rest.is_empty() {
        if lines.len() + 1 == room.max_lines {
            lines.push(shorten(&rest, room)?);
            break;
        }
        let (line, left) = first_line(&rest, room)?;
        lines.push(line);
        rest = left;
    }
    Ok(lines)
}

/// Text on one line, cut with an ellipsis if it is wider than its room.
pub(super) fn shorten(text: &str, room: Wrap) -> Result<String, ChartError> {
    if width(text, room.size, room.weight)? <= room.max_width {
        return Ok(text.to_owned());
    }
    let ellipsis = width("…", room.size, room.weight)?;
    let kept = chars_that_fit(text, Wrap { max_width: room.max_width - ellipsis, ..room })?;
    Ok(format!("{}…", text.chars().take(kept).collect::<String>().trim_end()))
}

fn first_line(text: &str, room: Wrap) -> Result<(String, String), ChartError> {
    let fitting = chars_that_fit(text, room)?;
    let characters: Vec<char> = text.chars().collect();
    if fitting >= characters.len() {
        return Ok((text.to_owned(), String::new()));
    }
    let at_space = (1..=fitting).rev().find(|&i| characters[i] == ' ');
    let cut = at_space.unwrap_or(fitting.max(1));
    let (line, left) = characters.split_at(cut);
    Ok((line.iter().collect(), left.iter().collect::<String>().trim_start().to_owned()))
}

/// How many leading characters fit the room's width; widths are summed by character, so long text costs no more than one pass.
fn chars_that_fit(text: &str, room: Wrap) -> Result<usize, ChartError> {
    let mut used = 0.0;
    for (position, character) in text.chars().enumerate() {
        used += width(character.encode_utf8(&mut [0; 4]), room.size, room.weight)?;
        if used > room.max_width {
            return Ok(position);
        }
    }
    Ok(text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Wrap = Wrap { size: 14.0, weight: Weight::Regular, max_width: 120.0, max_lines: 3 };

    #[test]
    fn hostile_text_is_cleaned_and_escaped() {
        let cases = [
            ("a\u{0}b\n\tc  d", "a b c d"),
            ("\u{202E}gnirts\u{200B}", "gnirts"),
            ("  Llŷn a'r Ŵyl ", "Llŷn a'r Ŵyl"),
            ("\u{FFFF}", ""),
        ];
        for (raw, expected) in cases {
            assert_eq!(clean(raw), expected);
        }
        assert_eq!(escape("<b a='1' c=\"2\">&"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() -> Result<(), ChartError> {
        let text = "Fewer emergency calls are answered in ten seconds";
        let lines = wrap(text, Wrap { max_lines: 9, ..ROOM })?;
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), text);
        assert!(widest(&lines, ROOM.size, ROOM.weight)? <= ROOM.max_width);
        Ok(())
    }

    #[test]
    fn text_beyond_its_room_ends_in_an_ellipsis() -> Result<(), ChartError> {
        for text in
            ["w".repeat(500), "word ".repeat(200), "long words of nothing else but Llanfairpwllgwyngyll".repeat(3)]
        {
            let lines = wrap(&text, ROOM)?;
            assert_eq!(lines.len(), 3);
            assert!(lines[2].ends_with('…'));
            assert!(widest(&lines, ROOM.size, ROOM.weight)? <= ROOM.max_width);
        }
        assert!(wrap(" \n ", ROOM)?.is_empty());
        Ok(())
    }
}
