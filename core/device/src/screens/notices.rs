//! What the rep is told: access that came or went, and what follows from it, in plain words.

use super::record::Reason;
use super::say;
use super::status::clock;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::handed::{self, Taken};
use crate::store::notices::{self, Notice};
use rounds_model::ids::DocId;
use rounds_model::people::Role;
use rounds_model::scope::Scope;
use rounds_model::text::{Lang, Text};
use rusqlite::Connection;
use serde::Serialize;

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoticeLine {
    /// By which it is put aside.
    pub number: i64,
    /// Since when, in the team's time zone.
    pub at: String,
    /// What.
    pub text: String,
    /// What that means, or what to do.
    pub more: Option<String>,
}

impl Rounds {
    /// Everything that the rep has not put aside, the newest first.
    pub fn notices(&self, lang: Lang) -> Result<Vec<NoticeLine>, RoundsError> {
        let zone = self.identity().map_or(chrono_tz::UTC, |me| me.zone());
        Ok(self.store.read(|db| lines(db, zone, lang))?)
    }

    /// Puts a notice aside, by its number: the rep has read it.
    pub fn dismiss(&self, number: i64) -> Result<(), RoundsError> {
        let known = self.store.write(|tx| notices::dismiss(tx, number))?;
        if known { Ok(()) } else { Err(Fail::UnknownNotice.into()) }
    }
}

fn lines(db: &Connection, zone: chrono_tz::Tz, lang: Lang) -> Result<Vec<NoticeLine>, Fail> {
    let waiting = handed::waiting(db)?;
    let line = |(number, at_ms, notice): (i64, i64, Notice)| {
        let (text, more) = words(&notice, &waiting, zone, lang);
        NoticeLine { number, at: clock(zone, at_ms), text, more }
    };
    Ok(notices::all(db)?.into_iter().map(line).collect())
}

pub(super) fn words(
    notice: &Notice,
    waiting: &[Taken],
    zone: chrono_tz::Tz,
    lang: Lang,
) -> (String, Option<String>) {
    // Where unsent work of what is gone went: somebody decides about it.
    let unsent = |is_of: &dyn Fn(&Taken) -> bool| match waiting.iter().filter(|taken| is_of(taken)).count() {
        0 => say(lang, "notice-all-sent", &[]),
        n => say(lang, "notice-unsent", &[("n", n.to_string())]),
    };
    let of_scope = |scope: Option<Scope>| unsent(&|taken| scope.is_some() && taken.scope == scope);
    let named = |key: &str, name: &str| say(lang, key, &[("name", name.to_owned())]);
    match notice {
        Notice::Person { name, granted: true, .. } => (named("notice-person-came", name), None),
        Notice::Person { name, granted: false, person } => {
            (named("notice-person-went", name), Some(of_scope(person.map(Scope::Person))))
        }
        Notice::Area { name, granted: true } => (named("notice-area-came", name), None),
        Notice::Area { name, granted: false } => {
            (named("notice-area-went", name), Some(of_scope(Scope::area(name))))
        }
        Notice::Leader { name, leads: true } => (named("notice-leader-came", name), None),
        Notice::Leader { name, leads: false } => (named("notice-leader-went", name), None),
        Notice::Gone { titles, count, docs } => {
            let unsent = unsent(&|taken| docs.contains(&taken.doc));
            (many("notice-gone", titles, *count, lang), Some(unsent))
        }
        Notice::Role { now, before } => {
            let args = [("now", role(now, lang)), ("before", role(before, lang))];
            (say(lang, "notice-role", &args), Some(say(lang, "notice-role-more", &[])))
        }
        Notice::Work { doc, title, name, accepted } => {
            let (key, more) = match accepted {
                None => ("notice-work-waits", Some("notice-work-waits-more")),
                Some(true) => ("notice-work-accepted", None),
                Some(false) => ("notice-work-dropped", None),
            };
            let args = [("name", name.clone()), ("title", called(*doc, title, lang))];
            (say(lang, key, &args), more.map(|more| say(lang, more, &[])))
        }
        Notice::Came { titles, count } => (many("notice-came", titles, *count, lang), None),
        Notice::Ruled { title, act, refusal } => {
            let args = [("title", title.get(lang).to_owned()), ("act", act.get(lang).to_owned())];
            match refusal {
                None => (say(lang, "notice-accepted", &args), None),
                Some(refusal) => {
                    let reason = Reason::of(refusal, lang);
                    (say(lang, "notice-blocked", &args), Some(format!("{} {}", reason.reason, reason.remedy)))
                }
            }
        }
        Notice::Turned { title, act, foreseen, taken, refusal, .. } => {
            let args = [
                ("title", title.get(lang).to_owned()),
                ("act", act.get(lang).to_owned()),
                ("foreseen", foreseen.get(lang).to_owned()),
                ("taken", taken.get(lang).to_owned()),
            ];
            match refusal {
                Some(refusal) => {
                    let reason = Reason::of(refusal, lang);
                    (say(lang, "notice-turned", &args), Some(format!("{} {}", reason.reason, reason.remedy)))
                }
                None => (say(lang, "notice-turned-back", &args), None),
            }
        }
        Notice::Unreadable { doc, title } => {
            let words = named("notice-unreadable", &called(*doc, title, lang));
            (words, Some(say(lang, "notice-unreadable-remedy", &[])))
        }
        Notice::GivenUp { doc, title, size, why } => {
            let args = [("name", called(*doc, title, lang)), ("size", super::media::size(*size))];
            let reason = Reason::of(why, lang);
            let more = say(lang, "notice-given-up-more", &[("why", reason.reason)]);
            (say(lang, "notice-given-up", &args), Some(more))
        }
        Notice::Bundle { name, taken_ms, why } => {
            let args = [("name", name.clone()), ("at", clock(zone, *taken_ms))];
            let key = if name.is_empty() { "notice-bundle" } else { "notice-bundle-named" };
            let why = Reason::of(why, lang);
            let more = say(lang, "notice-bundle-more", &[("why", why.reason), ("remedy", why.remedy)]);
            (say(lang, key, &args), Some(more))
        }
        Notice::Damaged { doc, title } => {
            let words = named("notice-damaged", &called(*doc, title, lang));
            (words, Some(say(lang, "notice-damaged-remedy", &[])))
        }
        Notice::Typed { title, question, text } => {
            let title = title.get(lang).to_owned();
            let args =
                [("name", title), ("question", question.get(lang).to_owned()), ("text", text.to_owned())];
            (say(lang, "notice-typed", &args), Some(say(lang, "notice-typed-remedy", &[])))
        }
        Notice::PutBack => (say(lang, "notice-put-back", &[]), Some(say(lang, "notice-put-back-more", &[]))),
        Notice::Renumbered { doc, title, number, before, now } => {
            let args = [
                ("title", called(*doc, title, lang)),
                ("number", number.get(lang).to_owned()),
                ("before", before.clone()),
                ("now", now.clone()),
            ];
            let more = say(lang, "notice-renumbered-more", &[("before", before.clone())]);
            (say(lang, "notice-renumbered", &args), Some(more))
        }
        Notice::BrokenOff { title } => {
            (named("notice-broken-off", title.get(lang)), Some(say(lang, "notice-broken-off-more", &[])))
        }
    }
}

/// What people call a role; one that a pack names has no other name.
fn role(name: &str, lang: Lang) -> String {
    match name {
        Role::REP => say(lang, "role-rep", &[]),
        Role::SUPERVISOR => say(lang, "role-supervisor", &[]),
        other => other.to_owned(),
    }
}

fn called(doc: DocId, title: &Text, lang: Lang) -> String {
    let title = title.get(lang);
    if title.is_empty() { doc.to_string() } else { title.to_owned() }
}

fn many(key: &str, titles: &[Text], count: u64, lang: Lang) -> String {
    let comma = if lang == Lang::Zh { "、" } else { ", " };
    let names: Vec<_> = titles.iter().map(|title| title.get(lang)).filter(|name| !name.is_empty()).collect();
    let names = names.join(comma);
    let more = count.saturating_sub(titles.len() as u64);
    let key = if more > 0 { format!("{key}-more") } else { key.to_owned() };
    say(lang, &key, &[("names", names), ("n", more.to_string())])
}
