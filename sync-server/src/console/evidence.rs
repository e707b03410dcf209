//! The recordings of a record, link by link: what each says, when and how far that may be believed, what
//! was checked and what is missing.

use super::Console;
use super::pages::shell;
use super::problem::{failure, html, problem};
use super::session::Visitor;
use super::view::{Shell, Stamp, Tape, Tone};
use super::words::Words;
use crate::error::Result;
use crate::evidence::check::Checked;
use crate::evidence::confirm;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_evidence::words as said;
use rounds_model::ids::{DocId, PublicKey, TeamId};
use rounds_model::time::Judgement;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The page.
#[derive(Template)]
#[template(path = "evidence.html")]
pub struct EvidencePage {
    /// The frame.
    pub shell: Shell,
    /// The record.
    pub doc: String,
    /// What it is called.
    pub name: String,
    /// Its recordings.
    pub recordings: Vec<RecordingView>,
}

/// A recording.
#[derive(Debug)]
pub struct RecordingView {
    /// The question that it answers, for addresses within the page.
    pub field: String,
    /// The same as people read it.
    pub title: String,
    /// Nothing is wrong, and the server has signed it.
    pub whole: bool,
    /// The same in words.
    pub verdict: String,
    /// What the server signed, and when.
    pub received: Option<(String, Stamp)>,
    /// What is wrong with it as a whole, or missing.
    pub problems: Vec<String>,
    /// What somebody needs who checks it elsewhere.
    pub proof: Proof,
    /// Along its time.
    pub tape: Option<Tape>,
    /// What was looked at, and what was not.
    pub looked_at: Vec<String>,
    /// Only the sizes of its media were looked at.
    pub sizes_only: bool,
    /// Its links, in their order.
    pub links: Vec<LinkView>,
    /// What is wrong with the end, or with links that are not there.
    pub findings: Vec<String>,
}

/// What somebody needs who checks a recording elsewhere.
#[derive(Debug)]
pub struct Proof {
    /// The chain's file, if it is here.
    pub chain: Option<String>,
    /// Names and values: hashes, keys, the server's signature.
    pub values: Vec<(String, String)>,
    /// The commands that check it.
    pub commands: Vec<String>,
}

/// A link.
#[derive(Debug)]
pub struct LinkView {
    /// Its number.
    pub number: u64,
    /// What it says.
    pub says: String,
    /// When.
    pub at: Option<Stamp>,
    /// How far that may be believed.
    pub clock: String,
    /// It may not.
    pub doubt: bool,
    /// The first digits of its hash.
    pub hash: String,
    /// What is wrong with it.
    pub findings: Vec<String>,
}

enum Found {
    Page(Box<Seen>),
    Nothing,
    Door,
}

/// What is known of the record before its recordings are read.
struct Seen {
    team: TeamId,
    shell: Shell,
    now_ms: i64,
    name: String,
    /// Its questions as people read them, by their names.
    questions: BTreeMap<String, String>,
    /// The key with which the server signs what it received.
    server_key: Option<PublicKey>,
}

/// What is asked of the page.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// Every byte of the media is to be read.
    media: Option<String>,
}

/// The page of a record.
pub async fn page(
    State(console): State<Console>,
    uri: Uri,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let here = uri.path().to_owned();
    let Ok(doc) = id.parse::<DocId>() else { return problem(lang, StatusCode::NOT_FOUND) };
    let found = console.blocking(move |console| find(console, &visitor, doc, &here));
    let Seen { team, shell, now_ms, name, questions, server_key } = match found.await {
        Ok(Found::Page(seen)) => *seen,
        Ok(Found::Nothing) => return problem(lang, StatusCode::NOT_FOUND),
        Ok(Found::Door) => return Redirect::to("/sign-in").into_response(),
        Err(error) => return failure(lang, &error),
    };
    let Some(blobs) = &console.blobs else { return problem(lang, StatusCode::NOT_FOUND) };
    let permit = console.heavy.acquire().await;
    let checked = blobs.check_recordings(team, doc, asked.media.is_some()).await;
    drop(permit);
    match checked {
        Ok(checked) if checked.is_empty() => problem(lang, StatusCode::NOT_FOUND),
        Ok(checked) => {
            let recordings = checked
                .iter()
                .map(|one| recording(&shell.words, &questions, one, (team, server_key), now_ms))
                .collect();
            html(lang, &EvidencePage { shell, doc: doc.to_string(), name, recordings })
        }
        Err(error) => failure(lang, &error),
    }
}

/// Whoever may see the record sees its evidence.
fn find(console: &Console, visitor: &Visitor, doc: DocId, here: &str) -> Result<Found> {
    let Some(tx) = console.read_for(visitor)? else { return Ok(Found::Door) };
    let now_ms = console.now_ms();
    let Some(guest) = visitor.guest(&*tx, now_ms)? else { return Ok(Found::Door) };
    let record = tx.records(&[doc])?.into_iter().find(|record| guest.viewer.may_see(&record.scope));
    let Some(record) = record else { return Ok(Found::Nothing) };
    let lexicon = console.library.open(&*tx)?;
    let section = format!("/kinds/{}", record.kind);
    let shell = shell(&guest, &*lexicon, here, &section);
    let name = lexicon.name(&*tx, &record, guest.words.lang)?.title;
    let kind = lexicon.kind_of(&record).map(|kind| kind.questions.as_slice()).unwrap_or_default();
    let questions = kind.iter().map(|q| (q.path(), q.label(guest.words.lang).to_owned())).collect();
    let (team, server_key) = (tx.team()?.id, confirm::public_key(&*tx)?);
    Ok(Found::Page(Box::new(Seen { team, shell, now_ms, name, questions, server_key })))
}

/// What was looked at, and what could not be or was not.
fn looked_at(words: &Words, checked: &Checked) -> Vec<String> {
    let Some(report) = &checked.report else { return vec![] };
    let segments = report.segments().count();
    vec![
        words.n("evidence-looked-links", report.links.len()),
        words.t(if checked.device.is_some() { "evidence-looked-key" } else { "evidence-looked-no-key" }),
        words.t(if checked.script { "evidence-looked-script" } else { "evidence-looked-no-script" }),
        words.n(if checked.media { "evidence-looked-media" } else { "evidence-looked-sizes" }, segments),
    ]
}

/// The chain's file, the keys and signatures that belong to it, and how to check them.
fn proof(words: &Words, checked: &Checked, (team, server_key): (TeamId, Option<PublicKey>)) -> Proof {
    let it = &checked.recording;
    let mut values = vec![(words.t("proof-chain"), it.blob.to_string())];
    let mut python = format!("python3 verify.py CHAIN.txt DEVICE_KEY --sha256 {}", it.blob);
    if let Some((_, key)) = checked.device {
        values.push((words.t("proof-device-key"), key.to_string()));
        python = python.replace("DEVICE_KEY", &key.to_string());
    }
    if let Some(confirmed) = it.confirmed.as_ref() {
        values.push((words.t("proof-signature"), confirmed.signature.to_string()));
        if let Some(key) = server_key {
            values.push((words.t("proof-server-key"), key.to_string()));
            python.push_str(&format!(
                " --server-key {key} --signature {} --team {team} --act {} --at {}",
                confirmed.signature, confirmed.act, confirmed.at_ms
            ));
        }
    }
    Proof {
        chain: checked.report.is_some().then(|| format!("/records/{}/blobs/{}", it.doc, it.blob)),
        values,
        commands: vec![format!("rounds-server verify-evidence {} --media", it.doc), python],
    }
}

fn recording(
    words: &Words,
    questions: &BTreeMap<String, String>,
    checked: &Checked,
    server: (TeamId, Option<PublicKey>),
    now: i64,
) -> RecordingView {
    let it = &checked.recording;
    let (findings, whole) = (checked.findings(), checked.is_whole());
    // Signed is what an act sealed; that its file is here is another thing.
    let received = if checked.report.is_some() { "evidence-received" } else { "evidence-sealed" };
    let links = checked.report.as_ref().map(|report| report.links.as_slice()).unwrap_or_default();
    let at_link = |number| {
        let own = findings.iter().filter(|finding| finding.link == Some(number));
        own.map(|finding| words.of(&said::finding(finding)).to_owned()).collect::<Vec<_>>()
    };
    let elsewhere =
        findings.iter().filter(|f| f.link.is_none_or(|n| !links.iter().any(|link| link.number == n)));
    let link = |link: &rounds_evidence::chain::Checked| LinkView {
        number: link.number,
        says: link.event.as_ref().map(|e| words.of(&said::event(e)).to_owned()).unwrap_or_default(),
        at: link.time.map(|time| words.moment(time.at_ms, now)),
        clock: link.time.as_ref().map(|time| words.of(&said::time(time)).to_owned()).unwrap_or_default(),
        doubt: link.time.is_none_or(|t| matches!(t.judgement, Judgement::Suspect | Judgement::Unchecked)),
        hash: link.hash.to_string().chars().take(12).collect(),
        findings: at_link(link.number),
    };
    RecordingView {
        field: it.field.clone(),
        title: questions.get(&it.field).unwrap_or(&it.field).clone(),
        whole,
        verdict: match (whole, checked.media) {
            (true, true) => words.n("evidence-whole", links.len()),
            // Nobody has looked into the media: it is not said that nothing is wrong.
            (true, false) => words.n("evidence-whole-sizes", links.len()),
            (false, _) => words.n("evidence-not-whole", checked.wrong()),
        },
        looked_at: looked_at(words, checked),
        sizes_only: checked.report.is_some() && !checked.media,
        received: it
            .confirmed
            .as_ref()
            .filter(|_| it.confirmation_fits)
            .map(|confirmed| (words.t(received), words.moment(confirmed.at_ms, now))),
        problems: checked.problems.iter().map(|problem| words.of(&problem.says()).to_owned()).collect(),
        proof: proof(words, checked, server),
        tape: super::tape::tape(words, it, links, findings, now),
        links: links.iter().map(link).collect(),
        findings: elsewhere.map(|finding| words.of(&said::finding(finding)).to_owned()).collect(),
    }
}
