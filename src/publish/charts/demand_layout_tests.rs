//! As `layout_tests`, of the charts of demand.

use super::layout_tests::{HOSTILE, LONG_NAME, check_layout};
use super::palette;
use super::sample_inputs::{forecast_chart, hours_chart, week_chart};
use super::{forecast, hours, week};

const LEVELS: [f64; 8] = [0.0, 0.001, 7.3, 99.96, 12_345.0, 1e9, f64::NAN, f64::INFINITY];

#[test]
fn any_figures_keep_apart() {
    for level in LEVELS {
        for (case, chart) in [
            ("week", week::chart(&week_chart(level)).unwrap()),
            ("hours", hours::chart(&hours_chart(level)).unwrap()),
            ("forecast", forecast::chart(&forecast_chart(24, 12, level)).unwrap()),
        ] {
            check_layout(&format!("{case} at {level}"), &chart);
            assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"), "{case} at {level}");
            assert_eq!(chart.svg.contains("No figures to show"), !level.is_finite(), "{case} at {level}");
        }
    }
    for (past, ahead) in [(0, 0), (0, 12), (24, 0), (1, 1), (2, 12), (60, 12), (24, 24)] {
        check_layout(
            &format!("{past} and {ahead} months"),
            &forecast::chart(&forecast_chart(past, ahead, 800.0)).unwrap(),
        );
    }
    let mut alone = hours_chart(5.0);
    alone.last_year = None;
    check_layout("one year", &hours::chart(&alone).unwrap());
}

#[test]
fn hostile_and_long_words_keep_apart() {
    for words in [HOSTILE, LONG_NAME, "", &"word ".repeat(300), &"x".repeat(3000)] {
        let (mut of_week, mut of_hours, mut ahead) = (week_chart(5.0), hours_chart(5.0), forecast_chart(24, 12, 5.0));
        for text in [
            &mut of_week.title,
            &mut of_week.subtitle,
            &mut of_week.value_label,
            &mut of_week.period,
            &mut of_week.source,
            &mut of_hours.title,
            &mut of_hours.subtitle,
            &mut of_hours.value_label,
            &mut of_hours.this_year.name,
            &mut of_hours.source,
            &mut ahead.title,
            &mut ahead.subtitle,
            &mut ahead.value_label,
            &mut ahead.source,
        ] {
            *text = words.to_owned();
        }
        of_hours.last_year.as_mut().unwrap().name = words.to_owned();
        for notes in [&mut of_week.notes, &mut of_hours.notes, &mut ahead.notes] {
            *notes = vec![words.to_owned(); 3];
        }
        for chart in [week::chart(&of_week), hours::chart(&of_hours), forecast::chart(&ahead)] {
            let chart = chart.unwrap();
            check_layout(words, &chart);
            assert!(!chart.svg.contains("<script"));
        }
    }
}

#[test]
fn only_colours_of_the_palette_are_used() {
    use palette::*;
    let known = [DARK_BLUE, DARK_PINK, INK, MUTED, MID_GREY, LIGHT_GREY, GRID, BAND, WHITE];
    let known: Vec<String> = known.into_iter().chain(SHADES).map(hex).collect();
    let mut shaded = week_chart(1.0);
    shaded.cells[0] = std::array::from_fn(|hour| Some(hour as f64));
    for chart in [week::chart(&shaded), hours::chart(&hours_chart(5.0)), forecast::chart(&forecast_chart(24, 12, 5.0))]
    {
        let svg = chart.unwrap().svg;
        let used = svg.match_indices("=\"#").map(|(at, _)| &svg[at + 2..at + 9]);
        let unknown: Vec<&str> = used.filter(|colour| !known.iter().any(|k| k == colour)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}

#[test]
fn alternative_texts_say_what_is_shown() {
    assert_eq!(
        hours::chart(&hours_chart(8.0)).unwrap().alt_text,
        "999 calls peak at 17:00, as a year ago. Mean 999 calls an hour by hour of the day. 12 months to September 2026: \
         highest 8.0 at 17:00; 12 months before: highest 7.2 at 17:00. Synthetic data."
    );
    assert_eq!(
        forecast::chart(&forecast_chart(2, 3, 1000.0)).unwrap().alt_text,
        "999 calls: highest expected in July 2027. 999 calls received, by month: 1,040 counted in Nov 2022; 3 months ahead, \
         the highest 1,000 in Dec 2022 (95% prediction interval 800 to 1,200). Synthetic data."
    );
}
