//! `serve`: the command that stays.

use super::say::Say;
use crate::admin::files::DataFolder;
use crate::admin::{Done, Refused, rows};
use crate::api::{self, App};
use crate::blobs::keep::Keep;
use crate::blobs::staging::Staging;
use crate::blobs::{Blobs, Limits};
use crate::clock::now_ms;
use crate::console::Tiles;
use crate::error::Error;
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use serde_json::json;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

/// How phones and browsers come here.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The certificate and its key.
    pub tls: (Option<&'a Path>, Option<&'a Path>),
    /// A proxy does TLS, and says where requests come from.
    pub behind_proxy: bool,
    /// Without either, also beyond this machine.
    pub allow_plain: bool,
}

/// Serves until asked to stop, and notes both.
pub fn serve(
    storage: Sqlite,
    folder: &DataFolder,
    way: Way<'_>,
    blobs: (Option<&str>, Limits),
    tiles: Option<&str>,
    say: &Say,
) -> Done<()> {
    let bad_tiles = |address: &str| Refused::new("bad-tiles", &[("address", &address)]);
    let tiles = tiles.map(|address| Tiles::read(address).ok_or_else(|| bad_tiles(address))).transpose()?;
    let listen = way.listen;
    let tls = match way.tls {
        (Some(cert), Some(key)) => Some(api::serve::tls(cert, key)?),
        (None, None) if way.behind_proxy || way.allow_plain || listen.ip().is_loopback() => None,
        (None, None) => return Err(Refused::new("not-plain", &[]).into()),
        _ => return Err(Refused::new("tls-pair", &[]).into()),
    };
    let alone = folder.serve()?;
    let _alone = alone.ok_or_else(|| Refused::new("in-use", &[("folder", &folder.path().display())]))?;
    log_to_stderr();
    for team in storage.teams()? {
        rows::catch_up(&storage, team.id)?;
    }
    let listener = TcpListener::bind(listen)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let address = format!("{scheme}://{}", listener.local_addr()?);
    let run = storage.start_run(now_ms())?;
    let storage: Arc<dyn Storage> = Arc::new(storage);
    let (place, limits) = blobs;
    let (keep, staging) = places(folder, place)?;
    let blobs = Blobs::new(Arc::clone(&storage), keep, staging, limits, now_ms);
    let app = App::with_blobs(Arc::clone(&storage), Arc::clone(&blobs));
    let wakes = Arc::clone(&app.wakes);
    let told = Some(Arc::clone(&wakes));
    let secure = tls.is_some() || way.behind_proxy;
    let pages = crate::console::pages(Arc::clone(&storage), Some(blobs), told, tiles, secure);
    let router = api::complete(app, pages);
    let router = if way.behind_proxy { api::proxy::behind(router) } else { router };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::from)?;
    say.answer(&json!({ "serving": address }), [say.text("said-serving", &[("address", address.clone())])]);
    let stop = async move {
        api::serve::asked_to_stop().await;
        // They would listen for as long as they are let.
        wakes.end();
    };
    runtime.block_on(api::serve::serve(listener, tls, router, stop))?;
    storage.stop_run(run, now_ms())?;
    tracing::info!("stopped");
    Ok(())
}

/// Where whole blobs are, and their parts.
pub(super) fn places(folder: &DataFolder, place: Option<&str>) -> Done<(Keep, Staging)> {
    let keep = match place {
        Some(place) => Keep::open(place)?,
        None => Keep::folder(&folder.path().join("blobs"))?,
    };
    Ok((keep, Staging::at(&folder.path().join("uploads"))?))
}

/// Where whole blobs are, for whoever only looks: a folder that is named must be there, and none is made.
pub(super) fn place_as_it_is(folder: &DataFolder, place: Option<&str>) -> Done<Option<Keep>> {
    let own = folder.path().join("blobs");
    match place {
        Some(bucket) if bucket.starts_with("s3://") => Ok(Some(Keep::open(bucket)?)),
        Some(named) if !Path::new(named).is_dir() => {
            Err(Refused::new("blobs-no-folder", &[("folder", &named)]).into())
        }
        Some(named) => Ok(Some(Keep::folder(Path::new(named))?)),
        None if own.is_dir() => Ok(Some(Keep::folder(&own)?)),
        None => Ok(None),
    }
}

/// Structured, one line each; `RUST_LOG` says how much.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // Somebody who embeds this may have set up a log of their own.
    let _ = log.try_init();
}
