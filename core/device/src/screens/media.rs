//! The outbox's photos: what each is, how far it is, and what is wrong with it if something is.

use super::outbox::{Entry, LISTED, State, row_of};
use super::record::Reason;
use super::say;
use super::status::{Status, clock};
use crate::Rounds;
use crate::error::{Fail, messages};
use crate::settings;
use crate::store::{meta, uploads};
use rounds_model::refusal::Refusal;
use rounds_model::text::Lang;
use rusqlite::Connection;

/// The photos and files that wait, oldest first.
pub(super) fn waiting(
    rounds: &Rounds,
    db: &Connection,
    zone: chrono_tz::Tz,
    lang: Lang,
    status: &Status,
) -> Result<Vec<Entry>, Fail> {
    let sending = rounds.now_under_way().and_then(|now| now.photo);
    let next = status.next_try.as_ref();
    let metered = meta::get::<bool>(db, "metered")?.unwrap_or(false);
    let wifi = settings::load(db)?.wifi_only && metered;
    let now = rounds.platform.clocks()?.wall_ms;
    let mut out = Vec::new();
    for upload in uploads::waiting(db, LISTED as u32)? {
        let percent = upload.sent.saturating_mul(100).checked_div(upload.size).unwrap_or(0);
        let args = [("size", size(upload.size)), ("percent", percent.to_string())];
        let reason = upload.problem.as_ref().map(|problem| Reason::of(problem, lang));
        let put_off = upload.problem.is_some().then_some(upload.next_ms).filter(|at| *at > now);
        let put_off = put_off.map(|at| clock(zone, at));
        out.push(Entry {
            state: if sending == Some(upload.n) { State::Sending } else { State::Waiting },
            next_try: put_off.or_else(|| next.map(|next| next.at.clone())),
            receipt: None,
            number: upload.is_hopeless().then_some(upload.n),
            decide: upload.is_hopeless().then(|| say(lang, "what-give-up", &[("n", upload.n.to_string())])),
            record: row_of(rounds, db, upload.doc, lang)?,
            what: say(lang, "what-photo", &args),
            stored: vec![upload.hash.to_string()],
            at: clock(zone, upload.at_ms),
            reason: reason.or_else(|| wifi.then(|| Reason::of(&waits_for_wifi(), lang))),
        });
    }
    Ok(out)
}

fn waits_for_wifi() -> Refusal {
    let text = |key: &str| messages().text(key, &[]);
    Refusal::new("waits-for-wifi", text("waits-for-wifi"), text("waits-for-wifi-remedy"))
}

/// "1.4 MB".
pub(crate) fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        return format!("{} KB", bytes.div_ceil(1_000));
    }
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}
