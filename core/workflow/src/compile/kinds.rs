//! Kinds: their stages, acts and write rules.

use super::arbitration::{About, arbitration};
use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::finders::finder;
use super::needs::{needs, otherwise};
use super::sharing::{removed_stages, sharing};
use crate::arbitration::Ledger;
use crate::expression::Use;
use crate::field::Answer;
use crate::kind::{ActRule, Agenda, Guard, Kind, RefusalRule, Shown, Stage, Tone, Who, WriteRule};
use crate::limits;
use crate::manifest::{
    ActSource, FieldSource, GuardSource, KindSource, Manifest, Word, WriteSource, in_order,
};
use crate::questions::Questions;
use crate::workbook::Workbook;
use std::collections::BTreeSet;

const TONES: [(&str, Tone); 5] = [
    ("neutral", Tone::Neutral),
    ("active", Tone::Active),
    ("good", Tone::Good),
    ("warning", Tone::Warning),
    ("bad", Tone::Bad),
];
const WHO: [(&str, Who); 2] = [("owner", Who::Owner), ("anyone", Who::Anyone)];
/// What every act says of itself, and so no payload field or fact can be called.
const SAID: [&str; 2] = ["at", "by"];
/// What it says beside, under a name that no field can have.
const CLOCK: &str = "@clock";

/// What all kinds of a pack have in common.
pub(super) struct Frame {
    pub pack: String,
    pub version: u32,
}

pub(super) fn kind(c: &mut Checker<'_, '_>, frame: &Frame, name: &Word, source: &KindSource) -> Option<Kind> {
    let checked_name = c.snake(name);
    let (title, plural) = (c.text(&source.title), c.text(&source.plural));
    c.not_empty(&source.create, "create");
    let (create, assign) = (c.roles(source.create.get_ref()), c.roles(&source.assign));
    let workbook = source.form.as_ref().map(|path| workbook(c, path));
    let readable = !matches!(workbook, Some(None));
    let mut names = names(source, workbook.as_ref().and_then(Option::as_ref), readable);
    let fields = c.fields(&source.fields, Use::Field, &mut names, &Carried::default());
    let sharing = sharing(c, &names, workbook.as_ref().and_then(Option::as_ref), &source.scope);
    if source.form.is_some() {
        // So that no later version of the workbook can have a question of the same name.
        for field in source.fields.iter().filter(|field| !field.name.get_ref().starts_with('_')) {
            c.problems.add(field.name.span(), "reserved-name", &[("name", field.name.get_ref())]);
        }
    }
    let stages = stages(c, source);
    let stage_names: BTreeSet<String> = source.stages.keys().map(|stage| stage.get_ref().clone()).collect();
    let initial = c.one_of(&source.initial, &stage_names, "unknown-stage");
    let title_shown = c.both(&source.display.title, &mut names);
    let subtitle = source.display.subtitle.as_ref().map(|both| c.both(both, &mut names));
    let search = source.search.iter().filter_map(|field| question(c, &names, field)).collect();
    let subject = source.subject.as_ref().and_then(|field| question(c, &names, field));
    let agenda = source.agenda.as_ref().and_then(|agenda| {
        let on = question(c, &names, &agenda.on);
        let order = agenda.order.as_ref().map(|order| question(c, &names, order));
        let done = c.among(&agenda.done, &stage_names, "unknown-stage");
        Some(Agenda { on: on?, order: order.flatten(), done })
    });
    let write: Vec<_> =
        source.write.iter().filter_map(|rule| write_rule(c, &names, &stage_names, rule)).collect();
    let acts = in_order(&source.acts);
    c.at_most(acts.len(), limits::ENTRIES, name.span(), "acts");
    let acts =
        acts.into_iter().filter_map(|(name, act)| act_rule(c, &mut names, source, &stage_names, name, act));
    let acts = acts.collect();
    let change_request = source.change_request.as_ref().and_then(|act| {
        let known = source.acts.keys().map(|name| name.get_ref().clone()).collect();
        c.one_of(act, &known, "unknown-field")
    });
    let finders: Vec<_> = in_order(&source.finders)
        .into_iter()
        .filter_map(|(name, source)| finder(c, &mut names, name, source))
        .collect();
    removed_stages(c, source);
    let about = About {
        initial: source.initial.get_ref(),
        stages: &stage_names,
        removed: source.acts.values().filter(|act| act.removes).map(|act| act.to.get_ref()).collect(),
        workbook: workbook.as_ref().and_then(Option::as_ref),
        write: &write,
    };
    let manifest = c.manifest;
    let rules = manifest.arbitration.iter().filter(|rule| rule.kind.get_ref() == name.get_ref());
    let ledgers: Vec<Ledger> = rules.filter_map(|rule| arbitration(c, rule, &about, &mut names)).collect();
    for (at, ledger) in ledgers.iter().enumerate() {
        // A record has one claim in a ledger for a key.
        if ledgers.iter().take(at).any(|before| before.book == ledger.book) {
            c.problems.add(name.span(), "name-taken", &[("name", &ledger.book)]);
        }
    }
    let rows = source.rows.as_ref().map(|path| c.rows(path, &fields)).unwrap_or_default();
    Some(Kind {
        name: checked_name?,
        pack: frame.pack.clone(),
        version: frame.version,
        title: title?,
        plural: plural?,
        sharing: sharing?,
        create,
        assign,
        initial: initial?,
        stages,
        fields,
        acts,
        finders,
        subject,
        change_request,
        agenda,
        workbook: workbook.flatten(),
        questions: names.questions?,
        display: Shown { title: title_shown?, subtitle: subtitle.flatten() },
        search,
        write,
        ledgers,
        tables: c.tables.clone(),
        rows,
        reads: names.reads,
        tallies: names.tallies,
    })
}

/// Links and reads that lead to a kind of this pack are checked here, the others when all packs
/// are together.
pub(super) fn check_reads(c: &mut Checker<'_, '_>, manifest: &Manifest, kinds: &[Kind]) {
    for (target, theirs, line) in kinds.iter().flat_map(|kind| &kind.reads) {
        let (code, name) = match kinds.iter().find(|kind| kind.name == *target) {
            Some(kind) if theirs.is_empty() || kind.tells(theirs) => continue,
            Some(_) => ("unknown-field", theirs),
            None if !manifest.uses.is_empty() => continue,
            // A kind of this pack that has problems of its own is not unknown.
            None if manifest.kinds.keys().any(|kind| kind.get_ref() == target) => continue,
            None => ("unknown-kind-named", target),
        };
        let args = [("name", name.as_str()), ("kind", target)];
        let problem = crate::problem::Problem::new(crate::bundle::MANIFEST, Some(*line), code, &args);
        c.problems.push(problem);
    }
}

/// Ledgers that are asked for are checked here where they can only be this pack's own.
pub(super) fn check_tallies(c: &mut Checker<'_, '_>, manifest: &Manifest, kinds: &[Kind]) {
    let written = |name: &str| {
        let book = |rule: &crate::manifest::ArbitrationSource| {
            rule.ledger.as_ref().unwrap_or(&rule.name).get_ref() == name
        };
        manifest.arbitration.iter().any(book)
    };
    for (ledger, line) in kinds.iter().flat_map(|kind| &kind.tallies) {
        if manifest.uses.is_empty() && !written(ledger) {
            let (file, args) = (crate::bundle::MANIFEST, [("name", ledger.as_str())]);
            c.problems.push(crate::problem::Problem::new(file, Some(*line), "unknown-ledger", &args));
        }
    }
}

fn workbook(c: &mut Checker<'_, '_>, path: &Word) -> Option<Workbook> {
    let Some(bytes) = c.bundle.file(path.get_ref()) else {
        c.problems.add(path.span(), "missing-file", &[("name", path.get_ref())]);
        return None;
    };
    match Workbook::import(path.get_ref(), bytes, c.bundle) {
        Ok(workbook) => Some(workbook),
        Err(problems) => {
            problems.into_iter().for_each(|problem| c.problems.push(problem));
            None
        }
    }
}

fn names(source: &KindSource, workbook: Option<&Workbook>, readable: bool) -> Names {
    let mut questions = Questions::default();
    for place in workbook.map(Workbook::places).unwrap_or_default() {
        questions.add(place);
    }
    for field in &source.fields {
        questions.add(vec![(field.name.get_ref().clone(), false)]);
    }
    let links = source
        .fields
        .iter()
        .filter_map(|field| Some((field.name.get_ref().clone(), field.link.as_ref()?.get_ref().clone())));
    let said = |act: &ActSource| {
        let payload = act.payload.iter().map(|field| field.name.get_ref().clone());
        let facts = act.facts.keys().map(|fact| fact.get_ref().clone());
        payload.chain(facts).chain(SAID.map(str::to_owned)).chain([CLOCK.to_owned()]).collect()
    };
    Names {
        questions: readable.then_some(questions),
        acts: source.acts.iter().map(|(name, act)| (name.get_ref().clone(), said(act))).collect(),
        links: links.collect(),
        reads: Vec::new(),
        tallies: Vec::new(),
    }
}

fn stages(c: &mut Checker<'_, '_>, source: &KindSource) -> Vec<Stage> {
    let sources = in_order(&source.stages);
    c.at_most(sources.len(), limits::ENTRIES, source.initial.span(), "stages");
    let stage = |(name, stage): (&Word, &crate::manifest::StageSource)| {
        let checked = c.snake(name);
        let title = c.text(&stage.title);
        let tone = stage.tone.as_ref().map(|tone| c.choice(tone, &TONES));
        let tone = tone.flatten().unwrap_or_default();
        let removed = source.acts.values().any(|act| act.removes && act.to.get_ref() == name.get_ref());
        Some(Stage { name: checked?, title: title?, tone, removed })
    };
    sources.into_iter().filter_map(stage).collect()
}

/// The key of a question outside repeats.
pub(super) fn question(c: &mut Checker<'_, '_>, names: &Names, word: &Word) -> Option<String> {
    let questions = names.questions.as_ref()?;
    let key = questions.key(word.get_ref());
    if key.is_none() {
        c.problems.add(word.span(), "unknown-field", &[("name", word.get_ref()), ("kind", "")]);
    }
    key
}

fn write_rule(
    c: &mut Checker<'_, '_>,
    names: &Names,
    stages: &BTreeSet<String>,
    source: &WriteSource,
) -> Option<WriteRule> {
    let mut all = stages.clone();
    all.insert("*".to_owned());
    let who = source.who.as_ref().map_or(Some(Who::Owner), |who| c.choice(who, &WHO));
    let rule = WriteRule {
        stages: c.among(&source.stages, &all, "unknown-stage"),
        roles: c.roles(&source.roles),
        who: who?,
        fields: source.fields.iter().map(|field| field.get_ref().clone()).collect(),
    };
    let questions = names.questions.as_ref()?;
    for pattern in &source.fields {
        let text = pattern.get_ref();
        let known = match text.strip_suffix('*') {
            Some("") => true,
            Some(group) => group.ends_with('/') && questions.has_below(group),
            None => questions.key(text).as_ref() == Some(text),
        };
        if !known {
            c.problems.add(pattern.span(), "unknown-field", &[("name", text), ("kind", "")]);
        }
    }
    Some(rule)
}

fn act_rule(
    c: &mut Checker<'_, '_>,
    names: &mut Names,
    kind: &KindSource,
    stages: &BTreeSet<String>,
    name: &Word,
    source: &ActSource,
) -> Option<ActRule> {
    let checked_name = c.snake(name);
    let title = c.text(&source.title);
    let tone = source.tone.as_ref().map(|tone| c.choice(tone, &TONES));
    c.not_empty(&source.from, "from");
    c.not_empty(&source.roles, "roles");
    let from = c.among(source.from.get_ref(), stages, "unknown-stage");
    let to = c.one_of(&source.to, stages, "unknown-stage");
    let roles = c.roles(source.roles.get_ref());
    let who = source.who.as_ref().map_or(Some(Who::Owner), |who| c.choice(who, &WHO));
    let mut carried = carried(c, source);
    distinct_links(c, names, &source.payload);
    let payload = c.fields(&source.payload, Use::Act, names, &carried);
    if let Some(assigned) = &source.assigns {
        let asked = payload.iter().find(|field| field.name == *assigned.get_ref());
        if !asked
            .is_some_and(|field| field.required && field.answer == Answer::Person && field.relevant.is_none())
        {
            c.problems.add(assigned.span(), "assigns-nobody", &[("name", assigned.get_ref())]);
        }
    }
    let mut facts = Vec::new();
    for (fact, word) in in_order(&source.facts) {
        let checked = c.snake(fact);
        let expression = c.expression(word, Use::Act, names, &carried);
        facts.extend(checked.zip(expression));
        // A fact may rest on the ones before it.
        carried.facts.insert(fact.get_ref().clone());
    }
    let otherwise = otherwise(c, kind, name, source);
    let needs = needs(c, source, stages, names, &carried);
    let guards = guards(c, names, &carried, &source.guards);
    Some(ActRule {
        name: checked_name?,
        title: title?,
        tone: tone.flatten().unwrap_or_default(),
        from,
        to: to?,
        roles,
        who: who?,
        complete: source.complete,
        // An edit that its author never saw is not removed without a word.
        exact: source.exact || source.removes,
        assigns: source.assigns.as_ref().map(|field| field.get_ref().clone()),
        payload,
        same_stage: source.same_stage,
        otherwise,
        needs,
        facts,
        guards,
    })
}

/// The link of a payload field must not have the name of an answer: linked() would not know which of
/// the two is meant.
pub(super) fn distinct_links(c: &mut Checker<'_, '_>, names: &Names, payload: &[FieldSource]) {
    for field in payload.iter().filter(|field| field.link.is_some()) {
        let own = names.questions.as_ref().and_then(|questions| questions.key(field.name.get_ref()));
        if own.is_some() {
            c.problems.add(field.name.span(), "name-taken", &[("name", field.name.get_ref())]);
        }
    }
}

pub(super) fn guards(
    c: &mut Checker<'_, '_>,
    names: &mut Names,
    carried: &Carried,
    sources: &[GuardSource],
) -> Vec<Guard> {
    let mut guards = Vec::new();
    for guard in sources {
        let require = c.expression(&guard.require, Use::Act, names, carried);
        let field = guard.field.as_ref().and_then(|field| asked_for(c, names, carried, field));
        let code = c.kebab(&guard.code);
        let reason = c.template(&guard.reason, Use::Act, names, carried);
        let remedy = c.template(&guard.remedy, Use::Act, names, carried);
        let made =
            |code, reason, remedy| RefusalRule { code, field, rule: guard.rule.clone(), reason, remedy };
        let refusal = code.zip(reason).zip(remedy).map(|((code, reason), remedy)| made(code, reason, remedy));
        guards.extend(require.zip(refusal).map(|(require, refusal)| Guard { require, refusal }));
    }
    guards
}

fn carried(c: &mut Checker<'_, '_>, source: &ActSource) -> Carried {
    let mut carried = Carried::default();
    let facts = source.facts.keys();
    for name in source.payload.iter().map(|field| &field.name).chain(facts) {
        if SAID.contains(&name.get_ref().as_str()) {
            c.problems.add(name.span(), "reserved-name", &[("name", name.get_ref())]);
        }
    }
    for field in &source.payload {
        carried.payload.insert(field.name.get_ref().clone());
        if let Some(link) = &field.link {
            carried.links.insert(field.name.get_ref().clone(), link.get_ref().clone());
        }
    }
    for fact in source.facts.keys().filter(|fact| carried.payload.contains(fact.get_ref())) {
        c.problems.add(fact.span(), "name-taken", &[("name", fact.get_ref())]);
    }
    carried
}

/// The field that a refusal points at: of the payload or of the record.
pub(super) fn asked_for(
    c: &mut Checker<'_, '_>,
    names: &Names,
    carried: &Carried,
    field: &Word,
) -> Option<String> {
    if carried.payload.contains(field.get_ref()) {
        return Some(field.get_ref().clone());
    }
    question(c, names, field)
}
