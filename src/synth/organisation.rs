//! A synthetic force's areas, departments, teams, supervisors and officers, stable over the period.

use rand::Rng;

use super::parameters::{Area, Organisation, Parameters};
use super::random::{Purpose, Stream, happens, stream};

/// Who can be given a crime.
#[derive(Clone, Debug)]
pub struct Roster {
    pub teams: Vec<Team>,
    /// Teams by department and area; a department that is not per area has the same teams in each.
    teams_of: Vec<Vec<Vec<usize>>>,
    officers: Vec<Officer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub name: String,
    pub department: String,
}

#[derive(Clone, Debug)]
struct Officer {
    collar_number: String,
    team: usize,
    /// Months since the period's first, and the team from then on.
    move_to: Option<(i32, usize)>,
}

/// The roster of one month: officers by team, each with a supervisor.
#[derive(Clone, Debug)]
pub struct MonthRoster<'a> {
    roster: &'a Roster,
    members: Vec<Vec<&'a str>>,
    officers_per_supervisor: usize,
}

/// Who works where in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post<'a> {
    pub officer: &'a str,
    pub team: usize,
    /// A supervisor has none.
    pub supervisor: Option<&'a str>,
}

/// Where a crime lies in the organisation.
#[derive(Clone, Copy, Debug)]
pub struct Allocation<'a> {
    pub department: &'a str,
    pub team: &'a str,
    pub officer: &'a str,
    pub supervisor: &'a str,
}

impl Roster {
    /// The roster of a force with `crimes_per_year`, for a period of `months`.
    pub fn new(
        parameters: &Parameters,
        areas: &[Area],
        crimes_per_year: f64,
        seed: u64,
        force: usize,
        months: i32,
    ) -> Self {
        let organisation = &parameters.organisation;
        let strength = (crimes_per_year * organisation.officers_per_crime).max(1.0);
        let mut roster = Self { teams: Vec::new(), teams_of: Vec::new(), officers: Vec::new() };
        for department in organisation.departments.in_order() {
            let officers = strength * department.share;
            let mut by_area = Vec::new();
            if department.per_area {
                for area in areas {
                    let named = format!("{} {}", area.name, department.name);
                    by_area.push(roster.add_teams(organisation, &department.name, &named, officers * area.share));
                }
            } else {
                let teams = roster.add_teams(organisation, &department.name, &department.name, officers);
                by_area = vec![teams; areas.len()];
            }
            roster.teams_of.push(by_area);
        }
        let mut rng = stream(seed, Purpose::Organisation, force, 0);
        roster.move_some(&mut rng, organisation.moving, months);
        roster
    }

    fn add_teams(&mut self, organisation: &Organisation, department: &str, name: &str, officers: f64) -> Vec<usize> {
        let officers = (officers.round() as usize).max(3);
        let count = officers.div_ceil(organisation.officers_per_team);
        let first = self.teams.len();
        for number in 1..=count {
            let name = if count == 1 { name.to_owned() } else { format!("{name} {number}") };
            self.teams.push(Team { name, department: department.to_owned() });
        }
        for at in 0..officers {
            self.officers.push(Officer { collar_number: String::new(), team: first + at % count, move_to: None });
        }
        (first..first + count).collect()
    }

    /// Gives collar numbers, some with leading zeros, and moves some officers once.
    fn move_some(&mut self, rng: &mut Stream, moving: f64, months: i32) {
        let width = self.officers.len().to_string().len().max(4);
        let range = 10_usize.pow(width as u32);
        for (at, officer) in self.officers.iter_mut().enumerate() {
            // 7919 has no factor in common with a power of ten, so no number comes twice.
            officer.collar_number = format!("{:0width$}", (at * 7_919 + 137) % range);
            if happens(rng, moving) {
                officer.move_to = Some((rng.random_range(0..months.max(1)), rng.random_range(0..self.teams.len())));
            }
        }
    }

    /// The area that a team belongs to; `None` for one that serves the whole force.
    pub fn area_of(&self, team: usize) -> Option<usize> {
        let mut areas = self.teams_of.iter().filter_map(|by_area| {
            let mut with_it = by_area.iter().enumerate().filter(|(_, teams)| teams.contains(&team)).map(|(at, _)| at);
            with_it.next().filter(|_| with_it.next().is_none())
        });
        areas.next()
    }

    /// The last team of the first department that has teams for the whole force.
    pub fn last_force_wide_team(&self) -> Option<usize> {
        let last = |by_area: &Vec<Vec<usize>>| by_area.first()?.last().copied();
        self.teams_of.iter().filter_map(last).find(|team| self.area_of(*team).is_none())
    }

    /// Who is where in the month that is `month` months after the period's first.
    pub fn in_month(&self, organisation: &Organisation, month: i32) -> MonthRoster<'_> {
        let mut members = vec![Vec::new(); self.teams.len()];
        let moved = |officer: &Officer| officer.move_to.filter(|(from, _)| *from <= month);
        // Those who came later stand last, so that a team's supervisors stay the same.
        for officer in self.officers.iter().filter(|o| moved(o).is_none()) {
            members[officer.team].push(officer.collar_number.as_str());
        }
        for (officer, (_, team)) in self.officers.iter().filter_map(|o| Some((o, moved(o)?))) {
            members[team].push(officer.collar_number.as_str());
        }
        MonthRoster { roster: self, members, officers_per_supervisor: organisation.officers_per_supervisor }
    }
}

impl<'a> MonthRoster<'a> {
    /// A team of the department in the area, and one of its officers; some officers hold more crimes than others.
    pub fn allocate(&self, rng: &mut Stream, department: usize, area: usize) -> Option<Allocation<'a>> {
        let teams = &self.roster.teams_of[department][area];
        let team = teams[rng.random_range(0..teams.len())];
        let members = &self.members[team];
        let supervisors = self.supervisors(team);
        if members.len() <= supervisors {
            return None;
        }
        let skewed = rng.random::<f64>().powi(2);
        let at = supervisors + (skewed * (members.len() - supervisors) as f64) as usize;
        let Team { name, department } = &self.roster.teams[team];
        Some(Allocation { department, team: name, officer: members[at], supervisor: members[at % supervisors] })
    }

    /// How many of a team, from its first member on, are supervisors.
    fn supervisors(&self, team: usize) -> usize {
        self.members[team].len() / (self.officers_per_supervisor + 1) + 1
    }

    /// Everybody's post, team by team.
    pub fn posts(&self) -> impl Iterator<Item = Post<'a>> {
        self.members.iter().enumerate().flat_map(move |(team, members)| {
            let supervisors = self.supervisors(team);
            members.iter().enumerate().map(move |(at, officer)| {
                let supervisor = (at >= supervisors).then(|| members[at % supervisors]);
                Post { officer, team, supervisor }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::synth::parameters::DEFAULT_PARAMETERS;

    #[test]
    fn a_force_of_45_000_crimes_has_several_hundred_officers_with_crimes() {
        let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
        let areas = &parameters.force[0].areas;
        let roster = Roster::new(&parameters, areas, 45_430.0, 1, 13, 36);
        assert!((700..1_200).contains(&roster.officers.len()), "{}", roster.officers.len());
        let numbers: BTreeSet<&str> = roster.officers.iter().map(|o| o.collar_number.as_str()).collect();
        assert_eq!(numbers.len(), roster.officers.len());
        assert!(numbers.iter().any(|n| n.starts_with('0')));

        let mut rng = stream(1, Purpose::Rows, 0, 0);
        let month = roster.in_month(&parameters.organisation, 12);
        for department in 0..5 {
            for (area, Area { name, .. }) in areas.iter().enumerate() {
                let given = month.allocate(&mut rng, department, area).unwrap();
                assert_ne!(given.officer, given.supervisor);
                let departments = parameters.organisation.departments.in_order();
                assert_eq!(given.department, departments[department].name);
                assert_eq!(departments[department].per_area, given.team.starts_with(name));
            }
        }
    }
}
