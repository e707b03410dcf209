//! How a request reaches the server. The engine knows only [`Transport`]; a simulation gives it
//! another one.

use super::blobs::transport::BlobTransport;
use super::metered::Metered;
use super::stop::Stop;
use crate::error::Fail;
use reqwest::StatusCode;
use reqwest::blocking::{Body, RequestBuilder, Response};
use reqwest::header::RETRY_AFTER;
use rounds_protocol::VERSION;
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
use rounds_protocol::exchange::{Answer, Request};
use rounds_protocol::fault::{Fault, FaultBody};
use rounds_protocol::handover::{self, Taken};
use rounds_protocol::wire::{self, CONTENT_TYPE, VERSION_HEADER};
use serde::{Serialize, de::DeserializeOwned};
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a bundle may take; it is sent anew from its beginning.
const BUNDLE: Duration = Duration::from_secs(1_800);

/// What sync asks of a network.
pub trait Transport: Send + Sync {
    /// One exchange, authenticated by the device's token.
    fn exchange(&self, token: &str, request: &Request) -> Result<Answer, Fail>;
    /// One enrolment.
    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, Fail>;
    /// True if a page may be fetched on another thread while the one before is taken in. A
    /// simulation says no: with threads it could not be replayed.
    fn overlaps(&self) -> bool {
        false
    }
    /// Brings a bundle of so many bytes that this phone carries.
    fn handover(&self, _token: &str, _bundle: File, _bytes: u64) -> Result<Taken, Fail> {
        Err(Fail::Offline("net-no-bundles".to_owned()))
    }
    /// The same network for photos and files; without it they wait.
    fn blobs(&self) -> Option<&dyn BlobTransport> {
        None
    }
    /// What has crossed the network so far, for the log.
    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

/// Bytes of messages, photos and files; not those of HTTP and TLS around them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Up.
    pub up: u64,
    /// Down.
    pub down: u64,
}

/// HTTP to a server.
#[derive(Debug)]
pub struct Http {
    client: reqwest::blocking::Client,
    base: String,
    local: bool,
    metered: Metered,
    stop: Stop,
    up: Arc<AtomicU64>,
    down: Arc<AtomicU64>,
}

/// An idle connection is given up before the server gives it up: it closes after 20 s.
const IDLE: Duration = Duration::from_secs(15);
/// The longest fault that is read.
const FAULT: u64 = 64 << 10;

impl Http {
    /// A server by its address: `https://rounds.example`; plain `http://` only to this machine,
    /// because a token and a day's work must not cross a network in the clear.
    pub fn new(server: &str) -> Result<Http, Fail> {
        let base = server.trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base).map_err(|_| Fail::BadAddress)?;
        let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if url.scheme() != "https" && !(url.scheme() == "http" && local) {
            return Err(Fail::BadAddress);
        }
        let client = client(local, Duration::from_secs(120))?;
        let (up, down) = (Arc::default(), Arc::default());
        Ok(Http { client, base, local, metered: Metered::default(), stop: Stop::default(), up, down })
    }

    /// Says whether the network costs the rep money; the shell knows it, and may say otherwise meanwhile.
    pub fn with_metered(self, metered: impl Into<Metered>) -> Http {
        Http { metered: metered.into(), ..self }
    }

    /// Waits for no answer beyond this.
    pub fn with_stop(self, stop: Stop) -> Http {
        Http { stop, ..self }
    }

    pub(super) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// A body that is counted, and that breaks off when it is stopped.
    pub(super) fn body(&self, from: impl Read + Send + 'static, length: u64) -> Body {
        let counted = Counted { from: self.stop.reading(from), count: Arc::clone(&self.up) };
        Body::sized(counted, length)
    }

    /// An answer's body, counted.
    pub(super) fn counted(&self, answer: Response) -> impl Read + Send + 'static {
        Counted { from: answer, count: Arc::clone(&self.down) }
    }

    pub(super) fn client(&self) -> &reqwest::blocking::Client {
        &self.client
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// True if the server is on this very machine.
    pub(super) fn is_local(&self) -> bool {
        self.local
    }

    pub(super) fn metered(&self) -> bool {
        self.metered.is()
    }

    fn post<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        message: &Q,
    ) -> Result<A, Fail> {
        let body = wire::pack(message).map_err(|_| Fail::BadAnswer("the request cannot be encoded"))?;
        let mut call = self.client.post(format!("{}{path}", self.base));
        call = call.header("content-type", CONTENT_TYPE).header(VERSION_HEADER, VERSION.to_string());
        if let Some(token) = token {
            call = call.bearer_auth(token);
        }
        self.up.fetch_add(body.len() as u64, Ordering::Relaxed);
        self.answered(call.body(body))
    }

    /// Sends it and reads the message that is the answer.
    fn answered<A: DeserializeOwned>(&self, call: RequestBuilder) -> Result<A, Fail> {
        let down = Arc::clone(&self.down);
        let bytes = self.stop.run(move || {
            let answer = call.send().map_err(|e| Fail::Offline(plain(&e)))?;
            let answer = accepted(answer)?;
            let mut bytes = Vec::new();
            let limit = wire::ANSWER.packed as u64 + 1;
            let read = Counted { from: answer, count: down }.take(limit).read_to_end(&mut bytes);
            read.map_err(|_| Fail::Offline("net-answer-broke-off".to_owned()))?;
            Ok(bytes)
        })?;
        wire::unpack(&bytes, wire::ANSWER).map_err(|_| Fail::BadAnswer("not a message of ours"))
    }
}

/// A client that gives up when nothing happens for so long.
pub(super) fn client(local: bool, silence: Duration) -> Result<reqwest::blocking::Client, Fail> {
    // Only the first caller in a process installs it; the others find it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = reqwest::blocking::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(IDLE)
        .timeout(silence)
        .redirect(reqwest::redirect::Policy::none());
    if local {
        client = client.no_proxy();
    }
    client.build().map_err(|e| Fail::Offline(plain(&e)))
}

/// The answer, or the fault that it tells.
pub(super) fn accepted(answer: Response) -> Result<Response, Fail> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let mut bytes = Vec::new();
    let broke = |_| Fail::Offline("net-answer-broke-off".to_owned());
    answer.take(FAULT).read_to_end(&mut bytes).map_err(broke)?;
    let mut fault: FaultBody = match (serde_json::from_slice(&bytes), status) {
        (Ok(fault), _) => fault,
        // Something in front of the server speaks for it.
        (Err(_), StatusCode::TOO_MANY_REQUESTS) => Fault::TooMany.body(),
        (Err(_), StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT) => {
            Fault::Busy.body()
        }
        (Err(_), _) => return Err(Fail::BadAnswer("not our server")),
    };
    fault.retry_s = asked.or(fault.retry_s);
    Err(Fail::Fault(Box::new(fault)))
}

/// Counts what is read.
struct Counted<R> {
    from: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl Transport for Http {
    fn exchange(&self, token: &str, request: &Request) -> Result<Answer, Fail> {
        self.post("/v1/exchange", Some(token), request)
    }

    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
        self.post("/v1/enrol", None, request)
    }

    fn overlaps(&self) -> bool {
        true
    }

    fn handover(&self, token: &str, bundle: File, bytes: u64) -> Result<Taken, Fail> {
        let call = self.client.post(format!("{}{}", self.base, handover::PATH)).timeout(BUNDLE);
        let call = call.header("content-type", handover::CONTENT_TYPE);
        let call = call.header(VERSION_HEADER, VERSION.to_string()).bearer_auth(token);
        self.answered(call.body(self.body(bundle, bytes)))
    }

    fn blobs(&self) -> Option<&dyn BlobTransport> {
        Some(self)
    }

    fn traffic(&self) -> Traffic {
        Traffic { up: self.up.load(Ordering::Relaxed), down: self.down.load(Ordering::Relaxed) }
    }
}

/// Without the address: it may hold what should not be in a log.
pub(super) fn plain(e: &reqwest::Error) -> String {
    let what = match e {
        e if e.is_timeout() => "net-no-answer",
        e if e.is_connect() => "net-no-connection",
        e if e.is_builder() => "net-no-setup",
        _ => "net-broke-off",
    };
    what.to_owned()
}
