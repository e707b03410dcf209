//! The lists that a pack has of a kind: which records, in which order, with what beside each.

use super::{Look, More, line_of};
use crate::route::Route;
use crate::screen::{Block, Button, Screen};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_workflow::Kind;

/// Lines of one page.
const PAGE: u32 = 40;

impl Look<'_> {
    pub(super) fn view(&self, kind: &str, view: &str) -> Result<Screen, RoundsError> {
        let packs = self.packs();
        let known = self.kind_of(&packs, kind)?;
        // A delivery of the pack may have renamed it or left it out; the records are here all the same.
        if known.list(view).is_none() {
            return self.list(kind, None);
        }
        let mut screen = Screen::new("list", known.plural.get(self.lang).to_owned());
        screen.subtitle = known.list(view).map(|list| list.title.get(self.lang).to_owned());
        screen.button(Button::new(&Tap::Turn(Route::list(kind)), self.plain("list-all")));
        self.views(known, Some(view), &mut screen);
        let rows = self.view_rows(kind, view, None)?;
        if rows.is_empty() {
            screen.empty(self.plain("list-empty"), self.plain("list-empty-wait"));
        }
        screen.blocks.extend(rows);
        Ok(screen)
    }

    /// A button for each of a kind's lists but the one that is here.
    pub(super) fn views(&self, kind: &Kind, here: Option<&str>, screen: &mut Screen) {
        for list in kind.lists.iter().filter(|list| here != Some(&list.name)) {
            let route = Route::List { kind: kind.name.clone(), act: None, view: Some(list.name.clone()) };
            screen.button(Button::new(&Tap::Turn(route), list.title.get(self.lang).to_owned()));
        }
    }

    pub(super) fn view_rows(
        &self,
        kind: &str,
        view: &str,
        after: Option<i64>,
    ) -> Result<Vec<Block>, RoundsError> {
        let page = self.rounds.list_as(kind, view, after, PAGE, self.lang)?;
        let mut blocks = Vec::with_capacity(page.rows.len() + 1);
        for row in &page.rows {
            let mut line = line_of(row);
            // What the title and the badge say is not said again.
            let new = |value: &str| !value.is_empty() && value != row.title && value != row.stage.title;
            let cells = page.columns.iter().zip(&row.cells).filter(|(_, value)| new(value));
            let cells: Vec<String> = cells
                .map(|(label, value)| {
                    self.words("view-cell", &[("label", label.clone()), ("value", value.clone())])
                })
                .collect();
            if !cells.is_empty() {
                line.subtitle = Some(cells.join(" · "));
            }
            blocks.push(Block::Line { line });
        }
        if let Some(next) = page.next {
            blocks.push(More::View(kind.to_owned(), view.to_owned(), next).block());
        }
        Ok(blocks)
    }
}
