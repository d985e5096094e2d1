//! Whether a number format shows a number, a date or a length of time (ECMA-376, 18.8.30 and 18.8.31).

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    Number,
    /// A date, a time of day, or both.
    Date,
    /// Hours, minutes or seconds that do not start again at midnight.
    Elapsed,
}

/// A format that every workbook has without writing it.
pub(super) const fn built_in(id: u32) -> Shows {
    match id {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Shows::Date,
        46 => Shows::Elapsed,
        _ => Shows::Number,
    }
}

/// A format as it is written. Its first section decides; what is quoted, escaped or a colour does not count.
pub(super) fn written(code: &str) -> Shows {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => letters.by_ref().take_while(|c| *c != '"').for_each(drop),
            '\\' | '_' | '*' => drop(letters.next()),
            ';' => break,
            '[' => {
                let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                if ["h", "m", "s"]
                    .iter()
                    .any(|unit| !inside.is_empty() && inside.trim_matches(|c| unit.contains(c)).is_empty())
                {
                    return Shows::Elapsed;
                }
            }
            'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => return Shows::Date,
            _ => {}
        }
    }
    Shows::Number
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases of openpyxl's own tests for `is_date_format` and `is_timedelta_format`, and some of forces' exports.
    #[test]
    fn formats_are_told_apart() {
        for (code, shows) in [
            ("General", Shows::Number),
            ("0.00E+00", Shows::Number),
            ("@", Shows::Number),
            ("DD/MM/YY", Shows::Date),
            ("H:MM:SS;@", Shows::Date),
            ("#,##0\\ [$\\u20bd-46D]", Shows::Number),
            ("m\"M\"d\"D\";@", Shows::Date),
            ("[h]:mm:ss", Shows::Elapsed),
            ("[hh]:mm", Shows::Elapsed),
            ("[mm]:ss", Shows::Elapsed),
            ("[ss]", Shows::Elapsed),
            ("\"Y: \"0.00\"m\";\"Y: \"-0.00\"m\"", Shows::Number),
            ("#,##0\\ \"Days\"", Shows::Number),
            ("0.0\\h", Shows::Number),
            ("[Red]#,##0", Shows::Number),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", Shows::Date),
            ("[$-809]dd mmmm yyyy;@", Shows::Date),
            ("[$£-809]#,##0.00;[Red]-[$£-809]#,##0.00", Shows::Number),
            ("0;[Red]\\-0;\"days\"", Shows::Number),
            ("_-* #,##0_-;\\-* #,##0_-", Shows::Number),
            ("hh:mm AM/PM", Shows::Date),
            ("", Shows::Number),
        ] {
            assert_eq!(written(code), shows, "{code}");
        }
    }
}
