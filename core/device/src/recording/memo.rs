//! Sound and video that a form asks for without a script: one segment, which a person begins and ends, or a
//! call ends. It answers its question as it is. What a kill left of one answers it at the next start.

use super::alone::Alone;
use super::segments::{ask, why};
use crate::Rounds;
use crate::answers::Desk;
use crate::authoring::who;
use crate::capture::{CaptureFault, Medium, Tool};
use crate::error::{Fail, RoundsError};
use crate::identity;
use crate::private;
use crate::store::{documents, meta, records};
use rounds_evidence::chain::Stop;
use rounds_evidence::session::Gate;
use rounds_model::ids::{BlobHash, DocId};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

/// Where it is kept which one is under way.
const MEMO: &str = "memo";
/// A question's files are no longer than this, bytes.
const LARGEST: u64 = 2 << 30;

/// What is recorded for which question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memo {
    /// The record.
    pub doc: DocId,
    /// The question's key.
    pub field: String,
    /// Pictures, too.
    pub video: bool,
}

/// The one that is under way, or that a kill has left.
pub(crate) fn kept(db: &Connection) -> Result<Option<Memo>, Fail> {
    meta::get(db, MEMO)
}

/// How far one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MemoState {
    /// It is being recorded; so many milliseconds of it are there.
    Runs(u64),
    /// Nothing is recorded for this question now.
    Rests,
    /// Something other than a person has ended it; what there was of it answers the question now.
    Ended(Stop),
}

/// It is in the hands of this process.
#[derive(Debug)]
pub(crate) struct InHand {
    pub(super) memo: Memo,
    _alone: Alone,
}

impl Rounds {
    /// Whether an answer of this record is being recorded.
    pub(crate) fn records_for(&self, doc: DocId) -> bool {
        self.memo_hand().as_ref().is_some_and(|hand| hand.memo.doc == doc)
    }

    /// Begins to record an answer.
    ///
    /// # Errors
    /// Who may write the answer; the recorder's; `recording-runs` while something else is recorded;
    /// `question-unknown` for a question that no sound or video answers.
    pub fn memo(&self, doc: DocId, field: &str) -> Result<(), RoundsError> {
        Ok(self.memo_inner(doc, field)?)
    }

    fn memo_inner(&self, doc: DocId, field: &str) -> Result<(), Fail> {
        let mut hand = self.memo_hand();
        if hand.is_some() {
            return Err(Gate::Recording.into());
        }
        let alone = self.clear_desk()?;
        // One of this run that could not be put away.
        self.put_memo_away()?;
        let memo = self.store.read(|db| self.memo_asked(db, doc, field))?;
        let file = self.memo_file()?;
        drop(std::fs::remove_file(&file));
        self.store.write(|tx| meta::set(tx, MEMO, &memo))?;
        let medium = if memo.video { Medium::Video } else { Medium::Audio };
        let kit = self.kit();
        let started = kit.recorder().and_then(|recorder| {
            recorder.start(ask(medium, file)).map_err(|fault| Fail::Capture(Tool::Recorder, fault))
        });
        if let Err(fail) = started {
            self.store.write(|tx| meta::remove(tx, MEMO))?;
            return Err(fail);
        }
        *hand = Some(InHand { memo, _alone: alone });
        Ok(())
    }

    /// How far it is. One that a call has ended is put away now.
    pub fn memo_look(&self, doc: DocId, field: &str) -> Result<MemoState, RoundsError> {
        Ok(self.memo_look_inner(doc, field)?)
    }

    fn memo_look_inner(&self, doc: DocId, field: &str) -> Result<MemoState, Fail> {
        let mut hand = self.memo_hand();
        if !hand.as_ref().is_some_and(|it| it.memo.doc == doc && it.memo.field == field) {
            return Ok(MemoState::Rests);
        }
        let kit = self.kit();
        let ended = match kit.recorder()?.progress() {
            Ok(progress) => match progress.ended {
                None => return Ok(MemoState::Runs(progress.media_ms)),
                Some(ended) => why(ended),
            },
            Err(CaptureFault::Failed(_)) => Stop::Broken,
            Err(fault) => return Err(Fail::Capture(Tool::Recorder, fault)),
        };
        drop(kit.recorder()?.stop());
        *hand = None;
        self.put_memo_away()?;
        Ok(MemoState::Ended(ended))
    }

    /// Ends it, and answers the question with it; none if nothing was recorded.
    ///
    /// # Errors
    /// Those of answering.
    pub fn memo_keep(&self) -> Result<Option<BlobHash>, RoundsError> {
        if self.memo_hand().take().is_some() {
            // What it has is kept, however it ended.
            drop(self.kit().recorder()?.stop());
        }
        Ok(self.put_memo_away()?)
    }

    /// Ends it, and keeps nothing of it.
    pub fn memo_drop(&self) -> Result<(), RoundsError> {
        if self.memo_hand().take().is_some() {
            drop(self.kit().recorder()?.stop());
        }
        drop(std::fs::remove_file(self.memo_file()?));
        Ok(self.store.write(|tx| meta::remove(tx, MEMO))?)
    }

    /// Answers the question with what was recorded; at the start with what a kill left. A question that
    /// may not be answered any more keeps what it has, and says so.
    pub(super) fn put_memo_away(&self) -> Result<Option<BlobHash>, Fail> {
        self.put_memo_with(|memo, source| self.attach_inner(memo.doc, &memo.field, source))
    }

    /// The same, answered in another way.
    pub(super) fn put_memo_with(
        &self,
        attach: impl FnOnce(&Memo, &mut dyn Read) -> Result<BlobHash, Fail>,
    ) -> Result<Option<BlobHash>, Fail> {
        let file = self.memo_file()?;
        let Some(memo) = self.store.read(kept)? else {
            // Of somebody who is signed off this phone.
            drop(std::fs::remove_file(file));
            return Ok(None);
        };
        let kept = match File::open(&file) {
            Ok(source) if source.metadata()?.len() > 0 => Some(attach(&memo, &mut source.take(LARGEST))),
            Ok(_) => None,
            Err(e) if e.kind() == ErrorKind::NotFound => None,
            Err(e) => return Err(e.into()),
        };
        // On a full phone it waits in plain where only this app reads it, rather than be lost.
        if matches!(kept, Some(Err(Fail::StorageFull))) {
            return kept.transpose();
        }
        drop(std::fs::remove_file(&file));
        self.store.write(|tx| meta::remove(tx, MEMO))?;
        kept.transpose()
    }

    /// Whether something may have been left there.
    pub(crate) fn memo_folder(&self) -> PathBuf {
        self.blobs.with_file_name("memo")
    }

    fn memo_file(&self) -> Result<PathBuf, Fail> {
        let folder = self.memo_folder();
        private::folder(&folder)?;
        Ok(folder.join("segment"))
    }

    /// What the question asks for, if the person may answer it.
    fn memo_asked(&self, db: &Connection, doc: DocId, field: &str) -> Result<Memo, Fail> {
        let (me, catalogue) = (identity::load(db)?.ok_or(Fail::NotEnrolled)?, self.catalogue());
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
        let desk = Desk::new(doc, kind, &me, self.now(db)?);
        let key = desk.canonical(&document.fields(), field);
        // What is recorded by a script is recorded by nothing else.
        let medium = kind.heard(&key).filter(|_| kind.recording(&key).is_none());
        let medium = medium.ok_or_else(|| Fail::UnknownQuestion(field.to_owned()))?;
        rounds_workflow::may_write(kind, &row.stage, &who(&me), row.owner, [key.as_str()])?;
        Ok(Memo { doc, field: key, video: medium == rounds_workflow::Medium::Video })
    }
}
