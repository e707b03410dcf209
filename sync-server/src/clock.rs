//! The one place that asks for the time. Everything else is told.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now, Unix milliseconds.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The same for a UUIDv7.
pub fn stamp(at_ms: i64) -> u64 {
    u64::try_from(at_ms).unwrap_or(0)
}
