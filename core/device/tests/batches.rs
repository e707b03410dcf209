//! Batches on one phone: what is refused, stopped, mended, seen, and superseded.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod common;

use common::{NOW, me};
use proptest::prelude::*;
use rounds_device::batch::run::Going;
use rounds_device::batch::{ITEMS, KEPT, OPEN, Plan, Selection, rows};
use rounds_device::identity::{self};
use rounds_device::platform::Replay;
use rounds_device::screens::batch::BatchScreen;
use rounds_device::store::batches::State;
use rounds_device::store::{documents, gone, meta, outbox, records, roster};
use rounds_device::{Key, Rounds, RoundsError};
use rounds_model::ids::{ActorId, DocId};
use rounds_model::text::Lang;
use rounds_workflow::Bundle;
use std::path::Path;
use std::sync::Arc;

struct Phone {
    dir: tempfile::TempDir,
    platform: Arc<Replay>,
    rounds: Option<Rounds>,
}

impl std::ops::Deref for Phone {
    type Target = Rounds;
    fn deref(&self) -> &Rounds {
        self.rounds.as_ref().unwrap()
    }
}

impl Phone {
    fn new() -> Phone {
        let dir = tempfile::tempdir().unwrap();
        let platform = Arc::new(Replay::new(NOW, 7));
        let mut phone = Phone { dir, platform, rounds: None };
        phone.open();
        phone.store().write(|tx| identity::store(tx, &me("rep"), &*phone.platform)).unwrap();
        phone.put_pack(1, |text| text);
        phone.open();
        phone
    }

    /// Again after a kill: nothing was closed.
    fn open(&mut self) {
        drop(self.rounds.take());
        self.rounds = Some(Rounds::open(self.dir.path(), Key([1; 32]), self.platform.clone()).unwrap());
    }

    fn put_pack(&self, version: u32, change: impl Fn(String) -> String) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflow/tests/packs/mechanisms");
        let mut files = vec![];
        for file in ["pack.toml", "tables/day.csv", "tables/papers.csv"] {
            let mut bytes = std::fs::read(folder.join(file)).unwrap();
            if file == "pack.toml" {
                let text = String::from_utf8(bytes).unwrap();
                bytes = change(text.replace("version = 1", &format!("version = {version}"))).into_bytes();
            }
            files.push((file, bytes));
        }
        let bundle = Bundle::new(files).unwrap().encode().unwrap();
        self.store().write(|tx| roster::put_pack(tx, "mechanisms", version, &bundle)).unwrap();
    }

    fn become_a(&self, role: &str) {
        self.store().write(|tx| meta::set(tx, "identity", &me(role))).unwrap();
    }

    /// Contracts, of which the second is blocked.
    fn contracts(&self) -> Vec<DocId> {
        self.become_a("operator");
        let of = |(number, blocked): (&str, &str)| {
            self.create("contract", &typed(&[("number", number), ("blocked", blocked)])).unwrap()
        };
        let all = [("C1", "false"), ("C2", "true"), ("C3", "false")].map(of).to_vec();
        self.become_a("rep");
        all
    }

    fn assets(&self, csv: &str) -> Plan {
        self.plan_records("asset", rows::read(csv.as_bytes()).unwrap(), &[]).unwrap()
    }

    fn run(&self, plan: &Plan) -> BatchScreen {
        let batch = self.begin(plan).unwrap();
        self.go_on(batch, Going::default()).unwrap();
        self.batch(batch, Lang::En).unwrap()
    }

    /// A colleague writes what this phone's person has not seen.
    fn colleague(&self, doc: DocId, key: &str, value: &str) {
        let mut document = self.store().read(|db| documents::load(db, doc)).unwrap().unwrap();
        document.write(doc, ActorId([9; 16]), 1, &[(key.to_owned(), value.into())]).unwrap();
        self.store().write(|tx| documents::replace(tx, doc, &document)).unwrap();
        self.rebuild().unwrap();
    }

    fn data(&self, doc: DocId, key: &str) -> String {
        let row = self.store().read(|db| records::get(db, doc)).unwrap().unwrap();
        row.projection.data.get(key).map(ToString::to_string).unwrap_or_default()
    }

    fn unsent(&self) -> u64 {
        self.store().read(outbox::count).unwrap().0
    }
}

fn typed(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

fn these(records: &[DocId]) -> Selection {
    Selection { records: records.to_vec(), ..Selection::default() }
}

fn all(kind: &str) -> Selection {
    Selection { kind: Some(kind.to_owned()), ..Selection::default() }
}

fn most(items: u32) -> Going<'static> {
    Going { most: Some(items), ..Going::default() }
}

fn states(screen: &BatchScreen) -> Vec<State> {
    screen.items.iter().map(|item| item.state).collect()
}

fn codes(screen: &BatchScreen) -> Vec<String> {
    screen.items.iter().map(|item| item.reason.as_ref().map_or("", |r| &r.code).to_owned()).collect()
}

fn ids(screen: &BatchScreen) -> Vec<DocId> {
    screen.items.iter().filter_map(|item| item.id).collect()
}

fn code<T: std::fmt::Debug>(result: Result<T, RoundsError>) -> String {
    result.unwrap_err().code
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// F.6: leaving during the creation continues it. Killed after any items and gone on, a batch of records,
    /// one of answers and one of acts come to the very digest of runs that nobody interrupted.
    #[test]
    fn f6_stopped_after_any_item_and_gone_on_the_result_is_the_same(
        named in proptest::collection::vec(any::<bool>(), 1..9),
        stops in proptest::collection::vec(1..4_u32, 0..12),
    ) {
        let csv: String = named.iter().enumerate()
            .map(|(n, named)| if *named { format!("asset {n},A\n") } else { ",A\n".to_owned() })
            .collect();
        let play = |stops: Vec<u32>| {
            let (mut phone, mut stops) = (Phone::new(), stops.into_iter());
            let mut run = |phone: &mut Phone, plan: &Plan| {
                let batch = phone.begin(plan).unwrap();
                for stop in stops.by_ref().take(4) {
                    phone.go_on(batch, most(stop)).unwrap();
                    phone.open();
                }
                let done = phone.go_on(batch, Going::default()).unwrap();
                assert_eq!(done.waiting, 0);
                let shown = phone.batch(batch, Lang::En).unwrap();
                (states(&shown), codes(&shown), ids(&shown))
            };
            // What is begun by hand may lack what a row must say: its act is refused.
            phone.create("asset", &typed(&[("unit", "A")])).unwrap();
            let made = phone.assets(&format!("name,unit\nasset,A\n{csv}"));
            let made = run(&mut phone, &made);
            let edit = phone.plan_answers(&all("asset"), &typed(&[("unit", "B")])).unwrap();
            let edited = run(&mut phone, &edit);
            let accept = phone.plan_act("accept", &all("asset"), &[]).unwrap();
            let accepted = run(&mut phone, &accept);
            assert!(phone.verify().unwrap().is_clean());
            (made, edited, accepted, phone.unsent(), phone.digest().unwrap())
        };
        let (whole, broken) = (play(vec![]), play(stops));
        let complete = 1 + named.iter().filter(|named| **named).count();
        prop_assert_eq!(whole.0.0.iter().filter(|state| **state == State::Done).count(), complete);
        prop_assert_eq!(whole.2.0.iter().filter(|state| **state == State::Done).count(), complete);
        prop_assert_eq!(whole, broken);
    }
}

/// What is wrong with a batch as a whole is told at once, and nothing is stored.
#[test]
fn f6_bad_batches_and_what_each_is_told() {
    let phone = Phone::new();
    let contracts = phone.contracts();
    let unsent = phone.unsent();
    let records = |kind: &str, csv: &str| {
        phone.plan_records(kind, rows::read(csv.as_bytes()).map_err(rounds_device::error::Fail::from)?, &[])
    };
    let asset = phone.create("asset", &typed(&[("name", "x")])).unwrap();
    let cases: Vec<(&str, Result<Plan, RoundsError>)> = vec![
        ("batch-empty", records("asset", "")),
        ("batch-empty", records("asset", "name,unit\n")),
        ("batch-no-column", records("asset", "name,colour\nx,red\n")),
        ("batch-no-column", records("asset", "name;unit\nx;A\n")),
        ("batch-too-many", records("asset", &format!("name\n{}", "x\n".repeat(ITEMS + 1)))),
        ("kind-unknown", records("boat", "name\nx\n")),
        ("role-may-not-create", records("contract", "number\nC9\n")),
        ("batch-empty", phone.plan_answers(&Selection::default(), &typed(&[("unit", "A")]))),
        ("batch-empty", phone.plan_answers(&all("asset"), &[])),
        ("kind-unknown", phone.plan_answers(&all("boat"), &typed(&[("unit", "A")]))),
        ("batch-no-column", phone.plan_answers(&all("asset"), &typed(&[("colour", "A")]))),
        ("batch-mixed", phone.plan_act("accept", &these(&[contracts[0], asset]), &[])),
        ("batch-no-act", phone.plan_act("sell", &these(&[asset]), &[])),
        ("batch-no-column", phone.plan_act("accept", &these(&[asset]), &typed(&[("why", "x")]))),
        ("record-unknown", phone.plan_act("accept", &these(&[DocId([8; 16])]), &[])),
        ("batch-no-link", phone.plan_for_each("change", "contract", &these(&[asset]), &[])),
        ("batch-no-link", phone.plan_for_each("asset", "name", &these(&contracts), &[])),
    ];
    for (wanted, found) in cases {
        assert_eq!(code(found), wanted);
    }
    assert_eq!((phone.unsent(), phone.batches(Lang::En).unwrap().len()), (unsent + 1, 0));
    assert_eq!(code(phone.batch(9, Lang::En)), "batch-unknown");
    assert_eq!(code(phone.go_on(9, Going::default())), "batch-unknown");
}

/// What is wrong with one row is told at that row; the others are done.
#[test]
fn f6_bad_rows_and_what_each_is_told() {
    let phone = Phone::new();
    let contracts = phone.contracts();
    let csv = "applied_on,special\n2026-11-23,true\nyesterday,true\n2026-11-24,perhaps\n";
    let plan = phone.plan_records("loan", rows::read(csv.as_bytes()).unwrap(), &[]).unwrap();
    let wanted = ["", "answer-type", "answer-type"];
    let unsent = phone.unsent();
    let foreseen = phone.foresee(&plan, Lang::Zh).unwrap();
    let told: Vec<_> = foreseen.items.iter().map(|i| i.reason.as_ref().map_or("", |r| &r.code)).collect();
    assert_eq!((told, foreseen.possible, foreseen.refused), (wanted.to_vec(), 1, 2));
    assert_eq!(phone.unsent(), unsent, "a dry run stores nothing");
    assert!(phone.list("loan", None, 9, Lang::En).unwrap().rows.is_empty());
    let done = phone.run(&plan);
    assert_eq!(codes(&done), wanted);
    let reason = done.items[2].reason.as_ref().unwrap();
    assert_eq!(reason.field.as_deref(), Some("special"));
    assert!(!reason.reason.is_empty() && !reason.remedy.is_empty());
    assert_eq!((done.line.state, done.items[1].id), ("needs_you", None));

    let csv = format!("contract\n{}\nC7\n{}\n", contracts[0], contracts[1]);
    let plan = phone.plan_records("change", rows::read(csv.as_bytes()).unwrap(), &[]).unwrap();
    let done = phone.run(&plan);
    assert_eq!(codes(&done), ["", "answer-no-record", ""]);
    // As single work: kept, and said at once.
    assert_eq!(done.items[2].wrong.len(), 1, "{:?}", done.items[2]);
}

/// Mended values are tried again, an item of an unknown question is mended by taking it out, the rest is dropped.
#[test]
fn f6_refused_items_are_mended_and_tried_again_or_dropped() {
    let phone = Phone::new();
    let csv = "applied_on,special\nyesterday,true\n2026-11-24,perhaps\nnever,no\n";
    let plan = phone.plan_records("loan", rows::read(csv.as_bytes()).unwrap(), &[]).unwrap();
    let batch = phone.run(&plan).line.number;
    phone.mend_item(batch, 1, &typed(&[("applied_on", "2026-11-22")])).unwrap();
    phone.mend_item(batch, 2, &typed(&[("special", "")])).unwrap();
    assert_eq!(code(phone.mend_item(batch, 2, &[])), "batch-no-item", "it waits already");
    phone.go_on(batch, Going::default()).unwrap();
    let shown = phone.batch(batch, Lang::En).unwrap();
    assert_eq!(states(&shown), [State::Done, State::Done, State::Refused]);
    assert_eq!(phone.data(shown.items[0].id.unwrap(), "applied_on"), "2026-11-22");
    phone.mend_all(batch).unwrap();
    assert_eq!(phone.go_on(batch, Going::default()).unwrap().refused, 1, "nothing was mended");
    assert_eq!(code(phone.drop_items(batch, &[1])), "batch-no-item", "what is done stays");
    phone.drop_items(batch, &[3]).unwrap();
    let shown = phone.batch(batch, Lang::En).unwrap();
    assert_eq!((shown.line.state, shown.line.progress.dropped), ("ended", 1));
    assert_eq!(code(phone.cancel_batch(batch)), "batch-ended");
    assert_eq!(code(phone.mend_all(batch)), "batch-ended");
    assert_eq!(phone.list("loan", None, 9, Lang::En).unwrap().rows.len(), 2);
}

/// Q1, O.14: two open changes of one contract exclude each other, inside one batch too, and the dry run knows.
#[test]
fn q1_o14_each_loser_inside_a_batch_gets_its_reason() {
    let phone = Phone::new();
    let contracts = phone.contracts();
    let (a, b) = (contracts[0], contracts[2]);
    let plan = rows::read(format!("contract\n{a}\n{a}\n{b}\n{a}\n").as_bytes()).unwrap();
    let made = ids(&phone.run(&phone.plan_records("change", plan, &[]).unwrap()));
    let submit = phone.plan_act("submit", &these(&made), &[]).unwrap();
    let wanted = ["", "one-open-change", "", "one-open-change"];
    let foreseen = phone.foresee(&submit, Lang::En).unwrap();
    let told: Vec<_> = foreseen.items.iter().map(|i| i.reason.as_ref().map_or("", |r| &r.code)).collect();
    assert_eq!(told, wanted);
    let done = phone.run(&submit);
    assert_eq!(codes(&done), wanted);
    let reason = done.items[1].reason.as_ref().unwrap();
    assert_eq!((reason.rule.as_deref(), reason.link), (Some("O.14"), Some(made[0])));
    // O.5: the first is withdrawn; then the second one can be tried again.
    phone.act(made[0], "withdraw", &[]).unwrap();
    phone.mend_all(done.line.number).unwrap();
    phone.go_on(done.line.number, Going::default()).unwrap();
    let shown = phone.batch(done.line.number, Lang::En).unwrap();
    assert_eq!(states(&shown), [State::Done, State::Done, State::Done, State::Refused]);
    assert_eq!(shown.items[3].reason.as_ref().unwrap().link, Some(made[1]));
}

/// O.15: of several that are chosen at once, those that cannot be operated are greyed with the reason.
#[test]
fn o15_what_could_not_be_chosen_is_refused_with_its_reason() {
    let phone = Phone::new();
    let contracts = phone.contracts();
    let plan = phone.plan_for_each("change", "contract", &all("contract"), &[]).unwrap();
    let foreseen = phone.foresee(&plan, Lang::En).unwrap();
    let greyed: Vec<_> = foreseen.items.iter().map(|item| item.possible).collect();
    assert_eq!(greyed, [true, false, true]);
    let done = phone.run(&plan);
    assert_eq!(codes(&done), ["", "contract-blocked", ""]);
    assert_eq!(done.items[1].reason.as_ref().unwrap().rule.as_deref(), Some("O.15"));
    assert_eq!(phone.list("change", None, 9, Lang::En).unwrap().rows.len(), 2);
    let linked: Vec<_> = ids(&done).into_iter().map(|id| phone.data(id, "contract")).collect();
    assert_eq!(linked, [contracts[0].to_string(), contracts[2].to_string()]);
}

/// F.4: only cards that are not accepted can be edited; the selection takes those, and says why not the others.
#[test]
fn f4_f7_a_selection_is_edited_and_accepted_at_once() {
    let phone = Phone::new();
    let made = ids(&phone.run(&phone.assets("name,unit\na,A\nb,A\nc,B\n")));
    let of_a = Selection { having: typed(&[("unit", "A")]), ..all("asset") };
    let accepted = phone.run(&phone.plan_act("accept", &of_a, &[]).unwrap());
    assert_eq!((ids(&accepted), accepted.line.state), (made[..2].to_vec(), "ended"));
    let edited = phone.run(&phone.plan_answers(&all("asset"), &typed(&[("unit", "C")])).unwrap());
    assert_eq!(codes(&edited), ["stage-frozen", "stage-frozen", ""]);
    assert_eq!(edited.items[0].reason.as_ref().unwrap().rule.as_deref(), Some("F.4"));
    assert_eq!(phone.data(made[2], "unit"), "C");
    let drafts = Selection { stage: Some("draft".to_owned()), ..all("asset") };
    let edited = phone.run(&phone.plan_answers(&drafts, &typed(&[("unit", "D")])).unwrap());
    assert_eq!(ids(&edited), made[2..]);
}

/// What a colleague wrote meanwhile is neither overwritten nor signed unseen; what one wrote oneself is.
#[test]
fn q3_what_nobody_has_seen_is_not_overwritten_and_not_signed() {
    let phone = Phone::new();
    let made = ids(&phone.run(&phone.assets("name\na\nb\nc\n")));
    let edit = phone.begin(&phone.plan_answers(&these(&made), &typed(&[("unit", "X")])).unwrap()).unwrap();
    let act = phone.begin(&phone.plan_act("accept", &these(&made), &[]).unwrap()).unwrap();
    phone.colleague(made[0], "unit", "theirs");
    phone.colleague(made[1], "name", "theirs");
    phone.go_on(edit, Going::default()).unwrap();
    assert_eq!(codes(&phone.batch(edit, Lang::En).unwrap()), ["batch-changed", "", ""]);
    phone.go_on(act, Going::default()).unwrap();
    let shown = phone.batch(act, Lang::En).unwrap();
    assert_eq!(codes(&shown), ["batch-changed", "batch-changed", ""], "one's own edit was seen");
    assert_eq!(shown.items[1].reason.as_ref().unwrap().field.as_deref(), Some("name"));
    // Tried again, they are seen as they are now.
    phone.mend_all(edit).unwrap();
    phone.go_on(edit, Going::default()).unwrap();
    phone.mend_all(act).unwrap();
    assert_eq!(phone.go_on(act, Going::default()).unwrap().done, 3);
    assert_eq!((phone.data(made[0], "unit"), phone.data(made[1], "name")), ("X".into(), "theirs".into()));
}

/// A batch that waits while a new version of its procedure comes goes on by that one, and says so.
#[test]
fn f6_a_batch_goes_on_with_the_newest_version() {
    let mut phone = Phone::new();
    let batch = phone.begin(&phone.assets("name,unit\na,A\nb,B\nc,\n")).unwrap();
    phone.go_on(batch, most(1)).unwrap();
    // `name` stays, `unit` is called `place` now.
    phone.put_pack(2, |text| {
        text.replace("name = \"unit\"", "name = \"place\"").replace("${unit}", "${place}")
    });
    phone.open();
    assert_eq!(phone.unfinished().unwrap(), [batch]);
    phone.go_on(batch, Going::default()).unwrap();
    let shown = phone.batch(batch, Lang::En).unwrap();
    assert_eq!(codes(&shown), ["", "question-unknown", ""]);
    assert!(shown.line.newer.as_ref().unwrap().contains("version 1, now 2"), "{:?}", shown.line.newer);
    phone.mend_item(batch, 2, &typed(&[("unit", ""), ("place", "B")])).unwrap();
    assert_eq!(phone.go_on(batch, Going::default()).unwrap().done, 3);
    assert_eq!(phone.data(phone.batch(batch, Lang::En).unwrap().items[1].id.unwrap(), "place"), "B");
}

/// Two batches at once on two threads, with a third thread that works by itself.
#[test]
fn f6_two_batches_are_done_at_once_and_one_is_cancelled_in_the_middle() {
    let phone = Phone::new();
    let csv = |name: &str| format!("name\n{}", (0..20).map(|n| format!("{name}{n}\n")).collect::<String>());
    let batches = ["a", "b"].map(|name| phone.begin(&phone.assets(&csv(name))).unwrap());
    let rounds: &Rounds = &phone;
    std::thread::scope(|threads| {
        // The first one twice: an item is done by whoever takes it.
        for batch in [batches[0], batches[0], batches[1]] {
            threads.spawn(move || rounds.go_on(batch, Going::default()).unwrap());
        }
        threads
            .spawn(|| (0..5).for_each(|_| assert!(rounds.create("asset", &typed(&[("name", "c")])).is_ok())));
    });
    assert_eq!(phone.list("asset", None, 99, Lang::En).unwrap().rows.len(), 45);
    assert_eq!(phone.unsent(), 45);

    let third = phone.begin(&phone.assets(&csv("d"))).unwrap();
    let cancel = |done: &rounds_device::batch::run::ItemDone| {
        if done.item == 3 {
            rounds.cancel_batch(third).unwrap();
        }
    };
    let going = Going { told: Some(&cancel), ..Going::default() };
    phone.go_on(third, going).unwrap();
    let shown = phone.batch(third, Lang::En).unwrap();
    assert_eq!(
        (shown.line.state, shown.line.progress.done, shown.line.progress.dropped),
        ("cancelled", 3, 17)
    );
    assert_eq!(shown.line.state_text, "cancelled: 3 of 20 done, 0 refused, 17 not done");
    assert_eq!(phone.list("asset", None, 99, Lang::En).unwrap().rows.len(), 48);
    assert_eq!(phone.go_on(third, Going::default()).unwrap().done, 3);
}

/// A phone that was put back to a copy finds what it had made under the ids that it had allotted.
#[test]
fn f6_what_is_there_already_under_its_id_is_not_made_again() {
    let phone = Phone::new();
    let batch = phone.begin(&phone.assets("name\na\nb\n")).unwrap();
    phone.go_on(batch, most(1)).unwrap();
    let sql = "UPDATE batch_items SET state = 'waiting'";
    phone.store().write(|tx| Ok(tx.execute(sql, [])?)).unwrap();
    let unsent = phone.unsent();
    assert_eq!(phone.go_on(batch, Going::default()).unwrap().done, 2);
    assert_eq!((phone.unsent(), phone.list("asset", None, 9, Lang::En).unwrap().rows.len()), (unsent + 1, 2));
    let act = phone.begin(&phone.plan_act("accept", &all("asset"), &[]).unwrap()).unwrap();
    phone.go_on(act, most(1)).unwrap();
    phone.store().write(|tx| Ok(tx.execute(sql, [])?)).unwrap();
    let unsent = phone.unsent();
    assert_eq!(phone.go_on(act, Going::default()).unwrap().done, 2);
    assert_eq!(phone.unsent(), unsent + 1);
}

/// What says that a batch has begun is written with it, or there is no batch.
#[test]
fn o15_a_batch_begins_together_with_what_says_so() {
    let phone = Phone::new();
    let plan = phone.assets("name\na\n");
    let failed = phone.begin_beside(&plan, |tx, number| {
        meta::set(tx, "where", &number)?;
        Err(rounds_device::error::Fail::StorageFull)
    });
    assert_eq!(code(failed), "storage-full");
    let at = || phone.store().read(|db| meta::get::<i64>(db, "where")).unwrap();
    assert!(phone.batches(Lang::En).unwrap().is_empty() && at().is_none());
    let number = phone.begin_beside(&plan, |tx, number| meta::set(tx, "where", &number)).unwrap();
    assert_eq!(at(), Some(number));
}

/// Reports can be read later; old ones go, those in which something is left to do stay, and are bounded.
#[test]
fn f6_reports_are_kept_and_bounded_and_go_with_the_phone_s_other_data() {
    let phone = Phone::new();
    let good = phone.assets("name\na\n");
    let bad = phone.plan_records("loan", rows::read(b"applied_on\nnever\n").unwrap(), &[]).unwrap();
    let first = phone.run(&bad).line.number;
    for _ in 0..KEPT + 5 {
        phone.run(&good);
    }
    let kept = phone.batches(Lang::Zh).unwrap();
    assert_eq!((kept.len(), kept.last().unwrap().number), (KEPT as usize + 2, first));
    let items: i64 = phone
        .store()
        .read(|db| Ok(db.query_row("SELECT count(*) FROM batch_items", [], |r| r.get(0))?))
        .unwrap();
    assert_eq!(items as usize, kept.len());
    for _ in 1..OPEN {
        phone.begin(&good).unwrap();
    }
    assert_eq!(code(phone.begin(&good)), "batch-too-many-open");
    phone.drop_items(first, &[1]).unwrap();
    phone.begin(&good).unwrap();
    phone.store().write(gone::forget_all).unwrap();
    assert!(phone.store().read(rounds_device::store::batches::all).unwrap().is_empty());
}

/// Found by users: rows without an answer that the form requires became records. They are refused one by one, with
/// the question, and can be mended; what is begun for each chosen record is filled afterwards.
#[test]
fn f2_a_row_says_what_its_form_requires() {
    let phone = Phone::new();
    let plan = phone.assets("name,unit\na,A\n,B\nc,\n");
    let foreseen = phone.foresee(&plan, Lang::En).unwrap();
    assert_eq!((foreseen.possible, foreseen.refused), (2, 1));
    let no = foreseen.items[1].reason.as_ref().unwrap();
    assert_eq!((no.code.as_str(), no.field.as_deref()), ("form-incomplete", Some("name")));
    assert!(no.reason.contains("\"Name\"") && no.remedy.contains("\"Name\""), "{no:?}");
    let shown = phone.run(&plan);
    assert_eq!(phone.list("asset", None, 9, Lang::En).unwrap().rows.len(), 2);
    assert_eq!(shown.items[1].reason.as_ref().unwrap().code, "form-incomplete");
    phone.mend_item(shown.line.number, 2, &typed(&[("name", "b")])).unwrap();
    phone.go_on(shown.line.number, Going::default()).unwrap();
    assert_eq!(phone.list("asset", None, 9, Lang::En).unwrap().rows.len(), 3);
}
