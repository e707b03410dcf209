//! The audit of a record: who answered which question when, from what to what, and how long they were
//! at it. It is the record's history and nothing else, so it merges and is kept as the record is.

use super::say;
use super::status::clock;
use crate::Rounds;
use crate::answers::Desk;
use crate::error::{Fail, RoundsError};
use crate::identity;
use crate::store::{documents, records, roster};
use rounds_forms::Filling;
use rounds_model::document::Step;
use rounds_model::edit::{OpId, Put};
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_workflow::{Kind, PACK};
use serde::Serialize;
use std::collections::HashMap;

/// One question of one edit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audited {
    /// The question's key.
    pub question: String,
    /// Where the form has it as it stands: `/data/sku[2]/price`. Position 0 is a row that is not there any more.
    pub node: String,
    /// What people read.
    pub label: String,
    /// Who.
    pub by: String,
    /// On which device.
    pub device: String,
    /// When the edit was made, in the team's time zone, as that device knew it.
    pub at: String,
    /// The same in Unix seconds.
    pub at_s: i64,
    /// How long they were at the question since their edit before, if it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spent_ms: Option<u32>,
    /// False: it was looked at and left as it was.
    pub changed: bool,
    /// What it was; of a settled conflict all that stood.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub old: Vec<String>,
    /// What it became; empty when it was cleared.
    pub new: String,
}

impl Rounds {
    /// The audit of a record, oldest first.
    pub fn audit(&self, doc: DocId, lang: Lang) -> Result<Vec<Audited>, RoundsError> {
        let (catalogue, me) = (self.catalogue(), self.identity()?);
        let zone = me.zone();
        Ok(self.store.read(|db| {
            let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
            let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
            let history = document.history();
            let written = written(&history);
            // A question that the newer version dropped still has the label that it was answered by.
            let versions = history.iter().flat_map(|step| &step.puts).filter(|put| put.key == PACK);
            let mut known = vec![kind];
            for put in versions {
                let version = match &put.value {
                    Scalar::Int(version) => u32::try_from(*version).ok(),
                    _ => None,
                };
                known.extend(version.and_then(|version| catalogue.kind_at(&row.kind, version)));
            }
            let desk = Desk::new(doc, kind, &me, self.now(db)?).keeping(&self.kept);
            let filling = desk.filling(&document.fields());
            let own = identity::own_pens(db)?;
            let mut out = Vec::new();
            for step in &history {
                let (by, device) = match roster::pen(db, step.actor)? {
                    Some(pen) => (pen.person_name, pen.device_name),
                    // The server has not told its own pen back yet.
                    None if own.contains(&step.actor) => (me.person.name.clone(), String::new()),
                    None => Default::default(),
                };
                for line in lines(step, &written) {
                    out.push(Audited {
                        label: label(&known, &line.key, lang),
                        node: node(filling.as_ref(), &line.key),
                        question: line.key,
                        by: by.clone(),
                        device: device.clone(),
                        at: clock(zone, step.at.saturating_mul(1000)),
                        at_s: step.at,
                        spent_ms: line.spent_ms,
                        changed: line.changed,
                        old: line.old,
                        new: line.new,
                    });
                }
            }
            if let Some(filling) = filling {
                desk.keep(filling);
            }
            Ok(out)
        })?)
    }
}

fn label(known: &[&Kind], key: &str, lang: Lang) -> String {
    if key == PACK {
        return say(lang, "audit-version", &[]);
    }
    let titles = known.iter().filter_map(|kind| kind.question_title(key));
    titles.map(|title| title.get(lang).to_owned()).next().unwrap_or_else(|| key.to_owned())
}

/// The path of a question with positions in the place of the ids of rows, as ODK writes it.
fn node(filling: Option<&Filling>, key: &str) -> String {
    if let Some(path) = filling.and_then(|filling| filling.path_of(key)) {
        return path;
    }
    let mut path = String::from("/data");
    for step in key.split('/') {
        match rounds_forms::is_instance_id(step) && path.len() > "/data".len() && !path.ends_with(']') {
            true => path.push_str("[0]"),
            false => path = format!("{path}/{step}"),
        }
    }
    path
}

struct Line {
    key: String,
    spent_ms: Option<u32>,
    changed: bool,
    old: Vec<String>,
    new: String,
}

/// Every value that was ever written, by the put that wrote it.
fn written(history: &[Step]) -> HashMap<OpId, &Scalar> {
    let puts =
        history.iter().flat_map(|step| (0_u64..).zip(&step.puts).map(move |(at, put)| (step, at, put)));
    puts.map(|(step, at, put)| {
        (OpId { counter: step.start_op.saturating_add(at), actor: step.actor }, &put.value)
    })
    .collect()
}

fn lines(step: &Step, written: &HashMap<OpId, &Scalar>) -> Vec<Line> {
    let spent = |key: &str| step.spent.iter().find(|s| s.key == key).map(|s| s.ms);
    let mut lines = Vec::new();
    // Of the control keys, people hear of one: the record was moved to another version.
    let moved = |put: &Put| put.key == PACK && !put.replaces.is_empty();
    for put in step.puts.iter().filter(|put| !put.key.starts_with('@') || moved(put)) {
        let old = put.replaces.iter().filter_map(|op| written.get(op)).filter(|old| !old.is_blank());
        lines.push(Line {
            key: put.key.clone(),
            spent_ms: spent(&put.key),
            changed: true,
            old: old.map(ToString::to_string).collect(),
            new: put.value.to_string(),
        });
    }
    for looked in step.spent.iter().filter(|s| !step.puts.iter().any(|put| put.key == s.key)) {
        let (key, spent_ms) = (looked.key.clone(), Some(looked.ms));
        lines.push(Line { key, spent_ms, changed: false, old: vec![], new: String::new() });
    }
    lines
}

/// The audit as ODK's tools write it: `event,node,start,end,old-value,new-value,user`, times in Unix
/// milliseconds.
pub fn csv(rows: &[Audited]) -> String {
    let mut out = String::from("event,node,start,end,old-value,new-value,user\n");
    // Their tools know questions only; that a row came or went is no answer of one.
    for row in rows.iter().filter(|row| !row.question.starts_with('@') && !row.question.contains("/@")) {
        let end = row.at_s.saturating_mul(1000);
        let start = end.saturating_sub(i64::from(row.spent_ms.unwrap_or(0)));
        let cells = [
            "question".to_owned(),
            row.node.clone(),
            start.to_string(),
            end.to_string(),
            row.old.join(" / "),
            row.new.clone(),
            row.by.clone(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}

/// Quoted where it must be, and where a spreadsheet would take it for a formula.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '@', '\t', '\r'])
        || (cell.starts_with('-') && cell.parse::<f64>().is_err());
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
