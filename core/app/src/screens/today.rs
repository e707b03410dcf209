//! The day: its records in the order of the route, and how to add to them.

use super::{Look, begins, line_of};
use crate::machine::metres;
use crate::route::Route;
use crate::screen::{Badge, Button, Notice, Screen, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_model::ids::DocId;
use std::collections::BTreeMap;

impl Look<'_> {
    pub(super) fn today(&self) -> Result<Screen, RoundsError> {
        let today = self.rounds.today(self.lang)?;
        let mut screen = Screen::new("today", self.plain("place-today"));
        screen.subtitle =
            Some(self.words("today-subtitle", &[("day", today.day.clone()), ("person", today.person)]));
        for told in [&today.status.no_access, &today.status.packs_problem].into_iter().flatten() {
            screen.notice(Notice::saying(Tone::Bad, told.clone()));
        }
        if today.status.last_sync_ms.is_none() {
            screen.notice(Notice::saying(Tone::Active, self.plain("today-first-sync")));
            screen.main = Some(Button::new(&Tap::Sync, self.plain("sync-now")));
        }
        let docs: Vec<DocId> = today.rows.iter().map(|row| row.id).collect();
        let due = self.rounds.reminders_of(&docs, self.lang)?;
        let fix = crate::capture::last(&self.inner.machine.kit);
        let places = match fix {
            Some(_) => self.rounds.whereabouts(&docs)?,
            None => vec![None; docs.len()],
        };
        if !today.rows.is_empty() {
            let (done, of) = (today.done, today.rows.len() as u64);
            let text = self.words("today-done", &[("done", done.to_string()), ("of", of.to_string())]);
            screen.blocks.push(crate::Block::Progress { text, done, of });
        }
        let left = today.rows.len().saturating_sub(usize::try_from(today.done).unwrap_or(usize::MAX));
        for ((number, row), place) in (1..).zip(&today.rows).zip(places) {
            let mut line = line_of(row);
            line.mark = Some(match row.stage.tone {
                _ if number > left => "✓".to_owned(),
                "active" => "●".to_owned(),
                _ => number.to_string(),
            });
            if let (Some(fix), Some((north, east))) = (fix, place) {
                line.end = Some(self.distance(metres(&fix, north, east)));
            }
            for due in due.iter().filter(|due| due.record.id == row.id) {
                let tone = if due.overdue { Tone::Bad } else { Tone::Warning };
                line.badges.push(Badge::new(due.text.clone(), tone));
            }
            screen.line(line);
        }
        let packs = self.packs();
        let role = self.role();
        let mut of_day: Vec<_> =
            packs.kinds().filter(|kind| kind.agenda.is_some() && begins(kind, &role)).collect();
        // What stands in a route is added more often than what a day has once.
        of_day.sort_by_key(|kind| kind.agenda.as_ref().is_none_or(|agenda| agenda.order.is_none()));
        for kind in of_day {
            let on = kind.agenda.as_ref().map(|agenda| (agenda.on.clone(), today.day.clone()));
            let given: BTreeMap<String, String> = on.into_iter().collect();
            let route = Route::New { kind: kind.name.clone(), given };
            let title = self.words("today-add", &[("kind", kind.title.get(self.lang).to_owned())]);
            let button = Button::new(&Tap::To(route), title);
            match screen.main {
                None => screen.main = Some(button),
                Some(_) => screen.also.push(button),
            }
        }
        if today.rows.is_empty() {
            screen.empty(self.plain("today-empty"), self.plain("today-empty-text"));
        }
        screen.also.push(Button::new(&Tap::To(Route::Search { typed: String::new() }), self.plain("search")));
        screen.also.push(Button::new(&Tap::To(Route::Schedule), self.plain("schedule")));
        Ok(screen)
    }

    /// "0.3 km", "80 m".
    pub(super) fn distance(&self, metres: f64) -> String {
        match metres {
            m if m < 1_000.0 => format!("{} m", (m / 10.0).round() * 10.0),
            m if m < 100_000.0 => format!("{:.1} km", m / 1_000.0),
            m => format!("{:.0} km", m / 1_000.0),
        }
    }
}
