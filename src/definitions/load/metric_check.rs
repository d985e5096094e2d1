//! From the wire form of a metric to the checked one.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::checker::{Checker, one_of};
use super::condition_check::Vocabulary;
use super::examples::examples;
use super::measure_check::measure;
use super::metric_toml::{MetricToml, TargetToml};
use crate::definitions::{Extract, Measure, Metric, References, Target};
use crate::domain::{Basis, JourneyStage, Kind, Level, MetricId, Polarity, Scope, UNMAPPED, Unit};
use crate::tables::conformed::{FieldKind, find};

/// What a metric file may refer to.
pub(super) struct Surroundings<'s> {
    /// Names of the extract files, whether or not they hold faults.
    pub extract_names: &'s [&'s str],
    pub extracts: &'s [Extract],
    pub references: &'s References,
}

/// The checked metric, or `None` with the faults noted.
pub(super) fn metric(checker: &mut Checker<'_>, wire: &MetricToml, around: &Surroundings<'_>) -> Option<Metric> {
    let faults_before = checker.faults.len();
    let id = id(checker);
    let words = Words::read(checker, wire);
    let title = checker.needs(wire.title.as_ref(), "title").and_then(|text| checker.prose(text, "title"));
    let meaning = checker.needs(wire.meaning.as_ref(), "meaning").and_then(|text| checker.prose(text, "meaning"));
    let caveats = checker.needs(wire.caveats.as_ref(), "caveats");
    let caveats = caveats.map(|list| list.iter().filter_map(|text| checker.prose(text, "caveat")).collect());
    let position = checker.needs(wire.position.as_ref(), "position").map(|position| *position.get_ref());
    let owner = checker.needs(wire.owner.as_ref(), "owner").map(|owner| owner.get_ref().clone());
    let polarity_by_scope = polarity_by_scope(checker, wire, around.references);
    let partner = wire.partner.as_ref().and_then(|partner| MetricId::new(partner.get_ref()));
    let targets = targets(checker, &wire.target);

    let extract = extract(checker, wire, around);
    let levels = levels(checker, wire, extract);
    let vocabulary = extract.map(|extract| Vocabulary { extract, outcome_types: &around.references.outcome_types });
    let measure = match (&vocabulary, words.kind) {
        (Some(vocabulary), Some(kind)) => measure(checker, wire, kind, vocabulary),
        _ => None,
    };
    let examples = words.kind.map(|kind| {
        let cases = wire.example.as_deref().unwrap_or_default();
        if cases.is_empty() {
            checker.fault(0..0, "there is no `[[example]]`").hint("work one case by hand and add it");
        }
        examples(checker, cases, kind, measure.as_ref())
    });
    if let (Some(extract), Some(measure)) = (extract, &measure) {
        basis_is_stated(checker, wire, extract, measure);
    }
    if checker.faults.len() > faults_before {
        return None;
    }
    Some(Metric {
        id: id?,
        title: title?,
        stage: words.stage?,
        position: position?,
        meaning: meaning?,
        caveats: caveats?,
        kind: words.kind?,
        unit: words.unit?,
        polarity: words.polarity?,
        polarity_by_scope,
        basis: words.basis,
        extract: extract?.id.clone(),
        levels,
        matures_after_days: wire.matures_after_days,
        complete_after_days: wire.complete_after_days,
        measure: measure?,
        partner,
        targets,
        owner: owner?,
        examples: examples?,
    })
}

/// The file's name is the metric's permanent id.
fn id(checker: &mut Checker<'_>) -> Option<MetricId> {
    let id = MetricId::new(checker.file.stem());
    if id.is_none() {
        let message = format!("the file name `{}` is no metric id", checker.file.stem());
        checker
            .fault(0..0, message)
            .hint("lower-case letters, digits and underscores, such as `solved_rate_closed.toml`");
    }
    id
}

/// The keys that hold one of a few words.
struct Words {
    stage: Option<JourneyStage>,
    kind: Option<Kind>,
    unit: Option<Unit>,
    polarity: Option<Polarity>,
    basis: Option<Basis>,
}

impl Words {
    fn read(checker: &mut Checker<'_>, wire: &MetricToml) -> Self {
        fn word<T: Copy>(
            checker: &mut Checker<'_>,
            text: Option<&Spanned<String>>,
            what: &str,
            all: &[T],
            name: fn(T) -> &'static str,
        ) -> Option<T> {
            let words: Vec<(&str, T)> = all.iter().map(|&value| (name(value), value)).collect();
            text.and_then(|text| checker.word(text, what, &words))
        }
        let needed = [
            (wire.stage.as_ref(), "stage"),
            (wire.kind.as_ref(), "kind"),
            (wire.unit.as_ref(), "unit"),
            (wire.polarity.as_ref(), "polarity"),
        ];
        let [stage, kind, unit, polarity] = needed.map(|(text, key)| checker.needs(text, key));
        let words = Self {
            stage: word(checker, stage, "stage", JourneyStage::ALL, JourneyStage::name),
            kind: word(checker, kind, "kind", Kind::ALL, Kind::name),
            unit: word(checker, unit, "unit", Unit::ALL, Unit::name),
            polarity: word(checker, polarity, "polarity", Polarity::ALL, Polarity::name),
            basis: word(checker, wire.basis.as_ref(), "basis", Basis::ALL, Basis::name),
        };
        if let (Some(kind), Some(unit), Some(text)) = (words.kind, words.unit, unit)
            && !units_of(kind).contains(&unit)
        {
            let expected = format!("expected {}", one_of(units_of(kind).iter().map(|unit| unit.name())));
            checker.fault(text.span(), format!("a {} is not in {}", kind.name(), unit.name())).expected(expected);
        }
        words
    }
}

/// The units that a kind can have.
const fn units_of(kind: Kind) -> &'static [Unit] {
    match kind {
        Kind::Count => &[Unit::Calls, Unit::Crimes],
        Kind::Proportion | Kind::Ratio | Kind::Stock => &[Unit::Proportion],
        Kind::Rate => &[Unit::Per1000],
        Kind::Mean | Kind::Quantile => &[Unit::Seconds, Unit::Minutes, Unit::Days],
    }
}

fn extract<'s>(checker: &mut Checker<'_>, wire: &MetricToml, around: &Surroundings<'s>) -> Option<&'s Extract> {
    let name = checker.needs(wire.extract.as_ref(), "extract")?;
    if !around.extract_names.contains(&name.get_ref().as_str()) {
        checker.unknown(name.get_ref(), name.span(), "extract", around.extract_names.iter().copied());
    }
    around.extracts.iter().find(|extract| extract.id == *name.get_ref())
}

fn levels(checker: &mut Checker<'_>, wire: &MetricToml, extract: Option<&Extract>) -> Option<Vec<Level>> {
    let (written, extract) = (wire.levels.as_ref()?, extract?);
    let words: Vec<(&str, Level)> = extract.levels.iter().map(|cut| (cut.level.name(), cut.level)).collect();
    let what = format!("level of {}", extract.id);
    let levels: BTreeSet<Level> = written.iter().filter_map(|level| checker.word(level, &what, &words)).collect();
    Some(levels.into_iter().collect())
}

fn polarity_by_scope(
    checker: &mut Checker<'_>,
    wire: &MetricToml,
    references: &References,
) -> BTreeMap<String, Polarity> {
    let scopes = scopes(references);
    let words: Vec<(&str, Polarity)> = Polarity::ALL.iter().map(|&p| (p.name(), p)).collect();
    let mut polarities = BTreeMap::new();
    for (scope, polarity) in &wire.polarity_by_scope {
        if !references.offences.is_empty() && !scopes.contains(scope.get_ref().as_str()) {
            checker
                .fault(scope.span(), format!("unknown scope `{}`", scope.get_ref()))
                .expected(
                    "expected an offence group, or `subgroup: ` and its name, as in references/offence_groups.csv",
                )
                .did_you_mean(scope.get_ref(), scopes.iter().map(String::as_str));
        }
        if let Some(polarity) = checker.word(polarity, "polarity", &words) {
            polarities.insert(scope.get_ref().clone(), polarity);
        }
    }
    polarities
}

/// Every scope that offences can give, and those that flags give.
fn scopes(references: &References) -> BTreeSet<String> {
    let flags = [Scope::all(), Scope::domestic_abuse(), Scope::hate_crime(), Scope::offence_group(UNMAPPED)];
    let offences = references.offences.values();
    let classes = offences.flat_map(|o| [Scope::offence_group(&o.group), Scope::offence_subgroup(&o.subgroup)]);
    flags.into_iter().chain(classes).map(|scope| scope.as_str().to_owned()).collect()
}

fn targets(checker: &mut Checker<'_>, wires: &[TargetToml]) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for wire in wires {
        let from = checker.date(&wire.from);
        let value = checker.finite(wire.value, wire.from.span());
        let source = match &wire.source {
            Some(source) => checker.prose(source, "source of the target"),
            None => {
                let message = "the target has no `source`";
                checker.fault(wire.from.span(), message).expected("who set it, and where that was read");
                None
            }
        };
        let (Some(from), Some(value), Some(source)) = (from, value, source) else { continue };
        if targets.iter().any(|target| target.from == from) {
            checker.fault(wire.from.span(), format!("two targets hold from {from}"));
        }
        targets.push(Target { from, value, source });
    }
    targets.sort_by_key(|target| target.from);
    targets
}

/// Every figure that outcomes play a part in prints its basis, so its definition states it. A stock has none.
fn basis_is_stated(checker: &mut Checker<'_>, wire: &MetricToml, extract: &Extract, measure: &Measure) {
    let is_outcome = |name: &str| find(&extract.id, name).is_some_and(|field| field.kind == FieldKind::OutcomeType);
    let rows = match measure {
        Measure::Count { rows } | Measure::Mean { rows, .. } | Measure::Quantile { rows, .. } => vec![rows],
        Measure::Share { numerator, denominator, .. } => vec![numerator, denominator],
        Measure::PerResident { numerator } => vec![numerator],
        Measure::Stock { .. } => Vec::new(),
    };
    let outcomes = rows.iter().flat_map(|rows| &rows.conditions).any(|condition| is_outcome(&condition.field));
    match (&wire.basis, outcomes) {
        (None, true) => {
            let span = wire.kind.as_ref().map_or(0..0, Spanned::span);
            let message = "outcomes play a part in this metric, and its `basis` is missing";
            checker.fault(span, message).expected("expected `basis = \"recorded\"` or `basis = \"closed\"`");
        }
        (Some(basis), false) => {
            checker.fault(basis.span(), "a basis is stated, but outcomes play no part in this metric");
        }
        _ => {}
    }
}
