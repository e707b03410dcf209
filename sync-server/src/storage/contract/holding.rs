//! The holding queue.

use super::{Backend, TEAM, doc, with_team};
use crate::storage::holding::{HoldingRow, Load};
use rounds_model::ids::{DeviceId, PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_protocol::exchange::{Decision, ItemHash, RuledBefore};

pub fn what_is_handed_over_is_kept_once_and_counted<B: Backend>() {
    let mut b = with_team::<B>();
    let no = Refusal::new("no", Text::new("不行", "no"), Text::new("重来", "again"));
    let row = |n: u8| HoldingRow {
        number: Seq(n.into()),
        device: DeviceId([5 + n % 2; 16]),
        person: PersonId([3; 16]),
        doc: doc(1 + n / 3),
        hash: ItemHash([n; 32]),
        item: vec![n; 10],
        refusal: no.clone(),
        received: 7,
        decision: None,
        ruled: (n == 4).then(|| RuledBefore::As("send".into())),
    };
    let mut tx = b.storage().write(TEAM).unwrap();
    for n in 1..=4 {
        tx.put_holding(&row(n)).unwrap();
    }
    assert!(tx.put_holding(&HoldingRow { number: Seq(9), ..row(1) }).is_err(), "an item is there once");
    drop(tx);
    let decision = Decision { accepted: true, by: PersonId([9; 16]), at_ms: 8, reason: String::new() };
    let decided = HoldingRow { item: vec![], decision: Some(decision), ..row(2) };
    let mut tx = b.storage().write(TEAM).unwrap();
    for n in 1..=4 {
        tx.put_holding(&row(n)).unwrap();
    }
    tx.put_holding(&decided).unwrap();
    tx.commit().unwrap();
    b.restart();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.holding(Seq(2)).unwrap(), Some(decided.clone()));
    assert_eq!(view.holding(Seq(5)).unwrap(), None);
    let even = DeviceId([5; 16]);
    assert_eq!(view.holding_of(even, &[ItemHash([4; 32]), ItemHash([1; 32])]).unwrap(), [row(4)]);
    assert_eq!(view.holding_load(even).unwrap(), Load { waiting: 1, items: 2, bytes: 10 });
    assert_eq!(view.holding_load(DeviceId([0; 16])).unwrap(), Load::default());
    let waiting = |scopes: Option<&[Scope]>, limit| view.holding_waiting(scopes, limit).unwrap();
    assert_eq!(waiting(None, 2), [row(1), row(3)], "oldest first, and no more");
    assert_eq!(waiting(Some(&[Scope::Person(row(4).person)]), 9), [row(1), row(3), row(4)]);
    assert_eq!(waiting(Some(&[Scope::Person(PersonId([99; 16]))]), 9), [], "of others only");
    assert_eq!(view.holding_about(doc(1)).unwrap(), [row(1), decided]);
    drop(view);
    let another = HoldingRow { person: PersonId([7; 16]), ..row(6) };
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_holding(&another).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let own = [Scope::Team, Scope::Person(PersonId([7; 16]))];
    assert_eq!(view.holding_waiting(Some(&own), 1).unwrap(), [another], "cut after it is filtered");
}
