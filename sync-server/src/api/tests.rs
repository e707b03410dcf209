//! The interface over a real listener: bad input ends in a status and a code, with nothing stored.

mod blobs;
mod events;

use super::{App, complete, serve};
use crate::blobs::keep::Keep;
use crate::blobs::staging::Staging;
use crate::blobs::{Blobs, Limits};
use crate::clock::now_ms;
use crate::error::Result;
use crate::storage::sqlite::Sqlite;
use crate::testing::{BOSS, NOW, Office, Phone, act, doc, edit, words};
use axum::Router;
use ed25519_dalek::SigningKey;
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
use rounds_protocol::exchange::{Answer, Packed, Receipt};
use rounds_protocol::fault::FaultBody;
use rounds_protocol::wire;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

struct Running {
    office: Office,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    done: Option<tokio::task::JoinHandle<Result<()>>>,
    runtime: Runtime,
}

impl Running {
    fn new() -> Running {
        let office = Office::new();
        let storage = Arc::new(Sqlite::open(&office.dir.path().join("rounds.db")).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let runtime = Runtime::new().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let keep = Keep::folder(&office.dir.path().join("blobs")).unwrap();
        let staging = Staging::at(&office.dir.path().join("uploads")).unwrap();
        let blobs = Blobs::new(storage.clone(), keep, staging, Limits::default(), now_ms);
        let mut app = App::with_blobs(storage, blobs);
        Arc::get_mut(&mut app).unwrap().beat = std::time::Duration::from_millis(100);
        let wakes = app.wakes.clone();
        let router = complete(app, Router::new());
        let stopped = async move {
            drop(stopped.await);
            wakes.end();
        };
        let done = Some(runtime.spawn(serve::serve(listener, None, router, stopped)));
        Running { office, address, stop: Some(stop), done, runtime }
    }

    /// Raw bytes there and back: the status and the body.
    fn raw(&self, request: &[u8], close_early: bool) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        // A server that has already refused may close before everything is written.
        let _ = stream.write_all(request);
        if close_early {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let mut answer = vec![];
        let _ = stream.read_to_end(&mut answer);
        let split = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(answer.len());
        let head = String::from_utf8_lossy(&answer[..split]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        (status, answer.get(split + 4..).unwrap_or_default().to_vec())
    }

    /// Raw bytes there and back: the head and the body.
    fn whole(&self, request: &[u8]) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let _ = stream.write_all(request);
        let mut answer = vec![];
        let _ = stream.read_to_end(&mut answer);
        let split = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(answer.len());
        let head = String::from_utf8_lossy(&answer[..split]).replace('\r', "");
        (head, answer.get(split + 4..).unwrap_or_default().to_vec())
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Vec<u8>) {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        self.raw(&[request.as_bytes(), b"\r\n", body].concat(), false)
    }

    fn exchange(&self, phone: &Phone, body: &[u8]) -> (u16, Vec<u8>) {
        let bearer = format!("Bearer {}", phone.token);
        self.post("/v1/exchange", &[("rounds-protocol", "2"), ("authorization", &bearer)], body)
    }

    fn push(&self, phone: &mut Phone, items: Vec<Packed>) -> Vec<Receipt> {
        let (status, body) = self.exchange(phone, &wire::pack(&phone.request(items)).unwrap());
        assert_eq!(status, 200);
        let answer: Answer = wire::unpack(&body, wire::ANSWER).unwrap();
        phone.take_in(&answer);
        answer.receipts
    }

    fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        let done = self.done.take().unwrap();
        self.runtime.block_on(done).unwrap().unwrap();
    }
}

fn code(answer: &(u16, Vec<u8>)) -> (u16, String) {
    let fault: FaultBody = serde_json::from_slice(&answer.1).unwrap_or_else(|e| panic!("{e}: {answer:?}"));
    assert!(!fault.text.zh.is_empty() && !fault.remedy.en.is_empty());
    (answer.0, fault.code)
}

fn fault(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// A phone that was not updated yet reads lists, and not columns.
#[test]
fn a_phone_of_the_version_before_gets_its_news_by_rows() {
    #[derive(serde::Deserialize)]
    struct Rows {
        pull: Vec<std::collections::BTreeMap<String, serde::de::IgnoredAny>>,
    }
    let server = Running::new();
    let mut li = server.office.phone("李娜");
    let items = (1..=6).map(|n| edit(&li.ticket(n, "a"))).collect();
    server.push(&mut li, items);
    let boss = server.office.phone(BOSS);
    let (body, bearer) = (wire::pack(&boss.request(vec![])).unwrap(), format!("Bearer {}", boss.token));
    let ask = |version| {
        let headers = [("rounds-protocol", version), ("authorization", bearer.as_str())];
        let (status, body) = server.post("/v1/exchange", &headers, &body);
        assert_eq!(status, 200);
        body
    };
    let [old, new] = ["2", "3"].map(ask);
    let rows: Rows = wire::unpack(&old, wire::ANSWER).unwrap();
    assert!(rows.pull.len() > 6);
    assert!(wire::unpack::<Rows>(&new, wire::ANSWER).is_err());
    let [old, new] = [old, new].map(|body| wire::unpack::<Answer>(&body, wire::ANSWER).unwrap().pull);
    assert_eq!(old, new);
    server.stop();
}

#[test]
fn a_phone_enrols_and_exchanges() {
    let server = Running::new();
    // The server of this test looks at the real clock.
    let (office, now) = (&server.office, crate::clock::now_ms());
    let invited = crate::admin::team::invite(&office.db, office.team, "李娜", "rep", None, 60_000, now);
    let invitation = invited.unwrap().1.to_string();
    let key = SigningKey::from_bytes(&[1; 32]);
    let request = wire::pack(&EnrolRequest::new(&invitation, "小米 14", &key)).unwrap();
    let headers = [("rounds-protocol", "2")];
    let (status, body) = server.post("/v1/enrol", &headers, &request);
    assert_eq!(status, 200);
    let answer: EnrolAnswer = wire::unpack(&body, wire::ANSWER).unwrap();
    assert_eq!((answer.person.name.as_str(), answer.team.zone.as_str()), ("李娜", "Asia/Shanghai"));
    assert!(!format!("{answer:?}").contains(&answer.token), "a token is not in a log by accident");
    assert_eq!(code(&server.post("/v1/enrol", &headers, &request)), fault(409, "invite-used"));
    let mut li = Phone::of(answer, key, 1);
    let items = vec![edit(&li.ticket(1, "a")), act(&li.act(doc(1), "send", "open"))];
    assert_eq!(words(&server.push(&mut li, items)), ["stored", "stored"]);
    assert_eq!(li.digest(), server.office.digest(&li));
    assert_eq!(server.raw(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", false).0, 200);
    server.stop();
}

#[test]
fn bad_requests_and_what_they_are_told() {
    let server = Running::new();
    let (mut li, gone) = (server.office.phone("李娜"), server.office.phone("赵强"));
    crate::admin::team::revoke_person(
        &server.office.db,
        server.office.team,
        "赵强",
        crate::admin::leaving::Heir::Office,
        NOW,
    )
    .unwrap();
    let first = edit(&li.ticket(1, "a"));
    let body = wire::pack(&li.request(vec![first])).unwrap();
    let bearer = format!("Bearer {}", li.token);
    let with = |version: &str, bearer: &str, body: &[u8]| {
        let headers = [("rounds-protocol", version), ("authorization", bearer)];
        code(&server.post("/v1/exchange", &headers, body))
    };
    let before = server.office.numbers();
    let unknown = format!("Bearer {}.{}", li.device, "0".repeat(64));
    assert_eq!(with("2", &unknown, &body), fault(401, "token-unknown"));
    assert_eq!(with("2", "Bearer x", &body), fault(401, "token-unknown"));
    assert_eq!(with("2", "Basic x", &body), fault(401, "token-unknown"));
    let revoked = wire::pack(&gone.request(vec![])).unwrap();
    let headers = [("rounds-protocol", "2"), ("authorization", &format!("Bearer {}", gone.token))];
    let (status, told) = server.post("/v1/exchange", &headers, &revoked);
    let told: rounds_protocol::exchange::Answer = wire::unpack(&told, wire::ANSWER).unwrap();
    assert!(status == 200 && told.pull.is_empty() && told.ended.is_some(), "{told:?}");
    assert_eq!(with("2", &bearer, &revoked), fault(401, "token-unknown"), "somebody else's request");
    assert_eq!(
        code(&server.post("/v1/exchange", &[("authorization", &bearer)], &body)),
        fault(400, "protocol-missing")
    );
    assert_eq!(with("one", &bearer, &body), fault(400, "protocol-missing"));
    assert_eq!(with("1", &bearer, &body), fault(426, "protocol-old"));
    assert_eq!(with("5", &bearer, &body), fault(505, "protocol-new"));
    assert_eq!(with("2", &bearer, &body[..body.len() / 2]), fault(400, "body-truncated"));
    assert_eq!(with("2", &bearer, b""), fault(400, "body-truncated"));
    assert_eq!(with("2", &bearer, b"{}"), fault(415, "body-not-zstd"));
    assert_eq!(with("2", &bearer, &wire::pack(&"other").unwrap()), fault(422, "body-malformed"));
    let bomb = wire::pack(&"a".repeat(wire::REQUEST.unpacked + 1)).unwrap();
    assert!(bomb.len() < 100_000);
    assert_eq!(with("2", &bearer, &bomb), fault(413, "body-too-large"));
    let large = vec![0x28; wire::REQUEST.packed + 1];
    assert_eq!(with("2", &bearer, &large), fault(413, "body-too-large"));
    assert_eq!(code(&server.post("/v1/nothing", &[], b"")), fault(404, "not-found"));
    assert_eq!(code(&server.post("/healthz", &[], b"")), fault(404, "not-found"));
    assert_eq!(server.office.numbers(), before, "nothing was stored");
    assert_eq!(words(&server.push(&mut li, vec![])), [""; 0], "and the server still serves");
    server.stop();
}

#[test]
fn a_body_without_a_length_is_bounded_while_it_is_read() {
    let server = Running::new();
    let li = server.office.phone("李娜");
    let head = format!(
        "POST /v1/exchange HTTP/1.1\r\nhost: x\r\nconnection: close\r\nrounds-protocol: 2\r\n\
         authorization: Bearer {}\r\ntransfer-encoding: chunked\r\n\r\n",
        li.token
    );
    let mut request = head.into_bytes();
    for _ in 0..5 {
        request.extend_from_slice(b"100000\r\n");
        request.extend_from_slice(&vec![0x28; 0x10_0000]);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    let answer = server.raw(&request, false);
    // The refusal may be overtaken by the closed connection; what matters is that it ended.
    if answer.0 != 0 {
        assert_eq!(code(&answer), fault(413, "body-too-large"));
    }
    server.stop();
}

#[test]
fn nobody_s_body_is_read_before_their_token_is_believed() {
    let server = Running::new();
    let li = server.office.phone("李娜");
    // The body never comes to its end: whoever waits for it has no answer.
    let ask = |bearer: &str, length: usize, body: &[u8]| {
        let head = format!(
            "POST /v1/exchange HTTP/1.1\r\nhost: x\r\nconnection: close\r\nrounds-protocol: 2\r\n\
             authorization: Bearer {bearer}\r\ncontent-length: {length}\r\n\r\n"
        );
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let (mut answer, mut part) = (vec![], [0; 4096]);
        while !answer.ends_with(b"}}") {
            let read = stream.read(&mut part).expect("an answer in time");
            assert!(read > 0, "{}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&part[..read]);
        }
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.contains("token-unknown"), "{answer}");
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let unknown = format!("{}.{}", li.device, "0".repeat(64));
    for length in [100, wire::REQUEST.packed, wire::REQUEST.packed + 1] {
        assert_eq!(ask(&unknown, length, b"{}"), "401", "{length}");
    }
    server.stop();
}

#[test]
fn a_push_of_too_many_items_is_refused_and_one_of_too_many_parts_is_held() {
    let server = Running::new();
    let mut li = server.office.phone("李娜");
    let many = vec![Packed(vec![]); rounds_protocol::exchange::limits::PUSH + 1];
    let body = wire::pack(&li.request(many)).unwrap();
    assert_eq!(code(&server.exchange(&li, &body)), fault(413, "body-too-many"));
    let good = li.ticket(1, "a");
    let mut wide = good.clone();
    wide.puts = vec![wide.puts[0].clone(); rounds_model::edit::limits::PUTS + 1];
    let got = words(&server.push(&mut li, vec![edit(&wide), edit(&good)]));
    assert_eq!(got, ["edit-out-of-bounds", "stored"]);
    server.stop();
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    let server = Running::new();
    for start in [&b""[..], b"POST /v1/exchange HTTP/1.1\r\nhost:"] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(15))).unwrap();
        stream.write_all(start).unwrap();
        assert!(stream.read_to_end(&mut vec![]).is_ok(), "closed, not timed out");
    }
    server.stop();
}

#[test]
fn a_connection_that_breaks_off_stores_nothing() {
    let server = Running::new();
    let mut li = server.office.phone("李娜");
    let body = wire::pack(&{
        let first = edit(&li.ticket(1, "a"));
        li.request(vec![first])
    })
    .unwrap();
    let head = format!(
        "POST /v1/exchange HTTP/1.1\r\nhost: x\r\nrounds-protocol: 2\r\nauthorization: Bearer {}\r\n\
         content-length: {}\r\n\r\n",
        li.token,
        body.len()
    );
    let before = server.office.numbers();
    server.raw(&[head.as_bytes(), &body[..body.len() - 3]].concat(), true);
    assert_eq!(server.office.numbers(), before);
    server.stop();
}

#[test]
fn bad_invitations_and_guessing() {
    let server = Running::new();
    let key = SigningKey::from_bytes(&[9; 32]);
    let try_code = |text: &str| {
        let request = wire::pack(&EnrolRequest::new(text, "phone", &key)).unwrap();
        code(&server.post("/v1/enrol", &[("rounds-protocol", "2")], &request))
    };
    let (storage, team) = (&server.office.db, server.office.team);
    let expired = crate::admin::team::invite(storage, team, "甲", "rep", None, 1000, NOW - 2000).unwrap().1;
    assert_eq!(try_code(&expired), fault(410, "invite-expired"));
    assert_eq!(try_code("ABCD-EFGH-JKMN"), fault(404, "invite-unknown"));
    assert_eq!(try_code("nonsense"), fault(404, "invite-unknown"));
    let mut unproven = EnrolRequest::new(&server.office.invite("乙", "rep", None), "phone", &key);
    unproven.key = rounds_model::ids::PublicKey([3; 32]);
    let unproven = wire::pack(&unproven).unwrap();
    assert_eq!(
        code(&server.post("/v1/enrol", &[("rounds-protocol", "2")], &unproven)),
        fault(400, "key-not-proven")
    );
    let answers: Vec<_> = (0..30).map(|_| try_code("ABCD-EFGH-JKMN").0).collect();
    assert_eq!(answers.iter().filter(|status| **status == 404).count(), 17, "20 wrong tries in a minute");
    assert_eq!(answers.last(), Some(&429));
    server.stop();
}

#[test]
fn foreign_pens_and_changed_bytes_are_held() {
    let server = Running::new();
    let (mut li, mut zhao) = (server.office.phone("李娜"), server.office.phone("赵强"));
    let first = li.ticket(1, "灯坏了");
    assert_eq!(words(&server.push(&mut li, vec![edit(&first)])), ["stored"]);
    let before = server.office.numbers();
    zhao.actor = li.actor;
    let foreign = zhao.ticket(2, "b");
    assert_eq!(words(&server.push(&mut zhao, vec![edit(&foreign)])), ["actor-foreign"]);
    let good = edit(&li.set(doc(1), "note", "change"));
    let signed = act(&li.act(doc(1), "send", "open"));
    for packed in [&good, &signed] {
        for at in (0..packed.0.len()).step_by(7) {
            let mut bad = packed.clone();
            bad.0[at] ^= 0x10;
            let got = words(&server.push(&mut li, vec![bad]));
            assert!(!["stored", "duplicate"].contains(&got[0].as_str()), "byte {at}: {got:?}");
        }
    }
    assert_eq!(server.office.numbers(), before);
    assert_eq!(words(&server.push(&mut li, vec![good, signed])), ["stored", "stored"]);
    server.stop();
}
