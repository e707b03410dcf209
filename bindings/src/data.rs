//! The types of a screen. They are `rounds_app`'s own: what is written here is compared with them by the
//! compiler, and their documentation is there.

use rounds_app::ask::{Choice, Given, Input, Question};
use rounds_app::screen::{
    After, Badge, Block, Button, Chip, Fact, File, Line, Notice, Page, Place, Point, Score, Screen, Script,
    Sure, Tone, Trend, Version, Versions,
};
use rounds_app::syncing::{SyncReport, SyncStep};
use rounds_app::watch::Pulse;

/// One screen.
#[uniffi::remote(Record)]
pub struct Screen {
    /// What it is, for tests, logs and animations: `today`, `record`, `form`, `outbox` … with no content.
    name: String,
    /// Which one of these it is: equal for the same screen of the same thing.
    id: String,
    /// The title.
    title: String,
    /// Under it, in small letters.
    subtitle: Option<String>,
    /// The sync chip. None before somebody has signed in.
    chip: Option<Chip>,
    /// The places that can be reached from everywhere, at the bottom; empty deeper inside.
    places: Vec<Place>,
    /// There is something to go back to.
    back: bool,
    /// What stands on it, from top to bottom.
    blocks: Vec<Block>,
    /// The one main button, at the bottom, in reach of a thumb.
    main: Option<Button>,
    /// What else can be done: a menu.
    also: Vec<Button>,
    /// The key of the question that the person was at: the shell scrolls there.
    at: Option<String>,
    /// The tap with which an answer to a question of this screen is given as soon as it is made, durably;
    /// none where answers go with a button alone. A button takes answers in any case.
    gives: Option<String>,
    /// The screen changes by itself (a time that runs): it is to be read again after so many milliseconds.
    again_ms: Option<u64>,
}

/// Where this phone stands, in a few words, on every screen.
#[uniffi::remote(Record)]
pub struct Chip {
    /// `syncing`, `offline`, `waiting`, `needs_you`, `up_to_date`, `never`, `stopped`, `no_access`,
    /// `signed_out`.
    state: String,
    /// Its words.
    text: String,
    /// How it is meant: never the only sign.
    tone: Tone,
    /// What a tap on it does.
    tap: String,
}

/// A place that can be reached from everywhere.
#[uniffi::remote(Record)]
pub struct Place {
    /// `today`, `work`, `tasks`, `outbox`, `more`, `team`: which picture stands above its word.
    icon: String,
    /// Its word.
    title: String,
    /// The tap that goes there.
    tap: String,
    /// It is where the person is.
    here: bool,
    /// How many things wait there; none is no mark.
    count: u64,
}

/// How something is meant; its words always say it too.
#[uniffi::remote(Enum)]
pub enum Tone {
    /// As it is.
    Neutral,
    /// Under way.
    Active,
    /// As it should be.
    Good,
    /// To be looked at.
    Warning,
    /// Not as it should be.
    Bad,
}

/// A part of a screen.
#[uniffi::remote(Enum)]
pub enum Block {
    /// A heading over what follows.
    Heading {
        /// Its words.
        text: String,
    },
    /// Words to read.
    Text {
        /// The words.
        text: String,
    },
    /// Something to know: a refusal, a warning, good news. What happened, why, what to do now.
    Notice {
        /// The notice.
        notice: Notice,
    },
    /// Labels with their values.
    Facts {
        /// Them, in order.
        facts: Vec<Fact>,
    },
    /// A line of a list.
    Line {
        /// The line.
        line: Line,
    },
    /// A question.
    Ask {
        /// The question.
        question: Question,
    },
    /// So much of it is done.
    Progress {
        /// In words: "12 of 31".
        text: String,
        /// Done.
        done: u64,
        /// In all; more than zero.
        of: u64,
    },
    /// A time that has to pass: a minimum stay, the minimum time of a step.
    Ring {
        /// In words.
        text: String,
        /// Still to go, milliseconds.
        left_ms: u64,
        /// In all, milliseconds; more than zero.
        of_ms: u64,
    },
    /// What a checklist came to.
    Score {
        /// The score.
        score: Score,
    },
    /// An answer of which there are several versions.
    Versions {
        /// Them.
        versions: Versions,
    },
    /// Numbers in a row, as a small chart that answers one question.
    Trend {
        /// The chart.
        trend: Trend,
    },
    /// What is to be said now, large, while a recording runs.
    Script {
        /// The step.
        script: Script,
    },
    /// A picture.
    Picture {
        /// What to ask for.
        picture: String,
        /// What is on it, for people who do not see it.
        about: String,
    },
    /// A button in the column.
    Do {
        /// The button.
        button: Button,
    },
    /// A field that searches as one types: its text is given with the key `find`.
    Find {
        /// What stands there before anything is typed.
        hint: String,
        /// What is typed.
        typed: String,
        /// The tap that searches.
        tap: String,
    },
    /// Nothing is here yet: what would be, and how to begin.
    Empty {
        /// In a few words.
        title: String,
        /// How to begin.
        text: String,
    },
    /// The list goes on: its next lines come when this is reached.
    More {
        /// What to ask for.
        more: String,
    },
}

/// Something to know.
#[uniffi::remote(Record)]
pub struct Notice {
    /// How it is meant.
    tone: Tone,
    /// What happened and why.
    text: String,
    /// What to do now.
    remedy: Option<String>,
    /// For support, small.
    code: Option<String>,
    /// What can be done about it.
    buttons: Vec<Button>,
}

/// A label with its value.
#[uniffi::remote(Record)]
pub struct Fact {
    /// The label.
    label: String,
    /// The value.
    value: String,
    /// How it is meant.
    tone: Tone,
    /// What a tap on it does: a record that it names, a number to call.
    tap: Option<String>,
}

/// A line of a list: what it is, where it stands, what is next.
#[uniffi::remote(Record)]
pub struct Line {
    /// Which one it is, for tests and for lists that move.
    id: String,
    /// Before the title: the place in a route, a mark (`✓`, `!`, `→`, `○`, `–`).
    mark: Option<String>,
    /// What it is called.
    title: String,
    /// More about it.
    subtitle: Option<String>,
    /// At the end of the line: a distance, a score, a time.
    end: Option<String>,
    /// Where it stands, and the words beside it.
    badges: Vec<Badge>,
    /// Greyed: why, in one line.
    why_not: Option<String>,
    /// What a tap on it does; none if there is nothing to open.
    tap: Option<String>,
    /// It is chosen, in a list that several are chosen of.
    chosen: Option<bool>,
    /// Its photo, to be asked for as a picture.
    picture: Option<String>,
}

/// A word beside a line.
#[uniffi::remote(Record)]
pub struct Badge {
    /// What people read.
    text: String,
    /// How it is meant.
    tone: Tone,
}

/// What a checklist came to.
#[uniffi::remote(Record)]
pub struct Score {
    /// In words: "82 %, passed".
    text: String,
    /// Of a hundred.
    percent: f64,
    /// Whether it passed, where there is a mark to pass.
    passed: Option<bool>,
    /// The last one beside it, in words: "last time 75 %, +7".
    before: Option<String>,
    /// Its sections.
    sections: Vec<Fact>,
    /// What failed it, whatever the rest came to.
    failed: Vec<Line>,
}

/// An answer of which there are several versions.
#[uniffi::remote(Record)]
pub struct Versions {
    /// The question.
    label: String,
    /// What it is about: the record.
    about: String,
    /// The versions; the first one shows now.
    versions: Vec<Version>,
    /// Asks for another answer than these, where one may be typed.
    other: Option<Button>,
}

/// One of several versions.
#[uniffi::remote(Record)]
pub struct Version {
    /// The answer as people read it.
    value: String,
    /// Who, on which device, when.
    by: String,
    /// It is this person's own.
    mine: bool,
    /// "Keep mine", "Take this one".
    button: Button,
}

/// Numbers in a row.
#[uniffi::remote(Record)]
pub struct Trend {
    /// The question that it answers.
    title: String,
    /// The answer in words: "12 % less than the half month before".
    text: String,
    /// The numbers, oldest first.
    points: Vec<Point>,
}

/// A number with its label.
#[uniffi::remote(Record)]
pub struct Point {
    /// The label.
    label: String,
    /// The number.
    value: f64,
}

/// A step of a recording.
#[uniffi::remote(Record)]
pub struct Script {
    /// "Step 2 of 12".
    step: String,
    /// Who speaks.
    speaker: String,
    /// The words to say, slots filled.
    words: String,
    /// What to do meanwhile, in this mode.
    instruction: Option<String>,
    /// "Recording 02:41", "Paused".
    state: String,
    /// It is being recorded now.
    recording: bool,
}

/// A button.
#[uniffi::remote(Record)]
pub struct Button {
    /// What a tap on it does.
    tap: String,
    /// Its words.
    title: String,
    /// How it is meant.
    tone: Tone,
    /// Greyed: why, and what to do.
    why_not: Option<Notice>,
    /// What it asks for first, on a sheet of its own.
    asks: Vec<Question>,
    /// What it says before it is done, where it cannot be taken back.
    sure: Option<Sure>,
}

/// What is said before something that cannot be taken back.
#[uniffi::remote(Record)]
pub struct Sure {
    /// The question.
    text: String,
    /// The word that does it.
    yes: String,
    /// The word that does not.
    no: String,
}

/// What a tap came to.
#[uniffi::remote(Record)]
pub struct After {
    /// What is to be shown now.
    screen: Screen,
    /// Something to say in passing: "Saved on this phone".
    said: Option<Notice>,
    /// A file for the system's own sheet: a paper to print, a log for support, a bundle to hand over.
    file: Option<File>,
}

/// A file that leaves the app by the system's own sheet.
#[uniffi::remote(Record)]
pub struct File {
    /// What it is called.
    name: String,
    /// Its type: `application/pdf`.
    mime: String,
    /// Where it lies, in the app's own folder for such files.
    path: String,
    /// `print`, `share`.
    purpose: String,
    /// The tap that says it was printed or shared.
    done: Option<String>,
}

/// More lines of a list.
#[uniffi::remote(Record)]
pub struct Page {
    /// The lines.
    blocks: Vec<Block>,
}

/// A question with its answer.
#[uniffi::remote(Record)]
pub struct Question {
    /// What it is answered by: in [`Given::key`].
    key: String,
    /// What people read.
    label: String,
    /// More about it, in small letters.
    hint: Option<String>,
    /// What is asked for, and so what it is answered with.
    input: Input,
    /// The answer as it is stored; empty if there is none.
    value: String,
    /// The answer as people read it.
    shown: String,
    /// What is being typed there and is no answer yet. Shown instead of the answer.
    typed: Option<String>,
    /// Must be answered.
    required: bool,
    /// Computed, or not to be changed now: shown, not asked.
    read_only: bool,
    /// What is wrong with the answer, in words, under the question itself.
    error: Option<String>,
    /// What a supervisor said about the answer, in words: to be put right.
    comment: Option<String>,
    /// There are two versions of the answer: the tap that opens them.
    versions: Option<String>,
}

/// What a question asks for. The stored form of each answer is that of XLSForm.
#[uniffi::remote(Enum)]
pub enum Input {
    /// Nothing: the label is what there is to read.
    Note,
    /// Words; several lines where `long`.
    Text {
        /// Room for several lines.
        long: bool,
    },
    /// A secret of digits, never shown: a PIN.
    Pin,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// `2026-11-23`.
    Date,
    /// `09:12`.
    Time,
    /// `2026-11-23T09:12`.
    DateTime,
    /// One of these. Where there are more than the screen lists, `more` opens them, with a search.
    One {
        /// What can be chosen, in order.
        options: Vec<Choice>,
        /// The tap that opens the whole list, where these are not all.
        more: Option<String>,
    },
    /// Several of these: values with a space between.
    Several {
        /// What can be chosen, in order.
        options: Vec<Choice>,
        /// The tap that opens the whole list, where these are not all.
        more: Option<String>,
    },
    /// All of these in an order: values with a space between.
    Rank {
        /// What is put in order.
        options: Vec<Choice>,
    },
    /// A number on a scale.
    Range {
        /// The least.
        from: f64,
        /// The most.
        to: f64,
        /// From mark to mark.
        step: f64,
    },
    /// Yes, I have read it: `OK` or nothing.
    Acknowledge,
    /// A photo: tapped with `take`, which asks the camera. `picture` names what there is.
    Photo {
        /// The tap that takes one.
        take: String,
        /// What there is, to be asked for as a picture.
        picture: Option<String>,
    },
    /// A sound, a video or a file, taken like a photo.
    File {
        /// The tap that takes one.
        take: String,
        /// "12 s", "3.4 MB".
        about: Option<String>,
    },
    /// Where the phone is: tapped with `take`, which asks for a fix.
    Place {
        /// The tap that takes one.
        take: String,
    },
    /// A barcode: typed, or read by the camera with `scan`.
    Barcode {
        /// The tap that reads one.
        scan: String,
    },
    /// A signature.
    Signature {
        /// The tap that opens the pad.
        sign: String,
        /// What there is, to be asked for as a picture.
        picture: Option<String>,
    },
}

/// Something that can be chosen.
#[uniffi::remote(Record)]
pub struct Choice {
    /// What is stored.
    value: String,
    /// What people read.
    label: String,
    /// Greyed, for this reason.
    why_not: Option<String>,
}

/// What was given with a tap.
#[uniffi::remote(Record)]
pub struct Given {
    /// The question.
    key: String,
    /// The answer, in its stored form.
    value: String,
}

/// What whoever looks is told.
#[uniffi::remote(Record)]
pub struct Pulse {
    /// Counts up. Where it is another one than at the last look, the screen is to be asked for again.
    turn: u64,
    /// The sync chip as it is now; none before somebody has signed in, and after closing.
    chip: Option<Chip>,
}

/// A step of a sync.
#[uniffi::remote(Record)]
pub struct SyncStep {
    /// `started`, `sent`, `received`, `photo`, `finished`, `failed`.
    step: String,
    /// In words.
    text: String,
    /// So much of it: items with a receipt, bytes of the photo.
    done: u64,
    /// Of so much; zero where that is not known.
    of: u64,
}

/// What a sync came to.
#[uniffi::remote(Record)]
pub struct SyncReport {
    /// In words.
    text: String,
    /// It was stopped before its end: `cancelled` or `deadline`. What was exchanged stays.
    unfinished: Option<String>,
    /// Exchanges made.
    exchanges: u64,
    /// Photos and files sent whole.
    photos: u64,
}
