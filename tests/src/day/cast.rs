//! The team, its server, its phones and the network between them.

use super::{Teller, packs};
use crate::phone::{Phone, text};
use crate::proxy::Proxy;
use crate::server::Server;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The packs of the demo team, in the order in which they need each other.
const PACKS: &str = include_str!("../../../core/packs/order.txt");

/// Everyone and everything of the day.
#[derive(Debug)]
pub struct Cast {
    /// The team's server.
    pub server: Server,
    /// Between the phones and the server.
    pub network: Proxy,
    folder: PathBuf,
}

/// The two phones that work today.
#[derive(Debug)]
pub struct Phones {
    /// Li Na's.
    pub li: Phone,
    /// Zhang Wei's.
    pub zhang: Phone,
}

/// How to sign in to the console.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Login {
    /// The name.
    pub name: String,
    /// The password, made up for this folder.
    pub password: String,
}

impl Cast {
    /// Founds the demo team in a folder and starts its server; returns the console's login.
    pub fn found(folder: &Path, port: u16) -> Result<(Cast, Login)> {
        let data = folder.join("server");
        std::fs::create_dir_all(&data)?;
        let mut server = Server::new(&data, port)?;
        let team = ["--team", "大连一队", "--zone", "Asia/Shanghai", "--supervisor", "王芳"];
        let made = server.admin_json(&[&["init"], &team[..]].concat())?;
        let login = Login { name: text(&made, "supervisor")?, password: text(&made, "password")? };
        for pack in PACKS.lines() {
            let path = packs().join(pack);
            server.admin(&["publish", path.to_str().context("path")?])?.ok().context(pack)?;
        }
        for (kind, table, key) in [
            ("store", "store-visit/tables/stores.csv", "code"),
            ("policy", "policy-application/tables/policies.csv", "number"),
            // The demo team is excused from written plans (D.9).
            ("plan_duty", "daily-routine/tables/plans-not-needed.csv", "note"),
        ] {
            let path = packs().join(table);
            server
                .admin(&["import", kind, path.to_str().context("path")?, "--key", key])?
                .ok()
                .context(table)?;
        }
        server.start()?;
        let network = Proxy::start(server.address())?;
        Ok((Cast { server, network, folder: folder.to_owned() }, login))
    }

    /// Invites the three reps; two of them enrol their phones and sync.
    pub fn enrol(&self, tell: Teller<'_>) -> Result<Phones> {
        let mut phones = Vec::new();
        for (name, folder, device) in
            [("李娜", "li-na", "Li Na's phone"), ("张伟", "zhang-wei", "Zhang Wei's phone")]
        {
            let code = self.invite(name)?;
            let phone = Phone::new(&self.folder.join("phones").join(folder));
            phone.json(&["enrol", &self.network.url(), &code, "--name", device])?;
            phone.json(&["sync"])?;
            let stores = phone.json(&["list", "store"])?;
            let stores = stores["rows"].as_array().map_or(0, Vec::len);
            tell(&format!("  {name} enrolled {device} and has {stores} stores, all packs, all forms."));
            phones.push(phone);
        }
        self.serve(&["李娜", "张伟"])?;
        for phone in &phones {
            phone.json(&["sync"])?;
        }
        self.invite("陈静")?;
        tell("  陈静 was invited and has not enrolled a phone yet.");
        let zhang = phones.pop().context("two phones")?;
        let li = phones.pop().context("two phones")?;
        Ok(Phones { li, zhang })
    }

    /// These people serve the customers of the demo's policies together, from their next sync on (O.4).
    pub fn serve(&self, people: &[&str]) -> Result<()> {
        let rows: String = people.iter().map(|name| format!("{name},8001,agent\n")).collect();
        let file = self.folder.join("staff.csv");
        std::fs::write(&file, format!("person,code,user_type\n{rows}"))?;
        let path = file.to_str().context("path")?;
        self.server.admin(&["import", "staff", path, "--key", "person"])?.ok().context("staff")?;
        Ok(())
    }

    fn invite(&self, name: &str) -> Result<String> {
        let invited =
            self.server.admin_json(&["invite", "--person", name, "--role", "rep", "--led-by", "王芳"])?;
        text(&invited, "code")
    }
}
