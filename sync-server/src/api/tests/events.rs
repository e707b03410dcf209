//! Listening over a real listener.

use super::{Running, code, fault};
use crate::testing::{NOW, Phone, edit};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A phone that listens.
struct Ear(BufReader<TcpStream>);

impl Ear {
    fn request(token: &str, version: &str) -> Vec<u8> {
        let head = format!(
            "GET /v1/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\nrounds-protocol: {version}\r\n\
             authorization: Bearer {token}\r\n\r\n"
        );
        head.into_bytes()
    }

    fn of(server: &Running, phone: &Phone) -> Ear {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(&Ear::request(&phone.token, "2")).unwrap();
        let mut ear = Ear(BufReader::new(stream));
        assert!(ear.until("content-type").contains("text/event-stream"));
        ear
    }

    /// The next line that begins like this.
    fn until(&mut self, what: &str) -> String {
        let mut line = String::new();
        while !line.starts_with(what) {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the line ended before {what}");
        }
        line
    }

    /// What comes until the end, without chunk sizes.
    fn rest(mut self) -> String {
        let mut rest = String::new();
        let _ = self.0.read_to_string(&mut rest);
        rest
    }
}

#[test]
fn a_listener_hears_that_there_is_something_and_nothing_else() {
    let server = Running::new();
    let (mut li, mut boss) = (server.office.phone("李娜"), server.office.phone(crate::testing::BOSS));
    let mut ear = Ear::of(&server, &boss);
    assert_eq!(ear.until("data").trim(), "data: new", "at once: something may have happened before");
    ear.until(":");
    // Committed by this process: by its exchange, and by an enrolment.
    let items = vec![edit(&li.ticket(1, "灯坏了"))];
    server.push(&mut li, items);
    assert_eq!(ear.until("data").trim(), "data: new");
    server.push(&mut boss, vec![]);
    // Committed behind its back, as by a command of the operator.
    server.office.invite("新人", "rep", None);
    assert_eq!(ear.until("data").trim(), "data: new");
    server.stop();
    let rest = ear.rest();
    assert!(!rest.contains("灯坏了") && !rest.contains("ticket"), "{rest}");
}

#[test]
fn listening_ends_with_the_access_and_the_server_stops_without_waiting() {
    let server = Running::new();
    let (li, zhao) = (server.office.phone("李娜"), server.office.phone("赵强"));
    let (mut gone, mut stays) = (Ear::of(&server, &li), Ear::of(&server, &zhao));
    gone.until("data");
    stays.until("data");
    crate::admin::team::revoke_person(
        &server.office.db,
        server.office.team,
        "李娜",
        crate::admin::leaving::Heir::Office,
        NOW,
    )
    .unwrap();
    gone.rest();
    stays.until(":");
    assert_eq!(code(&server.raw(&Ear::request(&li.token, "2"), false)), fault(403, "device-revoked"));
    assert_eq!(code(&server.raw(&Ear::request(&zhao.token, "0"), false)), fault(426, "protocol-old"));
    let nobody = format!("{}.{}", zhao.device, "0".repeat(64));
    assert_eq!(code(&server.raw(&Ear::request(&nobody, "2"), false)), fault(401, "token-unknown"));
    let began = std::time::Instant::now();
    server.stop();
    stays.rest();
    assert!(began.elapsed() < Duration::from_secs(15), "nobody waits for listeners");
}

#[test]
fn an_answer_that_asks_for_patience_says_for_how_long() {
    let server = Running::new();
    // Too many wrong invitations: with the header and in the body.
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let request = rounds_protocol::enrol::EnrolRequest::new("ABCD-EFGH-JKMN", "phone", &key);
    let body = rounds_protocol::wire::pack(&request).unwrap();
    let head = format!(
        "POST /v1/enrol HTTP/1.1\r\nhost: x\r\nconnection: close\r\nrounds-protocol: 2\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let enrol = [head.as_bytes(), &body].concat();
    let answers = (0..30).map(|_| server.whole(&enrol)).find(|(head, _)| head.contains(" 429 "));
    let (head, body) = answers.expect("a limit");
    assert!(head.contains("retry-after: 60"), "{head}");
    let told: rounds_protocol::fault::FaultBody = serde_json::from_slice(&body).unwrap();
    assert_eq!(told.retry_s, Some(60));
    server.stop();
}
