//! What is to be done by when: overdue first, what has come up from others too.

use super::{Look, line_of};
use crate::screen::{Badge, Line, Notice, Screen, Tone};
use rounds_device::RoundsError;
use rounds_device::screens::reminders::Due;

impl Look<'_> {
    pub(super) fn tasks(&self) -> Result<Screen, RoundsError> {
        let all = self.rounds.reminders(self.lang)?;
        let mut screen = Screen::new("tasks", self.plain("place-tasks"));
        if let Some(doubt) = all.clock {
            screen.notice(Notice::saying(Tone::Warning, doubt));
        }
        if all.overdue.is_empty() && all.soon.is_empty() {
            screen.empty(self.plain("tasks-empty"), self.plain("tasks-empty-text"));
        }
        for (key, list) in [("tasks-overdue", &all.overdue), ("tasks-soon", &all.soon)] {
            if !list.is_empty() {
                screen.heading(self.words(key, &[("n", list.len().to_string())]));
            }
            for due in list {
                screen.line(self.due(due));
            }
        }
        Ok(screen)
    }

    pub(super) fn due(&self, due: &Due) -> Line {
        let late = [("n", due.days.unsigned_abs().to_string())];
        let when = match (due.overdue, due.days) {
            (true, 0) => self.plain("due-passed"),
            (true, _) => self.words("due-late", &late),
            (false, 0) => self.plain("due-today"),
            (false, _) => self.words("due-in", &late),
        };
        let tone = if due.overdue { Tone::Bad } else { Tone::Warning };
        let mut badges = vec![Badge::new(when, tone)];
        if due.escalated {
            badges.push(Badge::new(self.plain("due-escalated"), Tone::Warning));
        }
        let line = line_of(&due.record);
        let about = match &line.subtitle {
            Some(subtitle) => format!("{} · {subtitle}", line.title),
            None => line.title.clone(),
        };
        badges.extend(line.badges.clone());
        Line {
            mark: Some(if due.overdue { "!" } else { "○" }.to_owned()),
            title: due.text.clone(),
            subtitle: Some(about).filter(|about| *about != due.text),
            end: Some(due.due.clone()),
            badges,
            ..line
        }
    }
}
