//! A.8: where a policy stands with its premiums; R.2: which day reinstatement counts from.

use crate::play::*;

/// A policy whose premium was due on 2026-09-20.
fn policy(product: &str) -> Play {
    play(&format!(
        "li granted 大连
         boss granted 大连
         insurer granted 大连
         import policy number
         import product label
         li new premium p policy=P10000000123 product={product} due=2026-09-20 amount=3000 office=大连
         li act p start"
    ))
}

#[test]
fn a8_sixty_days_of_grace_in_which_the_cover_stands() {
    assert_eq!(number("policy-premium", "grace_days"), "60");
    let mut p = policy("护身福");
    p.on("at 2026-09-20 23:59
          li no p miss => not-due-yet A.8
          at 2026-09-21 00:00
          li act p miss
          p is grace
          p says @miss/covered=yes @miss/grace_end=2026-11-19
          at 2026-11-19 23:59
          li no p lapse => still-in-grace A.8
          li no p pay for_due=2026-09-20 paid=2999 => too-little A.8
          li finds premium to_see_to => p
          li act p pay for_due=2026-09-20 paid=3000
          p is paying
          p says @pay/next=2027-09-20
          at 2027-09-20 12:00
          li no p miss => not-due-yet A.8
          at 2027-09-21 12:00
          li act p miss
          p says @miss/grace_end=2027-11-19
          at 2027-11-20 00:00
          li no p pay for_due=2027-09-20 paid=3000 => grace-is-over A.8
          li act p lapse
          p says @lapse/covered=no");
}

#[test]
fn a8_r2_reinstatement_counts_from_the_due_date() {
    assert_eq!(number("policy-premium", "reinstatement_years"), "2");
    let mut p = policy("护身福");
    p.on("at 2026-11-20 09:00
          li act p lapse
          p says @lapse/counts_from=2026-09-20 @lapse/until=2028-09-20
          boss no p end => can-be-reinstated A.8
          at 2028-09-20 23:00
          li act p ask back_payment=9000
          insurer act p refuse reason=健康告知
          at 2028-09-21 00:00
          li no p ask back_payment=9000 => reinstatement-over A.8
          boss act p end
          p is ended");
}

#[test]
fn r2_the_products_of_the_pack_count_as_the_manual_does() {
    let rows = &kind_of("product").rows;
    assert!(!rows.is_empty() && rows.iter().all(|row| row["anchor"] == "due_date".into()));
}

#[test]
fn a8_r2_reinstatement_counts_from_the_suspension_where_the_product_says_so() {
    let mut p = policy("护身福");
    p.on("operator new product clause label=条款产品 anchor=suspension
          operator set P10000000123 product=条款产品
          boss act p amend reason=产品有误
          li no p start => product-differs R.2
          li set p product=clause
          li act p start
          at 2026-11-20 09:00
          li act p lapse
          p says @lapse/counts_from=2026-11-20 @lapse/until=2028-11-20
          at 2028-11-20 23:00
          li act p ask back_payment=9000
          insurer act p refuse reason=健康告知
          at 2028-11-21 00:00
          li no p ask back_payment=9000 => reinstatement-over A.8");
}

#[test]
fn a8_reinstatement_needs_the_back_payment_and_the_insurer() {
    let mut p = policy("护身福");
    p.on("at 2027-01-10 09:00
          li act p miss
          li act p lapse
          li no p pay for_due=2026-09-20 paid=3000 => grace-is-over -
          li no p ask => payload-missing -
          li no p ask back_payment=2000 => back-payment-missing A.8
          li act p ask back_payment=3000
          li no p approve => act-role -
          boss no p approve => act-role -
          insurer act p approve
          p is paying
          p says @approve/next=2027-09-20 @approve/covered=yes
          at 2027-09-21 09:00
          li act p miss
          p says @miss/due=2027-09-20 @miss/grace_end=2027-11-19");
}

#[test]
fn a8_grace_and_years_can_be_others_for_a_product() {
    let mut p = policy("护身福");
    p.on("operator new product own label=长险 anchor=due_date grace_days=30 reinstatement_years=1
          operator set P10000000456 product=长险
          li new premium q policy=P10000000456 product=own due=2026-09-20 amount=1
          li no q start => no-office A.8
          li set q office=大连
          li act q start
          at 2026-10-21 09:00
          li act q lapse
          q says @lapse/grace_end=2026-10-20 @lapse/until=2027-09-20
          li no p lapse => still-in-grace A.8");
}

#[test]
fn a8_what_is_due_is_settled_before_it_counts_and_recorded_once() {
    let mut p = policy("护身福");
    p.on("at 2026-10-01 09:00
          li cannot set p due=2027-09-20 => stage-frozen
          li cannot set p amount=1 => stage-frozen
          li new premium twice policy=P10000000123 product=护身福 due=2026-09-20 amount=1 office=大连
          li no twice start => premium-recorded-already A.8
          li no p amend reason=x => act-role A.8
          boss act p amend reason=保费有误
          p is setup
          li set p amount=2900
          li act p start
          li no p pay for_due=2026-09-20 paid=2899 => too-little A.8");
}

#[test]
fn a8_whoever_serves_the_policy_is_reminded_before_it_is_due_and_after() {
    use crate::team::{BOSS, LI, ZONE, who};
    let mut p = policy("护身福");
    let due = |play: &Play| {
        let record = play.server.project(play.doc("p")).record(play.doc("p"));
        let now = rounds_workflow::moment(play.at_ms, ZONE);
        let found = rounds_workflow::reminders(kind_of("premium"), &record, &play.server, now).unwrap();
        let told: Vec<_> =
            found.iter().map(|r| (r.name.clone(), r.overdue, r.concerns(&who(BOSS), LI))).collect();
        assert!(found.iter().all(|reminder| reminder.rule.as_deref() == Some("A.8")));
        told
    };
    p.on("at 2026-08-20 09:00");
    assert_eq!(due(&p), []);
    p.on("at 2026-08-22 09:00");
    assert_eq!(due(&p), [("due".to_owned(), false, false)]);
    p.on("at 2026-10-25 09:00");
    assert_eq!(due(&p), [("due".to_owned(), true, true)]);
    p.on("boss act p amend reason=保费有误
          li finds premium to_see_to => p");
    assert_eq!(due(&p), [("correct".to_owned(), false, false)]);
    p.on("at 2026-11-02 09:00");
    assert_eq!(due(&p), [("correct".to_owned(), true, true)]);
    p.on("li act p start
          li act p pay for_due=2026-09-20 paid=3000");
    assert_eq!(due(&p), [], "the next is a year away");
}

#[test]
fn a8_what_is_owed_goes_by_anniversaries_not_by_leap_years() {
    let owed = |due: &str, on: &str| {
        let mut p = policy("护身福");
        p.on(&format!(
            "operator set P10000000456 product=护身福
             li new premium q policy=P10000000456 product=护身福 due={due} amount=100 office=大连
             li act q start
             at {on} 12:00
             li act q lapse
             li act q ask back_payment=1000"
        ));
        p.server.project(p.doc("q")).data["@ask/owed"].to_string()
    };
    assert_eq!(owed("2026-09-20", "2027-09-20"), "100");
    assert_eq!(owed("2026-09-20", "2027-09-21"), "200");
    assert_eq!(owed("2026-09-20", "2028-09-20"), "200");
    assert_eq!(owed("2023-03-01", "2024-03-01"), "100");
    assert_eq!(owed("2023-03-01", "2024-03-02"), "200");
    assert_eq!(owed("2024-02-29", "2025-02-28"), "100");
    assert_eq!(owed("2024-02-29", "2025-03-01"), "200");
    assert_eq!(owed("2026-01-10", "2026-12-31"), "100");
}

/// Two phones record the same payment, each knowing only its own: it is one year, not two.
#[test]
fn a8_a_payment_names_the_due_date_that_it_is_for() {
    use crate::team::*;
    let mut p = policy("护身福");
    p.on("at 2026-09-18 09:00");
    let paid = |p: &Play, due: &str| {
        let payload = [("for_due", due.into()), ("paid", rounds_model::scalar::Scalar::Int(3000))];
        p.server.statement_at(p.at_ms, p.doc("p"), "pay", LI, &payload)
    };
    let two = [paid(&p, "2026-09-20"), paid(&p, "2026-09-20")];
    accepted(&p.server.judge(two[0].clone()));
    let no = blocked(&p.server.judge(two[1].clone()), "not-the-one-due");
    assert_eq!((no.rule.as_deref(), no.field.as_deref()), (Some("A.8"), Some("for_due")));
    p.on("p says @pay/next=2027-09-20
          li no p pay for_due=2027-09-20 paid=3000 => too-early A.8
          at 2027-07-21 09:00
          li no p pay for_due=2027-09-20 paid=3000 => too-early A.8
          at 2027-07-22 09:00
          li act p pay for_due=2027-09-20 paid=3000");
    assert_eq!(number("policy-premium", "pay_ahead_days"), "60");
}

#[test]
fn a8_a_correction_after_a_payment_says_anew_what_is_due() {
    let mut p = policy("护身福");
    p.on("at 2026-09-18 09:00
          li act p pay for_due=2026-09-20 paid=3000
          boss no p amend reason=日期有误 => next-not-said A.8
          boss act p amend reason=日期有误 next=2027-10-01
          li set p amount=2900
          li act p start
          p says @start/next=2027-10-01
          at 2027-10-01 12:00
          li no p miss => not-due-yet A.8
          li no p pay for_due=2027-09-20 paid=2900 => not-the-one-due A.8
          li act p pay for_due=2027-10-01 paid=2900
          p says @pay/next=2028-10-01");
}

/// The lapse was recorded by a colleague before the payment arrived.
#[test]
fn a8_q9_what_was_paid_within_the_grace_counts_after_a_lapse_was_recorded() {
    use crate::team::*;
    use rounds_model::ids::BootId;
    use rounds_model::time::{Anchor, Reading, TrustedTime};
    let mut p = policy("护身福");
    p.on("at 2026-11-19 20:00");
    let payload = [("for_due", "2026-09-20".into()), ("paid", rounds_model::scalar::Scalar::Int(3000))];
    let unproven = p.server.statement_at(p.at_ms, p.doc("p"), "pay", LI, &payload);
    let reading = Reading { wall_ms: p.at_ms, mono_ms: 1, boot: BootId([0; 16]) };
    let anchor = Anchor { took_ms: 0, reading, server_ms: p.at_ms };
    let trusted =
        rounds_model::act::Act { time: TrustedTime::judge(reading, Some(anchor)), ..unproven.clone() };
    p.on("at 2026-11-20 09:00
          wang granted 大连
          wang act p lapse
          li no p pay for_due=2026-09-20 paid=3000 => grace-is-over A.8");
    let mut other = p.server.clone();
    assert_eq!(blocked(&other.judge(unproven), "time-not-certain").rule.as_deref(), Some("Q9"));
    accepted(&p.server.judge(trusted));
    p.on("p is paying
          p says @pay/next=2027-09-20");
    // Without a trusted time the receipt says it, and a supervisor answers for it.
    let mut q = policy("护身福");
    q.on("at 2026-11-20 09:00
          li act p lapse
          li no p pay for_due=2026-09-20 paid=3000 paid_on=2026-11-19 => dated-by-a-supervisor Q9
          boss no p pay for_due=2026-09-20 paid=3000 paid_on=2026-11-20 => grace-is-over A.8
          boss act p pay for_due=2026-09-20 paid=3000 paid_on=2026-11-19
          p is paying");
}

#[test]
fn a8_q6_an_approval_is_of_the_request_that_the_insurer_saw() {
    use crate::team::*;
    let mut p = policy("护身福");
    p.on("at 2026-11-20 09:00
          li act p lapse
          li act p ask back_payment=3000");
    let offline = p.server.statement_at(p.at_ms, p.doc("p"), "approve", INSURER, &[]);
    p.on("insurer act p refuse reason=健康告知
          li act p ask back_payment=4000");
    let no = blocked(&p.server.judge(offline), "request-replaced");
    assert_eq!(no.rule.as_deref(), Some("A.8"));
    p.on("insurer act p approve
          p is paying");
}

/// A request that no insurer holds could never be decided.
#[test]
fn a8_a_lapsed_policy_without_an_office_gets_one_and_stays_lapsed() {
    let mut p = policy("护身福");
    // One of before the office was asked for.
    let id = p.doc("p");
    p.server.set(id, "office", "");
    p.on("at 2026-11-20 09:00
          li act p lapse
          li no p ask back_payment=3000 => no-office A.8
          boss no p amend reason=补填机构 next=2027-09-20 => lapse-stays A.8
          boss no p amend reason=补填机构 => lapse-stays A.8
          boss act p amend reason=补填机构 next=2026-09-20
          li set p office=大连
          li act p start
          p is paying
          li no p pay for_due=2026-09-20 paid=3000 => grace-is-over A.8
          li act p lapse
          p says @lapse/until=2028-09-20
          li act p ask back_payment=3000
          boss act p amend reason=金额有误 next=2026-09-20
          li set p amount=2900
          li act p start
          li act p lapse
          li act p ask back_payment=2900
          insurer act p approve
          p is paying");
}

/// The 29th of February comes back: anniversaries are counted from the first, not one from the other.
#[test]
fn a8_a_due_date_in_a_leap_year_does_not_drift() {
    let mut p = policy("护身福");
    p.on("operator set P10000000456 product=护身福
          at 2024-02-01 09:00
          li new premium q policy=P10000000456 product=护身福 due=2024-02-29 amount=100 office=大连
          li act q start");
    for (due, next) in [
        ("2024-02-29", "2025-02-28"),
        ("2025-02-28", "2026-02-28"),
        ("2026-02-28", "2027-02-28"),
        ("2027-02-28", "2028-02-29"),
    ] {
        p.on(&format!(
            "at {due} 10:00
             li act q pay for_due={due} paid=100
             q says @pay/next={next}"
        ));
    }
    p.on("at 2029-05-01 09:00
          li act q lapse
          li act q ask back_payment=200
          q says @ask/next=2030-02-28");
}

/// A policy that has not been paid for a hundred days is not simply "being paid".
#[test]
fn a8_what_happened_by_the_calendar_and_is_not_recorded_is_told() {
    use crate::team::ZONE;
    let found = |play: &Play| {
        let record = play.server.project(play.doc("p")).record(play.doc("p"));
        let now = rounds_workflow::moment(play.at_ms, ZONE);
        let all = rounds_workflow::exceptions(kind_of("premium"), &record, &play.server, now).unwrap();
        assert!(
            all.iter().all(|e| e.rule.as_deref() == Some("A.8") && !e.reason.en.contains('…')),
            "{all:?}"
        );
        all.into_iter().map(|e| (e.name, e.reason.en)).collect::<Vec<_>>()
    };
    let mut p = policy("护身福");
    p.on("at 2026-09-20 23:59");
    assert_eq!(found(&p), [], "it is due today");
    p.on("at 2026-09-21 00:01");
    let due = found(&p);
    assert_eq!((due.len(), due[0].0.as_str()), (1, "not_recorded_due"));
    assert!(due[0].1.contains("due on 2026-09-20") && due[0].1.contains("lasts until 2026-11-19"), "{due:?}");
    p.on("at 2026-12-29 09:00");
    assert!(found(&p)[0].1.contains("may have lapsed: it ended on 2026-11-19"), "{:?}", found(&p));
    // In grace, it is the lapse that is not recorded.
    p.on("at 2026-09-21 09:00
          li act p miss
          at 2026-11-19 23:59");
    assert_eq!(found(&p), []);
    p.on("at 2026-11-20 00:01");
    let over = found(&p);
    assert_eq!((over.len(), over[0].0.as_str()), (1, "not_recorded_lapse"));
    p.on("li act p lapse");
    assert_eq!(found(&p), [], "it is recorded");
}

/// Found by users: a second record got a policy past its lapse, the days of grace and the insurer.
#[test]
fn a8_what_is_corrected_lapsed_or_ended_is_not_begun_anew_as_another_record() {
    let mut p = policy("护身福");
    p.on("li new premium q policy=P10000000123 product=护身福 due=2027-09-20 amount=1 office=大连
          at 2026-11-20 09:00
          li act p lapse
          li no q start => premium-recorded-already A.8
          boss act p amend reason=补填机构 next=2026-09-20
          li no q start => premium-recorded-already A.8
          li cannot set p policy=P10000000456 => stage-frozen
          boss no p void reason=重来 => lapse-stays A.8
          li set p amount=2900
          li act p start
          li act p lapse
          at 2028-09-21 09:00
          li no q start => premium-recorded-already A.8
          boss act p end
          p is ended
          li no q start => premium-recorded-already A.8");
}

/// A record of the wrong policy makes room for the right one, as long as nothing has lapsed.
#[test]
fn a8_a_record_of_the_wrong_policy_is_void_and_in_nobodys_way() {
    let mut p = policy("护身福");
    p.on("li new premium q policy=P10000000123 product=护身福 due=2026-09-20 amount=3000 office=大连
          li no q start => premium-recorded-already A.8
          boss no p void reason=登错 => act-not-now A.8
          boss act p amend reason=登错
          li no p void reason=登错 => act-role A.8
          boss act p void reason=登错
          p is void
          li act q start
          q is paying");
}

/// Found by a critic: a lapse, or an end, that was recorded by mistake blocked its policy for ever.
#[test]
fn a8_what_lapsed_or_ended_by_mistake_is_made_void_by_the_insurer() {
    for (after, stage) in [
        ("", "lapsed"),
        ("li act p ask back_payment=3000", "asked"),
        ("at 2028-09-21 09:00\n boss act p end", "ended"),
        ("boss act p amend reason=登错 next=2026-09-20", "setup"),
    ] {
        let mut p = policy("护身福");
        p.on(&format!(
            "li new premium q policy=P10000000123 product=护身福 due=2026-09-20 amount=3000 office=大连
             at 2026-11-20 09:00
             li act p lapse
             {after}
             p is {stage}
             li no p void reason=登错 => act-role A.8
             boss no p void reason=登错 => lapse-stays A.8
             insurer no p void => payload-missing A.8
             li no q start => premium-recorded-already A.8
             insurer act p void reason=失效登记有误
             p is void
             li act q start
             q is paying"
        ));
    }
    // What is being paid is nobody's mistake of a lapse.
    policy("护身福").on("insurer no p void reason=x => act-not-now A.8");
}
