//! Posts of a synthetic force's officers, by date: those that its crimes are given by.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::organisation::Post;
use super::world::{ForceSetting, World};
use crate::domain::{Month, civil_date, long_date};

/// Columns of the extract.
pub const HEADER: &str = "officer,team,valid_from,valid_to,department,area,supervisor,force\n";

/// A team that served the whole force, and belongs to an area from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reorganisation<'a> {
    team: usize,
    pub name: &'a str,
    pub area: &'a str,
    pub from: Month,
}

impl<'a> Reorganisation<'a> {
    /// The last team of the first department that is not cut by area, after two thirds of the period. Crimes carry the
    /// area in which they happened, so theirs stays.
    pub fn of(world: &World, force: &'a ForceSetting) -> Option<Self> {
        let first = world.period.first_month();
        let from = first.plus(world.period.months().count() as i32 * 2 / 3);
        let team = force.roster.last_force_wide_team()?;
        Some(Self { team, name: &force.roster.teams[team].name, area: &force.areas.first()?.name, from })
    }

    /// What happened, as the README says it.
    pub fn told(&self, force: &ForceSetting) -> String {
        let Self { name, area, from, .. } = self;
        let (slug, from) = (&force.slug, long_date(from.first_day()));
        format!("In {slug}, the team {name} served the whole force and belongs to the area {area} from {from} on.")
    }
}

/// A post for as long as nothing in it changes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Held<'a> {
    team: usize,
    area: &'a str,
    supervisor: &'a str,
}

/// The rows of one force, by officer, then date.
pub fn rows(world: &World, force: &ForceSetting) -> String {
    let first = world.period.first_month();
    // The half day after the last whole one is in it.
    let last = Month::of(civil_date(world.period.last_day + 1));
    let moved = Reorganisation::of(world, force);
    let mut of_officer: BTreeMap<&str, Vec<(Month, Held<'_>)>> = BTreeMap::new();
    for since in 0..=last.serial() - first.serial() {
        let month = first.plus(since);
        for Post { officer, team, supervisor } in force.roster.in_month(&world.parameters.organisation, since).posts() {
            let by_then = moved.filter(|r| r.team == team && r.from <= month).map(|r| r.area);
            let area = by_then.or_else(|| Some(&*force.areas[force.roster.area_of(team)?].name)).unwrap_or_default();
            let held = Held { team, area, supervisor: supervisor.unwrap_or_default() };
            let posts = of_officer.entry(officer).or_default();
            if posts.last().is_none_or(|(_, before)| *before != held) {
                posts.push((month, held));
            }
        }
    }
    let mut text = String::new();
    for (officer, posts) in of_officer {
        for (at, (from, Held { team, area, supervisor })) in posts.iter().enumerate() {
            let to = posts.get(at + 1).and_then(|(next, _)| next.first_day().pred_opt());
            let to = to.map_or_else(String::new, |day| day.to_string());
            let team = &force.roster.teams[*team];
            let (from, slug) = (from.first_day(), &force.slug);
            // Writing to a string cannot fail.
            let _ =
                writeln!(text, "{officer},{},{from},{to},{},{area},{supervisor},{slug}", team.name, team.department);
        }
    }
    text
}
