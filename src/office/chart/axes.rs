//! The two axes of a chart (ECMA-376 part 1, 21.2.2.25, 21.2.2.43 and 21.2.2.226).

use super::sheet::MONTH_FORMAT;
use super::{Categories, NativeChart, Plot, ValueAxis};
use crate::office::content::Colour;
use crate::office::xml::escaped;

pub(super) const CATEGORY_AXIS: u32 = 111_111_111;
pub(super) const VALUE_AXIS: u32 = 222_222_222;
/// Labels of months that stand beside each other without turning.
const MOST_MONTH_LABELS: usize = 9;

/// The theme's own.
pub(super) const TEXT_COLOUR: &str = "<a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill>";
/// Steps of the axis of values.
const MOST_STEPS: f64 = 5.0;

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

/// Words in the colour that the template has for text.
pub(super) fn text_look(size: u32) -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{size}\" b=\"0\">{}</a:defRPr></a:pPr>\
         <a:endParaRPr lang=\"en-GB\"/></a:p></c:txPr>",
        TEXT_COLOUR
    )
}

fn title(text: Option<&String>, turned: bool) -> String {
    let Some(text) = text else { return String::new() };
    let turn = if turned { " rot=\"-5400000\" vert=\"horz\"" } else { "" };
    format!(
        "<c:title><c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{LABEL_SIZE}\" b=\"0\"/></a:pPr>\
         <a:r><a:rPr lang=\"en-GB\" sz=\"{LABEL_SIZE}\" b=\"0\">{}</a:rPr><a:t>{}</a:t></a:r></a:p></c:rich></c:tx>\
         <c:overlay val=\"0\"/></c:title>",
        TEXT_COLOUR,
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
        text_look(LABEL_SIZE),
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
         <c:crosses val=\"{crosses}\"/><c:crossBetween val=\"between\"/>{}</c:valAx>",
        line(Colour(0xde, 0xe0, 0xe2), 0.5, false),
        title(chart.value_title.as_ref(), !horizontal),
        text_look(LABEL_SIZE),
        step(chart, percent).map(|step| format!("<c:majorUnit val=\"{step}\"/>")).unwrap_or_default(),
    )
}

/// Between two labels of values, so that a small chart is not crowded; `None` where the program that draws it chooses the ends.
fn step(chart: &NativeChart, percent: bool) -> Option<f64> {
    let span = match chart.value_axis {
        _ if percent => 1.0,
        ValueAxis::FromZero => chart.highest(),
        ValueAxis::Between(from, to) => to - from,
        ValueAxis::Free => return None,
    };
    round_step(span / MOST_STEPS)
}

/// The least of 1, 2 and 5 times a power of ten that is not below a length.
fn round_step(length: f64) -> Option<f64> {
    let power = length.log10().floor() as i32;
    let found = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * 10.0_f64.powi(power));
    // Written and read again, so that three tenths are 0.3.
    let found = found.map(|step| format!("{step:.6e}").parse::<f64>().unwrap_or(step));
    (length.is_finite() && length > 0.0).then(|| found.into_iter().find(|step| *step >= length * (1.0 - 1e-9)))?
}

#[cfg(test)]
mod tests {
    use super::round_step;

    #[test]
    fn steps_are_round() {
        for (length, expected) in [
            (3.58, Some(5.0)),
            (2.0, Some(2.0)),
            (0.03, Some(0.05)),
            (0.2, Some(0.2)),
            (150.0, Some(200.0)),
            (0.0, None),
            (f64::NEG_INFINITY, None),
        ] {
            assert_eq!(round_step(length), expected, "{length}");
        }
    }
}
