//! The reference tables that synthetic rows must agree with: forces and their sizes, offence codes, outcome types.

use std::collections::{BTreeMap, BTreeSet};

use super::error::SynthError;

const FORCES: &str = include_str!("../../pipelines/references/forces.csv");
const OFFENCES: &str = include_str!("../../pipelines/references/offence_groups.csv");
const OUTCOME_TYPES: &str = include_str!("../../pipelines/references/outcome_types.csv");

#[derive(Clone, Debug)]
pub struct Reference {
    /// The 43 territorial forces, in the table's order.
    pub forces: Vec<Force>,
    /// Offence subgroup: its codes and its group.
    pub subgroups: BTreeMap<String, Subgroup>,
    pub outcome_types: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Force {
    pub slug: String,
    /// Mean of the recorded crimes of 2024/25 and 2025/26.
    pub crimes_per_year: f64,
    pub residents: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subgroup {
    pub codes: BTreeSet<String>,
    pub group: String,
}

impl Reference {
    pub fn load() -> Result<Self, SynthError> {
        Ok(Self { forces: forces()?, subgroups: subgroups()?, outcome_types: outcome_types()? })
    }
}

fn forces() -> Result<Vec<Force>, SynthError> {
    let table = Table::parse("forces.csv", FORCES)?;
    let [slug, earlier, later, residents] = table.columns([
        "data_police_uk_slug",
        "recorded_crime_2024_25",
        "recorded_crime_2025_26",
        "population_mid2019",
    ])?;
    let forces = table.rows.iter().filter_map(|row| {
        let number = |at: usize| row[at].parse::<f64>().ok();
        let crimes_per_year = (number(earlier)? + number(later)?) / 2.0;
        Some(Force { slug: row[slug].clone(), crimes_per_year, residents: number(residents) })
    });
    let forces: Vec<Force> = forces.collect();
    if forces.is_empty() {
        return Err(table.fault("no force has recorded crime".to_owned()));
    }
    Ok(forces)
}

fn subgroups() -> Result<BTreeMap<String, Subgroup>, SynthError> {
    let table = Table::parse("offence_groups.csv", OFFENCES)?;
    let [code, subgroup, group] = table.columns(["offence_code", "subgroup_current_guess", "offence_group"])?;
    let mut subgroups: BTreeMap<String, Subgroup> = BTreeMap::new();
    for row in &table.rows {
        let entry = subgroups.entry(row[subgroup].clone()).or_default();
        entry.codes.insert(row[code].clone());
        entry.group.clone_from(&row[group]);
    }
    Ok(subgroups)
}

fn outcome_types() -> Result<BTreeSet<String>, SynthError> {
    let table = Table::parse("outcome_types.csv", OUTCOME_TYPES)?;
    let [outcome_type] = table.columns(["outcome_type"])?;
    Ok(table.rows.iter().map(|row| row[outcome_type].clone()).collect())
}

/// A reference table as text: every row has as many fields as the header.
struct Table {
    name: &'static str,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn parse(name: &'static str, text: &str) -> Result<Self, SynthError> {
        let mut lines = text.lines().map(fields);
        let header = lines.next().unwrap_or_default();
        let rows: Vec<Vec<String>> = lines.filter(|row| row.iter().any(|field| !field.is_empty())).collect();
        match rows.iter().position(|row| row.len() != header.len()) {
            Some(at) => {
                Err(SynthError::Reference { table: name, reason: format!("row {} has another length", at + 2) })
            }
            None => Ok(Self { name, header, rows }),
        }
    }

    fn columns<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N], SynthError> {
        let mut columns = [0; N];
        for (column, name) in columns.iter_mut().zip(names) {
            let at = self.header.iter().position(|h| h == name);
            *column = at.ok_or_else(|| self.fault(format!("no column {name}")))?;
        }
        Ok(columns)
    }

    fn fault(&self, reason: String) -> SynthError {
        SynthError::Reference { table: self.name, reason }
    }
}

/// The fields of one line; a quoted field may hold commas, and no line break. Quotes themselves are dropped.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match (c, quoted) {
            ('"', _) => quoted = !quoted,
            (',', false) => fields.push(String::new()),
            _ => fields.last_mut().into_iter().for_each(|f| f.push(c)),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_hold_what_rows_need() {
        let reference = Reference::load().unwrap();
        assert_eq!(reference.forces.len(), 43);
        let gloucestershire = reference.forces.iter().find(|f| f.slug == "gloucestershire").unwrap();
        assert_eq!(gloucestershire.crimes_per_year, (45_840.0 + 45_020.0) / 2.0);
        assert_eq!(gloucestershire.residents, Some(637_070.0));
        assert!(reference.forces.iter().all(|f| f.slug != "btp"));
        assert!(reference.subgroups["Shoplifting"].codes.contains("46"));
        assert_eq!(reference.subgroups["Shoplifting"].group, "Theft offences");
        assert!(reference.outcome_types.contains("1A"));
    }

    #[test]
    fn quoted_fields_keep_their_commas() {
        assert_eq!(fields("a,\"b, c\",,d"), ["a", "b, c", "", "d"]);
    }
}
