//! Small extracts made here, right in every record: what a test spoils is then all that is wrong with them.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The data date to build them with: their calls fill every day of March 2025.
pub const AS_AT: &str = "2025-03-30";

/// The records of each extract, the header first, as they stand in its file.
#[derive(Clone)]
pub struct Made(pub BTreeMap<&'static str, Vec<Vec<u8>>>);

impl Made {
    pub fn new() -> Self {
        let day = |n: usize| format!("2025-03-{:02}", 1 + n % 30);
        let incident = |n: usize| {
            let grade = ["immediate", "priority", "scheduled"][n % 3];
            let area = ["North", "\"South, and the \"\"Dŵr\"\"\"", "\"Two\nlines\""][n % 3];
            format!("I{n:03},{} 09:{:02}:00,{grade},{area},{} 09:{:02}:30", day(n), n % 40, day(n), n % 40 + 9)
        };
        let call = |n: usize| {
            let line = ["999", "101"][n % 2];
            format!("K{n:03},{line},{} 08:00:{:02},{} 08:01:{:02},I{n:03}", day(n), n % 60, day(n), n % 60)
        };
        let crime = |n: usize| {
            let (team, officer) = (n % 4, n % 9);
            let outcome = [format!("1,{} 12:00:00", day(n)), ",".to_owned(), ",".to_owned()][n % 3].clone();
            format!("C{n:03},{} 10:00:00,8N,I{:03},North,T{team},PC{officer},PS{team},{outcome}", day(n), n % 120)
        };
        let survey = |n: usize| format!("S{n:03},{} 11:00:00,C{n:03},1,2,{}", day(n), n % 7 + 1);
        let contact = |n: usize| format!("C{n:03},N,{},{}", day(n), day(n));
        Self(BTreeMap::from([
            ("incidents", records("incident_ref,opened_at,grade,area,first_arrived_at", 120, incident)),
            ("calls", records("call_ref,line,received_at,answered_at,incident_ref", 120, call)),
            (
                "crimes",
                records(
                    "crime_ref,recorded_at,offence_code,incident_ref,area,team,officer,supervisor,outcome_type,outcome_at",
                    240,
                    crime,
                ),
            ),
            ("surveys", records("response_ref,surveyed_at,crime_ref,contact,action,overall", 60, survey)),
            ("victim_contacts", records("crime_ref,enhanced,needs_assessed_at,first_update_at", 60, contact)),
        ]))
    }

    /// Record `number` of an extract; the header is 1.
    pub fn record(&mut self, extract: &str, number: usize) -> &mut Vec<u8> {
        &mut self.0.get_mut(extract).unwrap()[number - 1]
    }

    /// The text of an extract's file: a mark before the crimes, and lines that end as Windows ends them.
    pub fn text(&self, extract: &str) -> Vec<u8> {
        let mut text = if extract == "crimes" { "\u{feff}".into() } else { Vec::new() };
        for record in &self.0[extract] {
            text.extend_from_slice(record);
            text.extend_from_slice(b"\r\n");
        }
        text
    }

    /// Writes all files to a new folder, the calls compressed.
    pub fn write(&self, folder: &Path) {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).unwrap();
        for extract in self.0.keys() {
            if *extract == "calls" {
                let file = fs::File::create(folder.join("calls.csv.gz")).unwrap();
                let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::default());
                packed.write_all(&self.text(extract)).unwrap();
                packed.finish().unwrap();
            } else {
                fs::write(folder.join(format!("{extract}.csv")), self.text(extract)).unwrap();
            }
        }
    }
}

fn records(header: &str, count: usize, one: impl Fn(usize) -> String) -> Vec<Vec<u8>> {
    std::iter::once(header.to_owned()).chain((0..count).map(one)).map(String::into_bytes).collect()
}

/// A field as CSV writes it, whatever is in it.
pub fn quoted(field: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for byte in field {
        out.extend(std::iter::repeat_n(*byte, if *byte == b'"' { 2 } else { 1 }));
    }
    out.push(b'"');
    out
}
