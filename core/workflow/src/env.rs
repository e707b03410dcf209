//! What the names and functions in a pack's expressions mean while they run.
//!
//! `${field}` is the record's own answer. The functions that packs have beside those of forms:
//!
//! | call | value |
//! |---|---|
//! | `linked('field', 'theirs')` | `theirs` of the record whose id is the answer (or payload field) `field`; also `@stage`, `@owner` and `@<act>/<name>` of it |
//! | `payload('x')` | what the act carries |
//! | `fact('x')` | what the act's facts came to |
//! | `act('name', 'x')` | of the latest accepted act of that name: `at`, `by`, its payload and facts |
//! | `stage()`, `owner()`, `record()` | of the record |
//! | `role()`, `person()` | of whoever acts |
//! | `clock()` | of the act: empty if its time can be believed, else `estimated`, `unchecked` or `suspect` |
//! | `tally('ledger', key)`, `waiting('ledger', key)` | what all records hold of a ledger, and what is waited for |
//! | `held('ledger', key)` | the same as of now, what ends by itself and has not ended yet among it |
//! | `whole()` | in a display: whether all records of the team are known here, so that a sum is one of all |
//! | `limit()`, `left()` | of the ledger that is in the way |
//! | `holder()` | whose record is in the way, by name, where that is known |
//! | `missing('list')`, `missing('list', 'act')` | how many documents of a checklist do not count yet |
//! | `printed('form')` | whether it was printed, and not only before what asks for another one |
//! | `recorded('field')` | how the recording that answers the question ended: `complete`, `broken-off`, or nothing |
//! | `slot('s')`, `season('s')` | of a schedule: the slot and the season that it is now, or nothing |
//! | `slot-start('s', 'slot')`, `slot-end(…)` | when a slot begins or ends, today or on a date given third |
//! | `date-shift(date, n, 'months')` | the date so many `days`, `months` or `years` later |
//! | `days-between(from, to)` | how many days the second date is after the first |
//! | `week-start(date)` | the Monday of its week |
//! | `omits(short, full, part)` | whether the first is the second, or it with `part` left out once inside |
//!
//! What is not known is the empty text.

use crate::abbreviation;
use crate::arbitration::{Measure, drawn, held, waiting};
use crate::dates;
use crate::documents;
use crate::expression::to_value;
use crate::kind::Kind;
use crate::moment::local;
use crate::record::Record;
use crate::schedule::{Schedule, Slot};
use crate::stop::Stop;
use crate::world::{Known, Person, World, WorldError};
use chrono::{NaiveDateTime, NaiveTime};
use rounds_evidence::beside;
use rounds_forms::Table;
use rounds_forms::expr::{EvalError, Moment, Scope, Value};
use rounds_model::claim::Amount;
use rounds_model::document::BESIDE;
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// One evaluation's surroundings.
pub(crate) struct Env<'a> {
    kind: &'a Kind,
    record: &'a Record,
    world: &'a dyn World,
    moment: Moment,
    who: Option<Person<'a>>,
    payload: Option<&'a BTreeMap<String, Scalar>>,
    facts: &'a BTreeMap<String, Scalar>,
    clock: &'static str,
    measure: Option<Measure>,
    lang: Lang,
    current: Option<Scalar>,
    failed: RefCell<Option<WorldError>>,
    missed_payload: Cell<bool>,
}

static NOTHING: BTreeMap<String, Scalar> = BTreeMap::new();

impl<'a> Env<'a> {
    pub(crate) fn new(kind: &'a Kind, record: &'a Record, world: &'a dyn World, moment: Moment) -> Env<'a> {
        Env {
            kind,
            record,
            world,
            moment,
            who: None,
            payload: None,
            facts: &NOTHING,
            clock: "",
            measure: None,
            lang: Lang::default(),
            current: None,
            failed: RefCell::new(None),
            missed_payload: Cell::new(false),
        }
    }

    pub(crate) fn by(mut self, who: Person<'a>) -> Env<'a> {
        self.who = Some(who);
        self
    }

    pub(crate) fn carrying(mut self, payload: &'a BTreeMap<String, Scalar>) -> Env<'a> {
        self.payload = Some(payload);
        self
    }

    /// With a word for how far the act's time may be believed.
    pub(crate) fn timed(mut self, clock: &'static str) -> Env<'a> {
        self.clock = clock;
        self
    }

    /// Whether every record of the team is known here.
    pub(crate) fn is_whole(&self) -> bool {
        self.world.is_whole()
    }

    /// Its kind.
    pub(crate) fn kind(&self) -> &'a Kind {
        self.kind
    }

    /// The record that is judged.
    pub(crate) fn record(&self) -> &'a Record {
        self.record
    }

    /// Who acts, if that is known.
    pub(crate) fn who(&self) -> Option<Person<'a>> {
        self.who
    }

    /// When.
    pub(crate) fn time(&self) -> Moment {
        self.moment
    }

    /// The same surroundings, knowing the ledger that is in the way.
    pub(crate) fn measuring(&self, measure: Measure) -> Env<'a> {
        Env { measure: Some(measure), ..self.again() }
    }

    /// The same surroundings, knowing what these facts came to.
    pub(crate) fn knowing<'b>(&self, facts: &'b BTreeMap<String, Scalar>) -> Env<'b>
    where
        'a: 'b,
    {
        Env { facts, ..self.again() }
    }

    /// The same surroundings, read in a language.
    pub(crate) fn in_language(&self, lang: Lang) -> Env<'a> {
        Env { lang, ..self.again() }
    }

    /// The same surroundings around one answer: `.`.
    pub(crate) fn at(&self, answer: &Scalar) -> Env<'a> {
        Env { current: Some(answer.clone()), ..self.again() }
    }

    fn again(&self) -> Env<'a> {
        Env {
            who: self.who,
            payload: self.payload,
            facts: self.facts,
            measure: self.measure.clone(),
            lang: self.lang,
            current: self.current.clone(),
            failed: RefCell::new(None),
            missed_payload: Cell::new(false),
            ..*self
        }
    }

    /// The world's failure during the last evaluation.
    pub(crate) fn failure(&self) -> Option<WorldError> {
        self.failed.borrow_mut().take()
    }

    /// Whether an evaluation asked for a payload or fact that nobody has given yet. Forgets it.
    pub(crate) fn missed_payload(&self) -> bool {
        self.missed_payload.replace(false)
    }

    /// The record that an answer or payload field links to, if it is known here.
    pub(crate) fn linked_record(&self, field: &str) -> Result<Option<(DocId, Known)>, Stop> {
        Ok(self.follow(field)?)
    }

    fn follow(&self, field: &str) -> Result<Option<(DocId, Known)>, WorldError> {
        let own = self.record.fields.get(field);
        let id = own.or_else(|| {
            if self.payload.is_none() && self.kind.field(field).is_none() {
                self.missed_payload.set(true);
            }
            self.payload.and_then(|payload| payload.get(field))
        });
        let Some(id) = id.and_then(Scalar::as_text).and_then(|id| id.parse::<DocId>().ok()) else {
            return Ok(None);
        };
        // A link to something else than it is meant for leads nowhere.
        let meant = self.kind.field(field).and_then(|field| field.link.as_deref());
        let known = self.world.record(id)?;
        Ok(known.filter(|known| meant.is_none_or(|kind| kind == known.kind)).map(|known| (id, known)))
    }

    /// A world that could not be read fails the evaluation and is remembered.
    fn failing<T>(&self, read: Result<T, WorldError>) -> Result<T, EvalError> {
        read.map_err(|error| {
            let told = EvalError::Extension(error.to_string());
            self.failed.replace(Some(error));
            told
        })
    }

    fn linked(&self, field: &str, theirs: &str) -> Result<Value, EvalError> {
        let Some((_, known)) = self.failing(self.follow(field))? else { return Ok(text("")) };
        Ok(match theirs {
            "@stage" => text(known.stage),
            "@owner" => text(known.owner.to_string()),
            "@kind" => text(known.kind),
            key => known.data.get(key).map_or_else(|| text(""), to_value),
        })
    }

    /// How many documents of a checklist do not count yet.
    fn missing(&self, list: &str, act: Option<&str>) -> Result<Value, EvalError> {
        let Some(list) = self.kind.checklists.iter().find(|known| known.name == list) else {
            return Err(EvalError::UnknownTable(list.to_owned()));
        };
        match documents::lacking(list, act, self) {
            Ok(lacking) => Ok(Value::Number(lacking.len() as f64)),
            Err(Stop::World(error)) => self.failing(Err(error)),
            Err(Stop::Eval(detail)) => Err(EvalError::Extension(detail)),
            Err(Stop::Refused(no) | Stop::Overtaken(no)) => Err(EvalError::Extension(no.code)),
        }
    }

    fn of_schedule(&self, name: &str, read: impl Fn(&Schedule, NaiveDateTime) -> Option<String>) -> Value {
        let now = local(self.moment.now_ms, self.moment);
        let found = self.kind.schedules.get(name).zip(now);
        text(found.and_then(|(schedule, now)| read(schedule, now)).unwrap_or_default())
    }

    /// When a slot begins or ends on a date; today, if none is given.
    fn slot_time(&self, schedule: &str, slot: &str, date: &str, of: fn(&Slot) -> NaiveTime) -> Value {
        self.of_schedule(schedule, |schedule, now| {
            let date = match date.trim() {
                "" => now.date(),
                date => dates::day(date, self.moment.offset_minutes)?,
            };
            let slot = schedule.slots(date).into_iter().find(|known| known.name == slot)?;
            Some(of(slot).format("%H:%M").to_string())
        })
    }

    /// The name of the kind of a record, if it is known here.
    pub(crate) fn kind_of(&self, id: DocId) -> Result<Option<String>, WorldError> {
        Ok(self.world.record(id)?.map(|known| known.kind))
    }

    fn measured(&self, of: impl Fn(&Measure) -> Amount) -> Value {
        self.measure.as_ref().map_or_else(|| text(""), |measure| Value::Number(of(measure).number()))
    }

    /// Of the payload or of the facts that may rest on it.
    fn given(&self, from: Option<&BTreeMap<String, Scalar>>, name: &str) -> Value {
        let value = from.and_then(|values| values.get(name));
        if value.is_none() && self.payload.is_none() {
            self.missed_payload.set(true);
        }
        value.map_or_else(|| text(""), to_value)
    }
}

impl Scope for Env<'_> {
    fn reference(&self, name: &str) -> Result<Value, EvalError> {
        let found = self.kind.questions.value(name, &self.record.fields);
        found.ok_or_else(|| EvalError::UnknownReference(name.to_owned()))
    }

    fn moment(&self) -> &Moment {
        &self.moment
    }

    fn current(&self) -> Option<Value> {
        self.current.as_ref().map(to_value)
    }

    fn instance(&self, name: &str) -> Option<&Table> {
        self.kind.tables.get(name)
    }

    fn choice_label(&self, question: &str, value: &str) -> Option<String> {
        let name =
            question.trim().strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(question);
        let Some(field) = self.kind.field(name) else {
            return self.kind.workbook.as_ref()?.choice_label(name, value, self.lang);
        };
        let choice = field.choices.iter().find(|choice| choice.name == value)?;
        Some(choice.title.get(self.lang).to_owned())
    }

    fn call(&self, name: &str, args: &[Value]) -> Option<Result<Value, EvalError>> {
        let args: Vec<String> = args.iter().map(Value::as_text).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Some(Ok(match (name, args.as_slice()) {
            ("linked", [field, theirs]) => return Some(self.linked(field, theirs)),
            ("payload", [field]) => self.given(self.payload, field),
            ("fact", [fact]) => self.given(Some(self.facts), fact),
            ("act", [act, part]) => {
                let known = self.record.acts.get(&format!("@{act}/{part}"));
                known.map_or_else(|| text(""), to_value)
            }
            ("stage", []) => text(self.record.stage.as_str()),
            ("owner", []) => text(self.record.owner.to_string()),
            ("record", []) => text(self.record.id.to_string()),
            ("clock", []) => text(self.clock),
            ("tally", [ledger, key]) => match self.failing(self.world.claims(ledger, key.trim())) {
                Ok(claims) => Value::Number(drawn(&claims).number()),
                Err(error) => return Some(Err(error)),
            },
            ("waiting", [ledger, key]) => match self.failing(self.world.claims(ledger, key.trim())) {
                Ok(claims) => Value::Number(waiting(&claims).number()),
                Err(error) => return Some(Err(error)),
            },
            ("held", [ledger, key]) => match self.failing(self.world.claims(ledger, key.trim())) {
                Ok(claims) => Value::Number(held(&claims, self.moment.now_ms).number()),
                Err(error) => return Some(Err(error)),
            },
            ("whole", []) => Value::Bool(self.is_whole()),
            ("printed", [name]) => match self.kind.print(name) {
                Some(print) => Value::Bool(print.is_printed(self.record)),
                None => return Some(Err(EvalError::UnknownReference((*name).to_owned()))),
            },
            ("recorded", [field]) => {
                let (answers, with) = (&self.record.fields, format!("{field}{BESIDE}"));
                let with = beside::of(answers.get(*field), answers.get(&with));
                text(with.and_then(|with| with.ending).map_or("", |ending| ending.name()))
            }
            ("missing", [list]) => return Some(self.missing(list, None)),
            ("missing", [list, act]) => return Some(self.missing(list, Some(act))),
            ("slot", [schedule]) => {
                self.of_schedule(schedule, |schedule, now| Some(schedule.slot(now)?.name.clone()))
            }
            ("season", [schedule]) => {
                self.of_schedule(schedule, |schedule, now| Some(schedule.season(now.date())?.name.clone()))
            }
            ("slot-start", [schedule, slot]) => self.slot_time(schedule, slot, "", |slot| slot.from),
            ("slot-start", [schedule, slot, date]) => self.slot_time(schedule, slot, date, |slot| slot.from),
            ("slot-end", [schedule, slot]) => self.slot_time(schedule, slot, "", |slot| slot.to),
            ("slot-end", [schedule, slot, date]) => self.slot_time(schedule, slot, date, |slot| slot.to),
            ("limit", []) => self.measured(|measure| measure.limit),
            ("left", []) => self.measured(|measure| measure.left),
            ("kept", []) => self.measured(|measure| measure.kept),
            ("holder", []) => text(self.measure.as_ref().map_or("", |measure| measure.holder.as_str())),
            ("date-shift", [date, by, unit]) => {
                match dates::shift(date, by, unit, self.moment.offset_minutes) {
                    Some(date) => text(date),
                    None => return Some(Err(EvalError::Extension(format!("date-shift() of {date:?}")))),
                }
            }
            ("days-between", [from, to]) => match dates::between(from, to, self.moment.offset_minutes) {
                Some(Some(days)) => Value::Number(days as f64),
                Some(None) => text(""),
                None => {
                    return Some(Err(EvalError::Extension(format!("days-between() of {from:?}, {to:?}"))));
                }
            },
            ("week-start", [date]) => match dates::week_start(date, self.moment.offset_minutes) {
                Some(monday) => text(monday),
                None => return Some(Err(EvalError::Extension(format!("week-start() of {date:?}")))),
            },
            ("omits", [short, full, part]) => Value::Bool(abbreviation::omits(short, full, part)),
            ("role", []) => text(self.who.map_or("", |who| who.role.0.as_str())),
            ("person", []) => text(self.who.map(|who| who.id.to_string()).unwrap_or_default()),
            (
                "linked" | "payload" | "fact" | "act" | "stage" | "owner" | "record" | "role" | "person"
                | "clock" | "tally" | "waiting" | "held" | "limit" | "left" | "kept" | "holder"
                | "date-shift" | "days-between" | "whole" | "printed" | "recorded" | "week-start" | "omits"
                | "missing" | "slot" | "season" | "slot-start" | "slot-end",
                _,
            ) => {
                return Some(Err(EvalError::Extension(format!("{name}() has a wrong number of arguments"))));
            }
            _ => return None,
        }))
    }
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}
