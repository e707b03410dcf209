//! Sound and video that a form asks for: recorded, interrupted, killed, thrown away.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod common;

use rounds_device::capture::Ended;
use rounds_device::capture::fake::FakeKit;
use rounds_device::recording::MemoState;
use rounds_device::store::{blobs, documents, uploads};
use rounds_device::{Key, Rounds, RoundsError};
use rounds_evidence::chain::Stop;
use rounds_model::ids::{BlobHash, DocId};
use std::sync::Arc;

const PACK: &str = r#"
id = "talks"
version = 1
title = { zh = "谈话", en = "Talks" }
[kinds.talk]
title = { zh = "谈话", en = "Talk" }
plural = { zh = "谈话", en = "Talks" }
scope = "owner"
create = ["rep"]
initial = "open"
form = "forms/talk.md"
write = [{ stages = ["open"], roles = ["rep"], who = "owner", fields = ["*"] }]
[kinds.talk.stages]
open = { title = { zh = "有效", en = "Open" } }
done = { title = { zh = "完成", en = "Done" } }
[kinds.talk.acts.finish]
title = { zh = "完成", en = "Finish" }
from = ["open"]
to = "done"
roles = ["rep"]
who = "owner"
"#;

const FORM: &str = "
| survey | | | |
| | type | name | label |
| | text | about | About |
| | audio | said | What was said |
| | begin_repeat | part | Part |
| | video | seen | What was seen |
| | end_repeat | | |
| settings | |
| | instance_name |
| | ${about} |
";

struct Phone {
    dir: tempfile::TempDir,
    kit: FakeKit,
    rounds: Option<Rounds>,
}

impl std::ops::Deref for Phone {
    type Target = Rounds;
    fn deref(&self) -> &Rounds {
        self.rounds.as_ref().unwrap()
    }
}

impl Phone {
    fn new() -> Phone {
        let dir = tempfile::tempdir().unwrap();
        let files = [("pack.toml", PACK), ("forms/talk.md", FORM)];
        let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let rounds = common::with_pack(dir.path(), "talks", files.into());
        let kit = FakeKit::default();
        rounds.set_kit(kit.kit());
        Phone { dir, kit, rounds: Some(rounds) }
    }

    fn kill(&mut self) {
        self.kit.recorder.kill();
        drop(self.rounds.take());
        let platform = Arc::new(rounds_device::platform::Replay::new(common::NOW + 60_000, 8));
        let rounds = Rounds::open(self.dir.path(), Key([1; 32]), platform).unwrap();
        rounds.set_kit(self.kit.kit());
        self.rounds = Some(rounds);
    }

    fn talk(&self) -> DocId {
        self.create("talk", &[("about".to_owned(), "价格".to_owned())]).unwrap()
    }

    fn answer_of(&self, doc: DocId, key: &str) -> Option<BlobHash> {
        let document = self.store().read(|db| documents::load(db, doc)).unwrap().unwrap();
        document.get(key).and_then(|value| value.as_text()?.parse().ok())
    }

    /// What answers a question, which is queued to be sent and lies nowhere in plain.
    fn kept(&self, doc: DocId, key: &str) -> Vec<u8> {
        let hash = self.answer_of(doc, key).unwrap();
        let queued = self.store().read(|db| uploads::of(db, doc)).unwrap();
        assert!(queued.iter().any(|upload| upload.hash == hash));
        assert!(!self.plain());
        let key = self.store().read(|db| rounds_device::store::meta::get::<[u8; 32]>(db, "blob_key"));
        let mut out = vec![];
        blobs::read(&self.dir.path().join("blobs"), &key.unwrap().unwrap(), &hash, &mut out).unwrap();
        out
    }

    fn plain(&self) -> bool {
        self.dir.path().join("memo/segment").exists()
    }
}

fn code<T: std::fmt::Debug>(done: Result<T, RoundsError>) -> String {
    done.unwrap_err().code
}

#[test]
fn what_is_said_answers_its_question_and_is_kept_encrypted() {
    let phone = Phone::new();
    let doc = phone.talk();
    assert_eq!(phone.memo_look(doc, "said").unwrap(), MemoState::Rests);
    phone.memo(doc, "said").unwrap();
    phone.kit.recorder.feed(3_000, b"hello ").unwrap();
    assert_eq!(phone.memo_look(doc, "said").unwrap(), MemoState::Runs(3_000));
    // One microphone, one recording.
    let row = phone.add(doc, "part").unwrap();
    let seen = format!("part/{row}/seen");
    assert_eq!(code(phone.memo(doc, &seen)), "recording-runs");
    phone.kit.recorder.feed(2_000, b"there").unwrap();
    let hash = phone.memo_keep().unwrap();
    assert_eq!(hash, phone.answer_of(doc, "said"));
    assert_eq!(phone.kept(doc, "said"), b"hello there");
    assert_eq!(phone.memo_look(doc, "said").unwrap(), MemoState::Rests);
    // In a row of a repeat, thrown away and recorded again; named by its position.
    phone.memo(doc, "/data/part[1]/seen").unwrap();
    phone.kit.recorder.feed(1_000, b"thumb").unwrap();
    phone.memo_drop().unwrap();
    assert!(phone.answer_of(doc, &seen).is_none() && !phone.plain());
    phone.memo(doc, &seen).unwrap();
    phone.kit.recorder.feed(1_000, b"shelf").unwrap();
    phone.memo_keep().unwrap();
    assert_eq!(phone.kept(doc, &seen), b"shelf");
    // Nothing was heard: nothing is answered.
    phone.memo(doc, &seen).unwrap();
    assert_eq!(phone.memo_keep().unwrap(), None);
    assert_eq!(phone.kept(doc, &seen), b"shelf");
}

#[test]
fn a_call_ends_it_and_what_there_is_of_it_is_kept() {
    let phone = Phone::new();
    let doc = phone.talk();
    phone.memo(doc, "said").unwrap();
    phone.kit.recorder.feed(4_000, b"until the call").unwrap();
    phone.kit.recorder.interrupt(Ended::Call);
    assert_eq!(phone.memo_look(doc, "said").unwrap(), MemoState::Ended(Stop::Call));
    assert_eq!(phone.kept(doc, "said"), b"until the call");
    assert_eq!(phone.memo_keep().unwrap(), None, "there is no other");
}

#[test]
fn lesson_14_a_kill_keeps_what_was_said_until_then() {
    let mut phone = Phone::new();
    let doc = phone.talk();
    phone.memo(doc, "said").unwrap();
    phone.kit.recorder.feed(4_000, b"until the kill").unwrap();
    // Another process that opens the store beside it leaves it alone.
    let beside = Arc::new(rounds_device::platform::Replay::new(common::NOW, 9));
    drop(Rounds::open(phone.dir.path(), Key([1; 32]), beside).unwrap());
    assert!(phone.plain());
    phone.kill();
    assert_eq!(phone.kept(doc, "said"), b"until the kill");
    phone.memo(doc, "said").unwrap();
}

#[test]
fn what_may_not_be_answered_is_not_recorded() {
    let phone = Phone::new();
    let doc = phone.talk();
    for key in ["about", "nothing", "part"] {
        assert_eq!(code(phone.memo(doc, key)), "question-unknown", "{key}");
    }
    phone.act(doc, "finish", &[]).unwrap();
    assert_eq!(code(phone.memo(doc, "said")), "stage-frozen");
    phone.set_kit(rounds_device::capture::Kit::default());
    let open = phone.talk();
    assert_eq!(code(phone.memo(open, "said")), "capture-unavailable");
    assert!(!phone.plain());
}
