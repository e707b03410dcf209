//! One act: whether it can be believed, and the ruling on it.

use super::batch::{Batch, Stop};
use super::open::Open;
use super::world::TeamWorld;
use crate::error::Error;
use crate::evidence::confirm;
use crate::storage::records::ActRow;
use crate::texts::held;
use rounds_model::act::{Act, BadAct, SignedAct};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::exchange::{Receipt, RuledBefore};
use rounds_workflow::{Content, Judged, Kind, Person, Record, Ruling};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How far ahead of the server's clock a phone's may be when it acts.
const AHEAD_MS: i64 = 24 * 3600 * 1000;
/// The most acts about one record.
const ACTS: usize = 2_000;
/// The most bytes of them: whoever gets the record late gets all of them at once.
const BYTES: u64 = 2 << 20;
/// Why an act waits for something that a restored server may not have back yet.
const WAITING: [&str; 2] = ["act-proof-unknown", "act-accepted-before"];

impl Batch<'_> {
    pub(super) fn take_act(&mut self, signed: SignedAct) -> Result<Receipt, Stop> {
        let act = signed.read().map_err(|_| held("item-malformed"))?;
        if act.device != self.author.device || act.person != self.author.person.id {
            return Err(held("act-foreign").into());
        }
        if signed.verify(&self.author.key) == Err(BadAct::Signature) {
            return Err(held("act-signature").into());
        }
        if let Some(known) = self.acts.get(&act.id) {
            return if known.body == signed.body && known.signature == signed.signature {
                Ok(Receipt::Duplicate(known.seq))
            } else {
                Err(held("act-id-used").into())
            };
        }
        // The reading is the phone's word; what follows from it is not a matter of opinion.
        if act.time.again() != act.time {
            return Err(held("time-unfounded").into());
        }
        // What the rules ask of other records must be what the items before this one made of them.
        self.settle()?;
        let ruled = self.rule(&act, signed.body.len() as u64);
        if let Err(Stop::Held(refusal)) = &ruled
            && WAITING.contains(&refusal.code.as_str())
        {
            self.stalled.insert(act.doc);
        }
        let verdict = ruled?;
        let doc = act.doc;
        let receipt = self.accept_act(act, signed, verdict);
        // At once: who may write what in the items that follow depends on the stage.
        self.settle_one(doc)?;
        Ok(receipt)
    }

    /// The ruling, on the content that the author saw and on the content as it stands.
    fn rule(&mut self, act: &Act, bytes: u64) -> Result<Verdict, Stop> {
        self.check_readable(act.doc)?;
        self.check_held(self.open.get(&act.doc).map(Open::scope))?;
        let Some(open) = self.open.get(&act.doc) else { return Err(held("record-unknown").into()) };
        let seen = if act.heads == open.document.heads() {
            None
        } else {
            let seen = open.document.fields_at(&act.heads).filter(|_| !act.heads.is_empty());
            Some(seen.ok_or_else(|| held("act-heads-unknown"))?)
        };
        let rules = self.rules.clone();
        let catalogue = &rules.catalogue;
        let kind = catalogue.kind_at(&open.projection.kind, open.projection.pack);
        let kind = kind.ok_or_else(|| held("kind-unknown"))?;
        let who = Person { id: self.author.person.id, role: &self.author.person.role };
        // Held, not ruled: a verdict is kept for ever and sent to everyone, and phones do not offer
        // these.
        rounds_workflow::may_state(kind, &act.name, &who)?;
        // What was refused is refused again, and nothing waits for it.
        if self.told.get(&act.id) != Some(&RuledBefore::Refused) {
            self.proofs_are_there(act)?;
        }
        if open.history.len() >= ACTS || open.act_bytes.saturating_add(bytes) > BYTES {
            return Err(held("record-full").into());
        }
        if act.time.at_ms > self.now_ms.saturating_add(AHEAD_MS) {
            // Ruled, so that it is told and kept like every other no: the author did act, and the
            // acts that follow it must not wait for somebody to look at the phone.
            let ruling = Ruling::blocked(
                rounds_workflow::required(kind, &act.name, held("time-ahead")),
                &open.projection.stage,
            );
            return Ok(self.verdict(act, self.as_before(kind, act, ruling, &open.projection.stage)?));
        }
        let as_owner = self.author.decided && open.was_owned_by(who.id, kind);
        let world = TeamWorld {
            view: &*self.tx,
            open: &self.open,
            now_ms: Some(self.now_ms),
            damaged: Cell::default(),
            histories: &self.histories,
        };
        let conflicts = open.document.conflicts().into_iter().map(|conflict| conflict.key);
        let contested: BTreeSet<String> = conflicts.collect();
        let stood = |fields| -> Result<Record, Stop> {
            let mut record = Record::after(kind, act.doc, fields, &open.history)?;
            if as_owner {
                record.owner = who.id;
            }
            record.contested.clone_from(&contested);
            Ok(record)
        };
        let (now, seen) = (stood(open.document.fields())?, seen.map(stood).transpose()?);
        let (heads, stage) = (open.document.heads(), now.stage.clone());
        let content = Content { now: &now, heads: &heads, seen: seen.as_ref() };
        let ruled = rounds_workflow::rule_on(catalogue, content, act, &who, &world, rules.zone);
        let mut ruling = ruled.map_err(|e| match world.damaged.get() {
            true => Stop::from(held("record-damaged")),
            false => Error::StorageDamaged(e.to_string()).into(),
        })?;
        if ruling.outcome == Outcome::Accepted {
            let taken_as = ruling.taken_as(act).to_owned();
            let assignee = kind.act(&taken_as).and_then(|rule| rule.assignee(&act.payload, &ruling.facts));
            if let Some(owner) = assignee
                && !self.is_person(owner)?
            {
                let unknown = rounds_workflow::required(kind, &act.name, held("owner-unknown"));
                ruling = Ruling::blocked(unknown, &stage);
            }
        }
        ruling = self.as_before(kind, act, ruling, &stage)?;
        if ruling.outcome == Outcome::Accepted {
            // The answers that the author saw are those that they sealed.
            let seen = self.open.get(&act.doc).and_then(|open| open.document.fields_at(&act.heads));
            let taken_as = ruling.taken_as(act).to_owned();
            let seen = seen.unwrap_or_default();
            let sealed = confirm::facts(&mut *self.tx, kind, act, &taken_as, &seen, self.now_ms)?;
            ruling.facts.extend(sealed);
            // Until its chain is here and was checked.
            confirm::await_recordings(&mut *self.tx, kind, act, &ruling.facts, self.now_ms)?;
        }
        for issued in &ruling.issued {
            self.tx.put_counter(&issued.counter, issued.number)?;
        }
        Ok(self.verdict(act, ruling))
    }

    /// What was ruled before the server was put back to a backup is not ruled otherwise now. What was accepted is held:
    /// what it rests on may come back yet, and a no would stand for ever. What was refused stays refused: its author
    /// was told, and has done something else. A phone that says what is not so harms nobody but itself.
    fn as_before(&self, kind: &Kind, act: &Act, ruling: Ruling, stage: &str) -> Result<Ruling, Stop> {
        let now = match (self.told.get(&act.id), &ruling.outcome) {
            (Some(RuledBefore::Refused), Outcome::Accepted) => {
                let refused = rounds_workflow::required(kind, &act.name, held("act-refused-before"));
                return Ok(Ruling::blocked(refused, stage));
            }
            (Some(RuledBefore::As(_)), Outcome::Blocked(now)) => now.clone(),
            (Some(RuledBefore::As(before)), Outcome::Accepted) if before != ruling.taken_as(act) => {
                // The other way round it was accepted as what it says, and nothing stands in its way.
                ruling
                    .turned
                    .as_ref()
                    .map_or_else(|| held("act-otherwise-before"), |turned| turned.why.clone())
            }
            _ => return Ok(ruling),
        };
        let mut before = held("act-accepted-before").by(now.rule.as_ref());
        before.reason.zh.push_str(&now.reason.zh);
        before.reason.en = format!("{} {}", before.reason.en, now.reason.en);
        before.link = now.link;
        Err(before.into())
    }

    /// Held, not ruled: a server that was restored may not have it back yet, and a no would stand for ever.
    fn proofs_are_there(&self, act: &Act) -> Result<(), Stop> {
        // What its author did to the record next was done at the stage that it led to.
        if self.stalled.contains(&act.doc) {
            return Err(held("act-proof-unknown").into());
        }
        for proof in act.proofs.iter().filter(|proof| !self.acts.contains_key(*proof)) {
            match self.tx.acts(&[*proof]) {
                Ok(found) if found.is_empty() => return Err(held("act-proof-unknown").into()),
                Ok(_) => {}
                // It is there, and whether it can be read is for the rules to find.
                Err(e) if e.is_damage() => {}
                Err(e) => return Err(Stop::Failed(e)),
            }
        }
        Ok(())
    }

    fn verdict(&self, act: &Act, ruling: Ruling) -> Verdict {
        Verdict {
            act: act.id,
            doc: act.doc,
            seq: rounds_model::ids::Seq(0),
            outcome: ruling.outcome,
            stage: ruling.stage,
            facts: ruling.facts,
            turned: ruling.turned,
            at_ms: self.now_ms,
        }
    }

    fn accept_act(&mut self, act: Act, signed: SignedAct, mut verdict: Verdict) -> Receipt {
        let seq = self.tx.next_seq();
        verdict.seq = seq;
        let row = ActRow {
            act: act.id,
            doc: act.doc,
            seq,
            device: act.device,
            body: signed.body,
            signature: signed.signature,
            verdict: verdict.clone(),
        };
        if let Some(open) = self.open.get_mut(&act.doc) {
            Arc::make_mut(&mut open.history).push(Judged { act, verdict: Some(verdict) });
            open.last_seq = seq;
            open.act_bytes += row.weight();
            (open.stale, open.changed) = (true, true);
            let scope = open.scope().clone();
            self.dirty.insert(row.doc);
            self.log_act(row, scope);
        }
        Receipt::Stored(seq)
    }
}
