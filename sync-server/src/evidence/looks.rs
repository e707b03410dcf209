//! Photos as records come in: what each looks like is kept, and one that is nearly the same as an earlier
//! one of another record, or that is not the one which was taken, is a finding.

use crate::error::Result;
use crate::storage::Write;
use crate::storage::evidence::{FindingRow, LookRow};
use rounds_evidence::beside::With;
use rounds_evidence::photo::{TAKEN, Taken};
use rounds_evidence::words;
use rounds_model::canonical;
use rounds_model::ids::{DeviceId, DocId, PersonId};
use rounds_model::scalar::Scalar;
use rounds_model::time::{TOLERANCE_MS, TrustedTime};
use rounds_workflow::{Kind, Projection};
use serde_json::json;
use std::collections::BTreeMap;

/// The code of a photo that is nearly the same as an earlier one.
pub const DUPLICATE: &str = "photo-duplicate";
/// The code of a photo that is not the one of which it is known how it was taken.
pub const REPLACED: &str = "photo-replaced";

/// The code of a photo of which it is said how it was taken, and that is not to be believed.
pub const DOUBTFUL: &str = "photo-doubtful";

/// Who sends the answers, and when they came.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    /// From which device.
    pub device: DeviceId,
    /// Whose.
    pub person: PersonId,
    /// When, by the server's clock, Unix milliseconds.
    pub at_ms: i64,
}

/// Takes note of the photos of a record as it is now, as far as they are not what they were.
pub fn note(
    tx: &mut dyn Write,
    kind: Option<&Kind>,
    doc: DocId,
    projection: &Projection,
    sent: Sent,
) -> Result<()> {
    let before = match tx.records(&[doc])?.into_iter().next() {
        Some(row) => canonical::decode::<Projection>(&row.projection)?.data,
        None => BTreeMap::new(),
    };
    let data = &projection.data;
    let same = |question: &str| {
        let beside = format!("{question}{TAKEN}");
        data.get(question) == before.get(question) && data.get(&beside) == before.get(&beside)
    };
    let now_ms = sent.at_ms;
    let strict = kind.filter(|kind| kind.photos.as_ref().is_some_and(|rule| rule.camera_only));
    if let Some(kind) = strict {
        // A photo of the camera always says how it was taken.
        for (key, answer) in data.iter().filter(|(key, _)| kind.is_photo(key) && !same(key)) {
            if !data.contains_key(&format!("{key}{TAKEN}")) {
                put(tx, doc, key, REPLACED, &json!({ "photo": answer.to_string() }), now_ms)?;
            }
        }
    }
    for (key, value) in data {
        let Some(question) = key.strip_suffix(TAKEN).filter(|question| !same(question)) else { continue };
        let answer = data.get(question).and_then(Scalar::as_text).unwrap_or_default();
        let text = value.as_text().unwrap_or_default();
        // What goes with a recording or a signature is not about a photo.
        let photo = kind.is_some_and(|kind| kind.is_photo(question));
        if !photo && With::read(text).is_some_and(|with| with.kept.to_string() == answer) {
            continue;
        }
        let told = serde_json::from_str::<Taken>(text).ok();
        let Some(taken) = told.filter(|taken| taken.kept.to_string() == answer) else {
            // An answer that was cleared has nothing to be compared with.
            if !answer.is_empty() {
                let about = json!({ "photo": answer });
                put(tx, doc, question, REPLACED, &about, now_ms)?;
            }
            continue;
        };
        tx.remove_finding(doc, question, REPLACED)?;
        compare(tx, doc, question, &taken, sent)?;
    }
    Ok(())
}

/// Holds a photo against what is known: whether what it says of itself can be, and whether it is like
/// another one.
fn compare(tx: &mut dyn Write, doc: DocId, question: &str, taken: &Taken, sent: Sent) -> Result<()> {
    // A look that says nothing is like every other one of its sort: it is not kept, nor asked for.
    let alike = if taken.look.is_plain() { vec![] } else { tx.looks_like(taken.look)? };
    let known = alike.iter().any(|row| row.doc == doc && row.blob == taken.kept);
    let time = taken.time.again();
    let doubts = doubts(tx, taken, &time, known, sent)?;
    if doubts.is_empty() {
        tx.remove_finding(doc, question, DOUBTFUL)?;
    } else {
        let about = json!({ "photo": taken.kept, "doubts": doubts, "said": words::time(&time) });
        put(tx, doc, question, DOUBTFUL, &about, sent.at_ms)?;
    }
    let own =
        LookRow { doc, key: question.to_owned(), blob: taken.kept, look: taken.look, at_ms: time.at_ms };
    let near: Vec<LookRow> = alike
        .into_iter()
        .filter(|row| (row.doc != doc || row.key != question) && row.look.is_near(taken.look))
        .collect();
    // The later one is the copy, in whatever order the two came in.
    match near.iter().find(|row| row.at_ms <= own.at_ms) {
        Some(first) => duplicate(tx, &own, first, sent.at_ms)?,
        None => tx.remove_finding(doc, question, DUPLICATE)?,
    }
    for later in near.iter().filter(|row| row.at_ms > own.at_ms) {
        duplicate(tx, later, &own, sent.at_ms)?;
    }
    if !taken.look.is_plain() {
        tx.put_look(&own)?;
    }
    Ok(())
}

fn duplicate(tx: &mut dyn Write, copy: &LookRow, first: &LookRow, now_ms: i64) -> Result<()> {
    let about = json!({
        "photo": copy.blob, "like": first.blob, "record": first.doc, "question": first.key,
        "taken_ms": first.at_ms, "differs": first.look.differs(copy.look),
    });
    put(tx, copy.doc, &copy.key, DUPLICATE, &about, now_ms)
}

/// Why what a photo says of itself is not to be believed.
fn doubts(
    tx: &mut dyn Write,
    taken: &Taken,
    time: &TrustedTime,
    known: bool,
    sent: Sent,
) -> Result<Vec<&'static str>> {
    let within = i64::try_from(time.within_ms().unwrap_or(0)).unwrap_or(i64::MAX).max(TOLERANCE_MS);
    // Whoever settles a conflict sends what another phone took; it came from that phone before.
    let own = taken.device == sent.device || known;
    let own = own || tx.device(taken.device)?.is_some_and(|row| row.person == sent.person);
    let all = [
        ("mock", taken.mock),
        ("clock", time.doubt().is_some()),
        ("claimed", (time.at_ms, time.judgement) != (taken.time.at_ms, taken.time.judgement)),
        ("later", time.at_ms > sent.at_ms.saturating_add(within)),
        ("device", !own),
    ];
    Ok(all.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect())
}

fn put(
    tx: &mut dyn Write,
    doc: DocId,
    key: &str,
    code: &str,
    about: &serde_json::Value,
    now_ms: i64,
) -> Result<()> {
    let about = about.to_string().into_bytes();
    tx.put_finding(&FindingRow { doc, key: key.to_owned(), code: code.to_owned(), about, at_ms: now_ms })
}
