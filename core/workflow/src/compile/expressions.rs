//! Expressions and texts with expressions: parsed, and every name in them known.

use super::checker::Checker;
use super::sorts::Sorts;
use super::through::Through;
use super::together::Summed;
use crate::expression::{Expression, Use};
use crate::kind::Both;
use crate::manifest::{Word, Words};
use crate::problem::Problem;
use crate::questions::Questions;
use crate::template::{BadTemplate, Template};
use rounds_forms::Bilingual;
use rounds_forms::expr::Sort;
use rounds_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;

/// What the expressions of a kind may name.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The answers; none when the workbook could not be read, and then no name is wrong.
    pub questions: Option<Questions>,
    /// What each act says: `at`, `by`, its payload and facts.
    pub acts: BTreeMap<String, BTreeSet<String>>,
    /// The kinds that fields of the record link to.
    pub links: BTreeMap<String, String>,
    /// What sort of value each name has.
    pub sorts: Sorts,
    /// The checklists of the kind.
    pub lists: BTreeSet<String>,
    /// The questions that recordings answer.
    pub recordings: BTreeSet<String>,
    /// What the kind can print, and whether an act says that it was.
    pub prints: BTreeMap<String, bool>,
    /// Every kind and key that is read through a link, with its line.
    pub reads: Vec<(String, String, u32)>,
    /// Every ledger that is asked for, with its line.
    pub tallies: Vec<(String, u32)>,
    /// Every ledger that a guard rests on without saying who knows all of it, with its line.
    pub unsaid: Vec<(String, u32)>,
    /// Every ledger that a display sums up without saying where that is not of all records.
    pub summed: Vec<Summed>,
    /// Every expression that reads through links.
    pub through: Vec<Through>,
    /// Cells that are read as numbers and are none.
    pub cells: Vec<Problem>,
}

/// What an expression of an act may name beside.
#[derive(Debug, Clone, Default)]
pub(super) struct Carried {
    pub payload: BTreeSet<String>,
    pub sorts: BTreeMap<String, Sort>,
    pub links: BTreeMap<String, String>,
    pub facts: BTreeSet<String>,
}

impl Checker<'_, '_> {
    pub fn expression(
        &mut self,
        word: &Word,
        place: Use,
        names: &mut Names,
        carried: &Carried,
    ) -> Option<Expression> {
        match Expression::parse(word.get_ref()) {
            Ok(expression) => {
                self.check(&expression, word.span(), place, names, carried);
                Some(expression)
            }
            Err(error) => {
                let (text, remedy) = (text(error.text()), text(error.remedy()));
                self.problems.add_foreign(word.span(), error.code(), text, remedy);
                None
            }
        }
    }

    pub fn both(&mut self, words: &Spanned<Words>, names: &mut Names) -> Option<Both> {
        self.text(words)?;
        let Words { zh: Some(zh), en: Some(en) } = words.get_ref() else { return None };
        let none = Carried::default();
        let zh = self.expression(zh, Use::Display, names, &none);
        let en = self.expression(en, Use::Display, names, &none);
        let both = Both { zh: zh?, en: en? };
        for (shown, word) in [(&both.zh, &words.get_ref().zh), (&both.en, &words.get_ref().en)] {
            let line = word.as_ref().map_or(0, |word| self.line(word.span()));
            names.summed.extend(summed(shown, line));
        }
        // A title that changed with the clock would be another one on each screen.
        if both.zh.expr().reads_clock() || both.en.expr().reads_clock() {
            self.problems.add(words.span(), "bad-display", &[]);
        }
        Some(both)
    }

    pub fn template(
        &mut self,
        words: &Spanned<Words>,
        place: Use,
        names: &mut Names,
        carried: &Carried,
    ) -> Option<Template> {
        let both = self.text(words)?;
        let (template, bad) = Template::parse(&both);
        // Everything that is wrong is told, beside what cannot be read too.
        for expression in template.expressions() {
            self.check(expression, words.span(), place, names, carried);
        }
        for bad in &bad {
            match bad {
                BadTemplate::Dollar => self.problems.add(words.span(), "dollar-brace", &[]),
                BadTemplate::Brace => self.problems.add(words.span(), "bad-template", &[]),
                BadTemplate::Expression(error) => {
                    let (text, remedy) = (text(error.text()), text(error.remedy()));
                    self.problems.add_foreign(words.span(), error.code(), text, remedy);
                }
            }
        }
        bad.is_empty().then_some(template)
    }

    fn check(
        &mut self,
        expression: &Expression,
        span: Range<usize>,
        place: Use,
        names: &mut Names,
        carried: &Carried,
    ) {
        let targets: Vec<String> =
            expression.expr().references().into_iter().map(|reference| reference.target).collect();
        let known: Vec<&str> = match &names.questions {
            Some(questions) => questions.names(),
            None => targets.iter().map(String::as_str).collect(),
        };
        for problem in expression.expr().check(&known, &place.functions()) {
            let (text, remedy) = (text(problem.text()), text(problem.remedy()));
            self.problems.add_foreign(span.clone(), problem.code(), text, remedy);
        }
        self.mistakes(expression, &span, names, carried);
        self.cells(expression, false, names);
        for (function, args) in expression.calls() {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            self.check_call(&function, &args, &span, names, carried);
        }
        let shifts = expression.arguments().into_iter().filter(|(function, _)| function == "date-shift");
        for unit in shifts.filter_map(|(_, args)| quoted(args.get(2)?).map(str::to_owned)) {
            if !UNITS.contains(&unit.as_str()) {
                let args = [("name", unit.as_str()), ("choices", &UNITS.join(", "))];
                self.problems.add(span.clone(), "unknown-choice", &args);
            }
        }
    }

    /// The names that stand in calls as texts.
    fn check_call(
        &mut self,
        function: &str,
        args: &[&str],
        span: &Range<usize>,
        names: &mut Names,
        carried: &Carried,
    ) {
        let unknown = match (function, args) {
            ("payload", [name]) => (!carried.payload.contains(*name)).then_some(*name),
            ("fact", [name]) => (!carried.facts.contains(*name)).then_some(*name),
            ("act", [act, part]) => match names.acts.get(*act) {
                Some(parts) => (!parts.contains(*part)).then_some(*part),
                None => Some(*act),
            },
            ("linked", [field, theirs]) => match names.links.get(*field).or(carried.links.get(*field)) {
                Some(kind) => {
                    let line = self.line(span.clone());
                    names.reads.push((kind.clone(), (*theirs).to_owned(), line));
                    None
                }
                None => Some(*field),
            },
            ("tally" | "waiting" | "held", [ledger, ..]) => {
                let line = self.line(span.clone());
                names.tallies.push(((*ledger).to_owned(), line));
                None
            }
            ("pulldata" | "instance", [table, rest @ ..]) => return self.check_table(table, rest, span),
            ("missing", [list] | [list, _]) => (!names.lists.contains(*list)).then_some(*list),
            ("slot" | "season", [schedule]) => return self.check_schedule(schedule, None, span),
            ("slot-start" | "slot-end", [schedule, slot, ..]) => {
                return self.check_schedule(schedule, Some(slot), span);
            }
            ("recorded", [field]) => (!names.recordings.contains(*field)).then_some(*field),
            ("printed", [name]) => return self.check_print(name, span, names),
            ("recorded" | "printed" | "missing" | "slot" | "season" | "slot-start" | "slot-end", _) => {
                Some(function)
            }
            // Names that are worked out cannot be checked, so they are not offered.
            ("payload" | "fact" | "act" | "linked" | "tally" | "waiting" | "held", _) => Some(function),
            _ => None,
        };
        if let Some(name) = unknown {
            self.problems.add(span.clone(), "unknown-field", &[("name", name), ("kind", "")]);
        }
    }

    /// A table, and as far as they are plain texts the column that is read, and in which column what is
    /// looked up.
    fn check_table(&mut self, name: &str, rest: &[&str], span: &Range<usize>) {
        let tables = self.tables.clone();
        let Some(table) = tables.get(name) else {
            // One that cannot be read is there.
            if !self.bundle.files.keys().any(|path| path.ends_with(&format!("/{name}.csv"))) {
                self.problems.add(span.clone(), "missing-file", &[("name", &format!("tables/{name}.csv"))]);
            }
            return;
        };
        for column in rest.iter().take(2).filter(|column| table.column(column).is_none()) {
            self.problems.add(span.clone(), "wrong-column", &[("name", column)]);
        }
        // An empty table is a template that somebody fills in.
        if let [_, by, what] = rest
            && let Some(by) = table.column(by)
            && table.rows() > 0
            && (0..table.rows()).all(|row| table.cell(row, by) != *what)
        {
            self.problems.add(span.clone(), "unknown-row", &[("name", what), ("table", name)]);
        }
    }

    /// Something that can be printed, and of which it is known whether it was.
    pub fn check_print(&mut self, name: &str, span: &Range<usize>, names: &Names) {
        let (code, args) = match names.prints.get(name) {
            Some(true) => return,
            Some(false) => ("print-not-remembered", vec![("name", name)]),
            None => ("unknown-field", vec![("name", name), ("kind", "")]),
        };
        self.problems.add(span.clone(), code, &args);
    }

    fn check_schedule(&mut self, schedule: &str, slot: Option<&str>, span: &Range<usize>) {
        let known = self.schedules.get(schedule);
        let has = |slot: &str| known.is_some_and(|known| known.slots.iter().any(|other| other.name == slot));
        let unknown = if known.is_none() { Some(schedule) } else { slot.filter(|slot| !has(slot)) };
        // One with problems of its own is not unknown.
        let written = self.manifest.schedules.iter().any(|source| source.name.get_ref() == schedule);
        if let Some(name) = unknown.filter(|_| known.is_some() || !written) {
            self.problems.add(span.clone(), "unknown-schedule", &[("name", name)]);
        }
    }
}

/// The units of `date-shift()`.
const UNITS: [&str; 3] = ["days", "months", "years"];

/// The text that an argument is, if it is nothing but one.
pub(super) fn quoted(source: &str) -> Option<&str> {
    let source = source.trim();
    let open = source.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    source.strip_prefix(open)?.strip_suffix(open).filter(|text| !text.contains(open))
}

/// The ledgers that a display sums up, if it does not tell whether that is of all records.
fn summed(shown: &Expression, line: u32) -> Vec<Summed> {
    let calls = shown.calls();
    let has = |name: &str| calls.iter().any(|(function, _)| function == name);
    if has("whole") {
        return Vec::new();
    }
    // Each sum by its own key: one that goes by the record says nothing of another beside it.
    let mut ledgers: BTreeMap<String, bool> = BTreeMap::new();
    let sums = shown.arguments().into_iter().filter(|(name, _)| matches!(name.as_str(), "tally" | "waiting"));
    for (_, args) in sums {
        let [ledger, key] = args.as_slice() else { continue };
        let of_record = |key: Expression| key.calls().iter().any(|(function, _)| function == "record");
        let own = Expression::parse(key).is_ok_and(of_record);
        *ledgers.entry(ledger.trim_matches(['\'', '"']).to_owned()).or_insert(true) &= own;
    }
    ledgers.into_iter().map(|(ledger, own)| Summed { ledger, own, line }).collect()
}

pub(super) fn text(words: Bilingual) -> Text {
    Text { zh: words.zh, en: words.en }
}
