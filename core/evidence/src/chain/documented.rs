//! The chain that `docs/evidence.md` shows, and the verifier that was written from that page alone: the
//! page is right if the two agree, and if it finds what is wrong where we find it.
//!
//! After a change of the format, `ROUNDS_WRITE=1 cargo test -p rounds-evidence documented` writes the chain
//! anew; the page's excerpts are then to be taken from it.

use super::verify::Expected;
use super::*;
use crate::session::{Script, Session, Step};
use ed25519_dalek::SigningKey;
use rounds_model::ids::{BlobHash, BootId, DeviceId, DocId, PersonId, PublicKey};
use rounds_model::time::{Anchor, GpsTime, Known, Reading, Seen, TrustedTime};
use std::path::{Path, PathBuf};
use std::process::Command;

const RECORD: DocId = DocId([2; 16]);
const DEVICE: DeviceId = DeviceId([4; 16]);
const NOON: i64 = 1_795_406_400_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence")
}

/// The seed of the key, for this page only: 32 bytes of seven.
fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// The clocks so many milliseconds after the server spoke, in the first start of the phone.
fn first(ms: u64, gps: bool) -> TrustedTime {
    let wall_ms = NOON + i64::try_from(ms).unwrap();
    let reading = Reading { wall_ms, mono_ms: 60_000 + ms, boot: BootId([1; 16]) };
    let gps = gps.then_some(GpsTime { gps_ms: wall_ms - 1_500, age_ms: 2_000 });
    TrustedTime::knowing(reading, Known { anchor: Some(anchor()), seen: None, gps })
}

/// The same in the second start, in which the wall clock is set two hours ahead after ten seconds.
fn second(ms: u64) -> TrustedTime {
    let set = if ms > 10_000 { 7_200_000 } else { 0 };
    let wall_ms = NOON + 400_000 + i64::try_from(ms).unwrap() + set;
    let reading = Reading { wall_ms, mono_ms: 9_000 + ms, boot: BootId([2; 16]) };
    let seen = Seen { at_ms: NOON + 23_080, mono_ms: 83_000, boot: BootId([1; 16]) };
    let gps = (ms > 10_000).then_some(GpsTime { gps_ms: wall_ms - set - 500, age_ms: 500 });
    TrustedTime::knowing(reading, Known { anchor: Some(anchor()), seen: Some(seen), gps })
}

fn anchor() -> Anchor {
    let reading = Reading { wall_ms: NOON, mono_ms: 60_000, boot: BootId([1; 16]) };
    Anchor { reading, server_ms: NOON + 80, took_ms: 120 }
}

/// A call in the first segment, an empty battery in the second, and a clock that is set in the third.
fn made() -> String {
    let step = |number, text: &str, needs: &str, hold_ms| Step {
        number,
        speaker: "业务员".into(),
        text: text.into(),
        needs: needs.into(),
        hold_ms,
    };
    let steps = vec![
        step(1, "今天是 2026 年 11 月 23 日\n我是李娜", "", 0),
        step(2, "请看条款首页", "是", 2_000),
        step(3, "每年交费 5000 元", "是", 0),
    ];
    let about = About {
        record: RECORD,
        field: "recording".into(),
        person: PersonId([3; 16]),
        device: DEVICE,
        script: "sale-recording/hu_shen_fu 1".into(),
        steps: 3,
        medium: "video".into(),
    };
    let now = first(0, true);
    let (mut it, mut links) = Session::begin([0x0f; 16], Script { steps }, about, &now).unwrap();
    links.extend(it.resume(&now).unwrap());
    links.extend(it.mark(&first(5_000, true)).unwrap());
    let called = first(6_000, false).reading;
    links.extend(it.pause(Stop::Call, Some(called), &first(20_000, false)));
    links.extend(it.put_away(1, BlobHash([0xa1; 32]), 81_920, 6_000, &first(20_200, false)).unwrap());
    links.extend(it.resume(&first(21_000, false)).unwrap());
    links.extend(it.answer("是", &first(23_000, false)).unwrap());
    links.extend(it.pause(Stop::Killed, None, &second(0)));
    links.extend(it.put_away(2, BlobHash([0xa2; 32]), 40_960, 0, &second(100)).unwrap());
    links.extend(it.resume(&second(1_000)).unwrap());
    links.extend(it.answer("是", &second(2_000)).unwrap());
    links.extend(it.mark(&second(3_500)).unwrap());
    links.extend(it.answer("是", &second(12_000)).unwrap());
    links.extend(it.mark(&second(13_000)).unwrap());
    links.extend(it.pause(Stop::Asked, Some(second(14_000).reading), &second(14_010)));
    links.extend(it.put_away(3, BlobHash([0xa3; 32]), 61_440, 13_000, &second(14_300)).unwrap());
    links.extend(it.finish(Ending::Complete, &second(14_400)).unwrap());
    Chain::new(&links, &Seal::sign(links.last().unwrap().hash, &key())).text
}

fn public() -> PublicKey {
    PublicKey(key().verifying_key().to_bytes())
}

/// Whether the page's own verifier finds nothing wrong, and what it says.
fn by_the_page(chain: &str) -> (bool, String) {
    let file = std::env::temp_dir().join(format!("rounds-chain-{}", std::process::id()));
    std::fs::write(&file, chain).unwrap();
    let done = Command::new("python3")
        .arg(folder().join("verify.py"))
        .arg(&file)
        .arg(public().to_string())
        .output()
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    (done.status.success(), said)
}

#[test]
fn the_documented_chain_is_as_it_is_made_and_whole() {
    let (made, file) = (made(), folder().join("chain.txt"));
    if std::env::var_os("ROUNDS_WRITE").is_some() {
        std::fs::write(&file, &made).unwrap();
        std::fs::write(folder().join("device.pub"), format!("{}\n", public())).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), made);
    let expected = Expected { device: Some((DEVICE, public())), ..Expected::of(RECORD) };
    assert_eq!(verify(made.as_bytes(), &expected).findings, vec![]);
    let page = std::fs::read_to_string(folder().with_file_name("evidence.md")).unwrap();
    let example = page.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(example.lines().count() > 15);
    for line in example.lines().filter(|line| *line != "…") {
        assert!(
            made.lines().any(|own| own == line),
            "the page shows a line that is not in the chain: {line}"
        );
    }
}

#[test]
fn who_follows_the_documented_page_alone_finds_the_same() {
    let made = made();
    let (whole, said) = by_the_page(&made);
    assert!(whole && said.starts_with("nothing is wrong"), "{said}");
    // Changed by somebody who has not the key, and by somebody who has: the lines fit in all of these.
    let signed = |from: &str, to: &str| {
        assert!(made.contains(from), "{from}");
        let mut links: Vec<Link> = Vec::new();
        let mut body = String::new();
        for line in made.lines().take_while(|line| !line.starts_with('!')) {
            if line.starts_with('=') {
                let before = links.last().map_or(LinkHash::NONE, |link| link.hash);
                let hash = hash(before, &body);
                links.push(Link { number: links.len() as u64, body: std::mem::take(&mut body), hash });
            } else {
                let said = line.rsplit_once(" ~").unwrap().0;
                body.push_str(&text::line(if said == from { to } else { said }));
            }
        }
        Chain::new(&links, &Seal::sign(links.last().unwrap().hash, &key())).text
    };
    let unchanged = signed("ending complete", "ending complete");
    assert_eq!(unchanged, made);
    let expected = Expected { device: Some((DEVICE, public())), ..Expected::of(RECORD) };
    let cases = [
        ("gap exact 15000", "gap none", "gap"),
        ("held 2500", "held 9000", "held"),
        ("hold 2000", "hold 20000", "held"),
        ("stopped 66000", "stopped 79000", "gap"),
        ("needs 是", "needs 同意", "said"),
        ("steps 3", "steps 2", "steps"),
        ("segments 3", "segments 2", "segments"),
        ("judged suspect", "judged estimated", "judged"),
        ("mono 83000", "mono 1", "mono"),
        ("segment 2", "segment 5", "segment"),
        ("bytes 81920", "bytes 0", "nothing was recorded"),
    ];
    for (from, to, field) in cases {
        let chain = signed(from, to);
        let (whole, said) = by_the_page(&chain);
        assert!(!whole && said.contains(field), "{from} to {to}: {said}");
        let ours = verify(chain.as_bytes(), &expected).findings;
        assert!(!ours.is_empty(), "{from} to {to}");
    }
    // Of the answer in that segment nothing is left, and it was given again.
    let again = signed("bytes 40960", "bytes 0");
    assert!(by_the_page(&again).0 && verify(again.as_bytes(), &expected).is_whole());
    let torn = made.replacen("held 2500 ~", "held 2501 ~", 1);
    let (whole, said) = by_the_page(&torn);
    assert!(!whole && said.contains("held: was changed"), "{said}");
    // Something behind the seal, and what is no chain at all.
    for other in [format!("{made}\n"), format!("{made}x"), String::new(), "no chain".into()] {
        let (whole, said) = by_the_page(&other);
        assert!(!whole && said.starts_with("link ") && !said.contains("Traceback"), "{said}");
    }
    let asked = |args: &[&str]| {
        let done = Command::new("python3").arg(folder().join("verify.py")).args(args).output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    for args in [&[][..], &["chain.txt"], &["no such file", &public().to_string()]] {
        let (code, said) = asked(args);
        assert!(code == Some(2) && said.starts_with("usage: "), "{said}");
    }
    let forged = made.replacen("signature ", "signature f", 1);
    assert!(!by_the_page(&forged).0);
}
