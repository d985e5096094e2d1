//! Rules in words, for pages and explanations.

use std::fmt;

use super::metric::{Condition, Measure, Rows, Test};

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match &self.test {
            Test::Is(true) => write!(f, "{field} is yes"),
            Test::Is(false) => write!(f, "{field} is no"),
            Test::AnyOf(words) => match words.split_last() {
                Some((last, rest)) if !rest.is_empty() => write!(f, "{field} is {} or {last}", rest.join(", ")),
                _ => write!(f, "{field} is {}", words.concat()),
            },
            Test::InSolvedSet => write!(f, "{field} is in the solved set"),
            Test::Present(true) => write!(f, "{field} is known"),
            Test::Present(false) => write!(f, "{field} is blank"),
            Test::AtMost(limit) => write!(f, "{field} is at most {limit}"),
            Test::Below(limit) => write!(f, "{field} is below {limit}"),
            Test::AtLeast(limit) => write!(f, "{field} is at least {limit}"),
            Test::Above(limit) => write!(f, "{field} is above {limit}"),
            Test::AtMostBy { field: by, limits } => {
                let limits: Vec<String> =
                    limits.iter().map(|(word, limit)| format!("{limit} if {by} is {word}")).collect();
                write!(f, "{field} is at most {}", limits.join(", "))
            }
        }
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "by month of {}{}", self.month_of, wherever(&self.conditions))
    }
}

impl Measure {
    /// What is counted, part by part: its name and the rule in words.
    pub fn in_words(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Count { rows } => vec![("Numerator", format!("rows {rows}"))],
            Self::Share { numerator, denominator, weight } => {
                let mut parts =
                    vec![("Numerator", format!("rows {numerator}")), ("Denominator", format!("rows {denominator}"))];
                parts.extend(weight.iter().map(|weight| ("Weight", weight.clone())));
                parts
            }
            Self::Mean { of, rows } => {
                vec![("Numerator", format!("sum of {of}")), ("Denominator", format!("rows {rows}"))]
            }
            Self::Quantile { of, probability, rows } => {
                vec![
                    ("Value", format!("quantile {probability} of {of}, type 7")),
                    ("Denominator", format!("rows {rows}")),
                ]
            }
            Self::PerResident { numerator } => {
                vec![
                    ("Numerator", format!("rows {numerator}")),
                    ("Denominator", "residents divided by 1,000".to_owned()),
                ]
            }
            Self::Stock { opened, closed, older_than_days, first_month, conditions } => vec![
                (
                    "Numerator",
                    format!("of those, rows with {opened} more than {older_than_days} days before the month's end"),
                ),
                (
                    "Denominator",
                    format!(
                        "at each month's end, rows with {opened} by then and no {closed} by then{}",
                        wherever(conditions)
                    ),
                ),
                ("First month", format!("{first_month} of the extract")),
            ],
        }
    }
}

fn wherever(conditions: &[Condition]) -> String {
    let words: Vec<String> = conditions.iter().map(Condition::to_string).collect();
    if words.is_empty() { String::new() } else { format!(", where {}", words.join(" and ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_read_as_sentences() {
        let limits = [("rural".to_owned(), 20.0), ("urban".to_owned(), 15.0)].into();
        for (test, words) in [
            (Test::Is(false), "x is no"),
            (Test::AnyOf(vec!["1".into(), "1A".into(), "2".into()]), "x is 1, 1A or 2"),
            (Test::AnyOf(vec!["999".into()]), "x is 999"),
            (Test::Present(false), "x is blank"),
            (Test::AtMost(0.5), "x is at most 0.5"),
            (
                Test::AtMostBy { field: "setting".into(), limits },
                "x is at most 20 if setting is rural, 15 if setting is urban",
            ),
        ] {
            assert_eq!(Condition { field: "x".into(), test }.to_string(), words);
        }
    }
}
