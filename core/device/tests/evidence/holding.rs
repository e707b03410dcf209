//! Deciding about a held item from two sides at once.

use crate::phone::{Phone, typed};
use rounds_device::store::outbox;
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
use std::sync::Barrier;

/// Found by a critic: the item was read before it was written again, and two taps wrote it twice.
#[test]
fn of_many_taps_at_once_one_tries_a_held_edit_again() {
    let phone = Phone::new();
    let doc = phone.sale("audio");
    for round in 0..6 {
        phone.answer(doc, &typed(&[&format!("holder=王{round}")])).unwrap();
        let (n, _) = phone.store().read(|db| outbox::of(db, doc)).unwrap().pop().unwrap();
        let refusal = Refusal::new("not-yours", Text::default(), Text::default());
        phone.store().write(|tx| outbox::hold(tx, n, &refusal, 1)).unwrap();
        let before = phone.store().read(outbox::waiting).unwrap();
        let held = phone.store().read(outbox::held).unwrap()[0].n;
        let (taps, rounds) = (Barrier::new(8), &*phone);
        let done: Vec<_> = std::thread::scope(|scope| {
            let tap = || {
                taps.wait();
                rounds.retry(held).map_err(|e| e.code)
            };
            let taps: Vec<_> = (0..8).map(|_| scope.spawn(tap)).collect();
            taps.into_iter().map(|tap| tap.join().unwrap()).collect()
        });
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
        assert!(done.iter().flat_map(|done| done.as_ref().err()).all(|code| code == "held-unknown"));
        assert_eq!(phone.store().read(outbox::waiting).unwrap(), before + 1);
    }
}
