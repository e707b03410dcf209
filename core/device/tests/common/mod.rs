//! A phone of 李娜 that is enrolled and has packs, without a server: what tests and benchmarks begin with.

#![allow(clippy::unwrap_used, dead_code)] // Helpers of tests may, and each target uses its part.

pub mod server;

use ed25519_dalek::SigningKey;
use rounds_device::identity::{self, Identity};
use rounds_device::platform::Replay;
use rounds_device::store::roster;
use rounds_device::{Key, Rounds};
use rounds_model::ids::{DeviceId, PersonId, TeamId};
use rounds_model::people::{Person, Role};
use rounds_protocol::enrol::{EnrolAnswer, Team};
use rounds_workflow::{Bundle, Pack};
use std::path::Path;
use std::sync::Arc;

/// 2026-11-23 in Dalian, Unix milliseconds.
pub const NOW: u64 = 1_795_400_000_000;

/// The device.
pub const DEVICE: DeviceId = DeviceId([4; 16]);

/// The team's.
pub const ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// 李娜's phone, as it was enrolled for her in this role.
pub fn me(role: &str) -> Identity {
    someone(2, role)
}

/// The phone of somebody of the team.
pub fn someone(n: u8, role: &str) -> Identity {
    let person = Person { id: PersonId([n; 16]), name: "李娜".into(), role: Role::from(role) };
    let team = Team { id: TeamId([3; 16]), name: "大连".into(), zone: "Asia/Shanghai".into() };
    let device = DeviceId([n + 2; 16]);
    let answer = EnrolAnswer { device, token: String::new(), person, team, server_ms: NOW as i64 };
    Identity::new(answer, "https://sim.invalid", &SigningKey::from_bytes(&[n - 1; 32]))
}

/// Opens it in a folder, with one pack of these files, at its version 1.
pub fn with_pack(folder: &Path, pack: &str, files: Vec<(String, Vec<u8>)>) -> Rounds {
    let platform = Arc::new(Replay::new(NOW, 7));
    let open = || Rounds::open(folder, Key([1; 32]), platform.clone()).unwrap();
    let rounds = open();
    let bundle = Bundle::new(files).unwrap().encode().unwrap();
    let store = |tx: &rusqlite::Transaction<'_>| {
        identity::store(tx, &me("rep"), &*platform)?;
        roster::put_pack(tx, pack, 1, &bundle)
    };
    rounds.store().write(store).unwrap();
    drop(rounds);
    // Packs are put together when the store is opened.
    open()
}

/// 2026-11-23, 09:12 in Shanghai.
const MORNING: u64 = 1_795_396_320_000;

/// A phone with packs of the repository, and its folder.
pub struct Phone {
    pub dir: tempfile::TempDir,
    pub rounds: Rounds,
}

impl std::ops::Deref for Phone {
    type Target = Rounds;
    fn deref(&self) -> &Rounds {
        &self.rounds
    }
}

/// A phone with these packs of the repository.
pub fn phone(role: &str, packs: &[&str]) -> Phone {
    phone_of(2, role, packs)
}

/// The same of somebody of the team.
pub fn phone_of(n: u8, role: &str, packs: &[&str]) -> Phone {
    let dir = tempfile::tempdir().unwrap();
    let platform = Arc::new(Replay::new(MORNING, u64::from(n) + 5));
    let open = || Rounds::open(dir.path(), Key([1; 32]), platform.clone()).unwrap();
    let rounds = open();
    rounds.store().write(|tx| identity::store(tx, &someone(n, role), &*platform)).unwrap();
    for pack in packs {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs").join(pack);
        let mut files = vec![("pack.toml".to_owned(), std::fs::read(root.join("pack.toml")).unwrap())];
        for table in std::fs::read_dir(root.join("tables")).into_iter().flatten() {
            let path = table.unwrap().path();
            let name = format!("tables/{}", path.file_name().unwrap().to_str().unwrap());
            files.push((name, std::fs::read(&path).unwrap()));
        }
        let bundle = Bundle::new(files).unwrap();
        let version = Pack::load(&bundle).unwrap().version;
        let bytes = bundle.encode().unwrap();
        rounds.store().write(|tx| roster::put_pack(tx, pack, version, &bytes)).unwrap();
    }
    drop(rounds);
    let rounds = open();
    Phone { dir, rounds }
}

/// What a person typed.
pub fn typed(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}
