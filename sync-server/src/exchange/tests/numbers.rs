//! Automatic numbers with real transactions (F.7): what was not accepted leaves no gap, and what two
//! phones wanted at once is given to both.

use crate::storage::Storage;
use crate::testing::{Office, Phone, act, doc, edit, ruling};
use rounds_model::verdict::Outcome;

pub fn office() -> Office {
    let office = Office::new();
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/workflow/tests/packs/mechanisms");
    let bundle = crate::admin::publish::read_folder(&folder).unwrap();
    crate::admin::publish::publish(&office.db, office.team, &bundle, false).unwrap();
    office
}

fn number(phone: &Phone, n: u8) -> String {
    let verdict = phone.verdicts[&doc(n)].iter().rfind(|v| v.outcome == Outcome::Accepted).unwrap();
    verdict.facts["acceptance_no"].to_string()
}

#[test]
fn f7_numbers_are_given_in_the_order_of_arrival_and_once() {
    let office = office();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let accept = |phone: &mut Phone, n: u8, name: &str| {
        let made = phone.create_with(doc(n), "asset", &[("name", name), ("unit", "A")], &[]);
        vec![edit(&made), act(&phone.act(doc(n), "accept", "draft"))]
    };
    let (first, second) = (accept(&mut li, 1, "x"), accept(&mut zhao, 2, "x"));
    // Without a name it is incomplete: refused, and no number is taken for it.
    let refused = accept(&mut zhao, 3, "");
    zhao.push(&office, [second, refused].concat());
    assert_eq!(ruling(&zhao.verdicts[&doc(3)][0]), "form-incomplete");
    let Outcome::Blocked(refusal) = &zhao.verdicts[&doc(3)][0].outcome else { panic!() };
    assert_eq!(refusal.rule.as_deref(), Some("F.2"), "the field's own requirement");
    // The answer is lost, and the phone asks again.
    li.try_exchange(&office, first.clone(), true).unwrap();
    li.push(&office, first);
    li.sync(&office);
    assert_eq!(number(&zhao, 2), "YS-A-2026-0001");
    assert_eq!(number(&li, 1), "YS-A-2026-0002");
    let third = accept(&mut li, 4, "x");
    li.push(&office, third);
    assert_eq!(number(&li, 4), "YS-A-2026-0003");
    let view = office.db.read(office.team).unwrap();
    assert_eq!(view.counter("YS-A-|2026").unwrap(), 3);
    assert_eq!(crate::admin::verify::verify(&*view).unwrap().differences, vec![]);
}
