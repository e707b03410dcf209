//! Work that was handed over: the list, and the forms that decide about it.

use super::Console;
use super::kinds::{KindWords, Lexicon};
use super::names::{Names, other_record};
use super::pages::{HoldingPage, Said, shell};
use super::problem::{failure, html, problem};
use super::session::Visitor;
use super::view::{HoldingList, HoldingRow};
use super::viewer::Viewer;
use super::words::Words;
use crate::admin::holding::{self, Decided, Span, Work};
use crate::admin::{Done, Trouble};
use crate::error::Result;
use crate::storage::Read;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::ids::DocId;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_protocol::exchange::PushItem;
use serde::Deserialize;

/// Answers of one edit that are spelled out.
const SHOWN: usize = 6;

/// What a form sends.
#[derive(Deserialize)]
pub struct Choice {
    csrf: String,
    /// `accept` or `drop`.
    decision: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    back: String,
}

/// What became of it.
enum Outcome {
    Done,
    /// The page with what stands in the way.
    Told(Box<HoldingPage>),
    Door,
    Foreign,
    NotThere,
}

/// Everything that waits and that the viewer may know of.
pub fn waiting(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    now_ms: i64,
) -> Result<HoldingList> {
    let works = holding::waiting_in(tx, viewer.seen().as_deref())?;
    rows(tx, lexicon, viewer, words, works, now_ms)
}

/// What waits about one record.
pub fn about(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    doc: DocId,
    now_ms: i64,
) -> Result<Vec<HoldingRow>> {
    Ok(rows(tx, lexicon, viewer, words, holding::about(tx, doc)?, now_ms)?.works)
}

fn rows(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    works: Vec<Work>,
    now_ms: i64,
) -> Result<HoldingList> {
    let names = Names::read(tx, words)?;
    let mut out = vec![];
    for work in works.into_iter().filter(|work| may_see(viewer, work)) {
        let stored = tx.records(&[work.doc])?.into_iter().next();
        let first = stored.map(|record| record.kind).or_else(|| work.items.iter().find_map(kind_of));
        let kind = first.as_ref().and_then(|name| lexicon.kind(name));
        let title = kind.map(|kind| words.of(&kind.title).to_owned()).unwrap_or_default();
        out.push(HoldingRow {
            number: work.span().to_string(),
            who: names.person(work.person),
            device: names.device(work.device),
            person: work.person.to_string(),
            at: words.moment(work.since, now_ms),
            since_ms: work.since,
            record: other_record(tx, lexicon, viewer, words, work.doc)?,
            title,
            says: work.items.iter().map(|item| says(kind, words, item)).collect(),
            reason: words.of(&work.refusal.reason).to_owned(),
            decides: may_decide(viewer, &work),
        });
    }
    Ok(HoldingList { works: out })
}

/// Carries a decision out.
pub async fn decide(
    State(console): State<Console>,
    Path(number): Path<String>,
    headers: HeaderMap,
    form: std::result::Result<Form<Choice>, FormRejection>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let (Ok(Form(choice)), Ok(seen)) = (form, number.parse::<Span>()) else {
        return problem(lang, StatusCode::BAD_REQUEST);
    };
    let back =
        if choice.back.is_empty() { "/holding" } else { super::routes::own_path(&choice.back) }.to_owned();
    let done = console.blocking(move |console| carry_out(console, &visitor, seen, &choice)).await;
    match done {
        Ok(Outcome::Done) => {
            console.poke();
            Redirect::to(&back).into_response()
        }
        Ok(Outcome::Told(page)) => (StatusCode::CONFLICT, html(lang, &*page)).into_response(),
        Ok(Outcome::Door) => Redirect::to("/sign-in").into_response(),
        Ok(Outcome::Foreign) => problem(lang, StatusCode::FORBIDDEN),
        Ok(Outcome::NotThere) => problem(lang, StatusCode::NOT_FOUND),
        Err(error) => failure(lang, &error),
    }
}

fn carry_out(console: &Console, visitor: &Visitor, seen: Span, choice: &Choice) -> Result<Outcome> {
    let now = console.now_ms();
    let Some(tx) = console.read_for(visitor)? else { return Ok(Outcome::Door) };
    let Some(guest) = visitor.guest(&*tx, now)? else { return Ok(Outcome::Door) };
    if !guest.sent(&choice.csrf) {
        return Ok(Outcome::Foreign);
    }
    let work = holding::one(&*tx, seen.first)?;
    if work.as_ref().is_some_and(|work| !may_decide(&guest.viewer, work)) {
        return Ok(Outcome::NotThere);
    }
    drop(tx);
    // Between here and the decision access may be withdrawn: the decision asks again, under the lock.
    let (team, by) = (guest.team.id, guest.viewer.decider());
    let decided = match choice.decision.as_str() {
        "accept" => holding::accept(&*console.storage, team, seen, by, now),
        "drop" => holding::drop_work(&*console.storage, team, seen, by, &choice.reason, now),
        _ => return Ok(Outcome::Foreign),
    };
    let Some((text, remedy)) = told(decided)? else { return Ok(Outcome::Done) };
    let tx = console.storage.browse(team)?;
    let lexicon = console.library.open(&*tx)?;
    let page = waiting(&*tx, &*lexicon, &guest.viewer, &guest.words, now)?;
    let of = |text: &Text| guest.words.of(text).to_owned();
    let problem = Some(Said { text: of(&text), remedy: of(&remedy) });
    Ok(Outcome::Told(Box::new(HoldingPage {
        shell: shell(&guest, &*lexicon, "/holding", "/exceptions"),
        page,
        problem,
    })))
}

/// What stands in the way of a decision, if anything does.
fn told(decided: Done<Decided>) -> Result<Option<(Text, Text)>> {
    match decided {
        Ok(decided) => Ok(decided.left.into_iter().next().map(|refusal| (refusal.reason, refusal.remedy))),
        Err(Trouble::Refused(why)) => Ok(why.first().map(|refused| (refused.text(), Text::default()))),
        Err(Trouble::Failed(error)) => Err(error),
    }
}

/// Whoever holds the record, or sees the author's work.
fn may_see(viewer: &Viewer, work: &Work) -> bool {
    may_decide(viewer, work) || viewer.may_see(&Scope::Person(work.person))
}

/// Whoever holds the record; where there is none yet, whoever would hold it.
fn may_decide(viewer: &Viewer, work: &Work) -> bool {
    viewer.may_see(work.scope.as_ref().unwrap_or(&Scope::Person(work.person)))
}

fn kind_of(item: &PushItem) -> Option<String> {
    let PushItem::Edit(edit) = item else { return None };
    let kind = edit.puts.iter().find(|put| put.key == rounds_workflow::KIND)?;
    kind.value.as_text().map(str::to_owned)
}

fn says(kind: Option<&KindWords>, words: &Words, item: &PushItem) -> String {
    match item {
        PushItem::Act(signed) => {
            let name = signed.read().map(|act| act.name).unwrap_or_default();
            let title = kind.and_then(|kind| kind.act(&name)).map(|act| words.of(&act.title).to_owned());
            title.unwrap_or(name)
        }
        PushItem::Edit(edit) => {
            // What the app notes for itself, in a row of a repeat too.
            let own = |key: &str| key.rsplit('/').next().unwrap_or(key).starts_with('@');
            let puts: Vec<_> = edit.puts.iter().filter(|put| !own(&put.key)).collect();
            let say = |key: &str, value: String| {
                let question = kind.and_then(|kind| kind.question(key));
                let plain = || key.rsplit('/').next().unwrap_or(key).to_owned();
                let label = question.map_or_else(plain, |question| question.label(words.lang).to_owned());
                format!("{label}: {value}")
            };
            let mut said: Vec<String> =
                puts.iter().take(SHOWN).map(|put| say(&put.key, put.value.to_string())).collect();
            if puts.len() > SHOWN {
                said.push("…".to_owned());
            }
            said.join(" · ")
        }
    }
}
