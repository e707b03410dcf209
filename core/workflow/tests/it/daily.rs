//! Section D: the day and the week of a rep.

use crate::play::*;
use crate::team::*;

const PREPARED: &str = "prepared='appointments written_plan area papers goods tools mindset'";

fn morning() -> Play {
    play(&format!(
        "li new day_plan p date=today goals=三家门店 plan=中山广场 {PREPARED}
         li new workday w date=today plan=p
         li act w read arrived=08:50"
    ))
}

#[test]
fn d9_q5_nobody_sets_out_without_an_approved_plan() {
    let mut day = morning();
    day.on("li no w set_out => plan-not-approved D.9
            li act p submit
            li no w set_out => plan-not-approved D.9
            boss act p reject reason=没有写见谁
            li no w set_out => plan-not-approved D.9
            li set p plan='中山广场，见店长'
            li act p submit
            li no p approve => act-role D.9
            boss act p approve
            p says @approve/good_until=today
            li act w set_out
            w is field");
}

#[test]
fn d9_q9_an_approved_plan_is_good_for_its_own_day() {
    assert_eq!(number("daily-routine", "plan_good_days"), "0");
    let mut day = morning();
    day.on("li act p submit
            boss act p approve
            at 2026-11-24 00:01
            li no w set_out => proof-expired D.9");
}

#[test]
fn d9_q9_a_plan_for_another_day_opens_nothing_today() {
    play(&format!(
        "li new day_plan p date=+1 goals=x plan=y {PREPARED}
         li act p submit
         boss act p approve
         li new workday w date=+1 plan=p
         li act w read arrived=08:45
         li no w set_out => not-the-day D.9
         import store code
         li new visit v store=S0001 date=+1 plan=p
         li no v check_in place='38.9201 121.6443 0 12' => not-the-day D.9
         at 2026-11-24 08:50
         li act w set_out
         li act v check_in place='38.9201 121.6443 0 12'"
    ));
}

#[test]
fn d9_the_plan_is_ones_own_and_of_the_same_day() {
    play(&format!(
        "li new day_plan p date=+1 goals=x plan=y {PREPARED}
         li act p submit
         boss act p approve
         li new workday w date=today plan=p
         li act w read arrived=08:45
         li no w set_out => plan-of-another-day D.9
         wang new workday v date=+1 plan=p
         wang act v read arrived=08:45
         wang no v set_out => plan-of-another-day D.9"
    ));
}

#[test]
fn d10_a_plan_is_handed_in_when_all_seven_preparations_are_made() {
    assert_eq!(number("daily-routine", "preparation_items"), "7");
    let prepared = kind_of("day_plan").field("prepared").unwrap();
    assert_eq!(prepared.choices.len(), 7);
    play(
        "li new day_plan p date=today goals=x plan=y prepared='appointments tools'
         li no p submit => not-prepared D.10
         li set p plan=
         li no p submit => form-incomplete D.9",
    );
}

#[test]
fn d2_d5_a_day_has_five_stages_and_ends_with_a_summary_and_tomorrows_plan() {
    assert_eq!(number("daily-routine", "daily_stages"), "5");
    let stages: Vec<_> = kind_of("workday").stages.iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(stages, ["reading", "orientation", "field", "summary", "evening", "closed"]);
    let mut day = morning();
    day.on(&format!(
        "li act p submit
         boss act p approve
         li no w summarise gained=a lost=b tomorrow=p => act-not-now -
         li act w set_out
         li new day_plan q date=+1 goals=x plan=y {PREPARED}
         li no w summarise gained=a tomorrow=q => payload-missing D.2
         li no w summarise gained=a lost=b tomorrow=q => no-plan-for-tomorrow D.5
         li act q submit
         li no w summarise gained=a lost=b tomorrow=p => no-plan-for-tomorrow D.5
         li act w summarise gained=两单 lost=一家没人 tomorrow=q
         li act w gather
         li act w close
         w is closed
         w says @summarise/lost=一家没人"
    ));
}

#[test]
fn d6_the_goal_sheet_has_eight_duties_and_goes_to_the_manager() {
    assert_eq!(number("daily-routine", "weekly_duties"), "8");
    let duties: Vec<_> = kind_of("week_plan").fields.iter().filter(|field| field.name != "week").collect();
    assert_eq!(duties.len(), 8);
    assert!(duties.iter().all(|duty| duty.required));
    play(
        "li new week_plan s week=2026-11-24 duty_market=a duty_relations=b duty_service=c duty_issues=d duty_check=e duty_training=f duty_summary=g
         li no s submit => form-invalid D.6
         li set s week=2026-11-23
         li no s submit => form-incomplete D.6
         li set s next_goals=h
         li act s submit
         li cannot set s next_goals=i => stage-frozen
         li no s accept => act-role -
         boss act s reject reason=目标太低
         li set s next_goals=i
         li act s submit
         boss act s accept",
    );
}

/// The times of the tables, in their order.
fn times(table: &str, season: &str) -> Vec<String> {
    let bundle = bundle("daily-routine");
    let csv = String::from_utf8(bundle.file(&format!("tables/{table}.csv")).unwrap().to_vec()).unwrap();
    let rows = csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let of = rows.filter(|row| row[0].is_empty() || row[0] == season);
    of.map(|row| format!("{}-{}", row[2], row[3])).collect()
}

#[test]
fn d7_r1_summer_and_winter_begin_at_half_past_eight() {
    assert_eq!(times("blocks", "summer"), ["08:30-12:00", "12:00-13:30", "13:30-17:30"]);
    assert_eq!(times("blocks", "winter"), ["08:30-12:00", "12:00-13:00", "13:00-17:00"]);
    // What the manual says otherwise is shown beside it, with what counts.
    let pack = rounds_workflow::Pack::load(&bundle("daily-routine")).unwrap();
    let note = pack.schedules["blocks"].note.clone().unwrap();
    assert!(note.zh.contains("冬时制改为提早半小时") && note.zh.contains("以表为准"), "{note:?}");
    assert!(note.en.contains("half an hour earlier") && note.en.contains("the table counts"), "{note:?}");
}

#[test]
fn d8_the_slots_of_a_day_and_who_is_late_for_the_reading_says_why() {
    let slots = ["08:30-08:50", "08:50-09:00", "09:00-09:20", "09:20-09:30", "09:30-17:00"];
    assert_eq!(times("day", "winter"), slots);
    play(
        "li new workday w date=today
         li no w read arrived=08:57 => late-for-reading D.8
         li act w read arrived=08:57 reason=堵车
         w says @read/late_min=7
         li new workday v date=+1
         li act v read arrived=08:50
         v says @read/late_min=0",
    );
}

#[test]
fn d3_what_a_customer_needs_is_followed_up_until_it_is_resolved() {
    play(
        "li new client c name=王店长 phone=1
         li new feedback f sort=need what=要小包装
         li no f report => form-incomplete -
         li set f client=c
         li act f report
         li no f resolve how=好了 => not-followed-up D.3
         boss act f follow_up step=已报产品部
         boss act f resolve how=下月有小包装
         f is resolved
         li new feedback g sort=competitor what=降价一成
         li no g report => form-incomplete -
         li set g competitor=某品牌
         li act g report
         li act g resolve how=已知悉",
    );
}

#[test]
fn d4_callbacks_and_what_was_handed_out_are_counted() {
    let day = play(
        "li new client c name=王店长
         li new client_call a client=c date=today topic=新品
         li no a call => payload-missing -
         li act a call result=满意
         li new handout h client=c material=折页 pieces=3
         li act h give
         li new handout i client=c material=折页 pieces=2
         li act i give
         i says @give/given_before=3",
    );
    let shown = rounds_workflow::display(
        kind_of("client"),
        &day.server.project(day.doc("c")).record(day.doc("c")),
        &day.server,
        rounds_model::text::Lang::En,
    );
    assert_eq!(shown.unwrap().subtitle.as_deref(), Some("called back: 1"));
}

/// The post is the rep's, and whoever judges what a rep hands in is their manager alone.
#[test]
fn d1_what_a_rep_hands_in_is_judged_by_their_manager() {
    use rounds_model::people::Role;
    let pack = rounds_workflow::Pack::load(&bundle("daily-routine")).unwrap();
    let named = [Role::REP, Role::SUPERVISOR, Role::OPERATOR];
    for kind in &pack.kinds {
        for act in &kind.acts {
            assert!(
                act.roles.iter().all(|role| named.contains(&role.0.as_str())),
                "{} {}",
                kind.name,
                act.name
            );
        }
    }
    for (kind, act) in
        [("day_plan", "approve"), ("day_plan", "reject"), ("week_plan", "accept"), ("week_plan", "reject")]
    {
        let act = kind_of(kind).act(act).unwrap();
        assert_eq!(act.roles, [Role::from(Role::SUPERVISOR)], "{kind}");
    }
    play(&format!(
        "li new day_plan p date=today goals=x plan=y {PREPARED}
         li act p submit
         wang lacks p
         li no p approve => act-role D.9
         li no p reject reason=x => act-role -
         boss act p approve
         boss new day_plan own date=today goals=x plan=y {PREPARED}
         boss act own submit
         boss act own approve"
    ));
}

#[test]
fn d1_the_manager_leads_and_the_rep_works() {
    play(
        "li cannot new plan_duty => role-may-not-create
         boss new plan_duty d until=2026-11-30
         li no d introduce => act-role D.9
         boss act d introduce
         d is in_force
         li no d suspend => act-role D.9
         boss act d suspend",
    );
}

/// The plan was handed in; that it came back meanwhile is a matter of that plan.
#[test]
fn d5_a_plan_for_tomorrow_that_was_sent_back_was_handed_in_all_the_same() {
    let mut day = morning();
    day.on(&format!(
        "li act p submit
         boss act p approve
         li act w set_out
         li new day_plan q date=+1 goals=x plan=y {PREPARED}
         li act q submit
         boss act q reject reason=补充
         q is draft
         li act w summarise gained=a lost=b tomorrow=q"
    ));
}

#[test]
fn d6_d8_q1_a_day_and_a_week_are_one_record_whichever_phone_they_were_begun_on() {
    let duties = "duty_market=a duty_relations=b duty_service=c duty_issues=d duty_check=e duty_training=f duty_summary=g next_goals=h";
    let mut day = morning();
    // On her other phone, which had not heard of it.
    day.on("li new workday again date=today
            li no again read arrived=08:50 => day-begun-already D.8
            wang new workday hers date=today
            wang act hers read arrived=08:50
            li set again date=+1
            li act again read arrived=08:50
            li act p submit
            boss act p approve
            li set again date=today plan=p
            li no again set_out => day-begun-already D.8
            li no w set_out => day-begun-already D.8
            li set again date=+1
            li act w set_out");
    day.on(&format!(
        "li new week_plan s week=2026-11-23 {duties}
         li new week_plan t week=2026-11-23 {duties}
         wang new week_plan u week=2026-11-23 {duties}
         li act s submit
         li no t submit => week-handed-in-already D.6
         wang act u submit
         boss act s reject reason=目标太低
         li act t submit
         li no s submit => week-handed-in-already D.6
         li set s week=2026-11-30
         li act s submit"
    ));
}
