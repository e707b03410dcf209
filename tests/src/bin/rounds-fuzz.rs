//! Hostile bytes for longer than `./test` has time for.
#![allow(clippy::print_stdout)]

use anyhow::{Result, ensure};
use clap::Parser;
use rounds_tests::fuzz::{exchange, run, targets::targets};
use std::time::{Duration, Instant};

/// Feeds spoiled samples to everything that decodes what comes from outside.
#[derive(Parser)]
struct Args {
    /// Only this one; `exchange` is a whole server.
    target: Option<String>,
    /// Where the samples' spoiling begins; printed, so that a failure can be seen again.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// For how long, each.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How many cases of one seed.
    #[arg(long, default_value_t = 10_000)]
    cases: u64,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let wanted = |name: &str| args.target.as_deref().is_none_or(|only| only == name);
    let mut found = false;
    for target in targets().iter().filter(|target| wanted(target.name)) {
        found = true;
        let (mut seed, mut accepted, began) = (args.seed, 0, Instant::now());
        while began.elapsed() < Duration::from_secs(args.seconds) {
            println!("{} --seed {seed}", target.name);
            accepted += run(target, seed, args.cases);
            seed += 1;
        }
        println!("{}: {} cases, {accepted} well formed", target.name, (seed - args.seed) * args.cases);
    }
    if wanted("exchange") {
        found = true;
        let (mut seed, began) = (args.seed, Instant::now());
        while began.elapsed() < Duration::from_secs(args.seconds) {
            println!("exchange --seed {seed}: {:?}", exchange::run(seed, args.cases.min(2_000))?);
            seed += 1;
        }
    }
    ensure!(found, "there is no such target");
    Ok(())
}
