//! What cannot be done, greyed, with the reason: every act of a record, and an act for each row of a list.

use super::list::Page;
use super::record::{Choice, choice};
use crate::Rounds;
use crate::authoring::who;
use crate::error::{Fail, RoundsError};
use crate::identity::Identity;
use crate::projecting;
use crate::store::{documents, records};
use crate::world::Here;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_workflow::{Catalogue, Record, View};
use rusqlite::Connection;
use serde::Serialize;

/// Every act of one's role about a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Acts(pub Vec<Choice>);

impl Rounds {
    /// Every act of one's role about a record; what cannot be done says why.
    pub fn acts(&self, doc: DocId, lang: Lang) -> Result<Acts, RoundsError> {
        Ok(self.store.read(|db| {
            let (me, catalogue) = (self.identity()?, self.catalogue());
            let record = stored(db, &catalogue, &me, doc)?;
            let moment = rounds_workflow::moment(self.now(db)?.at_ms, me.zone());
            let listed = rounds_workflow::acts(&catalogue, &record, &View::new(who(&me), &Here(db), moment))?;
            Ok::<_, Fail>(Acts(listed.iter().map(|c| choice(c, lang)).collect()))
        })?)
    }

    /// A page of one kind's records, each with whether an act is possible for it now.
    pub fn list_for(
        &self,
        kind: &str,
        act: &str,
        before: Option<i64>,
        limit: u32,
        lang: Lang,
    ) -> Result<Page, RoundsError> {
        let mut page = self.list(kind, before, limit, lang)?;
        self.store.read(|db| {
            let (me, catalogue) = (self.identity()?, self.catalogue());
            let moment = rounds_workflow::moment(self.now(db)?.at_ms, me.zone());
            for row in &mut page.rows {
                let record = listed(db, &catalogue, &me, row.id)?;
                let offered =
                    rounds_workflow::acts(&catalogue, &record, &View::new(who(&me), &Here(db), moment))?;
                row.act = offered.iter().find(|c| c.act == act).map(|c| choice(c, lang));
            }
            Ok::<_, Fail>(())
        })?;
        Ok(page)
    }
}

/// A record as its document says.
pub(super) fn stored(
    db: &Connection,
    catalogue: &Catalogue,
    me: &Identity,
    doc: DocId,
) -> Result<Record, Fail> {
    let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
    projecting::stand(db, catalogue, me, doc, &document)
}

/// A record as its row says; its document is opened only where it has to be complete by a workbook.
fn listed(db: &Connection, catalogue: &Catalogue, me: &Identity, doc: DocId) -> Result<Record, Fail> {
    let found = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?;
    let row = found.projection;
    match catalogue.kind_at(&row.kind, row.pack) {
        // Which answers are undecided, the row does not know.
        Some(kind) if kind.workbook.is_none() && found.conflicts == 0 => Ok(row.record(doc)),
        _ => stored(db, catalogue, me, doc),
    }
}
