//! Taking in what a document says now, without opening it anew: what others wrote, what this phone committed, what a
//! transaction took back.

use super::Filling;
use super::frames::FrameId;
use crate::answers::{Answers, is_instance_id};
use crate::expr::{Expr, Moment};
use crate::form::{FirstValue, NodeId};

impl Filling {
    /// Brings the filling to what [`Filling::new`] with these answers, at this moment, would be, by evaluating
    /// only what depends on the difference; where that cannot be told from what is here, by opening the
    /// document anew. Returns false then.
    ///
    /// What a change wrote ([`super::Changed::written`]) counts only as far as it is among the answers: what
    /// was not committed is undone.
    pub fn adopt(&mut self, answers: Answers, moment: Moment) -> bool {
        match self.adopted(answers, moment) {
            Ok(()) => true,
            Err(answers) => {
                let language = self.language.take();
                *self = Filling::new(self.form.clone(), answers, moment, self.session.clone());
                if let Some(language) = language {
                    self.set_language(&language);
                }
                false
            }
        }
    }

    /// Gives the answers back where they have to be opened.
    fn adopted(&mut self, answers: Answers, moment: Moment) -> Result<(), Answers> {
        let same_chance =
            (moment.seed, moment.offset_minutes) == (self.moment.seed, self.moment.offset_minutes);
        if self.costly || self.overfull || self.drawn || !same_chance {
            return Err(answers);
        }
        let Some(news) = self.news(&answers) else {
            return Err(answers);
        };
        let mut answers = answers;
        self.own.retain(|key| answers.get(key).is_none());
        for key in &self.own {
            let value = self.answers.get(key).unwrap_or("").to_owned();
            if answers.insert(key.clone(), value).is_err() {
                return Err(self.of_document(&answers));
            }
        }
        self.begin();
        self.answers = answers;
        if moment != self.moment {
            self.moment = moment;
            self.mark_clocked();
        }
        let first = self.frames.len();
        // In the order of keys that there is a row comes before what is in it.
        if !news.iter().all(|key| self.take_in(key)) {
            return Err(self.of_document(&self.answers));
        }
        for frame in first..self.frames.len() {
            self.apply_defaults(frame);
        }
        self.settle();
        self.changed.clear();
        self.pulled.clear();
        self.own_is_written();
        Ok(())
    }

    /// Answers without what the form filled in by itself.
    fn of_document(&self, answers: &Answers) -> Answers {
        let document = answers.iter().filter(|(key, _)| !self.own.contains(*key));
        // They are fewer than what fitted before.
        Answers::collect(document).unwrap_or_default()
    }

    /// The form has filled in what is written now, and nobody has stored it.
    pub(super) fn own_is_written(&mut self) {
        for key in self.written.keys() {
            let asked = self.locate(key).ok().and_then(|(node, _)| self.form.node(node));
            let given = asked.is_some_and(|question| {
                matches!(question.default, Some(FirstValue::Static(_)))
                    && !question.calculation.as_ref().is_some_and(Expr::is_kept)
            });
            self.drawn |= !given;
        }
        self.own.extend(self.written.keys().cloned());
    }

    /// The keys of which the document says something else now, in order; none where something is gone from it
    /// without a trace, as no document does by itself.
    fn news(&self, answers: &Answers) -> Option<Vec<String>> {
        let (mut old, mut new) = (self.answers.iter().peekable(), answers.iter().peekable());
        let mut news = Vec::new();
        loop {
            match (old.peek(), new.peek()) {
                (Some((gone, _)), there) if there.is_none_or(|(key, _)| *gone < *key) => {
                    if !self.own.contains(*gone) {
                        return None;
                    }
                    old.next();
                }
                (have, Some((key, value))) => {
                    let known = have.filter(|(have, _)| have == key);
                    if known.is_none_or(|(_, have)| have != value) {
                        news.push((*key).to_owned());
                    }
                    if known.is_some() {
                        old.next();
                    }
                    new.next();
                }
                _ => return Some(news),
            }
        }
    }

    fn take_in(&mut self, key: &str) -> bool {
        if let Some(row) = key.strip_suffix("/@ord").or_else(|| key.strip_suffix("/@del")) {
            return self.take_in_row(row);
        }
        // Keys of another version of the form, and of rows that are not there, wait in the answers.
        let Ok((node, frame)) = self.locate(key) else {
            return true;
        };
        if self.key(node, frame) == key {
            let raw = self.answers.get(key).unwrap_or("").to_owned();
            if let Some(cell) = self.cell_mut(node, frame) {
                cell.raw = raw;
                cell.answered = true;
            }
            self.mark(node, frame);
        }
        true
    }

    fn take_in_row(&mut self, row: &str) -> bool {
        let Some((repeat, id)) = row.rsplit_once('/').filter(|(_, id)| is_instance_id(id)) else {
            return true;
        };
        let Ok((node, parent)) = self.locate_repeat(repeat) else {
            return true;
        };
        if self.key(node, parent) != repeat {
            return true;
        }
        let removed = self.answers.get(&format!("{row}/@del")) == Some("true");
        let ord = self.answers.get(&format!("{row}/@ord")).filter(|_| !removed).map(str::to_owned);
        match (self.row(node, parent, id), ord) {
            // One that has moved among the others changes more than is told here.
            (Some(frame), Some(ord)) => self.frame(frame).is_some_and(|frame| frame.ord == ord),
            (Some(frame), None) => {
                self.take_away(node, parent, frame);
                true
            }
            (None, Some(ord)) => self.appears(node, parent, id, &ord),
            (None, None) => true,
        }
    }

    fn appears(&mut self, node: NodeId, parent: FrameId, id: &str, ord: &str) -> bool {
        let there = self.put_in(node, parent, id, ord);
        self.mark_shape(node, parent);
        there
    }
}
