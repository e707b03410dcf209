//! Hostile requests against a whole server: real storage, real rules, a device that is known.
//!
//! Whoever owns a device can seal what they like. Whatever they send is answered; what is wrong with an
//! item is said of that item; and in the end everything that is stored opens, follows from what it
//! should, and can be written to by somebody honest.

use super::mutate::mutate;
use crate::sim::cast::{BOSS, Cast, LI, NOW, Packs, device, store_key};
use crate::sim::folder::Folder;
use crate::sim::machine::Machine;
use crate::sim::rng::Rng;
use crate::sim::server::{Server, token};
use anyhow::{Context, Result, bail, ensure};
use ed25519_dalek::SigningKey;
use rounds_device::Rounds;
use rounds_model::act::Act;
use rounds_model::document::Document;
use rounds_model::edit::{Edit, OpId, Put, limits};
use rounds_model::ids::{ActId, ActorId, BootId, ChangeHash, DocId, Epoch, Seq};
use rounds_model::scalar::Scalar;
use rounds_model::time::{Reading, TrustedTime};
use rounds_protocol::exchange::{Level, Packed, PushItem, Receipt, Request, RuledBefore, Take, Witness};
use rounds_protocol::fault::Fault;
use rounds_protocol::wire;
use rounds_server::admin::verify::verify;
use std::sync::Arc;

/// The device that sends.
const PHONE: usize = 0;

/// What became of the items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Items that were stored, or had been before.
    pub stored: u64,
    /// Items that were held or taken, each with a reason.
    pub refused: u64,
    /// Requests that were refused as a whole.
    pub faults: u64,
}

struct Attack {
    cast: Cast,
    server: Server,
    rng: Rng,
    /// What the attacker's phone would have if it were honest.
    documents: Vec<(DocId, ActorId, Document)>,
    /// Further pens of the same device.
    pens: Vec<ActorId>,
    /// The device's own key: whoever owns it signs what they like.
    key: SigningKey,
    acts: u64,
    outcome: Outcome,
}

/// Sends so many requests and looks at what the server has then.
pub fn run(seed: u64, requests: u64) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let cast = Cast::build(folder.path(), Packs::Plain)?;
    let server = Server::open(Folder::copy_of(&cast.server(), folder.path().join("server"))?)?;
    let (rng, outcome) = (Rng::new(seed), Outcome::default());
    let phone = Rounds::open(&cast.phone(PHONE), store_key(), Arc::new(Machine::new(NOW, seed)))?;
    let key = phone.identity()?.signing_key();
    let pens = (1..6).map(|n| ActorId([n; 16])).collect();
    let mut attack = Attack { cast, server, rng, documents: vec![], pens, key, acts: 0, outcome };
    for n in 0..requests {
        attack.send().with_context(|| format!("request {n} of seed {seed}"))?;
        if n % 200 == 199 {
            attack.is_unharmed().with_context(|| format!("after request {n} of seed {seed}"))?;
        }
    }
    attack.is_unharmed()?;
    attack.somebody_honest_goes_on()?;
    Ok(attack.outcome)
}

impl Attack {
    fn send(&mut self) -> Result<()> {
        // What was refused is not built on: the next edits are of what the server has.
        let docs: Vec<_> = self.documents.iter().map(|(doc, ..)| *doc).collect();
        let stored = self.server.view()?.documents(&docs)?;
        for (doc, _, document) in &mut self.documents {
            let row = stored.iter().find(|row| row.doc == *doc);
            *document = row.map(|row| Document::load(&row.snapshot)).transpose()?.unwrap_or_default();
        }
        let mut items = vec![];
        for _ in 0..1 + self.rng.below(6) {
            let act = self.rng.percent(25);
            items.extend(if act { self.act()? } else { self.item()? });
        }
        let mut request = self.request(items);
        if self.rng.percent(5) {
            // What it claims to know of the log decides nothing but what it is told itself.
            request.epoch = Some(Epoch(self.sixteen()));
        }
        if self.rng.percent(10) {
            let seq = Seq(self.rng.between(0, 2_000));
            request.witness = Some(Witness { seq, mark: [1; 8], seal: self.sixteen() });
            request.docs = self.documents.iter().map(|(doc, ..)| *doc).take(8).collect();
        }
        if self.rng.percent(5) {
            request.level = Some(Level { seq: Seq(self.rng.draw()), scopes: self.sixteen() });
        }
        let mut body = wire::pack(&request)?;
        if self.rng.percent(20) {
            let plain = rounds_model::canonical::encode(&request)?;
            body = zstd::bulk::compress(&mutate(&mut self.rng, &plain, &plain), 1)?;
        }
        let Ok(request) = wire::unpack::<Request>(&body, wire::REQUEST) else {
            self.outcome.faults += 1;
            return Ok(());
        };
        self.exchange(&request).map(|_| ())
    }

    fn request(&mut self, push: Vec<Packed>) -> Request {
        let again = self.rng.percent(10);
        let (mut apart, mut ruled) = (vec![], std::collections::BTreeMap::new());
        for (n, item) in (0..).zip(&push) {
            if self.rng.percent(10) {
                apart.push(n);
            }
            if let Ok(PushItem::Act(signed)) = item.unpack()
                && let Ok(act) = signed.read()
                && self.rng.percent(30)
            {
                let before =
                    if self.rng.percent(50) { RuledBefore::Refused } else { RuledBefore::As(act.name) };
                ruled.insert(act.id, before);
            }
        }
        Request {
            device: device(PHONE),
            epoch: None,
            cursors: [].into(),
            push,
            take: Take { items: 1, bytes: 1 },
            unsent: 0,
            wants_key: false,
            packs: vec![],
            again,
            acts: vec![],
            status: None,
            docs: vec![],
            level: None,
            witness: None,
            apart,
            ruled,
        }
    }

    fn exchange(&mut self, request: &Request) -> Result<Vec<Receipt>> {
        let answer = match self.server.exchange(&self.cast.rules, &token(device(PHONE)), request, NOW) {
            Ok(answer) => answer,
            Err(e) if e.fault() == Fault::Internal => bail!("the server failed: {e:?}"),
            Err(_) => {
                self.outcome.faults += 1;
                return Ok(vec![]);
            }
        };
        ensure!(answer.receipts.len() == request.push.len(), "items without a receipt");
        for receipt in &answer.receipts {
            match receipt {
                Receipt::Stored(_) | Receipt::Duplicate(_) => self.outcome.stored += 1,
                Receipt::Held(refusal) | Receipt::Taken(refusal) => {
                    ensure!(
                        !refusal.code.is_empty() && !refusal.reason.zh.is_empty(),
                        "held without a reason"
                    );
                    self.outcome.refused += 1;
                }
            }
        }
        Ok(answer.receipts)
    }

    fn item(&mut self) -> Result<Option<Packed>> {
        let Some(mut edit) = self.honest()? else { return Ok(None) };
        if self.rng.percent(75) {
            self.spoil(&mut edit);
        }
        if self.rng.percent(80)
            && let Some(hash) = edit.is_bounded().then(|| edit.hash()).flatten()
        {
            // The device is the attacker's own: it seals what it likes.
            edit.check = edit.check_of(&hash);
        }
        let packed = PushItem::Edit(edit).pack()?;
        let spoilt = self.rng.percent(15);
        Ok(Some(if spoilt { Packed(mutate(&mut self.rng, &packed.0, &packed.0)) } else { packed }))
    }

    /// An act about one of the records, or about one that is none, signed by the device.
    fn act(&mut self) -> Result<Option<Packed>> {
        let at = self.rng.below(self.documents.len());
        let (mut doc, mut heads) = (DocId(self.sixteen()), vec![]);
        if let Some((known, _, document)) = self.documents.get(at) {
            (doc, heads) = (*known, document.heads());
        }
        self.acts += 1;
        let reading = Reading { wall_ms: NOW, mono_ms: 1, boot: BootId([0; 16]) };
        let names = ["submit", "withdraw", "return", "finish", "check_in", "", "@kind"];
        let name = self.rng.pick(&names).copied().unwrap_or_default().to_owned();
        let mut act = Act {
            id: ActId(self.sixteen()),
            doc,
            name,
            person: LI,
            device: device(PHONE),
            number: self.acts,
            pack: 1,
            heads,
            stage: "draft".to_owned(),
            payload: [("reason".to_owned(), Scalar::from("x"))].into(),
            proofs: vec![],
            time: TrustedTime::judge(reading, None),
        };
        match self.rng.below(16) {
            0 => act.heads = vec![ChangeHash([7; 32])],
            1 => act.heads = vec![ChangeHash([7; 32]); rounds_model::act::limits::HEADS + 1],
            2 => act.heads.clear(),
            3 => act.person = BOSS,
            4 => act.device = device(PHONE + 1),
            5 => act.time.at_ms += i64::from(u32::MAX),
            6 => act.time.reading.wall_ms = i64::MAX,
            7 => act.proofs = vec![ActId(self.sixteen()); rounds_model::act::limits::PROOFS],
            8 => act.payload = (0..60).map(|n| (format!("k{n}"), Scalar::Float(f64::MAX))).collect(),
            9 => act.payload = [("note".to_owned(), Scalar::from("长".repeat(10_000).as_str()))].into(),
            10 => act.stage = "s".repeat(rounds_model::act::limits::NAME + 1),
            11 => act.number = u64::MAX,
            12 => act.pack = u32::MAX,
            _ => {}
        }
        let Ok(mut signed) = act.sign(&self.key) else { return Ok(None) };
        match self.rng.below(12) {
            0 => signed.body = mutate(&mut self.rng, &signed.body, &signed.body),
            1 => signed.signature.0[5] ^= 1,
            _ => {}
        }
        Ok(Some(PushItem::Act(signed).pack()?))
    }

    /// The next edit of a record, new or known, as an honest phone would write it.
    fn honest(&mut self) -> Result<Option<Edit>> {
        if self.documents.len() < 40 && self.rng.percent(20) {
            let (doc, pen) = (DocId(self.sixteen()), ActorId(self.sixteen()));
            self.documents.push((doc, pen, Document::new()));
        }
        let (at, answer) = (self.rng.below(self.documents.len()), format!("{}", self.rng.below(1_000)));
        let policy = self.cast.policies.first().context("no policy")?.to_string();
        let other = self.rng.percent(25).then(|| self.rng.pick(&self.pens).copied()).flatten();
        let Some((doc, pen, document)) = self.documents.get_mut(at) else { return Ok(None) };
        let pen = &other.unwrap_or(*pen);
        let text = |key: &str, value: &str| (key.to_owned(), Scalar::from(value));
        let mut values = vec![text("note", &answer)];
        if document.is_empty() {
            values.extend([text("policy", &policy), text("item", "other"), text("@kind", "application")]);
            values.push(text("@owner", &LI.to_string()));
            values.push(("@pack".to_owned(), Scalar::Int(1)));
        }
        Ok(document.write(*doc, *pen, NOW / 1_000, &values)?)
    }

    /// The hostile cases of the design, as an edit can say them.
    fn spoil(&mut self, edit: &mut Edit) {
        let (hash, pen) = (ChangeHash([self.rng.draw().to_le_bytes()[0]; 32]), ActorId(self.sixteen()));
        let counter = self.rng.between(0, edit.start_op + 3);
        let Some(put) = edit.puts.first_mut() else { return };
        match self.rng.below(24) {
            0 => edit.seq = edit.seq.saturating_sub(1),
            1 => edit.seq += 1 + counter,
            2 => edit.seq = u64::MAX,
            3 => edit.deps.push(hash),
            4 => edit.deps = vec![hash],
            5 => edit.deps.clear(),
            6 => edit.deps = vec![hash; limits::DEPS + 1],
            7 => edit.start_op = edit.start_op.saturating_sub(1),
            8 => edit.start_op += 1,
            9 => edit.start_op = u64::MAX - 1,
            10 => edit.time = i64::MIN,
            11 => edit.time = i64::MAX,
            12 => edit.time = limits::TIME - 1,
            13 => put.key = "k".repeat(limits::KEY + 1),
            14 => put.key = "k".repeat(1 << 20),
            15 => put.key = "@owner".to_owned(),
            16 => put.value = Scalar::from("v".repeat(limits::VALUE + 1).as_str()),
            17 => put.value = Scalar::Float(f64::NAN),
            18 => put.replaces = vec![OpId { counter, actor: pen }],
            19 => put.replaces = vec![OpId { counter, actor: edit.actor }],
            20 => put.replaces = vec![OpId { counter: u64::MAX, actor: edit.actor }; limits::PREDS],
            21 => edit.puts = vec![Put { key: "k".into(), value: Scalar::Null, replaces: vec![] }; 3],
            22 => edit.actor = pen,
            _ => edit.puts.clear(),
        }
    }

    fn sixteen(&mut self) -> [u8; 16] {
        let (high, low) = (self.rng.draw(), self.rng.draw());
        ((u128::from(high) << 64) | u128::from(low)).to_le_bytes()
    }

    /// Every document opens, and every row follows.
    fn is_unharmed(&self) -> Result<()> {
        let found = verify(&*self.server.view()?)?;
        ensure!(found.differences.is_empty(), "the server was harmed: {:?}", found.differences);
        Ok(())
    }

    /// What the attacker has been at can be written to as before.
    fn somebody_honest_goes_on(&mut self) -> Result<()> {
        let docs: Vec<_> = self.documents.iter().map(|(doc, ..)| *doc).collect();
        let view = self.server.view()?;
        let stored = view.documents(&docs)?;
        let rows = view.records(&docs)?;
        drop(view);
        let mut edits = vec![];
        // What was submitted by an act that held is not written to any more.
        let open = |doc: &DocId| rows.iter().any(|row| row.doc == *doc && row.stage == "draft");
        for row in stored.iter().filter(|row| open(&row.doc)) {
            let mut document = Document::load(&row.snapshot)?;
            let values = [("note".to_owned(), Scalar::from("honest"))];
            let edit = document.write(row.doc, ActorId(self.sixteen()), NOW / 1_000, &values)?;
            edits.push(PushItem::Edit(edit.context("nothing to write")?).pack()?);
        }
        ensure!(!edits.is_empty(), "no record was ever stored");
        let mut request = self.request(edits);
        (request.again, request.apart) = (false, vec![]);
        for receipt in self.exchange(&request)? {
            ensure!(matches!(receipt, Receipt::Stored(_)), "an honest edit is refused: {receipt:?}");
        }
        self.is_unharmed()
    }
}
