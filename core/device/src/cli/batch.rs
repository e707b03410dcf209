//! `batch`: many records at once.

use super::args::pairs;
use super::id;
use super::print::{self, Batches, Out};
use crate::Rounds;
use crate::batch::run::{Going, ItemDone};
use crate::batch::{BYTES, Plan, Selection, rows};
use crate::error::{Fail, RoundsError};
use clap::{Args, Subcommand};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What to do with batches.
#[derive(Debug, Subcommand)]
pub enum BatchCommand {
    /// Create records: one for each row of a file, or one for each chosen record.
    Create {
        /// Their kind.
        kind: String,
        /// question=value, for all of them; a row's own value counts more.
        answers: Vec<String>,
        /// A CSV (UTF-8) with the questions as its header, or a JSON list of objects; `-` reads the input.
        #[arg(long, conflicts_with_all = ["link", "records", "all"], required_unless_present = "link")]
        rows: Option<PathBuf>,
        /// The question that links to the chosen records.
        #[arg(long)]
        link: Option<String>,
        #[command(flatten)]
        chosen: Chosen,
        #[command(flatten)]
        how: How,
    },
    /// Answer questions of the chosen records: `batch edit unit=A --all asset --stage draft`.
    Edit {
        /// question=value. `question=` clears.
        #[arg(required = true)]
        answers: Vec<String>,
        #[command(flatten)]
        chosen: Chosen,
        #[command(flatten)]
        how: How,
    },
    /// State the same act about the chosen records.
    Act {
        /// The act's name.
        act: String,
        /// field=value.
        payload: Vec<String>,
        #[command(flatten)]
        chosen: Chosen,
        #[command(flatten)]
        how: How,
    },
    /// The batches, and how far each is.
    List,
    /// What came of each item of a batch.
    Show {
        /// Its number.
        batch: i64,
    },
    /// Go on with a batch that was interrupted. Default: with all of them.
    GoOn {
        /// Its number.
        batch: Option<i64>,
        #[command(flatten)]
        pace: Pace,
    },
    /// Stop a batch: what is done stays, the rest is not done.
    Cancel {
        /// Its number.
        batch: i64,
    },
    /// Try what was refused again: all of it, or one item with other values.
    Retry {
        /// The batch's number.
        batch: i64,
        /// The item's number.
        item: Option<u32>,
        /// question=value.
        #[arg(requires = "item")]
        answers: Vec<String>,
        #[command(flatten)]
        pace: Pace,
    },
    /// Give up items that were refused.
    Drop {
        /// The batch's number.
        batch: i64,
        /// The items' numbers.
        #[arg(required = true)]
        items: Vec<u32>,
    },
}

/// Which records.
#[derive(Debug, Args)]
pub struct Chosen {
    /// A record, by its id, the beginning of it, or what it is called; as often as needed.
    #[arg(long = "select", value_name = "RECORD")]
    records: Vec<String>,
    /// All records of this kind.
    #[arg(long, value_name = "KIND", conflicts_with = "records")]
    all: Option<String>,
    /// Of those, the ones in this stage.
    #[arg(long, requires = "all")]
    stage: Option<String>,
    /// Of those, the ones with this answer: question=value.
    #[arg(long = "with", value_name = "QUESTION=VALUE", requires = "all")]
    having: Vec<String>,
}

/// Whether, and how.
#[derive(Debug, Args)]
pub struct How {
    /// Only say what would come of each item.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pace: Pace,
}

/// How much now.
#[derive(Debug, Args)]
pub struct Pace {
    /// Do at most this many items now; `batch go-on` does the rest.
    #[arg(long, value_name = "ITEMS")]
    most: Option<u32>,
    /// Print a line after each item, once it is durable.
    #[arg(long)]
    progress: bool,
}

/// Runs a command.
pub fn run(rounds: &Rounds, command: &BatchCommand, out: &Out) -> Result<(), RoundsError> {
    match command {
        BatchCommand::Create { kind, answers, rows: file, link, chosen, how } => {
            let all = pairs(answers)?;
            let plan = match (file, link) {
                (Some(file), _) => {
                    let rows = rows::read(&content(file)?).map_err(Fail::from)?;
                    rounds.plan_records(kind, rows, &all)?
                }
                (None, link) => {
                    let link = link.as_deref().unwrap_or_default();
                    rounds.plan_for_each(kind, link, &chosen.selection(rounds)?, &all)?
                }
            };
            start(rounds, &plan, how, out)
        }
        BatchCommand::Edit { answers, chosen, how } => {
            let plan = rounds.plan_answers(&chosen.selection(rounds)?, &pairs(answers)?)?;
            start(rounds, &plan, how, out)
        }
        BatchCommand::Act { act, payload, chosen, how } => {
            let plan = rounds.plan_act(act, &chosen.selection(rounds)?, &pairs(payload)?)?;
            start(rounds, &plan, how, out)
        }
        BatchCommand::List => {
            out.show(&Batches(rounds.batches(out.lang)?));
            Ok(())
        }
        BatchCommand::Show { batch } => show(rounds, *batch, out),
        BatchCommand::GoOn { batch: Some(batch), pace } => go_on(rounds, *batch, pace, out),
        BatchCommand::GoOn { batch: None, pace } => {
            for batch in rounds.unfinished()? {
                pace.run(rounds, batch, out)?;
            }
            out.show(&Batches(rounds.batches(out.lang)?));
            Ok(())
        }
        BatchCommand::Cancel { batch } => {
            rounds.cancel_batch(*batch)?;
            show(rounds, *batch, out)
        }
        BatchCommand::Retry { batch, item, answers, pace } => {
            match item {
                Some(item) => rounds.mend_item(*batch, *item, &pairs(answers)?)?,
                None => rounds.mend_all(*batch)?,
            }
            go_on(rounds, *batch, pace, out)
        }
        BatchCommand::Drop { batch, items } => {
            rounds.drop_items(*batch, items)?;
            show(rounds, *batch, out)
        }
    }
}

fn start(rounds: &Rounds, plan: &Plan, how: &How, out: &Out) -> Result<(), RoundsError> {
    if how.dry_run {
        out.show(&rounds.foresee(plan, out.lang)?);
        return Ok(());
    }
    go_on(rounds, rounds.begin(plan)?, &how.pace, out)
}

fn go_on(rounds: &Rounds, batch: i64, pace: &Pace, out: &Out) -> Result<(), RoundsError> {
    pace.run(rounds, batch, out)?;
    show(rounds, batch, out)
}

fn show(rounds: &Rounds, batch: i64, out: &Out) -> Result<(), RoundsError> {
    out.show(&rounds.batch(batch, out.lang)?);
    Ok(())
}

impl Pace {
    fn run(&self, rounds: &Rounds, batch: i64, out: &Out) -> Result<(), RoundsError> {
        let told = |done: &ItemDone| {
            if out.json { print::json(done) } else { print::raw(&print::item_done(done, out.lang)) }
        };
        let told: Option<&(dyn Fn(&ItemDone) + Sync)> = if self.progress { Some(&told) } else { None };
        rounds.go_on(batch, Going { stop: None, most: self.most, told })?;
        Ok(())
    }
}

impl Chosen {
    fn selection(&self, rounds: &Rounds) -> Result<Selection, RoundsError> {
        let records = self.records.iter().map(|said| id(rounds, said)).collect::<Result<_, _>>()?;
        let (kind, stage, having) = (self.all.clone(), self.stage.clone(), pairs(&self.having)?);
        Ok(Selection { records, kind, stage, having })
    }
}

/// A file, or the input; no more of it than a batch may have.
fn content(file: &Path) -> Result<Vec<u8>, RoundsError> {
    let mut bytes = Vec::new();
    let most = BYTES as u64 + 1;
    let read = match file.to_str() {
        Some("-") => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        _ => std::fs::File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    read.map_err(Fail::from)?;
    Ok(bytes)
}
