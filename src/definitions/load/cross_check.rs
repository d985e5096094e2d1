//! Checks between files: partners, positions and owners.

use std::collections::BTreeMap;

use toml::Spanned;

use super::ReadMetric;
use super::checker::Checker;
use super::fault::DefinitionFault;
use crate::definitions::{Metric, Pipeline};

/// No two metrics of a stage share a position, and partners name each other and can be read together.
///
/// `names` are those of all metric files, also of any that could not be read.
pub(super) fn metrics_agree(metrics: &[ReadMetric<'_>], names: &[&str], faults: &mut Vec<DefinitionFault>) {
    let mut places = BTreeMap::new();
    for read in metrics {
        let stage = read.wire.stage.as_ref().map(|stage| stage.get_ref().as_str());
        let position = read.wire.position.as_ref();
        if let (Some(stage), Some(position)) = (stage, position)
            && let Some(other) = places.insert((stage, *position.get_ref()), read.file.stem())
        {
            let message = format!("`{other}` has position {} of stage {stage} too", position.get_ref());
            faults.push(DefinitionFault::at(read.file, position.span(), message));
        }
        if let Some(name) = &read.wire.partner {
            partner_fits(read, name, metrics, names, faults);
        }
    }
}

fn partner_fits(
    read: &ReadMetric<'_>,
    name: &Spanned<String>,
    metrics: &[ReadMetric<'_>],
    names: &[&str],
    faults: &mut Vec<DefinitionFault>,
) {
    let mut checker = Checker::new(read.file, faults);
    let (own, other) = (read.file.stem(), name.get_ref().as_str());
    if other == own || !names.contains(&other) {
        let fault = checker.fault(name.span(), format!("`{other}` can be no partner"));
        fault.expected("expected another metric: a file name of metrics/, without `.toml`");
        fault.did_you_mean(other, names.iter().copied());
        return;
    }
    let Some(partner) = metrics.iter().find(|read| read.file.stem() == other) else { return };
    let back = partner.wire.partner.as_ref().map(|back| back.get_ref().as_str());
    if back.is_none_or(|back| back != own && names.contains(&back)) {
        let fault = checker.fault(name.span(), format!("`{other}` does not name this metric as its partner"));
        fault.hint("partners come in pairs: each names the other");
    }
    let (Some(mine), Some(theirs)) = (&read.metric, &partner.metric) else { return };
    let maturity = |metric: &Metric| (metric.basis, metric.matures_after_days, metric.complete_after_days);
    if own < other && maturity(mine) != maturity(theirs) {
        let fault = checker.fault(name.span(), format!("`{other}` has another basis, or matures differently"));
        fault.hint("a change of one says something about the other only if both count the same crimes");
    }
}

/// Every metric of the pipeline has an owner in it.
pub(super) fn owners_are_known(pipeline: &Pipeline, metrics: &[ReadMetric<'_>], faults: &mut Vec<DefinitionFault>) {
    let known = || pipeline.owners.keys().map(String::as_str);
    for read in metrics.iter().filter(|read| !pipeline.leave_out.iter().any(|id| id == read.file.stem())) {
        let Some(owner) = read.wire.owner.as_ref().filter(|owner| !pipeline.owners.contains_key(owner.get_ref()))
        else {
            continue;
        };
        let mut fault = DefinitionFault::at(read.file, owner.span(), format!("unknown owner `{}`", owner.get_ref()));
        fault
            .expected(format!("expected a key of [owners] in pipeline {}", pipeline.id))
            .did_you_mean(owner.get_ref(), known());
        faults.push(fault);
    }
}
