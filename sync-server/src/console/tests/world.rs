//! Two teams beside each other in one office, with one thing of each sort that somebody could want: a ticket
//! with a photo, an act and a doubt; a conflict; work that was handed over; a token; a view.

use super::fixture::Browser;
use crate::admin::files;
use crate::admin::team;
use crate::blobs::keep::Keep;
use crate::blobs::staging::Staging;
use crate::blobs::{Blobs, Limits};
use crate::console::packs::PublishedPacks;
use crate::console::{Console, read_api, routes};
use crate::evidence::looks::DUPLICATE;
use crate::evidence::tests::{desk, recorded, sealed};
use crate::storage::Storage;
use crate::storage::blobs::BlobRow;
use crate::storage::console::SavedView;
use crate::storage::evidence::FindingRow;
use crate::storage::holding::HoldingRow;
use crate::storage::sqlite::Sqlite;
use crate::testing::{BOSS, NOW, Office, PACK, PASSWORD, act, doc, edit};
use crate::wakes::Wakes;
use axum::http::StatusCode;
use rounds_model::ids::{BlobHash, DocId, PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What only 李娜's supervisor and head office may read.
pub const SECRET: &str = "Window-seat-of-Li-Na";
/// The supervisor of the other team.
pub const STRANGER: &str = "外队主管";
/// Head office.
pub const HEAD: &str = "Rounds";
/// An area that 王主管 holds and the stranger does not.
pub const AREA: &str = "西岗区";

/// A sale of 李娜's with a recording.
pub const RECORDED: DocId = DocId([9; 16]);
/// A ticket of the other team, with a photo like one of 李娜's.
pub const COPY: DocId = DocId([3; 16]);

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a shelf";

const MORE: &str = r#"
[kinds.ticket.reports.titles]
title = { zh = "标题", en = "Titles" }
by = "${title}"
groups = { zh = "标题", en = "Title" }
columns = [{ title = { zh = "工单", en = "Tickets" }, as = "count" }]
[kinds.place.acts.entrust]
title = { zh = "交给", en = "Give" }
from = ["open"]
to = "open"
roles = ["supervisor"]
who = "anyone"
rule = "E.7"
assigns = "to"
payload = [{ name = "to", type = "person", title = { zh = "谁", en = "Who" }, required = true }]
"#;

pub struct World {
    pub office: Office,
    /// 李娜 and the other team's rep.
    pub li: String,
    pub zhao: PersonId,
    pub device: String,
    pub act: String,
    /// The photo of the ticket.
    pub photo: BlobHash,
    /// What was handed over.
    pub number: String,
    /// 王主管's token: what is shown, and its id.
    pub token: (String, String),
    /// Her view.
    pub view: String,
    console: Console,
}

impl World {
    pub async fn new() -> World {
        let mut desk = desk().await;
        let chain = sealed(&recorded(RECORDED, desk.li.device, desk.li.person.0, b"sound"), &desk.li.key);
        desk.finished_for(RECORDED.0[0], SECRET, &chain);
        desk.upload(RECORDED.0[0], b"sound").await;
        desk.upload(RECORDED.0[0], &chain).await;
        let (office, mut li) = (desk.office, desk.li);
        let pack = PACK
            .replace("version = 1", "version = 2")
            .replace("search = [\"title\"]", "search = [\"title\"]\nsubject = \"title\"")
            .replace("fields = [\"title\", \"seat\"]", "fields = [\"title\", \"seat\", \"score\"]")
            .replace(
                "    { name = \"seat\"",
                "    { name = \"score\", type = \"text\", title = { zh = \"得分\", en = \"Score\" } },\n    { name = \"seat\"",
            );
        office.publish(&format!("{pack}{MORE}"));
        let mut chief = office.phone(BOSS);
        let made = [
            edit(&li.ticket(1, SECRET)),
            edit(&li.set(doc(1), "seat", "12A")),
            edit(&li.set(doc(1), "score", "80")),
            edit(&li.ticket(2, &format!("{SECRET} again"))),
        ];
        assert_eq!(crate::testing::words(&li.push(&office, made.into())), ["stored"; 4]);
        let sent = li.act(doc(1), "send", "open");
        assert_eq!(crate::testing::words(&li.push(&office, vec![act(&sent)])), ["stored"]);
        assert_eq!(office.db.read(office.team).unwrap().records(&[doc(1)]).unwrap()[0].stage, "sent");
        chief.sync(&office);
        let (mine, theirs) = (edit(&li.set(doc(2), "note", "a")), edit(&chief.set(doc(2), "note", "b")));
        li.push(&office, vec![mine]);
        chief.push(&office, vec![theirs]);
        let late = edit(&li.set(doc(1), "note", "handed over"));
        team::invite(&office.db, office.team, STRANGER, "supervisor", None, 1, NOW).unwrap();
        let mut zhao = office.phone_led_by("赵强", STRANGER);
        let theirs = edit(&zhao.ticket(COPY.0[0], "外队的工单"));
        assert_eq!(crate::testing::words(&zhao.push(&office, vec![theirs])), ["stored"]);
        // One that she has not used, for another phone.
        office.invite("李娜", "rep", None);
        for name in [STRANGER, HEAD, "李娜"] {
            team::set_password(&office.db, office.team, name, PASSWORD).unwrap();
        }
        let boss = team::find_person(&*office.db.read(office.team).unwrap(), BOSS).unwrap().id;
        let (shown, token) = read_api::create(boss, "BI", NOW).unwrap();
        let photo = BlobHash(Sha256::digest(JPEG).into());
        let mut tx = office.db.write(office.team).unwrap();
        let number: Seq = tx.next_seq();
        tx.put_holding(&HoldingRow {
            number,
            device: li.device,
            person: li.person,
            doc: doc(1),
            hash: late.hash(),
            item: late.0,
            refusal: Refusal::new(
                "record-out-of-scope",
                Text::new("不再共享", "not shared"),
                Text::default(),
            ),
            received: NOW - 60_000,
            decision: None,
            ruled: None,
        })
        .unwrap();
        tx.put_area(boss, AREA).unwrap();
        tx.put_read_token(&token).unwrap();
        let (view, name, address) = ([5; 16], "mine".to_owned(), "/kinds/ticket?stage=sent".to_owned());
        tx.put_view(&SavedView { view, person: boss, name, address }).unwrap();
        let (key, code, about) = ("photo".to_owned(), "photo-replaced".to_owned(), b"{}".to_vec());
        tx.put_finding(&FindingRow { doc: doc(1), key, code, about, at_ms: NOW - 5_000 }).unwrap();
        // A photo of the other team that is nearly the one of 李娜's ticket.
        let (key, code) = ("photo".to_owned(), DUPLICATE.to_owned());
        let about = serde_json::json!({ "record": doc(1), "differs": 3 }).to_string().into_bytes();
        tx.put_finding(&FindingRow { doc: COPY, key, code, about, at_ms: NOW - 4_000 }).unwrap();
        let media = "image/jpeg".to_owned();
        tx.put_blob(&BlobRow { hash: photo, size: JPEG.len() as u64, media, received: NOW }).unwrap();
        tx.put_blob_doc(doc(1), &photo, li.device, NOW).unwrap();
        tx.commit().unwrap();
        let keep = Keep::folder(&office.dir.path().join("blobs")).unwrap();
        let file = office.dir.path().join("one");
        std::fs::write(&file, JPEG).unwrap();
        keep.put(office.team, &photo, &file).await.unwrap();
        World {
            console: console(&office),
            li: li.person.to_string(),
            zhao: zhao.person,
            device: li.device.to_string(),
            act: sent.read().unwrap().id.to_string(),
            photo,
            number: number.0.to_string(),
            token: (shown, hex::encode(token.token)),
            view: hex::encode(view),
            office,
        }
    }

    /// The same as it is now, to go another way in.
    pub fn again(&self) -> World {
        let file = self.office.dir.path().join("again.db");
        let _ = std::fs::remove_file(&file);
        files::backup(&self.office.db, &file).unwrap();
        let office = Office::of(&file, self.office.team);
        let (from, to) = (self.office.dir.path().join("blobs"), office.dir.path().join("blobs"));
        copy(&from, &to);
        World {
            console: console(&office),
            li: self.li.clone(),
            zhao: self.zhao,
            device: self.device.clone(),
            act: self.act.clone(),
            photo: self.photo,
            number: self.number.clone(),
            token: self.token.clone(),
            view: self.view.clone(),
            office,
        }
    }

    /// A browser at this office's one console, signed in if there is a name and they may; and a token for
    /// its forms.
    pub async fn browser(&self, name: Option<&str>) -> (Browser, String) {
        let mut browser = Browser::new(routes::routes(self.console.clone()));
        let token = browser.get("/sign-in").await.token();
        let Some(name) = name else { return (browser, token) };
        let form = [("csrf", token.as_str()), ("name", name), ("password", PASSWORD)];
        let answer = browser.post("/sign-in", &form).await;
        if answer.status != StatusCode::SEE_OTHER {
            return (browser, token);
        }
        let token = browser.get("/work").await.token();
        (browser, token)
    }

    /// Every turn of what takes long, while it is held.
    pub async fn turns(&self) -> tokio::sync::OwnedSemaphorePermit {
        let all = u32::try_from(crate::console::HEAVY).unwrap();
        self.console.heavy.clone().acquire_many_owned(all).await.unwrap()
    }

    /// Nobody gets one any more.
    pub fn no_more_turns(&self) {
        self.console.heavy.close();
    }

    /// Everything that the database has, a line for each row, without what comes and goes by signing in.
    pub fn rows(&self) -> BTreeSet<String> {
        let file = rusqlite::Connection::open(self.office.dir.path().join("rounds.db")).unwrap();
        let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let mut names = file.prepare(names).unwrap();
        let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(names.len() > 25, "{names:?}");
        let mut out = BTreeSet::new();
        for table in names.iter().filter(|name| !["sessions", "console_keys"].contains(&name.as_str())) {
            let mut rows = file.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let cell = |n| match row.get::<_, Value>(n).unwrap() {
                    Value::Blob(bytes) => hex::encode(bytes),
                    other => format!("{other:?}"),
                };
                let cells: Vec<String> = (0..columns).map(cell).collect();
                out.insert(format!("{table}: {}", cells.join(" | ")));
            }
        }
        out
    }
}

fn console(office: &Office) -> Console {
    let storage = Arc::new(Sqlite::open(&office.dir.path().join("rounds.db")).unwrap());
    let keep = Keep::folder(&office.dir.path().join("blobs")).unwrap();
    let staging = Staging::at(&office.dir.path().join("uploads")).unwrap();
    let blobs = Some(Blobs::new(storage.clone(), keep, staging, Limits::default(), || NOW));
    let wakes = Some(Arc::new(Wakes::default()));
    Console { blobs, wakes, ..Console::new(storage, Arc::new(PublishedPacks::default()), || NOW, false) }
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let into = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &into)
        } else {
            std::fs::copy(entry.path(), into).map(|_| ()).unwrap()
        }
    }
}
