//! How a request reaches the server. The engine knows only [`Transport`]; a simulation gives it
//! another one.

use super::blobs::transport::BlobTransport;
use crate::error::Fail;
use rounds_protocol::VERSION;
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
use rounds_protocol::exchange::{Answer, Request};
use rounds_protocol::fault::FaultBody;
use rounds_protocol::wire::{self, CONTENT_TYPE, VERSION_HEADER};
use serde::{Serialize, de::DeserializeOwned};
use std::io::Read;
use std::time::Duration;

/// What sync asks of a network.
pub trait Transport: Send + Sync {
    /// One exchange, authenticated by the device's token.
    fn exchange(&self, token: &str, request: &Request) -> Result<Answer, Fail>;
    /// One enrolment.
    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, Fail>;
    /// The same network for photos and files; without it they wait.
    fn blobs(&self) -> Option<&dyn BlobTransport> {
        None
    }
}

/// HTTP to a server.
#[derive(Debug)]
pub struct Http {
    client: reqwest::blocking::Client,
    base: String,
    metered: bool,
}

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
        // Only the first caller in a process installs it; the others find it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = reqwest::blocking::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(120))
            .redirect(reqwest::redirect::Policy::none());
        if local {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|e| Fail::Offline(plain(&e)))?;
        Ok(Http { client, base, metered: false })
    }

    /// Says whether the network costs the rep money; the shell knows it.
    pub fn with_metered(self, metered: bool) -> Http {
        Http { metered, ..self }
    }

    pub(super) fn client(&self) -> &reqwest::blocking::Client {
        &self.client
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn metered(&self) -> bool {
        self.metered
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
        let answer = call.body(body).send().map_err(|e| Fail::Offline(plain(&e)))?;
        let ok = answer.status().is_success();
        let mut bytes = Vec::new();
        let limit = wire::ANSWER.packed as u64 + 1;
        answer
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|_| Fail::Offline("the answer broke off".to_owned()))?;
        if ok {
            wire::unpack(&bytes, wire::ANSWER).map_err(|_| Fail::BadAnswer("not a message of ours"))
        } else {
            let fault: FaultBody =
                serde_json::from_slice(&bytes).map_err(|_| Fail::BadAnswer("not our server"))?;
            Err(Fail::Fault(Box::new(fault)))
        }
    }
}

impl Transport for Http {
    fn exchange(&self, token: &str, request: &Request) -> Result<Answer, Fail> {
        self.post("/v1/exchange", Some(token), request)
    }

    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
        self.post("/v1/enrol", None, request)
    }

    fn blobs(&self) -> Option<&dyn BlobTransport> {
        Some(self)
    }
}

/// Without the address: it may hold what should not be in a log.
pub(super) fn plain(e: &reqwest::Error) -> String {
    let what = match e {
        e if e.is_timeout() => "no answer in time",
        e if e.is_connect() => "no connection",
        e if e.is_builder() => "the connection cannot be set up",
        _ => "the connection broke off",
    };
    what.to_owned()
}
