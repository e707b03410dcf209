//! Applications about policies: O.14 and Q1, one open application per policy.

use crate::team::*;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_workflow::{Judged, View, available, display, may_write, project, stand};

fn office() -> Server {
    let mut server = Server::default();
    let kind = catalogue().kind("policy").unwrap();
    for (n, row) in kind.rows.iter().enumerate() {
        let answers: Vec<_> = row.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        server.create(doc(100 + n as u8), "policy", OPERATOR, OPERATOR, &answers);
    }
    for (n, owner) in [(1, LI), (2, WANG)] {
        // The two serve the same customers.
        let staff =
            [("person", owner.to_string().into()), ("code", "8001".into()), ("user_type", "agent".into())];
        server.create(doc(200 + n), "staff", OPERATOR, OPERATOR, &staff);
        let answers = [
            ("branch", "大连".into()),
            ("policy", doc(100).to_string().into()),
            ("item", "payment_change".into()),
            ("new_mode", "self_pay".into()),
        ];
        server.create(doc(n), "application", owner, owner, &answers);
    }
    server
}

#[test]
fn o14_q1_the_second_application_for_a_policy_is_blocked_and_names_the_first() {
    let mut server = office();
    accepted(&server.act(doc(1), "submit", LI, &[]));
    assert_eq!(server.project(doc(1)).claims[0].key, doc(100).to_string());
    let refusal = blocked(&server.act(doc(2), "submit", WANG, &[]), "one-open-application");
    assert_eq!((refusal.link, refusal.rule.as_deref()), (Some(doc(1)), Some("O.14")));
    assert_eq!(refusal.field.as_deref(), Some("policy"));
    assert!(refusal.reason.zh.contains("P10000000123 已有一份未完结的申请"), "{}", refusal.reason.zh);
    assert!(refusal.reason.en.starts_with("Policy P10000000123 already has"), "{}", refusal.reason.en);
    assert!(refusal.remedy.zh.contains("撤回") && refusal.remedy.en.contains("withdraw"));
    // Never dropped: it is as it was, and can still be changed.
    assert_eq!(server.stage(doc(2)), "draft");
    assert!(may_write(catalogue().kind("application").unwrap(), "draft", &who(WANG), WANG, ["note"]).is_ok());

    accepted(&server.act(doc(1), "withdraw", LI, &[]));
    assert_eq!(server.project(doc(1)).claims, []);
    accepted(&server.act(doc(2), "submit", WANG, &[]));
}

#[test]
fn o14_another_policy_is_another_matter() {
    let mut server = office();
    server.set(doc(2), "policy", doc(101).to_string());
    accepted(&server.act(doc(1), "submit", LI, &[]));
    accepted(&server.act(doc(2), "submit", WANG, &[]));
}

#[test]
fn o14_q1_another_spelling_of_the_policy_is_no_way_around() {
    let mut server = office();
    accepted(&server.act(doc(1), "submit", LI, &[]));
    let id = doc(100).to_string();
    for spelling in [id.to_uppercase(), format!(" {id}"), format!("{{{id}}}")] {
        server.set(doc(2), "policy", spelling);
        assert_eq!(server.act(doc(2), "submit", WANG, &[]).stage, "draft");
    }
    // A link to a record that is no policy leads nowhere either.
    server.set(doc(2), "policy", doc(1).to_string());
    blocked(&server.act(doc(2), "submit", WANG, &[]), "link-other-kind");
}

#[test]
fn o14_a_blocked_application_can_be_discarded() {
    let mut server = office();
    accepted(&server.act(doc(1), "submit", LI, &[]));
    blocked(&server.act(doc(2), "submit", WANG, &[]), "one-open-application");
    accepted(&server.act(doc(2), "withdraw", WANG, &[]));
}

#[test]
fn o14_q1_the_phone_greys_it_out_when_it_knows_and_is_overruled_when_it_does_not() {
    let mut server = office();
    let phone = server.clone();
    accepted(&server.act(doc(1), "submit", LI, &[]));
    let offers = |world: &Server| {
        let choices =
            available(catalogue(), &world.record(doc(2)), &View::new(who(WANG), world, now())).unwrap();
        choices[0].possible.as_ref().err().map(|refusal| refusal.code.clone())
    };
    assert_eq!(offers(&server).as_deref(), Some("one-open-application"));
    assert_eq!(offers(&phone), None);

    // Offline, Wang submits: the phone expects it to be accepted and says that it waits.
    let act = phone.statement(doc(2), "submit", WANG, &[]);
    let history = [Judged { act: act.clone(), verdict: None }];
    let seen = |ahead| project(catalogue(), doc(2), &phone.fields[&doc(2)], &history, now(), ahead).unwrap();
    let expected = seen(Some(phone.ahead(WANG)));
    assert_eq!((expected.stage.as_str(), expected.pending), ("submitted", true));
    assert_eq!(expected.claims.len(), 1, "so that the phone itself refuses a second one");
    let ahead = Some(phone.ahead(WANG));
    let rulings = stand(catalogue(), doc(2), &phone.fields[&doc(2)], &history, ahead).unwrap().rulings;
    assert_eq!((rulings[0].0, rulings[0].1.stage.as_str()), (act.id, "submitted"));
    let unruled = seen(None);
    assert_eq!((unruled.stage.as_str(), unruled.pending), ("draft", true));
    // Then the verdict comes.
    blocked(&server.judge(act), "one-open-application");
    let ruled = server.project(doc(2));
    assert_eq!((ruled.stage.as_str(), ruled.pending), ("draft", false));
    assert!(!ruled.data.contains_key("@submit/at"));
}

#[test]
fn o14_fields_are_frozen_while_the_application_is_open() {
    let application = catalogue().kind("application").unwrap();
    for key in ["policy", "item", "note"] {
        let refusal = may_write(application, "submitted", &who(LI), LI, [key]).unwrap_err();
        assert_eq!(refusal.code, "stage-frozen");
    }
}

#[test]
fn o4_a_policy_that_nobody_knows_cannot_be_applied_for() {
    let mut server = office();
    server.set(doc(1), "policy", doc(250).to_string());
    blocked(&server.act(doc(1), "submit", LI, &[]), "policy-unknown");
}

#[test]
fn o9_a_supervisor_returns_or_finishes() {
    let mut server = office();
    accepted(&server.act(doc(1), "submit", LI, &[]));
    blocked(&server.act(doc(1), "finish", LI, &[]), "act-role");
    blocked(&server.act(doc(1), "return", BOSS, &[]), "payload-missing");
    accepted(&server.act(doc(1), "return", BOSS, &[("reason", "缺少附件".into())]));
    assert_eq!(server.project(doc(1)).data["@return/reason"], "缺少附件".into());
    assert_eq!(server.stage(doc(1)), "returned");
    for (act, by) in
        [("submit", LI), ("print", LI), ("hand_over", LI), ("scan", BOSS), ("file", BOSS), ("review", BOSS)]
    {
        accepted(&server.act(doc(1), act, by, &[]));
    }
    accepted(&server.act(doc(1), "finish", BOSS, &[("endorsement", "PD1".into())]));
    accepted(&server.act(doc(2), "submit", WANG, &[]));
}

/// It is still the one application for its policy, which stays what it is; the rest can be changed.
#[test]
fn o14_what_was_returned_is_open_still() {
    let mut server = office();
    accepted(&server.act(doc(1), "submit", LI, &[]));
    accepted(&server.act(doc(1), "return", BOSS, &[("reason", "缺少附件".into())]));
    assert_eq!(blocked(&server.act(doc(2), "submit", WANG, &[]), "one-open-application").link, Some(doc(1)));
    let kind = catalogue().kind("application").unwrap();
    let writes = |key| may_write(kind, "returned", &who(LI), LI, [key]).map_err(|no| no.code);
    assert_eq!(writes("policy"), Err("stage-frozen".into()));
    for key in ["item", "note", "branch", "account"] {
        assert_eq!(writes(key), Ok(()), "{key}");
    }
    accepted(&server.act(doc(1), "submit", LI, &[]));
    accepted(&server.act(doc(1), "return", BOSS, &[("reason", "x".into())]));
    accepted(&server.act(doc(1), "withdraw", LI, &[]));
    accepted(&server.act(doc(2), "submit", WANG, &[]));
}

/// A reviewer without a network finishes what was returned and came back changed meanwhile.
#[test]
fn o9_q6_an_endorsement_is_of_what_was_reviewed() {
    let mut server = office();
    let steps =
        [("submit", LI), ("print", LI), ("hand_over", LI), ("scan", BOSS), ("file", BOSS), ("review", BOSS)];
    steps.iter().for_each(|(act, by)| accepted(&server.act(doc(1), act, *by, &[])));
    let offline = server.statement_at(MORNING, doc(1), "finish", BOSS, &[("endorsement", "PD1".into())]);
    accepted(&server.act(doc(1), "return", BOSS, &[("reason", "x".into())]));
    steps.iter().for_each(|(act, by)| accepted(&server.act(doc(1), act, *by, &[])));
    let no = blocked(&server.judge(offline), "submitted-anew");
    assert_eq!(no.rule.as_deref(), Some("O.9"));
    accepted(&server.act(doc(1), "finish", BOSS, &[("endorsement", "PD1".into())]));
}

#[test]
fn titles_follow_the_language() {
    let server = office();
    let kind = catalogue().kind("application").unwrap();
    let title = |lang| display(kind, &server.project(doc(1)).record(doc(1)), &server, lang).unwrap().title;
    assert_eq!(title(Lang::Zh), "P10000000123 续期交费方式变更");
    assert_eq!(title(Lang::En), "P10000000123 Change of renewal payment");
    assert_eq!(server.project(doc(100)).search, "P10000000123 孙敏 护身福");
    assert_eq!(kind.field("note").map(|f| f.required), Some(false));
    assert_eq!(server.fields[&doc(1)]["@pack"], Scalar::Int(i64::from(kind.version)));
}
