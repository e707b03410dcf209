//! A.8: where a policy stands with its premiums; R.2: which day reinstatement counts from.

use crate::play::*;

/// A policy whose premium was due on 2026-09-20.
fn policy(product: &str) -> Play {
    play(&format!(
        "import policy number
         import product label
         li new premium p policy=P10000000123 product={product} due=2026-09-20 amount=3000"
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
          li no p pay paid=2999 => too-little A.8
          li finds premium to_see_to => p
          li act p pay paid=3000
          p is paying
          p says @pay/next=2027-09-20
          at 2027-09-20 12:00
          li no p miss => not-due-yet A.8
          at 2027-09-21 12:00
          li act p miss
          p says @miss/grace_end=2027-11-19
          at 2027-11-20 00:00
          li no p pay paid=3000 => grace-is-over A.8
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
fn a8_r2_reinstatement_counts_from_the_suspension_where_the_product_says_so() {
    let mut p = policy("平安福");
    p.on("at 2026-11-20 09:00
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
          li no p pay paid=3000 => act-not-now -
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
          li new premium q policy=P10000000456 product=own due=2026-09-20 amount=1
          at 2026-10-21 09:00
          li act q lapse
          q says @lapse/grace_end=2026-10-20 @lapse/until=2027-09-20
          li no p lapse => still-in-grace A.8");
}
