//! The two error enums of the phone: [`Fail`], with many variants, inside; [`RoundsError`], with a
//! stable code and text in both languages, outside; and the one conversion between them.

use crate::batch::BatchFault;
use crate::capture::{CaptureFault, Tool};
use crate::sync::stop::Unfinished;
use rounds_evidence::session::Gate;
use rounds_model::document::DocumentError;
use rounds_model::messages::Catalog;
use rounds_model::refusal::Refusal;
use rounds_model::text::{Lang, Text};
use rounds_protocol::fault::FaultBody;
use serde::Serialize;
use std::sync::OnceLock;
use thiserror::Error;

/// What can go wrong inside.
#[derive(Debug, Error)]
pub enum Fail {
    /// The file cannot be read with this key.
    #[error("the database cannot be opened with this key")]
    WrongKey,
    /// A newer build made the file.
    #[error("the database has version {found}, this build knows {known}")]
    NewerStore {
        /// The file's version.
        found: i64,
        /// The newest version that this build knows.
        known: i64,
    },
    /// The disk is full.
    #[error("no room left on the device")]
    StorageFull,
    /// Another process holds the store.
    #[error("the database is in use")]
    StoreBusy,
    /// Something stored is not what it should be.
    #[error("stored data is damaged: {0}")]
    Damaged(&'static str),
    /// SQLite failed in another way.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// A file could not be read or written.
    #[error(transparent)]
    Io(std::io::Error),
    /// A document could not be handled.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// This phone is no device of a team yet.
    #[error("not enrolled")]
    NotEnrolled,
    /// Its team withdrew its access, and it has handed over everything and forgotten the rest.
    #[error("signed out")]
    SignedOut,
    /// It already is one.
    #[error("already enrolled")]
    AlreadyEnrolled,
    /// The phone has never synced since it learnt to hand over.
    #[error("the team's key is not here")]
    NoTeamKey,
    /// Nothing is unsent.
    #[error("nothing to hand over")]
    NothingToHandOver,
    /// What was brought is no bundle.
    #[error("not a bundle")]
    NotABundle,
    /// What was brought is a part of a bundle, or was changed.
    #[error("the bundle is not whole")]
    BundleNotWhole,
    /// The bundle is of another team.
    #[error("a bundle of another team")]
    OtherTeamsBundle,
    /// The bundle is larger than allowed.
    #[error("the bundle is too large")]
    BundleTooLarge,
    /// The phone carries as many bundles as it can.
    #[error("too many bundles")]
    TooManyBundles,
    /// There is no such record here.
    #[error("no such record")]
    UnknownRecord,
    /// More than one record has an id that begins like this, or none.
    #[error("the id does not name one record")]
    AmbiguousRecord,
    /// There is no such kind of record; there are these.
    #[error("no such kind: {0}; there are: {1}")]
    UnknownKind(String, String),
    /// A kind has no finder of this name.
    #[error("no finder {0}")]
    UnknownFinder(String),
    /// No list of that name; with those that there are.
    #[error("no list {0}")]
    UnknownList(String, String),
    /// A record cannot move to another version while what it would write has two versions.
    #[error("two versions of {0}")]
    MoveConflict(String),
    /// A record cannot be finished while text that was typed at a question is no answer.
    #[error("typed and not answered: {0}")]
    TypedPending(String),
    /// There is no such question in the form.
    #[error("no such question: {0}")]
    UnknownQuestion(String),
    /// A line of `fill` begins with a word that it does not know.
    #[error("no such word: {0}")]
    UnknownWord(String),
    /// Something is typed before a question was entered.
    #[error("at no question")]
    AtNoQuestion,
    /// A line is not UTF-8.
    #[error("a line is not UTF-8")]
    LineNotText,
    /// A line is longer than any answer.
    #[error("a line is too long")]
    LineTooLong,
    /// Something typed is not question=value.
    #[error("not a pair: {0}")]
    NotAPair(String),
    /// A held act cannot be sent again as it is.
    #[error("a held act must be stated anew")]
    HeldAct,
    /// The pack has no request for a change that came too late.
    #[error("no request for a change of this kind")]
    NoRequest,
    /// The key has no conflict.
    #[error("nothing to choose at {0}")]
    NoConflict(String),
    /// The key has a conflict, but not with this many values.
    #[error("no such version")]
    NoSuchVersion,
    /// A rule or a form says no, with its reason.
    #[error("refused: {}", .0.code)]
    Refused(Box<Refusal>),
    /// The server cannot be reached.
    #[error("offline: {0}")]
    Offline(String),
    /// The server cannot be reached to enrol.
    #[error("offline: {0}")]
    EnrolOffline(String),
    /// Not the address of a server that may be talked to.
    #[error("not a server's address")]
    BadAddress,
    /// There is no held item with this number.
    #[error("no held item with this number")]
    UnknownHeld,
    /// No notice has this number.
    #[error("no notice with this number")]
    UnknownNotice,
    /// The server said no.
    #[error("the server answered {}", .0.code)]
    Fault(Box<FaultBody>),
    /// It was stopped before its end.
    #[error("stopped: {}", .0.code())]
    Stopped(Unfinished),
    /// The server answered something that this build cannot read.
    #[error("the answer cannot be read: {0}")]
    BadAnswer(&'static str),
    /// A pack that came from the server cannot be used here.
    #[error("a pack cannot be read: {0}")]
    BadPack(String),
    /// The system gave no random bytes or no clock.
    #[error("the system gave no {0}")]
    System(&'static str),
    /// The question is not answered with a photo or file.
    #[error("no photo or file at {0}")]
    NoPhoto(String),
    /// Nothing of this name can be printed; there is this.
    #[error("nothing to print: {0}; there is: {1}")]
    UnknownPrint(String, String),
    /// A paper could not be made.
    #[error("not printed: {0}")]
    Print(#[from] rounds_print::PrintError),
    /// A position is not written like one.
    #[error("no position: {0}")]
    BadPlace(String),
    /// The recorder of the command line knows no such word.
    #[error("no word of record: {0}")]
    RecordWord(String),
    /// A setting does not take this value.
    #[error("no value for this setting: {0}")]
    BadSetting(String),
    /// Something is wrong with a batch as a whole.
    #[error(transparent)]
    Batch(#[from] BatchFault),
    /// A blob's file is missing or damaged.
    #[error("a stored photo or file is missing or damaged")]
    BlobDamaged,
    /// No upload with this number can be given up: it can still be sent, or is none.
    #[error("no photo or file that can be given up")]
    NotGivenUp,
    /// What a camera gave is no picture, or too large.
    #[error("not a picture")]
    BadPicture,
    /// A recording does not go on like this, with the reason.
    #[error("recording: {0}")]
    Gate(#[from] Gate),
    /// A tool of the phone gave nothing.
    #[error("{0:?}: {1}")]
    Capture(Tool, CaptureFault),
}

/// What kind of trouble it is: what a caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The call does not fit what is stored: an unknown record or question.
    Usage,
    /// A rule said no.
    Refused,
    /// No network, or no server there.
    Offline,
    /// Not enrolled, revoked, or not known to the server.
    Access,
    /// The store: key, version, space, damage.
    Storage,
    /// Something else.
    Internal,
}

/// What the shells get: a stable code, a text and a remedy in both languages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoundsError {
    /// Stable, kebab-case.
    pub code: String,
    /// What kind of trouble it is.
    pub class: Class,
    /// What happened.
    pub text: Text,
    /// What to do now.
    pub remedy: Text,
    /// The question or field it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The rule that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The server asks for no other try before so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_s: Option<u32>,
}

impl RoundsError {
    /// Text and remedy in one language, as one paragraph.
    pub fn message(&self, lang: Lang) -> String {
        format!("{} {}", self.text.get(lang), self.remedy.get(lang))
    }
}

impl std::fmt::Display for RoundsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.message(Lang::En), self.code)
    }
}

impl std::error::Error for RoundsError {}

impl From<Fail> for RoundsError {
    fn from(fail: Fail) -> Self {
        RoundsError::from(&fail)
    }
}

impl From<&Fail> for RoundsError {
    fn from(fail: &Fail) -> Self {
        let (code, class, arg) = match fail {
            Fail::Refused(r) => return from_refusal(r),
            Fail::Gate(gate) => return from_gate(gate),
            Fail::Fault(f) => return from_fault(f),
            Fail::WrongKey => ("store-wrong-key", Class::Storage, String::new()),
            Fail::NewerStore { found, .. } => ("store-newer", Class::Storage, found.to_string()),
            Fail::StorageFull => ("storage-full", Class::Storage, String::new()),
            Fail::StoreBusy => ("store-busy", Class::Storage, String::new()),
            Fail::Damaged(what) => ("store-damaged", Class::Storage, (*what).to_owned()),
            Fail::Document(DocumentError::TooLarge) => ("answer-too-large", Class::Usage, String::new()),
            Fail::Document(DocumentError::Damaged(what)) => ("store-damaged", Class::Storage, what.clone()),
            Fail::BadPicture => ("picture-unreadable", Class::Usage, String::new()),
            Fail::BlobDamaged => ("blob-damaged", Class::Storage, String::new()),
            Fail::NotGivenUp => ("not-given-up", Class::Usage, String::new()),
            Fail::Batch(fault) => (fault.code(), Class::Usage, fault.about().0),
            Fail::Capture(tool, fault) => {
                let class = match fault {
                    CaptureFault::Failed(_) => Class::Internal,
                    CaptureFault::Lost => Class::Storage,
                    _ => Class::Usage,
                };
                (fault.code(), class, tool.key().to_owned())
            }
            Fail::NoPhoto(question) => ("no-photo", Class::Usage, question.clone()),
            Fail::UnknownPrint(name, _) => ("paper-unknown", Class::Usage, name.clone()),
            Fail::Print(error) => (error.code(), Class::Usage, letters(error)),
            Fail::BadPlace(text) => ("place-shape", Class::Usage, text.clone()),
            Fail::RecordWord(word) => ("record-word", Class::Usage, word.clone()),
            Fail::BadSetting(value) => ("bad-setting", Class::Usage, value.clone()),
            Fail::Sqlite(e) => ("store-failed", Class::Storage, e.to_string()),
            Fail::Io(e) => match e.kind() {
                std::io::ErrorKind::AlreadyExists => ("file-exists", Class::Usage, String::new()),
                kind => (
                    "file-failed",
                    Class::Storage,
                    io_words(kind).map_or_else(|| e.to_string(), str::to_owned),
                ),
            },
            Fail::NotEnrolled => ("not-enrolled", Class::Access, String::new()),
            Fail::SignedOut => ("phone-signed-out", Class::Access, String::new()),
            Fail::AlreadyEnrolled => ("already-enrolled", Class::Usage, String::new()),
            Fail::NoTeamKey => ("no-team-key", Class::Usage, String::new()),
            Fail::NothingToHandOver => ("nothing-to-hand-over", Class::Usage, String::new()),
            Fail::NotABundle => ("not-a-bundle", Class::Usage, String::new()),
            Fail::BundleNotWhole => ("bundle-not-whole", Class::Usage, String::new()),
            Fail::OtherTeamsBundle => ("other-teams-bundle", Class::Usage, String::new()),
            Fail::BundleTooLarge => ("bundle-too-large", Class::Usage, String::new()),
            Fail::TooManyBundles => ("too-many-bundles", Class::Usage, String::new()),
            Fail::UnknownRecord => ("record-unknown", Class::Usage, String::new()),
            Fail::AmbiguousRecord => ("record-ambiguous", Class::Usage, String::new()),
            Fail::UnknownKind(k, _) => ("kind-unknown", Class::Usage, k.clone()),
            Fail::UnknownFinder(f) => ("finder-unknown", Class::Usage, f.clone()),
            Fail::UnknownList(list, _) => ("list-unknown", Class::Usage, list.clone()),
            Fail::TypedPending(key) => ("typed-pending", Class::Usage, key.clone()),
            Fail::MoveConflict(key) => ("move-conflict", Class::Usage, key.clone()),
            Fail::UnknownQuestion(q) => ("question-unknown", Class::Usage, q.clone()),
            Fail::UnknownWord(word) => ("word-unknown", Class::Usage, word.clone()),
            Fail::AtNoQuestion => ("at-no-question", Class::Usage, String::new()),
            Fail::LineNotText => ("line-not-text", Class::Usage, String::new()),
            Fail::LineTooLong => ("line-too-long", Class::Usage, String::new()),
            Fail::NotAPair(what) => ("not-a-pair", Class::Usage, what.clone()),
            Fail::HeldAct => ("held-act", Class::Usage, String::new()),
            Fail::NoRequest => ("no-request", Class::Usage, String::new()),
            Fail::NoConflict(key) => ("no-conflict", Class::Usage, key.clone()),
            Fail::NoSuchVersion => ("no-such-version", Class::Usage, String::new()),
            Fail::Offline(what) => ("offline", Class::Offline, what.clone()),
            Fail::EnrolOffline(what) => ("enrol-offline", Class::Offline, what.clone()),
            Fail::BadAddress => ("bad-address", Class::Usage, String::new()),
            Fail::UnknownHeld => ("held-unknown", Class::Usage, String::new()),
            Fail::UnknownNotice => ("notice-unknown", Class::Usage, String::new()),
            Fail::BadAnswer(what) => ("bad-answer", Class::Offline, (*what).to_owned()),
            Fail::BadPack(what) => ("bad-pack", Class::Internal, what.clone()),
            Fail::Stopped(_) => ("stopped", Class::Offline, String::new()),
            Fail::System(what) => ("system", Class::Internal, (*what).to_owned()),
        };
        let known = match fail {
            Fail::Capture(_, CaptureFault::Failed(detail)) => detail.chars().take(200).collect(),
            Fail::UnknownKind(_, known) | Fail::UnknownPrint(_, known) | Fail::UnknownList(_, known) => {
                known.clone()
            }
            Fail::Batch(fault) => fault.about().1,
            _ => String::new(),
        };
        // What the phone itself says is in its messages; what a system says stays as it is.
        let words = |lang| match messages().has(&arg) {
            true => messages().get(lang, &arg, &[]),
            false => arg.clone(),
        };
        let said = |key: &str| {
            let say = |lang| messages().get(lang, key, &[("what", words(lang)), ("known", known.clone())]);
            Text::new(say(Lang::Zh), say(Lang::En))
        };
        RoundsError {
            code: code.to_owned(),
            class,
            text: said(code),
            remedy: said(&format!("{code}-remedy")),
            field: None,
            rule: None,
            retry_s: None,
        }
    }
}

/// The first of the letters that no font has.
fn letters(error: &rounds_print::PrintError) -> String {
    let rounds_print::PrintError::Lacks(lacking) = error else { return String::new() };
    let more = if lacking.len() > 20 { "…" } else { "" };
    format!("{}{more}", lacking.iter().take(20).collect::<String>())
}

/// The message for what a system says of a file most often.
fn io_words(kind: std::io::ErrorKind) -> Option<&'static str> {
    use std::io::ErrorKind;
    Some(match kind {
        ErrorKind::NotFound => "io-not-found",
        ErrorKind::PermissionDenied => "io-permission",
        ErrorKind::IsADirectory => "io-folder",
        ErrorKind::NotADirectory => "io-no-folder",
        _ => return None,
    })
}

fn from_refusal(r: &Refusal) -> RoundsError {
    RoundsError {
        code: r.code.clone(),
        class: Class::Refused,
        text: r.reason.clone(),
        remedy: r.remedy.clone(),
        field: r.field.clone(),
        rule: r.rule.clone(),
        retry_s: None,
    }
}

fn from_gate(gate: &Gate) -> RoundsError {
    let (text, remedy) = rounds_evidence::words::gate(gate);
    let (code, class) = (gate.code().to_owned(), Class::Refused);
    RoundsError { code, class, text, remedy, field: None, rule: None, retry_s: None }
}

fn from_fault(f: &FaultBody) -> RoundsError {
    let class = match f.code.as_str() {
        "token-unknown" | "device-revoked" | "invite-unknown" | "invite-used" | "invite-expired"
        | "key-not-proven" => Class::Access,
        "busy" | "internal" | "storage-full" | "too-many-tries" => Class::Offline,
        _ => Class::Internal,
    };
    let (text, remedy) = (f.text.clone(), f.remedy.clone());
    RoundsError { code: f.code.clone(), class, text, remedy, field: None, rule: None, retry_s: f.retry_s }
}

impl From<rusqlite::Error> for Fail {
    fn from(e: rusqlite::Error) -> Self {
        // What several processes share of the log found no room: a full disk too, by another name.
        if e.sqlite_error().is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Fail::StorageFull;
        }
        match e.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Fail::StorageFull,
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Fail::StoreBusy,
            Some(rusqlite::ErrorCode::DatabaseCorrupt) => Fail::Damaged("the database file"),
            _ => Fail::Sqlite(e),
        }
    }
}

impl From<rusqlite::types::FromSqlError> for Fail {
    fn from(_: rusqlite::types::FromSqlError) -> Self {
        Fail::Damaged("a column has the wrong type")
    }
}

impl From<std::io::Error> for Fail {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Fail::StorageFull,
            _ => Fail::Io(e),
        }
    }
}

impl From<Refusal> for Fail {
    fn from(r: Refusal) -> Self {
        Fail::Refused(Box::new(r))
    }
}

/// The messages of this crate.
///
/// # Panics
/// Never: the files are part of the build, and a test loads them.
#[allow(clippy::expect_used)]
pub fn messages() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        Catalog::new(include_str!("../messages/zh-CN.ftl"), include_str!("../messages/en.ftl"))
            .expect("the message files are tested")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lesson_19_what_this_phone_refuses_and_says_by_itself_has_its_words() {
        for code in ["builds-on-held", "device-restored", "waits-for-wifi"] {
            assert!(messages().has(code) && messages().has(&format!("{code}-remedy")), "{code}");
        }
        for cause in crate::sync::backoff::Cause::ALL {
            let key = format!("cause-{}", cause.code().replace('_', "-"));
            assert!(messages().has(&key), "{key}");
        }
    }

    #[test]
    fn every_tool_that_gives_nothing_says_so_by_name() {
        for tool in Tool::ALL {
            assert!(messages().has(tool.key()), "{}", tool.key());
            let error = RoundsError::from(Fail::Capture(tool, CaptureFault::Denied));
            for lang in Lang::ALL {
                let name = messages().get(lang, tool.key(), &[]);
                assert!(error.text.get(lang).contains(&name), "{}", error.text.get(lang));
            }
        }
    }

    #[test]
    fn what_a_network_or_a_system_says_is_said_in_the_reader_s_language() {
        let zh = |fail: Fail| RoundsError::from(fail).message(Lang::Zh);
        assert!(zh(Fail::Offline("net-no-connection".into())).contains("没有连接"));
        assert!(zh(std::io::Error::from(std::io::ErrorKind::NotFound).into()).contains("找不到"));
        let there = RoundsError::from(Fail::from(std::io::Error::from(std::io::ErrorKind::AlreadyExists)));
        assert_eq!((there.code.as_str(), there.class), ("file-exists", Class::Usage));
        let enrol = RoundsError::from(Fail::EnrolOffline("net-no-connection".into()));
        assert!(!enrol.remedy.en.contains("saved"), "nothing is on the phone yet");
        let kind = RoundsError::from(Fail::UnknownKind("shop".into(), "store, visit".into()));
        assert!(kind.text.en.contains("shop") && kind.remedy.zh.contains("store, visit"));
    }

    #[test]
    fn lesson_19_every_failure_has_code_text_and_remedy_in_both_languages() {
        assert_eq!(messages().gaps(), Vec::<String>::new());
        let all = [
            Fail::WrongKey,
            Fail::NewerStore { found: 9, known: 1 },
            Fail::StorageFull,
            Fail::StoreBusy,
            Fail::Damaged("x"),
            Fail::Document(DocumentError::TooLarge),
            Fail::BadPicture,
            Fail::BlobDamaged,
            Fail::NotGivenUp,
            Fail::Capture(Tool::Camera, CaptureFault::Denied),
            Fail::Capture(Tool::Camera, CaptureFault::Unavailable),
            Fail::Capture(Tool::Camera, CaptureFault::Cancelled),
            Fail::Capture(Tool::KeyStore, CaptureFault::Lost),
            Fail::Capture(Tool::Camera, CaptureFault::Failed("x".into())),
            Fail::NoPhoto("x".into()),
            Fail::BadPlace("x".into()),
            Fail::RecordWord("x".into()),
            Fail::BadSetting("x".into()),
            Fail::Sqlite(rusqlite::Error::InvalidQuery),
            Fail::Io(std::io::Error::other("x")),
            BatchFault::Empty.into(),
            BatchFault::TooMany(1).into(),
            BatchFault::TooLarge.into(),
            BatchFault::Encoding("x").into(),
            BatchFault::NoTable("x".into()).into(),
            BatchFault::Cells(1).into(),
            BatchFault::NoValue(1, "x".into()).into(),
            BatchFault::ColumnTwice("x".into()).into(),
            BatchFault::NoColumn("x".into(), "y".into()).into(),
            BatchFault::NoAct("x".into(), "y".into()).into(),
            BatchFault::NoLink("x".into()).into(),
            BatchFault::Mixed.into(),
            BatchFault::TooManyOpen.into(),
            BatchFault::Unknown.into(),
            BatchFault::Ended.into(),
            BatchFault::NoItem(1).into(),
            Fail::NotEnrolled,
            Fail::SignedOut,
            Fail::MoveConflict("x".into()),
            Fail::TypedPending("x".into()),
            Fail::AlreadyEnrolled,
            Fail::NoTeamKey,
            Fail::NothingToHandOver,
            Fail::NotABundle,
            Fail::BundleNotWhole,
            Fail::OtherTeamsBundle,
            Fail::BundleTooLarge,
            Fail::TooManyBundles,
            Fail::UnknownRecord,
            Fail::AmbiguousRecord,
            Fail::UnknownKind("x".into(), "y".into()),
            Fail::UnknownList("x".into(), "y".into()),
            Fail::UnknownQuestion("x".into()),
            Fail::NotAPair("x".into()),
            Fail::UnknownWord("x".into()),
            Fail::AtNoQuestion,
            Fail::LineNotText,
            Fail::LineTooLong,
            Fail::HeldAct,
            Fail::NoRequest,
            Fail::NoConflict("x".into()),
            Fail::NoSuchVersion,
            Fail::Offline("x".into()),
            Fail::EnrolOffline("x".into()),
            Fail::BadAddress,
            Fail::UnknownHeld,
            Fail::UnknownNotice,
            Fail::BadAnswer("x"),
            Fail::BadPack("x".into()),
            Fail::System("clock"),
            Fail::Stopped(Unfinished::Cancelled),
        ];
        for fail in all {
            let e = RoundsError::from(fail);
            for lang in Lang::ALL {
                assert_ne!(e.text.get(lang), e.code, "{} has no text", e.code);
                assert!(!e.remedy.get(lang).ends_with("-remedy"), "{} has no remedy", e.code);
            }
        }
    }
}
