//! What travels between phone and server, defined once and used by both ends.
//!
//! Pure: bytes in, messages out. Nothing here knows HTTP, a file or a clock.
//!
//! - [`exchange`]: the one message pair of sync, `POST /v1/exchange`.
//! - [`enrol`]: how a phone becomes a device of a team, `POST /v1/enrol`.
//! - [`blob`]: the headers with which photos and files are uploaded and fetched, `/v1/blobs`.
//! - [`handover`]: a phone's unsent work as a sealed bundle that somebody carries.
//! - [`events`]: wake-ups, `GET /v1/events`.
//! - [`columns`]: lists of messages that look alike, by columns.
//! - [`wire`]: CBOR in zstd, bounded both ways, and the names of the headers.
//! - [`fault`]: the errors of the HTTP interface: code, text in both languages, remedy, status.
//!
//! Architecture invariant: raw automerge bytes exist only in messages that go down
//! ([`exchange::PullItem`]). Upwards there are [`rounds_model::edit::Edit`]s and signed acts.

pub mod blob;
pub mod columns;
pub mod enrol;
pub mod events;
pub mod exchange;
pub mod fault;
pub mod handover;
pub mod wire;

/// The version of the protocol that this build speaks, sent in [`wire::VERSION_HEADER`].
pub const VERSION: u32 = 4;

/// The oldest version that this build still understands.
pub const OLDEST_VERSION: u32 = 2;

/// The first version in which long lists travel by [`columns`]. A request says by itself how it does;
/// an answer goes by the version of its request.
pub const COLUMNS: u32 = 3;

/// The first version in which a push may have items of both sorts ([`exchange::Request::apart`]), says how acts were
/// ruled before, and is made smaller when it is said to be too heavy.
pub const SMALLER: u32 = 4;
