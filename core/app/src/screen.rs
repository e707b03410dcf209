//! A screen as plain data: what a shell paints, from top to bottom.

use crate::ask::Question;
use serde::{Deserialize, Serialize};

/// One screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    /// What it is, for tests, logs and animations: `today`, `record`, `form`, `outbox` … with no content.
    pub name: String,
    /// Which one of these it is: equal for the same screen of the same thing.
    pub id: String,
    /// The title.
    pub title: String,
    /// Under it, in small letters.
    pub subtitle: Option<String>,
    /// The sync chip. None before somebody has signed in.
    pub chip: Option<Chip>,
    /// The places that can be reached from everywhere, at the bottom; empty deeper inside.
    pub places: Vec<Place>,
    /// There is something to go back to.
    pub back: bool,
    /// What stands on it, from top to bottom.
    pub blocks: Vec<Block>,
    /// The one main button, at the bottom, in reach of a thumb.
    pub main: Option<Button>,
    /// What else can be done: a menu.
    pub also: Vec<Button>,
    /// The key of the question that the person was at: the shell scrolls there.
    pub at: Option<String>,
    /// The tap with which an answer to a question of this screen is given as soon as it is made, durably;
    /// none where answers go with a button alone. A button takes answers in any case.
    pub gives: Option<String>,
    /// The screen changes by itself (a time that runs): it is to be read again after so many milliseconds.
    pub again_ms: Option<u64>,
}

/// Where this phone stands, in a few words, on every screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chip {
    /// `syncing`, `offline`, `waiting`, `needs_you`, `up_to_date`, `never`, `stopped`, `no_access`,
    /// `signed_out`.
    pub state: String,
    /// Its words.
    pub text: String,
    /// How it is meant: never the only sign.
    pub tone: Tone,
    /// What a tap on it does.
    pub tap: String,
}

/// A place that can be reached from everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// `today`, `work`, `tasks`, `outbox`, `more`, `team`: which picture stands above its word.
    pub icon: String,
    /// Its word.
    pub title: String,
    /// The tap that goes there.
    pub tap: String,
    /// It is where the person is.
    pub here: bool,
    /// How many things wait there; none is no mark.
    pub count: u64,
}

/// How something is meant; its words always say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What happened and why.
    pub text: String,
    /// What to do now.
    pub remedy: Option<String>,
    /// For support, small.
    pub code: Option<String>,
    /// What can be done about it.
    pub buttons: Vec<Button>,
}

/// A label with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
    /// How it is meant.
    pub tone: Tone,
    /// What a tap on it does: a record that it names, a number to call.
    pub tap: Option<String>,
}

/// A line of a list: what it is, where it stands, what is next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Which one it is, for tests and for lists that move.
    pub id: String,
    /// Before the title: the place in a route, a mark (`✓`, `!`, `→`, `○`, `–`).
    pub mark: Option<String>,
    /// What it is called.
    pub title: String,
    /// More about it.
    pub subtitle: Option<String>,
    /// At the end of the line: a distance, a score, a time.
    pub end: Option<String>,
    /// Where it stands, and the words beside it.
    pub badges: Vec<Badge>,
    /// Greyed: why, in one line.
    pub why_not: Option<String>,
    /// What a tap on it does; none if there is nothing to open.
    pub tap: Option<String>,
    /// It is chosen, in a list that several are chosen of.
    pub chosen: Option<bool>,
    /// Its photo, to be asked for as a picture.
    pub picture: Option<String>,
}

/// A word beside a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Badge {
    /// What people read.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
}

/// What a checklist came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// In words: "82 %, passed".
    pub text: String,
    /// Of a hundred.
    pub percent: f64,
    /// Whether it passed, where there is a mark to pass.
    pub passed: Option<bool>,
    /// The last one beside it, in words: "last time 75 %, +7".
    pub before: Option<String>,
    /// Its sections.
    pub sections: Vec<Fact>,
    /// What failed it, whatever the rest came to.
    pub failed: Vec<Line>,
}

/// An answer of which there are several versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    /// The question.
    pub label: String,
    /// What it is about: the record.
    pub about: String,
    /// The versions; the first one shows now.
    pub versions: Vec<Version>,
    /// Asks for another answer than these, where one may be typed.
    pub other: Option<Button>,
}

/// One of several versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// The answer as people read it.
    pub value: String,
    /// Who, on which device, when.
    pub by: String,
    /// It is this person's own.
    pub mine: bool,
    /// "Keep mine", "Take this one".
    pub button: Button,
}

/// Numbers in a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// The question that it answers.
    pub title: String,
    /// The answer in words: "12 % less than the half month before".
    pub text: String,
    /// The numbers, oldest first.
    pub points: Vec<Point>,
}

/// A number with its label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The label.
    pub label: String,
    /// The number.
    pub value: f64,
}

/// A step of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// "Step 2 of 12".
    pub step: String,
    /// Who speaks.
    pub speaker: String,
    /// The words to say, slots filled.
    pub words: String,
    /// What to do meanwhile, in this mode.
    pub instruction: Option<String>,
    /// "Recording 02:41", "Paused".
    pub state: String,
    /// It is being recorded now.
    pub recording: bool,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// What a tap on it does.
    pub tap: String,
    /// Its words.
    pub title: String,
    /// How it is meant.
    pub tone: Tone,
    /// Greyed: why, and what to do.
    pub why_not: Option<Notice>,
    /// What it asks for first, on a sheet of its own.
    pub asks: Vec<Question>,
    /// What it says before it is done, where it cannot be taken back.
    pub sure: Option<Sure>,
}

/// What is said before something that cannot be taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sure {
    /// The question.
    pub text: String,
    /// The word that does it.
    pub yes: String,
    /// The word that does not.
    pub no: String,
}

/// What a tap came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct After {
    /// What is to be shown now.
    pub screen: Screen,
    /// Something to say in passing: "Saved on this phone".
    pub said: Option<Notice>,
    /// A file for the system's own sheet: a paper to print, a log for support, a bundle to hand over.
    pub file: Option<File>,
}

/// A file that leaves the app by the system's own sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// Its type: `application/pdf`.
    pub mime: String,
    /// Where it lies, in the app's own folder for such files.
    pub path: String,
    /// `print`, `share`.
    pub purpose: String,
    /// The tap that says it was printed or shared.
    pub done: Option<String>,
}

/// More lines of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The lines.
    pub blocks: Vec<Block>,
}
