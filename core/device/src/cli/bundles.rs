//! Bundles for hand-over, as text.

use super::print::{Plain, word};
use crate::handover::carry::{Brought, Carried};
use crate::handover::make::HandedOver;
use crate::screens::media::size;
use crate::screens::status::clock;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// What is carried.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Bundles {
    /// The bundles.
    pub carried: Vec<Carried>,
    /// The team's time zone.
    #[serde(skip)]
    pub zone: chrono_tz::Tz,
}

impl Plain for HandedOver {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let args = [("items", self.items.to_string()), ("photos", self.photos.to_string())];
        writeln!(out, "{}", word(lang, "handed-over", &args))?;
        if self.photos_left > 0 {
            let left = [("left", self.photos_left.to_string())];
            writeln!(out, "{}", word(lang, "handed-over-left", &left))?;
        }
        Ok(())
    }
}

impl Plain for Bundles {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.carried.is_empty() {
            return writeln!(out, "{}", word(lang, "carried-none", &[]));
        }
        self.carried.iter().try_for_each(|carried| {
            let at = clock(self.zone, carried.at_ms);
            let args = [("size", size(carried.bytes)), ("at", at), ("name", carried.name.clone())];
            let refused = carried.problem.is_some();
            let key = if refused { "carried-refused" } else { "carried-waits" };
            writeln!(out, "{}", word(lang, key, &args).trim_start())?;
            refusal(out, carried, lang)?;
            match (&carried.problem, &carried.put_off) {
                (None, Some(put_off)) => {
                    writeln!(out, "  {} {}", put_off.why.reason.get(lang), put_off.why.remedy.get(lang))?;
                    let at = [("at", clock(self.zone, put_off.until_ms))];
                    writeln!(out, "  {}", word(lang, "next-try", &at))
                }
                _ => Ok(()),
            }
        })
    }
}

fn refusal(out: &mut String, carried: &Carried, lang: Lang) -> std::fmt::Result {
    match &carried.problem {
        Some(problem) => writeln!(out, "  {} {}", problem.reason.get(lang), problem.remedy.get(lang)),
        None => Ok(()),
    }
}

impl Plain for Brought {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        self.taken.iter().try_for_each(|taken| {
            let args = [
                ("items", taken.items.to_string()),
                ("stored", taken.stored.to_string()),
                ("duplicates", taken.duplicates.to_string()),
                ("held", taken.held.to_string()),
                ("waiting", taken.waiting.to_string()),
            ];
            writeln!(out, "{}", word(lang, "carried-taken", &args))
        })?;
        self.refused.iter().try_for_each(|carried| {
            let args = [("name", carried.name.clone())];
            writeln!(out, "! {}", word(lang, "carried-refused-now", &args))?;
            refusal(out, carried, lang)
        })
    }
}
