//! Enrolment: an invitation becomes a device, once.

use crate::clock::stamp;
use crate::error::Result;
use crate::secrets::{self, invite, token};
use crate::storage::log::{LogRow, What};
use crate::storage::people::DeviceRow;
use crate::storage::records::{Filter, Removed};
use crate::storage::{Storage, Write};
use rounds_model::ids::{DeviceId, PersonId};
use rounds_model::people::Person;
use rounds_model::scope::Scope;
use rounds_protocol::enrol::{DEVICE_NAME, EnrolAnswer, EnrolRequest, Former};
use rounds_protocol::fault::Fault;

/// Makes a device of the person who was invited. The invitation is spent in the same transaction.
///
/// A device that was one already registers again with its key, and keeps its id: so what it signed and
/// wrote stays its own. The server may know neither it nor its person any more, if it was put back to a
/// backup from before; then whom the office invited anew by the same name is that person.
pub fn enrol(storage: &dyn Storage, request: &EnrolRequest, now_ms: i64) -> Result<EnrolAnswer> {
    let name = request.device_name.trim();
    if name.is_empty() || name.len() > DEVICE_NAME || name.chars().any(char::is_control) {
        return Err(Fault::BodyMalformed.into());
    }
    // Before the database is asked: who holds no key learns nothing about codes.
    if !request.is_proven() {
        return Err(Fault::KeyNotProven.into());
    }
    let code_hash = invite::read(&request.code).ok_or(Fault::InviteUnknown)?;
    let team = storage.team_of_invitation(&code_hash)?.ok_or(Fault::InviteUnknown)?;
    let mut tx = storage.write(team)?;
    let mut invitation = tx.invitation(&code_hash)?.ok_or(Fault::InviteUnknown)?;
    if invitation.used.is_some() {
        return Err(Fault::InviteUsed.into());
    }
    if invitation.expires <= now_ms {
        return Err(Fault::InviteExpired.into());
    }
    let (person, mut row) = match &request.former {
        None => {
            let person = tx.person(invitation.person)?.ok_or(Fault::InviteUnknown)?;
            let device = DeviceId::v7(stamp(now_ms), secrets::random()?);
            let row = new(device, person.id, request, now_ms);
            (person, row)
        }
        Some(former) => {
            if storage.team_of_device(former.device)?.is_some_and(|other| other != team) {
                return Err(Fault::InviteOther.into());
            }
            let person = readmitted(&mut *tx, former, invitation.person)?;
            let row = match tx.device(former.device)? {
                Some(row) if row.key != request.key || row.person != person.id => {
                    return Err(Fault::InviteOther.into());
                }
                Some(row) if row.revoked.is_some() => return Err(Fault::DeviceRevoked.into()),
                Some(row) => row,
                None => new(former.device, person.id, request, now_ms),
            };
            (person, row)
        }
    };
    let device = row.device;
    let (token, token_hash) = token::create(device)?;
    row.token_hash = token_hash;
    name.clone_into(&mut row.name);
    tx.put_device(&row)?;
    (invitation.used, invitation.person) = (Some(now_ms), person.id);
    tx.put_invitation(&invitation)?;
    // Who was without access has some again with this device, and not before.
    tx.put_withdrawn(person.id, None)?;
    log(&mut *tx, What::Device, device.0.to_vec(), 200)?;
    let team = tx.team()?;
    tx.commit()?;
    Ok(EnrolAnswer { device, token: token.to_string(), person, team, server_ms: now_ms })
}

/// The person whose device registers again.
fn readmitted(tx: &mut dyn Write, former: &Former, invited: PersonId) -> Result<Person> {
    if let Some(person) = tx.person(former.person)? {
        return if person.id == invited { Ok(person) } else { Err(Fault::InviteOther.into()) };
    }
    let known = tx.person(invited)?.ok_or(Fault::InviteUnknown)?;
    let owned = Filter { owner: Some(invited), removed: Removed::With, limit: 1, ..Filter::default() };
    let is_new = tx.password(invited)?.is_none()
        && tx.devices()?.iter().all(|device| device.person != invited)
        && tx.list(&owned)?.is_empty();
    if known.name != former.name || !is_new {
        return Err(Fault::InviteOther.into());
    }
    let person = Person { id: former.person, ..known };
    tx.replace_person(invited, &person)?;
    log(tx, What::Person, person.id.0.to_vec(), 120)?;
    Ok(person)
}

fn new(device: DeviceId, person: PersonId, request: &EnrolRequest, now_ms: i64) -> DeviceRow {
    let (token_hash, name) = ([0; 32], String::new());
    let (key, enrolled) = (request.key, now_ms);
    DeviceRow { device, person, token_hash, key, name, enrolled, revoked: None, last_sync: None, unsent: 0 }
}

fn log(tx: &mut dyn Write, what: What, reference: Vec<u8>, bytes: u32) -> Result<()> {
    let seq = tx.next_seq();
    tx.put_log(&[LogRow { seq, scope: Scope::Team, what, doc: None, reference, bytes }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::exchange;
    use crate::testing::{BOSS, NOW, Office, Phone, doc, edit, words};
    use rounds_model::ids::Epoch;

    /// An office that was put back to before anybody but its supervisor was there.
    fn put_back(from: &Office) -> Office {
        let backup = from.dir.path().join("backup.db");
        from.db.backup(&backup).unwrap();
        let office = Office::of(&backup, from.team);
        office.db.begin_epoch(office.team, Epoch([9; 16])).unwrap();
        office
    }

    fn former(phone: &Phone, name: &str) -> Former {
        Former { device: phone.device, person: phone.person, name: name.to_owned() }
    }

    fn again(office: &Office, phone: &Phone, code: &str, name: &str) -> Result<EnrolAnswer> {
        enrol(&office.db, &EnrolRequest::again(code, "phone", &phone.key, former(phone, name)), NOW)
    }

    /// Found by a critic: a phone that was enrolled after the backup was locked out for ever.
    #[test]
    fn a_phone_that_a_restored_server_does_not_know_registers_again_with_its_key() {
        let before = Office::new();
        let restored = put_back(&before);
        let mut li = before.phone("李娜");
        let items = vec![edit(&li.ticket(1, "灯坏了"))];
        assert_eq!(words(&li.push(&before, items.clone())), ["stored"]);
        let unknown = exchange(&restored.db, &restored.rules, &li.token, &li.request(vec![]), NOW);
        assert_eq!(unknown.unwrap_err().fault(), Fault::TokenUnknown);

        let code = restored.invite("李娜", "rep", Some(BOSS));
        let answer = again(&restored, &li, &code, "李娜").unwrap();
        assert_eq!((answer.device, answer.person.id), (li.device, li.person));
        assert_eq!(again(&restored, &li, &code, "李娜").unwrap_err().fault(), Fault::InviteUsed);
        li.token = answer.token;
        li.forget();
        assert_eq!(words(&li.push(&restored, items)), ["stored"]);
        let mut boss = restored.phone(BOSS);
        boss.sync(&restored);
        assert!(boss.docs.contains_key(&doc(1)), "who led the person leads them again");
        let view = restored.db.read(restored.team).unwrap();
        assert_eq!(view.people().unwrap().iter().filter(|person| person.name == "李娜").count(), 1);
        drop(view);

        // The answer was lost: another invitation, and the same device.
        let code = restored.invite("李娜", "rep", Some(BOSS));
        let answer = again(&restored, &li, &code, "李娜").unwrap();
        assert_ne!(answer.token, li.token);
        assert_eq!((answer.device, answer.person.id), (li.device, li.person));
    }

    #[test]
    fn nobody_registers_as_somebody_else() {
        let before = Office::new();
        let restored = put_back(&before);
        let (li, zhao) = (before.phone("李娜"), restored.phone("赵强"));
        let refused = |code: &str, phone: &Phone, former| {
            let request = EnrolRequest::again(code, "phone", &phone.key, former);
            enrol(&restored.db, &request, NOW).unwrap_err().fault()
        };
        // Another name; a person who has a phone here; a device and a person who are known here.
        let code = restored.invite("李娜", "rep", Some(BOSS));
        assert_eq!(refused(&code, &li, former(&li, "李 娜")), Fault::InviteOther);
        let of_zhao = restored.invite("赵强", "rep", Some(BOSS));
        assert_eq!(refused(&of_zhao, &li, former(&li, "赵强")), Fault::InviteOther);
        assert_eq!(refused(&code, &zhao, former(&zhao, "李娜")), Fault::InviteOther);
        let stolen = Former { device: zhao.device, ..former(&li, "李娜") };
        assert_eq!(refused(&code, &li, stolen), Fault::InviteOther);
        let stolen = Former { person: zhao.person, ..former(&li, "赵强") };
        assert_eq!(refused(&of_zhao, &li, Former { device: zhao.device, ..stolen }), Fault::InviteOther);
        // A device that was revoked hands over and ends; it is not let in by a code.
        let id = zhao.device.to_string();
        crate::admin::team::revoke_device(&restored.db, restored.team, &id, NOW).unwrap();
        assert_eq!(refused(&of_zhao, &zhao, former(&zhao, "赵强")), Fault::DeviceRevoked);
        let view = restored.db.read(restored.team).unwrap();
        assert!(view.person(zhao.person).unwrap().is_some());
    }
}
