//! Two versions of an answer, from two phones: both are kept and shown with their authors, the choice
//! is remembered with its author, and nobody's choice overwrites another's.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::phone::{Phone, text};
use serde_json::Value;
use std::path::Path;

/// One more phone of the same rep.
fn enrolled(cast: &Cast, folder: &Path, name: &str) -> Phone {
    let args = ["invite", "--person", "李娜", "--role", "rep", "--led-by", "王芳"];
    let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
    let phone = Phone::new(&folder.join(name));
    phone.json(&["enrol", &cast.server.url(), &code, "--name", name]).unwrap();
    phone.json(&["sync"]).unwrap();
    phone
}

fn versions(phone: &Phone) -> Vec<(String, String)> {
    let conflicts = phone.json(&["conflicts"]).unwrap();
    let Some(first) = conflicts.get(0) else { return vec![] };
    let one = |v: &Value| (text(v, "value").unwrap(), text(v, "device").unwrap());
    first["conflicts"][0]["versions"].as_array().unwrap().iter().map(one).collect()
}

/// In an answer of a repeat's row, which two phones of a rep filled at once.
#[test]
fn lesson_08_silent_overwrite() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let (one, two) = (enrolled(&cast, folder.path(), "one"), enrolled(&cast, folder.path(), "two"));
    let audit = one.create("audit", &["_store=00000000-0000-0000-0000-000000000001"]).unwrap();
    let row = text(&one.json(&["add", &audit, "sku"]).unwrap(), "instance").unwrap();
    let shown = one.json(&["show", &audit]).unwrap();
    let inside = |q: &&Value| {
        let key = q["key"].as_str().unwrap();
        key.contains(&row) && ["integer", "decimal", "text"].contains(&q["kind"].as_str().unwrap())
    };
    let key = text(shown["questions"].as_array().unwrap().iter().find(inside).unwrap(), "key").unwrap();
    for phone in [&one, &two] {
        phone.json(&["sync"]).unwrap();
    }
    one.json(&["answer", &audit, &format!("{key}=11")]).unwrap();
    two.json(&["answer", &audit, &format!("{key}=12")]).unwrap();
    for phone in [&one, &two, &one] {
        assert_eq!(phone.json(&["sync"]).unwrap()["held"], 0);
    }
    for phone in [&one, &two] {
        let mut both = versions(phone);
        both.sort();
        let wanted = [("11".to_owned(), "one".to_owned()), ("12".to_owned(), "two".to_owned())];
        assert_eq!(both, wanted, "both values, each with its device");
        let conflict = phone.json(&["conflicts"]).unwrap()[0]["conflicts"][0].clone();
        assert!(text(&conflict, "label").unwrap().ends_with("row 2"), "{conflict}");
        assert_eq!(conflict["versions"][0]["by"], "李娜");
    }
    let listed = cast.server.admin_json(&["conflicts"]).unwrap();
    assert_eq!(listed[0]["kind_title"]["en"], "Shelf audit", "{listed}");
    assert!(listed[0]["title"]["en"].as_str().is_some_and(|title| !title.is_empty()), "{listed}");
    assert_eq!((&listed[0]["doc"], &listed[0]["key"]), (&audit.as_str().into(), &key.as_str().into()));
    assert_eq!(listed[0]["versions"].as_array().unwrap().len(), 2, "{listed}");

    // Both choose, each their own, without seeing the other's choice: again two versions.
    let own = |phone: &Phone, device: &str| {
        let at = versions(phone).iter().position(|(_, d)| d == device).unwrap() + 1;
        phone.json(&["choose", &audit, &key, &at.to_string()]).unwrap();
    };
    own(&one, "one");
    own(&two, "two");
    let chosen = &one.json(&["show", &audit]).unwrap()["chosen"][0];
    assert_eq!(
        (&chosen["value"], &chosen["by"], &chosen["device"]),
        (&"11".into(), &"李娜".into(), &"one".into())
    );
    assert_eq!(chosen["instead_of"], serde_json::json!(["12"]));
    for phone in [&one, &two, &one] {
        phone.json(&["sync"]).unwrap();
    }
    for phone in [&one, &two] {
        assert_eq!(versions(phone).len(), 2, "a concurrent choice is a conflict again");
    }
    own(&two, "one");
    for phone in [&two, &one] {
        phone.json(&["sync"]).unwrap();
    }
    for phone in [&one, &two] {
        assert_eq!(versions(phone), []);
        let chosen = phone.json(&["show", &audit]).unwrap()["chosen"][0].clone();
        assert_eq!((&chosen["value"], &chosen["device"]), (&"11".into(), &"two".into()), "{chosen}");
        phone.json(&["verify"]).unwrap();
    }
    assert_eq!(cast.server.admin_json(&["conflicts"]).unwrap(), serde_json::json!([]));
    assert_eq!(one.json(&["digest"]).unwrap(), two.json(&["digest"]).unwrap());
}
