//! Every report of the packs, over records that phones really made and the packs judged: its figures, exactly.

use super::browser::Browser;
use super::real::{publish_folder, supervisor, visited};
use crate::console::figures::Figures;
use crate::console::kinds::Within;
use crate::exchange::rules::Rules;
use crate::storage::Storage;
use crate::testing::{BOSS, NOW, Office, Phone, act, doc, edit, words};
use axum::http::StatusCode;
use chrono::NaiveDate;
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;

/// A record that was made this morning, so many seconds ago.
pub fn id(n: u64) -> DocId {
    DocId::v7(NOW as u64 - 100_000 + n, [7; 10])
}

/// The cells of a report's table, row by row.
fn rows(page: &str) -> Vec<Vec<String>> {
    let Some((_, table)) = page.split_once("data-test=\"report-table\"") else { return vec![] };
    let body = table.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
    let text = |cell: &str| cell.split_once('>').unwrap().1.split('<').next().unwrap().trim().to_owned();
    let cells = |row: &str| row.replace("<th", "<td").split("<td").skip(1).map(text).collect();
    body.split("<tr").skip(1).map(cells).collect()
}

async fn report(browser: &mut Browser, path: &str) -> Vec<Vec<String>> {
    let page = browser.get(&format!("/reports/{path}")).await;
    assert!(page.status.is_success(), "{}", page.body);
    rows(&page.body)
}

/// A record with an act, of which all is accepted.
fn made(
    office: &Office,
    phone: &mut Phone,
    n: u64,
    kind: &str,
    answers: &[(&str, &str)],
    more: &[(&str, Scalar)],
) {
    let made = edit(&phone.create_with(id(n), kind, answers, more));
    assert_eq!(words(&phone.push(office, vec![made])), ["stored"], "{kind}");
}

fn acted(
    office: &Office,
    phone: &mut Phone,
    doc: DocId,
    name: &str,
    stage: &str,
    payload: &[(&str, &str)],
    to: &str,
) {
    let stated = phone.act_with(doc, name, stage, payload);
    assert_eq!(words(&phone.push(office, vec![act(&stated)])), ["stored"], "{name}");
    let row = office.db.read(office.team).unwrap().records(&[doc]).unwrap().remove(0);
    assert_eq!(row.stage, to, "{name}: {:?}", phone.verdicts.get(&doc));
}

/// Rows of a kind from the office, and their records by code.
fn imported(office: &Office, kind: &str, key: &str, csv: &str) {
    let what = (kind, csv.as_bytes(), Some(key));
    let by = crate::admin::by::By::server();
    let done = crate::admin::import::import_by(&office.db, office.team, by, what, false, NOW);
    assert!(done.is_ok(), "{kind}");
}

fn coded(phone: &Phone, kind: &str, code: &str) -> String {
    let named = |document: &rounds_model::document::Document| {
        document.get("@kind") == Some(kind.into()) && document.get("code") == Some(code.into())
    };
    phone.docs.iter().find(|(_, document)| named(document)).map(|(id, _)| id.to_string()).unwrap()
}

const PLACE: (&str, &str) = ("place", "38.92010 121.64420 0 12");

#[tokio::test]
async fn e1_visit_coverage_is_what_was_planned_and_done_by_whom() {
    let office = Office::new();
    let mut li = visited(&office);
    acted(&office, &mut li, doc(1), "check_in", "planned", &[PLACE], "in_store");
    acted(&office, &mut li, doc(1), "check_out", "in_store", &[], "done");
    let mut wang = office.phone("王芳");
    let store = coded(&li, "store", "S0002");
    let visit = [("store", store.as_str()), ("date", "2026-11-20"), ("purpose", "x")];
    made(&office, &mut wang, 5, "visit", &visit, &[]);
    let mut boss = supervisor(&office).await;
    let li_row = ["李娜", "50 % (1/2)", "2", "0 % (0/2)", "1", "0"];
    let wang_row = ["王芳", "0 % (0/1)", "1", "0 % (0/1)", "0", "–"];
    assert_eq!(report(&mut boss, "visit/coverage").await, [li_row, wang_row]);
    // The day of the visit counts, not the one on which it was planned.
    let days = |from: &str, to: &str| format!("visit/coverage?from={from}&to={to}");
    assert_eq!(report(&mut boss, &days("2026-11-20", "2026-11-22")).await, [wang_row]);
    assert_eq!(report(&mut boss, &days("2026-11-21", "2026-11-22")).await, Vec::<Vec<String>>::new());
    // What is kept in memory follows what happens: one is done, another one moves to another day.
    acted(&office, &mut li, doc(2), "check_in", "planned", &[PLACE], "in_store");
    acted(&office, &mut li, doc(2), "check_out", "in_store", &[], "done");
    let moved = edit(&wang.set(id(5), "date", "2026-11-30"));
    assert_eq!(words(&wang.push(&office, vec![moved])), ["stored"]);
    let li_row = ["李娜", "100 % (2/2)", "2", "0 % (0/2)", "1", "0"];
    assert_eq!(report(&mut boss, "visit/coverage").await, [li_row]);
    assert_eq!(report(&mut boss, &days("2026-11-30", "2026-11-30")).await, [wang_row]);
}

/// Two stores of two types, two products of which one has a band, and three checks.
fn checked(office: &Office) -> Phone {
    visited(office);
    imported(office, "sku", "code", "code,label,retail_min,retail_max\nK1,One,10,12\nK2,Two,,\n");
    imported(office, "standard", "code", "store_type,code,facings\nhypermarket,K1,4\n");
    let mut zhou = office.phone("周敏");
    zhou.sync(office);
    let (first, second) = (coded(&zhou, "store", "S0001"), coded(&zhou, "store", "S0002"));
    let (one, two) = (coded(&zhou, "sku", "K1"), coded(&zhou, "sku", "K2"));
    let other = ("place", "38.91780 121.63390 0 12");
    for (n, store, place, sku, facings, height, retail, label) in [
        (21, &first, PLACE, &one, 4, "waist_to_eye", 11.0, "fine"),
        (22, &first, PLACE, &one, 2, "above_eye", 13.0, "none"),
        (23, &second, other, &two, 1, "waist_to_eye", 5.0, "fine"),
    ] {
        let visit = [("store", store.as_str()), ("date", "2026-11-23"), ("purpose", "x")];
        made(office, &mut zhou, n + 100, "visit", &visit, &[]);
        acted(office, &mut zhou, id(n + 100), "check_in", "planned", &[place], "in_store");
        let visit = id(n + 100).to_string();
        let answers = [
            ("visit", visit.as_str()),
            ("store", store),
            ("sku", sku),
            ("height", height),
            ("grouping", "grouped"),
            ("label", label),
            ("price_reason", "as the store says"),
        ];
        let more = [
            ("present", Scalar::Bool(true)),
            ("facings", Scalar::Int(facings)),
            ("retail", Scalar::Float(retail)),
        ];
        made(office, &mut zhou, n, "sku_check", &answers, &more);
        acted(office, &mut zhou, id(n), "record", "draft", &[], "recorded");
    }
    // A draft counts nowhere.
    let draft = [("store", second.as_str()), ("sku", two.as_str())];
    made(office, &mut zhou, 24, "sku_check", &draft, &[]);
    zhou
}

#[tokio::test]
async fn e7_e9_distribution_and_compliance_by_type_of_store() {
    let office = Office::new();
    let _zhou = checked(&office);
    let mut boss = supervisor(&office).await;
    let page = boss.get("/reports/sku_check/distribution").await.body;
    assert_eq!(
        rows(&page),
        [
            ["Hypermarket", "50 % (1/2)", "2", "100 % (2/2)", "50 % (1/2)", "50 % (1/2)", "50 % (1/2)"],
            ["Supermarket", "100 % (1/1)", "1", "100 % (1/1)", "100 % (1/1)", "100 % (1/1)", "100 % (1/1)"],
        ]
    );
    assert!(page.contains("records: 3"), "the draft is none of them: {page}");
    // The type is the store's: when that changes, the check counts elsewhere.
    imported(&office, "store", "code", "code,label,store_type\nS0002,青泥洼桥店,convenience\n");
    let groups = report(&mut boss, "sku_check/distribution").await;
    assert_eq!(
        groups.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(),
        ["Convenience store", "Hypermarket"]
    );
}

#[tokio::test]
async fn e10_prices_within_their_bands_by_product() {
    let office = Office::new();
    let _zhou = checked(&office);
    let mut boss = supervisor(&office).await;
    let one = ["One", "50 % (1/2)", "2", "12", "10", "12", "–"];
    let two = ["Two", "100 % (1/1)", "1", "5", "", "", "–"];
    assert_eq!(report(&mut boss, "sku_check/prices").await, [one, two]);
}

#[tokio::test]
async fn l5_attendance_and_callbacks_by_event() {
    let office = Office::new();
    publish_folder(&office, "daily-routine");
    publish_folder(&office, "family-event");
    let (mut boss, mut li) = (office.phone(BOSS), office.phone("李娜"));
    let leader = boss.person.to_string();
    let event = [
        ("label", "小小牙医"),
        ("date", "2026-11-23"),
        ("begins", "10:30"),
        ("venue", "某诊所"),
        ("leader", leader.as_str()),
    ];
    made(&office, &mut boss, 1, "event", &event, &[]);
    acted(&office, &mut boss, id(1), "invite", "planned", &[], "inviting");
    let of = id(1).to_string();
    for n in 11..15 {
        let family = [("event", of.as_str()), ("label", "家庭"), ("phone", "1")];
        let more = [("children", Scalar::Int(1)), ("adults", Scalar::Int(2))];
        made(&office, &mut li, n, "family", &family, &more);
        acted(&office, &mut li, id(n), "call", "draft", &[("answer", "来")], "draft");
        acted(&office, &mut li, id(n), "enrol", "draft", &[], "enrolled");
    }
    acted(&office, &mut li, id(11), "arrive", "enrolled", &[], "came");
    acted(&office, &mut li, id(12), "arrive_late", "enrolled", &[], "came_late");
    acted(&office, &mut li, id(13), "miss", "enrolled", &[("reason", "发烧")], "absent");
    let back = [("satisfaction", "very"), ("needs", "教育金")];
    acted(&office, &mut li, id(11), "call_back", "came", &back, "called_back");
    let mut browser = supervisor(&office).await;
    let row = report(&mut browser, "family/attendance").await;
    assert_eq!(row.len(), 1);
    assert!(row[0][0].contains("小小牙医"), "{row:?}");
    assert_eq!(row[0][1..], ["50 % (2/4)", "4", "25 % (1/4)", "50 % (1/2)"]);
}

/// Two finished audits of the first store, of which one is not as it should be.
pub fn audited(office: &Office, li: &mut Phone, first: u64) {
    let version = {
        let rules = Rules::load(&*office.db.read(office.team).unwrap()).unwrap();
        rules.catalogue.kind("audit").unwrap().version
    };
    let store = coded(li, "store", "S0001");
    for (n, visible) in [(first, "y"), (first + 1, "n")] {
        let answers = [
            ("_store", store.as_str()),
            ("region", "中山区"),
            ("store", "S0001"),
            ("checkin", "38.9201 121.6442 0 10"),
            ("step2/visible", visible),
            ("step2/fix_owner", "李娜"),
            ("step2/fix_due", "2026-11-30"),
            ("step2/traffic", "y"),
            ("step2/shelf_photo", "photo.jpg"),
            ("sku/abcdefghijklm/@ord", "a"),
            ("sku/abcdefghijklm/code", "6901234567890"),
            ("sku/abcdefghijklm/price", "11"),
            ("sku/abcdefghijklm/tag", "ok"),
        ];
        made(office, li, n, "audit", &answers, &[("@pack", Scalar::Int(version.into()))]);
        acted(office, li, id(n), "finish", "filling", &[], "finished");
    }
}

#[tokio::test]
async fn e5_audit_scores_by_type_of_store() {
    let office = Office::new();
    let mut li = visited(&office);
    publish_folder(&office, "shelf-audit");
    audited(&office, &mut li, 31);
    let scores = {
        let rows = office.db.read(office.team).unwrap().records(&[id(31), id(32)]).unwrap();
        let score = |row: &crate::storage::records::RecordRow| {
            let projection: rounds_workflow::Projection =
                rounds_model::canonical::decode(&row.projection).unwrap();
            projection.data["score"].to_string().parse::<f64>().unwrap()
        };
        rows.iter().map(score).collect::<Vec<_>>()
    };
    assert!(scores.contains(&100.0) && scores.iter().any(|score| *score < 100.0), "{scores:?}");
    let good = scores.iter().filter(|score| **score >= 60.0).count();
    let mean = format!("{:.2}", (scores[0] + scores[1]) / 2.0);
    let mean = mean.trim_end_matches('0').trim_end_matches('.').to_owned();
    let mut boss = supervisor(&office).await;
    let row =
        vec!["Hypermarket".to_owned(), format!("{} % ({good}/2)", good * 50), "2".into(), mean, "1".into()];
    assert_eq!(report(&mut boss, "audit/scores").await, [row]);
}

/// A goal sheet of the week of this Monday, handed in now.
pub fn sheet(office: &Office, phone: &mut Phone, n: u64, week: &str, goals: &str) {
    let duties = ["market", "relations", "service", "issues", "check", "training", "summary"];
    let keys = duties.map(|duty| (format!("duty_{duty}"), format!("{duty} {goals}")));
    let mut answers: Vec<(&str, &str)> =
        keys.iter().map(|(key, said)| (key.as_str(), said.as_str())).collect();
    answers.extend([("week", week), ("next_goals", goals)]);
    made(office, phone, n, "week_plan", &answers, &[]);
    acted(office, phone, id(n), "submit", "draft", &[], "submitted");
}

#[tokio::test]
async fn d6_a_sheet_counts_in_the_week_that_it_is_of_and_who_handed_in_nothing_is_named() {
    let office = Office::new();
    publish_folder(&office, "daily-routine");
    let (mut li, mut wang) = (office.phone("李娜"), office.phone("王芳"));
    // One has gone, and one is led by nobody here.
    office.phone("孙丽");
    office.invite("周敏", "rep", None);
    crate::admin::team::revoke_person(
        &office.db,
        office.team,
        "孙丽",
        crate::admin::leaving::Heir::Office,
        NOW,
    )
    .unwrap();
    // On Monday the 23rd for the week before; and already for this one.
    sheet(&office, &mut li, 41, "2026-11-16", "late");
    sheet(&office, &mut li, 42, "2026-11-23", "early");
    let draft = [("week", "2026-11-16"), ("next_goals", "a draft")];
    made(&office, &mut wang, 43, "week_plan", &draft, &[]);
    let mut boss = supervisor(&office).await;
    let all = |goals: &str, week: &str| {
        let said = |duty: &str| format!("{duty} {goals}");
        let duties = ["market", "relations", "service", "issues", "check", "training", "summary"].map(said);
        let mut row = vec!["李娜".to_owned(), "0 % (0/1)".into(), week.into()];
        row.extend(duties);
        row.push(goals.to_owned());
        row
    };
    let missing = ["王芳", "Nothing handed in"].map(str::to_owned).to_vec();
    let page = boss.get("/reports/week_plan/goal_sheet").await.body;
    assert_eq!(rows(&page), [all("early", "2026-11-23"), missing.clone()]);
    assert!(
        page.contains("Not handed in by: 1") && page.contains("from=2026-11-16&#38;to=2026-11-22"),
        "{page}"
    );
    // Any day of a week is that week.
    for day in ["2026-11-16", "2026-11-20", "2026-11-22"] {
        let path = format!("week_plan/goal_sheet?from={day}&to=2026-12-31");
        assert_eq!(report(&mut boss, &path).await, [all("late", "2026-11-16"), missing.clone()], "{day}");
    }
    let empty = report(&mut boss, "week_plan/goal_sheet?from=2026-11-02").await;
    assert_eq!(empty, [vec!["李娜".to_owned(), "Nothing handed in".into()], missing]);
}

#[test]
fn what_a_report_leaves_out_is_counted() {
    let office = Office::new();
    let _zhou = checked(&office);
    let view = office.db.read(office.team).unwrap();
    let rules = Rules::load(&*view).unwrap();
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
    let within = |groups: usize| Within {
        scopes: None,
        from: day("2026-11-23"),
        to: day("2026-11-23"),
        made: (NOW - 86_400_000, NOW),
        groups,
    };
    let told = |figures: &Figures, groups: usize| {
        let told = figures.tabulate(&*view, &rules, "sku_check", "prices", &within(groups)).unwrap().unwrap();
        (told.table.rows.len(), told.table.records, told.table.left_out, told.unread)
    };
    let kept = Figures::default();
    assert_eq!(told(&kept, 10), (2, 3, 0, 0));
    let (first, rest) = (told(&kept, 1).1, told(&kept, 1).2);
    assert_eq!((first + rest, told(&kept, 1).0), (3, 1));
    // Of more records than are kept, the oldest are looked at, and it says of how many it says nothing.
    assert_eq!(told(&Figures::new(3), 10), (2, 3, 0, 1), "three checks and a draft");
    assert_eq!(told(&Figures::new(2), 10), (1, 2, 0, 2));
    assert_eq!(told(&Figures::new(4), 10), told(&kept, 10));
}

#[tokio::test]
async fn a_choice_is_found_by_its_words_in_either_language() {
    let office = Office::new();
    let _zhou = checked(&office);
    let mut boss = supervisor(&office).await;
    for (q, found) in
        [("%E8%85%B0%E9%83%A8", 2), ("waist+eye", 2), ("Above", 1), ("%E9%AB%98%E4%BA%8E", 1), ("Below", 0)]
    {
        let page = boss.get(&format!("/kinds/sku_check?stage=recorded&q={q}")).await;
        assert_eq!(page.body.matches("data-test=\"record\"").count(), found, "{q}");
    }
}

#[tokio::test]
async fn a_wall_shows_the_photos_of_one_question() {
    let office = Office::new();
    let mut li = visited(&office);
    let (seen, other) = ([5; 32], [6; 32]);
    let hash = rounds_model::ids::BlobHash(seen).to_string();
    let photo = [PLACE, ("photo", hash.as_str())];
    acted(&office, &mut li, doc(1), "check_in", "planned", &photo, "in_store");
    let mut tx = office.db.write(office.team).unwrap();
    for hash in [seen, other].map(rounds_model::ids::BlobHash) {
        let media = "image/jpeg".to_owned();
        tx.put_blob(&crate::storage::blobs::BlobRow { hash, size: 9, media, received: NOW }).unwrap();
        tx.put_blob_doc(doc(1), &hash, li.device, NOW).unwrap();
    }
    tx.commit().unwrap();
    let mut boss = supervisor(&office).await;
    let unknown = boss.get("/kinds/visit/photos?question=%40check_out%2Fphoto").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST, "{}", unknown.body);
    for (question, photos) in [("", 2), ("%40check_in%2Fphoto", 1)] {
        let page = boss.get(&format!("/kinds/visit/photos?question={question}")).await.body;
        assert_eq!(page.matches("data-test=\"photo\"").count(), photos, "{question}: {page}");
        assert!(page.contains("value=\"@check_in/photo\"") || page.contains("&#38;"), "{page}");
        assert!(page.contains("Check in · Photo of the store"), "{page}");
    }
}

#[tokio::test]
async fn e7_a_list_of_the_pack_has_its_columns_its_order_and_only_its_records() {
    let office = Office::new();
    let mut li = visited(&office);
    let (first, second) = (coded(&li, "store", "S0001"), coded(&li, "store", "S0002"));
    for (n, store, date) in [(61, &second, "2026-11-25"), (62, &first, "2026-11-24")] {
        let visit = [("store", store.as_str()), ("date", date), ("contact", "王店长"), ("purpose", "x")];
        made(&office, &mut li, n, "visit", &visit, &[]);
    }
    acted(&office, &mut li, doc(1), "check_in", "planned", &[PLACE], "in_store");
    acted(&office, &mut li, doc(1), "check_out", "in_store", &[], "done");
    let mut boss = supervisor(&office).await;
    let page = boss.get("/kinds/visit?list=to_come").await.body;
    let listed = |page: &str| {
        let rows = page.split("data-test=\"record\" data-doc=\"").skip(1);
        rows.map(|row| row.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // By day, and not what is done; the list without it has all four.
    assert_eq!(listed(&page), [doc(2), id(62), id(61)].map(|id| id.to_string()));
    assert_eq!(listed(&boss.get("/kinds/visit").await.body).len(), 4);
    // A file of it is the list as it stands there.
    assert!(page.contains("/kinds/visit/export.csv?list=to_come"), "{page}");
    let file = boss.get("/kinds/visit/export.csv?list=to_come").await.body;
    let ids: Vec<&str> = file.lines().skip(1).map(|row| row.rsplit(',').next().unwrap()).collect();
    assert_eq!(ids, [doc(2), id(62), id(61)].map(|id| id.to_string()));
    for (head, value) in [("Date", "2026-11-24"), ("Whom to meet", "王店长")] {
        assert!(
            page.contains(&format!(">{head}</th>")) || page.contains(&format!("data-label=\"{head}\"")),
            "{head}: {page}"
        );
        assert!(page.contains(&format!(">{value}</td>")), "{value}: {page}");
    }
    assert!(page.contains("data-test=\"list\"") && page.contains("name=\"list\" value=\"to_come\""));
    // A choice is shown by its words.
    let stores = boss.get("/kinds/store?list=by_region").await.body;
    assert!(stores.contains(">Hypermarket</td>") && stores.contains(">中山区</td>"), "{stores}");
}
