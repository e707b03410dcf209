//! What a restored server has lost of the work of others, and nobody has brought back yet.
//!
//! This phone cannot bring it back: only its author may say it. But it may be the last one that has
//! it. So when the server has nothing more to send, such work is taken out of its records, which are
//! what the server has, and held with its reason. If its author's phone syncs, it comes as news and
//! is held no more; if that phone is gone, the user may write it again, or discard it.

use super::absorb::Absorbing;
use super::receipts::{said, said_of};
use crate::error::Fail;
use crate::store::{acts, doubtful, outbox, roster};
use rounds_model::document::Document;
use rounds_model::ids::{ActId, ChangeHash, DocId};
use rounds_model::refusal::Refusal;
use rounds_protocol::exchange::PushItem;
use std::collections::{BTreeSet, HashSet};

impl Absorbing<'_> {
    /// The records for which it matters what the server sends.
    pub(super) fn watched(&self) -> Result<BTreeSet<DocId>, Fail> {
        let mut docs = doubtful::docs(self.tx)?;
        docs.extend(outbox::held_docs(self.tx)?);
        Ok(docs)
    }

    /// The server has these changes: they are not in doubt, and there is nothing to decide about them.
    pub(super) fn have_come(&self, doc: DocId, changes: &HashSet<ChangeHash>) -> Result<(), Fail> {
        changes.iter().try_for_each(|hash| doubtful::strike(self.tx, doc, hash))?;
        self.release(
            doc,
            |item| matches!(item, PushItem::Edit(edit) if edit.hash().is_some_and(|h| changes.contains(&h))),
        )
    }

    /// The same for an act.
    pub(super) fn act_has_come(&self, doc: DocId, act: ActId) -> Result<(), Fail> {
        doubtful::strike_act(self.tx, doc, act)?;
        outbox::note_ruling(self.tx, doc)?;
        self.release(
            doc,
            |item| matches!(item, PushItem::Act(signed) if signed.read().is_ok_and(|held| held.id == act)),
        )
    }

    fn release(&self, doc: DocId, has_come: impl Fn(&PushItem) -> bool) -> Result<(), Fail> {
        outbox::note_news(self.tx, doc)?;
        let held = outbox::held_of(self.tx, doc)?.into_iter();
        held.filter(|held| has_come(&held.item)).try_for_each(|held| outbox::remove_held(self.tx, held.n))
    }

    /// The server has sent everything that it has: what is still in doubt, it has lost.
    pub(super) fn set_aside_lost(&mut self) -> Result<(), Fail> {
        for doc in doubtful::docs(self.tx)? {
            // What waits was expected to be ruled with it there.
            self.surprised = true;
            let lost = doubtful::changes(self.tx, doc)?;
            if !lost.is_empty() {
                self.branch(doc, &lost, &said("builds-on-lost"))?;
            }
            for act in doubtful::acts(self.tx, doc)? {
                let Some(signed) = acts::take(self.tx, act)? else { continue };
                let author = signed.read().ok().map(|act| act.person);
                let author = author.map(|person| roster::person(self.tx, person)).transpose()?.flatten();
                let refusal = lost_of(author.map(|person| person.name));
                self.set_aside(doc, &PushItem::Act(signed), &refusal)?;
            }
            self.dirty.insert(doc);
        }
        doubtful::clear(self.tx)
    }

    /// What goes out of a record with edits that are held, or whose numbers others have taken, and is in doubt: it may
    /// never come again, and this phone may be the last that has it.
    pub(super) fn set_aside_above(
        &mut self,
        doc: DocId,
        document: &Document,
        trunk: &Document,
    ) -> Result<(), Fail> {
        let lost = doubtful::changes(self.tx, doc)?;
        if lost.is_empty() {
            return Ok(());
        }
        for edit in document.edits(doc) {
            let Some(hash) = edit.hash().filter(|h| lost.contains(h) && !trunk.has_all(&[*h])) else {
                continue;
            };
            let pen = roster::pen(self.tx, edit.actor)?;
            self.set_aside(doc, &PushItem::Edit(edit), &lost_of(pen.map(|pen| pen.person_name)))?;
            doubtful::strike(self.tx, doc, &hash)?;
        }
        Ok(())
    }

    fn set_aside(&mut self, doc: DocId, item: &PushItem, refusal: &Refusal) -> Result<(), Fail> {
        self.out.held += 1;
        outbox::set_aside(self.tx, doc, item, refusal, self.at_ms)
    }
}

fn lost_of(author: Option<String>) -> Refusal {
    said_of("lost-by-server", &[("who", author.unwrap_or_else(|| "?".to_owned()))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;
    use crate::store::{Key, Store, documents};
    use crate::sync::absorb::Absorbed;
    use rounds_model::ids::{ActorId, DeviceId};
    use rounds_protocol::exchange::PullItem;

    const DOC: DocId = DocId([1; 16]);

    fn absorb(store: &Store, pull: &[PullItem]) -> Absorbed {
        absorbed(store, pull).0
    }

    /// With whether it may change what is expected of what waits.
    fn absorbed(store: &Store, pull: &[PullItem]) -> (Absorbed, bool) {
        store
            .write(|tx| {
                let (catalogue, platform) = (&Default::default(), &Replay::new(1, 1));
                let mut absorbing = Absorbing::new(tx, catalogue, platform, DeviceId([1; 16]), 1);
                absorbing.news(pull)?;
                absorbing.set_aside_lost()?;
                Ok((absorbing.out, absorbing.surprised))
            })
            .unwrap()
    }

    /// Found by a critic: what waits was expected to be ruled with it still there.
    #[test]
    fn what_was_lost_has_what_waits_ruled_anew() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let mut document = Document::new();
        let values = [("x".to_owned(), "theirs".into())];
        let edit = document.write(DOC, ActorId([2; 16]), 1, &values).unwrap().unwrap();
        store
            .write(|tx| {
                documents::replace(tx, DOC, &document)?;
                doubtful::note(tx, DOC, &[edit.hash().unwrap()].into())
            })
            .unwrap();
        assert!(absorbed(&store, &[]).1);
        assert!(!absorbed(&store, &[]).1, "nothing is lost any more");
    }

    /// Found by the simulation: a server was put back to its backup, and the phone of a colleague,
    /// whose work it lost by that, did not come back before this one.
    #[test]
    fn what_the_server_lost_is_held_until_its_author_brings_it_back() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let mut document = Document::new();
        let mut write = |pen: u8, value: &str| {
            let values = [("x".to_owned(), value.into())];
            document.write(DOC, ActorId([pen; 16]), 1, &values).unwrap().unwrap()
        };
        let (old, theirs, mine) = (write(1, "old"), write(2, "theirs"), write(3, "mine"));
        let hash = |edit: &rounds_model::edit::Edit| edit.hash().unwrap();
        store
            .write(|tx| {
                documents::replace(tx, DOC, &document)?;
                doubtful::note(tx, DOC, &[hash(&old), hash(&theirs)].into())?;
                outbox::push(tx, DOC, &PushItem::Edit(mine.clone()), 1)
            })
            .unwrap();
        let change = |edit| PullItem::Change { doc: DOC, bytes: document.change_bytes(&hash(edit)).unwrap() };

        assert_eq!(absorb(&store, &[change(&old)]).held, 2);
        let heads = |store: &Store| store.read(|db| documents::load(db, DOC)).unwrap().unwrap().heads();
        assert_eq!(heads(&store), [hash(&old)], "the record is what the server has");
        let held = store.read(outbox::held).unwrap();
        let held: Vec<_> = held.into_iter().map(|h| (h.item, h.refusal.code)).collect();
        let expected = [(&theirs, "lost-by-server"), (&mine, "builds-on-lost")];
        assert_eq!(held, expected.map(|(edit, code)| (PushItem::Edit(edit.clone()), code.to_owned())));
        assert_eq!(store.read(outbox::count).unwrap(), (0, 0));

        assert_eq!(absorb(&store, &[change(&theirs)]).held, 0);
        assert_eq!(heads(&store), [hash(&theirs)]);
        let held = store.read(outbox::held).unwrap();
        assert_eq!(held.into_iter().map(|h| h.item).collect::<Vec<_>>(), [PushItem::Edit(mine)]);
        assert!(store.read(doubtful::docs).unwrap().is_empty());
    }

    /// Found by the simulation: an edit was tried again when all that it had been built on was held, and stood in the
    /// record beside what began it; then the server lost that.
    #[test]
    fn what_was_written_on_nothing_is_no_record_once_what_began_it_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = crate::foreseeing::tests::phone(dir.path());
        let (catalogue, me) = (rounds.catalogue(), rounds.identity().unwrap());
        let owner = me.person.id.to_string();
        let begun = [
            ("@kind", "booking".into()),
            ("@owner", owner.as_str().into()),
            ("@pack", 1.into()),
            ("room", "101".into()),
        ];
        let begun = begun.map(|(key, value)| (key.to_owned(), value));
        let (mut document, mut apart) = (Document::new(), Document::new());
        let theirs = document.write(DOC, ActorId([8; 16]), 1, &begun).unwrap().unwrap();
        let written = apart.write(DOC, ActorId([9; 16]), 1, &[("room".to_owned(), "102".into())]);
        let mine = written.unwrap().unwrap();
        document.merge(&apart).unwrap();
        rounds
            .store
            .write(|tx| {
                documents::replace(tx, DOC, &document)?;
                crate::projecting::project(tx, &catalogue, &me, DOC, &document)?;
                outbox::push(tx, DOC, &PushItem::Edit(mine.clone()), 1)?;
                doubtful::note(tx, DOC, &[theirs.hash().unwrap()].into())?;
                Absorbing::new(tx, &catalogue, &*rounds.platform, me.device, 1).set_aside_lost()
            })
            .unwrap();
        assert!(rounds.store.read(|db| documents::load(db, DOC)).unwrap().is_none());
        assert_eq!(rounds.verify().unwrap().unknown, 0);
        let held = rounds.store.read(outbox::held).unwrap();
        let held: Vec<_> = held.into_iter().map(|h| (h.item, h.refusal.code)).collect();
        let expected = [(theirs, "lost-by-server"), (mine, "builds-on-lost")];
        assert_eq!(held, expected.map(|(edit, code)| (PushItem::Edit(edit), code.to_owned())));
    }

    /// Found by the simulation: the server was put back, then the author's phone, which wrote something else under the
    /// numbers of what only this phone still had.
    #[test]
    fn what_a_rival_pushes_out_is_held_where_it_is_the_last_copy() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let write = |document: &mut Document, value: &str| {
            let values = [("x".to_owned(), value.into())];
            document.write(DOC, ActorId([2; 16]), 1, &values).unwrap().unwrap()
        };
        let (mut here, mut there) = (Document::new(), Document::new());
        let lost = [write(&mut here, "first"), write(&mut here, "second")];
        let rival = write(&mut there, "instead").hash().unwrap();
        store
            .write(|tx| {
                documents::replace(tx, DOC, &here)?;
                doubtful::note(tx, DOC, &lost.iter().filter_map(|edit| edit.hash()).collect())
            })
            .unwrap();
        let news = PullItem::Change { doc: DOC, bytes: there.change_bytes(&rival).unwrap() };
        assert_eq!(absorb(&store, &[news]).held, 2);
        let heads = store.read(|db| documents::load(db, DOC)).unwrap().unwrap().heads();
        assert_eq!(heads, [rival]);
        let held = store.read(outbox::held).unwrap().into_iter().map(|held| (held.item, held.refusal.code));
        let expected = lost.map(|edit| (PushItem::Edit(edit), "lost-by-server".to_owned()));
        assert_eq!(held.collect::<Vec<_>>(), expected);
    }
}
