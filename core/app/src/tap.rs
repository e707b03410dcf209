//! What a tap does. A shell gets it as a text that it cannot make up, and gives it back as it is.

use crate::route::Route;
use rounds_model::ids::DocId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A longer text is no tap of ours.
const LONGEST: usize = 8 * 1024;

/// What can be tapped. Read strictly: what is not exactly one of these is nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Tap {
    /// Stores what is given, on the screen that is now.
    Give,
    /// Goes deeper.
    To(Route),
    /// Goes to a place that is reached from everywhere: everything above it is left.
    Place(Route),
    /// The same screen with another route: another page, another search.
    Turn(Route),

    /// Begins to become a device of a team, with what is given.
    Enrol,
    /// Reads the invitation's code.
    ScanInvitation,
    /// Goes to the rep's PIN.
    Rep(String),
    /// Opens the rep's store with the PIN that is given.
    Unlock(String),
    /// Says what a forgotten PIN means.
    Forgot(String),
    /// Takes a rep off this phone, with all that is unsent.
    Remove(String),
    /// Sets the PIN.
    SetPin,
    /// Back to the list of reps, with everything kept.
    Lock,
    /// Takes oneself off this phone; only with nothing unsent.
    SignOut,
    /// The other language, or this one.
    Language(String),

    /// Begins a record of a kind, with what is known of it.
    Begin(String, BTreeMap<String, String>),
    /// Creates a record with what was given on its screen.
    Create,
    /// The next question that wants an answer.
    Next,
    /// A question of a record.
    Question(DocId, String),
    /// Another page of the form.
    Page(i64),
    /// Adds a row to a repeat.
    Add(DocId, String),
    /// Takes a row away.
    Drop(DocId, String, String),
    /// Chooses for the question whose choices are shown.
    Choose(String),
    /// Takes a photo, a place, a code, a signature for a question of the screen.
    Take(String),
    /// Begins to record a question by its script, or goes on with it.
    Record(DocId, String),
    /// The customer answered what the step asks for.
    RecordSaid(DocId, String, String),
    /// The customer answered something else, which is given.
    RecordOther(DocId, String),
    /// The step was spoken.
    RecordMark(DocId, String),
    /// Pauses the recording.
    RecordPause(DocId, String),
    /// Ends and signs the recording, all of whose steps were spoken.
    RecordFinish(DocId, String),
    /// Ends and signs it as it is.
    RecordBreakOff(DocId, String),
    /// Begins to record what a question asks for.
    Memo(DocId, String),
    /// Ends it, and answers the question with it.
    MemoKeep,
    /// Ends it, and keeps nothing of it.
    MemoDrop,
    /// Answers a question that asks for a file with a picture that is on the phone.
    Choice(String),
    /// States an act with what was given on its sheet.
    Act(DocId, String),
    /// Prints.
    Print(DocId, String),
    /// It was printed.
    Printed(DocId, String),
    /// Moves a record to the newest version of its form, which was shown.
    Move(DocId, u32),

    /// Takes one of two versions, by the [`digest`] of its value.
    Version(DocId, String, String),
    /// Takes another answer than either, which is given.
    Other(DocId, String),

    /// Exchanges with the server now.
    Sync,
    /// A held item: again, ask for it, give it up.
    Retry(i64),
    /// Asks for what a held edit would have changed.
    Request(i64),
    /// Gives a held item up.
    Discard(i64),
    /// Gives up a photo or file that can never be sent.
    GiveUp(i64),
    /// Throws a draft away that is on this phone alone.
    ThrowAway(DocId),
    /// What was handed over was read.
    Aside(i64),
    /// A notice was read.
    Read(i64),
    /// Chooses one of several, or not any more.
    Tick(DocId),
    /// Goes on with what was chosen.
    Picked,
    /// Does what was foreseen.
    Many,
    /// Batches.
    BatchOn(i64),
    /// A refused item again, with what is given in the place of what was.
    BatchMend(i64, u32),
    /// Gives an item up.
    BatchDrop(i64, u32),
    /// Ends a batch.
    BatchCancel(i64),
    /// Photos only without costs, or always.
    WifiOnly(bool),
    /// Questions in one column, or one after the other.
    Column(bool),
    /// Writes the log for support.
    Log,
    /// Writes everything unsent to a bundle.
    HandOver,
}

impl Tap {
    /// Reads a tap.
    pub fn read(text: &str) -> Option<Tap> {
        if text.len() > LONGEST {
            return None;
        }
        serde_json::from_str(text).ok()
    }

    /// The text that a shell gets.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What names a value, however long it is: a tap is short.
pub(crate) fn digest(value: &str) -> String {
    hex::encode(Sha256::digest(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_is_read_strictly() {
        let taps = [
            Tap::Give,
            Tap::To(Route::record(DocId([7; 16]))),
            Tap::Unlock("a".into()),
            Tap::Act(DocId([1; 16]), "check_in".into()),
            Tap::Language("en".into()),
        ];
        for tap in taps {
            assert_eq!(Tap::read(&tap.text()), Some(tap));
        }
        for bad in
            ["", "give", "{\"give\":1}", "\"nothing\"", "{\"to\":{\"record\":{}}}", "[]", "null", "\"give\" "]
        {
            let read = Tap::read(bad);
            assert!(read.is_none() || bad.trim() == "\"give\"", "{bad}");
        }
        assert_eq!(Tap::read(&"[".repeat(200_000)), None, "nor does it nest without end");
    }
}
