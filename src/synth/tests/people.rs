//! Posts beside the crimes that they give.

use std::collections::BTreeSet;

use super::*;

type Row = BTreeMap<String, String>;

fn is_on(post: &Row, day: &str) -> bool {
    let begun = post["valid_from"].as_str() <= day;
    begun && (post["valid_to"].is_empty() || post["valid_to"].as_str() >= day)
}

#[test]
fn every_officer_of_a_crime_held_the_one_post_that_gives_its_units() {
    let made = made(two_forces(3_000));
    let people = named(&records(&made.text("people.csv")));
    let mut of_officer: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for post in &people {
        of_officer.entry((&post["force"], &post["officer"])).or_default().push(post);
    }
    let mut compared = 0;
    for crime in made.rows(Extract::Crimes).iter().filter(|crime| !crime["officer"].is_empty()) {
        let theirs = &of_officer[&(&*crime["force"], &*crime["officer"])];
        let posts: Vec<_> = theirs.iter().filter(|post| is_on(post, &crime["recorded_at"][..10])).collect();
        assert_eq!(posts.len(), 1, "{crime:?}");
        // A crime is given out in the month of its report, and may be recorded in the next.
        if crime["recorded_at"][2..7] != format!("{}-{}", &crime["crime_ref"][2..4], &crime["crime_ref"][4..6]) {
            continue;
        }
        for unit in ["department", "team", "supervisor"] {
            assert_eq!(crime[unit], posts[0][unit], "{unit} of {crime:?}");
        }
        compared += 1;
    }
    assert!(compared > 2_500, "{compared}");
}

#[test]
fn one_team_belongs_to_an_area_from_a_day_on_and_some_officers_move() {
    let made = made(options(300));
    let people = named(&records(&made.text("people.csv")));
    let areas = |from: &str| -> BTreeSet<(&str, &str)> {
        people.iter().filter(|post| is_on(post, from)).map(|p| (p["team"].as_str(), p["area"].as_str())).collect()
    };
    // Each team has one area, or none, on every day.
    let (before, after) = (areas("2025-09-30"), areas("2025-10-01"));
    let changed: Vec<_> = after.difference(&before).collect();
    assert_eq!(changed, [&("Investigations 9", "Gloucester")]);
    assert!(before.contains(&("Investigations 9", "")));
    assert!(made.text("README.md").contains("the team Investigations 9 served the whole force"));
    let teams_of = |officer: &str| -> BTreeSet<&str> {
        people.iter().filter(|p| p["officer"] == officer).map(|p| p["team"].as_str()).collect()
    };
    let officers: BTreeSet<&str> = people.iter().map(|p| p["officer"].as_str()).collect();
    let movers = officers.iter().filter(|officer| teams_of(officer).len() > 1).count();
    let share = movers as f64 / officers.len() as f64;
    assert!((0.08..0.16).contains(&share), "{share}"); // 12% are to move
}
