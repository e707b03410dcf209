//! The team: people, devices, and what was done.

use super::Stamp;

/// Everybody whom the viewer manages.
#[derive(Debug)]
pub struct People {
    /// They.
    pub rows: Vec<PersonLine>,
    /// Invitations that nobody has used and that are good still.
    pub invitations: Vec<InvitationLine>,
    /// The viewer manages everybody.
    pub head_office: bool,
    /// The roles that can be invited: names and words.
    pub roles: Vec<(String, String)>,
    /// Who can lead: ids and names.
    pub leaders: Vec<(String, String)>,
    /// The viewer's id.
    pub me: String,
}

/// An invitation that is open.
#[derive(Debug)]
pub struct InvitationLine {
    /// Whose, by id.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Their role, in words.
    pub role: String,
    /// Until when it is good.
    pub until: Stamp,
}

/// One person.
#[derive(Debug)]
pub struct PersonLine {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their role, in words.
    pub role: String,
    /// All their access was withdrawn.
    pub withdrawn: bool,
    /// Who leads them.
    pub led_by: String,
    /// Their areas.
    pub areas: String,
    /// How many phones they have.
    pub phones: usize,
    /// When one last synced.
    pub last: Option<Stamp>,
    /// What waits on them.
    pub unsent: u64,
    /// The newest build among them.
    pub app: String,
}

/// One person with everything about them.
#[derive(Debug)]
pub struct PersonView {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their role, in words.
    pub role: String,
    /// When all their access was withdrawn.
    pub withdrawn: Option<Stamp>,
    /// Those whom nobody would lead without them.
    pub left_behind: Vec<String>,
    /// Who could take these over: ids and names.
    pub heirs: Vec<(String, String)>,
    /// It is the viewer.
    pub is_me: bool,
    /// They are the viewer's to manage.
    pub manages: bool,
    /// The viewer manages everybody.
    pub head_office: bool,
    /// They may use the console.
    pub enters: bool,
    /// Who leads them: ids and names.
    pub leaders: Vec<(String, String)>,
    /// Whom they lead.
    pub led: Vec<(String, String)>,
    /// Their areas.
    pub areas: Vec<String>,
    /// The viewer's areas: what they can grant, unless they manage everybody.
    pub own_areas: Vec<String>,
    /// Their devices.
    pub devices: Vec<DeviceLine>,
    /// Their records: address, kind, how many.
    pub records: Vec<(String, String, u64)>,
    /// To whom they can be given: ids and names.
    pub supervisors: Vec<(String, String)>,
    /// What is unsent on their phones, and where it goes.
    pub unsent: Option<String>,
}

/// One device.
#[derive(Debug)]
pub struct DeviceLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Since when.
    pub enrolled: Stamp,
    /// When it last synced.
    pub last: Option<Stamp>,
    /// What waits on it.
    pub unsent: u64,
    /// Which build it runs.
    pub app: String,
    /// What is held on it.
    pub held: usize,
    /// It has no access any more.
    pub revoked: bool,
    /// It is no phone, but this server or its console.
    pub office: bool,
}

/// Something that is shown once.
#[derive(Debug, Clone)]
pub struct Secret {
    /// What it is.
    pub title: String,
    /// The secret.
    pub shown: String,
    /// What to do with it.
    pub how: String,
    /// It is an invitation's code.
    pub code: Option<String>,
    /// The link that a phone opens.
    pub link: Option<String>,
    /// The same to be scanned: the path of an SVG and its edge.
    pub qr: Option<(String, usize)>,
}

/// Something that was done.
#[derive(Debug)]
pub struct LogLine {
    /// Its number.
    pub number: u64,
    /// When.
    pub at: Stamp,
    /// By whom.
    pub who: String,
    /// What.
    pub what: String,
}
