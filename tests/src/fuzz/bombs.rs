//! Few bytes that claim much: each must cost what may be held, not what is claimed.

use rounds_model::canonical;
use rounds_model::ids::DeviceId;
use rounds_protocol::exchange::{Packed, Take};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;

/// A name and the bytes of a body.
pub type Bomb = (&'static str, Vec<u8>);

/// Bodies, as they would arrive.
pub fn bodies() -> std::io::Result<Vec<Bomb>> {
    let tiny = |count: usize| Claim {
        device: DeviceId([4; 16]),
        cursors: BTreeMap::new(),
        push: vec![Packed(vec![]); count],
        take: Take::default(),
        unsent: 0,
    };
    let encoded = |claim: &Claim| canonical::encode(claim).unwrap_or_default();
    let claimed = |head: &[u8]| {
        // A request up to its list of items, which claims to be endless.
        let mut plain = encoded(&tiny(0));
        let at = plain.windows(5).position(|five| five == b"dpush").map_or(plain.len(), |at| at + 5);
        plain.truncate(at);
        plain.extend(head);
        plain
    };
    // A push by columns: one message that the request holds as a string of bytes.
    let by_columns = |columns: Vec<u8>| {
        let length = u32::try_from(columns.len()).unwrap_or(u32::MAX).to_be_bytes();
        let plain = [claimed(&[0x5a]), length.to_vec(), columns].concat();
        compressed(|out| out.write_all(&plain))
    };
    Ok(vec![
        (
            "three million strings in each other, by columns",
            by_columns(columns(1, &[[vec![1; 3_300_000], vec![2; 3_300_000]].concat()], &[]))?,
        ),
        (
            "three million strings beside each other in one, by columns",
            by_columns(columns(1, &[[vec![1], [1, 2].repeat(3_300_000), vec![2]].concat()], &[]))?,
        ),
        (
            "two hundred shapes of millions of lists in all, by columns",
            by_columns(columns(1, &vec![vec![0x80; 70_000]; 200], &[]))?,
        ),
        (
            "columns of no width, by columns",
            by_columns(columns(5_000, &[vec![0; 4_096]], &[3, 0].repeat(4_096)))?,
        ),
        (
            "columns of many different values of one item, by columns",
            by_columns(columns(
                1,
                &vec![vec![0; 256]; 200],
                &[&[2, 0xff, 1][..], &[0; 256]].concat().repeat(51_200),
            ))?,
        ),
        ("half a gigabyte of zeros", compressed(|out| zeros(out, 512))?),
        (
            "a string of half a gigabyte",
            compressed(|out| {
                out.write_all(&[0x5a, 0x20, 0x00, 0x00, 0x00])?;
                zeros(out, 512)
            })?,
        ),
        ("a million tiny items", compressed(|out| out.write_all(&encoded(&tiny(1_000_000))))?),
        (
            "four thousand million items, none of them there",
            compressed(|out| out.write_all(&claimed(&[0x9a, 0xff, 0xff, 0xff, 0xff])))?,
        ),
        (
            "an item of four gigabytes that is not there",
            compressed(|out| out.write_all(&claimed(&[0x81, 0x5a, 0xff, 0xff, 0xff, 0xff])))?,
        ),
        (
            "an endless list",
            compressed(|out| {
                out.write_all(&claimed(&[0x9f]))?;
                out.write_all(&vec![0x40; 15 << 20])
            })?,
        ),
        ("a million lists in each other", compressed(|out| out.write_all(&nested(1_000_000)))?),
        (
            "a million lists in each other where items should be",
            compressed(|out| out.write_all(&claimed(&nested(1_000_000))))?,
        ),
        ("a million tags", compressed(|out| out.write_all(&vec![0xc6; 1_000_000]))?),
    ])
}

/// Items by columns: their shapes, each with so many of them, and what should be the columns.
fn columns(items: usize, shapes: &[Vec<u8>], rest: &[u8]) -> Vec<u8> {
    let mut out = vec![];
    let number = |out: &mut Vec<u8>, mut n: usize| {
        while n >= 0x80 {
            out.push(0x80 | (n & 0x7f) as u8);
            n >>= 7;
        }
        out.push((n & 0x7f) as u8);
    };
    number(&mut out, items * shapes.len());
    number(&mut out, shapes.len());
    for shape in shapes {
        number(&mut out, shape.len());
        out.extend(shape);
    }
    number(&mut out, shapes.len());
    for shape in 0..shapes.len() {
        number(&mut out, shape);
        number(&mut out, items);
    }
    out.extend(rest);
    out
}

/// Lists in each other.
pub fn nested(depth: usize) -> Vec<u8> {
    let mut bytes = vec![0x81; depth];
    bytes.push(0);
    bytes
}

fn zeros(out: &mut dyn Write, megabytes: usize) -> std::io::Result<()> {
    let one = vec![0; 1 << 20];
    (0..megabytes).try_for_each(|_| out.write_all(&one))
}

fn compressed(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(vec![], 3)?;
    write(&mut encoder)?;
    encoder.finish()
}

/// The most memory that this process ever had, bytes; none where the system does not say.
pub fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kb| kb * 1_024)
}

/// A request of which only some is true.
#[derive(Serialize)]
struct Claim {
    device: DeviceId,
    cursors: BTreeMap<String, u64>,
    push: Vec<Packed>,
    take: Take,
    unsent: u64,
}
