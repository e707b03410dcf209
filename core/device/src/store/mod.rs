//! The encrypted store: one SQLCipher file, one writer, a few readers.
//!
//! WAL, and `synchronous=FULL`: a rep is told "saved" only when it is. The key is 32 raw bytes from
//! the platform's key store, so SQLCipher derives nothing and opening is fast.
//!
//! - [`open`]: key, pragmas, migrations, readers. - [`meta`]: single values.
//! - [`documents`]: content. - [`acts`]: statements and rulings; [`foreseen`]: those that are expected. - [`outbox`]: what is unsent or
//!   held. - [`records`]: the projection and its search. - [`roster`]: people, pens, packs, cursors.
//! - [`places`]: where a person is in a record; [`typed`]: what is typed there and is no answer yet.
//! - [`blobs`]: photos; [`blob_part`]: a part of one; [`uploads`]: their way to the server. - [`runs`]: clean and unclean ends.
//!   [`sync_log`]: what was tried.
//! - [`doubtful`]: what a restored server may have lost. - [`gone`]: what leaves or was removed;
//!   [`handed`]: what the server took without applying it; [`parted`]: own work in records that left.
//!   [`looks`]: what photos look like. [`recordings`]: those under way, link by link.
//!   [`sheets`]: photos for acts that are not stated yet. [`notices`]: what the rep is told of all that. - [`batches`]: many records at once.
//!
//! Functions that write take a `&Transaction`, so that a caller decides what belongs together.

pub mod acts;
pub mod batches;
pub mod before;
pub mod blob_part;
pub mod blobs;
pub mod documents;
pub mod doubtful;
pub mod foreseen;
pub mod gone;
pub mod handed;
pub mod lacking;
pub mod looks;
pub mod meta;
pub mod notices;
pub mod offered;
pub mod open;
pub mod outbox;
pub mod parted;
pub mod places;
pub mod recordings;
pub mod records;
pub mod roster;
pub mod runs;
pub mod sheets;
pub mod sought;
pub mod sync_log;
pub mod typed;
pub mod uploads;

pub use open::{Key, Store};

use crate::error::Fail;
use rounds_model::canonical;
use rounds_model::ids::BadId;
use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};

/// The last number that a table gave out: it never falls, whatever is deleted.
pub(crate) fn last_number(db: &Connection, table: &str) -> Result<i64, Fail> {
    let mut query = db.prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = ?1")?;
    Ok(query.query_row([table], |r| r.get(0)).optional()?.unwrap_or(0))
}

/// Encodes a value for a column.
pub(crate) fn to_column<T: Serialize>(value: &T) -> Result<Vec<u8>, Fail> {
    canonical::encode(value).map_err(|_| Fail::Damaged("a value cannot be encoded"))
}

/// Decodes a column that this store wrote.
pub(crate) fn from_column<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fail> {
    canonical::decode(bytes).map_err(|_| Fail::Damaged("a stored value cannot be read"))
}

impl From<BadId> for Fail {
    fn from(_: BadId) -> Self {
        Fail::Damaged("a stored id has the wrong length")
    }
}
