//! Checklists of documents: which are needed, how old they may be, and what is missing and why.
//!
//! A document's answers are ordinary ones: `papers/licence` (the file, or that it was received on
//! paper), `papers/licence_dated` and `papers/licence_original`.

use crate::available::View;
use crate::complete;
use crate::dates;
use crate::env::Env;
use crate::expression::Expression;
use crate::kind::{ActRule, Kind};
use crate::messages::{refusal, same};
use crate::moment::local;
use crate::record::Record;
use crate::stop::{Stop, settle};
use crate::world::WorldError;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;

/// What stands behind a document's key for the key of its date.
pub(crate) const DATED: &str = "_dated";
/// The same for whether its original was seen.
pub(crate) const ORIGINAL: &str = "_original";
/// How many missing documents a refusal names; a screen lists them all.
const NAMED: usize = 6;

/// A list of documents that a kind asks for.
#[derive(Debug)]
pub struct Checklist {
    /// Its name, the first part of its answers' keys.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    /// In the order of its table.
    pub documents: Vec<Document>,
    pub(crate) when: Option<Expression>,
    pub(crate) on: Option<Expression>,
}

/// A document of a list.
#[derive(Debug)]
pub struct Document {
    /// The key of its answer.
    pub key: String,
    /// What people read.
    pub title: Text,
    /// The acts that need it; each act that asks for the list, if none is named.
    pub acts: Vec<String>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    pub(crate) when: Option<Expression>,
    /// How old it may be: so many days, months or years.
    pub(crate) within: Option<(u32, &'static str)>,
    pub(crate) original: bool,
}

/// A list as it stands for a record.
#[derive(Debug)]
pub struct Checked<'k> {
    /// The list.
    pub list: &'k Checklist,
    /// Its documents that are asked for as things stand.
    pub items: Vec<Item<'k>>,
}

/// A document as it stands.
#[derive(Debug)]
pub struct Item<'k> {
    /// The document.
    pub document: &'k Document,
    /// Why it does not count yet.
    pub lacks: Option<Refusal>,
}

/// The checklists of a record that are asked for now, for a screen.
pub fn checklists<'k>(
    kind: &'k Kind,
    record: &Record,
    view: &View<'_>,
) -> Result<Vec<Checked<'k>>, WorldError> {
    let whole = complete::worked_out(kind, record, view.moment);
    let env = view.env(kind, &whole);
    let mut checked = Vec::new();
    for list in &kind.checklists {
        // A list whose conditions cannot be worked out blocks its acts, which say so.
        if let Ok(items) = settle(items(list, &env))?
            && !items.is_empty()
        {
            checked.push(Checked { list, items });
        }
    }
    Ok(checked)
}

/// Refuses an act that asks for a list which is not complete.
///
/// Refusal: `documents-missing`, with what is missing and why.
pub(crate) fn demand(kind: &Kind, rule: &ActRule, env: &Env<'_>) -> Result<(), Stop> {
    for name in &rule.documents {
        let Some(list) = kind.checklists.iter().find(|list| list.name == *name) else { continue };
        let lacking = lacking(list, Some(&rule.name), env)?;
        let Some((first, _)) = lacking.first() else { continue };
        let rule = first.rule.as_ref().or(list.rule.as_ref()).or(rule.rule.as_ref());
        let args = [
            ("list", &list.title),
            ("count", &same(lacking.len().to_string())),
            ("missing", &named(&lacking)),
        ];
        return Err(refusal("documents-missing", &args).on(&first.key).by(rule).into());
    }
    Ok(())
}

/// What of a list is missing for an act; with none, what each act that asks for it misses.
pub(crate) fn lacking<'k>(
    list: &'k Checklist,
    act: Option<&str>,
    env: &Env<'_>,
) -> Result<Vec<(&'k Document, Refusal)>, Stop> {
    let needs = |document: &Document| {
        document.acts.is_empty() || act.is_some_and(|act| document.acts.iter().any(|name| name == act))
    };
    let items = items(list, env)?.into_iter().filter(|item| needs(item.document));
    Ok(items.filter_map(|item| Some((item.document, item.lacks?))).collect())
}

fn items<'k>(list: &'k Checklist, env: &Env<'_>) -> Result<Vec<Item<'k>>, Stop> {
    let mut items = Vec::new();
    if !holds(list.when.as_ref(), env)? {
        return Ok(items);
    }
    let on = match &list.on {
        Some(on) => on.shown(env)?,
        None => String::new(),
    };
    let now = env.time();
    let today = local(now.now_ms, now).map(|now| now.format("%Y-%m-%d").to_string());
    let on = on.get(..10).map(str::to_owned).or(today).unwrap_or_default();
    for document in &list.documents {
        if holds(document.when.as_ref(), env)? {
            let lacks = lacks(document, env, &on)
                .map(|refusal| refusal.on(&document.key).by(document.rule.as_ref().or(list.rule.as_ref())));
            items.push(Item { document, lacks });
        }
    }
    Ok(items)
}

fn holds(condition: Option<&Expression>, env: &Env<'_>) -> Result<bool, Stop> {
    condition.map_or(Ok(true), |condition| condition.holds(env))
}

/// Refusals: `document-missing`, `document-undated`, `document-too-old`, `document-too-new`,
/// `document-original`.
fn lacks(document: &Document, env: &Env<'_>, on: &str) -> Option<Refusal> {
    let fields = &env.record().fields;
    let there = |value: &Scalar| !value.is_blank() && *value != Scalar::Bool(false);
    let is = |code: &str| Some(refusal(code, &[("document", &document.title)]));
    if !fields.get(&document.key).is_some_and(there) {
        return is("document-missing");
    }
    if let Some((count, unit)) = document.within {
        let offset = env.time().offset_minutes;
        let dated = fields.get(&format!("{}{DATED}", document.key)).map(Scalar::to_string);
        let dated =
            dated.and_then(|text| dates::shift(&text, "0", unit, offset)).filter(|date| !date.is_empty());
        let since = dates::shift(on, &format!("-{count}"), unit, offset);
        let Some((dated, since)) = dated.zip(since) else { return is("document-undated") };
        let code = if dated < since {
            Some("document-too-old")
        } else {
            (dated.as_str() > on).then_some("document-too-new")
        };
        if let Some(code) = code {
            let (dated, since, on) = (same(dated), same(since), same(on));
            let args = [("document", &document.title), ("dated", &dated), ("since", &since), ("on", &on)];
            return Some(refusal(code, &args));
        }
    }
    if document.original && !fields.get(&format!("{}{ORIGINAL}", document.key)).is_some_and(there) {
        return is("document-original");
    }
    None
}

fn named(lacking: &[(&Document, Refusal)]) -> Text {
    let join = |of: fn(&Text) -> &String, joint: &str| {
        let mut each: Vec<&str> = lacking.iter().take(NAMED).map(|(_, no)| of(&no.reason).as_str()).collect();
        if lacking.len() > NAMED {
            each.push("…");
        }
        each.join(joint)
    };
    Text { zh: join(|text| &text.zh, ""), en: join(|text| &text.en, " ") }
}
