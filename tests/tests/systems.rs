//! A journey through each of the first systems with real processes: phones without a network, a server,
//! and whoever decides.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use chrono::{Days, NaiveDate};
use rounds_tests::day::cast::Cast;
use rounds_tests::day::field::find;
use rounds_tests::day::packs;
use rounds_tests::phone::{Phone, text};
use serde_json::Value;

struct Team {
    cast: Cast,
    folder: tempfile::TempDir,
    li: Phone,
    zhang: Phone,
    boss: Phone,
}

fn team() -> Team {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let phone = |person: &str, role: &str| enrolled(&cast, folder.path(), person, role);
    let (li, zhang, boss) = (phone("李娜", "rep"), phone("张伟", "rep"), phone("王芳", "supervisor"));
    Team { cast, folder, li, zhang, boss }
}

fn enrolled(cast: &Cast, folder: &std::path::Path, person: &str, role: &str) -> Phone {
    let led: &[&str] = if role == "supervisor" { &[] } else { &["--led-by", "王芳"] };
    let args = [&["invite", "--person", person, "--role", role], led].concat();
    let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
    if role == "rep" {
        cast.serve(&[person]).unwrap();
    }
    let phone = Phone::new(&folder.join(person));
    phone.json(&["enrol", &cast.server.url(), &code]).unwrap();
    phone.json(&["sync"]).unwrap();
    phone
}

impl Team {
    fn admin(&self, args: &[&str]) -> Value {
        self.cast.server.admin_json(args).unwrap()
    }

    fn person(&self, name: &str) -> String {
        let people = self.admin(&["people"]);
        text(people.as_array().unwrap().iter().find(|p| p["name"] == name).unwrap(), "id").unwrap()
    }

    /// Both reps hold what the server says that they hold, and all of it follows from its contents.
    fn all_agree(&self) {
        for (phone, person) in [(&self.li, "李娜"), (&self.zhang, "张伟")] {
            sync(&[phone]);
            phone.json(&["verify"]).unwrap();
            let theirs = self.admin(&["digest", "--person", person]);
            assert_eq!(phone.json(&["digest"]).unwrap(), theirs, "{person}");
        }
        assert_eq!(self.cast.server.admin(&["verify"]).unwrap().code, 0);
    }
}

fn sync(phones: &[&Phone]) {
    for phone in phones {
        phone.json(&["sync"]).unwrap();
    }
}

/// The team's today, so many days on.
fn day(phone: &Phone, shift: i64) -> String {
    let today: NaiveDate = text(&phone.json(&["today"]).unwrap(), "day").unwrap().parse().unwrap();
    let days = Days::new(shift.unsigned_abs());
    (if shift < 0 { today - days } else { today + days }).to_string()
}

fn act(phone: &Phone, record: &str, name: &str, payload: &[&str]) {
    phone.json(&[&["act", record, name], payload].concat()).unwrap();
}

fn stage(phone: &Phone, record: &str) -> String {
    text(&phone.json(&["show", record]).unwrap()["stage"], "name").unwrap()
}

fn last(phone: &Phone, record: &str) -> Value {
    phone.json(&["show", record]).unwrap()["done"].as_array().unwrap().last().unwrap().clone()
}

fn rows(found: &Value) -> Vec<String> {
    found["rows"].as_array().unwrap().iter().map(|row| text(row, "title").unwrap()).collect()
}

const PREPARED: &str = "prepared=appointments written_plan area papers goods tools mindset";
const PLACE: &str = "place=38.92012 121.64431 0 12";

#[test]
fn d9_e1_visits_begin_with_an_approved_plan_and_end_with_what_is_left_over() {
    let team = team();
    let (li, zhang, boss) = (&team.li, &team.zhang, &team.boss);
    let (today, later) = (day(li, 0), day(li, 5));
    let store = find(li, "中山广场").unwrap();
    let at = [format!("store={store}"), format!("date={today}")];
    let plan = li.create("day_plan", &[&at[1], "goals=三家店", "plan=中山广场，见店长", PREPARED]).unwrap();
    act(li, &plan, "submit", &[]);
    let visit = li.create("visit", &[&at[0], &at[1], &format!("plan={plan}")]).unwrap();
    let refused = li.fails(3, &["act", &visit, "check_in", PLACE]).unwrap();
    assert_eq!((&refused["code"], &refused["rule"]), (&"plan-not-approved".into(), &"D.9".into()));
    let waiver = text(&boss.json(&["list", "plan_duty"]).unwrap()["rows"][0], "id").unwrap();
    // Zhang's team is excused from plans when he checks in; by the time he syncs it no longer is: he began rightly.
    let before = zhang.create("visit", &[&at[0], &at[1]]).unwrap();
    act(zhang, &before, "check_in", &[PLACE]);
    let without = zhang.create("visit", &[&at[0], &at[1]]).unwrap();
    sync(&[li, boss]);
    act(boss, &plan, "approve", &[]);
    act(boss, &waiver, "introduce", &[]);
    // He cannot know of it, but it had ended before he began this one.
    act(zhang, &without, "check_in", &[PLACE]);
    sync(&[boss, li, zhang]);
    assert_eq!(last(zhang, &before)["state"], "accepted");
    let refused = last(zhang, &without);
    assert_eq!(
        (&refused["state"], &refused["reason"]["code"]),
        (&"blocked".into(), &"plan-not-approved".into())
    );

    // From here on without a network.
    act(li, &visit, "check_in", &[PLACE]);
    let person = team.person("李娜");
    let (who, due) = (format!("responsible={person}"), format!("due={later}"));
    let task = li.create("task", &["issue=店长要新海报", &at[0], &who, &due]).unwrap();
    act(li, &task, "assign", &[]);
    act(li, &visit, "check_out", &[]);
    sync(&[li]);
    assert_eq!(last(li, &visit)["state"], "accepted");
    let left = li.json(&["find", "task", "left_over", &format!("at={store}")]).unwrap();
    assert_eq!(rows(&left), ["店长要新海报"]);
    team.all_agree();
}

#[test]
fn j1_j2_j3_from_a_lead_to_the_callback() {
    let team = team();
    let (li, boss) = (&team.li, &team.boss);
    let client = li.create("client", &["name=大连某公司"]).unwrap();
    let today = day(li, 0);
    let link = format!("client={client}");
    let deal = li.create("deal", &[&link, "subject=办公用品", "source=fair", "callback_within=3"]).unwrap();
    let refused = li.fails(3, &["act", &deal, "plan"]).unwrap();
    assert_eq!((&refused["code"], &refused["rule"]), (&"customer-not-known".into(), &"J.1".into()));
    let met = format!("meeting_day={today}");
    li.json(&[
        "answer",
        &deal,
        "background=五十人",
        "needs=每月送货",
        "visit_plan=带样品",
        &met,
        "meeting_time=10:00",
    ])
    .unwrap();
    act(li, &deal, "plan", &[]);
    act(li, &deal, "meet", &["presented=样品", "solved=账期"]);
    act(li, &deal, "confirm", &["intent=想试三个月"]);
    act(li, &deal, "quote", &["policy=2026", "amount=3600", "items=三个月"]);
    sync(&[li, boss]);
    act(boss, &deal, "check", &["accurate=true", "complete=true"]);
    sync(&[boss, li]);
    li.fails(3, &["act", &deal, "settle", "details=月结", "total=3000"]).unwrap();
    act(li, &deal, "settle", &["details=月结", "total=3600"]);
    act(li, &deal, "sign", &["contract_no=HT1"]);
    act(li, &deal, "deliver", &["received_by=王", &format!("on={today}")]);
    act(li, &deal, "call_back", &["result=满意"]);
    act(li, &deal, "close", &[]);
    sync(&[li, boss]);
    assert_eq!(stage(boss, &deal), "closed");
    team.all_agree();
}

#[test]
fn l1_l4_two_phones_enrol_offline_and_one_family_waits_until_the_callback() {
    let team = team();
    let (li, zhang, boss) = (&team.li, &team.zhang, &team.boss);
    let (today, leader) = (day(li, 0), team.person("王芳"));
    let answers = [
        "label=小小牙医",
        &format!("date={today}"),
        "begins=23:59",
        "venue=某诊所",
        &format!("leader={leader}"),
    ];
    let event = boss.create("event", &answers).unwrap();
    act(boss, &event, "invite", &[]);
    sync(&[boss, li, zhang]);
    let link = format!("event={event}");
    let family = |phone: &Phone, name: &str, children: u32| {
        let answers =
            [&link, &format!("label={name}"), "phone=1", &format!("children={children}"), "adults=2"];
        let family = phone.create("family", &answers).unwrap();
        act(phone, &family, "call", &["answer=来"]);
        act(phone, &family, "enrol", &[]);
        family
    };
    let (first, second) = (family(li, "李家", 12), family(zhang, "张家", 9));
    assert_eq!(stage(zhang, &second), "enrolled", "as far as this phone knows");
    sync(&[li, zhang]);
    let waits = last(zhang, &second);
    assert_eq!((&waits["state"], &waits["reason"]["rule"]), (&"turned".into(), &"L.1".into()), "{waits}");
    assert_eq!(stage(zhang, &second), "waitlisted");
    act(li, &first, "arrive", &[]);
    act(li, &first, "call_back", &["satisfaction=very", "needs=牙套"]);
    sync(&[li]);
    assert_eq!(stage(li, &first), "called_back");
    // A phone may lack families, so that it waits; the server has all of them, and says no.
    act(boss, &event, "hold", &[]);
    sync(&[boss]);
    let refused = last(boss, &event);
    assert_eq!(
        (&refused["state"], &refused["reason"]["rule"]),
        (&"blocked".into(), &"L.1".into()),
        "{refused}"
    );
    assert_eq!(refused["reason"]["code"], "too-few-families");
    assert_eq!(stage(boss, &event), "inviting");
    team.all_agree();
}

/// O.2: what stands in which tab, and one of them alone.
fn o2_four_tabs(phone: &Phone, application: &str) {
    let shown = phone.json(&["show", application]).unwrap();
    let tabs = shown["tabs"].as_array().unwrap();
    let names: Vec<_> = tabs.iter().map(|tab| tab["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["choose", "submit", "results", "reprint"]);
    assert_eq!(tabs[0]["questions"], serde_json::json!(["policy", "item"]));
    assert_eq!(tabs[0]["finders"][0]["name"], "by_number");
    let all: usize = tabs.iter().map(|tab| tab["questions"].as_array().unwrap().len()).sum();
    assert_eq!(all, shown["questions"].as_array().unwrap().len(), "each question stands in one");
    let alone = phone.json(&["show", application, "--tab", "choose"]).unwrap();
    assert_eq!(alone["questions"].as_array().unwrap().len(), 2);
    let plain = phone.in_chinese().run_plain(&["show", application]).unwrap();
    let titles =
        ["选择服务", "保单", "提交变更", "查询结果", "电子申请书补打"].map(|title| plain.find(title));
    assert!(titles.iter().all(Option::is_some) && titles.is_sorted(), "{titles:?} {plain}");
}

#[test]
fn o3_o5_o9_o14_a_package_from_the_abbreviated_number_to_the_endorsement() {
    let team = team();
    let (li, zhang, boss) = (&team.li, &team.zhang, &team.boss);
    team.admin(&["grant", "--person", "李娜", "--area", "大连"]);
    let clerk = enrolled(&team.cast, team.folder.path(), "赵敏", "clerk");
    team.admin(&["grant", "--person", "赵敏", "--area", "大连"]);
    sync(&[li, zhang]);
    let kinds = li.json(&["kinds"]).unwrap();
    let policies = kinds.as_array().unwrap().iter().find(|kind| kind["name"] == "policy").unwrap().clone();
    assert_eq!(policies["finders"][0]["asks"][0], "typed", "{policies}");
    assert_eq!(li.fails(2, &["find", "policy", "by_magic"]).unwrap()["code"], "finder-unknown");
    let found = li.json(&["find", "policy", "by_number", "typed=P1000123"]).unwrap();
    assert_eq!(rows(&found), ["P10000000123"]);
    let policy = text(&found["rows"][0], "id").unwrap();
    let package = li.create("package", &["customer=孙敏"]).unwrap();
    let about = [format!("policy={policy}"), format!("package={package}")];
    let mine =
        li.create("application", &[&about[0], &about[1], "item=contact_change", "branch=大连"]).unwrap();
    let other = zhang.create("application", &[&about[0], "item=other"]).unwrap();
    o2_four_tabs(zhang, &other);
    act(li, &mine, "submit", &[]);
    act(li, &package, "submit", &[]);
    act(zhang, &other, "submit", &[]);
    sync(&[li, zhang]);
    let refused = last(zhang, &other);
    assert_eq!((&refused["state"], &refused["reason"]["rule"]), (&"blocked".into(), &"O.14".into()));
    let refused = li.fails(3, &["act", &mine, "hand_over"]).unwrap();
    assert_eq!((&refused["code"], &refused["rule"]), (&"not-printed".into(), &"O.10".into()));
    o10_the_form_is_printed(&team, &mine, &other);
    sync(&[li, &clerk]);
    assert_eq!(last(&clerk, &mine)["name"], "print");
    act(li, &mine, "hand_over", &[]);
    sync(&[li, &clerk]);
    o8_it_is_printed_again(&team, &clerk, &mine, &package);
    let today = day(li, 0);
    let span = |from: i64| format!("from={}", day(li, from));
    let results = |from: i64| {
        ["find".to_owned(), "application".into(), "results".into(), span(from), format!("to={today}")]
    };
    let words = results(-70);
    let refused = li.fails(3, &words.each_ref().map(String::as_str)).unwrap();
    assert_eq!((&refused["code"], &refused["rule"]), (&"query-span-too-long".into(), &"O.6".into()));
    let words = results(-1);
    assert_eq!(rows(&li.json(&words.each_ref().map(String::as_str)).unwrap()).len(), 1);
    sync(&[li, &clerk]);
    act(&clerk, &mine, "scan", &[]);
    sync(&[&clerk, li, boss]);
    assert_eq!(stage(li, &mine), "scanned");
    team.all_agree();
}

/// What poppler reads on a paper.
fn paper(file: &std::path::Path) -> String {
    let read = std::process::Command::new("pdftotext").arg("-raw").arg(file).arg("-").output().unwrap();
    assert!(read.status.success() && read.stderr.is_empty(), "{read:?}");
    String::from_utf8(read.stdout).unwrap()
}

/// The reminder and the mark beside the record stand until it is printed, on every phone.
fn o10_the_form_is_printed(team: &Team, mine: &str, other: &str) {
    let li = team.li.in_chinese();
    let waits = || {
        let due = li.json(&["reminders"]).unwrap();
        let due = [&due["overdue"], &due["soon"]].map(|list| list.as_array().unwrap().clone()).concat();
        due.iter().filter(|due| due["print"] == "form" && due["rule"] == "O.10").count()
    };
    let marked = || {
        let badges = li.json(&["show", mine]).unwrap()["badges"].clone();
        badges.as_array().unwrap().iter().any(|badge| badge["state"] == "print")
    };
    assert!((waits(), marked()) == (1, true));
    assert!(li.run_plain(&["reminders"]).unwrap().contains("→ print --as form"));
    let file = team.folder.path().join("form.pdf");
    let to = file.to_str().unwrap();
    let no_font = team.folder.path().join("no-font");
    std::fs::write(&no_font, "This is no font.").unwrap();
    let refused = li.fails(2, &["print", mine, "--to", to, "--font", no_font.to_str().unwrap()]).unwrap();
    assert_eq!(refused["code"], "font-not-a-font");
    let latin = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
    let refused = li.fails(2, &["print", mine, "--to", to, "--font", latin]).unwrap();
    assert_eq!(refused["code"], "font-lacks");
    assert_eq!(li.fails(2, &["print", mine, "--to", to, "--as", "wat"]).unwrap()["code"], "paper-unknown");
    assert!(!file.exists() && waits() == 1);
    let refused = team.zhang.fails(3, &["print", other, "--to", to, "--as", "form"]).unwrap();
    assert_eq!((&refused["code"], &refused["rule"]), (&"print-not-now".into(), &"O.10".into()));

    let printed = li.json(&["print", mine, "--to", to]).unwrap();
    assert_eq!(
        (&printed["print"], &printed["pages"], &printed["remembered"]),
        (&"form".into(), &1.into(), &true.into())
    );
    let read = paper(&file);
    for said in [
        "电子申请书",
        "受理号：SL",
        "P10000000123",
        "联系方式变更",
        "申请人签字",
        "清单尚未导入",
        "第 1 页，共 1 页",
        "李娜打印",
        mine,
    ] {
        assert!(read.contains(said), "{said}: {read}");
    }
    assert!((waits(), marked()) == (0, false));
    // Nothing is written over.
    assert_eq!(li.fails(2, &["print", mine, "--to", to]).unwrap()["code"], "file-exists");
}

/// Later it is printed again, by whoever holds it, in their language; nothing is remembered of that.
fn o8_it_is_printed_again(team: &Team, clerk: &Phone, mine: &str, package: &str) {
    let again = team.folder.path().join("again.pdf");
    let printed = clerk.json(&["print", mine, "--as", "form", "--to", again.to_str().unwrap()]).unwrap();
    assert_eq!(printed["remembered"], false);
    assert!(paper(&again).contains("Application form"));
    let list = team.folder.path().join("list.pdf");
    team.li.in_chinese().json(&["print", package, "--to", list.to_str().unwrap()]).unwrap();
    let read = paper(&list);
    for said in ["申请包清单", "客户：孙敏", "P10000000123", "联系方式变更", "材料已递交"]
    {
        assert!(read.contains(said), "{said}: {read}");
    }
}

#[test]
fn a8_a_lapsed_policy_is_reinstated_by_back_payment_and_the_insurer() {
    let team = team();
    let li = &team.li;
    team.admin(&["grant", "--person", "李娜", "--area", "大连"]);
    let insurer = enrolled(&team.cast, team.folder.path(), "何静", "insurer");
    team.admin(&["grant", "--person", "何静", "--area", "大连"]);
    let products = packs().join("policy-premium/tables/products.csv");
    team.admin(&["import", "product", products.to_str().unwrap(), "--key", "label"]);
    sync(&[li]);
    let (policy, product) = (find(li, "P10000000123").unwrap(), "护身福");
    let listed = li.json(&["list", "product"]).unwrap();
    let listed = listed["rows"].as_array().unwrap();
    let product = text(listed.iter().find(|row| row["title"] == product).unwrap(), "id").unwrap();
    let due = format!("due={}", day(li, -61));
    let premium = [format!("policy={policy}"), format!("product={product}")];
    let premium =
        li.create("premium", &[&premium[0], &premium[1], &due, "amount=3000", "office=大连"]).unwrap();
    act(li, &premium, "start", &[]);
    let for_due = format!("for_due={}", day(li, -61));
    let refused = li.fails(3, &["act", &premium, "pay", &for_due, "paid=3000"]).unwrap();
    assert_eq!((&refused["code"], &refused["rule"]), (&"grace-is-over".into(), &"A.8".into()));
    act(li, &premium, "lapse", &[]);
    act(li, &premium, "ask", &["back_payment=3000"]);
    sync(&[li, &insurer]);
    act(&insurer, &premium, "approve", &[]);
    sync(&[&insurer, li]);
    assert_eq!(stage(li, &premium), "paying");
    team.all_agree();
}

/// Of a workbook: the rows of a repeat are a table, answers stand as people read them.
#[test]
fn a_filled_workbook_is_printed_with_its_rows_as_a_table() {
    let team = team();
    let pack = team.folder.path().join("shelf-audit");
    std::fs::create_dir_all(pack.join("forms")).unwrap();
    for file in ["forms/shelf-check.xlsx", "forms/stores.csv"] {
        std::fs::copy(packs().join("shelf-audit").join(file), pack.join(file)).unwrap();
    }
    let written = std::fs::read_to_string(packs().join("shelf-audit/pack.toml")).unwrap();
    let prints = r#"
[kinds.audit.prints.sheet]
title = { zh = "店内检查表", en = "Shelf audit sheet" }
[[kinds.audit.prints.sheet.sections]]
repeat = "sku"
columns = ["price", "tag"]
[[kinds.audit.prints.sheet.sections]]
fields = ["step2/*"]
"#;
    let (before, after) = written.split_once("\nversion = ").unwrap();
    let (_, after) = after.split_once('\n').unwrap();
    std::fs::write(pack.join("pack.toml"), format!("{before}\nversion = 99\n{after}{prints}")).unwrap();
    team.admin(&["publish", pack.to_str().unwrap()]);
    let li = team.li.in_chinese();
    sync(&[&li]);
    let audit = li.create("audit", &["region=中山区"]).unwrap();
    li.json(&["answer", &audit, "step2/visible=y", "step2/traffic=n", "sku[1]/price=3.51"]).unwrap();
    li.json(&["add", &audit, "sku"]).unwrap();
    li.json(&["answer", &audit, "sku[2]/price=4.52", "sku[2]/tag=ok"]).unwrap();
    let file = team.folder.path().join("sheet.pdf");
    let printed = li.json(&["print", &audit, "--to", file.to_str().unwrap()]).unwrap();
    assert_eq!(printed["remembered"], false, "no act says that it was printed");
    let read = paper(&file);
    for said in ["店内检查表", "零售价", "3.51", "4.52 正确", "是否是显眼处", "是"] {
        assert!(read.contains(said), "{said}: {read}");
    }
    assert_eq!(read.matches("零售价").count(), 1, "{read}");
}
