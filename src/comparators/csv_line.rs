//! The cells of one line of the comparator table.

/// Splits a line at its commas; a cell that starts with a quote ends with one, and two quotes within it are one.
///
/// `None` where a quote is not closed on the line or something other than a comma follows it.
pub(super) fn cells(line: &str) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside)?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (rest[..end].trim().to_owned(), &rest[end..])
            }
        };
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None if after.is_empty() => return Some(cells),
            None => return None,
        }
    }
}

/// The content up to the closing quote, and what follows it.
fn quoted(inside: &str) -> Option<(String, &str)> {
    let mut content = String::new();
    let mut rest = inside;
    loop {
        let (before, after) = rest.split_once('"')?;
        content.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                content.push('"');
                rest = more;
            }
            None => return Some((content, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_a_line() {
        for (line, expected) in [
            ("a,b", Some(vec!["a", "b"])),
            ("a,, c ,", Some(vec!["a", "", "c", ""])),
            ("", Some(vec![""])),
            ("\"a, b\",\"say \"\"x\"\"\",", Some(vec!["a, b", "say \"x\"", ""])),
            ("\"a", None),
            ("\"a\"b,c", None),
        ] {
            let expected = expected.map(|cells| cells.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(cells(line), expected, "{line}");
        }
    }
}
