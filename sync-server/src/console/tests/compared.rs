//! What a pack changes, before it is published: nothing that it can say is "no change".

use super::browser::{Answer, Browser};
use super::real::supervisor;
use crate::admin::by::By;
use crate::admin::{Trouble, publish, tables};
use crate::testing::{NOW, Office};
use axum::http::StatusCode;
use rounds_model::text::Lang;
use rounds_workflow::Bundle;
use std::io::Write;

const PACK: &str = r#"
id = "inspection"
version = 1
title = { zh = "巡检", en = "Inspection" }
[kinds.inspection]
title = { zh = "巡检", en = "Inspection" }
plural = { zh = "巡检", en = "Inspections" }
scope = "owner"
rule = "E.9"
form = "forms/f.md"
create = ["rep"]
initial = "draft"
fields = [
    { name = "_store", type = "text", title = { zh = "门店", en = "Store" }, hint = { zh = "全称", en = "Its whole name" }, required = true, constraint = "string-length(.) > 1", message = { zh = "太短", en = "Too short." } },
    { name = "_why", type = "text", title = { zh = "为何", en = "Why" }, relevant = "${_store} = 'x'" },
]
display = { title = { zh = "${_store}", en = "${_store}" } }
stages = { draft = { title = { zh = "填写中", en = "Draft" } }, done = { title = { zh = "完成", en = "Done" } } }
write = [{ stages = ["draft"], roles = ["rep"], fields = ["*"] }]
[kinds.inspection.acts.finish]
title = { zh = "完成", en = "Finish" }
from = ["draft"]
to = "done"
roles = ["rep"]
[[kinds.inspection.acts.finish.guards]]
require = "${_store} != ''"
code = "no-store"
reason = { zh = "没有门店。", en = "There is no store." }
remedy = { zh = "请填写。", en = "Say which." }
"#;

const FORM: &str = "
| survey | | | | | | | |
| | type | name | label | hint | required | relevant | constraint |
| | select_one yn | clean | Clean floor | Look closely | yes | | |
| | integer | fridges | Fridges | | | ${clean} = 'y' | . < 5 |
| choices | | | |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
";

const TABLE: &str = "name,value\nmax,5\nmin,1\n";

fn bundle(pack: &str, form: &str, table: &str) -> Bundle {
    let files = [("pack.toml", pack), ("forms/f.md", form), ("tables/numbers.csv", table)];
    Bundle::new(files.map(|(name, text)| (name, text.as_bytes().to_vec()))).unwrap()
}

async fn looked_at(browser: &mut Browser, pack: &str, form: &str, table: &str) -> Answer {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for (name, text) in [("pack.toml", pack), ("forms/f.md", form), ("tables/numbers.csv", table)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let csrf = browser.get("/templates").await.token();
    let page =
        browser.upload("/templates/check", &[("csrf", &csrf), ("kind", "")], ("pack.zip", &bytes)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(!page.body.contains("data-test=\"problems\""), "{}", page.body);
    page
}

/// The differences on a page, without its tags.
fn differences(page: &Answer) -> Vec<String> {
    let part = page.body.split_once("data-test=\"changes\"").unwrap().1.split_once("</section>").unwrap().0;
    let plain = |html: &str| {
        let mut text = String::new();
        for piece in html.split('<') {
            text.push_str(piece.split_once('>').map_or(piece, |(_, rest)| rest));
        }
        text.replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'").trim().to_owned()
    };
    part.split("data-test=\"change\">")
        .skip(1)
        .map(|one| plain(&format!(">{}", one.split("</li>").next().unwrap())))
        .collect()
}

/// The same as a version that comes after.
fn second(pack: &str) -> String {
    pack.replacen("version = 1", "version = 2", 1)
}

async fn published() -> (Office, Browser) {
    let office = Office::new();
    publish::publish(&office.db, office.team, &bundle(PACK, FORM, TABLE), false)
        .unwrap_or_else(|_| panic!("refused"));
    let browser = supervisor(&office).await;
    (office, browser)
}

#[tokio::test]
async fn a_guard_a_constraint_a_choice_a_role_and_a_row_are_changes() {
    let (_office, mut boss) = published().await;
    let newer = |pack: &str| pack.replace("version = 1", "version = 2");
    let same = looked_at(&mut boss, &newer(PACK), FORM, TABLE).await;
    assert_eq!(differences(&same), Vec::<String>::new());
    assert!(same.body.contains("Nothing is different.") && same.body.contains("Compared with version 1"));
    for (pack, form, table, told) in [
        (
            PACK.replace("require = \"${_store} != ''\"", "require = \"${_why} != ''\""),
            FORM.to_owned(),
            TABLE,
            "kinds › Inspection › acts › Finish › conditions › no-store › must hold${_store} != ''",
        ),
        (
            PACK.replace("string-length(.) > 1", "string-length(.) > 2"),
            FORM.into(),
            TABLE,
            "kinds › Inspection › questions › Store › what is allowedstring-length(.) > 1",
        ),
        (
            PACK.replace(
                "to = \"done\"\nroles = [\"rep\"]",
                "to = \"done\"\nroles = [\"rep\", \"supervisor\"]",
            ),
            FORM.into(),
            TABLE,
            "kinds › Inspection › acts › Finish › rolesrep",
        ),
        (PACK.into(), FORM.replace(". < 5", ". < 9"), TABLE, "Inspection › Fridges › what is allowed. < 5"),
        (
            PACK.into(),
            FORM.replace("${clean} = 'y'", "${clean} = 'n'"),
            TABLE,
            "Inspection › Fridges › when it is asked${clean} = 'y'",
        ),
        (
            PACK.into(),
            FORM.replace("| yes |", "| |"),
            TABLE,
            "Inspection › Clean floor › whether it must be answered",
        ),
        (
            PACK.into(),
            FORM.replace("| n | No |", "| n | Not at all |"),
            TABLE,
            "Inspection › list of choices “yn” › what can be chosen",
        ),
        (PACK.into(), FORM.into(), "name,value\nmax,7\nmin,1\n", "tables/numbers.csv › max › value5 → 7"),
    ] {
        let page = looked_at(&mut boss, &newer(&pack), &form, table).await;
        let found = differences(&page);
        assert!(found.len() == 1 && found[0].starts_with(told), "{told}: {found:?}");
    }
    let pack = newer(PACK).replace("{ name = \"_why\"", "{ name = \"_what\"");
    let rows = "name,value\nmax,5\nmean,3\n";
    let page = looked_at(&mut boss, &pack, FORM, rows).await;
    let mut found = differences(&page);
    found.sort();
    assert_eq!(
        found,
        [
            "+ kinds › Inspection › questions › Why",
            "+ tables/numbers.csv: mean, 3",
            "− kinds › Inspection › questions › Why",
            "− tables/numbers.csv: min, 1",
        ]
    );
}

/// R.6: what is looked at is what is published.
#[tokio::test]
async fn r6_a_new_version_is_looked_at_with_the_companys_own_tables_in_it() {
    let (office, mut boss) = published().await;
    let same = looked_at(&mut boss, PACK, FORM, TABLE).await.body;
    assert!(same.contains("data-test=\"same\"") && !same.contains("data-test=\"go\""), "{same}");
    let put = |csv: &str| {
        let table = ("inspection", "numbers", csv.as_bytes());
        tables::put_table(&office.db, office.team, By::server(), table, false, NOW)
            .unwrap_or_else(|_| panic!())
    };
    put("name,value\nmax,9\nmin,1\n");
    // The second is theirs by now: what is delivered as the second becomes the third, with their table.
    let page = looked_at(&mut boss, &second(PACK), &FORM.replace("Fridges", "Freezers"), TABLE).await;
    let found = differences(&page);
    assert!(found.len() == 1 && found[0].contains("Freezers"), "{found:?}");
    assert!(page.body.contains("Inspection · version 3"), "{}", page.body);
    let own = page.body.split_once("data-test=\"own-tables\"").expect("they are told").1;
    assert!(own.split_once("</section>").unwrap().0.contains("numbers") && own.contains("data-test=\"go\""));

    // A version without the table says so, and one that needs other columns says whose table it is.
    let gone = [("pack.toml", second(PACK)), ("forms/f.md", FORM.to_owned())];
    let gone = Bundle::new(gone.map(|(name, text)| (name, text.into_bytes()))).unwrap();
    let done = publish::publish(&office.db, office.team, &gone, true).unwrap_or_else(|_| panic!());
    assert_eq!((done.dropped, done.laid), (vec!["numbers".to_owned()], vec![]));
    let needs = second(PACK).replace("${_store} != ''", "pulldata('numbers', 'limit', 'name', 'max') > 1");
    let needs = bundle(&needs, FORM, "name,limit\nmax,5\n");
    let Err(Trouble::Refused(why)) = publish::publish(&office.db, office.team, &needs, true) else {
        panic!()
    };
    let first = why[0].say(Lang::En);
    assert!(first.contains("company's own") && first.contains(": numbers."), "{first}");
    assert!(why.len() > 1 && why[1].say(Lang::En).contains("limit"), "what is wrong with it");
    // What it says to do helps.
    let mut adapted = needs.clone();
    let manifest = std::str::from_utf8(needs.file("pack.toml").unwrap()).unwrap();
    let own = "delivered = 2\ntables = [\"tables/numbers.csv\"]\n";
    assert!(own.lines().all(|line| first.contains(line)), "{first}");
    for (name, text) in [
        ("pack.toml", manifest.replace("version = 2", "version = 3")),
        ("tables/numbers.csv", "name,limit\nmax,9\n".to_owned()),
        (tables::OWN, own.to_owned()),
    ] {
        adapted.files.insert(name.to_owned(), text.into_bytes().into());
    }
    let done = publish::publish(&office.db, office.team, &adapted, true).unwrap_or_else(|_| panic!());
    assert_eq!((done.new, done.version), (true, 3));
}

#[tokio::test]
async fn a_preview_says_what_is_asked_when_and_what_an_answer_must_be() {
    let (_office, mut boss) = published().await;
    let page = boss.get("/templates/inspection").await.body;
    let asked = |label: &str| {
        let part = page.split("data-test=\"asked\"").find(|part| part.contains(&format!("<dt>{label}<")));
        part.unwrap_or_else(|| panic!("no {label} in {page}")).to_owned()
    };
    let store = asked("Store");
    for part in ["Its whole name", "Must be answered.", "Too short.", "string-length(.) &#62; 1"] {
        assert!(store.contains(part), "{part}: {store}");
    }
    assert!(asked("Why").contains("${_store} = &#39;x&#39;") && !asked("Why").contains("Must be answered"));
    let clean = asked("Clean floor");
    assert!(clean.contains("Look closely") && clean.contains("Must be answered."), "{clean}");
    let fridges = asked("Fridges");
    assert!(fridges.contains(". &#60; 5") && fridges.contains("${clean} = &#39;y&#39;"), "{fridges}");
}
