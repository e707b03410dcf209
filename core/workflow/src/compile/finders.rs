//! Questions that find records.

use super::acts::{distinct_links, guards};
use super::checker::Checker;
use super::expressions::{Carried, Names};
use crate::expression::Use;
use crate::finder::Finder;
use crate::manifest::{FinderSource, Word};

pub(super) fn finder(
    c: &mut Checker<'_, '_>,
    names: &mut Names,
    name: &Word,
    source: &FinderSource,
) -> Option<Finder> {
    let checked_name = c.snake(name);
    let title = c.text(&source.title);
    let mut carried = Carried::default();
    for field in &source.asks {
        carried.payload.insert(field.name.get_ref().clone());
        if let Some(link) = &field.link {
            carried.links.insert(field.name.get_ref().clone(), link.get_ref().clone());
        }
    }
    distinct_links(c, names, &source.asks);
    let asks = c.fields(&source.asks, Use::Act, names, &carried);
    let guards = guards(c, names, &carried, &source.guards);
    let matches = c.condition(&source.matches, Use::Act, names, &carried);
    let (name, title, matches) = (checked_name?, title?, matches?);
    Some(Finder { name, title, asks, rule: source.rule.clone(), guards, matches })
}
