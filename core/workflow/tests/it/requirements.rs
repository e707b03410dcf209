//! Every requirement of the list has a test that is named after it, and every number of the manuals is a
//! cell of a table that a test asks for.

use crate::play::number;
use crate::team::packs;
use std::collections::BTreeSet;
use std::path::Path;

/// The sources of the tests that play packs: here, and the journeys.
fn sources() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [here.join("tests/it"), here.join("../../tests/tests")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let files =
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "rs"));
    files.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// The parts of the names of tests: `d9`, `q5`, `nobody` ….
fn parts_of_names(sources: &str) -> BTreeSet<&str> {
    let mut parts = BTreeSet::new();
    let mut is_test = false;
    for line in sources.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("fn ").or(line.strip_prefix("async fn ")) {
            let name = name.split('(').next().unwrap();
            parts.extend(name.split('_').filter(|_| is_test));
        }
        // Between a test's mark and its name there are only comments and other marks.
        is_test = line.starts_with("#[test]") || is_test && line.starts_with(['#', '/']);
    }
    parts
}

#[test]
fn every_requirement_is_in_the_name_of_a_test_and_every_number_is_asked_for() {
    let list = include_str!("../requirements.txt");
    let sources = sources();
    let parts = parts_of_names(&sources);
    let (mut ids, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["P", pack, name, value] = words[..] {
            assert_eq!(number(pack, name), value, "{line}");
            assert!(sources.contains(&format!("number(\"{pack}\", \"{name}\")")), "nobody asks for {line}");
            numbers.insert((pack.to_owned(), name.to_owned()));
        } else {
            let id = words[0].replace('.', "").to_lowercase();
            assert!(parts.contains(id.as_str()), "no test is named after {line}");
            assert!(ids.insert(id), "{line} is there twice");
        }
    }
    let sections = [('a', 10), ('d', 10), ('e', 11), ('j', 4), ('l', 7), ('o', 15), ('q', 10), ('r', 7)];
    for (section, count) in sections {
        assert_eq!(ids.iter().filter(|id| id.starts_with(section)).count(), count, "{section}");
    }
    // No number stands in a table that the list does not know.
    for pack in packs() {
        let files = crate::team::bundle(pack);
        let Some(csv) = files.file("tables/numbers.csv") else { continue };
        for row in std::str::from_utf8(csv).unwrap().lines().skip(1) {
            let name = row.split(',').next().unwrap().to_owned();
            assert!(numbers.contains(&(pack.to_owned(), name)), "{pack}: {row}");
        }
    }
}

#[test]
fn the_packs_that_are_tested_are_those_that_there_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs");
    let there = std::fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let there: BTreeSet<_> = there.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert_eq!(there, packs().map(str::to_owned).collect());
}

/// Every refusal about a record of the systems says which requirement it comes from: each kind has one for
/// all that have none of their own.
#[test]
fn lesson_19_every_kind_says_which_requirement_it_comes_from() {
    for pack in crate::team::packs() {
        let pack = rounds_workflow::Pack::load(&crate::team::bundle(pack)).unwrap();
        for kind in &pack.kinds {
            assert!(kind.rule.is_some(), "{} {}", pack.id, kind.name);
        }
    }
}
