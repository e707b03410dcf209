//! Whether it went as recordings go. The session that makes recordings is asked, link by link, what
//! should have come of what was done: whatever it would not have made is named, down to the field.

use super::verify::{Check, Checked, Expected, Fault};
use super::{About, Event, limits};
use crate::session::{Deed, Gate, Script, Session, Step};
use rounds_model::time::TrustedTime;
use std::collections::{HashMap, HashSet};

/// How long after the recorder's last sample a mark may still have been on its way, milliseconds.
const ON_ITS_WAY_MS: u64 = 5_000;

/// A link that can be read.
#[derive(Clone, Copy)]
struct Read<'a> {
    number: u64,
    event: &'a Event,
    time: &'a TrustedTime,
}

/// Holds links against the session. What cannot be read was told already; nothing is concluded from it.
pub(super) fn check(links: &[Checked], expected: &Expected<'_>, check: &mut Check) {
    let read: Vec<Read<'_>> = links
        .iter()
        .map_while(|link| {
            Some(Read { number: link.number, event: link.event.as_ref()?, time: link.time.as_ref()? })
        })
        .collect();
    clocks(&read, check);
    let Some((first, rest)) = read.split_first() else { return };
    let Event::Begin(about) = first.event else { return };
    let script = match expected.script {
        Some(scripted) => scripted.script.clone(),
        None => shown(rest, about),
    };
    if script.steps.is_empty() || script.steps.len() != about.steps as usize {
        check.add(Some(first.number), "steps", Fault::Script);
    }
    let mut session = Session::verifying(script, first.time);
    session.follow(first.event, first.time);
    let told = expected.script.is_some();
    let mut course =
        Course { check: &mut *check, session, told, ended: false, deeds: Vec::new(), stopped: None };
    let mut at = 0;
    while at < rest.len() {
        at += course.deed(rest.get(at..).unwrap_or_default()).max(1);
    }
    course.unrecorded(rest);
    let ended = course.ended;
    if read.len() == links.len() && !ended {
        check.add(None, "finish", Fault::Cut);
    }
}

/// Time goes on within a start of the machine, and no start comes back.
fn clocks(read: &[Read<'_>], check: &mut Check) {
    let mut left = HashSet::new();
    for pair in read.windows(2) {
        let [before, link] = pair else { continue };
        let (was, is) = (before.time.reading, link.time.reading);
        if was.boot == is.boot {
            if is.mono_ms < was.mono_ms {
                check.add(Some(link.number), "mono", Fault::Clocks);
            }
        } else {
            left.insert(was.boot);
            if left.contains(&is.boot) {
                check.add(Some(link.number), "boot", Fault::Clocks);
            }
        }
    }
}

/// The script as the links show it, for who has no other. Steps that were never shown are empty.
fn shown(links: &[Read<'_>], about: &About) -> Script {
    let mut steps: Vec<Step> = Vec::new();
    for link in links {
        let Event::Step { step, speaker, text, needs, hold_ms } = link.event else { continue };
        // The first time counts: who shows one again makes it no easier.
        if *step as usize == steps.len() + 1 && *step <= about.steps {
            let (speaker, text, needs) = (speaker.clone(), text.clone(), needs.clone());
            steps.push(Step { number: *step, speaker, text, needs, hold_ms: *hold_ms });
        }
    }
    let all = (about.steps as usize).min(limits::LINKS);
    for number in (1..).take(all).skip(steps.len()) {
        let empty = String::new;
        steps.push(Step { number, speaker: empty(), text: empty(), needs: empty(), hold_ms: 0 });
    }
    Script { steps }
}

/// A mark or an answer, and the segment in which it was made.
#[derive(Clone, Copy)]
struct Rests {
    number: u64,
    segment: u32,
    field: &'static str,
}

/// The field of an answer that rests on nothing; a mark does as a whole.
const SAID: &str = "said";

struct Course<'c> {
    check: &'c mut Check,
    session: Session,
    /// The script is known from elsewhere.
    told: bool,
    ended: bool,
    /// The links that mark or answer a step, and what they rest on. Of several answers to one step the last.
    deeds: Vec<Rests>,
    /// When the recorder ended, in the segment that is open.
    stopped: Option<u64>,
}

impl Course<'_> {
    /// One deed and all that comes of it, from the first of these links on. Returns how many they are.
    fn deed(&mut self, links: &[Read<'_>]) -> usize {
        // A look at the clocks stands before most deeds.
        let looks = links.iter().take_while(|link| *link.event == Event::Clock).count();
        let Some(done) = links.get(looks) else {
            links.iter().for_each(|link| self.add(link, "", Fault::OutOfPlace));
            return looks;
        };
        let deed = match done.event {
            Event::Begin(_) | Event::Clock => return self.nothing(done, "", looks),
            Event::Step { .. } => return self.nothing(done, "step", looks),
            Event::Resume { .. } => Deed::Resume,
            Event::Pause { why, stopped } => Deed::Pause(*why, *stopped),
            Event::Answer { said, .. } => Deed::Answer(said),
            Event::Mark { .. } => Deed::Mark,
            Event::Segment { segment, hash, bytes, media_ms } => {
                Deed::PutAway { segment: *segment, hash: *hash, bytes: *bytes, media_ms: *media_ms }
            }
            Event::Finish { ending, .. } => Deed::Finish(*ending),
        };
        match self.session.comes_of(&deed, done.time) {
            Ok(made) => self.compare(&made, links, done.time),
            Err(gate) => {
                self.add(done, gate_field(&gate, done.event), fault(done.event, self.told));
                if self.ended {
                    return looks + 1;
                }
                links.iter().take(looks + 1).for_each(|link| self.follow(link));
                // What came of it is what should have, had it been right.
                let next = links.get(looks + 1);
                let Some(next) = next.filter(|next| self.session.shows() == Some(next.event.clone())) else {
                    return looks + 1;
                };
                self.follow(next);
                looks + 2
            }
        }
    }

    fn nothing(&mut self, link: &Read<'_>, field: &str, looks: usize) -> usize {
        self.add(link, field, Fault::OutOfPlace);
        looks + 1
    }

    fn compare(&mut self, made: &[Event], links: &[Read<'_>], time: &TrustedTime) -> usize {
        let mut at = 0;
        for want in made {
            // A look at the clocks where nothing was to be seen.
            while let Some(link) = links.get(at).filter(|l| *l.event == Event::Clock && *want != Event::Clock)
            {
                self.add(link, "", Fault::OutOfPlace);
                self.follow(link);
                at += 1;
            }
            let Some(link) = links.get(at) else { break };
            if link.event.name() != want.name() {
                let (field, fault) = match want {
                    Event::Clock => ("clock", Fault::Clocks),
                    _ => (want.name(), Fault::OutOfPlace),
                };
                self.add(link, field, fault);
                continue;
            }
            let (given, wanted) = (link.event.fields(), want.fields());
            for ((name, given), (_, wanted)) in given.iter().zip(&wanted) {
                if given != wanted {
                    let fault = if *name == "gap" { Fault::Sum } else { fault(link.event, self.told) };
                    self.add(link, name, fault);
                }
            }
            if link.time != time {
                self.add(link, "at", Fault::OutOfPlace);
            }
            self.follow(link);
            at += 1;
        }
        at
    }

    fn follow(&mut self, link: &Read<'_>) {
        match link.event {
            Event::Mark { .. } => self.rests(link, ""),
            Event::Answer { .. } => {
                // Asked again, it is the last answer that counts.
                self.deeds.pop_if(|before| before.field == SAID);
                self.rests(link, SAID);
            }
            Event::Finish { .. } => self.ended = true,
            _ => {}
        }
        self.session.follow(link.event, link.time);
    }

    fn rests(&mut self, link: &Read<'_>, field: &'static str) {
        self.deeds.push(Rests { number: link.number, segment: self.session.segments().0, field });
    }

    /// Steps that were marked or answered while nothing was recorded: in a segment of which nothing is left,
    /// or after the recorder had ended.
    fn unrecorded(&mut self, links: &[Read<'_>]) {
        let empty: HashSet<u32> = links
            .iter()
            .filter_map(|link| match link.event {
                Event::Segment { segment, bytes: 0, .. } => Some(*segment),
                _ => None,
            })
            .collect();
        let deeds = std::mem::take(&mut self.deeds);
        for rests in deeds.iter().filter(|rests| empty.contains(&rests.segment)) {
            self.check.add(Some(rests.number), rests.field, Fault::Unrecorded);
        }
        let counted: HashMap<u64, &str> = deeds.iter().map(|rests| (rests.number, rests.field)).collect();
        // From the end on, so that the stop of a segment is known before its marks come.
        for link in links.iter().rev() {
            match link.event {
                Event::Pause { stopped, .. } => self.stopped = *stopped,
                Event::Resume { .. } => self.stopped = None,
                Event::Mark { .. } | Event::Answer { .. } => {
                    let Some(field) = counted.get(&link.number) else { continue };
                    let last = self.stopped.map(|stopped| stopped.saturating_add(ON_ITS_WAY_MS));
                    if last.is_some_and(|last| link.time.reading.mono_ms > last) {
                        self.check.add(Some(link.number), field, Fault::Unrecorded);
                    }
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, link: &Read<'_>, field: &str, fault: Fault) {
        self.check.add(Some(link.number), field, fault);
    }
}

/// What is wrong with a link of this sort that is not as the session would have made it.
fn fault(event: &Event, told: bool) -> Fault {
    match event {
        Event::Finish { .. } | Event::Pause { .. } => Fault::Sum,
        Event::Mark { .. } => Fault::Gate,
        Event::Step { .. } if told => Fault::Script,
        _ => Fault::OutOfPlace,
    }
}

/// The field that a gate is about.
fn gate_field(gate: &Gate, event: &Event) -> &'static str {
    match (gate, event) {
        (Gate::Answer(_), _) => "said",
        (Gate::Held { .. }, _) => "held",
        (Gate::Steps(_), Event::Finish { .. }) => "steps",
        (Gate::Steps(_), _) => "step",
        (Gate::Segment, Event::Finish { .. }) => "segments",
        (Gate::Segment, _) => "segment",
        _ => "",
    }
}
