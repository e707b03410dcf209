//! Many records at once: the same kind of step for each, in a job that outlives a kill.
//!
//! A [`Plan`] says what each item is to do: records from rows ([`rows`]), one for each chosen record, the same
//! answers or the same act on a selection ([`select`]). [`plan`] makes one, which is bounded and checked
//! as a whole; [`foresee`] says of each item what would come of it, [`run`] stores it and does it, [`mend`]
//! is about what was refused. One item is one transaction, in which its work and its state are written
//! together, by the very code of single work (`item`).
//!
//! An item's id is allotted when the batch is stored: whatever happens afterwards, it is one record, or one
//! act. What its author did not see when they chose a record is not overwritten or signed: such an item
//! is refused, to be looked at.

pub mod fault;
pub mod foresee;
mod item;
pub mod mend;
pub mod plan;
pub mod rows;
pub mod run;
pub mod select;

pub use fault::BatchFault;
pub use plan::Plan;
pub use select::Selection;

/// The most items of a batch.
pub const ITEMS: usize = 1_000;
/// The most bytes of a file with rows, and of all that is typed for a batch: 4 MiB.
pub const BYTES: usize = 4 * 1024 * 1024;
/// The most columns of a file.
pub const COLUMNS: usize = 200;
/// The most batches in which something is left to do.
pub const OPEN: usize = 20;
/// How many of the others are kept, to be read.
pub const KEPT: u32 = 20;
