//! A recording in memory, and how it is taken up again.

use super::alone::Alone;
use crate::Rounds;
use crate::authoring::who;
use crate::error::Fail;
use crate::identity;
use crate::platform::random;
use crate::projecting;
use crate::store::{documents, recordings, records};
use crate::world::Here;
use rounds_evidence::beside;
use rounds_evidence::chain::{About, ChainId, Ending, Event, Link, Stop, verify};
use rounds_evidence::session::{Script, Session, State, Step};
use rounds_model::document::BESIDE;
use rounds_model::ids::DocId;
use rounds_model::text::Text;
use rounds_model::time::TrustedTime;
use rounds_workflow::{Medium, View};
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

/// A recording under way.
pub(crate) struct UnderWay {
    pub doc: DocId,
    pub field: String,
    pub chain: ChainId,
    pub kept: Kept,
    pub session: Session,
    /// Whoever has it in hand, and does not only look at it, is alone with it.
    pub alone: Option<Alone>,
}

/// What is kept of a recording beside its links: the script as it was filled when it began, so that an
/// answer that changes later changes nothing that was spoken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Its steps.
    pub steps: Vec<Words>,
    /// Pictures, too.
    pub video: bool,
}

/// A step, in both languages. The Chinese text is the one that is spoken, and so in the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Words {
    /// Who speaks.
    pub speaker: Text,
    /// What.
    pub text: Text,
    /// What to do.
    pub note: Option<Text>,
    /// What the customer must answer.
    pub needs: String,
    /// How long it must be held, milliseconds.
    pub hold_ms: u64,
}

impl Kept {
    pub(super) fn script(&self) -> Script {
        let step = |(i, words): (usize, &Words)| Step {
            number: u32::try_from(i + 1).unwrap_or(u32::MAX),
            speaker: words.speaker.zh.clone(),
            text: words.text.zh.clone(),
            needs: words.needs.clone(),
            hold_ms: words.hold_ms,
        };
        Script { steps: self.steps.iter().enumerate().map(step).collect() }
    }
}

impl UnderWay {
    /// Stores what happened.
    pub fn add(&self, tx: &Transaction<'_>, links: &[Link]) -> Result<(), Fail> {
        recordings::add(tx, &self.chain, links)
    }

    pub fn is_recording(&self) -> bool {
        matches!(self.session.state, State::Recording { .. })
    }
}

/// Begins a recording of a question, in the store and in memory.
pub(super) fn begin(
    rounds: &Rounds,
    tx: &Transaction<'_>,
    doc: DocId,
    field: &str,
) -> Result<UnderWay, Fail> {
    let (me, catalogue) = (identity::load(tx)?.ok_or(Fail::NotEnrolled)?, rounds.catalogue());
    let row = records::get(tx, doc)?.ok_or(Fail::UnknownRecord)?.projection;
    let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
    let rule = kind.recording(field).ok_or_else(|| Fail::UnknownQuestion(field.to_owned()))?;
    rounds_workflow::may_write(kind, &row.stage, &who(&me), row.owner, [field])?;
    let document = documents::load(tx, doc)?.ok_or(Fail::UnknownRecord)?;
    let record = projecting::stand(tx, &catalogue, &me, doc, &document)?;
    let now = rounds.noted_now(tx)?;
    let here = Here(tx);
    let view = View::new(who(&me), &here, rounds_workflow::moment(now.at_ms, me.zone()));
    let script = rounds_workflow::script(kind, rule, &record, &view)??;
    let kept = Kept {
        video: script.medium == Medium::Video,
        steps: script
            .steps
            .into_iter()
            .map(|step| Words {
                speaker: step.speaker,
                text: step.text,
                note: step.note,
                needs: step.needs,
                hold_ms: step.hold_ms,
            })
            .collect(),
    };
    let about = About {
        record: doc,
        field: field.to_owned(),
        person: me.person.id,
        device: me.device,
        script: script.name,
        steps: u32::try_from(kept.steps.len()).unwrap_or(u32::MAX),
        medium: script.medium.name().to_owned(),
    };
    let chain: ChainId = random(&*rounds.platform)?;
    let (session, links) = Session::begin(chain, kept.script(), about, &now)?;
    recordings::put(tx, doc, field, &chain, &kept)?;
    let begun = UnderWay { doc, field: field.to_owned(), chain, kept, session, alone: None };
    begun.add(tx, &links)?;
    Ok(begun)
}

/// Whether a complete recording answers a question.
pub(super) fn is_complete(db: &Connection, doc: DocId, field: &str) -> Result<bool, Fail> {
    let Some(document) = documents::load(db, doc)? else { return Ok(false) };
    let beside = document.get(&format!("{field}{BESIDE}"));
    let with = beside::of(document.get(field).as_ref(), beside.as_ref());
    Ok(with.is_some_and(|with| with.ending == Some(Ending::Complete)))
}

/// An error if a question is not recorded by a script.
pub(super) fn is_asked(rounds: &Rounds, db: &Connection, doc: DocId, field: &str) -> Result<(), Fail> {
    let catalogue = rounds.catalogue();
    let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
    let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
    kind.recording(field).map(drop).ok_or_else(|| Fail::UnknownQuestion(field.to_owned()))
}

/// A recording as the store has it; none if none is under way.
pub(crate) fn load(db: &Connection, doc: DocId, field: &str) -> Result<Option<UnderWay>, Fail> {
    let Some((chain, kept)) = recordings::get::<Kept>(db, doc, field)? else { return Ok(None) };
    let links = recordings::links(db, &chain)?;
    let session = Session::played(chain, kept.script(), &read(doc, links)?)?;
    Ok(Some(UnderWay { doc, field: field.to_owned(), chain, kept, session, alone: None }))
}

/// Stored links with what they say. They are in the encrypted store: one that cannot be read is damage.
fn read(doc: DocId, links: Vec<Link>) -> Result<Vec<(Link, Event, TrustedTime)>, Fail> {
    let text: String = links.iter().map(Link::text).collect();
    let report = verify::verify(text.as_bytes(), &verify::Expected::of(doc));
    let said = links.into_iter().zip(report.links).map(|(link, read)| {
        let same = link.number == read.number && link.hash == read.hash;
        Some((link, read.event?, read.time?)).filter(|_| same)
    });
    said.collect::<Option<_>>().ok_or(Fail::Damaged("the links of a recording"))
}

/// Takes up a recording that another run of the app left: it was killed in the middle, and says so.
pub(super) fn recover(rounds: &Rounds, tx: &Transaction<'_>, it: &mut UnderWay) -> Result<(), Fail> {
    let now = rounds.noted_now(tx)?;
    let links = it.session.pause(Stop::Killed, None, &now);
    it.add(tx, &links)
}
