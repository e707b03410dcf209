//! Photos on a record's page: shown, saved or missing, and only for whoever may see the record.

use super::fixture::*;
use crate::blobs::keep::Keep;
use crate::blobs::{Blobs, Limits};
use crate::blobs::{media, staging::Staging};
use crate::console::{Console, routes};
use crate::storage::Storage;
use crate::storage::blobs::BlobRow;
use axum::http::StatusCode;
use rounds_model::ids::BlobHash;
use rounds_model::scope::Scope;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tempfile::TempDir;

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a shelf";
const PAGE: &[u8] = b"<html><script>alert(1)</script>";

fn hash(content: &[u8]) -> BlobHash {
    BlobHash(Sha256::digest(content).into())
}

/// A browser of the supervisor; the visit names both, and a third that nobody has received.
async fn desk(folder: &TempDir) -> (Fixture, Browser) {
    let f = Fixture::morning();
    let keep = Keep::folder(&folder.path().join("blobs")).unwrap();
    let named = [hash(JPEG), hash(PAGE), hash(b"on the phone")].map(|hash| hash.to_string());
    let fields = [("photo", named[0].as_str()), ("file", named[1].as_str()), ("sound", named[2].as_str())];
    for (doc, owner) in [(DONE, LI), (FOREIGN, SUN)] {
        f.record(doc, "visit", "done", owner, Scope::Person(owner), None, &[edit(owner, 9, &fields)]);
        for content in [JPEG, PAGE] {
            let file = folder.path().join("one");
            std::fs::write(&file, content).unwrap();
            keep.put(TEAM, &hash(content), &file).await.unwrap();
            let (media, size) = (media::of(content).to_owned(), content.len() as u64);
            let mut tx = f.storage.write(TEAM).unwrap();
            tx.put_blob(&BlobRow { hash: hash(content), size, media, received: NOW }).unwrap();
            tx.put_blob_doc(doc, &hash(content), device(owner), NOW).unwrap();
            tx.commit().unwrap();
        }
    }
    let staging = Staging::at(&folder.path().join("uploads")).unwrap();
    let blobs = Blobs::new(f.storage.clone(), keep, staging, Limits::default(), || NOW);
    let console = Console::new(f.storage.clone(), Arc::new(super::kinds::Words), || NOW, false);
    let router = routes::routes(Console { blobs: Some(blobs), ..console });
    let browser = f.browser("陈静").await.at(router);
    (f, browser)
}

#[tokio::test]
async fn a_photo_is_shown_a_file_is_saved_and_what_is_missing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (_team, mut browser) = desk(&folder).await;
    let page = browser.get(&format!("/records/{DONE}")).await;
    let photo = format!("/records/{DONE}/blobs/{}", hash(JPEG));
    assert!(page.body.contains(&format!("<img src=\"{photo}\"")), "{}", page.body);
    assert!(!page.body.contains(&format!("<img src=\"/records/{DONE}/blobs/{}", hash(PAGE))));
    let answer = |key: &str| page.body.split(&format!("data-key=\"{key}\"")).nth(1).unwrap();
    let said = |key: &str| answer(key).split("</div>").next().unwrap().contains("Not yet received");
    assert_eq!(["photo", "file", "sound"].map(said), [false, false, true]);
    let shown = browser.get(&photo).await;
    assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert!(shown.header("content-disposition").starts_with("inline"));
    for (name, value) in [("x-content-type-options", "nosniff"), ("cache-control", "no-store")] {
        assert_eq!(shown.header(name), value);
    }
    assert!(shown.header("content-security-policy").starts_with("default-src 'none'"));
    let saved = browser.get(&format!("/records/{DONE}/blobs/{}", hash(PAGE))).await;
    assert_eq!(saved.header("content-type"), "application/octet-stream");
    assert!(saved.header("content-disposition").starts_with("attachment"));
    assert_eq!(saved.body.as_bytes(), PAGE);
}

#[tokio::test]
async fn a_wall_has_small_copies_that_a_browser_asks_about_before_it_shows_them_again() {
    let folder = tempfile::tempdir().unwrap();
    let (f, mut browser) = desk(&folder).await;
    let wall = browser.get("/kinds/visit/photos").await;
    let small = format!("/records/{DONE}/blobs/{}?small=1", hash(JPEG));
    assert!(wall.body.contains(&small) && !wall.body.contains(&FOREIGN.to_string()), "{}", wall.body);
    // This one only calls itself a picture: it is shown as it is.
    let shown = browser.get(&small).await;
    assert_eq!((shown.header("content-type"), shown.header("etag")), ("image/jpeg", ""));

    let mut large = vec![];
    let picture = image::RgbImage::from_fn(1_600, 1_200, |x, y| image::Rgb([x as u8, y as u8, 7]));
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut large, 95);
    image::DynamicImage::ImageRgb8(picture).write_with_encoder(encoder).unwrap();
    let keep = Keep::folder(&folder.path().join("blobs")).unwrap();
    let file = folder.path().join("large");
    std::fs::write(&file, &large).unwrap();
    keep.put(TEAM, &hash(&large), &file).await.unwrap();
    let (media, size) = ("image/jpeg".to_owned(), large.len() as u64);
    let mut tx = f.storage.write(TEAM).unwrap();
    tx.put_blob(&BlobRow { hash: hash(&large), size, media, received: NOW }).unwrap();
    for doc in [DONE, FOREIGN] {
        tx.put_blob_doc(doc, &hash(&large), device(LI), NOW).unwrap();
    }
    tx.commit().unwrap();
    let path = format!("/records/{DONE}/blobs/{}?small=1", hash(&large));
    for _ in 0..2 {
        let copy = browser.get(&path).await;
        assert_eq!((copy.status, copy.header("content-type")), (StatusCode::OK, "image/jpeg"));
        assert_eq!(copy.header("cache-control"), "private, no-cache");
        assert!(copy.header("content-length").parse::<usize>().unwrap() * 3 < large.len());
        let tag = copy.header("etag").to_owned();
        let request = axum::http::Request::get(&path).header("if-none-match", &tag);
        let again = browser.send(request, axum::body::Body::empty()).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
    // Whoever may not see the record does not learn that there is a copy, or that theirs is still good.
    let foreign = path.replace(&DONE.to_string(), &FOREIGN.to_string());
    let tag = format!("\"{}-small\"", hash(&large));
    let request = axum::http::Request::get(&foreign).header("if-none-match", &tag);
    assert_eq!(browser.send(request, axum::body::Body::empty()).await.status, StatusCode::NOT_FOUND);
    let full = browser.get(&format!("/records/{DONE}/blobs/{}", hash(&large))).await;
    assert_eq!(full.header("content-length"), large.len().to_string());
    assert_eq!(full.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_photo_of_somebody_elses_record_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let (_team, mut browser) = desk(&folder).await;
    for path in [
        format!("/records/{FOREIGN}/blobs/{}", hash(JPEG)),
        format!("/records/{VISIT}/blobs/{}", hash(JPEG)),
        format!("/records/{DONE}/blobs/{}", hash(b"on the phone")),
        format!("/records/{DONE}/blobs/nonsense"),
    ] {
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let people = Fixture::people();
    let router = people.router();
    let path = format!("/records/{DONE}/blobs/{}", hash(JPEG));
    assert_eq!(Browser::new(router).get(&path).await.status, StatusCode::SEE_OTHER);
}
