//! Hostile bytes for everything that decodes what comes from outside; `rounds-fuzz` runs longer.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use proptest::prelude::*;
use rounds_protocol::exchange::{Answer, Packed, Request};
use rounds_protocol::wire;
use rounds_tests::fuzz::targets::{self, targets};
use rounds_tests::fuzz::{bombs, exchange, run};
use std::time::{Duration, Instant};

/// Spoiled samples of each target.
const CASES: u64 = 3_000;

#[test]
fn no_spoiled_sample_harms_a_decoder() {
    for target in targets() {
        let samples = (target.samples)();
        assert!(!samples.is_empty(), "{} has no samples", target.name);
        for sample in &samples {
            assert!((target.run)(&(target.wrap)(sample)), "a valid sample of {} is refused", target.name);
        }
        let cases = if target.name == "pack" { CASES / 10 } else { CASES };
        let accepted = run(&target, 1, cases);
        assert!(accepted < cases, "{} takes everything", target.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_at_all_harm_a_decoder(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for target in targets() {
            let _ = (target.run)(&bytes);
            let _ = (target.run)(&(target.wrap)(&bytes));
        }
    }

    #[test]
    fn no_text_at_all_harms_a_reader_of_headers(text in "\\PC{0,80}|[ -~]{0,80}|(bytes=)?[0-9]{0,25}-?[0-9]{0,25}") {
        let _ = targets::fuzz_tus(text.as_bytes());
        let _ = targets::fuzz_secrets(text.as_bytes());
        let _ = targets::fuzz_events(text.as_bytes());
    }
}

#[test]
fn hostile_requests_are_answered_and_harm_no_record() {
    let outcome = exchange::run(1, 600).unwrap();
    assert!(outcome.stored > 50 && outcome.refused > 500 && outcome.faults > 10, "{outcome:?}");
}

/// The peak is of the whole process, and other tests run beside: what they need is small.
#[test]
fn a_bomb_costs_what_may_be_held_and_not_what_it_claims() {
    let all = bombs::bodies().unwrap();
    let before = bombs::peak();
    for (name, body) in &all {
        assert!(body.len() < 1 << 20, "{name} is no bomb: {} bytes", body.len());
        let began = Instant::now();
        assert!(wire::unpack::<Request>(body, wire::REQUEST).is_err(), "{name}");
        assert!(began.elapsed() < Duration::from_secs(30), "{name} took {:?}", began.elapsed());
        assert!(wire::unpack::<Answer>(body, wire::ANSWER).is_err(), "{name}");
    }
    for depth in [100, 10_000, 1_000_000] {
        let nested = bombs::nested(depth);
        assert!(Packed(nested.clone()).unpack().is_err() && !targets::fuzz_act(&nested));
        assert!(!targets::fuzz_seed(&nested) && !targets::fuzz_pack(&nested));
    }
    if let (Some(before), Some(after)) = (before, bombs::peak()) {
        // An answer may be 64 MB, in a buffer that grew by doubling.
        let grown = (after - before) >> 20;
        assert!(grown < 256, "{grown} MB");
    }
}
