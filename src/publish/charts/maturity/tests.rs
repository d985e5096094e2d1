use super::super::sample_inputs::maturity_chart;
use super::*;

#[test]
fn alt_text_states_the_finding_and_where_each_curve_ends() {
    let expected = "Crimes are solved as fast as before. Curves of Crimes solved by days since recording, crimes recorded \
        October 2023 to September 2026: Quarter 1 8.0% by day 90, similar to earlier crimes at 90 days; Earlier crimes \
        12.0% by day 365; Quarter 0 10.0% by day 180. Synthetic data.";
    let found = chart(&maturity_chart(2, 365)).unwrap();
    assert_eq!(found.alt_text, expected);
    assert!(found.svg.contains(&format!("<desc>{expected}</desc>")));
    for words in [">8.0%</text>", ">Earlier crimes 12.0%</text>", ">Quarter 0</text>", ">95% band</text>"] {
        assert!(found.svg.contains(words), "{words}");
    }
}

#[test]
fn days_past_the_horizon_are_not_drawn() {
    let svg = chart(&maturity_chart(1, 90)).unwrap().svg;
    assert!(svg.contains(">90</text>") && !svg.contains(">180</text>"));
    assert!(svg.contains("by day 90"), "{svg}");
}

#[test]
fn without_a_reference_the_quarters_still_stand() {
    let mut input = maturity_chart(2, 365);
    input.reference = None;
    input.band.clear();
    input.tested = None;
    let found = chart(&input).unwrap();
    assert!(found.svg.contains(">Quarter 0</text>") && !found.svg.contains("Band:"));
    assert!(found.alt_text.contains("no newer quarter is old enough to be tested"), "{}", found.alt_text);
}
