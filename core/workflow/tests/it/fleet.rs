//! Several phones, and histories that they make offline and that reach the server in any order: for each
//! rule that no phone can decide alone, a model of what must be true on the server after every ruling.
//!
//! Of every history it must hold too that each act has exactly one verdict, that a no has its reason and
//! its remedy in both languages, and that no record and no answer is gone.

use crate::team::*;
use proptest::prelude::*;
use rounds_model::act::Act;
use rounds_model::ids::{ActId, PersonId};
use rounds_model::scalar::Scalar;
use rounds_model::verdict::Outcome;
use std::collections::{BTreeMap, BTreeSet};

const PHONES: usize = 3;

/// Something that can be done to a record.
struct Move {
    act: &'static str,
    /// By the record's owner, if nobody is named.
    by: Option<PersonId>,
    payload: Vec<(&'static str, Scalar)>,
}

fn own(act: &'static str) -> Move {
    Move { act, by: None, payload: vec![] }
}

fn by(by: PersonId, act: &'static str, payload: &[(&'static str, &str)]) -> Move {
    let payload = payload.iter().map(|(name, value)| (*name, (*value).into())).collect();
    Move { act, by: Some(by), payload }
}

/// One step of a history: what is done on which phone, and whether that phone syncs afterwards.
#[derive(Debug, Clone)]
struct Step {
    phone: usize,
    doc: usize,
    act: usize,
    syncs: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..PHONES, any::<usize>(), any::<usize>(), prop::bool::weighted(0.3));
    let step = step.prop_map(|(phone, doc, act, syncs)| Step { phone, doc, act, syncs });
    prop::collection::vec(step, 1..40)
}

/// The server and the phones, each with what it knew when it last synced and what it did since.
struct Fleet {
    server: Server,
    phones: Vec<(Server, Vec<Act>)>,
    stated: BTreeSet<ActId>,
}

/// Plays a history; `holds` is the model, asked after every ruling.
fn play(server: Server, docs: &[u8], moves: &[Move], steps: &[Step], holds: impl Fn(&Server)) -> Server {
    let before = server.fields.clone();
    let ruled_before: usize = server.history.values().map(Vec::len).sum();
    let phones = vec![(known(&server), vec![]); PHONES];
    let mut fleet = Fleet { server, phones, stated: BTreeSet::new() };
    for step in steps {
        let (doc, made) = (doc(docs[step.doc % docs.len()]), &moves[step.act % moves.len()]);
        fleet.state(step.phone, doc, made);
        if step.syncs {
            fleet.sync(step.phone, &holds);
        }
    }
    // Whoever made least has the first word in the end, which is no order of theirs.
    let mut last: Vec<usize> = (0..PHONES).collect();
    last.sort_by_key(|phone| fleet.phones[*phone].1.len());
    last.into_iter().for_each(|phone| fleet.sync(phone, &holds));

    let all: Vec<_> = fleet.server.history.values().flatten().collect();
    assert_eq!(all.len() - ruled_before, fleet.stated.len(), "a verdict for each act");
    let ids: BTreeSet<_> = all.iter().map(|judged| judged.act.id).collect();
    assert!(ids.len() == all.len() && fleet.stated.is_subset(&ids), "and one only");
    for judged in all {
        if let Outcome::Blocked(no) = &judged.verdict.as_ref().unwrap().outcome {
            for text in [&no.reason, &no.remedy] {
                assert!(!text.zh.is_empty() && !text.en.is_empty() && !text.en.contains('…'), "{no:?}");
            }
        }
    }
    assert_eq!(fleet.server.fields, before, "no act loses a record or an answer");
    fleet.server
}

/// What a phone knows of a server: everything but its clock and its counters.
fn known(server: &Server) -> Server {
    Server { clock: None, counters: None, ..server.clone() }
}

impl Fleet {
    fn state(&mut self, phone: usize, doc: rounds_model::ids::DocId, made: &Move) {
        let (knows, waiting) = &mut self.phones[phone];
        let record = knows.record(doc);
        if catalogue().kind(&record.kind).unwrap().act(made.act).is_none() {
            return;
        }
        let by = made.by.unwrap_or(record.owner);
        let mut act = knows.statement_at(MORNING, doc, made.act, by, &made.payload);
        act.id = ActId([0xac; 16]);
        act.id.0[..8].copy_from_slice(&(self.stated.len() as u64 + 1).to_be_bytes());
        act.device.0[15] = phone as u8;
        self.stated.insert(act.id);
        knows.judge(act.clone());
        waiting.push(act);
    }

    /// What the phone has goes to the server in its order, and what the server has comes back.
    fn sync(&mut self, phone: usize, holds: &impl Fn(&Server)) {
        for act in std::mem::take(&mut self.phones[phone].1) {
            self.server.judge(act);
            holds(&self.server);
        }
        self.phones[phone].0 = known(&self.server);
    }
}

fn text(server: &Server, n: u8, key: &str) -> String {
    server.fields[&doc(n)].get(key).map(ToString::to_string).unwrap_or_default()
}

fn number(server: &Server, n: u8, key: &str) -> i64 {
    text(server, n, key).parse().unwrap()
}

/// The accepted acts about a record in the server's order: what was stated and what it was taken as.
fn accepted_acts(server: &Server, n: u8) -> Vec<(&Act, String)> {
    let mut all: Vec<_> = server.history(doc(n)).iter().collect();
    all.sort_by_key(|judged| judged.verdict.as_ref().unwrap().seq);
    let accepted = all.into_iter().filter_map(|judged| {
        let verdict = judged.verdict.as_ref().unwrap();
        let taken = verdict.turned.as_ref().map_or(&judged.act.name, |turned| &turned.act);
        (verdict.outcome == Outcome::Accepted).then(|| (&judged.act, taken.clone()))
    });
    accepted.collect()
}

fn link(n: u8) -> Scalar {
    doc(n).to_string().into()
}

/// An event with fourteen families of one child, eight more that want to come, and leases of four families and
/// one child each. Also how many families there are.
fn nearly_full(leased: &[bool]) -> (Server, i64) {
    let mut server = Server { clock: Some(MORNING), ..Server::default() };
    let event = [
        ("label", "小小牙医".into()),
        ("date", "2026-11-28".into()),
        ("begins", "09:30".into()),
        ("venue", "某诊所".into()),
        ("leader", BOSS.to_string().into()),
    ];
    server.create(doc(50), "event", BOSS, BOSS, &event);
    accepted(&server.act(doc(50), "invite", BOSS, &[]));
    for (n, owner) in [(30, LI), (31, WANG)] {
        let answers = [
            ("event", link(50)),
            ("families", Scalar::Int(4)),
            ("children", Scalar::Int(1)),
            ("until", "2026-11-25T18:00:00+08:00".into()),
        ];
        server.create(doc(n), "seat_lease", owner, owner, &answers);
    }
    for n in 1..=22_u8 {
        let (owner, lease) = if n % 2 == 0 { (LI, 30) } else { (WANG, 31) };
        let mut answers = vec![
            ("event", link(50)),
            ("label", "x".into()),
            ("phone", "1".into()),
            ("children", Scalar::Int(1)),
            ("adults", Scalar::Int(1)),
        ];
        let wants =
            n.checked_sub(15).and_then(|at| leased.get(usize::from(at))).is_some_and(|leased| *leased);
        answers.extend(wants.then(|| ("lease", link(lease))));
        server.create(doc(n), "family", owner, owner, &answers);
        if n < 15 {
            accepted(&server.act(doc(n), "call", owner, &[("answer", "来".into())]));
            accepted(&server.act(doc(n), "enrol", owner, &[]));
        }
    }
    (server, 14)
}

/// Of the two limits of an event it is the families that bind here, or the property below would say nothing.
#[test]
fn l1_q2_the_families_are_what_there_is_not_enough_of() {
    let (mut server, _) = nearly_full(&[]);
    accepted(&server.act(doc(30), "hold", LI, &[]));
    let no = blocked(&server.act(doc(31), "hold", WANG, &[]), "no-seats");
    assert!(no.reason.en.contains("At most 20 families can come; 2 are left"), "{no:?}");
    for (n, expected) in [(15, "enrolled"), (17, "enrolled"), (19, "waitlisted")] {
        accepted(&server.act(doc(n), "call", WANG, &[("answer", "来".into())]));
        accepted(&server.act(doc(n), "enrol", WANG, &[]));
        assert_eq!(server.stage(doc(n)), expected, "{n}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// O.14, Q1: two open applications about a policy are never there, whoever submitted them where.
    #[test]
    fn o14_q1_a_policy_has_one_open_application(policies in prop::collection::vec(0..2_u8, 6), steps in steps()) {
        let mut server = Server::default();
        for n in [100, 101] {
            let answers = [("number", format!("P{n}").into()), ("service_code", "8001".into())];
            server.create(doc(n), "policy", OPERATOR, OPERATOR, &answers);
        }
        for (n, person) in [(200, LI), (201, WANG)] {
            let staff = [("person", person.to_string().into()), ("code", "8001".into()), ("user_type", "agent".into())];
            server.create(doc(n), "staff", OPERATOR, OPERATOR, &staff);
        }
        for (n, policy) in policies.iter().enumerate() {
            let owner = if n % 2 == 0 { LI } else { WANG };
            let answers = [("policy", link(100 + policy)), ("item", "other".into()), ("branch", "大连".into())];
            server.create(doc(n as u8 + 1), "application", owner, owner, &answers);
        }
        let moves = [
            own("submit"), own("submit"), own("print"), own("hand_over"), own("withdraw"),
            by(CLERK, "scan", &[]), by(ARCHIVIST, "file", &[]), by(REVIEWER, "review", &[]),
            by(REVIEWER, "finish", &[("endorsement", "x")]),
            by(BOSS, "return", &[("reason", "x")]),
        ];
        play(server, &[1, 2, 3, 4, 5, 6], &moves, &steps, |server| {
            for policy in [100, 101] {
                let open = (1..=6).filter(|n| {
                    let stage = server.stage(doc(*n));
                    text(server, *n, "policy") == doc(policy).to_string()
                        && ["submitted", "handed_over", "scanned", "filed", "in_review", "returned"].contains(&stage.as_str())
                });
                assert!(open.count() <= 1);
            }
        });
    }

    /// E.5: one competitor for each of the three places of a visit.
    #[test]
    fn e5_q1_a_place_has_one_competitor(ranks in prop::collection::vec(1..4_i64, 6), steps in steps()) {
        let mut server = Server::default();
        server.create(doc(99), "plan_duty", OPERATOR, OPERATOR, &[("until", "2027-12-31".into())]);
        server.create(doc(50), "visit", LI, LI, &[("date", "2026-11-23".into()), ("store", link(60))]);
        accepted(&server.act(doc(50), "check_in", LI, &[("place", "38.9 121.6 0 5".into())]));
        server.history.get_mut(&doc(50)).unwrap()[0].act.id = ActId([0xfe; 16]);
        server.history.get_mut(&doc(50)).unwrap()[0].verdict.as_mut().unwrap().act = ActId([0xfe; 16]);
        for (n, rank) in ranks.iter().enumerate() {
            let answers = [("visit", link(50)), ("rank", Scalar::Int(*rank)), ("product", "x".into())];
            server.create(doc(n as u8 + 1), "competitor", LI, LI, &answers);
        }
        play(server, &[1, 2, 3, 4, 5, 6], &[own("record"), own("record"), own("correct")], &steps, |server| {
            for rank in 1..=3 {
                let there = (1..=6).filter(|n| number(server, *n, "rank") == rank);
                assert!(there.filter(|n| server.stage(doc(*n)) == "recorded").count() <= 1);
            }
        });
    }

    /// L.1, Q2: never more children than seats, those that are held for a colleague among them; who comes
    /// too late waits.
    #[test]
    fn l1_q2_an_event_has_twenty_children_at_most(
        families in prop::collection::vec((1..10_i64, any::<bool>()), 7),
        steps in steps(),
    ) {
        let mut server = Server { clock: Some(MORNING), ..Server::default() };
        let event = [
            ("label", "小小牙医".into()), ("date", "2026-11-28".into()), ("begins", "09:30".into()),
            ("venue", "某诊所".into()), ("leader", BOSS.to_string().into()),
        ];
        server.create(doc(50), "event", BOSS, BOSS, &event);
        accepted(&server.act(doc(50), "invite", BOSS, &[]));
        for (n, children) in [(20, 6), (21, 9)] {
            let answers = [
                ("event", link(50)), ("families", Scalar::Int(3)), ("children", Scalar::Int(children)),
                ("until", "2026-11-25T18:00:00+08:00".into()),
            ];
            let owner = if n == 20 { LI } else { WANG };
            server.create(doc(n), "seat_lease", owner, owner, &answers);
        }
        for (n, (children, leased)) in families.iter().enumerate() {
            let (owner, lease) = if n % 2 == 0 { (LI, 20) } else { (WANG, 21) };
            let mut answers = vec![
                ("event", link(50)), ("label", "x".into()), ("phone", "1".into()),
                ("children", Scalar::Int(*children)), ("adults", Scalar::Int(2)),
            ];
            answers.extend(leased.then(|| ("lease", link(lease))));
            server.create(doc(n as u8 + 1), "family", owner, owner, &answers);
        }
        let call = || Move { act: "call", by: None, payload: vec![("answer", "来".into())] };
        let moves = [call(), call(), own("enrol"), own("enrol"), own("enrol"), own("wait"), own("cancel"), own("hold")];
        let docs = [1, 2, 3, 4, 5, 6, 7, 20, 21];
        play(server, &docs, &moves, &steps, |server| {
            let enrolled: Vec<u8> = (1..=7).filter(|n| server.stage(doc(*n)) == "enrolled").collect();
            let children: i64 = enrolled.iter().map(|n| number(server, *n, "children")).sum();
            let unspent = [20, 21].into_iter().filter(|n| server.stage(doc(*n)) == "held").map(|lease| {
                let of = enrolled.iter().filter(|n| text(server, **n, "lease") == doc(lease).to_string());
                (number(server, lease, "children") - of.map(|n| number(server, *n, "children")).sum::<i64>()).max(0)
            });
            assert!(children + unspent.sum::<i64>() <= 20, "{children}");
        });
    }

    /// L.1, Q2: never more families than seats, those that are held among them: with families of one child, and
    /// leases of more families than children, the twenty families are what there is not enough of.
    #[test]
    fn l1_q2_an_event_has_twenty_families_at_most(leased in prop::collection::vec(any::<bool>(), 8), steps in steps()) {
        let (mut server, began) = nearly_full(&leased);
        let call = || Move { act: "call", by: None, payload: vec![("answer", "来".into())] };
        let moves = [call(), own("enrol"), own("enrol"), own("enrol"), own("cancel"), own("hold"), own("release")];
        let docs = [15, 16, 17, 18, 19, 20, 21, 22, 30, 31];
        server.clock = Some(MORNING);
        play(server, &docs, &moves, &steps, |server| {
            let enrolled: Vec<u8> = (1..=22).filter(|n| server.stage(doc(*n)) == "enrolled").collect();
            let held = [30, 31].into_iter().filter(|n| server.stage(doc(*n)) == "held").map(|lease| {
                let of = enrolled.iter().filter(|n| text(server, **n, "lease") == doc(lease).to_string());
                (number(server, lease, "families") - of.count() as i64).max(0)
            });
            let families = enrolled.len() as i64 + held.sum::<i64>();
            assert!((began..=20).contains(&families), "{families}");
        });
    }

    /// Q4: what is drawn from a source never exceeds it.
    #[test]
    fn q4_no_more_is_drawn_than_there_is(
        size in 0..10_i64,
        pieces in prop::collection::vec(0..6_i64, 6),
        steps in steps(),
    ) {
        let mut server = Server { clock: Some(MORNING), ..Server::default() };
        server.create(doc(50), "pool", OPERATOR, OPERATOR, &[("size", Scalar::Int(size))]);
        for (n, pieces) in pieces.iter().enumerate() {
            let owner = if n % 2 == 0 { LI } else { WANG };
            let answers = [("pool", link(50)), ("pieces", Scalar::Int(*pieces))];
            server.create(doc(n as u8 + 1), "draw", owner, owner, &answers);
        }
        let moves = [own("draw"), own("ask"), own("wait"), own("give_back"), by(BOSS, "check", &[])];
        play(server, &[1, 2, 3, 4, 5, 6], &moves, &steps, |server| {
            let drawn = (1..=6).filter(|n| ["drawn", "checked"].contains(&server.stage(doc(*n)).as_str()));
            assert!(drawn.map(|n| number(server, n, "pieces")).sum::<i64>() <= size);
        });
    }

    /// E.1, Q10: what a colleague resolved is not carried over, and the verdict says that it was found so.
    #[test]
    fn e1_q10_what_is_resolved_stays_so_until_somebody_reopens_it(steps in steps()) {
        let mut server = Server::default();
        server.create(doc(50), "visit", LI, LI, &[("date", "2026-11-23".into())]);
        for n in 1..=2 {
            let answers = [("issue", "x".into()), ("responsible", WANG.to_string().into()), ("due", "2026-12-01".into())];
            server.create(doc(n), "task", LI, LI, &answers);
            accepted(&server.act(doc(n), "assign", LI, &[]));
        }
        // The two that made them open have ids of their own.
        for (n, history) in server.history.values_mut().enumerate() {
            history[0].act.id = ActId([n as u8; 16]);
            history[0].verdict.as_mut().unwrap().act = ActId([n as u8; 16]);
        }
        let carry = |person| Move { act: "carry_over", by: Some(person), payload: vec![("next_visit", link(50))] };
        let moves = [
            carry(LI), carry(WANG), carry(LI), by(WANG, "complete", &[]), by(BOSS, "complete", &[]),
            own("assign"), by(WANG, "reopen", &[("reason", "x")]),
        ];
        play(server, &[1, 2], &moves, &steps, |server| {
            for n in [1, 2] {
                let mut resolved = false;
                for (stated, taken) in accepted_acts(server, n) {
                    match taken.as_str() {
                        "complete" => resolved = true,
                        "reopen" => resolved = false,
                        "carry_over" => assert!(!resolved, "carried over although it was resolved"),
                        "found_resolved" => assert!(resolved && stated.name == "carry_over"),
                        _ => {}
                    }
                }
            }
        });
    }

    /// D.9, Q5: every visit that began rests on an approval that its author had seen.
    #[test]
    fn d9_q5_no_visit_begins_without_an_approval_that_was_there_before(steps in steps()) {
        let mut server = Server { clock: Some(MORNING), ..Server::default() };
        for (n, owner) in [(1, LI), (2, WANG)] {
            let all = "appointments written_plan area papers goods tools mindset";
            let plan = [("date", "2026-11-23".into()), ("goals", "x".into()), ("plan", "y".into()), ("prepared", all.into())];
            server.create(doc(n), "day_plan", owner, owner, &plan);
            let visit = [("store", link(60)), ("date", "2026-11-23".into()), ("plan", link(n))];
            server.create(doc(10 + n), "visit", owner, owner, &visit);
        }
        let check_in = || Move { act: "check_in", by: None, payload: vec![("place", "38.9 121.6 0 5".into())] };
        let moves = [
            own("submit"), by(BOSS, "approve", &[]), by(BOSS, "approve", &[]), by(BOSS, "reject", &[("reason", "x")]),
            check_in(), check_in(),
        ];
        play(server, &[1, 2, 11, 12], &moves, &steps, |server| {
            for n in [1, 2] {
                let approvals: BTreeMap<ActId, _> = accepted_acts(server, n)
                    .into_iter()
                    .filter(|(_, taken)| taken == "approve")
                    .map(|(act, _)| (act.id, act))
                    .collect();
                for (visit, taken) in accepted_acts(server, 10 + n) {
                    let proven = visit.proofs.iter().any(|proof| approvals.contains_key(proof));
                    assert!(taken != "check_in" || proven, "{visit:?}");
                }
            }
        });
    }

    /// F.7: whatever order the acts come in, the numbers of a prefix count from one, without a gap.
    #[test]
    fn f7_numbers_have_no_gap_and_none_is_there_twice(
        units in prop::collection::vec(0..2_usize, 6),
        steps in steps(),
    ) {
        let mut server = Server { clock: Some(MORNING), counters: Some(BTreeMap::new()), ..Server::default() };
        for (n, unit) in units.iter().enumerate() {
            let owner = if n % 2 == 0 { LI } else { WANG };
            let answers = [("name", "x".into()), ("unit", ["A", "B"][*unit].into())];
            server.create(doc(n as u8 + 1), "asset", owner, owner, &answers);
        }
        let moves = [own("accept"), own("accept"), own("modify")];
        play(server, &[1, 2, 3, 4, 5, 6], &moves, &steps, |server| {
            for unit in ["A", "B"] {
                let of = (1..=6).filter(|n| text(server, *n, "unit") == unit);
                let given = of.filter_map(|n| {
                    let said = server.record(doc(n)).acts.get("@accept/acceptance_no")?.to_string();
                    Some(said.rsplit('-').next()?.parse::<usize>().unwrap())
                });
                let mut given: Vec<usize> = given.collect();
                given.sort_unstable();
                assert_eq!(given, (1..=given.len()).collect::<Vec<_>>());
            }
        });
    }
}
