//! The packs of the tests; their texts are files beside those of the rules' own tests.

use rounds_workflow::bundle::Bundle;
use rounds_workflow::{Catalogue, Pack};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Places and tickets.
pub const PACK: &str = include_str!("../../../core/workflow/tests/packs/tickets/pack.toml");
const MOVING: &str = include_str!("../../../core/workflow/tests/packs/tickets/moving.toml");
const NOTICES: &str = include_str!("../../../core/workflow/tests/packs/tickets/notices.toml");

/// The folder of the pack whose acts have rules across records.
pub fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/workflow/tests/packs/rules")
}

/// The rules of [`MOVING`], which are those of [`PACK`] and more, and those of [`rules_folder`].
pub(super) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let moving = Bundle::new([("pack.toml", moving().into_bytes())]).unwrap();
        let rules = crate::admin::publish::read_folder(&rules_folder()).unwrap();
        Catalogue::new([Pack::load(&moving).unwrap(), Pack::load(&rules).unwrap()]).unwrap()
    })
}

/// [`PACK`], and how its tickets change hands and are removed, and notices of an area.
pub fn moving() -> String {
    format!("{}{MOVING}{NOTICES}", PACK.replace("version = 1", "version = 2"))
}
