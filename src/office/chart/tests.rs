use super::*;
use crate::office::tests::content::{AWKWARD, bar_chart, created, line_chart, stacked_chart};
use crate::office::xml::Element;
use calamine::{Data, Reader, Xlsx};

/// The chart's part and the cells of its workbook.
fn put(chart: &NativeChart) -> (Element, calamine::Range<Data>) {
    let mut package = Package::default();
    package.put("ppt/slides/slide1.xml", "application/xml", Vec::new());
    chart.put(&mut package, "ppt", "ppt/slides/slide1.xml", created()).unwrap();
    let (_, part) = package.targets("ppt/slides/slide1.xml", "chart").remove(0);
    let (_, book) = package.targets(&part, "package").remove(0);
    let bytes = package.parts[&book].bytes.clone();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    (package.xml(&part).unwrap(), book.worksheet_range("Data").unwrap())
}

/// The cells that a formula such as `Data!$B$2:$B$37` names, as text; blanks left out, with their place.
fn cells(formula: &str, sheet: &calamine::Range<Data>) -> Vec<(usize, String)> {
    let (first, last) = formula.trim_start_matches("Data!").split_once(':').unwrap_or_else(|| {
        let one = formula.trim_start_matches("Data!");
        (one, one)
    });
    let place = |cell: &str| {
        let (_, rest) = cell.split_once('$').unwrap();
        let (column, row) = rest.split_once('$').unwrap();
        (row.parse::<u32>().unwrap() - 1, u32::from(column.as_bytes()[0] - b'A'))
    };
    let ((from, column), (to, _)) = (place(first), place(last));
    let shown = |row: u32| match sheet.get_value((row, column)) {
        Some(Data::Float(value)) => Some(value.to_string()),
        Some(Data::DateTime(date)) => Some(date.as_f64().to_string()),
        Some(Data::String(text)) => Some(text.clone()),
        _ => None,
    };
    (from..=to).filter_map(|row| Some(((row - from) as usize, shown(row)?))).collect()
}

fn inner(element: &Element) -> String {
    element
        .children
        .iter()
        .map(|n| match n {
            crate::office::xml::Node::Text(text) => text.as_str(),
            crate::office::xml::Node::Element(_) => "",
        })
        .collect()
}

#[test]
fn what_a_chart_keeps_is_what_its_workbook_holds() {
    for (chart, references) in [
        (line_chart(), 6 * 3),
        (bar_chart(true), 5),
        (bar_chart(false), 5),
        (stacked_chart(true), 9),
        (stacked_chart(false), 9),
    ] {
        let (root, sheet) = put(&chart);
        let mut seen = 0;
        for kept in root.all("numRef").into_iter().chain(root.all("strRef")) {
            let points: Vec<(usize, String)> = kept
                .all("pt")
                .iter()
                .map(|pt| (pt.number("idx").unwrap() as usize, inner(pt.child("v").unwrap())))
                .collect();
            assert_eq!(points, cells(&inner(kept.child("f").unwrap()), &sheet));
            seen += 1;
        }
        assert_eq!(seen, references);
        assert_eq!(root.all("externalData").len(), 1);
    }
}

#[test]
fn a_gap_is_no_point_and_a_hostile_name_is_text() {
    let (root, _) = put(&line_chart());
    let first = root.all("ser")[0].child("val").unwrap();
    assert_eq!(first.all("pt").len(), 35, "of 36 months one has no value");
    assert_eq!(root.all("dispBlanksAs")[0].attribute("val"), Some("gap"));
    let (_, sheet) = put(&bar_chart(true));
    let shown = AWKWARD.replace(['\u{1}', '\u{b}'], "\u{fffd}");
    assert_eq!(sheet.get_value((3, 0)), Some(&Data::String(shown)));
}

#[test]
fn legends_hold_what_is_not_labelled_and_is_seen() {
    let (root, _) = put(&line_chart());
    let without = |root: &Element| {
        root.all("legendEntry").iter().filter_map(|e| e.child("idx")?.number("val")).collect::<Vec<_>>()
    };
    // "Average" ends too near to "Solved rate" to stand beside it; "Improvement" has no point.
    assert_eq!(without(&root), [0, 3, 5]);
    let named: Vec<String> =
        root.all("dLbl").iter().map(|l| l.child("idx").unwrap().attribute("val").unwrap().to_owned()).collect();
    assert_eq!(named, ["35"]);
    assert!(put(&bar_chart(true)).0.all("legend").is_empty());
    assert_eq!(without(&put(&stacked_chart(true)).0), Vec::<i64>::new());
    let mut alone = line_chart();
    if let Plot::Lines(lines) = &mut alone.plot {
        lines.truncate(1);
        lines[0].label = Label::Legend;
    }
    assert!(put(&alone).0.all("legend").is_empty(), "one series needs none");
}

#[test]
fn months_are_counted_in_steps_of_the_year() {
    for (months, step) in [(6, "1"), (9, "1"), (13, "2"), (24, "3"), (36, "6"), (60, "12"), (150, "24")] {
        let mut chart = line_chart();
        chart.categories = crate::office::tests::content::months(months);
        if let Plot::Lines(lines) = &mut chart.plot {
            for line in lines {
                line.values = vec![Some(1.0); months as usize];
            }
        }
        assert_eq!(put(&chart).0.all("majorUnit")[0].attribute("val"), Some(step), "{months}");
    }
}

#[test]
fn charts_that_are_not_whole_are_refused() {
    let refused =
        |chart: NativeChart| chart.put(&mut Package::default(), "ppt", "x", created()).unwrap_err().to_string();
    let lines = |change: &dyn Fn(&mut Vec<Line>)| {
        let mut chart = line_chart();
        if let Plot::Lines(lines) = &mut chart.plot {
            change(lines);
        }
        refused(chart)
    };
    let bars = |change: &dyn Fn(&mut Bars)| {
        let mut chart = bar_chart(false);
        if let Plot::Bars(bars) = &mut chart.plot {
            change(bars);
        }
        refused(chart)
    };
    for (error, says) in [
        (lines(&|l| l.clear()), "no series"),
        (lines(&|l| l[1].values.truncate(3)), "3 values of Average for 36 categories"),
        (lines(&|l| l[0].values[0] = Some(f64::NAN)), "is no number"),
        (bars(&|b| b.value_labels = true), "choose one"),
        (bars(&|b| b.errors.iter_mut().for_each(|e| e.plus[0] = Some(-1.0))), "below 0"),
        (bars(&|b| b.errors.iter_mut().for_each(|e| e.minus.truncate(1))), "1 values of Solved rate: interval below"),
    ] {
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn values_are_counted_in_round_steps() {
    // 17.9 in at most five steps; 15.5 and its interval of 8%; the tallest stack has 1,092; 100% in fifths.
    for (chart, step) in [
        (line_chart(), "5"),
        (bar_chart(true), "5"),
        (stacked_chart(false), "500"),
        (stacked_chart(true), "0.2"),
        (NativeChart { value_axis: ValueAxis::Between(10.0, 11.0), ..line_chart() }, "0.2"),
    ] {
        let units: Vec<String> = put(&chart).0.all("valAx")[0]
            .all("majorUnit")
            .iter()
            .map(|e| e.attribute("val").unwrap().to_owned())
            .collect();
        assert_eq!(units, [step]);
    }
    let free = NativeChart { value_axis: ValueAxis::Free, ..line_chart() };
    assert!(put(&free).0.all("valAx")[0].all("majorUnit").is_empty());
}
