//! Posts of officers and staff, the days on which each holds, and the teams that they make up.
//!
//! A post holds from the civil day of `valid_from` to that of `valid_to`, both among them. Of an officer's posts that
//! overlap, the one that began last holds from its start. Where posts contradict one another, or the end of the one
//! that holds cannot be read, the officer's units are `unallocated`: docs/decisions/0015-people.md.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::sync::Arc;

use polars::prelude::{DataFrame, PolarsResult, StringChunked, polars_err};

use super::links::AlreadyHashed;
use super::{Conformed, frame};
use crate::domain::UNALLOCATED;
use crate::tables::accepted::{Finding, Findings, Rows, TimeCell};
use crate::tables::key;
use crate::tables::organisation::{HeldPost, PostUnits, TeamSpan};

/// Stands for the last day of a post without an end.
const NO_END: i32 = i32::MAX;

/// Who held which post on which day.
#[derive(Default)]
pub struct Posts {
    /// By force and officer, then day.
    held: Vec<HeldPost>,
    of_officer: HashMap<u128, Range<usize>, BuildHasherDefault<AlreadyHashed>>,
}

impl Posts {
    fn new(mut held: Vec<HeldPost>) -> Self {
        held.sort_by(|a, b| (&a.force, &a.officer, a.first_day).cmp(&(&b.force, &b.officer, b.first_day)));
        let mut of_officer = HashMap::default();
        let mut first = 0;
        for same in held.chunk_by(|a, b| (&a.force, &a.officer) == (&b.force, &b.officer)) {
            of_officer.insert(key::link(&same[0].force, &same[0].officer), first..first + same.len());
            first += same.len();
        }
        Self { held, of_officer }
    }

    /// Whether nobody is known to hold any post.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Every post, by force and officer, then day.
    pub fn held(&self) -> &[HeldPost] {
        &self.held
    }

    /// The units of the post that an officer held on a day, days since 1970-01-01.
    pub fn units_on(&self, force: &str, officer: &str, day: i32) -> Option<&PostUnits> {
        let held = &self.held[self.of_officer.get(&key::link(force, officer))?.clone()];
        let before = held.partition_point(|post| post.first_day <= day);
        held[..before].last().filter(|post| post.is_on(day)).map(|post| &post.units)
    }

    /// Which team belonged to which department and area, and when. Teams without a name are left out.
    pub fn teams(&self) -> Vec<TeamSpan> {
        let named = self.held.iter().filter(|post| &*post.units.team != UNALLOCATED);
        let mut spans: Vec<TeamSpan> = named.map(team_of).collect();
        spans.sort();
        let mut teams: Vec<TeamSpan> = Vec::new();
        for span in spans {
            match teams.last_mut() {
                Some(before) if goes_on(before, &span) => {
                    before.last_day = before.last_day.zip(span.last_day).map(|(one, other)| one.max(other));
                }
                _ => teams.push(span),
            }
        }
        teams
    }
}

fn team_of(post: &HeldPost) -> TeamSpan {
    TeamSpan {
        force: post.force.clone(),
        area: post.units.area.clone(),
        department: post.units.department.clone(),
        team: post.units.team.clone(),
        first_day: post.first_day,
        last_day: post.last_day,
    }
}

/// Whether `span`, which begins no earlier, is of the same team and leaves no day between.
fn goes_on(before: &TeamSpan, span: &TeamSpan) -> bool {
    let same = (&before.force, &before.area, &before.department, &before.team)
        == (&span.force, &span.area, &span.department, &span.team);
    same && before.last_day.is_none_or(|last| span.first_day <= last.saturating_add(1))
}

/// One row of the extract.
struct Post {
    from_micros: i64,
    first_day: i32,
    last_day: i32,
    /// `None` where the end cannot be read, or comes before the start.
    units: Option<PostUnits>,
}

/// The extract's rows as a frame, and as [`Posts`].
pub(super) fn conform(rows: &Rows) -> PolarsResult<(Conformed, Posts)> {
    let (from, to, officers) = (rows.times("valid_from")?, rows.times("valid_to")?, rows.text("officer")?);
    let units = Units::of(rows)?;
    let mut findings = Findings::default();
    let (mut backwards, mut invalid) = (0, Vec::with_capacity(rows.len()));
    let mut of_officer: BTreeMap<(&str, &str), Vec<Post>> = BTreeMap::new();
    for row in 0..rows.len() {
        let start = from[row].at().ok_or_else(|| polars_err!(ComputeError: "valid_from is blank"))?;
        let is_backwards = to[row].at().is_some_and(|end| end.day() < start.day());
        backwards += u64::from(is_backwards);
        invalid.push(is_backwards || to[row] == TimeCell::Invalid);
        let last_day = to[row].at().filter(|_| !is_backwards).map_or(NO_END, |end| end.day());
        let units = (!invalid[row]).then(|| units.of_row(row));
        let post = Post { from_micros: start.civil_micros, first_day: start.day(), last_day, units };
        let who = (rows.force.get(row).unwrap_or_default(), officers.get(row).unwrap_or_default());
        of_officer.entry(who).or_default().push(post);
    }
    // Where no post has an end, each lasts until the next.
    let ends_are_kept = to.iter().any(|end| *end != TimeCell::Blank);
    let (mut held, mut overlaps) = (Vec::new(), 0);
    for ((force, officer), mut posts) in of_officer {
        posts.sort_by_key(|post| post.from_micros);
        overlaps += overlapping(&posts, ends_are_kept);
        held.extend(days_held(&posts).into_iter().map(|(first_day, last, units)| HeldPost {
            force: force.into(),
            units,
            officer: officer.into(),
            first_day,
            last_day: (last != NO_END).then_some(last),
        }));
    }
    findings.add(Finding::PostEndsBeforeItBegins, "people", "valid_to", backwards);
    findings.add(Finding::PostsOverlap, "people", "valid_from", overlaps);
    let ends = to.iter().zip(&invalid).map(|(end, invalid)| if *invalid { TimeCell::Invalid } else { *end });
    let frame = DataFrame::new(
        rows.len(),
        vec![
            frame::text("force", &rows.force),
            frame::text("officer", officers),
            frame::times("valid_from", from.iter().copied())?,
            frame::times("valid_to", ends)?,
            frame::flags("valid_to_invalid", invalid.iter().map(|i| Some(*i))),
            frame::unit("area", units.area),
            frame::unit("department", units.department),
            frame::unit("team", units.team),
            frame::unit("supervisor", units.supervisor),
            frame::flags("in_window", rows.in_window.iter().map(|w| Some(*w))),
        ],
    )?;
    Ok((Conformed { frame, findings }, Posts::new(held)))
}

/// The columns that name a post's units.
struct Units<'r> {
    area: &'r StringChunked,
    department: &'r StringChunked,
    team: &'r StringChunked,
    supervisor: &'r StringChunked,
}

impl<'r> Units<'r> {
    fn of(rows: &'r Rows) -> PolarsResult<Self> {
        Ok(Self {
            area: rows.text("area")?,
            department: rows.text("department")?,
            team: rows.text("team")?,
            supervisor: rows.text("supervisor")?,
        })
    }

    fn of_row(&self, row: usize) -> PostUnits {
        let name = |cells: &StringChunked| cells.get(row).unwrap_or(UNALLOCATED).into();
        PostUnits {
            area: name(self.area),
            department: name(self.department),
            team: name(self.team),
            supervisor: name(self.supervisor),
        }
    }
}

/// How many posts begin while an earlier one lasts. One shared day is none: many systems end a post on the day on which
/// the next begins. `posts` stand in the order of their starts.
fn overlapping(posts: &[Post], ends_are_kept: bool) -> u64 {
    let (mut found, mut reach) = (0, i32::MIN);
    for (at, post) in posts.iter().enumerate() {
        let same_start = at > 0 && posts[at - 1].from_micros == post.from_micros;
        found += u64::from(same_start || reach > post.first_day);
        if post.last_day != NO_END || ends_are_kept {
            reach = reach.max(post.last_day);
        }
    }
    found
}

/// First day, last day and units of one officer's posts, overlaps resolved; days without a post are left out. `posts`
/// stand in the order of their starts.
fn days_held(posts: &[Post]) -> Vec<(i32, i32, PostUnits)> {
    let ends = posts.iter().filter(|post| post.last_day != NO_END).map(|post| post.last_day + 1);
    let days: BTreeSet<i32> = posts.iter().map(|post| post.first_day).chain(ends).collect();
    let days: Vec<i32> = days.into_iter().collect();
    let mut by_end: Vec<usize> = (0..posts.len()).collect();
    by_end.sort_by_key(|at| posts[*at].last_day);
    let (mut begun, mut ended, mut lasting) = (0, 0, BTreeSet::new());
    let mut held: Vec<(i32, i32, PostUnits)> = Vec::new();
    for (at, day) in days.iter().enumerate() {
        while posts.get(begun).is_some_and(|post| post.first_day <= *day) {
            lasting.insert(begun);
            begun += 1;
        }
        while by_end.get(ended).is_some_and(|at| posts[*at].last_day < *day) {
            lasting.remove(&by_end[ended]);
            ended += 1;
        }
        let Some(units) = settled(posts, &lasting) else { continue };
        let last = days.get(at + 1).map_or(NO_END, |next| next - 1);
        match held.last_mut() {
            Some(before) if before.1 == day - 1 && before.2 == units => before.1 = last,
            _ => held.push((*day, last, units)),
        }
    }
    held
}

/// The units by the post that began last. Where posts that began at the same time do not agree, or the end of one is not
/// known, nothing can be told.
fn settled(posts: &[Post], lasting: &BTreeSet<usize>) -> Option<PostUnits> {
    let latest = &posts[*lasting.last()?];
    let level = lasting.iter().rev().map(|at| &posts[*at]).take_while(|post| post.from_micros == latest.from_micros);
    let agreed = latest.units.as_ref().filter(|units| level.into_iter().all(|post| post.units.as_ref() == Some(units)));
    let nobody_knows: Arc<str> = UNALLOCATED.into();
    Some(agreed.cloned().unwrap_or_else(|| PostUnits {
        area: nobody_knows.clone(),
        department: nobody_knows.clone(),
        team: nobody_knows.clone(),
        supervisor: nobody_knows,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A post of team `team` in days, its hour of start apart; without a team its end is not known.
    fn post(first_day: i32, hour: i64, last_day: Option<i32>, team: Option<&str>) -> Post {
        let unit = |name: &str| Arc::<str>::from(name);
        let units = team.map(|team| PostUnits {
            area: unit("North"),
            department: unit("CID"),
            team: unit(team),
            supervisor: unit("S1"),
        });
        let from_micros = (i64::from(first_day) * 24 + hour) * 3_600_000_000;
        Post { from_micros, first_day, last_day: last_day.unwrap_or(NO_END), units }
    }

    fn held(mut posts: Vec<Post>) -> Vec<(i32, i32, String)> {
        posts.sort_by_key(|post| post.from_micros);
        days_held(&posts).into_iter().map(|(first, last, units)| (first, last, units.team.to_string())).collect()
    }

    /// A name, posts, first and last day and team of what is held, overlaps.
    type Case = (&'static str, Vec<Post>, &'static [(i32, i32, &'static str)], u64);

    /// Worked by hand from docs/decisions/0015-people.md.
    #[test]
    fn the_post_that_began_last_holds_from_its_start() {
        let whole = || post(0, 0, None, Some("A"));
        let cases: [Case; 11] = [
            ("none", vec![], &[], 0),
            ("one without end", vec![whole()], &[(0, NO_END, "A")], 0),
            ("one of a day", vec![post(5, 0, Some(5), Some("A"))], &[(5, 5, "A")], 0),
            (
                "a gap",
                vec![post(0, 0, Some(3), Some("A")), post(6, 0, None, Some("A"))],
                &[(0, 3, "A"), (6, NO_END, "A")],
                0,
            ),
            (
                "a shared day",
                vec![post(0, 0, Some(5), Some("A")), post(5, 0, Some(9), Some("B"))],
                &[(0, 4, "A"), (5, 9, "B")],
                0,
            ),
            (
                "one within another",
                vec![whole(), post(3, 0, Some(4), Some("B"))],
                &[(0, 2, "A"), (3, 4, "B"), (5, NO_END, "A")],
                1,
            ),
            (
                "the same units again",
                vec![post(0, 0, Some(3), Some("A")), post(4, 0, Some(9), Some("A"))],
                &[(0, 9, "A")],
                0,
            ),
            (
                "a start later on the day",
                vec![post(3, 9, None, Some("A")), post(3, 14, None, Some("B"))],
                &[(3, NO_END, "B")],
                1,
            ),
            (
                "two of one start that differ",
                vec![whole(), post(0, 0, Some(4), Some("B"))],
                &[(0, 4, UNALLOCATED), (5, NO_END, "A")],
                1,
            ),
            ("two of one start that agree", vec![whole(), post(0, 0, Some(4), Some("A"))], &[(0, NO_END, "A")], 1),
            (
                "an end that is not known",
                vec![whole(), post(3, 0, None, None)],
                &[(0, 2, "A"), (3, NO_END, UNALLOCATED)],
                1,
            ),
        ];
        for (name, posts, expected, overlaps) in cases {
            assert_eq!(overlapping(&posts, true), overlaps, "{name}");
            let expected: Vec<_> = expected.iter().map(|(f, l, team)| (*f, *l, (*team).to_owned())).collect();
            assert_eq!(held(posts), expected, "{name}");
        }
    }

    #[test]
    fn where_no_ends_are_kept_the_next_post_ends_the_one_before() {
        let posts = [post(0, 0, None, Some("A")), post(5, 0, None, Some("B")), post(5, 0, None, Some("C"))];
        assert_eq!(overlapping(&posts[..2], false), 0);
        assert_eq!(overlapping(&posts[..2], true), 1);
        assert_eq!(overlapping(&posts, false), 1); // two that begin at once still contradict each other
    }

    fn posts_of(held: &[(&str, &str, i32, Option<i32>)]) -> Posts {
        let one = |(officer, team, first_day, last_day): &(&str, &str, i32, Option<i32>)| HeldPost {
            force: "gloucestershire".into(),
            units: post(0, 0, None, Some(team)).units.unwrap(),
            officer: (*officer).into(),
            first_day: *first_day,
            last_day: *last_day,
        };
        Posts::new(held.iter().map(one).collect())
    }

    #[test]
    fn an_officers_units_on_a_day() {
        let posts = posts_of(&[("2", "B", 7, None), ("1", "A", 0, Some(3)), ("1", "B", 6, Some(9))]);
        for (officer, day, team) in [
            ("1", -1, None),
            ("1", 0, Some("A")),
            ("1", 3, Some("A")),
            ("1", 4, None),
            ("1", 6, Some("B")),
            ("1", 10, None),
            ("2", 100_000, Some("B")),
            ("01", 0, None), // another collar number
        ] {
            let units = posts.units_on("gloucestershire", officer, day);
            assert_eq!(units.map(|units| &*units.team), team, "{officer} on {day}");
        }
        assert_eq!(posts.units_on("dorset", "1", 0), None);
        assert!(Posts::default().units_on("dorset", "1", 0).is_none());
    }

    #[test]
    fn a_team_is_there_for_as_long_as_somebody_is_in_it() {
        let posts = posts_of(&[
            ("1", "A", 0, Some(3)),
            ("2", "A", 2, Some(5)),
            ("3", "A", 6, Some(8)),
            ("4", "A", 20, None),
            ("1", "B", 4, Some(4)),
            ("5", UNALLOCATED, 0, None),
        ]);
        let teams: Vec<_> = posts.teams().into_iter().map(|t| (t.team.to_string(), t.first_day, t.last_day)).collect();
        let expected = [("A", 0, Some(8)), ("A", 20, None), ("B", 4, Some(4))];
        assert_eq!(teams, expected.map(|(team, first, last)| (team.to_owned(), first, last)));
    }
}
