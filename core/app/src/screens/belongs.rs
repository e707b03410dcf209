//! What belongs to a record: the records that link to it, as steps that are done or still to begin; and what
//! is asked by it, such as what was left over from the last time.

use super::{Look, More, begins, line_of, paged};
use crate::route::Route;
use crate::screen::{Badge, Block, Button, Line, Screen, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::screens::record::RecordScreen;
use rounds_device::screens::row::Row;
use rounds_model::ids::DocId;
use rounds_workflow::{ActRule, Answer, Field, Finder, Kind};
use std::collections::BTreeMap;

/// Records of one kind that stand on the screen of the record that they link to.
const SHOWN: usize = 5;
/// What a finder shows there.
const FOUND: usize = 10;
/// Lines of one page of them all.
const PAGE: usize = 40;

/// What the record's main button goes on with.
#[derive(Default)]
pub(super) struct Ahead {
    /// A step that is under way.
    pub going: Option<(DocId, String)>,
    /// A step that must be and has not begun: before what ends the record.
    pub must: Option<Button>,
}

impl Look<'_> {
    /// What was asked by this record, or by a record that it links to: finders that ask for nothing else.
    pub(super) fn left_over(&self, kind: &Kind, doc: DocId, screen: &mut Screen) -> Result<(), RoundsError> {
        let packs = self.packs();
        let told = self.answers_of(doc)?;
        for other in packs.kinds() {
            for finder in &other.finders {
                let Some((about, asked)) = alone(finder) else { continue };
                let by = match about == kind.name {
                    true => Some(doc.to_string()),
                    false => {
                        let link = kind.fields.iter().find(|field| field.link.as_deref() == Some(about));
                        link.and_then(|field| told.get(&field.name)).cloned()
                    }
                };
                let Some(by) = by.filter(|by| !by.is_empty()) else { continue };
                let typed = [(asked.to_owned(), by)];
                // A finder that refuses what was asked has nothing to say here.
                let Ok(found) = self.rounds.ask(&other.name, &finder.name, &typed, self.lang) else {
                    continue;
                };
                let rows: Vec<&Row> = found.rows.iter().filter(|row| row.id != doc).collect();
                if rows.is_empty() {
                    continue;
                }
                let args = [("title", finder.title.get(self.lang).to_owned()), ("n", rows.len().to_string())];
                screen.heading(self.words("left-over", &args));
                for row in rows.into_iter().take(FOUND) {
                    let mut line = line_of(row);
                    line.mark = Some("!".to_owned());
                    screen.line(line);
                }
            }
        }
        Ok(())
    }

    fn answers_of(&self, doc: DocId) -> Result<BTreeMap<String, String>, RoundsError> {
        Ok(self.rounds.told(doc, self.lang)?.data)
    }

    /// The records that link to this one; of each kind the newest, and how to begin another.
    pub(super) fn steps(
        &self,
        kind: &Kind,
        record: &RecordScreen,
        screen: &mut Screen,
    ) -> Result<Ahead, RoundsError> {
        let (packs, role) = (self.packs(), self.role());
        let doc = record.row.id;
        let over = kind.is_removed(&record.row.stage.name);
        // Nothing is expected of it any more: what can be begun from it all the same stands in the menu.
        let ended = is_last(kind, &record.row.stage.name);
        let mut ahead = Ahead::default();
        let mut headed = false;
        for other in packs.kinds() {
            let Some(field) = links(other, &kind.name) else { continue };
            let found = self.rounds.linking(doc, &other.name, &field.name, SHOWN, self.lang)?;
            let may = begins(other, &role) && !over;
            let step = other.step.as_ref().filter(|step| step.of == field.name);
            let lacks = step.filter(|step| step.must && found.count == 0);
            let stands = found.count > 0 || lacks.is_some() || (may && !ended);
            if !stands && !may {
                continue;
            }
            if stands && !headed {
                screen.heading(self.plain("belongs"));
                headed = true;
            }
            for row in &found.rows {
                let mut line = line_of(row);
                let open = other.initial == row.stage.name;
                line.mark = Some(match (row.stage.tone, open) {
                    ("good", _) => "✓".to_owned(),
                    ("warning" | "bad", _) => "!".to_owned(),
                    _ => "→".to_owned(),
                });
                if open && ahead.going.is_none() && line.mark.as_deref() == Some("→") {
                    ahead.going = Some((row.id, row.title.clone()));
                }
                line.end = Some(other.title.get(self.lang).to_owned())
                    .filter(|kind| !line.title.contains(kind.as_str()));
                screen.line(line);
            }
            if found.count > found.rows.len() {
                let args =
                    [("n", found.count.to_string()), ("kinds", other.plural.get(self.lang).to_owned())];
                let line = Line::new(&format!("all/{}", other.name), self.words("belongs-all", &args));
                screen.line(line.tapping(&Tap::To(Route::Linked {
                    doc,
                    kind: other.name.clone(),
                    field: field.name.clone(),
                })));
            }
            // Left out, for a reason; or to be begun still.
            let skipped = lacks.and_then(|step| step.skipped.as_deref());
            let reason = skipped.and_then(|key| record.questions.iter().find(|asked| asked.key == key));
            if let Some(said) = reason.filter(|asked| !asked.value.is_empty()) {
                let mut line =
                    Line::new(&format!("skipped/{}", other.name), other.title.get(self.lang).to_owned());
                line.mark = Some("–".to_owned());
                line.subtitle = Some(said.shown.clone());
                line.badges.push(Badge::new(self.plain("step-skipped"), Tone::Neutral));
                screen.line(line.tapping(&Tap::Question(doc, said.key.clone())));
                continue;
            }
            if may {
                let mut given: BTreeMap<String, String> = [(field.name.clone(), doc.to_string())].into();
                // What this record links to, the new one links to as well.
                let told = self.answers_of(doc)?;
                for theirs in other.fields.iter().filter(|theirs| theirs.name != field.name) {
                    let Some(link) = &theirs.link else { continue };
                    let ours = kind.fields.iter().find(|ours| ours.link.as_ref() == Some(link));
                    if let Some(value) = ours.and_then(|ours| told.get(&ours.name)) {
                        given.insert(theirs.name.clone(), value.clone());
                    }
                }
                let args = [("kind", other.title.get(self.lang).to_owned())];
                let begin = Tap::Begin(other.name.clone(), given);
                if ended && lacks.is_none() {
                    screen.also.push(Button::new(&begin, self.words("begin", &args)));
                    continue;
                }
                let mut line = Line::new(&format!("begin/{}", other.name), self.words("begin", &args));
                line.mark = Some("○".to_owned());
                if lacks.is_some() {
                    line.badges.push(Badge::new(self.plain("step-must"), Tone::Warning));
                    ahead.must = ahead.must.or_else(|| Some(Button::new(&begin, line.title.clone())));
                }
                screen.line(line.tapping(&begin));
                if let Some(asked) = reason.filter(|asked| !asked.read_only) {
                    let tap = Tap::Question(doc, asked.key.clone());
                    screen.button(Button::new(&tap, asked.label.clone()));
                }
            } else if lacks.is_some() {
                let mut line =
                    Line::new(&format!("lacks/{}", other.name), other.title.get(self.lang).to_owned());
                line.mark = Some("!".to_owned());
                line.badges.push(Badge::new(self.plain("step-lacks"), Tone::Warning));
                screen.line(line);
            }
        }
        Ok(ahead)
    }

    /// Every record of a kind that links to one.
    pub(super) fn linked(&self, doc: DocId, kind: &str, field: &str) -> Result<Screen, RoundsError> {
        let packs = self.packs();
        let title = packs.kind(kind).map_or(kind, |kind| kind.plural.get(self.lang)).to_owned();
        let mut screen = Screen::new("linked", title);
        screen.subtitle = Some(self.rounds.row_of(doc, self.lang)?.title);
        screen.blocks = self.linked_rows(doc, kind, field, 0)?;
        Ok(screen)
    }

    pub(super) fn linked_rows(
        &self,
        doc: DocId,
        kind: &str,
        field: &str,
        skip: usize,
    ) -> Result<Vec<Block>, RoundsError> {
        let rows = self.rounds.linking(doc, kind, field, skip + PAGE + 1, self.lang)?.rows;
        let goes_on = |skip| More::Linked(doc, kind.to_owned(), field.to_owned(), skip);
        Ok(paged(&rows, skip, PAGE, goes_on, |row| Block::Line { line: line_of(row) }))
    }
}

/// Whether no act leads out of a stage. What no act ever leads anywhere, such as a store, is there to begin
/// from.
pub(super) fn is_last(kind: &Kind, stage: &str) -> bool {
    let leads_on = |act: &ActRule| {
        act.to != stage && !kind.is_removed(&act.to) && act.from.iter().any(|from| from == stage)
    };
    moves(kind) && !kind.acts.iter().any(leads_on)
}

/// Whether records of a kind go from stage to stage at all.
pub(super) fn moves(kind: &Kind) -> bool {
    kind.acts.iter().any(|act| act.from.iter().any(|from| *from != act.to))
}

/// The question of a kind that links to another kind.
pub(super) fn links<'k>(kind: &'k Kind, to: &str) -> Option<&'k Field> {
    kind.fields.iter().find(|field| field.link.as_deref() == Some(to))
}

/// A finder that asks for one record alone: of which kind, under which name.
fn alone(finder: &Finder) -> Option<(&str, &str)> {
    match finder.asks.as_slice() {
        [one] if one.answer == Answer::Record => Some((one.link.as_deref()?, one.name.as_str())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_last, moves};
    use rounds_workflow::Pack;
    use rounds_workflow::bundle::Bundle;
    use std::path::Path;

    /// E.7: that a store can be given to somebody else makes it no record that one is through with.
    #[test]
    fn e7_what_is_only_given_to_somebody_is_there_to_begin_from() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/store-visit");
        let mut files = vec![("pack.toml".to_owned(), std::fs::read(root.join("pack.toml")).unwrap())];
        for table in std::fs::read_dir(root.join("tables")).unwrap().map(Result::unwrap) {
            let name = format!("tables/{}", table.file_name().to_str().unwrap());
            files.push((name, std::fs::read(table.path()).unwrap()));
        }
        let pack = Pack::load(&Bundle::new(files).unwrap()).unwrap();
        let kind = |name: &str| pack.kinds.iter().find(|kind| kind.name == name).unwrap();
        assert!(kind("store").acts.iter().any(|act| act.assigns.is_some()));
        assert!(!moves(kind("store")) && !is_last(kind("store"), "active"));
        assert!(moves(kind("visit")) && is_last(kind("visit"), "done") && !is_last(kind("visit"), "planned"));
    }
}
