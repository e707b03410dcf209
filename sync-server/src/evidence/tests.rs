//! Evidence as it arrives: confirmed, checked, and told.

mod whole;

use super::check::{self, AWAITED, BROKEN, CLOCK};
use super::exceptions::exceptions;
use super::looks::{DOUBTFUL, DUPLICATE, REPLACED};
use crate::admin::publish;
use crate::blobs::keep::Keep;
use crate::blobs::recordings::acted;
use crate::blobs::staging::Staging;
use crate::blobs::uploads::{Announced, Part};
use crate::blobs::{Asker, Blobs, Limits};
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use crate::testing::{NOW, Office, Phone, act, doc, edit, ruling, words};
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use rounds_evidence::chain::verify::Expected;
use rounds_evidence::chain::{About, Chain, Ending, Fault, Finding, Link, Seal, Stop, verify};
use rounds_evidence::photo::{Look, Source, Taken};
use rounds_evidence::session::{Script, Session, Step};
use rounds_model::ids::{BlobHash, BootId, DeviceId, DocId};
use rounds_model::time::{Anchor, Judgement, Reading, TrustedTime};
use rounds_protocol::blob::Metadata;
use rounds_workflow::Bundle;
use sha2::{Digest, Sha256};
use std::sync::Arc;

const PACK: &str = r#"
id = "sales"
version = 1
title = { zh = "销售", en = "Sales" }

[kinds.sale]
title = { zh = "销售", en = "Sale" }
plural = { zh = "销售", en = "Sales" }
scope = "owner"
create = ["rep"]
initial = "draft"
fields = [
    { name = "customer", type = "text", title = { zh = "客户", en = "Customer" } },
    { name = "product", type = "text", title = { zh = "产品", en = "Product" } },
    { name = "recording", type = "file", title = { zh = "录制", en = "Recording" } },
    { name = "photo", type = "image", title = { zh = "照片", en = "Photo" } },
]
display = { title = { zh = "${customer}", en = "${customer}" } }
stages = { draft = { title = { zh = "草稿", en = "Draft" } }, done = { title = { zh = "完成", en = "Done" } }, passed = { title = { zh = "通过", en = "Passed" } } }
write = [{ stages = ["draft"], roles = ["rep"], fields = ["*"] }]

[[kinds.sale.recordings]]
field = "recording"
table = "tables/steps.csv"
script = "if(${product} = '', 'one', ${product})"
medium = "'audio'"

[kinds.sale.acts.finish]
title = { zh = "完成", en = "Finish" }
from = ["draft"]
to = "done"
roles = ["rep"]
seals = ["recording"]

[kinds.sale.acts.pass]
title = { zh = "通过", en = "Pass" }
from = ["done"]
to = "passed"
roles = ["supervisor"]
who = "anyone"

[kinds.sale.acts.shoot]
title = { zh = "拍摄", en = "Shoot" }
from = ["draft"]
to = "draft"
roles = ["rep"]
payload = [{ name = "photo", type = "image", title = { zh = "照片", en = "Photo" } }]

[kinds.sale.exceptions.unchecked]
title = { zh = "时钟未核对", en = "Clock not checked" }
when = "act('finish', '@clock') = 'unchecked'"
reason = { zh = "{${customer}}：时钟从未核对。", en = "{${customer}}: the clock was never compared." }
evidence = ["recording"]
rule = "Q9"
"#;

fn now() -> i64 {
    NOW
}

pub(crate) struct Desk {
    pub(crate) office: Office,
    pub(crate) li: Phone,
    pub(crate) blobs: Arc<Blobs>,
    asker: Asker,
}

pub(crate) async fn desk() -> Desk {
    let office = Office::new();
    let steps = "script,speaker,zh,en,needs\none,业务员,您确认吗,Do you confirm,是\n";
    let files = [("pack.toml", PACK.as_bytes().to_vec()), ("tables/steps.csv", steps.as_bytes().to_vec())];
    publish::publish(&office.db, office.team, &Bundle::new(files).unwrap(), false).unwrap();
    let li = office.phone("李娜");
    let folder = office.dir.path();
    let storage = Arc::new(Sqlite::open(&folder.join("rounds.db")).unwrap());
    let keep = Keep::folder(&folder.join("blobs")).unwrap();
    let staging = Staging::at(&folder.join("uploads")).unwrap();
    let blobs = Blobs::new(storage, keep, staging, Limits::default(), now);
    let asker = blobs.asker(&li.token).await.unwrap();
    Desk { office, li, blobs, asker }
}

pub(crate) fn hash(content: &[u8]) -> BlobHash {
    BlobHash(Sha256::digest(content).into())
}

fn at(mono_ms: u64) -> TrustedTime {
    TrustedTime::judge(Reading { wall_ms: NOW, mono_ms, boot: BootId([1; 16]) }, None)
}

/// A recording as a phone makes it, and its one segment.
pub(crate) fn recorded(doc: DocId, device: DeviceId, person: [u8; 16], segment: &[u8]) -> Vec<Link> {
    recorded_by(doc, device, person, segment, "您确认吗", at)
}

/// The same with another text and by other clocks.
fn recorded_by(
    doc: DocId,
    device: DeviceId,
    person: [u8; 16],
    segment: &[u8],
    text: &str,
    at: impl Fn(u64) -> TrustedTime,
) -> Vec<Link> {
    let step = |number, needs: &str| Step {
        number,
        speaker: "业务员".into(),
        text: text.into(),
        needs: needs.into(),
        hold_ms: 0,
    };
    let about = About {
        record: doc,
        field: "recording".into(),
        person: rounds_model::ids::PersonId(person),
        device,
        script: "sales/one 1".into(),
        steps: 1,
        medium: "audio".into(),
    };
    let script = Script { steps: vec![step(1, "是")] };
    let (mut session, mut links) = Session::begin(doc.0, script, about, &at(1)).unwrap();
    links.extend(session.resume(&at(2)).unwrap());
    links.extend(session.answer("是", &at(3)).unwrap());
    links.extend(session.mark(&at(4)).unwrap());
    links.extend(session.pause(Stop::Asked, Some(at(5).reading), &at(5)));
    links.extend(session.put_away(1, hash(segment), segment.len() as u64, 3, &at(6)).unwrap());
    links.extend(session.finish(Ending::Complete, &at(7)).unwrap());
    links
}

pub(crate) fn sealed(links: &[Link], key: &SigningKey) -> Vec<u8> {
    Chain::new(links, &Seal::sign(links.last().unwrap().hash, key)).text.into_bytes()
}

impl Desk {
    /// A record that is answered with this chain, and finished.
    pub(crate) fn finished(&mut self, n: u8, chain: &[u8]) {
        self.finished_for(n, "王强", chain);
    }

    /// The same with another customer.
    pub(crate) fn finished_for(&mut self, n: u8, customer: &str, chain: &[u8]) {
        self.finished_as(n, customer, &hash(chain).to_string(), "complete");
    }

    /// Where a file is kept.
    pub(crate) fn kept(&self, content: &[u8]) -> std::path::PathBuf {
        let (name, team) = (hash(content).to_string(), self.office.team.to_string());
        self.office.dir.path().join("blobs").join(team).join(&name[..2]).join(&name)
    }

    /// The same, saying that it ended so.
    fn finished_as(&mut self, n: u8, customer: &str, answer: &str, ending: &str) {
        let with = format!(r#"{{"kept":"{answer}","with":[],"ending":"{ending}"}}"#);
        let answers = [("customer", customer), ("recording", answer), ("recording/@taken", with.as_str())];
        let first = self.li.create(doc(n), "sale", self.li.person, &answers);
        let finish = self.li.act(doc(n), "finish", "draft");
        let pushed = vec![edit(&first), act(&finish)];
        let got = self.li.try_exchange(&self.office, pushed, true).unwrap();
        assert_eq!(words(&got.receipts), ["stored"; 2]);
    }

    /// From the phone that the rep has now.
    async fn upload_as(&self, n: u8, content: &[u8]) {
        let asker = self.blobs.asker(&self.li.token).await.unwrap();
        self.upload_by(&asker, n, content).await;
    }

    pub(crate) async fn upload(&self, n: u8, content: &[u8]) {
        self.upload_by(&self.asker, n, content).await;
    }

    async fn upload_by(&self, asker: &Asker, n: u8, content: &[u8]) {
        let metadata = Metadata { hash: hash(content), doc: doc(n) };
        let announced = Announced { size: content.len() as u64, metadata, resume: false };
        let at = self.blobs.create(asker, announced).await.unwrap();
        if content.is_empty() {
            return;
        }
        let part = Part { offset: 0, length: None, checksum: None };
        let piece = Ok::<_, std::io::Error>(Bytes::copy_from_slice(content));
        let piece = futures_util::stream::iter([piece]);
        let done = self.blobs.append(asker, at.upload.unwrap(), part, piece).await.unwrap();
        assert_eq!(done.received, Some(NOW));
    }

    fn codes(&self, n: u8) -> Vec<String> {
        let view = self.office.db.read(self.office.team).unwrap();
        let all = exceptions(&*view, NOW).unwrap();
        for exception in &all {
            assert!(!exception.what.zh.is_empty() && !exception.reason.en.is_empty(), "{exception:?}");
        }
        all.into_iter().filter(|e| e.doc == doc(n)).map(|e| e.code).collect()
    }

    pub(crate) async fn findings(&self, n: u8, media: bool) -> Vec<Finding> {
        let checked = self.blobs.check_recordings(self.office.team, doc(n), media).await.unwrap();
        checked[0].report.as_ref().unwrap().findings.clone()
    }
}

#[tokio::test]
async fn q9_what_an_act_seals_is_signed_by_the_server_with_its_time() {
    let mut desk = desk().await;
    let segment = b"sound".as_slice();
    let chain = sealed(&recorded(doc(1), desk.li.device, desk.li.person.0, segment), &desk.li.key);
    desk.finished(1, &chain);
    let view = desk.office.db.read(desk.office.team).unwrap();
    let rules = desk.office.rules.of(&*view).unwrap();
    let found = check::recordings(&*view, &rules, doc(1)).unwrap();
    assert!(found[0].confirmation_fits && !found[0].arrived);
    assert_eq!(found[0].confirmed.as_ref().unwrap().at_ms, NOW);
    drop(view);
    // The chain before its media: told, and no longer once they are there.
    desk.upload(1, &chain).await;
    assert_eq!(desk.codes(1), [BROKEN, "unchecked"]);
    assert_eq!(desk.findings(1, false).await[0].fault, Fault::NoMedia);
    desk.upload(1, segment).await;
    assert_eq!(desk.codes(1), ["unchecked"]);
    assert_eq!(desk.findings(1, true).await, vec![]);
}

#[tokio::test]
async fn a_forged_recording_is_told_to_the_supervisor_and_holds_nobody_up() {
    let mut desk = desk().await;
    let segment = b"sound".as_slice();
    let links = recorded(doc(1), desk.li.device, desk.li.person.0, segment);
    let other = SigningKey::from_bytes(&[99; 32]);
    let removed: Vec<Link> = links.iter().filter(|link| !link.body.contains(" mark ")).cloned().collect();
    let theirs = recorded(doc(9), desk.li.device, desk.li.person.0, segment);
    let forged = [
        (1, sealed(&links, &other), Fault::OtherKey),
        (
            2,
            sealed(&recorded(doc(2), desk.li.device, desk.li.person.0, segment), &desk.li.key),
            Fault::OtherMedia,
        ),
        (3, sealed(&removed, &desk.li.key), Fault::Missing),
        (4, sealed(&theirs, &desk.li.key), Fault::OtherRecord),
    ];
    for (n, chain, fault) in forged {
        desk.finished(n, &chain);
        desk.upload(n, segment).await;
        desk.upload(n, &chain).await;
        if fault == Fault::OtherMedia {
            assert_eq!(desk.findings(n, true).await, vec![], "as it was recorded");
            // Another file of the same length lies where the segment was.
            let name = hash(segment).to_string();
            let team = desk.office.team.to_string();
            let file = desk.office.dir.path().join("blobs").join(team).join(&name[..2]).join(&name);
            std::fs::write(file, b"noise").unwrap();
            let found = desk.findings(n, true).await;
            assert_eq!((found.len(), found[0].fault, found[0].field.as_str()), (1, fault, "sha256"));
            continue;
        }
        let found = desk.findings(n, false).await;
        assert!(found.iter().any(|finding| finding.fault == fault), "{n}: {found:?}");
        assert_eq!(desk.codes(n), [BROKEN, "unchecked"], "{n}");
    }
}

#[tokio::test]
async fn lesson_03_a_photo_nearly_like_an_earlier_one_of_the_team_is_told_and_so_is_a_replaced_one() {
    let mut desk = desk().await;
    let mut zhang = desk.office.phone("张伟");
    let look = Look(0x0f0f_3355_aa00_ff12);
    let taken = |device, content: &[u8], look, ms: i64| Taken {
        original: hash(b"raw"),
        kept: hash(content),
        width: 4,
        height: 3,
        source: Source::Lens,
        device,
        time: TrustedTime::judge(Reading { wall_ms: NOW + ms, mono_ms: 1, boot: BootId([1; 16]) }, None),
        place: None,
        mock: false,
        look,
        like: None,
    };
    let push = |phone: &mut Phone, n: u8, content: &[u8], told: &Taken| {
        let (photo, json) = (hash(content).to_string(), serde_json::to_string(told).unwrap());
        let answers = [("customer", "王强"), ("photo", photo.as_str()), ("photo/@taken", json.as_str())];
        let first = phone.create(doc(n), "sale", phone.person, &answers);
        let got = phone.try_exchange(&desk.office, vec![edit(&first)], true).unwrap();
        assert_eq!(words(&got.receipts), ["stored"]);
    };
    let (li_device, zhang_device) = (desk.li.device, zhang.device);
    push(&mut desk.li, 1, b"a", &taken(li_device, b"a", look, 0));
    push(&mut zhang, 2, b"b", &taken(zhang_device, b"b", Look(look.0 ^ 0b1011), 60_000));
    push(&mut zhang, 3, b"c", &taken(zhang_device, b"c", Look(!look.0), 60_000));
    // Another photo under the question whose photo is known: the same name, not the same content.
    push(&mut zhang, 4, b"d", &taken(zhang_device, b"e", Look(!look.0 ^ 0xffff), 60_000));
    let codes = |n| desk.codes(n);
    assert_eq!((codes(1), codes(3)), (vec![], vec![]));
    assert_eq!((codes(2), codes(4)), (vec![DUPLICATE.to_owned()], vec![REPLACED.to_owned()]));
    let view = desk.office.db.read(desk.office.team).unwrap();
    let all = exceptions(&*view, NOW).unwrap();
    let like = all.iter().find(|e| e.code == DUPLICATE).unwrap();
    assert_eq!((like.other, like.evidence.as_slice()), (Some(doc(1)), &["photo".to_owned()][..]));
    assert!(like.reason.en.contains("3 of 64"), "{}", like.reason.en);
    // Whoever may see the copy need not be one who may see the first: it has no name in the words.
    let title = &all.iter().find(|e| e.doc == doc(2)).unwrap().title;
    assert!(!title.en.is_empty() && !like.reason.en.contains(&title.en), "{}", like.reason.en);
    drop(view);
    // The first one comes in last: its copy is told, which came in before.
    let copied = Look(0x1234_5678_9abc_def0);
    push(&mut zhang, 5, b"copy", &taken(zhang_device, b"copy", copied, 90_000));
    assert_eq!(desk.codes(5), Vec::<String>::new());
    push(&mut desk.li, 6, b"first", &taken(li_device, b"first", copied, 30_000));
    assert_eq!((desk.codes(5), desk.codes(6)), (vec![DUPLICATE.to_owned()], vec![]));
    // So is one that an act carries, and what it says of itself is of no other photo.
    let carried = taken(zhang_device, b"carried", Look(copied.0 ^ 1), 95_000);
    let json = serde_json::to_string(&carried).unwrap();
    for (n, kept, expected) in [(9, &b"carried"[..], "accepted"), (10, b"other", "payload-type")] {
        let first = zhang.create(doc(n), "sale", zhang.person, &[("customer", "王强")]);
        let photo = hash(kept).to_string();
        let payload = [("photo", photo.as_str()), ("photo/@taken", json.as_str())];
        let shoot = zhang.act_with(doc(n), "shoot", "draft", &payload);
        zhang.push(&desk.office, vec![edit(&first), act(&shoot)]);
        zhang.sync(&desk.office);
        assert_eq!(ruling(&zhang.verdicts[&doc(n)][0]), expected);
    }
    assert_eq!((desk.codes(9), desk.codes(10)), (vec![DUPLICATE.to_owned()], vec![]));
    // Walls look alike, and say nothing.
    for n in [7, 8] {
        push(&mut zhang, n, &[n], &taken(zhang_device, &[n], Look(0), 60_000));
        assert_eq!(desk.codes(n), Vec::<String>::new());
    }
    let view = desk.office.db.read(desk.office.team).unwrap();
    assert_eq!(view.looks_like(Look(0)).unwrap(), vec![], "nor are they kept");
}

#[tokio::test]
async fn lesson_15_what_a_photo_says_of_itself_is_judged_again_here() {
    let mut desk = desk().await;
    let zhang = desk.office.phone("张伟");
    let device = desk.li.device;
    let taken = |n: u8| Taken {
        original: hash(b"raw"),
        kept: hash(&[n]),
        width: 4,
        height: 3,
        source: Source::Lens,
        device,
        time: at(1),
        place: None,
        mock: false,
        look: Look(0),
        like: None,
    };
    let reading = |wall_ms, mono_ms| Reading { wall_ms, mono_ms, boot: BootId([1; 16]) };
    let anchor = Anchor { reading: reading(NOW - 1_000, 1), server_ms: NOW - 1_000, took_ms: 10 };
    let set = TrustedTime::judge(reading(NOW - 9_000_000, 900), Some(anchor));
    let cases = [
        (Taken { mock: true, ..taken(2) }, "made up"),
        (Taken { time: set, ..taken(3) }, "the clock was set"),
        (Taken { time: TrustedTime { at_ms: NOW - 86_400_000, ..at(1) }, ..taken(4) }, "does not follow"),
        (
            Taken { time: TrustedTime { judgement: Judgement::Trusted, ..at(1) }, ..taken(5) },
            "does not follow",
        ),
        (Taken { time: TrustedTime::judge(reading(NOW + 600_000, 1), None), ..taken(6) }, "later than"),
        (Taken { device: zhang.device, ..taken(7) }, "another phone"),
    ];
    let all = |desk: &Desk| {
        let view = desk.office.db.read(desk.office.team).unwrap();
        exceptions(&*view, NOW).unwrap()
    };
    for (told, why) in [(taken(1), "")].into_iter().chain(cases) {
        let n = (1..=7_u8).find(|n| told.kept == hash(&[*n])).unwrap();
        let (photo, json) = (told.kept.to_string(), serde_json::to_string(&told).unwrap());
        let answers = [("customer", "王强"), ("photo", photo.as_str()), ("photo/@taken", json.as_str())];
        let first = desk.li.create(doc(n), "sale", desk.li.person, &answers);
        let got = desk.li.try_exchange(&desk.office, vec![edit(&first)], true).unwrap();
        assert_eq!(words(&got.receipts), ["stored"], "nobody is held up");
        let found: Vec<_> = all(&desk).into_iter().filter(|e| e.doc == doc(n)).collect();
        match why {
            "" => assert_eq!(found, vec![]),
            why => {
                assert_eq!(found[0].code, DOUBTFUL, "{n}");
                assert!(found[0].reason.en.contains(why), "{}", found[0].reason.en);
            }
        }
    }
    // An answer elsewhere in the record changes nothing of what was said, and finds nothing anew.
    let other = desk.li.set(doc(2), "customer", "王小强");
    desk.li.try_exchange(&desk.office, vec![edit(&other)], true).unwrap();
    assert_eq!(desk.codes(2), [DOUBTFUL]);
}

#[tokio::test]
async fn a5_one_that_was_broken_off_passes_for_no_complete_one() {
    let mut desk = desk().await;
    let (device, person) = (desk.li.device, desk.li.person.0);
    let mut links = recorded(doc(1), device, person, b"sound");
    // As its maker's phone would have ended it before the last step.
    links.truncate(3);
    let step =
        Step {
            number: 1, speaker: "业务员".into(), text: "您确认吗".into(), needs: "是".into(), hold_ms: 0
        };
    let text: String = links.iter().map(Link::text).collect();
    let read = verify(text.as_bytes(), &Expected::of(doc(1)));
    let played: Vec<_> = links
        .iter()
        .cloned()
        .zip(read.links)
        .map(|(link, read)| (link, read.event.unwrap(), read.time.unwrap()))
        .collect();
    let script = Script { steps: vec![step] };
    let mut session = Session::played(doc(1).0, script, &played).unwrap();
    links.extend(session.pause(Stop::Asked, Some(at(5).reading), &at(5)));
    links.extend(session.put_away(1, hash(b"sound"), 5, 3, &at(6)).unwrap());
    links.extend(session.finish(Ending::BrokenOff, &at(7)).unwrap());
    let chain = sealed(&links, &desk.li.key);
    for (n, ending, told) in [(1, "complete", true), (2, "broken-off", false)] {
        // The second record has a chain of its own in truth; here only the ending is looked at.
        desk.finished_as(n, "王强", &hash(&chain).to_string(), ending);
        desk.upload(n, b"sound").await;
        desk.upload(n, &chain).await;
        let found = desk.findings(n, false).await;
        assert_eq!(found.iter().any(|f| f.field == "ending" && f.fault == Fault::Sum), told, "{found:?}");
    }
}

#[tokio::test]
async fn a_recording_is_checked_when_it_is_sealed_and_missed_when_it_never_comes() {
    let mut desk = desk().await;
    let (device, person) = (desk.li.device, desk.li.person.0);
    let chain = sealed(&recorded(doc(1), device, person, b"sound"), &desk.li.key);
    let awaited = |desk: &Desk, n: u8| {
        let view = desk.office.db.read(desk.office.team).unwrap();
        view.findings_of(doc(n)).unwrap().iter().any(|row| row.code == AWAITED)
    };
    desk.finished(1, &chain);
    desk.finished(2, b"never comes");
    assert!(awaited(&desk, 1) && awaited(&desk, 2));
    let later = |desk: &Desk, days: i64| {
        let view = desk.office.db.read(desk.office.team).unwrap();
        let all = exceptions(&*view, NOW + days * 86_400_000).unwrap();
        all.into_iter().filter(|e| e.code == AWAITED).map(|e| e.doc).collect::<Vec<_>>()
    };
    assert_eq!((later(&desk, 2), later(&desk, 4)), (vec![], vec![doc(2), doc(1)]));
    desk.upload(1, b"sound").await;
    desk.upload(1, &chain).await;
    assert!(!awaited(&desk, 1));
    assert_eq!(later(&desk, 4), [doc(2)]);
    // Everything is here before the act: the act is what it is checked for.
    let chain = sealed(&recorded(doc(3), device, person, b"sound"), &desk.li.key);
    let answer = hash(&chain).to_string();
    let with = format!(r#"{{"kept":"{answer}","with":[],"ending":"complete"}}"#);
    let answers = [("customer", "王强"), ("recording", answer.as_str()), ("recording/@taken", with.as_str())];
    let first = desk.li.create(doc(3), "sale", desk.li.person, &answers);
    desk.li.try_exchange(&desk.office, vec![edit(&first)], true).unwrap();
    desk.upload(3, b"sound").await;
    desk.upload(3, &chain).await;
    let finish = desk.li.act(doc(3), "finish", "draft");
    let pushed = vec![act(&finish)];
    let docs = acted(&pushed);
    desk.li.try_exchange(&desk.office, pushed, true).unwrap();
    assert!(awaited(&desk, 3));
    desk.blobs.note_sealed(desk.office.team, docs).await.unwrap();
    assert!(!awaited(&desk, 3));
    assert_eq!(desk.codes(3), ["unchecked"]);
}

#[tokio::test]
async fn what_was_checked_is_not_written_over_what_came_meanwhile() {
    let mut desk = desk().await;
    let chain = sealed(&recorded(doc(1), desk.li.device, desk.li.person.0, b"sound"), &desk.li.key);
    desk.finished(1, &chain);
    desk.upload(1, &chain).await;
    let team = desk.office.team;
    let before = desk.blobs.check_recordings(team, doc(1), false).await.unwrap().remove(0);
    assert!(!before.report.as_ref().unwrap().is_whole(), "its segment is not here");
    desk.upload(1, b"sound").await;
    assert_eq!(desk.codes(1), ["unchecked"]);
    assert!(!desk.blobs.note_checked(team, before).unwrap());
    assert_eq!(desk.codes(1), ["unchecked"], "nothing is missing any more");
}

#[tokio::test]
async fn a_rep_who_changed_phones_is_no_forger_and_an_unknown_signer_is_not_believed() {
    let mut desk = desk().await;
    let person = desk.li.person.0;
    let old = (desk.li.device, desk.li.key.clone());
    let chain = sealed(&recorded(doc(1), old.0, person, b"sound"), &old.1);
    desk.li = desk.office.phone("李娜");
    assert!(desk.li.person.0 == person && desk.li.device != old.0);
    let zhang = desk.office.phone("张伟");
    let unknown = SigningKey::from_bytes(&[98; 32]);
    let cases = [
        (1, chain, None),
        (
            2,
            sealed(&recorded(doc(2), DeviceId([99; 16]), person, b"sound"), &unknown),
            Some(Fault::UnknownSigner),
        ),
        // A colleague's phone that says it was this rep's.
        (
            3,
            sealed(&recorded(doc(3), zhang.device, person, b"sound"), &zhang.key),
            Some(Fault::UnknownSigner),
        ),
        // What a colleague recorded, sealed by this rep.
        (
            4,
            sealed(&recorded(doc(4), zhang.device, zhang.person.0, b"sound"), &zhang.key),
            Some(Fault::OtherRecord),
        ),
    ];
    for (n, chain, fault) in cases {
        desk.finished(n, &chain);
        desk.upload_as(n, b"sound").await;
        desk.upload_as(n, &chain).await;
        let found: Vec<Fault> = desk.findings(n, false).await.into_iter().map(|f| f.fault).collect();
        assert_eq!(found, fault.into_iter().collect::<Vec<_>>(), "{n}");
    }
}

#[tokio::test]
async fn lesson_15_clocks_in_doubt_and_times_after_the_receipt_reach_the_supervisor() {
    let mut desk = desk().await;
    let (device, person) = (desk.li.device, desk.li.person.0);
    let reading = |wall_ms, mono_ms| Reading { wall_ms, mono_ms, boot: BootId([1; 16]) };
    let anchor = Anchor { reading: reading(NOW - 60_000, 0), server_ms: NOW - 60_000, took_ms: 10 };
    let set = |mono: u64| {
        let wall = NOW - 60_000 + i64::try_from(mono).unwrap() + if mono > 3 { 7_200_000 } else { 0 };
        TrustedTime::judge(reading(wall, mono), Some(anchor))
    };
    let late = |mono| TrustedTime::judge(reading(NOW + 3_600_000, mono), None);
    let made = |n: u8, clock: &dyn Fn(u64) -> TrustedTime, text: &str| {
        recorded_by(doc(n), device, person, b"sound", text, clock)
    };
    let cases = [
        (1, made(1, &set, "您确认吗"), vec![CLOCK], None),
        (2, made(2, &late, "您确认吗"), vec![BROKEN], Some(Fault::Later)),
        (3, made(3, &at, "随便说说"), vec![BROKEN], Some(Fault::Script)),
    ];
    for (n, links, codes, fault) in cases {
        let chain = sealed(&links, &desk.li.key);
        desk.finished(n, &chain);
        desk.upload(n, b"sound").await;
        desk.upload(n, &chain).await;
        let found = desk.findings(n, false).await;
        assert_eq!(found.first().map(|f| f.fault), fault, "{n}: {found:?}");
        assert_eq!(desk.codes(n)[..1], codes[..], "{n}");
    }
}
