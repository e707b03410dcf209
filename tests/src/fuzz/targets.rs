//! The decoders of what comes from outside, each as a function of bytes.

use ed25519_dalek::SigningKey;
use rounds_device::sync::listen;
use rounds_model::act::{Act, SignedAct};
use rounds_model::canonical;
use rounds_model::document::Document;
use rounds_model::edit::{self, Edit, Spent};
use rounds_model::ids::*;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_model::time::{Reading, TrustedTime};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::blob;
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest, Team};
use rounds_protocol::exchange::{
    Answer, Level, Lost, Packed, PullItem, PushItem, Receipt, Request, RuledBefore, Take, Witness, limits,
};
use rounds_protocol::handover::{self, Head, Part, Reader, TeamSecret, Writer};
use rounds_protocol::wire;
use rounds_server::admin::csv;
use rounds_server::admin::holding::Span;
use rounds_server::secrets::{invite, token};
use rounds_workflow::{Bundle, Pack};
use std::sync::LazyLock;

/// A decoder under test.
pub struct Target {
    /// Its name, by which `rounds-fuzz` finds it.
    pub name: &'static str,
    /// Reads bytes; true if they were well formed. Panics if something is wrong.
    pub run: fn(&[u8]) -> bool,
    /// Valid ones, unwrapped.
    pub samples: fn() -> Vec<Vec<u8>>,
    /// What a sample is put into before it is read: compression, mostly.
    pub wrap: fn(&[u8]) -> Vec<u8>,
}

/// Every decoder.
pub fn targets() -> Vec<Target> {
    let plain: fn(&[u8]) -> Vec<u8> = <[u8]>::to_vec;
    let target = |name, run, samples, wrap| Target { name, run, samples, wrap };
    vec![
        target("request", fuzz_request, requests, zstd),
        target("answer", fuzz_answer, answers, zstd),
        target("item", fuzz_item, items, plain),
        target("act", fuzz_act, acts, plain),
        target("seed", fuzz_seed, seeds, plain),
        target("enrol", fuzz_enrol, enrolments, zstd),
        target("handover", fuzz_handover, bundles, plain),
        target("part", fuzz_handover, parts, sealed),
        target("tus", fuzz_tus, headers, plain),
        target("secrets", fuzz_secrets, secrets, plain),
        target("pack", fuzz_pack, packs, plain),
        target("events", fuzz_events, events, plain),
        target("table", fuzz_table, tables, plain),
    ]
}

/// A request: bounded in every list, and what was read is written as the same request.
pub fn fuzz_request(data: &[u8]) -> bool {
    let Ok(request) = wire::unpack::<Request>(data, wire::REQUEST) else { return false };
    assert!(request.push.len() <= limits::PUSH && request.cursors.len() <= limits::SCOPES);
    assert!(request.packs.len() <= limits::WANTED && request.acts.len() <= limits::ASKED);
    let again = wire::unpack::<Request>(&packed(&request), wire::REQUEST);
    assert!(again.as_ref() == Ok(&request), "a request is not read as it was written");
    true
}

/// An answer. Phones believe servers, but not that every byte arrives.
pub fn fuzz_answer(data: &[u8]) -> bool {
    wire::unpack::<Answer>(data, wire::ANSWER).is_ok()
}

/// A pushed item: an edit is refused, or becomes part of a document that can still be written to, saved
/// and loaded.
pub fn fuzz_item(data: &[u8]) -> bool {
    let Ok(item) = Packed(data.to_vec()).unpack() else { return false };
    match item {
        PushItem::Edit(edit) => admit(&edit),
        PushItem::Act(signed) => signed.read().is_ok(),
    }
}

fn admit(edit: &Edit) -> bool {
    // As damage, and as somebody who owns the device would have sealed it.
    let mut sealed = edit.clone();
    if let Some(hash) = edit.is_bounded().then(|| edit.hash()).flatten() {
        sealed.check = sealed.check_of(&hash);
    }
    [edit, &sealed].into_iter().any(|edit| {
        [Document::new(), BASE.0.clone()].into_iter().any(|mut document| {
            let before = (document.save(), document.heads());
            let admitted = document.admit(edit);
            match admitted {
                Err(_) => {
                    assert!((document.save(), document.heads()) == before, "a refused edit left traces")
                }
                Ok(hash) => assert!(document.has_all(&[hash])),
            }
            let saved = document.save();
            assert!(saved.len() <= before.0.len() + 4 * edit::limits::BYTES, "{} bytes", saved.len());
            let loaded = Document::load(&saved);
            assert!(
                loaded.is_ok_and(|it| it.heads() == document.heads() && it.fields() == document.fields()),
                "what was saved does not load as it was"
            );
            assert!(Document::is_intact(&saved, &document.heads()) || document.is_empty());
            if !document.is_empty() {
                let next = document.write(DOC, ActorId([99; 16]), 9, &[("next".to_owned(), Scalar::Int(1))]);
                assert!(next.is_ok_and(|edit| edit.is_some()), "nobody can write to it any more");
            }
            admitted.is_ok()
        })
    })
}

/// The signed bytes of an act.
pub fn fuzz_act(data: &[u8]) -> bool {
    let signed = SignedAct { body: data.to_vec(), signature: Signature([7; 64]) };
    let Ok(act) = signed.read() else { return false };
    let key = PublicKey(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes());
    assert!(signed.verify(&key).is_err(), "a signature that is none");
    let _ = (act.time.again(), act.time.within_ms(), act.time.doubt());
    true
}

/// A stored or received document of one edit. Automerge's own bytes never come from outside.
pub fn fuzz_seed(data: &[u8]) -> bool {
    if data.starts_with(&[0x85, 0x6f, 0x4a, 0x83]) {
        return false;
    }
    let Ok(document) = Document::load(data) else { return false };
    let heads = document.heads();
    assert!(Document::is_intact(data, &heads));
    assert!(!Document::is_intact(data, &[ChangeHash([9; 32])]));
    let _ =
        (document.fields(), document.history(), document.conflicts(), document.edits(DOC), document.save());
    let mut copy = document.clone();
    let written = copy.write(DOC, ActorId([99; 16]), 9, &[("next".to_owned(), Scalar::Int(1))]);
    // One that is not what its author made is refused as damaged.
    if written.is_ok() {
        let loaded = Document::load(&copy.save());
        assert!(loaded.is_ok_and(|loaded| loaded.heads() == copy.heads()));
    }
    true
}

/// Enrolment, both ways.
pub fn fuzz_enrol(data: &[u8]) -> bool {
    let answer = wire::unpack::<EnrolAnswer>(data, wire::ANSWER).is_ok();
    let Ok(request) = wire::unpack::<EnrolRequest>(data, wire::REQUEST) else { return answer };
    let _ = (request.is_proven(), invite::read(&request.code));
    true
}

/// A bundle of unsent work, read to its end.
pub fn fuzz_handover(data: &[u8]) -> bool {
    let _ = handover::team_of(&mut &*data);
    let Ok(mut reader) = Reader::open(data, &SECRET, TEAM) else { return false };
    loop {
        match reader.part() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => return false,
        }
    }
    let key = PublicKey(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes());
    Reader::open(data, &SECRET, TEAM).and_then(Reader::check).is_ok_and(|whole| whole.verify(&key).is_ok())
}

/// The headers of uploads and downloads.
pub fn fuzz_tus(data: &[u8]) -> bool {
    let Ok(header) = std::str::from_utf8(data) else { return false };
    let metadata = blob::Metadata::read(header);
    if let Ok(metadata) = &metadata {
        assert!(blob::Metadata::read(&metadata.header()).as_ref() == Ok(metadata));
    }
    let mut fine =
        metadata.is_ok() | blob::read_checksum(header).is_ok() | blob::read_count(header).is_some();
    for size in [0, 1, 10, u64::MAX] {
        if let Ok(range) = blob::read_range(header, size) {
            fine |= range.is_some();
            assert!(range.is_none_or(|range| range.start < range.end && range.end <= size));
        }
    }
    fine
}

/// What a person or a phone shows: invitations, tokens, codes in paths.
pub fn fuzz_secrets(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let span = text.parse::<Span>();
    if let Ok(span) = &span {
        assert!(span.first <= span.last && span.to_string().parse::<Span>() == Ok(*span));
    }
    let scope = text.parse::<Scope>();
    if let Ok(scope) = &scope {
        assert!(scope.to_string().parse::<Scope>().as_ref() == Ok(scope));
    }
    invite::read(text).is_some() | token::read(text).is_some() | span.is_ok() | scope.is_ok()
}

/// A pack.
pub fn fuzz_pack(data: &[u8]) -> bool {
    let Ok(bundle) = Bundle::decode(data) else { return false };
    assert!(bundle.encode().is_ok_and(|again| again == data), "two spellings of one bundle");
    let _ = Pack::load(&bundle);
    true
}

/// The stream of wake-ups.
pub fn fuzz_events(data: &[u8]) -> bool {
    let mut heard = 0usize;
    let read = listen::read_events(data, &mut || heard += 1);
    assert!(heard <= data.len() / 8 + 1);
    read.is_ok() && heard > 0
}

/// Master data.
pub fn fuzz_table(data: &[u8]) -> bool {
    csv::read(data).is_ok()
}

const DOC: DocId = DocId([1; 16]);
const PEN: ActorId = ActorId([7; 16]);
const TEAM: TeamId = TeamId([3; 16]);
const SECRET: TeamSecret = TeamSecret([5; 32]);

/// A document of a few edits, and what could come next.
static BASE: LazyLock<(Document, Vec<Edit>)> = LazyLock::new(|| {
    let mut document = Document::new();
    {
        let mut write = |pen: u8, key: &str, value: Scalar| {
            let values = [(key.to_owned(), value)];
            let spent = vec![Spent { key: key.to_owned(), ms: 5 }];
            document
                .write_telling(DOC, ActorId([pen; 16]), 5, &values, spent)
                .ok()
                .flatten()
                .map(|(edit, _)| edit)
        };
        for (pen, key) in [(7, "a"), (7, "b"), (8, "a")] {
            write(pen, key, Scalar::from("text"));
        }
    }
    let base = document.clone();
    let mut next = vec![];
    for value in [Scalar::Null, Scalar::Bool(true), Scalar::Int(-1), Scalar::Float(1.5), Scalar::from("x")] {
        let values = [("a".to_owned(), value.clone()), ("sku/1/price".to_owned(), value)];
        next.extend(base.clone().write(DOC, PEN, 6, &values).ok().flatten());
    }
    (base, next)
});

fn packed<T: serde::Serialize>(message: &T) -> Vec<u8> {
    wire::pack(message).unwrap_or_default()
}

fn encoded<T: serde::Serialize>(message: &T) -> Vec<u8> {
    canonical::encode(message).unwrap_or_default()
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(plain, 1).unwrap_or_default()
}

fn act() -> Act {
    let reading = Reading { wall_ms: 1, mono_ms: 1, boot: BootId([0; 16]) };
    Act {
        id: ActId([5; 16]),
        doc: DOC,
        name: "submit".into(),
        person: PersonId([2; 16]),
        device: DeviceId([4; 16]),
        number: 1,
        pack: 1,
        heads: vec![ChangeHash([6; 32])],
        stage: "draft".into(),
        payload: [("reason".to_owned(), Scalar::from("because"))].into(),
        proofs: vec![ActId([8; 16])],
        time: TrustedTime::judge(reading, None),
    }
}

fn signed() -> Option<SignedAct> {
    act().sign(&SigningKey::from_bytes(&[1; 32])).ok()
}

fn all_items() -> Vec<PushItem> {
    let first = Document::new().write(DOC, PEN, 5, &[("a".to_owned(), Scalar::from("text"))]).ok().flatten();
    let edits = BASE.1.iter().cloned().chain(first).map(PushItem::Edit);
    edits.chain(signed().map(PushItem::Act)).collect()
}

fn items() -> Vec<Vec<u8>> {
    all_items().iter().filter_map(|item| item.pack().ok()).map(|item| item.0).collect()
}

fn acts() -> Vec<Vec<u8>> {
    signed().into_iter().map(|signed| signed.body).collect()
}

fn seeds() -> Vec<Vec<u8>> {
    let values = [("a".to_owned(), Scalar::from("text")), ("b".to_owned(), Scalar::Float(1.5))];
    (1..4u8)
        .map(|pen| {
            let mut document = Document::new();
            let written = document.write(DOC, ActorId([pen; 16]), i64::from(pen), &values);
            written.map(|_| document.save()).unwrap_or_default()
        })
        .collect()
}

fn requests() -> Vec<Vec<u8>> {
    let request = |push: Vec<Packed>| Request {
        device: DeviceId([4; 16]),
        epoch: Some(Epoch([4; 16])),
        cursors: [(Scope::Team, Seq(7)), (Scope::Person(PersonId([2; 16])), Seq(9))].into(),
        push,
        take: Take::default(),
        unsent: 3,
        wants_key: true,
        packs: vec![rounds_protocol::exchange::Wanted { pack: "a".into(), version: 1 }],
        again: true,
        acts: vec![ActId([5; 16])],
        status: Some(rounds_protocol::exchange::Status { app: "0.1.0".into(), held: vec![] }),
        docs: vec![DocId([8; 16])],
        level: Some(Level { seq: Seq(7), scopes: [9; 16] }),
        witness: Some(Witness { seq: Seq(7), mark: [6; 8], seal: [7; 16] }),
        apart: vec![1, 9],
        ruled: [(ActId([5; 16]), RuledBefore::As("send".into())), (ActId([6; 16]), RuledBefore::Refused)]
            .into(),
    };
    let items = all_items().iter().filter_map(|item| item.pack().ok()).collect();
    [request(vec![]), request(items)].iter().map(encoded).collect()
}

fn answers() -> Vec<Vec<u8>> {
    let refusal = Refusal::new("no", Text::new("不", "no"), Text::default());
    let verdict = |outcome| Verdict {
        act: ActId([5; 16]),
        doc: DOC,
        seq: Seq(9),
        outcome,
        stage: "draft".into(),
        facts: [("n".to_owned(), Scalar::Int(1))].into(),
        turned: None,
        at_ms: 7,
    };
    let ruled = signed()
        .map(|act| PullItem::Ruled { act, verdict: Box::new(verdict(Outcome::Blocked(refusal.clone()))) });
    let bytes = BASE.0.save();
    let mut pull = vec![
        PullItem::Snapshot { doc: DOC, bytes, projection: vec![1, 2, 3], conflicts: 1 },
        PullItem::Left { doc: DOC },
        PullItem::Damaged { doc: DOC },
        PullItem::Access { scope: Scope::Team, granted: true, at_ms: 5 },
        PullItem::Leader { person: PersonId([2; 16]), leads: true, at_ms: 5 },
        PullItem::Pack { bundle: vec![1] },
    ];
    pull.extend(ruled);
    let answer = Answer {
        receipts: vec![Receipt::Stored(Seq(1)), Receipt::Held(refusal.clone()), Receipt::Taken(refusal)],
        pull,
        cursors: [(Scope::Team, Seq(7))].into(),
        epoch: Epoch([4; 16]),
        more: true,
        server_ms: 5,
        team_key: Some(SECRET.public()),
        ended: None,
        level: Some(Level { seq: Seq(7), scopes: [9; 16] }),
        witness: Some(Witness { seq: Seq(7), mark: [6; 8], seal: [7; 16] }),
        lost: vec![Lost { doc: DocId([1; 16]), hash: BlobHash([3; 32]) }],
    };
    vec![encoded(&answer)]
}

fn enrolments() -> Vec<Vec<u8>> {
    let key = SigningKey::from_bytes(&[1; 32]);
    let role = rounds_model::people::Role::from(rounds_model::people::Role::REP);
    let person = rounds_model::people::Person { id: PersonId([2; 16]), name: "李娜".into(), role };
    let team = Team { id: TEAM, name: "大连".into(), zone: "Asia/Shanghai".into() };
    let (device, token) = (DeviceId([4; 16]), "secret".to_owned());
    let answer = EnrolAnswer { device, token, person, team, server_ms: 1 };
    vec![encoded(&EnrolRequest::new("5THF-89N1-JQ4E", "phone", &key)), encoded(&answer)]
}

fn bundles() -> Vec<Vec<u8>> {
    let head = Head { device: DeviceId([4; 16]), made_ms: 5, items: 2, blobs: 1, left_out: 0 };
    let items: Vec<Packed> = all_items().iter().take(2).filter_map(|item| item.pack().ok()).collect();
    let make = || -> Result<Vec<u8>, handover::CannotSeal> {
        let mut writer = Writer::begin(vec![], &SECRET.public(), TEAM, head, [9; 32])?;
        writer.part(&Part::Items(items.clone()))?;
        writer.part(&Part::Blob { doc: DOC, hash: BlobHash([6; 32]), size: 3 })?;
        writer.part(&Part::Piece(vec![1, 2, 3]))?;
        writer.end(&SigningKey::from_bytes(&[1; 32]))
    };
    make().into_iter().collect()
}

/// Parts of a bundle, to be spoiled before they are sealed.
fn parts() -> Vec<Vec<u8>> {
    let items: Vec<Packed> = all_items().iter().take(2).filter_map(|item| item.pack().ok()).collect();
    let blob = Part::Blob { doc: DOC, hash: BlobHash([6; 32]), size: 0 };
    let all = [Part::Items(items.clone()), Part::Held(items), blob];
    all.iter().filter_map(|part| canonical::encode(part).ok()).collect()
}

/// A bundle with this part in it, and a head that counts it.
fn sealed(part: &[u8]) -> Vec<u8> {
    let (items, blobs) = match canonical::decode(part) {
        Ok(Part::Items(items) | Part::Held(items)) => (items.len() as u64, 0),
        Ok(Part::Blob { .. }) => (0, 1),
        _ => (0, 0),
    };
    let head = Head { device: DeviceId([4; 16]), made_ms: 5, items, blobs, left_out: 0 };
    let make = || -> Result<Vec<u8>, handover::CannotSeal> {
        let mut writer = Writer::begin(vec![], &SECRET.public(), TEAM, head, [9; 32])?;
        writer.packed(&zstd(part))?;
        writer.end(&SigningKey::from_bytes(&[1; 32]))
    };
    make().unwrap_or_default()
}

fn headers() -> Vec<Vec<u8>> {
    let metadata = blob::Metadata { doc: DOC, hash: BlobHash([6; 32]) };
    let texts = [
        metadata.header(),
        blob::checksum_header(&[1; 32]),
        "bytes=2-5".into(),
        "bytes=-5".into(),
        "12".into(),
    ];
    texts.into_iter().map(String::into_bytes).collect()
}

fn secrets() -> Vec<Vec<u8>> {
    let token = format!("{}.{}", DeviceId([4; 16]), "5c".repeat(32));
    let person = Scope::Person(PersonId([2; 16])).to_string();
    ["5THF-89N1-JQ4E", &token, "12-15", "12", "team", &person, "area:大连"]
        .map(|text| text.as_bytes().to_vec())
        .into()
}

fn packs() -> Vec<Vec<u8>> {
    let manifest = include_bytes!("../../../core/packs/policy-application/pack.toml");
    let bundle = Bundle::new([("pack.toml", manifest.to_vec())]);
    bundle.ok().and_then(|bundle| bundle.encode().ok()).into_iter().collect()
}

fn events() -> Vec<Vec<u8>> {
    vec![b": \n\ndata: new\n\n:\n\ndata:new\r\n\r\n".to_vec(), b"event: x\ndata: other\n\ndata: new".to_vec()]
}

fn tables() -> Vec<Vec<u8>> {
    vec!["code,label\nS1,\"中山,店\"\nS2,\"a \"\"b\"\"\"\n".into(), "\u{feff}a;b\r\n1;2\r\n".into()]
}
