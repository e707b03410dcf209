//! The phone that evidence is made with, and what it is made of.

use crate::common::{DEVICE, NOW, me};
use rounds_device::capture::fake::FakeKit;
use rounds_device::capture::{Fix, Photo, Source};
use rounds_device::identity::{self};
use rounds_device::photos::picture;
use rounds_device::platform::Replay;
use rounds_device::store::{blobs, meta, records, roster};
use rounds_device::{Key, Rounds, RoundsError};
use rounds_evidence::chain::{Report, verify};
use rounds_model::ids::{BlobHash, DocId, PublicKey};
use rounds_model::people::Role;
use rounds_model::time::Anchor;
use rounds_workflow::Bundle;
use std::path::Path;
use std::sync::Arc;

pub const FIELD: &str = "recording";

pub struct Phone {
    pub dir: tempfile::TempDir,
    pub platform: Arc<Replay>,
    pub kit: FakeKit,
    pub rounds: Option<Rounds>,
}

impl std::ops::Deref for Phone {
    type Target = Rounds;
    fn deref(&self) -> &Rounds {
        self.rounds.as_ref().unwrap()
    }
}

impl Phone {
    pub fn new() -> Phone {
        let dir = tempfile::tempdir().unwrap();
        let platform = Arc::new(Replay::new(NOW, 7));
        let kit = FakeKit::new(platform.clone());
        let mut phone = Phone { dir, platform, kit, rounds: None };
        phone.open();
        phone.store().write(|tx| identity::store(tx, &me("rep"), &*phone.platform)).unwrap();
        phone.learn();
        for pack in include_str!("../../../packs/order.txt").lines() {
            phone.put_pack(pack);
        }
        phone.open();
        phone
    }

    /// Again after a kill: nothing was closed, and nobody stopped the recorder.
    pub fn open(&mut self) {
        self.kit.recorder.kill();
        drop(self.rounds.take());
        let rounds = Rounds::open(self.dir.path(), Key([1; 32]), self.platform.clone()).unwrap();
        rounds.set_kit(self.kit.kit());
        self.rounds = Some(rounds);
    }

    /// What an exchange teaches of the time.
    pub fn learn(&self) {
        use rounds_device::platform::Platform;
        let reading = self.platform.clocks().unwrap();
        let anchor = Anchor::learnt(reading, reading, reading.wall_ms);
        self.store().write(|tx| meta::set(tx, "anchor", &anchor)).unwrap();
    }

    pub fn put_pack(&self, pack: &str) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs").join(pack);
        let mut files = vec![];
        for folder in ["", "forms", "tables"] {
            let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
            for entry in entries.map(Result::unwrap).filter(|entry| entry.path().is_file()) {
                let path = Path::new(folder).join(entry.file_name());
                files.push((path.to_str().unwrap().to_owned(), std::fs::read(entry.path()).unwrap()));
            }
        }
        let manifest = std::fs::read_to_string(root.join("pack.toml")).unwrap();
        let version = manifest.lines().find_map(|line| line.strip_prefix("version = ")).unwrap();
        let bundle = Bundle::new(files).unwrap().encode().unwrap();
        let version = version.parse().unwrap();
        self.store().write(|tx| roster::put_pack(tx, pack, version, &bundle)).unwrap();
    }

    pub fn sale(&self, mode: &str) -> DocId {
        let mode = format!("mode={mode}");
        let answers = [
            "product=hu_shen_fu",
            &mode,
            "date=2026-11-23",
            "place=大连",
            "seller=李娜",
            "licence=21020001",
            "holder=王强",
            "insured=王小强",
            "relation=父亲",
            "yearly=5000",
            "years=20",
        ];
        self.create("sale_recording", &typed(&answers)).unwrap()
    }

    pub fn feed(&self, ms: u64, bytes: &[u8]) {
        self.platform.advance(ms);
        self.kit.recorder.feed(ms, bytes).unwrap();
    }

    pub fn read(&self, hash: &BlobHash) -> Vec<u8> {
        let key = self.store().write(|tx| blobs::key(tx, &*self.platform)).unwrap();
        let mut out = vec![];
        blobs::read(&self.dir.path().join("blobs"), &key, hash, &mut out).unwrap();
        out
    }

    /// Whether a photo is known here.
    pub fn has(&self, hash: &BlobHash) -> bool {
        self.store().read(|db| blobs::size(db, hash)).unwrap().is_some()
    }

    pub fn report(&self, doc: DocId, chain: &BlobHash) -> Report {
        let key = PublicKey(me("rep").signing_key().verifying_key().to_bytes());
        let expected = verify::Expected { device: Some((DEVICE, key)), ..verify::Expected::of(doc) };
        verify::verify(&self.read(chain), &expected)
    }

    pub fn data(&self, doc: DocId, key: &str) -> String {
        let row = self.store().read(|db| records::get(db, doc)).unwrap().unwrap();
        row.projection.data.get(key).map(ToString::to_string).unwrap_or_default()
    }

    /// Everything that lies on the phone in plain.
    pub fn plain(&self) -> Vec<u8> {
        let mut found = vec![];
        for folder in ["blobs", "recording"] {
            let Ok(entries) = std::fs::read_dir(self.dir.path().join(folder)) else { continue };
            entries.for_each(|entry| found.extend(std::fs::read(entry.unwrap().path()).unwrap()));
        }
        found
    }
}

pub fn typed(pairs: &[&str]) -> Vec<(String, String)> {
    let pair = |text: &&str| text.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    pairs.iter().filter_map(pair).collect()
}

pub fn code<T: std::fmt::Debug>(done: Result<T, RoundsError>) -> String {
    let error = done.unwrap_err();
    assert!(!error.text.zh.is_empty() && !error.remedy.zh.is_empty() && error.text.en != error.code);
    error.code
}

pub fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Through the script, with the customer's answers.
pub fn steps(phone: &Phone, doc: DocId) {
    phone.feed(5_000, b"step one");
    phone.record_mark(doc, FIELD).unwrap();
    for said in ["two", "three"] {
        phone.feed(2_500, said.as_bytes());
        phone.record_answer(doc, FIELD, "是").unwrap();
        phone.record_mark(doc, FIELD).unwrap();
    }
}

/// A photo with something on it; `shift` makes it another one.
pub fn photo(shift: u32, longest: u32) -> Photo {
    let picture = image::RgbImage::from_fn(longest, longest * 3 / 4, |x, y| {
        let (x, y) = (x * 640 / longest, y * 640 / longest);
        let wave = |n: u32, by: u32| (((n + shift) * by / 7) % 256) as u8;
        image::Rgb([wave(x, 3), wave(y, 5), wave(x / 40 * 40 + y / 60 * 13, 9)])
    });
    Photo { bytes: picture::jpeg(&picture).unwrap(), at: None }
}

pub fn fix(latitude: f64, mock: Option<bool>) -> Fix {
    Fix {
        latitude,
        longitude: 121.6443,
        altitude_m: None,
        accuracy_m: 10.0,
        mock,
        gps_ms: None,
        age_ms: 1_000,
        speed_mps: None,
        source: Source::Satellite,
    }
}

pub fn store(phone: &Phone) -> DocId {
    phone.become_a("operator");
    let store = phone.create(
        "store",
        &typed(&["code=S1", "label=中山广场店", "place=38.9201 121.6443 0 0", "fence_m=120"]),
    );
    phone.create("plan_duty", &typed(&["note=演示", "until=2099-12-31"])).unwrap();
    phone.become_a("rep");
    store.unwrap()
}

impl Phone {
    pub fn become_a(&self, role: &str) {
        let mut me = me("rep");
        me.person.role = Role::from(role);
        self.store().write(|tx| meta::set(tx, "identity", &me)).unwrap();
    }

    pub fn request(&self, store: DocId) -> DocId {
        let store = format!("store={store}");
        let doc =
            self.create("position_request", &typed(&[&store, "place=38.93 121.6443 0 8", "reason=搬了"]));
        doc.unwrap()
    }
}

pub fn fonts() -> Vec<rounds_device::Face> {
    let path = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
    // ./test installs fonts-noto-cjk.
    let bytes = std::fs::read(path).unwrap();
    vec![rounds_device::Face::read(bytes, "zh-CN").unwrap()]
}
