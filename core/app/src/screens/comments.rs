//! What is said about single answers with an act: "returned, and this is what to change there". The questions
//! of its sheet for it, a page at a time.

use super::{Look, More, paged};
use crate::ask::{Input, Question};
use crate::screen::Block;
use rounds_device::RoundsError;
use rounds_device::screens::record::RecordScreen;
use rounds_model::ids::DocId;
use rounds_workflow::{COMMENT, Kind};
use std::collections::BTreeMap;

/// Answers of one page.
const PAGE: usize = 20;

impl Look<'_> {
    /// The questions for what is said about each answer, if the act says such things.
    pub(super) fn comments(
        &self,
        (doc, act): (DocId, &str),
        kind: &Kind,
        record: &RecordScreen,
        given: &BTreeMap<String, String>,
        skip: usize,
    ) -> Vec<Block> {
        if !kind.act(act).is_some_and(|rule| rule.comments) {
            return vec![];
        }
        let key = |of: &str| format!("{COMMENT}{of}");
        let said = record.questions.iter().filter(|asked| {
            let seen = !asked.label.is_empty() && !asked.value.is_empty();
            seen && kind.commented(&key(&asked.key)).is_some()
        });
        let said: Vec<_> = said.collect();
        let goes_on = |skip| More::Comments(doc, act.to_owned(), skip);
        let mut blocks = paged(&said, skip, PAGE, goes_on, |asked| {
            let key = key(&asked.key);
            let text = given.get(&key).cloned().unwrap_or_default();
            let answered = self.words("comment-about", &[("answer", asked.shown.clone())]);
            let question = Question {
                hint: Some(answered).filter(|_| !asked.shown.is_empty()),
                shown: text.clone(),
                value: text,
                ..Question::new(&key, asked.label.clone(), Input::Text { long: false })
            };
            Block::Ask { question }
        });
        if skip == 0 && !blocks.is_empty() {
            blocks.insert(0, Block::Heading { text: self.plain("comments") });
        }
        blocks
    }

    /// More of them, on the sheet that is open.
    pub(super) fn more_comments(
        &self,
        doc: DocId,
        act: &str,
        skip: usize,
    ) -> Result<Vec<Block>, RoundsError> {
        let crate::route::Route::Act { given, .. } = self.session.here() else { return Ok(vec![]) };
        let record = self.rounds.show(doc, self.lang)?;
        let packs = self.packs();
        let kind = packs.kind_at(&record.row.kind, record.version);
        Ok(kind.map_or_else(Vec::new, |kind| self.comments((doc, act), kind, &record, &given, skip)))
    }
}
