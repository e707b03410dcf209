//! The rules of a team: its packs, and its time zone.

use crate::error::{Error, Result};
use crate::storage::Read;
use crate::storage::log::PackRow;
use chrono_tz::Tz;
use rounds_model::document::Document;
use rounds_model::ids::{DocId, Seq, TeamId};
use rounds_workflow::bundle::Bundle;
use rounds_workflow::{Catalogue, Judged, Pack, Projection, Unprojectable};
use std::collections::HashMap;
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
    pub fn load(view: &dyn Read) -> Result<Rules> {
        let zone = view.team()?.zone;
        let zone = zone.parse().map_err(|_| Error::Packs(format!("unknown time zone {zone}")))?;
        let rows = view.all_packs()?;
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
        let written = rounds_workflow::moment(document.last_written().saturating_mul(1000), self.zone);
        rounds_workflow::project(&self.catalogue, doc, &document.fields(), history, written, None)
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
        let rules = Arc::new(Rules::load(view)?);
        let mut teams = self.teams.lock().unwrap_or_else(PoisonError::into_inner);
        teams.insert(team, (newest, Arc::clone(&rules)));
        Ok(rules)
    }
}
