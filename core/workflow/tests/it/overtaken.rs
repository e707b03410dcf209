//! Q3, Q7 and Q10: an act that needs what its author saw, or is turned into another one.

use crate::team::*;
use rounds_model::scalar::Scalar;
use rounds_workflow::{Judged, Projection, project};

const PLACE: &str = "place";

fn cards() -> Server {
    let mut server = Server::default();
    server.create(doc(1), "card", LI, LI, &[(PLACE, "A".into())]);
    server
}

fn to(place: &str) -> [(&'static str, Scalar); 1] {
    [(PLACE, place.into())]
}

#[test]
fn q3_what_comes_after_the_audit_becomes_a_request_for_a_change() {
    let mut server = cards();
    let offline = server.statement(doc(1), "move", LI, &to("B"));
    accepted(&server.act(doc(1), "check", BOSS, &[]));
    let ruling = server.judge(offline);
    accepted(&ruling);
    let turned = ruling.turned.clone().unwrap();
    assert_eq!((ruling.stage.as_str(), turned.act.as_str()), ("requested", "request"));
    assert_eq!(turned.why.code, "stage-moved");
    assert!(turned.why.reason.zh.contains("已审核") && turned.why.remedy.en.contains("decide again"));
    let data = server.project(doc(1)).data;
    assert_eq!((data.get("@request/place"), data.get("@move/at")), (Some(&"B".into()), None));
}

#[test]
fn q7_an_act_that_needs_the_stage_its_author_saw_is_not_taken_in_another() {
    let mut server = cards();
    let mut stale = server.statement(doc(1), "move", LI, &to("B"));
    accepted(&server.act(doc(1), "recount", LI, &[]));
    // It would be possible in this stage too, and nothing stands in: the request needs "checked".
    blocked(&server.judge(stale.clone()), "stage-moved");
    stale.stage = "recounted".into();
    accepted(&server.judge(stale));
    assert_eq!(server.stage(doc(1)), "unchecked");
}

#[test]
fn what_stands_in_must_hold_by_its_own_rules() {
    let mut server = cards();
    let offline = server.statement(doc(1), "move", LI, &[]);
    accepted(&server.act(doc(1), "check", BOSS, &[]));
    // The request needs the new place as the move does: the first no is the answer.
    blocked(&server.judge(offline), "stage-moved");
    assert_eq!(server.stage(doc(1)), "checked");
}

#[test]
fn q10_an_issue_that_a_colleague_closed_is_not_carried_over() {
    let mut server = Server::default();
    server.create(doc(1), "issue", LI, LI, &[("shop", "A".into())]);
    let phone = server.clone();
    accepted(&server.act(doc(1), "close", WANG, &[]));
    let carried = phone.statement(doc(1), "carry_over", LI, &[]);
    let ruling = server.judge(carried.clone());
    accepted(&ruling);
    assert_eq!((ruling.stage.as_str(), ruling.turned.unwrap().act.as_str()), ("closed", "found_closed"));
    // In the other order it was carried over, and then closed all the same.
    let mut other = phone.clone();
    accepted(&other.judge(carried));
    accepted(&other.act(doc(1), "close", WANG, &[]));
    assert_eq!(other.stage(doc(1)), "closed");
}

#[test]
fn the_phone_foresees_that_an_act_is_turned() {
    let mut server = cards();
    let offline = server.statement(doc(1), "move", LI, &to("B"));
    accepted(&server.act(doc(1), "check", BOSS, &[]));
    let mut history = server.history(doc(1)).to_vec();
    history.push(Judged { act: offline.clone(), verdict: None });
    let ahead = Some(server.ahead(LI));
    let mut seen = project(catalogue(), doc(1), &server.fields[&doc(1)], &history, now(), ahead).unwrap();
    server.judge(offline);
    let mut ruled = server.project(doc(1));
    // Its place among the rulings is not known before.
    let places = [&mut seen, &mut ruled].map(|row| row.data.remove("@request/@order").unwrap());
    assert!(places[0].to_string().parse::<u64>().unwrap() > places[1].to_string().parse().unwrap());
    assert_eq!(Projection { pending: false, ..seen }, ruled);
}
