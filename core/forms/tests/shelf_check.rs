//! The shelf check, read in full and filled in as in the oracle's example.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::sync::Arc;

use rounds_forms::{Filling, Kind, NodeState, Which};
use support::{open, shelf_check};

const A: &str = "aaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbb";
const C: &str = "ccccccccccccc";

#[test]
fn is_read_in_full() {
    let imported = shelf_check();
    // Where the phone is at each question is not recorded; everything else of the workbook is run.
    let told: Vec<_> = imported.report.iter().map(|p| (p.code(), p.args[0].as_str())).collect();
    let settings = ["location-max-age=120", "location-min-interval=60", "location-priority=balanced"];
    assert_eq!(told, settings.map(|setting| ("audit-setting", setting)));
    let form = imported.form;
    assert_eq!(
        (form.id.as_str(), form.title.as_str(), form.version.as_str()),
        ("shelf_check", "店内检查", "2026112401")
    );
    let names: Vec<&str> = form.languages().iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["中文 (zh)", "English (en)"]);
    let nodes: Vec<(&str, &str)> =
        form.questions().iter().map(|q| (q.path.as_str(), q.kind.name())).collect();
    assert_eq!(
        nodes,
        [
            ("/data/start", "start"),
            ("/data/end", "end"),
            ("/data/deviceid", "deviceid"),
            ("/data/username", "username"),
            ("/data/audit", "audit"),
            ("/data/store", "select_one"),
            ("/data/region", "text"),
            ("/data/checkin", "geopoint"),
            ("/data/step2", "group"),
            ("/data/step2/visible", "select_one"),
            ("/data/step2/traffic", "select_one"),
            ("/data/step2/fix_owner", "text"),
            ("/data/step2/fix_due", "date"),
            ("/data/step2/shelf_photo", "image"),
            ("/data/sku", "repeat"),
            ("/data/sku/code", "barcode"),
            ("/data/sku/price", "decimal"),
            ("/data/sku/tag", "select_one"),
            ("/data/sku/in_band", "calculate"),
            ("/data/score", "calculate"),
            ("/data/show_score", "note"),
        ]
    );
    let checkin = form.question("/data/checkin").unwrap();
    assert_eq!(checkin.parameters["capture-accuracy"], "20");
    assert_eq!(form.label(checkin, "en"), Some("Check-in position"));
    assert_eq!(form.label(checkin, "zh-CN"), Some("签到定位"));
    assert_eq!(form.question("/data/sku[2]/price").unwrap().kind, Kind::Decimal);
    assert_eq!(form.question("/data/step2").unwrap().appearance, "field-list");
    assert!(!form.is_plain());
}

#[test]
fn agrees_with_the_oracle_on_its_example() {
    let form = Arc::new(shelf_check().form);
    let mut filling = open(&form);
    let node = |filling: &Filling, path: &str| -> NodeState { filling.node(path, "zh").unwrap() };

    // Fresh.
    assert_eq!(node(&filling, "/data/store").choices.len(), 0);
    assert!(node(&filling, "/data/store").required);
    assert!(!node(&filling, "/data/step2/fix_owner").relevant);
    assert_eq!(node(&filling, "/data/score").value, "0");
    assert_eq!(node(&filling, "/data/show_score").label, "得分 0");
    assert_eq!(node(&filling, "/data/deviceid").value, "device-1");
    assert_eq!(node(&filling, "/data/start").value, "2026-11-23T17:00:00.000+08:00");
    assert_eq!(node(&filling, "/data/sku").instances, [""; 0]);

    // A store that its region lets through, filtered away, and back again.
    filling.set("/data/region", "中山区").unwrap();
    let choices = node(&filling, "/data/store").choices;
    assert!(choices.iter().any(|choice| choice.value == "S0002" && choice.label == "青泥洼桥店"));
    assert!(choices.iter().all(|choice| choice.value != "S0003"));
    let english = filling.node("store", "en").unwrap().choices;
    assert!(english.iter().any(|choice| choice.label == "Qingniwa Bridge"));
    filling.set("/data/store", "S0002").unwrap();
    let changed = filling.set("/data/region", "甘井子区").unwrap();
    assert!(changed.touched.contains(&"store".to_owned()));
    let store = node(&filling, "/data/store");
    assert_eq!((store.value.as_str(), store.stored.as_str(), store.valid), ("", "S0002", false));
    filling.set("/data/region", "中山区").unwrap();
    assert_eq!(node(&filling, "/data/store").value, "S0002");

    filling.set("/data/checkin", "38.9178 121.6339 0 12").unwrap();
    assert_eq!(node(&filling, "/data/checkin").value, "38.9178 121.6339 0 12");

    // Typed while not relevant: kept, read as empty, shown when relevant.
    filling.set("/data/step2/fix_owner", "typed while not relevant").unwrap();
    assert_eq!(node(&filling, "/data/step2/fix_owner").value, "");
    filling.set("/data/step2/visible", "n").unwrap();
    filling.set("/data/step2/traffic", "y").unwrap();
    assert_eq!(node(&filling, "/data/step2/fix_owner").value, "typed while not relevant");
    assert_eq!(node(&filling, "/data/score").value, "50");
    filling.set("/data/step2/fix_owner", "李雷").unwrap();
    filling.set("/data/step2/fix_due", "2026-11-22").unwrap();
    let due = node(&filling, "/data/step2/fix_due").error.unwrap();
    assert_eq!(
        (due.which, due.message.as_str(), due.code()),
        (Which::Constraint, "不能早于今天", "constraint")
    );
    assert_eq!(filling.first_problem("en").unwrap().path, "/data/step2/fix_due");
    filling.set("/data/step2/fix_due", "2026-11-23").unwrap();
    assert!(node(&filling, "/data/step2/fix_due").valid);
    filling.set("/data/step2/shelf_photo", "photo.jpg").unwrap();

    // Three rows; the first is the one that pyxform would have put there.
    for (id, ord) in [(A, "a"), (B, "b"), (C, "c")] {
        filling.add("/data/sku", id, ord).unwrap();
    }
    filling.set("/data/sku[1]/code", "6901234567892").unwrap();
    filling.set("/data/sku[1]/price", "10").unwrap();
    filling.set("/data/sku[1]/tag", "ok").unwrap();
    filling.set("/data/sku[2]/code", "12AB").unwrap();
    filling.set("sku/bbbbbbbbbbbbb/price", "12.01").unwrap();
    let refused = filling.set("/data/sku[2]/tag", "nosuch").unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("not-a-choice", "/data/sku/tag"));
    filling.set("/data/sku[3]/price", "-1").unwrap();
    assert_eq!(node(&filling, "/data/sku[1]/in_band").value, "1");
    assert_eq!(node(&filling, "/data/sku[2]/in_band").value, "0");
    assert!(!node(&filling, "/data/sku[2]/code").valid);
    assert_eq!(node(&filling, "/data/sku[3]/price").error.unwrap().message, "必须大于0");
    assert_eq!(filling.first_problem("en").unwrap().path, "/data/sku[2]/code");
    assert_eq!(node(&filling, "/data/sku[2]/price").key, "sku/bbbbbbbbbbbbb/price");

    filling.remove("/data/sku", A).unwrap();
    assert_eq!(filling.node("/data/sku[1]/price", "en").unwrap().value, "12.01");
    assert_eq!(filling.answers().get("sku/aaaaaaaaaaaaa/@del"), Some("true"));
    assert!(!filling.submission().contains_key("sku/aaaaaaaaaaaaa/price"));
    assert_eq!(filling.instance_name(), "S0002 2026-11-23T17:00:00.000+08:00");

    // Not relevant again: kept, not submitted.
    filling.set("/data/step2/visible", "y").unwrap();
    assert_eq!(node(&filling, "/data/step2/fix_owner").value, "");
    assert!(node(&filling, "/data/step2/fix_owner").valid);
    assert!(!filling.submission().contains_key("step2/fix_owner"));
    assert_eq!(filling.answers().get("step2/fix_owner"), Some("李雷"));
    assert_eq!(filling.calculated()["score"], "100");
    assert_eq!(filling.set("/data/score", "7").unwrap_err().code(), "calculated");
    assert!(!filling.is_complete());
    assert!(filling.faults().is_empty());
}
