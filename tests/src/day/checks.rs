//! What the databases say of the day.

use super::cast::{Cast, Phones};
use super::field::Made;
use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::Value;

/// The day in numbers, each counted from a database.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Visits on the server.
    pub visits: u64,
    /// Audits on the server.
    pub audits: u64,
    /// Applications on the server.
    pub applications: u64,
    /// Acts accepted.
    pub accepted: u64,
    /// Acts blocked.
    pub blocked: u64,
    /// Answers of which two versions were kept, settled or not.
    pub conflicts_kept: u64,
    /// Of these, the ones that somebody settled.
    pub conflicts_resolved: u64,
    /// Runs of a phone or the server that were killed and came back.
    pub kills_survived: u64,
    /// Scopes in which a phone and the server do not hold equal data, and rows that do not follow
    /// from documents and acts.
    pub divergences: u64,
    /// How long the day took.
    pub seconds: f64,
}

/// Counts the day and compares both ends.
pub fn check(cast: &Cast, phones: &Phones, made: &Made) -> Result<Summary> {
    let server = cast.server.admin_json(&["summary"])?;
    let mut kills = number(&server, "unclean_starts")?;
    let mut divergences = 0;
    let theirs = cast.server.admin_json(&["digest"])?;
    ensure!(
        cast.server.admin(&["verify"])?.code == 0,
        "the server's projection is not what its documents imply"
    );
    for phone in [&phones.li, &phones.zhang] {
        let status = phone.json(&["status"])?;
        ensure!(status["items"] == 0, "everything is sent: {status}");
        kills += number(&status, "kills_survived")?;
        divergences += different(&phone.json(&["digest"])?, &theirs)?;
        divergences += u64::from(phone.run(&["verify"])?.code != 0);
    }
    let application = phones.zhang.json(&["show", &made.zhang_application])?;
    ensure!(application["stage"]["name"] == "draft", "{application}");
    let application = phones.li.json(&["show", &made.li_application])?;
    ensure!(application["stage"]["name"] == "submitted", "{application}");
    let resolved = number(&server, "conflicts_settled")?;
    Ok(Summary {
        visits: kind(&server, "visit"),
        audits: kind(&server, "audit"),
        applications: kind(&server, "application"),
        accepted: number(&server, "accepted")?,
        blocked: number(&server, "blocked")?,
        conflicts_kept: number(&server, "conflicts_open")? + resolved,
        conflicts_resolved: resolved,
        kills_survived: kills,
        divergences,
        seconds: 0.0,
    })
}

impl Summary {
    /// Fails unless the day was what it should be.
    pub fn expect_the_day(&self) -> Result<()> {
        let found = (self.visits, self.audits, self.applications, self.accepted, self.blocked);
        // Accepted: 3 check-ins, 3 check-outs, 2 audits finished, 1 task assigned, 1 application.
        ensure!(found == (4, 2, 2, 10, 1), "visits, audits, applications, accepted, blocked: {found:?}");
        ensure!((self.conflicts_kept, self.conflicts_resolved) == (1, 1), "{self:?}");
        ensure!(self.kills_survived == 4, "three kills of a phone and one of the server: {self:?}");
        ensure!(self.divergences == 0, "{self:?}");
        Ok(())
    }
}

/// In how many of the phone's scopes the server has something else.
fn different(mine: &Value, theirs: &Value) -> Result<u64> {
    let mine = mine["scopes"].as_object().context("no scopes")?;
    ensure!(!mine.is_empty(), "the phone holds nothing");
    Ok(mine.iter().filter(|(scope, sum)| theirs["scopes"][scope.as_str()] != **sum).count() as u64)
}

fn number(value: &Value, field: &str) -> Result<u64> {
    value[field].as_u64().with_context(|| format!("no number {field} in {value}"))
}

fn kind(summary: &Value, name: &str) -> u64 {
    let stages = summary["kinds"][name].as_object();
    stages.map_or(0, |stages| stages.values().filter_map(Value::as_u64).sum())
}
