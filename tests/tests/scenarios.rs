//! The scenarios of the app, played by Rust. Kotlin and Swift play the same files.

#![allow(clippy::panic)] // Helpers of tests may.

use std::path::Path;

fn play(name: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    rounds_tests::scenario::play(&file).unwrap_or_else(|error| panic!("{error:?}"));
}

/// No file is there that nobody plays.
#[test]
fn every_scenario_is_played() {
    let source = include_str!("scenarios.rs");
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".json") || source.contains(&format!("play(\"{name}\")")), "{name}");
    }
}

#[test]
fn a_reps_whole_day() {
    play("a-day.json");
}

#[test]
fn lesson_17_two_reps_on_one_phone() {
    play("two-reps.json");
}

#[test]
fn a_supervisor_decides_without_a_network() {
    play("supervisor.json");
}

#[test]
fn lesson_15_a_photo_stands_in_for_a_position_and_what_is_said_is_kept() {
    play("evidence.json");
}

#[test]
fn signing_out_is_guarded() {
    play("sign-out.json");
}

#[test]
fn a1_lesson_14_a_recording_is_paused_killed_and_broken_off() {
    play("recording.json");
}
