//! Uploads and downloads over a real listener, byte by byte as a client of tus writes them.

use super::{Running, code, fault};
use crate::testing::{Phone, doc, edit};
use rounds_model::ids::BlobHash;
use rounds_protocol::blob::{Metadata, checksum_header};
use sha2::{Digest, Sha256};

struct Said {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Said {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }

    fn fault(&self) -> (u16, String) {
        assert_eq!(self.header("tus-resumable"), Some("1.0.0"), "{}", self.head);
        code(&(self.status, self.body.clone()))
    }
}

fn ask(server: &Running, phone: &Phone, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Said {
    let mut request = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
    request.push_str(&format!("authorization: Bearer {}\r\n", phone.token));
    if line.starts_with('P') {
        request.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    let (head, body) = server.whole(&[request.as_bytes(), b"\r\n", body].concat());
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    Said { status, head, body }
}

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const PART: (&str, &str) = ("content-type", "application/offset+octet-stream");

fn desk() -> (Running, Phone, String) {
    let server = Running::new();
    let mut li = server.office.phone("李娜");
    let ticket = li.ticket(1, "灯坏了");
    server.push(&mut li, vec![edit(&ticket)]);
    let hash = BlobHash(Sha256::digest(b"a photo of a shelf").into());
    (server, li, Metadata { hash, doc: doc(1) }.header())
}

fn create(server: &Running, li: &Phone, meta: &str) -> String {
    let headers = [TUS, ("upload-length", "18"), ("upload-metadata", meta)];
    let made = ask(server, li, "POST /v1/blobs", &headers, b"");
    assert_eq!(made.status, 201, "{}", made.head);
    assert!(made.header("upload-expires").is_some_and(|at| at.ends_with(" GMT")), "{}", made.head);
    made.header("location").unwrap().to_owned()
}

#[test]
fn an_upload_in_parts_and_a_download_in_parts() {
    let (server, li, meta) = desk();
    let able = ask(&server, &li, "OPTIONS /v1/blobs", &[], b"");
    assert_eq!((able.status, able.header("tus-version")), (204, Some("1.0.0")));
    assert_eq!(able.header("tus-extension"), Some("creation,checksum,expiration,termination"));
    let place = create(&server, &li, &meta);
    let sum = checksum_header(&Sha256::digest(b"a photo ").into());
    let headers = [TUS, PART, ("upload-offset", "0"), ("upload-checksum", sum.as_str())];
    let part = ask(&server, &li, &format!("PATCH {place}"), &headers, b"a photo ");
    assert_eq!((part.status, part.header("upload-offset")), (204, Some("8")), "{}", part.head);
    let far = ask(&server, &li, &format!("HEAD {place}"), &[TUS], b"");
    assert_eq!(
        (far.status, far.header("upload-offset"), far.header("upload-length")),
        (200, Some("8"), Some("18"))
    );
    assert_eq!(far.header("cache-control"), Some("no-store"));
    let headers = [TUS, PART, ("upload-offset", "8"), ("x-http-method-override", "PATCH")];
    let last = ask(&server, &li, &format!("POST {place}"), &headers, b"of a shelf");
    assert_eq!((last.status, last.header("upload-offset")), (204, Some("18")), "{}", last.head);
    assert!(last.header("rounds-received").is_some(), "a receipt");

    let hash = hex::encode(Sha256::digest(b"a photo of a shelf"));
    let get = format!("GET /v1/blobs/{hash}");
    let all = ask(&server, &li, &get, &[], b"");
    assert_eq!((all.status, all.body.as_slice()), (200, &b"a photo of a shelf"[..]));
    assert_eq!(all.header("x-content-type-options"), Some("nosniff"));
    let tag = all.header("etag").unwrap().to_owned();
    let part = ask(&server, &li, &get, &[("range", "bytes=2-6"), ("if-range", &tag)], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, &b"photo"[..]));
    assert_eq!(part.header("content-range"), Some("bytes 2-6/18"));
    let other = ask(&server, &li, &get, &[("range", "bytes=2-6"), ("if-range", "\"x\"")], b"");
    assert_eq!(other.status, 200);
    assert_eq!(ask(&server, &li, &get, &[("if-none-match", &tag)], b"").status, 304);
    let outside = ask(&server, &li, &get, &[("range", "bytes=18-")], b"");
    assert_eq!(outside.header("content-range"), Some("bytes */18"));
    assert_eq!(outside.fault(), fault(416, "blob-range"));
    let zhao = server.office.phone("赵强");
    assert_eq!(ask(&server, &zhao, &get, &[], b"").fault(), fault(404, "blob-unknown"));
    server.stop();
}

#[test]
fn lesson_19_every_refusal_of_an_upload_has_its_code() {
    let (server, li, meta) = desk();
    let post = |headers: &[(&str, &str)]| ask(&server, &li, "POST /v1/blobs", headers, b"").fault();
    let length = ("upload-length", "18");
    let said = ("upload-metadata", meta.as_str());
    assert_eq!(post(&[length, said]), fault(412, "tus-version"));
    assert_eq!(post(&[("tus-resumable", "0.2.2"), length, said]), fault(412, "tus-version"));
    assert_eq!(post(&[TUS, said]), fault(400, "blob-length"));
    assert_eq!(post(&[TUS, ("upload-length", "-1"), said]), fault(400, "blob-length"));
    assert_eq!(post(&[TUS, length]), fault(400, "blob-metadata"));
    assert_eq!(post(&[TUS, length, ("upload-metadata", "sha256 AAAA")]), fault(400, "blob-metadata"));
    let long = "a".repeat(3_000);
    assert_eq!(post(&[TUS, length, ("upload-metadata", &long)]), fault(431, "blob-header-too-large"));
    assert_eq!(post(&[TUS, ("upload-length", &long), said]), fault(431, "blob-header-too-large"));
    assert_eq!(post(&[TUS, ("upload-length", "9999999999999"), said]), fault(413, "blob-too-large"));
    let zhao = server.office.phone("赵强");
    let theirs = ask(&server, &zhao, "POST /v1/blobs", &[TUS, length, said], b"");
    assert_eq!(theirs.fault(), fault(403, "blob-record"));

    let place = create(&server, &li, &meta);
    let patch = |headers: &[(&str, &str)], body: &[u8]| {
        ask(&server, &li, &format!("PATCH {place}"), headers, body).fault()
    };
    let start = ("upload-offset", "0");
    assert_eq!(patch(&[TUS, start], b"x"), fault(415, "blob-part-type"));
    assert_eq!(patch(&[TUS, PART], b"x"), fault(409, "blob-offset"));
    assert_eq!(patch(&[TUS, PART, ("upload-offset", "1")], b"x"), fault(409, "blob-offset"));
    assert_eq!(patch(&[TUS, PART, start, ("upload-checksum", "md5 AA")], b"x"), fault(400, "blob-checksum"));
    let wrong = checksum_header(&[0; 32]);
    assert_eq!(
        patch(&[TUS, PART, start, ("upload-checksum", &wrong)], b"x"),
        fault(460, "blob-part-damaged")
    );
    assert_eq!(patch(&[TUS, PART, start], &[0; 19]), fault(413, "body-too-large"));
    assert_eq!(patch(&[TUS, PART, start], &[0; 18]), fault(422, "blob-hash-wrong"));
    assert_eq!(patch(&[TUS, PART, start], b"x"), fault(404, "blob-upload-unknown"));
    let place = create(&server, &li, &meta);
    assert_eq!(ask(&server, &li, &format!("DELETE {place}"), &[TUS], b"").status, 204);
    assert_eq!(ask(&server, &li, &format!("HEAD {place}"), &[TUS], b"").status, 404);
    server.stop();
}
