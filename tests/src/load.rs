//! The records that benchmarks write: twelve answers, about 300 bytes as JSON, made from a number,
//! so that every program under comparison writes the same ones.

use anyhow::Result;
use serde_json::{Map, Value};

/// How many records go into one push, and into one compressed batch of JSON to compare with.
pub const BATCH: usize = 500;

/// The answers of record `i`, as a rep types them.
pub fn answers(i: usize) -> Vec<(String, String)> {
    fields(i).into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Record `i` as a JSON object with an `id` of the size that everybody's ids have.
pub fn json(i: usize) -> Map<String, Value> {
    let typed = |(key, value): (&str, String)| {
        let value = match key {
            "price" => value.parse::<f64>().map_or(Value::Null, Value::from),
            "facings" | "stock" => value.parse::<i64>().map_or(Value::Null, Value::from),
            _ => Value::from(value),
        };
        (key.to_owned(), value)
    };
    let mut record: Map<_, _> = fields(i).into_iter().map(typed).collect();
    let id = (i as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c);
    record.insert("id".to_owned(), format!("0199{id:028x}").into());
    record
}

/// What records weigh as JSON.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weight {
    /// Bytes as text.
    pub plain: usize,
    /// Bytes with zstd, in the batches in which they are pushed.
    pub packed: usize,
}

/// What the first records weigh as JSON.
pub fn weight(records: usize) -> Result<Weight> {
    let all: Vec<_> = (0..records).collect();
    let mut size = Weight::default();
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch.iter().map(|i| json(*i)).collect();
        let text = serde_json::to_vec(&rows)?;
        size.plain += text.len();
        size.packed += zstd::bulk::compress(&text, 3)?.len();
    }
    Ok(size)
}

fn fields(i: usize) -> [(&'static str, String); 12] {
    let mixed = (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let pick =
        |list: &[&str], at: u64| list.get(at as usize % list.len()).copied().unwrap_or_default().to_owned();
    let shops = ["中山广场店", "青泥洼桥店", "西安路店", "星海便利店"];
    [
        ("outlet", format!("S{:04} {}", mixed % 2000, pick(&shops, mixed >> 3))),
        ("region", pick(&["中山区", "沙河口区", "西岗区", "甘井子区"], mixed >> 5)),
        ("date", format!("2026-11-{:02}", 1 + mixed % 28)),
        ("barcode", format!("690{:010}", mixed % 10_000_000_000)),
        ("price", format!("{}.{}", 5 + mixed % 20, mixed % 9 + 1)),
        ("facings", (mixed % 12).to_string()),
        ("stock", (mixed % 300).to_string()),
        ("tag", pick(&["ok", "missing", "changed", "multi"], mixed >> 7)),
        ("visible", pick(&["y", "n"], mixed >> 9)),
        ("traffic", pick(&["y", "n"], mixed >> 10)),
        ("contact", pick(&["李娜", "张伟", "陈静", "王芳"], mixed >> 11)),
        (
            "note",
            format!(
                "第 {i} 次检查，货架整齐，{}",
                pick(&["补货及时", "需要跟进", "竞品促销", "价签更换"], mixed >> 13)
            ),
        ),
    ]
}
