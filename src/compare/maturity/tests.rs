use super::super::sample::{OWN, definitions, month};
use super::*;
use crate::domain::Level;
use crate::statistics::comparison::Verdict;
use crate::tables::cohort::SOLVED;
use crate::tables::maturity::CohortKind;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// 40 crimes recorded on the first of a month: of 100 days' age 4 solved on day 10, `later` on day 40, 8 not supported on
/// day 5, as far as the data date lets it be known.
fn cohort(text: &str, later: u64, data_date: NaiveDate) -> CohortMonth {
    let month = month(text);
    let age = u32::try_from((data_date - month.first_day()).num_days()).unwrap();
    let ends = [(5, [0, 8, 0]), (10, [4, 0, 0]), (40, [later, 0, 0])];
    let seen: Vec<(u32, [u64; 3])> = ends.into_iter().filter(|(day, _)| *day <= age).collect();
    let ended: u64 = seen.iter().flat_map(|(_, ended)| ended).sum();
    let mut days: Vec<CohortDay> =
        seen.into_iter().map(|(day, ended)| CohortDay { day, ended, open: 0, ended_of_age: 0 }).collect();
    match days.iter_mut().find(|day| day.day == age) {
        Some(day) => (day.open, day.ended_of_age) = (40 - ended, ended),
        None => days.push(CohortDay { day: age, ended: [0; 3], open: 40 - ended, ended_of_age: ended }),
    }
    CohortMonth {
        force: OWN.into(),
        level: Level::Force,
        unit: OWN.into(),
        scope: "all".into(),
        month,
        days,
        undated: 0,
        undated_solved: 0,
    }
}

/// 24 months to September 2026, data date the 30th; 2 or 4 crimes of a month solved on day 40.
fn two_years() -> Vec<CohortMonth> {
    let first = month("2024-10").serial();
    let text = |n: i32| Month::from_serial(first + n).to_string();
    (0..24).map(|n| cohort(&text(n), if n % 2 == 0 { 2 } else { 4 }, date("2026-09-30"))).collect()
}

fn made(cohorts: &[CohortMonth], first_day: &str) -> Maturity {
    let definitions = definitions();
    let metric = definitions.metric("solved_rate_recorded").unwrap();
    let (first_day, data_date) = (date(first_day), date("2026-09-30"));
    maturity(&MaturityInput { definitions: &definitions, metric, cohorts, first_day, data_date })
}

/// The newest quarter that ended `days` before the data date, back to the first whole month.
#[test]
fn the_longest_horizon_with_four_quarters_is_taken() {
    for (first, data_date, expected) in [
        ("2024-10", "2026-09-30", Some((365, "2024-10", "2025-09"))),
        ("2024-10", "2026-09-29", Some((180, "2024-10", "2026-03"))), // one day short of a year
        ("2022-01", "2026-09-30", Some((365, "2023-10", "2025-09"))), // eight quarters, no more
        ("2025-02", "2026-09-30", Some((180, "2025-04", "2026-03"))), // February is no start of a quarter
        ("2025-07", "2026-09-30", Some((90, "2025-07", "2026-06"))),
        ("2025-10", "2026-09-30", None),
    ] {
        let found = ReferencePeriod::choose(month(first), date(data_date));
        let found = found.map(|p| (p.horizon, p.first.to_string(), p.last.to_string()));
        let expected = expected.map(|(horizon, first, last)| (horizon, first.to_owned(), last.to_owned()));
        assert_eq!(found, expected, "{first} {data_date}");
    }
}

/// Quarters of 120 crimes: 12 solved by day 10, with 2 + 4 + 2 or 4 + 2 + 4 on day 40.
#[test]
fn curves_are_shares_of_the_quarter_and_end_where_half_are_followed() {
    let made = made(&two_years(), "2024-10-01");
    let at = |kind: CohortKind, start: &str, day: u32| {
        made.curves.iter().find(|p| p.cohort == kind && p.period_start == date(start) && p.day == day).cloned()
    };
    let first = at(CohortKind::Quarter, "2024-10-01", 45).unwrap();
    assert_eq!((first.crimes, first.followed, first.at_risk), (120, 120, 76));
    assert!((first.solved - 20.0 / 120.0).abs() < 1e-12);
    assert!((first.victim_not_supporting - 0.2).abs() < 1e-12 && (first.still_open - 76.0 / 120.0).abs() < 1e-12);
    assert!(first.at_equal_age.is_none());
    let reference = at(CohortKind::Reference, "2024-10-01", 365).unwrap();
    assert_eq!((reference.period_end, reference.crimes), (date("2025-09-30"), 480));
    assert!((reference.solved - 84.0 / 480.0).abs() < 1e-12);
    assert!(reference.ordinary.unwrap().contains(reference.solved));
    // Recorded on 1 July, 1 August and 1 September: 80 of 120 have been followed 60 days, 40 of them 75.
    let newest = |day| at(CohortKind::Quarter, "2026-07-01", day);
    assert_eq!(newest(60).map(|p| p.followed), Some(80));
    assert!(newest(75).is_none());
    let tests: Vec<(NaiveDate, u32, Verdict)> = made
        .curves
        .iter()
        .filter_map(|p| Some((p.period_start, p.day, p.at_equal_age.as_ref()?.test?.verdict)))
        .collect();
    let expected = [("2025-10-01", 330), ("2026-01-01", 240), ("2026-04-01", 150), ("2026-07-01", 60)];
    assert_eq!(tests, expected.map(|(start, day)| (date(start), day, Verdict::Similar)));
}

/// On 30 September the crimes of 1 September are 29 days old: 28 open, and of those open at that age in the reference
/// (12 months of 28) 12·3 were solved on day 40. So 28·36/336 = 3 are to come, on 4.
#[test]
fn a_fresh_month_is_carried_to_the_horizon() {
    let made = made(&two_years(), "2024-10-01");
    let newest = made.nowcasts.last().unwrap();
    assert_eq!((newest.crimes, newest.solved, newest.still_open), (40, 4, 28));
    let reference = newest.reference.unwrap();
    assert_eq!((reference.horizon_days, reference.cohorts, reference.crimes), (365, 12, 480));
    let expected = newest.expected.as_ref().unwrap();
    assert!((expected.further_solved - 3.0).abs() < 1e-12 && (expected.value - 7.0 / 40.0).abs() < 1e-12);
    // Chance: 3·(1 - 36/336); estimate: 28²·p(1 - p)/336; shares of 2/28 and 4/28 spread less than chance has them do.
    let chance = 3.0 * (1.0 - 36.0 / 336.0);
    assert!((expected.by_chance.powi(2) - chance).abs() < 1e-12);
    assert!((expected.by_estimate.powi(2) - 28.0 * chance / 336.0).abs() < 1e-12);
    assert_eq!(expected.between_cohorts, 0.0);
    assert!(expected.interval.lower >= 4.0 / 40.0 && expected.interval.contains(expected.value));
    // Nine months are younger than 90 days or among the six before; January's crimes have nothing to come.
    let months: Vec<String> = made.nowcasts.iter().map(|n| Month::of(n.period_start).to_string()).collect();
    assert_eq!((months.first().map(String::as_str), months.len()), (Some("2026-01"), 9));
}

#[test]
fn without_a_reference_there_is_a_reason() {
    let mut cohorts = two_years();
    let reason = |cohorts: &[CohortMonth], first_day: &str| {
        let made = made(cohorts, first_day);
        made.nowcasts.last().unwrap().expected.clone().unwrap_err()
    };
    let short = reason(&cohorts[12..], "2025-10-01");
    assert_eq!(&*short, "no four whole quarters in a row have been followed for 90 days");
    // The extract begins in the middle of October 2024, so three quarters are whole at a year and four at 180 days.
    let later = made(&cohorts, "2024-10-15");
    assert_eq!(later.nowcasts.last().unwrap().reference.map(|r| r.horizon_days), Some(180));
    for month in &mut cohorts[..12] {
        month.undated = 3;
    }
    let undated = reason(&cohorts, "2024-10-01");
    assert_eq!(&*undated, "more than a tenth of the outcomes in the reference have no day");
    for month in &mut cohorts {
        (month.undated, month.undated_solved) = (1, 1);
    }
    // One in sixteen: a crime solved on a day that is not known is solved to date, and open nowhere.
    let made = made(&cohorts, "2024-10-01");
    let newest = made.nowcasts.last().unwrap();
    assert_eq!((newest.crimes, newest.solved, newest.undated), (41, 5, 1));
    assert_eq!(made.curves.last().unwrap().crimes, 492);
    for month in &mut cohorts {
        month.undated = 0;
        month.days.iter_mut().for_each(|day| day.ended[SOLVED] = 0);
    }
    let made_of_none = self::made(&cohorts, "2024-10-01");
    let none = made_of_none.nowcasts.last().unwrap().expected.clone().unwrap_err();
    assert_eq!(&*none, "of the reference fewer than 10 crimes were solved at such an age");
}
