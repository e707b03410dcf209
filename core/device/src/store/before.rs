//! What a server had of an item before it was put back to a backup, as this phone was told. It stays with the item
//! wherever that is: in the outbox, held, or with the act whose new ruling is not here yet.

use crate::error::Fail;
use rounds_model::ids::ActId;
use rounds_protocol::exchange::{Packed, PushItem, RuledBefore};
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

/// What a server had of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Before {
    /// Nothing, as far as this phone knows; so it is with everything new.
    #[default]
    Nothing,
    /// The item. Of an act its phone does not know how it was ruled.
    Had,
    /// The act, and its ruling.
    Ruled(RuledBefore),
}

impl Before {
    /// How an act was ruled, if that is known: with its id.
    pub fn ruling(&self, item: &Packed) -> Result<Option<(ActId, RuledBefore)>, Fail> {
        let Before::Ruled(ruled) = self else { return Ok(None) };
        match item.unpack() {
            Ok(PushItem::Act(signed)) => {
                let act = signed.read().map_err(|_| Fail::Damaged("a stored act cannot be read"))?;
                Ok(Some((act.id, ruled.clone())))
            }
            Ok(PushItem::Edit(_)) => Ok(None),
            Err(_) => Err(Fail::Damaged("an item of the outbox")),
        }
    }
}

const HAD: &str = "had";
const REFUSED: &str = "refused";
const ACCEPTED: &str = "as ";

impl ToSql for Before {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Before::Nothing => ToSqlOutput::from(rusqlite::types::Null),
            Before::Had => ToSqlOutput::from(HAD),
            Before::Ruled(RuledBefore::Refused) => ToSqlOutput::from(REFUSED),
            Before::Ruled(RuledBefore::As(name)) => ToSqlOutput::from(format!("{ACCEPTED}{name}")),
        })
    }
}

impl FromSql for Before {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str_or_null()? {
            None => Ok(Before::Nothing),
            Some(HAD) => Ok(Before::Had),
            Some(REFUSED) => Ok(Before::Ruled(RuledBefore::Refused)),
            Some(text) => {
                let name = text.strip_prefix(ACCEPTED).ok_or(FromSqlError::InvalidType)?;
                Ok(Before::Ruled(RuledBefore::As(name.to_owned())))
            }
        }
    }
}
