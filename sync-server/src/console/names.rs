//! Who a pen, a device or an id is, by name.

use super::kinds::Lexicon;
use super::view::OtherRecord;
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::people::DeviceRow;
use crate::storage::{Read, Result};
use rounds_model::ids::{ActorId, DeviceId, DocId, PersonId};
use std::collections::HashMap;

/// The names of a team's people, devices and pens, read once for a page.
pub struct Names {
    people: HashMap<PersonId, String>,
    devices: HashMap<DeviceId, (PersonId, String)>,
    pens: HashMap<ActorId, DeviceId>,
    nobody: String,
    nothing: String,
}

impl Names {
    /// Everyone's names; no pens yet.
    pub fn read(tx: &dyn Read, words: &Words) -> Result<Names> {
        let devices =
            tx.devices()?.into_iter().map(|DeviceRow { device, person, name, .. }| (device, (person, name)));
        Ok(Names {
            people: tx.people()?.into_iter().map(|p| (p.id, p.name)).collect(),
            devices: devices.collect(),
            pens: HashMap::new(),
            nobody: words.t("unknown-person"),
            nothing: words.t("unknown-device"),
        })
    }

    /// The same, with whose pens these are.
    pub fn with_pens(mut self, tx: &dyn Read, actors: &[ActorId]) -> Result<Names> {
        self.pens = tx.actors(actors)?.into_iter().collect();
        Ok(self)
    }

    /// A person's name.
    pub fn person(&self, id: PersonId) -> String {
        self.people.get(&id).unwrap_or(&self.nobody).clone()
    }

    /// A device's name.
    pub fn device(&self, id: DeviceId) -> String {
        self.devices.get(&id).map_or(&self.nothing, |(_, name)| name).clone()
    }

    /// Who writes with a pen, and on which device.
    pub fn pen(&self, actor: ActorId) -> (String, String) {
        match self.pens.get(&actor).and_then(|device| self.devices.get(device)) {
            Some((person, device)) => (self.person(*person), device.clone()),
            None => (self.nobody.clone(), self.nothing.clone()),
        }
    }
}

/// Another record by its title. One that the viewer may not see has no title and no link.
pub fn other_record(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    doc: DocId,
) -> Result<Option<OtherRecord>> {
    let record = tx.records(&[doc])?.into_iter().next().filter(|record| viewer.may_see(&record.scope));
    let Some(record) = record else { return Ok(None) };
    let title = lexicon.name(tx, &record, words.lang)?.title;
    Ok(Some(OtherRecord { doc: doc.to_string(), title }))
}
