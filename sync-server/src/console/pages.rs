//! The templates, each with what it lays out.

use super::assets::links;
use super::kinds::Lexicon;
use super::session::Guest;
use super::view::{
    AssetLinks, Block, Board, ConflictList, HoldingList, LanguageChoice, NavItem, RecordList, RecordPage,
    ReminderList, Shell, Tone,
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
#[derive(Template)]
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
    /// The way back.
    pub back: String,
    /// The other language.
    pub other_tag: &'static str,
    /// What happened, in it.
    pub other_text: String,
    /// What to do now, in it.
    pub other_remedy: String,
    /// The style.
    pub assets: AssetLinks,
}

impl Said {
    /// A message and its remedy.
    pub fn new(words: &Words, key: &str) -> Said {
        Said { text: words.t(key), remedy: words.t(&format!("{key}-remedy")) }
    }
}

/// The frame of a page for someone who is signed in; `section` is the page of the navigation that
/// it belongs to.
pub fn shell(guest: &Guest, lexicon: &dyn Lexicon, here: &str, section: &str) -> Shell {
    let words = guest.words;
    let today = NavItem {
        key: "today".to_owned(),
        heading: None,
        href: "/".to_owned(),
        label: words.t("today"),
        current: section == "/",
    };
    let holding = NavItem {
        key: "holding".to_owned(),
        heading: None,
        href: "/holding".to_owned(),
        label: words.t("holding"),
        current: section == "/holding",
    };
    let conflicts = NavItem {
        key: "conflicts".to_owned(),
        heading: None,
        href: "/conflicts".to_owned(),
        label: words.t("conflict"),
        current: section == "/conflicts",
    };
    // Only where a pack has some: nobody needs a page that is always empty.
    let reminders = lexicon.reminds().then(|| NavItem {
        key: "reminders".to_owned(),
        heading: None,
        href: "/reminders".to_owned(),
        label: words.t("reminders"),
        current: section == "/reminders",
    });
    let kinds = lexicon.kinds().iter().enumerate().map(|(at, kind)| {
        let href = format!("/kinds/{}", kind.name);
        NavItem {
            key: kind.name.clone(),
            heading: (at == 0).then(|| words.t("work")),
            label: words.of(&kind.plural).to_owned(),
            current: section == href,
            href,
        }
    });
    Shell {
        csrf: guest.csrf.clone(),
        viewer: Some(guest.viewer.person.name.clone()),
        team: guest.team.name.clone(),
        nav: [today].into_iter().chain(reminders).chain([conflicts, holding]).chain(kinds).collect(),
        languages: languages(words.lang),
        here: here.to_owned(),
        assets: links(),
        words,
    }
}

/// The frame of a page before sign-in.
pub fn bare_shell(words: Words, csrf: String) -> Shell {
    Shell {
        csrf,
        viewer: None,
        team: String::new(),
        nav: vec![],
        languages: languages(words.lang),
        here: "/sign-in".to_owned(),
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
