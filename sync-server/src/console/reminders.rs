//! What is overdue and what is due soon, of the records that the viewer may see.

use super::kinds::Lexicon;
use super::view::{DueRow, ReminderList};
use super::viewer::Viewer;
use super::words::Words;
use crate::admin::reminders::Due;
use crate::storage::{Read, Result};

/// Rows of the page.
const PAGE: usize = 200;

/// The page.
pub fn reminder_list(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    now_ms: i64,
) -> Result<ReminderList> {
    let found: Vec<Due> = lexicon.reminders(tx, viewer.seen().as_deref(), now_ms)?;
    let hidden = found.len().saturating_sub(PAGE);
    let row = |due: &Due| DueRow {
        doc: due.doc.to_string(),
        text: words.of(&due.text).to_owned(),
        title: words.of(&due.title).to_owned(),
        owner: due.owner.clone(),
        due: words.moment(due.due_ms, now_ms),
        overdue: due.overdue.then(|| words.n("reminder-late", due.days.saturating_neg())),
        mine: due.escalated.contains(&viewer.person.role),
        rule: due.rule.clone(),
    };
    Ok(ReminderList {
        count: words.n("reminders-overdue", found.iter().filter(|due| due.overdue).count()),
        rows: found.iter().take(PAGE).map(row).collect(),
        more: (hidden > 0).then(|| words.n("decide-more", hidden)),
    })
}
