//! What a pack changes against the version that is published: its manifest part by part, its workbooks
//! question by question, its tables row by row.

mod forms;
mod manifest;
mod tables;

use crate::console::kinds::Lexicon;
use crate::console::view::{Compared, Difference};
use crate::console::words::Words;
use crate::error::Result;
use crate::storage::Read;
use rounds_workflow::Pack;
use rounds_workflow::bundle::Bundle;
use std::collections::BTreeSet;

/// Differences that a page lists.
const LISTED: usize = 400;
/// Characters of a value that are shown.
const SHOWN: usize = 240;

/// What is different from the published version; none if there is none.
pub fn compared(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    words: &Words,
    bundle: &Bundle,
    pack: &Pack,
) -> Result<Option<Compared>> {
    let Some(before) = lexicon.packs().into_iter().find(|known| known.id == pack.id) else { return Ok(None) };
    let row = tx.pack(&before.id, before.version)?;
    let Some(old) = row.and_then(|row| Bundle::decode(&row.bundle).ok()) else { return Ok(None) };
    let mut changes = manifest::differences(words, &old, bundle);
    let mut forms: BTreeSet<String> = BTreeSet::new();
    for kind in &pack.kinds {
        let had = before.kind(&kind.name).and_then(|had| had.workbook.as_ref());
        if let (Some(had), Some(has)) = (had, &kind.workbook) {
            changes.extend(forms::differences(words, words.of(&kind.title), had.form(), has.form()));
        }
    }
    for source in [&old, bundle] {
        forms.extend(manifest::forms(source));
    }
    changes.extend(tables::differences(words, &old, bundle, &forms));
    let further = changes.len().saturating_sub(LISTED);
    changes.truncate(LISTED);
    Ok(Some(Compared {
        with: words.n("compared-with", before.version),
        changes,
        more: (further > 0).then(|| words.n("decide-more", further)),
    }))
}

fn come(what: String, is: String) -> Difference {
    Difference { sign: '+', what, was: String::new(), is: shown(is) }
}

fn gone(what: String, was: String) -> Difference {
    Difference { sign: '−', what, was: shown(was), is: String::new() }
}

fn other(what: String, was: String, is: String) -> Difference {
    Difference { sign: '~', what, was: shown(was), is: shown(is) }
}

fn shown(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
