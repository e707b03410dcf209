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
//!
//! What is not known is the empty text.

use crate::expression::to_value;
use crate::kind::Kind;
use crate::record::Record;
use crate::world::{Person, World, WorldError};
use rounds_forms::Table;
use rounds_forms::expr::{EvalError, Moment, Scope, Value};
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

    fn linked(&self, field: &str, theirs: &str) -> Result<Value, EvalError> {
        let own = self.record.fields.get(field);
        let id = own.or_else(|| self.payload.and_then(|payload| payload.get(field)));
        let Some(id) = id.and_then(Scalar::as_text).and_then(|id| id.parse::<DocId>().ok()) else {
            return Ok(text(""));
        };
        let known = self.world.record(id).map_err(|error| {
            let told = EvalError::Extension(error.to_string());
            self.failed.replace(Some(error));
            told
        })?;
        // A link to something else than it is meant for leads nowhere.
        let meant = self.kind.field(field).and_then(|field| field.link.as_deref());
        let Some(known) = known.filter(|known| meant.is_none_or(|kind| kind == known.kind)) else {
            return Ok(text(""));
        };
        Ok(match theirs {
            "@stage" => text(known.stage),
            "@owner" => text(known.owner.to_string()),
            "@kind" => text(known.kind),
            key => known.data.get(key).map_or_else(|| text(""), to_value),
        })
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
            ("role", []) => text(self.who.map_or("", |who| who.role.0.as_str())),
            ("person", []) => text(self.who.map(|who| who.id.to_string()).unwrap_or_default()),
            ("linked" | "payload" | "fact" | "act" | "stage" | "owner" | "record" | "role" | "person", _) => {
                return Some(Err(EvalError::Extension(format!("{name}() has a wrong number of arguments"))));
            }
            _ => return None,
        }))
    }
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}
