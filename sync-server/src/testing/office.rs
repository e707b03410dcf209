//! A server with a team and a small pack.

use super::{BOSS, NOW, PACK, PASSWORD, Phone};
use crate::admin::{publish, report, team};
use crate::enrol::enrol;
use crate::exchange::rules::RulesCache;
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use ed25519_dalek::SigningKey;
use rounds_model::digest::Digest;
use rounds_model::ids::TeamId;
use rounds_protocol::enrol::EnrolRequest;
use rounds_workflow::bundle::Bundle;
use std::sync::atomic::{AtomicU8, Ordering};
use tempfile::TempDir;

pub struct Office {
    pub dir: TempDir,
    pub db: Sqlite,
    pub rules: RulesCache,
    pub team: TeamId,
    phones: AtomicU8,
}

impl Office {
    pub fn new() -> Office {
        let dir = TempDir::new().unwrap();
        let db = Sqlite::open(&dir.path().join("rounds.db")).unwrap();
        let (team, _) = team::init(&db, "大连", "Asia/Shanghai", BOSS, PASSWORD, NOW).unwrap();
        let office =
            Office { dir, db, rules: RulesCache::default(), team: team.id, phones: AtomicU8::new(1) };
        office.publish(PACK);
        office
    }

    /// Another office with the data of a backup.
    pub fn of(backup: &std::path::Path, team: TeamId) -> Office {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("rounds.db");
        std::fs::copy(backup, &file).unwrap();
        let (db, phones) = (Sqlite::open(&file).unwrap(), AtomicU8::new(101));
        Office { dir, db, rules: RulesCache::default(), team, phones }
    }

    pub fn publish(&self, manifest: &str) {
        let bundle = Bundle::new([("pack.toml", manifest.as_bytes().to_vec())]).unwrap();
        publish::publish(&self.db, self.team, &bundle, false).unwrap();
    }

    pub fn invite(&self, name: &str, role: &str, led_by: Option<&str>) -> String {
        // Also servers of tests that run by the real clock must take it.
        let a_century = 100 * 365 * 24 * 3600 * 1000;
        team::invite(&self.db, self.team, name, role, led_by, a_century, NOW).unwrap().1.to_string()
    }

    /// A new phone of a rep who is led by the boss, or of the boss.
    pub fn phone(&self, name: &str) -> Phone {
        let (role, led_by) = if name == BOSS { ("supervisor", None) } else { ("rep", Some(BOSS)) };
        self.enrolled(name, role, led_by)
    }

    /// A new phone of a rep who is led by somebody else.
    pub fn phone_led_by(&self, name: &str, leader: &str) -> Phone {
        self.enrolled(name, "rep", Some(leader))
    }

    fn enrolled(&self, name: &str, role: &str, led_by: Option<&str>) -> Phone {
        let code = self.invite(name, role, led_by);
        let n = self.phones.fetch_add(1, Ordering::Relaxed);
        let key = SigningKey::from_bytes(&[n; 32]);
        let answer = enrol(&self.db, &EnrolRequest::new(&code, "phone", &key), NOW).unwrap();
        Phone::of(answer, key, n)
    }

    /// What the server says all records of a person's scopes come to.
    pub fn digest(&self, phone: &Phone) -> Digest {
        let view = self.db.read(self.team).unwrap();
        report::digest(&*view, Some(&phone.person.to_string())).unwrap()
    }

    pub fn numbers(&self) -> Vec<u64> {
        let sql = "SELECT seq FROM log ORDER BY seq";
        let file = rusqlite::Connection::open(self.dir.path().join("rounds.db")).unwrap();
        let mut statement = file.prepare(sql).unwrap();
        statement.query_map([], |row| row.get::<_, i64>(0)).unwrap().map(|n| n.unwrap() as u64).collect()
    }
}
