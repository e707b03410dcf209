//! What people do with their phones, chosen by chance: create, answer, state, settle, decide.

use super::cast::{Cast, LI, Packs, ZHAO};
use super::phone::Phone;
use super::rng::Rng;
use super::trace::{Trace, short};
use anyhow::{Context, Result, bail, ensure};
use rounds_device::store::{documents, outbox, records};
use rounds_device::{Class, Rounds, RoundsError};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_protocol::exchange::PushItem;
use std::sync::atomic::{AtomicU32, Ordering};

/// A user at a phone.
pub struct User<'a> {
    /// What there is to work with.
    pub cast: &'a Cast,
    /// The phone.
    pub phone: &'a Phone,
    /// Where it is told.
    pub trace: &'a Trace,
    /// What makes every text different.
    pub counter: &'a AtomicU32,
    /// When.
    pub step: u32,
    /// The app is killed before the call returns: the user is told nothing.
    pub doomed: bool,
}

/// What came of something that a user did, in words.
type Done = Result<String, RoundsError>;

impl User<'_> {
    /// Does one thing, and notes what was saved by it.
    pub fn act(&self, rng: &mut Rng) -> Result<()> {
        let rounds = self.phone.rounds()?;
        if self.phone.is_signed_out()? {
            return Ok(());
        }
        // What survived an earlier kill without a word, and is offered again, is not by this act.
        self.phone.book().note(rounds, self.step)?;
        let what = self.something(rounds, rng)?;
        if self.doomed {
            self.say(&format!("is killed: {}", what.unwrap_or_else(|e| e.code)));
            return Ok(());
        }
        let new = self.phone.book().note(rounds, self.step)?;
        match what {
            Ok(what) => {
                let new: Vec<_> = new.iter().map(said).collect();
                self.say(&format!("{what}: {}", new.join("; ")));
            }
            Err(e) => {
                self.say(&format!("refused: {}", e.code));
                ensure!(new.is_empty(), "a call failed ({e}), and something was saved");
                self.expected(&e)?;
            }
        }
        Ok(())
    }

    fn something(&self, rounds: &Rounds, rng: &mut Rng) -> Result<Done> {
        let few = rounds.store().read(documents::all)?.len() < self.cast.masters() + 3;
        Ok(match rng.below(100) {
            0..4 => self.create(rounds, rng),
            4..22 if few => self.create(rounds, rng),
            // Who has nothing to settle or to decide answers something.
            22..32 => match self.choose(rounds, rng)? {
                Some(done) => done,
                None => self.answer(rounds, rng)?,
            },
            32..44 => match self.decide(rounds, rng)? {
                Some(done) => done,
                None => self.answer(rounds, rng)?,
            },
            44..68 => self.state(rounds, rng)?,
            68..71 => self.look(rounds, rng)?,
            _ => self.answer(rounds, rng)?,
        })
    }

    /// Errors that a user may meet today. Any other one fails the run.
    fn expected(&self, e: &RoundsError) -> Result<()> {
        let usage = [
            "kind-unknown",
            "record-unknown",
            "no-conflict",
            "no-such-version",
            "held-act",
            "question-unknown",
        ];
        let fine = match e.class {
            Class::Refused => true,
            Class::Usage => usage.contains(&e.code.as_str()),
            Class::Storage => e.code == "storage-full" && self.phone.full,
            Class::Internal => e.code == "system",
            _ => false,
        };
        if fine { Ok(()) } else { bail!("{} met {e}", self.phone.name()) }
    }

    fn text(&self) -> String {
        format!("{}-{}", self.phone.name(), self.counter.fetch_add(1, Ordering::SeqCst))
    }

    fn create(&self, rounds: &Rounds, rng: &mut Rng) -> Done {
        let kinds = if self.cast.packs == Packs::WithForms { 6 } else { 3 };
        let store = rng.pick(&self.cast.stores).map(ToString::to_string).unwrap_or_default();
        let policy = rng.pick(&self.cast.policies).map(ToString::to_string).unwrap_or_default();
        let who = if rng.percent(50) { LI } else { ZHAO };
        let (kind, typed) = match rng.below(kinds) {
            0 => ("visit", vec![("store", store), ("date", "2026-11-23".into()), ("purpose", self.text())]),
            1 => {
                let due = ("due", "2026-12-01".into());
                (
                    "task",
                    vec![("issue", self.text()), ("store", store), ("responsible", who.to_string()), due],
                )
            }
            2 => ("application", vec![("policy", policy), ("item", "other".into()), ("note", self.text())]),
            _ => ("audit", vec![("_store", store)]),
        };
        let typed: Vec<_> = typed.into_iter().map(|(key, text)| (key.to_owned(), text)).collect();
        Ok(format!("creates {kind} …{}", short(&rounds.create(kind, &typed)?)))
    }

    fn answer(&self, rounds: &Rounds, rng: &mut Rng) -> Result<Done> {
        let Some((doc, kind)) = self.some_record(rounds, rng)? else {
            return Ok(Ok("finds no record".into()));
        };
        if kind == "audit" && rng.percent(80) {
            let photo = rng.percent(40);
            return if photo { Ok(self.photo(rounds, doc, rng)) } else { self.repeat(rounds, doc, rng) };
        }
        let keys: &[&str] = match kind.as_str() {
            "store" => &["phone", "contact", "phone", "address"],
            "visit" => &["purpose", "notes", "notes"],
            "task" => &["issue", "issue", "result"],
            "application" => &["note", "note", "policy"],
            _ => &["_store"],
        };
        let key = rng.pick(keys).copied().unwrap_or_default();
        let mut typed = vec![(key.to_owned(), self.text())];
        if key == "policy" || key == "_store" {
            let from = if key == "policy" { &self.cast.policies } else { &self.cast.stores };
            typed = vec![(key.to_owned(), rng.pick(from).map(ToString::to_string).unwrap_or_default())];
        } else if rng.percent(8) {
            typed = vec![(key.to_owned(), String::new())];
        } else if kind == "visit" && rng.percent(30) {
            typed.push(("time".to_owned(), format!("1{}:30", rng.below(10))));
        }
        let answered = rounds.answer(doc, &typed);
        if answered.is_ok() {
            let document = rounds.store().read(|db| documents::load(db, doc))?.context("no document")?;
            for (key, text) in &typed {
                let shown = document.get(key).map(|value| value.to_string()).unwrap_or_default();
                ensure!(shown == *text || key == "time", "saved {key} = {text}, but it shows {shown}");
            }
        }
        Ok(answered.map(|()| format!("answers {kind} …{}", short(&doc))))
    }

    /// One of a few photos, which are the same on every phone, or one of its own.
    fn photo(&self, rounds: &Rounds, doc: DocId, rng: &mut Rng) -> Done {
        let size = if rng.percent(20) { 64 * 1024 + rng.below(9_000) } else { rng.below(6_000) };
        let mut bytes = self.text().into_bytes();
        if rng.percent(40) {
            bytes = vec![b'a' + u8::try_from(rng.below(3)).unwrap_or(0); 5_000];
        } else {
            bytes.resize(size.max(bytes.len()), b'.');
        }
        let attached = rounds.attach(doc, "step2/shelf_photo", &mut &*bytes);
        attached.map(|hash| format!("attaches photo {} of {} bytes", short(&hash), bytes.len()))
    }

    fn repeat(&self, rounds: &Rounds, doc: DocId, rng: &mut Rng) -> Result<Done> {
        let fields = rounds.store().read(|db| documents::load(db, doc))?.context("no document")?.fields();
        let instances: Vec<String> = fields
            .keys()
            .filter_map(|k| k.strip_suffix("/@ord")?.strip_prefix("sku/").map(str::to_owned))
            .collect();
        Ok(match (rng.pick(&instances), rng.below(3)) {
            (Some(instance), 0) => {
                rounds.remove(doc, "/data/sku", instance).map(|()| format!("removes sku {instance}"))
            }
            (Some(instance), 1) => {
                let typed = [(format!("sku/{instance}/price"), rng.below(100).to_string())];
                rounds.answer(doc, &typed).map(|()| format!("prices sku {instance}"))
            }
            _ => rounds.add(doc, "/data/sku").map(|instance| format!("adds sku {instance}")),
        })
    }

    fn state(&self, rounds: &Rounds, rng: &mut Rng) -> Result<Done> {
        let Some((doc, kind)) = self.some_record(rounds, rng)? else { return self.answer(rounds, rng) };
        let row = rounds.store().read(|db| records::get(db, doc))?.context("no row")?;
        let stage = if rng.percent(85) { row.projection.stage.as_str() } else { "" };
        let acts: &[&str] = match (kind.as_str(), stage) {
            ("visit", "planned") => &["check_in", "check_in", "skip"],
            ("visit", "in_store") => &["check_out"],
            ("visit", "skipped") => &["plan_again"],
            ("visit", _) => &["check_in", "check_out", "skip", "plan_again"],
            ("task", "draft") => &["assign"],
            ("task", "open") => &["complete"],
            ("task", "done") => &["reopen"],
            ("task", _) => &["assign", "complete", "reopen"],
            ("application", "draft") => &["submit", "submit", "withdraw"],
            ("application", "submitted") => &["withdraw", "return", "finish"],
            ("application", _) => &["submit", "withdraw", "return", "finish"],
            ("audit", "filling") => &["finish"],
            ("audit", _) => &["reopen", "finish"],
            _ => return self.answer(rounds, rng),
        };
        let act = rng.pick(acts).copied().unwrap_or_default();
        let reason = ("reason".to_owned(), self.text());
        let typed = match act {
            "check_in" => vec![("place".to_owned(), "38.9 121.6 0 10".to_owned()), reason],
            "skip" | "reopen" | "return" => vec![reason],
            _ => vec![],
        };
        Ok(rounds
            .act(doc, act, &typed)
            .map(|made| format!("states {act} …{}, now {}", short(&doc), made.stage)))
    }

    fn choose(&self, rounds: &Rounds, rng: &mut Rng) -> Result<Option<Done>> {
        let open = rounds.conflicts(Lang::En)?;
        let Some(record) = rng.pick(&open) else { return Ok(None) };
        let conflict = rng.pick(&record.conflicts).context("a record in conflict has none")?;
        let version = rng.below(conflict.versions.len());
        let doc = rounds.find(&record.row.id.to_string())?;
        let chosen = rounds.choose(doc, &conflict.key, version);
        let words = || format!("chooses version {version} of {} …{}", conflict.key, short(&doc));
        Ok(Some(chosen.map(|()| words())))
    }

    fn decide(&self, rounds: &Rounds, rng: &mut Rng) -> Result<Option<Done>> {
        let held = rounds.store().read(outbox::held)?;
        let Some(one) = rng.pick(&held) else { return Ok(None) };
        let what = said(&one.item);
        let (done, word) = if rng.percent(70) {
            (rounds.retry(one.n), "tries again")
        } else {
            (rounds.discard(one.n), "discards")
        };
        if done.is_ok() {
            self.phone.book().decide(&one.item, self.step)?;
            if word == "tries again" {
                self.check_again(rounds, &one.item)?;
            }
        }
        Ok(Some(done.map(|()| format!("{word} what was held for {}: {what}", one.refusal.code))))
    }

    /// What was tried again stands in the record, or did so before.
    fn check_again(&self, rounds: &Rounds, item: &PushItem) -> Result<()> {
        let PushItem::Edit(edit) = item else { bail!("an act was tried again") };
        let document = rounds.store().read(|db| documents::load(db, edit.doc))?.context("no document")?;
        let history = document.history();
        for put in &edit.puts {
            if put.value.is_blank() {
                // What it cleared may have been held too: then there is nothing to clear.
                continue;
            }
            let written =
                history.iter().flat_map(|s| &s.puts).any(|p| p.key == put.key && p.value == put.value);
            ensure!(written, "{} = {} was tried again, but is nowhere", put.key, put.value);
        }
        Ok(())
    }

    fn look(&self, rounds: &Rounds, rng: &mut Rng) -> Result<Done> {
        let looked = (|| {
            rounds.status(Lang::Zh)?;
            rounds.outbox(Lang::Zh)?;
            rounds.list("visit", None, 10, Lang::En)?;
            rounds.today(Lang::En)?;
            Ok("looks around".to_owned())
        })();
        if let Some((doc, _)) = self.some_record(rounds, rng)? {
            return Ok(looked.and_then(|words| rounds.show(doc, Lang::En).map(|_| words)));
        }
        Ok(looked)
    }

    /// Mostly one of the newest that people made, so that they meet; now and then a store.
    fn some_record(&self, rounds: &Rounds, rng: &mut Rng) -> Result<Option<(DocId, String)>> {
        let docs = rounds.store().read(documents::all)?;
        let made: Vec<_> = docs.iter().filter(|doc| !self.cast.is_master(doc)).collect();
        let doc = if made.is_empty() || rng.percent(8) {
            rng.pick(&self.cast.stores).copied()
        } else {
            let newest = made.len().saturating_sub(3);
            let at =
                if rng.percent(65) { newest + rng.below(made.len() - newest) } else { rng.below(made.len()) };
            made.get(at).map(|doc| **doc)
        };
        let Some(doc) = doc else { return Ok(None) };
        let row = rounds.store().read(|db| records::get(db, doc))?;
        Ok(row.map(|row| (doc, row.projection.kind)))
    }

    fn say(&self, what: &str) {
        self.trace.say(format!("{:>4} {} {what}", self.step, self.phone.name()));
    }
}

/// An item in a few words.
pub fn said(item: &PushItem) -> String {
    match item {
        PushItem::Edit(edit) => {
            let puts: Vec<_> = edit
                .puts
                .iter()
                .filter(|p| !p.key.starts_with('@'))
                .map(|p| format!("{}={}", p.key, p.value))
                .collect();
            format!("edit {}#{} of …{} {}", short(&edit.actor), edit.seq, short(&edit.doc), puts.join(" "))
        }
        PushItem::Act(signed) => match signed.read() {
            Ok(act) => format!("act {} …{} on …{}", act.name, short(&act.id), short(&act.doc)),
            Err(_) => "an unreadable act".to_owned(),
        },
    }
}
