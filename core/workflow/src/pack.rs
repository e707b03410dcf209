//! A pack: one system as data, loaded from its files.

use crate::bundle::{BadBundle, Bundle, MANIFEST};
use crate::compile;
use crate::kind::Kind;
use crate::limits;
use crate::manifest::Manifest;
use crate::problem::{Problem, Problems};
use crate::schedule::Schedule;
use crate::shape;
use rounds_model::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One system at one version.
#[derive(Debug)]
pub struct Pack {
    /// Its id, kebab-case; also the name of its folder.
    pub id: String,
    /// Counts up from 1 with every publication.
    pub version: u32,
    /// What people read.
    pub title: Text,
    /// The packs whose kinds it links to.
    pub uses: Vec<String>,
    /// Its kinds, in the author's order.
    pub kinds: Vec<Kind>,
    /// Its schedules, by name.
    pub schedules: Arc<BTreeMap<String, Schedule>>,
    /// What can never be meant and was not always told: a version that was published before stays usable,
    /// a new one with it is not published.
    pub doubts: Vec<Problem>,
}

impl Pack {
    /// Loads a pack, or says everything that is wrong with it, in the order of its lines. What
    /// reaches into other packs is checked when they are put together
    /// ([`Catalogue::new`](crate::Catalogue::new)).
    pub fn load(bundle: &Bundle) -> Result<Pack, Vec<Problem>> {
        let source = source(bundle).map_err(|problem| vec![problem])?;
        let mut problems = Problems::of(MANIFEST, source);
        let pack = read(source, &mut problems).and_then(|m| compile::pack(&m, bundle, &mut problems));
        match (pack, problems.into_vec()) {
            (Some(pack), problems) if problems.is_empty() => Ok(pack),
            (_, problems) => Err(problems),
        }
    }

    /// What is wrong with a pack; nothing if it can be published.
    pub fn check(bundle: &Bundle) -> Vec<Problem> {
        Pack::load(bundle).map_or_else(|problems| problems, |pack| pack.doubts)
    }

    /// What refuses without saying which requirement it comes from: told to whoever checks the pack, and no
    /// reason against publishing one of a team that has no manual.
    pub fn unfounded(&self) -> Vec<Problem> {
        self.kinds.iter().flat_map(|kind| &kind.unfounded).cloned().collect()
    }

    /// What its author should know although it can be published: about its workbooks.
    pub fn notes(&self) -> Vec<Problem> {
        self.kinds.iter().filter_map(|kind| kind.workbook.as_ref()).flat_map(|w| w.notes().to_vec()).collect()
    }

    /// A kind by its name.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }
}

fn source(bundle: &Bundle) -> Result<&str, Problem> {
    let bad = |what: &BadBundle| Problem::new("", None, "bad-bundle", &[("detail", &what.to_string())]);
    bundle.within_bounds().map_err(|error| bad(&error))?;
    let Some(bytes) = bundle.file(MANIFEST) else {
        return Err(Problem::new(MANIFEST, None, "missing-file", &[("name", MANIFEST)]));
    };
    if bytes.len() > limits::MANIFEST_BYTES {
        return Err(bad(&BadBundle::TooLarge));
    }
    std::str::from_utf8(bytes).map_err(|_| Problem::new(MANIFEST, None, "not-utf8", &[]))
}

fn read(source: &str, problems: &mut Problems<'_>) -> Option<Manifest> {
    let mut tell = |code: &str, error: &toml::de::Error, detail: Text| {
        problems.told(error.span().unwrap_or(0..0), code, &[("detail", &detail)]);
    };
    if let Err(error) = toml::from_str::<toml::Table>(source) {
        tell("toml-syntax", &error, shape::syntax(error.message()));
        return None;
    }
    match toml::from_str::<Manifest>(source) {
        Ok(manifest) => Some(manifest),
        Err(error) => {
            let code = if shape::is_unknown(error.message()) { "unknown-key" } else { "wrong-shape" };
            tell(code, &error, shape::words_of(error.message()));
            None
        }
    }
}
