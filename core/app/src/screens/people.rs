//! The team, on the phone of whoever leads it.

use super::{Look, More, line_of, paged};
use crate::route::Route;
use crate::screen::{Badge, Block, Line, Screen, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::screens::team::Team;

/// Records of one heading.
const SHOWN: usize = 20;

impl Look<'_> {
    pub(super) fn team(&self) -> Result<Screen, RoundsError> {
        let team = self.rounds.team(self.lang)?;
        let mut screen = Screen::new("team", self.plain("place-team"));
        screen.subtitle = Some(team.day.clone());
        if !team.waiting.is_empty() {
            screen.heading(self.words("team-waiting", &[("n", team.waiting.len().to_string())]));
        }
        screen.blocks.extend(self.waiting(&team, None, 0));
        screen.heading(self.plain("team-people"));
        if team.people.is_empty() {
            screen.empty(self.plain("team-empty"), self.plain("team-empty-text"));
        }
        for member in &team.people {
            let mut line = Line::new(&member.person.to_string(), member.name.clone());
            let args = [("done", member.done.to_string()), ("of", member.of.to_string())];
            line.subtitle = Some(match member.of {
                0 => self.plain("team-nothing"),
                _ => self.words("today-done", &args),
            });
            let mine = team.waiting.iter().filter(|waiting| waiting.person == member.person).count();
            if mine > 0 {
                let text = self.words("team-waits", &[("n", mine.to_string())]);
                line.badges.push(Badge::new(text, Tone::Warning));
            }
            let conflicts = member.rows.iter().filter(|row| row.badges.iter().any(|b| b.state == "conflict"));
            if conflicts.count() > 0 {
                line.badges.push(Badge::new(self.plain("conflict"), Tone::Warning));
            }
            screen.line(line.tapping(&Tap::To(Route::Person { person: member.person.to_string() })));
        }
        Ok(screen)
    }

    /// What waits for a decision, of one person or of all.
    pub(super) fn waiting(&self, team: &Team, person: Option<&str>, skip: usize) -> Vec<Block> {
        let of = |id: String| person.is_none_or(|person| id == person);
        let waiting: Vec<_> = team.waiting.iter().filter(|one| of(one.person.to_string())).collect();
        let goes_on = |skip| More::Waiting(person.map(str::to_owned), skip);
        paged(&waiting, skip, SHOWN, goes_on, |one| {
            let mut line = line_of(&one.row);
            line.end = person.is_none().then(|| one.name.clone());
            Block::Line { line }
        })
    }

    /// One person's day, and what waits for a decision.
    pub(super) fn person(&self, person: &str) -> Result<Screen, RoundsError> {
        let team = self.rounds.team(self.lang)?;
        let member = team.people.iter().find(|member| member.person.to_string() == person);
        let mut screen = Screen::new("person", member.map(|m| m.name.clone()).unwrap_or_default());
        screen.subtitle = Some(team.day.clone());
        let waiting = team.waiting.iter().filter(|w| w.person.to_string() == person).count();
        if waiting > 0 {
            screen.heading(self.words("team-waiting", &[("n", waiting.to_string())]));
        }
        screen.blocks.extend(self.waiting(&team, Some(person), 0));
        screen.heading(self.plain("place-today"));
        let rows = member.map(|member| member.rows.as_slice()).unwrap_or_default();
        if rows.is_empty() {
            screen.empty(self.plain("team-nothing"), self.plain("team-nothing-text"));
        }
        for (number, row) in (1..).zip(rows) {
            let mut line = line_of(row);
            line.mark = Some(number.to_string());
            screen.line(line);
        }
        Ok(screen)
    }
}
