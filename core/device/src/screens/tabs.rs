//! The tabs of a record's screen: which of its questions, documents and acts stand beside each other,
//! and what can be looked up from there.

use super::list::FinderItem;
use super::papers::Papers;
use super::questions::Question;
use super::record::{Choice, RecordScreen};
use crate::error::Fail;
use rounds_model::text::Lang;
use rounds_workflow::{Catalogue, Kind, tab_of};
use serde::Serialize;

/// A tab: what stands in it, by the names that the screen gives it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tab {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: String,
    /// How much in it is not answered rightly yet.
    pub open: usize,
    /// Keys of questions.
    pub questions: Vec<String>,
    /// Names of checklists.
    pub documents: Vec<String>,
    /// Names of acts that can be done now, or not.
    pub acts: Vec<String>,
    /// What can be looked up from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finders: Vec<Lookup>,
}

/// A finder that can be asked from a tab.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lookup {
    /// Of which kind.
    pub kind: String,
    /// The question.
    #[serde(flatten)]
    pub finder: FinderItem,
}

/// The tabs of a kind's screen, in the pack's order.
pub(super) fn tabs(
    catalogue: &Catalogue,
    kind: &Kind,
    questions: &[Question],
    documents: &[Papers],
    acts: &[Choice],
    lang: Lang,
) -> Vec<Tab> {
    let one = |tab: &rounds_workflow::Tab| {
        let here = |q: &&Question| tab_of(&kind.tabs, &q.key).is_some_and(|found| found.name == tab.name);
        let questions: Vec<&Question> = questions.iter().filter(here).collect();
        let documents = documents.iter().filter(|list| tab.checklists.contains(&list.name));
        let missing: usize = documents.clone().map(|list| list.missing).sum();
        let finder = |(kind, finder): &(String, String)| {
            let found = catalogue.kind(kind)?.finders.iter().find(|known| known.name == *finder)?;
            Some(Lookup { kind: kind.clone(), finder: FinderItem::of(found, lang) })
        };
        Tab {
            name: tab.name.clone(),
            title: tab.title.get(lang).to_owned(),
            open: missing + questions.iter().filter(|question| question.error.is_some()).count(),
            questions: questions.into_iter().map(|question| question.key.clone()).collect(),
            documents: documents.map(|list| list.name.clone()).collect(),
            acts: tab.acts.iter().filter(|act| acts.iter().any(|c| c.act == **act)).cloned().collect(),
            finders: tab.finders.iter().filter_map(finder).collect(),
        }
    };
    kind.tabs.iter().map(one).collect()
}

impl RecordScreen {
    /// The screen with one of its tabs alone.
    ///
    /// # Errors
    /// [`Fail::UnknownQuestion`] if there is no such tab.
    pub fn on_tab(mut self, name: &str) -> Result<RecordScreen, Fail> {
        let tab = self.tabs.iter().find(|tab| tab.name == name || tab.title == name).cloned();
        let tab = tab.ok_or_else(|| Fail::UnknownQuestion(name.to_owned()))?;
        self.questions.retain(|question| tab.questions.contains(&question.key));
        self.documents.retain(|list| tab.documents.contains(&list.name));
        self.acts.retain(|choice| tab.acts.contains(&choice.act));
        self.tabs = vec![tab];
        Ok(self)
    }
}
