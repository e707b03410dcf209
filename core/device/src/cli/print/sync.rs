//! The exchange with the server, and where the phone stands.

use super::{Plain, reason, word};
use crate::identity::Identity;
use crate::screens::status::Status;
use crate::settings::Settings;
use crate::sync::progress::Progress;
use crate::sync::run::Synced;
use rounds_model::ids::BlobHash;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// What enrolment led to; no secret is in it.
#[derive(Serialize)]
pub struct Enrolled {
    device: String,
    person: String,
    role: String,
    team: String,
}

impl Enrolled {
    /// From the identity.
    pub fn of(identity: &Identity) -> Self {
        Enrolled {
            device: identity.device.to_string(),
            person: identity.person.name.clone(),
            role: identity.person.role.to_string(),
            team: identity.team.name.clone(),
        }
    }
}

impl Plain for Enrolled {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let args = [("person", self.person.clone()), ("team", self.team.clone())];
        writeln!(out, "{}", word(lang, "print-enrolled", &args))
    }
}

/// What a sync did, and where the phone stands now.
#[derive(Serialize)]
pub struct SyncDone {
    /// What it did.
    #[serde(flatten)]
    pub synced: Synced,
    /// Where the phone stands.
    pub status: Status,
}

impl Plain for SyncDone {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        synced_lines(out, &self.synced, lang)?;
        self.status.plain(out, lang)
    }
}

fn synced_lines(out: &mut String, synced: &Synced, lang: Lang) -> std::fmt::Result {
    let c = &synced.changes;
    let args = [("sent", c.sent), ("received", c.received), ("accepted", c.accepted)];
    let args = args.map(|(k, n)| (k, n.to_string()));
    writeln!(out, "{}", word(lang, "print-synced", &args))?;
    if c.blocked + c.held > 0 {
        let args = [("blocked", c.blocked.to_string()), ("held", c.held.to_string())];
        writeln!(out, "{}", word(lang, "print-not-taken", &args))?;
    }
    synced.carried.plain(out, lang)?;
    let media = &synced.media;
    if media.sent + media.failed + media.waiting > 0 {
        let args = [("sent", media.sent), ("waiting", media.waiting), ("failed", media.failed)];
        let args = args.map(|(k, n)| (k, n.to_string()));
        writeln!(out, "{}", word(lang, "print-media", &args))?;
    }
    if media.waits_for_wifi && media.waiting > 0 {
        writeln!(out, "  {}", word(lang, "waits-for-wifi", &[]))?;
    }
    if let Some(stopped) = &media.stopped {
        writeln!(out, "  ! {}", stopped.message(lang))?;
    }
    match synced.unfinished {
        Some(_) => writeln!(out, "{}", word(lang, "stopped", &[])),
        None => Ok(()),
    }
}

impl Plain for Progress {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        match self {
            Progress::Started { cause, waiting } => {
                let why = word(lang, &format!("cause-{}", cause.code().replace('_', "-")), &[]);
                let args = [("why", why), ("waiting", waiting.to_string())];
                writeln!(out, "{}", word(lang, "print-started", &args))
            }
            Progress::Sent { n, of } => {
                let args = [("sent", n.to_string()), ("of", of.to_string())];
                writeln!(out, "  {}", word(lang, "chip-syncing", &args))
            }
            Progress::Received { items } => {
                writeln!(out, "  {}", word(lang, "print-received", &[("n", items.to_string())]))
            }
            Progress::Photo { number, of, bytes, size } => {
                let percent = bytes.saturating_mul(100).checked_div(*size).unwrap_or(0);
                let args =
                    [("number", *number), ("of", *of), ("percent", percent), ("kb", size.div_ceil(1_000))];
                let args = args.map(|(k, n)| (k, n.to_string()));
                writeln!(out, "  {}", word(lang, "print-photo", &args))
            }
            Progress::Finished { synced } => synced_lines(out, synced, lang),
            Progress::Failed { error, next_try } => {
                writeln!(out, "! {}", error.message(lang))?;
                let next = next_try.as_ref().map(|next| next.text(lang));
                writeln!(out, "  {}", next.unwrap_or_else(|| word(lang, "no-next-try", &[])))
            }
        }
    }
}

impl Plain for Status {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "[{}]", self.text)?;
        self.trouble.iter().try_for_each(|r| reason(out, r))?;
        if let Some(next) = &self.next_try {
            writeln!(out, "    {}", next.text(lang))?;
        }
        let more = self.no_access.iter().chain(&self.packs_problem);
        more.into_iter().try_for_each(|text| writeln!(out, "{text}"))?;
        match self.notices {
            0 => Ok(()),
            n => writeln!(out, "{}", word(lang, "print-notices", &[("n", n.to_string())])),
        }
    }
}

/// What is set.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Set(pub Settings);

impl Plain for Set {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        writeln!(out, "wifi-only {}", if self.0.wifi_only { "on" } else { "off" })?;
        writeln!(out, "part-kib {}", self.0.part_kib)
    }
}

/// A photo that was written to a file.
#[derive(Serialize)]
pub struct Fetched {
    /// Its hash.
    pub hash: BlobHash,
    /// Its bytes.
    pub bytes: u64,
}

impl Plain for Fetched {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        writeln!(out, "{} {}", self.hash, self.bytes)
    }
}
