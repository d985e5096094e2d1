//! Every chart with its awkward cases as pictures on one page, for a person to look through: `just gallery`.

use std::fmt::Write as _;
use std::path::Path;

use super::sample_inputs::{
    areas_chart, control_chart, evaluation_chart, forecast_chart, funnel_chart, group_chart, hours_chart,
    journey_chart, maturity_chart, month, outcome_mix_chart, satisfaction_chart, sparkline, values, week_chart,
};
use super::spc::{Annotation, Assurance, PointClass, SpcChart, SpcRule, Variation};
use super::text::escape;
use super::{
    Chart, ChartError, ChartUnit, areas, evaluation, forecast, funnel, hours, journey, maturity, outcome_mix, ranked,
    rasterise, satisfaction, sparkline as spark, spc, week,
};

const LONG: &str = "Bournemouth, Christchurch, Poole and the Rural Districts of North and West Dorset";
const LONG_TITLE: &str =
    "Emergency calls answered within ten seconds of being put through by the operator: getting worse";

type Case = (&'static str, Result<Chart, ChartError>);

#[test]
#[ignore = "writes pictures: just gallery"]
fn every_chart_with_its_awkward_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&folder).unwrap();
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Charts</title>\
         <style>body{font:16px sans-serif;margin:2em}img{border:1px solid #ccc;max-width:960px}</style><h1>Charts</h1>",
    );
    let only = std::env::var("GALLERY_ONLY").unwrap_or_default();
    for (chart, cases) in CHARTS.into_iter().filter(|(chart, _)| only.is_empty() || *chart == only) {
        let _ = write!(page, "<h2>{chart}</h2>");
        for (case, drawn) in cases() {
            let drawn = drawn.unwrap();
            let name = format!("{chart}_{}", case.replace(' ', "_"));
            std::fs::write(folder.join(format!("{name}.svg")), &drawn.svg).unwrap();
            std::fs::write(folder.join(format!("{name}.png")), rasterise(&drawn.svg).unwrap()).unwrap();
            let alt = escape(&drawn.alt_text);
            let _ = write!(page, "<h3>{case}</h3><img src=\"{name}.svg\" alt=\"{alt}\"><p>{alt}</p>");
        }
    }
    page.push_str("<h2>sparkline</h2><table>");
    for (case, svg) in sparklines() {
        let name = format!("sparkline_{}", case.replace(' ', "_"));
        std::fs::write(folder.join(format!("{name}.svg")), &svg).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), rasterise(&svg).unwrap()).unwrap();
        let _ = write!(page, "<tr><td>{case}<td aria-hidden=\"true\">{svg}");
    }
    page.push_str("</table></html>\n");
    std::fs::write(folder.join("index.html"), page).unwrap();
}

type Cases = fn() -> Vec<Case>;

/// Each kind of chart by its module.
const CHARTS: [(&str, Cases); 12] = [
    ("spc", spc_cases),
    ("areas", areas_cases),
    ("ranked", ranked_cases),
    ("funnel", funnel_cases),
    ("maturity", maturity_cases),
    ("evaluation", evaluation_cases),
    ("journey", journey_cases),
    ("outcome_mix", outcome_mix_cases),
    ("satisfaction", satisfaction_cases),
    ("week", week_cases),
    ("hours", hours_cases),
    ("forecast", forecast_cases),
];

#[test]
fn every_kind_of_chart_is_in_the_gallery() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/publish/charts");
    let mut kinds = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() && std::fs::read_to_string(&path).unwrap().contains("\npub fn chart(") {
            kinds.push(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    kinds.sort();
    let mut shown = CHARTS.map(|(kind, _)| kind);
    shown.sort_unstable();
    assert_eq!(kinds, shown);
}

/// A chart of every class of month, the last three provisional.
fn of_all_classes(months: usize) -> SpcChart {
    let classes =
        [PointClass::Common, PointClass::Improving, PointClass::Concerning, PointClass::High, PointClass::Low];
    let mut input = control_chart(&values(months, 0.8), ChartUnit::Percent);
    for (i, point) in input.points.iter_mut().enumerate() {
        point.class = classes[i % 7 % 5];
        point.rule = Some(SpcRule::OutsideLimits).filter(|_| point.class != PointClass::Common);
        point.provisional = i + 3 >= months;
    }
    input
}

fn spc_cases() -> Vec<Case> {
    let percent = |count: usize| control_chart(&values(count, 0.8), ChartUnit::Percent);
    let with = |mut input: SpcChart, change: fn(&mut SpcChart)| {
        change(&mut input);
        spc::chart(&input)
    };
    let provisional = |input: &mut SpcChart| {
        input.points.iter_mut().for_each(|point| point.provisional = true);
        input.phases.clear();
        (input.variation, input.assurance, input.target) = (Variation::NotAssessed, Assurance::NotAssessed, None);
    };
    let missing = |input: &mut SpcChart| {
        for i in [3, 4, 9, 17, 18, 19, 30] {
            input.points[i].value = None;
        }
    };
    let remarks = |input: &mut SpcChart| {
        let texts = ["New control room", "Rota of the night shift changed in every area", "Second operator"];
        let remark = |(i, text): (usize, &str)| Annotation { month: month(4 + 3 * i as i32), text: text.to_owned() };
        input.annotations = texts.into_iter().enumerate().map(remark).collect();
    };
    let long = |input: &mut SpcChart| {
        (input.title, input.subtitle) = (LONG_TITLE.to_owned(), format!("{LONG}, by month, recorded basis"));
        input.notes = vec!["A caveat that goes on for longer than a line has room for. ".repeat(4)];
    };
    vec![
        ("usual", spc::chart(&percent(36))),
        ("every class", spc::chart(&of_all_classes(36))),
        ("one month", with(percent(1), provisional)),
        ("60 months", spc::chart(&percent(60))),
        ("all equal", spc::chart(&control_chart(&[Some(0.8); 24], ChartUnit::Percent))),
        ("zero", spc::chart(&control_chart(&[Some(0.0); 24], ChartUnit::Count))),
        ("missing months", with(percent(36), missing)),
        ("provisional only", with(percent(6), provisional)),
        ("hundreds of thousands", spc::chart(&control_chart(&values(36, 412_345.0), ChartUnit::Count))),
        ("remarks", with(percent(36), remarks)),
        ("long names", with(percent(36), long)),
        ("no figures", spc::chart(&control_chart(&[None; 12], ChartUnit::Seconds))),
    ]
}

fn areas_cases() -> Vec<Case> {
    let mut marked = areas_chart(7, 36, ChartUnit::Percent);
    let verdicts = [Variation::ConcerningLow, Variation::ImprovingHigh, Variation::CommonCause, Variation::High];
    for (i, area) in marked.areas.iter_mut().enumerate() {
        (area.points, area.variation) = (of_all_classes(36).points, verdicts[i % 4]);
    }
    marked.areas[6].title = "unallocated".to_owned();
    let mut long = areas_chart(5, 24, ChartUnit::Minutes);
    long.areas.iter_mut().for_each(|area| area.title = LONG.to_owned());
    let mut ragged = areas_chart(4, 24, ChartUnit::Percent);
    ragged.areas[0].points.iter_mut().for_each(|point| point.value = None);
    ragged.areas[1].points.truncate(1);
    ragged.areas[2].points.iter_mut().step_by(3).for_each(|point| point.value = None);
    ragged.areas[3].phases[0].upper = Some(3.0);
    let mut counts = areas_chart(6, 36, ChartUnit::Count);
    counts.force = None;
    for area in &mut counts.areas {
        *area = SpcChart {
            title: area.title.clone(),
            target: None,
            ..control_chart(&values(36, 234_567.0), ChartUnit::Count)
        };
    }
    vec![
        ("usual", areas::chart(&areas_chart(6, 36, ChartUnit::Percent))),
        ("every class", areas::chart(&marked)),
        ("two areas", areas::chart(&areas_chart(2, 60, ChartUnit::Percent))),
        ("one area, one month", areas::chart(&areas_chart(1, 1, ChartUnit::Percent))),
        ("long names", areas::chart(&long)),
        ("missing and cut off", areas::chart(&ragged)),
        ("hundreds of thousands, no force", areas::chart(&counts)),
        ("none", areas::chart(&areas_chart(0, 0, ChartUnit::Percent))),
    ]
}

fn ranked_cases() -> Vec<Case> {
    let group = |count: usize, level: f64, unit| group_chart(&values(count, level), unit);
    let mut missing = group(8, 0.8, ChartUnit::Percent);
    for (i, reason) in [(2, "did not report the year"), (5, "denominator of 0")] {
        (missing.members[i].value, missing.members[i].missing_reason) = (None, Some(reason.to_owned()));
    }
    let mut alone = group(8, 0.8, ChartUnit::Percent);
    (alone.group_mean, alone.national, alone.rank) = (None, None, None);
    let mut long = group(8, 0.8, ChartUnit::Percent);
    long.members.iter_mut().for_each(|member| member.name = LONG.to_owned());
    long.title = LONG_TITLE.to_owned();
    vec![
        ("usual", ranked::chart(&group(8, 0.8, ChartUnit::Percent))),
        ("one force", ranked::chart(&group(1, 0.8, ChartUnit::Percent))),
        ("43 forces", ranked::chart(&group(43, 0.8, ChartUnit::Percent))),
        ("all equal", ranked::chart(&group_chart(&[Some(0.5); 8], ChartUnit::Percent))),
        ("zero", ranked::chart(&group_chart(&[Some(0.0); 8], ChartUnit::Rate))),
        ("negative", ranked::chart(&group(8, -3.0, ChartUnit::Rate))),
        ("missing forces", ranked::chart(&missing)),
        ("no comparator", ranked::chart(&alone)),
        ("hundreds of thousands", ranked::chart(&group(8, 412_345.0, ChartUnit::Count))),
        ("long names", ranked::chart(&long)),
        ("no figures", ranked::chart(&group_chart(&[None; 8], ChartUnit::Percent))),
    ]
}

fn funnel_cases() -> Vec<Case> {
    let mut long = funnel_chart(43, 30.0);
    long.forces.iter_mut().for_each(|force| force.name = LONG.to_owned());
    vec![
        ("usual", funnel::chart(&funnel_chart(43, 30.0))),
        ("one force", funnel::chart(&funnel_chart(1, 1.0))),
        ("three forces", funnel::chart(&funnel_chart(3, 8.0))),
        ("of hundreds of thousands", funnel::chart(&funnel_chart(43, 1000.0))),
        ("equal size", funnel::chart(&funnel_chart(43, 1.0))),
        ("long names", funnel::chart(&long)),
        ("none", funnel::chart(&funnel_chart(0, 1.0))),
    ]
}

fn maturity_cases() -> Vec<Case> {
    let mut alone = maturity_chart(3, 365);
    (alone.reference, alone.tested) = (None, None);
    alone.band.clear();
    let mut long = maturity_chart(4, 365);
    long.cohorts.iter_mut().chain(&mut long.reference).for_each(|curve| curve.name = LONG.to_owned());
    vec![
        ("usual", maturity::chart(&maturity_chart(4, 365))),
        ("one quarter", maturity::chart(&maturity_chart(1, 365))),
        ("nine quarters", maturity::chart(&maturity_chart(9, 365))),
        ("no comparator", maturity::chart(&alone)),
        ("long names", maturity::chart(&long)),
        ("none", maturity::chart(&maturity_chart(0, 365))),
    ]
}

fn evaluation_cases() -> Vec<Case> {
    let mut negative = evaluation_chart(&values(36, -3.0), ChartUnit::Rate);
    negative.signed_effect = "\u{2212}0.3".to_owned();
    (negative.effect, negative.interval) = ("0.3 lower".to_owned(), "0.6 lower to 0.1 higher".to_owned());
    let mut long = evaluation_chart(&values(36, 0.8), ChartUnit::Percent);
    (long.title, long.intervention) = (LONG_TITLE.to_owned(), LONG.to_owned());
    let mut alone = evaluation_chart(&values(36, 0.8), ChartUnit::Percent);
    alone.comparison = None;
    alone.months.iter_mut().for_each(|month| month.comparison = None);
    vec![
        ("usual", evaluation::chart(&evaluation_chart(&values(36, 0.8), ChartUnit::Percent))),
        ("negative effect", evaluation::chart(&negative)),
        ("no comparator", evaluation::chart(&alone)),
        ("60 months", evaluation::chart(&evaluation_chart(&values(60, 0.8), ChartUnit::Percent))),
        ("one month", evaluation::chart(&evaluation_chart(&values(1, 0.8), ChartUnit::Percent))),
        ("all equal", evaluation::chart(&evaluation_chart(&[Some(0.0); 24], ChartUnit::Percent))),
        ("hundreds of thousands", evaluation::chart(&evaluation_chart(&values(36, 412_345.0), ChartUnit::Count))),
        ("long names", evaluation::chart(&long)),
        ("none", evaluation::chart(&evaluation_chart(&[], ChartUnit::Percent))),
    ]
}

fn journey_cases() -> Vec<Case> {
    let branched = |calls: u64| {
        let mut input = journey_chart(5, calls);
        let names = [
            ("Calls that led to an incident", "calls"),
            ("Incidents that led to a crime", "incidents"),
            ("Crimes that were solved", "crimes"),
            ("Crimes whose victim was surveyed", "crimes"),
            ("Victims surveyed who are satisfied", "victims surveyed"),
        ];
        for (step, (name, records)) in input.steps.iter_mut().zip(names) {
            (step.name, step.records) = (name.to_owned(), records.to_owned());
        }
        (input.steps[3].from, input.steps[3].on, input.steps[3].after) =
            (input.steps[2].from, input.steps[2].from / 10, Some(1));
        (input.steps[4].from, input.steps[4].on) = (input.steps[3].on, input.steps[3].on / 3 * 2);
        input.steps[4].median = None;
        input
    };
    let mut long = branched(120_000);
    long.steps.iter_mut().for_each(|step| {
        (step.name, step.records, step.left_behind) = (LONG.to_owned(), LONG.to_owned(), LONG.to_owned())
    });
    let mut ends = branched(120_000);
    (ends.steps[0].on, ends.steps[1].on) = (ends.steps[0].from, 0);
    ends.steps.iter_mut().skip(2).for_each(|step| (step.from, step.on, step.median) = (0, 0, None));
    vec![
        ("usual", journey::chart(&branched(120_000))),
        ("hundreds of thousands", journey::chart(&branched(912_345))),
        ("two steps", journey::chart(&journey_chart(2, 1_000))),
        ("all and none lead on", journey::chart(&ends)),
        ("long names", journey::chart(&long)),
        ("none", journey::chart(&journey_chart(0, 0))),
    ]
}

fn outcome_mix_cases() -> Vec<Case> {
    let mut provisional = outcome_mix_chart(3, 1);
    provisional.periods[2].provisional = true;
    let mut only = outcome_mix_chart(1, 1);
    only.periods[0].provisional = true;
    let mut missing = outcome_mix_chart(4, 1);
    missing.periods[1].shares = vec![None; 6];
    missing.periods[3].shares[2] = Some(0.0);
    let mut whole = outcome_mix_chart(2, 1);
    whole.periods[0].shares = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0].map(Some).to_vec();
    let mut long = outcome_mix_chart(4, 1);
    long.outcomes.iter_mut().for_each(|outcome| *outcome = LONG.to_owned());
    long.periods.iter_mut().for_each(|period| period.name = LONG.to_owned());
    vec![
        ("usual", outcome_mix::chart(&outcome_mix_chart(3, 1))),
        ("one period", outcome_mix::chart(&outcome_mix_chart(1, 1))),
        ("newest provisional", outcome_mix::chart(&provisional)),
        ("provisional only", outcome_mix::chart(&only)),
        ("missing and zero", outcome_mix::chart(&missing)),
        ("all of one", outcome_mix::chart(&whole)),
        ("hundreds of thousands", outcome_mix::chart(&outcome_mix_chart(4, 20))),
        ("long names", outcome_mix::chart(&long)),
        ("none", outcome_mix::chart(&outcome_mix_chart(0, 1))),
    ]
}

fn satisfaction_cases() -> Vec<Case> {
    let mut missing = satisfaction_chart(5);
    missing.questions[1].satisfied = None;
    (missing.questions[2].lower, missing.questions[2].upper) = (None, None);
    let mut ends = satisfaction_chart(4);
    for (question, (share, lower, upper)) in
        ends.questions.iter_mut().zip([(0.0, 0.0, 0.3), (1.0, 0.7, 1.0), (0.5, 0.1, 0.9), (0.02, 0.0, 0.09)])
    {
        (question.satisfied, question.lower, question.upper) = (Some(share), Some(lower), Some(upper));
    }
    let mut long = satisfaction_chart(5);
    long.questions.iter_mut().for_each(|question| question.name = LONG.to_owned());
    let mut many = satisfaction_chart(5);
    many.questions.iter_mut().for_each(|question| question.answers = Some(412_345.0));
    vec![
        ("usual", satisfaction::chart(&satisfaction_chart(5))),
        ("one question", satisfaction::chart(&satisfaction_chart(1))),
        ("missing", satisfaction::chart(&missing)),
        ("none and all", satisfaction::chart(&ends)),
        ("hundreds of thousands", satisfaction::chart(&many)),
        ("long names", satisfaction::chart(&long)),
        ("none", satisfaction::chart(&satisfaction_chart(0))),
    ]
}

fn week_cases() -> Vec<Case> {
    let mut usual = week_chart(4.2);
    for (day, hours) in usual.cells.iter_mut().enumerate() {
        let of =
            |hour: usize| 5.0 + 0.3 * day as f64 + 4.0 * ((hour as f64 - 10.0) * std::f64::consts::TAU / 24.0).sin();
        *hours = std::array::from_fn(|hour| Some(of(hour)));
    }
    let mut missing = usual.clone();
    missing.cells[6] = [None; 24];
    missing.cells[0][3] = None;
    let mut long = week_chart(4.2);
    (long.title, long.subtitle, long.value_label) = (LONG_TITLE.to_owned(), LONG.to_owned(), LONG.to_owned());
    vec![
        ("usual", week::chart(&usual)),
        ("missing hours", week::chart(&missing)),
        ("zero", week::chart(&week_chart(0.0))),
        ("hundreds of thousands", week::chart(&week_chart(412_345.0))),
        ("long names", week::chart(&long)),
        ("no figures", week::chart(&week_chart(f64::NAN))),
    ]
}

fn hours_cases() -> Vec<Case> {
    let mut alone = hours_chart(5.0);
    alone.last_year = None;
    let mut long = hours_chart(5.0);
    (long.title, long.this_year.name) = (LONG_TITLE.to_owned(), LONG.to_owned());
    vec![
        ("usual", hours::chart(&hours_chart(5.0))),
        ("one year", hours::chart(&alone)),
        ("zero", hours::chart(&hours_chart(0.0))),
        ("hundreds of thousands", hours::chart(&hours_chart(412_345.0))),
        ("long names", hours::chart(&long)),
        ("no figures", hours::chart(&hours_chart(f64::NAN))),
    ]
}

fn forecast_cases() -> Vec<Case> {
    let mut long = forecast_chart(36, 12, 800.0);
    (long.title, long.subtitle) = (LONG_TITLE.to_owned(), LONG.to_owned());
    vec![
        ("usual", forecast::chart(&forecast_chart(36, 12, 800.0))),
        ("60 months", forecast::chart(&forecast_chart(60, 12, 800.0))),
        ("one month", forecast::chart(&forecast_chart(1, 1, 800.0))),
        ("nothing ahead", forecast::chart(&forecast_chart(24, 0, 800.0))),
        ("zero", forecast::chart(&forecast_chart(24, 12, 0.0))),
        ("hundreds of thousands", forecast::chart(&forecast_chart(24, 12, 412_345.0))),
        ("long names", forecast::chart(&long)),
        ("none", forecast::chart(&forecast_chart(0, 0, 1.0))),
    ]
}

fn sparklines() -> Vec<(&'static str, String)> {
    let of = |months: usize, class: PointClass, provisional: usize| {
        let mut input = sparkline(&values(months, 0.8));
        for (i, point) in input.points.iter_mut().enumerate() {
            (point.class, point.provisional) = (class, i + provisional >= months);
        }
        spark::svg(&input)
    };
    let mut missing = sparkline(&values(36, 0.8));
    missing.points.iter_mut().skip(2).step_by(5).for_each(|point| point.value = None);
    let mut stepped = sparkline(&values(36, 0.8));
    for (i, point) in stepped.points.iter_mut().enumerate() {
        point.upper = Some(0.9 + 0.03 * (i % 4) as f64);
        point.lower = None;
    }
    vec![
        ("common", of(36, PointClass::Common, 0)),
        ("improving", of(36, PointClass::Improving, 3)),
        ("concerning", of(36, PointClass::Concerning, 3)),
        ("high", of(36, PointClass::High, 0)),
        ("low", of(36, PointClass::Low, 1)),
        ("13 months", of(13, PointClass::Concerning, 3)),
        ("one month", of(1, PointClass::Common, 0)),
        ("60 months", of(60, PointClass::Improving, 3)),
        ("provisional only", of(12, PointClass::Common, 12)),
        ("all equal", spark::svg(&sparkline(&[Some(0.0); 24]))),
        ("missing", spark::svg(&missing)),
        ("limits by month", spark::svg(&stepped)),
        ("none", spark::svg(&sparkline(&[]))),
    ]
}
