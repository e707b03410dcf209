//! The demo day, end to end: real programs, a real network in between, real kills; and what the server's log
//! says of it, which is nothing of anybody.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::day::play;

#[test]
fn the_demo_day() {
    let folder = tempfile::tempdir().unwrap();
    let (mut cast, login) = Cast::found(folder.path(), 0).unwrap();
    let mut story = Vec::new();
    let summary = play(&mut cast, &mut |line| story.push(line.to_owned())).unwrap();
    summary.expect_the_day().unwrap_or_else(|e| panic!("{e:#}\n{}", story.join("\n")));
    // Names and secrets where a careless log would write them down: in addresses and headers.
    let name: String = "李娜".bytes().map(|byte| format!("%{byte:02X}")).collect();
    for path in
        [format!("/kinds/visit?q={name}"), format!("/records/{name}"), format!("/v1/{name}?token=rr_0123")]
    {
        cast.server.get(&path).unwrap();
    }
    let people = cast.server.admin_json(&["people"]).unwrap().to_string();
    cast.server.stop().unwrap();
    let log = std::fs::read_to_string(folder.path().join("server").join("serve.log")).unwrap();
    assert!(log.matches("\"request\"").count() > 20 && log.contains("/v1/exchange"), "{log}");
    let told = ["李娜", "张伟", "王芳", "Li Na", "Zhang Wei", "中山广场", "0411-", "P10000000123", "rr_0123"];
    for personal in told.into_iter().chain([name.as_str(), login.name.as_str(), login.password.as_str()]) {
        assert!(!log.contains(personal), "the log has {personal}: {log}");
    }
    assert!(people.contains("李娜") && people.contains(&login.name), "they are those of this day: {people}");
}
