//! A store that the app of version 1 made, with a shelf audit and its photo, opened by this one.

use rounds_device::platform::System;
use rounds_device::store::{Store, uploads};
use rounds_device::{Key, Rounds};
use rounds_model::text::Lang;
use std::path::Path;
use std::sync::Arc;

#[test]
fn a_store_of_version_1_is_upgraded_and_its_photo_is_queued() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-v1");
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("blobs")).unwrap();
    std::fs::copy(fixture.join("rounds.db"), dir.path().join("rounds.db")).unwrap();
    for blob in std::fs::read_dir(fixture.join("blobs")).unwrap() {
        let blob = blob.unwrap();
        std::fs::copy(blob.path(), dir.path().join("blobs").join(blob.file_name())).unwrap();
    }
    let mut key = [0; 32];
    let text = std::fs::read_to_string(fixture.join("phone.key")).unwrap();
    hex::decode_to_slice(text.trim(), &mut key).unwrap();

    let rounds = Rounds::open(dir.path(), Key(key), Arc::new(System)).unwrap();
    let status = rounds.status(Lang::En).unwrap();
    assert_eq!((status.media.sent, status.media.total), (0, 1), "{status:?}");
    let audits = rounds.list("audit", None, 9, Lang::En).unwrap();
    let media = audits.rows[0].media.unwrap();
    assert_eq!((media.sent, media.total), (0, 1));
    let outbox = rounds.outbox(Lang::En).unwrap();
    assert_eq!(outbox.media[0].record.as_ref().unwrap().kind, "audit");
    assert!(rounds.verify().unwrap().is_clean());
    rounds.close().unwrap();

    let store = Store::open(&dir.path().join("rounds.db"), Key(key)).unwrap();
    let waiting = store.read(|db| uploads::waiting(db, 9)).unwrap();
    assert_eq!((waiting.len(), waiting[0].receipt_ms, waiting[0].sent), (1, None, 0));
}
