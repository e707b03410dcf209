//! Access that changes while work is unsent, and records that are removed, with real processes:
//! nothing is lost, and everyone concerned is told.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::day::field::find;
use rounds_tests::phone::{Phone, text};
use serde_json::Value;
use std::path::Path;

const PLACE: &str = "place=38.92012 121.64431 0 12";

struct Team {
    cast: Cast,
    folder: tempfile::TempDir,
}

impl Team {
    fn found() -> Team {
        let folder = tempfile::tempdir().unwrap();
        let (cast, _) = Cast::found(folder.path(), 0).unwrap();
        Team { cast, folder }
    }

    fn admin(&self, args: &[&str]) -> Value {
        self.cast.server.admin_json(args).unwrap()
    }

    fn code(&self, person: &str) -> String {
        let args: &[&str] = match person {
            "王芳" | "刘洋" => &["invite", "--person", person, "--role", "supervisor"],
            _ => &["invite", "--person", person, "--role", "rep", "--led-by", "王芳"],
        };
        text(&self.admin(args), "code").unwrap()
    }

    fn phone(&self, person: &str, name: &str) -> Phone {
        let phone = Phone::new(&self.folder.path().join(name));
        self.enrol(&phone, person, name);
        phone
    }

    fn enrol(&self, phone: &Phone, person: &str, name: &str) {
        phone.json(&["enrol", &self.cast.server.url(), &self.code(person), "--name", name]).unwrap();
        phone.json(&["sync"]).unwrap();
    }

    fn person(&self, name: &str) -> String {
        let people = self.admin(&["people"]);
        let found = people.as_array().unwrap().iter().find(|p| p["name"] == name).unwrap().clone();
        text(&found, "id").unwrap()
    }

    /// Every phone holds what the server says that its person holds, and both are sound.
    fn equal(&self, phones: &[(&Phone, &str)]) {
        for (phone, person) in phones {
            phone.json(&["sync"]).unwrap();
            phone.json(&["verify"]).unwrap();
            let theirs = self.admin(&["digest", "--person", person]);
            assert_eq!(phone.json(&["digest"]).unwrap(), theirs, "{person}");
        }
        assert_eq!(self.cast.server.admin(&["verify"]).unwrap().code, 0);
    }
}

fn visit(phone: &Phone, purpose: &str) -> String {
    let store = find(phone, "中山广场").unwrap();
    let answers = [&format!("store={store}"), "date=2026-11-23", &format!("purpose={purpose}")];
    phone.create("visit", &answers).unwrap()
}

fn question(phone: &Phone, record: &str, key: &str) -> String {
    let shown = phone.json(&["show", record]).unwrap();
    let questions = shown["questions"].as_array().unwrap();
    questions.iter().find(|q| q["key"] == key).unwrap()["value"].as_str().unwrap().to_owned()
}

fn is_here(phone: &Phone, record: &str) -> bool {
    phone.run(&["show", record]).unwrap().code == 0
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn lesson_09_access_change_by_reassigning_keeps_unsent_work() {
    let team = Team::found();
    let (li, zhang, boss) =
        (team.phone("李娜", "li"), team.phone("张伟", "zhang"), team.phone("王芳", "boss"));
    let planned = visit(&li, "补货");
    li.json(&["sync"]).unwrap();
    boss.json(&["sync"]).unwrap();
    boss.json(&["act", &planned, "reassign", &format!("to={}", team.person("张伟"))]).unwrap();
    boss.json(&["sync"]).unwrap();

    // Li Na does not know, and works on.
    li.json(&["answer", &planned, "notes=老板要两箱"]).unwrap();
    li.json(&["act", &planned, "check_in", PLACE]).unwrap();
    let other = visit(&li, "other");
    let synced = li.json(&["sync"]).unwrap();
    assert_eq!(
        (&synced["taken"], &synced["sent"], &synced["held"]),
        (&2.into(), &1.into(), &0.into()),
        "{synced}"
    );
    assert!(!is_here(&li, &planned) && is_here(&li, &other));
    let outbox = li.json(&["outbox"]).unwrap();
    let over = outbox["handed_over"].as_array().unwrap();
    assert_eq!((over.len(), &over[0]["reason"]["code"]), (2, &"record-out-of-scope".into()));
    assert_eq!(over[0]["title"], "Zhongshan Square", "{outbox}");
    assert!(over[0]["what"].as_str().unwrap().contains("老板要两箱"), "{outbox}");
    assert_eq!(outbox["status"]["state"], "needs_you");
    let chinese = li.in_chinese().json(&["outbox"]).unwrap();
    assert!(chinese["handed_over"][0]["reason"]["reason"].as_str().unwrap().contains("不再与您共享"));

    // The new owner and the supervisor know; the record is as it was.
    zhang.json(&["sync"]).unwrap();
    boss.json(&["sync"]).unwrap();
    for phone in [&zhang, &boss] {
        let shown = phone.json(&["show", &planned]).unwrap();
        let handed = shown["handed"].as_array().unwrap();
        assert!(handed[0].as_str().unwrap().contains("李娜"), "{shown}");
        assert_eq!(shown["stage"]["name"], "planned");
        assert!(shown["badges"].as_array().unwrap().iter().any(|b| b["state"] == "handed"));
    }
    assert_eq!(question(&zhang, &planned, "notes"), "");
    team.equal(&[(&li, "李娜"), (&zhang, "张伟"), (&boss, "王芳")]);

    let list = team.admin(&["holding", "list"]);
    let number = list[0]["work"].as_str().unwrap().to_owned();
    assert_eq!((list.as_array().unwrap().len(), &list[0]["items"]), (1, &2.into()), "{list}");
    assert_eq!(team.admin(&["holding", "accept", &number])["done"], 2);
    assert_eq!(team.cast.server.admin(&["holding", "accept", &number]).unwrap().code, 1, "once");
    for phone in [&li, &zhang, &boss] {
        phone.json(&["sync"]).unwrap();
    }
    assert_eq!(question(&zhang, &planned, "notes"), "老板要两箱");
    assert_eq!(zhang.json(&["show", &planned]).unwrap()["handed"].as_array().unwrap().len(), 0);
    let outbox = li.json(&["outbox"]).unwrap();
    assert!(outbox["handed_over"].as_array().unwrap().iter().all(|h| h["state"] == "accepted"), "{outbox}");
    for entry in outbox["handed_over"].as_array().unwrap() {
        li.json(&["put-aside", &entry["number"].to_string()]).unwrap();
    }
    assert_eq!(li.json(&["outbox"]).unwrap()["handed_over"].as_array().unwrap().len(), 0);
    team.equal(&[(&li, "李娜"), (&zhang, "张伟"), (&boss, "王芳")]);
}

#[test]
fn lesson_09_access_change_of_a_supervisor_keeps_unsent_work() {
    let team = Team::found();
    let (li, boss, chief) =
        (team.phone("李娜", "li"), team.phone("王芳", "boss"), team.phone("刘洋", "chief"));
    let planned = visit(&li, "补货");
    li.json(&["sync"]).unwrap();
    boss.json(&["sync"]).unwrap();
    assert!(!is_here(&chief, &planned));
    boss.json(&["answer", &planned, "contact=老板"]).unwrap();
    team.admin(&["transfer", "--person", "李娜", "--from", "王芳", "--to", "刘洋"]);
    let synced = boss.json(&["sync"]).unwrap();
    assert_eq!(synced["taken"], 1, "{synced}");
    assert!(!is_here(&boss, &planned), "not hers to see any more");
    chief.json(&["sync"]).unwrap();
    assert!(chief.json(&["show", &planned]).unwrap()["handed"][0].as_str().unwrap().contains("王芳"));
    let number = team.admin(&["holding", "list"])[0]["work"].as_str().unwrap().to_owned();
    team.admin(&["holding", "drop", &number, "--reason", "已另约"]);
    boss.json(&["sync"]).unwrap();
    let over = boss.json(&["outbox"]).unwrap()["handed_over"][0].clone();
    assert_eq!(over["state"], "dropped");
    assert!(over["text"].as_str().unwrap().contains("已另约"), "{over}");
    team.equal(&[(&li, "李娜"), (&boss, "王芳"), (&chief, "刘洋")]);
    assert_eq!(chief.json(&["show", &planned]).unwrap()["handed"].as_array().unwrap().len(), 0);
    // And back: the supervisor has everything again.
    team.admin(&["grant", "--person", "王芳", "--leads", "李娜"]);
    team.equal(&[(&boss, "王芳"), (&chief, "刘洋")]);
    assert!(is_here(&boss, &planned));
}

#[test]
fn lesson_09_access_of_a_revoked_phone_ends_after_it_handed_everything_over() {
    let team = Team::found();
    let (li, boss) = (team.phone("李娜", "li"), team.phone("王芳", "boss"));
    let sent = visit(&li, "补货");
    li.json(&["sync"]).unwrap();
    li.json(&["answer", &sent, "notes=unsent"]).unwrap();
    let unsent = visit(&li, "only here");
    li.json(&["act", &unsent, "check_in", PLACE]).unwrap();
    let photo = team.folder.path().join("shelf.jpg");
    std::fs::write(&photo, [&[0xff, 0xd8, 0xff, 0xe0][..], &[7; 5_000]].concat()).unwrap();
    let audit = li.create("audit", &["_store=00000000-0000-0000-0000-000000000001"]).unwrap();
    li.json(&["answer", &audit, "step2/visible=y", "step2/traffic=n"]).unwrap();
    li.json(&["answer", &audit, "--photo", &format!("step2/shelf_photo={}", photo.display())]).unwrap();
    let device =
        team.admin(&["devices"]).as_array().unwrap().iter().find(|d| d["name"] == "li").unwrap().clone();
    team.admin(&["revoke", "--device", &text(&device, "device").unwrap()]);
    // Somebody else's work goes on.
    boss.json(&["sync"]).unwrap();
    let synced = li.json(&["sync"]).unwrap();
    assert_eq!((&synced["taken"], &synced["received"]), (&6.into(), &0.into()), "{synced}");
    assert_eq!(synced["media"]["sent"], 1, "photos are handed over too: {synced}");
    let status = li.json(&["status"]).unwrap();
    assert_eq!(status["state"], "signed_out", "{status}");
    assert!(status["text"].as_str().unwrap().contains("handed over (6)"), "{status}");
    assert_eq!(li.json(&["outbox"]).unwrap()["handed_over"].as_array().unwrap().len(), 6);
    assert!(!is_here(&li, &sent));
    assert_eq!(li.json(&["kinds"]).unwrap().as_array().unwrap().len(), 0, "no procedures either");
    assert_eq!(files(&li.dir().join("blobs")), 0);
    li.fails(5, &["sync"]).unwrap();

    // The office decides; the same store becomes another device of the same person.
    let list = team.admin(&["holding", "list"]);
    for work in list.as_array().unwrap() {
        assert_eq!(work["refusal"]["code"], "device-revoked-work");
        team.admin(&["holding", "accept", work["work"].as_str().unwrap()]);
    }
    team.enrol(&li, "李娜", "li again");
    assert_eq!(question(&li, &sent, "notes"), "unsent");
    let to = team.folder.path().join("again.jpg");
    li.json(&["fetch-photo", &audit, "step2/shelf_photo", to.to_str().unwrap()]).unwrap();
    assert!(std::fs::read(&to).unwrap() == std::fs::read(&photo).unwrap());
    assert_eq!(li.json(&["show", &unsent]).unwrap()["stage"]["name"], "in_store");
    let outbox = li.json(&["outbox"]).unwrap();
    assert!(outbox["handed_over"].as_array().unwrap().iter().all(|h| h["state"] == "accepted"), "{outbox}");
    li.json(&["answer", &sent, "notes=as another device"]).unwrap();
    assert_eq!(li.json(&["sync"]).unwrap()["held"], 0);
    team.equal(&[(&li, "李娜"), (&boss, "王芳")]);
}

#[test]
fn lesson_11_deletes_propagate_to_every_phone_and_come_back() {
    let team = Team::found();
    let (li, boss) = (team.phone("李娜", "li"), team.phone("王芳", "boss"));
    let planned = visit(&li, "by mistake");
    let kept = visit(&li, "kept");
    li.json(&["sync"]).unwrap();
    boss.json(&["sync"]).unwrap();
    let listed = |phone: &Phone| {
        let page = phone.json(&["list", "visit"]).unwrap();
        page["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    boss.json(&["act", &planned, "remove", "reason=planned twice"]).unwrap();
    assert_eq!(listed(&boss), std::slice::from_ref(&kept), "at once, before the server knows");
    boss.json(&["sync"]).unwrap();
    li.json(&["sync"]).unwrap();
    assert_eq!(listed(&li), std::slice::from_ref(&kept));
    assert_eq!(li.json(&["search", "mistake"]).unwrap()["rows"].as_array().unwrap().len(), 0);
    let late = team.phone("李娜", "late");
    assert_eq!(listed(&late), std::slice::from_ref(&kept));
    assert!(!is_here(&late, &planned), "a new phone gets no content of it");
    team.equal(&[(&li, "李娜"), (&boss, "王芳"), (&late, "李娜")]);
    boss.json(&["act", &planned, "restore"]).unwrap();
    boss.json(&["sync"]).unwrap();
    team.equal(&[(&li, "李娜"), (&boss, "王芳"), (&late, "李娜")]);
    for phone in [&li, &boss, &late] {
        assert_eq!(listed(phone).len(), 2);
        assert_eq!(question(phone, &planned, "purpose"), "by mistake");
    }
}

#[test]
fn lesson_07_edit_meets_delete_keeps_both_and_blocks_nothing() {
    let team = Team::found();
    let (li, boss) = (team.phone("李娜", "li"), team.phone("王芳", "boss"));
    let planned = visit(&li, "补货");
    li.json(&["sync"]).unwrap();
    boss.json(&["sync"]).unwrap();
    // The supervisor does not see what Li Na has just sent: it is not removed unseen.
    li.json(&["answer", &planned, "contact=老板"]).unwrap();
    li.json(&["sync"]).unwrap();
    boss.json(&["act", &planned, "remove", "reason=not needed"]).unwrap();
    assert_eq!(boss.json(&["sync"]).unwrap()["blocked"], 1);
    assert_eq!(boss.json(&["outbox"]).unwrap()["blocked"][0]["reason"]["code"], "content-moved");
    assert_eq!(question(&boss, &planned, "contact"), "老板", "and is shown again");
    boss.json(&["act", &planned, "remove", "reason=not needed"]).unwrap();
    boss.json(&["sync"]).unwrap();

    // Li Na, offline, has written more.
    li.json(&["answer", &planned, "notes=written meanwhile"]).unwrap();
    let other = visit(&li, "other");
    let synced = li.json(&["sync"]).unwrap();
    assert_eq!((&synced["held"], &synced["sent"]), (&1.into(), &1.into()), "{synced}");
    let held = li.json(&["outbox"]).unwrap()["held"][0].clone();
    assert_eq!(held["reason"]["code"], "record-removed", "{held}");
    assert_eq!(held["record"]["stage"]["name"], "removed");
    li.json(&["answer", &other, "notes=goes on"]).unwrap();
    assert_eq!(li.json(&["sync"]).unwrap()["held"], 0);
    let number = held["number"].to_string();
    assert_eq!(li.fails(3, &["retry", &number]).unwrap()["code"], "record-removed");
    team.equal(&[(&li, "李娜"), (&boss, "王芳")]);

    // Asked for, it comes back, and what was written is tried again.
    boss.json(&["act", &planned, "restore"]).unwrap();
    boss.json(&["sync"]).unwrap();
    li.json(&["sync"]).unwrap();
    li.json(&["retry", &number]).unwrap();
    assert_eq!(li.json(&["sync"]).unwrap()["held"], 0);
    team.equal(&[(&li, "李娜"), (&boss, "王芳")]);
    assert_eq!(question(&boss, &planned, "notes"), "written meanwhile");
}

#[test]
fn a_pack_whose_kind_changes_hands_reaches_phones_that_are_there() {
    let team = Team::found();
    let (li, zhang) = (team.phone("李娜", "li"), team.phone("张伟", "zhang"));
    let own = visit(&li, "补货");
    li.json(&["sync"]).unwrap();
    zhang.json(&["sync"]).unwrap();
    assert!(!is_here(&zhang, &own));
    let pack = team.folder.path().join("pack");
    std::fs::create_dir_all(pack.join("tables")).unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs/store-visit");
    for table in std::fs::read_dir(source.join("tables")).unwrap().map(Result::unwrap) {
        std::fs::copy(table.path(), pack.join("tables").join(table.file_name())).unwrap();
    }
    let manifest = std::fs::read_to_string(source.join("pack.toml")).unwrap();
    let visits = "plural = { zh = \"拜访\", en = \"Visits\" }\nscope = \"owner\"";
    assert!(manifest.contains(visits));
    let shared = visits.replace("\"owner\"", "{ area = \"companion\" }");
    let newer = manifest.replacen("\nversion = ", "\nversion = 10", 1);
    assert_ne!(newer, manifest);
    let manifest = newer.replace(visits, &shared);
    std::fs::write(pack.join("pack.toml"), manifest).unwrap();
    team.admin(&["publish", pack.to_str().unwrap()]);
    for person in ["张伟", "李娜"] {
        team.admin(&["grant", "--person", person, "--area", "东区"]);
    }
    li.json(&["sync"]).unwrap();
    // Nobody puts a record where they do not see it themselves.
    assert_eq!(li.fails(3, &["answer", &own, "companion=西区"]).unwrap()["code"], "area-not-held");
    li.json(&["answer", &own, "companion=东区"]).unwrap();
    li.json(&["sync"]).unwrap();
    team.admin(&["withdraw", "--person", "李娜", "--area", "东区"]);
    li.json(&["sync"]).unwrap();
    zhang.json(&["sync"]).unwrap();
    assert!(is_here(&zhang, &own) && !is_here(&li, &own));
    team.equal(&[(&li, "李娜"), (&zhang, "张伟")]);
    team.admin(&["withdraw", "--person", "张伟", "--area", "东区"]);
    zhang.json(&["sync"]).unwrap();
    assert!(!is_here(&zhang, &own));
    team.equal(&[(&li, "李娜"), (&zhang, "张伟")]);
}

/// One phone, two people after each other, and two people's stores on one machine.
#[test]
fn lesson_17_the_next_person_on_a_phone_finds_nothing_of_the_one_before() {
    let team = Team::found();
    let (li, boss) = (team.phone("李娜", "shared"), team.phone("王芳", "boss"));
    let sent = visit(&li, "补货");
    li.json(&["sync"]).unwrap();
    li.json(&["answer", &sent, "notes=秘密两箱"]).unwrap();
    let found = |phone: &Phone| phone.json(&["search", "秘密"]).unwrap().to_string().contains(&sent);
    assert!(found(&li));
    // Somebody else's store beside it neither sees it nor opens it.
    let zhang = team.phone("张伟", "beside");
    assert!(!is_here(&zhang, &sent) && !found(&zhang));
    let (one, other) = (li.dir().join("rounds.db"), zhang.dir().join("rounds.db"));
    assert_ne!(std::fs::read(&one).unwrap(), std::fs::read(&other).unwrap());

    let devices = team.admin(&["devices"]);
    let device = devices.as_array().unwrap().iter().find(|d| d["name"] == "shared").unwrap().clone();
    team.admin(&["revoke", "--device", &text(&device, "device").unwrap()]);
    li.json(&["sync"]).unwrap();
    assert_eq!(li.json(&["outbox"]).unwrap()["handed_over"].as_array().unwrap().len(), 1, "she is told");
    team.enrol(&li, "张伟", "shared");
    assert!(!is_here(&li, &sent) && !found(&li));
    let outbox = li.json(&["outbox"]).unwrap();
    assert_eq!(outbox["handed_over"].as_array().unwrap().len(), 0, "{outbox}");
    assert_eq!(li.json(&["notices"]).unwrap().as_array().unwrap().len(), 0);
    team.equal(&[(&li, "张伟"), (&zhang, "张伟"), (&boss, "王芳")]);
    // Her work is where somebody can decide about it.
    assert_eq!(team.admin(&["holding", "list"]).as_array().unwrap().len(), 1);
}
