//! Why something was not accepted: the one plain value that every refusal is, on the phone and on
//! the server, for an edit and for an act.

use crate::ids::DocId;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// A refusal that a person can act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable, kebab-case, for programs and support: `one-open-application`.
    pub code: String,
    /// The answer key or payload field it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What happened and why, in plain words.
    pub reason: Text,
    /// What to do now.
    pub remedy: Text,
    /// The requirement that the rule comes from, such as `O.14`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The record that stands in the way, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<DocId>,
}

impl Refusal {
    /// A refusal with the parts that each must have.
    pub fn new(code: impl Into<String>, reason: Text, remedy: Text) -> Self {
        Refusal { code: code.into(), field: None, reason, remedy, rule: None, link: None }
    }

    /// The same, about a field.
    pub fn on(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same, by a rule that may come from a requirement; keeps the one that it has.
    pub fn by(mut self, rule: Option<&String>) -> Self {
        self.rule = self.rule.or_else(|| rule.cloned());
        self
    }
}
