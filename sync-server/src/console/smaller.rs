//! What is sent smaller, and what never is.
//!
//! How long a compressed answer is says something of what is in it. Whoever sees a connection from outside
//! and can make a browser ask again and again with a guess in the address reads secrets that way, letter by
//! letter (BREACH). So only these are compressed:
//!
//! - the style sheet, the script and the icon: they are everybody's;
//! - pages that were asked for by a page of ours or by hand. Browsers say so (`Sec-Fetch-Site`), and no other
//!   site can make them say it; what another site asks for is sent as it is, and so is what a browser asks for
//!   that does not say;
//! - what a program reads with its token: no browser sends that along by itself.
//!
//! What is shown once (a code of an invitation, a password, a token) has an address of its own, and what is
//! there is never compressed; nor are forms' answers. The token of the forms is written differently on every page
//! ([`super::session`]), so that it cannot be found by asking twice.

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::compression::CompressionLayer;

/// Bytes from which it is worth the trouble: less fits into one packet.
const WORTH: u64 = 1_000;

/// What says of an answer whether it is compressed.
type Wanted = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Said of an answer that may be compressed.
#[derive(Clone, Copy)]
struct May;

/// Says of each answer whether it may be compressed, by how it was asked for.
pub async fn judged(request: Request, next: Next) -> Response {
    let may = may(request.method(), request.uri().path(), request.headers());
    let mut response = next.run(request).await;
    if may {
        response.extensions_mut().insert(May);
    }
    response
}

/// Compresses what may be, for whoever takes it.
pub fn packed() -> CompressionLayer<Wanted> {
    CompressionLayer::new().gzip(true).compress_when(wanted as Wanted)
}

fn may(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let ours = || {
        let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
        site.is_some_and(|site| [b"same-origin".as_slice(), b"none"].contains(&site))
    };
    let once = path.starts_with("/shown/");
    method == Method::GET
        && !once
        && (path.starts_with("/assets/") || path.starts_with("/v1/read/") || ours())
}

/// Text only: photos and workbooks are compressed already, and events must arrive one by one.
fn wanted(status: StatusCode, _: Version, headers: &HeaderMap, said: &Extensions) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let text = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"]
        .iter()
        .any(|known| kind.starts_with(known));
    let length = headers.get("content-length").and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    status == StatusCode::OK && text && said.get::<May>().is_some() && length.is_none_or(|n| n >= WORTH)
}
