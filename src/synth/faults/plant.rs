//! Puts a fault into the row that was written last.

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use super::super::extract::{Extract, ExtractText};
use super::kinds::Action;
use super::{FaultKind, PendingFault, Planted};

const TIME_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

impl ExtractText {
    /// Rewrites the row that starts at byte `start` with the first due fault that it can hold, if any.
    pub(in super::super) fn plant_in_last_row(&mut self, start: usize, day: i32) {
        let row = String::from_utf8_lossy(&self.bytes[start..self.bytes.len() - 1]).into_owned();
        let fields: Vec<String> = row.split(',').map(str::to_owned).collect();
        let due = |fault: &PendingFault| fault.from_day <= day;
        let planted = self.pending.iter().enumerate().filter(|(_, fault)| due(fault)).find_map(|(at, fault)| {
            let rows = faulty(fault, fields.clone())?;
            Some((at, fault.kind, rows))
        });
        let Some((at, kind, rows)) = planted else { return };
        self.pending.remove(at);
        self.bytes.truncate(start);
        let first = self.records - 1;
        self.records = first + rows.len() as u64;
        for row in &rows {
            write_row(row, &mut self.bytes);
        }
        let key = key(self.extract, &fields, &rows[0]);
        let note = |record| Planted { kind, record, key: key.clone(), fate: kind.fate };
        match kind.action {
            // The copy below wins.
            Action::CopyUpdated { days, .. } if days > 0 => self.planted.push(note(first)),
            Action::Copy | Action::CopyUpdated { .. } => self.planted.push(note(first + 1)),
            Action::CopyChanged(_) => self.planted.extend([note(first), note(first + 1)]),
            _ => self.planted.push(note(first)),
        }
    }
}

/// The rows that stand in place of this one; `None` if it cannot hold the fault.
fn faulty(fault: &PendingFault, fields: Vec<String>) -> Option<Vec<Vec<String>>> {
    let FaultKind { extract, column, action, .. } = fault.kind;
    let at = extract.column(column);
    let mut row = fields.clone();
    let nth = |values: &'static [&'static str]| values[fault.instance % values.len()].to_owned();
    match action {
        Action::DropField => drop(row.pop()),
        Action::ExtraField => row.push("extra".to_owned()),
        Action::Copy => return Some(vec![fields, row]),
        Action::Blank => *filled(&mut row, at)? = String::new(),
        Action::Orphan(start) => *filled(&mut row, at)? = format!("{start}{:06}", fault.instance + 1),
        Action::Set(values) => *filled(&mut row, at)? = nth(values),
        Action::Shift { from, seconds, emptied } => {
            let time = shifted(&fields[extract.column(from)?], *seconds)?;
            *filled(&mut row, at)? = time;
            for column in *emptied {
                row[extract.column(column)?].clear();
            }
        }
        Action::SpringGap { last_hour } => {
            let time = filled(&mut row, at)?;
            let hour: u32 = time.get(11..13)?.parse().ok()?;
            let is_spring_day = fault.from_day == day_of(time)?;
            if !is_spring_day || !(2..=*last_hour).contains(&hour) {
                return None;
            }
            time.replace_range(11..13, "01");
        }
        Action::Spelling => {
            let value = filled(&mut row, at)?;
            *value = match value.as_str() {
                "Y" => " yes".to_owned(),
                "N" => "NO ".to_owned(),
                other => format!("  {} ", other.to_uppercase()),
            };
        }
        Action::Pad => {
            let value = filled(&mut row, at)?;
            *value = format!("  {value} ");
        }
        Action::LeadingZero => filled(&mut row, at)?.insert(0, '0'),
        Action::CopyChanged(values) => {
            change(&mut row, at, values)?;
            return Some(vec![fields, row]);
        }
        Action::CopyUpdated { values, days } => {
            change(&mut row, at, values)?;
            let updated = filled(&mut row, extract.column("updated_at"))?;
            *updated = shifted(updated, days * 86_400)?;
            return Some(vec![fields, row]);
        }
    }
    Some(vec![row])
}

/// The column's field, if it is not blank.
fn filled(row: &mut [String], at: Option<usize>) -> Option<&mut String> {
    row.get_mut(at?).filter(|field| !field.is_empty())
}

/// Sets the field to the first of `values` that it is not already.
fn change(row: &mut [String], at: Option<usize>, values: &[&str]) -> Option<()> {
    let field = filled(row, at)?;
    *field = (*values.iter().find(|value| **value != *field)?).to_owned();
    Some(())
}

/// A civil time and so many seconds, clear of the hours in which clocks change.
fn shifted(time: &str, seconds: i64) -> Option<String> {
    let time = NaiveDateTime::parse_from_str(time, TIME_FORMAT).ok()?;
    let shifted = time.checked_add_signed(TimeDelta::seconds(seconds))?;
    (time.hour() >= 5).then(|| shifted.format(TIME_FORMAT).to_string())
}

fn day_of(time: &str) -> Option<i32> {
    crate::domain::parse_iso_date(time.get(..10)?).map(crate::domain::days_since_epoch)
}

/// The force of the row as it was, and the reference as it is now.
fn key(extract: Extract, before: &[String], after: &[String]) -> String {
    let force = extract.column("force").and_then(|at| before.get(at));
    format!("{}/{}", force.map_or("", String::as_str), after.first().map_or("", String::as_str))
}

fn write_row(row: &[String], out: &mut Vec<u8>) {
    for (at, field) in row.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            out.extend_from_slice(format!("\"{}\"", field.replace('"', "\"\"")).as_bytes());
        } else {
            out.extend_from_slice(field.as_bytes());
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::super::KINDS;
    use super::*;

    fn text_with(extract: Extract, name: &str) -> ExtractText {
        let kind = KINDS.iter().find(|k| k.extract == extract && k.name == name).unwrap();
        ExtractText::new(extract, vec![PendingFault { kind, instance: 0, from_day: 10 }])
    }

    /// Writes a call on day 9 and another on day 10.
    fn calls_with(name: &str) -> (String, ExtractText) {
        let mut text = text_with(Extract::Calls, name);
        for (day, reference) in [(9, "CA1"), (10, "CA2")] {
            text.row(day, |row| {
                row.text(reference).text("999").text("2026-05-01 09:00:00").text("2026-05-01 09:00:04");
                row.text("2026-05-01 09:02:00").text("IN1").text("wiltshire");
            });
        }
        (String::from_utf8(text.bytes.clone()).unwrap(), text)
    }

    #[test]
    fn a_fault_changes_the_first_row_that_is_due() {
        const FIRST: &str = "CA1,999,2026-05-01 09:00:00,2026-05-01 09:00:04,2026-05-01 09:02:00,IN1,wiltshire\n";
        for (name, second, records) in [
            ("field_missing", "CA2,999,2026-05-01 09:00:00,2026-05-01 09:00:04,2026-05-01 09:02:00,IN1\n", vec![1]),
            ("line_blank", "CA2,,2026-05-01 09:00:00,2026-05-01 09:00:04,2026-05-01 09:02:00,IN1,wiltshire\n", vec![1]),
            (
                "answered_before_received",
                "CA2,999,2026-05-01 09:00:00,2026-05-01 08:59:55,2026-05-01 09:02:00,IN1,wiltshire\n",
                vec![1],
            ),
            (
                "copied_with_change",
                "CA2,999,2026-05-01 09:00:00,2026-05-01 09:00:04,2026-05-01 09:02:00,IN1,wiltshire\n\
                 CA2,101,2026-05-01 09:00:00,2026-05-01 09:00:04,2026-05-01 09:02:00,IN1,wiltshire\n",
                vec![1, 2],
            ),
        ] {
            let (csv, text) = calls_with(name);
            assert_eq!(csv, format!("{FIRST}{second}"), "{name}");
            assert_eq!(text.planted.iter().map(|p| p.record).collect::<Vec<_>>(), records, "{name}");
            assert!(text.pending.is_empty());
        }
    }

    #[test]
    fn a_row_that_cannot_hold_the_fault_is_left_alone() {
        let (csv, text) = calls_with("received_in_spring_gap");
        assert!(!csv.contains("01:00:00"));
        assert_eq!((text.pending.len(), text.planted.len(), text.records), (1, 0, 2));
    }

    #[test]
    fn a_line_break_is_quoted() {
        let mut out = Vec::new();
        write_row(&["a".to_owned(), "b \"c\",\nd".to_owned()], &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "a,\"b \"\"c\"\",\nd\"\n");
    }
}
