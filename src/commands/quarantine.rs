//! `scorecard quarantine`: the records that no figure counts, each with its place, the rule it broke and what to do.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use miette::{Diagnostic, IntoDiagnostic};

use super::reading;
use crate::domain::{spreadsheet_text, visible, visible_start};
use crate::tables::accepted::{Quarantined, Rule};
use crate::tables::published::QUARANTINE;
use crate::tables::quarantine::{QuarantineError, read};
use crate::tables::reading::ReadingError;

/// Records shown where `--limit` does not say.
const SHOWN: usize = 20;
/// Narrower terminals get lines of this width all the same.
const LEAST_WIDTH: usize = 40;
/// Where a run that a rule stopped leaves its tables, beside `current`.
const STOPPED: &str = "stopped";

#[derive(clap::Args, Debug)]
#[command(after_long_help = "Examples:
  scorecard quarantine
      how many records of each extract broke which rule, and the first 20 of them
  scorecard quarantine --rule unparsable_time --limit 100
      one rule alone
  scorecard quarantine --extract crimes --csv crimes_to_mend.csv
      every record of crimes with all columns, for Excel; text that looks like a formula stays text
  scorecard quarantine /srv/scorecard/output/current --stopped
      what the last run set aside, where that run was stopped and published nothing

Correct the record in the system that it came from and export again: the next build then takes
it in as if it had been right from the first. The file that --csv writes holds records: keep it
where records may be kept.")]
pub struct QuarantineArgs {
    /// The build's folder.
    #[arg(default_value = "output/current")]
    pub build: PathBuf,
    /// Only records that broke this rule.
    #[arg(long, value_name = "RULE", value_parser = rules())]
    pub rule: Option<Rule>,
    /// Only records of this extract.
    #[arg(long, value_name = "EXTRACT")]
    pub extract: Option<String>,
    /// Only records of this file, by its name without a folder.
    #[arg(long, value_name = "FILE")]
    pub file: Option<String>,
    /// Show so many records at most, 20 without it; with --csv, write so many at most, all without it.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Write the records to this file as CSV that Excel opens, and show the summary alone.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Read what the last run set aside, if a rule stopped it, and not the build.
    #[arg(long)]
    pub stopped: bool,
}

fn rules() -> impl TypedValueParser<Value = Rule> {
    let known = |name: String| Rule::of_name(&name).ok_or("there is no such rule");
    PossibleValuesParser::new(Rule::ALL.map(Rule::name)).try_map(known)
}

#[derive(Debug, thiserror::Error, Diagnostic)]
enum Failure {
    #[error("{0}")]
    #[diagnostic(help("{}", advice(.0)))]
    Table(#[from] ReadingError),
    #[error("{0}")]
    #[diagnostic(help("{}", reading::OTHER_VERSION))]
    Read(#[from] QuarantineError),
    #[error("cannot write {path}: {source}")]
    #[diagnostic(help("Is it open in Excel, the folder read-only, or the disk full?"))]
    Csv { path: PathBuf, source: io::Error },
}

fn advice(error: &ReadingError) -> &'static str {
    match error {
        ReadingError::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
            "Records are for the user who built: ask them, or build as this user."
        }
        ReadingError::Io { .. } => "Name the folder of a build: it holds restricted/quarantine.parquet.",
        other => reading::advice(other),
    }
}

/// Prints the summary, and the records or their CSV file.
///
/// # Errors
/// A quarantine that cannot be read; a file or standard output that cannot be written.
pub fn run(args: &QuarantineArgs) -> miette::Result<ExitCode> {
    let table = args.table();
    if !args.stopped && args.last_run_was_stopped() {
        eprintln!(
            "note: the last run was stopped; add --stopped to read what it set aside. This is the build before it."
        );
    }
    let mut list = List::default();
    let mut csv = args.csv.as_deref().map(CsvFile::create).transpose()?;
    let most = args.limit.unwrap_or(if csv.is_some() { usize::MAX } else { SHOWN });
    read::<Failure>(&table, |record| {
        if !args.asks_for(&record) {
            return Ok(());
        }
        match &mut csv {
            Some(csv) if csv.records < most => csv.write(&record)?,
            None if list.records.len() < most => list.records.push(record.clone()),
            _ => {}
        }
        list.count(record);
        Ok(())
    })?;
    let mut text = list.summary(&args.source());
    match csv {
        Some(csv) => text += &csv.finish()?,
        None => text += &list.blocks(terminal_width()),
    }
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).into_diagnostic(),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Columns of the terminal; `None` where the output is not one, and nothing is cut.
fn terminal_width() -> Option<usize> {
    let width = || terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    io::stdout().is_terminal().then(|| width().max(LEAST_WIDTH))
}

impl QuarantineArgs {
    /// The folder that holds `current`, `builds` and `stopped`.
    fn out(&self) -> PathBuf {
        let parent = self.build.parent().unwrap_or(Path::new(""));
        if parent.ends_with("builds") { parent.join("..") } else { parent.to_owned() }
    }

    fn source(&self) -> String {
        if self.stopped { "the run that was stopped".to_owned() } else { visible(&self.build.to_string_lossy()).into() }
    }

    fn table(&self) -> PathBuf {
        if self.stopped {
            self.out().join(STOPPED).join("quarantine.parquet")
        } else {
            self.build.join(QUARANTINE.path())
        }
    }

    /// Whether a stopped run left its quarantine after this build was made current.
    fn last_run_was_stopped(&self) -> bool {
        let written = |path: &Path| path.symlink_metadata().and_then(|m| m.modified()).ok();
        let stopped = written(&self.out().join(STOPPED).join("quarantine.parquet"));
        stopped.is_some_and(|stopped| written(&self.build).is_none_or(|built| stopped > built))
    }

    fn asks_for(&self, record: &Quarantined) -> bool {
        self.rule.is_none_or(|rule| record.rule == rule)
            && self.extract.as_ref().is_none_or(|extract| record.extract == *extract)
            && self.file.as_ref().is_none_or(|file| *record.file == **file)
    }
}

/// What was asked for: counts of all of it, and the records to show.
#[derive(Default)]
struct List {
    /// Records by extract and rule, with the place of the first.
    counts: BTreeMap<(String, Rule), (u64, String)>,
    records: Vec<Quarantined>,
}

fn place(record: &Quarantined) -> String {
    format!("{}, record {}", visible(&record.file), record.record)
}

impl List {
    fn count(&mut self, record: Quarantined) {
        let first = place(&record);
        self.counts.entry((record.extract, record.rule)).or_insert((0, first)).0 += 1;
    }

    fn total(&self) -> u64 {
        self.counts.values().map(|(records, _)| records).sum()
    }

    fn summary(&self, source: &str) -> String {
        let total = self.total();
        let records = if total == 1 { "record" } else { "records" };
        let mut text = format!("{source}: {total} {records} in quarantine\n");
        if total == 0 {
            return text;
        }
        text += &format!("\n{:<18}{:<24}{:>10}{:>9}  first place\n", "extract", "rule", "records", "share");
        for ((extract, rule), (records, first)) in &self.counts {
            let share = 100.0 * *records as f64 / total as f64;
            let (extract, rule) = (visible(extract), rule.name());
            text += &format!("{extract:<18}{rule:<24}{records:>10}{share:>8.1}%  {first}\n");
        }
        text
    }

    /// A block for each record, its lines cut to `width`.
    fn blocks(&self, width: Option<usize>) -> String {
        let line = |name: &str, value: &str| {
            let value = if value.is_empty() { "(blank)" } else { value };
            let room = width.map(|w| w - 12);
            let value = room.map_or_else(|| visible(value).into_owned(), |room| visible_start(value, room));
            format!("  {name:<9} {value}\n")
        };
        let mut text = String::new();
        for record in &self.records {
            let byte = record.byte_offset.map_or_else(String::new, |at| format!(", at byte {at}"));
            text += &format!("\n{}{byte}\n", place(record));
            text += &line("rule", record.rule.name());
            if !record.column.is_empty() {
                text += &line("column", &record.column);
            }
            text += &line("expected", &record.expected);
            text += &line("found", &record.found);
            text += &line("hint", &record.hint);
            text += &line("raw", &record.raw);
        }
        let left = self.total() - self.records.len() as u64;
        if left > 0 {
            text += &format!("\n{left} more: --limit shows more of them, --csv FILE writes them all.\n");
        }
        text
    }
}

/// All columns of a quarantine as CSV that Excel opens: UTF-8 with its mark, no cell a formula.
struct CsvFile {
    path: PathBuf,
    out: BufWriter<File>,
    records: usize,
}

impl CsvFile {
    fn create(path: &Path) -> Result<Self, Failure> {
        let failed = |source| Failure::Csv { path: path.to_owned(), source };
        let file = private_file(path).map_err(failed)?;
        let mut csv = Self { path: path.to_owned(), out: BufWriter::new(file), records: 0 };
        csv.out.write_all("\u{feff}".as_bytes()).map_err(failed)?;
        csv.line(QUARANTINE.columns.iter().map(|column| column.name.to_owned()))?;
        Ok(csv)
    }

    fn write(&mut self, record: &Quarantined) -> Result<(), Failure> {
        let text = |text: &str| spreadsheet_text(text).into_owned();
        self.records += 1;
        // In the order of the table's columns.
        let cells = [
            text(&record.extract),
            text(&record.file),
            record.record.to_string(),
            record.byte_offset.map_or_else(String::new, |at| at.to_string()),
            text(&record.raw),
            record.rule.name().to_owned(),
            text(&record.column),
            text(&record.expected),
            text(&record.found),
            text(&record.hint),
        ];
        self.line(cells.into_iter())
    }

    fn line(&mut self, cells: impl Iterator<Item = String>) -> Result<(), Failure> {
        let quoted: Vec<String> = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let written = write!(self.out, "{}\r\n", quoted.join(","));
        written.map_err(|source| Failure::Csv { path: self.path.clone(), source })
    }

    fn finish(mut self) -> Result<String, Failure> {
        self.out.flush().map_err(|source| Failure::Csv { path: self.path.clone(), source })?;
        let records = if self.records == 1 { "record" } else { "records" };
        Ok(format!("\n{} {records} written to {}\n", self.records, visible(&self.path.to_string_lossy())))
    }
}

/// A new file, or an old one emptied, that its owner alone may read.
fn private_file(path: &Path) -> io::Result<File> {
    let file = File::create(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: u64, raw: &str) -> Quarantined {
        Quarantined {
            extract: "crimes".into(),
            file: "crimes.csv".into(),
            record: number,
            byte_offset: Some(100 * number),
            raw: raw.into(),
            rule: Rule::MissingKey,
            column: "crime_ref".into(),
            expected: "a reference".into(),
            found: String::new(),
            hint: "Fill it.".into(),
        }
    }

    fn list(records: &[Quarantined], shown: usize) -> List {
        let mut list = List::default();
        records.iter().for_each(|r| list.count(r.clone()));
        list.records = records[..shown].to_vec();
        list
    }

    #[test]
    fn the_summary_counts_by_extract_and_rule() {
        let mut ragged = record(9, "a");
        ragged.rule = Rule::RaggedRow;
        let records = [record(2, "x"), record(5, "y"), record(7, "z"), ragged];
        assert_eq!(
            list(&records, 0).summary("b"),
            "b: 4 records in quarantine\n\n\
             extract           rule                       records    share  first place\n\
             crimes            ragged_row                       1    25.0%  crimes.csv, record 9\n\
             crimes            missing_key                      3    75.0%  crimes.csv, record 2\n"
        );
        assert_eq!(List::default().summary("b"), "b: 0 records in quarantine\n");
    }

    #[test]
    fn a_block_shows_what_cannot_be_seen_and_fits_its_terminal() {
        let records = [record(2, "\u{1b}[2J,two\nlines,a long raw text that goes on"), record(3, "")];
        let text = list(&records, 1).blocks(Some(40));
        assert_eq!(
            text,
            "\ncrimes.csv, record 2, at byte 200\n  rule      missing_key\n  column    crime_ref\n  expected  a reference\n  \
             found     (blank)\n  hint      Fill it.\n  raw       \\u{1b}[2J,two\\nlines,a long…\n\n\
             1 more: --limit shows more of them, --csv FILE writes them all.\n"
        );
        assert!(text.lines().all(|line| line.starts_with("1 more") || line.chars().count() <= 40));
        assert!(list(&records, 2).blocks(None).contains("two\\nlines,a long raw text that goes on\n"));
    }

    #[test]
    fn cells_of_the_file_are_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("q.csv");
        let mut csv = CsvFile::create(&path).unwrap();
        csv.write(&record(2, "=1+1,\"x\"\nnext")).unwrap();
        assert!(csv.finish().unwrap().starts_with("\n1 record written to "));
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "\u{feff}\"extract\",\"file\",\"record\",\"byte_offset\",\"raw\",\"rule\",\"column\",\"expected\",\"found\",\
             \"hint\"\r\n\"crimes\",\"crimes.csv\",\"2\",\"200\",\"'=1+1,\"\"x\"\"\nnext\",\"missing_key\",\"crime_ref\",\
             \"a reference\",\"\",\"Fill it.\"\r\n"
        );
    }
}
