//! XLSForm in, and everything that follows from its answers.
//!
//! # The way through
//!
//! [`import()`] turns the bytes of a workbook (.xlsx, .xls, CSV or Markdown tables) into a [`Form`],
//! a report of [`Problem`]s, and the [`Workbook`] as its author wrote it, which
//! [`Workbook::to_xlsx`] writes again with all that has no meaning here; a pack
//! without a workbook describes its fields as [`QuestionSpec`]s and uses [`Form::from_questions`]
//! or a [`FormBuilder`]. A form is immutable, shared behind an `Arc`, and holds each expression
//! parsed, each CSV in a [`Table`], and the graph of what depends on what.
//!
//! [`first_sheet`] reads the rows of a workbook that holds no form, within the same bounds.
//!
//! A document's [`Answers`] are a flat map of keys to texts. [`Filling`] joins form, answers, [`Session`] and [`expr::Moment`]: it answers with the
//! state of every node, and every change evaluates only what depends on it. A form for which
//! [`Form::is_plain`] holds needs no filling to be projected: its answers say everything.
//!
//! A filling that is kept between two looks at a document is brought to what the document says by
//! [`Filling::adopt`].
//!
//! [`Filling::rows_due`] tells which instances a form asks for, [`Filling::score`] what the answers
//! come to (SCORES.md), [`Filling::things`] which entities they make. [`compare()`] shows what a newer
//! version of a form changes.
//!
//! [`expr`] is the expression language by itself; guards of packs use it with their own
//! [`expr::Scope`].
//!
//! # Pure
//!
//! No clock, no chance, no file, no network: bytes, media and moments are arguments, so the same
//! inputs give the same states on every device. Workbooks, expressions and answers come from
//! strangers: [`limits`] bounds them all, and errors carry a stable code and texts in Chinese and
//! English.
//!
//! # Intended differences from ODK's engines
//!
//! Where pyxform, web-forms and JavaRosa disagree, the ODK XForms specification and JavaRosa lead.
//!
//! `tests/forms-oracle/run` compares both; its `differences.toml` is the checked form of this table.
//!
//! | here | there |
//! |---|---|
//! | a repeat has no instance until one is added; [`Filling::rows_due`] asks for the first | pyxform puts one blank instance in |
//! | instances beyond `repeat_count` are kept, not relevant, and come back | lowering it destroys rows |
//! | a faulty condition never hides a question or blocks an answer; it is listed in [`Filling::faults`] | the form does not load, or reads false |
//! | a question with a calculation is always read-only | can be overwritten until it is calculated again |
//! | a formula that cannot be read, or a path to no question, refuses the form | pyxform passes any formula |
//! | `${last-saved#..}` has a value in `default` only, elsewhere it is empty and reported | web-forms: always empty; Collect fills it in everywhere |
//! | the appearance `search()` takes choices from its CSV; fixed choices beside it are reported, not shown | web-forms ignores it; Collect shows both |
//! | `contains` of `search()` tells upper from lower case | Collect does not |
//! | `child::`, `parent::node()`, `self::node()` and `*` are run; `//`, `@` and far axes are reported and not run (JavaRosa refuses them) | web-forms runs them |
//! | tags of the sheet `osm`, the column `flat` of a group: reported, kept, not run | a group that is `flat` has no element of its own |
//! | `jr:choice-name()` answers in the form's default language unless [`Filling::set_language`] chose one | in the language shown |
//! | an empty cell of a list equals `''` (JavaRosa) | pyxform leaves it out, web-forms compares nothing |
//! | a choice among answers of the own repeat stays when that answer goes | reads as empty |
//! | curly quotes in texts stay | pyxform straightens them |
//! | labels of `or_other` are Chinese in Chinese forms | English |
//! | choices of a CSV are translated by `label::Language` and `label_tag` columns | not translated |
//! | CSV headers may be any text | must be XML names |
//! | a missing translation falls back to the default language | shows `-` |
//! | labels carry no spaces around `${}` | pyxform adds them |
//! | decimals and geopoints are stored as XPath writes numbers: `10`, `38.9 121.6 0 5` | `10.0` |
//! | a value of the wrong type or not in the list is refused with an error | stored as blank |
//! | `regex()` matches the whole text (JavaRosa) | web-forms searches |
//! | `sum`, `min`, `max` pass over blanks (JavaRosa) | web-forms gives NaN |
//! | `number('1e3')` is NaN (JavaRosa), `round(-2.5)` is -2 (JavaRosa) | 1000, -3 in web-forms |
//! | dates count as whole local days, `+ 7` too (JavaRosa) | fractions by zone in web-forms |
//! | a circle of references is an import error that names the questions | settles or loops |
//! | what is not relevant is left out of node-sets (JavaRosa) | blank in web-forms |
//! | a trigger is pulled by an answer that changed (JavaRosa) | by a question that comes or goes too |
//! | an empty answer makes `boolean()` false (JavaRosa) | true in web-forms |

mod answers;
mod assemble;
mod builder;
mod choices;
mod columns;
mod compare;
mod details;
mod dialects;
mod encoding;
pub mod expr;
mod filling;
mod form;
mod graph;
mod import;
mod kind;
mod language;
pub mod limits;
mod media;
mod messages;
mod parameters;
mod problem;
mod report;
mod sheets;
mod spec;
mod table;
mod table_files;
mod template;
mod workbook;

pub use answers::{Answers, INSTANCE_ID_LENGTH, is_instance_id};
pub use builder::FormBuilder;
pub use choices::{Choice, List};
pub use compare::{Change, Loss, Lost, aspect, compare, losses};
pub use encoding::utf8;
pub use filling::{
    Changed, Fault, FillError, Filling, Misfit, NodeState, RowsDue, Score, SectionScore, Session, Source,
    Thing, Which, Wrong, half_width,
};
pub use form::{Entity, FirstValue, Form, Question, ROOT};
pub use import::{Imported, import};
pub use kind::Kind;
pub use language::{DEFAULT_LANGUAGE, Language, Texts};
pub use media::{Media, NoMedia};
pub use messages::Bilingual;
pub use problem::{Problem, Severity};
pub use spec::{ChoiceSpec, QuestionSpec};
pub use table::{Table, TableError};
pub use template::Template;
pub use workbook::{CellFault, ExportError, FirstSheet, ImportError, Sheet, Workbook, first_sheet};
