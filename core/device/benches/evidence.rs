//! What evidence costs: `cargo bench -p rounds-device --bench evidence`. The aims are a step marked in 2 ms,
//! durable; a video of 200 MB hashed and encrypted at 150 MB/s within 20 MB of memory; a recording of 60
//! steps in 10 segments verified in a second.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

#[path = "../tests/common/mod.rs"]
mod common;

use rounds_device::capture::fake::FakeKit;
use rounds_device::identity::{self};
use rounds_device::platform::{Replay, System};
use rounds_device::store::{blobs, meta, roster};
use rounds_device::{Key, Rounds};
use rounds_evidence::chain::verify;
use rounds_model::ids::{DocId, PublicKey};
use rounds_workflow::Bundle;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const STEPS: usize = 60;
const SEGMENTS: usize = 10;
const MB: usize = 1_000_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    // Without `--bench`, as `./test` runs it, only that it works.
    let measured = std::env::args().any(|arg| arg == "--bench");
    streaming(folder.path(), if measured { 200 } else { 2 });
    marking(folder.path());
}

/// A video as the recorder leaves it, without the cost of making it up.
struct Video {
    block: Vec<u8>,
    left: usize,
}

impl Read for Video {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = out.len().min(self.left).min(self.block.len());
        out[..n].copy_from_slice(&self.block[..n]);
        self.left -= n;
        Ok(n)
    }
}

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn streaming(folder: &Path, megabytes: usize) {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()
    };
    let block: Vec<u8> = (0..MB / 8).flat_map(|_| random()).collect();
    let before = peak_kb();
    for round in 1..=3 {
        let mut video = Video { block: block.clone(), left: megabytes * MB };
        let began = Instant::now();
        let draft = blobs::draft(&folder.join("blobs"), &[7; 32], &System, &mut video).unwrap();
        let stored = draft.keep(&folder.join("blobs"), &[7; 32]).unwrap();
        let rate = stored.size as f64 / MB as f64 / began.elapsed().as_secs_f64();
        let grown = (peak_kb() - before) as f64 / 1_024.0;
        println!(
            "stream {megabytes} MB, round {round}: {rate:.0} MB/s, {grown:.1} MB more memory at the peak"
        );
    }
}

fn marking(folder: &Path) {
    let platform = Arc::new(Replay::new(common::NOW, 7));
    let kit = FakeKit::new(platform.clone());
    let open = || Rounds::open(&folder.join("phone"), Key([1; 32]), platform.clone()).unwrap();
    let rounds = open();
    let me = common::me("rep");
    rounds.store().write(|tx| identity::store(tx, &me, &*platform)).unwrap();
    for pack in ["daily-routine", "store-visit", "policy-application", "sale-recording"] {
        put_pack(&rounds, pack);
    }
    drop(rounds);
    let rounds = open();
    rounds.set_kit(kit.kit());
    let doc = sale(&rounds);
    rounds.record(doc, "recording").unwrap();
    let mut marks = Vec::new();
    for step in 1..=STEPS {
        platform.advance(1_000);
        kit.recorder.feed(1_000, &[9; 1_000]).unwrap();
        let began = Instant::now();
        rounds.record_mark(doc, "recording").unwrap();
        marks.push(began.elapsed().as_secs_f64() * 1_000.0);
        if step % (STEPS / SEGMENTS) == 0 && step < STEPS {
            rounds.record_pause(doc, "recording").unwrap();
            rounds.record(doc, "recording").unwrap();
        }
    }
    marks.sort_by(f64::total_cmp);
    // Beside it: the smallest durable write of this store.
    let mut raw: Vec<f64> = (0..STEPS as u64)
        .map(|n| {
            let began = Instant::now();
            rounds.store().write(|tx| meta::set(tx, "bench", &n)).unwrap();
            began.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    raw.sort_by(f64::total_cmp);
    println!(
        "mark a step, durable: median {:.2} ms, p95 {:.2} ms; one value written durably: median {:.2} ms ({:.1} ×)",
        marks[STEPS / 2],
        marks[STEPS * 95 / 100],
        raw[STEPS / 2],
        marks[STEPS / 2] / raw[STEPS / 2]
    );
    let chain = rounds.record_finish(doc, "recording").unwrap();
    let key = rounds.store().write(|tx| blobs::key(tx, &*platform)).unwrap();
    let mut bytes = Vec::new();
    blobs::read(&folder.join("phone/blobs"), &key, &chain, &mut bytes).unwrap();
    let public = PublicKey(me.signing_key().verifying_key().to_bytes());
    let expected = verify::Expected { device: Some((me.device, public)), ..verify::Expected::of(doc) };
    let began = Instant::now();
    let report = verify::verify(&bytes, &expected);
    let ms = began.elapsed().as_secs_f64() * 1_000.0;
    assert!(report.is_whole() && report.segments().count() == SEGMENTS, "{:?}", report.findings);
    println!(
        "verify {STEPS} steps, {SEGMENTS} segments, {} links, {} KB: {ms:.1} ms",
        report.links.len(),
        bytes.len() / 1_000
    );
}

/// The packs as they are, with a script of so many steps.
fn put_pack(rounds: &Rounds, pack: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs").join(pack);
    let mut files = vec![];
    for folder in ["", "forms", "tables"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for entry in entries.map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            let path = Path::new(folder).join(entry.file_name()).to_str().unwrap().to_owned();
            let mut bytes = std::fs::read(entry.path()).unwrap();
            if path == "tables/steps.csv" {
                bytes = b"script,speaker,zh,en\n".to_vec();
                for step in 1..=STEPS {
                    let row = format!("hu_shen_fu,业务员,第 {step} 步：{{${{holder}}}}请看,Step {step}\n");
                    bytes.extend(row.as_bytes());
                }
            }
            files.push((path, bytes));
        }
    }
    let manifest = std::fs::read_to_string(root.join("pack.toml")).unwrap();
    let version = manifest.lines().find_map(|line| line.strip_prefix("version = ")).unwrap();
    let version = version.parse().unwrap();
    let bundle = Bundle::new(files).unwrap().encode().unwrap();
    rounds.store().write(|tx| roster::put_pack(tx, pack, version, &bundle)).unwrap();
}

fn sale(rounds: &Rounds) -> DocId {
    let answers = [
        ("product", "hu_shen_fu"),
        ("mode", "audio"),
        ("date", "2026-11-23"),
        ("place", "大连"),
        ("seller", "李娜"),
        ("licence", "2102"),
        ("holder", "王强"),
        ("insured", "王小强"),
        ("relation", "父亲"),
        ("yearly", "5000"),
        ("years", "20"),
    ];
    let typed = answers.map(|(key, value)| (key.to_owned(), value.to_owned()));
    rounds.create("sale_recording", &typed).unwrap()
}
