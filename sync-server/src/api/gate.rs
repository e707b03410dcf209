//! What is checked of a phone's request before its body is read, and the body, bounded.

use crate::error::Result;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header};
use rounds_protocol::fault::Fault;
use rounds_protocol::wire::{Bounds, REQUEST, VERSION_HEADER};
use rounds_protocol::{OLDEST_VERSION, VERSION};
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a body may take. On the slowest networks that phones still call a connection, a
/// phone's batch of 100 KB takes ten seconds.
const BODY: Duration = Duration::from_secs(60);
/// How long the body of somebody who was refused may take.
const DISCARD: Duration = Duration::from_secs(20);

/// Refuses a protocol that this build does not speak.
pub fn check_version(headers: &HeaderMap) -> Result<()> {
    let header = headers.get(VERSION_HEADER).and_then(|value| value.to_str().ok());
    let version: u32 = header.and_then(|text| text.trim().parse().ok()).ok_or(Fault::ProtocolMissing)?;
    match version {
        v if v < OLDEST_VERSION => Err(Fault::ProtocolOld.into()),
        v if v > VERSION => Err(Fault::ProtocolNew.into()),
        _ => Ok(()),
    }
}

/// The bearer token.
pub fn token(headers: &HeaderMap) -> Result<Zeroizing<String>> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.strip_prefix("Bearer ")).ok_or(Fault::TokenUnknown)?;
    Ok(Zeroizing::new(token.trim().to_owned()))
}

/// The body, as far as the bound. One that says beforehand that it is too large is not read.
pub async fn read(headers: &HeaderMap, body: Body, bounds: Bounds) -> Result<bytes::Bytes> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|length| length > bounds.packed as u64) {
        return Err(Fault::BodyTooLarge.into());
    }
    let read = tokio::time::timeout(BODY, axum::body::to_bytes(body, bounds.packed)).await;
    let read = read.map_err(|_| Fault::BodyTruncated)?;
    // Two things can go wrong: the bound, when no length was said, and the connection.
    Ok(read.map_err(|_| if said.is_some() { Fault::BodyTruncated } else { Fault::BodyTooLarge })?)
}

/// Takes what a refused caller still sends and keeps nothing of it. A connection that is closed on
/// unread bytes is reset, and a phone in the middle of its message would not see the refusal.
pub async fn discard(mut body: Body) {
    let take = async {
        let mut taken = 0;
        while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            taken += frame.data_ref().map_or(0, bytes::Bytes::len);
            if taken > REQUEST.packed {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(DISCARD, take).await;
}
