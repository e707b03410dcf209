//! Taking access away: what was lost, and who leads those now whom somebody led.

use super::say::Say;
use crate::admin::leaving::{Handed, Heir};
use crate::admin::{Done, Trouble, team};
use crate::clock::now_ms;
use crate::storage::Storage;
use crate::texts::counted;
use rounds_model::ids::TeamId;
use serde_json::json;

/// What `--heir` says for head office, which sees everybody.
const OFFICE: &str = "office";

/// Takes a person's access away. False if there was nothing to take and nobody to hand over.
pub fn person(storage: &dyn Storage, id: TeamId, name: &str, heir: Option<&str>, say: &Say) -> Done<bool> {
    let has_password = || -> Done<bool> {
        let view = storage.read(id)?;
        let person = team::find_person(&*view, name)?;
        Ok(view.password(person.id)?.is_some())
    };
    let before = has_password()?;
    let heir = match heir {
        None => Heir::Unsaid,
        Some(OFFICE) => Heir::Office,
        Some(name) => Heir::Person(name),
    };
    let lost = team::revoke_person(storage, id, name, heir, now_ms()).map_err(with_option)?;
    Ok(said(lost.devices, before && !has_password()?, &lost.handed, say))
}

/// Who has no page to choose on is told the option.
fn with_option(trouble: Trouble) -> Trouble {
    let Trouble::Refused(mut why) = trouble else { return trouble };
    for one in why.iter_mut().filter(|one| one.code == "heir-missing") {
        one.code = "heir-which";
    }
    Trouble::Refused(why)
}

/// Says it. False if nothing was done.
pub fn said(count: u64, console: bool, handed: &[Handed], say: &Say) -> bool {
    let led: Vec<_> = handed.iter().map(|one| json!({ "person": one.led, "to": one.to })).collect();
    say.answer(
        &json!({ "revoked": count, "console": console, "handed": led }),
        lines(count, console, handed, say),
    );
    count > 0 || console || !handed.is_empty()
}

fn lines(count: u64, console: bool, handed: &[Handed], say: &Say) -> Vec<String> {
    let mut lines = vec![];
    if count > 0 {
        lines.push(say.text("said-revoked", &counted(count)));
    }
    if console {
        lines.push(say.text("said-revoked-console", &[]));
    }
    for Handed { led, to } in handed {
        let name = ("name", led.name.clone());
        lines.push(match to {
            Some(to) => say.text("said-led-by", &[name, ("leader", to.name.clone())]),
            None => say.text("said-led-by-office", &[name]),
        });
    }
    if lines.is_empty() {
        lines.push(say.text("said-revoked-nothing", &[]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{BOSS, NOW, Office};
    use rounds_model::ids::PersonId;
    use rounds_model::people::{Person, Role};

    fn english() -> Say {
        Say::new(false, Some("en"))
    }

    #[test]
    fn what_was_revoked_is_said() {
        let said = |count, console| lines(count, console, &[], &english()).join(" ");
        assert_eq!(said(1, false), "Access withdrawn from 1 device.");
        assert_eq!(
            said(2, true),
            "Access withdrawn from 2 devices. Access to the console withdrawn; its sessions ended."
        );
        assert!(said(0, false).starts_with("Nothing to withdraw"));
        let one =
            |name: &str| Person { id: PersonId([1; 16]), name: name.into(), role: Role::from(Role::REP) };
        let handed = [Handed { led: one("A"), to: Some(one("B")) }, Handed { led: one("C"), to: None }];
        let said = lines(0, false, &handed, &english());
        assert_eq!(said[0], "B leads A and sees their records.");
        assert!(said[1].starts_with("C is led by head office now"), "{said:?}");
    }

    /// Found by a critic: the command line dissolved a team without a word.
    #[test]
    fn a_team_is_handed_over_only_to_whom_is_named() {
        let office = Office::new();
        let li = office.phone("李娜").person;
        office.invite("赵主管", "supervisor", None);
        let revoke = |heir| person(&office.db, office.team, BOSS, heir, &english());
        let find = |name: &str| team::find_person(&*office.db.read(office.team).unwrap(), name).unwrap().id;
        let leads = |name: &str| office.db.read(office.team).unwrap().led_by(find(name)).unwrap();
        match revoke(None) {
            Err(Trouble::Refused(why)) => {
                let said = english().text(why[0].code, &[("name", BOSS.into()), ("led", "李娜".into())]);
                assert!(why[0].code == "heir-which" && said.contains("--heir office"), "{said}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(leads(BOSS), [li]);
        assert!(revoke(Some("赵主管")).unwrap());
        assert_eq!((leads(BOSS), leads("赵主管")), (vec![], vec![li]));
        let back = team::revoke_person(&office.db, office.team, "赵主管", Heir::Office, NOW).unwrap();
        assert_eq!(
            back.handed.iter().map(|one| (one.led.id, one.to.is_none())).collect::<Vec<_>>(),
            [(li, true)]
        );
    }
}
