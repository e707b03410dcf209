//! The rules of a team: its packs, and its time zone.

use crate::error::{Error, Result};
use crate::storage::Read;
use crate::storage::log::PackRow;
use chrono_tz::Tz;
use rounds_model::document::Document;
use rounds_model::ids::{DocId, Seq, TeamId};
use rounds_model::scalar::Scalar;
use rounds_workflow::bundle::Bundle;
use rounds_workflow::{Catalogue, Judged, Pack, Projection, Unprojectable};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// What a team's records are judged by.
#[derive(Debug)]
pub struct Rules {
    /// Its packs.
    pub catalogue: Catalogue,
    /// Where its days begin.
    pub zone: Tz,
}

impl Rules {
    /// From all packs: the newest version of each for what is new, and the earlier ones for the
    /// records that were begun with them.
    ///
    /// Compiling packs takes much longer than everything else that a request does, so what was compiled
    /// is kept for this process, by what it was compiled from.
    pub fn load(view: &dyn Read) -> Result<Arc<Rules>> {
        let (zone, rows) = (view.team()?.zone, view.all_packs()?);
        let made_of = MadeOf { zone, packs: rows.iter().map(|row| (row.seq, row.hash)).collect() };
        if let Some(rules) = COMPILED.lock().unwrap_or_else(PoisonError::into_inner).get(&made_of) {
            return Ok(rules);
        }
        let rules = Arc::new(Rules::compile(&made_of.zone, &rows)?);
        COMPILED.lock().unwrap_or_else(PoisonError::into_inner).keep(made_of, &rules);
        Ok(rules)
    }

    fn compile(zone: &str, rows: &[PackRow]) -> Result<Rules> {
        let zone = zone.parse().map_err(|_| Error::Packs(format!("unknown time zone {zone}")))?;
        let is_newest = |row: &PackRow| rows.iter().all(|o| o.pack != row.pack || o.version <= row.version);
        let (newest, older): (Vec<_>, Vec<_>) = rows.iter().partition(|row| is_newest(row));
        let catalogue = catalogue(newest)?;
        // One that this build cannot read any more leaves its records to the newest.
        Ok(Rules {
            catalogue: catalogue.with_older(older.into_iter().filter_map(|row| pack(row).ok())),
            zone,
        })
    }

    /// The projection of a record: what both ends compute from the same content and acts.
    pub fn project(
        &self,
        doc: DocId,
        document: &Document,
        history: &[Judged],
    ) -> Result<Projection, Unprojectable> {
        self.project_fields(doc, &document.fields(), document.last_written(), history)
    }

    /// The same for content that is at hand, last written at this time (Unix seconds).
    pub fn project_fields(
        &self,
        doc: DocId,
        fields: &BTreeMap<String, Scalar>,
        written: i64,
        history: &[Judged],
    ) -> Result<Projection, Unprojectable> {
        let moment = rounds_workflow::moment(written.saturating_mul(1000), self.zone);
        rounds_workflow::project(&self.catalogue, doc, fields, history, moment, None)
    }
}

/// What rules follow from: the time zone, and every version of every pack, by its hash.
#[derive(Debug, PartialEq, Eq)]
struct MadeOf {
    zone: String,
    packs: Vec<(Seq, [u8; 32])>,
}

/// Rules that were compiled, the newest last.
#[derive(Debug)]
struct Compiled(Vec<(MadeOf, Arc<Rules>)>);

/// How many are kept: a process serves a few teams.
const KEPT: usize = 8;

static COMPILED: Mutex<Compiled> = Mutex::new(Compiled(vec![]));

impl Compiled {
    fn get(&self, of: &MadeOf) -> Option<Arc<Rules>> {
        self.0.iter().find(|(made_of, _)| made_of == of).map(|(_, rules)| Arc::clone(rules))
    }

    fn keep(&mut self, made_of: MadeOf, rules: &Arc<Rules>) {
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push((made_of, Arc::clone(rules)));
    }
}

/// Stored packs were checked when they were published: what is wrong now is a newer build's doing.
fn catalogue<'r>(rows: impl IntoIterator<Item = &'r PackRow>) -> Result<Catalogue> {
    let packs = rows.into_iter().map(pack).collect::<Result<Vec<_>>>()?;
    Catalogue::new(packs).map_err(|problems| said(&problems))
}

fn pack(row: &PackRow) -> Result<Pack> {
    let bundle = Bundle::decode(&row.bundle).map_err(|e| Error::Packs(e.to_string()))?;
    Pack::load(&bundle).map_err(|problems| said(&problems))
}

fn said(problems: &[rounds_workflow::Problem]) -> Error {
    let first = problems.first().map(|p| format!("{}: {}", p.file, p.text.en));
    Error::Packs(first.unwrap_or_default())
}

/// Loaded rules by team. Another process may publish at any time, so every use asks the database
/// whether there are newer packs, which is one small read.
#[derive(Debug, Default)]
pub struct RulesCache {
    teams: Mutex<HashMap<TeamId, (Seq, Arc<Rules>)>>,
}

impl RulesCache {
    /// The team's rules as they stand in this view.
    pub fn of(&self, view: &dyn Read) -> Result<Arc<Rules>> {
        let (team, newest) = (view.team()?.id, view.packs_seq()?);
        let kept = self.teams.lock().unwrap_or_else(PoisonError::into_inner).get(&team).cloned();
        if let Some((seq, rules)) = kept
            && seq == newest
        {
            return Ok(rules);
        }
        let rules = Rules::load(view)?;
        let mut teams = self.teams.lock().unwrap_or_else(PoisonError::into_inner);
        teams.insert(team, (newest, Arc::clone(&rules)));
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;
    use crate::testing::{Office, moving};

    #[test]
    fn packs_are_compiled_once_for_a_process_and_anew_when_there_is_another() {
        let office = Office::new();
        let load = || Rules::load(&*office.db.read(office.team).unwrap()).unwrap();
        let first = load();
        assert!(Arc::ptr_eq(&first, &load()));
        office.publish(&moving());
        let second = load();
        assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&second, &load()));
        assert!(first.catalogue.kind("notice").is_none() && second.catalogue.kind("notice").is_some());
    }
}
