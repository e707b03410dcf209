//! Writing content: creating a record, answering, repeats, photos, settling a conflict.
//!
//! Each call is one transaction: the change, the projection and the outbox together. Whoever kills
//! the process finds the answer there, or never given.

use crate::Rounds;
use crate::answers::{Desk, Fields};
use crate::error::{Fail, RoundsError};
use crate::identity::{self, Identity};
use crate::offering;
use crate::platform::random;
use crate::projecting;
use crate::rows::Rows;
use crate::store::{blobs, documents, outbox, places, records, roster, typed, uploads};
use crate::world::Here;
use rounds_forms::Answers;
use rounds_model::document::Document;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::scalar::Scalar;
use rounds_model::time::TrustedTime;
use rounds_protocol::exchange::PushItem;
use rounds_workflow::{Catalogue, KIND, Kind, OWNER, PACK, Person, Record, Workbook};
use rusqlite::{Connection, Transaction};
use std::io::Read;
use std::sync::Arc;

/// Among how many of the newest records of a kind the person's own last one is looked for.
const RECALLED: u32 = 200;

/// A key and what was typed for it.
pub type Typed = (String, String);

/// What values are written for; the rules differ.
#[derive(Clone, Copy)]
enum Purpose {
    Answer,
    Settle,
}

impl Rounds {
    /// Creates a record of a kind, owned by this phone's person.
    pub fn create(&self, kind: &str, typed: &[Typed]) -> Result<DocId, RoundsError> {
        Ok(self.create_inner(kind, typed)?)
    }

    fn create_inner(&self, kind: &str, typed: &[Typed]) -> Result<DocId, Fail> {
        let (id, places) = self.store.write(|tx| {
            let now = self.now(tx)?;
            let id = DocId::v7(u64::try_from(now.at_ms).unwrap_or(0), random(&*self.platform)?);
            Ok((id, self.create_in(tx, id, kind, typed)?))
        })?;
        self.want_places(id, places);
        Ok(id)
    }

    /// The same in a transaction of the caller's, under an id that is new. Returns the questions whose place the
    /// phone is to take, if somebody begins the record here and now.
    pub(crate) fn create_in(
        &self,
        tx: &Transaction<'_>,
        id: DocId,
        kind: &str,
        typed: &[Typed],
    ) -> Result<Vec<String>, Fail> {
        let catalogue = self.catalogue();
        let me = identity::load(tx)?.ok_or(Fail::NotEnrolled)?;
        let kind =
            catalogue.kind(kind).ok_or_else(|| Fail::UnknownKind(kind.to_owned(), catalogue.names()))?;
        let mut values = vec![
            (KIND.to_owned(), Scalar::from(kind.name.as_str())),
            (OWNER.to_owned(), Scalar::from(me.person.id.to_string())),
            (PACK.to_owned(), Scalar::Int(kind.version.into())),
        ];
        let now = self.now(tx)?;
        let desk = Desk { before: saved_before(tx, kind, &me)?, ..Desk::new(id, kind, &me, now) };
        let mut rows = Rows::at(&*self.platform, now.at_ms);
        values.extend(desk.begun(&mut rows)?);
        let typed = offering::named(tx, &catalogue, &kind.fields, typed)?;
        // What is typed may be about the first instance of a repeat, which has just begun.
        let begun = values.iter().cloned().collect();
        values.extend(desk.typed(&begun, &typed, &mut rows)?);
        values.extend(carried(tx, &desk, id, &Fields::new(), &values, &mut rows)?);
        let fields = values.iter().cloned().collect();
        rounds_workflow::may_create(kind, &who(&me), me.person.id, &fields)?;
        may_place(tx, kind, &values)?;
        rounds_workflow::may_link(kind, &values, &Here(tx))??;
        stands_alone(tx, kind, id, fields, &values)?;
        self.commit(tx, &catalogue, &desk, id, &mut Document::new(), &values)?;
        Ok(desk.places())
    }

    /// Answers questions of a record, durably before it returns.
    pub fn answer(&self, doc: DocId, typed: &[Typed]) -> Result<(), RoundsError> {
        Ok(self.with_document(doc, |tx, document| self.answer_in(tx, doc, document, typed))?)
    }

    /// The same in a transaction of the caller's.
    pub(crate) fn answer_in(
        &self,
        tx: &Transaction<'_>,
        doc: DocId,
        document: &mut Document,
        typed: &[Typed],
    ) -> Result<(), Fail> {
        let catalogue = self.catalogue();
        let asked: Vec<&str> = typed.iter().map(|(question, _)| question.as_str()).collect();
        let values = |tx: &Transaction<'_>, desk: &Desk<'_>, document: &Document| {
            let fields = document.fields();
            let keys: Vec<String> = asked.iter().map(|question| desk.canonical(&fields, question)).collect();
            typed::given(tx, doc, keys.iter().map(String::as_str))?;
            let typed = offering::named(tx, &catalogue, &desk.kind.fields, typed)?;
            let mut rows = Rows::at(&*self.platform, desk.now.at_ms);
            let mut values = desk.typed(&fields, &typed, &mut rows)?;
            values.extend(carried(tx, desk, doc, &fields, &values, &mut rows)?);
            Ok(values)
        };
        self.write_in(tx, doc, document, Purpose::Answer, values, |_, _| Ok(()))
    }

    /// Adds an instance to a repeat, at its end. Returns the instance's id.
    pub fn add(&self, doc: DocId, repeat: &str) -> Result<String, RoundsError> {
        let mut id = String::new();
        self.write_checked(doc, |_, desk, document| {
            let mut rows = Rows::at(&*self.platform, desk.now.at_ms);
            let (made, values) = desk.added(&document.fields(), repeat, &mut rows)?;
            id = made;
            Ok(values)
        })?;
        Ok(id)
    }

    /// Removes an instance of a repeat, by its position from 1 or its id. Its answers, and what others write in it
    /// meanwhile, are kept.
    pub fn remove(&self, doc: DocId, repeat: &str, instance: &str) -> Result<(), RoundsError> {
        Ok(self.write_checked(doc, |_, desk, document| desk.removed(&document.fields(), repeat, instance))?)
    }

    /// Answers places that the phone has taken by itself.
    pub(crate) fn answer_places(&self, doc: DocId, keys: &[String], point: &str) -> Result<(), Fail> {
        self.write_checked(doc, |_, desk, document| desk.placed(&document.fields(), keys, point))
    }

    /// Stores a photo or file, encrypted, and answers a question with it. Returns its hash.
    pub fn attach(&self, doc: DocId, key: &str, source: &mut dyn Read) -> Result<BlobHash, RoundsError> {
        Ok(self.attach_inner(doc, key, source)?)
    }

    pub(crate) fn attach_inner(
        &self,
        doc: DocId,
        key: &str,
        source: &mut dyn Read,
    ) -> Result<BlobHash, Fail> {
        self.store.read(|db| self.may_attach(db, doc, key))?;
        let secret = self.store.write(|tx| blobs::key(tx, &*self.platform))?;
        let draft = blobs::draft(&self.blobs, &secret, &*self.platform, source)?;
        let _alone = self.photos();
        let stored = draft.keep(&self.blobs, &secret)?;
        let answer = [(key.to_owned(), stored.hash.to_string())];
        // The answer and its place in the upload queue together: what no record names is not sent.
        let written = self.write_with(
            doc,
            Purpose::Answer,
            |_, desk, document| {
                let mut rows = Rows::at(&*self.platform, desk.now.at_ms);
                desk.typed(&document.fields(), &answer, &mut rows)
            },
            |tx, at_ms| {
                blobs::note(tx, doc, stored, at_ms)?;
                uploads::push(tx, doc, stored, at_ms)
            },
        );
        if written.is_err() && self.store.read(|db| blobs::size(db, &stored.hash))?.is_none() {
            blobs::delete(&self.blobs, &secret, &stored.hash)?;
        }
        written.map(|()| stored.hash)
    }

    /// Answers a question with a blob that is stored already, and with what goes with it: values that are
    /// written beside, and something else in the same transaction.
    pub(crate) fn answer_with_blob(
        &self,
        doc: DocId,
        key: &str,
        stored: blobs::Stored,
        beside: &[(String, Scalar)],
        also: impl FnOnce(&Transaction<'_>) -> Result<(), Fail>,
    ) -> Result<(), Fail> {
        let answer = [(key.to_owned(), stored.hash.to_string())];
        self.write_with(
            doc,
            Purpose::Answer,
            |_, desk, document| {
                let mut rows = Rows::at(&*self.platform, desk.now.at_ms);
                let mut values = desk.typed(&document.fields(), &answer, &mut rows)?;
                values.extend(beside.iter().cloned());
                Ok(values)
            },
            |tx, at_ms| {
                blobs::note(tx, doc, stored, at_ms)?;
                uploads::push(tx, doc, stored, at_ms)?;
                also(tx)
            },
        )
    }

    /// Settles a conflict: keeps one of the values that stand, by its place in the list.
    pub fn choose(&self, doc: DocId, key: &str, version: usize) -> Result<(), RoundsError> {
        let values = |_: &Transaction<'_>, desk: &Desk<'_>, document: &Document| {
            let found = desk.key_of(&document.fields(), key);
            let key = found.as_deref().unwrap_or(key);
            if desk.kind.question_title(key).is_none() {
                return Err(Fail::UnknownQuestion(key.to_owned()));
            }
            let versions = document.versions(key);
            if versions.len() < 2 {
                return Err(Fail::NoConflict(key.to_owned()));
            }
            let chosen = versions.into_iter().nth(version).ok_or(Fail::NoSuchVersion)?;
            let beside = document.beside(key, &chosen.value);
            Ok(std::iter::once((key.to_owned(), chosen.value)).chain(beside).collect())
        };
        Ok(self.write_with(doc, Purpose::Settle, values, |_, _| Ok(()))?)
    }

    fn write_checked(
        &self,
        doc: DocId,
        values: impl FnOnce(&Transaction<'_>, &Desk<'_>, &Document) -> Result<Vec<(String, Scalar)>, Fail>,
    ) -> Result<(), Fail> {
        self.write_with(doc, Purpose::Answer, values, |_, _| Ok(()))
    }

    fn write_with(
        &self,
        doc: DocId,
        purpose: Purpose,
        values: impl FnOnce(&Transaction<'_>, &Desk<'_>, &Document) -> Result<Vec<(String, Scalar)>, Fail>,
        also: impl FnOnce(&Transaction<'_>, i64) -> Result<(), Fail>,
    ) -> Result<(), Fail> {
        self.with_document(doc, |tx, document| self.write_in(tx, doc, document, purpose, values, also))
    }

    fn write_in(
        &self,
        tx: &Transaction<'_>,
        doc: DocId,
        document: &mut Document,
        purpose: Purpose,
        values: impl FnOnce(&Transaction<'_>, &Desk<'_>, &Document) -> Result<Vec<(String, Scalar)>, Fail>,
        also: impl FnOnce(&Transaction<'_>, i64) -> Result<(), Fail>,
    ) -> Result<(), Fail> {
        let catalogue = self.catalogue();
        let me = identity::load(tx)?.ok_or(Fail::NotEnrolled)?;
        let row = records::get(tx, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let desk = Desk::new(doc, kind, &me, self.now(tx)?).keeping(&self.kept);
        let values = values(tx, &desk, document)?;
        also(tx, desk.now.at_ms)?;
        let keys = values.iter().map(|(key, _)| key.as_str());
        rounds_workflow::may_touch(kind, &row.stage)?;
        match purpose {
            Purpose::Answer => {
                rounds_workflow::may_write(kind, &row.stage, &who(&me), row.owner, keys)?;
                may_place(tx, kind, &values)?;
                rounds_workflow::may_record(kind, values.iter().map(|(key, value)| (key.as_str(), value)))?;
                rounds_workflow::may_link(kind, &values, &Here(tx))??;
                stands_alone(tx, kind, doc, document.fields(), &values)?;
            }
            Purpose::Settle => {
                let values = values.iter().map(|(key, value)| (key.as_str(), value));
                let (stage, shown) = (&row.stage, document.fields());
                rounds_workflow::may_settle(kind, stage, &who(&me), row.owner, &shown, values)?;
            }
        }
        self.commit(tx, &catalogue, &desk, doc, document, &values)?;
        self.want_places(doc, desk.places());
        Ok(())
    }

    /// Writes values into a document and everything that follows from them into the store.
    pub(crate) fn commit(
        &self,
        tx: &Transaction<'_>,
        catalogue: &Catalogue,
        desk: &Desk<'_>,
        doc: DocId,
        document: &mut Document,
        values: &[(String, Scalar)],
    ) -> Result<(), Fail> {
        self.commit_as(tx, catalogue, (desk.me, &desk.now), doc, document, values)
    }

    /// The same of whoever writes without a form at hand.
    pub(crate) fn commit_as(
        &self,
        tx: &Transaction<'_>,
        catalogue: &Catalogue,
        (me, now): (&Identity, &TrustedTime),
        doc: DocId,
        document: &mut Document,
        values: &[(String, Scalar)],
    ) -> Result<(), Fail> {
        let at = self.at(now.reading);
        let spent = places::told(tx, doc, at)?;
        let pen = identity::pen(tx)?;
        let written = document.write_telling(doc, pen, now.seconds(), values, spent.clone())?;
        let Some((edit, change)) = written else { return Ok(()) };
        let keys: Vec<&str> = values.iter().map(|(key, _)| key.as_str()).collect();
        places::answered(tx, doc, &spent, at)?;
        typed::given(tx, doc, keys)?;
        documents::append_changes(tx, doc, document, &[change])?;
        outbox::push(tx, doc, &PushItem::Edit(edit), now.at_ms)?;
        projecting::project(tx, catalogue, me, doc, document)
    }
}

/// Nobody puts a record where their own phone loses it: the areas that this phone holds are those of its last sync.
fn may_place(db: &Connection, kind: &Kind, values: &[(String, Scalar)]) -> Result<(), Fail> {
    let held = roster::cursors(db)?;
    let values = values.iter().map(|(key, value)| (key.as_str(), value));
    Ok(rounds_workflow::may_place(kind, values, |area| held.contains_key(area))?)
}

/// Nobody writes what another record of the kind has already, where the pack says that only one can have it.
fn stands_alone(
    db: &Connection,
    kind: &Kind,
    doc: DocId,
    mut fields: Fields,
    values: &[(String, Scalar)],
) -> Result<(), Fail> {
    fields.extend(values.iter().cloned());
    let written = values.iter().map(|(key, _)| key.as_str());
    Ok(rounds_workflow::is_unique(kind, doc, &fields, written, &Here(db))??)
}

/// What the pack carries over from a link that is written now into questions without an answer. What
/// does not fit there (a code that the workbook's list does not have) is left to the person.
fn carried(
    tx: &Transaction<'_>,
    desk: &Desk<'_>,
    doc: DocId,
    before: &Fields,
    written: &[(String, Scalar)],
    rows: &mut Rows<'_>,
) -> Result<Vec<(String, Scalar)>, Fail> {
    let linked = |key: &String| desk.kind.field(key).is_some_and(|field| field.link.is_some());
    if !written.iter().any(|(key, _)| linked(key)) {
        return Ok(vec![]);
    }
    let mut fields = before.clone();
    fields.extend(written.iter().cloned());
    let Ok(record) = Record::new(desk.kind, doc, fields.clone()) else { return Ok(vec![]) };
    let mut out = Vec::new();
    for known in rounds_workflow::prefill(desk.kind, &record, &Here(tx))? {
        if let Ok(values) = desk.typed(&fields, &[known], rows) {
            fields.extend(values.iter().cloned());
            out.extend(values);
        }
    }
    Ok(out)
}

/// The answers of this person's newest record of a kind, for a form whose defaults look at them.
fn saved_before(tx: &Transaction<'_>, kind: &Kind, me: &Identity) -> Result<Option<Arc<Answers>>, Fail> {
    if !kind.workbook.as_ref().is_some_and(|workbook| workbook.form().recalls()) {
        return Ok(None);
    }
    let newest = records::of_kind(tx, &kind.name, None, RECALLED)?;
    let Some(own) = newest.into_iter().find(|record| record.projection.owner == me.person.id) else {
        return Ok(None);
    };
    let document = documents::load(tx, own.doc)?;
    Ok(document.and_then(|document| Workbook::answers(&document.fields())).map(Arc::new))
}

/// This phone's person, as rules see them.
pub(crate) fn who(me: &Identity) -> Person<'_> {
    Person { id: me.person.id, role: &me.person.role }
}
