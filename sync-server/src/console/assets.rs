//! The style sheet, the script and the icon, from inside the binary.

use super::view::AssetLinks;
use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// The addresses of the assets. Each holds a part of the content's hash: a browser may keep it for
/// ever, and a new build has a new address.
pub fn links() -> AssetLinks {
    static LINKS: OnceLock<AssetLinks> = OnceLock::new();
    let links = LINKS.get_or_init(|| AssetLinks {
        style: link("console.css"),
        script: link("console.js"),
        icon: link("icon.svg"),
    });
    links.clone()
}

fn link(name: &str) -> String {
    let version = Assets::get(name).map(|file| version(&file.metadata.sha256_hash())).unwrap_or_default();
    format!("/assets/{name}?v={version}")
}

fn version(hash: &[u8; 32]) -> String {
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The verifier that `docs/evidence.md` describes, for whoever checks a recording without us.
const VERIFIER: &str = include_str!("../../../docs/evidence/verify.py");

/// One asset.
pub async fn asset(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    if name == "verify.py" {
        return ([(CONTENT_TYPE, "text/x-python; charset=utf-8")], VERIFIER).into_response();
    }
    let Some(file) = Assets::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let version = version(&file.metadata.sha256_hash());
    let tag = format!("\"{version}\"");
    let kept = if query.as_deref() == Some(&format!("v={version}")) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let common = [(ETAG, tag.clone()), (CACHE_CONTROL, kept.to_owned())];
    if headers.get(IF_NONE_MATCH).is_some_and(|given| given.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    (common, [(CONTENT_TYPE, kind)], file.data.into_owned()).into_response()
}
