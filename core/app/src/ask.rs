//! A question as a person meets it. Forms, acts that ask for something, sign-in and settings all ask with
//! it, so that a shell paints one kind of thing.

use serde::{Deserialize, Serialize};

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What it is answered by: in [`Given::key`].
    pub key: String,
    /// What people read.
    pub label: String,
    /// More about it, in small letters.
    pub hint: Option<String>,
    /// What is asked for, and so what it is answered with.
    pub input: Input,
    /// The answer as it is stored; empty if there is none.
    pub value: String,
    /// The answer as people read it.
    pub shown: String,
    /// What is being typed there and is no answer yet. Shown instead of the answer.
    pub typed: Option<String>,
    /// Must be answered.
    pub required: bool,
    /// Computed, or not to be changed now: shown, not asked.
    pub read_only: bool,
    /// What is wrong with the answer, in words, under the question itself.
    pub error: Option<String>,
    /// What a supervisor said about the answer, in words: to be put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// There are two versions of the answer: the tap that opens them.
    pub versions: Option<String>,
}

/// What a question asks for. The stored form of each answer is that of XLSForm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Greyed, for this reason.
    pub why_not: Option<String>,
}

/// What was given with a tap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The question.
    pub key: String,
    /// The answer, in its stored form.
    pub value: String,
}
