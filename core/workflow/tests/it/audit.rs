//! The shelf audit, whose questions are a workbook's: E.8, E.10, E.11.

use crate::team::*;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_workflow::{display, may_write};

const SKU: &str = "sku/abcdefghijklm";

fn audit() -> Server {
    let mut server = Server::default();
    server.create(
        doc(100),
        "store",
        OPERATOR,
        OPERATOR,
        &[("code", "S0001".into()), ("label", "中山广场店".into())],
    );
    server.create(doc(1), "audit", LI, LI, &[("_store", doc(100).to_string().into())]);
    server
}

fn fill(server: &mut Server) {
    for (key, value) in [
        ("region", "中山区"),
        ("store", "S0001"),
        ("checkin", "38.9201 121.6442 0 10"),
        ("step2/visible", "y"),
        ("step2/traffic", "y"),
        ("step2/shelf_photo", "photo.jpg"),
        ("sku/abcdefghijklm/@ord", "a"),
        ("sku/abcdefghijklm/code", "6901234567890"),
        ("sku/abcdefghijklm/price", "11"),
        ("sku/abcdefghijklm/tag", "ok"),
    ] {
        server.set(doc(1), key, value);
    }
}

#[test]
fn e8_an_audit_is_finished_only_when_every_question_is_answered() {
    let mut server = audit();
    let refusal = blocked(&server.act(doc(1), "finish", LI, &[]), "form-incomplete");
    assert_eq!(refusal.field.as_deref(), Some("store"));
    assert!(refusal.reason.zh.contains("门店") && refusal.reason.en.contains("Store"));
    fill(&mut server);
    server.set(doc(1), "step2/visible", "n");
    let refusal = blocked(&server.act(doc(1), "finish", LI, &[]), "form-incomplete");
    assert_eq!(refusal.field.as_deref(), Some("step2/fix_owner"));
    server.set(doc(1), "step2/fix_owner", "李娜");
    server.set(doc(1), "step2/fix_due", "2026-11-22");
    let refusal = blocked(&server.act(doc(1), "finish", LI, &[]), "form-invalid");
    assert_eq!(refusal.field.as_deref(), Some("step2/fix_due"));
    assert!(refusal.reason.zh.ends_with("不能早于今天"), "{}", refusal.reason.zh);
    server.set(doc(1), "step2/fix_due", "2026-11-30");
    server.set(doc(1), &format!("{SKU}/price"), "-1");
    let refusal = blocked(&server.act(doc(1), "finish", LI, &[]), "form-invalid");
    assert_eq!(refusal.field.as_deref(), Some("sku/abcdefghijklm/price"), "the exact question");
    server.set(doc(1), &format!("{SKU}/price"), "11");
    accepted(&server.act(doc(1), "finish", LI, &[]));
}

#[test]
fn e10_what_the_workbook_calculates_is_in_the_projection() {
    let mut server = audit();
    fill(&mut server);
    let projection = server.project(doc(1));
    assert_eq!(projection.data["score"], Scalar::Int(100));
    assert_eq!(projection.data["sku/abcdefghijklm/in_band"], Scalar::Int(1));
    assert!(!projection.data.contains_key("username"), "metadata is not worked out here");
    server.set(doc(1), "sku/abcdefghijklm/@del", "true");
    assert!(!server.project(doc(1)).data.keys().any(|key| key.starts_with("sku/")));
    let kind = catalogue().kind("audit").unwrap();
    let shown = display(kind, &server.project(doc(1)).record(doc(1)), &server, Lang::Zh).unwrap();
    assert_eq!(shown.title, "中山广场店 店内检查");
    assert_eq!(shown.subtitle.as_deref(), Some("得分 100"));
    server.set(doc(1), "_store", Scalar::Null);
    let shown = display(kind, &server.project(doc(1)).record(doc(1)), &server, Lang::En).unwrap();
    assert!(shown.title.starts_with("Shelf audit "), "{}", shown.title);
    assert!(!shown.title.contains("S0001"), "the name from the workbook's CSV: {}", shown.title);
}

#[test]
fn e11_a_finished_audit_is_frozen_until_a_supervisor_returns_it() {
    let mut server = audit();
    fill(&mut server);
    accepted(&server.act(doc(1), "finish", LI, &[]));
    let kind = catalogue().kind("audit").unwrap();
    let tag = format!("{SKU}/tag");
    let write =
        |stage| may_write(kind, stage, &who(LI), LI, [tag.as_str(), "sku/abcdefghijklm/@del", "_visit"]);
    let refusal = write("finished").unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.reason.zh.contains("价格标签")), ("stage-frozen", true));
    blocked(&server.act(doc(1), "reopen", LI, &[("reason", "x".into())]), "act-role");
    accepted(&server.act(doc(1), "reopen", BOSS, &[("reason", "照片不清楚".into())]));
    assert!(write("filling").is_ok());
}
