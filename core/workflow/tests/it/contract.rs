//! Section J: from knowing a customer to the callback after delivery.

use crate::play::*;

fn lead() -> Play {
    play(
        "li new client c name=大连某公司
         li new deal d client=c subject=办公用品 source=fair",
    )
}

fn signed() -> Play {
    let mut deal = lead();
    deal.on(
        "li set d background=五十人 needs=每月送货 visit_plan=带样品 meeting_day=today meeting_time=10:00
             li act d plan
             li act d meet presented=样品 solved=账期
             li act d confirm intent=想试三个月
             li act d quote policy=2026年政策 amount=3600 items=三个月
             li act d check accurate=true complete=true
             li act d settle details=月结 total=3600
             li act d sign contract_no=HT1",
    );
    deal
}

#[test]
fn j1_know_the_customer_plan_agree_on_a_time_meet_and_confirm() {
    let mut deal = lead();
    deal.on("li no d plan => customer-not-known J.1
             li set d background=五十人 needs=每月送货
             li no d plan => no-suitable-time J.1
             li set d visit_plan=带样品 meeting_day=+1 meeting_time=10:00
             li no d meet presented=a solved=b => act-not-now -
             li act d plan
             li no d meet presented=a solved=b => not-yet-the-day J.1
             at 2026-11-24 10:05
             li no d meet presented=样品 => payload-missing J.1
             li act d meet presented=样品 solved=账期
             li no d quote policy=x amount=1 items=y => act-not-now -
             li act d confirm intent=想试三个月
             d is intent");
}

#[test]
fn j2_a_quote_by_the_price_policy_is_checked_before_the_contract() {
    let mut deal = lead();
    deal.on("li set d background=x needs=y visit_plan=z meeting_day=today meeting_time=10:00
             li act d plan
             li act d meet presented=a solved=b
             li act d confirm intent=c
             li no d quote amount=100 items=x => payload-missing J.2
             li no d quote policy=p amount=0 items=x => payload-invalid -
             li act d quote policy=p amount=3600 items=x
             li no d settle details=x total=3600 => act-not-now -
             li no d sign contract_no=1 => act-not-now -
             li no d check accurate=true complete=false => quote-not-right J.2
             li no d check accurate=false complete=true => quote-not-right J.2
             li act d quote policy=p amount=3500 items=x
             boss act d check accurate=true complete=true
             li no d settle details=x total=3600 => contract-differs-from-quote J.2
             li act d settle details=x total=3500
             li act d sign contract_no=HT1
             li cannot set d subject=other => stage-frozen");
}

#[test]
fn j3_the_delivery_is_confirmed_the_callback_is_in_time_and_feedback_is_resolved() {
    let mut deal = signed();
    deal.on("li no d deliver received_by=王 on=today => callback-not-set J.3
             li set d callback_within=3
             li no d deliver received_by=王 on=+1 => payload-invalid -
             li act d deliver received_by=王 on=today
             d says @deliver/call_by=2026-11-26
             at 2026-11-26 18:00
             li act d call_back result=满意 doubts=已解答 open=少一箱
             d says @call_back/days_late=0
             li no d close => feedback-open J.3
             li act d resolve how=补送
             at 2026-11-27 09:00
             li act d call_back result=又少一箱 open=再少一箱
             li no d close => feedback-open J.3
             li act d resolve how=补送
             li act d close
             d is closed");
}

#[test]
fn j3_q6_feedback_is_resolved_after_it_came_by_the_servers_order_not_by_clocks() {
    let mut deal = signed();
    deal.on("li set d callback_within=3
             li act d deliver received_by=王 on=today
             li act d call_back result=x open=少一箱
             li act d resolve how=补送
             at 2026-11-23 09:00
             li act d call_back result=x open=又少一箱
             li no d close => feedback-open J.3
             at 2026-11-23 08:00
             li act d resolve how=补送
             li act d close");
}

#[test]
fn j3_q9_a_late_callback_says_why() {
    let mut deal = signed();
    deal.on("li set d callback_within=3
             li act d deliver received_by=王 on=today
             at 2026-11-27 00:01
             li no d call_back result=满意 => callback-late J.3
             li act d call_back result=满意 late_reason=出差
             d says @call_back/days_late=1
             li act d close");
}

#[test]
fn j4_where_leads_come_from_what_was_learnt_and_the_training_log() {
    let sources = &kind_of("deal").field("source").unwrap().choices;
    let sources: Vec<_> = sources.iter().map(|choice| choice.title.zh.as_str()).collect();
    assert_eq!(sources, ["网络", "社媒", "展会", "其他"]);
    let mut deal = lead();
    deal.on("li new client k name=另一家
             li new deal e client=k subject=x
             li no e plan => form-incomplete J.4
             li act e lose reason=没有需求
             li new post p heading=开场白 sort=experience text=先问需求 deal=d
             li act p share
             wang no p take_back => act-not-owner -
             li new training t topic=产品知识 date=+1
             li no t attend learnt=x => training-not-yet J.4
             at 2026-11-24 18:00
             li act t attend learnt=三个卖点");
}

#[test]
fn j4_a_source_says_how_many_leads_and_contracts_it_brought() {
    let mut deal = signed();
    deal.on("li new client k name=另一家
             li new deal e client=k subject=x source=fair");
    let record = deal.server.project(deal.doc("d")).record(deal.doc("d"));
    let source = deal.server.fields[&deal.doc("d")]["source"].to_string();
    let leads = if source == "fair" { 2 } else { 1 };
    let shown =
        rounds_workflow::display(kind_of("deal"), &record, &deal.server, rounds_model::text::Lang::En)
            .unwrap();
    let subtitle = shown.subtitle.unwrap();
    assert!(subtitle.ends_with(&format!("(from there: {leads}, contracts: 1)")), "{subtitle}");
}

#[test]
fn j2_a_check_is_of_the_quote_that_was_looked_at() {
    use crate::team::*;
    let mut deal = lead();
    deal.on("li set d background=x needs=y visit_plan=z meeting_day=today meeting_time=10:00
             li act d plan
             li act d meet presented=a solved=b
             li act d confirm intent=c
             li act d quote policy=p amount=100 items=x");
    let right = [("accurate", true.into()), ("complete", true.into())];
    let offline = deal.server.statement_at(deal.at_ms, deal.doc("d"), "check", BOSS, &right);
    deal.on("li act d quote policy=p amount=200 items=x");
    let no = blocked(&deal.server.judge(offline), "quote-replaced");
    assert_eq!(no.rule.as_deref(), Some("J.2"));
    assert!(no.reason.en.contains("200"), "{no:?}");
    deal.on("d is quoted
             boss act d check accurate=true complete=true
             d says @check/amount=200");
}

/// Without a network, a rep quotes and a moment later checks what they quoted: the phone lets it through, and so
/// does the server, which rules on both in that order.
#[test]
fn j2_q5_a_phone_checks_its_own_quote_before_the_server_has_ruled() {
    use crate::team::*;
    use rounds_workflow::{Judged, stand};
    let mut deal = lead();
    deal.on("li set d background=x needs=y visit_plan=z meeting_day=today meeting_time=10:00
             li act d plan
             li act d meet presented=a solved=b
             li act d confirm intent=c
             li act d quote policy=p amount=100 items=x");
    let id = deal.doc("d");
    let mut phone = deal.server.clone();
    let values =
        [("policy", "p".into()), ("amount", rounds_model::scalar::Scalar::Int(200)), ("items", "y".into())];
    let quote = phone.statement_at(deal.at_ms, id, "quote", LI, &values);
    phone.history.get_mut(&id).unwrap().push(Judged { act: quote.clone(), verdict: None });
    let stands = |phone: &Server| {
        stand(catalogue(), id, &phone.fields[&id], Server::history(phone, id), Some(phone.ahead(LI))).unwrap()
    };
    let record = stands(&phone).record;
    let right = fields(&[("accurate", true.into()), ("complete", true.into())]);
    let named =
        rounds_workflow::proofs(catalogue(), &record, "check", &right, &phone, deal.at_ms, ZONE).unwrap();
    assert_eq!(named, [quote.id]);
    let check = rounds_model::act::Act {
        id: rounds_model::ids::ActId([0xcc; 16]),
        name: "check".into(),
        number: quote.number + 1,
        payload: right,
        proofs: named,
        ..quote.clone()
    };
    phone.history.get_mut(&id).unwrap().push(Judged { act: check.clone(), verdict: None });
    let foreseen = stands(&phone);
    assert_eq!(foreseen.record.stage, "checked", "{:?}", foreseen.rulings);
    accepted(&deal.server.judge(quote));
    accepted(&deal.server.judge(check));
    deal.on("d says @check/amount=200");
}

/// A second callback that brings nothing new leaves open what the first one brought.
#[test]
fn j3_what_a_callback_left_open_stays_open_until_it_is_resolved() {
    let mut deal = signed();
    deal.on("li set d callback_within=3
             li act d deliver received_by=王 on=today
             li act d call_back result=x open=少一箱
             li act d call_back result=满意
             d says @call_back/still_open=少一箱
             li no d close => feedback-open J.3
             li act d call_back result=x open=颜色不对
             d says @call_back/still_open=少一箱；颜色不对
             li act d resolve how=补送并更换
             li act d call_back result=满意
             d says @call_back/still_open=
             li act d close");
}
