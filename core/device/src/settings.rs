//! What a person sets on this phone.

use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::meta;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// The settings. What an older app has stored is read with the defaults for the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Photos and files wait for a network that is not metered. Records never wait.
    pub wifi_only: bool,
    /// KiB of a photo or file that are sent in one request. A broken connection loses none of it; it
    /// bounds what has to be checked at a time.
    pub part_kib: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { wifi_only: false, part_kib: 5 * 1024 }
    }
}

impl Settings {
    /// Bytes of one part.
    pub(crate) fn part_bytes(&self) -> u64 {
        u64::from(self.part_kib.clamp(4, 64 * 1024)) * 1024
    }
}

impl Rounds {
    /// The settings.
    pub fn settings(&self) -> Result<Settings, RoundsError> {
        Ok(self.store.read(load)?)
    }

    /// Sets them.
    pub fn set_settings(&self, settings: &Settings) -> Result<(), RoundsError> {
        Ok(self.store.write(|tx| meta::set(tx, "settings", settings))?)
    }
}

pub(crate) fn load(db: &Connection) -> Result<Settings, Fail> {
    Ok(meta::get(db, "settings")?.unwrap_or_default())
}
