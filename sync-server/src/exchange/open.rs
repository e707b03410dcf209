//! A record while a batch is judged: its content, its history, and what follows from them.

use super::moving::Home;
use super::rules::Rules;
use crate::error::{Error, Result};
use crate::storage::records::{ActRow, DocumentRow, RecordRow};
use rounds_model::act::SignedAct;
use rounds_model::canonical;
use rounds_model::document::Document;
use rounds_model::edit::Edit;
use rounds_model::ids::{DocId, PersonId, Seq};
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::verdict::Outcome;
use rounds_workflow::{Judged, Kind, Projection, Unprojectable};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A record that is being judged.
pub struct Open {
    /// Which.
    pub doc: DocId,
    /// Its content.
    pub document: Document,
    /// Its acts with their rulings, in the order of the log.
    pub history: Arc<Vec<Judged>>,
    /// What follows from both; as of the last [`Open::project`].
    pub projection: Projection,
    /// The projection does not follow from the content any more.
    pub stale: bool,
    /// Anything is not what is stored.
    pub changed: bool,
    /// The stored claims are those of the projection.
    pub claimed: bool,
    /// How many edits it has.
    pub edits: u64,
    /// How many bytes its edits had, about: a text that repeats itself is compressed to next to
    /// nothing, but not for whoever opens the record.
    pub plain: u64,
    /// How many bytes its acts come to with their rulings, on their way down.
    pub act_bytes: u64,
    /// How many puts settled a conflict.
    pub settled: u32,
    /// Where its rows are in the log.
    pub home: Home,
    /// The place at which it came there.
    pub first_seq: Seq,
    /// The place of its last edit or act, or at which it came there.
    pub last_seq: Seq,
}

impl Open {
    /// A record as it is stored.
    pub fn stored(row: &DocumentRow, record: &RecordRow, acts: &[ActRow]) -> Result<Open> {
        let document = Document::load(&row.snapshot)?;
        // A document of one edit opens whatever its values say: its hash tells that one was changed.
        if document.heads() != row.heads {
            return Err(Error::StorageDamaged(format!("{} is not what was stored", row.doc)));
        }
        Ok(Open {
            doc: row.doc,
            document,
            home: Home { scope: row.scope.clone(), removed: record.removed },
            history: Arc::new(acts.iter().map(judged).collect::<Result<_>>()?),
            projection: canonical::decode(&record.projection)?,
            stale: false,
            changed: false,
            claimed: true,
            edits: row.edits,
            plain: row.plain,
            act_bytes: acts.iter().map(ActRow::weight).sum(),
            settled: record.settled,
            first_seq: row.first_seq,
            last_seq: row.last_seq,
        })
    }

    /// A record of one edit, that is in no log yet. Its content is what the edit says: automerge
    /// would have to be asked for it key by key.
    pub fn new(
        edit: &Edit,
        document: Document,
        fields: &BTreeMap<String, Scalar>,
        rules: &Rules,
    ) -> Result<Open, Unprojectable> {
        let projection = rules.project_fields(edit.doc, fields, edit.time, &[])?;
        Ok(Open {
            doc: edit.doc,
            document,
            history: Arc::default(),
            claimed: projection.claims.is_empty(),
            home: Home::of(&projection),
            projection,
            stale: false,
            changed: true,
            edits: 0,
            plain: 0,
            act_bytes: 0,
            settled: 0,
            first_seq: Seq(0),
            last_seq: Seq(0),
        })
    }

    /// Who holds it.
    pub fn scope(&self) -> &Scope {
        &self.projection.scope
    }

    /// Whether it is this person's, or once was.
    pub fn was_owned_by(&self, person: PersonId, kind: &Kind) -> bool {
        let first = rounds_workflow::identity(&self.document.fields()).map(|identity| identity.owner);
        let accepted = self.history.iter().filter(|judged| {
            judged.verdict.as_ref().is_some_and(|verdict| verdict.outcome == Outcome::Accepted)
        });
        let mut given = accepted.filter_map(|judged| {
            let verdict = judged.verdict.as_ref()?;
            let taken_as = verdict.turned.as_ref().map_or(&judged.act.name, |turned| &turned.act);
            kind.act(taken_as)?.assignee(&judged.act.payload, &verdict.facts)
        });
        first == Ok(person) || given.any(|owner| owner == person)
    }

    /// Computes the projection anew if it is stale. A record whose kind has left the packs keeps
    /// the one it had: nothing that was stored disappears from the lists.
    pub fn project(&mut self, rules: &Rules) -> Result<()> {
        if !self.stale {
            return Ok(());
        }
        match rules.project(self.doc, &self.document, &self.history) {
            Ok(new) => {
                self.claimed &= new.claims == self.projection.claims;
                self.projection = new;
            }
            Err(Unprojectable::Refused(_)) => {}
            Err(Unprojectable::World(e)) => return Err(Error::Packs(e.to_string())),
        }
        self.stale = false;
        Ok(())
    }

    /// The rows to store.
    pub fn document_row(&self) -> DocumentRow {
        DocumentRow {
            doc: self.doc,
            scope: self.projection.scope.clone(),
            snapshot: self.document.save(),
            heads: self.document.heads(),
            edits: self.edits,
            plain: self.plain,
            first_seq: self.first_seq,
            last_seq: self.last_seq,
        }
    }

    /// The row of its projection.
    pub fn record_row(&self) -> Result<RecordRow> {
        // One edit cannot contradict itself.
        let conflicts =
            if self.edits > 1 && !self.projection.removed { self.document.conflicts().len() } else { 0 };
        record_row(self.doc, &self.projection, conflicts, self.settled)
    }
}

/// The row of a projection.
pub fn record_row(doc: DocId, p: &Projection, conflicts: usize, settled: u32) -> Result<RecordRow> {
    Ok(RecordRow {
        doc,
        kind: p.kind.clone(),
        stage: p.stage.clone(),
        owner: p.owner,
        scope: p.scope.clone(),
        day: p.day.clone(),
        conflicts: u32::try_from(conflicts).unwrap_or(u32::MAX),
        settled,
        subject: p.subject.clone(),
        projection: canonical::encode(p)?,
        removed: p.removed,
    })
}

/// A stored act, as the rules see it.
pub fn judged(row: &ActRow) -> Result<Judged> {
    let signed = SignedAct { body: row.body.clone(), signature: row.signature };
    let act = signed.read().map_err(|e| Error::StorageDamaged(e.to_string()))?;
    Ok(Judged { act, verdict: Some(row.verdict.clone()) })
}
