//! Answers that two people gave differently at once: nothing is ruled on them before one is chosen, and
//! what was ruled is not changed by choosing.

use crate::play::*;
use crate::team::*;
use rounds_model::scalar::Scalar;
use rounds_workflow::may_settle;
use std::collections::BTreeMap;

#[test]
fn o14_q1_nothing_is_claimed_with_a_policy_that_is_not_decided() {
    play(
        "import policy number
         operator new staff s person=li code=8001 user_type=agent
         li new application a policy=P10000000123 item=other
         a differs note
         li act a submit
         li act a withdraw
         li new application b policy=P10000000123 item=other
         b differs policy
         li no b submit => content-undecided -
         b agrees
         li act b submit",
    );
}

#[test]
fn l1_q2_nobody_is_enrolled_while_it_is_not_decided_how_many_they_are() {
    play(
        "boss new event e label=x date=today begins=18:00 venue=y leader=boss
         boss act e invite
         li new family f event=e label=x phone=1 children=2 adults=1
         li act f call answer=yes
         f differs children
         li no f enrol => content-undecided -
         li no f wait => content-undecided -
         f agrees
         li act f enrol",
    );
}

#[test]
fn d9_q5_a_plan_with_two_texts_is_not_approved() {
    play(
        "li new day_plan p date=today goals=x plan=y prepared='appointments written_plan area papers goods tools mindset'
         li act p submit
         p differs plan
         boss no p approve => content-undecided D.9
         boss act p reject reason=两个文本
         p is draft",
    );
}

#[test]
fn q1_what_was_ruled_is_not_changed_by_choosing() {
    let kind = kind_of("application");
    let (one, other) = (Scalar::from("one"), Scalar::from("other"));
    let shown = BTreeMap::from([("policy".to_owned(), one.clone()), ("note".to_owned(), one.clone())]);
    let settle = |stage, key, value| may_settle(kind, stage, &who(LI), LI, &shown, [(key, value)]);
    let no = settle("submitted", "policy", &other).unwrap_err();
    assert_eq!((no.code.as_str(), no.field.as_deref()), ("settle-claims", Some("policy")));
    assert!(no.reason.zh.contains("已提交") && no.remedy.en.contains("returned"));
    settle("submitted", "policy", &one).unwrap();
    settle("submitted", "note", &other).unwrap();
    settle("draft", "policy", &other).unwrap();
    settle("finished", "policy", &other).unwrap();
}
