//! The commands about work that was handed over.

use super::args::Holding;
use super::say::Say;
use super::table;
use crate::admin::holding::{self, Decided, Decider, Work};
use crate::admin::{Done, team};
use crate::clock::now_ms;
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
            let decided = holding::accept(storage, id, *work, operator()?, now_ms())?;
            told("said-work-accepted", &decided, say);
            Ok(decided.left.is_empty())
        }
        Holding::Drop { work, reason } => {
            let reason = reason.as_deref().unwrap_or_default();
            let decided = holding::drop_work(storage, id, *work, operator()?, reason, now_ms())?;
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
    let row = |w: &Work| {
        let says = w.items.iter().map(says).collect::<Vec<_>>().join(" · ");
        [
            w.span().to_string(),
            name(w.person),
            say.time(w.since),
            w.doc.to_string(),
            w.refusal.code.clone(),
            says,
        ]
    };
    let headings = ["head-number", "head-person", "head-since", "head-record", "head-why", "head-says"];
    let rows = works.iter().map(row).collect();
    say.answer(&json!(json), table::lines(headings.map(|key| say.text(key, &[])), rows));
    Ok(())
}

/// What an item says, in the pack's own names: for the operator, who knows the packs.
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
