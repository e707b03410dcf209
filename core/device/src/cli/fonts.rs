//! Fonts of this machine, for the headless phone; an app gives the bytes of its system's font.
//!
//! `--font FILE`, as often as needed, or else the first of [`CHINESE`] that is found in [`folders`], and
//! [`OTHERS`] for what it has not.

use crate::error::{Fail, RoundsError};
use rounds_model::text::Lang;
use rounds_print::{Face, PrintError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Fonts with Chinese letters, the best first.
const CHINESE: [&str; 17] = [
    "notosanscjk-regular.ttc",
    "notosanscjksc-regular.otf",
    "notosanssc-regular.otf",
    "notosanssc-regular.ttf",
    "sourcehansanssc-regular.otf",
    "sourcehansanscn-regular.otf",
    "notoserifcjk-regular.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "droidsansfallbackfull.ttf",
    "droidsansfallback.ttf",
    "pingfang.ttc",
    "hiragino sans gb.ttc",
    "stheiti light.ttc",
    "msyh.ttc",
    "simsun.ttc",
    "simhei.ttf",
];
/// Fonts with the letters of many other languages.
const OTHERS: [&str; 3] = ["dejavusans.ttf", "notosans-regular.ttf", "arial unicode.ttf"];
/// How deep folders are looked into, and at how many entries in all.
const DEPTH: usize = 6;
const ENTRIES: usize = 20_000;

/// The fonts to print with.
pub fn fonts(given: &[PathBuf], lang: Lang) -> Result<Vec<Face>, RoundsError> {
    if !given.is_empty() {
        return given.iter().map(|file| read(file, lang).map_err(RoundsError::from)).collect();
    }
    let mut there = BTreeMap::new();
    let mut left = ENTRIES;
    for folder in folders() {
        look(&folder, DEPTH, &mut left, &mut there);
    }
    let first = |names: &[&str]| {
        let mut found = names.iter().filter_map(|name| there.get(*name));
        // One that cannot be used is passed over: others may be.
        found.find_map(|file| read(file, lang).ok())
    };
    let fonts: Vec<Face> = first(&CHINESE).into_iter().chain(first(&OTHERS)).collect();
    if fonts.is_empty() { Err(Fail::Print(PrintError::Lacks(Vec::new())).into()) } else { Ok(fonts) }
}

/// Where systems keep their fonts.
fn folders() -> Vec<PathBuf> {
    let system = [
        "/usr/local/share/fonts",
        "/usr/share/fonts",
        "/system/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ];
    let own = std::env::home_dir().into_iter();
    let own =
        own.flat_map(|home| [".local/share/fonts", ".fonts", "Library/Fonts"].map(|below| home.join(below)));
    own.chain(system.map(PathBuf::from)).collect()
}

fn look(folder: &Path, depth: usize, left: &mut usize, there: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return;
        }
        let path = entry.path();
        if path.is_dir() && depth > 0 {
            look(&path, depth - 1, left, there);
        } else if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            // The person's own come first.
            there.entry(name.to_lowercase()).or_insert(path);
        }
    }
}

fn read(file: &Path, lang: Lang) -> Result<Face, Fail> {
    // Something else than a font may be larger than the memory.
    if std::fs::metadata(file)?.len() > rounds_print::font::BYTES as u64 {
        return Err(PrintError::TooLarge.into());
    }
    Ok(Face::read(std::fs::read(file)?, lang.tag())?)
}
