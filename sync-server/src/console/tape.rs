//! A recording along its time line: what was recorded, where it stood still, which step was done when, and
//! what of it can be played from there.

use super::view::{Break, Mark, Segment, Stretch, Tape};
use super::words::Words;
use crate::evidence::check::Recording;
use rounds_evidence::chain::{Checked, Event, Finding, Gap, Stop};
use rounds_evidence::words as said;

/// The room of the drawing.
const WIDTH: f64 = 960.0;
/// At both ends of it.
const MARGIN: f64 = 14.0;
/// What a break takes, however long it was: hours without a recording would leave no room for what there is.
const BREAK: f64 = 46.0;

/// What was recorded without a break.
struct Run {
    segment: u32,
    from: i64,
    to: i64,
    gap: Gap,
    marks: Vec<(u64, u32, i64)>,
    bad: Vec<(u64, i64)>,
}

/// Lays a recording along its time; none if nothing of it was recorded.
pub fn tape(
    words: &Words,
    recording: &Recording,
    links: &[Checked],
    findings: &[Finding],
    now_ms: i64,
) -> Option<Tape> {
    let runs = runs(links, findings);
    let (first, last) = (runs.first()?.from, runs.last()?.to);
    let breaks = runs.len().saturating_sub(1) as f64;
    let recorded: i64 = runs.iter().map(length).sum();
    let long = words.of(&said::lasting(u64::try_from(recorded).unwrap_or(0))).to_owned();
    let scale = (WIDTH - 2.0 * MARGIN - BREAK * breaks) / recorded.max(1) as f64;
    let (mut stretches, mut gaps, mut marks, mut bad) = (vec![], vec![], vec![], vec![]);
    let mut x = MARGIN;
    for (at, run) in runs.iter().enumerate() {
        if at > 0 {
            let text = gap(words, run.gap);
            gaps.push(Break { x: shown(x), middle: shown(x + BREAK / 2.0), width: shown(BREAK), text });
            x += BREAK;
        }
        let place = |ms: i64| shown(x + (ms - run.from).clamp(0, length(run)) as f64 * scale);
        let width = length(run) as f64 * scale;
        stretches.push(Stretch {
            title: words.n("tape-segment", run.segment),
            x: shown(x),
            width: shown(width),
        });
        for (link, step, ms) in &run.marks {
            let time = words.clock_seconds(*ms);
            marks.push(Mark {
                x: place(*ms),
                // Numbers of neighbours are written on two lines, so that both can be read.
                low: marks.len() % 2 == 1,
                step: *step,
                link: *link,
                segment: run.segment,
                seconds: format!("{:.1}", (ms - run.from) as f64 / 1_000.0),
                label: words.f("tape-mark", &[("step", step.to_string()), ("time", time)]),
            });
        }
        bad.extend(run.bad.iter().map(|(link, ms)| (place(*ms), *link, words.n("tape-bad", link))));
        x += width;
    }
    Some(Tape {
        from: words.moment(first, now_ms),
        to: words.clock_seconds(last),
        recorded: words.f("tape-recorded", &[("long", long)]),
        stretches,
        gaps,
        marks,
        bad,
        segments: segments(words, recording, links),
    })
}

fn length(run: &Run) -> i64 {
    (run.to - run.from).max(1)
}

fn shown(x: f64) -> String {
    format!("{x:.1}")
}

/// The stretches, from each beginning of a segment to where it stood still.
fn runs(links: &[Checked], findings: &[Finding]) -> Vec<Run> {
    let mut runs: Vec<Run> = vec![];
    let (mut open, mut last) = (false, None);
    for link in links {
        // A link that was changed may not be read any more: it stands where the one before it does.
        let Some(at) = link.time.map(|time| time.at_ms).or(last) else { continue };
        last = Some(at);
        if let Some(Event::Resume { segment, gap }) = &link.event {
            runs.push(Run { segment: *segment, from: at, to: at, gap: *gap, marks: vec![], bad: vec![] });
            open = true;
        }
        let Some(run) = runs.last_mut() else { continue };
        if findings.iter().any(|finding| finding.link == Some(link.number)) {
            run.bad.push((link.number, at));
        }
        match &link.event {
            // Somebody found it killed later; it was alive for as long as something happened.
            Some(Event::Pause { why: Stop::Killed, .. }) => open = false,
            Some(Event::Pause { .. } | Event::Finish { .. }) => {
                run.to = if open { at.max(run.to) } else { run.to };
                open = false;
            }
            Some(Event::Mark { step, .. }) if open => {
                run.marks.push((link.number, *step, at));
                run.to = at.max(run.to);
            }
            Some(_) if open => run.to = at.max(run.to),
            _ => {}
        }
    }
    runs
}

fn gap(words: &Words, gap: Gap) -> String {
    match gap {
        Gap::Unknown | Gap::None => words.t("tape-gap"),
        Gap::Exact(ms) | Gap::AtMost(ms) | Gap::About(ms) => words.of(&said::lasting(ms)).to_owned(),
    }
}

/// The files of the segments, as far as they are here.
fn segments(words: &Words, recording: &Recording, links: &[Checked]) -> Vec<Segment> {
    let film = links.iter().any(|link| match &link.event {
        Some(Event::Begin(about)) => about.medium == "video",
        _ => false,
    });
    let closed = links.iter().filter_map(|link| match &link.event {
        Some(Event::Segment { segment, hash, media_ms, .. }) => Some((*segment, *hash, *media_ms)),
        _ => None,
    });
    closed
        .map(|(segment, hash, media_ms)| {
            let here = recording.media.contains_key(&hash);
            let long = (media_ms > 0).then(|| words.of(&said::lasting(media_ms)).to_owned());
            Segment {
                number: segment,
                title: words.n("tape-segment", segment),
                long: long.unwrap_or_default(),
                film,
                address: here.then(|| format!("/records/{}/blobs/{hash}", recording.doc)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rounds_evidence::chain::{Ending, Fault};
    use rounds_model::ids::{BlobHash, DocId};
    use rounds_model::text::Lang;
    use rounds_model::time::{Reading, TrustedTime};

    fn links(events: Vec<(i64, Event)>) -> Vec<Checked> {
        let link = |(number, (at, event)): (usize, (i64, Event))| {
            let reading = Reading { wall_ms: at, mono_ms: 1, boot: rounds_model::ids::BootId([0; 16]) };
            let time = Some(TrustedTime { at_ms: at, ..TrustedTime::judge(reading, None) });
            let hash = rounds_evidence::chain::LinkHash([0; 32]);
            Checked { number: number as u64, event: Some(event), time, hash }
        };
        events.into_iter().enumerate().map(link).collect()
    }

    #[test]
    fn steps_stand_where_they_were_done_and_a_long_break_takes_no_more_room_than_a_short_one() {
        let mark = |step| Event::Mark { step, held_ms: 0 };
        let hash = BlobHash([7; 32]);
        let segment = Event::Segment { segment: 1, hash, bytes: 9, media_ms: 60_000 };
        let day = 86_400_000;
        let links = links(vec![
            (0, Event::Resume { segment: 1, gap: Gap::None }),
            (30_000, mark(1)),
            (
                60_000,
                Event::Step {
                    step: 2,
                    speaker: String::new(),
                    text: String::new(),
                    needs: String::new(),
                    hold_ms: 0,
                },
            ),
            (day, Event::Pause { why: Stop::Killed, stopped: None }),
            (day, segment),
            (day, Event::Resume { segment: 2, gap: Gap::AtMost(86_340_000) }),
            (day + 60_000, mark(2)),
            (day + 60_000, Event::Finish { ending: Ending::Complete, steps: 2, segments: 2 }),
        ]);
        let recording = Recording {
            doc: DocId([1; 16]),
            field: "recording".into(),
            blob: hash,
            arrived: true,
            title: Default::default(),
            arrived_ms: 0,
            ending: None,
            segments: vec![],
            problems: vec![],
            person: None,
            confirmed: None,
            confirmation_fits: false,
            media: [(hash, 9)].into(),
        };
        let words = Words::new(Lang::En, "UTC");
        let bad = [Finding::new(Some(6), "held", Fault::Damaged)];
        let tape = tape(&words, &recording, &links, &bad, day).unwrap();
        let x = |text: &str| text.parse::<f64>().unwrap();
        let (one, two) = (&tape.stretches[0], &tape.stretches[1]);
        assert!((x(&one.width) - x(&two.width)).abs() < 0.2, "a minute is as long as a minute");
        assert!((x(&tape.marks[0].x) - (MARGIN + x(&one.width) / 2.0)).abs() < 0.2, "half way");
        assert!((x(&tape.marks[1].x) - (WIDTH - MARGIN)).abs() < 0.2, "at the end");
        assert_eq!((tape.marks[0].seconds.as_str(), tape.marks[1].segment), ("30.0", 2));
        assert_eq!((tape.gaps.len(), tape.gaps[0].text.as_str()), (1, "24 h"));
        assert_eq!(
            (&tape.bad[0].0, tape.bad[0].1),
            (&tape.marks[1].x, 6),
            "what was changed is marked where it stands"
        );
        assert_eq!(tape.recorded, "2 min recorded");
        assert_eq!(
            tape.segments[0].address.as_deref(),
            Some(&*format!("/records/{}/blobs/{hash}", recording.doc))
        );
    }

    #[test]
    fn a_link_that_cannot_be_read_any_more_is_marked_where_the_one_before_it_stands() {
        let mut links = links(vec![
            (0, Event::Resume { segment: 1, gap: Gap::None }),
            (10, Event::Answer { step: 1, said: "是".into() }),
            (20, Event::Finish { ending: Ending::BrokenOff, steps: 0, segments: 1 }),
        ]);
        (links[1].event, links[1].time) = (None, None);
        let bad = [Finding::new(Some(1), "said", Fault::Damaged)];
        assert_eq!(runs(&links, &bad)[0].bad, [(1, 0)]);
    }

    #[test]
    fn a_recording_of_which_nothing_was_recorded_has_no_time_line() {
        let links = links(vec![(0, Event::Clock)]);
        assert!(runs(&links, &[]).is_empty());
    }
}
