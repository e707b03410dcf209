//! People, devices, sessions, access.

use super::{Backend, TEAM, with_team};
use crate::storage::Result;
use crate::storage::people::{DeviceRow, InvitationRow, SessionRow};
use rounds_model::ids::{ActorId, DeviceId, PersonId, PublicKey};
use rounds_model::people::{Person, Role};

pub fn people_and_devices<B: Backend>() {
    let b = with_team::<B>();
    let storage = b.storage();
    let li = Person { id: PersonId([3; 16]), name: "李娜".into(), role: Role::from(Role::REP) };
    let row = DeviceRow {
        device: DeviceId([5; 16]),
        person: li.id,
        token_hash: [6; 32],
        key: PublicKey([7; 32]),
        name: "phone".into(),
        enrolled: 10,
        revoked: None,
        last_sync: None,
        unsent: 0,
    };
    let invitation = InvitationRow { code_hash: [8; 32], person: li.id, expires: 99, used: None };
    let mut tx = storage.write(TEAM).unwrap();
    tx.put_person(&li).unwrap();
    tx.put_password(li.id, Some("hash")).unwrap();
    tx.put_person(&Person { name: "李娜 2".into(), ..li.clone() }).unwrap();
    tx.put_lead(PersonId([4; 16]), li.id).unwrap();
    tx.put_lead(PersonId([4; 16]), li.id).unwrap();
    tx.put_device(&row).unwrap();
    tx.put_invitation(&invitation).unwrap();
    tx.bind_actors(row.device, &[ActorId([1; 16])]).unwrap();
    tx.bind_actors(DeviceId([9; 16]), &[ActorId([1; 16])]).unwrap();
    tx.commit().unwrap();
    assert_eq!(storage.team_of_device(row.device).unwrap(), Some(TEAM));
    assert_eq!(storage.team_of_device(DeviceId([0; 16])).unwrap(), None);
    assert_eq!(storage.team_of_invitation(&[8; 32]).unwrap(), Some(TEAM));
    storage.touch_device(TEAM, row.device, 77, 3).unwrap();
    let view = storage.read(TEAM).unwrap();
    assert_eq!(view.person(li.id).unwrap().unwrap().name, "李娜 2");
    assert_eq!(view.password(li.id).unwrap().as_deref(), Some("hash"), "a rename keeps the password");
    assert_eq!(view.led_by(PersonId([4; 16])).unwrap(), [li.id]);
    let touched = DeviceRow { last_sync: Some(77), unsent: 3, ..row.clone() };
    assert_eq!(view.device(row.device).unwrap(), Some(touched));
    assert_eq!(view.invitation(&[8; 32]).unwrap(), Some(invitation.clone()));
    let bound = view.actors(&[ActorId([1; 16]), ActorId([2; 16])]).unwrap();
    assert_eq!(bound, [(ActorId([1; 16]), row.device)], "the first device keeps the actor");
    drop(view);
    let used = InvitationRow { code_hash: [9; 32], used: Some(5), ..invitation.clone() };
    let other = InvitationRow { code_hash: [10; 32], person: PersonId([4; 16]), ..invitation.clone() };
    let mut tx = storage.write(TEAM).unwrap();
    tx.put_invitation(&used).unwrap();
    tx.put_invitation(&other).unwrap();
    let open: Vec<_> = tx.open_invitations().unwrap().into_iter().map(|row| row.code_hash).collect();
    assert_eq!(open, [[8; 32], [10; 32]], "those that nobody has used");
    assert_eq!(tx.remove_invitations_of(li.id).unwrap(), 1);
    tx.put_withdrawn(li.id, Some(5)).unwrap();
    tx.put_withdrawn(li.id, Some(6)).unwrap();
    tx.put_withdrawn(other.person, Some(7)).unwrap();
    tx.put_withdrawn(other.person, None).unwrap();
    tx.commit().unwrap();
    let view = storage.read(TEAM).unwrap();
    assert_eq!(view.withdrawn().unwrap(), [(li.id, 6)]);
    let left = [8, 9, 10].map(|n| view.invitation(&[n; 32]).unwrap().is_some());
    assert_eq!(left, [false, true, true], "what was used is kept, and what is another's");
}

pub fn sessions_end<B: Backend>() {
    let b = with_team::<B>();
    let person = |n| PersonId([n; 16]);
    let row = |n: u8, whose, expires| SessionRow {
        session_hash: [n; 32],
        person: person(whose),
        csrf: [n; 32],
        expires,
        signer: n.is_multiple_of(2).then(|| vec![n; 9]),
    };
    let change = |what: &dyn Fn(&mut dyn crate::storage::Write) -> Result<()>| {
        let mut tx = b.storage().write(TEAM).unwrap();
        what(&mut *tx).unwrap();
        tx.commit().unwrap();
        let view = b.storage().read(TEAM).unwrap();
        (1..5).filter(|n| view.session(&[*n; 32]).unwrap().is_some()).collect::<Vec<u8>>()
    };
    let rows = [row(1, 7, 10), row(2, 7, 20), row(3, 8, 20), row(4, 8, 30)];
    assert_eq!(change(&|tx| rows.iter().try_for_each(|row| tx.put_session(row))), [1, 2, 3, 4]);
    assert_eq!(change(&|tx| tx.forget_sessions(10)), [2, 3, 4], "good until, not including");
    assert_eq!(change(&|tx| tx.end_sessions_of(person(7))), [3, 4]);
    assert_eq!(change(&|tx| tx.end_session(&[4; 32])), [3]);
    assert_eq!(change(&|tx| tx.put_password(person(7), None)), [3]);
}

pub fn areas_and_leads_end<B: Backend>() {
    let b = with_team::<B>();
    let (chief, rep) = (PersonId([4; 16]), PersonId([3; 16]));
    let mut tx = b.storage().write(TEAM).unwrap();
    for area in ["north", "north", "东区"] {
        tx.put_area(rep, area).unwrap();
    }
    tx.put_lead(chief, rep).unwrap();
    tx.commit().unwrap();
    assert_eq!(b.storage().read(TEAM).unwrap().areas_of(rep).unwrap(), ["north", "东区"]);
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.remove_area(rep, "north").unwrap();
    tx.remove_area(chief, "东区").unwrap();
    tx.remove_lead(rep, chief).unwrap();
    assert_eq!(tx.led_by(chief).unwrap(), [rep], "the other way around is not it");
    tx.remove_lead(chief, rep).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!((view.areas_of(rep).unwrap(), view.led_by(chief).unwrap()), (vec!["东区".to_owned()], vec![]));
}

pub fn a_person_gets_another_id<B: Backend>() {
    let b = with_team::<B>();
    let person = |n| PersonId([n; 16]);
    let li = Person { id: person(3), name: "李娜".into(), role: Role::from(Role::REP) };
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_person(&li).unwrap();
    tx.put_password(li.id, Some("hash")).unwrap();
    tx.put_lead(person(4), li.id).unwrap();
    tx.put_lead(li.id, person(5)).unwrap();
    tx.put_area(li.id, "north").unwrap();
    let invitation = InvitationRow { code_hash: [8; 32], person: li.id, expires: 99, used: None };
    tx.put_invitation(&invitation).unwrap();
    let new = Person { id: person(6), ..li.clone() };
    tx.replace_person(li.id, &new).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!((view.person(li.id).unwrap(), view.person(new.id).unwrap()), (None, Some(new.clone())));
    assert_eq!(view.password(new.id).unwrap().as_deref(), Some("hash"));
    assert_eq!(view.led_by(person(4)).unwrap(), [new.id]);
    assert_eq!(view.led_by(new.id).unwrap(), [person(5)]);
    assert_eq!(view.areas_of(new.id).unwrap(), ["north"]);
    assert_eq!(view.invitation(&[8; 32]).unwrap().unwrap().person, new.id);
}
