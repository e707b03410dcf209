//! Whose a record is and who holds it, by its area and by the acts that give it to somebody else;
//! and records that are removed.

use crate::broken::WHOLE;
use chrono_tz::Asia::Shanghai;
use rounds_model::act::Act;
use rounds_model::ids::{ActId, BootId, ChangeHash, DeviceId, DocId, PersonId, Seq};
use rounds_model::people::Role;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::time::{Reading, TrustedTime};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_workflow::{
    Ahead, Alone, Bundle, Catalogue, Judged, Pack, Person, Projection, may_settle, may_write, moment,
    project, saw_all, stand,
};
use std::collections::BTreeMap;

const LI: PersonId = PersonId([1; 16]);
const WANG: PersonId = PersonId([2; 16]);
const DOC: DocId = DocId([9; 16]);

/// How tickets change hands and are removed, as the server's tests have it, with the stages of [`WHOLE`].
fn more() -> String {
    let moving = include_str!("../packs/tickets/moving.toml");
    let moving = moving.replace("\"open\"", "\"new\"").replace("\"sent\"", "\"closed\"");
    format!("{moving}{SIGN}")
}

const SIGN: &str = r#"
[kinds.ticket.acts.sign]
title = { zh = "签", en = "Sign" }
from = ["new"]
to = "closed"
roles = ["rep"]
exact = true
"#;

fn manifest() -> String {
    format!("{WHOLE}{}", more())
}

fn catalogue(manifest: &str) -> Catalogue {
    let bundle = Bundle::new([("pack.toml", manifest.as_bytes().to_vec())]).unwrap();
    Catalogue::new([Pack::load(&bundle).unwrap()]).unwrap()
}

fn fields(answers: &[(&str, &str)]) -> BTreeMap<String, Scalar> {
    let mut all: BTreeMap<String, Scalar> =
        answers.iter().map(|(key, value)| ((*key).to_owned(), Scalar::from(*value))).collect();
    all.insert("@kind".into(), "ticket".into());
    all.insert("@owner".into(), LI.to_string().into());
    all.insert("@pack".into(), Scalar::Int(1));
    all
}

fn act(n: u8, name: &str, stage: &str, whom: Option<PersonId>) -> Act {
    let reading = Reading { wall_ms: 1_795_400_000_000, mono_ms: 1, boot: BootId([0; 16]) };
    Act {
        id: ActId([n; 16]),
        doc: DOC,
        name: name.into(),
        person: LI,
        device: DeviceId([5; 16]),
        number: n.into(),
        pack: 1,
        heads: vec![ChangeHash([7; 32])],
        stage: stage.into(),
        payload: whom.map(|id| ("whom".to_owned(), Scalar::from(id.to_string()))).into_iter().collect(),
        time: TrustedTime::judge(reading, None),
        proofs: vec![],
    }
}

fn accepted(act: Act, stage: &str) -> Judged {
    let verdict = Verdict {
        act: act.id,
        doc: DOC,
        seq: Seq(act.number),
        outcome: Outcome::Accepted,
        stage: stage.into(),
        facts: BTreeMap::new(),
        turned: None,
        at_ms: 1,
    };
    Judged { act, verdict: Some(verdict) }
}

fn seen(catalogue: &Catalogue, answers: &[(&str, &str)], history: &[Judged]) -> Projection {
    project(catalogue, DOC, &fields(answers), history, moment(0, Shanghai), None).unwrap()
}

#[test]
fn an_act_gives_a_record_to_somebody_and_its_scope_follows() {
    let catalogue = catalogue(&manifest());
    let mut history = vec![];
    assert_eq!(seen(&catalogue, &[], &history).scope, Scope::Person(LI));
    history.push(accepted(act(1, "give", "new", Some(WANG)), "new"));
    let given = seen(&catalogue, &[], &history);
    assert_eq!((given.owner, given.scope), (WANG, Scope::Person(WANG)));
    // What was not accepted gives nothing; nor does an act that assigns nobody.
    let mut refused = accepted(act(2, "give", "new", Some(LI)), "new");
    let no = rounds_model::refusal::Refusal::new("no", Default::default(), Default::default());
    refused.verdict.as_mut().unwrap().outcome = Outcome::Blocked(no);
    history.extend([refused, accepted(act(3, "close", "new", Some(LI)), "closed")]);
    assert_eq!(seen(&catalogue, &[], &history).owner, WANG);
    history.push(accepted(act(4, "give", "closed", Some(LI)), "new"));
    assert_eq!(seen(&catalogue, &[], &history).owner, LI, "the latest counts");
}

#[test]
fn a_phone_foresees_whose_a_record_will_be() {
    let catalogue = catalogue(&manifest());
    let role = Role::from(Role::REP);
    let heads = [ChangeHash([7; 32])];
    let ahead = || {
        Some(Ahead {
            who: Person { id: LI, role: &role },
            world: &Alone,
            zone: Shanghai,
            heads: &heads,
            contested: &crate::team::NOTHING,
            foreseen: &crate::team::NONE_FORESEEN,
        })
    };
    let pending = |act: Act| [Judged { act, verdict: None }];
    let given = pending(act(1, "give", "new", Some(WANG)));
    let answers = fields(&[("what", "x")]);
    let standing = stand(&catalogue, DOC, &answers, &given, ahead()).unwrap();
    assert_eq!(standing.record.owner, WANG);
    // An act on other content than what stands by now is not expected to be accepted.
    let mut sign = act(1, "sign", "new", None);
    let stage = |act: &Act| {
        let pending = [Judged { act: act.clone(), verdict: None }];
        stand(&catalogue, DOC, &answers, &pending, ahead()).unwrap().record.stage
    };
    assert_eq!(stage(&sign), "closed");
    sign.heads = vec![ChangeHash([8; 32])];
    assert_eq!(stage(&sign), "new");
    let kind = catalogue.kind("ticket").unwrap();
    assert_eq!(saw_all(kind, &sign, &sign.name, &heads).unwrap_err().code, "content-moved");
    sign.name = "close".into();
    assert!(saw_all(kind, &sign, &sign.name, &heads).is_ok(), "only acts that ask for it");
}

#[test]
fn an_area_is_what_the_answer_names_and_else_the_owners() {
    let pack = manifest().replace("scope = \"owner\"", "scope = { area = \"what\" }");
    let catalogue = catalogue(&pack);
    let scope = |what: &str| seen(&catalogue, &[("what", what)], &[]).scope;
    assert_eq!(scope(" 东区 "), Scope::Area("东区".into()));
    for none in ["", "  ", "a\nb", &"x".repeat(65)] {
        assert_eq!(scope(none), Scope::Person(LI), "{none:?}");
    }
    assert_eq!(seen(&catalogue, &[], &[]).scope, Scope::Person(LI));
}

#[test]
fn lesson_11_deletes_leave_no_day_no_claim_and_nothing_to_search_or_write() {
    let catalogue = catalogue(&manifest());
    let kind = catalogue.kind("ticket").unwrap();
    let answers = [("what", "shelf"), ("day", "2026-11-23")];
    let mut history = vec![accepted(act(1, "close", "new", None), "closed")];
    let before = seen(&catalogue, &answers, &history);
    assert!(!before.removed && before.day.is_some() && !before.claims.is_empty() && before.search == "shelf");
    history.push(accepted(act(2, "remove", "closed", None), "gone"));
    let gone = seen(&catalogue, &answers, &history);
    assert!(gone.removed && gone.day.is_none() && gone.claims.is_empty() && gone.search.is_empty());
    assert_eq!(gone.data["what"], "shelf".into(), "and still what it was");
    let role = Role::from(Role::REP);
    let who = Person { id: LI, role: &role };
    assert_eq!(may_write(kind, "gone", &who, LI, ["what"]).unwrap_err().code, "record-removed");
    assert_eq!(rounds_workflow::may_touch(kind, "gone").unwrap_err().code, "record-removed");
    let what = Scalar::from("shelf");
    let shown = BTreeMap::new();
    assert!(may_settle(kind, "gone", &who, LI, &shown, [("what", &what)]).is_ok(), "in some other stage");
    history.push(accepted(act(3, "undo", "gone", None), "new"));
    let back = seen(&catalogue, &answers, &history);
    assert!(!back.removed && back.day.is_some());
}

#[test]
fn a_pack_that_leaves_a_way_around_is_refused() {
    let cases = [
        ("scope = \"owner\"", "scope = { area = \"where\" }", "area-not-answered"),
        ("scope = \"owner\"", "scope = { region = \"what\" }", "wrong-shape"),
        ("scope = \"owner\"", "scope = \"everyone\"", "unknown-choice"),
        ("assigns = \"whom\"", "assigns = \"who\"", "assigns-nobody"),
        ("To whom\" }, required = true }", "To whom\" } }", "assigns-nobody"),
        ("type = \"person\"", "type = \"text\"", "assigns-nobody"),
        ("from = [\"new\", \"closed\"]\nto = \"gone\"", "from = [\"gone\"]\nto = \"gone\"", "removed-stage"),
        ("initial = \"new\"", "initial = \"gone\"", "removed-stage"),
        ("open = [\"closed\"]", "open = [\"closed\", \"gone\"]", "removed-stage"),
        (
            "to = \"closed\"\nroles = [\"rep\"]\nexact",
            "to = \"gone\"\nroles = [\"rep\"]\nexact",
            "removed-stage",
        ),
    ];
    for (from, to, code) in cases {
        let manifest = manifest();
        assert!(manifest.contains(from), "{from}");
        let manifest = manifest.replacen(from, to, 1);
        let found = Pack::check(&Bundle::new([("pack.toml", manifest.into_bytes())]).unwrap());
        assert!(found.iter().any(|problem| problem.code == code), "{from} → {to}: {found:?}");
    }
}
