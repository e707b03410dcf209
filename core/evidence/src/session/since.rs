//! Since when a recording stands still, and how long that is.

use crate::chain::Gap;
use rounds_model::ids::BootId;
use rounds_model::time::TrustedTime;

/// Since when nothing is recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Since {
    mono_ms: u64,
    boot: BootId,
    at_ms: i64,
    /// The estimate can be compared with that of another boot.
    known: bool,
    exact: bool,
}

impl Since {
    pub(super) fn exactly(mono_ms: u64, noticed: &TrustedTime) -> Since {
        let ago = noticed.reading.mono_ms.saturating_sub(mono_ms);
        let at_ms = noticed.at_ms.saturating_sub(i64::try_from(ago).unwrap_or(i64::MAX));
        Since { mono_ms, at_ms, exact: true, ..Since::at_most(noticed) }
    }

    pub(super) fn at_most(last: &TrustedTime) -> Since {
        let (mono_ms, boot) = (last.reading.mono_ms, last.reading.boot);
        Since { mono_ms, boot, at_ms: last.at_ms, known: last.within_ms().is_some(), exact: false }
    }

    pub(super) fn gap(&self, now: &TrustedTime) -> Gap {
        if self.boot == now.reading.boot && now.reading.mono_ms >= self.mono_ms {
            let ms = now.reading.mono_ms - self.mono_ms;
            return if self.exact { Gap::Exact(ms) } else { Gap::AtMost(ms) };
        }
        let known = self.known && now.within_ms().is_some();
        match u64::try_from(now.at_ms.saturating_sub(self.at_ms)) {
            Ok(ms) if known => Gap::About(ms),
            _ => Gap::Unknown,
        }
    }
}
