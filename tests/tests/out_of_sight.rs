//! Work in records that go out of their author's sight, with phones and a server in one process, and a
//! server that is put back to its backup: nothing is lost, and the author is told what became of it.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_device::Rounds;
use rounds_device::store::documents;
use rounds_device::sync::compose::{Bounds, compose};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_server::admin::access::{self, Access};
use rounds_server::admin::holding::{self, Decider, Work};
use rounds_server::admin::team;
use rounds_tests::sim::How;
use rounds_tests::sim::cast::{BOSS, Cast, Packs, TEAM, ZHAO};
use rounds_tests::sim::network::{Wire, lock};
use rounds_tests::sim::world::World;
use std::sync::atomic::AtomicU64;

const LI: usize = 0;
const BOSS_PHONE: usize = 2;
const ZHAO_PHONE: usize = 3;

struct Day<'a> {
    world: World<'a>,
}

impl<'a> Day<'a> {
    /// A quiet day with a phone for everybody.
    fn begin(cast: &'a Cast, folder: &std::path::Path) -> Day<'a> {
        let begin =
            |seed: u64| World::begin(cast, seed, How::default(), &folder.join(seed.to_string())).unwrap();
        let world = (0..)
            .map(begin)
            .find(|world| world.phones.get(ZHAO_PHONE).is_some_and(|phone| phone.person() == ZHAO))
            .unwrap();
        lock(&world.network).heal().unwrap();
        let day = Day { world };
        for phone in [LI, BOSS_PHONE, ZHAO_PHONE] {
            day.sync(phone);
        }
        day
    }

    fn rounds(&self, phone: usize) -> &Rounds {
        self.world.phones[phone].rounds().unwrap()
    }

    fn sync(&self, phone: usize) -> rounds_device::sync::run::Synced {
        let (network, written) = (&self.world.network, &AtomicU64::new(0));
        let folder = &self.world.phones[phone].folder;
        let wire = Wire { network, phone, offline: false, folder, written, meanwhile: &|| {} };
        self.rounds(phone).sync_within(&wire, &Bounds::default()).unwrap()
    }

    /// The server gets what a phone has to say, and its answer is lost.
    fn send_unheard(&self, phone: usize) {
        let rounds = self.rounds(phone);
        let me = rounds.identity().unwrap();
        let sent = rounds.store().read(|db| compose(db, &me, &Bounds::default(), vec![])).unwrap();
        let network = lock(&self.world.network);
        let now = network.now_ms;
        network.server.exchange(&self.world.cast.rules, me.token(), &sent.request, now).unwrap();
    }

    fn back_up(&self) {
        lock(&self.world.network).server.back_up(1, vec![]).unwrap();
    }

    fn restore(&self) {
        lock(&self.world.network).restore_server().unwrap();
    }

    fn waiting(&self) -> Vec<Work> {
        holding::waiting(&*lock(&self.world.network).server.view().unwrap()).unwrap()
    }

    fn accept(&self, work: &Work) -> holding::Decided {
        let network = lock(&self.world.network);
        let storage = network.server.storage().unwrap();
        holding::accept(storage, TEAM, work.span(), Decider::Operator(BOSS), network.now_ms).unwrap()
    }

    fn withdraw(&self, led: &str) {
        let network = lock(&self.world.network);
        let storage = network.server.storage().unwrap();
        let leads = Access::Leads(led.to_owned());
        assert!(access::withdraw(storage, TEAM, "王主管", &leads, network.now_ms).unwrap());
    }

    fn visit(&self) -> DocId {
        let store = self.world.cast.stores[0].to_string();
        let typed = [("store", store.as_str()), ("date", "2026-11-23"), ("purpose", "补货")];
        self.rounds(LI).create("visit", &typed.map(|(k, v)| (k.to_owned(), v.to_owned()))).unwrap()
    }

    fn reassign(&self, visit: DocId) {
        self.sync(BOSS_PHONE);
        let to = [("to".to_owned(), ZHAO.to_string())];
        self.rounds(BOSS_PHONE).act(visit, "reassign", &to).unwrap();
    }

    fn has(&self, phone: usize, doc: DocId) -> bool {
        self.rounds(phone).store().read(|db| documents::exists(db, doc)).unwrap()
    }

    fn told(&self, phone: usize, lang: Lang) -> Vec<String> {
        let line = |line: rounds_device::screens::notices::NoticeLine| {
            format!("{} {}", line.text, line.more.unwrap_or_default())
        };
        self.rounds(phone).notices(lang).unwrap().into_iter().map(line).collect()
    }

    fn is_told(&self, phone: usize, words: &str) {
        let told = self.told(phone, Lang::En);
        assert!(told.iter().any(|line| line.contains(words)), "{words}: {told:?}");
    }

    fn equal(&self, phone: usize) {
        let rounds = self.rounds(phone);
        let view = lock(&self.world.network);
        let view = view.server.view().unwrap();
        let person = rounds.identity().unwrap().person.id.to_string();
        let theirs = rounds_server::admin::report::digest(&*view, Some(&person)).unwrap();
        assert_eq!(rounds.digest().unwrap(), theirs);
    }
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

fn with_day(test: impl FnOnce(&Day<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let cast = Cast::build(folder.path(), Packs::Plain).unwrap();
    test(&Day::begin(&cast, folder.path()));
}

/// Found by a critic: the phone emptied what was decided about, and a server that was put back to a
/// backup from before had it neither in the record nor in the queue.
#[test]
fn lesson_09_access_change_accepted_work_is_offered_again_to_a_restored_server() {
    with_day(|day| {
        let visit = day.visit();
        day.sync(LI);
        day.reassign(visit);
        day.sync(BOSS_PHONE);
        day.back_up();
        day.rounds(LI).answer(visit, &[pair("notes", "老板要两箱")]).unwrap();
        day.rounds(LI)
            .act(visit, "check_in", &[pair("place", "38.9 121.6 0 10"), pair("reason", "r")])
            .unwrap();
        assert_eq!(day.sync(LI).changes.taken, 2);
        assert!(!day.has(LI, visit));
        let work = day.waiting();
        let taken = |work: &[Work]| work.iter().map(|one| one.count).collect::<Vec<_>>();
        assert_eq!(taken(&work), [2]);
        assert_eq!(day.accept(&work[0]).done, 2);
        assert!(day.waiting().is_empty());
        day.sync(LI);
        // She has read it and put it aside; what she is not asked about is kept all the same.
        for line in day.rounds(LI).outbox(Lang::En).unwrap().handed_over {
            day.rounds(LI).put_aside(line.number).unwrap();
        }
        assert!(day.rounds(LI).outbox(Lang::En).unwrap().handed_over.is_empty());

        day.restore();
        let again = day.sync(LI);
        assert!(again.began_anew);
        assert_eq!(taken(&day.waiting()), [2], "both wait for a decision again");
        let listed = day.rounds(LI).outbox(Lang::En).unwrap().handed_over;
        assert_eq!(listed.iter().map(|line| line.state).collect::<Vec<_>>(), ["waiting", "waiting"]);
        assert_eq!(day.accept(&day.waiting()[0]).done, 2);
        for phone in [LI, BOSS_PHONE, ZHAO_PHONE] {
            day.sync(phone);
            day.sync(phone);
            day.equal(phone);
        }
        // And once more, to the same backup: a phone gives nothing away by offering it.
        day.restore();
        day.sync(LI);
        assert_eq!(taken(&day.waiting()), [2]);
    });
}

/// What a phone had sent itself, of a record that was given to somebody else since.
#[test]
fn lesson_09_access_change_own_work_in_a_record_that_left_is_offered_again_to_a_restored_server() {
    with_day(|day| {
        day.back_up();
        let visit = day.visit();
        day.rounds(LI).answer(visit, &[pair("notes", "两箱")]).unwrap();
        day.sync(LI);
        day.reassign(visit);
        day.sync(BOSS_PHONE);
        day.sync(LI);
        assert!(!day.has(LI, visit));
        day.restore();
        day.sync(LI);
        day.equal(LI);
        assert!(day.has(LI, visit), "nobody else has said it yet, and the reassignment is not known");
        let shown = day.rounds(LI).show(visit, Lang::En).unwrap();
        assert!(shown.questions.iter().any(|question| question.value == "两箱"));
        // The supervisor's phone brings the rest back.
        day.sync(BOSS_PHONE);
        for phone in [LI, ZHAO_PHONE, BOSS_PHONE] {
            day.sync(phone);
            day.equal(phone);
        }
        assert!(!day.has(LI, visit) && day.has(ZHAO_PHONE, visit));
    });
}

/// Found by a critic: an act whose record went out of sight before its ruling came was never told.
#[test]
fn the_author_of_an_act_learns_its_ruling_also_when_the_record_is_out_of_sight() {
    with_day(|day| {
        let visit = day.visit();
        day.sync(LI);
        day.reassign(visit);
        day.send_unheard(BOSS_PHONE);
        day.withdraw("李娜");
        day.withdraw("赵强");
        day.sync(BOSS_PHONE);
        assert!(!day.has(BOSS_PHONE, visit), "the verdict is told, the record is not");
        day.is_told(BOSS_PHONE, "“Reassign” was accepted");
        day.equal(BOSS_PHONE);
        let told = day.told(BOSS_PHONE, Lang::Zh).len();
        day.sync(BOSS_PHONE);
        assert_eq!(day.told(BOSS_PHONE, Lang::Zh).len(), told, "once");
    });
}

/// The same for an act that was handed over, and accepted and ruled later.
#[test]
fn the_author_of_a_handed_over_act_learns_its_ruling() {
    with_day(|day| {
        let visit = day.visit();
        day.sync(LI);
        day.reassign(visit);
        day.sync(BOSS_PHONE);
        day.rounds(LI).act(visit, "skip", &[pair("reason", "closed")]).unwrap();
        assert_eq!(day.sync(LI).changes.taken, 1);
        assert_eq!(day.accept(&day.waiting()[0]).done, 1);
        day.sync(LI);
        day.is_told(LI, "“Skip” was");
        assert!(!day.has(LI, visit));
        day.equal(LI);
    });
}

/// Found by a user: an invitation in another role changed what somebody may do at the server, their phone never
/// heard of it, and everything that they saved was held.
#[test]
fn a_role_that_changes_reaches_the_phones_of_whoever_has_it() {
    with_day(|day| {
        let rep = day.rounds(LI).identity().unwrap().person;
        {
            let network = lock(&day.world.network);
            let storage = network.server.storage().unwrap();
            team::invite(storage, TEAM, "李娜", "supervisor", None, 1_000, network.now_ms).unwrap();
        }
        // What only a supervisor may do, and what is foreseen of it on her phone.
        let visit = day.visit();
        let reassign = || day.rounds(LI).act(visit, "reassign", &[pair("to", &ZHAO.to_string())]);
        assert!(reassign().is_err());
        day.sync(LI);
        assert_eq!(day.rounds(LI).identity().unwrap().person.role.0, "supervisor");
        day.is_told(LI, "Your role is supervisor now; it was rep.");
        assert!(day.told(LI, Lang::Zh).iter().any(|line| line.contains("您现在的角色是主管，之前是业务员")));
        reassign().unwrap();
        day.sync(LI);
        let told = day.told(LI, Lang::En).len();
        day.sync(LI);
        assert_eq!(day.told(LI, Lang::En).len(), told, "once");
        day.sync(ZHAO_PHONE);
        assert!(day.told(ZHAO_PHONE, Lang::En).iter().all(|line| !line.contains("role")), "hers, not theirs");
        assert_eq!(rep.role.0, "rep");
    });
}

#[test]
fn lesson_09_access_change_is_told_in_words() {
    with_day(|day| {
        let visit = day.visit();
        day.sync(LI);
        day.reassign(visit);
        day.sync(BOSS_PHONE);
        assert_eq!(day.told(LI, Lang::En), [""; 0]);
        day.rounds(LI).answer(visit, &[pair("notes", "unsent")]).unwrap();
        day.sync(LI);
        day.is_told(LI, "Given to somebody else");
        day.is_told(LI, "1 of it waits for a decision");
        assert!(day.told(LI, Lang::Zh)[0].contains("已转交他人"));
        day.sync(ZHAO_PHONE);
        day.is_told(ZHAO_PHONE, "Given to you");
        // Found by a user: whoever has the record now did not hear that something of before is still to come.
        day.is_told(ZHAO_PHONE, "李娜 wrote something about");
        assert_eq!(day.accept(&day.waiting()[0]).done, 1);
        day.sync(ZHAO_PHONE);
        day.is_told(ZHAO_PHONE, "What 李娜 wrote about");
        let told = day.told(ZHAO_PHONE, Lang::En);
        day.sync(ZHAO_PHONE);
        assert_eq!(day.told(ZHAO_PHONE, Lang::En), told, "once each");
        day.sync(BOSS_PHONE);
        assert_eq!(day.told(BOSS_PHONE, Lang::En), [""; 0], "who did it needs no telling");

        day.withdraw("李娜");
        day.sync(BOSS_PHONE);
        day.sync(LI);
        day.is_told(BOSS_PHONE, "You do not see the records of 李娜 any more");
        day.is_told(BOSS_PHONE, "Nothing of yours is lost");
        day.is_told(LI, "王主管 does not lead you any more");
        // Found by a user: what was said to a rep was read by whoever leads them as said to them.
        let told = day.told(BOSS_PHONE, Lang::En);
        assert!(told.iter().all(|line| !line.contains("lead you")), "{told:?}");

        let status = day.rounds(LI).status(Lang::En).unwrap();
        assert_eq!(status.notices, 2);
        for line in day.rounds(LI).notices(Lang::En).unwrap() {
            day.rounds(LI).dismiss(line.number).unwrap();
            assert_eq!(day.rounds(LI).dismiss(line.number).unwrap_err().code, "notice-unknown");
        }
        day.sync(LI);
        assert_eq!(day.rounds(LI).status(Lang::En).unwrap().notices, 0);
    });
}
