//! How a page is made of its template: the same rules for every page that a build leaves.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, UndefinedBehavior, escape_formatter};

use crate::domain::visible_start;

/// Characters of a text on a page: a longer one is no name and no sentence.
pub const LONGEST_TEXT: usize = 1_000;

/// An environment that holds one template, by the name of its page. The name ends with `.html`, so every value is escaped,
/// and shows its control characters and direction marks; what the page does not have is a fault; a line that holds a tag
/// alone leaves no line behind.
///
/// # Errors
/// A fault of the template.
pub fn environment<'t>(name: &'t str, template: &'t str) -> Result<Environment<'t>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_formatter(|out, state, value| match value.as_str().filter(|_| !value.is_safe()) {
        Some(text) => escape_formatter(out, state, &visible_start(text, LONGEST_TEXT).into()),
        None => escape_formatter(out, state, value),
    });
    environment.add_template(name, template)?;
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use minijinja::context;
    use minijinja::value::Value;

    use super::*;

    fn rendered(template: &str, text: impl Into<Value>) -> Result<String, Error> {
        environment("a.html", template)?.get_template("a.html")?.render(context! { text => text.into() })
    }

    #[test]
    fn a_value_is_text_and_what_is_missing_a_fault() {
        let page = |text: &str| rendered("{{ text }}", text).unwrap();
        assert_eq!(page("<b>\u{202e}\"A\" & \u{1b}"), "&lt;b&gt;\\u{202e}&quot;A&quot; &amp; \\u{1b}");
        assert_eq!(page(&"x".repeat(1_001)), "x".repeat(999) + "…");
        assert_eq!(rendered("{{ text }}", Value::from_safe_string("<b>".to_owned())).unwrap(), "<b>");
        assert_eq!(rendered("a\n  {% if text %}\nb\n  {% endif %}\nc", "x").unwrap(), "a\nb\nc");
        assert!(rendered("{{ txet }}", "x").is_err());
    }
}
