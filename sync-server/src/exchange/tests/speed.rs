//! A ruling among many records of its kind. `ROUNDS_RECORDS=100000` and `--nocapture` measure it.

use crate::exchange::open::record_row;
use crate::storage::Storage;
use crate::testing::{Office, act, edit};
use rounds_model::ids::DocId;
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::Receipt;
use rounds_workflow::{Claim, Projection};
use std::time::Instant;

const ACTS: u32 = 200;

/// Enough to show that the rulings are right; a measurement asks for more.
fn records() -> u32 {
    std::env::var("ROUNDS_RECORDS").ok().and_then(|text| text.parse().ok()).unwrap_or(300)
}

fn id(n: u32) -> DocId {
    let mut id = [0; 16];
    id[12..].copy_from_slice(&n.to_be_bytes());
    DocId(id)
}

/// The records that are there are not opened for it, so that rows and claims are enough of them.
fn fill(office: &Office, like: &Projection) {
    let mut tx = office.db.write(office.team).unwrap();
    for n in 0..records() {
        let claims = vec![Claim::one("one-open-change", id(n).to_string())];
        let projection = Projection { claims: claims.clone(), stage: "submitted".into(), ..like.clone() };
        tx.put_records(&[record_row(id(1_000_000 + n), &projection, 0, 0).unwrap()]).unwrap();
        tx.put_claims(id(1_000_000 + n), &claims).unwrap();
    }
    tx.commit().unwrap();
}

#[test]
fn a_ruling_among_many_records_of_its_kind() {
    let office = super::numbers::office();
    crate::admin::import::import(
        &office.db,
        office.team,
        "contract",
        b"number\nC1\n",
        None,
        crate::testing::NOW,
    )
    .unwrap();
    let view = office.db.read(office.team).unwrap();
    let filter = crate::storage::records::Filter { kind: Some("contract".into()), ..Default::default() };
    let contract = view.list(&filter).unwrap()[0].doc;
    drop(view);
    let mut li = office.phone("李娜");
    let made = li.create_with(id(1), "change", &[("contract", &contract.to_string())], &[]);
    li.push(&office, vec![edit(&made)]);
    let view = office.db.read(office.team).unwrap();
    let row = view.records(&[id(1)]).unwrap().remove(0);
    drop(view);
    let like: Projection = rounds_model::canonical::decode(&row.projection).unwrap();
    fill(&office, &like);

    let mut items = vec![];
    for n in 2..2 + ACTS {
        let contract = if n % 2 == 0 { contract } else { id(n) };
        let made = li.create_with(id(n), "change", &[("contract", &contract.to_string())], &[]);
        items.push(edit(&made));
    }
    li.push(&office, items);
    let acts: Vec<_> = (2..2 + ACTS).map(|n| act(&li.act(id(n), "submit", "draft"))).collect();
    let start = Instant::now();
    let receipts = li.push(&office, acts);
    let took = start.elapsed();
    assert!(receipts.iter().all(|receipt| matches!(receipt, Receipt::Stored(_))), "{receipts:?}");
    let each = took.as_secs_f64() * 1000.0 / f64::from(ACTS);
    println!("an act among {} records, opened, ruled and stored: {each:.3} ms", records());
    // One of those about the same contract goes through; those about none are refused as such.
    let view = office.db.read(office.team).unwrap();
    let docs: Vec<_> = (2..2 + ACTS).map(id).collect();
    let rulings = view.acts_of(&docs).unwrap();
    let accepted = rulings.iter().filter(|row| row.verdict.outcome == Outcome::Accepted).count();
    assert_eq!((rulings.len(), accepted), (ACTS as usize, 1));
}
