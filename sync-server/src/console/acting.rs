//! Stating acts in the console: the same acts as on a phone, judged by the same rules.
//!
//! The act says what its author saw: the form carries the content's heads and the stage of the page, and is
//! refused where the record is another by now ([`super::since`]). It is signed with the key of the console as a device of theirs (see [`super::signer`]), and goes through the
//! judge of phones' acts. What is not accepted is not stored, as on a phone, and told with its reason. To the pages'
//! script all is told as JSON; what is a page here becomes that in [`super::headers`].

use super::Console;
use super::desk::{Away, Desk};
use super::kinds::Lexicon;
use super::problem::{failure, problem, refused_at, unread};
use super::routes::own_path;
use super::session::{self, Visitor};
use super::since::Now;
use crate::admin::typed;
use crate::error::{Error, Result};
use crate::exchange::batch::Batch;
use crate::exchange::open::judged;
use crate::exchange::rules::Rules;
use crate::exchange::world::TeamWorld;
use crate::secrets::random;
use crate::texts::{held, messages};
use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::act::Act;
use rounds_model::document::Document;
use rounds_model::ids::{ActId, BootId, ChangeHash, DocId};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::{Lang, Text};
use rounds_model::time::{Anchor, Reading, TrustedTime};
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::{PushItem, Receipt};
use rounds_workflow::{COMMENT, Field, Projection, Record};
use std::collections::{BTreeMap, HashMap};

/// What stands before the name of what an act asks for, in its form.
pub const ASKED: &str = "p/";

/// What a form says of an act.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// The token of the form.
    pub csrf: String,
    /// Where the form was.
    pub back: String,
    /// The stage that its author saw.
    pub stage: String,
    /// The content that its author saw.
    pub heads: Vec<ChangeHash>,
    /// The place of the last thing that had happened to the record.
    pub seen: Option<u64>,
    /// What was typed, by the names of what the act asks for.
    pub asked: BTreeMap<String, String>,
    /// What was said about single questions, by [`COMMENT`] and their keys.
    pub comments: BTreeMap<String, String>,
}

/// An act that was accepted.
#[derive(Debug, Clone)]
pub struct Stated {
    /// Its title.
    pub act: Text,
    /// What it was taken as instead.
    pub turned: Option<Text>,
}

/// What became of a form.
enum Done {
    Stated(Stated),
    Refused(Box<Refusal>),
    Nothing,
    Away(Away),
}

/// Why an act could not be stated.
pub enum No {
    /// The rules do not allow it.
    Refused(Box<Refusal>),
    /// There is no such record for this person.
    Nothing,
    /// Their session has no key: they have to sign in again.
    Door,
    /// Something broke.
    Failed(Error),
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        No::Refused(Box::new(refusal))
    }
}

impl<E: Into<Error>> From<E> for No {
    fn from(e: E) -> Self {
        No::Failed(e.into())
    }
}

impl Sent {
    /// Reads the fields of a form; none if it is not one of ours.
    pub fn read(pairs: Vec<(String, String)>) -> Option<Sent> {
        let mut sent = Sent::default();
        for (name, value) in pairs {
            match name.as_str() {
                "csrf" => sent.csrf = value,
                "back" => sent.back = value,
                "stage" => sent.stage = value,
                "heads" => sent.heads = heads(&value)?,
                "seen" => sent.seen = Some(value.parse().ok()?),
                _ if name.starts_with(COMMENT) => {
                    if !value.trim().is_empty() {
                        sent.comments.insert(name, value.trim().to_owned());
                    }
                }
                _ => {
                    let Some(name) = name.strip_prefix(ASKED) else { continue };
                    // Several boxes of one question are one answer.
                    let answer: &mut String = sent.asked.entry(name.to_owned()).or_default();
                    if !answer.is_empty() && !value.is_empty() {
                        answer.push(' ');
                    }
                    answer.push_str(&value);
                }
            }
        }
        Some(sent)
    }
}

/// Heads as a form carries them, sorted.
pub fn heads(text: &str) -> Option<Vec<ChangeHash>> {
    let read = |part: &str| {
        let mut bytes = [0; 32];
        hex::decode_to_slice(part, &mut bytes).ok().map(|()| ChangeHash(bytes))
    };
    let mut heads = text.split_whitespace().map(read).collect::<Option<Vec<_>>>()?;
    heads.sort();
    (heads.len() <= rounds_model::act::limits::HEADS).then_some(heads)
}

/// States an act, and goes back to where the form was.
pub async fn act(
    State(console): State<Console>,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
    form: std::result::Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let pairs = match form {
        Ok(Form(pairs)) => pairs,
        Err(no) => return unread(lang, &no),
    };
    let Some(sent) = Sent::read(pairs) else { return problem(lang, StatusCode::BAD_REQUEST) };
    let Ok(doc) = id.parse::<DocId>() else { return problem(lang, StatusCode::NOT_FOUND) };
    let back = own_path(&sent.back).to_owned();
    let program = headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json");
    let done = console.blocking(move |console| carry_out(console, &visitor, doc, &name, &sent)).await;
    match done {
        Ok(Done::Stated(stated)) => {
            let words = super::words::Words::new(lang, "UTC");
            let act = words.of(&stated.act).to_owned();
            let text = match &stated.turned {
                None => words.f("act-stated", &[("act", act)]),
                Some(turned) => {
                    words.f("act-turned", &[("act", act), ("other", words.of(turned).to_owned())])
                }
            };
            let cookie = session::say(&text, console.secure);
            let response = if program {
                Json(serde_json::json!({ "goto": back })).into_response()
            } else {
                Redirect::to(&back).into_response()
            };
            super::door::with_cookie(response, Some(cookie))
        }
        Ok(Done::Refused(refusal)) if program => told(lang, StatusCode::CONFLICT, &refusal, false),
        // The page stays with what was typed in it, and takes another session's token once there is one.
        Ok(Done::Away(Away::Door | Away::Forbidden)) if program => {
            told(lang, StatusCode::UNAUTHORIZED, &held("session-over"), true)
        }
        Ok(Done::Refused(refusal)) => refused_at(lang, &refusal, &back),
        Ok(Done::Away(Away::Forbidden)) => problem(lang, StatusCode::FORBIDDEN),
        Ok(Done::Nothing) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Done::Away(Away::Door)) => Redirect::to("/sign-in").into_response(),
        Err(error) => failure(lang, &error),
    }
}

fn told(lang: Lang, status: StatusCode, refusal: &Refusal, door: bool) -> Response {
    let (reason, remedy) = (refusal.reason.get(lang), refusal.remedy.get(lang));
    let said =
        serde_json::json!({ "reason": reason, "remedy": remedy, "field": refusal.field, "door": door });
    (status, Json(said)).into_response()
}

fn carry_out(console: &Console, visitor: &Visitor, doc: DocId, name: &str, sent: &Sent) -> Result<Done> {
    match state(console, visitor, doc, name, sent)? {
        Ok(stated) => Ok(Done::Stated(stated)),
        Err(Err(away)) => Ok(Done::Away(away)),
        Err(Ok(No::Refused(refusal))) => Ok(Done::Refused(refusal)),
        Err(Ok(No::Nothing)) => Ok(Done::Nothing),
        Err(Ok(No::Door)) => Ok(Done::Away(Away::Door)),
        Err(Ok(No::Failed(error))) => Err(error),
    }
}

/// States one act in a transaction of its own, and wakes whoever is to hear of it.
#[allow(clippy::type_complexity)]
pub fn state(
    console: &Console,
    visitor: &Visitor,
    doc: DocId,
    name: &str,
    sent: &Sent,
) -> Result<std::result::Result<Stated, std::result::Result<No, Away>>> {
    let mut desk = match console.desk(visitor, &sent.csrf)? {
        Ok(desk) => desk,
        Err(away) => return Ok(Err(Err(away))),
    };
    let lexicon = console.library.open(&*desk.tx)?;
    let stated = match stating(&mut desk, &*lexicon, doc, name, sent) {
        Ok(stated) => stated,
        // Dropped without a commit, nothing was stored: not the device either.
        Err(no) => return Ok(Err(Ok(no))),
    };
    let team = desk.tx.team()?.id;
    desk.tx.commit()?;
    console.poke();
    console.look_again(team, doc);
    Ok(Ok(stated))
}

fn stating(
    desk: &mut Desk<'_>,
    lexicon: &dyn Lexicon,
    doc: DocId,
    name: &str,
    sent: &Sent,
) -> std::result::Result<Stated, No> {
    let row = desk.tx.records(&[doc])?.into_iter().next().ok_or(No::Nothing)?;
    if !desk.guest.viewer.may_see(&row.scope) {
        return Err(No::Nothing);
    }
    let stored = desk.tx.documents(&[doc])?.into_iter().next().ok_or(No::Nothing)?;
    let rules = Rules::load(&*desk.tx)?;
    let projection: Projection = rounds_model::canonical::decode(&row.projection)?;
    let kind = rules.catalogue.kind_at(&row.kind, projection.pack).ok_or_else(|| held("kind-unknown"))?;
    let asked = kind.act(name).map(|rule| rule.payload.as_slice()).unwrap_or_default();
    let payload = payload(asked, sent)?;
    let acts = desk.tx.acts_of(&[doc])?;
    let document = Document::load(&stored.snapshot)?;
    let now = Now {
        tx: &*desk.tx,
        lexicon,
        row: &row,
        stored: &stored,
        document: &document,
        acts: &acts,
        zone: &desk.guest.team.zone,
        now_ms: desk.now_ms,
    };
    if let Some(changed) = now.since(sent)? {
        return Err(changed.into());
    }
    let history = acts.iter().map(judged).collect::<Result<Vec<_>>>()?;
    let fields = document.fields();
    let record = Record::after(kind, doc, fields, &history)?;
    let (now_ms, zone) = (desk.now_ms, rules.zone);
    let proofs = {
        let world = TeamWorld {
            view: &*desk.tx,
            open: &HashMap::new(),
            now_ms: Some(now_ms),
            damaged: Default::default(),
            histories: &Default::default(),
        };
        let found = rounds_workflow::proofs(&rules.catalogue, &record, name, &payload, &world, now_ms, zone);
        found.map_err(|e| Error::StorageDamaged(e.to_string()))?
    };
    let (device, signer) = desk.device()?.ok_or(No::Door)?;
    let id = ActId::v7(crate::clock::stamp(now_ms), random()?);
    let act = Act {
        id,
        doc,
        name: name.to_owned(),
        person: desk.guest.viewer.person.id,
        device: device.device,
        number: desk.tx.acts_by(device.device)?.saturating_add(1),
        pack: kind.version,
        heads: sent.heads.clone(),
        stage: sent.stage.clone(),
        payload,
        proofs,
        time: server_time(now_ms),
    };
    let signed = act.sign(&signer.key).map_err(|_| held("item-malformed"))?;
    let author = desk.author(&device);
    let mut batch = Batch::new(&mut *desk.tx, rules.clone(), author, now_ms);
    let receipts = batch.push(&[PushItem::Act(signed).pack()?])?;
    batch.store()?;
    match receipts.into_iter().next() {
        Some(Receipt::Stored(_)) => {}
        Some(Receipt::Held(refusal) | Receipt::Taken(refusal)) => return Err(refusal.into()),
        _ => return Err(Error::StorageDamaged("a new act was there before".into()).into()),
    }
    let ruled = desk.tx.acts(&[id])?.into_iter().next();
    let verdict = ruled.ok_or_else(|| Error::StorageDamaged("a new act is missing".into()))?.verdict;
    if let Outcome::Blocked(refusal) = verdict.outcome {
        return Err(refusal.into());
    }
    let title = |name: &str| kind.act(name).map(|rule| rule.title.clone()).unwrap_or_default();
    Ok(Stated { act: title(name), turned: verdict.turned.map(|turned| title(&turned.act)) })
}

/// What an act carries, from what was typed.
fn payload(asked: &[Field], sent: &Sent) -> std::result::Result<BTreeMap<String, Scalar>, Refusal> {
    let mut payload = BTreeMap::new();
    for (name, text) in &sent.asked {
        let value = match asked.iter().find(|field| field.name == *name) {
            Some(field) => typed::value(field, text).ok_or_else(|| misfit(field))?,
            None => Scalar::from(text.as_str()),
        };
        if !value.is_blank() {
            payload.insert(name.clone(), value);
        }
    }
    payload.extend(sent.comments.iter().map(|(name, text)| (name.clone(), Scalar::from(text.as_str()))));
    Ok(payload)
}

fn misfit(field: &Field) -> Refusal {
    let said = |key: &str| {
        let one = |lang| messages().get(lang, key, &[("field", field.title.get(lang).to_owned())]);
        Text::new(one(rounds_model::text::Lang::Zh), one(rounds_model::text::Lang::En))
    };
    Refusal::new("answer-type", said("answer-type"), said("answer-type-remedy")).on(&field.name)
}

/// The server's clock is what the others are compared with.
fn server_time(now_ms: i64) -> TrustedTime {
    let mono_ms = u64::try_from(now_ms).unwrap_or(0);
    let reading = Reading { wall_ms: now_ms, mono_ms, boot: BootId([0; 16]) };
    TrustedTime::judge(reading, Some(Anchor::learnt(reading, reading, now_ms)))
}
