//! The layout of charts that show several figures of a force side by side.

use super::super::sample_inputs::{
    areas_chart, control_chart, journey_chart, outcome_mix_chart, satisfaction_chart, values,
};
use super::super::{ChartUnit, areas, journey, outcome_mix, satisfaction};
use super::{HOSTILE, LONG_NAME, check_layout};

fn awkward_words() -> [String; 5] {
    [HOSTILE.to_owned(), LONG_NAME.to_owned(), String::new(), "word ".repeat(300), "x".repeat(3000)]
}

#[test]
fn areas_keep_their_text_apart() {
    for count in [0, 1, 2, 4, 7, 31] {
        for months in [0, 1, 13, 60] {
            let chart = areas::chart(&areas_chart(count, months, ChartUnit::Percent)).unwrap();
            check_layout(&format!("{count} areas of {months} months"), &chart);
        }
    }
    for (unit, level) in
        [(ChartUnit::Count, 4e5), (ChartUnit::Seconds, 0.0), (ChartUnit::Rate, -3.0), (ChartUnit::Percent, f64::NAN)]
    {
        let mut input = areas_chart(5, 24, unit);
        for area in &mut input.areas {
            area.points = control_chart(&values(24, level), unit).points;
        }
        let chart = areas::chart(&input).unwrap();
        check_layout(&format!("{unit:?} about {level}"), &chart);
        assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"));
    }
    for words in awkward_words() {
        let mut input = areas_chart(5, 24, ChartUnit::Percent);
        for text in [&mut input.title, &mut input.subtitle, &mut input.value_label, &mut input.source] {
            *text = words.clone();
        }
        input.areas.iter_mut().for_each(|area| area.title = words.clone());
        input.force.as_mut().unwrap().name = words.clone();
        input.notes = vec![words.clone(); 3];
        let chart = areas::chart(&input).unwrap();
        check_layout(&words, &chart);
        assert!(!chart.svg.contains("<script"));
    }
}

/// The longest names of areas in use stand whole: each line of a name is drawn, none ends in an ellipsis.
#[test]
fn names_of_areas_are_not_cut() {
    let names = [
        "Bournemouth, Christchurch and Poole",
        "Kensington and Chelsea, Westminster, Hammersmith and Fulham",
        "Argyll and Bute, Inverclyde, Renfrewshire, East Renfrewshire and West Dunbartonshire",
    ];
    let mut input = areas_chart(3, 24, ChartUnit::Percent);
    for (area, name) in input.areas.iter_mut().zip(names) {
        area.title = name.to_owned();
    }
    let svg = areas::chart(&input).unwrap().svg;
    assert!(!svg.contains('…'), "{svg}");
    for word in names.iter().flat_map(|name| name.split(' ')) {
        assert!(svg.contains(word), "{word}");
    }
}

#[test]
fn journeys_keep_their_text_apart() {
    for steps in [0, 1, 2, 5, 12] {
        for calls in [0, 3, 120_000, u64::MAX / 10] {
            let chart = journey::chart(&journey_chart(steps, calls)).unwrap();
            check_layout(&format!("{steps} steps of {calls} calls"), &chart);
            assert_eq!(steps == 0 || calls == 0, chart.svg.contains("No figures to show"));
        }
    }
    for words in awkward_words() {
        let mut input = journey_chart(5, 120_000);
        for text in [&mut input.title, &mut input.subtitle, &mut input.period, &mut input.source] {
            *text = words.clone();
        }
        for step in &mut input.steps {
            (step.name, step.records, step.left_behind) = (words.clone(), words.clone(), words.clone());
            step.median = Some((f64::NAN, ChartUnit::Days));
        }
        input.notes = vec![words.clone(); 3];
        let chart = journey::chart(&input).unwrap();
        check_layout(&words, &chart);
        assert!(!chart.svg.contains("<script") && !chart.svg.contains("NaN"));
    }
}

#[test]
fn mixes_of_outcomes_keep_their_text_apart() {
    for periods in [0, 1, 2, 3, 4, 9] {
        for scale in [1, 20, 1_000_000] {
            let mut input = outcome_mix_chart(periods, scale);
            check_layout(&format!("{periods} periods"), &outcome_mix::chart(&input).unwrap());
            input.periods.iter_mut().for_each(|period| period.provisional = true);
            check_layout(&format!("{periods} provisional periods"), &outcome_mix::chart(&input).unwrap());
        }
    }
    for share in [0.0, 1.0, -0.2, f64::NAN, f64::INFINITY] {
        let mut input = outcome_mix_chart(4, 1);
        input.periods.iter_mut().for_each(|period| period.shares = vec![Some(share); 6]);
        let chart = outcome_mix::chart(&input).unwrap();
        check_layout(&format!("all {share}"), &chart);
        assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"));
    }
    for words in awkward_words() {
        let mut input = outcome_mix_chart(4, 1);
        for text in [&mut input.title, &mut input.subtitle, &mut input.source] {
            *text = words.clone();
        }
        input.outcomes = vec![words.clone(); 20];
        input.periods.iter_mut().for_each(|period| period.name = words.clone());
        input.notes = vec![words.clone(); 3];
        let chart = outcome_mix::chart(&input).unwrap();
        check_layout(&words, &chart);
        assert!(!chart.svg.contains("<script"));
    }
}

#[test]
fn satisfaction_keeps_its_text_apart() {
    for questions in [0, 1, 2, 5, 30] {
        let chart = satisfaction::chart(&satisfaction_chart(questions)).unwrap();
        check_layout(&format!("{questions} questions"), &chart);
    }
    for (share, answers) in [(0.0, 1.0), (1.0, 4e5), (0.5, 1e15), (0.001, f64::NAN), (0.999, 12.0)] {
        let mut input = satisfaction_chart(5);
        for question in &mut input.questions {
            (question.satisfied, question.answers) = (Some(share), Some(answers));
            (question.lower, question.upper) = (Some(0.0), Some(1.0));
        }
        let chart = satisfaction::chart(&input).unwrap();
        check_layout(&format!("all {share} of {answers}"), &chart);
        assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"));
    }
    for words in awkward_words() {
        let mut input = satisfaction_chart(5);
        for text in [&mut input.title, &mut input.subtitle, &mut input.period, &mut input.source] {
            *text = words.clone();
        }
        input.questions.iter_mut().for_each(|question| question.name = words.clone());
        (input.questions[1].satisfied, input.questions[1].missing_reason) = (None, Some(words.clone()));
        input.notes = vec![words.clone(); 3];
        let chart = satisfaction::chart(&input).unwrap();
        check_layout(&words, &chart);
        assert!(!chart.svg.contains("<script"));
    }
}
