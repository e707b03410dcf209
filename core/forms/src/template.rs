//! Labels and hints: texts with `${question}` in them.

use crate::expr::{EvalError, Scope};

/// A text whose references are filled in when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Reference(String),
}

impl Template {
    /// Reads a text; a `${` without `}` stays as it is.
    pub fn new(source: &str) -> Template {
        let mut parts = Vec::new();
        let mut rest = source;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Reference(name.trim().to_owned()));
            rest = tail;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Template { source: source.to_owned(), parts }
    }

    /// As the author wrote it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names referred to, in order.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Reference(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text with the values of its references.
    pub fn fill(&self, scope: &dyn Scope) -> Result<String, EvalError> {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                // Records before this one are not known here.
                Part::Reference(name) if name.starts_with("last-saved#") => {}
                Part::Reference(name) => out.push_str(&scope.reference(name)?.as_text()),
            }
        }
        Ok(out)
    }
}
