//! Who may do what about the people of a team.
//!
//! A supervisor manages those whom they lead: invites reps for themselves, gives a rep to another
//! supervisor, takes devices away. Head office (the operator's role) manages everybody, and alone makes
//! supervisors and sets others' passwords.

use super::{Sent, Wish};
use crate::admin::leaving::Heir;
use crate::admin::{Done, Refused};
use crate::console::viewer::{Viewer, may_enter};
use crate::storage::Read;
use rounds_model::ids::PersonId;
use rounds_model::people::Role;
use rounds_model::scope::Scope;

/// Whether a wish is the viewer's to have done, as things stand in this transaction.
pub(super) fn may(tx: &dyn Read, viewer: &Viewer, wish: &Wish, sent: &Sent) -> Done<()> {
    let own = match wish {
        Wish::Invite => return may_invite(tx, viewer, sent),
        Wish::OwnPassword => true,
        Wish::Password(_) => viewer.sees_everything(),
        Wish::Again(id) => return may_invite_again(tx, viewer, *id),
        Wish::Area(id) if viewer.manages(*id) => return may_grant(viewer, sent),
        Wish::Revoke(id) => return may_revoke(tx, viewer, *id, sent),
        Wish::Uninvite(id) | Wish::Area(id) | Wish::Lead(id) => viewer.manages(*id),
        Wish::RevokeDevice(id) => {
            let device = id.parse().ok().map(|id| tx.device(id)).transpose()?.flatten();
            device.is_some_and(|device| viewer.manages(device.person))
        }
    };
    if own { Ok(()) } else { Err(Refused::not_yours().into()) }
}

/// A supervisor invites new reps for themselves, and nobody who is there already: who that is, their page
/// says, where they are invited again.
fn may_invite(tx: &dyn Read, viewer: &Viewer, sent: &Sent) -> Done<()> {
    let name = sent.name.trim();
    let refused = |code| Err(Refused::new(code, &[("name", &name)]).into());
    if name.parse::<PersonId>().is_ok() {
        return refused("name-is-id");
    }
    if viewer.sees_everything() {
        return Ok(());
    }
    if tx.people()?.iter().any(|person| person.name == name && !viewer.manages(person.id)) {
        return refused("person-of-others");
    }
    if sent.role.is_empty() || sent.role == Role::REP { Ok(()) } else { refused("role-of-office") }
}

/// An invitation makes a device that speaks for the person: for whoever decides, head office alone makes it.
fn may_invite_again(tx: &dyn Read, viewer: &Viewer, id: PersonId) -> Done<()> {
    let person = tx.person(id)?.filter(|_| viewer.manages(id)).ok_or_else(Refused::not_yours)?;
    if viewer.sees_everything() || !may_enter(&person.role) {
        return Ok(());
    }
    Err(Refused::new("role-of-office", &[("name", &person.name)]).into())
}

/// Who decides leads others: whoever withdraws their access says who leads these from then on, and would take
/// another team over by naming themselves. So head office alone does it. Whoever else is left without a leader
/// falls to head office, because a rep of a supervisor's has none to give away.
fn may_revoke(tx: &dyn Read, viewer: &Viewer, id: PersonId, sent: &Sent) -> Done<()> {
    let person = tx.person(id)?.filter(|_| viewer.manages(id)).ok_or_else(Refused::not_yours)?;
    let falls = matches!(sent.heir(), Heir::Unsaid | Heir::Office);
    if viewer.sees_everything() || (falls && !may_enter(&person.role)) {
        return Ok(());
    }
    Err(Refused::new("revoke-of-office", &[("name", &person.name)]).into())
}

/// Nobody gives away what they do not hold themselves: a rep with an area would show its records.
fn may_grant(viewer: &Viewer, sent: &Sent) -> Done<()> {
    let scope = Scope::area(&sent.area);
    if sent.withdraws() || viewer.sees_everything() || scope.is_some_and(|scope| viewer.may_see(&scope)) {
        return Ok(());
    }
    Err(Refused::new("area-not-held", &[("area", &sent.area.trim())]).into())
}

impl Viewer {
    /// Whether this person is theirs to manage.
    pub fn manages(&self, person: PersonId) -> bool {
        self.sees_everything() || (self.leads(person) && person != self.person.id)
    }
}
