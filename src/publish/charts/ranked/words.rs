//! Everything a ranked chart says in words: headline, notes, alternative text.

use super::super::ChartError;
use super::super::frame::{Headline, MARGIN, WIDTH};
use super::super::scale::drawable;
use super::super::text::{after_comma, clean, opening, synthetic_sentence};
use super::{GroupVariant, LABEL, Rank, RankedChart, RankedMember, one_line, ranked};

/// What the bars measure, with the unit that the ticks leave out.
pub(super) fn value_label(input: &RankedChart) -> Result<String, ChartError> {
    one_line(&input.unit.label(&clean(&input.value_label)), LABEL, WIDTH - 2.0 * MARGIN)
}

/// The own force's figure and rank.
pub(super) fn headline(input: &RankedChart) -> Option<Headline> {
    let (own, value) = own(input)?;
    let mut captions = vec![clean(&own.name)];
    captions.extend(input.rank.map(rank_in_words));
    Some(Headline { figure: input.unit.format(value), captions })
}

fn own(input: &RankedChart) -> Option<(&RankedMember, f64)> {
    ranked(input).into_iter().find(|(member, _)| member.own)
}

/// `3rd of 8, could be 2nd to 6th`
fn rank_in_words(rank: Rank) -> String {
    let range = if rank.lower == rank.upper {
        String::new()
    } else {
        format!(", could be {} to {}", ordinal(rank.lower), ordinal(rank.upper))
    };
    format!("{} of {}{range}", ordinal(rank.rank), rank.of)
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Period, intervals and comparator in one line; forces without a figure in another; then the caller's own notes.
pub(super) fn notes(input: &RankedChart) -> Vec<String> {
    let mut sentences = Vec::new();
    let period = clean(&input.period);
    if !period.is_empty() {
        sentences.push(format!("Period: {}.", period.trim_end_matches('.')));
    }
    if ranked(input).iter().any(|(member, _)| member.lower.is_some() && member.upper.is_some()) {
        sentences.push("Whiskers: 95% intervals.".to_owned());
    }
    if input.group_mean.is_some() {
        sentences.push(format!("Group mean: {}.", variant_in_words(input.group_variant)));
    }
    let date = clean(&input.group_date);
    if !date.is_empty() {
        sentences.push(format!("Group as of {}.", date.trim_end_matches('.')));
    }
    let own = if sentences.is_empty() { None } else { Some(sentences.join(" ")) };
    own.into_iter().chain(missing(input)).chain(input.notes.iter().cloned()).collect()
}

fn variant_in_words(variant: GroupVariant) -> &'static str {
    match variant {
        GroupVariant::MeanOfRatesIncludingSelf => "mean of member figures, own force included",
        GroupVariant::Pooled => "members' counts pooled, own force included",
        GroupVariant::ExcludingSelf => "mean of member figures, own force left out",
    }
}

/// The forces without a figure, as a sentence.
fn missing(input: &RankedChart) -> Option<String> {
    let mut absent: Vec<String> = input
        .members
        .iter()
        .filter(|member| member.value.and_then(drawable).is_none())
        .map(|member| match member.missing_reason.as_deref().map(clean).filter(|reason| !reason.is_empty()) {
            Some(reason) => format!("{} ({reason})", clean(&member.name)),
            None => clean(&member.name),
        })
        .collect();
    absent.sort();
    (!absent.is_empty()).then(|| format!("No figure: {}.", absent.join(", ")))
}

/// The finding, then own figure, rank, comparators and range in one sentence; missing forces; and that the data is
/// synthetic, if it is.
pub(super) fn alt_text(input: &RankedChart) -> String {
    let format = |value: f64| input.unit.format_in_words(value);
    let members = ranked(input);
    let mut parts = Vec::new();
    match own(input) {
        Some((member, value)) => {
            let interval = member.lower.and_then(drawable).zip(member.upper.and_then(drawable));
            let interval = interval.map(|(low, high)| format!(" (95% interval {} to {})", format(low), format(high)));
            parts.push(format!("{} {}{}", clean(&member.name), format(value), interval.unwrap_or_default()));
            parts.extend(input.rank.map(rank_in_words));
        }
        None => parts.push("no figure for the own force".to_owned()),
    }
    for line in [&input.group_mean, &input.national].into_iter().flatten() {
        parts.extend(drawable(line.value).map(|value| format!("{} {}", clean(&line.label), format(value))));
    }
    if let ([(top, top_value), .., (bottom, bottom_value)], true) = (members.as_slice(), members.len() > 1) {
        let (top, bottom) = (clean(&top.name), clean(&bottom.name));
        parts.push(format!("from {top} {} to {bottom} {}", format(*top_value), format(*bottom_value)));
    }
    let finding = opening(&input.title);
    let period = after_comma(&input.period);
    let label = clean(&input.value_label);
    let subject = if label.is_empty() { String::new() } else { format!(" of {label}") };
    let forces = if members.len() == 1 { "1 force".to_owned() } else { format!("{} forces", members.len()) };
    let missing = missing(input).map(|sentence| format!(" {sentence}")).unwrap_or_default();
    let synthetic = synthetic_sentence(input.synthetic);
    format!("{finding}Bar chart{subject}, {forces}{period}: {}.{missing}{synthetic}", parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::super::sample_inputs::group_chart;
    use super::super::super::{ChartUnit, ranked};
    use super::*;

    #[test]
    fn alt_text_states_finding_own_figure_rank_and_comparators() {
        let mut input = group_chart(&[Some(0.78), Some(0.726), Some(0.636), None], ChartUnit::Percent);
        input.members[3].missing_reason = Some("not published".to_owned());
        input.group_mean = Some(super::super::ReferenceLine { label: "Group mean".to_owned(), value: 0.727 });
        input.national = Some(super::super::ReferenceLine { label: "England and Wales".to_owned(), value: 0.694 });
        let expected = "Satisfaction is similar to that of the group. Bar chart of Victims satisfied, 3 forces, 12 months to \
            Sep 2026: Force 1 72.6% (95% interval 69.0% to 76.2%); 2nd of 8, could be 1st to 3rd; Group mean 72.7%; England \
            and Wales 69.4%; from Force 0 78.0% to Force 2 63.6%. No figure: Force 3 (not published). Synthetic data.";
        let chart = ranked::chart(&input).unwrap();
        assert_eq!(chart.alt_text, expected);
        assert!(chart.svg.contains(&format!("<desc>{expected}</desc>")));
        assert!(chart.svg.contains(">No figure: Force 3 (not published).</text>"));
        assert!(chart.svg.contains("own force included. Group as of 1 April 2024.</text>"));
    }

    #[test]
    fn the_own_force_is_told_by_weight_as_well_as_colour() {
        let input = group_chart(&[Some(0.78), Some(0.726), Some(0.636)], ChartUnit::Percent);
        let svg = ranked::chart(&input).unwrap().svg;
        let bold =
            |words: &str| svg.lines().any(|l| l.contains("font-weight=\"700\"") && l.contains(&format!(">{words}<")));
        assert!(bold("Force 1") && bold("72.6%"));
        assert!(!bold("Force 0") && !bold("78.0%"));
    }

    #[test]
    fn bars_are_in_order_of_value_then_name() {
        let mut input = group_chart(&[Some(0.5), Some(0.7), Some(0.7), Some(f64::NAN)], ChartUnit::Percent);
        let names = |input: &RankedChart| ranked(input).iter().map(|(m, _)| m.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&input), ["Force 1", "Force 2", "Force 0"]);
        input.order = super::super::RankOrder::LowestFirst;
        assert_eq!(names(&input), ["Force 0", "Force 1", "Force 2"]);
    }

    #[test]
    fn ranks_read_as_people_say_them() {
        let cases =
            [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd"), (43, "43rd")];
        for (number, expected) in cases {
            assert_eq!(ordinal(number), expected);
        }
        assert_eq!(rank_in_words(Rank { rank: 3, lower: 2, upper: 6, of: 8 }), "3rd of 8, could be 2nd to 6th");
        assert_eq!(rank_in_words(Rank { rank: 1, lower: 1, upper: 1, of: 8 }), "1st of 8");
    }
}
