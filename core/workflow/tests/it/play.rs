//! Scenarios of packs, a line for a step, judged by the real engine.
//!
//! ```text
//! import store code                          the records that come with the pack; `code` names them
//! at 2026-11-24 09:00                        the time from here on
//! li new visit v store=S0001 date=today      create a record and name it
//! li set v notes='two words'                 write
//! li granted 大连                            he holds what is of this area; without it, what is his own
//! wang lacks v                               she does not hold it, and so can do nothing with it; `holds`
//! li act v check_in place='38.9 121.6'       an act that holds
//! li no v check_out => act-not-now -         one that does not: code, R-id of the rule
//! li turned d ask => wait                    one that is taken as another
//! li cannot new policy => role-may-not-create
//! li cannot set v notes=x => stage-frozen
//! v differs date                            two people answered it differently; `v agrees` again
//! v is in_store                              its stage
//! v says @check_in/left_over=2               its projection
//! li finds policy by_number number=P1 => a b what a finder gives, in any order; `nothing`
//! li may-not-find policy by_number number=P1 => payload-missing -
//! ```
//!
//! Values: `today`, `+3` and `-2` for dates, names of records and people for links and persons.

use crate::team::*;
use rounds_model::act::Act;
use rounds_model::document::BESIDE;
use rounds_model::ids::{ActId, DocId, PersonId};
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::verdict::Outcome;
use rounds_workflow::{
    Answer, Field, Kind, Ruling, find, is_unique, may_create, may_record, may_write, moment, rule,
};
use std::collections::{BTreeMap, BTreeSet};

pub struct Play {
    pub server: Server,
    pub names: BTreeMap<String, DocId>,
    pub at_ms: i64,
    /// Who was granted which areas.
    pub areas: BTreeMap<PersonId, BTreeSet<String>>,
}

/// Plays a scenario from an empty world.
pub fn play(script: &str) -> Play {
    let mut play =
        Play { server: Server::default(), names: BTreeMap::new(), at_ms: MORNING, areas: BTreeMap::new() };
    play.on(script);
    play
}

impl Play {
    /// Plays on from here.
    pub fn on(&mut self, script: &str) {
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words = words(line);
            let (step, expected) = match words.iter().position(|word| word == "=>") {
                Some(at) => (&words[..at], &words[at + 1..]),
                None => (&words[..], &[][..]),
            };
            let step: Vec<&str> = step.iter().map(String::as_str).collect();
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            self.step(line, &step, &expected);
        }
    }

    pub fn doc(&self, name: &str) -> DocId {
        *self.names.get(name).unwrap_or_else(|| panic!("no record is called {name}"))
    }

    fn step(&mut self, line: &str, step: &[&str], expected: &[&str]) {
        match step {
            ["at", date, time] => {
                let text = format!("{date}T{time}:00+08:00");
                self.at_ms = chrono::DateTime::parse_from_rfc3339(&text).unwrap().timestamp_millis();
            }
            ["import", kind, column] => self.import(kind, column),
            [who, "new", kind, name, answers @ ..] => {
                let created = self.create(person(who), person(who), kind, answers);
                let (id, fields) = created.unwrap_or_else(|code| panic!("{line}: {code}"));
                self.server.fields.insert(id, fields);
                self.names.insert((*name).to_owned(), id);
            }
            [who, "gives", owner, kind, name, answers @ ..] => {
                let created = self.create(person(who), person(owner), kind, answers);
                let (id, fields) = created.unwrap_or_else(|code| panic!("{line}: {code}"));
                self.server.fields.insert(id, fields);
                self.names.insert((*name).to_owned(), id);
            }
            [who, "granted", area] => {
                self.areas.entry(person(who)).or_default().insert((*area).to_owned());
            }
            [who, "holds", name] => assert!(self.holds(person(who), self.doc(name)), "{line}"),
            [who, "lacks", name] => assert!(!self.holds(person(who), self.doc(name)), "{line}"),
            [who, "cannot", "new", kind, answers @ ..] => {
                let code = self.create(person(who), person(who), kind, answers).unwrap_err();
                assert_eq!(vec![code.as_str()], expected, "{line}");
            }
            [who, "set", name, answers @ ..] => {
                let (id, answers) = (self.doc(name), self.answers(name, answers));
                self.may_write(person(who), name, &answers).unwrap_or_else(|code| panic!("{line}: {code}"));
                self.server.fields.get_mut(&id).unwrap().extend(answers);
            }
            [who, "cannot", "set", name, answers @ ..] => {
                let answers = self.answers(name, answers);
                let code = self.may_write(person(who), name, &answers).unwrap_err();
                assert_eq!(vec![code.as_str()], expected, "{line}");
            }
            [who, "act", name, act, payload @ ..] => {
                let ruling = self.act(person(who), name, act, payload);
                assert_eq!(ruling.outcome, Outcome::Accepted, "{line}");
                assert_eq!(ruling.turned, None, "{line}");
            }
            [who, "turned", name, act, payload @ ..] => {
                let ruling = self.act(person(who), name, act, payload);
                assert_eq!(ruling.outcome, Outcome::Accepted, "{line}");
                let turned = ruling.turned.unwrap_or_else(|| panic!("{line}: taken as it was"));
                assert_eq!(vec![turned.act.as_str()], expected, "{line}");
            }
            [who, "no", name, act, payload @ ..] => {
                let before = self.server.clone();
                let ruling = self.act(person(who), name, act, payload);
                let Outcome::Blocked(no) = ruling.outcome else { panic!("{line}: it was accepted") };
                let kind = self.kind(name);
                let general = kind.act(act).and_then(|act| act.rule.as_deref()).or(kind.rule.as_deref());
                // `-`: no other requirement than that of the act or of the kind as a whole.
                let rule = no.rule.as_deref().filter(|rule| general != Some(*rule) || expected[1] != "-");
                let said = [no.code.as_str(), rule.unwrap_or("-")];
                assert_eq!(said.as_slice(), expected, "{line}: {no:?}");
                assert!(no.rule.is_some() || kind.rule.is_none(), "{line}: no requirement: {no:?}");
                for text in [&no.reason, &no.remedy] {
                    assert!(!text.zh.is_empty() && !text.en.is_empty(), "{line}: {no:?}");
                    assert!(!text.en.contains('…'), "{line}: a value could not be worked out: {no:?}");
                }
                let id = self.doc(name);
                let stage = before.record(id).stage;
                assert_eq!(self.server.record(id).stage, stage, "{line}: a no moves nothing");
            }
            [name, "differs", key] => {
                let id = self.doc(name);
                self.server.contested.entry(id).or_default().insert((*key).to_owned());
            }
            [name, "agrees"] => drop(self.server.contested.remove(&self.doc(name))),
            [name, "is", stage] => assert_eq!(self.server.stage(self.doc(name)), *stage, "{line}"),
            [name, "says", pairs @ ..] => {
                let data = self.server.project(self.doc(name)).data;
                for pair in pairs {
                    let (key, value) = pair.split_once('=').unwrap();
                    let said = data.get(key).map(ToString::to_string).unwrap_or_default();
                    let value = if *value == *"today" { self.word(value) } else { value.to_owned() };
                    assert_eq!(said, value, "{line}: {key}, {data:?}");
                }
            }
            [who, "finds", kind, finder, asked @ ..] => {
                let mut found: Vec<String> = match self.find(person(who), kind, finder, asked) {
                    Ok(found) => found.iter().map(|id| self.name(*id)).collect(),
                    Err(said) => panic!("{line}: {said:?}"),
                };
                let mut expected: Vec<&str> = expected.to_vec();
                expected.retain(|name| *name != "nothing");
                expected.sort_unstable();
                found.sort();
                assert_eq!(found, expected, "{line}");
            }
            [who, "may-not-find", kind, finder, asked @ ..] => {
                let said = self.find(person(who), kind, finder, asked).unwrap_err();
                assert_eq!([said.0.as_str(), said.1.as_str()].as_slice(), expected, "{line}");
            }
            _ => panic!("not a step: {line}"),
        }
    }

    fn import(&mut self, kind: &str, column: &str) {
        for row in &kind_of(kind).rows {
            let mut fields = row.clone();
            let name = row[column].to_string();
            self.control(&mut fields, kind, OPERATOR);
            let id = self.next();
            self.server.fields.insert(id, fields);
            self.names.insert(name, id);
        }
    }

    fn create(
        &mut self,
        who_: PersonId,
        owner: PersonId,
        kind: &str,
        answers: &[&str],
    ) -> Result<(DocId, BTreeMap<String, Scalar>), String> {
        let declared = kind_of(kind);
        let mut fields = self.values(&declared.fields, answers);
        self.control(&mut fields, kind, owner);
        may_create(declared, &who(who_), owner, &fields).map_err(|no| no.code)?;
        let id = self.next();
        let written = fields.keys().map(String::as_str);
        is_unique(declared, id, &fields, written, &self.server).unwrap().map_err(|no| no.code)?;
        Ok((id, fields))
    }

    fn control(&self, fields: &mut BTreeMap<String, Scalar>, kind: &str, owner: PersonId) {
        fields.insert("@kind".into(), kind.into());
        fields.insert("@owner".into(), owner.to_string().into());
        fields.insert("@pack".into(), Scalar::Int(i64::from(kind_of(kind).version)));
    }

    fn next(&self) -> DocId {
        let n = self.server.fields.len() as u16 + 1;
        let [high, low] = n.to_be_bytes();
        let mut id = [0xd0; 16];
        (id[0], id[1]) = (high, low);
        DocId(id)
    }

    fn kind(&self, name: &str) -> &'static Kind {
        kind_of(self.server.fields[&self.doc(name)]["@kind"].as_text().unwrap())
    }

    fn answers(&self, name: &str, pairs: &[&str]) -> BTreeMap<String, Scalar> {
        self.values(&self.kind(name).fields, pairs)
    }

    fn may_write(&self, by: PersonId, name: &str, answers: &BTreeMap<String, Scalar>) -> Result<(), String> {
        let record = self.server.record(self.doc(name));
        let keys = answers.keys().map(String::as_str);
        let kind = self.kind(name);
        let written = may_write(kind, &record.stage, &who(by), record.owner, keys);
        let values = answers.iter().map(|(key, value)| (key.as_str(), value));
        let mut after = record.fields.clone();
        after.extend(answers.clone());
        let keys = answers.keys().map(String::as_str);
        let alone = || is_unique(kind, record.id, &after, keys, &self.server).unwrap();
        written.and_then(|()| may_record(kind, values)).and_then(|()| alone()).map_err(|no| no.code)
    }

    /// Whether somebody has the record on their phone: it is theirs, or of everyone, or of an area that
    /// they were granted, or they lead whose it is.
    fn holds(&self, by: PersonId, doc: DocId) -> bool {
        match self.server.project(doc).scope {
            Scope::Team => true,
            Scope::Person(owner) => owner == by || by == BOSS,
            Scope::Area(area) => self.areas.get(&by).is_some_and(|areas| areas.contains(&area)),
        }
    }

    fn act(&mut self, by: PersonId, name: &str, act: &str, payload: &[&str]) -> Ruling {
        assert!(self.holds(by, self.doc(name)), "{name} is not on the phone of whoever does {act} with it");
        let rule_ = self.kind(name).act(act).unwrap_or_else(|| panic!("{name} has no act {act}"));
        let payload = self.values(&rule_.payload, payload);
        let payload: Vec<(&str, Scalar)> = payload.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
        let stated = self.server.statement_at(self.at_ms, self.doc(name), act, by, &payload);
        // The number of an act makes its id, so that more than 255 of them have their own.
        let mut id = [0; 16];
        id[..8].copy_from_slice(&stated.number.to_be_bytes());
        let stated = Act { id: ActId(id), ..stated };
        let record = self.server.record(stated.doc);
        let foreseen = rule(catalogue(), &record, &stated, &who(by), &self.server, ZONE).unwrap();
        let ruled = self.server.judge(stated);
        assert_eq!(foreseen, ruled, "the phone's ruling and the server's");
        ruled
    }

    fn find(
        &self,
        by: PersonId,
        kind: &str,
        finder: &str,
        asked: &[&str],
    ) -> Result<Vec<DocId>, (String, String)> {
        let kind = kind_of(kind);
        let finder = kind.finders.iter().find(|f| f.name == finder).unwrap();
        let asked = self.values(&finder.asks, asked);
        let of_kind = |fields: &BTreeMap<String, Scalar>| fields["@kind"].as_text() == Some(&kind.name);
        let all = self.server.fields.iter().filter(|(_, fields)| of_kind(fields));
        let records = all.map(|(id, _)| self.server.project(*id).record(*id));
        let now = moment(self.at_ms, ZONE);
        let found = find(kind, finder, &asked, &who(by), &self.server, now, records).unwrap();
        found.map_err(|no| (no.code, no.rule.unwrap_or_else(|| "-".into())))
    }

    fn name(&self, id: DocId) -> String {
        self.names.iter().find(|(_, known)| **known == id).unwrap().0.clone()
    }

    fn values(&self, fields: &[Field], pairs: &[&str]) -> BTreeMap<String, Scalar> {
        let value = |pair: &&str| {
            let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("no pair: {pair}"));
            if name.ends_with(BESIDE) {
                return (name.to_owned(), value.into());
            }
            let field = fields.iter().find(|field| field.name == name);
            let field = field.unwrap_or_else(|| panic!("no field {name}"));
            (name.to_owned(), self.value(field, value))
        };
        pairs.iter().map(value).collect()
    }

    fn value(&self, field: &Field, word: &str) -> Scalar {
        if word.is_empty() {
            return Scalar::Null;
        }
        match field.answer {
            Answer::Integer => Scalar::Int(word.parse().unwrap()),
            Answer::Decimal => Scalar::Float(word.parse().unwrap()),
            Answer::Boolean => Scalar::Bool(word.parse().unwrap()),
            Answer::Record => self.doc(word).to_string().into(),
            Answer::Person => person(word).to_string().into(),
            Answer::Blob(_) => "ab".repeat(32).into(),
            _ => self.word(word).into(),
        }
    }

    fn word(&self, word: &str) -> String {
        let days: i64 = match word {
            "today" => 0,
            _ if word.len() > 1 && word.starts_with(['+', '-']) => match word.parse() {
                Ok(days) => days,
                Err(_) => return word.to_owned(),
            },
            _ => return word.to_owned(),
        };
        let at = chrono::DateTime::from_timestamp_millis(self.at_ms).unwrap().with_timezone(&ZONE);
        (at.date_naive() + chrono::Duration::days(days)).format("%Y-%m-%d").to_string()
    }
}

pub fn kind_of(name: &str) -> &'static Kind {
    catalogue().kind(name).unwrap_or_else(|| panic!("no kind {name}"))
}

/// A cell of a table of a pack: the value beside a name.
pub fn number(pack: &str, name: &str) -> String {
    let bundle = bundle(pack);
    let csv = String::from_utf8(bundle.file("tables/numbers.csv").unwrap().to_vec()).unwrap();
    let row = csv.lines().find(|line| line.split(',').next() == Some(name));
    row.unwrap_or_else(|| panic!("no number {name}")).split(',').nth(1).unwrap().to_owned()
}

fn person(name: &str) -> PersonId {
    match name {
        "li" => LI,
        "wang" => WANG,
        "boss" => BOSS,
        "operator" => OPERATOR,
        "clerk" => CLERK,
        "reviewer" => REVIEWER,
        "insurer" => INSURER,
        "archivist" => ARCHIVIST,
        _ => panic!("nobody is called {name}"),
    }
}

fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The rows of a table of a pack, without its heading.
pub fn table(pack: &str, name: &str) -> Vec<Vec<String>> {
    let bundle = bundle(pack);
    let csv = String::from_utf8(bundle.file(&format!("tables/{name}.csv")).unwrap().to_vec()).unwrap();
    csv.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}
