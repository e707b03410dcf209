//! One edit: everything that is asked before it becomes part of a record.

use super::batch::{Batch, Stop};
use super::moving;
use super::open::Open;
use super::world::TeamWorld;
use crate::evidence::confirm;
use crate::storage::records::{EditKey, EditRow};
use crate::texts::{held, inadmissible};
use rounds_model::document::Document;
use rounds_model::edit::Edit;
use rounds_model::ids::{ChangeHash, PersonId};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::Receipt;
use rounds_workflow::kind::Sharing;
use rounds_workflow::{Judged, Kind, Person, Unprojectable};
use std::collections::BTreeMap;

/// The most edits that one record takes.
const EDITS: u64 = 20_000;
/// The most bytes, about, of all edits of one record.
const BYTES: u64 = 8 << 20;

impl Batch<'_> {
    pub(super) fn take_edit(&mut self, edit: &Edit) -> Result<Receipt, Stop> {
        if self.actors.get(&edit.actor).is_some_and(|device| *device != self.author.device) {
            return Err(held("actor-foreign").into());
        }
        let key = EditKey { doc: edit.doc, actor: edit.actor, number: edit.seq };
        if let Some((hash, seq)) = self.edits.get(&key) {
            return if edit.is_change(hash) {
                Ok(Receipt::Duplicate(*seq))
            } else {
                Err(held("edit-number-used").into())
            };
        }
        self.check_readable(edit.doc)?;
        self.check_held(self.open.get(&edit.doc).map(Open::scope))?;
        // Its time is shown and decides nothing, so that a wrong clock takes nobody's work away.
        let hash = if self.open.contains_key(&edit.doc) { self.extend(edit)? } else { self.create(edit)? };
        let receipt = self.accept(edit, key, hash);
        self.follow(edit)?;
        Ok(receipt)
    }

    /// What an accepted edit does to where the record is: at once, because it decides who may write
    /// what follows.
    fn follow(&mut self, edit: &Edit) -> Result<(), Stop> {
        let Some(open) = self.open.get(&edit.doc) else { return Ok(()) };
        let kind = self.rules.catalogue.kind_at(&open.projection.kind, open.projection.pack);
        let sharing = kind.map(|kind| &kind.sharing);
        let moves = |key: &str| match sharing {
            Some(Sharing::Area(area)) => key == area,
            _ => false,
        };
        if edit.puts.iter().any(|put| put.key == rounds_workflow::PACK || moves(&put.key)) {
            self.settle_one(edit.doc)?;
        }
        let own = Scope::Person(self.author.person.id);
        let created = self.open.get(&edit.doc).filter(|open| open.edits == 1);
        if created.is_some_and(|open| !self.author.holds.has(open.scope())) {
            // A record for somebody else: whoever made it is told that it is not theirs to keep.
            let row = moving::left(self.tx, edit.doc, own);
            self.push_log(row);
        }
        Ok(())
    }

    fn create(&mut self, edit: &Edit) -> Result<ChangeHash, Stop> {
        // Before anything is built from it: the edit itself must be sound.
        let mut document = Document::new();
        let hash = document.admit(edit).map_err(inadmissible)?;
        let fields: BTreeMap<String, Scalar> =
            edit.puts.iter().map(|put| (put.key.clone(), put.value.clone())).collect();
        let identity = rounds_workflow::identity(&fields)?;
        let rules = self.rules.clone();
        let kind = rules.catalogue.kind_at(&identity.kind, identity.pack);
        let kind = kind.ok_or_else(|| held("kind-unknown"))?;
        // It would be judged by a version that is not its own.
        if rules.catalogue.lacks(&identity.kind, identity.pack).is_some() {
            return Err(held("version-unknown").into());
        }
        if !self.is_person(identity.owner)? {
            return Err(held("owner-unknown").into());
        }
        let who = Person { id: self.author.person.id, role: &self.author.person.role };
        rounds_workflow::may_create(kind, &who, identity.owner, &fields)?;
        let puts = edit.puts.iter().map(|put| (put.key.as_str(), &put.value));
        rounds_workflow::may_place(kind, puts, |area| self.author.holds.has(area))?;
        self.stands_alone(kind, edit, &fields)?;
        let open = Open::new(edit, document, &fields, &rules).map_err(|e| match e {
            Unprojectable::Refused(refusal) => Stop::Held(refusal),
            Unprojectable::World(e) => crate::error::Error::Packs(e.to_string()).into(),
        })?;
        self.absent.remove(&edit.doc);
        self.open.insert(edit.doc, open);
        Ok(hash)
    }

    fn extend(&mut self, edit: &Edit) -> Result<ChangeHash, Stop> {
        let rules = self.rules.clone();
        let Some(open) = self.open.get(&edit.doc) else { return Err(held("record-unknown").into()) };
        if !edit.is_bounded() {
            return Err(inadmissible(rounds_model::admit::Inadmissible::OutOfBounds).into());
        }
        let stage = &open.projection.stage;
        let catalogue = &rules.catalogue;
        let kind = catalogue.kind_at(&open.projection.kind, open.projection.pack);
        let kind = kind.ok_or_else(|| held("kind-unknown"))?;
        let who = Person { id: self.author.person.id, role: &self.author.person.role };
        let as_owner = self.author.decided && open.was_owned_by(who.id, kind);
        let owner = if as_owner { who.id } else { open.projection.owner };
        rounds_workflow::may_touch(kind, stage)?;
        if open.document.settles(edit) {
            let puts = edit.puts.iter().map(|put| (put.key.as_str(), &put.value));
            rounds_workflow::may_settle(kind, stage, &who, owner, &open.document.fields(), puts)?;
            keeps_sealed(kind, stage, &open.history, edit)?;
        } else {
            let puts = edit.puts.iter().map(|put| (put.key.as_str(), &put.value));
            rounds_workflow::may_change(catalogue, kind, stage, &who, owner, puts.clone())?;
            rounds_workflow::may_place(kind, puts, |area| self.author.holds.has(area))?;
        }
        if kind.is_to_be_unique(edit.puts.iter().map(|put| put.key.as_str())) {
            let mut fields = open.document.fields();
            fields.extend(edit.puts.iter().map(|put| (put.key.clone(), put.value.clone())));
            self.stands_alone(kind, edit, &fields)?;
        }
        let Some(open) = self.open.get_mut(&edit.doc) else { return Err(held("record-unknown").into()) };
        if open.edits >= EDITS || open.plain.saturating_add(size(edit) as u64) > BYTES {
            return Err(held("record-full").into());
        }
        let hash = open.document.admit(edit).map_err(inadmissible)?;
        // One copy to go back to at a time: there may be thousands of records in a push.
        if let Some(before) = self.writing.replace(edit.doc).filter(|before| *before != edit.doc)
            && let Some(open) = self.open.get_mut(&before)
        {
            open.document.rest();
        }
        Ok(hash)
    }

    /// Whether no other record has what only one of the kind may have, what this batch has made among them.
    fn stands_alone(
        &mut self,
        kind: &Kind,
        edit: &Edit,
        fields: &BTreeMap<String, Scalar>,
    ) -> Result<(), Stop> {
        let written = || edit.puts.iter().map(|put| put.key.as_str());
        if !kind.is_to_be_unique(written()) {
            return Ok(());
        }
        self.settle()?;
        let damaged = std::cell::Cell::default();
        let world = TeamWorld {
            view: &*self.tx,
            open: &self.open,
            now_ms: None,
            damaged,
            histories: &self.histories,
        };
        let alone = rounds_workflow::is_unique(kind, edit.doc, fields, written(), &world);
        match alone {
            Ok(alone) => Ok(alone?),
            Err(_) if world.damaged.get() => Err(held("record-damaged").into()),
            Err(e) => Err(crate::error::Error::Packs(e.to_string()).into()),
        }
    }

    fn accept(&mut self, edit: &Edit, key: EditKey, hash: ChangeHash) -> Receipt {
        self.bind(edit.actor);
        let seq = self.tx.next_seq();
        let mut scope = Scope::Team;
        if let Some(open) = self.open.get_mut(&edit.doc) {
            if open.edits == 0 {
                open.first_seq = seq;
            } else {
                open.stale = true;
            }
            open.last_seq = seq;
            open.edits += 1;
            open.plain += size(edit) as u64;
            let settled = edit.puts.iter().filter(|put| put.replaces.len() > 1).count();
            open.settled = open.settled.saturating_add(u32::try_from(settled).unwrap_or(u32::MAX));
            open.changed = true;
            scope = open.scope().clone();
            self.dirty.insert(edit.doc);
        }
        self.log_edit(EditRow { key, hash, seq }, scope, size(edit));
        Receipt::Stored(seq)
    }

    pub(super) fn is_person(&mut self, id: PersonId) -> Result<bool, Stop> {
        if id == self.author.person.id {
            return Ok(true);
        }
        if let Some(known) = self.persons.get(&id) {
            return Ok(*known);
        }
        let known = self.tx.person(id)?.is_some();
        self.persons.insert(id, known);
        Ok(known)
    }
}

/// Whether what an act has sealed stays the answer while nobody may answer anew: choosing another version
/// would put another file in the place of what the server signed.
fn keeps_sealed(kind: &Kind, stage: &str, history: &[Judged], edit: &Edit) -> Result<(), Refusal> {
    let verdicts = history.iter().rev().filter_map(|judged| judged.verdict.as_ref());
    let sealed: Vec<_> = verdicts.flat_map(confirm::of).collect();
    for put in &edit.puts {
        let Some(last) = sealed.iter().find(|sealed| sealed.field == put.key) else { continue };
        let kept = put.value.as_text() == Some(last.blob.to_string().as_str());
        if !kept && rounds_workflow::is_frozen(kind, stage, &put.key) {
            return Err(held("settle-sealed").on(&put.key));
        }
    }
    Ok(())
}

/// About what an edit weighs as a change.
fn size(edit: &Edit) -> usize {
    let puts = edit.puts.iter().map(|put| put.key.len() + put.value.size() + 8 * (1 + put.replaces.len()));
    let spent = edit.spent.iter().map(|spent| spent.key.len() + 12);
    110 + 32 * edit.deps.len() + puts.sum::<usize>() + spent.sum::<usize>()
}
