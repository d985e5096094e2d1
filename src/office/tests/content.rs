//! A deck with one of everything, and awkward words in it.

use chrono::{Months, NaiveDate, NaiveDateTime};

use crate::office::chart::{
    Bars, Categories, Errors, Label, Line, Look, Marker, NativeChart, Plot, Stacked, StackedPart, ValueAxis,
};
use crate::office::content::{Align, Cell, Colour, Column, Paragraph, Picture, Properties, Run, Table};
use crate::office::deck::{Area, Block, Deck, Layout, Slide, Text};
use crate::office::report::{Page, Report};

pub const BLUE: Colour = Colour(0x1d, 0x70, 0xb8);
pub const ORANGE: Colour = Colour(0xf4, 0x77, 0x38);
/// What must stay text.
pub const AWKWARD: &str = "=cmd|' /C calc'!A0 <&> \"q\" \u{1}\u{b} @SUM(1)";

pub fn created() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 10, 31).unwrap().and_hms_opt(0, 0, 0).unwrap()
}

pub fn properties() -> Properties {
    Properties {
        title: "Operational Policing Board".to_owned(),
        subject: "Performance & quality".to_owned(),
        author: "Anyshire Police".to_owned(),
        language: "en-GB".to_owned(),
        created: created(),
    }
}

pub fn months(count: u32) -> Categories {
    let first = NaiveDate::from_ymd_opt(2023, 11, 1).unwrap();
    Categories::Months((0..count).map(|n| first + Months::new(n)).collect())
}

pub fn line_chart() -> NativeChart {
    let values: Vec<Option<f64>> =
        (0..36_u32).map(|n| (n != 7).then_some(14.0 + f64::from((n * 7) % 11) / 4.0)).collect();
    let flat = |value: f64| vec![Some(value); 36];
    let points = |places: &[usize]| (0..36).map(|n| if places.contains(&n) { values[n] } else { None }).collect();
    let line = |name: &str, values, colour, look, label| Line { name: name.to_owned(), values, colour, look, label };
    NativeChart {
        alt: "Solved rate by month, with its centre and limits; two months are below the lower limit.".to_owned(),
        categories: months(36),
        plot: Plot::Lines(vec![
            line("Solved rate", values.clone(), BLUE, Look::Dotted, Label::AtEnd),
            line("Average", flat(15.2), Colour::GREY, Look::Thin, Label::AtEnd),
            line("Limits", flat(17.9), Colour::GREY, Look::Dashed, Label::Legend),
            line("Lower limit", flat(12.5), Colour::GREY, Look::Dashed, Label::None),
            line("Concern", points(&[3, 4]), ORANGE, Look::Points(Marker::Diamond), Label::Legend),
            line("Improvement", points(&[]), BLUE, Look::Points(Marker::Triangle), Label::Legend),
        ]),
        category_title: None,
        value_title: Some("Solved, % of recorded".to_owned()),
        number_format: "0.0".to_owned(),
        value_axis: ValueAxis::FromZero,
    }
}

pub fn bar_chart(horizontal: bool) -> NativeChart {
    let values = [12.1, 13.4, 9.8, 15.5, 11.0, 14.2, 10.4, 12.9];
    let lengths = |by: f64| values.iter().map(|v| Some(v * by)).collect::<Vec<_>>();
    NativeChart {
        alt: "Solved rate of the eight forces of the group, with 95% intervals; Anyshire is fifth.".to_owned(),
        categories: Categories::Texts(
            ["Anyshire", "Avon & Somerset", AWKWARD, "Devon and Cornwall", "Essex", "Kent", "Norfolk", "Suffolk"]
                .map(str::to_owned)
                .to_vec(),
        ),
        plot: Plot::Bars(Bars {
            name: "Solved rate".to_owned(),
            values: values.iter().map(|v| Some(*v)).collect(),
            colour: Colour::LINE_GREY,
            horizontal,
            value_labels: false,
            errors: Some(Errors { plus: lengths(0.08), minus: lengths(0.06) }),
            highlighted: vec![(0, BLUE)],
        }),
        category_title: None,
        value_title: Some("Solved, % of recorded".to_owned()),
        number_format: "0.0".to_owned(),
        value_axis: ValueAxis::FromZero,
    }
}

pub fn stacked_chart(percent: bool) -> NativeChart {
    let part = |name: &str, values: [f64; 4], colour| StackedPart {
        name: name.to_owned(),
        values: values.iter().map(|v| Some(*v)).collect(),
        colour,
    };
    NativeChart {
        alt: "Outcomes of crimes by area: charged, out of court, other.".to_owned(),
        categories: Categories::Texts(["North", "South", "East", "West"].map(str::to_owned).to_vec()),
        plot: Plot::Stacked(Stacked {
            parts: vec![
                part("Charged", [120.0, 98.0, 143.0, 77.0], BLUE),
                part("Out of court", [40.0, 51.0, 38.0, 29.0], ORANGE),
                part("Other", [801.0, 690.0, 911.0, 566.0], Colour::GREY),
            ],
            horizontal: percent,
            percent,
        }),
        category_title: None,
        value_title: None,
        number_format: "#,##0".to_owned(),
        value_axis: ValueAxis::FromZero,
    }
}

pub fn table(rows: usize) -> Table {
    let row = |n: usize| {
        vec![
            Cell { runs: vec![Run::bold(format!("Line {n}: ")), Run::plain("domestic abuse, solved")], fill: None },
            Cell::plain(format!("{}.{}", 10 + n, n % 10)),
            Cell::plain("12.1 to 14.6"),
            Cell::plain(if n == 1 { AWKWARD } else { "no different from the group" }).filled(Colour::PALE_GREY),
        ]
    };
    Table {
        alt: "Lines that need the board, with value, interval and verdict.".to_owned(),
        columns: vec![
            Column::new("Line", 3.0, Align::Left),
            Column::new("Value, %", 1.0, Align::Right),
            Column::new("95% interval", 1.4, Align::Right),
            Column::new("Beside the group", 2.4, Align::Left),
        ],
        rows: (0..rows).map(row).collect(),
    }
}

/// A PNG of 2 by 1 pixels.
pub fn picture() -> Picture {
    let png: [u8; 72] = [
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
        0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x7b, 0x40, 0xe8, 0xdd, 0x00, 0x00, 0x00,
        0x0f, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x90, 0x2d, 0xd8, 0xf1, 0xa5, 0xdc, 0x02, 0x00, 0x09, 0xc7,
        0x02, 0xe9, 0x1f, 0xdf, 0xe5, 0x9c, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    ];
    Picture { png: png.to_vec(), alt: "A blue and an orange square".to_owned() }
}

pub fn paragraphs() -> Vec<Paragraph> {
    vec![
        Paragraph::of(vec![
            Run::plain("Solved rate is "),
            Run::bold("13.4%"),
            Run::plain(" in the year to October 2026, "),
            Run::bold("below").coloured(ORANGE),
            Run::plain(" the group's 14.9%."),
        ]),
        Paragraph::bullet("Two months are below the lower limit: February and March 2024."),
        Paragraph::bullet("The fall began when the unit lost four investigators.").at_level(1),
        Paragraph::bullet(AWKWARD),
        Paragraph::bullet("Data quality: grade B.\nOutcome codes are blank in 3.1% of rows."),
    ]
}

fn slide(title: &str, blocks: Vec<crate::office::deck::Placed>) -> Slide {
    Slide { layout: Layout::Content, title: title.to_owned(), blocks, notes: Vec::new() }
}

const LONG: &str = "Solved rate for violence against the person has fallen below its lower control limit in two of the last \
    six months, and is now below the most similar group and below the force's own target for the year";

pub fn deck(template: Option<Vec<u8>>) -> Deck {
    let (left, right) = (Area::new(0.0, 0.0, 0.62, 1.0), Area::new(0.62, 0.0, 0.38, 1.0));
    let mut slides = vec![
        Slide {
            layout: Layout::Opening,
            title: "Operational Policing Board".to_owned(),
            blocks: vec![
                Block::Text(
                    Text::new(vec![Paragraph::plain("Year to 31 October 2026"), Paragraph::plain("Anyshire Police")])
                        .up_to(20.0),
                )
                .at(Area::WHOLE),
            ],
            notes: Vec::new(),
        },
        slide(LONG, vec![Block::Chart(line_chart()).at(left), Block::Text(Text::new(paragraphs())).at(right)]),
        slide("Text alone, with levels", vec![Block::Text(Text::new(paragraphs()).up_to(18.0)).at(Area::WHOLE)]),
        slide("Lines that need the board", vec![Block::Table(table(9)).at(Area::WHOLE)]),
        slide(
            "Four charts",
            vec![
                Block::Chart(bar_chart(true)).at(Area::cell(2, 2, 0, 0, 1, 1)),
                Block::Chart(bar_chart(false)).at(Area::cell(2, 2, 1, 0, 1, 1)),
                Block::Chart(stacked_chart(true)).at(Area::cell(2, 2, 0, 1, 1, 1)),
                Block::Chart(stacked_chart(false)).at(Area::cell(2, 2, 1, 1, 1, 1)),
            ],
        ),
        slide(
            AWKWARD,
            vec![
                Block::Picture(picture()).at(left),
                Block::Table(Table {
                    columns: table(0).columns[..2].to_vec(),
                    rows: table(4).rows.iter().map(|r| r[..2].to_vec()).collect(),
                    ..table(0)
                })
                .at(right),
            ],
        ),
    ];
    slides[1].notes = paragraphs();
    slides[3].notes = vec![Paragraph::plain("Ask each lead for one action.")];
    Deck {
        template,
        properties: properties(),
        marking: "OFFICIAL-SENSITIVE".to_owned(),
        footer: "Anyshire Police: data to 31 October 2026".to_owned(),
        slides,
    }
}

pub fn report(template: Option<Vec<u8>>, page: Page) -> Report {
    use crate::office::report::Block;
    let blocks = vec![
        Block::Title("Operational Policing Board".to_owned()),
        Block::paragraph("Year to 31 October 2026"),
        Block::heading(1, LONG),
        Block::Paragraph(paragraphs()[0].runs.clone()),
        Block::Chart { chart: line_chart(), height_cm: 7.5 },
        Block::Bullets(paragraphs()),
        Block::ActionField { label: "Action for the strategic lead".to_owned(), lines: 4 },
        Block::heading(2, "Beside other forces"),
        Block::Chart { chart: bar_chart(true), height_cm: 7.0 },
        Block::PageBreak,
        Block::heading(1, AWKWARD),
        Block::Table(table(45)),
        Block::heading(3, "Outcomes"),
        Block::Chart { chart: stacked_chart(true), height_cm: 6.0 },
        Block::Picture { picture: picture(), width_cm: 6.0 },
    ];
    Report {
        template,
        properties: properties(),
        marking: "OFFICIAL-SENSITIVE".to_owned(),
        footer: "Anyshire Police: data to 31 October 2026".to_owned(),
        page,
        blocks,
    }
}
