//! A record that is being filled: in one column, or a page after the other; it opens at the very question
//! that was left.

use super::Look;
use crate::route::Route;
use crate::screen::{Block, Button, Fact, Notice, Screen, Tone};
use crate::tap::Tap;
use rounds_device::screens::form::{Form, Node};
use rounds_device::screens::record::RecordScreen;
use rounds_device::{Rounds, RoundsError};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_workflow::Answer;
use std::collections::BTreeMap;

/// The next question that wants an answer, or has a wrong one: after this one, and then from the beginning.
pub(crate) fn next_question(form: &Form, after: Option<&str>) -> Option<String> {
    let wants = |node: &&Node| node.is_asked() && node.question.error.is_some();
    let at = after.and_then(|key| form.nodes.iter().position(|node| node.question.key == key));
    let (before, behind) = form.nodes.split_at(at.map_or(0, |at| at + 1).min(form.nodes.len()));
    let found = behind.iter().find(wants).or_else(|| before.iter().find(wants));
    found.map(|node| node.question.key.clone())
}

impl Look<'_> {
    pub(super) fn form(&self, doc: DocId) -> Result<Screen, RoundsError> {
        let form = self.rounds.form(doc, self.lang)?;
        let single = self.inner.set().single;
        let mut screen = Screen::new("form", form.row.title.clone());
        let args = [("done", form.answered.to_string()), ("of", form.asked.to_string())];
        screen.subtitle = Some(self.words("form-subtitle", &args));
        screen.gives = Some(Tap::Give.text());
        if form.asked > 0 {
            let (done, of) = (form.answered as u64, form.asked as u64);
            screen.blocks.push(Block::Progress { text: self.words("form-progress", &args), done, of });
        }
        let at = form.place.as_ref().map(|place| place.question.clone());
        screen.at = at.clone().filter(|at| form.nodes.iter().any(|node| node.question.key == *at));
        let page = form.nodes.iter().find(|node| Some(&node.question.key) == screen.at.as_ref());
        let page =
            page.or_else(|| form.nodes.iter().find(|node| node.is_asked())).map_or(0, |node| node.page);
        let pages: Vec<usize> = pages(&form);
        self.fill(doc, &form, single.then_some(page), &mut screen)?;
        if let Some((key, text)) = self.session.refused(doc, self.lang) {
            for block in &mut screen.blocks {
                if let Block::Ask { question } = block
                    && question.key == key
                {
                    question.error = Some(text.clone());
                }
            }
        }
        let editable = form.nodes.iter().any(Node::is_asked);
        if !editable {
            screen.notice(Notice::saying(Tone::Neutral, self.plain("form-read-only")));
        }
        let place = pages.iter().position(|known| *known == page);
        if single && let Some(place) = place {
            if let Some(before) = place.checked_sub(1).and_then(|at| pages.get(at)) {
                let tap = Tap::Page(i64::try_from(*before).unwrap_or(0));
                screen.also.push(Button::new(&tap, self.plain("form-page-before")));
            }
            if let Some(after) = pages.get(place + 1) {
                let tap = Tap::Page(i64::try_from(*after).unwrap_or(0));
                screen.main = Some(Button::new(&tap, self.plain("form-page-after")));
            }
        }
        if editable && screen.main.is_none() {
            screen.main = Some(self.forward(doc, &form)?);
        }
        if single && editable && screen.main.as_ref().is_none_or(|main| main.tap != Tap::Next.text()) {
            screen.also.push(Button::new(&Tap::Next, self.plain("form-next")));
        }
        let (tap, title) = match single {
            true => (Tap::Column(true), "form-column"),
            false => (Tap::Column(false), "form-single"),
        };
        screen.also.push(Button::new(&tap, self.plain(title)));
        screen.also.push(crate::gate::other_language(self.lang));
        Ok(screen)
    }

    /// What leads on: the next question that wants an answer, or what can be done once none does.
    fn forward(&self, doc: DocId, form: &Form) -> Result<Button, RoundsError> {
        if let Some(next) = next_question(form, form.place.as_ref().map(|place| place.question.as_str())) {
            let label = form.nodes.iter().find(|node| node.question.key == next);
            let label = label.map(|node| node.question.label.clone()).unwrap_or_default();
            return Ok(Button::new(&Tap::Next, self.words("form-next-named", &[("label", label)])));
        }
        let screen = self.rounds.show(doc, self.lang)?;
        let packs = self.packs();
        let kind = packs.kind_at(&screen.row.kind, screen.version);
        let ends = |act: &&rounds_device::screens::record::Choice| {
            act.possible && kind.and_then(|kind| kind.act(&act.act)).is_some_and(|rule| rule.complete)
        };
        match screen.acts.iter().find(ends) {
            Some(act) => Ok(self.act_button(doc, &screen, act)),
            None => Ok(Button::new(&Tap::Place(Route::Today), self.plain("form-done"))
                .tapping(&Tap::To(Route::record(doc)))),
        }
    }

    fn fill(
        &self,
        doc: DocId,
        form: &Form,
        only: Option<usize>,
        screen: &mut Screen,
    ) -> Result<(), RoundsError> {
        // What was passed without an answer is told once somebody has gone on.
        let mut passed = self.session.is_checked(doc) && screen.at.is_some();
        let conflicted = |key: &str| form.conflicts.iter().any(|open| open.key == key);
        // The repeats that the questions are inside of: path, the row that was begun, the repeat.
        let mut open: Vec<(&Node, usize)> = Vec::new();
        for node in &form.nodes {
            let path = node.question.path.as_str();
            while let Some((repeat, _)) = open.last() {
                if path.starts_with(&format!("{}[", repeat.question.path)) {
                    break;
                }
                self.add_row(doc, repeat, only, screen);
                open.pop();
            }
            if let Some((repeat, begun)) = open.last_mut() {
                let rest = path.strip_prefix(&format!("{}[", repeat.question.path)).unwrap_or_default();
                let row: usize = rest.split(']').next().and_then(|row| row.parse().ok()).unwrap_or(0);
                if row != *begun {
                    *begun = row;
                    let (repeat, first) = (*repeat, node.page);
                    if only.is_none_or(|only| only == first) {
                        self.row_heading(doc, repeat, row, screen);
                    }
                }
            }
            if node.question.kind == "repeat" {
                open.push((node, 0));
                if only.is_none_or(|only| only == node.page) && !node.question.label.is_empty() {
                    screen.heading(node.question.label.clone());
                }
                continue;
            }
            if only.is_some_and(|only| only != node.page) {
                continue;
            }
            if node.question.kind == "group" {
                if !node.question.label.is_empty() {
                    screen.heading(node.question.label.clone());
                }
                continue;
            }
            let unseen = matches!(node.question.kind.as_str(), "hidden" | "calculate");
            if unseen || (node.question.label.is_empty() && node.question.read_only) {
                continue;
            }
            let mut question = self.of_node(doc, node, None)?;
            question.comment = node.question.comment.clone();
            if conflicted(&node.question.key) {
                question.versions = Some(Tap::To(Route::Conflicts).text());
            }
            if passed {
                question.error = question.error.or(node.question.error.clone());
            }
            passed = passed && screen.at.as_deref() != Some(question.key.as_str());
            screen.ask(question);
        }
        while let Some((repeat, _)) = open.pop() {
            self.add_row(doc, repeat, only, screen);
        }
        Ok(())
    }

    fn row_heading(&self, doc: DocId, repeat: &Node, row: usize, screen: &mut Screen) {
        let label = repeat.question.label.clone();
        let args = [("label", label.clone()), ("n", row.to_string()), ("of", repeat.rows.len().to_string())];
        screen.heading(self.words("form-row", &args));
        let id = row.checked_sub(1).and_then(|at| repeat.rows.get(at));
        if let (Some(id), false, false) = (id, repeat.counted, repeat.question.read_only) {
            let tap = Tap::Drop(doc, repeat.question.key.clone(), id.clone());
            let mut button = Button::new(&tap, self.words("form-drop", &args));
            button.tone = Tone::Bad;
            button.sure = Some(crate::screen::Sure {
                text: self.words("form-drop-sure", &args),
                yes: self.plain("form-drop-yes"),
                no: self.plain("no"),
            });
            screen.button(button);
        }
    }

    fn add_row(&self, doc: DocId, repeat: &Node, only: Option<usize>, screen: &mut Screen) {
        if repeat.counted || repeat.question.read_only || only.is_some_and(|only| only < repeat.page) {
            return;
        }
        let args = [("label", repeat.question.label.clone()), ("n", (repeat.rows.len() + 1).to_string())];
        let tap = Tap::Add(doc, repeat.question.key.clone());
        screen.button(Button::new(&tap, self.words("form-add", &args)));
    }

    /// A record that is about to begin: what it cannot be begun without.
    pub(super) fn begin(&self, kind: &str, given: &BTreeMap<String, String>) -> Result<Screen, RoundsError> {
        let packs = self.packs();
        let known = packs
            .kind(kind)
            .ok_or_else(|| crate::words::wrong("tap-stale", rounds_device::Class::Usage, &[]))?;
        let args = [("kind", known.title.get(self.lang).to_owned())];
        let mut screen = Screen::new("new", self.words("begin", &args));
        screen.gives = Some(Tap::Give.text());
        for field in known.fields.iter().filter(|field| is_first(field) || given.contains_key(&field.name)) {
            screen.ask(self.of_field(None, field, given)?);
        }
        screen.main = Some(Button::new(&Tap::Create, self.plain("begin-do")));
        Ok(screen)
    }

    /// What moving a record to the newer version of its form means.
    pub(super) fn newer(&self, doc: DocId) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("newer", self.plain("newer-title"));
        let row = self.rounds.row_of(doc, self.lang)?;
        screen.subtitle = Some(row.title);
        let Some(newer) = self.rounds.newer(doc, self.lang)? else {
            screen.empty(self.plain("newer-none"), String::new());
            return Ok(screen);
        };
        let versions = [("from", newer.from.to_string()), ("to", newer.to.to_string())];
        screen.text(self.words("newer-text", &versions));
        let facts = newer.questions.iter().map(|q| {
            let what = match q.what {
                "added" => self.plain("newer-added"),
                "gone" => self.plain("newer-gone"),
                _ => q.changes.join(", "),
            };
            Fact::new(q.label.clone(), what)
        });
        let facts: Vec<Fact> = facts.collect();
        if !facts.is_empty() {
            screen.blocks.push(Block::Facts { facts });
        }
        let cleared = newer.misfits.iter().map(|m| Fact {
            tone: Tone::Warning,
            ..Fact::new(m.label.clone(), format!("{} · {}", m.value, m.reason))
        });
        let cleared: Vec<Fact> = cleared.collect();
        if !cleared.is_empty() {
            screen.heading(self.plain("newer-misfits"));
            screen.blocks.push(Block::Facts { facts: cleared });
        }
        let unseen: Vec<Fact> =
            newer.unseen.iter().map(|u| Fact::new(u.label.clone(), u.value.clone())).collect();
        if !unseen.is_empty() {
            screen.heading(self.plain("newer-unseen"));
            screen.blocks.push(Block::Facts { facts: unseen });
        }
        screen.main = Some(Button::new(&Tap::Move(doc, newer.to), self.plain("newer-do")));
        Ok(screen)
    }
}

impl Button {
    /// The same button with another tap.
    pub(crate) fn tapping(mut self, tap: &Tap) -> Button {
        self.tap = tap.text();
        self
    }
}

fn pages(form: &Form) -> Vec<usize> {
    let mut pages: Vec<usize> = form
        .nodes
        .iter()
        .filter(|node| !node.holds() && !matches!(node.question.kind.as_str(), "hidden" | "calculate"))
        .map(|node| node.page)
        .collect();
    pages.dedup();
    pages
}

/// Whether a record is not begun without an answer to this. A photo is taken for a record that is there.
pub(crate) fn is_first(field: &rounds_workflow::Field) -> bool {
    field.required && field.relevant.is_none() && !matches!(field.answer, Answer::Blob(_))
}

/// The first question of a page.
pub(crate) fn first_of(
    rounds: &Rounds,
    doc: DocId,
    page: i64,
    lang: Lang,
) -> Result<Option<String>, RoundsError> {
    let form = rounds.form(doc, lang)?;
    let page = usize::try_from(page).unwrap_or(usize::MAX);
    let found = form.nodes.iter().find(|node| !node.holds() && node.page == page);
    Ok(found.map(|node| node.question.key.clone()))
}

/// Whether every question of a record that is asked is answered rightly.
pub(crate) fn is_filled(form: &Form) -> bool {
    next_question(form, None).is_none()
}

/// Whether something of it can be answered now.
pub(crate) fn is_open(form: &Form, _: &RecordScreen) -> bool {
    form.nodes.iter().any(Node::is_asked)
}
