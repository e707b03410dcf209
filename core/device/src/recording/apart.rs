//! Recordings under way in a record that leaves this phone, or on a phone whose access ends. Nobody will be
//! asked to finish them, so they are broken off by themselves: what there is of one is sealed and becomes
//! work to hand over, whatever the rules say of the record by now. The server decides about it.

use super::memo::{self, Memo};
use super::steps::By;
use super::under_way;
use crate::Rounds;
use crate::error::Fail;
use crate::identity;
use crate::store::before::Before;
use crate::store::blobs::{self, Stored};
use crate::store::notices::{self, Notice};
use crate::store::{documents, outbox, recordings, records, uploads};
use crate::sync::notes;
use rounds_evidence::chain::{Ending, Stop};
use rounds_evidence::session::Gate;
use rounds_model::document::Document;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::scalar::Scalar;
use rounds_protocol::exchange::PushItem;
use rusqlite::{Connection, Transaction};
use std::collections::BTreeSet;
use std::io::Read;

/// Whether anything is recorded on this phone, or was when it was killed.
pub(crate) fn is_any(db: &Connection) -> Result<bool, Fail> {
    Ok(memo::kept(db)?.is_some() || !recordings::open(db)?.is_empty())
}

/// Recordings whose record is not here: an earlier version of the app let go of it in the middle.
pub(crate) fn orphans(db: &Connection) -> Result<BTreeSet<DocId>, Fail> {
    let mut docs: BTreeSet<DocId> = recordings::open(db)?.into_iter().map(|(doc, _)| doc).collect();
    docs.extend(memo::kept(db)?.map(|memo| memo.doc));
    let mut out = BTreeSet::new();
    for doc in docs {
        if !documents::exists(db, doc)? {
            out.insert(doc);
        }
    }
    Ok(out)
}

/// Whether anything is recorded for this record.
pub(crate) fn is_of(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    Ok(recordings::is_open(db, doc)? || memo::kept(db)?.is_some_and(|memo| memo.doc == doc))
}

impl Rounds {
    /// Breaks off what is recorded for records that leave. Returns how many it was. What another process
    /// has in hand is left to it until the next sync.
    pub(crate) fn break_off(&self, leaves: impl Fn(DocId) -> bool) -> Result<u64, Fail> {
        let mut count = 0;
        let mut done = |broken: Result<bool, Fail>| match broken {
            Ok(broken) => {
                count += u64::from(broken);
                Ok(())
            }
            Err(Fail::Gate(Gate::Recording)) => Ok(()),
            Err(fail) => Err(fail),
        };
        if self.store.read(memo::kept)?.is_some_and(|memo| leaves(memo.doc)) {
            done(self.break_memo_off())?;
        }
        for (doc, field) in self.store.read(recordings::open)?.into_iter().filter(|(doc, _)| leaves(*doc)) {
            done(self.break_one_off(doc, &field).map(|()| true))?;
        }
        Ok(count)
    }

    fn break_one_off(&self, doc: DocId, field: &str) -> Result<(), Fail> {
        let memo = self.memo_hand();
        let mut desk = self.desk();
        if desk.as_ref().is_some_and(|it| it.doc == doc && it.field == field) {
            self.halt(&mut desk, doc, field, Stop::Asked)?;
            if let Some(it) = desk.as_mut() {
                self.put_away(it, 0)?;
                self.seal(it, Ending::BrokenOff, By::Itself)?;
            }
            *desk = None;
            return Ok(());
        }
        // Beside another one that goes on: this process is alone with recordings already.
        let is_alone = memo.is_some() || desk.as_ref().is_some_and(|it| it.alone.is_some());
        let _alone = match is_alone {
            true => None,
            false => Some(self.alone_with_recordings()?.ok_or(Gate::Recording)?),
        };
        let found = self.store.read(|db| under_way::load(db, doc, field))?;
        let Some(mut it) = found else { return Ok(()) };
        self.pick_up(&mut it)?;
        self.seal(&it, Ending::BrokenOff, By::Itself).map(drop)
    }

    fn break_memo_off(&self) -> Result<bool, Fail> {
        let mut hand = self.memo_hand();
        let _alone = match hand.as_ref() {
            Some(_) => {
                drop(self.kit().recorder()?.stop());
                None
            }
            None if self.desk().as_ref().is_some_and(|it| it.alone.is_some()) => None,
            None => Some(self.alone_with_recordings()?.ok_or(Gate::Recording)?),
        };
        *hand = None;
        Ok(self.put_memo_with(|memo, source| self.keep_memo_unasked(memo, source))?.is_some())
    }

    fn keep_memo_unasked(&self, memo: &Memo, source: &mut dyn Read) -> Result<BlobHash, Fail> {
        let key = self.store.write(|tx| blobs::key(tx, &*self.platform))?;
        let draft = blobs::draft(&self.blobs, &key, &*self.platform, source)?;
        let _alone = self.photos();
        let stored = draft.keep(&self.blobs, &key)?;
        self.answer_unasked(memo.doc, &memo.field, stored, &[], |_| Ok(()))?;
        Ok(stored.hash)
    }

    /// Answers a question with a blob that is stored already, and tells the rep that it was done.
    pub(super) fn answer_unasked(
        &self,
        doc: DocId,
        field: &str,
        stored: Stored,
        beside: &[(String, Scalar)],
        also: impl FnOnce(&Transaction<'_>) -> Result<(), Fail>,
    ) -> Result<(), Fail> {
        let catalogue = self.catalogue();
        let mut values = vec![(field.to_owned(), Scalar::from(stored.hash.to_string()))];
        values.extend(beside.iter().cloned());
        if !self.store.read(|db| documents::exists(db, doc))? {
            return self.answer_from_afar(doc, stored, &values, also);
        }
        self.with_document(doc, |tx, document| {
            let me = identity::load(tx)?.ok_or(Fail::NotEnrolled)?;
            let now = self.noted_now(tx)?;
            blobs::note(tx, doc, stored, now.at_ms)?;
            uploads::push(tx, doc, stored, now.at_ms)?;
            also(tx)?;
            let title = notes::title(tx, &catalogue, records::get(tx, doc)?.as_ref())?;
            notices::tell(tx, &Notice::BrokenOff { title }, now.at_ms)?;
            self.commit_as(tx, &catalogue, (&me, &now), doc, document, &values)
        })
    }

    /// The same for a record that an earlier version of the app has let go of in the middle of a recording.
    fn answer_from_afar(
        &self,
        doc: DocId,
        stored: Stored,
        values: &[(String, Scalar)],
        also: impl FnOnce(&Transaction<'_>) -> Result<(), Fail>,
    ) -> Result<(), Fail> {
        self.store.write(|tx| {
            let now = self.noted_now(tx)?;
            blobs::note(tx, doc, stored, now.at_ms)?;
            uploads::push(tx, doc, stored, now.at_ms)?;
            also(tx)?;
            let pen = identity::new_pen(tx, &*self.platform)?;
            match Document::new().write(doc, pen, now.seconds(), values)? {
                Some(edit) => {
                    outbox::push_as(tx, doc, &PushItem::Edit(edit), now.at_ms, true, &Before::Nothing)
                }
                None => Ok(()),
            }
        })
    }
}
