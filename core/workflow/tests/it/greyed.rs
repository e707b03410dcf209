//! O.15: what cannot be done is there, greyed, with code, field, reason, remedy and requirement.

use crate::team::*;
use rounds_model::refusal::Refusal;
use rounds_workflow::{View, acts, available, candidates, candidates_for_act};
use std::collections::BTreeMap;

fn contracts(server: &mut Server) {
    for (n, blocked) in [(101, false), (102, true), (103, false)] {
        let answers = [("number", format!("C{n}").into()), ("blocked", blocked.into())];
        server.create(doc(n), "contract", OPERATOR, OPERATOR, &answers);
    }
    server.create(doc(1), "asset", LI, LI, &[("name", "x".into())]);
    for n in [2, 3] {
        server.create(doc(n), "change", LI, LI, &[("contract", doc(103).to_string().into())]);
    }
}

fn said(result: &Result<(), Refusal>) -> Option<(&str, Option<&str>, Option<&str>)> {
    let no = result.as_ref().err()?;
    for text in [&no.reason, &no.remedy] {
        assert!(!text.zh.is_empty() && !text.en.is_empty(), "{no:?}");
    }
    Some((&no.code, no.field.as_deref(), no.rule.as_deref()))
}

#[test]
fn o15_o14_candidates_are_greyed_by_checks_and_by_what_others_have_open() {
    let mut server = Server::default();
    contracts(&mut server);
    accepted(&server.act(doc(3), "submit", LI, &[]));
    let kind = catalogue().kind("change").unwrap();
    let among = [101, 102, 103, 1].map(doc);
    let field = kind.field("contract").unwrap();
    let judged = candidates(kind, &server.record(doc(2)), field, &among, &who(LI), &server, now()).unwrap();
    let told: Vec<_> = judged.iter().map(said).collect();
    assert_eq!(told[0], None);
    assert_eq!(told[1], Some(("contract-blocked", Some("contract"), Some("O.15"))));
    assert_eq!(judged[1].as_ref().unwrap_err().reason.zh, "合同 C102 已冻结。");
    assert_eq!(told[2], Some(("one-open-change", None, Some("O.14"))));
    assert_eq!(judged[2].as_ref().unwrap_err().link, Some(doc(3)));
    assert_eq!(told[3], Some(("link-other-kind", Some("contract"), Some("O.3"))));
}

#[test]
fn o15_a_check_refuses_the_act_as_it_greyed_the_candidate() {
    let mut server = Server::default();
    contracts(&mut server);
    server.set(doc(2), "contract", doc(102).to_string());
    let no = blocked(&server.act(doc(2), "submit", LI, &[]), "contract-blocked");
    assert_eq!((no.field.as_deref(), no.rule.as_deref()), (Some("contract"), Some("O.15")));
    // A link leads to a record of its kind, or to one that is not known here.
    server.set(doc(2), "contract", doc(1).to_string());
    blocked(&server.act(doc(2), "submit", LI, &[]), "link-other-kind");
    server.set(doc(2), "contract", doc(101).to_string());
    let no = blocked(
        &server.act(doc(2), "submit", LI, &[("other", doc(1).to_string().into())]),
        "link-other-kind",
    );
    assert_eq!(no.field.as_deref(), Some("other"));
    server.set(doc(2), "contract", doc(77).to_string());
    accepted(&server.act(doc(2), "submit", LI, &[]));
}

#[test]
fn o15_what_an_act_could_not_carry_is_greyed_as_the_act_refuses_it() {
    let mut server = Server::default();
    contracts(&mut server);
    let kind = catalogue().kind("change").unwrap();
    let rule = kind.act("submit").unwrap();
    let field = rule.payload.iter().find(|field| field.name == "other").unwrap();
    let (record, sheet) = (server.record(doc(2)), (rule, &BTreeMap::new()));
    let view = View::new(who(LI), &server, now());
    let judged = candidates_for_act(kind, &record, sheet, field, &[doc(101), doc(1)], &view).unwrap();
    assert_eq!(said(&judged[0]), None);
    let (code, about, _) = said(&judged[1]).unwrap();
    assert_eq!((code, about), ("link-other-kind", Some("other")));
}

/// What a constraint or a need asks of another answer is left to the act until that is given.
#[test]
fn o15_what_cannot_be_worked_out_yet_greys_nothing() {
    let mut server = Server::default();
    contracts(&mut server);
    server.create(doc(4), "loan", LI, LI, &[]);
    let kind = catalogue().kind("change").unwrap();
    let rule = kind.act("withdraw").unwrap();
    let field = rule.payload.iter().find(|field| field.name == "instead").unwrap();
    let (record, view) = (server.record(doc(2)), View::new(who(LI), &server, now()));
    let judged = |given: &[(&str, &str)]| {
        let given = given.iter().map(|(name, text)| ((*name).to_owned(), (*text).into())).collect();
        let judged = candidates_for_act(kind, &record, (rule, &given), field, &[doc(4)], &view).unwrap();
        said(&judged[0]).map(|(code, ..)| code.to_owned())
    };
    assert_eq!(judged(&[]), None);
    assert_eq!(judged(&[("on", "2026-11-22")]).as_deref(), Some("payload-invalid"));
    assert_eq!(judged(&[("on", "2026-11-23")]).as_deref(), Some("not-submitted"));
    assert_eq!(judged(&[("on", "2026-11-24")]), None);
}

#[test]
fn o15_every_act_of_a_role_is_listed_with_what_stands_in_its_way() {
    let mut server = Server::default();
    contracts(&mut server);
    server.set(doc(2), "contract", "");
    let listed = |by| acts(catalogue(), &server.record(doc(2)), &View::new(who(by), &server, now())).unwrap();
    let told: Vec<_> = listed(LI);
    let told: Vec<_> = told.iter().map(|choice| (choice.act, said(&choice.possible))).collect();
    assert_eq!(
        told,
        [
            ("submit", Some(("form-incomplete", Some("contract"), Some("O.3")))),
            ("withdraw", Some(("act-not-now", None, Some("O.5")))),
        ]
    );
    // Of a colleague's record too; a screen offers only what belongs there.
    assert_eq!(listed(WANG)[0].possible.as_ref().unwrap_err().code, "act-not-owner");
    assert_eq!(
        available(catalogue(), &server.record(doc(2)), &View::new(who(LI), &server, now())).unwrap().len(),
        1
    );
    assert!(listed(BOSS).is_empty());
}

#[test]
fn f4_a_frozen_answer_names_its_requirement() {
    let mut server = Server { counters: Some(Default::default()), ..Server::default() };
    contracts(&mut server);
    accepted(&server.act(doc(1), "accept", LI, &[]));
    let kind = catalogue().kind("asset").unwrap();
    let no = rounds_workflow::may_write(kind, "accepted", &who(LI), LI, ["name"]).unwrap_err();
    assert_eq!((no.code.as_str(), no.rule.as_deref()), ("stage-frozen", Some("F.4")));
}

/// Found by users: what rests on a fact that rests on another one greyed nothing.
#[test]
fn o15_a_guard_on_a_fact_of_a_fact_greys_the_choice() {
    let mut server = Server::default();
    for (n, points) in [(1, 3), (2, 6), (3, 9)] {
        server.create(doc(n), "tasting", LI, LI, &[("points", rounds_model::scalar::Scalar::Int(points))]);
    }
    accepted(&server.act(doc(1), "score", LI, &[]));
    accepted(&server.act(doc(2), "score", LI, &[]));
    for (n, tasting) in [(11, 1), (12, 2), (13, 3)] {
        server.create(doc(n), "serving", LI, LI, &[("tasting", doc(tasting).to_string().into())]);
    }
    let possible = |n: u8, act: &str| {
        let (record, view) = (server.record(doc(n)), View::new(who(LI), &server, now()));
        let choices = available(catalogue(), &record, &view).unwrap();
        choices.into_iter().find(|choice| choice.act == act).unwrap().possible
    };
    let no = possible(11, "serve").unwrap_err();
    assert_eq!((no.code.as_str(), no.reason.en.as_str()), ("not-good-enough", "4 points are missing."));
    assert_eq!(possible(12, "serve"), Ok(()));
    // Not scored: the fact is known to be nothing, which is no reason to wait for the sheet.
    assert_eq!(possible(13, "serve").unwrap_err().reason.en, "10 points are missing.");
    assert_eq!(possible(11, "swap"), Ok(()), "what the sheet will say is not known");
    for (n, code) in [(11, "not-good-enough"), (13, "not-good-enough")] {
        blocked(&server.clone().act(doc(n), "serve", LI, &[]), code);
    }
    // On the sheet, as soon as all that it rests on is answered there.
    let kind = catalogue().kind("serving").unwrap();
    let rule = kind.act("swap").unwrap();
    let (record, view) = (server.record(doc(13)), View::new(who(LI), &server, now()));
    let judged = |given: &[(&str, i64)]| -> Vec<Option<String>> {
        let given = given.iter().map(|(name, n)| ((*name).to_owned(), (*n).into())).collect();
        let among = [1, 2, 3].map(doc);
        let judged =
            candidates_for_act(kind, &record, (rule, &given), &rule.payload[0], &among, &view).unwrap();
        judged.iter().map(|one| said(one).map(|(code, ..)| code.to_owned())).collect()
    };
    assert_eq!(judged(&[]), [None, None, None]);
    let no = Some("not-good-enough".to_owned());
    assert_eq!(judged(&[("at_least", 10)]), [no.clone(), None, no]);
}
