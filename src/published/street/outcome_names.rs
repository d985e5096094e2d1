//! What the outcome categories of data.police.uk stand for. The mapping is conventional: no publisher gives one.

use std::collections::BTreeMap;

use crate::published::error::PublishedError;
use crate::published::text_table::{Columns, TextTable};

const FILE: &str = "references/police_uk_outcomes.csv";
const TEXT: &[u8] = include_bytes!("../../../pipelines/references/police_uk_outcomes.csv");

/// A category's counterpart in the Home Office framework.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OutcomeName {
    pub group: String,
    /// Codes with a space between them.
    pub types: String,
}

/// By the category as street files write it.
pub(super) fn outcome_names() -> Result<BTreeMap<String, OutcomeName>, PublishedError> {
    let read = TextTable::parse(
        FILE,
        TEXT.to_vec(),
        None,
        Columns::Exactly(&["outcome", "outcome_group", "outcome_types", "source"]),
    );
    let table = read.map_err(|fault| PublishedError::Faults(vec![fault]))?;
    let mut names = BTreeMap::new();
    for row in 0..table.height() {
        let cell = |name: &str| table.column(name).map(|cells| cells.get(row).unwrap_or_default().trim().to_owned());
        names.insert(cell("outcome")?, OutcomeName { group: cell("outcome_group")?, types: cell("outcome_types")? });
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::definitions;

    /// Categories seen in the street files of March 2024, and `Suspect charged` of the outcomes files.
    #[test]
    fn every_category_stands_for_other_types_of_the_reference() {
        let names = outcome_names().unwrap();
        assert_eq!(names.len(), 14);
        let known = definitions::load(Path::new("pipelines/published.toml")).unwrap().references.outcome_types;
        let mut seen = BTreeSet::new();
        for (category, name) in names.iter().filter(|(category, _)| *category != "Suspect charged") {
            for code in name.types.split(' ') {
                assert!(code == "0" || known.iter().any(|t| t.code == code), "{category}: {code}");
                assert!(seen.insert(code.to_owned()), "{category}: {code} stands twice");
            }
        }
        // Fraud is filed elsewhere, and the rows "of which" are inside their types.
        let missing: Vec<&str> = known.iter().map(|t| t.code.as_str()).filter(|code| !seen.contains(*code)).collect();
        assert_eq!(missing, ["1A", "2A", "3A", "19"]);
    }

    /// A category of one Home Office group carries that group's name; only one category spans several.
    #[test]
    fn groups_are_the_home_offices() {
        let known = definitions::load(Path::new("pipelines/published.toml")).unwrap().references.outcome_types;
        for (category, name) in
            outcome_names().unwrap().iter().filter(|(category, _)| *category != "Unable to prosecute suspect")
        {
            for code in name.types.split(' ').filter(|code| *code != "0") {
                let group = known.iter().find(|t| t.code == code).map(|t| t.group.as_str());
                assert_eq!(group, Some(name.group.as_str()), "{category}: {code}");
            }
        }
    }
}
