//! How a file writes its dates, where nobody has said.

use std::collections::BTreeMap;
use std::path::Path;

use super::IngestError;
use crate::domain::clock::parse_day;
use crate::domain::{DateFormat, Written};

/// Formats found, by canonical column.
pub(super) type Formats = BTreeMap<String, DateFormat>;

/// What the texts of one time column can be. ISO times, blanks and texts that are no date say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Years first and months as words.
    certain: u64,
    serials: u64,
    /// Records that can only be read with the day, or only with the month, in front: the first of each.
    day_first: Option<u64>,
    month_first: Option<u64>,
    /// The first record that can be read either way.
    either: Option<u64>,
}

impl Evidence {
    pub fn note(&mut self, record: u64, text: &str) {
        let text = text.trim();
        if text.is_empty() || parse_day(text.as_bytes()).is_some() {
            return;
        }
        match Written::of(text) {
            Written::Certain { .. } => self.certain += 1,
            Written::Serial(_) => self.serials += 1,
            Written::Numbers { first, second, .. } => {
                let (day, month) = (first <= 31 && second <= 12, first <= 12 && second <= 31);
                let seen = match (day, month) {
                    (true, true) => &mut self.either,
                    (true, false) => &mut self.day_first,
                    (false, true) => &mut self.month_first,
                    (false, false) => return,
                };
                seen.get_or_insert(record);
            }
            Written::Other => {}
        }
    }

    /// The one format that the texts allow; `None` where all are ISO, or none is a date.
    fn format(&self) -> Result<Option<DateFormat>, Doubt> {
        let numbers = match (self.day_first, self.month_first, self.either) {
            (Some(_), None, _) => Some(DateFormat::DayFirst),
            (None, Some(_), _) => Some(DateFormat::MonthFirst),
            (Some(day), Some(month), _) => return Err(Doubt { record: day.max(month), both: true }),
            (None, None, Some(record)) => return Err(Doubt { record, both: false }),
            (None, None, None) => None,
        };
        match (numbers, self.serials) {
            (Some(_), 1..) => Err(Doubt { record: self.first_of_numbers(), both: true }),
            (Some(format), 0) => Ok(Some(format)),
            (None, 1..) => Ok(Some(DateFormat::ExcelSerial)),
            (None, 0) => Ok((self.certain > 0).then_some(DateFormat::Iso)),
        }
    }

    fn first_of_numbers(&self) -> u64 {
        [self.day_first, self.month_first, self.either].into_iter().flatten().min().unwrap_or_default()
    }
}

/// A record whose date nothing in its column explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Doubt {
    record: u64,
    /// The column is written in more than one way.
    both: bool,
}

/// The formats of all columns that need one.
///
/// # Errors
/// A column whose dates can be read in more than one way.
pub(super) fn formats(
    extract: &str,
    path: &Path,
    evidence: &BTreeMap<String, Evidence>,
) -> Result<Formats, IngestError> {
    let mut formats = Formats::new();
    for (column, evidence) in evidence {
        match evidence.format() {
            Ok(format) => formats.extend(format.map(|format| (column.clone(), format))),
            Err(Doubt { record, both }) => {
                let (extract, path, column) = (extract.to_owned(), path.to_owned(), column.clone());
                return Err(IngestError::AmbiguousDates { extract, path, column, record, both });
            }
        }
    }
    Ok(formats)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(texts: &[&str]) -> Result<Option<DateFormat>, Doubt> {
        let mut evidence = Evidence::default();
        for (record, text) in (2..).zip(texts) {
            evidence.note(record, text);
        }
        evidence.format()
    }

    #[test]
    fn one_clear_date_explains_its_column() {
        for (texts, expected) in [
            (&["2026-03-14 09:30", "", "n/k"][..], None),
            (&["01/02/2026", "13/02/2026"], Some(DateFormat::DayFirst)),
            (&["01/02/2026", "02/13/2026", "2026-03-14"], Some(DateFormat::MonthFirst)),
            (&["46095.5", "46096"], Some(DateFormat::ExcelSerial)),
            (&["14 Mar 2026", "20260314"], Some(DateFormat::Iso)),
            (&["45/13/2026"], None),
        ] {
            assert_eq!(format(texts), Ok(expected), "{texts:?}");
        }
    }

    #[test]
    fn a_doubt_is_named_with_its_record() {
        for (texts, record, both) in [
            (&["2026-01-05", "01/02/2026", "03/04/2026"][..], 3, false),
            (&["13/02/2026", "02/13/2026"], 3, true),
            (&["46095", "13/02/2026"], 3, true),
        ] {
            assert_eq!(format(texts), Err(Doubt { record, both }), "{texts:?}");
        }
    }
}
