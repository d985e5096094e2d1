//! Hostile text in every text column: it stays text. Never a formula, a tag, a path or a line of a log.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use polars::prelude::{LazyFrame, PlRefPath, ScanArgsParquet, col};
use resvg::usvg::roxmltree::Document;

use super::cli::Sandbox;
use super::command::Succeeds;
use super::made::{AS_AT, Made, quoted};

/// Stands in every value that is planted, and so must not stand where rows have no business.
const MARK: &str = "pLaNtEd";

/// Planted values, as bytes of a file.
fn hostile() -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = [
        "=HYPERLINK(\"file:pLaNtEd\",\"click\")",
        "+pLaNtEd",
        "-2+3+cmd|' /C pLaNtEd'!A0",
        "@SUM(pLaNtEd)",
        "\tpLaNtEd",
        "\r=pLaNtEd",
        "<script>alert('pLaNtEd')</script>",
        "\"><img src=x onerror=pLaNtEd>",
        "]]>pLaNtEd<![CDATA[",
        "&pLaNtEd;&#x41;",
        "pLaNtEd\u{0}end",
        "\u{1b}[2J\u{1b}]0;pLaNtEd\u{7}\u{9b}31m",
        "../../etc/passwd-pLaNtEd",
        "..\\..\\pLaNtEd",
        "CON.pLaNtEd",
        "a/b/pLaNtEd",
        "-pLaNtEd --help",
        "\u{202E}pLaNtEd\u{2066}\u{200B}",
        "pLaNtEd\nerror: the build has failed",
        "{{ pLaNtEd }} {% x %} ${x} %s %n",
        "'; DROP TABLE pLaNtEd; --",
        "pLaNtEd,\"quoted\",and;more|of\tit",
    ]
    .map(|value| value.as_bytes().to_vec())
    .to_vec();
    values.push(format!("{MARK}{}", "x".repeat(100_000)).into_bytes());
    values
}

/// Columns that hold free text, by extract.
const TEXT_COLUMNS: &[(&str, &[&str])] = &[
    ("incidents", &["incident_ref", "area", "force", "opening_code", "closing_code"]),
    ("calls", &["call_ref", "incident_ref", "force"]),
    (
        "crimes",
        &[
            "crime_ref",
            "incident_ref",
            "offence_code",
            "area",
            "department",
            "team",
            "officer",
            "supervisor",
            "victim_ref",
            "outcome_type",
            "force",
        ],
    ),
    ("surveys", &["response_ref", "crime_ref", "force"]),
    ("victim_contacts", &["crime_ref", "force"]),
    ("people", &["officer", "team", "department", "area", "supervisor", "force"]),
];

/// The pipeline has no input of its own for posts, which could allow more.
const ALLOWED: &str = "quarantined_share:people";

/// A post that is right.
const POST: [&[u8]; 2] = [b"officer,valid_from,team", b"PC0,2025-01-01,T0"];

/// Adds the text columns that an extract lacks, and rows whose text columns hold hostile values, one column at a time and
/// all at once; and of each value a row that goes to quarantine.
fn planted() -> Made {
    let mut made = Made::new();
    made.0.insert("people", POST.map(<[u8]>::to_vec).to_vec());
    for (extract, columns) in TEXT_COLUMNS {
        let records = made.0.get_mut(extract).unwrap();
        let mut header: Vec<String> =
            String::from_utf8(records[0].clone()).unwrap().split(',').map(str::to_owned).collect();
        let added: Vec<String> =
            columns.iter().filter(|c| !header.iter().any(|h| h == *c)).map(|c| (*c).to_owned()).collect();
        for record in records.iter_mut() {
            record.extend(std::iter::repeat_n(b',', added.len()));
        }
        header.extend(added);
        records[0] = header.join(",").into_bytes();
        for (v, value) in hostile().iter().enumerate() {
            for (c, column) in columns.iter().enumerate() {
                records.push(row(&header, &[column], value, &format!("H{v}-{c}"), "2025-03-10 10:00:00"));
            }
            records.push(row(&header, columns, value, &format!("H{v}"), "2025-03-11 10:00:00"));
            records.push(row(&header, columns, value, &format!("H{v}"), &String::from_utf8_lossy(value)));
        }
    }
    made
}

/// A record that is right but for the hostile columns and perhaps its times.
fn row(header: &[String], spoilt: &[&str], value: &[u8], reference: &str, time: &str) -> Vec<u8> {
    let fields = header.iter().map(|name| match name.as_str() {
        name if spoilt.contains(&name) && name.ends_with("_ref") => quoted(&[value, reference.as_bytes()].concat()),
        name if spoilt.contains(&name) => quoted(value),
        name if name.ends_with("_ref") || name == "officer" => quoted(reference.as_bytes()),
        "grade" => b"immediate".to_vec(),
        "line" => b"999".to_vec(),
        "team" => b"T0".to_vec(),
        name if name.ends_with("_at") || name == "valid_from" => quoted(time.as_bytes()),
        _ => Vec::new(),
    });
    fields.collect::<Vec<_>>().join(&b","[..])
}

fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found
}

fn assert_no_row(what: &str, text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    for part in [MARK, "etc/passwd", "H1-1"] {
        assert!(!text.contains(part), "{what} holds {part}: {text:.2000}");
    }
}

fn assert_printable(what: &str, text: &[u8]) {
    let unsafe_char = |c: &char| (c.is_control() && *c != '\n') || "\u{202E}\u{2066}\u{200B}\u{FEFF}".contains(*c);
    let text = String::from_utf8(text.to_vec()).unwrap();
    assert_eq!(text.chars().find(unsafe_char), None, "{what}");
}

/// Well-formed, of shapes and text alone, with no link and no handler.
fn assert_a_picture(name: &str, svg: &str) {
    const SHAPES: [&str; 11] =
        ["svg", "title", "desc", "rect", "g", "text", "line", "polyline", "polygon", "circle", "path"];
    let tree = Document::parse(svg).unwrap();
    for element in tree.descendants().filter(|n| n.is_element()) {
        assert!(SHAPES.contains(&element.tag_name().name()), "{name}: {}", element.tag_name().name());
        let bad = |a: &str| a.starts_with("on") || a.contains("href") || a == "style";
        assert_eq!(element.attributes().find(|a| bad(a.name())).map(|a| a.name()), None, "{name}");
    }
}

/// The same of the page of the scorecard, whose own script and figures are the two script elements in it.
fn assert_a_scorecard(name: &str, bytes: &[u8]) {
    assert_printable(name, bytes);
    let page = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(page.matches("<script").count(), 2, "{name}");
    for tag in ["<img", "<!--", "<![", "H1-1"] {
        assert!(!page.contains(tag), "{name} holds {tag}");
    }
}

/// Names of units stand on it as text alone, and no reference does.
fn assert_a_page(name: &str, bytes: &[u8]) {
    assert_printable(name, bytes);
    let page = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(page.contains("&lt;script&gt;"), "{name} does not show what is planted");
    for tag in ["<script", "<img", "<!--", "<![", "H1-1"] {
        assert!(!page.contains(tag), "{name} holds {tag}");
    }
}

/// A briefing: names as text alone; references of crimes in a team's, which its owner alone can open.
fn assert_a_briefing(name: &str, bytes: &[u8]) {
    assert_printable(name, bytes);
    let page = String::from_utf8(bytes.to_vec()).unwrap();
    let references = if name.starts_with("restricted/") { "<iframe" } else { "H1-1" };
    for tag in ["<script", "<img", "<!--", "<![", references] {
        assert!(!page.contains(tag), "{name} holds {tag}");
    }
}

/// An Office file whose parts are whole XML that leads nowhere outside.
fn assert_an_office_file(name: &str, bytes: &[u8]) {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let of = format!("{name}: {}", part.name().unwrap());
        assert!(!of.contains(".."), "{of}");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        if of.ends_with(".xml") || of.ends_with(".rels") {
            let text = String::from_utf8(bytes).unwrap();
            let tree = Document::parse(&text).unwrap_or_else(|error| panic!("{of}: {error}"));
            let outside = |n: resvg::usvg::roxmltree::Node<'_, '_>| n.attribute("TargetMode") == Some("External");
            assert!(!tree.descendants().any(outside), "{of} leads outside");
        }
    }
}

/// A list of cells: no field that a spreadsheet takes for a formula, but numbers with a sign.
fn assert_a_list(name: &str, bytes: &[u8]) {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert_printable(name, bytes);
    for line in text.lines() {
        for field in line.split(',') {
            let field = field.trim_start_matches('"');
            let formula = field.starts_with(['=', '+', '-', '@']) && field.parse::<f64>().is_err();
            assert!(!formula, "{name}: {field:.40}");
        }
    }
}

/// Names of areas may stand in it, printable and short; no reference does.
fn assert_shows_names_as_text(name: &str, bytes: &[u8]) {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert_printable(name, text.replace('\t', "").as_bytes());
    for part in ["H1-1", &"x".repeat(1000)] {
        assert!(!text.contains(part), "{name} holds {part:.20}");
    }
}

fn units(build: &Path, level: &str) -> BTreeSet<String> {
    distinct(table(build, "tables/metric_values").filter(col("level").eq(polars::prelude::lit(level))), "unit")
}

fn table(build: &Path, name: &str) -> LazyFrame {
    let path = build.join(format!("{name}.parquet"));
    LazyFrame::scan_parquet(PlRefPath::new(path.to_string_lossy()), ScanArgsParquet::default()).unwrap()
}

fn distinct(rows: LazyFrame, column: &str) -> BTreeSet<String> {
    let rows = rows.select([col(column)]).collect().unwrap();
    rows.column(column).unwrap().str().unwrap().iter().flatten().map(str::to_owned).collect()
}

/// A metric of each kind of chart is enough: each chart costs seconds where nothing is optimised.
fn keep_metrics(sandbox: &Sandbox) {
    let only = "only = [\"crimes_recorded\", \"calls_999\"]\nsolved_set";
    sandbox.edit("pipelines/small.toml", |text| text.replacen("solved_set", only, 1));
}

#[test]
fn hostile_text_stays_text_in_every_output() {
    let sandbox = Sandbox::new();
    keep_metrics(&sandbox);
    planted().write(&sandbox.path("hostile"));
    for (force, out) in [("gloucestershire", "one"), ("all", "every")] {
        let arguments =
            ["build", "pipelines/small.toml", "--extracts", "hostile", "--as-at", AS_AT, "--allow", ALLOWED];
        let built = sandbox.command(&[&arguments[..], &["--out", out, "--force", force]].concat()).output().unwrap();
        assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
        assert_no_row("standard output", &built.stdout);
        assert_no_row("standard error", &built.stderr);
        let build = sandbox.path(out).join("current");
        let made = files(&build);
        assert!(made.iter().filter(|f| f.starts_with("charts/")).count() >= 5, "{made:?}");
        for name in made {
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_./-".contains(&b)), "{name:?}");
            let bytes = fs::read(build.join(&name)).unwrap();
            if name == "scorecard.html" {
                assert_a_scorecard(&name, &bytes);
            } else if name.contains("packs/") {
                match name.rsplit_once('.').unwrap().1 {
                    "html" => assert_a_briefing(&name, &bytes),
                    "csv" => assert_a_list(&name, &bytes),
                    _ => assert_an_office_file(&name, &bytes),
                }
            } else if name.ends_with(".html") {
                assert_a_page(&name, &bytes);
            } else if name.ends_with(".svg") || name == "charts/alt_texts.tsv" {
                assert_shows_names_as_text(&name, &bytes);
            } else if !name.ends_with(".parquet") {
                assert_no_row(&name, &bytes);
            }
            if name.ends_with(".svg") {
                assert_a_picture(&name, std::str::from_utf8(&bytes).unwrap());
            }
        }
        // Nothing was written beside the build either.
        let beside = files(&sandbox.path(out)).into_iter().filter(|f| !f.starts_with("builds/"));
        assert_eq!(beside.collect::<BTreeSet<_>>(), BTreeSet::from([".lock", "current", "issued"].map(str::to_owned)));
        sandbox.command(&["verify", &format!("{out}/current")]).succeeds();
    }
    // A table keeps each text as it is, trimmed.
    let (teams, forces) = (units(&sandbox.path("one/current"), "team"), units(&sandbox.path("every/current"), "force"));
    let posts = |column| distinct(table(&sandbox.path("one/current"), "restricted/organisation"), column);
    let (officers, departments) = (posts("officer"), posts("department"));
    for value in hostile() {
        let text = String::from_utf8_lossy(&value).trim().to_owned();
        assert!(teams.contains(&text), "{text:.100} is no team");
        assert!(officers.contains(&text) && departments.contains(&text), "{text:.100} has no post");
        assert!(forces.contains(&text.to_ascii_lowercase()), "{text:.100} is no force");
    }
}

#[test]
fn what_is_shown_of_hostile_records_is_printable_and_no_formula() {
    let sandbox = Sandbox::new();
    planted().write(&sandbox.path("hostile"));
    sandbox.build(&["--extracts", "hostile", "--as-at", AS_AT, "--allow", ALLOWED]).succeeds();
    let shown = sandbox.command(&["quarantine", "--limit", "1000", "--csv", "mend.csv"]).output().unwrap();
    assert_eq!(shown.status.code(), Some(0));
    let shown = sandbox.command(&["quarantine", "--limit", "1000"]).output().unwrap();
    assert!(String::from_utf8_lossy(&shown.stdout).contains("pLaNtEd\\u{0}end"));
    assert_printable("the quarantine", &shown.stdout);
    let text = fs::read_to_string(sandbox.path("mend.csv")).unwrap();
    assert!(text.contains("\"'=HYPERLINK(\"\"file:pLaNtEd\"\""), "{text:.3000}");
    // In this file a quote that opens a cell follows a comma or a line end, and no cell may start a formula.
    for start in ["=", "+", "-", "@", "\t", "\r"] {
        for before in [",\"", "\r\n\""] {
            assert!(!text.contains(&format!("{before}{start}")), "{before:?}{start:?}");
        }
    }
}

#[test]
fn messages_about_hostile_files_are_printable_and_hold_no_record() {
    let sandbox = Sandbox::new();
    let calls = |text: &[u8]| {
        Made::new().write(&sandbox.path("bad"));
        fs::remove_file(sandbox.path("bad/calls.csv.gz")).unwrap();
        fs::write(sandbox.path("bad/calls.csv"), text).unwrap();
        let output = sandbox.build(&["--extracts", "bad"]).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert_printable("the message", &output.stderr);
        for name in ["stopped/report.html", "stopped/report.json"] {
            assert_printable(name, &fs::read(sandbox.path("output").join(name)).unwrap());
        }
        String::from_utf8(output.stderr).unwrap()
    };
    let coloured = calls(b"call_ref,\x1b[31mline\x1b[0m,\"two\nlines\",\xe2\x80\xaereceived\n1,2,3,4\n");
    assert!(
        coloured.contains("it has: call_ref, \\u{1b}[31mline\\u{1b}[0m, two\\nlines, \\u{202e}received"),
        "{coloured}"
    );
    let headless = calls(b"pLaNtEd,999,2025-03-10 10:00:00,PC pLaNtEd\npLaNtEd,101,2025-03-11 10:00:00,x\n");
    assert!(headless.contains("it has: 4 fields, none named as a column"), "{headless}");
    assert_no_row("a message about a file without header", headless.as_bytes());
    let twice = calls(b"pLaNtEd,pLaNtEd,2025-03-10 10:00:00\n");
    assert_no_row("a message about a file without header", twice.as_bytes());
    let long = calls(format!("call_ref,{}\n1,2\n", "y".repeat(1_000_000)).as_bytes());
    assert!(long.len() < 2_000, "{}", long.len());
    let folder = sandbox.path("no\u{1b}[2J folder");
    let output = sandbox.build(&["--extracts", &folder.to_string_lossy()]).output().unwrap();
    assert_printable("the message", &output.stderr);
    assert!(String::from_utf8_lossy(&output.stderr).contains("no\\u{1b}[2J folder"));
}
