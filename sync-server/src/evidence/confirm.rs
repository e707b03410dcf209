//! The server's signature on what an accepted act seals. It is kept as facts of the verdict, so that it
//! goes where the verdict goes: to every phone that holds the record, into backups, onto paper.

use super::check::AWAITED;
use crate::error::Result;
use crate::secrets;
use crate::storage::evidence::FindingRow;
use crate::storage::{Read, Write};
use ed25519_dalek::SigningKey;
use rounds_evidence::counter::{self, Received};
use rounds_model::act::Act;
use rounds_model::ids::{ActId, BlobHash, PublicKey, Signature};
use rounds_model::scalar::Scalar;
use rounds_model::verdict::Verdict;
use rounds_protocol::handover::TeamSecret;
use rounds_workflow::Kind;
use serde_json::json;
use std::collections::BTreeMap;

/// The facts of a verdict: which file, and the signature, by question. No fact of a pack can be called so.
const FILE: &str = "@sealed/";
const SIGNATURE: &str = "@signed/";

/// What a verdict confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The question.
    pub field: String,
    /// The file that answered it.
    pub blob: BlobHash,
    /// The act that sealed it.
    pub act: ActId,
    /// When the server had it, Unix milliseconds.
    pub at_ms: i64,
    /// The server's signature.
    pub signature: Signature,
}

/// The facts that an accepted act adds by what it seals. `answers` are those that its author saw.
pub fn facts(
    tx: &mut dyn Write,
    kind: &Kind,
    act: &Act,
    taken_as: &str,
    answers: &BTreeMap<String, Scalar>,
    now_ms: i64,
) -> Result<BTreeMap<String, Scalar>> {
    let mut facts = BTreeMap::new();
    let sealed = kind.act(taken_as).map(|rule| rule.seals.as_slice()).unwrap_or_default();
    for field in sealed {
        let answer = answers.get(field).and_then(Scalar::as_text);
        let Some(blob) = answer.and_then(|text| text.parse::<BlobHash>().ok()) else { continue };
        let key = signing_key(tx)?;
        let team = tx.team()?.id;
        let received = Received { team, doc: act.doc, act: act.id, field, blob, at_ms: now_ms };
        facts.insert(format!("{FILE}{field}"), Scalar::from(blob.to_string()));
        facts.insert(format!("{SIGNATURE}{field}"), Scalar::from(received.sign(&key).to_string()));
    }
    Ok(facts)
}

/// Notes that the recordings which an accepted act seals, by its facts, are to be checked.
pub fn await_recordings(
    tx: &mut dyn Write,
    kind: &Kind,
    act: &Act,
    facts: &BTreeMap<String, Scalar>,
    now_ms: i64,
) -> Result<()> {
    for rule in &kind.recordings {
        let Some(chain) = facts.get(&format!("{FILE}{}", rule.field)) else { continue };
        let about = json!({ "chain": chain.to_string() }).to_string().into_bytes();
        let (key, code) = (rule.field.clone(), AWAITED.to_owned());
        tx.put_finding(&FindingRow { doc: act.doc, key, code, about, at_ms: now_ms })?;
    }
    Ok(())
}

/// What a verdict confirms, as it says.
pub fn of(verdict: &Verdict) -> Vec<Confirmed> {
    let one = |(name, value): (&String, &Scalar)| {
        let field = name.strip_prefix(FILE)?;
        let signature = verdict.facts.get(&format!("{SIGNATURE}{field}"))?;
        Some(Confirmed {
            field: field.to_owned(),
            blob: value.as_text()?.parse().ok()?,
            act: verdict.act,
            at_ms: verdict.at_ms,
            signature: signature.as_text()?.parse().ok()?,
        })
    };
    verdict.facts.iter().filter_map(one).collect()
}

/// Whether of what a verdict confirms about a question something is there and cannot be read: of the two
/// facts one is missing, or is none.
pub fn is_torn(verdict: &Verdict, field: &str) -> bool {
    let there = |name: &str| verdict.facts.contains_key(&format!("{name}{field}"));
    (there(FILE) || there(SIGNATURE)) && !of(verdict).iter().any(|confirmed| confirmed.field == field)
}

/// Whether anything that a verdict confirms cannot be read.
pub fn is_any_torn(verdict: &Verdict) -> bool {
    let fields = verdict
        .facts
        .keys()
        .filter_map(|name| name.strip_prefix(FILE).or_else(|| name.strip_prefix(SIGNATURE)));
    fields.into_iter().any(|field| is_torn(verdict, field))
}

/// The public half of the team's key for this, once it has one.
pub fn public_key(view: &dyn Read) -> Result<Option<PublicKey>> {
    Ok(view.team_secret()?.map(|secret| counter::public(&counter::key(&secret.0))))
}

/// Derived from the team's secret, which is made when the first one needs it.
fn signing_key(tx: &mut dyn Write) -> Result<SigningKey> {
    if let Some(secret) = tx.team_secret()? {
        return Ok(counter::key(&secret.0));
    }
    let secret = TeamSecret(secrets::random()?);
    tx.put_team_secret(&secret)?;
    Ok(counter::key(&secret.0))
}
