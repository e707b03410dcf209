//! Hostile bytes for everything that decodes what comes from outside.
//!
//! A [`Target`] is a function of bytes that must come back, without a panic, whatever they are; what it
//! asserts beside that is said there. `./test` drives each with some thousands of mutated valid samples
//! and random bytes; `rounds-fuzz` runs longer, from a seed. The functions have the shape that coverage
//! guided fuzzers want too, but need none: this runs on the stable compiler.
//!
//! - [`targets`]: the decoders.
//! - [`exchange`]: a whole request against a server.
//! - [`mod@mutate`]: how samples are spoiled.
//! - [`bombs`]: little bytes that claim much.

pub mod bombs;
pub mod exchange;
pub mod mutate;
pub mod targets;

use crate::sim::rng::Rng;
use mutate::mutate;
use targets::Target;

/// Feeds a target so many spoiled samples. Returns how many it took for well formed, so that nobody
/// takes a target that refuses everything for a sound one.
pub fn run(target: &Target, seed: u64, cases: u64) -> u64 {
    let samples = (target.samples)();
    let mut rng = Rng::new(seed);
    let mut accepted = 0;
    for sample in &samples {
        accepted += u64::from((target.run)(&(target.wrap)(sample)));
    }
    for _ in 0..cases {
        let Some(sample) = rng.pick(&samples) else { break };
        let other = rng.pick(&samples).cloned().unwrap_or_default();
        // Before it is wrapped, so that the inner decoder is reached; sometimes after.
        let outside = rng.percent(10);
        let bytes = if outside {
            mutate(&mut rng, &(target.wrap)(sample), &other)
        } else {
            (target.wrap)(&mutate(&mut rng, sample, &other))
        };
        accepted += u64::from((target.run)(&bytes));
    }
    accepted
}
