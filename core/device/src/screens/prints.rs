//! What can be printed of a record, and what must be.

use super::record::Reason;
use crate::error::Fail;
use rounds_model::text::Lang;
use rounds_workflow::{Kind, Record, View};
use serde::Serialize;

/// A paper that a record can be printed as.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Printable {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: String,
    /// It must be printed, and was not.
    pub must: bool,
    /// False: greyed, for this reason.
    pub possible: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// The papers of a record, in the pack's order.
pub(super) fn prints(
    kind: &Kind,
    record: &Record,
    view: &View<'_>,
    lang: Lang,
) -> Result<Vec<Printable>, Fail> {
    let must = rounds_workflow::unprinted(kind, record, view.world)?;
    let mut found = Vec::new();
    for print in &kind.prints {
        let may = rounds_workflow::may_print(kind, print, record, view)?;
        found.push(Printable {
            name: print.name.clone(),
            title: print.title.get(lang).to_owned(),
            must: must.iter().any(|known| known.name == print.name),
            possible: may.is_ok(),
            reason: may.err().map(|no| Reason::of(&no, lang)),
        });
    }
    Ok(found)
}
