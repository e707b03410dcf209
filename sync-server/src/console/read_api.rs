//! `GET /v1/read/…`: what a person may see, for their programs, as JSON. `docs/read-api.md` describes it.
//!
//! A token is its id and 32 random bytes, of which the database has the hash. It reads as the person who
//! made it, with the roles and scopes that they have at that moment, and writes nothing.

use super::Console;
use super::filters::{self, Asked, Filters};
use super::kinds::{KindWords, Lexicon};
use super::list::{self, Ask};
use super::viewer::Viewer;
use super::words::Words;
use crate::error::{Error, Result};
use crate::secrets::{hash, random, same};
use crate::storage::Read;
use crate::storage::console::ReadToken;
use crate::storage::records::{Order, RecordRow, Search};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rounds_model::ids::{DocId, TeamId};
use rounds_model::refusal::Refusal;
use rounds_model::text::Lang;
use rounds_protocol::fault::Fault;
use serde::Deserialize;
use serde_json::{Value, json};

/// Records of one answer at most.
const MOST: u32 = 1_000;
/// Records of one answer if nothing is said.
const USUAL: u32 = 200;
/// How exactly it is noted when a token was last used.
const HOUR_MS: i64 = 3_600_000;

/// What a list is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    q: String,
    stage: String,
    owner: String,
    from: String,
    to: String,
    /// The records after this one: what is asked for page by page costs the same for each.
    after: String,
    offset: String,
    limit: String,
}

impl Filters for Page {
    const NAMES: &'static [&'static str] = &["q", "stage", "owner", "from", "to", "after", "offset", "limit"];
}

/// Makes a token: what is shown once, and what is stored.
pub fn create(person: rounds_model::ids::PersonId, name: &str, now_ms: i64) -> Result<(String, ReadToken)> {
    let (token, secret) = (random::<16>()?, random::<32>()?);
    let shown = format!("rr_{}.{}", hex::encode(token), hex::encode(secret));
    let (name, created) = (name.to_owned(), now_ms);
    let row =
        ReadToken { token, person, secret_hash: hash(&secret), name, created, revoked: None, used: None };
    Ok((shown, row))
}

fn read(token: &str) -> Option<([u8; 16], [u8; 32])> {
    let (id, secret) = token.strip_prefix("rr_")?.split_once('.')?;
    let (mut token, mut bytes) = ([0; 16], [0; 32]);
    hex::decode_to_slice(id, &mut token).ok()?;
    hex::decode_to_slice(secret, &mut bytes).ok()?;
    Some((token, hash(&bytes)))
}

/// The kinds that there are, with their questions.
pub async fn kinds(State(console): State<Console>, headers: HeaderMap) -> Response {
    answered(console, headers, |_, lexicon, _, _| {
        let kinds = lexicon.kinds().iter().map(|kind| {
            json!({
                "kind": kind.name,
                "title": kind.title,
                "stages": kind.stages.iter().map(|s| json!({ "name": s.name, "title": s.title })).collect::<Vec<_>>(),
                "questions": kind.questions.iter().map(|q| json!({ "key": q.path(), "label": q.label, "repeats": q.repeat() })).collect::<Vec<_>>(),
            })
        });
        Ok(Some(json!({ "kinds": kinds.collect::<Vec<_>>() })))
    })
    .await
}

/// The records of a kind, the oldest first.
pub async fn records(
    State(console): State<Console>,
    Path(kind): Path<String>,
    page: Asked<Page>,
    headers: HeaderMap,
) -> Response {
    answered(console, headers, move |tx, lexicon, viewer, words| {
        let Some(kind) = lexicon.kind(&kind) else { return Ok(None) };
        let Page { q, stage, owner, from, to, after, offset, limit } = page.read()?;
        let after = filters::id::<DocId>("after", &after)?;
        let offset = filters::number("offset", &offset)?.unwrap_or_default();
        let limit = filters::number("limit", &limit)?.unwrap_or_default();
        let ask = Ask { q, stage, owner, from, to, ..Ask::default() }.bounded();
        let limit = if limit == 0 { USUAL } else { limit.min(MOST) };
        let search = list::search(tx, lexicon, viewer, words, kind, &ask)?;
        let total = tx.search_count(&search)?;
        // One more than is given says whether there are more.
        let wanted = Search { order: Order::Oldest, after, offset, limit: limit + 1, ..search };
        let mut found = tx.search(&wanted)?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let rows = found.iter().map(|row| record(lexicon, row)).collect::<Result<Vec<_>>>()?;
        let next_after = found.last().filter(|_| more).map(|row| row.doc);
        let next_offset = (more && after.is_none()).then(|| u64::from(offset) + rows.len() as u64);
        Ok(Some(json!({
            "kind": kind.name,
            "total": total,
            "next_after": next_after,
            "next_offset": next_offset,
            "records": rows,
        })))
    })
    .await
}

/// One record.
pub async fn one(State(console): State<Console>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answered(console, headers, move |tx, lexicon, viewer, _| {
        let Ok(doc) = id.parse::<DocId>() else { return Ok(None) };
        let row = tx.records(&[doc])?.into_iter().next().filter(|row| viewer.may_see(&row.scope));
        row.map(|row| record(lexicon, &row)).transpose()
    })
    .await
}

fn record(lexicon: &dyn Lexicon, row: &RecordRow) -> Result<Value> {
    let known: Option<&KindWords> = lexicon.kind(&row.kind);
    Ok(json!({
        "id": row.doc,
        "kind": row.kind,
        "stage": row.stage,
        "stage_title": known.map(|kind| kind.stage(&row.stage).0),
        "owner": row.owner,
        "day": row.day,
        "made_ms": row.doc.made_ms(),
        "conflicts": row.conflicts,
        "answers": lexicon.told(row)?.data,
    }))
}

async fn answered<F>(console: Console, headers: HeaderMap, make: F) -> Response
where
    F: FnOnce(&dyn Read, &dyn Lexicon, &Viewer, &Words) -> Result<Option<Value>> + Send + 'static,
{
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = shown.and_then(|text| text.strip_prefix("Bearer ")).and_then(|token| read(token.trim()));
    let made = console.blocking(move |console| {
        let Some((team, row)) = token.map(|token| known(console, token)).transpose()?.flatten() else {
            return Ok(Err(Fault::TokenUnknown));
        };
        touch(console, team, &row)?;
        let tx = console.storage.browse(team)?;
        let Some(viewer) = Viewer::load(&*tx, row.person)? else { return Ok(Err(Fault::TokenUnknown)) };
        let lexicon = console.library.open(&*tx)?;
        let words = Words::new(Lang::En, &tx.team()?.zone);
        Ok(make(&*tx, &*lexicon, &viewer, &words)?.ok_or(Fault::NotFound))
    });
    match made.await {
        Ok(Ok(value)) => Json(value).into_response(),
        Ok(Err(fault)) => told(fault),
        Err(Error::Misread(refusal)) => misread(*refusal),
        Err(error) => {
            tracing::error!(%error, "a reading program could not be answered");
            told(error.fault())
        }
    }
}

fn told(fault: Fault) -> Response {
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(fault.body())).into_response()
}

/// What an address asks for cannot be read: as every error, and which filter it is.
fn misread(refusal: Refusal) -> Response {
    let Refusal { code, field, reason, remedy, .. } = refusal;
    let said = json!({ "code": code, "text": reason, "remedy": remedy, "filter": field });
    (StatusCode::BAD_REQUEST, Json(said)).into_response()
}

/// The token, if it is one of ours and was not taken back.
fn known(console: &Console, (token, secret): ([u8; 16], [u8; 32])) -> Result<Option<(TeamId, ReadToken)>> {
    for team in console.storage.teams()? {
        let found = console.storage.browse(team.id)?.read_token(&token)?;
        if let Some(row) = found.filter(|row| row.revoked.is_none() && same(&row.secret_hash, &secret)) {
            return Ok(Some((team.id, row)));
        }
    }
    Ok(None)
}

fn touch(console: &Console, team: TeamId, row: &ReadToken) -> Result<()> {
    let now = console.now_ms();
    if row.used.is_none_or(|used| now.saturating_sub(used) >= HOUR_MS) {
        let mut tx = console.storage.write(team)?;
        tx.put_read_token(&ReadToken { used: Some(now), ..row.clone() })?;
        tx.commit()?;
    }
    Ok(())
}
