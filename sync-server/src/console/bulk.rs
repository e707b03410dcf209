//! One act for many records: first what would come of each, then each by itself.
//!
//! The page of the second step carries, for each record, the content and the stage that it was shown in;
//! each act is stated in a transaction of its own by the rules of a single one, and the report says what
//! became of each. Records are named one by one, or all at once as those that a list's filters leave: these
//! are looked up again here, for whoever asks.

use super::acting::{self, No, Sent};
use super::answers::Ink;
use super::desk::Away;
use super::kinds::Lexicon;
use super::names::Names;
use super::offers;
use super::pages::{BulkPage, shell};
use super::problem::{failure, html, problem, unread};
use super::session::{Guest, Visitor};
use super::shown::{Done, Shown};
use super::view::{Badge, Bulk, BulkRow, Tone};
use super::words::Words;
use super::{Console, filters, list, moving};
use crate::error::Result;
use crate::storage::Read;
use crate::storage::records::RecordRow;
use crate::texts::held;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use std::collections::HashMap;

/// Records of one selection.
pub const MOST: usize = 500;

/// What the forms send: the fields of an act's form, and the records.
#[derive(Default)]
struct Selection {
    csrf: String,
    back: String,
    kind: String,
    act: String,
    /// The address of a list: all that it shows, on whichever page, instead of single ones.
    whole: String,
    /// Ids; in the second step each with its stage, its last place and its heads, by blanks.
    docs: Vec<String>,
    rest: Vec<(String, String)>,
}

impl Selection {
    fn read(pairs: Vec<(String, String)>) -> Selection {
        let mut selection = Selection::default();
        for (name, value) in pairs {
            match name.as_str() {
                "csrf" => selection.csrf = value,
                "back" => selection.back = value,
                "kind" => selection.kind = value,
                "act" => selection.act = value,
                "whole" => selection.whole = value,
                "doc" => selection.docs.push(value),
                _ => selection.rest.push((name, value)),
            }
        }
        selection.docs.truncate(MOST);
        selection
    }

    /// The records that were chosen and that the viewer may see, and how many more match than are done at a
    /// time.
    fn records(
        &self,
        tx: &dyn Read,
        lexicon: &dyn Lexicon,
        guest: &Guest,
        now_ms: i64,
    ) -> Result<(Vec<RecordRow>, u64)> {
        let (viewer, words) = (&guest.viewer, &guest.words);
        if self.whole.is_empty() {
            let docs: Vec<DocId> = self.docs.iter().filter_map(|doc| doc.parse().ok()).collect();
            let mut known: HashMap<DocId, RecordRow> =
                tx.records(&docs)?.into_iter().map(|record| (record.doc, record)).collect();
            let rows = docs.iter().filter_map(|doc| known.remove(doc));
            return Ok((rows.filter(|record| viewer.may_see(&record.scope)).collect(), 0));
        }
        let uri = self.whole.parse::<Uri>().ok();
        let (Some(uri), Some(kind)) = (uri, lexicon.kind(&self.kind)) else { return Ok((vec![], 0)) };
        let ask: list::Ask = filters::asked(&uri)?;
        list::matching(tx, lexicon, viewer, words, kind, &ask.bounded(), MOST, now_ms)
    }
}

enum Made {
    Page(Box<BulkPage>),
    /// To what came of it.
    Shown(String),
    /// Nothing was selected: back to where it can be.
    Unpicked(String),
    Nothing,
    Away(Away),
}

type Sending = std::result::Result<Form<Vec<(String, String)>>, FormRejection>;

/// What would come of it.
pub async fn review(State(console): State<Console>, headers: HeaderMap, form: Sending) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let pairs = match form {
        Ok(Form(pairs)) => pairs,
        Err(no) => return unread(lang, &no),
    };
    if let Some(away) = super::door::turned_away(&console, &headers, None).await {
        return away;
    }
    let _permit = console.heavy.acquire().await;
    let made = console.blocking(move |console| reviewed(console, &visitor, &Selection::read(pairs))).await;
    answer(&console, lang, made)
}

/// Does it.
pub async fn act(State(console): State<Console>, headers: HeaderMap, form: Sending) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let pairs = match form {
        Ok(Form(pairs)) => pairs,
        Err(no) => return unread(lang, &no),
    };
    if let Some(away) = super::door::turned_away(&console, &headers, None).await {
        return away;
    }
    let _permit = console.heavy.acquire().await;
    let made = console.blocking(move |console| done(console, &visitor, Selection::read(pairs))).await;
    answer(&console, lang, made)
}

fn answer(console: &Console, lang: Lang, made: Result<Made>) -> Response {
    match made {
        Ok(Made::Page(page)) => html(lang, &*page),
        Ok(Made::Shown(to)) => Redirect::to(&to).into_response(),
        Ok(Made::Unpicked(back)) => {
            let said = Words::new(lang, "UTC").t("bulk-unpicked");
            super::door::with_cookie(
                Redirect::to(&back).into_response(),
                Some(super::session::say(&said, console.secure)),
            )
        }
        Ok(Made::Nothing) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Made::Away(Away::Door)) => Redirect::to("/sign-in").into_response(),
        Ok(Made::Away(Away::Forbidden)) => problem(lang, StatusCode::FORBIDDEN),
        Err(error) => failure(lang, &error),
    }
}

fn reviewed(console: &Console, visitor: &Visitor, selection: &Selection) -> Result<Made> {
    let Some(tx) = console.read_for(visitor)? else { return Ok(Made::Away(Away::Door)) };
    let now = console.now_ms();
    let Some(guest) = visitor.guest(&*tx, now)? else { return Ok(Made::Away(Away::Door)) };
    if !guest.sent(&selection.csrf) {
        return Ok(Made::Away(Away::Forbidden));
    }
    if selection.docs.is_empty() && selection.whole.is_empty() {
        return Ok(Made::Unpicked(super::routes::own_path(&selection.back).to_owned()));
    }
    let lexicon = console.library.open(&*tx)?;
    let Some(kind) = lexicon.kind(&selection.kind) else { return Ok(Made::Nothing) };
    let Some(words) = kind.act(&selection.act) else { return Ok(Made::Nothing) };
    let (records, more) = selection.records(&*tx, &*lexicon, &guest, now)?;
    let names = Names::read(&*tx, &guest.words)?;
    let (mut rows, mut moved) = (vec![], vec![]);
    let mut form = None;
    for record in records {
        let asked = (selection.act.as_str(), form.is_none());
        let Some((row, offer)) = foreseen(&*tx, &*lexicon, &guest, &names, &record, asked, now)? else {
            continue;
        };
        if row.stage_name.is_some() {
            moved.push(record);
        }
        rows.push(row);
        form = form.or(offer);
    }
    if let Some(form) = &mut form
        && let Some(gives) = &words.assigns
    {
        // The form is one record's; the people in it are for all of them.
        let name = format!("{}{gives}", acting::ASKED);
        for ask in form.asks.iter_mut().filter(|ask| ask.name == name) {
            ask.choices = moving::candidates(&*tx, &guest.words, &moved)?;
        }
        form.moving = Some(moving::moving(&*tx, &guest.viewer, &guest.words, &moved, now)?);
    }
    let of_all = [("n", more + rows.len() as u64), ("most", rows.len() as u64)];
    let more = (more > 0).then(|| guest.words.f("bulk-more", &of_all.map(|(name, n)| (name, n.to_string()))));
    let back = super::routes::own_path(&selection.back).to_owned();
    let page = Bulk {
        title: guest.words.of(&words.title).to_owned(),
        kind: guest.words.of(&kind.plural).to_owned(),
        kind_name: kind.name.clone(),
        act: selection.act.clone(),
        more,
        possible: rows.iter().filter(|row| row.stage_name.is_some()).count(),
        rows,
        form,
        back,
    };
    let section = "/work";
    Ok(Made::Page(Box::new(BulkPage { shell: shell(&guest, &*lexicon, "/work", section), page })))
}

/// One record with what would come of the act, and, where it is asked for, the act's form if it is possible.
fn foreseen(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    names: &Names,
    record: &RecordRow,
    (act, with_form): (&str, bool),
    now_ms: i64,
) -> Result<Option<(BulkRow, Option<super::view::OfferView>)>> {
    let (viewer, words, doc) = (&guest.viewer, &guest.words, record.doc);
    let Some(stored) = tx.documents(&[doc])?.into_iter().next() else { return Ok(None) };
    let ink = Ink { tx, lexicon, viewer, words, names, doc, blobs: &[], now_ms };
    let fields = Document::load(&stored.snapshot)?.fields();
    let acts = tx.acts_of(&[doc])?;
    let offered = lexicon.offers(tx, record, &fields, &acts, &viewer.person, now_ms)?;
    let offer = offered.into_iter().find(|offer| offer.act == act);
    let name = lexicon.name(tx, record, words.lang)?;
    let (stage, tone) =
        lexicon.kind_of(record).map_or_else(Default::default, |kind| kind.stage(&record.stage));
    let refusal = match &offer {
        None => Some((words.t("bulk-not-now"), String::new())),
        Some(offer) => offer
            .refusal
            .as_ref()
            .map(|no| (words.of(&no.reason).to_owned(), words.of(&no.remedy).to_owned())),
    };
    let heads = stored.heads.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let row = BulkRow {
        doc: doc.to_string(),
        title: name.title,
        subtitle: name.subtitle,
        owner: names.person(record.owner),
        stage: Badge { tone, text: words.of(&stage).to_owned() },
        stage_name: refusal.is_none().then(|| record.stage.clone()),
        seen: stored.last_seq.0,
        heads,
        outcome: refusal.is_none().then(|| Badge { tone: Tone::Good, text: words.t("bulk-possible") }),
        refusal,
    };
    let form = match offer.filter(|_| with_form && row.stage_name.is_some()) {
        Some(offer) => offers::offers(&ink, vec![super::kinds::Offer { comments: false, ..offer }])?.pop(),
        None => None,
    };
    Ok(Some((row, form)))
}

fn done(console: &Console, visitor: &Visitor, selection: Selection) -> Result<Made> {
    let Selection { csrf, back, kind, act, docs, rest, .. } = selection;
    if docs.is_empty() {
        return Ok(Made::Unpicked(super::routes::own_path(&back).to_owned()));
    }
    let mut rows = vec![];
    for one in &docs {
        let mut parts = one.splitn(4, ' ');
        let (Some(id), Some(stage), Some(seen)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let heads = parts.next().unwrap_or_default();
        let Ok(doc) = id.parse::<DocId>() else { continue };
        let fixed = [("csrf", csrf.as_str()), ("stage", stage), ("seen", seen), ("heads", heads)];
        let fixed = fixed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let Some(sent) = Sent::read(rest.iter().cloned().chain(fixed).collect()) else { continue };
        let refusal = match acting::state(console, visitor, doc, &act, &sent) {
            Ok(Ok(_)) => None,
            Ok(Err(Ok(No::Refused(refusal)))) => Some(*refusal),
            Ok(Err(Ok(No::Nothing))) => continue,
            Ok(Err(Ok(No::Door))) => return Ok(Made::Away(Away::Door)),
            Ok(Err(Err(away))) => return Ok(Made::Away(away)),
            // What was done is done, and told: only this one is not.
            Ok(Err(Ok(No::Failed(error)))) | Err(error) => {
                tracing::error!(%error, "one act of many failed");
                Some(held("act-failed"))
            }
        };
        rows.push((doc, refusal));
    }
    let Some(tx) = console.read_for(visitor)? else { return Ok(Made::Away(Away::Door)) };
    let Some(guest) = visitor.guest(&*tx, console.now_ms())? else { return Ok(Made::Away(Away::Door)) };
    if !guest.sent(&csrf) {
        return Ok(Made::Away(Away::Forbidden));
    }
    let lexicon = console.library.open(&*tx)?;
    let words = &guest.words;
    let Some(known) = lexicon.kind(&kind) else { return Ok(Made::Nothing) };
    let names = Names::read(&*tx, words)?;
    let mut report = vec![];
    for (doc, refusal) in rows {
        let Some(record) = tx.records(&[doc])?.into_iter().next() else { continue };
        let name = lexicon.name(&*tx, &record, words.lang)?;
        let (stage, tone) = known.stage(&record.stage);
        let outcome = match &refusal {
            None => Badge { tone: Tone::Good, text: words.t("accepted") },
            Some(_) => Badge { tone: Tone::Bad, text: words.t("blocked") },
        };
        report.push(BulkRow {
            doc: doc.to_string(),
            title: name.title,
            subtitle: name.subtitle,
            owner: names.person(record.owner),
            stage: Badge { tone, text: words.of(&stage).to_owned() },
            stage_name: None,
            seen: 0,
            heads: String::new(),
            outcome: Some(outcome),
            refusal: refusal.map(|no| (words.of(&no.reason).to_owned(), words.of(&no.remedy).to_owned())),
        });
    }
    let title = known.act(&act).map(|act| words.of(&act.title).to_owned()).unwrap_or_default();
    let accepted = report.iter().filter(|row| row.refusal.is_none()).count();
    let count = words.f("bulk-count", &[("done", accepted.to_string()), ("n", report.len().to_string())]);
    let back = super::routes::own_path(&back).to_owned();
    let done = Shown::Bulk(Box::new(Done { title, count, rows: report, back }));
    Ok(Made::Shown(console.results.keep(&guest, done, console.now_ms())?))
}

// A page of a list can be selected as a whole.
const _: () = assert!(MOST >= list::PAGE as usize);
