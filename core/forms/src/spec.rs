//! A form described without a workbook, as a pack's TOML does for a kind's fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::language::{DEFAULT_LANGUAGE, Texts};

/// One question, group or repeat as its author describes it. The fields are the columns of an
/// XLSForm `survey` sheet and mean the same; expressions are texts in the expression language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct QuestionSpec {
    /// An XLSForm type: `text`, `integer`, `select_one yn`, `begin_group`, `begin_repeat`..
    #[serde(rename = "type")]
    pub kind: String,
    /// An XML name, unique in its group.
    pub name: String,
    /// By language; a TOML string stands for the default language.
    pub label: Texts,
    /// As `label`.
    pub hint: Texts,
    /// As `label`.
    pub guidance_hint: Texts,
    /// `yes`, `no` or an expression; TOML booleans too.
    #[serde(deserialize_with = "text_or_bool")]
    pub required: String,
    /// As `label`.
    pub required_message: Texts,
    /// An expression; empty is "always".
    pub relevant: String,
    /// An expression in which `.` is the answer.
    pub constraint: String,
    /// As `label`.
    pub constraint_message: Texts,
    /// An expression.
    pub calculation: String,
    /// A value, or an expression that is evaluated once.
    pub default: String,
    /// `${question}`, or several with commas: the calculation runs only when one of them changes.
    pub trigger: String,
    /// `yes`, `no` or an expression.
    #[serde(deserialize_with = "text_or_bool")]
    pub read_only: String,
    /// How the question is to look, kept verbatim.
    pub appearance: String,
    /// `key=value` pairs.
    pub parameters: String,
    /// An expression over the columns of the choice list.
    pub choice_filter: String,
    /// An expression: how many instances a repeat should have.
    pub repeat_count: String,
    /// The property of an entity that the answer is saved to, or `list#property`.
    pub save_to: String,
    /// File names of what is shown or played with the label, by `image`, `big-image`, `audio`,
    /// `video` and by language.
    pub media: BTreeMap<String, Texts>,
    /// Columns without a meaning here, by header, verbatim.
    pub other: BTreeMap<String, String>,
    /// Choices of a select whose type names no list, as `type = "select_one"`.
    pub choices: Vec<ChoiceSpec>,
    /// What is inside a group or repeat.
    pub questions: Vec<QuestionSpec>,
}

/// One choice of a pack's field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ChoiceSpec {
    /// The value stored; no spaces.
    pub value: String,
    /// By language.
    pub label: Texts,
}

impl<'de> Deserialize<'de> for Texts<String> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Texts<String>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Shape {
            One(String),
            Many(BTreeMap<String, String>),
        }
        Ok(match Shape::deserialize(deserializer)? {
            Shape::One(text) => [(DEFAULT_LANGUAGE, text)].into_iter().collect(),
            Shape::Many(texts) => texts.into_iter().collect(),
        })
    }
}

fn text_or_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Shape {
        Bool(bool),
        Text(String),
    }
    Ok(match Shape::deserialize(deserializer)? {
        Shape::Bool(true) => "yes".to_owned(),
        Shape::Bool(false) => "no".to_owned(),
        Shape::Text(text) => text,
    })
}
