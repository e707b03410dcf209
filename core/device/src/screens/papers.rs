//! A record's checklists of documents: what is there, what is missing and why.

use super::record::Reason;
use rounds_model::text::Lang;
use rounds_workflow::{Checked, Item, Kind};
use serde::Serialize;

/// A checklist.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Papers {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: String,
    /// How many do not count yet.
    pub missing: usize,
    /// The documents that are asked for now.
    pub items: Vec<Paper>,
}

/// A document of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paper {
    /// The key to answer it by.
    pub key: String,
    /// What people read.
    pub title: String,
    /// It is only needed for these acts, in their buttons' words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only_for: Vec<String>,
    /// Why it does not count yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lacks: Option<Reason>,
}

/// The checklists as one reader reads them.
pub(crate) fn papers(kind: &Kind, checked: &[Checked<'_>], lang: Lang) -> Vec<Papers> {
    let act = |name: &String| kind.act(name).map_or(name.as_str(), |act| act.title.get(lang)).to_owned();
    let item = |item: &Item<'_>| Paper {
        key: item.document.key.clone(),
        title: item.document.title.get(lang).to_owned(),
        only_for: item.document.acts.iter().map(act).collect(),
        lacks: item.lacks.as_ref().map(|no| Reason::of(no, lang)),
    };
    let list = |checked: &Checked<'_>| Papers {
        name: checked.list.name.clone(),
        title: checked.list.title.get(lang).to_owned(),
        missing: checked.items.iter().filter(|item| item.lacks.is_some()).count(),
        items: checked.items.iter().map(item).collect(),
    };
    checked.iter().map(list).collect()
}
