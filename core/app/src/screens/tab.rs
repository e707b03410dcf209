//! The tabs of a record, where its pack has some: what is asked, lacking, done and looked up together.

use super::belongs::Ahead;
use super::{Look, form};
use crate::route::Route;
use crate::screen::{Badge, Button, Line, Screen, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::screens::record::RecordScreen;
use rounds_device::screens::tabs::Tab;
use rounds_model::ids::DocId;
use std::collections::BTreeMap;

impl Look<'_> {
    /// A record with one of its tabs alone.
    pub(super) fn tab(&self, doc: DocId, name: &str) -> Result<Screen, RoundsError> {
        let whole = self.rounds.show(doc, self.lang)?;
        // A delivery of the pack may have renamed it or left it out; the record is here all the same.
        if !whole.tabs.iter().any(|tab| tab.name == name) {
            return self.record(doc);
        }
        let filled = self.rounds.form(doc, self.lang)?;
        let open = form::is_open(&filled, &whole);
        let packs = self.packs();
        let kind = packs.kind_at(&whole.row.kind, whole.version);
        let one = whole.clone().on_tab(name)?;
        let mut screen = Screen::new("record", one.row.title.clone());
        screen.subtitle = one.tabs.first().map(|tab| tab.title.clone());
        self.told(&whole, &mut screen);
        if let Some(kind) = kind {
            self.sent_back(kind, &whole, open, &mut screen);
        }
        self.facts(&one, kind, &mut screen);
        self.papers(doc, &one, &mut screen);
        for tab in &one.tabs {
            self.lookups(tab, &mut screen);
        }
        // The steps stand on the whole record; that one is under way or missing counts here too.
        let ahead = match kind {
            Some(kind) => self.steps(kind, &whole, &mut Screen::new("record", String::new()))?,
            None => Ahead::default(),
        };
        self.buttons(doc, &one, (open, form::is_filled(&filled)), ahead, &mut screen);
        self.tabs(&whole, Some(name), &mut screen);
        let all = Line::new("tab/", self.plain("tab-all"));
        screen.line(all.tapping(&Tap::Turn(Route::record(doc))));
        Ok(screen)
    }

    /// A line for each tab but the one that is here, with how much in it is open.
    pub(super) fn tabs(&self, record: &RecordScreen, here: Option<&str>, screen: &mut Screen) {
        if record.tabs.is_empty() {
            return;
        }
        screen.heading(self.plain("tabs"));
        for tab in record.tabs.iter().filter(|tab| here != Some(&tab.name)) {
            let mut line = Line::new(&format!("tab/{}", tab.name), tab.title.clone());
            if tab.open > 0 {
                let text = self.words("tab-open", &[("n", tab.open.to_string())]);
                line.badges.push(Badge::new(text, Tone::Warning));
            }
            let route = Route::Record { doc: record.row.id, tab: Some(tab.name.clone()) };
            screen.line(line.tapping(&Tap::Turn(route)));
        }
    }

    /// What can be looked up from a tab.
    fn lookups(&self, tab: &Tab, screen: &mut Screen) {
        for lookup in &tab.finders {
            let route = Route::Finder {
                kind: lookup.kind.clone(),
                finder: lookup.finder.name.clone(),
                asked: BTreeMap::new(),
                done: false,
            };
            let args = [("finder", lookup.finder.title.clone())];
            screen.button(Button::new(&Tap::To(route), self.words("choices-finder", &args)));
        }
    }
}
