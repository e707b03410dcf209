//! A record's photos, recordings and files, for whoever may see the record. Only pictures of three sorts are
//! shown, and sounds and films played, from any moment on; everything else is saved, never opened, whatever
//! its sender called it.

use super::Console;
use super::problem::{failure, problem};
use super::session::Visitor;
use super::thumbnails::{self, can_be_smaller};
use crate::blobs::media;
use crate::error::{Error, Result};
use crate::storage::blobs::BlobRow;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::StreamExt;
use rounds_model::ids::{BlobHash, DocId, TeamId};
use serde::Deserialize;

enum Found {
    Blob(TeamId, BlobRow),
    Nothing,
    Door,
}

/// One blob of a record.
pub async fn one(
    State(console): State<Console>,
    Path((id, hash)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let found = console.blocking(move |console| find(console, &visitor, &id, &hash));
    match found.await {
        Ok(Found::Blob(team, row)) if asked.small.is_some() && can_be_smaller(&row.media, row.size) => {
            match small(&console, team, &row, &headers).await {
                Ok(Some(response)) => response,
                Ok(None) => problem(lang, StatusCode::NOT_FOUND),
                Err(error) => failure(lang, &error),
            }
        }
        Ok(Found::Blob(team, row)) => match send(&console, team, &row, &headers).await {
            Ok(Some(response)) => response,
            Ok(None) => problem(lang, StatusCode::NOT_FOUND),
            Err(error) => failure(lang, &error),
        },
        Ok(Found::Nothing) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Found::Door) => Redirect::to("/sign-in").into_response(),
        Err(error) => failure(lang, &error),
    }
}

fn find(console: &Console, visitor: &Visitor, id: &str, hash: &str) -> Result<Found> {
    let Some(tx) = console.read_for(visitor)? else { return Ok(Found::Door) };
    let Some(guest) = visitor.guest(&*tx, console.now_ms())? else { return Ok(Found::Door) };
    let (Ok(doc), Ok(hash)) = (id.parse::<DocId>(), hash.parse::<BlobHash>()) else {
        return Ok(Found::Nothing);
    };
    let seen = tx.records(&[doc])?.iter().any(|record| guest.viewer.may_see(&record.scope));
    let row = if seen { tx.blobs_of(doc)?.into_iter().find(|row| row.hash == hash) } else { None };
    let team = tx.team()?.id;
    Ok(row.map_or(Found::Nothing, |row| Found::Blob(team, row)))
}

/// A small copy of a photo. Unlike everything else it may be kept by the browser, which asks each time whether
/// it may still show it: the question is whether its reader may, for the photo itself never changes.
async fn small(
    console: &Console,
    team: TeamId,
    row: &BlobRow,
    asked: &HeaderMap,
) -> Result<Option<Response>> {
    let tag = format!("\"{}-small\"", row.hash);
    let kept = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    let known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag) {
        return Ok(Some((StatusCode::NOT_MODIFIED, kept).into_response()));
    }
    let which = (team, row.hash);
    let copy = match console.thumbnails.get(which) {
        Some(copy) => copy,
        None => {
            let Some(blobs) = &console.blobs else { return Ok(None) };
            let _permit = console.thumbnails.making.acquire().await;
            let mut parts = Box::pin(blobs.read(team, &row.hash, 0..row.size).await?);
            let mut photo = vec![];
            while let Some(part) = parts.next().await {
                photo.extend_from_slice(&part?);
            }
            let Some(copy) = console.blocking(move |_| Ok(thumbnails::make(&photo))).await? else {
                // What calls itself a picture and is none is shown as what it is.
                return send(console, team, row, asked).await;
            };
            console.thumbnails.keep(which, &copy);
            copy
        }
    };
    let about = [(header::CONTENT_TYPE, "image/jpeg".to_owned())];
    Ok(Some((about, kept, copy).into_response()))
}

/// What is asked of a blob.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// A small copy is enough.
    small: Option<String>,
}

async fn send(console: &Console, team: TeamId, row: &BlobRow, asked: &HeaderMap) -> Result<Option<Response>> {
    let Some(blobs) = &console.blobs else { return Ok(None) };
    let (kind, how) = if media::is_shown(&row.media) || media::is_played(&row.media) {
        (row.media.as_str(), "inline")
    } else {
        (media::OTHER, "attachment")
    };
    let wanted = asked.get(header::RANGE).and_then(|range| range.to_str().ok());
    let part = wanted.and_then(|range| part(range, row.size));
    let (from, to) = part.unwrap_or((0, row.size));
    let name: String = row.hash.to_string().chars().take(16).collect();
    let about = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{how}; filename=\"{name}\"")),
        (header::CONTENT_LENGTH, (to - from).to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    let body = match to - from {
        0 => Body::empty(),
        _ => match blobs.read(team, &row.hash, from..to).await {
            Ok(pieces) => Body::from_stream(pieces),
            // It was received, and its file is not there any more.
            Err(Error::Blobs(object_store::Error::NotFound { .. })) => return Ok(None),
            Err(e) => return Err(e),
        },
    };
    Ok(Some(match part {
        None => (about, body).into_response(),
        Some(_) => {
            let range = [(header::CONTENT_RANGE, format!("bytes {from}-{}/{}", to - 1, row.size))];
            (StatusCode::PARTIAL_CONTENT, about, range, body).into_response()
        }
    }))
}

/// The one range that a player asks for: its first byte and the one after its last. What is no such range
/// is answered with everything, as the standard allows.
fn part(range: &str, size: u64) -> Option<(u64, u64)> {
    let (from, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (from.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), Ok(last)) => (from, last.saturating_add(1).min(size)),
        (Ok(from), Err(_)) if last.is_empty() => (from, size),
        (Err(_), Ok(newest)) if from.is_empty() => (size.saturating_sub(newest), size),
        _ => return None,
    };
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn a_player_asks_for_a_part_and_nobody_gets_more_than_there_is() {
        assert_eq!(part("bytes=0-", 100), Some((0, 100)));
        assert_eq!(part("bytes=10-19", 100), Some((10, 20)));
        assert_eq!(part("bytes=90-18446744073709551615", 100), Some((90, 100)));
        assert_eq!(part("bytes=-30", 100), Some((70, 100)));
        for whole in ["bytes=100-", "bytes=5-3", "bytes=0-1,4-5", "bytes=-", "items=0-1", "bytes=x-2"] {
            assert_eq!(part(whole, 100), None, "{whole}");
        }
    }
}
