//! Our side of `tests/forms-oracle/run --bench`: the forms and plans in the folder `ROUNDS_BENCH`.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rounds_forms::expr::Moment;
use rounds_forms::{Answers, Filling, Form, Session, import};
use serde_json::{Map, Value, json};

fn main() {
    let Ok(folder) = std::env::var("ROUNDS_BENCH") else {
        return;
    };
    let mut all = Map::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        all.insert(name, Value::Object(case(&path)));
    }
    println!("{}", Value::Object(all));
}

fn case(path: &Path) -> Map<String, Value> {
    let bytes = std::fs::read(path.join("form.md")).unwrap();
    let plan: Value = serde_json::from_slice(&std::fs::read(path.join("plan.json")).unwrap()).unwrap();
    let media: BTreeMap<String, Vec<u8>> = std::fs::read(path.join("stores.csv"))
        .map(|csv| BTreeMap::from([("stores.csv".to_owned(), csv)]))
        .unwrap_or_default();
    let mut out = Map::new();
    let mut load = f64::INFINITY;
    let mut filling = None;
    // Import and opening, as their engine's load makes an instance too.
    for _ in 0..7 {
        let start = Instant::now();
        let form: Arc<Form> = Arc::new(import("form.md", &bytes, &media).unwrap().form);
        let opened = Filling::new(form, Answers::new(), Moment::default(), Session::default());
        load = load.min(ms(start));
        filling = Some(opened);
    }
    let mut filling = filling.unwrap();
    out.insert("load".to_owned(), json!(load));
    let answers: Vec<(&str, &str)> = plan["answers"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
        .collect();
    if !answers.is_empty() {
        let times = answers.iter().map(|(path, value)| timed(|| drop(filling.set(path, value).unwrap())));
        out.insert("answer".to_owned(), json!(p95(times.collect())));
    }
    if let Some(repeat) = plan["adds"].as_str() {
        let count = plan["grow"].as_u64().unwrap();
        let start = Instant::now();
        for row in 0..count {
            filling.add(repeat, &format!("{row:013}"), &format!("{row:09}")).unwrap();
        }
        out.insert("add".to_owned(), json!(ms(start) / count as f64));
        let inside = plan["inside"].as_str().unwrap();
        let times = (0..60).map(|n| {
            let path = format!("{repeat}[{}]/{inside}", 1 + n * count / 60);
            timed(|| drop(filling.set(&path, &n.to_string()).unwrap()))
        });
        out.insert("inside".to_owned(), json!(p95(times.collect())));
    }
    if let Some(question) = plan["count"]["question"].as_str() {
        let size = plan["count"]["value"].as_str().unwrap();
        let start = Instant::now();
        filling.set(question, size).unwrap();
        let mut made = 0;
        for due in filling.rows_due() {
            let rows: Vec<(String, String)> =
                (0..due.missing).map(|row| (format!("{row:013}"), format!("{row:09}"))).collect();
            made += rows.len();
            filling.add_all(&due.repeat, &rows).unwrap();
        }
        assert_eq!(made.to_string(), size);
        out.insert("counted".to_owned(), json!(ms(start) / made as f64));
    }
    if let Some(values) = plan["choices"]["values"].as_array() {
        let (driver, select) =
            (plan["choices"]["driver"].as_str().unwrap(), plan["choices"]["select"].as_str().unwrap());
        let times = values.iter().map(|value| {
            timed(|| {
                filling.set(driver, value.as_str().unwrap()).unwrap();
                assert!(!filling.node(select, "").unwrap().choices.is_empty());
            })
        });
        out.insert("filter".to_owned(), json!(p95(times.collect())));
    }
    out
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    ms(start)
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

fn p95(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() * 95 / 100]
}
