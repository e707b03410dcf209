//! Documents, acts and what is computed from them: rows and the questions asked of them.

use super::Result;
use rounds_model::claim::Claim;
use rounds_model::ids::{ActId, ActorId, ChangeHash, DeviceId, DocId, PersonId, Seq, Signature};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_model::verdict::{Outcome, Verdict};

/// The content of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    /// Which.
    pub doc: DocId,
    /// Who holds it.
    pub scope: Scope,
    /// `Document::save()`.
    pub snapshot: Vec<u8>,
    /// `Document::heads()` of it.
    pub heads: Vec<ChangeHash>,
    /// How many edits it has.
    pub edits: u64,
    /// The bytes of its edits before compression, about.
    pub plain: u64,
    /// The place at which it came into its scope: of its first edit, if it has always been there.
    pub first_seq: Seq,
    /// The place of its last edit or act, or at which it came into its scope.
    pub last_seq: Seq,
}

/// What a pull must know of a document before it loads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentMark {
    /// Which.
    pub doc: DocId,
    /// Who holds it.
    pub scope: Scope,
    /// The place at which it came into its scope.
    pub first_seq: Seq,
    /// The place of its last edit or act, or at which it came into its scope.
    pub last_seq: Seq,
    /// Bytes of snapshot and projection together.
    pub bytes: u64,
    /// The bytes of its edits before compression, about: what it costs to open it.
    pub plain: u64,
}

/// One edit's place in its author's count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditKey {
    /// The document.
    pub doc: DocId,
    /// The author's pen.
    pub actor: ActorId,
    /// The author's count.
    pub number: u64,
}

/// A stored edit: which change it became, and where in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EditRow {
    /// Which.
    pub key: EditKey,
    /// The change.
    pub hash: ChangeHash,
    /// Its place in the log.
    pub seq: Seq,
}

/// An act with its ruling.
#[derive(Debug, Clone, PartialEq)]
pub struct ActRow {
    /// Which.
    pub act: ActId,
    /// About which record.
    pub doc: DocId,
    /// Its place in the log.
    pub seq: Seq,
    /// The device that signed it.
    pub device: DeviceId,
    /// The signed bytes.
    pub body: Vec<u8>,
    /// The signature.
    pub signature: Signature,
    /// The ruling.
    pub verdict: Verdict,
}

impl ActRow {
    /// How many bytes it is on its way down, with its signature and its ruling, about.
    pub fn weight(&self) -> u64 {
        let said = |refusal: &Refusal| {
            let texts = [&refusal.reason, &refusal.remedy];
            100 + texts.iter().map(|text| text.zh.len() + text.en.len()).sum::<usize>()
        };
        let blocked = match &self.verdict.outcome {
            Outcome::Accepted => 0,
            Outcome::Blocked(refusal) => said(refusal),
        };
        let turned = self.verdict.turned.as_ref().map_or(0, |turned| said(&turned.why));
        let facts: usize = self.verdict.facts.iter().map(|(key, value)| key.len() + value.size()).sum();
        (self.body.len() + 250 + blocked + turned + facts) as u64
    }
}

/// What is computed from a record's content and acts, for lists and for phones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Which.
    pub doc: DocId,
    /// Its kind.
    pub kind: String,
    /// Its stage.
    pub stage: String,
    /// Whose it is.
    pub owner: PersonId,
    /// Who holds it.
    pub scope: Scope,
    /// The day on which it is to be done.
    pub day: Option<String>,
    /// How many keys have more than one value.
    pub conflicts: u32,
    /// How many puts settled a conflict: they replace two values or more.
    pub settled: u32,
    /// What it is about, as its kind says.
    pub subject: Option<String>,
    /// The encoded projection, as it is sent.
    pub projection: Vec<u8>,
    /// It counts as removed.
    pub removed: bool,
}

/// Which records a list shows. An empty filter shows all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<String>,
    /// In this stage.
    pub stage: Option<String>,
    /// Of this person.
    pub owner: Option<PersonId>,
    /// In one of these scopes; in any, if it is not said.
    pub scopes: Option<Vec<Scope>>,
    /// On this day or later.
    pub from_day: Option<String>,
    /// On this day or earlier.
    pub to_day: Option<String>,
    /// Only with a conflict.
    pub conflicted: bool,
    /// Whether those that count as removed are among them.
    pub removed: Removed,
    /// After this record, in the order of ids: the next page.
    pub after: Option<DocId>,
    /// At most so many; 0 is no limit.
    pub limit: u32,
}

/// Whether a list has the records that count as removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Removed {
    /// Without them.
    #[default]
    Without,
    /// With them.
    With,
}

/// What a list of a kind shows: every condition that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Of these kinds; of any, if there are none.
    pub kinds: Vec<String>,
    /// In one of these stages; in any, if there are none.
    pub stages: Vec<String>,
    /// Of one of these people; of anybody, if there are none.
    pub owners: Vec<PersonId>,
    /// In one of these scopes; in any, if it is not said.
    pub scopes: Option<Vec<Scope>>,
    /// On this day or later.
    pub from_day: Option<String>,
    /// On this day or earlier.
    pub to_day: Option<String>,
    /// Made at this time or later, Unix milliseconds.
    pub made_from: Option<i64>,
    /// Made before this time.
    pub made_before: Option<i64>,
    /// Each of these must be found.
    pub words: Vec<Word>,
    /// Only with a conflict.
    pub conflicted: bool,
    /// Of pictures: those that answer the question with this key, with `*` in the place of a row.
    pub pictured: Option<String>,
    /// In which order.
    pub order: Order,
    /// After this record, in the order of ids, whatever the order is.
    pub after: Option<DocId>,
    /// After so many.
    pub offset: u32,
    /// At most so many; 0 is no limit.
    pub limit: u32,
}

/// Something that a record must have: one of these texts in an answer, whatever its capitals; or one of
/// these choices, owners or stages.
#[derive(Debug, Clone, Default)]
pub struct Word {
    /// In an answer.
    pub texts: Vec<String>,
    /// Chosen: a question's key, with `*` in the place of a row, and what is kept of the choices.
    pub choices: Vec<(String, Vec<String>)>,
    /// Whose.
    pub owners: Vec<PersonId>,
    /// In which stage.
    pub stages: Vec<String>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest record first.
    #[default]
    Newest,
    /// The oldest record first.
    Oldest,
    /// The latest day first, then the newest record.
    LatestDay,
    /// The earliest day first, then the oldest record.
    EarliestDay,
    /// By whose it is, then the newest record.
    Owner,
    /// By stage, then the newest record.
    Stage,
}

/// About whose records acts are asked for.
#[derive(Debug, Clone, Default)]
pub struct Among {
    /// In one of these scopes; in any, if it is not said.
    pub scopes: Option<Vec<Scope>>,
    /// Only of this person.
    pub person: Option<PersonId>,
    /// At most so many; 0 is no limit.
    pub limit: u32,
}

/// How many there are of each person.
pub type ByPerson = Vec<(PersonId, u64)>;

/// How many records there are of a kind in a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRow {
    /// The kind.
    pub kind: String,
    /// The stage.
    pub stage: String,
    /// Records.
    pub records: u64,
    /// Keys in conflict.
    pub conflicts: u64,
    /// Conflicts that someone settled.
    pub settled: u64,
}

/// What can be asked about records. Questions about several come as one call, so that a database
/// across a network is asked once.
pub trait ReadRecords {
    /// These documents; unknown ones are left out.
    fn documents(&self, docs: &[DocId]) -> Result<Vec<DocumentRow>>;
    /// The marks of these documents; unknown ones are left out.
    fn marks(&self, docs: &[DocId]) -> Result<Vec<DocumentMark>>;
    /// What it costs to open these records: the bytes of their edits before compression and of their acts,
    /// about; unknown ones are left out.
    fn weights(&self, docs: &[DocId]) -> Result<Vec<(DocId, u64)>>;
    /// The ids of documents after this one, in order.
    fn doc_ids(&self, after: Option<DocId>, limit: u32) -> Result<Vec<DocId>>;
    /// These edits; unknown ones are left out.
    fn edits(&self, keys: &[EditKey]) -> Result<Vec<EditRow>>;
    /// Every edit of a document.
    fn edits_of(&self, doc: DocId) -> Result<Vec<EditRow>>;
    /// These acts; unknown ones are left out.
    fn acts(&self, ids: &[ActId]) -> Result<Vec<ActRow>>;
    /// Every act about these documents, in the order of the log.
    fn acts_of(&self, docs: &[DocId]) -> Result<Vec<ActRow>>;
    /// The blocked acts that are the last word on their record and that nobody has looked at, with it, the
    /// oldest first: by whose it is.
    fn blocked(&self, among: &Among) -> Result<Vec<(RecordRow, ActRow)>>;
    /// How many there are, whatever the limit.
    fn blocked_count(&self, among: &Among) -> Result<ByPerson>;
    /// These records; unknown ones are left out.
    fn records(&self, docs: &[DocId]) -> Result<Vec<RecordRow>>;
    /// The records that a filter shows, in the order of ids.
    fn list(&self, filter: &Filter) -> Result<Vec<RecordRow>>;
    /// The records that a search shows, a page of them.
    fn search(&self, search: &Search) -> Result<Vec<RecordRow>>;
    /// How many it shows in all.
    fn search_count(&self, search: &Search) -> Result<u64>;
    /// How many it shows, by whose they are.
    fn search_owners(&self, search: &Search) -> Result<ByPerson>;
    /// How many it shows of each person, by kind and stage.
    fn search_people(&self, search: &Search) -> Result<Vec<(PersonId, CountRow)>>;
    /// How many it shows, by kind and stage.
    fn search_stages(&self, search: &Search) -> Result<Vec<CountRow>>;
    /// Hands over every record that it shows, one at a time, until told to stop with an error.
    fn search_each(&self, search: &Search, each: &mut dyn FnMut(RecordRow) -> Result<()>) -> Result<()>;
    /// The records of a kind about a subject that came before one, the newest first.
    fn earlier(&self, kind: &str, subject: &str, doc: DocId, limit: u32) -> Result<Vec<RecordRow>>;
    /// How many records there are, by kind and stage.
    fn counts(&self) -> Result<Vec<CountRow>>;
    /// How many acts were accepted, and how many blocked.
    fn verdict_counts(&self) -> Result<(u64, u64)>;
    /// The claims on this key of this ledger, in the order of ids.
    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>>;
    /// What a record claims, sorted.
    fn claims_of(&self, doc: DocId) -> Result<Vec<Claim>>;
    /// The last number that a counter gave; 0 before any.
    fn counter(&self, counter: &str) -> Result<u64>;
}

/// What can be written about records.
pub trait WriteRecords {
    /// Adds or replaces documents.
    fn put_documents(&mut self, rows: &[DocumentRow]) -> Result<()>;
    /// Adds edits. One that is there already is a bug of the caller and an error.
    fn put_edits(&mut self, rows: &[EditRow]) -> Result<()>;
    /// Adds acts. One that is there already is a bug of the caller and an error.
    fn put_acts(&mut self, rows: &[ActRow]) -> Result<()>;
    /// Adds or replaces records.
    fn put_records(&mut self, rows: &[RecordRow]) -> Result<()>;
    /// Sets what a record claims: exactly this.
    fn put_claims(&mut self, doc: DocId, claims: &[Claim]) -> Result<()>;
    /// Sets the last number that a counter gave.
    fn put_counter(&mut self, counter: &str, last: u64) -> Result<()>;
}
