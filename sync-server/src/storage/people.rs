//! People, devices, invitations: rows and the questions asked of them.

use super::Result;
use rounds_model::ids::{ActorId, DeviceId, PersonId, PublicKey};
use rounds_model::people::Person;

/// The SHA-256 of a secret: what is stored of a token, an invitation or a session.
pub type SecretHash = [u8; 32];

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Which.
    pub device: DeviceId,
    /// Whose.
    pub person: PersonId,
    /// What is kept of its token.
    pub token_hash: SecretHash,
    /// The key with which it signs acts.
    pub key: PublicKey,
    /// What it calls itself.
    pub name: String,
    /// When it was enrolled.
    pub enrolled: i64,
    /// When its access was withdrawn.
    pub revoked: Option<i64>,
    /// When it last exchanged.
    pub last_sync: Option<i64>,
    /// How many items it said were still waiting on it.
    pub unsent: u64,
}

/// A one-time invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// What is kept of its code.
    pub code_hash: SecretHash,
    /// Whom it makes a device for.
    pub person: PersonId,
    /// Until when it is good.
    pub expires: i64,
    /// When it was used.
    pub used: Option<i64>,
}

/// A console session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// What is kept of its cookie.
    pub session_hash: SecretHash,
    /// Whose.
    pub person: PersonId,
    /// The token that its forms carry.
    pub csrf: [u8; 32],
    /// Until when it is good.
    pub expires: i64,
    /// With what the person's acts are signed, sealed under the cookie's secret.
    pub signer: Option<Vec<u8>>,
}

/// What can be asked about people.
pub trait ReadPeople {
    /// Everyone, by name.
    fn people(&self) -> Result<Vec<Person>>;
    /// One person.
    fn person(&self, id: PersonId) -> Result<Option<Person>>;
    /// A person's password hash, if they have a password.
    fn password(&self, id: PersonId) -> Result<Option<String>>;
    /// Whom a person leads.
    fn led_by(&self, supervisor: PersonId) -> Result<Vec<PersonId>>;
    /// The areas that a person was granted.
    fn areas_of(&self, person: PersonId) -> Result<Vec<String>>;
    /// Every device, in the order of enrolment.
    fn devices(&self) -> Result<Vec<DeviceRow>>;
    /// One device.
    fn device(&self, id: DeviceId) -> Result<Option<DeviceRow>>;
    /// One invitation.
    fn invitation(&self, code_hash: &SecretHash) -> Result<Option<InvitationRow>>;
    /// Every invitation that nobody has used, those that are good no more among them.
    fn open_invitations(&self) -> Result<Vec<InvitationRow>>;
    /// Whose access was withdrawn as a whole, and when.
    fn withdrawn(&self) -> Result<Vec<(PersonId, i64)>>;
    /// One session.
    fn session(&self, session_hash: &SecretHash) -> Result<Option<SessionRow>>;
    /// The devices that these actors are bound to; unbound actors are left out.
    fn actors(&self, ids: &[ActorId]) -> Result<Vec<(ActorId, DeviceId)>>;
    /// Every bound actor.
    fn all_actors(&self) -> Result<Vec<(ActorId, DeviceId)>>;
}

/// What can be written about people.
pub trait WritePeople {
    /// Adds or renames a person. The password stays.
    fn put_person(&mut self, person: &Person) -> Result<()>;
    /// Gives a person another id, with everything that is said of them: who leads them, whom they lead,
    /// their areas, invitations and password. Their name and role are then these.
    fn replace_person(&mut self, old: PersonId, new: &Person) -> Result<()>;
    /// Sets a person's password hash, or takes their password away.
    fn put_password(&mut self, id: PersonId, hash: Option<&str>) -> Result<()>;
    /// Lets a supervisor hold a person's records.
    fn put_lead(&mut self, supervisor: PersonId, person: PersonId) -> Result<()>;
    /// Ends that.
    fn remove_lead(&mut self, supervisor: PersonId, person: PersonId) -> Result<()>;
    /// Grants a person an area.
    fn put_area(&mut self, person: PersonId, area: &str) -> Result<()>;
    /// Withdraws an area from a person.
    fn remove_area(&mut self, person: PersonId, area: &str) -> Result<()>;
    /// Adds or replaces a device.
    fn put_device(&mut self, device: &DeviceRow) -> Result<()>;
    /// Adds or replaces an invitation.
    fn put_invitation(&mut self, invitation: &InvitationRow) -> Result<()>;
    /// Notes that a person's access was withdrawn as a whole, or that they have some again.
    fn put_withdrawn(&mut self, person: PersonId, at: Option<i64>) -> Result<()>;
    /// Takes back a person's invitations that nobody has used. Returns how many.
    fn remove_invitations_of(&mut self, person: PersonId) -> Result<u64>;
    /// Adds or replaces a session.
    fn put_session(&mut self, session: &SessionRow) -> Result<()>;
    /// Ends a session.
    fn end_session(&mut self, session_hash: &SecretHash) -> Result<()>;
    /// Ends every session of a person.
    fn end_sessions_of(&mut self, person: PersonId) -> Result<()>;
    /// Forgets the sessions that are over.
    fn forget_sessions(&mut self, now_ms: i64) -> Result<()>;
    /// Binds actors to a device for ever; one that is bound stays as it is.
    fn bind_actors(&mut self, device: DeviceId, actors: &[ActorId]) -> Result<()>;
}
