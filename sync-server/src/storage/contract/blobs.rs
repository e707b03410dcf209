//! Blobs and uploads.

use super::{Backend, OTHER, TEAM, doc, team, with_team};
use crate::storage::blobs::{BlobRow, Unfinished, UploadRow};
use rounds_model::ids::{BlobHash, DeviceId};

fn blob(n: u8, size: u64) -> BlobRow {
    BlobRow { hash: BlobHash([n; 32]), size, media: "image/jpeg".into(), received: 5 }
}

pub fn blobs_are_kept_once_and_counted<B: Backend>() {
    let mut b = with_team::<B>();
    b.storage().add_team(&team(OTHER)).unwrap();
    let device = DeviceId([5; 16]);
    let mut tx = b.storage().write(TEAM).unwrap();
    for row in [blob(1, 100), blob(2, 30), BlobRow { received: 9, ..blob(1, 100) }] {
        tx.put_blob(&row).unwrap();
    }
    for at in [1, 2] {
        tx.put_blob_doc(doc(1), &BlobHash([1; 32]), device, at).unwrap();
        tx.put_blob_doc(doc(2), &BlobHash([1; 32]), device, at).unwrap();
    }
    assert_eq!(tx.put_lost(&BlobHash([1; 32])).unwrap(), 2, "for both records that it was brought for");
    tx.commit().unwrap();
    b.restart();
    let lost = |b: &B, limit| b.storage().read(TEAM).unwrap().lost_by(device, limit).unwrap();
    assert_eq!(lost(&b, 9), [(doc(1), BlobHash([1; 32])), (doc(2), BlobHash([1; 32]))]);
    assert_eq!(lost(&b, 1).len(), 1);
    assert!(b.storage().read(TEAM).unwrap().lost_by(DeviceId([6; 16]), 9).unwrap().is_empty());
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.remove_lost(&BlobHash([1; 32])).unwrap();
    tx.commit().unwrap();
    assert!(lost(&b, 9).is_empty());
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.blob(&BlobHash([1; 32])).unwrap(), Some(blob(1, 100)), "the first one stays");
    assert_eq!(view.blob_bytes().unwrap(), 130);
    assert_eq!(view.docs_of_blob(&BlobHash([1; 32])).unwrap(), [doc(1), doc(2)]);
    assert_eq!(view.blobs_of(doc(2)).unwrap(), [blob(1, 100)]);
    assert!(view.blobs_of(doc(3)).unwrap().is_empty());
    drop(view);
    let other = b.storage().read(OTHER).unwrap();
    assert_eq!((other.blob(&BlobHash([1; 32])).unwrap(), other.blob_bytes().unwrap()), (None, 0));
}

pub fn uploads_are_of_a_device_and_end<B: Backend>() {
    let b = with_team::<B>();
    let (device, hash) = (DeviceId([5; 16]), BlobHash([1; 32]));
    let row = |n: u8, received| UploadRow {
        upload: [n; 16],
        device,
        doc: doc(1),
        hash,
        size: 50,
        held: 20,
        expires: n.into(),
        received,
    };
    let mut tx = b.storage().write(TEAM).unwrap();
    for n in [1, 2] {
        tx.put_upload(&row(n, None)).unwrap();
    }
    assert_eq!(tx.blob_bytes().unwrap(), 40, "what has arrived counts, and not what is announced");
    assert_eq!(tx.upload_of(device, doc(1), &hash).unwrap(), Some(row(1, None)));
    tx.put_upload(&row(1, Some(7))).unwrap();
    assert_eq!(tx.upload_of(device, doc(1), &hash).unwrap(), Some(row(2, None)));
    assert_eq!(tx.unfinished(device).unwrap(), Unfinished { uploads: 1, bytes: 50 });
    assert_eq!(tx.blob_bytes().unwrap(), 20);
    assert_eq!(tx.unfinished(DeviceId([6; 16])).unwrap(), Unfinished::default());
    assert_eq!(tx.expired_uploads(2, 9).unwrap(), [row(1, Some(7))]);
    assert_eq!(tx.expired_uploads(9, 1).unwrap().len(), 1);
    tx.remove_upload(&[2; 16]).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!((view.upload(&[2; 16]).unwrap(), view.unfinished(device).unwrap().uploads), (None, 0));
    assert_eq!(view.upload(&[1; 16]).unwrap(), Some(row(1, Some(7))));
}
