//! The command line.
//!
//! - [`args`]: what can be asked. [`say`]: how it is answered, for people or as JSON.
//! - [`run`]: each command as a call of [`crate::admin`] and an answer. [`serve`]: the one that
//!   stays. [`listed`]: those that list, in a [`table`]. [`access`]: who holds which records. [`holding`]:
//!   what was handed over. [`evidence`]: recordings checked, exceptions.
//!
//! Exit codes: 0 done; 1 refused, or `verify` found a difference; 2 not a command; 3 broken.

mod access;
mod args;
mod bundle;
mod evidence;
mod holding;
mod listed;
mod revoke;
mod run;
mod say;
mod serve;
mod table;

use crate::admin::Trouble;
use args::Args;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use say::Say;
use std::process::ExitCode;

/// Reads the command line, does what it says, and tells.
pub fn main() -> ExitCode {
    let args = Args::parse();
    if args.lacks_name() {
        // `--team` is for every command and needed by this one only, which clap cannot say.
        let what = "init needs --team <TEAM>: what the team will be called";
        let mut command = Args::command();
        command.build();
        let mut init = command.find_subcommand_mut("init").cloned().unwrap_or(command);
        init.error(ErrorKind::MissingRequiredArgument, what).exit();
    }
    let say = Say::new(args.json, args.lang.as_deref());
    match run::run(&args, &say) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(Trouble::Refused(why)) => {
            say.refused(&why);
            ExitCode::from(1)
        }
        Err(Trouble::Failed(error)) => {
            say.failed(&error);
            ExitCode::from(3)
        }
    }
}
