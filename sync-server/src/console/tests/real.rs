//! The console over what phones really sent, with packs as they are published.

use super::fixture::Browser;
use crate::admin::publish;
use crate::console::kinds::{Library, Sort};
use crate::console::packs::PublishedPacks;
use crate::console::{Console, routes};
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use crate::testing::{BOSS, NOW, Office, PASSWORD, act, doc, edit};
use axum::http::StatusCode;
use std::path::Path;
use std::sync::Arc;

pub async fn supervisor(office: &Office) -> Browser {
    signed_in(office, BOSS).await
}

/// Somebody with the password of the tests.
pub async fn signed_in(office: &Office, name: &str) -> Browser {
    let storage = Arc::new(Sqlite::open(&office.dir.path().join("rounds.db")).unwrap());
    let console = Console::new(storage, Arc::new(PublishedPacks::default()), || NOW, false);
    let mut browser = Browser::new(routes::routes(console));
    let token = browser.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", name), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &form).await.status, StatusCode::SEE_OTHER);
    browser
}

/// Two people who wrote the same note without seeing each other: one conflict.
fn disputed(office: &Office) -> (crate::testing::Phone, crate::testing::Phone) {
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let made = edit(&li.ticket(1, "Window seat"));
    li.push(office, vec![made]);
    boss.sync(office);
    let (mine, theirs) =
        (edit(&li.set(doc(1), "note", "0411-8263")), edit(&boss.set(doc(1), "note", "0411-8265")));
    li.push(office, vec![mine]);
    boss.push(office, vec![theirs]);
    (li, boss)
}

/// The hidden fields and the values of the first choice on a page.
fn choice(page: &str) -> (String, Vec<String>) {
    let field = |from: &str, name: &str| {
        let rest = from.split_once(name).unwrap_or_else(|| panic!("no {name} in {from}")).1;
        rest.split('"').next().unwrap().to_owned()
    };
    let form = page.split_once("data-test=\"conflict\"").expect("a conflict").1;
    let versions = form
        .split("name=\"version\" value=\"")
        .skip(1)
        .map(|part| part.split('"').next().unwrap().to_owned());
    (field(form, "name=\"seen\" value=\""), versions.collect())
}

#[tokio::test]
async fn lesson_08_a_choice_in_the_console_says_who_chose_and_overwrites_nothing() {
    let office = Office::new();
    let (mut li, mut boss) = disputed(&office);
    let mut browser = supervisor(&office).await;
    let page = browser.get("/conflicts").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for part in ["Window seat", "0411-8263", "0411-8265", "李娜", BOSS, "phone", "Note"] {
        assert!(page.body.contains(part), "{part}");
    }
    let operator = crate::admin::conflicts::conflicts(&*office.db.read(office.team).unwrap()).unwrap();
    let told: Vec<_> = operator[0].versions.iter().map(|v| (v.value.as_str(), v.person.as_str())).collect();
    assert!(told.contains(&("0411-8263", "李娜")) && told.contains(&("0411-8265", BOSS)), "{told:?}");

    let (seen, versions) = choice(&page.body);
    assert_eq!(versions.len(), 2);
    let token = page.token();
    let path = format!("/records/{}/choose", doc(1));
    let form = |version: &str, seen: &str, token: &str| {
        [("csrf", token), ("key", "note"), ("version", version), ("seen", seen), ("back", "/conflicts")]
            .map(|(k, v)| (k, v.to_owned()))
    };
    let mut post = async |form: [(&str, String); 5]| {
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        browser.post(&path, &form).await
    };
    let before = office.numbers();
    assert_eq!(post(form(&versions[1], &seen, "00")).await.status, StatusCode::FORBIDDEN);
    let old = post(form(&versions[1], "1-aa", &token)).await;
    assert_eq!(old.status, StatusCode::CONFLICT);
    assert!(old.body.contains("has changed since the page was opened"), "{}", old.body);
    let none = post(form("9-00", &seen, &token)).await;
    assert_eq!((none.status, office.numbers() == before), (StatusCode::CONFLICT, true), "nothing was stored");

    // Meanwhile a phone settles it too, without having seen the console's choice: again a conflict.
    li.sync(&office);
    let concurrent = edit(&li.set(doc(1), "note", "0411-8263"));
    let chosen = post(form(&versions[1], &seen, &token)).await;
    assert_eq!((chosen.status, chosen.header("location")), (StatusCode::SEE_OTHER, "/conflicts"));
    let page = browser.get("/conflicts").await;
    assert!(page.body.contains("data-test=\"no-conflicts\""), "{}", page.body);
    let page = browser.get(&format!("/records/{}", doc(1))).await;
    assert!(
        page.body.contains("data-test=\"settled\"") && page.body.contains("控制台 · Console"),
        "who chose"
    );
    boss.sync(&office);
    assert_eq!(boss.docs[&doc(1)].conflicts(), []);
    assert_eq!(boss.digest(), office.digest(&boss));

    assert_eq!(crate::testing::words(&li.push(&office, vec![concurrent])), ["stored"]);
    let page = browser.get("/conflicts").await;
    let (_, versions) = choice(&page.body);
    assert_eq!(versions.len(), 2, "a later concurrent choice is again a conflict");
    assert!(
        crate::admin::verify::verify(&*office.db.read(office.team).unwrap()).unwrap().differences.is_empty()
    );
}

#[tokio::test]
async fn a_choice_is_offered_and_taken_only_within_the_own_team() {
    let office = Office::new();
    let (mut zhou, mut other) = (office.phone("周敏"), office.phone("周敏"));
    let made = edit(&zhou.ticket(1, "Hidden"));
    zhou.push(&office, vec![made]);
    other.sync(&office);
    let (a, b) = (edit(&zhou.set(doc(1), "title", "a")), edit(&other.set(doc(1), "title", "b")));
    zhou.push(&office, vec![a]);
    other.push(&office, vec![b]);
    let mut boss = supervisor(&office).await;
    let page = boss.get("/conflicts").await;
    let (seen, versions) = choice(&page.body);
    let token = page.token();
    let form = [
        ("csrf", token.as_str()),
        ("key", "title"),
        ("version", &versions[0]),
        ("seen", &seen),
        ("back", "//x"),
    ];
    // The pack lets only the owner write a title: the same judge says no, in words.
    let refused = boss.post(&format!("/records/{}/choose", doc(1)), &form).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("Only the person whose record this is"), "{}", refused.body);
    let devices = office.db.read(office.team).unwrap().devices().unwrap().len();
    assert_eq!(devices, 3, "the refused choice left no device behind");
    let missing = boss.post(&format!("/records/{}/choose", doc(9)), &form).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let mut stranger = Browser::new(boss.router());
    let door = stranger.post(&format!("/records/{}/choose", doc(1)), &form).await;
    assert_eq!((door.status, door.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
}

pub fn publish_folder(office: &Office, pack: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs").join(pack);
    let bundle = publish::read_folder(&folder).unwrap_or_else(|_| panic!("{pack} cannot be read"));
    publish::publish(&office.db, office.team, &bundle, false).unwrap_or_else(|_| panic!("{pack} is refused"));
}

#[tokio::test]
async fn a_ruling_of_the_server_is_on_the_board_and_the_record() {
    let office = Office::new();
    let (mut li, mut wang) = (office.phone("李娜"), office.phone("王芳"));
    for (phone, n) in [(&mut li, 1), (&mut wang, 2)] {
        let made = [edit(&phone.ticket(n, "Window seat")), edit(&phone.set(doc(n), "seat", "12A"))];
        phone.push(&office, made.into());
        let sent = phone.act(doc(n), "send", "open");
        phone.push(&office, vec![act(&sent)]);
    }
    let mut browser = supervisor(&office).await;
    let board = browser.get("/").await;
    assert_eq!(board.status, StatusCode::OK, "{}", board.body);
    assert_eq!(board.body.matches("data-test=\"decision\"").count(), 1);
    assert!(board.body.contains("The seat is taken.") && board.body.contains("Choose another seat."));
    let page = browser.get(&format!("/records/{}", doc(2))).await;
    for part in ["Window seat", "12A", "Seat", "Send", "Not accepted", "seat-taken", "王芳", "Open"] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(browser.get(&format!("/records/{}", doc(1))).await.body.contains("Sent"));
}

/// A fact as the page has it beside the act: its label, and what it comes to.
fn fact(label: &str, shown: &str) -> String {
    format!("<dt>{label}</dt><dd>{shown}</dd>")
}

/// What an act came to is read in the pack's words, in the reader's language; what has no words is for support.
#[tokio::test]
async fn l5_l6_o7_what_an_act_came_to_has_its_label_and_its_words_beside_it() {
    let office = Office::new();
    publish_folder(&office, "family-event");
    office.publish(O7);
    let (mut boss, mut li) = (office.phone(BOSS), office.phone("李娜"));
    let me = boss.person.to_string();
    let answers = [
        ("label", "小小牙医"),
        ("date", "2026-11-21"),
        ("begins", "09:30"),
        ("venue", "某诊所"),
        ("leader", me.as_str()),
    ];
    let event = [
        edit(&boss.create(doc(1), "event", boss.person, &answers)),
        act(&boss.act(doc(1), "invite", "planned")),
        act(&boss.act_with(doc(1), "hold", "inviting", &[("few_reason", "诊所临时停电")])),
        act(&boss.act_with(doc(1), "summarise", "held", &[("summary", "顺延"), ("absence", "无人报名")])),
    ];
    assert_eq!(crate::testing::words(&boss.push(&office, event.into())), ["stored"; 4]);
    let form = [
        edit(&li.create(doc(2), "form", li.person, &[("note", "x")])),
        act(&li.act(doc(2), "submit", "draft")),
    ];
    assert_eq!(crate::testing::words(&li.push(&office, form.into())), ["stored"; 2]);

    let mut browser = supervisor(&office).await;
    let page = browser.get(&format!("/records/{}", doc(1))).await.body;
    for told in [fact("Families too few", "15"), fact("Attendance (%)", "0"), fact("Came", "0")] {
        assert!(page.contains(&told), "{told}: {page}");
    }
    assert!(!page.contains("attendance_percent"), "{page}");
    let page = browser.get(&format!("/records/{}", doc(2))).await.body;
    let told = fact("Why by an electronic form", "No qualification");
    assert!(page.contains(&told) && page.contains("inner 7"), "{page}");
    assert!(!page.contains("no-qualification"), "{page}");
    browser.accept = "zh-CN,zh;q=0.9";
    let page = browser.get(&format!("/records/{}", doc(2))).await.body;
    assert!(page.contains(&fact("为什么走电子申请书", "没有资格")), "{page}");
}

/// An application that says why it went by an electronic form.
const O7: &str = r#"
id = "forms"
version = 1
title = { zh = "申请", en = "Forms" }
[kinds.form]
title = { zh = "申请", en = "Form" }
plural = { zh = "申请", en = "Forms" }
scope = "owner"
rule = "O.7"
create = ["rep"]
initial = "draft"
fields = [{ name = "note", type = "text", title = { zh = "说明", en = "Note" } }]
[kinds.form.display]
title = { zh = "${note}", en = "${note}" }
[kinds.form.stages]
draft = { title = { zh = "草稿", en = "Draft" } }
submitted = { title = { zh = "已提交", en = "Submitted" } }
[[kinds.form.write]]
stages = ["draft"]
roles = ["rep"]
fields = ["*"]
[kinds.form.acts.submit]
title = { zh = "提交", en = "Submit" }
from = ["draft"]
to = "submitted"
roles = ["rep"]
facts.inner = "7"
facts.why = "'no-qualification'"
told.why = { title = { zh = "为什么走电子申请书", en = "Why by an electronic form" }, choices = [
    { name = "no-qualification", title = { zh = "没有资格", en = "No qualification" } },
] }
"#;

#[tokio::test]
async fn a_planned_visit_counts_for_its_day_and_is_called_by_its_store() {
    let office = Office::new();
    publish_folder(&office, "daily-routine");
    publish_folder(&office, "store-visit");
    let mut li = office.phone("李娜");
    let visit = [("store", doc(9).to_string()), ("date", "2026-11-23".into()), ("purpose", "Shelf".into())];
    let visit: Vec<_> = visit.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let owner = li.person;
    let made = edit(&li.create(doc(3), "visit", owner, &visit));
    assert_eq!(crate::testing::words(&li.push(&office, vec![made])), ["stored"]);
    let mut browser = supervisor(&office).await;
    let board = browser.get("/").await;
    assert!(board.body.contains("Visits") && board.body.contains("data-test=\"planned\">1<"));
    let page = browser.get(&format!("/records/{}", doc(3))).await;
    assert!(page.body.contains("a record outside your team"), "a store that is not there");
    assert!(page.body.contains("Purpose") && page.body.contains("Planned"));
    assert!(browser.get("/kinds/visit?q=shelf").await.body.contains("data-test=\"record\""));
}

#[test]
fn a_workbooks_questions_have_their_labels_groups_and_choices() {
    let office = Office::new();
    publish_folder(&office, "daily-routine");
    publish_folder(&office, "store-visit");
    publish_folder(&office, "shelf-audit");
    let tx = office.db.read(office.team).unwrap();
    let lexicon = PublishedPacks::default().open(&*tx).unwrap();
    let asked: Vec<_> = lexicon.kinds().iter().flat_map(|kind| &kind.questions).collect();
    let chosen = asked.iter().filter(|q| q.sort == Sort::Choices).find(|q| q.choices.len() > 1).unwrap();
    assert_ne!(chosen.label.zh, chosen.label.en, "{:?}", chosen.label);
    assert!(asked.iter().any(|q| q.repeat().is_some()), "a repeat among them");
    let groups: Vec<_> = lexicon.kinds().iter().flat_map(|kind| &kind.groups).collect();
    assert!(groups.iter().any(|(path, label)| !path.is_empty() && !label.zh.is_empty()), "{groups:?}");
}

#[tokio::test]
async fn beside_the_phones_interface_each_keeps_its_own_not_found() {
    let office = Office::new();
    let storage: Arc<dyn Storage> = Arc::new(Sqlite::open(&office.dir.path().join("rounds.db")).unwrap());
    let app = crate::api::App::new(Arc::clone(&storage));
    let mut browser =
        Browser::new(crate::api::complete(app, crate::console::pages(storage, None, None, None, false)));
    assert_eq!(browser.get("/healthz").await.body, "ok");
    assert_eq!(browser.get("/").await.header("location"), "/sign-in");
    let page = browser.get("/nowhere/at/all").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("There is nothing here"));
    let fault = browser.get("/v1/nowhere").await;
    assert_eq!(fault.status, StatusCode::NOT_FOUND);
    assert!(fault.body.starts_with("{\"code\":\"not-found\""), "{}", fault.body);
    let wrong = browser.get("/v1/exchange").await;
    assert!(wrong.body.starts_with('{'), "{}", wrong.body);
}

const INSPECTION: &str = r#"
id = "inspection"
version = 1
title = { zh = "巡检", en = "Inspection" }
[kinds.inspection]
title = { zh = "巡检", en = "Inspection" }
plural = { zh = "巡检", en = "Inspections" }
scope = "owner"
form = "forms/f.md"
create = ["rep"]
initial = "draft"
subject = "_store"
fields = [{ name = "_store", type = "text", title = { zh = "门店", en = "Store" } }]
display = { title = { zh = "${_store}", en = "${_store}" } }
stages = { draft = { title = { zh = "填写中", en = "Draft" } }, done = { title = { zh = "完成", en = "Done" } } }
write = [{ stages = ["draft"], roles = ["rep"], fields = ["*"] }]
[kinds.inspection.acts.finish]
title = { zh = "完成", en = "Finish" }
from = ["draft"]
to = "done"
roles = ["rep"]
"#;

const FORM: &str = "
| survey | | | | | |
| | type | name | label | bind::rounds:weight | bind::rounds:section | bind::rounds:critical |
| | select_one yn | clean | Clean floor | 3 | hygiene | |
| | select_one yn | exit | Exit free | 1 | safety | yes |
| choices | | | |
| | list_name | name | label | rounds_score |
| | yn | y | Yes | 1 |
| | yn | n | No | 0 |
";

fn inspection(version: u32, form: &str) -> rounds_workflow::Bundle {
    let toml = INSPECTION.replace("version = 1", &format!("version = {version}"));
    let files = [("pack.toml", toml.into_bytes()), ("forms/f.md", form.as_bytes().to_vec())];
    rounds_workflow::Bundle::new(files).unwrap()
}

#[tokio::test]
async fn a_score_is_beside_the_one_before_and_a_record_has_the_words_of_its_version() {
    let office = Office::new();
    let publish =
        |bundle| publish::publish(&office.db, office.team, &bundle, false).unwrap_or_else(|_| panic!());
    publish(inspection(1, FORM));
    let mut li = office.phone("李娜");
    let id = |n: u64| rounds_model::ids::DocId::v7(NOW as u64 - 1_000_000 + n, [7; 10]);
    let owner = li.person;
    for (n, store, clean, exit) in [(1, "S1", "n", "y"), (2, "S2", "y", "y"), (3, "S1", "y", "n")] {
        let answers = [("_store", store), ("clean", clean), ("exit", exit)];
        let made = edit(&li.create(id(n), "inspection", owner, &answers));
        li.push(&office, vec![made]);
        let finished = li.act(id(n), "finish", "draft");
        li.push(&office, vec![act(&finished)]);
    }
    let document = li.docs.get_mut(&id(3)).unwrap();
    assert!(document.conflicts().is_empty());
    // The question is called otherwise in the next version; this record is of the first.
    publish(inspection(2, &FORM.replace("Clean floor", "Floor and walls clean")));
    let mut browser = supervisor(&office).await;
    let page = browser.get(&format!("/records/{}", id(3))).await.body;
    for part in
        ["Score 75.0 %", "3 / 4", "Not passed", "hygiene", "Clean floor", "Exit free", "Fails the whole"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("Before: 25.0 %") && page.contains("+50.0"), "of the same store: {page}");
    assert!(page.contains(&format!("/records/{}", id(1))) && !page.contains(&format!("/records/{}", id(2))));
    assert!(!page.contains("Floor and walls"), "the words of its own version");
    let first = browser.get(&format!("/records/{}", id(1))).await.body;
    assert!(first.contains("Score 25.0 %") && !first.contains("score-before"));
}

#[tokio::test]
async fn e5_a_question_has_its_share_week_by_week() {
    let office = Office::new();
    publish::publish(&office.db, office.team, &inspection(1, FORM), false).unwrap_or_else(|_| panic!());
    let mut li = office.phone("李娜");
    let owner = li.person;
    // Two a fortnight ago, one of them clean; one this week, clean.
    for (n, days, clean) in [(1, 14, "n"), (2, 14, "y"), (3, 0, "y")] {
        let id = rounds_model::ids::DocId::v7(NOW as u64 - days * 86_400_000 + n, [7; 10]);
        let answers = [("_store", "S1"), ("clean", clean), ("exit", "y")];
        let made = edit(&li.create(id, "inspection", owner, &answers));
        assert_eq!(crate::testing::words(&li.push(&office, vec![made])), ["stored"]);
    }
    let mut browser = supervisor(&office).await;
    let page = browser.get("/kinds/inspection/scores").await.body;
    assert_eq!(page.matches("data-test=\"trend\"").count(), 2, "one for each question: {page}");
    assert!(page.contains("“Yes” by week") && page.contains("50 % · 1/2") && page.contains("100 % · 1/1"));
    assert!(page.contains("points=\"8.0,46.0 292.0,8.0\""), "{page}");
}

#[test]
fn a_record_of_a_version_that_was_never_published_is_held() {
    let office = Office::new();
    publish::publish(&office.db, office.team, &inspection(2, FORM), false).unwrap_or_else(|_| panic!());
    let mut li = office.phone("李娜");
    let owner = li.person;
    let unknown = edit(&li.create(doc(1), "inspection", owner, &[]));
    assert_eq!(crate::testing::words(&li.push(&office, vec![unknown])), ["version-unknown"]);
}

#[tokio::test]
async fn o2_the_tabs_of_a_kind_part_the_answers_of_its_page() {
    let office = Office::new();
    let tabs = r#"
[[kinds.ticket.tabs]]
name = "main"
title = { zh = "概要", en = "Main" }
fields = ["title"]
[[kinds.ticket.tabs]]
name = "rest"
title = { zh = "其他", en = "The rest" }
fields = ["*"]
"#;
    office.publish(&format!("{}{tabs}", crate::testing::PACK.replacen("version = 1", "version = 2", 1)));
    let mut li = office.phone("李娜");
    let made = [edit(&li.ticket(1, "Window seat")), edit(&li.set(doc(1), "note", "by the door"))];
    li.push(&office, made.to_vec());
    let mut browser = supervisor(&office).await;
    let path = format!("/records/{}", doc(1));
    let answers = |body: &str| ["title", "note"].map(|key| body.contains(&format!("data-key=\"{key}\"")));
    let here = |body: &str| {
        let (_, after) = body.split_once("data-test=\"tabs\"").unwrap();
        let (_, after) = after.split_once("aria-current=\"page\">").unwrap();
        after.split('<').next().unwrap().to_owned()
    };
    for (tab, shown, title) in [
        ("", [true, true], "Everything"),
        ("?tab=main", [true, false], "Main"),
        ("?tab=rest", [false, true], "The rest"),
        ("?tab=none", [true, true], "Everything"),
    ] {
        let page = browser.get(&format!("{path}{tab}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!((answers(&page.body), here(&page.body).as_str()), (shown, title), "{tab}");
    }
}

/// A team that is excused from written plans, its stores, and two visits to one of them today.
pub fn visited(office: &Office) -> crate::testing::Phone {
    publish_folder(office, "daily-routine");
    publish_folder(office, "store-visit");
    for (kind, table, key) in [
        ("plan_duty", "daily-routine/tables/plans-not-needed.csv", "note"),
        ("store", "store-visit/tables/stores.csv", "code"),
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs").join(table);
        let rows = std::fs::read(file).unwrap();
        let what = (kind, rows.as_slice(), Some(key));
        let done = crate::admin::import::import_by(
            &office.db,
            office.team,
            crate::admin::by::By::server(),
            what,
            false,
            NOW,
        );
        assert!(done.is_ok(), "{table}");
    }
    let mut li = office.phone("李娜");
    li.sync(office);
    let owner = li.person;
    let named = |document: &&rounds_model::document::Document| document.get("code") == Some("S0001".into());
    let store = li.docs.iter().find(|(_, document)| named(document)).map(|(id, _)| id.to_string()).unwrap();
    let made = [1, 2].map(|n| {
        let answers = [
            ("store", store.as_str()),
            ("date", "2026-11-23"),
            ("contact", "王店长"),
            ("time", "09:30"),
            ("purpose", "Shelf and prices of the new drinks"),
            ("notes", "The manager wants a second place near the till; a call on Thursday was agreed."),
        ];
        edit(&li.create(doc(n), "visit", owner, &answers))
    });
    assert_eq!(crate::testing::words(&li.push(office, made.into())), ["stored", "stored"]);
    li
}

#[tokio::test]
async fn places_are_a_plain_plot_and_lie_over_a_map_where_the_operator_names_one() {
    let office = Office::new();
    visited(&office);
    let storage: Arc<dyn Storage> = Arc::new(Sqlite::open(&office.dir.path().join("rounds.db")).unwrap());
    for (tiles, wanted) in [(None, false), (Some("https://tiles.example/{z}/{x}/{y}.png"), true)] {
        let tiles = tiles.and_then(crate::console::Tiles::read);
        let console = Console::new(Arc::clone(&storage), Arc::new(PublishedPacks::default()), || NOW, false);
        let policy = crate::console::policy(tiles.as_ref());
        let mut browser =
            Browser::new(routes::routes(Console { tiles: tiles.map(Arc::new), policy, ..console }));
        let token = browser.get("/sign-in").await.token();
        let form = [("csrf", token.as_str()), ("name", BOSS), ("password", PASSWORD)];
        assert_eq!(browser.post("/sign-in", &form).await.status, StatusCode::SEE_OTHER);
        let board = browser.get("/").await;
        assert!(board.body.contains("data-test=\"plot\"") && board.body.contains("Zhongshan Square"));
        assert_eq!(board.body.contains("<image href=\"https://tiles.example/"), wanted);
        assert_eq!(board.header("content-security-policy").contains("https://tiles.example"), wanted);
    }
}

#[tokio::test]
async fn a_doubt_is_settled_with_a_note_by_whoever_leads_and_comes_again_only_with_something_new() {
    let office = Office::new();
    let mut li = visited(&office);
    let check_in = |li: &mut crate::testing::Phone, n: u8| {
        let more = [("place", "38.92012 121.64431 0 12"), ("reason", "The satellites are blocked")];
        let sent = li.act_with(doc(n), "check_in", "planned", &more);
        assert_eq!(crate::testing::words(&li.push(&office, vec![act(&sent)])), ["stored"]);
    };
    check_in(&mut li, 1);
    let mut boss = supervisor(&office).await;
    let page = boss.get("/exceptions?sort=doubt").await;
    assert_eq!(page.body.matches("data-test=\"exception\"").count(), 1, "{}", page.body);
    assert!(page.body.contains("Checked in far away"));
    let (code, since) = (page.after("name=\"code\" value=\""), page.after("name=\"since\" value=\""));
    let token = page.token();
    let form = |code: &str, since: &str| {
        [
            ("csrf", token.clone()),
            ("back", "/exceptions".into()),
            ("code", code.into()),
            ("since", since.into()),
            ("note", "A test phone".into()),
        ]
    };
    let mut post = async |n: u8, form: [(&str, String); 5]| {
        let form: Vec<_> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        boss.post(&format!("/records/{}/looked", doc(n)), &form).await.status
    };
    for (n, code, since) in [(1, "short_visit", since.as_str()), (1, code.as_str(), "0"), (2, &code, &since)]
    {
        assert_eq!(post(n, form(code, since)).await, StatusCode::NOT_FOUND, "nothing is settled beforehand");
    }
    assert_eq!(post(1, form(&code, &since)).await, StatusCode::SEE_OTHER);
    assert!(boss.get("/exceptions?sort=doubt").await.body.contains("data-test=\"no-exceptions\""));
    let record = boss.get(&format!("/records/{}", doc(1))).await;
    assert!(record.body.contains("A test phone") && record.body.contains("data-test=\"looked\""));
    assert!(boss.get("/team/log").await.body.contains("A test phone"));
    // What is kept of all records follows the news of one.
    check_in(&mut li, 2);
    let page = boss.get("/exceptions?sort=doubt").await;
    assert_eq!(page.body.matches("data-test=\"exception\"").count(), 1, "{}", page.body);
    assert!(page.body.contains(&doc(2).to_string()) && !page.body.contains(&doc(1).to_string()));
}

/// What a ledger comes to is asked again when a record comes into it, and leaves nothing old behind.
#[tokio::test]
async fn e5_e6_what_a_visit_lacks_leaves_the_list_when_it_is_recorded_afterwards() {
    let office = Office::new();
    let mut li = visited(&office);
    let place = [("place", "38.92012 121.64431 0 12")];
    let visit = [
        act(&li.act_with(doc(1), "check_in", "planned", &place)),
        act(&li.act(doc(1), "check_out", "in_store")),
    ];
    assert_eq!(crate::testing::words(&li.push(&office, visit.into())), ["stored"; 2]);
    let mut boss = supervisor(&office).await;
    let page = boss.get("/exceptions?sort=doubt").await.body;
    assert!(page.contains("No store check") && page.contains("Competitors missing"), "{page}");
    let link = doc(1).to_string();
    for (n, rank) in [(11, "1"), (12, "2"), (13, "3")] {
        let page = boss.get("/exceptions?sort=doubt").await.body;
        assert!(page.contains("Competitors missing"), "{rank}: {page}");
        let answers = [("visit", link.as_str()), ("product", "甲")];
        let rank = [("rank", rank.parse::<i64>().unwrap().into())];
        let made = edit(&li.create_with(doc(n), "competitor", &answers, &rank));
        let sent = vec![made, act(&li.act(doc(n), "record", "draft"))];
        assert_eq!(crate::testing::words(&li.push(&office, sent)), ["stored"; 2]);
    }
    let page = boss.get("/exceptions?sort=doubt").await.body;
    assert!(page.contains("No store check") && !page.contains("Competitors missing"), "{page}");
    let sent = vec![act(&li.act(doc(12), "correct", "recorded"))];
    assert_eq!(crate::testing::words(&li.push(&office, sent)), ["stored"]);
    let page = boss.get("/exceptions?sort=doubt").await.body;
    assert!(page.contains("Competitors missing"), "it was taken out again: {page}");
}
