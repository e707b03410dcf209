//! What is checked of a phone's request before its body is read, and the body, bounded.

use crate::error::Result;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header};
use bytes::BytesMut;
use futures_util::StreamExt;
use rounds_protocol::fault::Fault;
use rounds_protocol::wire::{Bounds, REQUEST, VERSION_HEADER};
use rounds_protocol::{OLDEST_VERSION, VERSION};
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a body may take.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// Until its next bytes.
    silence: Duration,
    /// In all.
    whole: Duration,
}

/// A slow network is no reason to begin anew, a silent one is. Nobody keeps a connection for ever with a
/// byte a minute; a phone that needs longer sends less at a time.
const BODY: Patience = Patience { silence: Duration::from_secs(60), whole: Duration::from_secs(15 * 60) };
/// How long the body of somebody who was refused may take.
const DISCARD: Duration = Duration::from_secs(20);

/// The version of the protocol that the caller speaks. Refuses one that this build does not.
pub fn check_version(headers: &HeaderMap) -> Result<u32> {
    let header = headers.get(VERSION_HEADER).and_then(|value| value.to_str().ok());
    let version: u32 = header.and_then(|text| text.trim().parse().ok()).ok_or(Fault::ProtocolMissing)?;
    match version {
        v if v < OLDEST_VERSION => Err(Fault::ProtocolOld.into()),
        v if v > VERSION => Err(Fault::ProtocolNew.into()),
        v => Ok(v),
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
    collect(body, bounds.packed, BODY).await
}

async fn collect(body: Body, most: usize, patience: Patience) -> Result<bytes::Bytes> {
    let pieces = async {
        let (mut pieces, mut whole) = (body.into_data_stream(), BytesMut::new());
        loop {
            let next = tokio::time::timeout(patience.silence, pieces.next()).await;
            let Some(piece) = next.map_err(|_| Fault::BodyTruncated)? else { return Ok(whole.freeze()) };
            let piece = piece.map_err(|_| Fault::BodyTruncated)?;
            if piece.len() > most - whole.len() {
                return Err(Fault::BodyTooLarge.into());
            }
            whole.extend_from_slice(&piece);
        }
    };
    tokio::time::timeout(patience.whole, pieces).await.map_err(|_| Fault::BodyTruncated)?
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    type Piece = std::result::Result<&'static [u8], std::io::Error>;

    /// Found by a critic: a whole batch had to arrive within a minute, so that on a slow network the
    /// same one failed for ever.
    #[tokio::test]
    async fn a_body_is_waited_for_as_long_as_it_goes_on() {
        let read = async |body: Body, most, silence, whole| {
            let patience =
                Patience { silence: Duration::from_secs(silence), whole: Duration::from_secs(whole) };
            collect(body, most, patience).await.map_err(|e| e.fault())
        };
        let pieces = |n: usize| stream::iter((0..n).map(|_| Piece::Ok(b"ab")));
        let silent = pieces(3).chain(stream::pending());
        assert_eq!(read(Body::from_stream(silent), 100, 0, 60).await, Err(Fault::BodyTruncated));
        let whole = read(Body::from_stream(pieces(50)), 100, 0, 60).await;
        assert_eq!(whole.map(|bytes| bytes.len()), Ok(100), "each piece has its own time");
        assert_eq!(read(Body::from_stream(pieces(51)), 100, 0, 60).await, Err(Fault::BodyTooLarge));
        let endless = stream::unfold((), async |()| {
            tokio::task::yield_now().await;
            Some((Piece::Ok(b""), ()))
        });
        let endless = Body::from_stream(Box::pin(endless));
        assert_eq!(read(endless, 100, 60, 0).await, Err(Fault::BodyTruncated), "but not for ever");
        let broken = pieces(2).chain(stream::iter([Piece::Err(std::io::ErrorKind::BrokenPipe.into())]));
        assert_eq!(read(Body::from_stream(broken), 100, 60, 60).await, Err(Fault::BodyTruncated));
    }
}
