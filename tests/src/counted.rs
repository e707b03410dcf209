//! HTTP that counts its bytes, packed as they travel, without headers.

use anyhow::Result;
use rounds_device::error::Fail;
use rounds_device::sync::transport::{Http, Transport};
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
use rounds_protocol::exchange::{Answer, Request};
use rounds_protocol::wire;
use std::sync::atomic::{AtomicU64, Ordering};

/// A network that is measured.
pub struct Counted {
    http: Http,
    up: AtomicU64,
    down: AtomicU64,
}

impl Counted {
    /// To the server at this address.
    pub fn new(url: &str) -> Result<Counted> {
        let http = Http::new(url).map_err(rounds_device::RoundsError::from)?;
        Ok(Counted { http, up: 0.into(), down: 0.into() })
    }

    /// The bytes up and down since it was last asked.
    pub fn take(&self) -> (u64, u64) {
        (self.up.swap(0, Ordering::Relaxed), self.down.swap(0, Ordering::Relaxed))
    }
}

impl Transport for Counted {
    fn exchange(&self, token: &str, request: &Request) -> Result<Answer, Fail> {
        let size = |bytes: Result<Vec<u8>, _>| bytes.map_or(0, |b: Vec<u8>| b.len() as u64);
        self.up.fetch_add(size(wire::pack(request)), Ordering::Relaxed);
        let answer = self.http.exchange(token, request)?;
        self.down.fetch_add(size(wire::pack(&answer)), Ordering::Relaxed);
        Ok(answer)
    }

    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
        self.http.enrol(request)
    }
}
