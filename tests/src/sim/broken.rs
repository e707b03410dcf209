//! Engines that are broken on purpose, to show that the simulation would notice. The product is
//! left alone: what a broken engine would have done is done to the answers on their way.

use super::rng::Rng;
use rounds_device::error::Fail;
use rounds_model::ids::{Epoch, Seq};
use rounds_protocol::exchange::{Answer, PullItem, Receipt, Request};
use std::collections::HashMap;

/// How an engine is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// A receipt is dropped: what the server holds is taken for sent.
    DropsReceipt,
    /// A receipt comes before the thing is stored.
    ReceiptsTooEarly,
    /// The cursor moves past something that was not taken in.
    SkipsCursor,
    /// A page is taken in before the one that comes before it.
    SwapsPages,
    /// What the server holds is taken for handed over, and nobody has it.
    ForgetsTaken,
    /// That a record was removed is not taken in.
    LosesTombstone,
    /// A ruling is not taken in.
    LosesRuling,
    /// A server that was put back to a backup goes on as if nothing had happened.
    RestoresBlindly,
}

/// Spoils answers.
pub struct Bungler {
    broken: Broken,
    rng: Rng,
    kept: HashMap<usize, Vec<PullItem>>,
}

impl Bungler {
    /// In one way, now and then.
    pub fn new(broken: Broken, rng: Rng) -> Bungler {
        Bungler { broken, rng, kept: HashMap::new() }
    }

    /// True if this is how it is broken.
    pub fn is(&self, broken: Broken) -> bool {
        self.broken == broken
    }

    /// True if the server should never see this request, but the phone gets receipts for it.
    pub fn swallows(&mut self, request: &Request) -> bool {
        self.broken == Broken::ReceiptsTooEarly && !request.push.is_empty() && self.rng.percent(5)
    }

    /// The answer as a broken engine would take it in.
    pub fn spoil(
        &mut self,
        phone: usize,
        request: &Request,
        mut answer: Answer,
        ask: &mut dyn FnMut(&Request) -> Result<Answer, Fail>,
    ) -> Result<Answer, Fail> {
        match self.broken {
            Broken::DropsReceipt => {
                let held = answer.receipts.iter_mut().filter(|r| matches!(r, Receipt::Held(_)));
                held.for_each(|receipt| *receipt = Receipt::Stored(Seq(0)));
            }
            Broken::ReceiptsTooEarly | Broken::RestoresBlindly => {}
            Broken::ForgetsTaken => {
                for receipt in &mut answer.receipts {
                    if let Receipt::Held(refusal) = receipt {
                        *receipt = Receipt::Taken(refusal.clone());
                    }
                }
            }
            Broken::LosesTombstone => answer.pull.retain(|item| !matches!(item, PullItem::Removed { .. })),
            Broken::LosesRuling => {
                let lost = self.rng.percent(30);
                answer.pull.retain(|item| !(lost && matches!(item, PullItem::Ruled { .. })));
            }
            Broken::SkipsCursor => {
                if self.rng.percent(20) {
                    answer.pull.pop();
                }
            }
            Broken::SwapsPages => {
                if let Some(mut kept) = self.kept.remove(&phone) {
                    kept.append(&mut answer.pull);
                    answer.pull = kept;
                } else if answer.more {
                    let (cursors, push) = (answer.cursors.clone(), vec![]);
                    let next = ask(&Request { cursors, push, ..request.clone() })?;
                    self.kept.insert(phone, std::mem::replace(&mut answer.pull, next.pull));
                    answer.cursors = next.cursors;
                }
            }
        }
        Ok(answer)
    }

    /// What a phone is told of a request that was swallowed.
    pub fn pretend(request: &Request, now_ms: i64) -> Answer {
        Answer {
            receipts: request.push.iter().map(|_| Receipt::Stored(Seq(0))).collect(),
            pull: vec![],
            cursors: request.cursors.clone(),
            epoch: request.epoch.unwrap_or(Epoch([0; 16])),
            more: false,
            server_ms: now_ms,
            team_key: None,
            ended: None,
            level: None,
            witness: None,
            lost: vec![],
        }
    }
}
