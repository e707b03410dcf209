//! What an answer costs on the phone, from the typed text to the durable commit, in a form of 300 questions:
//! `cargo bench -p rounds-device --bench filling`. Beside it, in the same run: the smallest durable write of this
//! store, and the same answers where the form is opened anew for each, as it was before it was kept.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

#[path = "../tests/common/mod.rs"]
mod common;

use rounds_device::Rounds;
use rounds_device::store::meta;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

const QUESTIONS: usize = 300;
const ROUNDS: usize = 200;
/// Records that are answered in turn: more than are kept open anywhere.
const TURNS: usize = 4;

const PACK: &str = r#"
id = "long"
version = 1
title = { zh = "长", en = "Long" }
[kinds.long]
title = { zh = "长", en = "Long" }
plural = { zh = "长", en = "Long" }
scope = "owner"
create = ["rep"]
initial = "open"
form = "forms/long.md"
write = [{ stages = ["open"], roles = ["rep"], who = "owner", fields = ["*"] }]
[kinds.long.display]
title = { zh = "${q0}", en = "${q0}" }
[kinds.long.stages]
open = { title = { zh = "有效", en = "Open" } }
"#;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let rounds = phone(folder.path());
    let docs: Vec<DocId> = (0..TURNS).map(|_| filled(&rounds)).collect();
    let kept = measured(|n| answer(&rounds, docs[0], n));
    let anew = measured(|n| answer(&rounds, docs[n % TURNS], n));
    let commit = measured(|n| rounds.store().write(|tx| meta::set(tx, "bench", &n)).unwrap());
    let check = measured(|_| drop(rounds.wrong_at(docs[0], &["q0"], Lang::En).unwrap()));
    let line = |what: &str, times: &[f64]| {
        println!("{what:44} median {:7.3} ms, p95 {:7.3} ms", times[ROUNDS / 2], times[ROUNDS * 95 / 100]);
    };
    println!("a form of {QUESTIONS} questions, all answered, on the encrypted store:");
    line("an answer, durable, the form kept open", &kept);
    line("an answer, durable, records in turn", &anew);
    line("what is wrong with it, asked afterwards", &check);
    line("one small value written durably", &commit);
    println!(
        "kept against opened anew: {:.1} × faster; against the small write: {:.1} ×",
        anew[ROUNDS / 2] / kept[ROUNDS / 2],
        kept[ROUNDS / 2] / commit[ROUNDS / 2]
    );
}

fn measured(mut work: impl FnMut(usize)) -> Vec<f64> {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|n| {
            let began = Instant::now();
            work(n);
            began.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn answer(rounds: &Rounds, doc: DocId, n: usize) {
    let question = format!("q{}", n * 10 % QUESTIONS);
    rounds.answer(doc, &[(question, (n % 90).to_string())]).unwrap();
}

/// One in five with a constraint, one in ten a calculation, one in ten asked only after another.
fn form() -> String {
    let mut text = String::from(
        "| survey | | | | | | |\n| | type | name | label | relevant | constraint | calculation |\n",
    );
    let mut total = Vec::new();
    for at in 0..QUESTIONS {
        let base = at - at % 10;
        let row = match at % 10 {
            0 => format!("integer | q{at} | Q{at} | | . >= 0 and . <= 150 | "),
            1 => format!("text | q{at} | Q{at} | ${{q{base}}} > 10 | | "),
            2 => {
                total.push(format!("coalesce(${{q{at}}}, 0)"));
                format!("calculate | q{at} | | | | coalesce(${{q{base}}}, 0) * 2")
            }
            3 => format!("decimal | q{at} | Q{at} | | . >= 0 | "),
            _ => format!("text | q{at} | Q{at} | | | "),
        };
        writeln!(text, "| | {row} |").unwrap();
    }
    writeln!(text, "| | calculate | total | | | | {} |", total.join(" + ")).unwrap();
    text
}

fn phone(folder: &Path) -> Rounds {
    let files = [("pack.toml", PACK.to_owned()), ("forms/long.md", form())];
    let files = files.map(|(name, text)| (name.to_owned(), text.into_bytes()));
    common::with_pack(&folder.join("phone"), "long", files.into())
}

fn filled(rounds: &Rounds) -> DocId {
    let answers: Vec<(String, String)> = (0..QUESTIONS)
        .filter(|at| at % 10 != 2)
        .map(|at| {
            (format!("q{at}"), if at % 10 < 4 && at % 10 != 1 { "20" } else { "as it was found" }.to_owned())
        })
        .collect();
    rounds.create("long", &answers).unwrap()
}
