//! What is checked of a phone's request before its body is read, and the body, bounded.

use super::places::{Held, Room};
use crate::error::Result;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use rounds_model::ids::DeviceId;
use rounds_protocol::fault::Fault;
use rounds_protocol::wire::{Bounds, REQUEST, VERSION_HEADER};
use rounds_protocol::{OLDEST_VERSION, VERSION};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
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
/// How fast a large body has to come.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// So long at any pace.
    free: Duration,
    /// From then on so many bytes a second, on the whole.
    rate: u64,
    /// No longer than this at the best of paces.
    whole: Duration,
}

impl Pace {
    /// How long after its beginning a body may be waited for of which so much has come.
    fn until(&self, bytes: u64) -> Duration {
        let earned = Duration::from_secs(bytes.checked_div(self.rate).unwrap_or_default());
        self.free.saturating_add(earned).min(self.whole)
    }
}

/// A part of an upload: what has come of it stays, and a phone goes on from there.
pub const PART: Pace =
    Pace { free: Duration::from_secs(120), rate: 1_024, whole: Duration::from_secs(1_800) };
/// A bundle, which begins anew.
pub const BUNDLE: Pace = Pace { whole: Duration::from_secs(2 * 3_600), ..PART };

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

/// The device that a token names. Whether it is that one, it has to be asked.
pub fn device(token: &str) -> Result<DeviceId> {
    Ok(crate::secrets::token::read(token).ok_or(Fault::TokenUnknown)?.0)
}

/// The body, as far as the bound, and what it holds of the room for all of them. One that says beforehand
/// that it is too large is not read.
pub async fn read(
    headers: &HeaderMap,
    body: Body,
    bounds: Bounds,
    room: &Arc<Room>,
) -> Result<(Bytes, Held)> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|length| length > bounds.packed as u64) {
        return Err(Fault::BodyTooLarge.into());
    }
    let mut held = room.hold();
    let bytes = collect(body, bounds.packed, BODY, &mut held).await?;
    Ok((bytes, held))
}

async fn collect(body: Body, most: usize, patience: Patience, held: &mut Held) -> Result<Bytes> {
    let pieces = async {
        let (mut pieces, mut whole) = (body.into_data_stream(), BytesMut::new());
        loop {
            let next = tokio::time::timeout(patience.silence, pieces.next()).await;
            let Some(piece) = next.map_err(|_| Fault::BodyTruncated)? else { return Ok(whole.freeze()) };
            let piece = piece.map_err(|_| Fault::BodyTruncated)?;
            if piece.len() > most - whole.len() {
                return Err(Fault::BodyTooLarge.into());
            }
            held.more(piece.len())?;
            whole.extend_from_slice(&piece);
        }
    };
    tokio::time::timeout(patience.whole, pieces).await.map_err(|_| Fault::BodyTruncated)?
}

/// The body in pieces, for as long as it keeps its pace; then it ends as if it had broken off.
pub fn paced(body: Body, pace: Pace) -> impl Stream<Item = Result<Bytes>> {
    let began = Instant::now();
    let begun = Some((body.into_data_stream(), 0u64));
    stream::unfold(begun, move |now| async move {
        let (mut pieces, sum) = now?;
        match tokio::time::timeout_at(began + pace.until(sum), pieces.next()).await {
            Ok(Some(Ok(piece))) => {
                let sum = sum.saturating_add(piece.len() as u64);
                Some((Ok(piece), Some((pieces, sum))))
            }
            Ok(None) => None,
            Ok(Some(Err(_))) | Err(_) => Some((Err(Fault::BodyTruncated.into()), None)),
        }
    })
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

    type Piece = std::result::Result<&'static [u8], std::io::Error>;

    /// Found by a critic: a whole batch had to arrive within a minute, so that on a slow network the
    /// same one failed for ever.
    #[tokio::test]
    async fn a_body_is_waited_for_as_long_as_it_goes_on() {
        let read = async |body: Body, most, silence, whole| {
            let patience =
                Patience { silence: Duration::from_secs(silence), whole: Duration::from_secs(whole) };
            collect(body, most, patience, &mut Room::new(1 << 10).hold()).await.map_err(|e| e.fault())
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

    #[tokio::test]
    async fn a_body_for_which_there_is_no_room_waits_for_another_time() {
        let room = Room::new(100);
        let headers = HeaderMap::new();
        let full = async || {
            let body = Body::from(vec![0; 60]);
            read(&headers, body, Bounds { packed: 1_000, unpacked: 1_000 }, &room).await
        };
        let first = full().await.unwrap();
        assert_eq!(full().await.unwrap_err().fault(), Fault::Busy);
        drop(first);
        assert_eq!(full().await.unwrap().0.len(), 60);
    }

    /// Found by a critic: a part that brought a byte a minute had its place for ever.
    #[tokio::test]
    async fn a_body_that_becomes_too_slow_ends() {
        let pace = Pace { free: Duration::ZERO, rate: 1, whole: Duration::from_secs(60) };
        assert_eq!([0, 2, 1_000].map(|bytes| pace.until(bytes).as_secs()), [0, 2, 60]);
        let slow = stream::iter([Piece::Ok(b"ab")]).chain(stream::pending());
        let pieces: Vec<_> =
            paced(Body::from_stream(slow), Pace { rate: 1_024, free: Duration::from_millis(50), ..pace })
                .map(|piece| piece.map_err(|e| e.fault()))
                .collect()
                .await;
        assert_eq!(pieces, [Ok(Bytes::from_static(b"ab")), Err(Fault::BodyTruncated)]);
        let whole: Vec<_> = paced(Body::from("abc"), PART).collect().await;
        assert_eq!(whole.len(), 1);
    }
}
