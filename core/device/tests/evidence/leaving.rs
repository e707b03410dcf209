//! A recording under way when its record, or the phone's access, goes.

use crate::common::me;
use crate::phone::{FIELD, Phone, has};
use rounds_device::error::Fail;
use rounds_device::store::{documents, gone, outbox, recordings};
use rounds_device::sync::blobs::transport::{BlobTransport, Progress, Sending};
use rounds_device::sync::transport::Transport;
use rounds_evidence::chain::verify;
use rounds_model::ids::{BlobHash, DocId, Epoch, PublicKey, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_model::text::{Lang, Text};
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
use rounds_protocol::exchange::{Answer, Ended, PullItem, PushItem, Receipt, Request};
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Mutex;

/// A server that keeps what it is given. The first time it says what leaves.
#[derive(Default)]
struct Office {
    leaves: Mutex<Vec<DocId>>,
    ended: Option<Ended>,
    /// What comes is taken for somebody to decide about.
    takes: bool,
    has: Mutex<Vec<PushItem>>,
    blobs: Mutex<BTreeMap<String, (u64, Vec<u8>)>>,
}

impl Office {
    /// What was answered to a question, the newest last.
    fn answers(&self, key: &str) -> Vec<String> {
        let has = self.has.lock().unwrap();
        let edits = has.iter().filter_map(|item| match item {
            PushItem::Edit(edit) => Some(edit),
            PushItem::Act(_) => None,
        });
        edits.flat_map(|e| &e.puts).filter(|put| put.key == key).map(|put| put.value.to_string()).collect()
    }

    fn receipt(&self, seq: Seq) -> Receipt {
        match self.takes {
            true => Receipt::Taken(Refusal::new("record-out-of-scope", Text::default(), Text::default())),
            false => Receipt::Stored(seq),
        }
    }

    fn blob(&self, hash: &str) -> Vec<u8> {
        self.blobs.lock().unwrap().get(hash).map(|(_, bytes)| bytes.clone()).unwrap_or_default()
    }

    fn at(&self, place: &str) -> Progress {
        let blobs = self.blobs.lock().unwrap();
        let (size, bytes) = blobs.get(place).unwrap();
        let offset = bytes.len() as u64;
        Progress { place: Some(place.to_owned()), offset, receipt_ms: (offset == *size).then_some(1) }
    }
}

impl Transport for Office {
    fn exchange(&self, _: &str, request: &Request) -> Result<Answer, Fail> {
        let mut has = self.has.lock().unwrap();
        has.extend(request.push.iter().map(|item| item.unpack().unwrap()));
        let seq = Seq(has.len() as u64);
        let leaves = std::mem::take(&mut *self.leaves.lock().unwrap());
        Ok(Answer {
            receipts: request.push.iter().map(|_| self.receipt(seq)).collect(),
            pull: leaves.into_iter().map(|doc| PullItem::Left { doc }).collect(),
            cursors: [(Scope::Team, seq), (Scope::Person(me("rep").person.id), seq)].into(),
            epoch: Epoch([1; 16]),
            more: false,
            server_ms: crate::common::NOW as i64,
            team_key: None,
            ended: self.ended.clone(),
            level: None,
            witness: None,
            lost: vec![],
        })
    }

    fn enrol(&self, _: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
        Err(Fail::BadAnswer("not asked for"))
    }

    fn blobs(&self) -> Option<&dyn BlobTransport> {
        Some(self)
    }
}

impl BlobTransport for Office {
    fn is_metered(&self) -> bool {
        false
    }

    fn create(&self, _: &str, hash: &BlobHash, size: u64, _: DocId) -> Result<Progress, Fail> {
        self.blobs.lock().unwrap().entry(hash.to_string()).or_insert((size, vec![]));
        Ok(self.at(&hash.to_string()))
    }

    fn offset(&self, _: &str, place: &str) -> Result<Progress, Fail> {
        Ok(self.at(place))
    }

    fn append(&self, _: &str, place: &str, mut part: Sending) -> Result<Progress, Fail> {
        part.bytes.read_to_end(&mut self.blobs.lock().unwrap().get_mut(place).unwrap().1).unwrap();
        Ok(self.at(place))
    }

    fn fetch(&self, _: &str, _: &BlobHash, _: u64) -> Result<Box<dyn Read + Send>, Fail> {
        Err(Fail::BadAnswer("not asked for"))
    }
}

/// The chain that the office was given is whole, and says what there was of the recording.
fn chain_is_there(office: &Office, doc: DocId) {
    let chain = office.answers(FIELD).pop().unwrap();
    let key = PublicKey(me("rep").signing_key().verifying_key().to_bytes());
    let expected =
        verify::Expected { device: Some((crate::common::DEVICE, key)), ..verify::Expected::of(doc) };
    let report = verify::verify(&office.blob(&chain), &expected);
    assert_eq!(report.findings, vec![]);
    let (_, segment, _) = report.segments().next().unwrap();
    assert_eq!(office.blob(&segment.to_string()), b"step one");
}

/// Found by a critic: in its first segment a recording was nothing that a record, or a phone, waits for.
#[test]
fn a_recording_under_way_is_handed_over_when_its_record_leaves() {
    let phone = Phone::new();
    let (doc, other) = (phone.sale("audio"), phone.sale("audio"));
    phone.typing(doc, "holder", "王强强").unwrap();
    phone.record(doc, FIELD).unwrap();
    phone.feed(5_000, b"step one");
    let office = Office { leaves: Mutex::new(vec![doc]), ..Office::default() };
    phone.sync(&office).unwrap();
    chain_is_there(&office, doc);
    assert!(!has(&phone.plain(), b"step one"));
    phone.sync(&office).unwrap();
    assert!(!phone.store().read(|db| documents::exists(db, doc)).unwrap(), "then it leaves");
    assert_eq!(phone.store().read(recordings::open).unwrap(), []);
    // The microphone is free for what is still here.
    phone.record(other, FIELD).unwrap();
    let told: Vec<String> = phone.notices(Lang::Zh).unwrap().into_iter().map(|line| line.text).collect();
    assert!(told.iter().any(|text| text.contains("王强强")), "what was typed is not lost: {told:?}");
    assert!(told.iter().any(|text| text.contains("录制已结束")), "{told:?}");
}

/// One that a kill left, beside another one that goes on.
#[test]
fn what_goes_on_in_another_record_is_not_disturbed() {
    let mut phone = Phone::new();
    let (doc, other) = (phone.sale("audio"), phone.sale("audio"));
    phone.record(doc, FIELD).unwrap();
    phone.feed(5_000, b"step one");
    phone.record_pause(doc, FIELD).unwrap();
    phone.open();
    phone.record(other, FIELD).unwrap();
    phone.feed(5_000, b"another");
    let office = Office { leaves: Mutex::new(vec![doc]), ..Office::default() };
    phone.sync(&office).unwrap();
    chain_is_there(&office, doc);
    assert!(phone.record_check(other, FIELD).unwrap(), "it is still being recorded");
    assert_eq!(phone.store().read(recordings::open).unwrap(), [(other, FIELD.to_owned())]);
}

/// An earlier version of the app let go of the record in the middle.
#[test]
fn a_recording_whose_record_is_gone_already_is_handed_over_too() {
    let mut phone = Phone::new();
    let doc = phone.sale("audio");
    phone.record(doc, FIELD).unwrap();
    phone.feed(5_000, b"step one");
    phone.store().write(|tx| gone::forget(tx, doc)).unwrap();
    phone.store().write(outbox::clear).unwrap();
    phone.open();
    let office = Office { takes: true, ..Office::default() };
    phone.sync(&office).unwrap();
    chain_is_there(&office, doc);
    assert_eq!(phone.store().read(recordings::open).unwrap(), []);
    assert!(!phone.store().read(|db| documents::exists(db, doc)).unwrap());
}

#[test]
fn a_recording_under_way_is_handed_over_when_the_device_ends() {
    let phone = Phone::new();
    let doc = phone.sale("audio");
    phone.typing(doc, "holder", "王强强").unwrap();
    phone.record(doc, FIELD).unwrap();
    phone.feed(5_000, b"step one");
    let office = Office { ended: Some(Ended { at_ms: 1, taken: 0 }), ..Office::default() };
    phone.sync(&office).unwrap();
    chain_is_there(&office, doc);
    assert!(phone.is_signed_out().unwrap());
    assert!(!has(&phone.plain(), b"step one"));
    for folder in ["blobs", "recording", "memo"] {
        assert!(!phone.dir.path().join(folder).exists(), "{folder}");
    }
    let told: Vec<String> = phone.notices(Lang::En).unwrap().into_iter().map(|line| line.text).collect();
    assert!(told.iter().any(|text| text.contains("王强强")), "{told:?}");
}
