//! Wake-ups: server-sent events without content. Whoever hears one makes an exchange.

use std::time::Duration;

/// Where to listen.
pub const PATH: &str = "/v1/events";

/// All that an event says: there is something new for you.
pub const NEW: &str = "new";

/// How often the server says something at least, so that both ends notice a dead line.
pub const HEART_BEAT: Duration = Duration::from_secs(20);

/// How long a line may be silent before the phone takes it for dead.
pub const SILENCE: Duration = Duration::from_secs(60);
