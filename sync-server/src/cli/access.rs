//! The commands that change who holds which records.

use super::args::Command;
use super::say::Say;
use crate::admin::Done;
use crate::admin::access::{self, Access};
use crate::clock::now_ms;
use crate::storage::Storage;
use rounds_model::ids::TeamId;
use serde_json::json;

/// Carries one of them out.
pub fn change(storage: &dyn Storage, team: TeamId, command: &Command, say: &Say) -> Done<()> {
    let now = now_ms();
    let mut is_new = false;
    let (person, done, what, key) = match command {
        Command::Grant { person, area, new_area, leads } => {
            let access = access_of(area.as_deref(), leads.as_deref());
            if let Some(area) = area.as_deref().filter(|_| !*new_area) {
                is_new = access::check_area(&*storage.read(team)?, area)?;
            }
            let done = access::grant(storage, team, person, &access, now)?;
            let key = if done { "said-granted" } else { "said-granted-already" };
            (person, done, what(&access, say), key)
        }
        Command::Withdraw { person, area, leads } => {
            let access = access_of(area.as_deref(), leads.as_deref());
            let done = access::withdraw(storage, team, person, &access, now)?;
            let key = if done { "said-withdrawn" } else { "said-withdrawn-nothing" };
            (person, done, what(&access, say), key)
        }
        Command::Transfer { person, from, to } => {
            access::transfer(storage, team, person, from, to, now)?;
            let args = [("name", person.clone()), ("from", from.clone()), ("to", to.clone())];
            let json = json!({ "person": person, "from": from, "to": to });
            say.answer(&json, [say.text("said-transferred", &args)]);
            return Ok(());
        }
        _ => return Ok(()),
    };
    let line = say.text(key, &[("name", person.clone()), ("what", what)]);
    let new = area_of(command).filter(|_| is_new).map(|area| say.text("said-area-new", &[("area", area)]));
    say.answer(
        &json!({ "person": person, "changed": done, "new_area": is_new }),
        [line].into_iter().chain(new),
    );
    Ok(())
}

fn area_of(command: &Command) -> Option<String> {
    match command {
        Command::Grant { area, .. } => area.clone(),
        _ => None,
    }
}

/// The command line asks for exactly one of them.
fn access_of(area: Option<&str>, leads: Option<&str>) -> Access {
    match leads {
        Some(name) => Access::Leads(name.to_owned()),
        None => Access::Area(area.unwrap_or_default().to_owned()),
    }
}

fn what(access: &Access, say: &Say) -> String {
    match access {
        Access::Area(area) => say.text("what-area", &[("area", area.clone())]),
        Access::Leads(name) => say.text("what-led", &[("name", name.clone())]),
    }
}
