//! What a page says, as plain data in the reader's language: everything is worked out before a
//! template sees it, and a template only lays it out.

mod board;
mod bulk;
mod charts;
mod conflicts;
mod data;
mod entrusted;
mod exceptions;
mod holding;
mod list;
mod moving;
mod offer;
mod office;
mod record;
mod reminders;
mod tape;
mod work;

pub use board::{
    Board, BoardRow, Decision, Number, Plot, Progress, RepDay, RouteStop, Spot, Sync, Tile, Way,
};
pub use bulk::{Bulk, BulkRow};
pub use charts::{BarChart, LineChart, Picture, ReportCard, ReportRow, ReportView, Scores, Trend, Wall};
pub use conflicts::{ConflictList, Conflicted};
pub use data::{
    ChangedCell, Compared, DataView, Difference, PackLine, PreviewKind, PreviewQuestion, TokenLine,
    UploadReport,
};
pub use entrusted::{Entrusted, EntrustedRow};
pub use exceptions::{Exception, ExceptionList, Settle};
pub use holding::{HoldingList, HoldingRow};
pub use list::{Chosen, Facet, ListRow, RecordList, ViewLink};
pub use moving::{Moving, MovingDevice, MovingOwner};
pub use offer::{AskView, Input, OfferView};
pub use office::{DeviceLine, InvitationLine, LogLine, People, PersonLine, PersonView, Secret};
pub use record::{
    ActRow, Answer, Block, ChangeRow, Changed, ConflictRow, DoubtRow, EditRow, PreviousScore, RecordPage,
    Refused, ScoreRow, SectionRow, Stop, TabLink, Value, VerdictRow, VersionRow,
};
pub use reminders::{DueRow, ReminderList};
pub use tape::{Break, Mark, Segment, Stretch, Tape};
pub use work::{KindCard, PackCard, WaitRow, WorkPage};

use super::words::Words;

/// The frame around every page.
#[derive(Debug)]
pub struct Shell {
    /// The words of the frame itself.
    pub words: Words,
    /// What every form of the page carries.
    pub csrf: String,
    /// Who looks; none before sign-in.
    pub viewer: Option<String>,
    /// Their id: what a window keeps is theirs alone.
    pub viewer_id: Option<String>,
    /// The team's name.
    pub team: String,
    /// The pages that there are.
    pub nav: Vec<NavItem>,
    /// The pages about the team.
    pub team_pages: Vec<NavItem>,
    /// The languages on offer.
    pub languages: Vec<LanguageChoice>,
    /// The path of this page, to come back to.
    pub here: String,
    /// What the last form wanted to be said.
    pub said: Option<String>,
    /// Where the style, the script and the icon are.
    pub assets: AssetLinks,
}

/// One page in the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Stable, for tests.
    pub key: String,
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub label: String,
    /// It is the page that is shown.
    pub current: bool,
}

/// One language on offer.
#[derive(Debug)]
pub struct LanguageChoice {
    /// Its tag.
    pub tag: &'static str,
    /// Its name in itself.
    pub name: &'static str,
    /// It is the page's.
    pub current: bool,
}

/// Where the assets are: addresses that change with their content.
#[derive(Debug, Clone)]
pub struct AssetLinks {
    /// The style sheet.
    pub style: String,
    /// The script.
    pub script: String,
    /// The icon.
    pub icon: String,
}

/// How something is set off: by a shape and a colour, always beside a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// Under way.
    Active,
    /// As it should be.
    Good,
    /// Needs a look.
    Warning,
    /// Not as it should be.
    Bad,
    /// Two values stand side by side.
    Split,
}

impl Tone {
    /// The name that style and templates use.
    pub fn as_str(&self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Active => "active",
            Tone::Good => "good",
            Tone::Warning => "warning",
            Tone::Bad => "bad",
            Tone::Split => "split",
        }
    }
}

/// A state in a word, set off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// How.
    pub tone: Tone,
    /// The word.
    pub text: String,
}

/// A time as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// For programs.
    pub iso: String,
    /// What is read.
    pub short: String,
    /// Everything about it, on demand.
    pub full: String,
}

/// Another record, as a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherRecord {
    /// Its id.
    pub doc: String,
    /// Its title.
    pub title: String,
}
