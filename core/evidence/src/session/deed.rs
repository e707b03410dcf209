//! What people do in a recording, and what comes of it: the one place that says so, for whoever records
//! and for whoever verifies.

use super::{Gate, Session, State};
use crate::chain::{Ending, Event, Gap, Stop, bounded};
use rounds_model::ids::BlobHash;
use rounds_model::time::TrustedTime;

/// What somebody does in a recording.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Deed<'a> {
    /// A segment begins.
    Resume,
    /// It stands still: why, and when the recorder ended, in this boot.
    Pause(Stop, Option<u64>),
    /// The customer says something.
    Answer(&'a str),
    /// The step that is shown is done.
    Mark,
    /// A segment is closed.
    PutAway { segment: u32, hash: BlobHash, bytes: u64, media_ms: u64 },
    /// It ends.
    Finish(Ending),
}

impl Session {
    /// What must come of a deed now, in this order; otherwise why it may not be done. Everything that
    /// happens in a recording comes from here, and whoever verifies one asks here what should have.
    pub(crate) fn comes_of(&self, deed: &Deed<'_>, now: &TrustedTime) -> Result<Vec<Event>, Gate> {
        if matches!(self.state, State::Ended(_)) {
            return Err(Gate::Ended);
        }
        let noticed = self.noticed(now);
        let mut events = Vec::new();
        match deed {
            Deed::Resume => {
                self.own()?;
                if matches!(self.state, State::Recording { .. }) {
                    return Err(Gate::Recording);
                }
                let gap = self.stopped.map_or(Gap::None, |since| since.gap(now));
                events.extend(noticed);
                events.push(Event::Resume { segment: self.segments.saturating_add(1), gap });
                // The first step is shown when the recorder runs.
                events.extend((self.segments == 0).then(|| self.shown(self.marked)).flatten());
            }
            Deed::Pause(why, stopped) => {
                self.runs()?;
                // A kill is noticed by the next run, perhaps after a restart: its gap counts from the
                // link before. So it is for a recorder of which nobody knows when it ended.
                let known = stopped.filter(|mono| *why != Stop::Killed && self.may_have_stopped(*mono, now));
                events.push(Event::Pause { why: *why, stopped: known });
                events.extend(noticed);
            }
            Deed::Answer(said) => {
                self.own()?;
                self.runs()?;
                let step = self.step().ok_or(Gate::Done)?.number;
                events.extend(noticed);
                events.push(Event::Answer { step, said: bounded(said.trim()) });
            }
            Deed::Mark => {
                self.own()?;
                self.runs()?;
                let step = self.step().ok_or(Gate::Done)?;
                if !step.needs.is_empty() && self.said.as_ref() != Some(&step.needs) {
                    return Err(Gate::Answer(step.needs.clone()));
                }
                let left_ms = self.left_ms(now);
                if left_ms > 0 {
                    return Err(Gate::Held { left_ms });
                }
                events.extend(noticed);
                events.push(Event::Mark { step: step.number, held_ms: self.held_ms(now) });
                events.extend(self.shown(self.marked.saturating_add(1)));
            }
            Deed::PutAway { segment, hash, bytes, media_ms } => {
                if !self.waits(*segment) {
                    return Err(Gate::Segment);
                }
                let (segment, hash, bytes, media_ms) = (*segment, *hash, *bytes, *media_ms);
                events.extend(noticed);
                events.push(Event::Segment { segment, hash, bytes, media_ms });
            }
            Deed::Finish(ending) => {
                if matches!(self.state, State::Recording { .. }) {
                    return Err(Gate::Recording);
                }
                if *ending == Ending::Complete {
                    self.own()?;
                    let all = u32::try_from(self.script.steps.len()).unwrap_or(u32::MAX);
                    let left = all.saturating_sub(self.marked);
                    if left > 0 {
                        return Err(Gate::Steps(left));
                    }
                }
                if self.put_away.len() < self.segments as usize {
                    return Err(Gate::Segment);
                }
                events.push(Event::Finish { ending: *ending, steps: self.marked, segments: self.segments });
            }
        }
        Ok(events)
    }
}
