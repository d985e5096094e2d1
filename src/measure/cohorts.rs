//! Recorded crimes by month, and by the day of age on which they ended or that they have reached.
//!
//! Days are civil: those between the date of recording and the date of the outcome, 0 where the outcome came before. The
//! data date is a whole day, so what a crime of age a has ended with by day a is known in full. A crime of which the outcome
//! is known and its day is not can be placed on no curve, and is counted apart. One pass, block by block, of integers.

use polars::prelude::{DataFrame, DataType, Expr, PlHashMap, PolarsResult, col};

use super::compile::{all_hold, civil_day};
use super::names::{NameId, Names};
use super::tallied::{BLOCK_ROWS, MeasureInput};
use crate::definitions::{Condition, Definitions, Measure, Metric};
use crate::domain::{Level, Month, Scope, UNALLOCATED, UNMAPPED, civil_date};
use crate::tables::cohort::{CAUSES, CohortDay, CohortMonth, OTHERWISE, SOLVED, VICTIM_NOT_SUPPORTING};

/// Of which crimes the curve is, and what counts as which end: the conditions of two metrics, shares of recorded crimes.
#[derive(Clone, Copy)]
pub struct Causes<'a> {
    pub solved: &'a Metric,
    pub victim_not_supporting: &'a Metric,
}

/// Cohorts of the forces at hand: force in scope `all` and each offence group, area in scope `all`; by force, level, unit,
/// scope and month.
pub fn cohorts(
    definitions: &Definitions,
    input: &MeasureInput<'_>,
    causes: Causes<'_>,
) -> PolarsResult<Vec<CohortMonth>> {
    let wanted = expressions(definitions, causes);
    let mut gathered = Gathered::new(input.coverage.data_day);
    for from in (0..input.height).step_by(BLOCK_ROWS as usize) {
        let block = input.rows.clone().slice(from as i64, BLOCK_ROWS as u32);
        gathered.add(&block.filter(input.keep.clone()).select(wanted.clone()).collect()?)?;
    }
    Ok(gathered.sorted())
}

/// Text columns, days as days since 1970-01-01, and what holds of each crime.
fn expressions(definitions: &Definitions, causes: Causes<'_>) -> Vec<Expr> {
    let set = definitions.pipeline.solved_set;
    let holds = |conditions: &[Condition]| all_hold(conditions, &definitions.references, set);
    vec![
        col("force"),
        col("area"),
        col("offence_group"),
        civil_day("recorded_at").alias("recorded"),
        civil_day("outcome_at").alias("ended"),
        col("outcome_type").is_not_null().alias("has_outcome"),
        holds(denominator(causes.solved)).alias("counts"),
        holds(numerator(causes.solved)).alias("solved"),
        holds(numerator(causes.victim_not_supporting)).alias("victim_not_supporting"),
    ]
}

fn numerator(metric: &Metric) -> &[Condition] {
    match &metric.measure {
        Measure::Share { numerator, .. } => &numerator.conditions,
        _ => &[],
    }
}

fn denominator(metric: &Metric) -> &[Condition] {
    match &metric.measure {
        Measure::Share { denominator, .. } => &denominator.conditions,
        _ => &[],
    }
}

/// What one crime adds to a cohort.
#[derive(Clone, Copy)]
enum Fate {
    /// Days of age at the end and on the data date.
    Ended {
        cause: usize,
        day: u32,
        age: u32,
    },
    Open {
        age: u32,
    },
    Undated {
        solved: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    force: NameId,
    level: Level,
    unit: NameId,
    scope: NameId,
    month: i32,
}

/// A cohort while it is gathered: a number for each event, sorted and counted at the end.
#[derive(Default)]
struct Cell {
    /// Day times [`KINDS`] plus the kind: a cause, still open, or the age of one that ended.
    events: Vec<u32>,
    undated: u64,
    undated_solved: u64,
}

const OPEN: u32 = CAUSES as u32;
const ENDED_OF_AGE: u32 = OPEN + 1;
const KINDS: u32 = ENDED_OF_AGE + 1;

struct Gathered {
    data_day: i32,
    names: Names,
    all: NameId,
    cells: PlHashMap<Key, Cell>,
}

impl Gathered {
    fn new(data_day: i32) -> Self {
        let mut names = Names::default();
        let all = names.id(Scope::all().as_str());
        Self { data_day, names, all, cells: PlHashMap::default() }
    }

    fn add(&mut self, block: &DataFrame) -> PolarsResult<()> {
        let text = |name: &str| block.column(name)?.str();
        let (forces, areas, groups) = (text("force")?, text("area")?, text("offence_group")?);
        let day = |name: &str| block.column(name)?.cast(&DataType::Int32);
        let (recorded, ended) = (day("recorded")?, day("ended")?);
        let (recorded, ended) = (recorded.i32()?, ended.i32()?);
        let flag = |name: &str| block.column(name)?.bool();
        let (has_outcome, counts) = (flag("has_outcome")?, flag("counts")?);
        let (solved, not_supporting) = (flag("solved")?, flag("victim_not_supporting")?);
        for row in 0..block.height() {
            let holds = |flags: &polars::prelude::BooleanChunked| flags.get(row) == Some(true);
            let Some(recorded) = recorded.get(row).filter(|_| holds(counts)) else { continue };
            let age = (self.data_day - recorded).max(0) as u32;
            let cause = match (holds(solved), holds(not_supporting)) {
                (true, _) => SOLVED,
                (false, true) => VICTIM_NOT_SUPPORTING,
                (false, false) => OTHERWISE,
            };
            let fate = match (holds(has_outcome), ended.get(row)) {
                (false, _) => Fate::Open { age },
                (true, Some(ended)) => Fate::Ended { cause, day: (ended - recorded).max(0) as u32, age },
                (true, None) => Fate::Undated { solved: cause == SOLVED },
            };
            let month = Month::of(civil_date(recorded)).serial();
            let force = self.names.id(forces.get(row).unwrap_or(UNALLOCATED));
            let area = self.names.id(areas.get(row).unwrap_or(UNALLOCATED));
            let group = self.names.id(groups.get(row).unwrap_or(UNMAPPED));
            for (level, unit, scope) in
                [(Level::Force, force, self.all), (Level::Force, force, group), (Level::Area, area, self.all)]
            {
                self.cells.entry(Key { force, level, unit, scope, month }).or_default().add(fate);
            }
        }
        Ok(())
    }

    fn sorted(self) -> Vec<CohortMonth> {
        let name = |id: NameId| self.names.text(id).clone();
        let mut cohorts: Vec<CohortMonth> = self
            .cells
            .into_iter()
            .map(|(key, cell)| CohortMonth {
                force: name(key.force),
                level: key.level,
                unit: name(key.unit),
                scope: name(key.scope),
                month: Month::from_serial(key.month),
                undated: cell.undated,
                undated_solved: cell.undated_solved,
                days: cell.days(),
            })
            .collect();
        let key = |c: &CohortMonth| (c.force.clone(), c.level.name(), c.unit.clone(), c.scope.clone(), c.month);
        cohorts.sort_by_cached_key(key);
        cohorts
    }
}

impl Cell {
    fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Ended { cause, day, age } => {
                self.events.extend([day * KINDS + cause as u32, age * KINDS + ENDED_OF_AGE]);
            }
            Fate::Open { age } => self.events.push(age * KINDS + OPEN),
            Fate::Undated { solved } => {
                self.undated += 1;
                self.undated_solved += u64::from(solved);
            }
        }
    }

    fn days(mut self) -> Vec<CohortDay> {
        self.events.sort_unstable();
        let mut days: Vec<CohortDay> = Vec::new();
        for event in self.events {
            let (day, kind) = (event / KINDS, event % KINDS);
            if days.last().is_none_or(|last| last.day != day) {
                days.push(CohortDay { day, ..CohortDay::default() });
            }
            let Some(last) = days.last_mut() else { continue };
            match kind {
                OPEN => last.open += 1,
                ENDED_OF_AGE => last.ended_of_age += 1,
                cause => last.ended[cause as usize] += 1,
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy, TimeUnit, df, lit};

    use super::super::Coverage;
    use super::*;
    use crate::definitions::load;
    use crate::domain::clock::parse_time;
    use crate::domain::days_since_epoch;

    /// When recorded, whether cancelled, outcome type and its time.
    type Crime = (&'static str, Option<bool>, Option<&'static str>, Option<&'static str>);

    const CRIMES: [Crime; 9] = [
        ("2026-03-01 23:59:00", Some(false), Some("1"), Some("2026-03-02 00:01:00")), // the next day, day 1
        ("2026-03-01 00:00:00", Some(false), Some("8"), Some("2026-02-20 00:00:00")), // before the recording, day 0
        ("2026-03-02 10:00:00", Some(false), Some("16"), Some("2026-03-02 11:00:00")),
        ("2026-03-02 10:00:00", Some(false), Some("18"), Some("2026-03-03 11:00:00")),
        ("2026-03-02 10:00:00", Some(false), None, None),
        ("2026-03-02 10:00:00", Some(false), Some("1"), None), // no day
        ("2026-03-02 10:00:00", Some(true), Some("1"), Some("2026-03-02 11:00:00")), // cancelled
        ("2026-03-02 10:00:00", None, Some("1"), Some("2026-03-02 11:00:00")), // perhaps cancelled
        ("2026-04-01 10:00:00", Some(false), Some("4"), Some("2026-04-01 12:00:00")), // taken into consideration
    ];

    #[test]
    fn crimes_stand_on_the_day_they_ended_or_have_reached() {
        let definitions =
            load(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml")).unwrap();
        let micros = |text: &str| parse_time(text).unwrap().civil_micros;
        let rows = df!(
            "force" => vec!["f"; 9], "area" => vec!["North"; 9], "offence_group" => vec!["Theft"; 9],
            "recorded_at" => CRIMES.iter().map(|c| micros(c.0)).collect::<Vec<_>>(),
            "cancelled" => CRIMES.iter().map(|c| c.1).collect::<Vec<_>>(),
            "outcome_type" => CRIMES.iter().map(|c| c.2).collect::<Vec<_>>(),
            "outcome_at" => CRIMES.iter().map(|c| c.3.map(micros)).collect::<Vec<_>>(),
        )
        .unwrap()
        .lazy()
        .with_columns(
            ["recorded_at", "outcome_at"].map(|t| col(t).cast(DataType::Datetime(TimeUnit::Microseconds, None))),
        );
        let day = |text: &str| days_since_epoch(text.parse().unwrap());
        let input = MeasureInput {
            extract: definitions.extract("crimes").unwrap(),
            rows,
            height: 9,
            keep: lit(true),
            coverage: Coverage { first_day: day("2026-03-01"), data_day: day("2026-04-10") },
            national: false,
        };
        let metric = |id| definitions.metric(id).unwrap();
        let causes = Causes {
            solved: metric("solved_rate_recorded"),
            victim_not_supporting: metric("victim_not_supporting_rate"),
        };
        let found = cohorts(&definitions, &input, causes).unwrap();
        let keys: Vec<(Level, &str, &str, String)> =
            found.iter().map(|c| (c.level, &*c.unit, &*c.scope, c.month.to_string())).collect();
        let [march, april] = ["2026-03", "2026-04"].map(str::to_owned);
        assert_eq!(
            keys,
            [
                (Level::Area, "North", "all", march.clone()),
                (Level::Area, "North", "all", april.clone()),
                (Level::Force, "f", "Theft", march.clone()),
                (Level::Force, "f", "Theft", april.clone()),
                (Level::Force, "f", "all", march),
                (Level::Force, "f", "all", april),
            ]
        );
        // 1 March is 40 days before the data date, 2 March 39.
        let day = |day, ended, open, ended_of_age| CohortDay { day, ended, open, ended_of_age };
        let expected = [day(0, [1, 1, 0], 0, 0), day(1, [1, 0, 1], 0, 0), day(39, [0; 3], 1, 2), day(40, [0; 3], 0, 2)];
        for cohort in [0, 2, 4].map(|i| &found[i]) {
            assert_eq!((cohort.days.as_slice(), cohort.undated, cohort.undated_solved), (&expected[..], 1, 1));
            assert_eq!(cohort.dated(), 5);
        }
        assert_eq!(found[5].days, [day(0, [0, 0, 1], 0, 0), day(9, [0; 3], 0, 1)]);
    }
}
