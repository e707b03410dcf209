//! What a record's screen tells of what was done.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod common;

use common::{Phone, me, phone, typed};
use rounds_device::screens::record::Done;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;

fn last(phone: &Phone, doc: DocId, lang: Lang) -> Done {
    phone.show(doc, lang).unwrap().done.pop().unwrap()
}

fn said(done: &Done) -> Vec<(&str, &str)> {
    done.carried.iter().chain(&done.facts).map(|said| (said.title.as_str(), said.shown.as_str())).collect()
}

/// O.7: why it went by an electronic form, in the reader's words.
#[test]
fn o7_the_screen_says_why_an_application_went_by_an_electronic_form() {
    let phone_ = phone("operator", &["policy-application"]);
    let policy = [("number", "P10000000123"), ("holder", "孙敏"), ("service_code", "8001")];
    let policy = phone_.create("policy", &typed(&policy)).unwrap();
    let person = me("rep").person.id.to_string();
    let staff = [("person", person.as_str()), ("code", "8001"), ("user_type", "agent")];
    phone_.create("staff", &typed(&staff)).unwrap();
    phone_.store().write(|tx| rounds_device::store::meta::set(tx, "identity", &me("rep"))).unwrap();
    let answers = [("policy", policy.to_string()), ("item", "contact_change".into())];
    let answers: Vec<_> = answers.iter().map(|(key, text)| (*key, text.as_str())).collect();
    let application = phone_.create("application", &typed(&answers)).unwrap();
    phone_.act(application, "submit", &[]).unwrap();
    let zh = last(&phone_, application, Lang::Zh);
    assert_eq!(said(&zh), [("走电子申请书的原因", "没有移动服务资格"), ("办理方式", "电子申请书")]);
    let en = last(&phone_, application, Lang::En);
    assert_eq!(en.facts[0].shown, "No qualification for mobile service");
    assert_eq!(en.facts[0].value, "no-mobile-qualification");
}

/// D.2, D.5: what was given with an act, with its labels, records by their titles.
#[test]
fn d2_the_screen_shows_what_an_act_carried() {
    let phone_ = phone("rep", &["daily-routine"]);
    let day = phone_.create("workday", &typed(&[("date", "2026-11-23")])).unwrap();
    phone_.act(day, "read", &typed(&[("arrived", "09:00"), ("reason", "堵车")])).unwrap();
    let done = last(&phone_, day, Lang::Zh);
    assert_eq!(said(&done), [("到场时间", "09:00"), ("迟到原因", "堵车"), ("迟到（分钟）", "10")]);
    assert_eq!(done.carried[0].kind, "time");
}

/// O.3: a list goes by what its pack says, page by page.
#[test]
fn o3_a_list_has_the_packs_columns_order_and_records() {
    let phone = phone("operator", &["policy-application"]);
    for n in [3, 1, 12, 2] {
        let number = format!("P{n:02}");
        let pay = if n == 2 { "self_pay" } else { "transfer" };
        phone
            .create("policy", &typed(&[("number", &number), ("holder", "孙敏"), ("pay_mode", pay)]))
            .unwrap();
    }
    let page = |after, limit| phone.list_as("policy", "by_number", after, limit, Lang::En).unwrap();
    let all = page(None, 50);
    assert_eq!(all.columns, ["Policy number", "Policyholder", "Product", "Way of paying renewals"]);
    let numbers: Vec<&str> = all.rows.iter().map(|row| row.cells[0].as_str()).collect();
    assert_eq!(numbers, ["P01", "P02", "P03", "P12"]);
    assert_eq!(all.rows[1].cells[3], "Paid in person");
    let first = page(None, 3);
    assert_eq!((first.rows.len(), first.next), (3, Some(3)));
    let second = page(first.next, 3);
    assert_eq!((second.rows.len(), second.next), (1, None));
    assert_eq!(second.rows[0].cells[0], "P12");
    let unknown = phone.list_as("policy", "by_colour", None, 9, Lang::En).unwrap_err();
    assert_eq!(unknown.code, "list-unknown");
    assert!(phone.kinds(Lang::En).iter().any(|kind| kind.lists.iter().any(|list| list.name == "by_number")));
    let under_way = phone.list_as("application", "under_way", None, 9, Lang::Zh).unwrap();
    assert!(under_way.rows.is_empty() && under_way.columns[0] == "受理号");
}

/// Q1: the number of a policy is there once, as far as this phone knows, and the refusal leads to the other one.
#[test]
fn o14_q1_a_phone_does_not_write_what_another_record_has() {
    let phone = phone("operator", &["policy-application"]);
    let policy = |number: &str| phone.create("policy", &typed(&[("number", number), ("holder", "孙敏")]));
    let first = policy("P1").unwrap();
    let no = policy("P1").unwrap_err();
    assert_eq!((no.code.as_str(), no.rule.as_deref()), ("taken-already", Some("O.3")), "{no:?}");
    let second = policy("P2").unwrap();
    let answer = |number: &str| phone.answer(second, &typed(&[("number", number)]));
    assert_eq!(answer("P1").unwrap_err().code, "taken-already");
    answer("P2").unwrap();
    phone.answer(first, &typed(&[("number", "P9")])).unwrap();
    answer("P1").unwrap();
}

/// D.8: a day that was begun is in the way of another one, and never of itself, however often its pending
/// acts are ruled on again before the server has.
#[test]
fn d8_a_day_that_waits_for_its_ruling_is_not_in_its_own_way() {
    let phone = phone("supervisor", &["daily-routine"]);
    phone.create("plan_duty", &typed(&[("note", "试用"), ("until", "2026-12-31")])).unwrap();
    let new = || phone.create("workday", &typed(&[("date", "2026-11-23")])).unwrap();
    let (day, other) = (new(), new());
    let read = |day| phone.act(day, "read", &typed(&[("arrived", "08:30")]));
    let stage = || phone.show(day, Lang::En).unwrap().row.stage.name;
    read(day).unwrap();
    assert_eq!(stage(), "orientation");
    phone.answer(day, &typed(&[("date", "2026-11-23")])).unwrap();
    assert_eq!(stage(), "orientation");
    assert_eq!(read(other).unwrap_err().code, "day-begun-already");
    phone.act(day, "set_out", &[]).unwrap();
    assert_eq!(stage(), "field");
    assert_eq!(read(other).unwrap_err().code, "day-begun-already");
    // Nothing is other than what it would be made into now.
    let found = phone.verify().unwrap();
    assert_eq!((found.different.len(), found.outdated), (0, 0), "{found:?}");
}

/// D.6: nor is a week.
#[test]
fn d6_a_week_that_waits_for_its_ruling_is_not_in_its_own_way() {
    let phone = phone("rep", &["daily-routine"]);
    let duties = ["market", "relations", "service", "issues", "check", "training", "summary"];
    let duties = duties.map(|duty| format!("duty_{duty}"));
    let mut answers = vec![("week", "2026-11-23"), ("next_goals", "x")];
    answers.extend(duties.iter().map(|duty| (duty.as_str(), "x")));
    let new = || phone.create("week_plan", &typed(&answers)).unwrap();
    let (week, other) = (new(), new());
    phone.act(week, "submit", &[]).unwrap();
    assert_eq!(phone.show(week, Lang::En).unwrap().row.stage.name, "submitted");
    assert_eq!(phone.act(other, "submit", &[]).unwrap_err().code, "week-handed-in-already");
    let found = phone.verify().unwrap();
    assert_eq!((found.different.len(), found.outdated), (0, 0), "{found:?}");
}

/// L.1, L.5: a phone tells no figures of families that it does not hold; and whoever is reminded by their role
/// is so from the start, not because somebody else did nothing.
#[test]
fn l1_l5_a_supervisors_phone_tells_no_partial_figures_and_is_reminded_as_the_first() {
    let phone = phone("supervisor", &["family-event"]);
    let other = rounds_model::ids::PersonId([9; 16]).to_string();
    let event = [
        ("label", "小小牙医"),
        ("date", "2026-11-17"),
        ("begins", "09:30"),
        ("venue", "某诊所"),
        ("leader", other.as_str()),
    ];
    let event = phone.create("event", &typed(&event)).unwrap();
    phone.act(event, "invite", &[]).unwrap();
    let made = phone.act(event, "hold", &[]).unwrap();
    assert!(made.facts.is_empty(), "{made:?}");
    let done = last(&phone, event, Lang::Zh);
    assert_eq!((done.name.as_str(), said(&done)), ("hold", vec![]));
    let due = phone.reminders_of(&[event], Lang::En).unwrap();
    assert_eq!(due.len(), 1, "{due:?}");
    assert!(!due[0].escalated, "{due:?}");
}

/// O.8, O.10: found by users: where the form could not be printed yet, another paper came out in its place.
#[test]
fn o8_o10_no_other_paper_is_printed_in_place_of_one_that_cannot_be() {
    let phone_ = phone("operator", &["policy-application"]);
    let policy =
        phone_.create("policy", &typed(&[("number", "P1"), ("holder", "孙敏"), ("service_code", "8001")]));
    let policy = policy.unwrap().to_string();
    phone_.store().write(|tx| rounds_device::store::meta::set(tx, "identity", &me("rep"))).unwrap();
    let answers = [("policy", policy.as_str()), ("item", "contact_change")];
    let application = phone_.create("application", &typed(&answers)).unwrap();
    for name in [None, Some("form")] {
        let no = phone_.print(application, name, &[], Lang::En).unwrap_err();
        assert_eq!((no.code.as_str(), no.rule.as_deref()), ("print-not-now", Some("O.10")), "{no:?}");
        let (zh, en) = (&no.remedy.zh, &no.remedy.en);
        assert!(en.ends_with("Can be printed now: List of required papers (papers_list)."), "{en}");
        assert!(zh.ends_with("现在可以打印：必要应备资料清单 (papers_list)。"), "{zh}");
    }
    // What is asked for by its name is that.
    let other = phone_.print(application, Some("papers_list"), &[], Lang::En).unwrap_err();
    assert!(other.code.starts_with("font"), "{other:?}");
}
