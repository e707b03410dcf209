//! How long things take: `cargo bench -p rounds-forms`.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rounds_forms::{Filling, NoMedia, import};
use support::{open, workbook};

const HEADER: &[&str] =
    &["type", "name", "label", "relevant", "calculation", "constraint", "choice_filter", "required"];

fn p95(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() * 95 / 100]
}

fn timed(filling: &mut Filling, answers: impl Iterator<Item = (String, String)>) -> f64 {
    p95(answers
        .map(|(key, value)| {
            let start = Instant::now();
            filling.set(&key, &value).unwrap();
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect())
}

fn main() {
    // 1,000 questions, 200 constraints, chains of relevance, one long total.
    let rows: Vec<[String; 8]> = (0..1_000)
        .map(|n| {
            let kind = ["integer", "text", "decimal", "select_one yn"][n % 4];
            let relevant = if n % 3 == 1 { format!("${{q{}}} != ''", n - 1) } else { String::new() };
            let constraint =
                if n % 5 == 0 { ". != 'zz' and string-length(.) < 200".to_owned() } else { String::new() };
            [
                kind.to_owned(),
                format!("q{n}"),
                format!("Question {n}"),
                relevant,
                String::new(),
                constraint,
                String::new(),
                "yes".to_owned(),
            ]
        })
        .collect();
    let total =
        (0..1_000).step_by(4).map(|n| format!("coalesce(${{q{n}}}, 0)")).collect::<Vec<_>>().join(" + ");
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let mut survey: Vec<&[&str]> = vec![HEADER];
    survey.extend(cells.iter().map(Vec::as_slice));
    let last = ["calculate", "total", "", "", &total];
    survey.push(&last);
    let bytes = workbook(&[
        ("survey", &survey),
        ("choices", &[&["list_name", "name", "label"], &["yn", "y", "Yes"]]),
    ]);
    let start = Instant::now();
    let form = Arc::new(import("big.xlsx", &bytes, &NoMedia).unwrap().form);
    println!("import of 1,000 questions: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    let mut filling = open(&form);
    println!("open: {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    let answers = (0..1_000).map(|n| (format!("q{n}"), ["7", "text", "1.5", "y"][n % 4].to_owned()));
    println!("answer p95: {:.3} ms", timed(&mut filling, answers));
    let start = Instant::now();
    let states = filling.nodes("en");
    println!("all {} states: {:.2} ms", states.len(), start.elapsed().as_secs_f64() * 1e3);

    let form = support::form(
        &[
            HEADER,
            &["begin_repeat", "r", "R"],
            &["integer", "n", "N"],
            &["calculate", "twice", "", "", "${n} * 2"],
            &["end_repeat"],
            &["calculate", "sum", "", "", "sum(${twice})"],
        ],
        &[],
    );
    let mut filling = open(&form);
    let start = Instant::now();
    for n in 0..500 {
        filling.add("r", &format!("aaaaaaaaaa{n:03}"), &format!("{n:03}")).unwrap();
    }
    println!("adding 500 rows: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let answers = (0..500).map(|n| (format!("r/aaaaaaaaaa{n:03}/n"), n.to_string()));
    println!("answer in 500 rows p95: {:.3} ms", timed(&mut filling, answers));
    assert_eq!(filling.node("sum", "en").unwrap().value, "249500");

    let mut csv = String::from("name,label,region\n");
    for n in 0..50_000 {
        csv.push_str(&format!("S{n},Store {n},region{}\n", n % 500));
    }
    let media = BTreeMap::from([("stores.csv".to_owned(), csv.into_bytes())]);
    let bytes = workbook(&[(
        "survey",
        &[
            HEADER,
            &["text", "region", "R"],
            &["select_one_from_file stores.csv", "store", "S", "", "", "", "region = ${region}"],
            &["select_one_from_file stores.csv", "scan", "S", "", "", "", "starts-with(region, ${region})"],
        ],
    )]);
    let start = Instant::now();
    let form = Arc::new(import("csv.xlsx", &bytes, &media).unwrap().form);
    println!("import with a 50,000-row CSV: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let mut filling = open(&form);
    let first = timed(&mut filling, std::iter::once(("region".to_owned(), "region0".to_owned())));
    filling.set("store", "S0").unwrap();
    println!("first answer: {first:.3} ms");
    for what in ["store", "store", "scan"] {
        filling.set("region", "region7").unwrap();
        let start = Instant::now();
        let choices = filling.node(what, "en").unwrap().choices.len();
        println!("{choices} choices of {what}: {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    }
}
