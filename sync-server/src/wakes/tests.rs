//! Who is woken, for what, and when listening ends.

use super::*;
use crate::admin::team;
use crate::testing::{BOSS, NOW, Office, Phone, edit};
use rounds_model::ids::DocId;

/// Where a phone sits; nothing is new to it yet.
fn listen(wakes: &Arc<Wakes>, office: &Office, phone: &Phone) -> Listening {
    let (seat, head) = Seat::of(&office.db, &phone.token).unwrap();
    let mut listening = wakes.listen(seat, head).unwrap();
    listening.fresh = false;
    listening
}

fn is_rung(listening: &mut Listening) -> bool {
    let rung = listening.bell.has_changed().unwrap_or(false);
    listening.bell.mark_unchanged();
    rung
}

fn is_over(listening: &Listening) -> bool {
    listening.bell.has_changed().is_err()
}

#[test]
fn a_commit_wakes_those_who_hold_its_scope_and_nobody_else() {
    let office = Office::new();
    let (mut li, zhao, boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let wakes = Arc::new(Wakes::default());
    let mut ears = [&li, &zhao, &boss].map(|phone| listen(&wakes, &office, phone));
    wakes.look(&office.db, false).unwrap();
    assert_eq!(ears.each_mut().map(is_rung), [false, false, false]);

    // The first edit of a pen tells the whole team whose pen it is; the second is the rep's alone.
    let first = edit(&li.ticket(1, "a"));
    li.push(&office, vec![first]);
    wakes.look(&office.db, false).unwrap();
    assert_eq!(ears.each_mut().map(is_rung), [true, true, true]);
    let second = edit(&li.ticket(2, "b"));
    let answer = li.try_exchange(&office, vec![second], false).unwrap();
    wakes.giving(li.device, answer.cursors.values().copied().min().unwrap());
    wakes.look(&office.db, false).unwrap();
    assert_eq!(ears.each_mut().map(is_rung), [false, false, true], "the boss, and not who wrote it");
    wakes.look(&office.db, false).unwrap();
    assert_eq!(ears.each_mut().map(is_rung), [false, false, false], "once");
}

/// Found by a critic: what an answer brought counted as heard, also when the answer was lost.
#[test]
fn what_a_lost_answer_brought_is_rung_for_again() {
    let office = Office::new();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let first = edit(&li.ticket(1, "a"));
    li.push(&office, vec![first]);
    boss.sync(&office);
    let wakes = Arc::new(Wakes::default());
    let mut ear = listen(&wakes, &office, &boss);
    wakes.look(&office.db, false).unwrap();
    let of = |cursors: &rounds_protocol::exchange::Cursors| cursors.values().copied().min().unwrap();
    let come = |boss: &mut Phone, lost| {
        wakes.has(boss.device, of(&boss.cursors));
        let answer = boss.try_exchange(&office, vec![], lost).unwrap();
        wakes.giving(boss.device, of(&answer.cursors));
    };
    let too_long = || wakes.state().listeners.values_mut().for_each(Listener::forget_when);
    let look = |ear: &mut Listening| {
        wakes.look(&office.db, false).unwrap();
        is_rung(ear)
    };
    for lost in [false, true] {
        let more = edit(&li.ticket(if lost { 2 } else { 3 }, "b"));
        li.push(&office, vec![more]);
        come(&mut boss, lost);
        assert!(!look(&mut ear), "it is just given it");
        assert!(!look(&mut ear));
        if !lost {
            // It comes again, and says so.
            come(&mut boss, false);
        }
        too_long();
        assert_eq!(look(&mut ear), lost);
        assert!(!look(&mut ear), "once");
    }
    // What is new beside what it is given is rung for at once.
    come(&mut boss, true);
    let more = edit(&li.ticket(4, "c"));
    li.push(&office, vec![more]);
    assert!(look(&mut ear));
}

#[test]
fn listening_ends_when_the_device_is_revoked_and_goes_on_with_new_scopes() {
    let office = Office::new();
    let (mut li, zhao, boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let other = office.invite("另一主管", "supervisor", None);
    drop(other);
    let wakes = Arc::new(Wakes::default());
    let (mut zhao_ear, mut boss_ear) = (listen(&wakes, &office, &zhao), listen(&wakes, &office, &boss));
    team::revoke_person(&office.db, office.team, "赵强", crate::admin::leaving::Heir::Office, NOW).unwrap();
    wakes.look(&office.db, true).unwrap();
    assert!(is_over(&zhao_ear) && !is_over(&boss_ear));
    assert_eq!((is_rung(&mut zhao_ear), is_rung(&mut boss_ear)), (false, false));
    assert!(Seat::of(&office.db, &zhao.token).is_err());

    // A rep who is led by nobody yet, and then by the boss.
    let code = office.invite("周敏", "rep", None);
    let key = ed25519_dalek::SigningKey::from_bytes(&[77; 32]);
    let request = rounds_protocol::enrol::EnrolRequest::new(&code, "phone", &key);
    let mut zhou = Phone::of(crate::enrol::enrol(&office.db, &request, NOW).unwrap(), key, 77);
    let pen = edit(&zhou.ticket(7, "a"));
    zhou.push(&office, vec![pen]);
    wakes.look(&office.db, true).unwrap();
    is_rung(&mut boss_ear);
    let hidden = edit(&zhou.ticket(8, "b"));
    zhou.push(&office, vec![hidden]);
    wakes.look(&office.db, true).unwrap();
    assert!(!is_rung(&mut boss_ear), "not theirs to know");
    office.invite("周敏", "rep", Some(BOSS));
    wakes.look(&office.db, true).unwrap();
    assert!(is_rung(&mut boss_ear), "all of it is new to them");
    let shown = edit(&zhou.ticket(9, "c"));
    zhou.push(&office, vec![shown]);
    wakes.look(&office.db, true).unwrap();
    assert!(is_rung(&mut boss_ear));
    let mine = edit(&li.create(DocId([40; 16]), "ticket", li.person, &[("title", "x")]));
    li.push(&office, vec![mine]);
}

/// Found by a user: a phone that stays in sync did not hear that its access was withdrawn.
#[tokio::test]
async fn who_is_revoked_is_woken_once_more_and_then_listens_no_more() {
    let office = Office::new();
    let zhao = office.phone("赵强");
    let wakes = Arc::new(Wakes::default());
    let mut ear = listen(&wakes, &office, &zhao);
    team::revoke_person(&office.db, office.team, "赵强", crate::admin::leaving::Heir::Office, NOW).unwrap();
    wakes.look(&office.db, true).unwrap();
    assert_eq!((ear.next().await, ear.next().await), (Some(()), None));
}

#[test]
fn listeners_are_bounded_and_a_phone_that_comes_back_is_not_locked_out() {
    let office = Office::new();
    let li = office.phone("李娜");
    let wakes = Arc::new(Wakes::default());
    let mut ears: Vec<_> = (0..OF_ONE_DEVICE + 3).map(|_| listen(&wakes, &office, &li)).collect();
    assert_eq!(wakes.count(), OF_ONE_DEVICE);
    assert_eq!(ears.iter().filter(|ear| is_over(ear)).count(), 3, "the oldest ones");
    assert!(!is_over(ears.last().unwrap()));
    ears.pop();
    assert_eq!(wakes.count(), OF_ONE_DEVICE - 1, "whoever leaves gives the seat back");
    wakes.end();
    assert!(ears.iter().all(is_over));
    let (seat, head) = Seat::of(&office.db, &li.token).unwrap();
    let refused = wakes.listen(seat, head).err().map(|e| e.fault());
    assert_eq!(refused, Some(Fault::Busy), "the server is stopping");
}

/// Head office holds no scope of the areas, and sees them all: so it hears of them too.
#[test]
fn head_office_hears_of_what_is_in_an_area_that_nobody_holds() {
    use crate::storage::log::{LogRow, What};
    use crate::storage::people::SessionRow;
    let office = Office::new();
    let view = office.db.read(office.team).unwrap();
    let [head, boss] = ["Rounds", BOSS].map(|name| team::find_person(&*view, name).unwrap().id);
    drop(view);
    let wakes = Arc::new(Wakes::default());
    let mut ears = [(head, 1, true), (boss, 2, false)].map(|(person, n, everything)| {
        let mut tx = office.db.write(office.team).unwrap();
        let (session_hash, csrf, expires) = ([n; 32], [n; 32], i64::MAX);
        tx.put_session(&SessionRow { session_hash, person, csrf, expires, signer: None }).unwrap();
        tx.commit().unwrap();
        let view = office.db.read(office.team).unwrap();
        let (seat, at) = Seat::of_session(&*view, [n; 32], person, [n; 16], everything).unwrap();
        let mut listening = wakes.listen(seat, at).unwrap();
        listening.fresh = false;
        listening
    });
    let mut tx = office.db.write(office.team).unwrap();
    let (seq, scope) = (tx.next_seq(), rounds_model::scope::Scope::Area("孤岛".into()));
    tx.put_log(&[LogRow { seq, scope, what: What::Edit, doc: None, reference: vec![], bytes: 1 }]).unwrap();
    tx.commit().unwrap();
    wakes.look(&office.db, true).unwrap();
    assert_eq!(ears.each_mut().map(is_rung), [true, false]);
    // Who is not head office any more hears no more of it.
    let mut tx = office.db.write(office.team).unwrap();
    let person = rounds_model::people::Person { id: head, name: "Rounds".into(), role: "supervisor".into() };
    tx.put_person(&person).unwrap();
    tx.commit().unwrap();
    wakes.look(&office.db, true).unwrap();
    assert!(is_over(&ears[0]) && !is_over(&ears[1]));
}
