//! A recording by script: what may happen in it, and when (A.5, A.6, A.9).
//!
//! A session is what its links say and nothing else: it is played from them after a kill, and whatever
//! happens in it is a link before anybody sees it. Time and the recorder are the caller's.
//!
//! - `deed`: what is done, and what comes of it or why it may not be done ([`Gate`]). - `script`: what is
//!   spoken. - `since`: how long it stood still.

mod deed;
mod gate;
mod script;
mod since;

pub(crate) use deed::Deed;
pub use gate::Gate;
pub use script::{Script, Step};

use crate::chain::{About, ChainId, Ending, Event, Link, LinkHash, Stop, bounded, link};
use rounds_model::ids::BlobHash;
use rounds_model::time::{Reading, TrustedTime};
use serde::Serialize;
use since::Since;
use std::collections::BTreeMap;

/// What is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being recorded, in this segment.
    Recording {
        /// Its number, from 1.
        segment: u32,
    },
    /// Standing still.
    Paused {
        /// Why; none before the first segment.
        why: Option<Stop>,
    },
    /// Ended.
    Ended(Ending),
}

/// A recording under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    chain: ChainId,
    script: Script,
    /// What is going on.
    pub state: State,
    next: u64,
    head: LinkHash,
    last: TrustedTime,
    marked: u32,
    /// Since when the step counts as held: shown or taken up again while recording.
    since: Option<TrustedTime>,
    /// Since when nothing is recorded.
    stopped: Option<Since>,
    /// When the segment that is open began.
    resumed: Option<Reading>,
    /// Its links showed other steps than its script's: it can only be broken off.
    foreign: bool,
    said: Option<String>,
    segments: u32,
    put_away: BTreeMap<u32, BlobHash>,
}

impl Session {
    /// Begins a recording. Its first links are to be stored before anything is recorded.
    ///
    /// # Errors
    /// [`Gate::Empty`] for a script without steps.
    pub fn begin(
        chain: ChainId,
        script: Script,
        about: About,
        now: &TrustedTime,
    ) -> Result<(Session, Vec<Link>), Gate> {
        if script.steps.is_empty() {
            return Err(Gate::Empty);
        }
        let mut session = Session::new(chain, script, *now);
        let about = About { field: bounded(&about.field), script: bounded(&about.script), ..about };
        let links = session.add(now, [Event::Begin(about)]);
        Ok((session, links))
    }

    fn new(chain: ChainId, mut script: Script, last: TrustedTime) -> Session {
        // What a link cannot hold is spoken by nobody: the script is bounded as its links are.
        for step in &mut script.steps {
            step.speaker = bounded(&step.speaker);
            step.text = bounded(&step.text);
            step.needs = bounded(&step.needs);
        }
        Session {
            chain,
            script,
            state: State::Paused { why: None },
            next: 0,
            head: LinkHash::NONE,
            last,
            marked: 0,
            since: None,
            stopped: None,
            resumed: None,
            foreign: false,
            said: None,
            segments: 0,
            put_away: BTreeMap::new(),
        }
    }

    /// A recording as its stored links have left it. The events and times are those that the links say.
    /// One whose links show other steps than the script's can still be paused, put away and broken off,
    /// and is otherwise [`Gate::Foreign`].
    ///
    /// # Errors
    /// [`Gate::Empty`] without links.
    pub fn played(
        chain: ChainId,
        script: Script,
        links: &[(Link, Event, TrustedTime)],
    ) -> Result<Session, Gate> {
        let (_, _, first) = links.first().ok_or(Gate::Empty)?;
        let mut session = Session::new(chain, script, *first);
        for (link, event, time) in links {
            if let Event::Step { step, .. } = event {
                let own = session.script.steps.iter().find(|own| own.number == *step).map(shown);
                session.foreign |= own.as_ref() != Some(event);
            }
            session.follow(event, time);
            (session.next, session.head) = (link.number + 1, link.hash);
        }
        Ok(session)
    }

    /// A session to hold stored links against: nothing has happened in it but that it began.
    pub(crate) fn verifying(script: Script, began: &TrustedTime) -> Session {
        Session::new([0; 16], script, *began)
    }

    fn does(&mut self, deed: &Deed<'_>, now: &TrustedTime) -> Result<Vec<Link>, Gate> {
        let events = self.comes_of(deed, now)?;
        Ok(self.add(now, events))
    }

    /// The step that is shown; none when all are marked.
    pub fn step(&self) -> Option<&Step> {
        self.script.steps.get(self.marked as usize)
    }

    /// The script.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// How many steps are marked.
    pub fn marked(&self) -> u32 {
        self.marked
    }

    /// What the customer answered to the step that is shown.
    pub fn said(&self) -> Option<&str> {
        self.said.as_deref()
    }

    /// How many segments were begun, and how many of them are put away.
    pub fn segments(&self) -> (u32, u32) {
        (self.segments, u32::try_from(self.put_away.len()).unwrap_or(u32::MAX))
    }

    /// The files of the segments that were put away, in order.
    pub fn media(&self) -> Vec<BlobHash> {
        self.put_away.values().copied().collect()
    }

    /// Segments that were begun, have ended and are not put away.
    pub fn to_put_away(&self) -> Vec<u32> {
        (1..=self.segments).filter(|n| self.waits(*n)).collect()
    }

    fn waits(&self, segment: u32) -> bool {
        let open = self.state == State::Recording { segment };
        (1..=self.segments).contains(&segment) && !open && !self.put_away.contains_key(&segment)
    }

    /// The head of the chain.
    pub fn head(&self) -> LinkHash {
        self.head
    }

    /// How much longer the step that is shown must be held, milliseconds.
    pub fn left_ms(&self, now: &TrustedTime) -> u64 {
        let hold = self.step().map_or(0, |step| step.hold_ms);
        hold.saturating_sub(self.held_ms(now))
    }

    fn held_ms(&self, now: &TrustedTime) -> u64 {
        let same = self.since.filter(|since| since.reading.boot == now.reading.boot);
        same.map_or(0, |since| now.reading.mono_ms.saturating_sub(since.reading.mono_ms))
    }

    /// The recorder records: a segment begins, the first one or after a pause. States what is missing
    /// between the segments.
    ///
    /// # Errors
    /// [`Gate::Recording`], [`Gate::Ended`].
    pub fn resume(&mut self, now: &TrustedTime) -> Result<Vec<Link>, Gate> {
        self.does(&Deed::Resume, now)
    }

    /// The recording stands still. Nothing if it does already. `stopped` is when the recorder took its
    /// last sample, if that is known: a call may have ended it long before anybody looked.
    pub fn pause(&mut self, why: Stop, stopped: Option<Reading>, now: &TrustedTime) -> Vec<Link> {
        let here = stopped.filter(|reading| reading.boot == now.reading.boot);
        self.does(&Deed::Pause(why, here.map(|reading| reading.mono_ms)), now).unwrap_or_default()
    }

    /// The customer answered to the step that is shown. Another answer than the one that the step needs
    /// is kept as well, and does not open the gate.
    ///
    /// # Errors
    /// [`Gate::Paused`], [`Gate::Ended`], [`Gate::Done`] when all steps are marked.
    pub fn answer(&mut self, said: &str, now: &TrustedTime) -> Result<Vec<Link>, Gate> {
        self.does(&Deed::Answer(said), now)
    }

    /// Marks the step that is shown, and shows the next one.
    ///
    /// # Errors
    /// [`Gate::Answer`] (A.5), [`Gate::Held`] (A.6), [`Gate::Paused`], [`Gate::Ended`].
    pub fn mark(&mut self, now: &TrustedTime) -> Result<Vec<Link>, Gate> {
        self.does(&Deed::Mark, now)
    }

    /// A segment that has ended is put away: encrypted, under this hash.
    ///
    /// # Errors
    /// [`Gate::Segment`] if there is no such segment to put away, [`Gate::Ended`].
    pub fn put_away(
        &mut self,
        segment: u32,
        hash: BlobHash,
        bytes: u64,
        media_ms: u64,
        now: &TrustedTime,
    ) -> Result<Vec<Link>, Gate> {
        self.does(&Deed::PutAway { segment, hash, bytes, media_ms }, now)
    }

    /// Ends the recording: complete, or broken off by its maker.
    ///
    /// # Errors
    /// [`Gate::Steps`] if it is to be complete and is not, [`Gate::Recording`] while it is recorded,
    /// [`Gate::Segment`] while a segment is not put away, [`Gate::Ended`].
    pub fn finish(&mut self, ending: Ending, now: &TrustedTime) -> Result<Vec<Link>, Gate> {
        self.does(&Deed::Finish(ending), now)
    }

    /// The step that is shown after so many are marked.
    fn shown(&self, marked: u32) -> Option<Event> {
        self.script.steps.get(marked as usize).map(shown)
    }

    /// The link that shows the step which is next, if any is left.
    pub(crate) fn shows(&self) -> Option<Event> {
        self.shown(self.marked)
    }

    fn own(&self) -> Result<(), Gate> {
        if self.foreign { Err(Gate::Foreign) } else { Ok(()) }
    }

    /// Whether the recorder can have taken its last sample then, in the boot of `now`.
    fn may_have_stopped(&self, mono_ms: u64, now: &TrustedTime) -> bool {
        let began = self.resumed.filter(|began| began.boot == now.reading.boot);
        began.is_some_and(|began| (began.mono_ms..=now.reading.mono_ms).contains(&mono_ms))
    }

    fn runs(&self) -> Result<(), Gate> {
        match self.state {
            State::Recording { .. } => Ok(()),
            State::Paused { .. } => Err(Gate::Paused),
            State::Ended(_) => Err(Gate::Ended),
        }
    }

    /// A link of its own for clocks that are suspect now and were not, or that were restarted.
    fn noticed(&self, now: &TrustedTime) -> Vec<Event> {
        let restarted = self.last.reading.boot != now.reading.boot;
        let doubted = now.doubt().is_some() && self.last.doubt() != now.doubt();
        if restarted || doubted { vec![Event::Clock] } else { Vec::new() }
    }

    fn add(&mut self, now: &TrustedTime, events: impl IntoIterator<Item = Event>) -> Vec<Link> {
        let mut links = Vec::new();
        for event in events {
            let made = link(&self.chain, self.next, self.head, &event, now);
            self.follow(&event, now);
            (self.next, self.head) = (made.number + 1, made.hash);
            links.push(made);
        }
        links
    }

    pub(crate) fn follow(&mut self, event: &Event, time: &TrustedTime) {
        match event {
            Event::Begin(_) | Event::Clock => {}
            Event::Step { .. } => {
                self.said = None;
                self.since = Some(*time);
            }
            Event::Answer { said, .. } => self.said = Some(said.clone()),
            Event::Mark { step, .. } => {
                self.marked = *step;
                self.said = None;
            }
            Event::Pause { why, stopped } => {
                self.state = State::Paused { why: Some(*why) };
                self.stopped = Some(match stopped {
                    Some(mono_ms) => Since::exactly(*mono_ms, time),
                    None => Since::at_most(&self.last),
                });
                self.since = None;
            }
            Event::Resume { segment, .. } => {
                self.state = State::Recording { segment: *segment };
                self.segments = *segment;
                self.resumed = Some(time.reading);
                self.since = Some(*time);
            }
            Event::Segment { segment, hash, .. } => {
                self.put_away.insert(*segment, *hash);
            }
            Event::Finish { ending, .. } => self.state = State::Ended(*ending),
        }
        self.last = *time;
    }
}

fn shown(step: &Step) -> Event {
    Event::Step {
        step: step.number,
        speaker: step.speaker.clone(),
        text: step.text.clone(),
        needs: step.needs.clone(),
        hold_ms: step.hold_ms,
    }
}
