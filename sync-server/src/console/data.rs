//! Templates and data: packs and workbooks that are uploaded, looked at and published; rows that are
//! imported after a dry run; tokens for programs that read.
//!
//! What is uploaded is kept in memory for half an hour, by a random name, until it is published or imported.
//! These things are about the whole team: head office does them, or the one supervisor that a team has.

use super::Console;
use super::desk::Away;
use super::kinds::Lexicon;
use super::packs::kind_words;
use super::pages::{DataPage, ReportPage, SecretPage, TemplatePage, TemplatesPage, shell};
use super::problem::{failure, html, page as told_page, problem};
use super::session::{self, Guest, Visitor};
use super::view::{ChangedCell, DataView, PackLine, PreviewKind, Secret, TokenLine, UploadReport};
use super::viewer::Viewer;
use super::words::Words;
use crate::admin::by::By;
use crate::admin::{Refused, Trouble, import, publish, sheets};
use crate::error::Result;
use crate::secrets::random;
use crate::storage::Read;
use crate::storage::console::ReadToken;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::ids::{PersonId, TeamId};
use rounds_model::people::Role;
use rounds_model::text::{Lang, Text};
use rounds_workflow::Pack;
use rounds_workflow::bundle::Bundle;
use serde::Deserialize;
use std::sync::{Mutex, PoisonError};

/// Bytes of an upload.
pub const UPLOAD: usize = 32 << 20;
/// Uploads that wait.
const WAITING: usize = 12;
/// How long they do.
const PATIENCE_MS: i64 = 30 * 60_000;
/// Problems that a page lists.
const LISTED: usize = 200;
/// Tokens of a team.
const TOKENS: usize = 50;

/// What was uploaded and waits for its author's word.
#[derive(Default)]
pub struct Uploads {
    waiting: Mutex<Vec<Upload>>,
}

struct Upload {
    id: [u8; 16],
    team: TeamId,
    person: PersonId,
    at_ms: i64,
    what: What,
}

#[derive(Clone)]
enum What {
    Pack(Bundle),
    Rows { kind: String, key: Option<String>, bytes: Vec<u8> },
}

impl Uploads {
    fn keep(&self, upload: Upload) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|other| upload.at_ms.saturating_sub(other.at_ms) < PATIENCE_MS);
        if waiting.len() >= WAITING {
            waiting.remove(0);
        }
        waiting.push(upload);
    }

    fn take(&self, id: &str, guest: &Guest, now_ms: i64) -> Option<What> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(id, &mut bytes).ok()?;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let own = |upload: &Upload| {
            upload.id == bytes
                && (upload.team, upload.person) == (guest.team.id, guest.viewer.person.id)
                && now_ms.saturating_sub(upload.at_ms) < PATIENCE_MS
        };
        let at = waiting.iter().position(own)?;
        Some(waiting.remove(at).what)
    }
}

impl Viewer {
    /// Whether what is about the whole team is theirs to do: head office, or the one supervisor there is.
    pub fn runs_office(&self, tx: &dyn Read) -> Result<bool> {
        let several = || -> Result<bool> {
            Ok(tx.people()?.iter().filter(|person| person.role.0 == Role::SUPERVISOR).count() > 1)
        };
        Ok(self.sees_everything() || !several()?)
    }
}

/// The packs, the kinds with a workbook (names and titles), and whether the viewer may publish.
pub type Templates = (Vec<PackLine>, Vec<(String, String)>, bool);

/// A pack's title, its versions, and its forms.
pub type OneTemplate = (String, Vec<u32>, Vec<PreviewKind>);

/// The packs of the team, as they were compiled when they were published.
pub fn templates(tx: &dyn Read, lexicon: &dyn Lexicon, viewer: &Viewer, words: &Words) -> Result<Templates> {
    let (mut lines, mut forms) = (vec![], vec![]);
    for pack in lexicon.packs() {
        for kind in pack.kinds.iter().filter(|kind| kind.workbook.is_some()) {
            forms.push((kind.name.clone(), words.of(&kind.title).to_owned()));
        }
        let kinds: Vec<&str> = pack.kinds.iter().map(|kind| words.of(&kind.title)).collect();
        lines.push(PackLine {
            id: pack.id.clone(),
            title: words.of(&pack.title).to_owned(),
            version: pack.version,
            kinds: kinds.join(" · "),
        });
    }
    Ok((lines, forms, viewer.runs_office(tx)?))
}

/// One pack with its forms, and its versions.
pub fn template(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    words: &Words,
    id: &str,
) -> Result<Option<OneTemplate>> {
    let Some(pack) = lexicon.packs().into_iter().find(|pack| pack.id == id) else { return Ok(None) };
    let mut versions = tx.pack_versions(id)?;
    versions.sort_unstable_by(|a, b| b.cmp(a));
    Ok(Some((words.of(&pack.title).to_owned(), versions, preview(words, pack))))
}

/// The forms of a pack as they are asked.
fn preview(words: &Words, pack: &Pack) -> Vec<PreviewKind> {
    pack.kinds
        .iter()
        .map(|kind| {
            let known = kind_words(kind);
            PreviewKind {
                title: words.of(&kind.title).to_owned(),
                name: kind.name.clone(),
                questions: known
                    .questions
                    .iter()
                    .filter(|q| q.is_asked())
                    .map(|q| {
                        let choices = q.choices.iter().take(20).map(|(_, text)| words.of(text).to_owned());
                        let sort = words.t(&format!("sort-of-{}", q.sort.name()));
                        (
                            q.label(words.lang).to_owned(),
                            q.path(),
                            sort,
                            choices.collect::<Vec<_>>().join(" · "),
                        )
                    })
                    .collect(),
                acts: kind
                    .acts
                    .iter()
                    .map(|act| words.of(&act.title).to_owned())
                    .collect::<Vec<_>>()
                    .join(" · "),
                stages: kind
                    .stages
                    .iter()
                    .map(|stage| words.of(&stage.title).to_owned())
                    .collect::<Vec<_>>()
                    .join(" → "),
            }
        })
        .collect()
}

/// What is different from the version that is published: questions and acts that come and go.
fn compared(lexicon: &dyn Lexicon, words: &Words, pack: &Pack) -> Vec<(bool, String)> {
    let Some(before) = lexicon.packs().into_iter().find(|known| known.id == pack.id) else {
        return vec![];
    };
    let said = |pack: &Pack| {
        let mut all = std::collections::BTreeMap::new();
        for kind in &pack.kinds {
            let title = words.of(&kind.title).to_owned();
            for q in kind_words(kind).questions.iter().filter(|q| q.is_asked()) {
                all.insert(
                    format!("{}/{}", kind.name, q.path()),
                    format!("{title}: {}", q.label(words.lang)),
                );
            }
            for act in &kind.acts {
                all.insert(
                    format!("{}//{}", kind.name, act.name),
                    format!("{title} → {}", words.of(&act.title)),
                );
            }
        }
        all
    };
    let (old, new) = (said(before), said(pack));
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key)).map(|(_, text)| (false, text.clone()));
    let come = new.iter().filter(|(key, _)| !old.contains_key(*key)).map(|(_, text)| (true, text.clone()));
    let renamed = new.iter().filter_map(|(key, text)| {
        let was = old.get(key).filter(|was| *was != text)?;
        Some((true, format!("{was} ⇒ {text}")))
    });
    gone.chain(come).chain(renamed).collect()
}

/// What was uploaded with a form.
#[derive(Default)]
struct Parts {
    csrf: String,
    kind: String,
    key: String,
    name: String,
    file: Vec<u8>,
}

async fn parts(mut form: Multipart) -> Option<Parts> {
    let mut parts = Parts::default();
    while let Some(field) = form.next_field().await.ok()? {
        match field.name().unwrap_or_default() {
            "csrf" => parts.csrf = field.text().await.ok()?,
            "kind" => parts.kind = field.text().await.ok()?,
            "key" => parts.key = field.text().await.ok()?,
            "file" => {
                parts.name = field.file_name().unwrap_or_default().to_owned();
                parts.file = field.bytes().await.ok()?.to_vec();
            }
            _ => {}
        }
    }
    Some(parts)
}

enum Came {
    Report(Box<ReportPage>),
    Secret(Box<SecretPage>),
    To(&'static str, String),
    No(Vec<Refused>),
    NotThere,
    Away(Away),
}

fn answer(console: &Console, lang: Lang, came: Result<Came>) -> Response {
    match came {
        Ok(Came::Report(page)) => html(lang, &*page),
        Ok(Came::Secret(page)) => html(lang, &*page),
        Ok(Came::To(to, said)) => {
            console.poke();
            super::door::with_cookie(
                Redirect::to(to).into_response(),
                Some(session::say(&said, console.secure)),
            )
        }
        Ok(Came::No(why)) => {
            let text = why.first().map(Refused::text).unwrap_or_default();
            told_page(lang, StatusCode::CONFLICT, &text, &Text::default(), Some("/templates"))
        }
        Ok(Came::NotThere) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Came::Away(Away::Door)) => Redirect::to("/sign-in").into_response(),
        Ok(Came::Away(Away::Forbidden)) => problem(lang, StatusCode::FORBIDDEN),
        Err(error) => failure(lang, &error),
    }
}

/// Whoever may do it, with a form of theirs.
fn entered(console: &Console, visitor: &Visitor, csrf: &str) -> Result<std::result::Result<Guest, Came>> {
    let Some(tx) = console.read_for(visitor)? else { return Ok(Err(Came::Away(Away::Door))) };
    let Some(guest) = visitor.guest(&*tx, console.now_ms())? else { return Ok(Err(Came::Away(Away::Door))) };
    if !guest.sent(csrf) {
        return Ok(Err(Came::Away(Away::Forbidden)));
    }
    Ok(if guest.viewer.runs_office(&*tx)? { Ok(guest) } else { Err(Came::NotThere) })
}

/// A pack or a workbook, looked at.
pub async fn check_pack(State(console): State<Console>, headers: HeaderMap, form: Multipart) -> Response {
    uploaded(console, headers, form, checked_pack).await
}

/// Rows, as if they were imported.
pub async fn check_rows(State(console): State<Console>, headers: HeaderMap, form: Multipart) -> Response {
    uploaded(console, headers, form, checked_rows).await
}

async fn uploaded(
    console: Console,
    headers: HeaderMap,
    form: Multipart,
    check: fn(&Console, &Guest, Parts) -> Result<Came>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    // Nobody fills the server's memory whose upload would come to nothing: that is asked before the body is
    // read.
    let asking = visitor.clone();
    let known = console.blocking(move |console| {
        let Some(tx) = console.read_for(&asking)? else { return Ok(None) };
        let guest = asking.guest(&*tx, console.now_ms())?;
        guest.map(|guest| guest.viewer.runs_office(&*tx)).transpose()
    });
    match known.await {
        Ok(Some(true)) => {}
        Ok(Some(false)) => return problem(lang, StatusCode::NOT_FOUND),
        Ok(None) => return Redirect::to("/sign-in").into_response(),
        Err(error) => return failure(lang, &error),
    }
    let Some(parts) = parts(form).await else { return problem(lang, StatusCode::BAD_REQUEST) };
    // A check is made in a copy of the whole database.
    let Ok(_turn) = console.heavy.acquire().await else {
        return problem(lang, StatusCode::SERVICE_UNAVAILABLE);
    };
    let came = console
        .blocking(move |console| match entered(console, &visitor, &parts.csrf)? {
            Ok(_) if parts.file.is_empty() => Ok(Came::No(vec![Refused::new("upload-empty", &[])])),
            Ok(guest) => check(console, &guest, parts),
            Err(came) => Ok(came),
        })
        .await;
    answer(&console, lang, came)
}

fn checked_pack(console: &Console, guest: &Guest, parts: Parts) -> Result<Came> {
    let (now, words, team) = (console.now_ms(), &guest.words, guest.team.id);
    let bundle = match bundle_of(console, guest, &parts)? {
        Ok(bundle) => bundle,
        Err(why) => return Ok(Came::No(why)),
    };
    let tx = console.storage.browse(team)?;
    let lexicon = console.library.open(&*tx)?;
    let shell = shell(guest, &*lexicon, "/templates", "/templates");
    let loaded = Pack::load(&bundle).ok();
    let (kinds, changes) = match &loaded {
        Some(pack) => (preview(words, pack), compared(&*lexicon, words, pack)),
        None => (vec![], vec![]),
    };
    drop(tx);
    let title = loaded.as_ref().map_or_else(
        || parts.name.clone(),
        |pack| format!("{} · {}", words.of(&pack.title), words.n("version-n", pack.version)),
    );
    let (problems, losses) =
        match publish::publish_by(&*console.storage, team, By::server(), &bundle, true, now) {
            Ok(done) => {
                let lost = done.losses.iter().map(|loss| format!("{}: {}", loss.kind, words.of(&loss.label)));
                (vec![], lost.collect())
            }
            Err(Trouble::Refused(why)) => {
                (why.iter().take(LISTED).map(|no| no.say(words.lang)).collect(), vec![])
            }
            Err(Trouble::Failed(error)) => return Err(error),
        };
    let pending = if problems.is_empty() { Some(keep(console, guest, What::Pack(bundle))?) } else { None };
    let report = UploadReport {
        title,
        good: None,
        problems,
        losses,
        changes,
        rows: vec![],
        kinds,
        pending,
        publishes: true,
    };
    Ok(Came::Report(Box::new(ReportPage { shell, report })))
}

fn bundle_of(
    console: &Console,
    guest: &Guest,
    parts: &Parts,
) -> Result<std::result::Result<Bundle, Vec<Refused>>> {
    let made = if parts.name.to_lowercase().ends_with(".zip") {
        sheets::pack_of_zip(parts.file.clone())
    } else {
        let tx = console.storage.browse(guest.team.id)?;
        let lexicon = console.library.open(&*tx)?;
        let own = lexicon
            .kind(&parts.kind)
            .and_then(|_| lexicon.packs().into_iter().find(|pack| pack.kind(&parts.kind).is_some()));
        let row = own.map(|pack| tx.pack(&pack.id, pack.version)).transpose()?.flatten();
        match row {
            Some(row) => sheets::with_workbook(&row, &parts.kind, parts.file.clone()),
            None => Err(Refused::new("workbook-nowhere", &[("kind", &parts.kind)]).into()),
        }
    };
    match made {
        Ok(bundle) => Ok(Ok(bundle)),
        Err(Trouble::Refused(why)) => Ok(Err(why)),
        Err(Trouble::Failed(error)) => Err(error),
    }
}

fn checked_rows(console: &Console, guest: &Guest, parts: Parts) -> Result<Came> {
    let (now, words, team) = (console.now_ms(), &guest.words, guest.team.id);
    let key = Some(parts.key.trim().to_owned()).filter(|key| !key.is_empty());
    let tried = sheets::csv_of(parts.file).and_then(|bytes| {
        let what = (parts.kind.as_str(), bytes.as_slice(), key.as_deref());
        let done = import::import_by(&*console.storage, team, By::server(), what, true, now)?;
        Ok((done, bytes))
    });
    let (good, rows, problems, pending) = match tried {
        Ok((done, bytes)) => {
            let rows = done.changes.iter().map(|change| changed_cell(words, change)).collect();
            let args = [("created", done.created), ("changed", done.changed), ("same", done.same)];
            let good = words.f("import-would", &args.map(|(name, n)| (name, n.to_string())));
            let id = keep(console, guest, What::Rows { kind: parts.kind.clone(), key, bytes })?;
            (Some(good), rows, vec![], Some(id))
        }
        Err(Trouble::Refused(why)) => {
            (None, vec![], why.iter().take(LISTED).map(|no| no.say(words.lang)).collect(), None)
        }
        Err(Trouble::Failed(error)) => return Err(error),
    };
    let tx = console.storage.browse(team)?;
    let lexicon = console.library.open(&*tx)?;
    let shell = shell(guest, &*lexicon, "/data", "/templates");
    let kind = lexicon.kind(&parts.kind).map(|kind| words.of(&kind.plural).to_owned());
    let title = format!("{} · {}", kind.unwrap_or(parts.kind), parts.name);
    let report = UploadReport {
        title,
        good,
        problems,
        losses: vec![],
        changes: vec![],
        rows,
        kinds: vec![],
        pending,
        publishes: false,
    };
    Ok(Came::Report(Box::new(ReportPage { shell, report })))
}

fn changed_cell(words: &Words, change: &import::Change) -> ChangedCell {
    let there = |text: &String| (!text.is_empty()).then(|| text.clone());
    ChangedCell {
        row: words.n("import-row", change.line),
        column: change.column.clone(),
        from: there(&change.from),
        to: there(&change.to),
    }
}

fn keep(console: &Console, guest: &Guest, what: What) -> Result<String> {
    let id = random()?;
    let (team, person, at_ms) = (guest.team.id, guest.viewer.person.id, console.now_ms());
    console.uploads.keep(Upload { id, team, person, at_ms, what });
    Ok(hex::encode(id))
}

/// What the forms without a file send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    csrf: String,
    pending: String,
    name: String,
}

type Sending = std::result::Result<Form<Sent>, FormRejection>;

/// Publishes or imports what was looked at.
pub async fn go(State(console): State<Console>, headers: HeaderMap, form: Sending) -> Response {
    worked(console, headers, form, |console, visitor, guest, sent| {
        let now = console.now_ms();
        let Some(what) = console.uploads.take(&sent.pending, guest, now) else {
            return Ok(Came::No(vec![Refused::new("upload-over", &[])]));
        };
        let (team, words) = (guest.team.id, &guest.words);
        let again = |tx: &dyn Read| match visitor.guest(tx, now)? {
            Some(guest) if guest.viewer.runs_office(tx)? => Ok(()),
            _ => Err(Refused::not_yours().into()),
        };
        let by = By::person(guest.viewer.person.id, &again);
        let done = match what {
            What::Pack(bundle) => {
                publish::publish_by(&*console.storage, team, by, &bundle, false, now).map(|done| {
                    let args = [("pack", done.pack), ("version", done.version.to_string())];
                    Came::To("/templates", words.f("published-said", &args))
                })
            }
            What::Rows { kind, key, bytes } => {
                let what = (kind.as_str(), bytes.as_slice(), key.as_deref());
                import::import_by(&*console.storage, team, by, what, false, now).map(|done| {
                    let args = [("created", done.created), ("changed", done.changed), ("same", done.same)];
                    Came::To("/data", words.f("imported-said", &args.map(|(name, n)| (name, n.to_string()))))
                })
            }
        };
        match done {
            Ok(came) => Ok(came),
            Err(Trouble::Refused(why)) if why.iter().any(Refused::is_not_yours) => Ok(Came::NotThere),
            Err(Trouble::Refused(why)) => Ok(Came::No(why)),
            Err(Trouble::Failed(error)) => Err(error),
        }
    })
    .await
}

/// Makes a token for reading, as the visitor.
pub async fn make_token(State(console): State<Console>, headers: HeaderMap, form: Sending) -> Response {
    tokens(console, headers, form, None).await
}

/// Takes one back.
pub async fn take_token(
    State(console): State<Console>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Sending,
) -> Response {
    tokens(console, headers, form, Some(id)).await
}

async fn tokens(console: Console, headers: HeaderMap, form: Sending, take: Option<String>) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(sent)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let came = console
        .blocking(move |console| {
            let mut desk = match console.desk(&visitor, &sent.csrf)? {
                Ok(desk) => desk,
                Err(away) => return Ok(Came::Away(away)),
            };
            let (person, words, now) = (desk.guest.viewer.person.id, desk.guest.words, desk.now_ms);
            if let Some(id) = take {
                let mut token = [0; 16];
                let found = hex::decode_to_slice(&id, &mut token)
                    .ok()
                    .map(|()| desk.tx.read_token(&token))
                    .transpose()?;
                let all = desk.guest.viewer.sees_everything();
                let Some(row) = found.flatten().filter(|row| row.person == person || all) else {
                    return Ok(Came::NotThere);
                };
                desk.tx.note(now, Some(person), "noted-token-taken", &format!("name={}", row.name))?;
                desk.tx.put_read_token(&ReadToken { revoked: row.revoked.or(Some(now)), ..row })?;
                desk.tx.commit()?;
                return Ok(Came::To("/data", words.t("token-taken")));
            }
            let name: String = sent.name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
            if name.is_empty() {
                return Ok(Came::No(vec![Refused::new("token-unnamed", &[])]));
            }
            if desk.tx.read_tokens()?.iter().filter(|row| row.revoked.is_none()).count() >= TOKENS {
                return Ok(Came::No(vec![Refused::new("tokens-many", &[("max", &TOKENS)])]));
            }
            let (shown, row) = super::read_api::create(person, &name, now)?;
            desk.tx.put_read_token(&row)?;
            desk.tx.note(now, Some(person), "noted-token-made", &format!("name={name}"))?;
            let lexicon = console.library.open(&*desk.tx)?;
            let shell = shell(&desk.guest, &*lexicon, "/data", "/templates");
            desk.tx.commit()?;
            let (title, how) = (words.f("token-of", &[("name", name)]), words.t("token-how"));
            let secret = Secret { title, shown, how, code: None, link: None, qr: None };
            Ok(Came::Secret(Box::new(SecretPage { shell, secret })))
        })
        .await;
    answer(&console, lang, came)
}

async fn worked(
    console: Console,
    headers: HeaderMap,
    form: Sending,
    work: fn(&Console, &Visitor, &Guest, &Sent) -> Result<Came>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(sent)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let came = console
        .blocking(move |console| match entered(console, &visitor, &sent.csrf)? {
            Ok(guest) => work(console, &visitor, &guest, &sent),
            Err(came) => Ok(came),
        })
        .await;
    answer(&console, lang, came)
}

/// The page of imports, exports and tokens.
pub fn data_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    here: &str,
    now_ms: i64,
) -> Result<DataPage> {
    let (viewer, words) = (&guest.viewer, &guest.words);
    let names = super::names::Names::read(tx, words)?;
    let own = tx
        .read_tokens()?
        .into_iter()
        .filter(|row| row.person == viewer.person.id || viewer.sees_everything());
    let tokens = own.map(|row| TokenLine {
        id: hex::encode(row.token),
        person: names.person(row.person),
        name: row.name,
        created: words.moment(row.created, now_ms),
        used: row.used.map(|at| words.ago(at, now_ms)),
        revoked: row.revoked.is_some(),
    });
    let view = DataView {
        kinds: lexicon
            .kinds()
            .iter()
            .map(|kind| {
                let keys =
                    kind.questions.iter().filter(|q| q.repeat().is_none()).map(super::kinds::Question::path);
                (kind.name.clone(), words.of(&kind.plural).to_owned(), keys.collect::<Vec<_>>().join(", "))
            })
            .collect(),
        tokens: tokens.collect(),
        may: viewer.runs_office(tx)?,
    };
    Ok(DataPage { shell: shell(guest, lexicon, here, "/templates"), view })
}

/// The page of all packs.
pub fn templates_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    here: &str,
) -> Result<TemplatesPage> {
    let (packs, forms, may) = templates(tx, lexicon, &guest.viewer, &guest.words)?;
    Ok(TemplatesPage { shell: shell(guest, lexicon, here, "/templates"), packs, forms, may })
}

/// The page of one pack.
pub fn template_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    here: &str,
    id: &str,
) -> Result<Option<TemplatePage>> {
    Ok(template(tx, lexicon, &guest.words, id)?.map(|(title, versions, kinds)| TemplatePage {
        shell: shell(guest, lexicon, here, "/templates"),
        title,
        versions: versions.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
        kinds,
    }))
}
