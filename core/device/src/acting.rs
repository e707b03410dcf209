//! Making statements: the act is ruled here first, provisionally, with the code that the server
//! rules with; then signed over the content that its author saw, and kept until it is sent.

use crate::Rounds;
use crate::answers::{self, Desk, Fields};
use crate::authoring::{Typed, who};
use crate::checking_in;
use crate::error::{Fail, RoundsError};
use crate::filling::half_typed;
use crate::identity;
use crate::offering;
use crate::platform::random;
use crate::projecting;
use crate::store::blobs::{self, Stored};
use crate::store::{acts, foreseen, meta, outbox, records, sheets, typed, uploads};
use crate::world::Here;
use rounds_model::act::Act;
use rounds_model::document::Document;
use rounds_model::ids::{ActId, BlobHash, DocId};
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::PushItem;
use rounds_workflow::{Answer, Kind, Record};
use rusqlite::{Connection, Transaction};

/// An act that was made here and waits for the server.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Made {
    /// The act.
    pub act: ActId,
    /// The stage that the record is in now, provisionally.
    pub stage: String,
    /// What was computed for it here.
    pub facts: std::collections::BTreeMap<String, rounds_model::scalar::Scalar>,
}

/// Whoever signs that a record is complete is not to leave a half-typed answer behind.
fn nothing_is_typed(
    tx: &Transaction<'_>,
    record: &Record,
    desk: &Desk<'_>,
    document: &Document,
) -> Result<(), Fail> {
    let all = typed::of(tx, record.id)?;
    if all.is_empty() {
        return Ok(());
    }
    let moment = rounds_workflow::moment(desk.now.at_ms, desk.me.zone());
    let examined = rounds_workflow::examine(
        desk.kind,
        record,
        &rounds_workflow::View::new(who(desk.me), &Here(tx), moment),
    )?;
    let fields = document.fields();
    match half_typed(all, &examined, desk.filling(&fields).as_ref(), &fields).into_iter().next() {
        Some(place) => Err(Fail::TypedPending(place.question)),
        None => Ok(()),
    }
}

impl Rounds {
    /// States an act about a record. Refused with the reason if the rules, as far as this phone
    /// knows, will not accept it; otherwise the record is in its new stage until the server rules.
    pub fn act(&self, doc: DocId, name: &str, typed: &[Typed]) -> Result<Made, RoundsError> {
        self.identity()?;
        Ok(self.with_document(doc, |tx, document| {
            let id = self.act_id(tx)?;
            self.act_typed_in(tx, doc, document, (name, id), typed)
        })?)
    }

    /// Nobody is at the sheet of an act of this record any more: photos that were taken for it are let go.
    pub fn leave_sheet(&self, doc: DocId) -> Result<(), RoundsError> {
        Ok(self.store.write(|tx| sheets::leave(tx, doc))?)
    }

    /// States an act with what was typed for it, in a transaction of the caller's, under an id that is new.
    pub(crate) fn act_typed_in(
        &self,
        tx: &Transaction<'_>,
        doc: DocId,
        document: &Document,
        (name, id): (&str, ActId),
        typed: &[Typed],
    ) -> Result<Made, Fail> {
        let payload = |tx: &Transaction<'_>, kind: &Kind| {
            let asked = kind.act(name).map(|act| act.payload.as_slice()).unwrap_or_default();
            let typed = offering::named(tx, &self.catalogue(), asked, typed)?;
            let zone = identity::load(tx)?.ok_or(Fail::NotEnrolled)?.zone();
            answers::payload(kind, name, &typed, zone)
        };
        self.act_in(tx, doc, document, (name, id), payload)
    }

    /// States an act with what it carries, and does what goes with it in the same transaction.
    pub(crate) fn act_with(
        &self,
        doc: DocId,
        name: &str,
        payload: impl FnOnce(&Transaction<'_>, &Kind) -> Result<Fields, Fail>,
        also: impl FnOnce(&Transaction<'_>) -> Result<(), Fail>,
    ) -> Result<Made, Fail> {
        self.identity()?;
        self.with_document(doc, |tx, document| {
            let id = self.act_id(tx)?;
            let made = self.act_in(tx, doc, document, (name, id), payload)?;
            also(tx)?;
            Ok(made)
        })
    }

    /// An id for an act that is made now.
    pub(crate) fn act_id(&self, db: &Connection) -> Result<ActId, Fail> {
        let ms = u64::try_from(self.now(db)?.at_ms).unwrap_or(0);
        Ok(ActId::v7(ms, random(&*self.platform)?))
    }

    /// Queues the photos and files that an act carries and that are here.
    fn queue_carried(&self, tx: &Transaction<'_>, kind: &Kind, act: &Act) -> Result<(), Fail> {
        let asked = kind.act(&act.name).map(|rule| rule.payload.as_slice()).unwrap_or_default();
        for field in asked.iter().filter(|field| matches!(field.answer, Answer::Blob(_))) {
            let hash =
                act.payload.get(&field.name).and_then(|value| value.as_text()?.parse::<BlobHash>().ok());
            let Some(hash) = hash else { continue };
            if let Some(size) = blobs::size(tx, &hash)? {
                uploads::push(tx, act.doc, Stored { hash, size }, act.time.at_ms)?;
            }
        }
        Ok(())
    }

    fn act_in(
        &self,
        tx: &Transaction<'_>,
        doc: DocId,
        document: &Document,
        (name, id): (&str, ActId),
        payload: impl FnOnce(&Transaction<'_>, &Kind) -> Result<Fields, Fail>,
    ) -> Result<Made, Fail> {
        let me = identity::load(tx)?.ok_or(Fail::NotEnrolled)?;
        let catalogue = self.catalogue();
        let row = records::get(tx, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let record = projecting::stand(tx, &catalogue, &me, doc, document)?;
        let time = self.noted_now(tx)?;
        if kind.act(name).is_some_and(|act| act.complete) {
            nothing_is_typed(tx, &record, &Desk::new(doc, kind, &me, time), document)?;
        }
        let number: u64 = meta::get(tx, "act_number")?.unwrap_or(0) + 1;
        let payload = payload(tx, kind)?;
        let (here, at_ms, zone) = (Here(tx), time.at_ms, me.zone());
        let proofs = rounds_workflow::proofs(&catalogue, &record, name, &payload, &here, at_ms, zone)?;
        let act = Act {
            id,
            doc,
            name: name.to_owned(),
            person: me.person.id,
            device: me.device,
            number,
            pack: kind.version,
            heads: document.heads(),
            stage: record.stage.clone(),
            payload,
            proofs,
            time,
        };
        let ruling = rounds_workflow::rule(&catalogue, &record, &act, &who(&me), &Here(tx), me.zone())?;
        if let Outcome::Blocked(refusal) = &ruling.outcome {
            return Err(refusal.clone().into());
        }
        let signed = act.sign(&me.signing_key()).map_err(|_| Fail::Damaged("an act of our own"))?;
        self.queue_carried(tx, kind, &act)?;
        sheets::stated(tx, doc, name)?;
        let asked = kind.act(name).map(|rule| rule.payload.as_slice()).unwrap_or_default();
        checking_in::stated(tx, asked, &act)?;
        meta::set(tx, "act_number", &number)?;
        acts::insert_own(tx, &act, &signed)?;
        foreseen::put(tx, doc, act.id, &ruling)?;
        outbox::push(tx, doc, &PushItem::Act(signed), time.at_ms)?;
        projecting::project(tx, &catalogue, &me, doc, document)?;
        Ok(Made { act: act.id, stage: ruling.stage, facts: ruling.facts })
    }
}
