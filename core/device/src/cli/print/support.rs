//! What support reads: the log, what a verification found, digests.

use super::{Plain, word};
use crate::projecting::Verification;
use crate::screens::support_log::SupportLog;
use rounds_model::digest::Digest;
use rounds_model::text::Lang;
use std::fmt::Write;

impl Plain for SupportLog {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "rounds {} · protocol {} · store {}", self.app, self.protocol, self.store)?;
        let counts = [
            ("waiting", self.waiting),
            ("held", self.held),
            ("blocked", self.blocked),
            ("photos", self.photos_waiting),
            ("kills", self.kills_survived),
        ];
        let args = counts.map(|(k, n)| (k, n.to_string()));
        writeln!(out, "{}", word(lang, "print-log-counts", &args))?;
        if let Some(trouble) = &self.trouble {
            writeln!(out, "! {} {} ({})", trouble.reason, trouble.remedy, trouble.code)?;
        }
        for entry in &self.tries {
            let t = &entry.tried;
            let times = if t.times > 1 { format!(" ×{}", t.times) } else { String::new() };
            let until = entry.until.as_deref().map(|at| format!(" … {at}")).unwrap_or_default();
            writeln!(out, "{}{until}  {}{times}  {}", entry.at, t.outcome, entry.why)?;
            let args = [
                ("exchanges", t.exchanges),
                ("up", t.up),
                ("down", t.down),
                ("sent", t.sent),
                ("held", t.held),
                ("received", t.received),
                ("photos", t.photos),
                ("ms", t.took_ms),
            ];
            writeln!(out, "    {}", word(lang, "print-log", &args.map(|(k, n)| (k, n.to_string()))))?;
        }
        Ok(())
    }
}

impl Plain for Verification {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let args = [
            ("n", self.records.to_string()),
            ("bad", (self.different.len() + self.damaged.len()).to_string()),
        ];
        writeln!(out, "{}", word(lang, "print-verified", &args))?;
        self.different.iter().chain(&self.damaged).try_for_each(|doc| writeln!(out, "  {doc}"))
    }
}

impl Plain for Digest {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        self.scopes.iter().try_for_each(|(scope, sum)| writeln!(out, "{scope} {} {}", sum.records, sum.hash))
    }
}
