//! Uploads as functions: limits, kills in between, and who may read what.

use super::keep::Keep;
use super::staging::Staging;
use super::uploads::{Announced, Part, Progress};
use super::{Asker, Blobs, Limits};
use crate::admin::verify::verify;
use crate::error::Result;
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use crate::testing::{BOSS, NOW, Office, Phone, doc, edit};
use bytes::Bytes;
use futures_util::StreamExt;
use rounds_model::ids::{BlobHash, DocId};
use rounds_protocol::blob::{Checksum, Metadata};
use sha2::{Digest, Sha256};
use std::io::ErrorKind;
use std::sync::Arc;

fn now() -> i64 {
    NOW
}

fn later() -> i64 {
    NOW + Limits::default().patience_ms + 1
}

fn blobs_at(office: &Office, limits: Limits, clock: fn() -> i64) -> Arc<Blobs> {
    let folder = office.dir.path();
    let storage = Arc::new(Sqlite::open(&folder.join("rounds.db")).unwrap());
    let keep = Keep::folder(&folder.join("blobs")).unwrap();
    Blobs::new(storage, keep, Staging::at(&folder.join("uploads")).unwrap(), limits, clock)
}

/// A rep with a ticket, and the blobs of their server.
async fn desk(limits: Limits) -> (Office, Phone, Arc<Blobs>, Asker) {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let ticket = li.ticket(1, "灯坏了");
    li.push(&office, vec![edit(&ticket)]);
    let blobs = blobs_at(&office, limits, now);
    let asker = blobs.asker(&li.token).await.unwrap();
    (office, li, blobs, asker)
}

fn hash(content: &[u8]) -> BlobHash {
    BlobHash(Sha256::digest(content).into())
}

fn of(content: &[u8], doc: DocId, resume: bool) -> Announced {
    Announced { size: content.len() as u64, metadata: Metadata { hash: hash(content), doc }, resume }
}

async fn send(blobs: &Arc<Blobs>, asker: &Asker, at: &Progress, content: &[u8]) -> Result<Progress> {
    let part = Part { offset: at.offset, length: None, checksum: None };
    let piece = Ok::<_, std::io::Error>(Bytes::copy_from_slice(content));
    blobs.append(asker, at.upload.unwrap(), part, futures_util::stream::iter([piece])).await
}

async fn read(blobs: &Arc<Blobs>, asker: &Asker, hash: &BlobHash, range: std::ops::Range<u64>) -> Vec<u8> {
    let pieces: Vec<_> = blobs.read(asker.team, hash, range).await.unwrap().collect().await;
    pieces.into_iter().flat_map(|piece| piece.unwrap().to_vec()).collect()
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    result.unwrap_err().fault().code()
}

fn files(office: &Office, folder: &str) -> usize {
    fn count(path: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path());
        entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&office.dir.path().join(folder))
}

#[tokio::test]
async fn lesson_04_an_upload_goes_on_where_it_is_after_a_kill_of_the_server() {
    let (office, li, blobs, asker) = desk(Limits::default()).await;
    let content: Vec<u8> = (0..300_000u32).map(|n| (n / 7) as u8).collect();
    let at = blobs.create(&asker, of(&content, doc(1), false)).await.unwrap();
    let at = send(&blobs, &asker, &at, &content[..200_000]).await.unwrap();
    assert_eq!((at.offset, at.received), (200_000, None));
    let broken = [Ok(Bytes::from_static(&[0; 0])), Err(std::io::Error::from(ErrorKind::ConnectionReset))];
    let part = Part { offset: at.offset, length: None, checksum: None };
    let lost = blobs.append(&asker, at.upload.unwrap(), part, futures_util::stream::iter(broken)).await;
    assert_eq!(code(lost), "body-truncated");
    drop(blobs);

    let blobs = blobs_at(&office, Limits::default(), now);
    let asker = blobs.asker(&li.token).await.unwrap();
    let again = blobs.offset(&asker, at.upload.unwrap()).await.unwrap();
    assert_eq!(again.offset, 200_000);
    let found = blobs.create(&asker, of(&content, doc(1), true)).await.unwrap();
    assert_eq!((found.upload, found.offset), (at.upload, 200_000), "found without its place too");
    let done = send(&blobs, &asker, &again, &content[200_000..]).await.unwrap();
    assert_eq!((done.offset, done.received), (300_000, Some(NOW)));
    assert_eq!(blobs.offset(&asker, at.upload.unwrap()).await.unwrap(), done, "a lost answer is asked for");
    assert!(read(&blobs, &asker, &hash(&content), 5..299_999).await == content[5..299_999]);
    assert_eq!(files(&office, "uploads"), 0);
}

#[tokio::test]
async fn a_whole_that_was_not_checked_before_a_kill_is_finished_by_the_next_question() {
    let (office, _li, blobs, asker) = desk(Limits::default()).await;
    let at = blobs.create(&asker, of(b"photo", doc(1), false)).await.unwrap();
    let file = office.dir.path().join("uploads").join(hex::encode(at.upload.unwrap()));
    std::fs::write(file, b"photo").unwrap();
    let done = blobs.offset(&asker, at.upload.unwrap()).await.unwrap();
    assert_eq!((done.offset, done.received), (5, Some(NOW)));
    let empty = blobs.create(&asker, of(b"", doc(1), false)).await.unwrap();
    assert_eq!(empty.received, Some(NOW), "nothing to send");
}

#[tokio::test]
async fn another_content_than_announced_is_not_kept() {
    let (office, _li, blobs, asker) = desk(Limits::default()).await;
    let at = blobs.create(&asker, of(b"photo", doc(1), false)).await.unwrap();
    assert_eq!(code(send(&blobs, &asker, &at, b"phot0").await), "blob-hash-wrong");
    assert_eq!(code(blobs.offset(&asker, at.upload.unwrap()).await), "blob-upload-unknown");
    assert_eq!((files(&office, "uploads"), files(&office, "blobs")), (0, 0));
    let at = blobs.create(&asker, of(b"photo", doc(1), false)).await.unwrap();
    assert_eq!(code(send(&blobs, &asker, &at, b"photos").await), "body-too-large");
    let part = Part { offset: 0, length: Some(5), checksum: Some(Checksum::Sha256([0; 32])) };
    let piece = || futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"photo"))]);
    let damaged = blobs.append(&asker, at.upload.unwrap(), part, piece()).await;
    assert_eq!(code(damaged), "blob-part-damaged");
    assert_eq!(blobs.offset(&asker, at.upload.unwrap()).await.unwrap().offset, 0);
    let part = Part { offset: 2, ..part };
    assert_eq!(code(blobs.append(&asker, at.upload.unwrap(), part, piece()).await), "blob-offset");
}

#[tokio::test]
async fn limits_are_faults_of_their_own() {
    let limits = Limits { blob: 10, team: 25, unfinished: 2, ..Limits::default() };
    let (office, _li, blobs, asker) = desk(limits).await;
    let announce = |content: &'static [u8]| blobs.create(&asker, of(content, doc(1), false));
    assert_eq!(code(announce(b"eleven byte").await), "blob-too-large");
    assert_eq!(code(blobs.create(&asker, of(b"x", doc(9), false)).await), "blob-record");
    let first = announce(b"ten bytes.").await.unwrap();
    announce(b"10 bytes..").await.unwrap();
    assert_eq!(code(announce(b"a").await), "blob-too-many");
    send(&blobs, &asker, &first, b"ten bytes.").await.unwrap();
    announce(b"ten bytes.").await.unwrap();
    let blobs = blobs_at(&office, limits, later);
    blobs.create(&asker, of(b"five.", doc(1), false)).await.unwrap();
    assert_eq!(files(&office, "uploads"), 1, "the expired ones are gone");
}

/// Found by a critic: one phone that announced as much as its team may have, and sent nothing of it, kept the
/// photos of all others out for a fortnight.
#[tokio::test]
async fn what_is_only_announced_takes_nothing_from_the_team() {
    let limits = Limits { blob: 10, team: 25, announced: 19, ..Limits::default() };
    let (office, _li, blobs, asker) = desk(limits).await;
    let announce = async |asker: &Asker, content: &'static [u8], n| {
        blobs.create(asker, of(content, doc(n), false)).await
    };
    let first = announce(&asker, b"ten bytes.", 1).await.unwrap();
    let second = announce(&asker, b"nine byte", 1).await.unwrap();
    assert_eq!(code(announce(&asker, b"x", 1).await), "blob-announced");
    let mut zhao = office.phone("赵强");
    let ticket = zhao.ticket(2, "b");
    zhao.push(&office, vec![edit(&ticket)]);
    let other = blobs.asker(&zhao.token).await.unwrap();
    for content in [&b"10 bytes.."[..], b"nine bytes"] {
        let at = announce(&other, content, 2).await.unwrap();
        assert!(send(&blobs, &other, &at, content).await.unwrap().received.is_some(), "there is room");
    }
    // Five bytes are left, for whoever sends them.
    let at = send(&blobs, &asker, &second, b"nin").await;
    assert_eq!(code(at), "blob-quota");
    assert_eq!(code(send(&blobs, &asker, &first, b"ten bytes.").await), "blob-quota");
    assert_eq!(code(announce(&other, b"six...", 2).await), "blob-quota");
    let small = announce(&other, b"five.", 2).await.unwrap();
    send(&blobs, &other, &small, b"fi").await.unwrap();
    assert_eq!(code(announce(&other, b"four", 2).await), "blob-quota", "what has arrived counts");
    assert!(send(&blobs, &other, &Progress { offset: 2, ..small }, b"ve.").await.unwrap().received.is_some());
}

/// Found by a critic: an upload was remembered for a fortnight from its beginning, whatever came of it since; and
/// whoever announced another one removed it under whoever was just writing to it.
#[tokio::test]
async fn an_upload_of_which_something_comes_is_not_forgotten() {
    use std::sync::atomic::{AtomicI64, Ordering};
    static CLOCK: AtomicI64 = AtomicI64::new(NOW);
    let (office, li, blobs, asker) = desk(Limits::default()).await;
    drop((blobs, asker));
    let blobs = blobs_at(&office, Limits::default(), || CLOCK.load(Ordering::Relaxed));
    let asker = blobs.asker(&li.token).await.unwrap();
    let day = 24 * 3_600_000;
    let content = [7u8; 40];
    let mut at = blobs.create(&asker, of(&content, doc(1), false)).await.unwrap();
    for part in content[..30].chunks(10) {
        CLOCK.fetch_add(10 * day, Ordering::Relaxed);
        at = send(&blobs, &asker, &at, part).await.unwrap();
        blobs.create(&asker, of(b"another", doc(1), true)).await.unwrap();
    }
    assert_eq!(at.expires, NOW + 30 * day + Limits::default().patience_ms);
    // Its time is over while a part is on its way.
    let (pieces, body) = tokio::sync::mpsc::unbounded_channel::<std::io::Result<Bytes>>();
    let body = futures_util::stream::unfold(body, async |mut body| Some((body.recv().await?, body)));
    let (writing, by) = (Arc::clone(&blobs), asker.clone());
    let last = Part { offset: 30, length: None, checksum: None };
    let writing =
        tokio::spawn(async move { writing.append(&by, at.upload.unwrap(), last, Box::pin(body)).await });
    pieces.send(Ok(Bytes::copy_from_slice(&content[30..35]))).unwrap();
    let file = office.dir.path().join("uploads").join(hex::encode(at.upload.unwrap()));
    while std::fs::metadata(&file).unwrap().len() < 35 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    CLOCK.fetch_add(20 * day, Ordering::Relaxed);
    blobs.create(&asker, of(b"a third", doc(1), false)).await.unwrap();
    pieces.send(Ok(Bytes::copy_from_slice(&content[35..]))).unwrap();
    drop(pieces);
    let done = writing.await.unwrap().unwrap();
    assert_eq!((done.offset, done.received), (40, Some(NOW + 50 * day)));
}

/// Found by a critic: a photo that was answered over before it was sent was refused for ever once its record
/// had gone to somebody else, or its phone was revoked; so the record never left, and the phone never ended.
#[tokio::test]
async fn what_a_record_ever_named_is_taken_from_a_device_that_holds_it_no_more() {
    let (office, mut li, blobs, asker) = desk(Limits::default()).await;
    let mut boss = office.phone(BOSS);
    boss.sync(&office);
    let name = |phone: &mut Phone, content: &[u8]| {
        let named = edit(&phone.set(doc(1), "note", &hash(content).to_string()));
        phone.push(&office, vec![named]);
    };
    name(&mut li, b"answered over");
    name(&mut li, b"one side");
    // Written without having seen the other: one of the two loses.
    name(&mut boss, b"the other side");
    let spare = li.act_with(doc(1), "send", "open", &[("reason", &hash(b"by an act").to_string())]);
    li.push(&office, vec![rounds_protocol::exchange::PushItem::Act(spare).pack().unwrap()]);
    let away = Asker { scopes: Default::default(), ..asker };
    for content in ["answered over", "one side", "the other side", "by an act"] {
        let at = blobs.create(&away, of(content.as_bytes(), doc(1), true)).await;
        let done = send(&blobs, &away, &at.unwrap(), content.as_bytes()).await.unwrap();
        assert!(done.received.is_some(), "{content}");
    }
    assert_eq!(code(blobs.create(&away, of(b"never named", doc(1), true)).await), "blob-record");
}

#[tokio::test]
async fn only_who_holds_a_record_with_the_blob_may_read_it() {
    let (office, _li, blobs, asker) = desk(Limits::default()).await;
    let at = blobs.create(&asker, of(b"photo", doc(1), false)).await.unwrap();
    send(&blobs, &asker, &at, b"photo").await.unwrap();
    let mut zhao = office.phone("赵强");
    let other = blobs.asker(&zhao.token).await.unwrap();
    let boss = blobs.asker(&office.phone(BOSS).token).await.unwrap();
    assert_eq!(blobs.find(&boss, hash(b"photo")).await.unwrap().size, 5);
    assert_eq!(code(blobs.find(&other, hash(b"photo")).await), "blob-unknown");
    assert_eq!(code(blobs.offset(&other, at.upload.unwrap()).await), "blob-upload-unknown");
    assert_eq!(code(blobs.create(&other, of(b"photo", doc(1), true)).await), "blob-record");

    let ticket = zhao.ticket(2, "b");
    zhao.push(&office, vec![edit(&ticket)]);
    let claimed = blobs.create(&other, of(b"photo", doc(2), true)).await.unwrap();
    assert!(claimed.upload.is_some(), "who cannot read it must show that they have it");
    assert_eq!(code(blobs.find(&other, hash(b"photo")).await), "blob-unknown");
    send(&blobs, &other, &claimed, b"photo").await.unwrap();
    assert_eq!(blobs.find(&other, hash(b"photo")).await.unwrap().size, 5);
    assert_eq!(files(&office, "blobs"), 1, "the same content is kept once");
}

#[tokio::test]
async fn lesson_03_the_same_photo_in_two_records_is_sent_once_and_counts_for_both() {
    let (office, mut li, blobs, asker) = desk(Limits::default()).await;
    let ticket = li.ticket(2, "b");
    li.push(&office, vec![edit(&ticket)]);
    let at = blobs.create(&asker, of(b"photo", doc(1), true)).await.unwrap();
    send(&blobs, &asker, &at, b"photo").await.unwrap();
    let known = blobs.create(&asker, of(b"photo", doc(2), true)).await.unwrap();
    assert_eq!((known.upload, known.offset, known.received), (None, 5, Some(NOW)));
    let view = office.db.read(office.team).unwrap();
    for n in [1, 2] {
        assert_eq!(view.blobs_of(doc(n)).unwrap().len(), 1);
    }
}

/// Found by a user: a photo whose file was moved away was "busy", for ever, and the phone that had it was not asked.
#[tokio::test]
async fn a_photo_whose_file_is_gone_or_cut_off_is_told_and_asked_for_again() {
    let (office, mut li, blobs, asker) = desk(Limits::default()).await;
    let content = [b"\xff\xd8\xff".as_slice(), &[7; 5_000]].concat();
    let named = edit(&li.set(doc(1), "note", &hash(&content).to_string()));
    li.push(&office, vec![named]);
    let at = blobs.create(&asker, of(&content, doc(1), true)).await.unwrap();
    send(&blobs, &asker, &at, &content).await.unwrap();
    let row = blobs.find(&asker, hash(&content)).await.unwrap();
    blobs.check_kept(asker.team, &row).await.unwrap();
    let asked = |phone: &mut Phone| phone.try_exchange(&office, vec![], false).unwrap().lost;
    assert!(asked(&mut li).is_empty());
    let name = hash(&content).to_string();
    let file = office.dir.path().join("blobs").join(asker.team.to_string()).join(&name[..2]).join(&name);
    let mut boss = office.phone(BOSS);
    for gone in [true, false] {
        if gone {
            std::fs::remove_file(&file).unwrap();
        } else {
            std::fs::write(&file, &content[..100]).unwrap();
        }
        assert_eq!(code(blobs.check_kept(asker.team, &row).await), "blob-lost");
        let lost = asked(&mut li);
        assert_eq!(lost.iter().map(|lost| (lost.doc, lost.hash)).collect::<Vec<_>>(), [(doc(1), row.hash)]);
        assert!(asked(&mut boss).is_empty(), "only who brought it");
        // And it is taken, whole, although it is known.
        let at = blobs.create(&asker, of(&content, doc(1), true)).await.unwrap();
        assert_eq!((at.offset, at.received), (0, None));
        assert!(send(&blobs, &asker, &at, &content).await.unwrap().received.is_some());
        blobs.check_kept(asker.team, &row).await.unwrap();
        assert!(read(&blobs, &asker, &row.hash, 0..row.size).await == content);
        assert!(asked(&mut li).is_empty());
    }
}

/// Found by a user: the same bundle, brought again, had a new photo each time.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_a_bundle_brings_again_is_no_new_one() {
    use rounds_protocol::handover::{Head, Part as Piece, Writer};
    let (office, mut li, blobs, _) = desk(Limits::default()).await;
    let content = [b"\xff\xd8\xff".as_slice(), &[7; 5_000]].concat();
    let named = edit(&li.set(doc(1), "note", &hash(&content).to_string()));
    // She is gone: what she brings waits for a decision, and she cannot read what she brought before.
    let heir = crate::admin::leaving::Heir::Office;
    crate::admin::team::revoke_person(&office.db, office.team, "李娜", heir, NOW).unwrap();
    let head = Head { device: li.device, made_ms: 1, items: 1, blobs: 1, left_out: 0 };
    let key = crate::handover::team_key(&office.db, office.team).unwrap();
    let mut writer = Writer::begin(vec![], &key, office.team, head, [8; 32]).unwrap();
    writer.part(&Piece::Items(vec![named])).unwrap();
    let (hash, size) = (hash(&content), content.len() as u64);
    writer.part(&Piece::Blob { doc: doc(1), hash, size }).unwrap();
    writer.part(&Piece::Piece(content)).unwrap();
    let file = office.dir.path().join("bundle");
    std::fs::write(&file, writer.end(&li.key).unwrap()).unwrap();
    let take = || {
        let checked = crate::handover::check(&office.db, &file).unwrap();
        let import = crate::handover::import::import;
        let taken = || import(&office.db, &office.rules, Some(&blobs), &checked, &file, NOW).unwrap();
        let taken = tokio::task::block_in_place(taken);
        (taken.blobs, taken.blobs_known, taken.blobs_left)
    };
    assert_eq!([take(), take(), take()], [(1, 0, 0), (0, 1, 0), (0, 1, 0)]);
}

/// Found by a critic: a server that was put back to its backup had the photo and did not know it, and the
/// phone that had sent it had let go of it.
#[tokio::test]
async fn a_photo_that_is_here_is_its_record_s_again_when_its_edit_comes_back() {
    let (office, mut li, blobs, asker) = desk(Limits::default()).await;
    let backup = office.dir.path().join("backup.db");
    office.db.backup(&backup).unwrap();
    let content = [b"\xff\xd8\xff".as_slice(), &[7; 5_000]].concat();
    let named = edit(&li.set(doc(1), "note", &hash(&content).to_string()));
    li.push(&office, vec![named.clone()]);
    let at = blobs.create(&asker, of(&content, doc(1), true)).await.unwrap();
    assert!(send(&blobs, &asker, &at, &content).await.unwrap().received.is_some());
    drop(blobs);

    let restored = Office::of(&backup, office.team);
    let put_back = |from: &str| {
        let (from, to) = (office.dir.path().join(from), restored.dir.path().join(from));
        std::process::Command::new("cp").arg("-r").args([from, to]).status().unwrap();
    };
    put_back("blobs");
    let blobs = blobs_at(&restored, Limits::default(), now);
    let asker = blobs.asker(&li.token).await.unwrap();
    let adopt = async |li: &mut Phone| {
        let push = vec![named.clone()];
        li.forget();
        let answer = li.try_exchange(&restored, push.clone(), false).unwrap();
        let named = super::adopt::named(&push, &answer);
        blobs.adopt(asker.team, li.device, named).await.unwrap()
    };
    assert_eq!(adopt(&mut li).await, 0, "of a database that was never put back nothing is asked");
    restored.db.begin_epoch(restored.team, rounds_model::ids::Epoch([9; 16])).unwrap();
    assert_eq!(code(blobs.find(&asker, hash(&content)).await), "blob-unknown");
    let lacking = || verify(&*restored.db.read(restored.team).unwrap()).unwrap().photos_lacking;
    assert_eq!(lacking(), 1);
    assert_eq!(adopt(&mut li).await, 1);
    assert_eq!(lacking(), 0);
    let found = blobs.find(&asker, hash(&content)).await.unwrap();
    assert_eq!((found.size, found.media.as_str()), (content.len() as u64, "image/jpeg"));
    assert!(read(&blobs, &asker, &hash(&content), 0..found.size).await == content);
    assert_eq!(adopt(&mut li).await, 0, "it is known");
}
