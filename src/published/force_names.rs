//! Forces by the names that the Home Office and the Office for National Statistics write.

use std::collections::BTreeMap;

use crate::definitions::Force;
use crate::domain::ForceId;

/// Bodies that stand among the forces in tables of the Home Office: they record fraud for the whole country.
const NATIONAL_FRAUD_BODIES: [&str; 5] = ["action fraud", "cifas", "nfib", "report fraud", "uk finance"];

/// Names that differ in more than their spelling.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("city of london police", "city of london"),
    ("hampshire and isle of wight", "hampshire"),
    ("metropolitan", "metropolitan police"),
    ("metropolitan police service", "metropolitan police"),
];

/// Whom a row is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Force(ForceId),
    /// No force, and in no figure of one.
    NationalFraudBody,
}

/// By every name of each force.
pub(super) struct ForceNames(BTreeMap<String, ForceId>);

impl ForceNames {
    pub fn new(forces: &BTreeMap<ForceId, Force>) -> Self {
        let mut names: BTreeMap<String, ForceId> =
            forces.values().map(|force| (plain(&force.name), force.id.clone())).collect();
        for (other, name) in OTHER_NAMES {
            if let Some(id) = names.get(name).cloned() {
                names.insert(other.to_owned(), id);
            }
        }
        Self(names)
    }

    pub fn get(&self, written: &str) -> Option<Body> {
        let name = plain(written);
        if NATIONAL_FRAUD_BODIES.contains(&name.as_str()) {
            return Some(Body::NationalFraudBody);
        }
        self.0.get(&name).cloned().map(Body::Force)
    }
}

/// `London, City of` and `City of  London` alike, `&` as `and`, whatever the case.
fn plain(name: &str) -> String {
    let (first, second) = name.split_once(',').unwrap_or((name, ""));
    let words = format!("{second} {first}").to_lowercase().replace('&', " and ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_spelling_is_one_force() {
        let forces = crate::definitions::load(Path::new("pipelines/published.toml")).unwrap().references.forces;
        let names = ForceNames::new(&forces);
        let force = |id: &str| Some(Body::Force(ForceId::new(id).unwrap()));
        for (written, found) in [
            ("London, City of", force("city-of-london")),
            ("City of London", force("city-of-london")),
            ("Metropolitan Police", force("metropolitan")),
            ("Devon & Cornwall", force("devon-and-cornwall")),
            ("Devon and Cornwall", force("devon-and-cornwall")),
            ("Hampshire", force("hampshire")),
            ("Hampshire and Isle of Wight", force("hampshire")),
            ("British Transport Police", force("btp")),
            (" dyfed-powys ", force("dyfed-powys")),
            ("Action Fraud", Some(Body::NationalFraudBody)),
            ("CIFAS", Some(Body::NationalFraudBody)),
            ("UK Finance", Some(Body::NationalFraudBody)),
            ("Avon", None),
            ("", None),
        ] {
            assert_eq!(names.get(written), found, "{written}");
        }
        assert!(forces.values().all(|f| names.get(&f.name) == Some(Body::Force(f.id.clone()))));
    }
}
