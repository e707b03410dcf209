//! Systems as data: what a pack says, and the rulings that follow from it.
//!
//! A *pack* is a folder: `pack.toml`, workbooks and CSVs. It travels as a [`Bundle`], is loaded into
//! a [`Pack`], and all packs of a team make a [`Catalogue`]. From then on everything is a question
//! to the catalogue, and the phone and the server ask the same ones:
//!
//! - May this person create or write this? [`may_create`], [`may_write`].
//! - Does this act hold? [`rule()`]; is it one at all? [`may_state`]. What could be done now, and if
//!   not, why? [`available()`].
//! - What do lists, searches and other records see of a record? [`project()`].
//! - What is it called? [`display()`]. Which records are meant? [`find()`].
//!
//! Nothing here knows a system by its name, has a clock, or reads a file. What the rules need to
//! know of other records they ask a [`World`] for; times and zones are arguments.
//!
//! Where to find what:
//!
//! - Reading packs: [`bundle`] (the files), `manifest` (`pack.toml` as it is written), `compile`
//!   (checked and parsed), [`kind`] and [`field`] (the result), [`problem`] (what was wrong), [`pack`],
//!   [`catalogue`]; `workbook` and `questions` (where a kind's answers are).
//! - Expressions: `expression` (which functions may be called where), `env` (what names and
//!   functions mean), `dates` and `abbreviation` (what some of them come to), `template` (texts with expressions in them), [`moment()`].
//! - Ruling: [`record`] (a record and its history), `write`, `answers` and `complete` (are the
//!   questions answered rightly), `rule`, `arbitration` (what no offline phone can decide: ledgers, proofs, acts that are turned), `number`, `documents` (checklists),
//!   `candidates`, `schedule`, `reminder`, `available`, `before` (pending acts, ruled again), `stop` (how an evaluation ends early).
//! - Evidence: `script` (what is spoken in a recording), `photos` (what is asked of them), `exception` (what a
//!   supervisor should look at).
//! - Showing: `project`, `display`; `listing` (which records, in which order, with which columns); `print` (what stands on paper), `report` (what many records come to), `comments` (what is said about single questions); `finder` (which records are meant by what was typed).
//! - [`limits`]; `messages` (the texts of the standard refusals and problems).
//!
//! The format of packs is described for their authors in `core/packs/README.md`.

// A refusal is a value that callers keep and send; a box around it on the rare path that makes one

mod abbreviation;
mod answers;
mod arbitration;
mod available;
mod before;
pub mod bundle;
mod candidates;
pub mod catalogue;
mod comments;
mod compile;
mod complete;
mod dates;
mod display;
mod documents;
mod env;
mod exception;
mod expression;
pub mod field;
mod finder;
mod kept;
pub mod kind;
mod lacking;
pub mod limits;
mod listing;
mod manifest;
mod messages;
mod moment;
mod number;
pub mod pack;
mod photos;
mod print;
pub mod problem;
mod project;
mod questions;
pub mod record;
mod reminder;
mod report;
mod rule;
mod schedule;
mod script;
mod shape;
mod stay;
mod stop;
mod tab;
mod template;
mod twice;
mod unique;
mod workbook;
mod world;
mod write;

pub use answers::{Asked, fits, may_link};
pub use arbitration::proofs;
pub use available::{Choice, View, acts, available, examine};
pub use bundle::Bundle;
pub use candidates::{candidates, candidates_for_act};
pub use catalogue::Catalogue;
pub use comments::COMMENT;
pub use display::{Display, display, prefill};
pub use documents::{Checked, Checklist, Document, Item, checklists};
pub use exception::{Exception, exceptions};
pub use expression::Expression;
pub use field::{Answer, Field, Media};
pub use finder::{Finder, Lookup, find, looks_up, narrow};
pub use kind::{ActRule, Kind, Told, Tone};
pub use lacking::lacking;
pub use listing::{ListColumn, ListView, Place};
pub use messages::REFUSALS;
pub use moment::{moment, moment_of};
pub use number::{NumberRule, PROVISIONAL, is_provisional};
pub use pack::Pack;
pub use photos::PhotoRule;
pub use print::{Paper, Print, Rows, Section, may_print, paper, unprinted};
pub use problem::Problem;
pub use project::{
    Ahead, Foreseen, NAME, PASSED, PROJECTION, Projection, SCORE, Standing, Unprojectable, project, stand,
};
pub use questions::instances;
pub use record::{Identity, Judged, KIND, OWNER, PACK, Record, identity};
pub use reminder::{Reminder, reminders};
pub use report::{
    Column as ReportColumn, Figure, How, Labels, Line as ReportLine, Report, Span, Table as ReportTable,
    Tabulating,
};
pub use rounds_model::claim::{Amount, Claim};
pub use rule::{Issued, Ruling, may_state, required, rule, saw_all};
pub use schedule::{Schedule, Season, Slot};
pub use script::{Medium, RecordingRule, Script, ScriptStep, script, script_name};
pub use stay::{Stay, Step, stay};
pub use tab::{Tab, tab_of};
pub use twice::{Content, rule_on};
pub use unique::is_unique;
pub use workbook::Workbook;
pub use world::{Alone, Known, Person, World, WorldError};
pub use write::{
    is_frozen, may_change, may_create, may_move, may_place, may_record, may_settle, may_touch, may_write,
};
