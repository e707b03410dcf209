//! Whether a record is still as it was when a form about it was made.
//!
//! Two people, or one with two windows, may look at the same record; the second decision must not undo the
//! first unseen. So each form carries what its author saw: the stage and the content, which the act is
//! signed over, and the place of the last thing that had happened, which also tells of acts that leave both as
//! they were, such as giving a record to somebody.

use super::acting::Sent;
use super::kinds::{KindWords, Lexicon};
use super::names::Names;
use super::timeline;
use super::words::Words;
use crate::error::Result;
use crate::storage::Read;
use crate::storage::records::{ActRow, DocumentRow, RecordRow};
use rounds_model::document::Document;
use rounds_model::ids::ChangeHash;
use rounds_model::refusal::Refusal;
use rounds_model::text::{Lang, Text};
use rounds_model::verdict::Outcome;
use std::collections::BTreeSet;

/// How many changed answers are named.
const NAMED: usize = 5;

/// A record as it is now.
pub struct Now<'a> {
    /// The database.
    pub tx: &'a dyn Read,
    /// The packs' words.
    pub lexicon: &'a dyn Lexicon,
    /// Its row.
    pub row: &'a RecordRow,
    /// What is stored of it.
    pub stored: &'a DocumentRow,
    /// Its content.
    pub document: &'a Document,
    /// Its acts.
    pub acts: &'a [ActRow],
    /// The team's time zone.
    pub zone: &'a str,
    /// When, Unix milliseconds.
    pub now_ms: i64,
}

impl Now<'_> {
    /// What has changed since a form was made; nothing if it is as it was.
    pub fn since(&self, sent: &Sent) -> Result<Option<Refusal>> {
        let mut heads = self.stored.heads.clone();
        heads.sort();
        let later = |row: &&ActRow| sent.seen.is_some_and(|seen| row.seq.0 > seen);
        let stated = self.acts.iter().rev().filter(|row| row.verdict.outcome == Outcome::Accepted);
        let stated: Vec<&ActRow> = stated.collect();
        let moved = self.row.stage != sent.stage;
        if let Some(last) = stated.first().copied().filter(|row| moved || later(row)) {
            return self.stated(last).map(Some);
        }
        if heads != sent.heads || moved {
            return self.written(sent).map(Some);
        }
        Ok(None)
    }

    fn kind(&self) -> Option<&KindWords> {
        self.lexicon.kind_of(self.row)
    }

    fn stated(&self, row: &ActRow) -> Result<Refusal> {
        let act = timeline::read(row)?;
        let taken_as = row.verdict.turned.as_ref().map_or(&act.name, |turned| &turned.act);
        let kind = self.kind();
        let title = kind.and_then(|kind| kind.act(taken_as)).map(|act| act.title.clone());
        let title = title.unwrap_or_else(|| Text::new(taken_as.clone(), taken_as.clone()));
        let stage = self.stage();
        self.told("moved-on-act", |words| {
            let names = Names::read(self.tx, words)?;
            Ok(vec![
                ("who", names.person(act.person)),
                ("when", words.moment(act.time.at_ms, self.now_ms).short),
                ("act", words.of(&title).to_owned()),
                ("stage", words.of(&stage).to_owned()),
            ])
        })
    }

    fn stage(&self) -> Text {
        let stage = &self.row.stage;
        self.kind().map_or_else(|| Text::new(stage.clone(), stage.clone()), |kind| kind.stage(stage).0)
    }

    /// Its stage is another, and nobody did anything to it: what it is about did.
    fn staged(&self) -> Result<Refusal> {
        let stage = self.stage();
        self.told("moved-on-stage", |words| Ok(vec![("stage", words.of(&stage).to_owned())]))
    }

    fn written(&self, sent: &Sent) -> Result<Refusal> {
        let now = self.document.fields();
        let then =
            self.document.fields_at(&sent.heads).filter(|_| !sent.heads.is_empty()).unwrap_or_default();
        // Phones' clocks differ, and what was written first may come last: the page had not seen it.
        let had = |heads: &[ChangeHash]| self.document.has_all(heads).then(|| self.document.seen_at(heads));
        let seen = had(&sent.heads).filter(|_| !sent.heads.is_empty()).unwrap_or_default();
        let steps = self.document.history();
        let Some(last) = steps.iter().rev().find(|step| !seen.contains(&step.hash)) else {
            return self.staged();
        };
        let other = now.iter().filter(|(key, value)| then.get(*key) != Some(value)).map(|(key, _)| key);
        let gone = then.keys().filter(|key| !now.contains_key(*key));
        let keys: BTreeSet<&String> = other.chain(gone).filter(|key| !key.contains('@')).collect();
        // Somebody may have written the same again, or what no question asks for.
        let key = if keys.is_empty() { "moved-on-edit-same" } else { "moved-on-edit" };
        self.told(key, |words| {
            let names = Names::read(self.tx, words)?.with_pens(self.tx, &[last.actor])?;
            let label = |key: &&String| {
                let question = self.kind().and_then(|kind| kind.question(key));
                question.map_or_else(|| (*key).clone(), |question| question.label(words.lang).to_owned())
            };
            let labels: BTreeSet<String> = keys.iter().map(label).collect();
            let labels: Vec<String> = labels.into_iter().take(NAMED).collect();
            Ok(vec![
                ("who", names.pen(last.actor).0),
                ("when", words.moment(last.at.saturating_mul(1000), self.now_ms).short),
                ("fields", labels.join(" · ")),
            ])
        })
    }

    fn told(
        &self,
        key: &str,
        args: impl Fn(&Words) -> Result<Vec<(&'static str, String)>>,
    ) -> Result<Refusal> {
        let said = |lang| -> Result<(String, String)> {
            let words = Words::new(lang, self.zone);
            Ok((words.f(key, &args(&words)?), words.t("moved-on-remedy")))
        };
        let ((zh, zh_do), (en, en_do)) = (said(Lang::Zh)?, said(Lang::En)?);
        Ok(Refusal::new("record-moved-on", Text::new(zh, en), Text::new(zh_do, en_do)))
    }
}
