//! What can be done with a record.

use super::{Moving, Tone};

/// An act on offer, or why it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferView {
    /// Its name, for addresses.
    pub act: String,
    /// Its title.
    pub title: String,
    /// How it is set off.
    pub tone: Tone,
    /// Why it cannot be done: what happened, and what to do.
    pub refusal: Option<(String, String)>,
    /// What it would be taken as instead, and why.
    pub turns: Option<String>,
    /// What it asks for.
    pub asks: Vec<AskView>,
    /// It can say something about single questions.
    pub comments: bool,
    /// It gives the record to somebody else: what should be known before.
    pub moving: Option<Moving>,
}

/// A question of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskView {
    /// The name of the field in the form.
    pub name: String,
    /// Its id on the page.
    pub id: String,
    /// What people read.
    pub label: String,
    /// A hint below it.
    pub hint: Option<String>,
    /// Must be answered.
    pub required: bool,
    /// What is typed or chosen.
    pub input: Input,
    /// What can be chosen: what is kept, and what people read.
    pub choices: Vec<(String, String)>,
}

/// How a question is answered on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A text of some lines.
    Text,
    /// A line of this type of HTML.
    Line(&'static str),
    /// One of several.
    One,
    /// Any of several.
    Several,
    /// A device with a camera or a position is needed.
    Phone,
}

impl OfferView {
    /// Whether it can be done as it is, with one press.
    pub fn is_direct(&self) -> bool {
        self.asks.is_empty() && !self.comments && self.moving.is_none()
    }
}
