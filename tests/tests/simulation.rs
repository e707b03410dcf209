//! Sync on three hundred bad days, and what the simulation would have noticed.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use rounds_tests::sim::broken::Broken;
use rounds_tests::sim::{How, Simulation, processors};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Seeds of every test run; `rounds-sim` runs more.
const SEEDS: u64 = 300;
/// Within so many seeds a broken engine must be caught.
const ENOUGH: u64 = 100;

#[test]
fn nothing_is_lost_and_nothing_gets_stuck() {
    let simulation = Simulation::new().unwrap();
    let (next, failed) = (AtomicU64::new(0), Mutex::new(None));
    std::thread::scope(|scope| {
        for _ in 0..processors() {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= SEEDS {
                        return;
                    }
                    let how = How { every_fault: seed % 3 == 0, broken: None };
                    if let Err(failure) = simulation.run_as(seed, how) {
                        // Nobody waits for the other seeds to hear of this one.
                        next.store(SEEDS, Ordering::SeqCst);
                        *failed.lock().unwrap() = Some(failure);
                    }
                }
            });
        }
    });
    if let Some(failure) = failed.into_inner().unwrap() {
        panic!("{failure}");
    }
}

#[test]
fn a_seed_replays_exactly() {
    let (here, there) = (Simulation::new().unwrap(), Simulation::new().unwrap());
    for seed in [3, 10, 17, 35, 73] {
        let (first, second) = (here.run(seed).unwrap(), there.run(seed).unwrap());
        assert_eq!(first.trace, second.trace, "seed {seed}");
        assert!(!first.trace.is_empty());
    }
}

/// A broken engine is noticed by the check that is there for it, and nothing else is wrong on that day: the same
/// seed without the fault is silent.
fn is_caught(broken: Broken, says: &str) {
    let simulation = Simulation::new().unwrap();
    let run = |seed, broken| simulation.run_as(seed, How { broken, every_fault: false });
    let caught = (0..ENOUGH).find_map(|seed| run(seed, Some(broken)).err());
    let caught = caught.unwrap_or_else(|| panic!("{broken:?} is not noticed in {ENOUGH} seeds"));
    println!("{broken:?} is caught by seed {}: {}", caught.seed, caught.what);
    assert!(caught.what.contains(says), "{broken:?}, by another check: {caught}");
    if let Err(failure) = run(caught.seed, None) {
        panic!("the same day without {broken:?}: {failure}");
    }
}

#[test]
fn a_dropped_receipt_is_caught() {
    is_caught(Broken::DropsReceipt, "differs from the server");
}

#[test]
fn a_receipt_before_its_time_is_caught() {
    is_caught(Broken::ReceiptsTooEarly, "differs from the server");
}

#[test]
fn a_skipped_cursor_is_caught() {
    is_caught(Broken::SkipsCursor, "differs from the server");
}

#[test]
fn a_page_out_of_order_is_caught() {
    is_caught(Broken::SwapsPages, "differs from the server");
}

#[test]
fn a_server_that_forgets_without_a_word_is_caught() {
    is_caught(Broken::RestoresBlindly, "it is nowhere");
}

#[test]
fn work_that_is_handed_over_to_nobody_is_caught() {
    is_caught(Broken::ForgetsTaken, "it is nowhere");
}

#[test]
fn a_lost_tombstone_is_caught() {
    is_caught(Broken::LosesTombstone, "differs from the server");
}

#[test]
fn a_lost_ruling_is_caught() {
    is_caught(Broken::LosesRuling, "differs from the server");
}
