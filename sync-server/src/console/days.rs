//! What the reps have to do on a day and what they have done, with the places of both. It knows no kind by
//! name: a record stands on a day by its agenda, a place is an answer of that sort, of an act that was
//! stated there or of what the record links to.

use super::Tiles;
use super::kinds::{KindWords, Lexicon, Question, Sort};
use super::plot::{Marked, Place, plot};
use super::view::{Badge, Plot, RouteStop, Tone};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::records::{RecordRow, Search};
use crate::storage::{Read, Result};
use rounds_model::ids::{DocId, PersonId};
use rounds_model::people::Person;
use rounds_model::scalar::Scalar;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One rep's day.
#[derive(Debug, Default)]
pub struct Day {
    /// By kind: done, and planned.
    pub counts: BTreeMap<String, (u64, u64)>,
    /// In the order of the route.
    pub stops: Vec<Stop>,
}

/// People of whom every stop is plotted; with more of them only where they are.
const CROWD: usize = 12;

/// A stop with its place.
#[derive(Debug)]
pub struct Stop {
    /// What is shown.
    pub shown: RouteStop,
    /// Where it is, if that is known.
    pub place: Option<Place>,
    /// Somebody was there.
    pub reached_ms: Option<i64>,
    done: bool,
}

/// The days of everybody whom the viewer sees, with the stops of those who are `shown`.
pub fn days(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    day: &str,
    shown: &BTreeSet<PersonId>,
) -> Result<HashMap<PersonId, Day>> {
    let kinds: Vec<String> =
        lexicon.kinds().iter().filter(|kind| kind.agenda.is_some()).map(|kind| kind.name.clone()).collect();
    let mut days: HashMap<PersonId, Day> = HashMap::new();
    if kinds.is_empty() {
        return Ok(days);
    }
    let on_day = Some(day.to_owned());
    let search = Search {
        kinds,
        scopes: viewer.seen(),
        from_day: on_day.clone(),
        to_day: on_day,
        ..Search::default()
    };
    // Everybody is counted, and only those who are shown are opened.
    for (owner, row) in tx.search_people(&search)? {
        let Some(kind) = lexicon.kind(&row.kind) else { continue };
        let done = if kind.is_done(&row.stage) { row.records } else { 0 };
        let count = days.entry(owner).or_default().counts.entry(row.kind).or_default();
        *count = (count.0 + done, count.1 + row.records);
    }
    let mut places: HashMap<DocId, Option<Place>> = HashMap::new();
    let mut found: Vec<(PersonId, f64, Stop)> = vec![];
    let owners: Vec<PersonId> = shown.iter().copied().collect();
    let opened = if owners.is_empty() { vec![] } else { tx.search(&Search { owners, ..search })? };
    for record in opened {
        let Some(kind) = lexicon.kind(&record.kind) else { continue };
        let done = kind.is_done(&record.stage);
        // What has no place is no stop of a route.
        if kind.questions.iter().any(|q| matches!(q.sort, Sort::Place | Sort::Record))
            && let Some((order, stop)) = stop(tx, lexicon, words, kind, &record, done, &mut places)?
        {
            found.push((record.owner, order, stop));
        }
    }
    found.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.2.shown.doc.cmp(&b.2.shown.doc)));
    for (owner, _, mut stop) in found {
        let day = days.entry(owner).or_default();
        stop.shown.number = day.stops.len() + 1;
        day.stops.push(stop);
    }
    Ok(days)
}

#[allow(clippy::too_many_arguments)]
fn stop(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    words: &Words,
    kind: &KindWords,
    record: &RecordRow,
    done: bool,
    places: &mut HashMap<DocId, Option<Place>>,
) -> Result<Option<(f64, Stop)>> {
    let told = lexicon.told(record)?;
    let text = |key: &str| told.data.get(key).and_then(Scalar::as_text);
    // Where an act says that its author was, the latest first; else where the record, or what it links to, is.
    let mut reached: Vec<(i64, Place)> = vec![];
    let mut last_ms = None;
    for act in &kind.acts {
        let at =
            text(&format!("@{}/at", act.name)).and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
        let Some(at) = at.map(|at| at.timestamp_millis()) else { continue };
        last_ms = last_ms.max(Some(at));
        for asked in act.payload.iter().filter(|asked| asked.sort == Sort::Place) {
            let place = text(&format!("@{}/{}", act.name, asked.path())).and_then(Place::read);
            reached.extend(place.map(|place| (at, place)));
        }
    }
    reached.sort_by_key(|(at, _)| *at);
    let own = kind.questions.iter().filter(|q| q.sort == Sort::Place);
    let mut place = reached
        .last()
        .map(|(_, place)| *place)
        .or_else(|| own.filter_map(|q| Place::read(text(&q.path())?)).next());
    for link in kind.questions.iter().filter(|q| q.sort == Sort::Record) {
        if place.is_some() {
            break;
        }
        let Some(doc) = text(&link.path()).and_then(|id| id.parse::<DocId>().ok()) else { continue };
        place = match places.get(&doc) {
            Some(known) => *known,
            None => {
                let found = linked(tx, lexicon, doc)?;
                places.insert(doc, found);
                found
            }
        };
    }
    if place.is_none() && kind.questions.iter().all(|q| q.sort != Sort::Place) && kind.links.is_empty() {
        return Ok(None);
    }
    let (stage, tone) = kind.stage(&record.stage);
    let title = lexicon.name(tx, record, words.lang)?.title;
    let stage = words.of(&stage).to_owned();
    let at = last_ms.map(|ms| words.clock(ms));
    let label = [Some(title.clone()), Some(stage.clone()), at.as_ref().map(|at| at.short.clone())];
    let shown = RouteStop {
        number: 0,
        doc: record.doc.to_string(),
        label: label.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        title,
        stage: Badge { tone, text: stage },
        at,
    };
    let reached_ms = reached.last().map(|(at, _)| *at);
    Ok(Some((told.order.unwrap_or(f64::MAX), Stop { shown, place, reached_ms, done })))
}

/// Where a record is, by its own answers.
fn linked(tx: &dyn Read, lexicon: &dyn Lexicon, doc: DocId) -> Result<Option<Place>> {
    let Some(record) = tx.records(&[doc])?.into_iter().next() else { return Ok(None) };
    let Some(kind) = lexicon.kind(&record.kind) else { return Ok(None) };
    let told = lexicon.told(&record)?;
    let read = |q: &Question| Place::read(told.data.get(&q.path())?.as_text()?);
    Ok(kind.questions.iter().filter(|q| q.sort == Sort::Place).find_map(read))
}

/// Everybody's last known place, or the whole way of one of them.
pub fn plotted(
    days: &HashMap<PersonId, Day>,
    led: &[Person],
    chosen: Option<PersonId>,
    tiles: Option<&Tiles>,
) -> Option<Plot> {
    let (mut marked, mut ways) = (vec![], vec![]);
    for rep in led.iter().filter(|rep| chosen.is_none_or(|id| id == rep.id)) {
        let Some(day) = days.get(&rep.id) else { continue };
        let mut walked: Vec<(i64, Place)> =
            day.stops.iter().filter_map(|stop| Some((stop.reached_ms?, stop.place?))).collect();
        walked.sort_by_key(|(at, _)| *at);
        let last = walked.last().copied();
        let ahead = day
            .stops
            .iter()
            .filter(|stop| stop.reached_ms.is_none() && !stop.done)
            .filter_map(|stop| stop.place);
        let ahead: Vec<Place> = last.map(|(_, place)| place).into_iter().chain(ahead).collect();
        let crowded = chosen.is_none() && led.len() > CROWD;
        ways.push((walked.iter().map(|(_, place)| *place).collect(), false));
        if !crowded {
            ways.push((ahead, true));
        }
        for stop in &day.stops {
            let Some(place) = stop.place else { continue };
            let is_last = last.is_some_and(|(at, _)| stop.reached_ms == Some(at));
            let class = match (is_last, stop.done, stop.reached_ms, stop.shown.stage.tone) {
                (true, ..) => "here",
                (_, true, Some(_), _) => "done",
                (_, true, None, _) | (_, _, _, Tone::Warning) => "skipped",
                (_, false, Some(_), _) => "here",
                _ => "planned",
            };
            // With many people it is where they are that can be seen, and their ways when one is chosen.
            if crowded && class != "here" {
                continue;
            }
            let text = match chosen {
                Some(_) => stop.shown.number.to_string(),
                None if is_last => rep.name.clone(),
                None => String::new(),
            };
            marked.push(Marked {
                place,
                class,
                label: format!("{} · {}", rep.name, stop.shown.label),
                text,
                href: Some(format!("/records/{}", stop.shown.doc)),
            });
        }
    }
    plot(&marked, &ways, tiles)
}
