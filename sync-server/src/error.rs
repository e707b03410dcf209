//! What can go wrong in here, and the one place where it becomes what a caller is told.

use rounds_model::refusal::Refusal;
use rounds_protocol::fault::Fault;
use rounds_protocol::wire::BadBody;
use thiserror::Error;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong.
#[derive(Debug, Error)]
pub enum Error {
    /// The disk, or what the database may use of it, is full. Nothing was stored.
    #[error("no room left for the database")]
    StorageFull,
    /// Another process held the database for too long.
    #[error("the database is in use by another process")]
    StorageBusy,
    /// The file was written by a newer build; it was not touched.
    #[error("the database has version {found}, this build knows up to {known}")]
    StorageNewer {
        /// The file's version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The file is no database of ours, or damaged.
    #[error("the database is damaged or not a Rounds database: {0}")]
    StorageDamaged(String),
    /// Any other failure of the database.
    #[error("the database failed")]
    Sqlite(#[source] rusqlite::Error),
    /// A file could not be read or written.
    #[error("a file could not be read or written")]
    Io(#[from] std::io::Error),
    /// The place for blobs failed, or cannot be reached.
    #[error("the place for blobs failed")]
    Blobs(#[from] object_store::Error),
    /// Stored content that cannot be read.
    #[error("stored content is damaged")]
    Document(#[from] rounds_model::document::DocumentError),
    /// A stored pack cannot be used.
    #[error("the stored packs cannot be used: {0}")]
    Packs(String),
    /// The system gave no random bytes.
    #[error("the system has no random bytes to give")]
    Random,
    /// A password could not be hashed.
    #[error("the password could not be hashed")]
    Password,
    /// A background task ended before its work.
    #[error("a task was cancelled")]
    Cancelled,
    /// TLS could not be set up.
    #[error("TLS could not be set up: {0}")]
    Tls(String),
    /// What an address asks for cannot be read.
    #[error("a filter cannot be read")]
    Misread(Box<Refusal>),
    /// A fault that the caller is told as it is.
    #[error("{}", .0.code())]
    Fault(Fault),
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match e.sqlite_error_code() {
            Some(Code::DiskFull) => Error::StorageFull,
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Error::StorageBusy,
            Some(Code::NotADatabase | Code::DatabaseCorrupt) => Error::StorageDamaged(e.to_string()),
            _ if is_unreadable(&e) => Error::StorageDamaged(e.to_string()),
            _ => Error::Sqlite(e),
        }
    }
}

/// True if a column does not have what was stored there.
fn is_unreadable(e: &rusqlite::Error) -> bool {
    use rusqlite::Error as E;
    matches!(e, E::FromSqlConversionFailure(..) | E::InvalidColumnType(..) | E::IntegralValueOutOfRange(..))
        || matches!(e, E::Utf8Error(..))
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::Fault(fault)
    }
}

impl From<BadBody> for Error {
    fn from(bad: BadBody) -> Self {
        Error::Fault(bad.into())
    }
}

impl From<rounds_model::canonical::Malformed> for Error {
    fn from(bad: rounds_model::canonical::Malformed) -> Self {
        Error::StorageDamaged(bad.to_string())
    }
}

impl From<rounds_model::ids::BadId> for Error {
    fn from(bad: rounds_model::ids::BadId) -> Self {
        Error::StorageDamaged(bad.to_string())
    }
}

impl Error {
    /// True if something that is stored cannot be read: other things may well be.
    pub fn is_damage(&self) -> bool {
        matches!(self, Error::StorageDamaged(_) | Error::Document(_))
    }

    /// What the caller is told. The rest is for the log.
    pub fn fault(&self) -> Fault {
        match self {
            Error::Fault(fault) => *fault,
            Error::StorageFull => Fault::StorageFull,
            Error::StorageBusy | Error::Cancelled | Error::Blobs(_) => Fault::Busy,
            _ => Fault::Internal,
        }
    }
}
