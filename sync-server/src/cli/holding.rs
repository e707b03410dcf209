//! The commands about work that was handed over.

use super::args::Holding;
use super::say::Say;
use super::table;
use crate::admin::holding::{self, Decided, Decider};
use crate::admin::{Done, team};
use crate::clock::now_ms;
use crate::console::holding as console;
use crate::console::kinds::Library;
use crate::console::packs::PublishedPacks;
use crate::console::viewer::Viewer;
use crate::console::words::Words;
use crate::storage::{Read, Storage};
use rounds_model::ids::TeamId;
use rounds_protocol::exchange::PushItem;
use serde_json::json;

/// Carries one of them out. False if something could not be accepted.
pub fn run(storage: &dyn Storage, id: TeamId, command: &Holding, say: &Say) -> Done<bool> {
    let operator = || Done::Ok(Decider::Operator(team::own_device(&*storage.read(id)?)?.0.id));
    match command {
        Holding::List => {
            list(&*storage.read(id)?, say)?;
            Ok(true)
        }
        Holding::Accept { work } => {
            let work = work.span(&*storage.read(id)?)?;
            let decided = holding::accept(storage, id, work, operator()?, now_ms())?;
            told("said-work-accepted", &decided, say);
            Ok(decided.left.is_empty())
        }
        Holding::Drop { work, reason } => {
            let reason = reason.as_deref().unwrap_or_default();
            let work = work.span(&*storage.read(id)?)?;
            let decided = holding::drop_work(storage, id, work, operator()?, reason, now_ms())?;
            told("said-work-dropped", &decided, say);
            Ok(true)
        }
    }
}

fn list(view: &dyn Read, say: &Say) -> Done<()> {
    let works = holding::waiting(view)?;
    let people = view.people()?;
    let name = |id| people.iter().find(|p| p.id == id).map_or("", |p| p.name.as_str()).to_owned();
    let json: Vec<_> = works
        .iter()
        .map(|w| {
            json!({
                "work": w.span().to_string(), "number": w.number, "person": w.person, "person_name": name(w.person), "device": w.device,
                "doc": w.doc, "items": w.count, "since_ms": w.since, "refusal": w.refusal,
                "says": w.items.iter().map(says).collect::<Vec<_>>(),
            })
        })
        .collect();
    let headings = ["head-number", "head-person", "head-since", "head-record", "head-why", "head-says"];
    let rows = in_words(view, say)?;
    say.answer(&json!(json), table::lines(headings.map(|key| say.text(key, &[])), rows));
    Ok(())
}

/// The rows as the console shows them: records by what they are called, questions by their labels, the reason in
/// a sentence. The JSON has the names and ids.
fn in_words(view: &dyn Read, say: &Say) -> Done<Vec<[String; 6]>> {
    let operator = Viewer::load(view, team::own_device(view)?.0.id)?;
    let Some(operator) = operator else { return Ok(vec![]) };
    let lexicon = PublishedPacks::default().open(view)?;
    let words = Words::new(say.lang(), &view.team()?.zone);
    let shown = console::waiting(view, &*lexicon, &operator, &words, now_ms())?.works;
    Ok(shown
        .into_iter()
        .map(|row| {
            let since = say.time(row.since_ms);
            let record = match row.record {
                Some(record) if row.title.is_empty() => record.title,
                Some(record) => format!("{} · {}", row.title, record.title),
                None => row.title,
            };
            let says: Vec<_> = row.says.into_iter().filter(|says| !says.is_empty()).collect();
            [row.number, row.who, since, record, row.reason, says.join(" · ")]
        })
        .collect())
}

/// What an item says, in the pack's own names: for programs.
fn says(item: &PushItem) -> String {
    match item {
        PushItem::Edit(edit) => {
            let puts = edit.puts.iter().filter(|put| !put.key.starts_with('@'));
            puts.map(|put| format!("{}={}", put.key, put.value)).collect::<Vec<_>>().join(" ")
        }
        PushItem::Act(signed) => signed.read().map(|act| format!("{}!", act.name)).unwrap_or_default(),
    }
}

fn told(key: &str, decided: &Decided, say: &Say) {
    let mut lines = vec![say.text(key, &[("count", decided.done.to_string())])];
    lines.extend(decided.left.iter().map(|refusal| {
        let lang = say.lang();
        say.text(
            "said-work-left",
            &[
                ("reason", refusal.reason.get(lang).to_owned()),
                ("remedy", refusal.remedy.get(lang).to_owned()),
            ],
        )
    }));
    say.answer(&json!({ "done": decided.done, "left": decided.left }), lines);
}
