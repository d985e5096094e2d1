//! Which metrics the yearly tables can give: read from each metric's definition, so that none is mistaken for another.

use super::home_office;
use crate::definitions::{Condition, Measure, Metric, References, Test};
use crate::domain::{Basis, Kind, SolvedSet};

/// The columns whose sum is a metric's numerator. The denominator is recorded crime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numerator {
    pub basis: Basis,
    pub columns: Vec<&'static str>,
}

/// The numerator of a metric, counting as solved what `set` does.
///
/// # Errors
/// Why the tables cannot give it.
pub(super) fn numerator(metric: &Metric, set: Option<SolvedSet>, references: &References) -> Result<Numerator, String> {
    let cannot = || "the yearly tables hold outcomes over recorded crime alone".to_owned();
    let (Measure::Share { numerator, denominator, weight: None }, "crimes", Some(basis)) =
        (&metric.measure, metric.extract.as_str(), metric.basis)
    else {
        return Err(cannot());
    };
    if !matches!(metric.kind, Kind::Ratio | Kind::Proportion) || metric.complete_after_days.is_some() {
        return Err(cannot());
    }
    // Recorded crime is published without cancelled crimes, and no published outcome lacks its time.
    let holds =
        |c: &Condition| matches!(c.field.as_str(), "cancelled" | "outcome_at_invalid") && c.test == Test::Is(false);
    if !denominator.conditions.iter().all(holds) {
        return Err(cannot());
    }
    let mut chosen = numerator.conditions.iter().filter(|condition| !holds(condition));
    let codes: Vec<&str> = match (chosen.next(), chosen.next()) {
        (Some(Condition { field, test: Test::AnyOf(codes) }), None) if field == "outcome_type" => {
            codes.iter().map(String::as_str).collect()
        }
        (Some(Condition { field, test: Test::InSolvedSet }), None) if field == "outcome_type" => {
            let solved = references.outcome_types.iter().filter(|t| set.is_some_and(|set| t.solved_in.contains(&set)));
            solved.map(|t| t.code.as_str()).collect()
        }
        _ => return Err(cannot()),
    };
    columns(basis, &codes, references).map(|columns| Numerator { basis, columns })
}

/// The columns of outcome types. A type's column holds its rows "of which" too, so `1` stands for `1` and `1A` together.
fn columns(basis: Basis, codes: &[&str], references: &References) -> Result<Vec<&'static str>, String> {
    let mut columns = Vec::new();
    for code in codes {
        if let Some(parent) = code.strip_suffix('A').filter(|parent| home_office::OUTCOME_TYPES.contains(parent)) {
            if !codes.contains(&parent) {
                return Err(format!("the tables do not tell outcome type {code} from {parent}"));
            }
            continue;
        }
        let part = format!("{code}A");
        if references.outcome_types.iter().any(|t| t.code == part) && !codes.contains(&part.as_str()) {
            return Err(format!("the tables do not tell outcome type {code} from {part}"));
        }
        columns.push(
            home_office::column(basis, code)
                .ok_or_else(|| format!("the tables have no column of outcome type {code}"))?,
        );
    }
    if columns.is_empty() { Err("it counts no outcome type".to_owned()) } else { Ok(columns) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::definitions::Definitions;

    fn definitions() -> Definitions {
        crate::definitions::load(Path::new("pipelines/published.toml")).unwrap()
    }

    /// The columns of a metric, by its definition; the reason where there are none.
    #[test]
    fn metrics_are_computed_as_they_are_defined() {
        let definitions = definitions();
        let columns =
            |metric: &Metric, set| numerator(metric, set, &definitions.references).map(|n| n.columns.join(" "));
        let positive = Some(SolvedSet::PositiveExcludingTic);
        for (id, set, expected) in [
            ("charge_rate_closed", None, Ok("closed_all_t1")),
            ("charge_rate_recorded", None, Ok("recorded_all_t1")),
            (
                "out_of_court_rate_closed",
                None,
                Ok("closed_all_t2 closed_all_t3 closed_all_t6 closed_all_t7 closed_all_t8 closed_all_t22"),
            ),
            (
                "solved_rate_recorded",
                positive,
                Ok(
                    "recorded_all_t1 recorded_all_t2 recorded_all_t3 recorded_all_t6 recorded_all_t7 recorded_all_t8 recorded_all_t22",
                ),
            ),
            ("solved_rate_closed", Some(SolvedSet::Legacy), Err("the tables have no column of outcome type 4")),
            (
                "solved_rate_closed",
                Some(SolvedSet::SanctionDetection),
                Err("the tables have no column of outcome type 4"),
            ),
            ("no_suspect_rate", None, Err("the tables have no column of outcome type 18")),
            ("victim_not_supporting_rate", None, Err("the tables have no column of outcome type 14")),
            ("not_assigned_rate", None, Err("the yearly tables hold outcomes over recorded crime alone")),
            ("solved_within_90_days", positive, Err("the yearly tables hold outcomes over recorded crime alone")),
            ("crimes_recorded", None, Err("the yearly tables hold outcomes over recorded crime alone")),
            ("satisfied_overall", None, Err("the yearly tables hold outcomes over recorded crime alone")),
        ] {
            assert_eq!(
                columns(definitions.metric(id).unwrap(), set),
                expected.map(str::to_owned).map_err(str::to_owned),
                "{id}"
            );
        }
    }

    /// Type 1 is published with its rows "of which", so neither can be had without the other.
    #[test]
    fn a_type_is_not_computed_without_its_part() {
        let definitions = definitions();
        for (codes, reason) in [
            (&["1"][..], "the tables do not tell outcome type 1 from 1A"),
            (&["1A"], "the tables do not tell outcome type 1A from 1"),
        ] {
            let mut metric = definitions.metric("charge_rate_closed").unwrap().clone();
            let Measure::Share { numerator, .. } = &mut metric.measure else { panic!("a share") };
            for condition in numerator.conditions.iter_mut().filter(|c| c.field == "outcome_type") {
                condition.test = Test::AnyOf(codes.iter().map(|&code| code.to_owned()).collect());
            }
            assert_eq!(super::numerator(&metric, None, &definitions.references), Err(reason.to_owned()));
        }
    }
}
