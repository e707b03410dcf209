//! The day without a network: everything here happens on the phones alone.

use super::Teller;
use super::cast::Phones;
use crate::phone::{Phone, text};
use anyhow::{Context, Result, ensure};
use chrono::{Days, NaiveDate};
use serde_json::Value;

/// What was made in the field.
#[derive(Debug)]
pub struct Made {
    /// The store that both visit, and whose phone number both correct.
    pub shared_store: String,
    /// Li Na's application: the first to reach the server.
    pub li_application: String,
    /// Zhang Wei's application for the same policy.
    pub zhang_application: String,
    /// Li Na's audit with two SKUs.
    pub audit: String,
}

/// Works the day.
pub fn work(phones: &Phones, tell: Teller<'_>) -> Result<Made> {
    let (li, zhang) = (&phones.li, &phones.zhang);
    let offline = li.fails(4, &["sync"])?;
    tell(&format!("  李娜 tries to sync: “{}”", text(&offline["text"], "en")?));

    let today = text(&li.json(&["today"])?, "day")?;
    let due = (today.parse::<NaiveDate>()? + Days::new(7)).to_string();
    let zhongshan = find(li, "中山广场")?;
    let qingniwa = find(li, "青泥洼")?;
    let policy = find(li, "P10000000123")?;

    let first = visit(li, &zhongshan, &today, 1, "38.92012 121.64431 0 12")?;
    tell(&format!("  李娜 checks in at 中山广场店, {} m from its door.", first.distance));
    let audit = shelf_audit(li, &first.id, &zhongshan, "S0001", &due, &["11.5", "12.8"])?;
    tell(&format!(
        "  李娜 fills the shelf audit with 2 SKUs, score {}, and takes a shelf photo.",
        score(li, &audit)?
    ));
    let task = ["issue=货架移到入口处", &format!("store={zhongshan}"), &format!("visit={}", first.id)];
    let me = owner(li, &first.id)?;
    let task =
        li.create("task", &[&task[..], &[&format!("responsible={me}"), &format!("due={due}")]].concat())?;
    li.json(&["act", &task, "assign"])?;
    tell(&format!("  李娜 opens a follow-up: move the shelf, responsible herself, due {due}."));
    li.json(&["answer", &zhongshan, "phone=0411-82630001"])?;
    tell("  李娜 corrects the store's phone number to 0411-82630001.");
    li.json(&["act", &first.id, "check_out"])?;

    let far = [&format!("store={qingniwa}"), &format!("date={today}"), "order=2", ARRANGED[0], ARRANGED[1]];
    let far = li.create("visit", &far)?;
    let refused = li.fails(3, &["act", &far, "check_in", "place=38.95000 121.60000 0 10"])?;
    ensure!(refused["code"] == "too-far", "{refused}");
    tell(&format!("  李娜 tries to check in too early: “{}”", text(&refused["text"], "en")?));
    li.json(&["act", &far, "check_in", "place=38.91785 121.63395 0 20"])?;
    let second = shelf_audit(li, &far, &qingniwa, "S0002", &due, &["10.2"])?;
    li.json(&["act", &far, "check_out"])?;
    tell(&format!("  李娜 visits 青泥洼桥店 and audits it, score {}.", score(li, &second)?));
    let li_application = application(li, &policy)?;
    tell("  李娜 submits an application for policy P10000000123.");

    let visit = visit(zhang, &zhongshan, &today, 1, "38.92005 121.64415 0 15")?;
    zhang.json(&["answer", &zhongshan, "phone=0411-82650002"])?;
    zhang.json(&["act", &visit.id, "check_out"])?;
    tell("  张伟 visits 中山广场店 too, and corrects the phone number to 0411-82650002.");
    zhang.create(
        "visit",
        &[&format!("store={}", find(zhang, "西安路")?), &format!("date={today}"), "order=2"],
    )?;
    tell("  张伟 plans a second visit, at 西安路店.");
    let zhang_application = application(zhang, &policy)?;
    tell("  张伟 submits an application for the same policy; his phone cannot know of the other one.");
    Ok(Made { shared_store: zhongshan, li_application, zhang_application, audit })
}

/// Whom to meet, and when (E.3).
const ARRANGED: [&str; 2] = ["contact=王店长", "time=10:00"];

struct Visit {
    id: String,
    distance: i64,
}

fn visit(phone: &Phone, store: &str, day: &str, order: u32, place: &str) -> Result<Visit> {
    let answers = [format!("store={store}"), format!("date={day}"), format!("order={order}")];
    let answers = [&answers.each_ref().map(String::as_str)[..], &ARRANGED].concat();
    let id = phone.create("visit", &answers)?;
    let made = phone.json(&["act", &id, "check_in", &format!("place={place}")])?;
    let distance = made["facts"]["distance_m"].as_f64().context("no distance")?;
    Ok(Visit { id, distance: distance as i64 })
}

fn shelf_audit(
    phone: &Phone,
    visit: &str,
    store: &str,
    code: &str,
    due: &str,
    prices: &[&str],
) -> Result<String> {
    let links = [format!("_visit={visit}"), format!("_store={store}")];
    let id = phone.create("audit", &links.each_ref().map(String::as_str))?;
    phone.json(&[
        "answer",
        &id,
        "region=中山区",
        &format!("store={code}"),
        "checkin=38.9201 121.6443 0 12",
    ])?;
    phone.json(&["answer", &id, "step2/visible=y", "step2/traffic=n"])?;
    let wrong = phone.fails(3, &["act", &id, "finish"])?;
    ensure!(wrong["field"] == "step2/fix_owner", "the first open question is named: {wrong}");
    phone.json(&["answer", &id, "step2/fix_owner=李娜", &format!("step2/fix_due={due}")])?;
    let photo = phone.dir().join("shelf.jpg");
    std::fs::write(&photo, SHELF_PHOTO)?;
    let attached = format!("step2/shelf_photo={}", photo.display());
    phone.json(&["answer", &id, "--photo", &attached])?;
    std::fs::remove_file(&photo)?;
    for (i, price) in prices.iter().enumerate() {
        // The first one is there from the beginning.
        if i > 0 {
            phone.json(&["add", &id, "sku"])?;
        }
        let at = |question: &str, value: &str| format!("sku[{}]/{question}={value}", i + 1);
        phone.json(&["answer", &id, &at("code", "6901234567892"), &at("price", price), &at("tag", "ok")])?;
    }
    phone.json(&["act", &id, "finish"])?;
    Ok(id)
}

fn application(phone: &Phone, policy: &str) -> Result<String> {
    let id = phone
        .create("application", &[&format!("policy={policy}"), "item=contact_change", "note=更换手机号"])?;
    phone.json(&["act", &id, "submit"])?;
    Ok(id)
}

fn score(phone: &Phone, audit: &str) -> Result<String> {
    let shown = phone.json(&["show", audit])?;
    let questions = shown["questions"].as_array().context("no questions")?;
    let score = questions.iter().find(|q| q["key"] == "score").context("no score")?;
    text(score, "value")
}

fn owner(phone: &Phone, record: &str) -> Result<String> {
    text(&phone.json(&["show", record])?, "owner_id")
}

/// The one record that a search finds first.
pub fn find(phone: &Phone, words: &str) -> Result<String> {
    let found = phone.json(&["search", words])?;
    let first: &Value = found["rows"].get(0).with_context(|| format!("nothing is found for {words}"))?;
    text(first, "id")
}

/// The smallest JPEG that decoders take for one: a grey pixel stands for the shelf.
const SHELF_PHOTO: &[u8] = include_bytes!("shelf.jpg");
