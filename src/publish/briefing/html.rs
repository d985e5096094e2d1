//! A briefing as a page to print: one file, no script, no network, two sides of A4.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::content::{Briefing, Grid, Section, Words};
use crate::templates::environment;

/// The name ends with `.html`: every value is escaped.
const TEMPLATE: &str = "briefing.html";
/// Sections of a sentence or two.
const SHORT: [&str; 2] = ["message", "good"];

/// The template is ours, so a page that cannot be made is a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("cannot make a briefing: {0}")]
pub struct BriefingError(#[from] minijinja::Error);

#[derive(Serialize)]
struct Page<'b> {
    title: &'b str,
    force_name: &'b str,
    force: &'b str,
    audience: &'static str,
    period: Value,
    synthetic: bool,
    source: &'b str,
    /// Side by side above the rest.
    short: Vec<PageSection<'b>>,
    sections: Vec<PageSection<'b>>,
}

#[derive(Serialize)]
struct PageSection<'b> {
    id: &'static str,
    title: &'b str,
    said: Vec<Value>,
    grids: Vec<PageGrid<'b>>,
    notes: Vec<Value>,
}

#[derive(Serialize)]
struct PageGrid<'b> {
    caption: &'b str,
    columns: Vec<PageColumn<'b>>,
    rows: Vec<PageRow>,
}

#[derive(Serialize)]
struct PageColumn<'b> {
    title: &'b str,
    number: bool,
}

#[derive(Serialize)]
struct PageRow {
    heading: Value,
    cells: Vec<PageCell>,
}

#[derive(Serialize)]
struct PageCell {
    text: Value,
    number: bool,
}

/// The page. A name from an extract shows its control characters and direction marks, and is never a tag.
///
/// # Errors
/// A template that names what the page does not have.
pub fn html(briefing: &Briefing) -> Result<String, BriefingError> {
    let environment = environment(TEMPLATE, include_str!("briefing.html"))?;
    Ok(environment.get_template(TEMPLATE)?.render(Serde(page(briefing)))?)
}

fn page(briefing: &Briefing) -> Page<'_> {
    let (short, sections): (Vec<&Section>, Vec<&Section>) =
        briefing.sections.iter().partition(|section| SHORT.contains(&section.id));
    Page {
        title: &briefing.title,
        force_name: &briefing.force_name,
        force: &briefing.force,
        audience: briefing.unit.audience().name(),
        period: marked(&briefing.period),
        synthetic: briefing.synthetic,
        source: &briefing.source,
        short: short.into_iter().map(section).collect(),
        sections: sections.into_iter().map(section).collect(),
    }
}

fn section(section: &Section) -> PageSection<'_> {
    PageSection {
        id: section.id,
        title: &section.title,
        said: section.said.iter().map(marked).collect(),
        grids: section.grids.iter().map(grid).collect(),
        notes: section.notes.iter().map(marked).collect(),
    }
}

fn grid(grid: &Grid) -> PageGrid<'_> {
    let columns = grid.columns.iter().map(|column| PageColumn { title: &column.title, number: column.is_number });
    let row = |row: &Vec<Words>| {
        let mut cells = row.iter().zip(&grid.columns);
        let heading = cells.next().map_or_else(|| Value::from(""), |(words, _)| marked(words));
        let cells = cells.map(|(words, column)| PageCell { text: marked(words), number: column.is_number });
        PageRow { heading, cells: cells.collect() }
    };
    PageGrid { caption: &grid.caption, columns: columns.collect(), rows: grid.rows.iter().map(row).collect() }
}

/// Escaped text. A number or a day stands in an element that holds the exact value and names its cell: `data-t` the table,
/// `data-k` the key of the row beside the force, as JSON, `data-c` the column.
fn marked(words: &Words) -> Value {
    Value::from_safe_string(words.0.html_with_rows())
}

#[cfg(test)]
mod tests {
    use super::super::content::RowOf;
    use super::*;

    #[test]
    fn a_number_names_its_cell_and_a_name_is_never_a_tag() {
        let row =
            RowOf { table: "due_counts", key: vec![("level", "team".to_owned()), ("unit", "<A & \"B\">".to_owned())] };
        let words = Words::of("<b>").count(&row, "overdue", 1_234).shown(3);
        assert_eq!(
            marked(&words).to_string(),
            "&lt;b&gt;<data data-t=\"due_counts\" \
             data-k=\"{&quot;level&quot;:&quot;team&quot;,&quot;unit&quot;:&quot;&lt;A &amp; \\&quot;B\\&quot;&gt;&quot;}\" \
             data-c=\"overdue\" value=\"1234\">1,234</data><data class=\"shown\" value=\"3\">3</data>"
        );
    }
}
