//! Random histories in which time passes, content is written offline, and nobody knows everything.
//!
//! Five phones: two of Li's, one each of Wang, of their supervisor, and of the operator, who is always
//! online. A phone holds what its person holds, writes and acts on what it knew when it last synced, and
//! its clock is wrong by hours. The server merges content answer by answer, rules as it does in the
//! exchange (on what the author saw and on what stands), and holds back what its rules forbid. After every
//! ruling a model that knows nothing of the engine says what must be true.

use crate::team::*;
use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;
use rounds_model::act::Act;
use rounds_model::document::Document;
use rounds_model::edit::Edit;
use rounds_model::ids::{ActId, ActorId, BootId, DeviceId, DocId, PersonId, Seq};
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::time::{Anchor, Reading, TrustedTime};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_workflow::{
    Judged, Projection, Record, Ruling, may_settle, may_write, project, proofs, rule, saw_all,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

const HOUR: i64 = 3_600_000;
/// Whose phones, and by how many hours their clocks are wrong.
const PHONES: [(PersonId, i64); 7] =
    [(LI, 0), (LI, -30), (WANG, 9), (BOSS, 0), (OPERATOR, 0), (CLERK, 100), (REVIEWER, -5)];

/// What can be done with a record.
enum Move {
    Act(&'static str, Vec<(&'static str, Scalar)>),
    Write(&'static str, Scalar),
    /// Of two values that an answer has, the first is chosen.
    Choose(&'static str),
}

fn act(name: &'static str, payload: &[(&'static str, Scalar)]) -> Move {
    Move::Act(name, payload.to_vec())
}

#[derive(Debug, Clone)]
struct Step {
    phone: usize,
    doc: usize,
    what: usize,
    syncs: bool,
    /// How long after the step before.
    hours: i64,
}

fn steps(hours: impl Strategy<Value = i64>) -> impl Strategy<Value = Vec<Step>> {
    let step = (0..PHONES.len(), any::<usize>(), any::<usize>(), prop::bool::weighted(0.35), hours);
    let step = step.prop_map(|(phone, doc, what, syncs, hours)| Step { phone, doc, what, syncs, hours });
    prop::collection::vec(step, 1..60)
}

/// The records of one side: their content, and all that the rules may ask.
#[derive(Default, Clone)]
struct Side {
    docs: BTreeMap<DocId, Document>,
    knows: Server,
}

impl Side {
    fn note(&mut self, doc: DocId) {
        let document = &self.docs[&doc];
        self.knows.fields.insert(doc, document.fields());
        let contested = document.conflicts().into_iter().map(|conflict| conflict.key).collect();
        self.knows.contested.insert(doc, contested);
    }

    fn project(&self, doc: DocId) -> Projection {
        project(catalogue(), doc, &self.knows.fields[&doc], self.knows.history(doc), now(), None).unwrap()
    }
}

fn holds(person: PersonId, scope: &Scope) -> bool {
    match scope {
        Scope::Team => true,
        Scope::Person(owner) => *owner == person || person == BOSS,
        Scope::Area(_) => person != WANG,
    }
}

enum Item {
    Edit(Edit),
    Act(Box<Act>),
}

struct Phone {
    person: PersonId,
    wrong_by_ms: i64,
    actor: ActorId,
    side: Side,
    waiting: Vec<Item>,
}

struct World<'w> {
    server: Side,
    phones: Vec<Phone>,
    now_ms: i64,
    stated: BTreeSet<ActId>,
    ruled: BTreeSet<ActId>,
    /// What was held back, by code; the phone keeps it, so that nothing is lost.
    held: BTreeMap<String, usize>,
    held_acts: usize,
    numbers: u64,
    /// Asked after every ruling: what the server knows, the act, how it was ruled, and in which stage the
    /// record was before.
    model: &'w dyn Fn(&Side, &Act, &Ruling, &str),
}

/// Plays a history to its end, when every phone has synced. Returns what was held back.
fn play(
    server: Side,
    docs: &[u8],
    moves: &[Move],
    steps: &[Step],
    model: &dyn Fn(&Side, &Act, &Ruling, &str),
) -> (Side, BTreeMap<String, usize>) {
    let phone = |(n, (person, hours)): (usize, &(PersonId, i64))| Phone {
        person: *person,
        wrong_by_ms: hours * HOUR,
        actor: ActorId([0xa0 + n as u8; 16]),
        side: Side::default(),
        waiting: vec![],
    };
    let phones = PHONES.iter().enumerate().map(phone).collect();
    let (stated, ruled, held) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    let mut world =
        World { server, phones, now_ms: MORNING, stated, ruled, held, held_acts: 0, numbers: 0, model };
    (0..PHONES.len()).for_each(|phone| world.sync(phone));
    for step in steps {
        world.now_ms += step.hours * HOUR;
        let doc = doc(docs[step.doc % docs.len()]);
        world.make(step.phone, doc, &moves[step.what % moves.len()]);
        if step.syncs || PHONES[step.phone].0 == OPERATOR {
            world.sync(step.phone);
        }
    }
    (0..PHONES.len()).rev().for_each(|phone| world.sync(phone));
    // Nothing is sent any more; everybody hears of the last.
    (0..PHONES.len()).for_each(|phone| world.sync(phone));
    // Each act has one ruling, or is held with a reason; none is gone.
    assert!(world.ruled.is_subset(&world.stated));
    assert_eq!(world.stated.len(), world.ruled.len() + world.held_acts);
    let all: Vec<_> = world.server.knows.history.values().flatten().collect();
    let ids: BTreeSet<_> = all.iter().map(|judged| judged.act.id).collect();
    assert_eq!(all.len(), ids.len(), "one verdict for each act");
    for judged in all {
        if let Outcome::Blocked(no) = &judged.verdict.as_ref().unwrap().outcome {
            for text in [&no.reason, &no.remedy] {
                assert!(!text.zh.is_empty() && !text.en.is_empty() && !text.en.contains('…'), "{no:?}");
            }
        }
    }
    // Whoever holds a record has it as the server has it.
    for phone in &world.phones {
        for (doc, document) in &phone.side.docs {
            assert_eq!(document.fields(), world.server.docs[doc].fields(), "{doc}");
        }
    }
    (world.server, world.held)
}

impl World<'_> {
    fn make(&mut self, phone: usize, doc: DocId, made: &Move) {
        let now_ms = self.now_ms;
        let phone = &mut self.phones[phone];
        let Some(document) = phone.side.docs.get_mut(&doc) else { return };
        let record = phone.side.knows.record(doc);
        let kind = catalogue().kind(&record.kind).unwrap();
        let by = who(phone.person);
        let written = match made {
            Move::Write(key, value) => {
                if may_write(kind, &record.stage, &by, record.owner, [*key]).is_err() {
                    return;
                }
                Some(((*key).to_owned(), value.clone()))
            }
            Move::Choose(key) => {
                let versions = document.versions(key);
                if versions.len() < 2 {
                    return;
                }
                let value = versions[0].value.clone();
                let (shown, stage) = (document.fields(), &record.stage);
                if may_settle(kind, stage, &by, record.owner, &shown, [(*key, &value)]).is_err() {
                    return;
                }
                Some(((*key).to_owned(), value))
            }
            Move::Act(..) => None,
        };
        if let Some(value) = written {
            if let Ok(Some(edit)) = document.write(doc, phone.actor, now_ms / 1000, &[value]) {
                phone.waiting.push(Item::Edit(edit));
            }
            phone.side.note(doc);
            return;
        }
        let Move::Act(name, payload) = made else { return };
        if kind.act(name).is_none() {
            return;
        }
        self.numbers += 1;
        let payload = fields(payload);
        let proofs = proofs(catalogue(), &record, name, &payload, &phone.side.knows, now_ms, ZONE).unwrap();
        // A clock that is wrong and was compared with the server's tells the right time all the same.
        let reading = |at_ms: i64| Reading {
            wall_ms: at_ms + phone.wrong_by_ms,
            mono_ms: (at_ms - MORNING) as u64,
            boot: BootId([0; 16]),
        };
        let anchor = Anchor { took_ms: 0, reading: reading(MORNING), server_ms: MORNING };
        let mut id = [0xac; 16];
        id[..8].copy_from_slice(&self.numbers.to_be_bytes());
        let act = Act {
            id: ActId(id),
            doc,
            name: (*name).into(),
            person: phone.person,
            device: DeviceId(phone.actor.0),
            number: self.numbers,
            pack: kind.version,
            heads: document.heads(),
            stage: record.stage.clone(),
            payload,
            proofs,
            time: TrustedTime::judge(reading(now_ms), Some(anchor)),
        };
        // What the phone itself would not let through is sent all the same: a phone can be made to.
        let ruling = rule(catalogue(), &record, &act, &by, &phone.side.knows, ZONE).unwrap();
        let verdict = ruled_on(&act, &ruling, 1_000_000 + self.numbers, now_ms);
        phone.side.knows.history.entry(doc).or_default().push(Judged { act: act.clone(), verdict });
        self.stated.insert(act.id);
        phone.waiting.push(Item::Act(Box::new(act)));
    }

    /// What the phone has goes to the server in its order, and what its person holds comes back.
    fn sync(&mut self, phone: usize) {
        self.server.knows.clock = Some(self.now_ms);
        let person = self.phones[phone].person;
        for item in std::mem::take(&mut self.phones[phone].waiting) {
            let taken = match item {
                Item::Edit(edit) => self.take_edit(person, &edit),
                Item::Act(act) => self.take_act(person, &act).inspect_err(|_| self.held_acts += 1),
            };
            if let Err(code) = taken {
                *self.held.entry(code).or_default() += 1;
            }
        }
        let mut side = Side::default();
        for (doc, document) in &self.server.docs {
            if holds(person, &self.server.project(*doc).scope) {
                side.docs.insert(*doc, document.clone());
                let history = self.server.knows.history(*doc).to_vec();
                side.knows.history.insert(*doc, history);
                side.note(*doc);
            }
        }
        // A new pen after each sync: what was held is in nobody's way.
        self.numbers += 1;
        let mut actor = self.phones[phone].actor.0;
        actor[1..9].copy_from_slice(&self.numbers.to_be_bytes());
        self.phones[phone].actor = ActorId(actor);
        self.phones[phone].side = side;
    }

    fn take_edit(&mut self, person: PersonId, edit: &Edit) -> Result<(), String> {
        let before = self.server.project(edit.doc);
        if !holds(person, &before.scope) {
            return Err("not-held".into());
        }
        let (kind, by) = (catalogue().kind(&before.kind).unwrap(), who(person));
        let document = self.server.docs.get_mut(&edit.doc).unwrap();
        let allowed = if document.settles(edit) {
            let puts = edit.puts.iter().map(|put| (put.key.as_str(), &put.value));
            may_settle(kind, &before.stage, &by, before.owner, &document.fields(), puts)
        } else {
            may_write(kind, &before.stage, &by, before.owner, edit.puts.iter().map(|put| put.key.as_str()))
        };
        allowed.map_err(|no| no.code)?;
        document.admit(edit).map_err(|no| format!("{no:?}"))?;
        self.server.note(edit.doc);
        Ok(())
    }

    fn take_act(&mut self, person: PersonId, act: &Act) -> Result<(), String> {
        let before = self.server.project(act.doc);
        if !holds(person, &before.scope) {
            return Err("not-held".into());
        }
        let kind = catalogue().kind(&before.kind).unwrap();
        rounds_workflow::may_state(kind, &act.name, &who(person)).map_err(|no| no.code)?;
        let document = &self.server.docs[&act.doc];
        let seen = match document.heads() == act.heads {
            true => document.fields(),
            false => document.fields_at(&act.heads).ok_or("act-heads-unknown")?,
        };
        let on = |fields: BTreeMap<String, Scalar>| {
            let history = self.server.knows.history(act.doc);
            let mut record = Record::after(kind, act.doc, fields, history).unwrap();
            record.contested.clone_from(&self.server.knows.contested[&act.doc]);
            rule(catalogue(), &record, act, &who(person), &self.server.knows, ZONE).unwrap()
        };
        let mut ruling = on(seen);
        if ruling.outcome == Outcome::Accepted {
            let now = on(document.fields());
            if now.severity() >= ruling.severity() {
                ruling = now;
            }
        }
        if ruling.outcome == Outcome::Accepted
            && let Err(unseen) = saw_all(kind, act, ruling.taken_as(act), &document.heads())
        {
            ruling = Ruling::blocked(unseen, &before.stage);
        }
        self.server.knows.seq += 1;
        let verdict = ruled_on(act, &ruling, self.server.knows.seq, self.now_ms);
        for issued in &ruling.issued {
            let counters = self.server.knows.counters.as_mut().unwrap();
            counters.insert(issued.counter.clone(), issued.number);
        }
        self.server.knows.history.entry(act.doc).or_default().push(Judged { act: act.clone(), verdict });
        self.ruled.insert(act.id);
        (self.model)(&self.server, act, &ruling, &before.stage);
        Ok(())
    }
}

fn ruled_on(act: &Act, ruling: &Ruling, seq: u64, at_ms: i64) -> Option<Verdict> {
    Some(Verdict {
        act: act.id,
        doc: act.doc,
        seq: Seq(seq),
        outcome: ruling.outcome.clone(),
        stage: ruling.stage.clone(),
        facts: ruling.facts.clone(),
        turned: ruling.turned.clone(),
        at_ms,
    })
}

/// Which, of which kind, whose, and what it says.
type Begun<'b> = (u8, &'b str, PersonId, Vec<(&'b str, Scalar)>);

/// A server with these records.
fn with(records: &[Begun<'_>]) -> Side {
    let mut side = Side::default();
    side.knows.counters = Some(BTreeMap::new());
    for (n, kind, owner, answers) in records {
        let version = catalogue().kind(kind).unwrap().version;
        let mut values: Vec<(String, Scalar)> =
            answers.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        values.push(("@kind".into(), (*kind).into()));
        values.push(("@owner".into(), owner.to_string().into()));
        values.push(("@pack".into(), Scalar::Int(version.into())));
        let mut document = Document::new();
        document.write(doc(*n), ActorId([*n; 16]), MORNING / 1000, &values).unwrap();
        side.docs.insert(doc(*n), document);
        side.note(doc(*n));
    }
    side
}

/// Who serves the customers of which code.
fn served_by(staff: &[(PersonId, &'static str)]) -> Vec<Begun<'static>> {
    let one = |(n, (person, code)): (u8, &(PersonId, &'static str))| {
        let answers = vec![
            ("person", person.to_string().into()),
            ("code", (*code).into()),
            ("user_type", "agent".into()),
        ];
        (200 + n, "staff", OPERATOR, answers)
    };
    (0..).zip(staff).map(one).collect()
}

fn link(n: u8) -> Scalar {
    doc(n).to_string().into()
}

fn is_accepted(ruling: &Ruling) -> bool {
    ruling.outcome == Outcome::Accepted
}

fn said(side: &Side, doc: DocId, key: &str) -> String {
    side.knows.fields[&doc].get(key).map(ToString::to_string).unwrap_or_default()
}

fn date(act: &Act) -> NaiveDate {
    let at = chrono::DateTime::from_timestamp_millis(act.time.at_ms).unwrap();
    at.with_timezone(&ZONE).date_naive()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// O.14, Q1: also where the policy itself is written at once on two phones, and one is chosen later.
    #[test]
    fn o14_q1_a_policy_has_one_open_application_whatever_is_written_and_chosen(steps in steps(0..5_i64)) {
        let mut records = vec![
            (100, "policy", OPERATOR, vec![("number", "P1".into()), ("service_code", "8001".into())]),
            (101, "policy", OPERATOR, vec![("number", "P2".into()), ("service_code", "8001".into())]),
        ];
        records.extend(served_by(&[(LI, "8001"), (WANG, "8001")]));
        for n in 1..=4 {
            let owner = if n == 4 { WANG } else { LI };
            records.push((n, "application", owner, vec![("policy", link(100 + n % 2)), ("item", "other".into())]));
        }
        let moves = [
            Move::Write("policy", link(100)), Move::Write("policy", link(101)), Move::Write("note", "x".into()),
            Move::Choose("policy"), Move::Choose("note"), act("submit", &[]), act("submit", &[]), act("withdraw", &[]),
            act("return", &[("reason", "x".into())]),
        ];
        play(with(&records), &[1, 2, 3, 4], &moves, &steps, &|side, act, ruling, _| {
            for policy in [100, 101] {
                let open = (1..=4).filter(|n| {
                    ["submitted", "handed_over", "scanned", "filed", "in_review", "returned"].contains(&side.project(doc(*n)).stage.as_str())
                        && said(side, doc(*n), "policy") == doc(policy).to_string()
                });
                assert!(open.count() <= 1, "after {act:?} {ruling:?}");
            }
        });
    }

    /// F.4, Q3: what was checked is as it was checked, and what came too late asks for a change.
    #[test]
    fn f4_r7_q3_what_was_checked_stays_and_what_came_too_late_is_a_request(steps in steps(0..5_i64)) {
        let place = |place: &str| [("place", Scalar::from(place))];
        let cards = [(1, "card", LI, place("A").to_vec()), (2, "card", WANG, place("B").to_vec())];
        let moves = [
            Move::Write("place", "C".into()), Move::Write("place", "D".into()), act("move", &place("E")),
            act("move", &place("F")), act("recount", &[]), act("check", &[]), Move::Choose("place"),
        ];
        let checked = RefCell::new(BTreeMap::new());
        play(with(&cards), &[1, 2], &moves, &steps, &|side, act, ruling, before| {
            if is_accepted(ruling) {
                match ruling.taken_as(act) {
                    "check" => drop(checked.borrow_mut().insert(act.doc, side.knows.fields[&act.doc].clone())),
                    "move" => assert!(before == act.stage && ["unchecked", "recounted"].contains(&before), "{act:?}"),
                    "request" => assert_eq!(before, "checked"),
                    _ => {}
                }
            }
            for (doc, then) in checked.borrow().iter() {
                assert_eq!(&side.knows.fields[doc], then, "it was signed off like that");
            }
        });
    }

    /// B.3, Q6: nothing is posted before the centre has written it off, and the author had seen that.
    #[test]
    fn b3_q6_nothing_is_posted_before_it_was_written_off(steps in steps(0..30_i64)) {
        let mut records = vec![(50, "batch", OPERATOR, vec![]), (51, "batch", OPERATOR, vec![])];
        records.extend((1..=4).map(|n| (n, "posting", if n > 2 { WANG } else { LI }, vec![])));
        let moves = [
            act("write_off", &[]), act("write_off", &[]), act("undo", &[]),
            act("post", &[("batch", link(50))]), act("post", &[("batch", link(51))]),
        ];
        play(with(&records), &[1, 2, 3, 4, 50, 51, 50, 51], &moves, &steps, &|side, act, ruling, _| {
            if act.name == "post" && is_accepted(ruling) {
                let batch: DocId = act.payload["batch"].to_string().parse().unwrap();
                let acts: Vec<_> = side.knows.history(batch).iter().filter(|judged| {
                    judged.verdict.as_ref().unwrap().outcome == Outcome::Accepted
                }).collect();
                assert_eq!(acts.last().unwrap().act.name, "write_off", "it stands");
                let seen = |judged: &&&Judged| judged.act.name == "write_off" && act.proofs.contains(&judged.act.id);
                assert!(acts.iter().any(|judged| seen(&judged)), "its author had seen one");
            }
        });
    }

    /// O.9, G.2, Q7: the steps come in their order, each by whose lane it is.
    #[test]
    fn o9_g2_q7_steps_are_taken_in_their_order_by_whose_they_are(steps in steps(0..30_i64)) {
        let mut records = vec![(100, "policy", OPERATOR, vec![("number", "P1".into()), ("service_code", "8001".into())])];
        records.extend(served_by(&[(LI, "8001")]));
        for n in 1..=2 {
            let answers = vec![("policy", link(100)), ("item", "other".into()), ("branch", "大连".into())];
            records.push((n, "application", LI, answers));
        }
        let moves = [
            act("submit", &[]), act("print", &[]), act("hand_over", &[]), act("scan", &[]), act("review", &[]),
            act("file", &[]), act("finish", &[("endorsement", "x".into())]), act("return", &[("reason", "x".into())]), act("confirm", &[]),
        ];
        let printed = RefCell::new(BTreeSet::new());
        play(with(&records), &[1, 2], &moves, &steps, &|_, act, ruling, before| {
            if !is_accepted(ruling) {
                return;
            }
            let lane: (&[&str], &[PersonId]) = match act.name.as_str() {
                "submit" => (&["draft", "returned"], &[LI]),
                "print" | "confirm" => (&["submitted"], &[LI]),
                "hand_over" => (&["submitted"], &[LI]),
                "scan" => (&["handed_over"], &[CLERK, BOSS]),
                "file" => (&["scanned"], &[ARCHIVIST, BOSS]),
                "review" => (&["filed"], &[REVIEWER, BOSS]),
                "finish" => (&["in_review"], &[REVIEWER, BOSS]),
                _ => (&["submitted", "handed_over", "scanned", "filed", "in_review"], &[BOSS, CLERK, ARCHIVIST, REVIEWER]),
            };
            assert!(lane.0.contains(&before) && lane.1.contains(&act.person), "{act:?} in {before}");
            assert!(act.name != "confirm", "this one is on paper");
            match act.name.as_str() {
                "submit" => drop(printed.borrow_mut().remove(&act.doc)),
                "print" => drop(printed.borrow_mut().insert(act.doc)),
                "hand_over" => assert!(printed.borrow().contains(&act.doc), "printed since it was submitted"),
                _ => {}
            }
        });
    }

    /// O.12, O.13, Q8: whatever a phone believed of the customer, the server checks it against what it knows.
    #[test]
    fn o12_o13_q8_the_bans_hold_against_what_the_server_knows_of_the_customer(steps in steps(0..30_i64)) {
        let mut records = vec![
            (100, "policy", OPERATOR, vec![("number", "P1".into()), ("holder", "孙敏".into()), ("pay_mode", "transfer".into()), ("service_code", "8001".into()), ("birth_date", "1980-03-01".into()), ("sex", "female".into())]),
            (101, "policy", OPERATOR, vec![("number", "P2".into()), ("holder", "周强".into()), ("pay_mode", "self_pay".into()), ("service_code", "8001".into()), ("birth_date", "1980-03-01".into()), ("sex", "female".into())]),
            (60, "bank_account", OPERATOR, vec![("holder", "孙敏".into()), ("bank", "b".into()), ("number", "1".into()), ("birth_date", "1980-03-01".into()), ("sex", "female".into())]),
        ];
        records.extend(served_by(&[(LI, "8001"), (WANG, "8001")]));
        for n in 1..=4 {
            let answers = vec![("policy", link(100 + n % 2)), ("item", "with_account".into()), ("account", link(60))];
            records.push((n, "application", if n > 2 { WANG } else { LI }, answers));
        }
        let moves = [
            Move::Write("holder", "孙敏".into()), Move::Write("holder", "周强".into()),
            Move::Write("pay_mode", "transfer".into()), Move::Write("pay_mode", "self_pay".into()),
            Move::Write("item", "payment_change".into()), Move::Write("new_mode", "self_pay".into()),
            Move::Write("item", "with_account".into()), act("submit", &[]), act("submit", &[]), act("withdraw", &[]),
        ];
        play(with(&records), &[1, 2, 3, 4, 100, 101, 60], &moves, &steps, &|side, act, ruling, _| {
            if act.name != "submit" || !is_accepted(ruling) {
                return;
            }
            let policy: DocId = said(side, act.doc, "policy").parse().unwrap();
            match said(side, act.doc, "item").as_str() {
                "with_account" => {
                    assert_eq!(said(side, doc(60), "holder"), said(side, policy, "holder"), "third-party account");
                }
                _ if said(side, act.doc, "new_mode") == "self_pay" => {
                    assert_ne!(said(side, policy, "pay_mode"), "transfer", "from transfer to paying in person");
                }
                _ => {}
            }
        });
    }

    /// A.8, Q9: grace, lapse and reinstatement go by the calendar of the team, whatever phones' clocks say.
    #[test]
    fn a8_q9_grace_and_reinstatement_are_counted_by_trusted_time(
        steps in steps(prop_oneof![6 => 0..48_i64, 3 => Just(24 * 25), 1 => Just(24 * 200)]),
    ) {
        let due = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let yuan = |name: &'static str, yuan: i64| [(name, Scalar::Int(yuan))];
        let paid = |due: &'static str, yuan: i64| [("for_due", due.into()), ("paid", Scalar::Int(yuan))];
        let premium = |policy| vec![
            ("policy", link(policy)), ("product", link(70)), ("due", due.to_string().into()), ("amount", Scalar::Int(100)),
            ("office", "大连".into()),
        ];
        let records = [
            (100, "policy", OPERATOR, vec![("number", "P1".into())]),
            (101, "policy", OPERATOR, vec![("number", "P2".into())]),
            (70, "product", OPERATOR, vec![("label", "x".into()), ("anchor", "due_date".into())]),
            (1, "premium", LI, premium(100)),
            (2, "premium", LI, premium(101)),
        ];
        let moves = [
            act("start", &[]), act("miss", &[]), act("pay", &paid("2026-11-20", 100)), act("lapse", &[]),
            act("ask", &yuan("back_payment", 100)), act("ask", &yuan("back_payment", 900)),
            act("pay", &paid("2026-11-20", 99)), act("pay", &paid("2026-11-20", 100)), act("pay", &paid("2027-11-20", 100)),
        ];
        // What is due, and until when a lapsed one can be reinstated.
        let state: RefCell<BTreeMap<DocId, (NaiveDate, NaiveDate)>> = RefCell::default();
        play(with(&records), &[1, 2], &moves, &steps, &|_, act, ruling, before| {
            if !is_accepted(ruling) {
                return;
            }
            let mut state = state.borrow_mut();
            let (due, until) = state.entry(act.doc).or_insert((due, due));
            let (today, grace_end) = (date(act), *due + Days::new(60));
            match act.name.as_str() {
                "start" => assert_eq!(before, "entering"),
                "miss" => assert!(today > *due),
                "pay" => {
                    assert!(today <= grace_end && act.payload["paid"] == Scalar::Int(100), "{act:?} due {due}");
                    // Two phones that record one payment do not make two years of it, and after a lapse too
                    // what was paid within the grace counts.
                    assert_eq!(act.payload["for_due"], due.to_string().into());
                    assert!(today + Days::new(60) >= *due && ["paying", "grace", "lapsed"].contains(&before));
                    *due = *due + Months::new(12);
                }
                "lapse" => {
                    assert!(today > grace_end, "{act:?} due {due}");
                    *until = *due + Months::new(24);
                }
                "ask" => {
                    let missed = (0..).take_while(|n| *due + Months::new(12 * n) < today).count() as i64;
                    let Scalar::Int(paid) = act.payload["back_payment"] else { panic!() };
                    assert!(today <= *until && paid >= 100 * missed, "{act:?} due {due}, {missed} missed");
                }
                other => panic!("{other}"),
            }
        });
    }

    /// L.1, L.3, L.6, Q2, Q9: whoever was enrolled while people were invited is, whenever the event is recorded
    /// as held; nobody is afterwards; and attendance is of those who were enrolled.
    #[test]
    fn l1_l3_l6_q2_q9_what_was_enrolled_before_the_event_was_held_counts(steps in steps(0..6_i64)) {
        let event = vec![
            ("label", "小小牙医".into()), ("date", "2026-11-24".into()), ("begins", "23:59".into()),
            ("venue", "某诊所".into()), ("leader", BOSS.to_string().into()),
        ];
        let mut records = vec![(1, "event", BOSS, event)];
        for n in 2..=8 {
            let owner = if n % 2 == 0 { LI } else { WANG };
            records.push((n, "family", owner, vec![
                ("event", link(1)), ("label", "x".into()), ("phone", "1".into()),
                ("children", Scalar::Int(4)), ("adults", Scalar::Int(2)),
            ]));
        }
        let mut server = with(&records);
        assert_eq!(server.knows.act(doc(1), "invite", BOSS, &[]).outcome, Outcome::Accepted);
        // Called before the history begins, or too few of them would come as far as the seats.
        for n in 2..=8 {
            let owner = if n % 2 == 0 { LI } else { WANG };
            assert_eq!(server.knows.act(doc(n), "call", owner, &[("answer", "来".into())]).outcome, Outcome::Accepted);
        }
        let moves = [
            act("enrol", &[]), act("enrol", &[]), act("enrol", &[]), act("arrive", &[]), act("cancel", &[]),
            act("hold", &[("few_reason", "下雪".into())]), act("hold", &[("few_reason", "下雪".into())]),
            act("summarise", &[("summary", "x".into()), ("absence", "x".into())]),
        ];
        play(server, &[1, 1, 2, 3, 4, 5, 6, 7, 8], &moves, &steps, &|side, act, ruling, before| {
            let holds = side.knows.history(doc(1)).iter().filter(|judged| judged.act.name == "hold");
            let is_held = |judged: &&Judged| judged.verdict.as_ref().is_some_and(|v| v.outcome == Outcome::Accepted);
            let held = holds.filter(is_held).map(|judged| judged.act.time.at_ms).next();
            let own = side.knows.record(act.doc).owner == act.person;
            if own && act.name == "enrol" && ["draft", "waitlisted"].contains(&before) {
                let in_time = held.is_none_or(|held| act.time.at_ms <= held);
                let refused = match &ruling.outcome {
                    Outcome::Blocked(no) => Some(no.code.as_str()),
                    Outcome::Accepted => None,
                };
                // In time, only seats can be in the way.
                assert!(!in_time || matches!(refused, None | Some("no-seats-for-children")), "{ruling:?}");
                assert!(in_time || refused.is_some(), "{act:?} after {held:?}");
            }
            let there = (2..=8).filter(|n| {
                ["enrolled", "came"].contains(&side.knows.stage(doc(*n)).as_str())
            });
            assert!(there.count() * 4 <= 20);
            if act.name == "summarise" && is_accepted(ruling) {
                let Some(Scalar::Int(percent)) = ruling.facts.get("attendance_percent") else { panic!("{ruling:?}") };
                assert!((0..=100).contains(percent), "{ruling:?}");
            }
        });
    }
}
