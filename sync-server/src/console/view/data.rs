//! Templates and data.

use super::Stamp;

/// A pack of the team.
#[derive(Debug)]
pub struct PackLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The version that is published.
    pub version: u32,
    /// What it has.
    pub kinds: String,
}

/// A kind as it is asked.
#[derive(Debug)]
pub struct PreviewKind {
    /// What one is called.
    pub title: String,
    /// Its name.
    pub name: String,
    /// Its questions.
    pub questions: Vec<PreviewQuestion>,
    /// Its acts.
    pub acts: String,
    /// Its stages.
    pub stages: String,
}

/// A question as it is asked.
#[derive(Debug)]
pub struct PreviewQuestion {
    /// What people read.
    pub label: String,
    /// Its key.
    pub key: String,
    /// What an answer is.
    pub sort: String,
    /// What can be chosen.
    pub choices: String,
    /// What helps to answer it.
    pub hint: String,
    /// Whether and when it is asked and must be answered, and what an answer must satisfy: in words, and as
    /// the pack says it.
    pub rules: Vec<(String, String)>,
}

/// What a pack changes against the version that is published.
#[derive(Debug)]
pub struct Compared {
    /// Against which, in words.
    pub with: String,
    /// Each difference.
    pub changes: Vec<Difference>,
    /// How many more there are, in words.
    pub more: Option<String>,
}

/// Something that is different.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// `+` for what comes, `−` for what goes, `~` for what is another.
    pub sign: char,
    /// What it is.
    pub what: String,
    /// As it was.
    pub was: String,
    /// As it is.
    pub is: String,
}

/// What was found of something that was uploaded.
#[derive(Debug)]
pub struct UploadReport {
    /// What it is.
    pub title: String,
    /// What would come of it.
    pub good: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// Answers that records lose.
    pub losses: Vec<String>,
    /// What becomes of the company's own tables.
    pub own_tables: Vec<String>,
    /// What it changes; none of what has nothing before it.
    pub compared: Option<Compared>,
    /// The first values of known records that would be others.
    pub rows: Vec<ChangedCell>,
    /// Its forms.
    pub kinds: Vec<PreviewKind>,
    /// By what it is published or imported.
    pub pending: Option<String>,
    /// It is a pack.
    pub publishes: bool,
}

/// A value of a known record that a row would change.
#[derive(Debug)]
pub struct ChangedCell {
    /// Which row, in words.
    pub row: String,
    /// Which column.
    pub column: String,
    /// The value before; none if there was none.
    pub from: Option<String>,
    /// The value after; none if it would be cleared.
    pub to: Option<String>,
}

/// Imports, exports, and programs that read.
#[derive(Debug)]
pub struct DataView {
    /// Names, titles, and the columns of each kind.
    pub kinds: Vec<(String, String, String)>,
    /// The tokens.
    pub tokens: Vec<TokenLine>,
    /// The viewer may import.
    pub may: bool,
}

/// A token for reading.
#[derive(Debug)]
pub struct TokenLine {
    /// Its id.
    pub id: String,
    /// As whom it reads.
    pub person: String,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created: Stamp,
    /// When it was last used.
    pub used: Option<Stamp>,
    /// It was taken back.
    pub revoked: bool,
}
