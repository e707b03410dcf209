//! One record's page.

use super::{Badge, HoldingRow, OfferView, OtherRecord, Stamp};

/// Everything that a supervisor may know of a record.
#[derive(Debug)]
pub struct RecordPage {
    /// Its id.
    pub doc: String,
    /// Its title.
    pub title: String,
    /// Its second line.
    pub subtitle: Option<String>,
    /// It is recorded by a script: there is a page with its evidence.
    pub recorded: bool,
    /// What whoever decides should know of its recordings first; none if nothing is on offer.
    pub warnings: Vec<String>,
    /// It stands beside a list.
    pub beside: bool,
    /// What one of its kind is called.
    pub kind: String,
    /// What several are called.
    pub kinds: String,
    /// The kind's name, for addresses.
    pub kind_name: String,
    /// Its stage.
    pub stage: Badge,
    /// The stage's name, for whoever acts on what they saw.
    pub stage_name: String,
    /// The content, for the same.
    pub heads: String,
    /// The place of the last thing that had happened to it, for the same.
    pub seen: u64,
    /// What can be done with it.
    pub offers: Vec<OfferView>,
    /// The form that what is said about single questions goes with.
    pub comments_with: Option<String>,
    /// What is different from what somebody stated.
    pub changed: Vec<Changed>,
    /// Whose it is.
    pub owner: String,
    /// Its day.
    pub day: Option<Stamp>,
    /// What its answers come to, for a form with scores.
    pub score: Option<ScoreRow>,
    /// Why its last act was not accepted, if it was not.
    pub stop: Option<Stop>,
    /// What somebody should look at, or has looked at.
    pub doubts: Vec<DoubtRow>,
    /// Work about it that waits for a decision.
    pub handed: Vec<HoldingRow>,
    /// The answers with two values or more.
    pub conflicts: Vec<ConflictRow>,
    /// The tabs of its answers; none for a kind without.
    pub tabs: Vec<TabLink>,
    /// The answers, in the order of the form; with a tab, those in it.
    pub blocks: Vec<Block>,
    /// The edits, newest first.
    pub edits: Vec<EditRow>,
    /// How many edits there are.
    pub edit_count: usize,
    /// Said when there are more edits than are shown.
    pub more_edits: Option<String>,
    /// The acts with their rulings, newest first.
    pub acts: Vec<ActRow>,
    /// Ids and codes.
    pub small: Vec<(String, String)>,
}

/// Something doubtful about a record.
#[derive(Debug, PartialEq, Eq)]
pub struct DoubtRow {
    /// What it is.
    pub what: String,
    /// Why.
    pub reason: String,
    /// Its name.
    pub code: String,
    /// Since when, Unix milliseconds.
    pub since: i64,
    /// Who looked at it and what they found; none if nobody has.
    pub settled: Option<String>,
    /// Another record that it rests on.
    pub other: Option<OtherRecord>,
}

/// What is different from the content that an act was about.
#[derive(Debug, PartialEq, Eq)]
pub struct Changed {
    /// Since which act, by whom and when, in words.
    pub since: String,
    /// What.
    pub changes: Vec<ChangeRow>,
}

/// The way to a tab.
#[derive(Debug, PartialEq, Eq)]
pub struct TabLink {
    /// Its title.
    pub text: String,
    /// Its address.
    pub href: String,
    /// It is the one that is shown.
    pub here: bool,
}

/// What the answers come to.
#[derive(Debug, PartialEq, Eq)]
pub struct ScoreRow {
    /// Of the whole.
    pub percent: String,
    /// Earned and possible.
    pub points: String,
    /// Passed or not.
    pub state: Option<Badge>,
    /// The score before, of the same subject.
    pub before: Option<PreviousScore>,
    /// Section by section.
    pub sections: Vec<SectionRow>,
    /// Critical questions whose answers fail the whole.
    pub failed: Vec<String>,
    /// Critical questions that are not answered.
    pub open: Vec<String>,
}

/// What a section comes to.
#[derive(Debug, PartialEq, Eq)]
pub struct SectionRow {
    /// Its name.
    pub name: String,
    /// Its percent.
    pub percent: String,
    /// Whether its mark is reached.
    pub state: Option<Badge>,
}

/// An earlier score.
#[derive(Debug, PartialEq, Eq)]
pub struct PreviousScore {
    /// The record.
    pub doc: String,
    /// Its percent.
    pub percent: String,
    /// When it was begun.
    pub at: Stamp,
    /// How many percent points more there are now.
    pub change: Option<String>,
}

/// The last word on a record when it was not accepted.
#[derive(Debug, PartialEq, Eq)]
pub struct Stop {
    /// Not accepted.
    pub badge: Badge,
    /// The act's title.
    pub act: String,
    /// What happened and why.
    pub reason: String,
    /// What to do now.
    pub remedy: String,
    /// Who looked at it, and what they found.
    pub settled: Option<String>,
}

/// A part of the answers.
#[derive(Debug, PartialEq, Eq)]
pub enum Block {
    /// Questions outside repeats.
    Answers {
        /// The group's label.
        heading: Option<String>,
        /// The answers.
        rows: Vec<Answer>,
    },
    /// A repeat: one row for each instance.
    Table {
        /// The repeat's label.
        heading: String,
        /// The questions.
        columns: Vec<String>,
        /// The answers, as many in each row as there are columns.
        rows: Vec<Vec<Value>>,
    },
}

/// One answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer key.
    pub key: String,
    /// The question.
    pub label: String,
    /// The answer.
    pub value: Value,
    /// It has two values or more.
    pub conflict: bool,
    /// What was said about it when the record was returned.
    pub said: Option<String>,
}

/// A value as it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Value {
    /// In words.
    pub text: String,
    /// Where it leads: another record.
    pub link: Option<String>,
    /// Something more for those who ask.
    pub small: Option<String>,
    /// The address of a picture to show.
    pub image: Option<String>,
    /// The key of the answer, in a table.
    pub key: Option<String>,
    /// What was said about it when the record was returned, in a table.
    pub said: Option<String>,
}

/// An answer with two values or more.
#[derive(Debug, PartialEq, Eq)]
pub struct ConflictRow {
    /// The answer key.
    pub key: String,
    /// The question.
    pub label: String,
    /// Every value, the shown one first.
    pub versions: Vec<VersionRow>,
    /// Names all of them, for who chooses.
    pub seen: String,
}

/// One of the values.
#[derive(Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// Names it, for who chooses.
    pub name: String,
    /// In words.
    pub value: String,
    /// Who wrote it.
    pub who: String,
    /// On which device.
    pub device: String,
    /// When.
    pub at: Stamp,
    /// It is the one that the record shows for now.
    pub shown: bool,
}

/// One edit.
#[derive(Debug, PartialEq, Eq)]
pub struct EditRow {
    /// Who.
    pub who: String,
    /// On which device.
    pub device: String,
    /// When.
    pub at: Stamp,
    /// It made the record.
    pub created: bool,
    /// What.
    pub changes: Vec<ChangeRow>,
    /// Said when there are more changes than are shown.
    pub more: Option<String>,
}

/// One answer that an edit changed.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// The question.
    pub label: String,
    /// What it was, if it was anything.
    pub from: Option<String>,
    /// What it became.
    pub to: String,
    /// It replaced several values: the author settled a conflict.
    pub settled: bool,
    /// How long the author was at the question, if it was measured.
    pub spent: Option<String>,
}

/// One act with its ruling.
#[derive(Debug, PartialEq, Eq)]
pub struct ActRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who.
    pub who: String,
    /// On which device.
    pub device: String,
    /// When, as far as the device could know.
    pub at: Stamp,
    /// How far that time may be believed.
    pub judgement: String,
    /// It should be looked at.
    pub time_doubt: bool,
    /// The ruling.
    pub verdict: VerdictRow,
    /// What the act carried and what the rule worked out.
    pub carried: Vec<Answer>,
    /// Ids and codes.
    pub small: String,
}

/// A ruling.
#[derive(Debug, PartialEq, Eq)]
pub struct VerdictRow {
    /// Accepted, or not.
    pub badge: Badge,
    /// Why not.
    pub refusal: Option<Refused>,
}

/// Why an act was not accepted.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// What happened and why.
    pub reason: String,
    /// What to do now.
    pub remedy: String,
    /// The record that stands in the way.
    pub other: Option<OtherRecord>,
}
