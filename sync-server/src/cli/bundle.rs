//! `handover`: a bundle from a stick instead of from the network.

use crate::admin::Done;
use crate::admin::files::DataFolder;
use crate::blobs::{Blobs, Limits};
use crate::clock::now_ms;
use crate::error::Error;
use crate::exchange::rules::RulesCache;
use crate::handover::{check, import};
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use rounds_model::ids::TeamId;
use rounds_protocol::fault::Fault;
use rounds_protocol::handover::Taken;
use std::path::Path;
use std::sync::Arc;

/// Takes a bundle in.
pub fn take(
    storage: Sqlite,
    folder: &DataFolder,
    team: TeamId,
    file: &Path,
    place: Option<&str>,
) -> Done<Taken> {
    let storage: Arc<dyn Storage> = Arc::new(storage);
    let checked = check(&*storage, file)?;
    if checked.team != team {
        return Err(Error::Fault(Fault::BundleTeam).into());
    }
    let (keep, staging) = super::serve::places(folder, place)?;
    let blobs = Blobs::new(Arc::clone(&storage), keep, staging, Limits::default(), now_ms);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::from)?;
    let _inside = runtime.enter();
    Ok(import::import(&*storage, &RulesCache::default(), Some(&blobs), &checked, file, now_ms())?)
}
