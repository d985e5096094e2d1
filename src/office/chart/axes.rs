//! The two axes of a chart (ECMA-376 part 1, 21.2.2.25, 21.2.2.43 and 21.2.2.226).

use super::sheet::MONTH_FORMAT;
use super::{Categories, NativeChart, Plot, ValueAxis};
use crate::office::content::Colour;
use crate::office::xml::escaped;

pub(super) const CATEGORY_AXIS: u32 = 111_111_111;
pub(super) const VALUE_AXIS: u32 = 222_222_222;
/// Labels of months that stand beside each other without turning.
const MOST_MONTH_LABELS: usize = 9;

/// Size in hundredths of a point of labels of axes.
pub(super) const LABEL_SIZE: u32 = 1100;

pub(super) fn line(colour: Colour, points: f64, dashed: bool) -> String {
    let width = (points * 12_700.0).round() as i64;
    let dash = if dashed { "<a:prstDash val=\"dash\"/>" } else { "" };
    format!("<a:ln w=\"{width}\" cap=\"rnd\">{}{dash}<a:round/></a:ln>", fill(colour))
}

pub(super) fn fill(colour: Colour) -> String {
    format!("<a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill>", colour.hex())
}

pub(super) fn text_look(size: u32, colour: Colour) -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{size}\" b=\"0\">{}</a:defRPr></a:pPr>\
         <a:endParaRPr lang=\"en-GB\"/></a:p></c:txPr>",
        fill(colour)
    )
}

fn title(text: Option<&String>, turned: bool) -> String {
    let Some(text) = text else { return String::new() };
    let turn = if turned { " rot=\"-5400000\" vert=\"horz\"" } else { "" };
    format!(
        "<c:title><c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{LABEL_SIZE}\" b=\"0\"/></a:pPr>\
         <a:r><a:rPr lang=\"en-GB\" sz=\"{LABEL_SIZE}\" b=\"0\">{}</a:rPr><a:t>{}</a:t></a:r></a:p></c:rich></c:tx>\
         <c:overlay val=\"0\"/></c:title>",
        fill(Colour::BLACK),
        escaped(text)
    )
}

/// The axis of categories, then that of values.
pub(super) fn axes(chart: &NativeChart) -> String {
    let horizontal = match &chart.plot {
        Plot::Lines(_) => false,
        Plot::Bars(bars) => bars.horizontal,
        Plot::Stacked(stacked) => stacked.horizontal,
    };
    format!("{}{}", category_axis(chart, horizontal), value_axis(chart, horizontal))
}

fn category_axis(chart: &NativeChart, horizontal: bool) -> String {
    let position = if horizontal { "l" } else { "b" };
    // The first category of a list stands at its top.
    let orientation = if horizontal { "maxMin" } else { "minMax" };
    let (element, format, end) = match &chart.categories {
        Categories::Months(months) => {
            let unit = months.len().div_ceil(MOST_MONTH_LABELS).max(1);
            // Steps that people count in, so that labels fall on the same months each year.
            let unit = [1, 2, 3, 6, 12, 24].into_iter().find(|step| *step >= unit).unwrap_or(60);
            let unit = format!(
                "<c:auto val=\"0\"/><c:lblOffset val=\"100\"/><c:baseTimeUnit val=\"months\"/><c:majorUnit val=\"{unit}\"/>\
                 <c:majorTimeUnit val=\"months\"/>"
            );
            ("dateAx", MONTH_FORMAT, unit)
        }
        Categories::Texts(_) => {
            let end = "<c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/><c:tickLblSkip val=\"1\"/>\
                       <c:noMultiLvlLbl val=\"1\"/>";
            ("catAx", "General", end.to_owned())
        }
    };
    format!(
        "<c:{element}><c:axId val=\"{CATEGORY_AXIS}\"/><c:scaling><c:orientation val=\"{orientation}\"/></c:scaling>\
         <c:delete val=\"0\"/><c:axPos val=\"{position}\"/>{}<c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/>\
         <c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/><c:spPr>{}</c:spPr>{}\
         <c:crossAx val=\"{VALUE_AXIS}\"/><c:crosses val=\"autoZero\"/>{end}</c:{element}>",
        title(chart.category_title.as_ref(), horizontal),
        line(Colour::GREY, 0.75, false),
        text_look(LABEL_SIZE, Colour::BLACK),
    )
}

fn value_axis(chart: &NativeChart, horizontal: bool) -> String {
    let position = if horizontal { "b" } else { "l" };
    // The axis of values crosses that of categories where the last one is, which is the foot of a list from top to bottom.
    let crosses = if horizontal { "max" } else { "autoZero" };
    let percent = matches!(&chart.plot, Plot::Stacked(stacked) if stacked.percent);
    let scale = match chart.value_axis {
        _ if percent => "<c:max val=\"1\"/><c:min val=\"0\"/>".to_owned(),
        ValueAxis::FromZero => "<c:min val=\"0\"/>".to_owned(),
        ValueAxis::Free => String::new(),
        ValueAxis::Between(from, to) => format!("<c:max val=\"{to}\"/><c:min val=\"{from}\"/>"),
    };
    let format = if percent { "0%".to_owned() } else { escaped(&chart.number_format) };
    format!(
        "<c:valAx><c:axId val=\"{VALUE_AXIS}\"/><c:scaling><c:orientation val=\"minMax\"/>{scale}</c:scaling>\
         <c:delete val=\"0\"/><c:axPos val=\"{position}\"/><c:majorGridlines><c:spPr>{}</c:spPr></c:majorGridlines>{}\
         <c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/>\
         <c:tickLblPos val=\"nextTo\"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{}<c:crossAx val=\"{CATEGORY_AXIS}\"/>\
         <c:crosses val=\"{crosses}\"/><c:crossBetween val=\"between\"/></c:valAx>",
        line(Colour(0xde, 0xe0, 0xe2), 0.5, false),
        title(chart.value_title.as_ref(), !horizontal),
        text_look(LABEL_SIZE, Colour::BLACK),
    )
}
