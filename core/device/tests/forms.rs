//! A workbook on the phone: places that it takes by itself, what it calls its records, what it makes for lists of
//! things, its audit by positions, and that what is kept open between two answers says what the document says.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod common;

use common::NOW;
use proptest::prelude::*;
use rounds_device::authoring::Typed;
use rounds_device::capture::fake::{FakeLocation, Script};
use rounds_device::capture::{CaptureFault, Fix, Kit, Source};
use rounds_device::platform::Replay;
use rounds_device::screens::audit;
use rounds_device::store::documents;
use rounds_device::{Key, Rounds};
use rounds_model::ids::{ActorId, DocId};
use rounds_model::text::Lang;
use std::sync::Arc;

const PACK: &str = r#"
id = "trees"
version = 1
title = { zh = "树", en = "Trees" }
[kinds.tree]
title = { zh = "树", en = "Tree" }
plural = { zh = "树", en = "Trees" }
scope = "owner"
create = ["rep"]
initial = "open"
form = "forms/tree.md"
write = [{ stages = ["open"], roles = ["rep"], who = "owner", fields = ["*"] }]
[kinds.tree.stages]
open = { title = { zh = "有效", en = "Open" } }
"#;

const FORM: &str = "
| survey | | | | | | | | |
| | type | name | label | relevant | calculation | trigger | default | save_to |
| | start-geopoint | began | | | | | | |
| | text | species | Species | | | | | species |
| | integer | height | Height | | | | | |
| | background-geopoint | stood | | | | ${height} | | |
| | text | why | Why so tall | ${height} > 50 | | | | |
| | begin_repeat | branch | Branch | | | | | |
| | decimal | length | Length | | | | | |
| | background-geopoint | there | | | | ${length} | | |
| | end_repeat | | | | | | | |
| | calculate | total | | | sum(${length}) | | | |
| | calculate | branches | | | count(${branch}) | | | |
| entities | | |
| | list_name | label |
| | trees | concat(${species}, ' ', ${height}) |
| settings | |
| | instance_name |
| | concat('Tree: ', ${species}) |
";

struct Phone {
    _dir: tempfile::TempDir,
    rounds: Rounds,
}

impl std::ops::Deref for Phone {
    type Target = Rounds;
    fn deref(&self) -> &Rounds {
        &self.rounds
    }
}

fn phone() -> Phone {
    let dir = tempfile::tempdir().unwrap();
    let files = [("pack.toml", PACK), ("forms/tree.md", FORM)];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let rounds = common::with_pack(dir.path(), "trees", files.into());
    Phone { _dir: dir, rounds }
}

impl Phone {
    fn begin(&self, pairs: &[(&str, &str)]) -> DocId {
        self.create("tree", &typed(pairs)).unwrap()
    }

    fn set(&self, doc: DocId, key: &str, value: &str) {
        self.answer(doc, &typed(&[(key, value)])).unwrap();
    }

    fn said(&self, doc: DocId, key: &str) -> String {
        let document = self.store().read(|db| documents::load(db, doc)).unwrap().unwrap();
        document.get(key).map(|value| value.to_string()).unwrap_or_default()
    }

    fn stand_at(&self, fixes: Vec<Result<Fix, CaptureFault>>) {
        let location = FakeLocation(Script::of(fixes));
        self.set_kit(Kit { location: Some(Arc::new(location)), ..Kit::default() });
    }
}

fn typed(pairs: &[(&str, &str)]) -> Vec<Typed> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn fix(latitude: f64) -> Fix {
    Fix {
        latitude,
        longitude: 121.6,
        altitude_m: None,
        accuracy_m: 8.0,
        mock: None,
        gps_ms: None,
        age_ms: 0,
        speed_mps: None,
        source: Source::Satellite,
    }
}

#[test]
fn places_are_taken_when_a_record_begins_and_when_their_trigger_is_answered() {
    let phone = phone();
    phone.stand_at(vec![
        Ok(fix(38.9)),
        Ok(fix(39.5)),
        Ok(fix(40.0)),
        Err(CaptureFault::Unavailable),
        Ok(fix(41.0)),
    ]);
    let doc = phone.begin(&[("species", "oak")]);
    assert_eq!(phone.said(doc, "began"), "", "the answer is stored before anybody waits for satellites");
    let placed = phone.take_places().unwrap();
    assert_eq!(placed.iter().map(|p| p.question.as_str()).collect::<Vec<_>>(), ["began"]);
    assert_eq!(phone.said(doc, "began"), "38.9 121.6 0 8");
    phone.set(doc, "species", "elm");
    assert!(phone.due_places().is_empty(), "nothing asks for a place there");
    phone.set(doc, "height", "7");
    phone.take_places().unwrap();
    assert_eq!(phone.said(doc, "stood"), "39.5 121.6 0 8");
    phone.set(doc, "height", "7");
    assert!(phone.due_places().is_empty(), "the value did not change");
    let branch = phone.add(doc, "branch").unwrap();
    phone.set(doc, &format!("branch/{branch}/length"), "2");
    phone.take_places().unwrap();
    assert_eq!(phone.said(doc, &format!("branch/{branch}/there")), "40 121.6 0 8");
    // Without a position the question stays without; it is not taken later, at another place.
    phone.set(doc, "height", "8");
    assert_eq!(phone.take_places().unwrap_err().code, "capture-unavailable");
    assert_eq!(phone.take_places().unwrap(), []);
    assert_eq!(phone.said(doc, "stood"), "39.5 121.6 0 8");
    // Nobody types one, and no screen asks for one.
    assert_eq!(phone.answer(doc, &typed(&[("stood", "1 1")])).unwrap_err().code, "calculated");
    let form = phone.form(doc, Lang::En).unwrap();
    let keys: Vec<&str> = form.nodes.iter().map(|node| node.question.key.as_str()).collect();
    assert!(!keys.contains(&"began") && !keys.contains(&"stood"), "{keys:?}");
}

#[test]
fn a_record_is_called_what_its_workbook_calls_it() {
    let phone = phone();
    let doc = phone.begin(&[("species", "oak")]);
    let row = |lang| phone.list("tree", None, 10, lang).unwrap().rows.remove(0);
    assert_eq!(row(Lang::En).title, "Tree: oak");
    phone.set(doc, "species", "白桦");
    assert_eq!(row(Lang::Zh).title, "Tree: 白桦");
    assert_eq!(phone.search("白桦", 5, Lang::Zh).unwrap().rows.len(), 1, "and found by it");
    assert!(phone.verify().unwrap().is_clean());
}

#[test]
fn what_a_workbook_makes_for_lists_of_things_can_be_looked_at() {
    let phone = phone();
    let doc = phone.begin(&[("species", "oak"), ("height", "12")]);
    let made = phone.entities(doc).unwrap();
    assert_eq!(made.len(), 1);
    assert_eq!((made[0].list.as_str(), made[0].label.as_str(), &made[0].id), ("trees", "oak 12", &None));
    assert_eq!(made[0].properties["species"], "oak");
}

#[test]
fn the_audit_names_rows_by_their_positions() {
    let phone = phone();
    let doc = phone.begin(&[("species", "oak")]);
    let first = phone.form(doc, Lang::En).unwrap().nodes.into_iter().find_map(|n| n.rows.first().cloned());
    let second = phone.add(doc, "branch").unwrap();
    phone.set(doc, &format!("branch/{second}/length"), "3");
    phone.set(doc, &format!("branch/{}/length", first.as_ref().unwrap()), "1");
    let csv = || audit::csv(&phone.audit(doc, Lang::En).unwrap());
    let lines = csv();
    assert!(
        lines.contains("/data/branch[2]/length,") && lines.contains("/data/branch[1]/length,"),
        "{lines}"
    );
    assert!(!lines.contains('@') && !lines.contains(&second), "{lines}");
    assert!(lines.lines().skip(1).all(|line| line.ends_with(",李娜")), "before any sync too: {lines}");
    phone.remove(doc, "branch", &first.unwrap()).unwrap();
    let lines = csv();
    assert!(
        lines.contains("/data/branch[1]/length,") && lines.contains("/data/branch[0]/length,"),
        "{lines}"
    );
}

/// What happens to a record while its workbook is kept open.
#[derive(Debug, Clone)]
enum Event {
    Species(u8),
    Height(u8),
    Length(u8, u8),
    Add,
    Remove(u8),
    Refused,
    /// A colleague's edit comes in.
    Colleague(u8),
    Screen,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0..4_u8).prop_map(Event::Species),
        (0..90_u8).prop_map(Event::Height),
        (any::<u8>(), 0..9_u8).prop_map(|(row, value)| Event::Length(row, value)),
        Just(Event::Add),
        any::<u8>().prop_map(Event::Remove),
        Just(Event::Refused),
        (0..90_u8).prop_map(Event::Colleague),
        Just(Event::Screen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// The screens and rows of a phone that keeps the workbook open are those of one that has just been started.
    #[test]
    fn what_is_kept_open_says_what_the_document_says(events in proptest::collection::vec(event(), 1..25)) {
        let phone = phone();
        let doc = phone.begin(&[("species", "oak")]);
        let rows = || {
            let form = phone.form(doc, Lang::En).unwrap();
            form.nodes.into_iter().find(|node| node.question.kind == "repeat").map(|node| node.rows).unwrap()
        };
        for event in events {
            match event {
                Event::Species(n) => phone.set(doc, "species", ["", "oak", "elm", "ash"][usize::from(n)]),
                Event::Height(n) => phone.set(doc, "height", &n.to_string()),
                Event::Length(row, value) => {
                    let rows = rows();
                    if let Some(row) = rows.get(usize::from(row) % rows.len().max(1)) {
                        phone.set(doc, &format!("branch/{row}/length"), &value.to_string());
                    }
                }
                Event::Add => drop(phone.add(doc, "branch").unwrap()),
                Event::Remove(row) => {
                    let rows = rows();
                    if let Some(row) = rows.get(usize::from(row) % rows.len().max(1)) {
                        phone.remove(doc, "branch", row).unwrap();
                    }
                }
                // The first is taken in, the second refused: both are undone.
                Event::Refused => {
                    let both = typed(&[("height", "99"), ("height", "tall")]);
                    prop_assert!(phone.answer(doc, &both).is_err());
                }
                Event::Colleague(n) => {
                    let mut document = phone.store().read(|db| documents::load(db, doc)).unwrap().unwrap();
                    let values = [("height".to_owned(), i64::from(n).into())];
                    document.write(doc, ActorId([9; 16]), 1, &values).unwrap();
                    phone.store().write(|tx| documents::replace(tx, doc, &document)).unwrap();
                    phone.rebuild().unwrap();
                }
                Event::Screen => drop(phone.show(doc, Lang::En).unwrap()),
            }
        }
        let fresh = Rounds::open(phone._dir.path(), Key([1; 32]), Arc::new(Replay::new(NOW, 9))).unwrap();
        prop_assert_eq!(phone.form(doc, Lang::En).unwrap().nodes, fresh.form(doc, Lang::En).unwrap().nodes);
        prop_assert_eq!(phone.check(doc, None, Lang::Zh).unwrap(), fresh.check(doc, None, Lang::Zh).unwrap());
        prop_assert!(fresh.verify().unwrap().is_clean());
    }
}
