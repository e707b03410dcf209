//! `rounds-form`: looks at checklists from the command line.
//!
//! - `report FILE` lists what is wrong with a workbook or has no effect; exit 0 accepted, 2 refused
//! - `export FILE OUT.xlsx` writes it again, whatever it was written in
//! - `diff OLD NEW` shows what a newer version changes
//! - `eval FILE ANSWERS.json` runs it and prints the state of every node
//!
//! `report` and `diff` print text for people, with `--json` what a program reads; `eval` always prints
//! JSON. The clock, the zone and chance are flags, so that a run can be repeated.

mod diff;
mod eval;
mod files;
mod report;
mod steps;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rounds_forms::Bilingual;
use rounds_model::text::Lang;

/// Looks at checklists: XLSForm workbooks (.xlsx, .xls, CSV or Markdown tables).
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    /// Print JSON, as `eval` always does.
    #[arg(long, global = true)]
    json: bool,
    /// zh or en. Default: by LANG.
    #[arg(long, global = true, value_parser = ["zh", "zh-CN", "en"])]
    lang: Option<String>,
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
        /// The file to write; must not be there.
        out: PathBuf,
        /// Write over a file that is there.
        #[arg(long)]
        force: bool,
    },
    /// Shows what changes for answers that were begun with the old version.
    Diff {
        /// The version that answers were begun with.
        old: PathBuf,
        /// The newer one.
        new: PathBuf,
    },
    /// Takes answers step by step and prints the state of every node, as JSON.
    #[command(after_help = STEPS)]
    Eval(Box<eval::Options>),
}

const STEPS: &str = "\
The answers are a JSON list of steps, taken in order:
  {\"set\": \"/data/step2/visible\", \"value\": \"y\"}   answer a question; several choices as a list; null clears
  {\"add\": \"/data/sku\"}                          add a row at the end; \"count\": 3 adds three
  {\"remove\": \"/data/sku\", \"index\": 1}           remove a row, counted from 1
  {\"language\": \"English (en)\"}                 read labels in another language
  {\"now\": \"2026-11-23T09:00:00Z\"}              move the clock
  {\"snapshot\": \"before\"}                       keep the state as it is now under a name
Rows are named by position: /data/sku[2]/price.";

fn main() -> ExitCode {
    // Readers of hostile files may panic; that is caught and reported as a damaged file.
    std::panic::set_hook(Box::new(|_| {}));
    let cli = Cli::parse();
    let out = Out::new(&cli);
    let done = match cli.command {
        Command::Report { file, media } => report::run(&file, media.as_deref(), &out),
        Command::Export { file, out: to, force } => report::export(&file, &to, force, &out),
        Command::Diff { old, new } => diff::run(&old, &new, &out),
        Command::Eval(options) => eval::run(&options, &out),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(REFUSED)
        }
    }
}

/// How to print.
pub struct Out {
    /// JSON instead of text.
    pub json: bool,
    /// For people.
    pub lang: Lang,
}

impl Out {
    fn new(cli: &Cli) -> Out {
        let system = || std::env::var("LC_ALL").or_else(|_| std::env::var("LANG")).unwrap_or_default();
        let wanted = cli.lang.clone().unwrap_or_else(system);
        // A machine without a language setting (`C`, `POSIX`) is a server or a script.
        Out { json: cli.json, lang: wanted.parse().unwrap_or(Lang::En) }
    }

    /// Prints a line. Nobody may be reading any more (`| head`).
    pub fn line(&self, text: String) {
        use std::io::Write;
        let _ = std::io::stdout().write_all((text + "\n").as_bytes());
    }

    /// A message.
    pub fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        words::say(self.lang, key, args)
    }

    /// A text of the forms.
    pub fn of<'t>(&self, text: &'t Bilingual) -> &'t str {
        text.get(self.lang.tag())
    }
}

/// The exit code for what is refused or cannot be read.
const REFUSED: u8 = 2;
