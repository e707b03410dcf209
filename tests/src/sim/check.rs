//! What must be true when everything has healed.

use super::cast::TEAM;
use super::network::{Network, lock};
use super::phone::Phone;
use super::server::Server;
use super::trace::short;
use super::user::said;
use super::world::World;
use anyhow::{Context, Result, bail, ensure};
use rounds_device::store::uploads::{self, Upload};
use rounds_device::store::{acts, documents, gone, handed, outbox, parted};
use rounds_device::sync::passed;
use rounds_model::act::SignedAct;
use rounds_model::document::Document;
use rounds_model::edit::{Edit, OpId};
use rounds_model::ids::{ActId, BlobHash, DocId, Seq};
use rounds_model::scope::Scope;
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::exchange::PushItem;
use rounds_server::admin::{report, verify};
use rounds_server::storage::Read;
use rounds_server::storage::log::{LogRow, What};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Every row of a phone follows from its content, and every document opens.
pub fn phone_is_sound(phone: &Phone) -> Result<()> {
    if phone.is_signed_out()? {
        let left = phone.rounds()?.store().read(documents::all)?;
        ensure!(left.is_empty(), "{} is signed out and has not forgotten everything", phone.name());
        return Ok(());
    }
    let found = phone.rounds()?.verify()?;
    ensure!(found.damaged.is_empty(), "{} has documents that do not open: {:?}", phone.name(), found.damaged);
    let different: Vec<_> = found.different.iter().map(short).collect();
    ensure!(different.is_empty(), "{} has rows that do not follow: {different:?}", phone.name());
    ensure!(found.unknown == 0, "{} has records without a row", phone.name());
    Ok(())
}

/// Looks at everything.
pub fn everything(world: &World<'_>) -> Result<()> {
    let network = lock(&world.network);
    let view = network.server.view()?;
    server_is_sound(&*view)?;
    let mut documents = HashMap::new();
    ruled_as_before(world, &*view)?;
    for phone in &world.phones {
        phone_is_sound(phone)?;
        match (phone.revoked, phone.is_signed_out()?) {
            (false, false) => phone_is_level(phone, &*view)?,
            (true, signed_out) => ensure!(signed_out, "{} has not handed over everything", phone.name()),
            // It was signed out by a server that has forgotten this.
            (false, true) => {}
        }
        promises_are_kept(world, phone, &*view, &mut documents)?;
        photos_are_kept(phone, &network, &*view)?;
    }
    Ok(())
}

/// Whether an act was accepted, as far as somebody knows its ruling.
pub fn is_accepted(verdict: Option<&Verdict>) -> bool {
    verdict.is_some_and(|verdict| verdict.outcome == Outcome::Accepted)
}

/// What a server had ruled before it was put back it rules again in that way, or not at all; not of a phone that was
/// put back itself meanwhile, and may have said something else in its place.
fn ruled_as_before(world: &World<'_>, view: &dyn Read) -> Result<()> {
    for (act, (n, accepted)) in &world.ruled {
        let phone = world.phones.iter().find(|phone| phone.n == *n).context("no such phone")?;
        if phone.copied_at().is_some() {
            continue;
        }
        for row in view.acts(&[*act])? {
            if is_accepted(Some(&row.verdict)) != *accepted {
                let (name, now) = (phone.name(), &row.verdict.outcome);
                let before = if *accepted { "accepted" } else { "refused" };
                bail!("an act of {name} was {before} before, and now it is {now:?}: {}", short(act));
            }
        }
    }
    Ok(())
}

fn server_is_sound(view: &dyn Read) -> Result<()> {
    let wrong = verify::verify(view)?.differences;
    ensure!(wrong.is_empty(), "the server's rows do not follow: {wrong:?}");
    let people = view.people()?;
    let scopes = people.iter().map(|p| Scope::Person(p.id)).chain([Scope::Team]);
    let cursors: Vec<_> = scopes.map(|scope| (scope, Seq(0))).collect();
    let log = view.log(&cursors, usize::MAX)?;
    log_is_whole(view, &log)?;
    let mut ruled = HashSet::new();
    for row in log.iter().filter(|row| row.what == What::Act) {
        ensure!(ruled.insert(row.reference.clone()), "an act stands twice in the log: {}", row.seq.0);
        let verdicts = view.acts(&[ActId::from_slice(&row.reference)?])?;
        let places: Vec<_> = verdicts.iter().map(|act| act.verdict.seq).collect();
        ensure!(places == [row.seq], "act {} has other verdicts than its one: {places:?}", row.seq.0);
    }
    Ok(())
}

/// Every place of the log is there once. A record that went elsewhere has taken its places with it:
/// those of its edits and acts, and the ones at which it had arrived before.
fn log_is_whole(view: &dyn Read, log: &[LogRow]) -> Result<()> {
    let mut places: BTreeSet<u64> = (1..=view.head()?.0).collect();
    for row in log {
        ensure!(places.remove(&row.seq.0), "the log has {} twice", row.seq.0);
    }
    let moved = log.iter().filter(|row| matches!(row.what, What::Arrived | What::Removed));
    let moved: BTreeSet<DocId> = moved.filter_map(|row| row.doc).collect();
    let acts = view.acts_of(&moved.iter().copied().collect::<Vec<_>>())?;
    let mut taken: BTreeSet<u64> = acts.iter().map(|act| act.verdict.seq.0).collect();
    for doc in &moved {
        taken.extend(view.edits_of(*doc)?.iter().map(|edit| edit.seq.0));
    }
    places.retain(|place| !taken.contains(place));
    // What is left are places at which records had arrived before they were moved on. One that came from another
    // scope stood just after the word that it had left there.
    ensure!(places.len() <= acts.len(), "the log has gaps: {places:?}");
    let left = log.iter().filter(|row| row.what == What::Left);
    let left = left.filter(|row| row.doc.is_some_and(|doc| moved.contains(&doc)));
    let left: BTreeSet<u64> = left.map(|row| row.seq.0).collect();
    places.retain(|place| !left.contains(&place.saturating_sub(1)));
    // The others were removed, or brought back, where they were: by an act before, and moved on by one after.
    for (n, place) in places.iter().enumerate() {
        let before = acts.iter().filter(|act| act.verdict.seq.0 < *place).count();
        let after = acts.iter().filter(|act| act.verdict.seq.0 > *place).count();
        let fits = before > n && after >= places.len() - n;
        ensure!(fits, "the log has gaps where nothing arrived: {places:?}");
    }
    Ok(())
}

/// A phone that may sync has sent everything, and holds what the server says it holds.
fn phone_is_level(phone: &Phone, view: &dyn Read) -> Result<()> {
    let (waiting, _) = phone.rounds()?.store().read(outbox::count)?;
    ensure!(waiting == 0, "{} still has {waiting} items to send", phone.name());
    nothing_waits_for_what_is_there(phone, view)?;
    let outdated = phone.rounds()?.verify()?.outdated;
    ensure!(outdated == 0, "{} waits for rulings that will never come", phone.name());
    let theirs = report::digest(view, Some(&phone.person().to_string()));
    let theirs = theirs.map_err(|e| anyhow::anyhow!("no digest: {e:?}"))?;
    let ours = phone.rounds()?.digest()?;
    if ours != theirs {
        let mut more = vec![];
        for scope in ours.scopes.keys().filter(|scope| !theirs.scopes.contains_key(scope)) {
            let docs = phone.rounds()?.store().read(|db| gone::of_scope(db, &scope.to_string()))?;
            for doc in docs {
                let idle = phone.rounds()?.store().read(|db| gone::is_idle(db, doc))?;
                more.push(format!("…{} (idle {idle})", short(&doc)));
            }
        }
        bail!(
            "{} differs from the server: {ours:?} is not {theirs:?}; it should not have {more:?}",
            phone.name()
        );
    }
    Ok(())
}

/// What was held because something was missing is not held any more when that is there.
fn nothing_waits_for_what_is_there(phone: &Phone, view: &dyn Read) -> Result<()> {
    let held = phone.rounds()?.store().read(outbox::held)?;
    let waits = held.iter().filter(|one| one.refusal.code == passed::ACCEPTED_BEFORE);
    let waiting: HashSet<_> = waits.map(|one| one.doc).collect();
    for one in held.into_iter().filter(|one| passed::may_pass(&one.refusal.code)) {
        // Of acts that wait for what they may rest on, and of what follows them, only a ruling can tell: see
        // `World::what_waits_is_not_there`.
        if waiting.contains(&one.doc) {
            continue;
        }
        // Nothing can be sent of what is removed.
        if phone.rounds()?.store().read(|db| gone::tombstone(db, one.doc))?.is_some() {
            continue;
        }
        let Some(row) = view.documents(&[one.doc])?.into_iter().next() else { continue };
        let mut document = Document::load(&row.snapshot)?;
        let fits = match &one.item {
            PushItem::Edit(edit) => document.admit(edit).is_ok(),
            PushItem::Act(signed) => document.has_all(&signed.read().context("a held act")?.heads),
        };
        let (name, code) = (phone.name(), &one.refusal.code);
        ensure!(!fits, "{name} still holds what could be sent ({code}): {}", said(&one.item));
    }
    Ok(())
}

fn promises_are_kept(
    world: &World<'_>,
    phone: &Phone,
    view: &dyn Read,
    documents: &mut HashMap<DocId, Option<Document>>,
) -> Result<()> {
    let mut held = held(phone)?;
    // So it may have been a colleague who wrote it again, or gave it up.
    let mut decided = BTreeSet::new();
    if phone.is_signed_out()? || phone.copied_at().is_some() {
        // It can say nothing again, or has forgotten it: what a restored server has lost of it too, colleagues
        // hold as the last copy.
        for other in &world.phones {
            held.extend(self::held(other)?);
            decided.extend(other.book().decided_of_others());
        }
    }
    for (key, item) in phone.book().kept() {
        let kept = held.contains(item)
            || decided.contains(key)
            || match item {
                PushItem::Edit(edit) => edit_is_there(edit, view, documents)?,
                PushItem::Act(signed) => act_is_there(signed, view)?,
            }
            || is_handed_over(phone, item, view)?;
        ensure!(kept, "{} was told that this is saved, but it is nowhere: {}", phone.name(), said(item));
    }
    Ok(())
}

/// Every photo is whole at the server, or still on its phone because its record is not there.
fn photos_are_kept(phone: &Phone, network: &Network, view: &dyn Read) -> Result<()> {
    for (doc, hash) in phone.book().photos() {
        if photo_is_there(&network.server, view, *doc, hash)? {
            continue;
        }
        let here = photo_is_here(phone, *doc, hash)?;
        let waits = here.is_some_and(|upload| upload.receipt_ms.is_none());
        let record = !view.documents(&[*doc])?.is_empty();
        ensure!(
            waits && !record,
            "{}: photo {} of …{} is not at the server (waits {waits}, record {record})",
            phone.name(),
            short(hash),
            short(doc)
        );
    }
    Ok(())
}

/// The photos of a phone that are neither on it nor at the server.
pub fn lost_photos(phone: &Phone, server: &Server, view: &dyn Read) -> Result<Vec<(DocId, BlobHash)>> {
    let mut out = vec![];
    for (doc, hash) in phone.book().photos() {
        if photo_is_here(phone, *doc, hash)?.is_none() && !photo_is_there(server, view, *doc, hash)? {
            out.push((*doc, *hash));
        }
    }
    Ok(out)
}

fn photo_is_here(phone: &Phone, doc: DocId, hash: &BlobHash) -> Result<Option<Upload>> {
    let here = phone.rounds()?.store().read(|db| uploads::of(db, doc))?;
    Ok(here.into_iter().find(|upload| upload.hash == *hash))
}

fn photo_is_there(server: &Server, view: &dyn Read, doc: DocId, hash: &BlobHash) -> Result<bool> {
    if !view.docs_of_blob(hash)?.contains(&doc) {
        return Ok(false);
    }
    let row = view.blob(hash)?.context("a record has a photo that is not known")?;
    let name = hash.to_string();
    let folder = server.photos().join(TEAM.to_string()).join(name.get(..2).unwrap_or_default());
    let bytes = std::fs::read(folder.join(&name)).context("a receipted photo is not there")?;
    let sum: [u8; 32] = Sha256::digest(&bytes).into();
    ensure!(sum == hash.0 && row.size == bytes.len() as u64, "a photo is not what its name says");
    Ok(true)
}

/// What a phone's user was told was saved and is neither on the phone nor at the server, with its
/// bytes.
pub fn nowhere(phone: &Phone, view: &dyn Read) -> Result<Vec<(Vec<u8>, PushItem)>> {
    let held = held(phone)?;
    // What was built on work that was taken is out of its record, and still on its way.
    let waiting = phone.rounds()?.store().read(|db| outbox::oldest(db, usize::MAX, usize::MAX))?;
    let waiting: HashSet<_> = waiting.into_iter().map(|one| one.item.0).collect();
    let aside = kept_aside(phone)?;
    let mut out = vec![];
    for (key, item) in phone.book().kept() {
        if held.contains(item) || waiting.contains(key) || aside.contains(key) || is_here(phone, item)? {
            continue;
        }
        let there = match item {
            PushItem::Edit(edit) => {
                let hash = edit.hash().context("an own edit is out of bounds")?;
                view.edits_of(edit.doc)?.iter().any(|row| row.hash == hash)
            }
            PushItem::Act(signed) => act_is_there(signed, view)?,
        };
        if !there && !is_handed_over(phone, item, view)? {
            out.push((key.clone(), item.clone()));
        }
    }
    Ok(out)
}

/// What a phone holds, each with a reason.
pub fn held(phone: &Phone) -> Result<Vec<PushItem>> {
    let held = phone.rounds()?.store().read(outbox::held)?;
    ensure!(
        held.iter().all(|one| !one.refusal.code.is_empty() && !one.refusal.reason.zh.is_empty()),
        "{} holds something back without a reason",
        phone.name()
    );
    Ok(held.into_iter().map(|held| held.item).collect())
}

/// An item waits at the server for a decision, whole.
fn is_handed_over(phone: &Phone, item: &PushItem, view: &dyn Read) -> Result<bool> {
    let packed = item.pack().context("an item cannot be encoded")?;
    let rows = view.holding_of(phone.device(), &[packed.hash()])?;
    Ok(rows.iter().any(|row| row.item == packed.0))
}

/// What a phone keeps although it is in no record on it: what the server took, and its own part of
/// records that went out of its sight. It offers it again to a server that was put back to a backup.
fn kept_aside(phone: &Phone) -> Result<HashSet<Vec<u8>>> {
    let store = phone.rounds()?.store();
    let kept = store.read(handed::items)?.into_iter().chain(store.read(parted::all)?);
    Ok(kept.map(|(_, item)| item.0).collect())
}

/// An item is part of its record on a phone.
pub fn is_here(phone: &Phone, item: &PushItem) -> Result<bool> {
    let store = phone.rounds()?.store();
    Ok(match item {
        PushItem::Edit(edit) => {
            let hash = edit.hash().context("an own edit is out of bounds")?;
            store.read(|db| documents::load(db, edit.doc))?.is_some_and(|d| d.has_all(&[hash]))
        }
        PushItem::Act(signed) => {
            let act = signed.read().context("an own act cannot be read")?;
            store.read(|db| acts::get(db, act.id))?.is_some()
        }
    })
}

fn act_is_there(signed: &SignedAct, view: &dyn Read) -> Result<bool> {
    let act = signed.read().context("an own act cannot be read")?;
    let ruled = view.acts(&[act.id])?;
    Ok(ruled.first().is_some_and(|row| row.body == signed.body && row.verdict.act == act.id))
}

/// An edit is in the server's history, and each of its values shows, is one of several versions, or
/// was replaced by somebody who had seen it.
fn edit_is_there(
    edit: &Edit,
    view: &dyn Read,
    documents: &mut HashMap<DocId, Option<Document>>,
) -> Result<bool> {
    if let std::collections::hash_map::Entry::Vacant(entry) = documents.entry(edit.doc) {
        let rows = view.documents(&[edit.doc])?;
        entry.insert(rows.first().map(|row| Document::load(&row.snapshot)).transpose()?);
    }
    let Some(Some(document)) = documents.get(&edit.doc) else { return Ok(false) };
    let hash = edit.hash().context("an own edit is out of bounds")?;
    if !document.has_all(&[hash]) {
        return Ok(false);
    }
    let history = document.history();
    for (counter, put) in (edit.start_op..).zip(&edit.puts) {
        let op = OpId { counter, actor: edit.actor };
        let stands = document.versions(&put.key).iter().any(|v| v.op == op && v.value == put.value);
        let replaced =
            || history.iter().flat_map(|s| &s.puts).any(|p| p.key == put.key && p.replaces.contains(&op));
        if !stands && !replaced() {
            bail!("{} = {} was overwritten by nobody, and does not stand", put.key, put.value);
        }
    }
    Ok(true)
}
