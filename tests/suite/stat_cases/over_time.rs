//! XmR charts, point by point, the trend of a proportion, what has ended by a day of age, the months ahead, and the season.

use super::case_file::{Case, Folder, Row, Table};
use scorecard::statistics::cumulative_incidence::{Day, Share, aalen_johansen};
use scorecard::statistics::forecast::seasonal_naive;
use scorecard::statistics::seasonality::{Adjustment, Model, Seasonality, seasonality as season_of};
use scorecard::statistics::xmr::{self, Assurance, Class, Limits, Rule, Screening};
use scorecard::statistics::{Confidence, Polarity, proportion_trend as trend};

const CLOSED_FORM: f64 = 1e-9;

pub fn xmr(folder: &Folder, table: &Table) -> Vec<Case> {
    let points = folder.table("xmr_making_data_count_points").unwrap();
    table.rows().map(|row| xmr_series(row, &points)).collect()
}

fn xmr_series(row: &Row, points: &Table) -> Case {
    let mut case = Case::new(row, "case_id");
    let polarity = match row.text("improvement_direction") {
        "increase" => Polarity::HigherIsBetter,
        "decrease" => Polarity::LowerIsBetter,
        "neutral" => Polarity::Neutral,
        other => panic!("no such direction: {other}"),
    };
    let screening = if row.text("screen_outliers") == "TRUE" { Screening::On } else { Screening::Off };
    let baseline = row.number("fix_after_n_points").map(|number| number as usize);
    let series: Vec<&Row> = points.rows().filter(|point| point.text("case_id") == row.text("case_id")).collect();
    case.number("n", Some(series.len() as f64), 0.0);

    let mut latest = None;
    for group in series.chunk_by(|a, b| a.text("rebase_group") == b.text("rebase_group")) {
        let values: Vec<f64> = group.iter().map(|point| point.given("y")).collect();
        let phase = xmr::phase(&values, baseline, screening).unwrap();
        for ((point, value), rule) in group.iter().zip(values).zip(&phase.rules) {
            case.absorb(xmr_point(point, value, &phase.limits, *rule, polarity));
            latest = Some((phase.limits, rule.class(polarity)));
        }
    }
    let (limits, class) = latest.unwrap();
    let assurance = row.number("target").and_then(|target| xmr::assurance(&limits, target, polarity));
    case.text("exp_assurance", assurance.map_or("", assurance_name));
    case.text("exp_last_variation", class_name(class));
    case
}

fn xmr_point(point: &Row, value: f64, limits: &Limits, rule: Rule, polarity: Polarity) -> Case {
    let mut case = Case::new(point, "idx");
    let outside = value > limits.upper || value < limits.lower;
    let near = !outside && (value > limits.near_upper || value < limits.near_lower);
    case.number("exp_mean", Some(limits.centre), CLOSED_FORM);
    case.number("exp_lpl", Some(limits.lower), CLOSED_FORM);
    case.number("exp_upl", Some(limits.upper), CLOSED_FORM);
    case.text("exp_outside", if outside { "1" } else { "0" });
    case.text("exp_close", if near { "1" } else { "0" });
    case.text("exp_special", rule_name(rule));
    case.text("exp_point", class_name(rule.class(polarity)));
    case
}

/// The names of the reference.
fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::AboveUpperLimit => "astro_high",
        Rule::BelowLowerLimit => "astro_low",
        Rule::Rising => "trend_up",
        Rule::Falling => "trend_down",
        Rule::NearUpperLimit => "two_of_three_high",
        Rule::NearLowerLimit => "two_of_three_low",
        Rule::ShiftAbove => "shift_high",
        Rule::ShiftBelow => "shift_low",
        Rule::CommonCause => "common",
    }
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::CommonCause => "common_cause",
        Class::Improving => "special_cause_improvement",
        Class::Concerning => "special_cause_concern",
        Class::High => "special_cause_neutral_high",
        Class::Low => "special_cause_neutral_low",
    }
}

fn assurance_name(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::AlwaysPassed => "consistent_pass",
        Assurance::NeverPassed => "consistent_fail",
        Assurance::HitAndMiss => "inconsistent",
    }
}

pub fn proportion_trend(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let counts: Vec<(f64, f64)> = row.numbers("numerators").into_iter().zip(row.numbers("denominators")).collect();
        let found = trend::proportion_trend(&counts);
        case.number("exp_chisq_1df", found.map(|found| found.z * found.z), CLOSED_FORM);
        case.number("exp_p", found.map(|found| found.p_value), CLOSED_FORM);
        case.text("exp_direction", found.map_or("", |found| if found.z > 0.0 { "increasing" } else { "decreasing" }));
        for (column, alpha) in [("exp_signif_95", 0.05), ("exp_signif_998", 0.002)] {
            case.text(column, if found.is_some_and(|found| found.p_value < alpha) { "1" } else { "0" });
        }
        case
    };
    table.rows().map(work).collect()
}

/// A row is a day of a case; cases follow one another.
pub fn cumulative_incidence(_: &Folder, table: &Table) -> Vec<Case> {
    let rows: Vec<&Row> = table.rows().collect();
    rows.chunk_by(|a, b| a.text("case_id") == b.text("case_id")).map(incidence_curve).collect()
}

fn incidence_curve(rows: &[&Row]) -> Case {
    let mut case = Case::new(rows[0], "case_id");
    let day = |row: &&Row| Day {
        day: row.whole("day") as u32,
        ended: [1, 2, 3].map(|cause| row.whole(&format!("cause_{cause}"))),
        censored: row.whole("censored"),
    };
    let curve = aalen_johansen(&rows.iter().map(day).collect::<Vec<_>>()).unwrap();
    for row in rows {
        let mut part = Case::new(row, "day");
        let found = curve.by(row.whole("day") as u32);
        share(&mut part, "exp_still_open", "exp_se_still_open", found.map(|found| found.still_open));
        for cause in 0..3 {
            let ended = found.map(|found| found.ended[cause]);
            let name = cause + 1;
            share(&mut part, &format!("exp_incidence_{name}"), &format!("exp_se_{name}"), ended);
            for (level, confidence) in [("95", Confidence::P95), ("998", Confidence::P998)] {
                let ends = ended.and_then(|ended| ended.interval(confidence));
                part.number(&format!("exp_lower{level}_{name}"), ends.map(|ends| ends.lower), CLOSED_FORM);
                part.number(&format!("exp_upper{level}_{name}"), ends.map(|ends| ends.upper), CLOSED_FORM);
            }
        }
        case.absorb(part);
    }
    case
}

fn share(case: &mut Case, value: &str, standard_error: &str, found: Option<Share>) {
    case.number(value, found.map(|found| found.value), CLOSED_FORM);
    case.number(standard_error, found.map(|found| found.standard_error), CLOSED_FORM);
}

pub fn forecast(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let found = seasonal_naive(&row.numbers("values")).unwrap();
        let ahead = row.whole("months_ahead") as usize;
        for (level, confidence) in [("95", Confidence::P95), ("998", Confidence::P998)] {
            let month = found.month(ahead, confidence);
            let ends = month.and_then(|month| month.interval);
            case.number("exp_month", month.map(|month| month.value), CLOSED_FORM);
            case.number(&format!("exp_lower{level}"), ends.map(|ends| ends.lower), CLOSED_FORM);
            case.number(&format!("exp_upper{level}"), ends.map(|ends| ends.upper), CLOSED_FORM);
        }
        let total = found.total(ahead, Confidence::P95);
        let ends = total.and_then(|total| total.interval);
        case.number("exp_total", total.map(|total| total.value), CLOSED_FORM);
        case.number("exp_total_lower95", ends.map(|ends| ends.lower), CLOSED_FORM);
        case.number("exp_total_upper95", ends.map(|ends| ends.upper), CLOSED_FORM);
        case
    };
    table.rows().map(work).collect()
}

pub fn seasonality(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let value = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        let values: Vec<Option<f64>> = row.text("values").split(';').map(value).collect();
        let first = row.whole("first_calendar_month") as u32;
        let seasonality = |model| season_of(&values, first, model).unwrap();
        let Seasonality { test, adjustment } = seasonality(Model::Additive);
        case.number("exp_f", test.f, CLOSED_FORM);
        case.number("exp_p", Some(test.p_value), CLOSED_FORM);
        case.number("exp_residual_df", Some(test.residual_degrees_of_freedom as f64), 0.0);
        case.text("exp_seasonal", if adjustment.is_some() { "1" } else { "0" });
        without_season(&mut case, "exp_effects", "exp_adjusted", adjustment, &values);
        let ratios = seasonality(Model::Multiplicative).adjustment;
        without_season(&mut case, "exp_factors", "exp_ratio_adjusted", ratios, &values);
        case
    };
    table.rows().map(work).collect()
}

/// Effects are held to the size of the values: of a billion, a hundred is the tenth digit.
fn without_season(case: &mut Case, effects: &str, adjusted: &str, found: Option<Adjustment>, values: &[Option<f64>]) {
    let Some(Adjustment { model, effects: by_month, adjusted: without }) = found else {
        for column in [effects, adjusted] {
            case.text(column, "");
        }
        return;
    };
    let size = if model == Model::Additive {
        values.iter().flatten().fold(0.0, |most: f64, x| most.max(x.abs()))
    } else {
        0.0
    };
    let without: Vec<f64> = without.into_iter().flatten().collect();
    for (column, found) in [(effects, by_month.to_vec()), (adjusted, without)] {
        let expected = case.row().numbers(column);
        case.numbers_agree(&format!("{column}, how many"), Some(found.len() as f64), Some(expected.len() as f64), 0.0);
        for (found, expected) in found.into_iter().zip(expected) {
            case.numbers_agree(column, Some(found + size), Some(expected + size), CLOSED_FORM);
        }
    }
}
