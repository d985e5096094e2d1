use super::super::sample_inputs::funnel_chart;
use super::*;

#[test]
fn alt_text_states_where_the_force_lies_and_who_is_outside() {
    let expected = "Satisfaction is in the ordinary range. Funnel of Victims satisfied for 5 forces, 12 months to Sep \
        2026: Force 2 44.4%, over a denominator of 1,800, in the ordinary range; all forces together 50.0%; 2 forces \
        outside the ordinary range. Synthetic data.";
    let mut input = funnel_chart(5, 1.0);
    input.forces[2].denominator = 1_800.0;
    input.forces[2].value = 0.444;
    let found = chart(&input).unwrap();
    assert_eq!(found.alt_text, expected);
    assert!(found.svg.contains(&format!("<desc>{expected}</desc>")));
}

/// Ten times apart is linear, twelve times logarithmic; ticks are round either way.
#[test]
fn denominators_far_apart_are_on_a_logarithmic_axis() {
    let mut input = funnel_chart(2, 1.0);
    for (most, logarithmic, ticks) in [
        (9_000.0, false, vec![2_000.0, 4_000.0, 6_000.0, 8_000.0]),
        (10_800.0, true, vec![1_000.0, 2_000.0, 5_000.0, 10_000.0]),
        // Too many of 1, 2 and 5.
        (1_200_000.0, true, vec![1_000.0, 10_000.0, 100_000.0, 1_000_000.0]),
        // One size: no tick between whole numbers.
        (900.0, false, vec![900.0]),
    ] {
        input.forces[0].denominator = 900.0;
        input.forces[1].denominator = most;
        let sorted = Sorted::new(&input);
        assert_eq!((sorted.logarithmic, sorted.ticks()), (logarithmic, ticks), "{most}");
        let svg = chart(&input).unwrap().svg;
        assert_eq!(svg.contains("The horizontal axis is logarithmic."), logarithmic);
    }
}

#[test]
fn the_own_force_is_ringed_and_named_and_the_ordinary_ones_are_not() {
    let mut input = funnel_chart(20, 8.0);
    input.forces.iter_mut().for_each(|force| force.place = FunnelPlace::Within);
    let svg = chart(&input).unwrap().svg;
    assert!(svg.contains(">Force 2</text>") && !svg.contains(">Force 3</text>"), "{svg}");
    input.forces[3].place = FunnelPlace::Worse;
    assert!(chart(&input).unwrap().svg.contains(">Force 3</text>"));
}
