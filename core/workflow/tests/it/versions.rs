//! A record stays with the version of its pack that it was begun with, and can be moved to a newer one.

use crate::team::*;
use rounds_model::scalar::Scalar;
use rounds_workflow::{Bundle, Catalogue, PACK, Pack, may_change, may_move};

/// The shelf audit at a version, with something replaced in its `pack.toml`.
fn shelf_audit(version: u32, from: &str, to: &str) -> Pack {
    let mut bundle = bundle("shelf-audit");
    let toml = String::from_utf8(bundle.files["pack.toml"].to_vec()).unwrap();
    assert!(toml.contains("version = 4\n") && toml.contains(from));
    let toml = toml.replace("version = 4\n", &format!("version = {version}\n")).replace(from, to);
    bundle.files.insert("pack.toml".into(), serde_bytes::ByteBuf::from(toml.into_bytes()));
    Pack::load(&Bundle::decode(&bundle.encode().unwrap()).unwrap()).unwrap()
}

fn versions() -> Catalogue {
    let [day, visit] = ["daily-routine", "store-visit"].map(|id| Pack::load(&bundle(id)).unwrap());
    let newest = shelf_audit(3, "finished", "closed");
    let older = [shelf_audit(1, "", ""), shelf_audit(2, "en = \"Finish\"", "en = \"Done\"")];
    Catalogue::new([day, visit, newest]).unwrap().with_older(older)
}

#[test]
fn a_kind_with_a_workbook_is_pinned_as_a_whole_and_another_follows_its_newest() {
    let catalogue = versions();
    let stage = |version| catalogue.kind_at("audit", version).unwrap().act("finish").unwrap().to.clone();
    assert_eq!((stage(1), stage(2), stage(3)), ("finished".into(), "finished".into(), "closed".into()));
    let title =
        |version| catalogue.kind_at("audit", version).unwrap().act("finish").unwrap().title.en.clone();
    assert_eq!((title(1), title(2)), ("Finish".to_owned(), "Done".to_owned()));
    assert_eq!(catalogue.kind_at("store", 7).unwrap().version, catalogue.kind("store").unwrap().version);
    assert_eq!(catalogue.lacks("store", 7), None);
    // One that is not here is judged by the newest until it is, and is asked for.
    assert_eq!(catalogue.lacks("audit", 9), Some("shelf-audit"));
    assert_eq!(catalogue.kind_at("audit", 9).unwrap().version, 3);
    assert_eq!((catalogue.lacks("audit", 2), catalogue.lacks("audit", 3)), (None, None));
    assert_eq!(catalogue.newer("audit", 1).unwrap().version, 3);
    assert!(catalogue.newer("audit", 3).is_none() && catalogue.newer("store", 1).is_none());
    assert!(catalogue.kind_at("nothing", 1).is_none());
}

#[test]
fn who_may_write_a_record_may_move_it_to_a_newer_version_and_only_then() {
    let catalogue = versions();
    let one = catalogue.kind_at("audit", 1).unwrap();
    let to = |version: Scalar, stage: &str, by| {
        may_move(&catalogue, one, stage, &who(by), LI, &version).map(|kind| kind.version).map_err(|r| r.code)
    };
    assert_eq!(to(Scalar::Int(3), "filling", LI), Ok(3));
    assert_eq!(to(Scalar::Int(2), "filling", LI), Ok(2));
    for (version, stage, by, code) in [
        (Scalar::Int(1), "filling", LI, "version-back"),
        (Scalar::Int(4), "filling", LI, "version-unknown"),
        (Scalar::Int(-1), "filling", LI, "version-unknown"),
        (Scalar::from("3"), "filling", LI, "version-unknown"),
        (Scalar::Null, "filling", LI, "version-unknown"),
        (Scalar::Int(3), "filling", WANG, "not-owner"),
        (Scalar::Int(3), "filling", OPERATOR, "role-may-not-write"),
        (Scalar::Int(2), "finished", LI, "stage-frozen"),
        (Scalar::Int(3), "finished", LI, "version-stage-gone"),
    ] {
        assert_eq!(to(version.clone(), stage, by), Err(code.to_owned()), "{version:?} {stage}");
    }
    let (three, visible) = (Scalar::Int(3), Scalar::from("y"));
    let both = [(PACK, &three), ("step2/visible", &visible)];
    assert!(may_change(&catalogue, one, "filling", &who(LI), LI, both).is_ok());
    let owner = Scalar::from(LI.to_string());
    let refused = may_change(&catalogue, one, "filling", &who(LI), LI, [("@owner", &owner)]);
    assert_eq!(refused.unwrap_err().code, "control-key");
}

/// Under another version a record could claim something else than what was ruled.
#[test]
fn a_record_that_holds_something_stays_at_its_version() {
    let ledger = "\n[[arbitration]]\ntype = \"one_open\"\nname = \"one-audit\"\nkind = \"audit\"\n\
        key = \"${_store}\"\nopen = [\"finished\"]\ncode = \"one-audit\"\nfield = \"_store\"\n\
        reason = { zh = \"已有检查。\", en = \"There is one.\" }\n\
        remedy = { zh = \"继续那一份。\", en = \"Go on with that one.\" }\n";
    let with_ledger = |version: u32| {
        let mut bundle = bundle("shelf-audit");
        let toml = String::from_utf8(bundle.files["pack.toml"].to_vec()).unwrap();
        let toml = toml.replace("version = 4\n", &format!("version = {version}\n")) + ledger;
        bundle.files.insert("pack.toml".into(), serde_bytes::ByteBuf::from(toml.into_bytes()));
        Pack::load(&bundle).unwrap()
    };
    let [day, visit] = ["daily-routine", "store-visit"].map(|id| Pack::load(&bundle(id)).unwrap());
    let catalogue = Catalogue::new([day, visit, with_ledger(2)]).unwrap().with_older([with_ledger(1)]);
    let one = catalogue.kind_at("audit", 1).unwrap();
    let to = |stage| may_move(&catalogue, one, stage, &who(LI), LI, &Scalar::Int(2)).map(|k| k.version);
    assert_eq!(to("finished").unwrap_err().code, "version-claims");
    assert_eq!(to("filling").unwrap(), 2);
}

#[test]
fn what_the_form_does_not_ask_for_stays_in_the_record_and_out_of_its_row() {
    let mut server = Server::default();
    server.create(
        doc(1),
        "audit",
        LI,
        LI,
        &[("step2/visible", "n".into()), ("step2/fix_owner", "李娜".into())],
    );
    assert_eq!(server.project(doc(1)).data["step2/fix_owner"], "李娜".into());
    server.set(doc(1), "step2/visible", "y");
    assert!(!server.project(doc(1)).data.contains_key("step2/fix_owner"), "kept but not submitted");
    server.set(doc(1), "step2/visible", "n");
    assert_eq!(server.project(doc(1)).data["step2/fix_owner"], "李娜".into(), "it comes back");
    server.set(doc(1), "gone", "of another version");
    assert!(!server.project(doc(1)).data.contains_key("gone"));
}
