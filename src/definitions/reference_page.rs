//! The reference page of all definitions: docs/definitions.md.

use std::fmt::Write;

use super::{ColumnKind, Definitions, Extract, Metric};
use crate::domain::{JourneyStage, Polarity, ScopeKind, Unit, long_date};
use crate::tables::conformed::{FIELDS, FieldKind};

/// The page in Markdown: how definitions are written, then every metric, field and extract.
pub fn reference_page(definitions: &Definitions) -> String {
    let mut page = include_str!("grammar.md").to_owned();
    page.push_str("\n## Metrics\n");
    for stage in JourneyStage::ALL {
        let metrics: Vec<&Metric> = definitions.metrics.iter().filter(|metric| metric.stage == *stage).collect();
        if metrics.is_empty() {
            continue;
        }
        page.push_str(&format!("\n### Stage: {}\n", stage.name()));
        for metric in metrics {
            page.push_str(&metric_section(metric));
        }
    }
    page.push_str("\n## Fields\n\nWhat conditions may name, made from the columns of the extracts.\n");
    for extract in &definitions.extracts {
        page.push_str(&fields(&extract.id));
    }
    page.push_str("\n## Extracts\n");
    for extract in &definitions.extracts {
        page.push_str(&extract_section(extract));
    }
    page
}

fn metric_section(metric: &Metric) -> String {
    let mut lines = vec![format!("\n#### {}\n", metric.title), format!("`{}`: {}\n", metric.id, metric.meaning)];
    let mut point = |name: &str, text: String| lines.push(format!("- {name}: {text}"));
    for (part, rule) in metric.measure.in_words() {
        point(part, rule);
    }
    point("Kind", format!("{}, in {}, of extract `{}`", metric.kind.name(), unit(metric.unit), metric.extract));
    point("Better", polarities(metric));
    if let Some(basis) = metric.basis {
        point("Basis", basis.name().to_owned());
    }
    if let Some(levels) = &metric.levels {
        let names: Vec<&str> = levels.iter().map(|level| level.name()).collect();
        point("Levels", names.join(", "));
    }
    if let Some(days) = metric.matures_after_days {
        point("Provisional", format!("until {days} days after the period's end"));
    }
    if let Some(days) = metric.complete_after_days {
        point("Left out", format!("a month until {days} days after its end"));
    }
    if let Some(partner) = &metric.partner {
        point("Partner", format!("`{partner}`"));
    }
    for target in &metric.targets {
        let value = shown(metric.unit, target.value);
        point("Target", format!("{value} from {}. {}", long_date(target.from), target.source));
    }
    point("Owner", format!("`{}`", metric.owner));
    for example in &metric.examples {
        let value = example.value.map_or("not available".to_owned(), |value| shown(metric.unit, value));
        point("Example", format!("{} Value: {value}.", example.says));
    }
    if !metric.caveats.is_empty() {
        lines.push("\nHow it misleads:\n".to_owned());
        lines.extend(metric.caveats.iter().map(|caveat| format!("- {caveat}")));
    }
    lines.join("\n") + "\n"
}

fn polarities(metric: &Metric) -> String {
    let scopes_of = |polarity: Polarity| {
        let scopes = metric.polarity_by_scope.iter().filter(|(_, p)| **p == polarity).map(|(scope, _)| scope.as_str());
        scopes.collect::<Vec<_>>().join("; ")
    };
    let mut text = metric.polarity.name().to_owned();
    for polarity in Polarity::ALL {
        let scopes = scopes_of(*polarity);
        if !scopes.is_empty() {
            let _ = write!(text, "; {} for {scopes}", polarity.name());
        }
    }
    text
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Proportion => "per cent",
        Unit::Per1000 => "events per 1,000 residents",
        other => other.name(),
    }
}

/// A value as a page shows it: a proportion as a percentage.
fn shown(unit: Unit, value: f64) -> String {
    match unit {
        // Rounded, so that 0.07 is 7%, not 7.000000000000001%.
        Unit::Proportion => format!("{}%", (value * 1e6).round() / 1e4),
        _ => value.to_string(),
    }
}

/// Nothing for an extract that metrics do not read.
fn fields(extract: &str) -> String {
    if !FIELDS.iter().any(|field| field.extract == extract) {
        return String::new();
    }
    let mut text = format!("\n### Fields of {extract}\n\n| field | is | says | needs |\n|---|---|---|---|\n");
    for field in FIELDS.iter().filter(|field| field.extract == extract) {
        let kind = match field.kind {
            FieldKind::Text => "text",
            FieldKind::Flag => "flag",
            FieldKind::Number => "number",
            FieldKind::Time => "time",
            FieldKind::OutcomeType => "outcome type",
        };
        let needs: Vec<String> = field.needs.iter().map(|need| format!("`{need}`")).collect();
        let _ = writeln!(text, "| `{}` | {kind} | {} | {} |", field.name, field.description, needs.join(", "));
    }
    text
}

fn extract_section(extract: &Extract) -> String {
    let mut text = format!("\n### {}\n\n`{}`: a row is one {}. ", extract.title, extract.id, extract.row);
    let _ = write!(text, "Key: {}. ", extract.key.join(", "));
    let _ = writeln!(
        text,
        "{}\n",
        extract.time.as_ref().map_or("No time of its own.".to_owned(), |t| format!("Time: {t}."))
    );
    text.push_str("| column | read as | required | is |\n|---|---|---|---|\n");
    for column in &extract.columns {
        let required = if column.required { "yes" } else { "" };
        let _ =
            writeln!(text, "| `{}` | {} | {required} | {} |", column.name, read_as(&column.kind), column.description);
    }
    let cuts = extract.levels.iter().map(|cut| {
        let scopes: Vec<&str> = cut.scopes.iter().map(|&scope| scope_words(scope)).collect();
        format!("- {}: {}\n", cut.level.name(), scopes.join(", "))
    });
    let _ = writeln!(text, "\nCut by:\n\n{}", cuts.collect::<String>().trim_end());
    text
}

const fn scope_words(scope: ScopeKind) -> &'static str {
    match scope {
        ScopeKind::All => "all",
        ScopeKind::DomesticAbuse => "domestic abuse",
        ScopeKind::HateCrime => "hate crime",
        ScopeKind::OffenceGroup => "offence group",
        ScopeKind::OffenceSubgroup => "offence subgroup",
    }
}

fn read_as(kind: &ColumnKind) -> String {
    match kind {
        ColumnKind::Text => "text".to_owned(),
        ColumnKind::Time => "time".to_owned(),
        ColumnKind::Code(words) => format!("one of {}", words.join(", ")),
        ColumnKind::Flag { .. } => "flag".to_owned(),
        ColumnKind::Number => "number".to_owned(),
        ColumnKind::Score { .. } => "score, 1 to 7".to_owned(),
        ColumnKind::OutcomeType => "outcome type".to_owned(),
    }
}
