//! Checklists of documents: a table, and the answers that it asks for.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::listing::{Listing, Row};
use crate::documents::{Checklist, DATED, Document, ORIGINAL};
use crate::expression::{Expression, Use};
use crate::field::{Answer, Field, Media};
use crate::limits;
use crate::manifest::{ActSource, ChecklistSource, KindSource, Word};
use crate::messages::words;
use rounds_model::text::Text;
use std::collections::BTreeSet;

const NEEDED: [&str; 3] = ["name", "zh", "en"];
const OPTIONAL: [&str; 7] = ["when", "within", "unit", "original", "proof", "acts", "rule"];
const PROOFS: [(&str, Answer); 3] =
    [("file", Answer::Blob(Media::File)), ("image", Answer::Blob(Media::Image)), ("tick", Answer::Boolean)];
const UNITS: [(&str, &str); 3] = [("days", "days"), ("months", "months"), ("years", "years")];
const FLAGS: [(&str, bool); 2] = [("yes", true), ("no", false)];

/// A list with its table, before its expressions are read: they may name what it asks for.
pub(super) struct Opened<'m> {
    source: &'m ChecklistSource,
    listing: Listing,
}

/// Finds the tables, and adds the answers that they ask for to the names of the kind.
pub(super) fn open<'m>(c: &mut Checker<'_, '_>, kind: &'m KindSource, names: &mut Names) -> Vec<Opened<'m>> {
    let mut taken: BTreeSet<&String> = kind.fields.iter().map(|field| field.name.get_ref()).collect();
    let mut opened = Vec::new();
    for source in &kind.checklists {
        let name = source.name.get_ref();
        if !taken.insert(name) {
            c.problems.add(source.name.span(), "name-taken", &[("name", name)]);
        }
        if kind.form.is_some() && !name.starts_with('_') {
            c.problems.add(source.name.span(), "reserved-name", &[("name", name)]);
        }
        let Some(listing) = Listing::open(c, &source.table, &NEEDED, &OPTIONAL) else { continue };
        for row in listing.rows().take(limits::ENTRIES) {
            let parts = [("", true), (DATED, has(&row, "within")), (ORIGINAL, row.cell("original") == "yes")];
            for (suffix, _) in parts.into_iter().filter(|(_, there)| *there) {
                let last = format!("{}{suffix}", row.cell("name"));
                if let Some(questions) = &mut names.questions {
                    questions.add(vec![(name.clone(), false), (last, false)]);
                }
            }
        }
        opened.push(Opened { source, listing });
    }
    opened
}

fn has(row: &Row<'_>, column: &str) -> bool {
    !row.cell(column).is_empty()
}

/// The lists, and the fields that they add to the kind.
pub(super) fn checklists(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    opened: &[Opened<'_>],
    names: &mut Names,
) -> (Vec<Checklist>, Vec<Field>) {
    let (mut lists, mut fields) = (Vec::new(), Vec::new());
    for Opened { source, listing } in opened {
        let none = Carried::default();
        let (name, title) = (c.snake(&source.name), c.text(&source.title));
        let when = source.when.as_ref().and_then(|when| c.condition(when, Use::Listed, names, &none));
        let on = source.on.as_ref().and_then(|on| c.expression(on, Use::Listed, names, &none));
        let mut documents = Vec::new();
        let mut taken = BTreeSet::new();
        for row in listing.rows().take(limits::ENTRIES) {
            if !taken.insert(row.cell("name").to_owned()) {
                row.check(c, |c| c.problems.add(0..0, "name-taken", &[("name", row.cell("name"))]));
            }
            let found = row.check(c, |c| document(c, kind, source, &row, names, &mut fields));
            documents.extend(found);
        }
        c.at_most(listing.rows().count(), limits::ENTRIES, source.table.span(), "documents");
        if let Some((name, title)) = name.zip(title) {
            lists.push(Checklist { name, title, rule: source.rule.clone(), documents, when, on });
        }
    }
    (lists, fields)
}

fn document(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    list: &ChecklistSource,
    row: &Row<'_>,
    names: &mut Names,
    fields: &mut Vec<Field>,
) -> Option<Document> {
    let none = Carried::default();
    let word = |column: &str| row.word(column);
    let name = c.snake(&word("name").unwrap_or_else(|| Word::new(0..0, String::new())));
    let title = c.text(&row.words());
    let when = word("when");
    let condition = when.as_ref().map(|when| c.condition(when, Use::Listed, names, &none));
    let proof = word("proof").map_or(Some(Answer::Blob(Media::File)), |proof| c.choice(&proof, &PROOFS));
    let original = word("original").map_or(Some(false), |flag| c.choice(&flag, &FLAGS));
    let unit = word("unit").map(|unit| c.choice(&unit, &UNITS)).unwrap_or(Some("days"));
    let within = word("within").map(|count| {
        let found = count.get_ref().parse().ok().filter(|count| (1..=36_500).contains(count));
        if found.is_none() {
            c.problems.add(0..0, "bad-number", &[("name", "within")]);
        }
        found.zip(unit)
    });
    let acts: Vec<Word> =
        row.cell("acts").split_whitespace().map(|act| Word::new(0..0, act.to_owned())).collect();
    let known = kind.acts.keys().map(|act| act.get_ref().clone()).collect();
    let acts = c.among(&acts, &known, "unknown-field");
    let key = format!("{}/{}", list.name.get_ref(), name.as_ref()?);
    let title = title?;
    // Both conditions decide whether it is asked for; each was checked where it is written.
    let conditions = [list.when.as_ref(), when.as_ref()].into_iter().flatten();
    let asked = conditions.map(|word| format!("({})", word.get_ref())).collect::<Vec<_>>().join(" and ");
    let rule = word("rule").map(|rule| rule.into_inner()).or_else(|| list.rule.clone());
    let mut add = |suffix: &str, answer: Answer, title: Text| {
        fields.push(Field {
            name: format!("{key}{suffix}"),
            answer,
            title,
            hint: None,
            required: false,
            link: None,
            choices: Vec::new(),
            relevant: (!asked.is_empty()).then(|| Expression::parse(&asked).ok()).flatten(),
            constraint: None,
            message: None,
            rule: rule.clone(),
            checks: Vec::new(),
        });
    };
    add("", proof?, title.clone());
    if within.is_some() {
        add(DATED, Answer::Date, words("document-dated", &[("document", &title)]));
    }
    if original == Some(true) {
        add(ORIGINAL, Answer::Boolean, words("document-original-seen", &[("document", &title)]));
    }
    let (within, when) = (within.flatten(), condition.flatten());
    Some(Document { key, title, acts, rule, when, within, original: original? })
}

/// The lists that an act asks for.
pub(super) fn asked_by(c: &mut Checker<'_, '_>, kind: &KindSource, act: &ActSource) -> Vec<String> {
    let known = kind.checklists.iter().map(|list| list.name.get_ref().clone()).collect();
    c.among(&act.documents, &known, "unknown-field")
}
