//! Blocks out to disk: drawn on all threads, written in the plan's order.

use rayon::prelude::*;

use super::block::{BlockText, block_text};
use super::comparators;
use super::error::SynthError;
use super::extract::Extract;
use super::faults::{FaultPlan, Planted};
use super::files::{COMPARATORS, CsvFile, PEOPLE};
use super::people;
use super::plan::Block;
use super::setup::Setup;
use super::{FileReport, Progress, SynthOptions, SynthReport};

/// One extract on its way to disk.
struct Writer {
    extract: Extract,
    file: CsvFile,
    records: u64,
    planted: Vec<Planted>,
    not_planted: Vec<String>,
}

/// Writes the five extracts; `faults` has an item for each block.
pub fn write_extracts(
    options: &SynthOptions,
    setup: &Setup,
    blocks: &[Block],
    faults: &FaultPlan,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<SynthReport, SynthError> {
    let create = |extract: Extract| {
        let mut file = CsvFile::create(&options.out, extract.name(), options.compression)?;
        file.append(extract.header().as_bytes())?;
        Ok(Writer { extract, file, records: 0, planted: Vec::new(), not_planted: Vec::new() })
    };
    let mut writers = Extract::ALL.into_iter().map(create).collect::<Result<Vec<_>, SynthError>>()?;
    let at_once = rayon::current_num_threads() * 3;
    let (mut done, mut drawn) = (0, Vec::new());
    for (blocks_in_hand, faults) in blocks.chunks(at_once).zip(faults.chunks(at_once)) {
        let draw = || -> Vec<BlockText> {
            let each = blocks_in_hand.par_iter().zip(faults);
            each.map(|(block, f)| block_text(&setup.world, &setup.forces[block.force], block, f.clone())).collect()
        };
        // The blocks before are written while these are drawn.
        let (next, written) = rayon::join(draw, || append(&mut writers, &drawn));
        written?;
        drawn = next;
        done += blocks_in_hand.len();
        progress(Progress { done, total: blocks.len() });
    }
    append(&mut writers, &drawn)?;
    finish(writers)
}

fn append(writers: &mut [Writer], blocks: &[BlockText]) -> Result<(), SynthError> {
    writers.par_iter_mut().enumerate().try_for_each(|(at, writer)| {
        for text in blocks.iter().map(|block| &block[at]) {
            writer.file.append(&text.bytes)?;
            // The header is record 1.
            let first = writer.records + 2;
            let planted = text.planted.iter().cloned();
            writer.planted.extend(planted.map(|p| Planted { record: p.record + first, ..p }));
            writer.not_planted.extend(text.pending.iter().map(|fault| fault.kind.full_name()));
            writer.records += text.records;
        }
        Ok(())
    })
}

fn finish(writers: Vec<Writer>) -> Result<SynthReport, SynthError> {
    let mut report =
        SynthReport { files: Vec::new(), planted: Vec::new(), not_planted: Vec::new(), special_causes: Vec::new() };
    for writer in writers {
        let (file, bytes) = writer.file.finish()?;
        let what = match writer.extract {
            Extract::Crimes => "recorded crimes",
            Extract::Incidents => "command-and-control incidents",
            Extract::Calls => "calls on 999 and 101",
            Extract::Surveys => "victims' answers",
            Extract::VictimContacts => "Victims' Code contacts",
        };
        report.files.push(FileReport { file, records: writer.records, bytes, what });
        report.planted.extend(writer.planted);
        report.not_planted.extend(writer.not_planted);
    }
    Ok(report)
}

/// Writes the posts of every force's officers.
pub fn write_people(options: &SynthOptions, setup: &Setup) -> Result<FileReport, SynthError> {
    let rows: Vec<String> = setup.forces.par_iter().map(|force| people::rows(&setup.world, force)).collect();
    let mut file = CsvFile::create(&options.out, PEOPLE, options.compression)?;
    file.append(people::HEADER.as_bytes())?;
    rows.iter().try_for_each(|rows| file.append(rows.as_bytes()))?;
    let (file, bytes) = file.finish()?;
    let records = rows.iter().map(|rows| rows.lines().count() as u64).sum();
    Ok(FileReport { file, records, bytes, what: "posts of officers and staff, by date" })
}

/// Writes the comparator table.
pub fn write_comparators(options: &SynthOptions, setup: &Setup) -> Result<FileReport, SynthError> {
    let table = comparators::table(&setup.world, setup.ratios, setup.crimes_factor());
    let mut file = CsvFile::create(&options.out, COMPARATORS, options.compression)?;
    file.append(comparators::HEADER.as_bytes())?;
    file.append(table.as_bytes())?;
    let (file, bytes) = file.finish()?;
    let records = table.lines().count() as u64;
    Ok(FileReport { file, records, bytes, what: "monthly counts of 43 synthetic forces, to compare with" })
}
