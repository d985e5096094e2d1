//! Everything a chart of outcomes says in words: notes, alternative text.

use super::super::ChartUnit;
use super::super::scale::drawable;
use super::super::text::{clean, opening, synthetic_sentence};
use super::super::unit::grouped;
use super::{MOST_PERIODS, MixPeriod, OutcomeMixChart};

pub(super) fn notes(input: &OutcomeMixChart) -> Vec<String> {
    let mut sentences = Vec::new();
    if !input.is_empty() {
        sentences.push("Each column adds up to all its crimes, but for rounding; bars are on one scale.".to_owned());
    }
    if input.shown().iter().any(|period| period.provisional) {
        sentences.push("Outlined bars are provisional.".to_owned());
    }
    let older = input.periods.len().saturating_sub(MOST_PERIODS);
    if older > 0 {
        sentences.push(format!("Older periods not shown: {older}."));
    }
    let rows = input.outcomes.len() - input.rows().len();
    if rows > 0 {
        sentences.push(format!("Outcomes not shown: {rows}."));
    }
    let own = (!sentences.is_empty()).then(|| sentences.join(" "));
    own.into_iter().chain(input.notes.iter().cloned()).collect()
}

/// The finding, then the newest period's mix, then each outcome's share in the periods before.
pub(super) fn alt_text(input: &OutcomeMixChart) -> String {
    let synthetic = synthetic_sentence(input.synthetic);
    let finding = opening(&input.title);
    let Some(newest) = input.newest().filter(|_| !input.is_empty()) else {
        return format!("{finding}Outcomes of crimes: no figures to show.{synthetic}");
    };
    let of = |period: &MixPeriod| -> String {
        let shares = input.rows().iter().enumerate().map(|(i, outcome)| {
            let share = period.share(i).map_or("no figure".to_owned(), |share| ChartUnit::Percent.format(share));
            format!("{} {share}", clean(outcome))
        });
        let crimes = drawable(period.crimes).map_or_else(String::new, |n| format!(" of {} crimes", grouped(n, 0)));
        let provisional = if period.provisional { ", provisional" } else { "" };
        format!("{}{crimes}{provisional}: {}", clean(&period.name), shares.collect::<Vec<_>>().join(", "))
    };
    let others = input.shown().iter().rev().filter(|period| !std::ptr::eq(*period, newest));
    let periods: Vec<String> = std::iter::once(newest).chain(others).map(of).collect();
    format!("{finding}Outcomes of crimes by period. {}.{synthetic}", periods.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::super::outcome_mix;
    use super::super::super::sample_inputs::outcome_mix_chart;

    #[test]
    fn alt_text_states_the_finding_and_every_share() {
        let mut input = outcome_mix_chart(2, 1);
        input.periods[1].provisional = true;
        let expected = "Two in five crimes close without a suspect. Outcomes of crimes by period. 12 months to Jun 2025 of \
            30,000 crimes: Charged or summonsed 8.0%, Out of court 5.0%, No suspect identified 40.0%, Victim does not support \
            action 22.0%, Other outcomes 17.0%, No outcome yet 8.0%; 12 months to Jun 2026 of 31,000 crimes, provisional: \
            Charged or summonsed 9.0%, Out of court 5.0%, No suspect identified 39.0%, Victim does not support action 22.0%, \
            Other outcomes 16.0%, No outcome yet 9.0%. Synthetic data.";
        assert_eq!(outcome_mix::chart(&input).unwrap().alt_text, expected);
    }

    #[test]
    fn what_is_not_there_is_said() {
        let mut input = outcome_mix_chart(6, 1);
        input.periods[5].shares[2] = None;
        let chart = outcome_mix::chart(&input).unwrap();
        assert!(chart.alt_text.contains("No suspect identified no figure"), "{}", chart.alt_text);
        assert!(chart.svg.contains(">no figure<") && chart.svg.contains("Older periods not shown: 2."));
        input.periods.clear();
        let chart = outcome_mix::chart(&input).unwrap();
        assert!(chart.svg.contains("No figures to show") && chart.alt_text.contains("no figures to show"));
    }
}
