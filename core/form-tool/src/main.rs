//! `rounds-form`: looks at checklists from the command line.
//!
//! - `report FILE` lists what is wrong with a workbook or has no effect; exit 0 accepted, 2 refused
//! - `export FILE OUT.xlsx` writes it again, whatever it was written in
//! - `diff OLD NEW` shows what a newer version changes
//! - `eval FILE ANSWERS.json` runs it and prints the state of every node
//!
//! Everything prints JSON. The clock, the zone and chance are flags, so that a run can be repeated.

mod diff;
mod eval;
mod files;
mod report;
mod steps;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Looks at checklists: XLSForm workbooks (.xlsx, .xls, CSV or Markdown tables).
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists problems; exit 0 when the form is accepted, 2 when it is refused.
    Report {
        /// The workbook.
        file: PathBuf,
        /// The folder of the files that the form names; without it they may be missing.
        #[arg(long)]
        media: Option<PathBuf>,
    },
    /// Writes the form as an .xlsx with everything that its author wrote.
    Export {
        /// The workbook.
        file: PathBuf,
        /// The file to write.
        out: PathBuf,
    },
    /// Shows what changes for answers that were begun with the old version.
    Diff {
        /// The version that answers were begun with.
        old: PathBuf,
        /// The newer one.
        new: PathBuf,
    },
    /// Takes answers step by step and prints the state of every node.
    Eval(Box<eval::Options>),
}

fn main() -> ExitCode {
    // Readers of hostile files may panic; that is caught and reported as a damaged file.
    std::panic::set_hook(Box::new(|_| {}));
    let done = match Cli::parse().command {
        Command::Report { file, media } => report::run(&file, media.as_deref()),
        Command::Export { file, out } => report::export(&file, &out),
        Command::Diff { old, new } => diff::run(&old, &new),
        Command::Eval(options) => eval::run(&options),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(REFUSED)
        }
    }
}

/// The exit code for what is refused or cannot be read.
const REFUSED: u8 = 2;
