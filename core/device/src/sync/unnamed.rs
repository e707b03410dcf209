//! Photos that wait although nothing says any more that its record has them: the edit that named one was
//! held and its rep discarded it, or the office dropped it. No server would take them, and a record that
//! is to leave, or a phone that is to end, would wait for them for ever.

use crate::error::Fail;
use crate::store::{acts, documents, gone, handed, outbox, recordings, uploads};
use rounds_model::act::Act;
use rounds_model::document::BESIDE;
use rounds_model::edit::Put;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::scalar::Scalar;
use rounds_protocol::exchange::PushItem;
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Gives up the photos that nothing names any more: their files go with the next sweep.
pub(super) fn release(rounds: &crate::Rounds) -> Result<(), Fail> {
    if rounds.store.read(unnamed)?.is_empty() {
        return Ok(());
    }
    rounds.store.write(|tx: &Transaction<'_>| {
        // Once more: one may have been attached again meanwhile.
        unnamed(tx)?.iter().try_for_each(|(n, hash)| gone::give_up(tx, *n, hash))
    })
}

/// The uploads that wait and that nothing names.
fn unnamed(db: &Connection) -> Result<Vec<(i64, BlobHash)>, Fail> {
    let mut by_doc: BTreeMap<DocId, Vec<(i64, BlobHash)>> = BTreeMap::new();
    for upload in uploads::waiting(db, u32::MAX)? {
        by_doc.entry(upload.doc).or_default().push((upload.n, upload.hash));
    }
    let recorded = recordings::open(db)?;
    for (doc, waiting) in &mut by_doc {
        // The answer that will name the segments of a recording is written when it ends.
        if recorded.iter().any(|(record, _)| record == doc) {
            waiting.clear();
            continue;
        }
        match named_here(db, *doc)? {
            Some(named) => waiting.retain(|(_, hash)| !named.has(hash)),
            // It cannot be read, and may name them.
            None => waiting.clear(),
        }
    }
    by_doc.retain(|_, waiting| !waiting.is_empty());
    if !by_doc.is_empty() {
        let docs: BTreeSet<DocId> = by_doc.keys().copied().collect();
        for (doc, item) in handed::not_dropped(db, &docs)? {
            let Ok(item) = item.unpack() else { continue };
            let mut named = Named::default();
            named.item(&item);
            if let Some(waiting) = by_doc.get_mut(&doc) {
                waiting.retain(|(_, hash)| !named.has(hash));
            }
        }
    }
    Ok(by_doc.into_values().flatten().collect())
}

/// Every file that the record ever named here, also what waits or is held beside it; none if it cannot be
/// read.
fn named_here(db: &Connection, doc: DocId) -> Result<Option<Named>, Fail> {
    let mut named = Named::default();
    match documents::load(db, doc) {
        Ok(Some(document)) => document.history().iter().for_each(|step| named.puts(&step.puts)),
        Ok(None) => {}
        Err(Fail::Document(_)) => return Ok(None),
        Err(fail) => return Err(fail),
    }
    outbox::of(db, doc)?.iter().for_each(|(_, item)| named.item(item));
    acts::of(db, doc)?.iter().for_each(|known| named.act(&known.act));
    outbox::held_of(db, doc)?.iter().for_each(|held| named.item(&held.item));
    Ok(Some(named))
}

/// What may name a file.
#[derive(Default)]
struct Named {
    /// Answers.
    answers: HashSet<String>,
    /// What is written beside them: it names what goes with an answer too.
    beside: Vec<String>,
}

impl Named {
    fn item(&mut self, item: &PushItem) {
        match item {
            PushItem::Edit(edit) => self.puts(&edit.puts),
            PushItem::Act(signed) => {
                if let Ok(act) = signed.read() {
                    self.act(&act);
                }
            }
        }
    }

    fn act(&mut self, act: &Act) {
        self.answers.extend(act.payload.values().filter_map(text));
    }

    fn puts(&mut self, puts: &[Put]) {
        for put in puts {
            let Some(text) = text(&put.value) else { continue };
            match put.key.ends_with(BESIDE) {
                true => self.beside.push(text),
                false => drop(self.answers.insert(text)),
            }
        }
    }

    fn has(&self, hash: &BlobHash) -> bool {
        let hash = hash.to_string();
        self.answers.contains(&hash) || self.beside.iter().any(|told| told.contains(&hash))
    }
}

fn text(value: &Scalar) -> Option<String> {
    value.as_text().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::platform::Replay;
    use crate::store::blobs::{self, Stored};
    use crate::store::handed::{self, Taken};
    use crate::store::{acts, documents, gone, outbox, recordings, uploads};
    use crate::sync::receipts::said;
    use crate::{Key, Rounds};
    use ed25519_dalek::SigningKey;
    use rounds_evidence::beside::With;
    use rounds_model::act::Act;
    use rounds_model::document::Document;
    use rounds_model::ids::{ActId, ActorId, BlobHash, BootId, DeviceId, DocId, PersonId};
    use rounds_model::text::Text;
    use rounds_model::time::{Reading, TrustedTime};
    use rounds_protocol::exchange::{Decision, PushItem};
    use std::sync::Arc;

    fn act_with(doc: DocId, photo: BlobHash) -> Act {
        Act {
            id: ActId([7; 16]),
            doc,
            name: "send".into(),
            person: PersonId([1; 16]),
            device: DeviceId([1; 16]),
            number: 1,
            pack: 1,
            heads: vec![],
            stage: "open".into(),
            payload: [("photo".to_owned(), photo.to_string().into())].into(),
            proofs: vec![],
            time: TrustedTime::judge(Reading { wall_ms: 1, mono_ms: 1, boot: BootId([0; 16]) }, None),
        }
    }

    /// Found by a critic: a record whose creating edit was held and discarded, or handed over and
    /// dropped, kept its photos waiting, and with them the end of the device.
    #[test]
    fn a_photo_that_nothing_names_any_more_does_not_wait() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let store = &rounds.store;
        let photo = |n: u8| Stored { hash: BlobHash([n; 32]), size: 10 };
        let edit = |n: u8, document: &mut Document| {
            let values = [("photo".to_owned(), photo(n).hash.to_string().as_str().into())];
            let doc = DocId([n; 16]);
            PushItem::Edit(document.write(doc, ActorId([n; 16]), 1, &values).unwrap().unwrap())
        };
        let decision = |accepted| {
            let by = PersonId([1; 16]);
            Some((Decision { accepted, by, at_ms: 1, reason: String::new() }, String::new()))
        };
        let taken = |n: u8, decision| {
            let (title, what, refusal) = (Text::default(), Text::default(), said("device-restored"));
            Taken { doc: DocId([n; 16]), title, what, refusal, at_ms: 1, scope: None, decision }
        };
        store
            .write(|tx| {
                for n in 1..=7 {
                    uploads::push(tx, DocId([n; 16]), photo(n), 1)?;
                    blobs::note(tx, DocId([n; 16]), photo(n), 1)?;
                }
                // 1: its record has it, or had it before another one.
                let mut document = Document::new();
                edit(1, &mut document);
                document.write(DocId([1; 16]), ActorId([1; 16]), 2, &[("photo".into(), "x".into())]).unwrap();
                documents::replace(tx, DocId([1; 16]), &document)?;
                // 2: on its way. 3: held. 4, 5: handed over, and not decided about, or accepted.
                outbox::push(tx, DocId([2; 16]), &edit(2, &mut Document::new()), 1)?;
                outbox::set_aside(tx, DocId([3; 16]), &edit(3, &mut Document::new()), &said("x"), 1)?;
                for (n, decision) in [(4, None), (5, decision(true)), (6, decision(false))] {
                    let item = edit(n, &mut Document::new()).pack().unwrap();
                    handed::take(tx, &item, &taken(n, decision))?;
                }
                // 6: dropped by the office. 7: given up by the rep. 8: the same photo in two records. 10: the
                // strokes of a signature. 11: carried by an act. 12: a segment, while it is recorded.
                let mut signed = Document::new();
                let with = With { kept: photo(99).hash, with: vec![photo(10).hash], ending: None };
                let values = [("sign".to_owned(), photo(99).hash.to_string().into()), with.beside("sign")];
                signed.write(DocId([10; 16]), ActorId([10; 16]), 1, &values).unwrap();
                documents::replace(tx, DocId([10; 16]), &signed)?;
                let act = act_with(DocId([11; 16]), photo(11).hash);
                acts::insert_own(tx, &act, &act.sign(&SigningKey::from_bytes(&[1; 32])).unwrap())?;
                recordings::put(tx, DocId([12; 16]), "recording", &[1; 16], &"state")?;
                for n in 10..=12 {
                    uploads::push(tx, DocId([n; 16]), photo(n), 1)?;
                }
                outbox::push(tx, DocId([8; 16]), &edit(8, &mut Document::new()), 1)?;
                uploads::push(tx, DocId([8; 16]), photo(8), 1)?;
                uploads::push(tx, DocId([9; 16]), photo(8), 1)
            })
            .unwrap();
        super::release(&rounds).unwrap();
        let waiting = store.read(|db| uploads::waiting(db, 99)).unwrap();
        let waiting: Vec<_> = waiting.iter().map(|upload| upload.doc.0[0]).collect();
        assert_eq!(waiting, [1, 2, 3, 4, 5, 10, 11, 12, 8]);
        assert_eq!(store.read(gone::unwanted).unwrap(), [photo(6).hash, photo(7).hash]);
        assert_eq!(store.read(|db| blobs::size(db, &photo(7).hash)).unwrap(), None);
        // Discarded, the third waits no more either.
        let held = store.read(outbox::held).unwrap();
        rounds.discard(held[0].n).unwrap();
        super::release(&rounds).unwrap();
        assert!(store.read(|db| gone::is_idle(db, DocId([3; 16]))).unwrap());
    }
}
