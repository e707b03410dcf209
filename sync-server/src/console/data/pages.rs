//! The pages of packs, of one pack, and of imports and tokens.

use super::preview::preview;
use crate::console::kinds::{Lexicon, Question};
use crate::console::names::Names;
use crate::console::pages::{DataPage, TemplatePage, TemplatesPage, shell};
use crate::console::session::Guest;
use crate::console::view::{DataView, PackLine, PreviewKind, TokenLine};
use crate::console::viewer::Viewer;
use crate::console::words::Words;
use crate::error::Result;
use crate::storage::Read;

/// The page of all packs.
pub fn templates_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    here: &str,
) -> Result<TemplatesPage> {
    let (packs, forms, may) = templates(tx, lexicon, &guest.viewer, &guest.words)?;
    Ok(TemplatesPage { shell: shell(guest, lexicon, here, "/templates"), packs, forms, may })
}

/// The page of one pack.
pub fn template_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    here: &str,
    id: &str,
) -> Result<Option<TemplatePage>> {
    Ok(template(tx, lexicon, &guest.words, id)?.map(|(title, versions, kinds)| TemplatePage {
        shell: shell(guest, lexicon, here, "/templates"),
        title,
        versions: versions.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
        kinds,
    }))
}

/// The page of imports, exports and tokens.
pub fn data_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    here: &str,
    now_ms: i64,
) -> Result<DataPage> {
    let (viewer, words) = (&guest.viewer, &guest.words);
    let names = Names::read(tx, words)?;
    let own = tx
        .read_tokens()?
        .into_iter()
        .filter(|row| row.person == viewer.person.id || viewer.sees_everything());
    let tokens = own.map(|row| TokenLine {
        id: hex::encode(row.token),
        person: names.person(row.person),
        name: row.name,
        created: words.moment(row.created, now_ms),
        used: row.used.map(|at| words.ago(at, now_ms)),
        revoked: row.revoked.is_some(),
    });
    let view = DataView {
        kinds: lexicon
            .kinds()
            .iter()
            .map(|kind| {
                let keys = kind.questions.iter().filter(|q| q.repeat().is_none()).map(Question::path);
                (kind.name.clone(), words.of(&kind.plural).to_owned(), keys.collect::<Vec<_>>().join(", "))
            })
            .collect(),
        tokens: tokens.collect(),
        may: viewer.runs_office(tx)?,
    };
    Ok(DataPage { shell: shell(guest, lexicon, here, "/templates"), view })
}

/// The packs, the kinds with a workbook (names and titles), and whether the viewer may publish.
pub type Templates = (Vec<PackLine>, Vec<(String, String)>, bool);

/// A pack's title, its versions, and its forms.
pub type OneTemplate = (String, Vec<u32>, Vec<PreviewKind>);

/// The packs of the team, as they were compiled when they were published.
pub fn templates(tx: &dyn Read, lexicon: &dyn Lexicon, viewer: &Viewer, words: &Words) -> Result<Templates> {
    let (mut lines, mut forms) = (vec![], vec![]);
    for pack in lexicon.packs() {
        for kind in pack.kinds.iter().filter(|kind| kind.workbook.is_some()) {
            forms.push((kind.name.clone(), words.of(&kind.title).to_owned()));
        }
        let kinds: Vec<&str> = pack.kinds.iter().map(|kind| words.of(&kind.title)).collect();
        lines.push(PackLine {
            id: pack.id.clone(),
            title: words.of(&pack.title).to_owned(),
            version: pack.version,
            kinds: kinds.join(" · "),
        });
    }
    Ok((lines, forms, viewer.runs_office(tx)?))
}

/// One pack with its forms, and its versions.
pub fn template(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    words: &Words,
    id: &str,
) -> Result<Option<OneTemplate>> {
    let Some(pack) = lexicon.packs().into_iter().find(|pack| pack.id == id) else { return Ok(None) };
    let mut versions = tx.pack_versions(id)?;
    versions.sort_unstable_by(|a, b| b.cmp(a));
    Ok(Some((words.of(&pack.title).to_owned(), versions, preview(words, pack))))
}
