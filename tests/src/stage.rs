//! The stage on which the scenarios of the apps are played: the demo team's server behind a network that
//! obeys, the team's invitations, and colleagues with phones of their own.

use crate::day::cast::Cast;
use crate::phone::Phone;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What the players are told.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    /// The server's address for phones, behind the network that obeys.
    pub address: String,
    /// Invitations by name; each is good for one phone.
    pub invitations: BTreeMap<String, String>,
    /// The supervisor's name.
    pub supervisor: String,
    /// The team's day: `2026-11-23`.
    pub today: String,
    /// The day after it.
    pub tomorrow: String,
    /// Where the first store of the team is: degrees north and east.
    pub store: [f64; 2],
    /// A folder that is gone afterwards.
    pub folder: PathBuf,
    /// A photo to take.
    pub photo: PathBuf,
}

/// The stage.
pub struct Stage {
    card: Card,
    cast: Cast,
    phones: BTreeMap<String, Phone>,
    _folder: TempDir,
}

/// Who can be invited; two invitations each, for scenarios that begin again.
const TEAM: [(&str, &str); 3] = [("李娜", "rep"), ("张伟", "rep"), ("王芳", "supervisor")];

impl Stage {
    /// Founds the team and starts its server.
    pub fn set() -> Result<Stage> {
        let folder = tempfile::tempdir()?;
        let (cast, login) = Cast::found(folder.path(), 0)?;
        let mut invitations = BTreeMap::new();
        for (name, role) in TEAM {
            let mut args = vec!["invite", "--person", name, "--role", role];
            if role == "rep" {
                args.extend(["--led-by", "王芳"]);
            }
            let invited = cast.server.admin_json(&args)?;
            let code = invited["code"].as_str().context("an invitation without a code")?;
            invitations.insert(name.to_owned(), code.to_owned());
        }
        cast.serve(&["李娜", "张伟"])?;
        let photo = folder.path().join("shelf.jpg");
        std::fs::write(&photo, include_bytes!("day/shelf.jpg"))?;
        let now = chrono::Utc::now().with_timezone(&chrono_tz::Asia::Shanghai);
        let tomorrow = now + chrono::Duration::days(1);
        let card = Card {
            address: cast.network.url(),
            invitations,
            supervisor: login.name,
            today: now.format("%Y-%m-%d").to_string(),
            tomorrow: tomorrow.format("%Y-%m-%d").to_string(),
            store: first_store()?,
            folder: folder.path().join("apps"),
            photo,
        };
        std::fs::create_dir_all(&card.folder)?;
        Ok(Stage { card, cast, phones: BTreeMap::new(), _folder: folder })
    }

    /// What the players are told.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Runs a command of the operator's; it must succeed.
    pub fn admin(&self, args: &[&str]) -> Result<()> {
        self.cast.server.admin(args)?.ok().map(|_| ())
    }

    /// Obeys one line; its answer is JSON.
    pub fn obey(&mut self, line: &str) -> Result<Value> {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] => Ok(json!({ "done": "" })),
            ["offline"] => {
                self.cast.network.set_down(true);
                Ok(json!({ "done": "offline" }))
            }
            ["online"] => {
                self.cast.network.set_down(false);
                Ok(json!({ "done": "online" }))
            }
            ["invite", name] => {
                let invited = self.cast.server.admin_json(&["invite", "--person", name])?;
                Ok(json!({ "code": invited["code"] }))
            }
            ["revoke", name] => {
                self.cast.server.admin(&["revoke", "--person", name])?.ok()?;
                Ok(json!({ "done": "revoke" }))
            }
            ["publish", pack] => {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/packs").join(pack);
                self.admin(&["publish", folder.to_str().context("a path")?])?;
                Ok(json!({ "done": "publish" }))
            }
            ["admin", args @ ..] => {
                self.admin(args)?;
                Ok(json!({ "done": "admin" }))
            }
            ["phone", name, args @ ..] => self.phone(name, args),
            _ => bail!("no such line: {line}"),
        }
    }

    /// Runs a command on a colleague's headless phone, which is enrolled and synced when it is first named.
    fn phone(&mut self, name: &str, args: &[&str]) -> Result<Value> {
        if !self.phones.contains_key(name) {
            let mut invite = vec!["invite", "--person", name];
            if name != "王芳" {
                invite.extend(["--role", "rep", "--led-by", "王芳"]);
            }
            let invited = self.cast.server.admin_json(&invite)?;
            let code = invited["code"].as_str().context("an invitation without a code")?;
            let phone = Phone::new(&self.card.folder.join(format!("colleague-{}", self.phones.len())));
            // Not by the network that obeys: a colleague can be online while the app is not.
            phone.json(&["enrol", &self.cast.server.url(), code, "--name", "another phone"])?;
            phone.json(&["sync"])?;
            self.phones.insert(name.to_owned(), phone);
        }
        let phone = self.phones.get(name).context("a phone")?;
        phone.json(args)
    }
}

/// The words of a line; blanks between quotation marks part nothing.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => words.push(String::new()),
            c => words.iter_mut().next_back().into_iter().for_each(|word| word.push(c)),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Where the first store of the demo is.
fn first_store() -> Result<[f64; 2]> {
    let mut rows = csv::Reader::from_path(crate::day::packs().join("store-visit/tables/stores.csv"))?;
    let column = rows.headers()?.iter().position(|name| name == "place").context("a place")?;
    let first = rows.records().next().context("a store")??;
    let mut parts = first.get(column).context("a place")?.split(' ').map(str::parse::<f64>);
    match (parts.next(), parts.next()) {
        (Some(Ok(north)), Some(Ok(east))) => Ok([north, east]),
        _ => bail!("the first store has no place"),
    }
}
