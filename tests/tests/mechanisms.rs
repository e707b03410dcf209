//! What a pack can say beside arbitration, with real processes: numbers, documents, schedules,
//! reminders, greyed lists.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::phone::{Phone, text};
use serde_json::Value;
use std::path::Path;

struct Team {
    cast: Cast,
    li: Phone,
    zhang: Phone,
}

fn team(folder: &Path) -> Team {
    let (cast, _) = Cast::found(folder, 0).unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/workflow/tests/packs/mechanisms");
    cast.server.admin(&["publish", pack.to_str().unwrap()]).unwrap().ok().unwrap();
    let contracts = folder.join("contracts.csv");
    std::fs::write(&contracts, "number,blocked\nC1,false\nC2,true\n").unwrap();
    cast.server.admin(&["import", "contract", contracts.to_str().unwrap(), "--new"]).unwrap().ok().unwrap();
    let phone = |person: &str| {
        let args = ["invite", "--person", person, "--role", "rep", "--led-by", "王芳"];
        let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
        let phone = Phone::new(&folder.join(person));
        phone.json(&["enrol", &cast.server.url(), &code]).unwrap();
        phone.json(&["sync"]).unwrap();
        phone
    };
    let (li, zhang) = (phone("李娜"), phone("张伟"));
    Team { cast, li, zhang }
}

fn show(phone: &Phone, record: &str) -> Value {
    phone.json(&["show", record]).unwrap()
}

fn number(phone: &Phone, record: &str) -> (String, bool) {
    let shown = show(phone, record)["numbers"][0].clone();
    (shown["value"].as_str().unwrap().to_owned(), shown["provisional"] == true)
}

#[test]
fn f7_two_phones_show_provisional_numbers_until_the_server_gives_the_real_ones() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let accept = |phone: &Phone, name: &str| {
        let asset = phone.create("asset", &[name, "unit=A"]).unwrap();
        phone.json(&["act", &asset, "accept"]).unwrap();
        asset
    };
    let (first, second) = (accept(&team.li, "name=车床"), accept(&team.zhang, "name=钻床"));
    let (mine, theirs) = (number(&team.li, &first), number(&team.zhang, &second));
    assert!(mine.1 && theirs.1 && mine.0 != theirs.0, "{mine:?} {theirs:?}");
    team.zhang.json(&["sync"]).unwrap();
    team.li.json(&["sync"]).unwrap();
    let (theirs, mine) = (number(&team.zhang, &second), number(&team.li, &first));
    assert!(!mine.1 && theirs.0.ends_with("-0001") && mine.0.ends_with("-0002"), "{mine:?} {theirs:?}");
    let found = team.li.json(&["search", &mine.0]).unwrap();
    assert_eq!(found["rows"][0]["id"], first.as_str());
    team.li.json(&["verify"]).unwrap();
    assert!(team.cast.server.admin(&["verify"]).unwrap().ok().is_ok());
}

#[test]
fn g3_o10_documents_are_asked_for_and_printing_is_reminded_of() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let loan = team.li.create("loan", &["special=false"]).unwrap();
    let refused = team.li.fails(3, &["act", &loan, "submit"]).unwrap();
    assert_eq!(refused["code"], "documents-missing", "{refused}");
    let photo = folder.path().join("licence.jpg");
    std::fs::write(&photo, include_bytes!("../src/day/shelf.jpg")).unwrap();
    for key in ["papers/licence", "papers/power"] {
        team.li.json(&["answer", &loan, "--photo", &format!("{key}={}", photo.display())]).unwrap();
    }
    let today = team.li.json(&["today"]).unwrap()["day"].as_str().unwrap().to_owned();
    let dated = format!("papers/power_dated={today}");
    team.li.json(&["answer", &loan, &dated, "papers/licence_original=true"]).unwrap();
    let list = show(&team.li, &loan)["documents"][0].clone();
    assert_eq!(
        (&list["missing"], &list["items"][2]["only_for"][0]),
        (&1.into(), &"Disburse".into()),
        "{list}"
    );
    assert_eq!(list["items"][2]["lacks"]["rule"], "G.6");

    assert_eq!(team.li.json(&["reminders"]).unwrap()["soon"].as_array().unwrap().len(), 0);
    team.li.json(&["act", &loan, "submit"]).unwrap();
    let soon = team.li.json(&["reminders"]).unwrap()["soon"].clone();
    assert_eq!((&soon[0]["act"], &soon[0]["rule"]), (&"print".into(), &"O.10".into()), "{soon}");
    assert_eq!(soon[0]["record"]["id"], loan.as_str());
    team.li.json(&["sync"]).unwrap();
    let told = team.cast.server.admin_json(&["reminders"]).unwrap();
    assert_eq!((&told[0]["doc"], &told[0]["overdue"]), (&loan.as_str().into(), &false.into()), "{told}");
    team.li.json(&["act", &loan, "print"]).unwrap();
    assert_eq!(team.li.json(&["reminders"]).unwrap()["soon"].as_array().unwrap().len(), 0);
    team.li.json(&["sync"]).unwrap();
    assert_eq!(team.cast.server.admin_json(&["reminders"]).unwrap().as_array().unwrap().len(), 0);
}

#[test]
fn d7_the_slots_of_a_day_follow_the_season() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    for (day, season, end) in [("2026-07-01", "Summer", "17:30"), ("2026-12-01", "Winter", "17:00")] {
        let plan = team.li.json(&["schedule", day]).unwrap()["schedules"][0].clone();
        let slots = plan["slots"].as_array().unwrap();
        assert_eq!((&plan["season"], &slots[2]["to"]), (&season.into(), &end.into()), "{plan}");
    }
}

#[test]
fn o15_what_cannot_be_chosen_is_greyed_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let change = team.li.create("change", &[]).unwrap();
    let offered = team.li.json(&["candidates", &change, "contract"]).unwrap()["candidates"].clone();
    let of = |title: &str| offered.as_array().unwrap().iter().find(|c| c["title"] == title).unwrap().clone();
    let (free, blocked) = (of("C1"), of("C2"));
    assert_eq!(free["possible"], true);
    assert_eq!((&blocked["possible"], &blocked["reason"]["rule"]), (&false.into(), &"O.15".into()));
    // A link to something of another kind is refused where it is typed.
    let asset = team.li.create("asset", &["name=车床"]).unwrap();
    let refused = team.li.fails(3, &["answer", &change, &format!("contract={asset}")]).unwrap();
    assert_eq!(refused["code"], "link-other-kind", "{refused}");
    let link = |c: &Value| format!("contract={}", c["id"].as_str().unwrap());
    team.li.json(&["answer", &change, &link(&blocked)]).unwrap();
    assert_eq!(team.li.fails(3, &["act", &change, "submit"]).unwrap()["code"], "contract-blocked");

    team.li.json(&["answer", &change, &link(&free)]).unwrap();
    team.li.json(&["act", &change, "submit"]).unwrap();
    let other = team.li.create("change", &[]).unwrap();
    let offered = team.li.json(&["candidates", &other, "contract"]).unwrap()["candidates"].clone();
    let taken = offered.as_array().unwrap().iter().find(|c| c["title"] == "C1").unwrap();
    assert_eq!(
        (&taken["reason"]["code"], &taken["reason"]["link"]),
        (&"one-open-change".into(), &change.as_str().into())
    );
    // A list that is asked for an act says of each row why not.
    let listed = team.li.json(&["list", "change", "--act", "withdraw"]).unwrap();
    let row =
        |id: &str| listed["rows"].as_array().unwrap().iter().find(|r| r["id"] == id).unwrap()["act"].clone();
    assert_eq!(row(&change)["possible"], true);
    let no = row(&other);
    assert_eq!(
        (&no["possible"], &no["reason"]["code"], &no["reason"]["rule"]),
        (&false.into(), &"act-not-now".into(), &"O.5".into())
    );
    let acts = team.li.json(&["acts", &other]).unwrap();
    assert_eq!(acts.as_array().unwrap().len(), 2, "{acts}");
}
