//! Who looks, and what they may see. Everything that is not allowed here is not there at all.

use crate::admin::holding::Decider;
use crate::exchange::caller::Holds;
use crate::storage::{Read, Result};
use rounds_model::ids::PersonId;
use rounds_model::people::{Person, Role};
use rounds_model::scope::Scope;
use std::collections::BTreeSet;

/// A person who may use the console.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who.
    pub person: Person,
    /// Whom they lead, by name.
    pub led: Vec<Person>,
    ids: BTreeSet<PersonId>,
    /// The areas that they were granted.
    areas: BTreeSet<Scope>,
    /// An operator runs the installation and holds the database itself: nothing is hidden.
    everything: bool,
}

/// Whether a role may use the console at all.
pub fn may_enter(role: &Role) -> bool {
    [Role::SUPERVISOR, Role::OPERATOR].contains(&role.0.as_str())
}

impl Viewer {
    /// The person as they are now: a role or a lead that was taken away is gone at once. None if
    /// they may not use the console.
    pub fn load(tx: &dyn Read, id: PersonId) -> Result<Option<Viewer>> {
        let Some(person) = tx.person(id)?.filter(|person| may_enter(&person.role)) else { return Ok(None) };
        let everything = person.role.0 == Role::OPERATOR;
        let ids: BTreeSet<PersonId> = tx.led_by(id)?.into_iter().collect();
        // Packs may name further roles: everybody who does not decide is somebody's to lead.
        let is_led = |p: &Person| if everything { !may_enter(&p.role) } else { ids.contains(&p.id) };
        let led: Vec<Person> = tx.people()?.into_iter().filter(|p| p.id != id && is_led(p)).collect();
        let ids = led.iter().map(|p| p.id).collect();
        let areas = tx.areas_of(id)?.iter().filter_map(|name| Scope::area(name)).collect();
        Ok(Some(Viewer { person, led, ids, areas, everything }))
    }

    /// Whether records of this scope are theirs to see.
    pub fn may_see(&self, scope: &Scope) -> bool {
        match scope {
            _ if self.everything => true,
            Scope::Team => true,
            Scope::Person(id) => *id == self.person.id || self.ids.contains(id),
            Scope::Area(_) => self.areas.contains(scope),
        }
    }

    /// The same, for decisions about handed-over work.
    pub fn decider(&self) -> Decider {
        if self.everything { Decider::Operator(self.person.id) } else { Decider::Person(self.person.id) }
    }

    /// The same, for the judge.
    pub fn holds(&self) -> Holds {
        if self.everything { Holds::Everything } else { Holds::Scopes(self.scopes().into_iter().collect()) }
    }

    /// The scopes that bound what they see; none if nothing does.
    pub fn seen(&self) -> Option<Vec<Scope>> {
        (!self.everything).then(|| self.scopes())
    }

    /// Nothing is hidden from them: head office.
    pub fn sees_everything(&self) -> bool {
        self.everything
    }

    /// Whether they lead this person.
    pub fn leads(&self, id: PersonId) -> bool {
        self.everything || self.ids.contains(&id)
    }

    /// Every scope whose records they may see.
    pub fn scopes(&self) -> Vec<Scope> {
        let people = std::iter::once(self.person.id).chain(self.led.iter().map(|p| p.id));
        let areas = self.areas.iter().cloned();
        std::iter::once(Scope::Team).chain(people.map(Scope::Person)).chain(areas).collect()
    }
}
