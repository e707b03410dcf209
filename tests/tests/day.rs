//! The demo day, end to end: real programs, a real network in between, real kills.

use rounds_tests::day::cast::Cast;
use rounds_tests::day::play;

#[test]
fn the_demo_day() {
    let folder = tempfile::tempdir().unwrap();
    let (mut cast, _) = Cast::found(folder.path(), 0).unwrap();
    let mut story = Vec::new();
    let summary = play(&mut cast, &mut |line| story.push(line.to_owned())).unwrap();
    summary.expect_the_day().unwrap_or_else(|e| panic!("{e:#}\n{}", story.join("\n")));
    cast.server.stop().unwrap();
}
