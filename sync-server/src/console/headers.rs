//! What every answer of the console says to the browser.

use super::Console;
use super::problem::{as_json, problem, with_ways};
use super::session::Visitor;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rounds_protocol::fault::Fault;

/// What pages may load: from here, and nothing from anywhere else but the tiles of maps, if an operator
/// has named a server of tiles.
pub fn policy(tiles: Option<&str>) -> String {
    let tiles = tiles.map(|host| format!(" {host}")).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:{tiles}; \
         media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// The headers, and that pages are kept nowhere: a phone or a browser in an office is shared.
pub async fn strict(State(console): State<Console>, request: Request, next: Next) -> Response {
    let visitor = Visitor::of(request.headers(), console.secure);
    let lang = visitor.lang;
    let program = request.uri().path().starts_with("/v1/");
    let script = request.headers().get(ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json");
    let mut response = next.run(request).await;
    // What the framework says of an address or a form that it cannot read is English, and no page.
    let bare =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if bare && response.status() == StatusCode::BAD_REQUEST {
        response = match program {
            true => (StatusCode::NOT_FOUND, Json(Fault::NotFound.body())).into_response(),
            false => problem(lang, StatusCode::NOT_FOUND),
        };
    }
    // A script that sent a form puts what is said beside it; whoever has come in finds the way on from a page that
    // says no.
    if script {
        response = as_json(response);
    } else if visitor.team().is_some() {
        response = with_ways(response, lang);
    }
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 5] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_SECURITY_POLICY, console.policy.clone());
    if console.secure {
        // For a year, and for this host alone: what else runs on its domain is not ours to say.
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
