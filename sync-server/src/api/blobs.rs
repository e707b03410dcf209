//! `/v1/blobs`: resumable upload as tus 1.0 has it, so that any client of it works, and download
//! by hash, whole or in parts.

use super::App;
use super::answer::Refusal;
use super::gate;
use crate::blobs::uploads::{Announced, Part, Progress};
use crate::blobs::{Asker, Blobs};
use crate::error::{Error, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use chrono::DateTime;
use rounds_model::ids::BlobHash;
use rounds_protocol::blob::{self, Metadata};
use rounds_protocol::fault::Fault;
use std::sync::Arc;

/// The addresses of blobs. `any`, because a method may be named in a header instead, for clients
/// behind networks that let only GET and POST through.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(blob::PATH, any(creation))
        .route(&format!("{}/uploads/{{id}}", blob::PATH), any(upload))
        .route(&format!("{}/{{hash}}", blob::PATH), get(download).fallback(nothing))
        .layer(axum::middleware::map_response(speaks_tus))
}

async fn nothing() -> Refusal {
    Fault::NotFound.into()
}

/// Every answer says which version is spoken, refusals too.
async fn speaks_tus(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(blob::TUS_HEADER, HeaderValue::from_static(blob::TUS));
    headers.insert(HeaderName::from_static("tus-version"), HeaderValue::from_static(blob::TUS));
    response
}

async fn creation(
    State(app): State<Arc<App>>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let blobs = blobs(&app)?;
    match wanted(method, &headers)? {
        Method::OPTIONS => Ok(abilities(&blobs)),
        Method::POST => {
            let asker = caller(&blobs, &headers).await?;
            let announced = announced(&headers)?;
            // A task of its own: a client that goes away does not stop it in the middle.
            let made = tokio::spawn(async move { blobs.create(&asker, announced).await });
            let made = made.await.map_err(|_| Error::Cancelled)??;
            Ok(created(&made))
        }
        _ => Err(Fault::NotFound.into()),
    }
}

async fn upload(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let blobs = blobs(&app)?;
    let method = wanted(method, &headers)?;
    if method == Method::OPTIONS {
        return Ok(abilities(&blobs));
    }
    let asker = caller(&blobs, &headers).await?;
    let mut upload = [0; 16];
    hex::decode_to_slice(&id, &mut upload).map_err(|_| Fault::BlobUpload)?;
    match method {
        Method::HEAD => {
            let at = tokio::spawn(async move { blobs.offset(&asker, upload).await });
            let at = at.await.map_err(|_| Error::Cancelled)??;
            let length = (HeaderName::from_static(blob::LENGTH_HEADER), at.size.to_string());
            Ok((StatusCode::OK, [length], said(&at)).into_response())
        }
        Method::PATCH => {
            let part = part(&headers)?;
            let place = app.parts.take(asker.device)?;
            let at = tokio::spawn(async move {
                let _place = place;
                let pieces = Box::pin(gate::paced(body, gate::PART));
                blobs.append(&asker, upload, part, pieces).await
            });
            let at = at.await.map_err(|_| Error::Cancelled)??;
            Ok((StatusCode::NO_CONTENT, said(&at)).into_response())
        }
        Method::DELETE => {
            blobs.remove(&asker, upload).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(Fault::NotFound.into()),
    }
}

async fn download(
    State(app): State<Arc<App>>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let blobs = blobs(&app)?;
    let asker = blobs.asker(&gate::token(&headers)?).await?;
    let hash: BlobHash = hash.parse().map_err(|_| Fault::BlobUnknown)?;
    let row = blobs.find(&asker, hash).await?;
    let tag = format!("\"{hash}\"");
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let fixed = [
        (header::ETAG, tag.clone()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    if text(header::IF_NONE_MATCH).is_some_and(|known| known == "*" || known.contains(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    // A part of something else than what the client has a part of would be of no use.
    let same = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let asked = text(header::RANGE).filter(|_| same);
    let range = match asked.map(|asked| blob::read_range(asked, row.size)).transpose() {
        Ok(range) => range.flatten(),
        Err(fault) => {
            let size = [(header::CONTENT_RANGE, format!("bytes */{}", row.size))];
            return Ok((size, Refusal::from(fault)).into_response());
        }
    };
    let about = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, "attachment".to_owned()),
    ];
    // Before anything is promised: a length, and a part of it.
    blobs.check_kept(asker.team, &row).await?;
    let part = range.clone().unwrap_or(0..row.size);
    let length = [(header::CONTENT_LENGTH, (part.end - part.start).to_string())];
    let pieces = if row.size == 0 {
        Body::empty()
    } else {
        Body::from_stream(blobs.read(asker.team, &hash, part.clone()).await?)
    };
    let Some(part) = range else { return Ok((fixed, about, length, pieces).into_response()) };
    let shown = format!("bytes {}-{}/{}", part.start, part.end - 1, row.size);
    let which = [(header::CONTENT_RANGE, shown)];
    Ok((StatusCode::PARTIAL_CONTENT, fixed, about, length, which, pieces).into_response())
}

fn blobs(app: &App) -> Result<Arc<Blobs>> {
    Ok(app.blobs.clone().ok_or(Fault::NotFound)?)
}

/// The method that is meant.
fn wanted(method: Method, headers: &HeaderMap) -> Result<Method> {
    match headers.get("x-http-method-override") {
        Some(meant) if method == Method::POST => {
            Ok(Method::from_bytes(meant.as_bytes()).map_err(|_| Fault::NotFound)?)
        }
        _ => Ok(method),
    }
}

/// Who asks, in a version of the upload protocol that is spoken here.
async fn caller(blobs: &Arc<Blobs>, headers: &HeaderMap) -> Result<Asker> {
    if text(headers, blob::TUS_HEADER)? != Some(blob::TUS) {
        return Err(Fault::TusVersion.into());
    }
    blobs.asker(&gate::token(headers)?).await
}

fn announced(headers: &HeaderMap) -> Result<Announced> {
    let size = text(headers, blob::LENGTH_HEADER)?.and_then(blob::read_count).ok_or(Fault::BlobLength)?;
    let metadata = headers.get(blob::METADATA_HEADER).ok_or(Fault::BlobMetadata)?;
    if metadata.len() > blob::METADATA_LONGEST {
        return Err(Fault::BlobHeader.into());
    }
    let metadata = Metadata::read(metadata.to_str().map_err(|_| Fault::BlobMetadata)?)?;
    Ok(Announced { size, metadata, resume: headers.contains_key(blob::RESUME_HEADER) })
}

fn part(headers: &HeaderMap) -> Result<Part> {
    if text(headers, header::CONTENT_TYPE.as_str())? != Some(blob::PART) {
        return Err(Fault::BlobPartType.into());
    }
    let offset = text(headers, blob::OFFSET_HEADER)?.and_then(blob::read_count).ok_or(Fault::BlobOffset)?;
    let length = text(headers, header::CONTENT_LENGTH.as_str())?.and_then(blob::read_count);
    let checksum = text(headers, blob::CHECKSUM_HEADER)?.map(blob::read_checksum).transpose()?;
    Ok(Part { offset, length, checksum })
}

/// A header as text, bounded.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    if value.len() > blob::HEADER_LONGEST {
        return Err(Fault::BlobHeader.into());
    }
    Ok(value.to_str().ok())
}

/// What this server can do, and how much.
fn abilities(blobs: &Blobs) -> Response {
    let said = [
        ("tus-extension", blob::EXTENSIONS.to_owned()),
        ("tus-max-size", blobs.limits().blob.to_string()),
        ("tus-checksum-algorithm", "sha1,sha256".to_owned()),
    ];
    (StatusCode::NO_CONTENT, said.map(|(name, value)| (HeaderName::from_static(name), value))).into_response()
}

/// 201 and where the upload is; 200 if there is nothing to upload.
fn created(made: &Progress) -> Response {
    match made.upload {
        Some(id) => {
            let place = format!("{}/uploads/{}", blob::PATH, hex::encode(id));
            (StatusCode::CREATED, [(header::LOCATION, place)], said(made)).into_response()
        }
        None => (StatusCode::OK, said(made)).into_response(),
    }
}

fn said(at: &Progress) -> HeaderMap {
    let mut out = HeaderMap::new();
    let mut put = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            out.insert(name, value);
        }
    };
    put(header::CACHE_CONTROL, "no-store".to_owned());
    put(HeaderName::from_static(blob::OFFSET_HEADER), at.offset.to_string());
    match at.received {
        Some(received) => put(HeaderName::from_static(blob::RECEIPT_HEADER), received.to_string()),
        None => {
            let until = DateTime::from_timestamp_millis(at.expires).unwrap_or_default();
            let until = until.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            put(HeaderName::from_static(blob::EXPIRES_HEADER), until);
        }
    }
    out
}
