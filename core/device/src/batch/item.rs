//! One item, by the code of single work.

use crate::Rounds;
use crate::authoring::{Typed, who};
use crate::error::{Fail, RoundsError, messages};
use crate::identity;
use crate::projecting;
use crate::store::batches::{Item, Job, Step};
use crate::store::{acts, documents, records};
use crate::world::Here;
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::text::{Lang, Text};
use rounds_workflow::View;
use rusqlite::Transaction;

impl Rounds {
    /// Does an item's work in a transaction of the caller's, who takes it back if it fails.
    pub(super) fn perform(
        &self,
        tx: &Transaction<'_>,
        job: &Job,
        item: &Item,
        document: &mut Document,
    ) -> Result<(), Fail> {
        let typed = &item.work.typed;
        match (&job.step, item.act) {
            (Step::Create { link }, _) => {
                // A phone that was put back to a copy finds at the server what it had made.
                if documents::load(tx, item.doc)?.is_some() {
                    return Ok(());
                }
                self.create_in(tx, item.doc, &job.kind, typed)?;
                match link {
                    Some(link) => self.could_be_chosen(tx, item.doc, link),
                    None => self.says_what_is_required(tx, item.doc),
                }
            }
            (Step::Answer, _) => {
                self.was_seen(tx, item, document, Some(typed))?;
                self.answer_in(tx, item.doc, document, typed)
            }
            (Step::Act(name), Some(id)) => {
                if acts::get(tx, id)?.is_some() {
                    return Ok(());
                }
                self.was_seen(tx, item, document, None)?;
                self.act_typed_in(tx, item.doc, document, (name, id), typed).map(drop)
            }
            (Step::Act(_), None) => Err(Fail::Damaged("an item of a batch")),
        }
    }

    /// Whether a row of a file says all that its record must say. A record for each chosen one is begun instead, and
    /// filled by whoever does its work.
    fn says_what_is_required(&self, tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
        let (catalogue, me) = (self.catalogue(), identity::load(tx)?.ok_or(Fail::NotEnrolled)?);
        let row = records::get(tx, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let document = documents::load(tx, doc)?.ok_or(Fail::UnknownRecord)?;
        let record = projecting::stand(tx, &catalogue, &me, doc, &document)?;
        let moment = rounds_workflow::moment(self.now(tx)?.at_ms, me.zone());
        let lacking = rounds_workflow::lacking(kind, &record, &View::new(who(&me), &Here(tx), moment))?;
        match lacking.into_iter().next() {
            Some((_, no)) => Err(no.into()),
            None => Ok(()),
        }
    }

    /// Whether the list that a link is chosen from would have offered this record.
    fn could_be_chosen(&self, tx: &Transaction<'_>, doc: DocId, link: &str) -> Result<(), Fail> {
        let (catalogue, me) = (self.catalogue(), identity::load(tx)?.ok_or(Fail::NotEnrolled)?);
        let row = records::get(tx, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let field = kind.field(link).ok_or_else(|| Fail::UnknownQuestion(link.to_owned()))?;
        let chosen = row.data.get(link).and_then(|value| value.as_text()?.parse().ok());
        let document = documents::load(tx, doc)?.ok_or(Fail::UnknownRecord)?;
        let record = projecting::stand(tx, &catalogue, &me, doc, &document)?;
        let moment = rounds_workflow::moment(self.now(tx)?.at_ms, me.zone());
        let among: Vec<DocId> = chosen.into_iter().collect();
        let (who, here) = (who(&me), Here(tx));
        let judged = rounds_workflow::candidates(kind, &record, field, &among, &who, &here, moment)?;
        Ok(judged.into_iter().collect::<Result<(), Refusal>>()?)
    }

    /// Whether what stands in the record was seen by whoever chose it, or is their own: all of it if they
    /// sign an act, else what would be overwritten.
    fn was_seen(
        &self,
        tx: &Transaction<'_>,
        item: &Item,
        document: &Document,
        overwritten: Option<&[Typed]>,
    ) -> Result<(), Fail> {
        if document.heads() == item.work.seen {
            return Ok(());
        }
        let (own, now) = (identity::own_pens(tx)?, document.fields());
        let then = document.fields_at(&item.work.seen).unwrap_or_default();
        let asked = |key: &str| overwritten.is_none_or(|typed| typed.iter().any(|(k, _)| k == key));
        let own = |key: &str| document.versions(key).iter().all(|version| own.contains(&version.op.actor));
        let mut news = now.iter().filter(|(key, value)| then.get(*key) != Some(*value));
        match news.find(|(key, _)| asked(key) && !own(key)) {
            Some((key, _)) => Err(changed(key).into()),
            None => Ok(()),
        }
    }
}

fn changed(key: &str) -> Refusal {
    let text = |key: &str| Text::new(messages().get(Lang::Zh, key, &[]), messages().get(Lang::En, key, &[]));
    Refusal::new("batch-changed", text("batch-changed"), text("batch-changed-remedy")).on(key)
}

/// Why an item is refused; or what stops the batch, if it is not about the item.
pub(super) fn refused(fail: Fail) -> Result<Refusal, Fail> {
    use crate::error::Class;
    let error = RoundsError::from(&fail);
    match (fail, error.class) {
        (Fail::Refused(refusal), _) => Ok(*refusal),
        // One damaged record stops no other.
        (Fail::Document(_), _) | (_, Class::Usage | Class::Refused) => {
            Ok(Refusal::new(error.code, error.text, error.remedy))
        }
        (fail, _) => Err(fail),
    }
}
