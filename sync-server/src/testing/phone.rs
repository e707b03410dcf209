//! A phone that writes, acts and exchanges.

use super::{NOW, Office, doc};
use crate::error::Result;
use crate::exchange::exchange;
use ed25519_dalek::SigningKey;
use rounds_model::act::{Act, SignedAct};
use rounds_model::document::Document;
use rounds_model::edit::Edit;
use rounds_model::ids::{ActId, ActorId, BootId, DeviceId, DocId, PersonId};
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::time::{Reading, TrustedTime};
use rounds_model::verdict::Verdict;
use rounds_protocol::enrol::EnrolAnswer;
use rounds_protocol::exchange::{Answer, Cursors, Handed, Packed, PullItem, Receipt, Request, Take, Witness};
use rounds_workflow::Judged;
use std::collections::{BTreeMap, BTreeSet};

pub struct Phone {
    pub device: DeviceId,
    pub token: String,
    pub key: SigningKey,
    pub actor: ActorId,
    pub person: PersonId,
    pub cursors: Cursors,
    pub witness: Option<Witness>,
    /// What it cannot read any more.
    pub unread: Vec<DocId>,
    pub docs: BTreeMap<DocId, Document>,
    pub stages: BTreeMap<DocId, String>,
    pub verdicts: BTreeMap<DocId, Vec<Verdict>>,
    pub history: BTreeMap<DocId, Vec<Judged>>,
    pub handed: BTreeMap<u64, Handed>,
    /// Where each tombstone is, and its stage.
    pub removed: BTreeMap<DocId, (Scope, String)>,
    pub(super) leaving: BTreeSet<DocId>,
    pub take: Take,
    number: u64,
}

impl Phone {
    pub fn of(answer: EnrolAnswer, key: SigningKey, n: u8) -> Phone {
        Phone {
            device: answer.device,
            token: answer.token,
            key,
            actor: ActorId([n; 16]),
            person: answer.person.id,
            cursors: Cursors::new(),
            witness: None,
            unread: vec![],
            docs: BTreeMap::new(),
            stages: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            history: BTreeMap::new(),
            handed: BTreeMap::new(),
            removed: BTreeMap::new(),
            leaving: BTreeSet::new(),
            take: Take::default(),
            number: 0,
        }
    }

    /// The first edit of a record of a kind.
    pub fn create(&mut self, doc: DocId, kind: &str, owner: PersonId, answers: &[(&str, &str)]) -> Edit {
        let mut values: Vec<(String, Scalar)> =
            answers.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
        values.push(("@kind".into(), kind.into()));
        values.push(("@owner".into(), owner.to_string().into()));
        values.push(("@pack".into(), 1.into()));
        self.write(doc, &values)
    }

    /// The same for the phone's person, with answers that are no texts.
    pub fn create_with(
        &mut self,
        doc: DocId,
        kind: &str,
        answers: &[(&str, &str)],
        more: &[(&str, Scalar)],
    ) -> Edit {
        let mut values: Vec<(String, Scalar)> =
            answers.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
        values.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        values.push(("@kind".into(), kind.into()));
        values.push(("@owner".into(), self.person.to_string().into()));
        if more.iter().all(|(key, _)| *key != "@pack") {
            values.push(("@pack".into(), 1.into()));
        }
        self.write(doc, &values)
    }

    pub fn ticket(&mut self, n: u8, title: &str) -> Edit {
        self.create(doc(n), "ticket", self.person, &[("title", title)])
    }

    pub fn set(&mut self, doc: DocId, key: &str, value: &str) -> Edit {
        self.write(doc, &[(key.to_owned(), value.into())])
    }

    /// Writes several answers at once.
    pub fn answer(&mut self, doc: DocId, answers: &[(&str, &str)]) -> Edit {
        let values: Vec<_> =
            answers.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
        self.write(doc, &values)
    }

    /// Chooses between the values that an answer has.
    pub fn settle(&mut self, doc: DocId, key: &str, value: &str) -> Edit {
        assert!(self.docs[&doc].versions(key).len() > 1, "nothing to choose");
        self.set(doc, key, value)
    }

    fn write(&mut self, doc: DocId, values: &[(String, Scalar)]) -> Edit {
        let document = self.docs.entry(doc).or_default();
        document.write(doc, self.actor, NOW / 1000, values).unwrap().unwrap()
    }

    pub fn act(&mut self, doc: DocId, name: &str, stage: &str) -> SignedAct {
        self.act_with(doc, name, stage, &[])
    }

    pub fn act_with(&mut self, doc: DocId, name: &str, stage: &str, payload: &[(&str, &str)]) -> SignedAct {
        self.number += 1;
        let reading = Reading { wall_ms: NOW, mono_ms: 1, boot: BootId([0; 16]) };
        let act = Act {
            id: ActId::v7(NOW as u64 + self.number, [self.actor.0[0]; 10]),
            doc,
            name: name.into(),
            person: self.person,
            device: self.device,
            number: self.number,
            pack: 1,
            heads: self.docs.get(&doc).map(Document::heads).unwrap_or_default(),
            stage: stage.into(),
            payload: payload.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect(),
            proofs: vec![],
            time: TrustedTime::judge(reading, None),
        };
        act.sign(&self.key).unwrap()
    }

    pub fn request(&self, push: Vec<Packed>) -> Request {
        Request {
            device: self.device,
            epoch: None,
            cursors: self.cursors.clone(),
            push,
            take: self.take,
            unsent: 0,
            wants_key: false,
            packs: vec![],
            again: false,
            acts: vec![],
            status: None,
            docs: self.unread.clone(),
            level: None,
            witness: self.witness,
            apart: vec![],
            ruled: Default::default(),
        }
    }

    /// One exchange; the answer is lost if `lost`.
    pub fn try_exchange(&mut self, office: &Office, push: Vec<Packed>, lost: bool) -> Result<Answer> {
        let request = self.request(push);
        let answer = exchange(&office.db, &office.rules, &self.token, &request, NOW)?;
        if !lost {
            self.take_in(&answer);
        }
        Ok(answer)
    }

    pub fn push(&mut self, office: &Office, push: Vec<Packed>) -> Vec<Receipt> {
        self.try_exchange(office, push, false).unwrap().receipts
    }

    /// Exchanges until there is no more.
    pub fn sync(&mut self, office: &Office) -> Vec<PullItem> {
        let mut items = vec![];
        loop {
            let answer = self.try_exchange(office, vec![], false).unwrap();
            items.extend(answer.pull);
            if !answer.more {
                return items;
            }
        }
    }
}
