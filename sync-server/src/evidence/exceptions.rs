//! What a supervisor should look at: what packs say of their records, and what the server found about
//! photos and recordings. A list with reasons; nothing is held up by it.

use super::check::{AWAITED, BROKEN, CLOCK};
use super::looks::{DOUBTFUL, DUPLICATE, REPLACED};
use super::sealed::Problem;
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::exchange::rules::Rules;
use crate::exchange::world::TeamWorld;
use crate::storage::Read;
use crate::storage::evidence::FindingRow;
use crate::texts::messages;
use chrono::DateTime;
use rounds_evidence::chain::Finding;
use rounds_evidence::words;
use rounds_model::canonical;
use rounds_model::ids::{BlobHash, DocId, PersonId};
use rounds_model::scope::Scope;
use rounds_model::text::{Lang, Text};
use rounds_workflow::{Projection, World, display, exceptions as of_record};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Records read at a time.
const PAGE: u32 = 500;
/// How long a recording that was sealed may be on its way before somebody should ask for it: three days.
const ON_ITS_WAY_MS: i64 = 3 * 24 * 3_600_000;
/// Findings that are looked at; more would not be read.
const FINDINGS: u32 = 5_000;

/// Something about a record that somebody should look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exception {
    /// The record.
    pub doc: DocId,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub title: Text,
    /// Whose it is.
    pub owner: PersonId,
    /// The same by name.
    pub owner_name: String,
    /// Stable: the pack's name for it, or the server's code.
    pub code: String,
    /// What it is.
    pub what: Text,
    /// Why: what was found.
    pub reason: Text,
    /// Answers or words of acts that it rests on, by their keys.
    pub evidence: Vec<String>,
    /// When what it rests on happened or was found, Unix milliseconds.
    pub since_ms: i64,
    /// Another record that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<DocId>,
    /// The requirement that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// Everything of a team, the newest records first.
pub fn exceptions(view: &dyn Read, now_ms: i64) -> Result<Vec<Exception>> {
    let rules = Rules::load(view)?;
    let found = Watch::default().found(view, &rules, None, now_ms)?;
    Ok(sorted(found, by_server(view, &rules, None, now_ms)?))
}

/// Those of the records in these scopes, or in any; what packs say of them is kept by a watch.
pub fn exceptions_of(
    view: &dyn Read,
    (watch, rules): (&Watch, &Arc<Rules>),
    scopes: Option<&[Scope]>,
    now_ms: i64,
) -> Result<Vec<Exception>> {
    let found = watch.found(view, rules, scopes, now_ms)?;
    Ok(sorted(found, by_server(view, rules, scopes, now_ms)?))
}

fn sorted(mut found: Vec<Exception>, more: Vec<Exception>) -> Vec<Exception> {
    found.extend(more);
    found.sort_by(|a, b| b.doc.cmp(&a.doc).then_with(|| a.code.cmp(&b.code)));
    found
}

fn by_server(
    view: &dyn Read,
    rules: &Rules,
    scopes: Option<&[Scope]>,
    now_ms: i64,
) -> Result<Vec<Exception>> {
    Looking::new(view, rules, now_ms)?.by_server(scopes)
}

/// Those of one record.
pub fn of(view: &dyn Read, rules: &Rules, doc: DocId, now_ms: i64) -> Result<Vec<Exception>> {
    let looking = Looking::new(view, rules, now_ms)?;
    let Some(row) = view.records(&[doc])?.into_iter().next() else { return Ok(vec![]) };
    let projection: Projection = canonical::decode(&row.projection)?;
    let mut found = looking.world(|world| looking.by_pack(doc, &projection, world))?;
    for finding in view.findings_of(doc)? {
        found.extend(looking.finding(&finding, &projection)?);
    }
    Ok(found)
}

/// Somebody who looks for what is out of order.
pub(super) struct Looking<'a> {
    view: &'a dyn Read,
    rules: &'a Rules,
    names: HashMap<PersonId, String>,
    now_ms: i64,
}

impl<'a> Looking<'a> {
    pub(super) fn new(view: &'a dyn Read, rules: &'a Rules, now_ms: i64) -> Result<Looking<'a>> {
        let names = view.people()?.into_iter().map(|p| (p.id, p.name)).collect();
        Ok(Looking { view, rules, names, now_ms })
    }

    /// The kinds of which a pack says what is out of order.
    pub(super) fn kinds(&self) -> BTreeSet<&'a str> {
        let kinds = self.rules.catalogue.kinds().chain(self.rules.catalogue.older_kinds());
        kinds.filter(|kind| kind.has_exceptions()).map(|kind| kind.name.as_str()).collect()
    }

    /// What its pack says of a record.
    pub(super) fn by_pack(
        &self,
        doc: DocId,
        projection: &Projection,
        world: &dyn World,
    ) -> Result<Vec<Exception>> {
        let Some(kind) = self.rules.catalogue.kind_at(&projection.kind, projection.pack) else {
            return Ok(vec![]);
        };
        let moment = rounds_workflow::moment(self.now_ms, self.rules.zone);
        let record = projection.record(doc);
        let all = of_record(kind, &record, world, moment).map_err(|e| Error::Packs(e.to_string()))?;
        let mut found = vec![];
        for exception in all {
            found.push(Exception {
                code: exception.name,
                what: exception.title,
                reason: exception.reason,
                evidence: exception.evidence,
                other: None,
                rule: exception.rule,
                ..self.about(doc, projection, world)?
            });
        }
        Ok(found)
    }

    fn world<T>(&self, ask: impl FnOnce(&dyn World) -> T) -> T {
        let (open, histories, damaged) = (HashMap::new(), Default::default(), Default::default());
        ask(&TeamWorld { view: self.view, open: &open, now_ms: None, damaged, histories: &histories })
    }

    fn by_server(&self, scopes: Option<&[Scope]>) -> Result<Vec<Exception>> {
        let rows = self.view.findings(scopes, FINDINGS)?;
        let docs: Vec<DocId> = rows.iter().map(|row| row.doc).collect::<BTreeSet<_>>().into_iter().collect();
        let mut records = HashMap::new();
        for docs in docs.chunks(PAGE as usize) {
            for row in self.view.records(docs)? {
                records.insert(row.doc, canonical::decode::<Projection>(&row.projection)?);
            }
        }
        let mut found = vec![];
        for row in &rows {
            if let Some(projection) = records.get(&row.doc) {
                found.extend(self.finding(row, projection)?);
            }
        }
        Ok(found)
    }

    fn finding(&self, row: &FindingRow, projection: &Projection) -> Result<Option<Exception>> {
        let about: serde_json::Value = serde_json::from_slice(&row.about).unwrap_or_default();
        let other = about.get("record").and_then(|id| id.as_str()?.parse::<DocId>().ok());
        let (reason, other) = match row.code.as_str() {
            DUPLICATE => {
                let differs = about.get("differs").map(ToString::to_string).unwrap_or_default();
                // Whose the other one is, is not for everybody who may see this one: no name of it is in the
                // words. Whoever tells it beside them asks who looks.
                (messages().text("exception-duplicate-reason", &[("differs", differs)]), other)
            }
            REPLACED => (messages().text("exception-replaced-reason", &[]), None),
            BROKEN => (broken(&about), None),
            CLOCK => (doubted(&about), None),
            DOUBTFUL => (doubtful(&about), None),
            AWAITED => match self.missing(row, &about)? {
                true => (messages().text("exception-awaited-reason", &[]), None),
                false => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some(Exception {
            code: row.code.clone(),
            what: messages().text(&format!("exception-{}", row.code), &[]),
            reason,
            evidence: vec![row.key.clone()],
            other,
            since_ms: row.at_ms,
            rule: None,
            ..self.world(|world| self.about(row.doc, projection, world))?
        }))
    }

    /// Whether a recording that was sealed long ago is not here.
    fn missing(&self, row: &FindingRow, about: &serde_json::Value) -> Result<bool> {
        if self.now_ms.saturating_sub(row.at_ms) < ON_ITS_WAY_MS {
            return Ok(false);
        }
        let chain = about.get("chain").and_then(|hash| hash.as_str()?.parse::<BlobHash>().ok());
        Ok(!self.view.blobs_of(row.doc)?.iter().any(|blob| Some(blob.hash) == chain))
    }

    fn about(&self, doc: DocId, projection: &Projection, world: &dyn World) -> Result<Exception> {
        let kind = self.rules.catalogue.kind_at(&projection.kind, projection.pack);
        let record = projection.record(doc);
        let name = |lang| match kind {
            Some(kind) => display(kind, &record, world, lang)
                .map(|shown| shown.title)
                .map_err(|e| Error::Packs(e.to_string())),
            None => Ok(projection.kind.clone()),
        };
        Ok(Exception {
            doc,
            kind: projection.kind.clone(),
            title: Text { zh: name(Lang::Zh)?, en: name(Lang::En)? },
            owner: projection.owner,
            owner_name: self.names.get(&projection.owner).cloned().unwrap_or_default(),
            code: String::new(),
            what: Text::default(),
            reason: Text::default(),
            evidence: vec![],
            since_ms: last_act_ms(projection),
            other: None,
            rule: None,
        })
    }
}

/// When the newest act of a record was made, as its phone said; 0 before any.
fn last_act_ms(projection: &Projection) -> i64 {
    let acts = projection.data.iter().filter(|(key, _)| key.starts_with('@') && key.ends_with("/at"));
    let times = acts.filter_map(|(_, at)| DateTime::parse_from_rfc3339(at.as_text()?).ok());
    times.map(|at| at.timestamp_millis()).max().unwrap_or(0)
}

/// Everything that a photo says of itself and that is not to be believed.
fn doubtful(about: &serde_json::Value) -> Text {
    let said: Text =
        about.get("said").and_then(|s| serde_json::from_value(s.clone()).ok()).unwrap_or_default();
    let doubts = about.get("doubts").and_then(|all| all.as_array()).map(Vec::as_slice).unwrap_or_default();
    let say = |lang: Lang| {
        let one = |doubt: &serde_json::Value| {
            let key = format!("photo-doubt-{}", doubt.as_str()?);
            Some(messages().get(lang, &key, &[("said", said.get(lang).to_owned())]))
        };
        doubts.iter().filter_map(one).collect::<Vec<_>>().join(if lang == Lang::Zh { "" } else { " " })
    };
    Text { zh: say(Lang::Zh), en: say(Lang::En) }
}

/// Since which link the clocks were in doubt, and why.
fn doubted(about: &serde_json::Value) -> Text {
    let said: Text =
        about.get("said").and_then(|s| serde_json::from_value(s.clone()).ok()).unwrap_or_default();
    let number = |name: &str| about.get(name).map(ToString::to_string).unwrap_or_default();
    let say = |lang: Lang| {
        let args = [("link", number("link")), ("said", said.get(lang).to_owned()), ("more", number("more"))];
        messages().get(lang, "exception-clock-reason", &args)
    };
    Text { zh: say(Lang::Zh), en: say(Lang::En) }
}

/// The first of what is wrong with a recording, and how much more there is.
fn broken(about: &serde_json::Value) -> Text {
    let findings: Vec<Finding> =
        about.get("findings").and_then(|all| serde_json::from_value(all.clone()).ok()).unwrap_or_default();
    let problems: Vec<Problem> =
        about.get("problems").and_then(|all| serde_json::from_value(all.clone()).ok()).unwrap_or_default();
    let first = problems.first().map(|problem| problem.says());
    let first = first.or_else(|| findings.first().map(words::finding)).unwrap_or_default();
    let first = Text::new(first.zh.trim_end_matches('。'), first.en.trim_end_matches('.'));
    let more = (problems.len() + findings.len()).saturating_sub(1);
    let say = |lang: Lang| {
        let args = [("first", first.get(lang).to_owned()), ("more", more.to_string())];
        let key = if more == 0 { "exception-broken-reason" } else { "exception-broken-more" };
        messages().get(lang, key, &args)
    };
    Text { zh: say(Lang::Zh), en: say(Lang::En) }
}
