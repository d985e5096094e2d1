//! Text from outside, made safe to print, to log and to open in a spreadsheet. What a table holds is never changed.

use std::borrow::Cow;

/// Text on one line for a terminal or a log: control characters, line ends among them, and characters that hide or turn
/// the direction of text stand as `\n`, `\t` or `\u{1b}`. A backslash stays one, so that paths can be read.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, is_unsafe)
}

/// The same, with line ends and tabs kept: for messages that are several lines long.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_unsafe(c) && c != '\n' && c != '\t')
}

/// The first characters of a text, made visible, at most `most` of them; an ellipsis stands for what is left out.
pub fn visible_start(text: &str, most: usize) -> String {
    // A safe character is one, an unsafe one is more: `most` of the source are always enough.
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    let shown = visible(&text[..end]);
    if end == text.len() && shown.chars().count() <= most {
        return shown.into_owned();
    }
    let mut start: String = shown.chars().take(most.saturating_sub(1)).collect();
    start.push('…');
    start
}

/// Text as a cell of a spreadsheet: never a formula, and without control characters but line ends and tabs. An apostrophe
/// is put before text that a spreadsheet could take for a formula, also behind spaces.
pub fn spreadsheet_text(text: &str) -> Cow<'_, str> {
    let shown = escaped(text, |c| is_unsafe(c) && !matches!(c, '\n' | '\r' | '\t'));
    let starts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    match shown.trim_start_matches(' ').chars().next() {
        Some(c) if starts(c) => format!("'{shown}").into(),
        _ => shown,
    }
}

/// Moves the cursor, changes colours, hides, or turns the direction of what follows.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

fn escaped(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hidden) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_moves_or_hides_is_shown() {
        for (raw, shown) in [
            ("Llŷn a'r Ŵyl, £5 – 中", "Llŷn a'r Ŵyl, £5 – 中"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("over\rwritten", "over\\rwritten"),
            ("\u{9b}31m\u{7f}\u{0}", "\\u{9b}31m\\u{7f}\\u{0}"),
            ("\u{202E}gnirts\u{2066}\u{200b}\u{feff}", "\\u{202e}gnirts\\u{2066}\\u{200b}\\u{feff}"),
            ("one\ntwo\tthree", "one\\ntwo\\tthree"),
            ("\u{E0041}", "\\u{e0041}"),
            ("C:\\extracts", "C:\\extracts"),
        ] {
            assert_eq!(visible(raw), shown);
        }
        assert_eq!(visible_lines("one\n\ttwo\r\n\u{1b}]0;x\u{7}"), "one\n\ttwo\\r\n\\u{1b}]0;x\\u{7}");
    }

    #[test]
    fn a_start_is_cut_in_shown_characters() {
        for (raw, most, shown) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("é\u{1b}", 9, "é\\u{1b}"),
            ("é\u{1b}", 4, "é\\u…"),
            ("", 0, ""),
            ("x", 0, "…"),
        ] {
            assert_eq!(visible_start(raw, most), shown, "{raw} {most}");
        }
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        for (raw, cell) in [
            ("plain", "plain"),
            ("a=b", "a=b"),
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("  =1", "'  =1"),
            ("\u{feff}=1", "\\u{feff}=1"),
            ("＝1", "'＝1"),
            ("two\nlines\u{0}", "two\nlines\\u{0}"),
        ] {
            assert_eq!(spreadsheet_text(raw), cell, "{raw:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_unsafe_is_left(text in any::<String>(), most in 0..200_usize) {
            prop_assert!(!visible(&text).chars().any(is_unsafe));
            prop_assert!(!visible_lines(&text).chars().any(|c| is_unsafe(c) && c != '\n' && c != '\t'));
            prop_assert!(visible_start(&text, most).chars().count() <= most.max(1));
            let cell = spreadsheet_text(&text);
            prop_assert!(!cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
        }
    }
}
