//! Faults put into rows on purpose, each listed with the record that holds it.

mod kinds;
mod plant;

use rand::Rng;

pub use kinds::{Fate, FaultKind, KINDS};

use super::clock;
use super::error::SynthError;
use super::extract::Extract;
use super::parameters::Parameters;
use super::plan::Block;
use super::random::{Purpose, Stream, stream};
use super::world::World;
use crate::domain::Month;

/// A fault that waits for the first row of `from_day` or later that can hold it.
#[derive(Clone, Copy, Debug)]
pub struct PendingFault {
    pub kind: &'static FaultKind,
    /// Which of its kind, from 0.
    pub instance: usize,
    pub from_day: i32,
}

/// A fault that a record holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted {
    pub kind: &'static FaultKind,
    /// Record of the block's text, from 0; of the file, header 1, once it is written.
    pub record: u64,
    /// Force and reference.
    pub key: String,
    pub fate: Fate,
}

/// For each block, the faults of each extract.
pub type FaultPlan = Vec<[Vec<PendingFault>; 5]>;

/// Which block each fault goes to: `times` as many of each kind as the parameters state.
pub fn plan(world: &World, blocks: &[Block], times: u32) -> Result<FaultPlan, SynthError> {
    let mut plan: FaultPlan = blocks.iter().map(|_| Default::default()).collect();
    check_names(&world.parameters)?;
    let mut rng = stream(world.seed, Purpose::Faults, 0, 0);
    for (position, extract) in Extract::ALL.into_iter().enumerate() {
        let counts = world.parameters.faults.get(extract.name());
        for kind in KINDS.iter().filter(|kind| kind.extract == extract) {
            let count = counts.and_then(|c| c.get(kind.name)).copied().unwrap_or(0) * times;
            for instance in 0..count as usize {
                // With no place it waits in the first block for ever, and is reported as not planted.
                let (block, from_day) = place(world, blocks, kind, &mut rng).unwrap_or((0, i32::MAX));
                if let Some(faults) = plan.get_mut(block) {
                    faults[position].push(PendingFault { kind, instance, from_day });
                }
            }
        }
    }
    Ok(plan)
}

fn check_names(parameters: &Parameters) -> Result<(), SynthError> {
    for (extract, counts) in &parameters.faults {
        for kind in counts.keys() {
            if !KINDS.iter().any(|k| k.extract.name() == extract && k.name == kind) {
                let reason = format!("no fault `{kind}` of extract `{extract}` is known");
                return Err(SynthError::Parameters { origin: "faults".to_owned(), reason });
            }
        }
    }
    Ok(())
}

/// A block and a day of it. Months near either end are left alone where there are enough others, so that an outcome or
/// a survey has had time to come.
fn place(world: &World, blocks: &[Block], kind: &FaultKind, rng: &mut Stream) -> Option<(usize, i32)> {
    let (first, last) = (world.period.first_month(), world.period.last_month());
    let long_enough = last.serial() - first.serial() >= 8;
    let in_reach = |month: Month| !long_enough || (month > first && month <= last.plus(-4));
    let spring_day = |block: &Block| {
        let day = clock::spring_day(block.month.year())?;
        block.days.iter().any(|d| d.day == day).then_some(day)
    };
    let in_spring = kind.needs_spring_gap();
    let candidates: Vec<usize> = (0..blocks.len())
        .filter(|at| in_reach(blocks[*at].month) && (!in_spring || spring_day(&blocks[*at]).is_some()))
        .collect();
    if candidates.is_empty() {
        return None;
    }
    let at = candidates[rng.random_range(0..candidates.len())];
    let days = &blocks[at].days;
    let early = days[rng.random_range(0..days.len().div_ceil(2))].day;
    Some((at, if in_spring { spring_day(&blocks[at])? } else { early }))
}
