//! What a record is called, worked out when it is shown: a visit is called by its store, and the
//! store may have been renamed since.

use crate::env::Env;
use crate::kind::{Both, Kind};
use crate::project::NAME;
use crate::record::Record;
use crate::stop::Stop;
use crate::world::{World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;

/// A record's name on a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    /// The first line; the kind's own title if nothing better is known. Never empty.
    pub title: String,
    /// The second line, if there is one.
    pub subtitle: Option<String>,
}

/// The title and subtitle of a record in a language: what its pack says, or else what its workbook calls it
/// (`instance_name`). From
/// [`Projection::record`](crate::Projection::record) (which knows what was worked out) or a record
/// at hand. At most [`crate::limits::SHOWN`] bytes each.
pub fn display(kind: &Kind, record: &Record, world: &dyn World, lang: Lang) -> Result<Display, WorldError> {
    let title = match &kind.display.title {
        Some(both) => shown(both, kind, record, world, lang)?,
        None => None,
    };
    // A projection has it among what is worked out, a record at hand does not.
    let named = || record.acts.get(NAME).map(ToString::to_string);
    let subtitle = match &kind.display.subtitle {
        Some(both) => shown(both, kind, record, world, lang)?,
        None => None,
    };
    Ok(Display { title: title.or_else(named).unwrap_or_else(|| kind.title.get(lang).to_owned()), subtitle })
}

/// What is known already of questions that have no answer, where the record's links say it: questions
/// with answers to give, by the pack's `prefill`. The caller checks them like anything that is typed.
pub fn prefill(kind: &Kind, record: &Record, world: &dyn World) -> Result<Vec<(String, String)>, WorldError> {
    let mut known = Vec::new();
    let open = |key: &str| matches!(record.fields.get(key), None | Some(Scalar::Null));
    for (key, from) in kind.prefill.iter().filter(|(key, _)| open(key)) {
        match from.shown(&Env::new(kind, record, world, Moment::default())) {
            Ok(text) if !text.is_empty() => known.push((key.clone(), text)),
            Err(Stop::World(error)) => return Err(error),
            _ => {}
        }
    }
    Ok(known)
}

/// Nothing, where the expression has no value: a list must not break over one row.
fn shown(
    both: &Both,
    kind: &Kind,
    record: &Record,
    world: &dyn World,
    lang: Lang,
) -> Result<Option<String>, WorldError> {
    let env = Env::new(kind, record, world, Moment::default()).in_language(lang);
    let expression = match lang {
        Lang::Zh => &both.zh,
        Lang::En => &both.en,
    };
    match expression.shown(&env) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Err(Stop::World(error)) => Err(error),
        Err(_) => Ok(None),
    }
}
