//! Runs the simulation of sync over many seeds, or one seed with its trace.

use anyhow::{Result, bail};
use clap::Parser;
use rounds_tests::sim::{self, Failure, How, Simulation};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Simulates sync on bad days.
#[derive(Parser)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 300)]
    seeds: u64,
    /// The first one.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Only this one, which failed before.
    #[arg(long)]
    seed: Option<u64>,
    /// Shows what happened, also if nothing is wrong.
    #[arg(long)]
    trace: bool,
    /// Runs at a time; as many as there are processors if it is not given.
    #[arg(long)]
    threads: Option<usize>,
    /// Every kind of misfortune in each run, instead of those that its seed draws.
    #[arg(long)]
    all_faults: bool,
    /// Goes on after a seed that fails, and shows only what was wrong.
    #[arg(long)]
    keep_going: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let simulation = Simulation::new()?;
    if let Some(seed) = args.seed {
        match simulation.run_as(seed, how(&args)) {
            Ok(run) if args.trace => println!("{}\nseed {seed}: nothing is wrong", run.trace.join("\n")),
            Ok(_) => println!("seed {seed}: nothing is wrong"),
            Err(failure) => bail!("{failure}"),
        }
        return Ok(());
    }
    many(&simulation, args.from, args.from.saturating_add(args.seeds), &args)
}

fn how(args: &Args) -> How {
    How { every_fault: args.all_faults, broken: None }
}

fn many(simulation: &Simulation, from: u64, to: u64, args: &Args) -> Result<()> {
    let (next, saved, began) = (AtomicU64::new(from), AtomicU64::new(0), Instant::now());
    let failures: Mutex<Vec<Failure>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..args.threads.unwrap_or_else(sim::processors).max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= to {
                        return;
                    }
                    match simulation.run_as(seed, how(args)) {
                        Ok(run) => {
                            saved.fetch_add(run.saved as u64, Ordering::SeqCst);
                        }
                        Err(failure) => {
                            if args.keep_going {
                                println!("seed {seed}: {}", failure.what);
                            } else {
                                next.store(to, Ordering::SeqCst);
                            }
                            if let Ok(mut all) = failures.lock() {
                                all.push(failure);
                            }
                        }
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap_or_default();
    let seconds = began.elapsed().as_secs_f64();
    let (runs, saved) = (to - from, saved.into_inner());
    match failures.first() {
        Some(failure) if args.keep_going => {
            bail!("{} of {runs} seeds fail, seed {} first", failures.len(), failure.seed)
        }
        Some(failure) => bail!("{failure}"),
        None => {
            let rate = runs as f64 / seconds;
            println!("{runs} seeds, {saved} things saved, nothing lost: {seconds:.1} s, {rate:.1} runs/s");
            Ok(())
        }
    }
}
