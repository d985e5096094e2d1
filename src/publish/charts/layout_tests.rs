//! Layout checked from outside: resvg lays out the text of a finished chart with the embedded font, and no text may leave
//! the chart or touch another, whatever the figures and words.

mod of_several_figures;

use resvg::usvg::{Group, Node, Rect};

use super::ranked::ReferenceLine;
use super::sample_inputs::{
    areas_chart, control_chart, evaluation_chart, funnel_chart, group_chart, journey_chart, maturity_chart, month,
    outcome_mix_chart, satisfaction_chart, values,
};
use super::spc::{Annotation, Assurance, PointClass, SpcRule, Variation};
use super::text::{Weight, width};
use super::{
    Chart, ChartUnit, areas, evaluation, funnel, journey, maturity, outcome_mix, ranked, raster, satisfaction, spc,
};

/// Overlap of line boxes, in pixels, that leaves the letters themselves apart.
const TOLERANCE: f32 = 1.0;
pub(super) const LONG_NAME: &str = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch a'r Ŵyl";
pub(super) const HOSTILE: &str = "</text></svg><script>alert(\"x\")</script>\u{0}\u{202E}&lt;\n]]> ' =cmd|'/c calc'!A1";

fn texts(svg: &str) -> Vec<(String, Rect)> {
    fn collect(group: &Group, found: &mut Vec<(String, Rect)>) {
        for node in group.children() {
            match node {
                Node::Group(inner) => collect(inner, found),
                Node::Text(text) => {
                    let words: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                    found.push((words, text.abs_bounding_box()));
                }
                Node::Path(_) | Node::Image(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(raster::parse(svg).unwrap().root(), &mut found);
    found
}

pub(super) fn check_layout(case: &str, chart: &Chart) {
    let texts = texts(&chart.svg);
    let (wide, high) = (chart.width as f32, chart.height as f32);
    for (i, (words, a)) in texts.iter().enumerate() {
        let inside = a.left() >= 0.0 && a.top() >= 0.0 && a.right() <= wide && a.bottom() <= high;
        assert!(inside, "{case}: '{words}' at {a:?} leaves the chart of {wide} x {high}");
        for (other, b) in &texts[i + 1..] {
            let across = a.right().min(b.right()) - a.left().max(b.left());
            let down = a.bottom().min(b.bottom()) - a.top().max(b.top());
            assert!(across <= TOLERANCE || down <= TOLERANCE, "{case}: '{words}' and '{other}' overlap");
        }
    }
}

#[test]
fn measured_width_is_that_of_the_drawn_text() {
    for (words, weight, css) in [("Upper limit 95.4%", Weight::Regular, 400), ("Gloucestershire Ŵŷ", Weight::Bold, 700)]
    {
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='900' height='90'>\
             <text x='9' y='60' font-family='Inter' font-size='40' font-weight='{css}'>{words}</text></svg>"
        );
        let drawn = f64::from(texts(&svg)[0].1.width());
        let measured = width(words, 40.0, weight).unwrap();
        assert!((measured - drawn).abs() < 0.02 * drawn, "'{words}' measures {measured} and is drawn {drawn} wide");
    }
}

#[test]
fn control_charts_keep_their_text_apart_for_any_number_of_months() {
    for count in [0, 1, 2, 3, 5, 12, 13, 14, 24, 26, 36, 48, 60] {
        let chart = spc::chart(&control_chart(&values(count, 0.8), ChartUnit::Percent)).unwrap();
        check_layout(&format!("{count} months"), &chart);
    }
    // Far more months than are asked for.
    check_layout("40 years", &spc::chart(&control_chart(&values(480, 0.8), ChartUnit::Percent)).unwrap());
}

#[test]
fn control_charts_keep_their_text_apart_for_any_values() {
    let units = [
        ChartUnit::Percent,
        ChartUnit::Count,
        ChartUnit::Seconds,
        ChartUnit::Minutes,
        ChartUnit::Days,
        ChartUnit::Rate,
    ];
    for unit in units {
        for level in [0.0, 0.001, 0.5, 1.0, 1e6, -3.0] {
            let chart = spc::chart(&control_chart(&values(24, level), unit)).unwrap();
            check_layout(&format!("{unit:?} about {level}"), &chart);
        }
    }
    let all_missing = spc::chart(&control_chart(&[None; 20], ChartUnit::Percent)).unwrap();
    check_layout("all missing", &all_missing);
    assert!(all_missing.svg.contains("No figures to show"));
    for value in [f64::NAN, f64::INFINITY, f64::MAX] {
        let mut input = control_chart(&[Some(value); 20], ChartUnit::Count);
        input.phases[0].upper = Some(value);
        let chart = spc::chart(&input).unwrap();
        check_layout("not a number", &chart);
        assert!(chart.alt_text.contains("no figures to show"), "{}", chart.alt_text);
        for wrong in ["NaN", "inf"] {
            assert!(!chart.svg.contains(wrong), "{wrong} in {}", chart.svg);
        }
    }
}

#[test]
fn control_charts_keep_hostile_and_long_words_apart() {
    for words in [HOSTILE, LONG_NAME, "", &"word ".repeat(300), &"x".repeat(3000)] {
        let mut input = control_chart(&values(36, 0.8), ChartUnit::Percent);
        input.title = words.to_owned();
        input.subtitle = words.to_owned();
        input.y_label = words.to_owned();
        input.source = words.to_owned();
        input.notes = vec![words.to_owned(); 3];
        input.annotations = vec![Annotation { month: month(20), text: words.to_owned() }];
        let chart = spc::chart(&input).unwrap();
        check_layout(words, &chart);
        assert!(!chart.svg.contains("<script"));
    }
}

#[test]
fn funnels_keep_their_text_apart() {
    for count in [0, 1, 2, 3, 10, 43, 200] {
        for ratio in [1.0, 1.5, 8.0, 200.0, 1e9] {
            let chart = funnel::chart(&funnel_chart(count, ratio)).unwrap();
            check_layout(&format!("{count} forces, {ratio} times"), &chart);
        }
    }
    for words in [HOSTILE, LONG_NAME, "", &"word ".repeat(300), &"x".repeat(3000)] {
        let mut input = funnel_chart(43, 100.0);
        input.title = words.to_owned();
        input.subtitle = words.to_owned();
        input.value_label = words.to_owned();
        input.base_label = words.to_owned();
        input.own_in_words = words.to_owned();
        input.forces.iter_mut().for_each(|force| force.name = words.to_owned());
        let chart = funnel::chart(&input).unwrap();
        check_layout(words, &chart);
        assert!(!chart.svg.contains("<script"));
    }
    let mut input = funnel_chart(4, 10.0);
    input.forces[0].value = f64::NAN;
    input.forces[1].denominator = 0.0;
    let chart = funnel::chart(&input).unwrap();
    check_layout("not a number", &chart);
    assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"));
}

#[test]
fn maturity_curves_keep_their_text_apart() {
    for cohorts in [0, 1, 2, 4, 9, 40] {
        for horizon in [0, 1, 90, 180, 365] {
            let chart = maturity::chart(&maturity_chart(cohorts, horizon)).unwrap();
            check_layout(&format!("{cohorts} quarters, {horizon} days"), &chart);
        }
    }
    for words in [HOSTILE, LONG_NAME, "", &"word ".repeat(300), &"x".repeat(3000)] {
        let mut input = maturity_chart(4, 365);
        input.title = words.to_owned();
        input.subtitle = words.to_owned();
        input.value_label = words.to_owned();
        input.in_words = words.to_owned();
        input.period = words.to_owned();
        input.source = words.to_owned();
        input.notes = vec![words.to_owned(); 3];
        input.cohorts.iter_mut().chain(&mut input.reference).for_each(|curve| curve.name = words.to_owned());
        let chart = maturity::chart(&input).unwrap();
        check_layout(words, &chart);
        assert!(!chart.svg.contains("<script"));
    }
    for share in [0.0, 1.0, f64::NAN, f64::INFINITY] {
        let mut input = maturity_chart(3, 365);
        let curves = input.cohorts.iter_mut().chain(&mut input.reference);
        curves.for_each(|curve| curve.points.iter_mut().for_each(|point| point.1 = share));
        input.band.iter_mut().for_each(|end| (end.1, end.2) = (share, share));
        let chart = maturity::chart(&input).unwrap();
        check_layout(&format!("all {share}"), &chart);
        assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"));
    }
}

#[test]
fn remarks_keep_clear_of_each_other() {
    for places in [vec![0, 1, 2, 3], vec![30, 33, 35], vec![0, 35], (0..36).collect(), vec![5, 5, 5], vec![-3, 99]] {
        let mut input = control_chart(&values(36, 0.8), ChartUnit::Percent);
        let remark = |&place: &i32| {
            let text = format!("Remark of month {place}, a change of system in the control room");
            Annotation { month: month(place), text }
        };
        input.annotations = places.iter().map(remark).collect();
        check_layout(&format!("{places:?}"), &spc::chart(&input).unwrap());
    }
}

#[test]
fn marks_of_every_class_and_icons_of_every_verdict_fit() {
    let classes =
        [PointClass::Common, PointClass::Improving, PointClass::Concerning, PointClass::High, PointClass::Low];
    let rules = [SpcRule::OutsideLimits, SpcRule::Shift, SpcRule::Trend, SpcRule::TwoOfThreeNearLimit];
    let verdicts = [
        (Variation::CommonCause, Assurance::AlwaysPasses),
        (Variation::ImprovingHigh, Assurance::AlwaysFails),
        (Variation::ImprovingLow, Assurance::HitAndMiss),
        (Variation::ConcerningHigh, Assurance::HitAndMiss),
        (Variation::High, Assurance::NotAssessed),
        (Variation::Low, Assurance::AlwaysFails),
        (Variation::NoVariation, Assurance::AlwaysPasses),
        (Variation::NotAssessed, Assurance::NotAssessed),
    ];
    for (variation, assurance) in verdicts {
        let mut input = control_chart(&values(36, 0.8), ChartUnit::Percent);
        (input.variation, input.assurance) = (variation, assurance);
        for (i, point) in input.points.iter_mut().enumerate() {
            point.class = classes[i % classes.len()];
            point.rule = Some(rules[i % rules.len()]);
            point.provisional = i > 32;
        }
        check_layout(&format!("{variation:?}"), &spc::chart(&input).unwrap());
    }
}

#[test]
fn ranked_charts_keep_their_text_apart() {
    for count in [0, 1, 2, 7, 8, 20, 43, 60] {
        let chart = ranked::chart(&group_chart(&values(count, 0.8), ChartUnit::Percent)).unwrap();
        check_layout(&format!("{count} forces"), &chart);
    }
    for unit in [ChartUnit::Percent, ChartUnit::Count, ChartUnit::Days, ChartUnit::Rate] {
        for level in [0.0, 0.001, 1.0, 1e6, -3.0] {
            let chart = ranked::chart(&group_chart(&values(8, level), unit)).unwrap();
            check_layout(&format!("{unit:?} about {level}"), &chart);
        }
    }
    for words in [HOSTILE, LONG_NAME, "", &"word ".repeat(300), &"x".repeat(3000)] {
        let mut input = group_chart(&values(8, 0.8), ChartUnit::Percent);
        for member in &mut input.members {
            member.name = words.to_owned();
        }
        input.members[5].value = None;
        input.members[5].missing_reason = Some(words.to_owned());
        input.title = words.to_owned();
        input.subtitle = words.to_owned();
        input.value_label = words.to_owned();
        input.group_date = words.to_owned();
        input.period = words.to_owned();
        input.source = words.to_owned();
        input.national = Some(ReferenceLine { label: words.to_owned(), value: 0.8 });
        let chart = ranked::chart(&input).unwrap();
        check_layout(words, &chart);
        assert!(!chart.svg.contains("<script"));
    }
    let all_missing = ranked::chart(&group_chart(&[None; 8], ChartUnit::Percent)).unwrap();
    check_layout("all missing", &all_missing);
    assert!(all_missing.svg.contains("No figures to show"));
}

#[test]
fn names_of_the_lines_keep_within_the_chart_wherever_they_fall() {
    for step in 0..=10 {
        for other in [0, 3, 5, 10] {
            let mut input = group_chart(&[Some(1.0), Some(0.5)], ChartUnit::Percent);
            let line = |label: &str, value: f64| Some(ReferenceLine { label: label.to_owned(), value });
            input.group_mean = line("Group mean of a long description", f64::from(step) / 10.0);
            input.national = line("England and Wales without the City of London", f64::from(other) / 10.0);
            check_layout(&format!("lines at {step} and {other}"), &ranked::chart(&input).unwrap());
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let input = control_chart(&values(36, 0.8), ChartUnit::Percent);
    assert_eq!(spc::chart(&input).unwrap(), spc::chart(&input).unwrap());
    let mut reversed = input.clone();
    reversed.points.reverse();
    assert_eq!(spc::chart(&input).unwrap().svg, spc::chart(&reversed).unwrap().svg);
    let group = group_chart(&values(8, 0.8), ChartUnit::Percent);
    let mut reversed = group.clone();
    reversed.members.reverse();
    assert_eq!(ranked::chart(&group).unwrap().svg, ranked::chart(&reversed).unwrap().svg);
}

#[test]
fn only_colours_of_the_palette_are_used() {
    use super::palette::*;
    let known = [
        DARK_BLUE,
        MID_BLUE,
        DARK_PINK,
        ORANGE,
        LIGHT_PURPLE,
        DARK_GREY,
        LIGHT_GREY,
        INK,
        MUTED,
        MID_GREY,
        GRID,
        BAND,
        WHITE,
    ];
    let known: Vec<String> = known.into_iter().map(hex).collect();
    let control = spc::chart(&control_chart(&values(36, 0.8), ChartUnit::Percent)).unwrap();
    let group = ranked::chart(&group_chart(&values(8, 0.8), ChartUnit::Percent)).unwrap();
    let curves = maturity::chart(&maturity_chart(3, 365)).unwrap();
    let small = areas::chart(&areas_chart(3, 24, ChartUnit::Percent)).unwrap();
    let steps = journey::chart(&journey_chart(5, 120_000)).unwrap();
    let mix = outcome_mix::chart(&outcome_mix_chart(3, 1)).unwrap();
    let said = satisfaction::chart(&satisfaction_chart(5)).unwrap();
    for chart in [control, group, curves, small, steps, mix, said] {
        let used = chart.svg.match_indices("=\"#").map(|(at, _)| &chart.svg[at + 2..at + 9]);
        let unknown: Vec<&str> = used.filter(|colour| !known.iter().any(|k| k == colour)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}

#[test]
fn evaluations_keep_their_text_apart() {
    for count in [0, 1, 2, 5, 15, 36, 60, 240] {
        for level in [0.0, 0.001, 0.8, 1e6, -3.0] {
            let unit = if level == 0.8 { ChartUnit::Percent } else { ChartUnit::Count };
            let chart = evaluation::chart(&evaluation_chart(&values(count, level), unit)).unwrap();
            check_layout(&format!("evaluation of {count} months about {level}"), &chart);
            assert_eq!(count == 0, chart.svg.contains("No figures to show"));
        }
    }
    let not_a_number = evaluation::chart(&evaluation_chart(&[Some(f64::NAN); 20], ChartUnit::Count)).unwrap();
    check_layout("evaluation of no numbers", &not_a_number);
    assert!(!not_a_number.svg.contains("NaN") && not_a_number.svg.contains("No figures to show"));
    for words in [HOSTILE, LONG_NAME, "", &"word ".repeat(300), &"x".repeat(3000)] {
        let mut input = evaluation_chart(&values(36, 0.8), ChartUnit::Percent);
        for text in [
            &mut input.title,
            &mut input.subtitle,
            &mut input.value_label,
            &mut input.intervention,
            &mut input.signed_effect,
            &mut input.effect,
            &mut input.interval,
            &mut input.source,
        ] {
            *text = words.to_owned();
        }
        (input.comparison, input.notes) = (Some(words.to_owned()), vec![words.to_owned(); 3]);
        let chart = evaluation::chart(&input).unwrap();
        check_layout(words, &chart);
        assert!(!chart.svg.contains("<script"));
    }
}

#[test]
fn an_evaluation_says_in_words_what_it_shows() {
    let chart = evaluation::chart(&evaluation_chart(&values(36, 0.8), ChartUnit::Percent)).unwrap();
    let expected = "Victims satisfied: better since the change. Victims satisfied in 36 months; Victim care unit, 1 April 2024, in \
        force from Oct 2024, beside Southtown: 8.0 points higher than without the change, 95% interval 2.0 to 14.0 points \
        higher. Synthetic data.";
    assert_eq!(chart.alt_text, expected);
}
