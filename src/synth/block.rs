//! Block of days in, text of the five extracts out.

use std::fmt::Write as _;

use rand::Rng;

use super::call::{Call, CallMix};
use super::conditions::Conditions;
use super::crime::Crime;
use super::extract::{Extract, ExtractText, Reference};
use super::faults::PendingFault;
use super::incident::Incident;
use super::organisation::MonthRoster;
use super::plan::{Block, DayPlan, Rows};
use super::random::{Choice, Purpose, Stream, stream};
use super::world::{ForceSetting, World, hours_of_day};
use super::{call, clock, crime, incident, victim};

/// The rows of one block, an item for each of [`Extract::ALL`].
pub type BlockText = [ExtractText; 5];

/// What holds for every row of a block.
pub struct Context<'a> {
    pub world: &'a World,
    pub force: &'a ForceSetting,
    pub conditions: Conditions,
    pub roster: MonthRoster<'a>,
    /// Area and subgroup of a crime reported by day and by night; see [`Context::place`].
    by_day: Choice,
    by_night: Choice,
    /// Class of outcome, by area and subgroup.
    outcomes: Vec<Choice>,
    pub calls: CallMix,
    year_month: [u8; 5],
}

/// The rows of one day before they are written.
#[derive(Default)]
pub struct Day {
    pub crimes: Vec<Crime>,
    pub incidents: Vec<Incident>,
    pub calls: Vec<Call>,
}

/// The hours of a day, and choices among them.
pub struct Hours {
    starts: Vec<(i64, usize)>,
    pub emergency: Choice,
    pub office: Choice,
}

/// Where and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub area: usize,
    pub subgroup: usize,
}

/// Draws and writes the rows of a block, and plants the faults that are due in it.
pub fn block_text(world: &World, force: &ForceSetting, block: &Block, faults: [Vec<PendingFault>; 5]) -> BlockText {
    let context = Context::new(world, force, block);
    let first_day = block.days.first().map_or(0, |d| d.day);
    let mut rng = stream(world.seed, Purpose::Rows, force.ordinal, first_day);
    let mut faults = faults.into_iter();
    let mut texts = Extract::ALL.map(|extract| ExtractText::new(extract, faults.next().unwrap_or_default()));
    let mut numbers = block.before;
    for day in &block.days {
        let drawn = context.draw(&mut rng, *day);
        numbers = context.write(&mut rng, day.day, drawn, numbers, &mut texts);
    }
    texts
}

impl<'a> Context<'a> {
    fn new(world: &'a World, force: &'a ForceSetting, block: &Block) -> Self {
        let conditions = Conditions::new(world, force, block.month);
        let months = block.month.serial() - world.period.first_month().serial();
        let night = night_share(world);
        let demand = || conditions.areas.iter().flat_map(|area| area.demand.iter().zip(&world.parameters.subgroup));
        let by_night = Choice::new(demand().map(|(demand, s)| demand * s.night_factor));
        let by_day = Choice::new(demand().map(|(demand, s)| demand * (1.0 - night * s.night_factor) / (1.0 - night)));
        let mut year_month = String::new();
        // Writing to a string cannot fail.
        let _ = write!(year_month, "{:02}{:02}-", block.month.year() % 100, block.month.number());
        Self {
            outcomes: conditions.areas.iter().flat_map(|area| area.outcomes.iter().map(|o| Choice::new(*o))).collect(),
            roster: force.roster.in_month(&world.parameters.organisation, months),
            calls: CallMix::new(world, &conditions, block.rows()),
            year_month: year_month.as_bytes().try_into().unwrap_or(*b"0000-"),
            world,
            force,
            conditions,
            by_day,
            by_night,
        }
    }

    /// Area and subgroup of a crime reported at this instant.
    pub fn place(&self, rng: &mut Stream, reported: i64) -> Place {
        let choice = if is_night(clock::hour(reported)) { &self.by_night } else { &self.by_day };
        let at = choice.draw(rng);
        let subgroups = self.world.subgroups.len();
        Place { area: at / subgroups, subgroup: at % subgroups }
    }

    /// Choice among the classes of outcome.
    pub fn outcomes(&self, place: Place) -> &Choice {
        &self.outcomes[place.area * self.world.subgroups.len() + place.subgroup]
    }

    pub fn reference(&self, prefix: &'static str, number: u64) -> Reference {
        Reference { prefix, year_month: self.year_month, number }
    }

    /// The day's rows in order of time, with links by position.
    fn draw(&self, rng: &mut Stream, plan: DayPlan) -> Day {
        let hours = Hours::of(self.world, plan.day);
        let mut day = Day::default();
        if hours.starts.is_empty() {
            return day;
        }
        crime::draw(self, rng, &hours, plan.rows, &mut day);
        incident::draw_others(self, rng, &hours, plan.rows, &mut day);
        call::draw_others(self, rng, &hours, plan.rows, &mut day);
        day.sort();
        day
    }

    /// Writes the day's rows; `numbers` are the rows of the month so far, before and after.
    fn write(&self, rng: &mut Stream, day: i32, drawn: Day, numbers: Rows, texts: &mut [ExtractText; 5]) -> Rows {
        let [crimes, incidents, calls, surveys, contacts] = texts;
        for (number, row) in (numbers.incidents + 1..).zip(&drawn.incidents) {
            incident::write(self, day, row, self.reference("IN", number), incidents);
        }
        let incident = |at: Option<usize>| at.map(|at| self.reference("IN", numbers.incidents + 1 + at as u64));
        for (number, row) in (numbers.calls + 1..).zip(&drawn.calls) {
            call::write(self, day, row, self.reference("CA", number), incident(row.incident), calls);
        }
        for (number, row) in (numbers.crimes + 1..).zip(&drawn.crimes) {
            let reference = self.reference("CR", number);
            crime::write(self, rng, day, row, reference, incident(row.incident), crimes);
            let contact = victim::draw_contact(self, rng, row);
            if let Some(contact) = &contact {
                victim::write_contact(self, day, contact, reference, contacts);
            }
            victim::survey(self, rng, day, row, contact.as_ref(), reference, surveys);
        }
        numbers.plus(Rows {
            crimes: drawn.crimes.len() as u64,
            incidents: drawn.incidents.len() as u64,
            calls: drawn.calls.len() as u64,
        })
    }
}

impl Day {
    /// Sorts each kind of row by time and moves the links along.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.incidents.len()).collect();
        order.sort_by_key(|at| (self.incidents[*at].opened, *at));
        let mut position = vec![0; order.len()];
        for (to, from) in order.iter().enumerate() {
            position[*from] = to;
        }
        let moved = |link: &mut Option<usize>| *link = link.map(|at| position[at]);
        self.calls.iter_mut().for_each(|call| moved(&mut call.incident));
        self.crimes.iter_mut().for_each(|crime| moved(&mut crime.incident));
        self.incidents.sort_by_key(|incident| incident.opened);
        self.calls.sort_by_key(|call| call.received);
        self.crimes.sort_by_key(|crime| crime.reported);
    }
}

impl Hours {
    fn of(world: &World, day: i32) -> Self {
        let seasons = &world.parameters.seasons;
        let starts = hours_of_day(day, world.period.taken_at);
        // 1970-01-01 was a Thursday.
        let weekday = (day + 3).rem_euclid(7);
        let weekend_night = |hour: usize| {
            let late = hour >= 21 && (weekday == 4 || weekday == 5);
            let early = hour < 4 && (weekday == 5 || weekday == 6);
            if late || early { seasons.weekend_night_factor } else { 1.0 }
        };
        Self {
            emergency: Choice::new(starts.iter().map(|(_, hour)| seasons.emergency_hour[*hour] * weekend_night(*hour))),
            office: Choice::new(starts.iter().map(|(_, hour)| seasons.office_hour[*hour])),
            starts,
        }
    }

    /// An instant within an hour that `choice` draws.
    pub fn instant(&self, rng: &mut Stream, choice: &Choice) -> i64 {
        let (start, _) = self.starts[choice.draw(rng)];
        start + rng.random_range(0..clock::HOUR)
    }
}

fn is_night(hour: usize) -> bool {
    !(6..20).contains(&hour)
}

/// The share of crimes reported by night.
fn night_share(world: &World) -> f64 {
    let share = |hours: &[f64; 24]| {
        let night: f64 = (0..24).filter(|h| is_night(*h)).map(|h| hours[h]).sum();
        night / hours.iter().sum::<f64>()
    };
    let seasons = &world.parameters.seasons;
    let linked = world.parameters.crimes.from_an_incident;
    linked * share(&seasons.emergency_hour) + (1.0 - linked) * share(&seasons.office_hour)
}
