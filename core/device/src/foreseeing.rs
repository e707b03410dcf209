//! How the acts that wait are expected to be ruled.
//!
//! An act is foreseen when it is stated, on what the phone knew then. What came after it there, an edit or
//! another act, is nothing to the server, which takes things in their order: so it is nothing here either. Only
//! what comes from the server lies before all that waits. Then the waiting acts are ruled anew, one after
//! the other, each on the records as they stood when it was stated, with the news in them.

use crate::authoring::who;
use crate::error::Fail;
use crate::identity::Identity;
use crate::projecting::{self, contested};
use crate::store::{acts, documents, foreseen, outbox};
use crate::world::Here;
use rounds_model::act::Act;
use rounds_model::document::Document;
use rounds_model::ids::{ActId, ChangeHash, DocId, PersonId};
use rounds_protocol::exchange::PushItem;
use rounds_workflow::{
    Ahead, Catalogue, Claim, Content, Foreseen, Judged, Known, Projection, Record, Unprojectable, World,
    WorldError,
};
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Rules on everything that waits anew, and makes the rows anew that follow from it.
pub(crate) fn anew(tx: &Transaction<'_>, catalogue: &Catalogue, me: &Identity) -> Result<(), Fail> {
    for (doc, rulings) in other_than_foreseen(tx, catalogue, me)? {
        for (act, ruling) in &rulings {
            foreseen::put(tx, doc, *act, ruling)?;
        }
        if let Some(document) = documents::load(tx, doc)? {
            projecting::project(tx, catalogue, me, doc, &document)?;
        }
    }
    Ok(())
}

/// The waiting acts that are expected to be ruled in another way than what is kept says, by record.
pub(crate) fn other_than_foreseen(
    db: &Connection,
    catalogue: &Catalogue,
    me: &Identity,
) -> Result<BTreeMap<DocId, Foreseen>, Fail> {
    let waiting = acts::waiting(db)?;
    if waiting.is_empty() {
        return Ok(BTreeMap::new());
    }
    let steps = steps(db, &waiting)?;
    let mut past = Past { db, catalogue, me, subjects: subjects(db, &steps)?, foreseen: Foreseen::new() };
    for step in &steps {
        match step {
            Step::Edit(doc, hash) => past.write(*doc, hash),
            Step::Act(act) => past.state(act)?,
        }
    }
    let mut out: BTreeMap<DocId, Foreseen> = BTreeMap::new();
    for act in &waiting {
        let Some(ruling) = past.foreseen.remove(&act.id) else { continue };
        if foreseen::get(db, act.id)?.as_ref() != Some(&ruling) {
            out.entry(act.doc).or_default().insert(act.id, ruling);
        }
    }
    Ok(out)
}

/// What was done here and waits, from the first act on.
enum Step<'a> {
    Edit(DocId, ChangeHash),
    Act(&'a Act),
}

/// In the order in which the server takes it: acts that it has already, then the outbox.
fn steps<'a>(db: &Connection, waiting: &'a [Act]) -> Result<Vec<Step<'a>>, Fail> {
    let by_id: BTreeMap<ActId, &Act> = waiting.iter().map(|act| (act.id, act)).collect();
    let (mut unsent, mut queued) = (Vec::new(), HashSet::new());
    for waiting in outbox::oldest(db, usize::MAX, usize::MAX)?.into_iter().filter(|waiting| !waiting.again) {
        match waiting.item.unpack() {
            Ok(PushItem::Edit(edit)) => {
                unsent.extend(edit.hash().map(|hash| Step::Edit(waiting.doc, hash)));
            }
            Ok(PushItem::Act(signed)) => {
                let act = signed.read().ok().and_then(|act| by_id.get(&act.id));
                unsent.extend(act.map(|act| Step::Act(act)));
                queued.extend(act.map(|act| act.id));
            }
            // It is told when it is sent.
            Err(_) => {}
        }
    }
    let sent = waiting.iter().filter(|act| !queued.contains(&act.id)).map(Step::Act);
    let all = sent.chain(unsent).skip_while(|step| matches!(step, Step::Edit(..)));
    Ok(all.collect())
}

/// The records of which something waits, without what waits. What cannot be read is left as it is.
fn subjects(db: &Connection, steps: &[Step<'_>]) -> Result<BTreeMap<DocId, Subject>, Fail> {
    let mut out: BTreeMap<DocId, Subject> = BTreeMap::new();
    let mut unread = HashSet::new();
    for step in steps {
        let doc = match step {
            Step::Edit(doc, _) => *doc,
            Step::Act(act) => act.doc,
        };
        if !out.contains_key(&doc) && !unread.contains(&doc) {
            match documents::load(db, doc) {
                Ok(Some(whole)) => {
                    let (later, history) = (HashSet::new(), projecting::history(db, doc)?);
                    out.insert(doc, Subject { whole, later, history, stood: None });
                }
                Ok(None) | Err(Fail::Document(_)) => drop(unread.insert(doc)),
                Err(fail) => return Err(fail),
            }
        }
        if let (Step::Edit(_, hash), Some(subject)) = (step, out.get_mut(&doc)) {
            subject.later.insert(*hash);
        }
    }
    Ok(out)
}

/// A record of which something waits.
struct Subject {
    /// With everything in it.
    whole: Document,
    /// The edits that come later.
    later: HashSet<ChangeHash>,
    history: Vec<Judged>,
    /// As it stood, as far as that was asked.
    stood: Option<Stood>,
}

struct Stood {
    document: Document,
    /// None while there is no record yet.
    row: Option<Projection>,
}

/// What the phone knew at a step.
struct Past<'a> {
    db: &'a Connection,
    catalogue: &'a Catalogue,
    me: &'a Identity,
    subjects: BTreeMap<DocId, Subject>,
    /// The acts so far.
    foreseen: Foreseen,
}

impl Past<'_> {
    fn write(&mut self, doc: DocId, hash: &ChangeHash) {
        if let Some(subject) = self.subjects.get_mut(&doc) {
            subject.later.remove(hash);
            subject.stood = None;
        }
    }

    fn state(&mut self, act: &Act) -> Result<(), Fail> {
        self.settle()?;
        let Some(subject) = self.subjects.get(&act.doc) else { return Ok(()) };
        let Some(Stood { document, row: Some(_) }) = &subject.stood else { return Ok(()) };
        let (history, contested, heads) =
            (self.so_far(&subject.history), contested(document), document.heads());
        let stand = |fields| -> Result<Record, Unprojectable> {
            let ahead = Some(self.ahead(&heads, &contested));
            Ok(rounds_workflow::stand(self.catalogue, act.doc, &fields, &history, ahead)?.record)
        };
        let seen = if act.heads == heads { None } else { document.fields_at(&act.heads) };
        let (now, seen) = match (stand(document.fields()), seen.map(stand).transpose()) {
            (Ok(now), Ok(seen)) => (now, seen),
            (Err(Unprojectable::World(e)), _) | (_, Err(Unprojectable::World(e))) => return Err(e.into()),
            // It is no record of a known kind.
            (Err(Unprojectable::Refused(_)), _) | (_, Err(Unprojectable::Refused(_))) => return Ok(()),
        };
        let content = Content { now: &now, heads: &heads, seen: seen.as_ref() };
        let (who, zone) = (who(self.me), self.me.zone());
        let ruling = rounds_workflow::rule_on(self.catalogue, content, act, &who, self, zone)?;
        self.foreseen.insert(act.id, ruling);
        if let Some(subject) = self.subjects.get_mut(&act.doc) {
            subject.stood = None;
        }
        Ok(())
    }

    /// Makes the rows of what was written or acted on since.
    fn settle(&mut self) -> Result<(), Fail> {
        let stale = self.subjects.iter().filter(|(_, subject)| subject.stood.is_none());
        let stale: Vec<DocId> = stale.map(|(doc, _)| *doc).collect();
        for doc in stale {
            let Some(subject) = self.subjects.get(&doc) else { continue };
            let before = match subject.later.is_empty() {
                true => None,
                // What cannot be taken apart is looked at as a whole: one record stops no other.
                false => subject.whole.without(&subject.later).ok(),
            };
            let document = before.unwrap_or_else(|| subject.whole.clone());
            let row = self.row(doc, &document, &subject.history)?;
            if let Some(subject) = self.subjects.get_mut(&doc) {
                subject.stood = Some(Stood { document, row });
            }
        }
        Ok(())
    }

    fn row(&self, doc: DocId, document: &Document, history: &[Judged]) -> Result<Option<Projection>, Fail> {
        if document.is_empty() {
            return Ok(None);
        }
        let (heads, contested, history) = (document.heads(), contested(document), self.so_far(history));
        let moment = rounds_workflow::moment(document.last_written() * 1000, self.me.zone());
        let ahead = Some(self.ahead(&heads, &contested));
        match rounds_workflow::project(self.catalogue, doc, &document.fields(), &history, moment, ahead) {
            Ok(projection) => Ok(Some(projection)),
            Err(Unprojectable::Refused(_)) => Ok(None),
            Err(Unprojectable::World(e)) => Err(e.into()),
        }
    }

    /// Of the acts about a record those that were ruled, or stated before this step.
    fn so_far(&self, history: &[Judged]) -> Vec<Judged> {
        let counts =
            |judged: &&Judged| judged.verdict.is_some() || self.foreseen.contains_key(&judged.act.id);
        history.iter().filter(counts).cloned().collect()
    }

    fn ahead<'s>(&'s self, heads: &'s [ChangeHash], contested: &'s BTreeSet<String>) -> Ahead<'s> {
        let (who, zone) = (who(self.me), self.me.zone());
        Ahead { who, world: self, zone, heads, contested, foreseen: &self.foreseen }
    }
}

impl World for Past<'_> {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        match self.subjects.get(&id) {
            None => Here(self.db).record(id),
            Some(subject) => {
                let row = subject.stood.as_ref().and_then(|stood| stood.row.as_ref());
                Ok(row.map(Projection::known))
            }
        }
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        let mut claims = Here(self.db).claims(rule, key)?;
        claims.retain(|(doc, _)| !self.subjects.contains_key(doc));
        for (doc, subject) in &self.subjects {
            let row = subject.stood.iter().filter_map(|stood| stood.row.as_ref());
            let meant =
                row.flat_map(|row| &row.claims).filter(|claim| claim.rule == rule && claim.key == key);
            claims.extend(meant.map(|claim| (*doc, claim.clone())));
        }
        // As every world has them, by the record.
        claims.sort_by_key(|(doc, _)| *doc);
        Ok(claims)
    }

    fn history(&self, id: DocId) -> Result<Arc<Vec<Judged>>, WorldError> {
        match self.subjects.get(&id) {
            None => Here(self.db).history(id),
            Some(subject) => Ok(Arc::new(self.so_far(&subject.history))),
        }
    }

    fn name(&self, person: PersonId) -> Result<Option<String>, WorldError> {
        Here(self.db).name(person)
    }

    fn is_whole(&self) -> bool {
        Here(self.db).is_whole()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;
    use crate::store::{records, roster};
    use crate::{Key, Rounds};
    use ed25519_dalek::SigningKey;
    use rounds_model::ids::{ActorId, DeviceId, Seq, TeamId};
    use rounds_model::people::{Person, Role};
    use rounds_model::verdict::{Outcome, Verdict};
    use rounds_protocol::enrol::{EnrolAnswer, Team};
    use rounds_workflow::Bundle;

    const PACK: &str = r#"
id = "rooms"
version = 1
title = { zh = "房间", en = "Rooms" }
[kinds.booking]
title = { zh = "预订", en = "Booking" }
plural = { zh = "预订", en = "Bookings" }
scope = "team"
create = ["rep"]
initial = "draft"
rule = "Q.1"
fields = [{ name = "room", type = "text", title = { zh = "房间", en = "Room" } }]
write = [{ stages = ["draft"], roles = ["rep"], who = "owner", fields = ["*"] }]
[kinds.booking.display]
title = { zh = "${room}", en = "${room}" }
[kinds.booking.stages]
draft = { title = { zh = "草稿", en = "Draft" } }
taken = { title = { zh = "占用", en = "Taken" } }
free = { title = { zh = "退房", en = "Given back" } }
[kinds.booking.acts.take]
title = { zh = "占用", en = "Take" }
from = ["draft"]
to = "taken"
roles = ["rep"]
[kinds.booking.acts.give_back]
title = { zh = "退房", en = "Give back" }
from = ["taken"]
to = "free"
roles = ["rep"]
[[arbitration]]
type = "one_open"
name = "room-taken"
kind = "booking"
key = "${room}"
open = ["taken"]
code = "room-taken"
rule = "Q.1"
reason = { zh = "已被占用。", en = "It is taken." }
remedy = { zh = "请换一个。", en = "Choose another one." }
"#;

    fn phone(folder: &std::path::Path) -> Rounds {
        let open =
            || Rounds::open(folder, Key([1; 32]), Arc::new(Replay::new(1_795_400_000_000, 1))).unwrap();
        let rounds = open();
        let person = Person { id: PersonId([2; 16]), name: "李娜".into(), role: Role::from(Role::REP) };
        let team = Team { id: TeamId([3; 16]), name: "大连".into(), zone: "Asia/Shanghai".into() };
        let answer =
            EnrolAnswer { device: DeviceId([4; 16]), token: String::new(), person, team, server_ms: 1 };
        let me = Identity::new(answer, "https://sim.invalid", &SigningKey::from_bytes(&[1; 32]));
        let bundle = Bundle::new([("pack.toml", PACK.as_bytes().to_vec())]).unwrap().encode().unwrap();
        let replay = Replay::new(1, 9);
        rounds
            .store
            .write(|tx| {
                crate::identity::store(tx, &me, &replay)?;
                roster::put_pack(tx, "rooms", 1, &bundle)
            })
            .unwrap();
        drop(rounds);
        open()
    }

    /// What is known here of how a record stands.
    fn stage(rounds: &Rounds, doc: DocId) -> String {
        rounds.store.read(|db| records::get(db, doc)).unwrap().unwrap().projection.stage
    }

    /// A colleague's booking comes from the server, where it was ruled on before anything that waits here: what
    /// waits is ruled anew, all of it, each act behind the one before.
    #[test]
    fn q1_what_comes_from_the_server_lies_before_everything_that_waits() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = phone(dir.path());
        let room = [("room".to_owned(), "101".to_owned())];
        let (first, second) =
            (rounds.create("booking", &room).unwrap(), rounds.create("booking", &room).unwrap());
        rounds.act(first, "take", &[]).unwrap();
        assert_eq!(rounds.act(second, "take", &[]).unwrap_err().code, "room-taken");
        rounds.act(first, "give_back", &[]).unwrap();
        rounds.act(second, "take", &[]).unwrap();
        let stages = || [first, second].map(|doc| stage(&rounds, doc));
        assert_eq!(stages(), ["free", "taken"]);
        assert_eq!(rounds.verify().unwrap().outdated, 0);

        let (theirs, mut document) = (DocId([9; 16]), Document::new());
        let owner = PersonId([8; 16]).to_string();
        let values = [
            ("@kind", "booking".into()),
            ("@owner", owner.as_str().into()),
            ("@pack", 1.into()),
            ("room", "101".into()),
        ];
        let values = values.map(|(key, value)| (key.to_owned(), value));
        document.write(theirs, ActorId([8; 16]), 1, &values).unwrap().unwrap();
        let news = |outcome: Outcome, stage: &str| {
            let (catalogue, me) = (rounds.catalogue(), rounds.identity().unwrap());
            rounds
                .store
                .write(|tx| {
                    let mut act = acts::waiting(tx)?.remove(0);
                    (act.id, act.doc, act.person) = (ActId([7; 16]), theirs, PersonId([8; 16]));
                    let (stage, facts) = (stage.to_owned(), BTreeMap::new());
                    let (seq, turned, at_ms) = (Seq(1), None, 1);
                    let verdict =
                        Verdict { act: act.id, doc: theirs, seq, outcome, stage, facts, turned, at_ms };
                    let signed = act.sign(&SigningKey::from_bytes(&[8; 32])).unwrap();
                    documents::replace(tx, theirs, &document)?;
                    acts::insert_ruled(tx, &signed, &verdict, false)?;
                    projecting::project(tx, &catalogue, &me, theirs, &document)?;
                    assert!(!other_than_foreseen(tx, &catalogue, &me)?.is_empty());
                    anew(tx, &catalogue, &me)?;
                    assert!(other_than_foreseen(tx, &catalogue, &me)?.is_empty());
                    Ok(())
                })
                .unwrap();
        };
        news(Outcome::Accepted, "taken");
        assert_eq!(stages(), ["draft", "draft"]);
        // As if the colleague had given it back.
        news(Outcome::Accepted, "free");
        assert_eq!(stages(), ["free", "taken"]);
        assert!(rounds.verify().unwrap().is_clean());
    }
}
