//! The company's own tables (R.6): what a manual only names comes as an empty table, and the company fills it
//! in without writing packs. Which of a pack's tables are the company's is kept in the published version itself,
//! so that a later version that is delivered with its own tables is published with theirs laid over it.
//!
//! Such versions are the server's own: each takes the next number, and remembers which delivered one it is of.

use super::by::By;
use super::publish::{Published, publish_by};
use super::{Done, Refused};
use crate::error::Error;
use crate::storage::log::PackRow;
use crate::storage::{Read, Storage};
use rounds_model::ids::TeamId;
use rounds_workflow::bundle::{BadBundle, Bundle, MANIFEST};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use toml::Spanned;

/// The file of a published version that says which of its tables are the company's.
pub const OWN: &str = "own-tables.toml";

/// What it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Own {
    /// The delivered version that the rest is of.
    delivered: u32,
    /// The paths of the company's tables.
    tables: BTreeSet<String>,
}

impl Own {
    fn names(&self) -> Vec<String> {
        names(&self.tables)
    }
}

fn names<'a>(paths: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    paths.into_iter().filter_map(|path| table_name(path)).map(str::to_owned).collect()
}

/// The part of a manifest that is written anew.
#[derive(Deserialize)]
struct Head {
    version: Spanned<i64>,
}

/// Puts a table of the company into the newest version of a pack, and publishes that, or only checks it.
///
/// Refusals: `pack-unknown`, `table-not-there`, and those of publishing.
pub fn put_table(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    (pack, name, csv): (&str, &str, &[u8]),
    check: bool,
    now_ms: i64,
) -> Done<Published> {
    let tx = storage.browse(team)?;
    let packs = tx.packs()?;
    let Some(newest) = packs.iter().find(|row| row.pack == pack) else {
        let known = packs.iter().map(|row| row.pack.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Refused::new("pack-unknown", &[("pack", &pack), ("known", &known)]).into());
    };
    let mut bundle = read(newest)?;
    drop(tx);
    let tables = || bundle.files.keys().filter_map(|path| Some((path, table_name(path)?)));
    let Some(path) = tables().find(|(_, table)| *table == name).map(|(path, _)| path.clone()) else {
        let known = tables().map(|(_, table)| table).collect::<Vec<_>>().join(", ");
        let args: [(_, &dyn std::fmt::Display); 3] = [("pack", &pack), ("table", &name), ("known", &known)];
        return Err(Refused::new("table-not-there", &args).into());
    };
    let mut own = own(&bundle).unwrap_or(Own { delivered: newest.version, ..Own::default() });
    if bundle.file(&path) == Some(csv) {
        let (pack, version) = (newest.pack.clone(), newest.version);
        return Ok(Published { pack, version, laid: own.names(), ..Published::default() });
    }
    own.tables.insert(path.clone());
    bundle.files.insert(path, csv.to_vec().into());
    say(&mut bundle, &own)?;
    number(&mut bundle, newest.version.saturating_add(1))?;
    let done = publish_by(storage, team, by, &bundle, check, now_ms)?;
    Ok(Published { laid: own.names(), ..done })
}

/// A delivered version with the company's tables laid over.
pub(super) struct Laid {
    /// What is published.
    pub bundle: Bundle,
    /// The names of the tables that are the company's in it.
    pub tables: Vec<String>,
    /// The names of those that this version has no place for.
    pub dropped: Vec<String>,
    /// The published version that is the very same, if there is one.
    pub same: Option<u32>,
}

/// Lays the company's tables over a version that is delivered; none if there is nothing to lay.
pub(super) fn lay(tx: &dyn Read, (pack, version): (&str, u32), bundle: &Bundle) -> Done<Option<Laid>> {
    if bundle.file(OWN).is_some() {
        return Ok(None);
    }
    let packs = tx.packs()?;
    let Some(newest) = packs.iter().find(|row| row.pack == pack) else { return Ok(None) };
    let standing = read(newest)?;
    let Some(before) = own(&standing) else { return Ok(None) };
    if version < before.delivered {
        let args: [(_, &dyn std::fmt::Display); 3] =
            [("pack", &pack), ("version", &version), ("newest", &before.delivered)];
        return Err(Refused::new("pack-older", &args).into());
    }
    let mut laid = bundle.clone();
    let mut kept = Own { delivered: version, ..Own::default() };
    let dropped = names(before.tables.iter().filter(|path| bundle.file(path).is_none()));
    for path in before.tables {
        // One that is delivered as the company has it is the company's no more; one that is gone has no place.
        let (delivered, company) = (bundle.file(&path), standing.files.get(&path));
        if let Some((delivered, company)) = delivered.zip(company)
            && delivered != company.as_slice()
        {
            laid.files.insert(path.clone(), company.clone());
            kept.tables.insert(path);
        }
    }
    // Also without tables, so that the numbers of delivered versions stay known.
    say(&mut laid, &kept)?;
    let tables = kept.names();
    if version == before.delivered {
        number(&mut laid, newest.version)?;
        if laid == standing {
            return Ok(Some(Laid { bundle: laid, tables, dropped, same: Some(newest.version) }));
        }
        let args: [(_, &dyn std::fmt::Display); 2] = [("pack", &pack), ("version", &version)];
        return Err(Refused::new("pack-taken", &args).into());
    }
    number(&mut laid, version.max(newest.version.saturating_add(1)))?;
    Ok(Some(Laid { bundle: laid, tables, dropped, same: None }))
}

fn read(row: &PackRow) -> Done<Bundle> {
    Ok(Bundle::decode(&row.bundle).map_err(|e| Error::Packs(e.to_string()))?)
}

/// `papers` of `tables/papers.csv`.
fn table_name(path: &str) -> Option<&str> {
    path.strip_prefix("tables/")?.strip_suffix(".csv")
}

fn own(bundle: &Bundle) -> Option<Own> {
    toml::from_str(std::str::from_utf8(bundle.file(OWN)?).ok()?).ok()
}

fn say(bundle: &mut Bundle, own: &Own) -> Done<()> {
    let text = toml::to_string(own).map_err(|e| Error::Packs(e.to_string()))?;
    bundle.files.insert(OWN.to_owned(), text.into_bytes().into());
    Ok(())
}

/// Writes another version into the manifest, and leaves the rest of it as it is.
fn number(bundle: &mut Bundle, version: u32) -> Done<()> {
    let unreadable = || Error::Packs(BadBundle::Malformed.to_string());
    let manifest = bundle.file(MANIFEST).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let manifest = manifest.ok_or_else(unreadable)?;
    let head: Head = toml::from_str(manifest).map_err(|_| unreadable())?;
    let mut text = manifest.to_owned();
    text.replace_range(head.version.span(), &version.to_string());
    bundle.files.insert(MANIFEST.to_owned(), text.into_bytes().into());
    Ok(())
}
