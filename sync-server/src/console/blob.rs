//! A record's photos and files, for whoever may see the record. Only pictures of three sorts are
//! shown; everything else is saved, never opened, whatever its sender called it.

use super::Console;
use super::problem::{failure, problem};
use super::session::Visitor;
use crate::blobs::media;
use crate::error::Result;
use crate::storage::blobs::BlobRow;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::ids::{BlobHash, DocId, TeamId};

enum Found {
    Blob(TeamId, BlobRow),
    Nothing,
    Door,
}

/// One blob of a record.
pub async fn one(
    State(console): State<Console>,
    Path((id, hash)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let found = console.blocking(move |console| find(console, &visitor, &id, &hash));
    match found.await {
        Ok(Found::Blob(team, row)) => match send(&console, team, &row).await {
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

async fn send(console: &Console, team: TeamId, row: &BlobRow) -> Result<Option<Response>> {
    let Some(blobs) = &console.blobs else { return Ok(None) };
    let (kind, how) = if media::is_shown(&row.media) {
        (row.media.as_str(), "inline")
    } else {
        (media::OTHER, "attachment")
    };
    let name: String = row.hash.to_string().chars().take(16).collect();
    let about = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{how}; filename=\"{name}\"")),
        (header::CONTENT_LENGTH, row.size.to_string()),
    ];
    let body = match row.size {
        0 => Body::empty(),
        size => Body::from_stream(blobs.read(team, &row.hash, 0..size).await?),
    };
    Ok(Some((about, body).into_response()))
}
