//! The operator's commands.

mod sheets;

use super::by::By;
use super::files::{self, DataFolder};
use super::{Trouble, import, publish, report, restore, roles, tables, team, verify};
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use crate::testing::{BOSS, NOW, Office, PACK, PASSWORD, act, doc, edit, words};
use rounds_protocol::exchange::PullItem;
use rounds_workflow::bundle::Bundle;
use tempfile::TempDir;

fn refused<T: std::fmt::Debug>(result: Result<T, Trouble>) -> Vec<String> {
    match result.unwrap_err() {
        Trouble::Refused(why) => why.iter().map(|r| r.text().en).collect(),
        Trouble::Failed(error) => panic!("{error}"),
    }
}

fn bundle(manifest: &str) -> Bundle {
    Bundle::new([("pack.toml", manifest.as_bytes().to_vec())]).unwrap()
}

fn differences(office: &Office) -> Vec<&'static str> {
    let view = office.db.read(office.team).unwrap();
    verify::verify(&*view).unwrap().differences.iter().map(|d| d.what).collect()
}

/// Two tickets, one of them sent, with a conflict that somebody settled and one that is open.
fn worked() -> Office {
    let office = Office::new();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let a = li.create(doc(1), "ticket", li.person, &[("title", "a"), ("seat", "S1")]);
    let items = vec![edit(&a), act(&li.act(doc(1), "send", "open")), edit(&li.ticket(2, "b"))];
    li.push(&office, items);
    boss.sync(&office);
    for n in [1, 2] {
        let (mine, theirs) = (li.set(doc(n), "note", "mine"), boss.set(doc(n), "note", "theirs"));
        li.push(&office, vec![edit(&mine)]);
        boss.push(&office, vec![edit(&theirs)]);
    }
    li.sync(&office);
    let choice = li.set(doc(1), "note", "mine");
    li.push(&office, vec![edit(&choice)]);
    office
}

#[test]
fn publishing_is_once_per_version_and_upwards() {
    let office = Office::new();
    let publish = |manifest: &str| publish::publish(&office.db, office.team, &bundle(manifest), false);
    let version = |n: u32| PACK.replace("version = 1", &format!("version = {n}"));
    assert!(!publish(PACK).unwrap().new, "the same again");
    let other = PACK.replace("工单", "单子");
    assert!(refused(publish(&other))[0].starts_with("Version 1 of tickets was published with other content"));
    assert!(publish(&version(3)).unwrap().new);
    assert_eq!(refused(publish(&version(2))), ["Version 2 of tickets is older than the published 3."]);
    let broken = version(4).replace("to = \"sent\"", "to = \"nowhere\"");
    assert!(refused(publish(&broken))[0].starts_with("pack.toml:"));
    // A check asks for what nothing else does: which requirement a refusal comes from.
    let check = |manifest: &str| publish::publish(&office.db, office.team, &bundle(manifest), true);
    let unfounded = refused(check(&version(5)));
    assert!(unfounded[0].contains("does not say which requirement"), "{unfounded:?}");
    let founded = version(5).replace("[kinds.ticket]\n", "[kinds.ticket]\nrule = \"T.1\"\n");
    assert!(check(&founded).unwrap().new);
    assert_eq!(office.db.read(office.team).unwrap().packs().unwrap()[0].version, 3, "only checked");
}

#[test]
fn a_kind_with_records_stays_and_its_lists_follow_the_new_version() {
    let office = worked();
    let gone = PACK
        .replace("version = 1", "version = 2")
        .replace("[kinds.ticket", "[kinds.job")
        .replace("kind = \"ticket\"", "kind = \"job\"");
    let result = publish::publish(&office.db, office.team, &bundle(&gone), false);
    assert_eq!(refused(result), ["There are records of kind ticket, so it cannot leave the packs."]);
    let search = |n| {
        let row = office.db.read(office.team).unwrap().records(&[doc(n)]).unwrap().remove(0);
        rounds_model::canonical::decode::<rounds_workflow::Projection>(&row.projection).unwrap().search
    };
    assert_eq!(search(1), "a");
    office.publish(
        &PACK.replace("version = 1", "version = 2").replace("search = [\"title\"]", "search = [\"seat\"]"),
    );
    assert_eq!(search(1), "S1");
    assert_eq!(differences(&office), [""; 0]);
}

#[test]
fn a_kind_with_records_may_change_who_holds_it_and_its_records_move() {
    let office = worked();
    let mut other = office.phone("赵强");
    other.sync(&office);
    office.publish(
        &PACK.replace("version = 1", "version = 2").replace("scope = \"owner\"", "scope = \"team\""),
    );
    assert_eq!(differences(&office), [""; 0]);
    let came = |items: &[PullItem], sort: fn(&PullItem) -> bool| items.iter().filter(|i| sort(i)).count();
    let new = other.sync(&office);
    let records = office.db.read(office.team).unwrap().doc_ids(None, 100).unwrap().len();
    let whole = came(&new, |item| matches!(item, PullItem::Snapshot { .. }));
    assert!(records > 0 && whole == records, "tickets are everybody's now");
    office.publish(&PACK.replace("version = 1", "version = 3"));
    assert_eq!(differences(&office), [""; 0]);
    let left = came(&other.sync(&office), |item| matches!(item, PullItem::Left { .. }));
    assert_eq!(left, records, "and their owners' again");
}

#[test]
fn a_kind_moves_in_steps_that_a_phone_can_load() {
    let office = Office::new();
    let publish = |manifest: &str| publish::publish(&office.db, office.team, &bundle(manifest), false);
    let (head, rest) = PACK.split_once("[kinds.place]").unwrap();
    let (place, tickets) = rest.split_once("[kinds.ticket]").unwrap();
    let places = format!("{}[kinds.place]{place}", head.replace("tickets", "places"));
    let without = format!("{}[kinds.ticket]{tickets}", head.replace("version = 1", "version = 2"));
    let told = refused(publish(&places));
    assert_eq!(
        told,
        ["Kind place is in pack tickets already. Publish tickets without it first; \
            a kind that has records cannot move."]
    );
    assert!(publish(&without).unwrap().new);
    assert!(publish(&places).unwrap().new);
    assert_eq!(differences(&office), [""; 0]);
}

#[test]
fn verify_finds_what_does_not_follow() {
    let office = worked();
    assert_eq!(differences(&office), [""; 0]);
    for (damage, found) in [
        ("UPDATE records SET stage = 'done' WHERE stage = 'sent'", "projection"),
        ("DELETE FROM claims", "claims"),
        ("UPDATE documents SET heads = zeroblob(32)", "heads"),
        ("UPDATE documents SET snapshot = x'00'", "content"),
        ("UPDATE documents SET last_seq = last_seq + 1", "places"),
        ("DELETE FROM edits WHERE number = 2", "edits"),
        ("DELETE FROM acts", "projection"),
        ("UPDATE documents SET scope = x'74'", "scope"),
        ("UPDATE records SET scope = x'74'", "projection"),
        ("UPDATE log SET scope = x'74' WHERE what = 2", "log"),
        ("UPDATE log SET doc = zeroblob(16) WHERE what = 1", "log"),
        ("DELETE FROM log WHERE what = 1", "log"),
    ] {
        let saved = TempDir::new().unwrap();
        files::backup(&office.db, &saved.path().join("b.db")).unwrap();
        let damaged = saved.path().join("b.db");
        rusqlite::Connection::open(&damaged).unwrap().execute_batch(damage).unwrap();
        let db = Sqlite::open(&damaged).unwrap();
        let view = db.read(office.team).unwrap();
        let all = verify::verify(&*view).unwrap().differences;
        assert!(
            all.iter().any(|d| d.what == found || (found == "projection" && d.what == "places")),
            "{damage}: {all:?}"
        );
    }
}

#[test]
fn the_summary_counts() {
    let office = worked();
    let summary = report::summary(&office.db, office.team).unwrap();
    assert_eq!(summary.kinds["ticket"], [("open".to_owned(), 1), ("sent".to_owned(), 1)].into());
    assert_eq!((summary.accepted, summary.blocked), (1, 0));
    assert_eq!((summary.conflicts_open, summary.conflicts_settled), (1, 1));
    assert_eq!(summary.head, office.numbers().len() as u64);
}

#[test]
fn import_is_all_or_nothing_and_names_rows() {
    let office = Office::new();
    let import =
        |text: &str, key| import::import(&office.db, office.team, "place", text.as_bytes(), key, NOW);
    let before = office.numbers();
    let bad = refused(import("code,size,shape\nS1,3,x\n", None));
    assert_eq!(bad, ["There is no field shape in place."]);
    let bad = refused(import("code,size\nS1,3\nS2,big\n,1\nS1,1\n", Some("code")));
    assert_eq!(bad.len(), 3);
    assert_eq!(bad[0], "Row 3: big in the column size is not a whole number.");
    assert_eq!(bad[2], "Row 5: S1 stands in the column code twice.");
    assert_eq!(office.numbers(), before);
    let done = import("code,size\nS1,3\nS2,4\n", Some("code")).unwrap();
    assert_eq!((done.created, done.changed, done.same), (2, 0, 0));
    let again = import("code,size\nS1,3\nS2,5\nS3,\n", Some("code")).unwrap();
    assert_eq!((again.created, again.changed, again.same), (1, 1, 1));
    let mut li = office.phone("李娜");
    li.sync(&office);
    let mut sizes: Vec<_> = li.docs.values().map(|d| d.get("size").map(|s| s.to_string())).collect();
    sizes.sort();
    assert_eq!(sizes, [None, Some("3".to_owned()), Some("5".to_owned())]);
    assert_eq!(differences(&office), [""; 0]);
    assert_eq!(li.digest(), office.digest(&li));
    let new = "A column id says which record a row is, so --new does not fit. Use --key id.";
    assert_eq!(refused(import("id,code\n,S9\n", None)), [new]);
    assert_eq!(import("id,code\n,S9\n", Some("id")).unwrap().created, 1);
    assert_eq!(refused(import("code\nS9\n", Some("id"))), ["There is no column id."]);
    // Whose a record is, an import does not change, and does not pass over in silence.
    let taken = refused(import("code,owner\nS1,李娜\nS7,李娜\n", Some("code")));
    assert_eq!(taken.len(), 1);
    assert!(taken[0].starts_with("Row 2: the record is Rounds's") && taken[0].contains("李娜"), "{taken:?}");
    assert_eq!(import("code,owner\nS1,Rounds\nS2,\n", Some("code")).unwrap().same, 2);
    // The judge has the last word: a kind that the operator may not create.
    let held = import::import(&office.db, office.team, "ticket", "title\nx\n".as_bytes(), None, NOW);
    assert!(refused(held)[0].starts_with("Row 2: "));
}

/// Found by users: rows without an answer that the form requires became records.
#[test]
fn import_asks_for_what_the_form_requires_row_by_row() {
    let office = Office::new();
    let required = r#"title = { zh = "大小", en = "Size" } }"#;
    let pack = PACK.replacen("version = 1", "version = 2", 1).replacen(
        required,
        r#"title = { zh = "大小", en = "Size" }, required = true, relevant = "${code} != 'S0'" }"#,
        1,
    );
    assert!(publish::publish(&office.db, office.team, &bundle(&pack), false).unwrap().new);
    let import =
        |text: &str, key| import::import(&office.db, office.team, "place", text.as_bytes(), key, NOW);
    let before = office.numbers();
    let bad = refused(import("code,size\nS1,3\nS2,\n,4\nS0,\n", None));
    assert_eq!(
        bad,
        [
            "Row 3: \"Size\" is required, and this row does not say it. Fill in its column, size.",
            "Row 4: \"Code\" is required, and this row does not say it. Fill in its column, code.",
        ]
    );
    // Without the column it is each row's.
    assert_eq!(refused(import("code\nS1\nS2\nS0\n", Some("code"))).len(), 2);
    assert_eq!(office.numbers(), before);
    assert_eq!(import("code,size\nS1,3\nS0,\n", Some("code")).unwrap().created, 2);
    // Of a record that is there, what a row clears; what it does not speak of stays.
    assert_eq!(refused(import("code,size\nS1,\n", Some("code"))).len(), 1);
    assert_eq!(import("code\nS1\n", Some("code")).unwrap().same, 1);
}

#[test]
fn a_large_import_is_judged_in_chunks() {
    let office = Office::new();
    let rows: String = (0..1_234).map(|n| format!("S{n},{n}\n")).collect();
    let text = format!("code,size\n{rows}");
    let done = import::import(&office.db, office.team, "place", text.as_bytes(), Some("code"), NOW).unwrap();
    assert_eq!(done.created, 1_234);
    let numbers = office.numbers();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    let again = import::import(&office.db, office.team, "place", text.as_bytes(), Some("code"), NOW).unwrap();
    assert_eq!(again.same, 1_234);
}

#[test]
fn backup_and_restore() {
    let office = worked();
    let dir = TempDir::new().unwrap();
    let (copy, other) = (dir.path().join("copy.db"), DataFolder::at(&dir.path().join("other")));
    files::backup(&office.db, &copy).unwrap();
    assert_eq!(refused(files::backup(&office.db, &copy)).len(), 1, "a file that is there is not overwritten");
    let mut li = office.phone("李娜");
    let later = li.ticket(9, "later");
    li.push(&office, vec![edit(&later)]);

    restore::restore(&other, &copy, false, NOW).unwrap();
    let restored = other.open().unwrap();
    let count = |db: &Sqlite| db.read(office.team).unwrap().doc_ids(None, 100).unwrap().len();
    assert_eq!((count(&office.db), count(&restored)), (3, 2));
    assert!(verify::verify(&*restored.read(office.team).unwrap()).unwrap().differences.is_empty());
    drop(restored);

    assert!(refused(restore::restore(&other, &copy, false, NOW))[0].contains("data in"));
    let serving = other.serve().unwrap().unwrap();
    assert!(other.serve().unwrap().is_none(), "one server at a time");
    assert!(refused(restore::restore(&other, &copy, true, NOW))[0].contains("serving"));
    drop(serving);
    let done = restore::restore(&other, &copy, true, NOW).unwrap();
    assert_eq!(done.records, 2);
    assert!(done.kept.unwrap().exists());
    let kept = std::fs::read_dir(other.path())
        .unwrap()
        .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with("rounds.replaced-"));
    assert_eq!(kept.count(), 1);

    let epoch = |db: &Sqlite| db.read(office.team).unwrap().epoch().unwrap();
    assert_ne!(epoch(&other.open().unwrap()), epoch(&office.db), "phones notice it");

    rusqlite::Connection::open(&copy).unwrap().execute_batch("DELETE FROM claims").unwrap();
    let differs = refused(restore::restore(&other, &copy, true, NOW));
    assert!(differs[0].contains("claims") && differs[0].contains("Nothing was replaced"), "{differs:?}");
    std::fs::write(&copy, b"noise").unwrap();
    assert!(refused(restore::restore(&other, &copy, true, NOW))[0].contains("damaged"));
    let left = |name: &str| other.path().join(name).exists();
    assert!(!left("rounds.restoring") && !left("rounds.restoring-wal"));
    assert_eq!(count(&other.open().unwrap()), 2, "and what was there is still there");
}

/// Found by a user: what was kept of the replaced database had no table, because its content was still in the log.
#[test]
fn a_restore_keeps_everything_that_it_replaces_also_what_cannot_be_opened() {
    let office = worked();
    let dir = TempDir::new().unwrap();
    let (copy, folder) = (dir.path().join("copy.db"), DataFolder::at(&dir.path().join("data")));
    files::backup(&office.db, &copy).unwrap();
    restore::restore(&folder, &copy, false, NOW).unwrap();
    // A server that was killed: what it committed last is in the log alone.
    let database = folder.path().join("rounds.db");
    let log = folder.path().join("rounds.db-wal");
    let served = folder.open().unwrap();
    let code = team::invite(&served, office.team, "新来的", "rep", None, 1_000, NOW).unwrap().1;
    let (at_kill, log_at_kill) = (std::fs::read(&database).unwrap(), std::fs::read(&log).unwrap());
    drop((served, code));
    std::fs::write(&database, at_kill).unwrap();
    std::fs::write(&log, &log_at_kill).unwrap();
    assert!(log_at_kill.len() > 1_000);
    // And a restore that broke off.
    std::fs::write(folder.path().join("rounds.restoring-wal"), b"of another file").unwrap();

    let kept = restore::restore(&folder, &copy, true, NOW + 1).unwrap().kept.unwrap();
    let left = |name: &str| folder.path().join(name).exists();
    assert!(!left("rounds.restoring-wal") && !left("rounds.restoring-shm"));
    let alone = dir.path().join("alone.db");
    std::fs::copy(&kept, &alone).unwrap();
    let named = |db: &Sqlite| team::find_person(&*db.read(office.team).unwrap(), "新来的").is_ok();
    let (old, new) = (Sqlite::open(&alone).unwrap(), folder.open().unwrap());
    assert!(named(&old) && !named(&new), "the one file has all of it");
    assert_eq!(old.read(office.team).unwrap().doc_ids(None, 100).unwrap().len(), 2);
    drop((old, new));

    std::fs::write(&database, b"noise, and what follows it is the log of that").unwrap();
    std::fs::write(&log, b"its log").unwrap();
    let kept = restore::restore(&folder, &copy, true, NOW + 2).unwrap().kept.unwrap();
    let kept_log = format!("{}-wal", kept.display());
    assert_eq!(std::fs::read(&kept_log).unwrap(), b"its log", "what cannot be opened is kept as it is");
    assert!(std::fs::read(&kept).unwrap().starts_with(b"noise"));
    assert!(!named(&folder.open().unwrap()), "and a damaged database is one that can be restored");
}

/// Found by a critic: between two steps of a restore there was no database, and what was started then made an
/// empty one, to which no phone was known.
#[cfg(unix)]
#[test]
fn a_restore_leaves_a_database_at_every_moment_and_none_is_made_where_one_is_gone() {
    use std::os::unix::fs::MetadataExt;
    let office = worked();
    let dir = TempDir::new().unwrap();
    let (copy, folder) = (dir.path().join("copy.db"), DataFolder::at(&dir.path().join("data")));
    files::backup(&office.db, &copy).unwrap();
    folder.check_whole().unwrap();
    restore::restore(&folder, &copy, false, NOW).unwrap();
    let database = folder.path().join("rounds.db");
    let before = std::fs::metadata(&database).unwrap().ino();
    // Somebody reads it: it has a log, which a rename would leave to the new one.
    let reader = folder.open().unwrap();
    let mut li = office.phone("李娜");
    reader.start_run(NOW + 1).unwrap();
    assert!(refused(restore::restore(&folder, &copy, true, NOW + 1))[0].contains("serving"));
    assert_eq!(std::fs::metadata(&database).unwrap().ino(), before);
    assert!(!folder.path().join("rounds.restoring").exists());
    drop(reader);
    let kept = restore::restore(&folder, &copy, true, NOW + 2).unwrap().kept.unwrap();
    assert_eq!(
        std::fs::metadata(&kept).unwrap().ino(),
        before,
        "the same file under another name, not moved away"
    );
    assert!(li.try_exchange(&office, vec![], false).is_ok());
    // A restore that broke off as earlier versions could, or somebody's hand.
    std::fs::remove_file(&database).unwrap();
    assert!(refused(folder.check_whole())[0].contains("rounds.replaced-"));
    let photos = DataFolder::at(&dir.path().join("photos"));
    std::fs::create_dir_all(photos.path().join("blobs/x")).unwrap();
    assert!(refused(photos.check_whole())[0].contains("photos"));
}

/// Found by a user: commands of the operator accepted what makes no sense, and said that it was done.
#[test]
fn access_that_makes_no_sense_is_refused() {
    use super::access::{self, Access};
    let office = worked();
    office.invite("另一主管", "supervisor", None);
    office.invite("赵强", "rep", None);
    let same = access::transfer(&office.db, office.team, "李娜", BOSS, BOSS, NOW);
    assert!(refused(same)[0].contains("same person"));
    let by_rep = access::grant(&office.db, office.team, "李娜", &Access::Leads("赵强".into()), NOW);
    assert!(refused(by_rep)[0].contains("is a rep"));
    let invited = team::invite(&office.db, office.team, "新人", "rep", Some("李娜"), 1, NOW);
    assert!(refused(invited)[0].contains("is a rep"));
    access::grant(&office.db, office.team, "另一主管", &Access::Leads("赵强".into()), NOW).unwrap();
    let check = |area: &str| access::check_area(&*office.db.read(office.team).unwrap(), area);
    assert!(check("北区").unwrap(), "the first area of all is new");
    access::grant(&office.db, office.team, "李娜", &Access::Area("北区".into()), NOW).unwrap();
    assert!(!check(" 北区 ").unwrap(), "known, as it is kept");
    let unknown = refused(check("x"));
    assert!(unknown[0].contains("北区") && unknown[0].contains("--new-area"), "{unknown:?}");
}

#[test]
fn people_are_found_by_name_and_their_passwords_are_hashes() {
    let office = Office::new();
    let view = office.db.read(office.team).unwrap();
    let boss = team::find_person(&*view, BOSS).unwrap();
    let stored = view.password(boss.id).unwrap();
    assert!(crate::secrets::password::verify(PASSWORD, stored.as_deref()));
    drop(view);
    let set = |name: &str, secret: &str| team::set_password(&office.db, office.team, name, secret);
    assert!(refused(set(BOSS, "short"))[0].contains("10"));
    assert!(refused(set("nobody", "long enough!"))[0].contains("nobody"));
    set(&boss.id.to_string(), "another secret").unwrap();
    let invite = |name: &str, role: &str| team::invite(&office.db, office.team, name, role, None, 1, NOW);
    assert_eq!(refused(invite("x", "operator")).len(), 1, "a phone is never the server");
    assert_eq!(refused(invite("", "rep")).len(), 1);
    let mut li = office.phone("李娜");
    assert_eq!(words(&li.push(&office, vec![])), [""; 0]);
    assert_eq!(team::revoke_device(&office.db, office.team, &li.device.to_string(), NOW).unwrap(), 1);
    assert_eq!(team::revoke_device(&office.db, office.team, &li.device.to_string(), NOW).unwrap(), 0);
    assert_eq!(refused(team::revoke_device(&office.db, office.team, "x", NOW)).len(), 1);
}

#[test]
fn only_roles_that_there_are() {
    let office = Office::new();
    let invite = |role: &str| team::invite(&office.db, office.team, "甲", role, None, 1, NOW);
    assert_eq!(refused(invite("king")), ["There is no role king. There are: rep, supervisor"]);
    let version = PACK.replace("version = 1", "version = 2");
    let (head, rest) = version.split_once('\n').unwrap();
    office.publish(&format!("roles = [\"auditor\"]\n{head}\n{rest}"));
    assert_eq!(refused(invite("king")), ["There is no role king. There are: auditor, rep, supervisor"]);
    invite("auditor").unwrap();
}

#[test]
fn a_rep_is_led_by_the_one_supervisor_or_by_whom_one_says() {
    let office = Office::new();
    let leader = |name: &str, role: &str, led_by| {
        let view = office.db.read(office.team).unwrap();
        roles::leader(&*view, name, role, led_by).map(|leader| leader.map(|leader| leader.name))
    };
    assert_eq!(leader("李娜", "rep", None).unwrap().as_deref(), Some(BOSS));
    assert_eq!(leader("李娜", "supervisor", None).unwrap(), None);
    office.invite("李娜", "rep", Some(BOSS));
    office.invite("赵主管", "supervisor", None);
    assert_eq!(leader("李娜", "rep", None).unwrap().as_deref(), Some(BOSS), "as before");
    let why = refused(leader("孙立", "rep", None));
    assert!(why[0].contains("--led-by") && why[0].contains(BOSS) && why[0].contains("赵主管"), "{why:?}");
    assert_eq!(leader("孙立", "rep", Some("赵主管")).unwrap().as_deref(), Some("赵主管"));
    assert_eq!(leader("孙立", "rep", Some("nobody")).unwrap(), None);
}

/// R.6: what the manual only names is filled in by the company, and no later delivery takes it away.
#[test]
fn r6_o8_a_companys_own_table_is_put_in_and_laid_over_every_later_delivery() {
    let office = Office::new();
    let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs");
    let delivered = publish::read_folder(&packs.join("policy-application")).unwrap();
    let first = rounds_workflow::Pack::load(&delivered).unwrap().version;
    let deliver = |bundle: &Bundle, check: bool| publish::publish(&office.db, office.team, bundle, check);
    deliver(&delivered, false).unwrap();
    let put = |name: &str, csv: &str, check: bool| {
        let table = ("policy-application", name, csv.as_bytes());
        tables::put_table(&office.db, office.team, By::server(), table, check, NOW)
    };
    let newest = || {
        let rows = office.db.read(office.team).unwrap().packs().unwrap();
        Bundle::decode(&rows.iter().find(|row| row.pack == "policy-application").unwrap().bundle).unwrap()
    };
    let header =
        std::str::from_utf8(delivered.file("tables/papers.csv").unwrap()).unwrap().trim_end().to_owned();
    let row = |name: &str| {
        let cells = header.split(',').map(|column| match column {
            "name" => name,
            "zh" => "身份证",
            "en" => "Identity card",
            "proof" => "image",
            _ => "",
        });
        cells.collect::<Vec<_>>().join(",")
    };
    let papers = format!("{header}\n{}\n", row("identity"));
    // Nothing wrong gets in, and a check changes nothing.
    assert!(refused(put("paper", &papers, false))[0].contains("papers"), "the tables that there are");
    assert!(refused(put("papers", "name,zh\nx,y\n", false))[0].contains("papers.csv"));
    assert!(put("papers", &papers, true).unwrap().new && newest() == delivered);
    let done = put("papers", &papers, false).unwrap();
    assert_eq!((done.new, done.version, done.laid), (true, first + 1, vec!["papers".to_owned()]));
    assert_eq!(newest().file("tables/papers.csv"), Some(papers.as_bytes()));
    assert!(!put("papers", &papers, false).unwrap().new, "the same again");

    // The same delivery again changes nothing; the next one has their table, and its own number.
    let again = deliver(&delivered, false).unwrap();
    assert_eq!((again.new, again.version, again.laid.len()), (false, first + 1, 1));
    let manifest = String::from_utf8(delivered.file("pack.toml").unwrap().to_vec()).unwrap();
    let renamed = |version: u32, title: &str| {
        let mut next = delivered.clone();
        let text = manifest.replacen(&format!("version = {first}\n"), &format!("version = {version}\n"), 1);
        let text = text.replacen("zh = \"电子申请\"", &format!("zh = \"{title}\""), 1);
        assert_ne!(text, manifest);
        next.files.insert("pack.toml".into(), text.into_bytes().into());
        next
    };
    assert!(deliver(&renamed(first + 1, "保单变更"), true).unwrap().new);
    let next = deliver(&renamed(first + 1, "保单变更"), false).unwrap();
    assert_eq!((next.new, next.version, next.laid), (true, first + 2, vec!["papers".to_owned()]));
    assert_eq!(newest().file("tables/papers.csv"), Some(papers.as_bytes()));
    assert_eq!(rounds_workflow::Pack::load(&newest()).unwrap().title.zh, "保单变更");
    assert!(!deliver(&renamed(first + 1, "保单变更"), false).unwrap().new);
    assert!(refused(deliver(&renamed(first + 1, "别的"), false))[0].contains("other content"));
    assert!(refused(deliver(&delivered, false))[0].contains("older"));
    // A delivery that has come to have the very table leaves it to the pack from then on.
    let mut theirs = renamed(first + 2, "保单变更");
    theirs.files.insert("tables/papers.csv".into(), papers.clone().into_bytes().into());
    let taken = deliver(&theirs, false).unwrap();
    assert_eq!((taken.new, taken.version, taken.laid), (true, first + 3, vec![]));
    assert_eq!(differences(&office), [""; 0]);
}

#[test]
fn problems_of_a_pack_are_sentences() {
    let office = Office::new();
    let bad = publish::publish(&office.db, office.team, &Bundle::new([("x", vec![])]).unwrap(), true);
    let why = refused(bad);
    assert!(why.iter().all(|line| !line.contains("::") && line.ends_with('.')), "{why:?}");
}

/// E.7: a standard is known by the type of store and the product together.
#[test]
fn e7_what_has_two_columns_for_its_name_is_imported_again_and_duplicates_are_told() {
    let office = Office::new();
    let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs");
    for pack in ["daily-routine", "store-visit"] {
        let bundle = publish::read_folder(&packs.join(pack)).unwrap();
        publish::publish(&office.db, office.team, &bundle, false).unwrap();
    }
    let import = |text: &str, key: Option<&str>| {
        let done = import::import(&office.db, office.team, "standard", text.as_bytes(), key, NOW);
        done.map(|done| (done.created, done.changed, done.same))
    };
    let key = Some("store_type,code");
    let first = "store_type,code,facings\nhypermarket,69001,4\nhypermarket,69002,2\nsupermarket,69001,3\n";
    assert_eq!(import(first, key).unwrap(), (3, 0, 0));
    let again = first.replace("supermarket,69001,3", "supermarket,69001,5");
    assert_eq!(import(&again, key).unwrap(), (0, 1, 2));
    let code = |done: Result<(u64, u64, u64), Trouble>| refused(done).join("; ");
    let twice = format!("{first}supermarket,69001,3\n");
    assert!(code(import(&twice, key)).contains("twice"));
    assert!(code(import(first, Some("store_type,size"))).contains("size"));
    // Nor is there a second one by a sheet that names no key.
    let second = code(import("store_type,code,facings\nsupermarket,69001,3\n", None));
    assert!(second.contains("There is another"), "{second}");
}
