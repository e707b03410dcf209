//! The team's board of today.

use super::{Badge, OtherRecord, Stamp, WaitRow};

/// Today's board: numbers first, then what needs a decision, then each rep.
#[derive(Debug)]
pub struct Board {
    /// Today in the team's zone, `2026-11-23`.
    pub day: String,
    /// The same as people write it.
    pub day_shown: String,
    /// When this was read.
    pub now: Stamp,
    /// The team's time zone.
    pub zone: String,
    /// The team's numbers.
    pub numbers: Vec<Number>,
    /// What needs a decision, the newest first.
    pub decisions: Vec<Decision>,
    /// Said when there are more decisions than are shown.
    pub more_decisions: Option<String>,
    /// The kinds that have an agenda, by their plural titles.
    pub kinds: Vec<String>,
    /// How many reps there are.
    pub team: usize,
    /// One row for each rep of this page.
    pub rows: Vec<BoardRow>,
    /// The page before this.
    pub previous: Option<String>,
    /// The page after it.
    pub next: Option<String>,
    /// No phone of the team has ever synced.
    pub never_synced: bool,
    /// What waits for the viewer's decision.
    pub waiting: Vec<WaitRow>,
    /// How much there is of it.
    pub waiting_count: u64,
    /// Where everybody is, or the rep who was chosen.
    pub plot: Option<Plot>,
    /// The rep who was chosen, with their way.
    pub chosen: Option<RepDay>,
}

/// One rep's day, stop by stop.
#[derive(Debug)]
pub struct RepDay {
    /// Their name.
    pub name: String,
    /// Their stops, in the order of the route.
    pub stops: Vec<RouteStop>,
}

/// A stop of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteStop {
    /// Its place in the route.
    pub number: usize,
    /// The record.
    pub doc: String,
    /// What it is called.
    pub title: String,
    /// Its stage.
    pub stage: Badge,
    /// When something last happened there.
    pub at: Option<Stamp>,
    /// What is read of the dot.
    pub label: String,
}

/// Places on a plane.
#[derive(Debug)]
pub struct Plot {
    /// Its size.
    pub width: u32,
    /// And height.
    pub height: u32,
    /// The places.
    pub spots: Vec<Spot>,
    /// The ways between them.
    pub ways: Vec<Way>,
    /// The map below, if there is one.
    pub tiles: Vec<Tile>,
    /// The sorts of places that are there, each a class of the style sheet.
    pub legend: Vec<&'static str>,
    /// How long the bar of the scale is.
    pub bar: String,
    /// Where it ends.
    pub bar_end: String,
    /// How long that is on the ground.
    pub bar_label: String,
}

/// A place on the page.
#[derive(Debug)]
pub struct Spot {
    /// From the left.
    pub x: String,
    /// From the top.
    pub y: String,
    /// Where its text begins.
    pub text_x: String,
    /// And its line.
    pub text_y: String,
    /// Whether it begins or ends there, as SVG says it.
    pub anchor: &'static str,
    /// How it is drawn.
    pub class: &'static str,
    /// What is read of it.
    pub label: String,
    /// A short text beside it.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// A line through places.
#[derive(Debug)]
pub struct Way {
    /// `x,y` and blanks between.
    pub points: String,
    /// It has not been walked (yet).
    pub planned: bool,
}

/// A part of a map.
#[derive(Debug)]
pub struct Tile {
    /// Its address.
    pub href: String,
    /// From the left.
    pub x: String,
    /// From the top.
    pub y: String,
}

/// One number of the team.
#[derive(Debug, PartialEq, Eq)]
pub struct Number {
    /// Stable, for tests.
    pub key: String,
    /// What is counted.
    pub label: String,
    /// How many.
    pub value: String,
    /// Of how many.
    pub of: Option<String>,
    /// The same as a bar: done and planned.
    pub share: Option<(u64, u64)>,
    /// A word more.
    pub note: Option<String>,
    /// Somebody should look.
    pub alarm: bool,
}

/// A record that waits for somebody's decision.
#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    /// Not accepted, or two versions.
    pub badge: Badge,
    /// The record's id.
    pub doc: String,
    /// The record's title.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// What happened and why.
    pub reason: String,
    /// What to do now.
    pub remedy: Option<String>,
    /// The record that stands in the way.
    pub other: Option<OtherRecord>,
    /// Whose act or record it is.
    pub who: String,
    /// Since when, if that is known.
    pub at: Option<Stamp>,
}

/// One rep's day.
#[derive(Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// The rep's id.
    pub person: String,
    /// Their name.
    pub name: String,
    /// For each kind of the agenda, in the order of [`Board::kinds`].
    pub progress: Vec<Progress>,
    /// When a phone of theirs last synced.
    pub sync: Sync,
    /// How many items their phones last said were waiting; none without a phone.
    pub unsent: Option<u64>,
    /// How many of their records were not accepted.
    pub blocked: usize,
    /// How many of their records have two versions.
    pub conflicts: usize,
    /// How many items are held on their phones.
    pub held: usize,
    /// How many of their acts are to be checked.
    pub suspect: usize,
    /// Their stops.
    pub stops: Vec<RouteStop>,
    /// Their way on the plot.
    pub href: String,
    /// It is the rep who was chosen.
    pub chosen: bool,
    /// Which build their phones run.
    pub app: String,
}

/// How far a day's work of one kind is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The kind's plural title.
    pub label: String,
    /// How many are dealt with.
    pub done: u64,
    /// How many there are.
    pub planned: u64,
}

/// When a phone last synced.
#[derive(Debug, PartialEq, Eq)]
pub struct Sync {
    /// When; none is never.
    pub at: Option<Stamp>,
    /// Said where the phone has no access any more, and there is no other.
    pub revoked: Option<String>,
    /// The word for never.
    pub never: String,
    /// Not today.
    pub stale: bool,
    /// How to set it off.
    pub tone: super::Tone,
}
