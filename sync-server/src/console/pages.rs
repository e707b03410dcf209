//! The templates, each with what it lays out.

use super::assets::links;
use super::entrusted;
use super::kinds::Lexicon;
use super::session::Guest;
use super::shown::Done;
use super::view::{
    AssetLinks, Block, Board, Bulk, ConflictList, DataView, Entrusted, ExceptionList, HoldingList, Input,
    LanguageChoice, LogLine, NavItem, PackLine, People, PersonView, PreviewKind, RecordList, RecordPage,
    ReminderList, ReportCard, ReportView, Scores, Secret, Settle, Shell, Tone, UploadReport, Wall, WorkPage,
};
use super::words::Words;
use askama::Template;
use rounds_model::text::Lang;

/// Today's board.
#[derive(Template)]
#[template(path = "board.html")]
pub struct BoardPage {
    /// The frame.
    pub shell: Shell,
    /// The board.
    pub board: Board,
}

/// Every conflict.
#[derive(Template)]
#[template(path = "conflicts.html")]
pub struct ConflictsPage {
    /// The frame.
    pub shell: Shell,
    /// The conflicts.
    pub list: ConflictList,
}

/// What is due.
#[derive(Template)]
#[template(path = "reminders.html")]
pub struct RemindersPage {
    /// The frame.
    pub shell: Shell,
    /// The reminders.
    pub list: ReminderList,
}

/// One record.
#[derive(Template)]
#[template(path = "record.html")]
pub struct RecordPageHtml {
    /// The frame.
    pub shell: Shell,
    /// The record.
    pub page: RecordPage,
}

/// The records of a kind.
#[derive(Template)]
#[template(path = "list.html")]
pub struct ListPage {
    /// The frame.
    pub shell: Shell,
    /// The records.
    pub list: RecordList,
    /// The one that is beside them.
    pub beside: Option<RecordPage>,
}

/// What would come of an act for many records.
#[derive(Template)]
#[template(path = "bulk.html")]
pub struct BulkPage {
    /// The frame.
    pub shell: Shell,
    /// The records.
    pub page: Bulk,
}

/// What came of it.
#[derive(Template)]
#[template(path = "bulk_done.html")]
pub struct BulkDonePage {
    /// The frame.
    pub shell: Shell,
    /// It.
    pub done: Done,
}

/// What there is to look through.
#[derive(Template)]
#[template(path = "work.html")]
pub struct WorkPageHtml {
    /// The frame.
    pub shell: Shell,
    /// The kinds, and what waits.
    pub page: WorkPage,
}

/// Work that was handed over.
#[derive(Template)]
#[template(path = "holding.html")]
pub struct HoldingPage {
    /// The frame.
    pub shell: Shell,
    /// What waits.
    pub page: HoldingList,
    /// Why the last decision could not be carried out.
    pub problem: Option<Said>,
}

/// What is not as it should be.
#[derive(Template)]
#[template(path = "exceptions.html")]
pub struct ExceptionsPage {
    /// The frame.
    pub shell: Shell,
    /// The list.
    pub page: ExceptionList,
    /// The record that is shown beside it.
    pub beside: Option<RecordPage>,
}

/// Photos.
#[derive(Template)]
#[template(path = "photos.html")]
pub struct PhotosPage {
    /// The frame.
    pub shell: Shell,
    /// The wall.
    pub wall: Wall,
}

/// Scores.
#[derive(Template)]
#[template(path = "scores.html")]
pub struct ScoresPage {
    /// The frame.
    pub shell: Shell,
    /// The charts.
    pub scores: Scores,
}

/// Everybody.
#[derive(Template)]
#[template(path = "people.html")]
pub struct PeoplePage {
    /// The frame.
    pub shell: Shell,
    /// They.
    pub people: People,
}

/// What somebody looks after.
#[derive(Template)]
#[template(path = "entrusted.html")]
pub struct EntrustedPage {
    /// The frame.
    pub shell: Shell,
    /// The records.
    pub page: Entrusted,
}

/// One person.
#[derive(Template)]
#[template(path = "person.html")]
pub struct PersonPage {
    /// The frame.
    pub shell: Shell,
    /// Who.
    pub person: PersonView,
}

/// Something that is shown once.
#[derive(Template)]
#[template(path = "secret.html")]
pub struct SecretPage {
    /// The frame.
    pub shell: Shell,
    /// What.
    pub secret: Secret,
}

/// What was done.
#[derive(Template)]
#[template(path = "log.html")]
pub struct LogPage {
    /// The frame.
    pub shell: Shell,
    /// The newest first.
    pub lines: Vec<LogLine>,
    /// The address of what was before.
    pub next: Option<String>,
}

/// The packs.
#[derive(Template)]
#[template(path = "templates.html")]
pub struct TemplatesPage {
    /// The frame.
    pub shell: Shell,
    /// They.
    pub packs: Vec<PackLine>,
    /// The kinds with a workbook: names and titles.
    pub forms: Vec<(String, String)>,
    /// The viewer may publish.
    pub may: bool,
}

/// One pack.
#[derive(Template)]
#[template(path = "template.html")]
pub struct TemplatePage {
    /// The frame.
    pub shell: Shell,
    /// Its title.
    pub title: String,
    /// Its versions.
    pub versions: String,
    /// Its kinds.
    pub kinds: Vec<PreviewKind>,
}

/// What was found of an upload.
#[derive(Template)]
#[template(path = "upload.html")]
pub struct ReportPage {
    /// The frame.
    pub shell: Shell,
    /// The report.
    pub report: UploadReport,
}

/// Imports and tokens.
#[derive(Template)]
#[template(path = "data.html")]
pub struct DataPage {
    /// The frame.
    pub shell: Shell,
    /// What there is.
    pub view: DataView,
}

/// Every report.
#[derive(Template)]
#[template(path = "reports.html")]
pub struct ReportsPage {
    /// The frame.
    pub shell: Shell,
    /// They.
    pub cards: Vec<ReportCard>,
}

/// One report.
#[derive(Template)]
#[template(path = "report.html")]
pub struct TablePage {
    /// The frame.
    pub shell: Shell,
    /// The report.
    pub report: ReportView,
}

/// The door.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub shell: Shell,
    /// What went wrong with the last try.
    pub problem: Option<Said>,
    /// The name that was typed.
    pub name: String,
}

/// What happened, and what to do now.
pub struct Said {
    /// What happened.
    pub text: String,
    /// What to do now.
    pub remedy: String,
}

/// A page that says that there is no page, in both languages.
#[derive(Clone, Template)]
#[template(path = "problem.html")]
pub struct ProblemPage {
    /// The status, for support.
    pub status: u16,
    /// The language of the page.
    pub tag: &'static str,
    /// What happened.
    pub text: String,
    /// What to do now.
    pub remedy: String,
    /// The way back, in words.
    pub back: String,
    /// Where it leads.
    pub way: String,
    /// The other language.
    pub other_tag: &'static str,
    /// What happened, in it.
    pub other_text: String,
    /// What to do now, in it.
    pub other_remedy: String,
    /// The style.
    pub assets: AssetLinks,
    /// What the ways are called together.
    pub nav_label: String,
    /// The ways to other pages, for whoever has a session.
    pub nav: Vec<NavItem>,
}

impl Said {
    /// A message and its remedy.
    pub fn new(words: &Words, key: &str) -> Said {
        Said { text: words.t(key), remedy: words.t(&format!("{key}-remedy")) }
    }
}

/// The pages that everybody has who may enter.
pub fn ways(words: &Words, section: Option<&str>) -> Vec<NavItem> {
    const PAGES: [(&str, &str); 6] = [
        ("today", "/"),
        ("work", "/work"),
        ("exceptions", "/exceptions"),
        ("team", "/team"),
        ("templates", "/templates"),
        ("reports", "/reports"),
    ];
    PAGES.map(|page| way(words, page, section)).into()
}

fn way(words: &Words, (key, href): (&str, &str), section: Option<&str>) -> NavItem {
    let label = words.t(key);
    NavItem { key: key.to_owned(), href: href.to_owned(), label, current: section == Some(href) }
}

/// The frame of a page for someone who is signed in; `section` is the page of the navigation that
/// it belongs to.
pub fn shell(guest: &Guest, lexicon: &dyn Lexicon, here: &str, section: &str) -> Shell {
    let words = guest.words;
    let mut nav = ways(&words, Some(section));
    // Only where a pack has some: nobody needs a page that is always empty.
    if lexicon.reminds() {
        nav.insert(2, way(&words, ("reminders", "/reminders"), Some(section)));
    }
    Shell {
        csrf: guest.csrf.clone(),
        viewer: Some(guest.viewer.person.name.clone()),
        viewer_id: Some(guest.viewer.person.id.to_string()),
        team: guest.team.name.clone(),
        nav,
        team_pages: team_pages(&words, lexicon),
        languages: languages(words.lang),
        here: here.to_owned(),
        said: guest.said.clone(),
        assets: links(),
        words,
    }
}

/// The pages about the team: people, what they look after, and what was done. A template says which it is.
fn team_pages(words: &Words, lexicon: &dyn Lexicon) -> Vec<NavItem> {
    let item =
        |key: &str, href: String, label: String| NavItem { key: key.to_owned(), href, label, current: false };
    let kinds = entrusted::kinds(lexicon)
        .map(|kind| item(&kind.name, entrusted::path(&kind.name), words.of(&kind.plural).to_owned()));
    let people = item("people", "/team".to_owned(), words.t("people"));
    let log = item("log", "/team/log".to_owned(), words.t("log"));
    std::iter::once(people).chain(kinds).chain([log]).collect()
}

/// The frame of a page before sign-in.
pub fn bare_shell(words: Words, csrf: String) -> Shell {
    Shell {
        csrf,
        viewer: None,
        viewer_id: None,
        team: String::new(),
        nav: vec![],
        team_pages: vec![],
        languages: languages(words.lang),
        here: "/sign-in".to_owned(),
        said: None,
        assets: links(),
        words,
    }
}

fn languages(current: Lang) -> Vec<LanguageChoice> {
    let name = |lang| match lang {
        Lang::Zh => "中文",
        Lang::En => "English",
    };
    Lang::ALL
        .map(|lang| LanguageChoice { tag: lang.tag(), name: name(lang), current: lang == current })
        .into()
}
