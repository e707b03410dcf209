//! Where a person is: a stack of these, kept in the rep's store, so that a killed process comes back to
//! the very screen.

use rounds_model::ids::DocId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The deepest stack that is kept; what is older is forgotten.
pub(crate) const DEEPEST: usize = 24;

/// One screen, by what it shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Route {
    /// The day.
    Today,
    /// The kinds of records.
    Work,
    /// What is to be done by when.
    Tasks,
    /// What waits and what needs a person.
    Outbox,
    /// Everything else.
    More,
    /// The people whom one leads.
    Team,
    /// One of them.
    Person {
        /// Whom, as an id.
        person: String,
    },
    /// The records of a kind; with an act, each with whether it is possible.
    List {
        /// The kind.
        kind: String,
        /// The act.
        act: Option<String>,
        /// A list that the pack has of them; all of them, if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        view: Option<String>,
    },
    /// Finding by words, or by a finder.
    Search {
        /// What is typed.
        typed: String,
    },
    /// A finder, with what it asks.
    Finder {
        /// Of which kind.
        kind: String,
        /// Which.
        finder: String,
        /// What is answered so far.
        asked: BTreeMap<String, String>,
        /// It has been asked.
        done: bool,
    },
    /// A record.
    Record {
        /// Which.
        doc: DocId,
        /// One of its tabs; the whole record, if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tab: Option<String>,
    },
    /// What was done with a record, and who answered what.
    History {
        /// Which.
        doc: DocId,
    },
    /// The records of a kind that link to one.
    Linked {
        /// To which.
        doc: DocId,
        /// Of which kind.
        kind: String,
        /// By which question.
        field: String,
    },
    /// A record that is being filled.
    Form {
        /// Which.
        doc: DocId,
    },
    /// A recording by its script, for a question of a record.
    Prompter {
        /// Of which record.
        doc: DocId,
        /// Which question.
        field: String,
    },
    /// A sound or a video that a question asks for.
    Memo {
        /// Of which record.
        doc: DocId,
        /// Which question.
        field: String,
    },
    /// What moving a record to the newer form means.
    Newer {
        /// Which.
        doc: DocId,
    },
    /// A record that is about to be begun.
    New {
        /// Its kind.
        kind: String,
        /// What is answered so far.
        given: BTreeMap<String, String>,
    },
    /// An act that asks for something.
    Act {
        /// About which record.
        doc: DocId,
        /// Which act.
        act: String,
        /// What is answered so far.
        given: BTreeMap<String, String>,
    },
    /// The choices of a question of the screen below, with what is typed to find one.
    Choices {
        /// The question.
        question: String,
        /// What is typed.
        typed: String,
    },
    /// Records to choose several of, for the same step with each.
    Pick {
        /// The step.
        many: Many,
        /// What is chosen so far.
        chosen: Vec<DocId>,
        /// What is typed to find one.
        typed: String,
    },
    /// What would come of the step with each that was chosen.
    Foresee {
        /// The step.
        many: Many,
        /// What was chosen.
        chosen: Vec<DocId>,
        /// What is answered so far, for all of them.
        given: BTreeMap<String, String>,
    },
    /// A question with two versions.
    Conflicts,
    /// Things to know.
    Notices,
    /// Many records at once.
    Batches,
    /// One batch.
    Batch {
        /// Its number.
        number: i64,
    },
    /// What is set.
    Settings,
    /// Another PIN.
    ChangePin,
    /// The slots of the day.
    Schedule,
}

/// The same step with several records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Many {
    /// An act about each.
    Act {
        /// The kind of the records.
        kind: String,
        /// The act.
        act: String,
    },
    /// A new record for each, which links to it.
    Each {
        /// The kind of the new records.
        kind: String,
        /// The question that links.
        link: String,
    },
}

impl Many {
    fn id(&self) -> String {
        match self {
            Many::Act { kind, act } => format!("{kind}/{act}"),
            Many::Each { kind, link } => format!("{kind}/@{link}"),
        }
    }
}

impl Route {
    /// A record, whole.
    pub fn record(doc: DocId) -> Route {
        Route::Record { doc, tab: None }
    }

    /// Whether it shows this record, or a part of it.
    pub fn is_record(&self, of: DocId) -> bool {
        matches!(self, Route::Record { doc, .. } if *doc == of)
    }

    /// Every record of a kind.
    pub fn list(kind: &str) -> Route {
        Route::List { kind: kind.to_owned(), act: None, view: None }
    }

    /// The route's name, which is its screen's.
    pub fn name(&self) -> &'static str {
        match self {
            Route::Today => "today",
            Route::Work => "work",
            Route::Tasks => "tasks",
            Route::Outbox => "outbox",
            Route::More => "more",
            Route::Team => "team",
            Route::Person { .. } => "person",
            Route::List { .. } => "list",
            Route::Search { .. } => "search",
            Route::Finder { .. } => "finder",
            Route::Record { .. } => "record",
            Route::History { .. } => "history",
            Route::Linked { .. } => "linked",
            Route::Form { .. } => "form",
            Route::Prompter { .. } => "prompter",
            Route::Memo { .. } => "memo",
            Route::Newer { .. } => "newer",
            Route::New { .. } => "new",
            Route::Act { .. } => "act",
            Route::Choices { .. } => "choices",
            Route::Pick { .. } => "pick",
            Route::Foresee { .. } => "foresee",
            Route::Conflicts => "conflicts",
            Route::Notices => "notices",
            Route::Batches => "batches",
            Route::Batch { .. } => "batch",
            Route::Settings => "settings",
            Route::ChangePin => "change_pin",
            Route::Schedule => "schedule",
        }
    }

    /// Which one of these screens it is.
    pub fn id(&self) -> String {
        match self {
            Route::Person { person } => format!("person/{person}"),
            Route::List { kind, act: None, view: None } => format!("list/{kind}"),
            Route::List { kind, act: Some(act), .. } => format!("list/{kind}/{act}"),
            Route::List { kind, view: Some(view), .. } => format!("list/{kind}/@{view}"),
            Route::Finder { kind, finder, .. } => format!("finder/{kind}/{finder}"),
            Route::Record { doc, tab: Some(tab) } => format!("record/{doc}/{tab}"),
            Route::Record { doc, .. }
            | Route::History { doc }
            | Route::Form { doc }
            | Route::Newer { doc } => {
                format!("{}/{doc}", self.name())
            }
            Route::Prompter { doc, field } | Route::Memo { doc, field } => {
                format!("{}/{doc}/{field}", self.name())
            }
            Route::Linked { doc, kind, .. } => format!("linked/{doc}/{kind}"),
            Route::New { kind, .. } => format!("new/{kind}"),
            Route::Act { doc, act, .. } => format!("act/{doc}/{act}"),
            Route::Choices { question, .. } => format!("choices/{question}"),
            Route::Pick { many, .. } | Route::Foresee { many, .. } => {
                format!("{}/{}", self.name(), many.id())
            }
            Route::Batch { number } => format!("batch/{number}"),
            other => other.name().to_owned(),
        }
    }
}
