//! For tests: an office with a small pack, and phones that exchange with it in process.

mod news;
mod office;
mod packs;
mod phone;

pub use office::Office;
pub use packs::{PACK, moving, rules_folder};
pub use phone::Phone;

use rounds_model::act::SignedAct;
use rounds_model::edit::Edit;
use rounds_model::ids::DocId;
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::exchange::{Packed, PushItem, Receipt};

/// 2026-11-23, in the morning.
pub const NOW: i64 = 1_795_400_000_000;
pub const BOSS: &str = "王主管";
pub const PASSWORD: &str = "correct horse";

pub fn doc(n: u8) -> DocId {
    DocId([n; 16])
}

pub fn edit(edit: &Edit) -> Packed {
    PushItem::Edit(edit.clone()).pack().unwrap()
}

pub fn act(act: &SignedAct) -> Packed {
    PushItem::Act(act.clone()).pack().unwrap()
}

/// What became of each item, in one word.
pub fn words(receipts: &[Receipt]) -> Vec<String> {
    let word = |receipt: &Receipt| match receipt {
        Receipt::Stored(_) => "stored".to_owned(),
        Receipt::Duplicate(_) => "duplicate".to_owned(),
        Receipt::Held(refusal) => refusal.code.clone(),
        Receipt::Taken(refusal) => format!("taken {}", refusal.code),
    };
    receipts.iter().map(word).collect()
}

pub fn ruling(verdict: &Verdict) -> String {
    match &verdict.outcome {
        Outcome::Accepted => "accepted".to_owned(),
        Outcome::Blocked(refusal) => refusal.code.clone(),
    }
}
