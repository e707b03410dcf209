//! Questions as a person meets them: of a form, of an act, of a finder, of a record that is about to begin.

use super::Look;
use crate::ask::{Choice, Input, Question};
use crate::pictures;
use crate::route::Route;
use crate::tap::Tap;
use rounds_device::screens::form::Node;
use rounds_device::screens::questions::Offered;
use rounds_device::{RoundsError, scanning};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_workflow::{Answer, Field, Media};
use std::collections::BTreeMap;

/// Choices that stand at a question itself; more are on a screen of their own.
const AT_ONCE: usize = 12;

/// How an answer is stored of which people only read yes or no.
const TRUTHS: [(&str, &str); 2] = [("true", "yes"), ("false", "no-word")];

/// The types of questions by what is taken for them.
pub(crate) fn taken(kind: &str, appearance: &str) -> Option<crate::capture::What> {
    use crate::capture::What;
    let words = || appearance.split_whitespace();
    Some(match kind {
        "image" if words().any(|word| word == "signature" || word == "draw") => What::Signature,
        "image" => What::Photo,
        "geopoint" => What::Place,
        "barcode" => What::Code,
        _ => return None,
    })
}

impl Look<'_> {
    /// A question of a form.
    pub(super) fn of_node(
        &self,
        doc: DocId,
        node: &Node,
        row: Option<&str>,
    ) -> Result<Question, RoundsError> {
        let asked = &node.question;
        let key = asked.key.as_str();
        let more = Tap::To(Route::Choices { question: key.to_owned(), typed: String::new() }).text();
        let input = match asked.kind.as_str() {
            "record" => self.one_of(self.chosen_alone(&asked.value, &asked.shown), Some(more)),
            "person" => {
                let offer = self.rounds.offer(doc, key, "", 0, AT_ONCE, self.lang)?;
                let options = offered(&offer.choices);
                match offer.more {
                    false => self.one_of(options, None),
                    true => self.one_of(self.chosen_alone(&asked.value, &asked.shown), Some(more)),
                }
            }
            kind => {
                let more = (asked.more_choices || asked.choices.len() > 4 * AT_ONCE).then_some(more);
                let picture = (!asked.value.is_empty()).then(|| pictures::name(doc, key));
                let choices: Vec<Choice> = match more {
                    Some(_) => offered(asked.choices.get(..AT_ONCE).unwrap_or(&asked.choices)),
                    None => offered(&asked.choices),
                };
                self.input(kind, &node.appearance, key, choices, more, node.range, picture)
            }
        };
        let input = match input {
            Input::File { about, .. } => self.recorded(doc, key, &asked.kind, about)?,
            input => input,
        };
        let shown = match asked.kind.as_str() {
            "image" | "audio" | "video" | "file" | "background-audio" if !asked.value.is_empty() => {
                self.plain("taken")
            }
            "boolean" => self.truth(&asked.value),
            "geopoint" => self.place(&asked.value),
            _ => asked.shown.clone(),
        };
        let hint = Some(node.hint.clone()).filter(|hint| !hint.is_empty());
        let hint = hint.or(self.without_choices(doc, key, &input)?);
        let label = match row {
            Some(row) => format!("{} · {row}", asked.label),
            None => asked.label.clone(),
        };
        Ok(Question {
            hint,
            value: asked.value.clone(),
            shown,
            typed: asked.typed.clone(),
            required: asked.required,
            read_only: asked.read_only,
            // That an answer is missing is told once somebody wants to go on.
            error: asked
                .error
                .clone()
                .filter(|_| !asked.value.is_empty())
                .or_else(|| doubt_of(asked.kind == "barcode", Some(&asked.value), self.lang)),
            ..Question::new(key, label, input)
        })
    }

    /// Why there is nothing to choose, and what to answer first.
    fn without_choices(&self, doc: DocId, key: &str, input: &Input) -> Result<Option<String>, RoundsError> {
        let none = |options: &[Choice], more: &Option<String>| options.is_empty() && more.is_none();
        match input {
            Input::One { options, more } | Input::Several { options, more } if none(options, more) => {}
            _ => return Ok(None),
        }
        let offer = self.rounds.offer(doc, key, "", 0, 1, self.lang)?;
        if let Some(first) = offer.first.first() {
            return Ok(Some(self.words("choices-first", &[("label", first.label.clone())])));
        }
        Ok(offer.by.first().map(|by| {
            let args = [("label", by.label.clone()), ("answer", by.answer.clone())];
            self.words("choices-by", &args)
        }))
    }

    /// A question that a pack declares and that is not a record's own; `sheet` is the record of an act's.
    pub(super) fn of_field(
        &self,
        sheet: Option<DocId>,
        field: &Field,
        given: &BTreeMap<String, String>,
    ) -> Result<Question, RoundsError> {
        let key = field.name.as_str();
        let value = given.get(key).cloned().unwrap_or_default();
        let shown = match (field.answer, value.as_str()) {
            (_, "") => String::new(),
            (Answer::Boolean, value) => self.truth(value),
            (Answer::Place, value) => self.place(value),
            (Answer::Blob(_), _) => self.plain("taken"),
            (Answer::DateTime, value) => value.replace('T', " ").chars().take(16).collect(),
            (_, value) => self.rounds.read_answer(field, value, self.lang)?,
        };
        let more = Tap::To(Route::Choices { question: key.to_owned(), typed: String::new() }).text();
        let input = match field.answer {
            Answer::Record => self.one_of(self.chosen_alone(&value, &shown), Some(more)),
            Answer::Person => {
                let offer = self.rounds.offer_of(field, "", 0, AT_ONCE, self.lang)?;
                match offer.more {
                    true => self.one_of(self.chosen_alone(&value, &shown), Some(more)),
                    false => self.one_of(offered(&offer.choices), None),
                }
            }
            answer => {
                let choices = field.choices.iter().map(|c| Choice::new(&c.name, c.title.get(self.lang)));
                let photo = sheet.filter(|_| !value.is_empty() && answer == Answer::Blob(Media::Image));
                let picture = photo.map(|doc| pictures::name(doc, &value));
                self.input(answer.name(), "", key, choices.collect(), None, None, picture)
            }
        };
        Ok(Question {
            hint: field.hint.as_ref().map(|hint| hint.get(self.lang).to_owned()),
            value,
            shown,
            required: field.required,
            // Photos are taken for an act; what else is a file comes with its record.
            read_only: match field.answer {
                Answer::Blob(Media::Image) => sheet.is_none(),
                Answer::Blob(_) => true,
                _ => false,
            },
            error: doubt_of(field.answer == Answer::Barcode, given.get(key).map(String::as_str), self.lang),
            ..Question::new(key, field.title.get(self.lang).to_owned(), input)
        })
    }

    /// A file that is recorded by a script opens the prompter, another sound or video the recorder, and any
    /// other file is chosen.
    fn recorded(
        &self,
        doc: DocId,
        key: &str,
        kind: &str,
        about: Option<String>,
    ) -> Result<Input, RoundsError> {
        let row = self.rounds.row_of(doc, self.lang)?;
        let packs = self.packs();
        let scripted = packs.kind(&row.kind).is_some_and(|kind| kind.recording(key).is_some());
        if scripted {
            let shown = self.rounds.prompter(doc, key, self.lang)?;
            let tap = Tap::To(Route::Prompter { doc, field: key.to_owned() });
            return Ok(Input::File { take: tap.text(), about: Some(shown.said) });
        }
        let take = match kind {
            "audio" | "video" => Tap::To(Route::Memo { doc, field: key.to_owned() }),
            _ => Tap::Choice(key.to_owned()),
        };
        Ok(Input::File { take: take.text(), about })
    }

    fn one_of(&self, options: Vec<Choice>, more: Option<String>) -> Input {
        Input::One { options, more }
    }

    fn chosen_alone(&self, value: &str, shown: &str) -> Vec<Choice> {
        if value.is_empty() { vec![] } else { vec![Choice::new(value, shown)] }
    }

    #[allow(clippy::too_many_arguments)]
    fn input(
        &self,
        kind: &str,
        appearance: &str,
        key: &str,
        options: Vec<Choice>,
        more: Option<String>,
        range: Option<(f64, f64, f64)>,
        picture: Option<String>,
    ) -> Input {
        let take = Tap::Take(key.to_owned()).text();
        let words = || appearance.split_whitespace();
        match kind {
            "note" | "calculate" | "hidden" | "group" | "repeat" => Input::Note,
            "integer" => Input::Integer,
            "decimal" => Input::Decimal,
            "boolean" => Input::One {
                options: TRUTHS.iter().map(|(value, key)| Choice::new(value, &self.plain(key))).collect(),
                more: None,
            },
            "date" => Input::Date,
            "time" => Input::Time,
            "dateTime" | "datetime" => Input::DateTime,
            "select_one" => Input::One { options, more },
            "select_multiple" => Input::Several { options, more },
            "rank" => Input::Rank { options },
            "range" => {
                let (from, to, step) = range.unwrap_or((1.0, 10.0, 1.0));
                Input::Range { from, to, step }
            }
            "acknowledge" => Input::Acknowledge,
            "image" if taken(kind, appearance) == Some(crate::capture::What::Signature) => {
                Input::Signature { sign: take, picture }
            }
            "image" => Input::Photo { take, picture },
            // Nothing listens to a whole form: what is said is recorded where it is asked.
            "background-audio" => Input::Note,
            "audio" | "video" | "file" => Input::File { take, about: picture.map(|_| self.plain("taken")) },
            "geopoint" => Input::Place { take },
            "barcode" => match self.inner.machine.kit.barcode.is_some() {
                true => Input::Barcode { scan: take },
                false => Input::Text { long: false },
            },
            _ => Input::Text { long: words().any(|word| word == "multiline") },
        }
    }

    pub(super) fn truth(&self, value: &str) -> String {
        let known = TRUTHS.iter().find(|(stored, _)| *stored == value);
        known.map_or_else(|| value.to_owned(), |(_, key)| self.plain(key))
    }

    /// A place as people read it.
    pub(super) fn place(&self, value: &str) -> String {
        let parts: Vec<f64> = value.split(' ').filter_map(|part| part.parse().ok()).collect();
        match parts.as_slice() {
            // A place that was not measured is as exact as whoever wrote it down.
            [north, east, _, accuracy, ..] if *accuracy > 0.0 => self.words(
                "place-answer",
                &[
                    ("north", format!("{north:.5}")),
                    ("east", format!("{east:.5}")),
                    ("metres", format!("{accuracy:.0}")),
                ],
            ),
            [north, east, ..] => format!("{north:.5}, {east:.5}"),
            _ => value.to_owned(),
        }
    }
}

/// What is to be looked at again in the number of a barcode; it is kept all the same.
fn doubt_of(barcode: bool, value: Option<&str>, lang: Lang) -> Option<String> {
    value.filter(|_| barcode).and_then(|number| scanning::doubt(number, lang))
}

fn offered(choices: &[Offered]) -> Vec<Choice> {
    choices.iter().map(|choice| Choice::new(&choice.value, &choice.label)).collect()
}
