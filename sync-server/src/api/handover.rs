//! `POST /v1/handover`: a phone brings a bundle that it carries for a colleague.

use super::App;
use super::answer::{Refusal, packed};
use super::gate;
use crate::clock::now_ms;
use crate::error::{Error, Result};
use crate::handover;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use rounds_protocol::fault::Fault;
use rounds_protocol::handover::LARGEST;
use rounds_protocol::wire;
use std::io::{Seek, Write};
use std::sync::Arc;
use std::time::Duration;
use tempfile::NamedTempFile;

/// How long the server waits for the next bytes.
const SILENCE: Duration = Duration::from_secs(60);

/// Takes a bundle of the caller's team.
pub async fn handover(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    gate::check_version(&headers)?;
    let token = gate::token(&headers)?;
    let device = gate::device(&token)?;
    let admitted = app.work(move |app| crate::exchange::admit(&*app.storage, &token)).await;
    let team = match admitted {
        Ok(team) => team,
        Err(refused) => {
            tokio::spawn(gate::discard(body));
            return Err(refused.into());
        }
    };
    let place = app.bundles.take(device)?;
    let blobs = app.blobs.clone();
    let scratch = move || blobs.map_or_else(|| Ok(NamedTempFile::new()?), |blobs| blobs.scratch());
    let file = receive(scratch, gate::paced(body, gate::BUNDLE)).await?;
    let taken = app.work(move |app| {
        // Until it is done, even if the caller does not wait for it.
        let _place = place;
        let checked = handover::check(&*app.storage, file.path())?;
        if checked.team != team {
            return Err(Fault::BundleTeam.into());
        }
        let blobs = app.blobs.as_ref();
        let taken =
            handover::import::import(&*app.storage, &app.rules, blobs, &checked, file.path(), now_ms())?;
        Ok(wire::pack(&taken)?)
    });
    Ok(packed(taken.await?))
}

/// The body as a file that goes when it is dropped.
async fn receive(
    scratch: impl FnOnce() -> Result<NamedTempFile> + Send + 'static,
    body: impl Stream<Item = Result<Bytes>>,
) -> Result<NamedTempFile> {
    let mut file = tokio::task::spawn_blocking(scratch).await.map_err(|_| Error::Cancelled)??;
    let mut body = std::pin::pin!(body);
    let mut size = 0u64;
    loop {
        let next = tokio::time::timeout(SILENCE, body.next()).await.map_err(|_| Fault::BodyTruncated)?;
        let Some(piece) = next else { break };
        let piece = piece?;
        size = size.saturating_add(piece.len() as u64);
        if size > LARGEST {
            return Err(Fault::BundleTooLarge.into());
        }
        file = tokio::task::spawn_blocking(move || file.write_all(&piece).map(|()| file))
            .await
            .map_err(|_| Error::Cancelled)??;
    }
    file.rewind()?;
    Ok(file)
}
