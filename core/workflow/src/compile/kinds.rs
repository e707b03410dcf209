//! Kinds: their parts put together.

use super::acts::act_rule;
use super::arbitration::{About, arbitration};
use super::checker::Checker;
use super::checklists;
use super::checks::checks;
use super::evidence;
use super::expressions::Carried;
use super::finders::finder;
use super::lists::lists;
use super::names::{names, question, searched};
use super::prints::prints;
use super::reminders::reminders;
use super::reports::reports;
use super::scripts::recordings;
use super::sharing::{removed_stages, sharing};
use super::stages::{reachable, stages};
use super::stays::{stay, step};
use super::tabs::tabs;
use super::unfounded::unfounded;
use super::unique::unique;
use super::writes::write_rule;
use crate::arbitration::Ledger;
use crate::expression::Use;
use crate::field::Field;
use crate::kind::{ActRule, Agenda, Kind, Shown, Trend, WriteRule};
use crate::limits;
use crate::manifest::{KindSource, Word, in_order};
use crate::workbook::Workbook;
use rounds_model::text::Text;
use std::collections::BTreeSet;

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
    let opened = checklists::open(c, source, &mut names);
    let mut fields = c.fields(&source.fields, Use::Field, &mut names, &Carried::default());
    checks(c, source, &mut names, &mut fields);
    let (checklists, asked) = checklists::checklists(c, source, &opened, &mut names);
    fields.extend(asked);
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
    let title_shown = match &source.display.title {
        Some(both) => c.both(both, &mut names).map(Some),
        None if workbook.as_ref().is_some_and(|w| w.as_ref().is_none_or(Workbook::names)) => Some(None),
        None => {
            c.problems.add(name.span(), "no-title", &[("kind", name.get_ref())]);
            None
        }
    };
    let subtitle = source.display.subtitle.as_ref().map(|both| c.both(both, &mut names));
    let search = source.search.iter().filter_map(|word| searched(c, &names, word)).collect();
    let subject = source.subject.as_ref().and_then(|field| question(c, &names, field));
    let prefill: Vec<_> = in_order(&source.prefill)
        .into_iter()
        .filter_map(|(key, from)| {
            let key = question(c, &names, key);
            let from = c.expression(from, Use::Display, &mut names, &Carried::default());
            Some((key?, from?))
        })
        .collect();
    let agenda = source.agenda.as_ref().and_then(|agenda| {
        let on = question(c, &names, &agenda.on);
        let order = agenda.order.as_ref().map(|order| question(c, &names, order));
        let done = c.among(&agenda.done, &stage_names, "unknown-stage");
        Some(Agenda { on: on?, order: order.flatten(), done })
    });
    let trend = source.trend.as_ref().and_then(|trend| {
        let at = question(c, &names, &trend.at);
        let linked = at.as_ref().is_some_and(|at| fields.iter().any(|f| f.name == *at && f.link.is_some()));
        if at.is_some() && !linked {
            c.problems.add(trend.at.span(), "not-a-link", &[("name", trend.at.get_ref())]);
        }
        c.not_empty(&trend.values, "values");
        let values: Option<Vec<String>> =
            trend.values.get_ref().iter().map(|value| question(c, &names, value)).collect();
        let on = trend.on.as_ref().map(|on| question(c, &names, on));
        let (title, rule) = (c.text(&trend.title), trend.rule.clone());
        Some(Trend { at: at?, on: on.flatten(), title: title?, values: values?, rule })
    });
    let stay = stay(c, source, &stage_names, &mut names);
    let step = step(c, source, &fields, &mut names);
    let write: Vec<_> =
        source.write.iter().filter_map(|rule| write_rule(c, &names, &stage_names, rule)).collect();
    let begins = |rule: &WriteRule| rule.stages.iter().any(|s| s == "*" || s == source.initial.get_ref());
    let creates = |rule: &WriteRule| rule.roles.iter().any(|role| create.contains(role));
    if (!fields.is_empty() || source.form.is_some())
        && source.write.len() == write.len()
        && !write.iter().any(|rule| begins(rule) && creates(rule))
    {
        c.problems.add(source.create.span(), "nothing-writable", &[("stage", source.initial.get_ref())]);
    }
    let acts = in_order(&source.acts);
    c.at_most(acts.len(), limits::ENTRIES, name.span(), "acts");
    let acts = acts
        .into_iter()
        .filter_map(|(name, act)| act_rule(c, &mut names, source, &fields, &stage_names, name, act));
    let acts: Vec<ActRule> = acts.collect();
    let change_request = source.change_request.as_ref().and_then(|act| {
        let known = source.acts.keys().map(|name| name.get_ref().clone()).collect();
        c.one_of(act, &known, "unknown-field")
    });
    let finders: Vec<_> = in_order(&source.finders)
        .into_iter()
        .filter_map(|(name, source)| finder(c, &mut names, name, source))
        .collect();
    let read = workbook.as_ref().and_then(Option::as_ref);
    let heading = |key: &str| heading(key, &fields, &acts, read);
    let lists = lists(c, &mut names, source, &stage_names, &heading);
    let tabs = tabs(c, &names, name, source, &fields);
    let prints = prints(c, source, &stage_names, &mut names);
    let reports = reports(c, source, (&fields, read), &mut names);
    let recordings = recordings(c, source, &fields, &mut names);
    let photos = evidence::photos(c, source, &mut names);
    let exceptions = evidence::exceptions(c, source, &stage_names, &mut names);
    let reminders = reminders(c, source, &stage_names, &mut names);
    reachable(c, source);
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
    let mut ledgers: Vec<Ledger> =
        rules.filter_map(|rule| arbitration(c, rule, &about, &mut names)).collect();
    let unique = unique(c, &names, name, source, &stages).map(|(unique, ledger)| {
        ledgers.push(ledger);
        unique
    });
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
        rule: source.rule.clone(),
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
        prefill,
        change_request,
        agenda,
        trend,
        stay,
        step,
        workbook: workbook.flatten(),
        questions: names.questions?,
        display: Shown { title: title_shown?, subtitle: subtitle.flatten() },
        search,
        write,
        checklists,
        tabs,
        prints,
        reports,
        lists,
        recordings,
        photos,
        exceptions,
        reminders,
        schedules: c.schedules.clone(),
        ledgers,
        unique,
        unfounded: unfounded(c, name, source),
        cells: names.cells,
        tables: c.tables.clone(),
        rows,
        reads: names.reads,
        tallies: names.tallies,
        unsaid: names.unsaid,
        summed: names.summed,
        through: names.through,
    })
}

/// What people read of a column: the question's words, or those of what an act carries or gives.
fn heading(key: &str, fields: &[Field], acts: &[ActRule], workbook: Option<&Workbook>) -> Option<Text> {
    let Some((act, part)) = key.strip_prefix('@').and_then(|rest| rest.split_once('/')) else {
        let declared = fields.iter().find(|field| field.name == key).map(|field| field.title.clone());
        return declared.or_else(|| workbook?.title(key));
    };
    let act = acts.iter().find(|known| known.name == act)?;
    let carried = act.payload.iter().find(|field| field.name == part).map(|field| &field.title);
    let given = act.numbers.iter().find(|number| number.name == part).map(|number| &number.title);
    let told = act.told.iter().find(|told| told.name == part).map(|told| &told.title);
    carried.or(given).or(told).or(Some(&act.title)).cloned()
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
