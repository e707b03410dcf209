//! The commands of `rounds-device`.

use crate::error::{Fail, RoundsError};
use clap::{Parser, Subcommand};
use rounds_model::text::Lang;
use std::path::PathBuf;

/// A phone without a screen: one folder per phone.
#[derive(Debug, Parser)]
#[command(name = "rounds-device", version, about, after_help = EXIT_CODES)]
pub struct Args {
    /// The phone's folder; created if it is not there.
    #[arg(long, short, env = "ROUNDS_DEVICE", default_value = "phone", global = true)]
    pub dir: PathBuf,
    /// A file with the 64 hex digits of the database key. Default: `phone.key` in the folder,
    /// made at first use. A real phone keeps the key in its key store instead.
    #[arg(long, global = true)]
    pub key_file: Option<PathBuf>,
    /// zh-CN or en. Default: by LANG.
    #[arg(long, global = true)]
    pub lang: Option<String>,
    /// Print JSON, errors too.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str =
    "Exit codes: 0 done, 1 internal, 2 wrong use, 3 refused by a rule, 4 offline, 5 no access, 6 storage.";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Become a device of a team, with an invitation.
    Enrol {
        /// The server: `https://rounds.example` (plain http only on this machine).
        server: String,
        /// The invitation code.
        code: String,
        /// What this device is called. Default: the name of the machine.
        #[arg(long)]
        name: Option<String>,
    },
    /// Exchange with the server until both sides have everything.
    Sync {
        /// The server has moved: use this address from now on.
        #[arg(long)]
        server: Option<String>,
        /// The network costs money: with wifi-only on, photos and files wait.
        #[arg(long)]
        metered: bool,
        /// Stay: listen for news, send what is saved, try again after failures, and print what
        /// happens. Lines on the standard input: `network` (it returned), `now`, `stop`.
        #[arg(long, conflicts_with_all = ["server", "within"])]
        watch: bool,
        /// Stop after so many seconds, in good order, as in the background of a phone.
        #[arg(long, value_name = "SECONDS")]
        within: Option<u64>,
    },
    /// What is set on this phone; with a name and a value, set it.
    Settings {
        /// wifi-only (on, off): photos and files wait for a network that is not metered.
        /// part-kib: how much of one is sent in a request.
        #[arg(requires = "value")]
        name: Option<Setting>,
        /// The value.
        value: Option<String>,
    },
    /// Write the photo or file that answers a question to a file; fetched if it is not here.
    FetchPhoto {
        /// The record.
        record: String,
        /// The question.
        question: String,
        /// The file; must not be there.
        file: PathBuf,
    },
    /// Where this phone stands.
    Status,
    /// What there is to know: access that came or went, records that changed hands.
    Notices,
    /// Put a notice aside, once it is read.
    Dismiss {
        /// Its number among the notices.
        number: i64,
    },
    /// The day's records.
    Today,
    /// The kinds of records that this team has.
    Kinds,
    /// The records of a kind, newest first.
    List {
        /// Such as visit; see `kinds`.
        kind: String,
        /// Only those after this place (`next` of the page before).
        #[arg(long)]
        before: Option<i64>,
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Say of each whether this act is possible, and if not, why.
        #[arg(long)]
        act: Option<String>,
        /// As this list of its pack has them: which ones, in which order, with which columns; see `kinds`.
        #[arg(long = "as", value_name = "LIST", conflicts_with = "act")]
        list: Option<String>,
    },
    /// Every act of one's role about a record; what cannot be done says why.
    Acts {
        /// The record.
        record: String,
    },
    /// What a link of a record could point to; what could not says why.
    Candidates {
        /// The record.
        record: String,
        /// The question.
        question: String,
        /// Only those with all of these words.
        #[arg(long = "words", default_value = "")]
        typed: String,
        /// Only those after this place (`next` of the page before).
        #[arg(long)]
        before: Option<i64>,
    },
    /// What is overdue, and what is due soon.
    Reminders,
    /// The slots of a day.
    Schedule {
        /// The day, such as 2026-11-23. Default: today.
        day: Option<String>,
    },
    /// Find records by words, Chinese or not.
    Search {
        /// The words.
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Ask a finder of a kind: `find policy by_number typed=P1000123`.
    Find {
        /// The kind.
        kind: String,
        /// Its finder.
        finder: String,
        /// question=value.
        answers: Vec<String>,
    },
    /// One record: answers, what can be done, what was done.
    Show {
        /// Its id, or the beginning of it.
        record: String,
        /// One of its tabs alone, by its name or title.
        #[arg(long)]
        tab: Option<String>,
    },
    /// Create a record.
    New {
        /// Its kind.
        kind: String,
        /// question=value.
        answers: Vec<String>,
        /// Where this phone is, for the place that the form takes by itself: latitude, longitude, accuracy.
        #[arg(long, value_name = "LAT LON M")]
        at: Option<String>,
    },
    /// Answer questions: `answer 0199… step2/visible=y 'sku[1]/price=10'`. `question=` clears.
    Answer {
        /// The record.
        record: String,
        /// question=value.
        answers: Vec<String>,
        /// Store a file, encrypted, and answer a question with it: question=file.
        #[arg(long = "photo")]
        photos: Vec<String>,
        /// Where this phone is, for the places that the form takes by itself: latitude, longitude, accuracy.
        #[arg(long, value_name = "LAT LON M")]
        at: Option<String>,
    },
    /// Fill a record line by line: `enter sku[1]/price`, `type 10`, `set step2/visible=y`, `add sku`,
    /// `remove sku[1]`, `photo step2/shelf_photo FILE`, `check`, `page`, `act finish`, `where`. Each line
    /// (UTF-8) is answered with one line of JSON once it is durable; one that fails is answered with its
    /// number and the reason, and the next one is read. A blank line does nothing.
    Fill {
        /// The record.
        record: String,
        /// Where this phone is, for the places that the form takes by itself: latitude, longitude, accuracy.
        #[arg(long, value_name = "LAT LON M")]
        at: Option<String>,
    },
    /// Take a photo: this machine's lens gives this file. It is hashed, made small, stripped, marked and kept
    /// with what is known of it.
    Photo {
        /// The record.
        record: String,
        /// The question.
        question: String,
        /// What the lens gives: JPEG or PNG.
        file: PathBuf,
        /// Where the phone is: `latitude longitude accuracy`. Left out: no position.
        #[arg(long, value_name = "PLACE")]
        at: Option<String>,
        /// The position is made up, says the system.
        #[arg(long)]
        mock: bool,
        /// A font for what is written on it; otherwise a Chinese font of this machine.
        #[arg(long, value_name = "FILE")]
        font: Vec<PathBuf>,
    },
    /// Record a question by its script, line by line: `begin`, `answer 是`, `mark`, `pause`, `resume`,
    /// `finish`, `break-off`, `show`; `film FILE` is what the recorder hears and sees, `call`, `background`
    /// and `power` what interrupts it. Each line is answered with the prompter as JSON.
    Record {
        /// The record.
        record: String,
        /// The question that the recording answers.
        question: String,
    },
    /// What is wrong on the page of a question, or in the whole record.
    Check {
        /// The record.
        record: String,
        /// A question of the page.
        question: Option<String>,
    },
    /// The choices of a question, a page at a time.
    Choices {
        /// The record.
        record: String,
        /// The question.
        question: String,
        /// Only those whose label or value has this.
        typed: Option<String>,
        /// Without the first ones.
        #[arg(long, default_value_t = 0)]
        skip: usize,
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Who answered which question when, from what to what, and how long it took.
    Audit {
        /// The record.
        record: String,
        /// As ODK's tools write it.
        #[arg(long)]
        csv: bool,
    },
    /// What the form makes of a record for lists of things: its sheet entities. Nothing is added to a list.
    Entities {
        /// The record.
        record: String,
    },
    /// What moving a record to the newest version of its form would change; with a version, move it.
    Move {
        /// The record.
        record: String,
        /// The version, as the preview says.
        #[arg(long)]
        to: Option<u32>,
    },
    /// Add an instance to a repeat; prints its id.
    Add {
        /// The record.
        record: String,
        /// The repeat: sku.
        repeat: String,
    },
    /// Remove an instance of a repeat: `remove 0199… sku[2]`. Its answers are kept.
    Remove {
        /// The record.
        record: String,
        /// The instance, by its position as `show` has it or by its id: `sku[2]`, `sku/ID`. Or the repeat.
        repeat: String,
        /// With a repeat: the instance's position or id.
        instance: Option<String>,
    },
    /// State an act: check in, submit, finish.
    Act {
        /// The record.
        record: String,
        /// The act's name; `show` lists them.
        act: String,
        /// field=value.
        payload: Vec<String>,
    },
    /// Print a record to PDF as its pack says, and remember that it was printed.
    Print {
        /// The record.
        record: String,
        /// What to print, if there are several; `show` lists them. Default: the first of them.
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
        /// The file to write; must not be there.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// A font (TrueType or OpenType) with the letters that are needed; several are asked in their
        /// order. Default: a Chinese font of this machine, such as Noto Sans CJK.
        #[arg(long, value_name = "FILE")]
        font: Vec<PathBuf>,
    },
    /// Many records at once; what is interrupted goes on.
    #[command(subcommand)]
    Batch(super::batch::BatchCommand),
    /// What waits, what was not accepted, what is held.
    Outbox {
        /// For support: with ids, keys, values as they are stored, and codes.
        #[arg(long)]
        raw: bool,
    },
    /// Write a held edit again. What others wrote meanwhile stays as a second version.
    Retry {
        /// Its number in the outbox.
        number: i64,
    },
    /// Ask for what a held edit would have changed, where the record does not allow it any more.
    Request {
        /// Its number in the outbox.
        number: i64,
        /// field=value: what the request asks for beside.
        payload: Vec<String>,
    },
    /// Throw a draft away that was begun by mistake: one that is on this phone alone.
    ThrowAway {
        /// The record.
        record: String,
        /// Without being asked.
        #[arg(long)]
        yes: bool,
    },
    /// Give a held item up.
    Discard {
        /// Its number in the outbox.
        number: i64,
    },
    /// Give up a photo or file that can never be sent: damaged here, or larger than the server takes.
    GiveUp {
        /// Its number in the outbox.
        number: i64,
    },
    /// Write everything unsent to an encrypted bundle that only the server can read. Nothing leaves
    /// the outbox for it.
    Handover {
        /// The file to write; must not be there.
        file: PathBuf,
        /// Leave photos and files out.
        #[arg(long)]
        without_photos: bool,
    },
    /// Carry a colleague's bundle: it goes to the server with the next sync. Without a file, list
    /// what is carried.
    Carry {
        /// The bundle.
        file: Option<PathBuf>,
        /// Give up those that the server refused.
        #[arg(long, conflicts_with = "file")]
        drop_refused: bool,
    },
    /// What was tried, for support: when, why, how much, what came of it. No content, no names.
    Log,
    /// Put aside what was handed over, once it is read.
    PutAside {
        /// Its number in the outbox.
        number: i64,
    },
    /// Answers with two versions.
    Conflicts,
    /// Choose one version of an answer.
    Choose {
        /// The record.
        record: String,
        /// The question.
        question: String,
        /// The number of the version, as `conflicts` lists it.
        version: usize,
    },
    /// Make every list row again from documents and acts, and compare.
    Verify {
        /// Keep what was made.
        #[arg(long)]
        rebuild: bool,
    },
    /// A hash over everything this phone holds, by scope; the server prints the same for equal data.
    Digest,
}

/// What can be set.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Setting {
    /// Photos and files wait for a network that is not metered.
    WifiOnly,
    /// KiB of a part.
    PartKib,
}

impl Args {
    /// The language to print in.
    pub fn lang(&self) -> Lang {
        let system = || std::env::var("LC_ALL").or_else(|_| std::env::var("LANG")).unwrap_or_default();
        let wanted = self.lang.clone().unwrap_or_else(system);
        // A machine without a language setting (`C`, `POSIX`) is a server or a script.
        wanted.parse().unwrap_or(Lang::En)
    }
}

/// `question=value` pairs.
pub fn pairs(typed: &[String]) -> Result<Vec<(String, String)>, RoundsError> {
    let pair = |t: &String| {
        let (key, value) = t.split_once('=').ok_or_else(|| Fail::NotAPair(t.clone()))?;
        Ok((key.to_owned(), value.to_owned()))
    };
    typed.iter().map(pair).collect()
}
