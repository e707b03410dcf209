//! Two people fill one audit without seeing each other: they answer, add rows and remove rows. Merged
//! either way it is the same record, nothing that either wrote is lost, and the form says the same.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use proptest::prelude::*;
use rounds_device::rows::instance_id;
use rounds_forms::expr::Moment;
use rounds_forms::{Answers, Changed, Filling, Form, NoMedia, Session, import};
use rounds_model::document::Document;
use rounds_model::ids::{ActorId, DocId};
use rounds_model::scalar::Scalar;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

const DOC: DocId = DocId([7; 16]);

const FORM: &str = "
| survey | | | | | |
| | type | name | label | relevant | calculation | default |
| | integer | n | N | | | |
| | text | why | Why | ${n} > 2 | | |
| | begin_repeat | sku | SKU | | | |
| | text | code | Code | | | |
| | decimal | price | Price | | | 1 |
| | begin_repeat | promo | Promo | ${price} > 1 | | |
| | integer | off | Off | | | |
| | end_repeat | | | | | |
| | calculate | place | | | position(..) | |
| | end_repeat | | | | | |
| | calculate | total | | | sum(${price}) | |
| | calculate | rows | | | count(${sku}) | |
";

fn form() -> Arc<Form> {
    static FORM_READ: OnceLock<Arc<Form>> = OnceLock::new();
    FORM_READ.get_or_init(|| Arc::new(import("f.md", FORM.as_bytes(), &NoMedia).unwrap().form)).clone()
}

fn filling(document: &Document) -> Filling {
    let answers = document.fields().into_iter().map(|(key, value)| (key, value.to_string()));
    let answers = Answers::collect(answers).unwrap();
    Filling::new(form(), answers, Moment::default(), Session::default())
}

fn keep(document: &mut Document, actor: ActorId, at: i64, changed: Changed) {
    let values: Vec<(String, Scalar)> = changed
        .written
        .into_iter()
        .map(|(key, text)| match text.as_str() {
            "" => (key, Scalar::Null),
            "true" if key.ends_with("/@del") => (key, Scalar::Bool(true)),
            _ => (key, Scalar::from(text)),
        })
        .collect();
    document.write(DOC, actor, at, &values).unwrap();
}

/// What one person does; rows are chosen by a number, of those that they see.
#[derive(Debug, Clone)]
enum Deed {
    Answer(u8, u8),
    Add,
    Price(u8, u8),
    Code(u8, u8),
    Promo(u8),
    Remove(u8),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        1 => (0..2_u8, 0..6_u8).prop_map(|(q, v)| Deed::Answer(q, v)),
        3 => Just(Deed::Add),
        2 => (any::<u8>(), 0..6_u8).prop_map(|(r, v)| Deed::Price(r, v)),
        2 => (any::<u8>(), 0..6_u8).prop_map(|(r, v)| Deed::Code(r, v)),
        1 => any::<u8>().prop_map(Deed::Promo),
        2 => any::<u8>().prop_map(Deed::Remove),
    ];
    proptest::collection::vec(deed, 0..14)
}

/// A person with their pen and the rows that they added.
struct Person {
    actor: ActorId,
    added: BTreeSet<String>,
    removed: BTreeSet<String>,
    clock: u64,
}

impl Person {
    fn new(actor: u8) -> Person {
        Person { actor: ActorId([actor; 16]), added: BTreeSet::new(), removed: BTreeSet::new(), clock: 0 }
    }

    fn id(&mut self) -> (String, String) {
        self.clock += 1;
        let id = instance_id(&(u64::from(self.actor.0[0]) << 32 | self.clock).to_be_bytes());
        // Both phones may show the same time.
        (id, format!("{:013}", self.clock / 2))
    }

    fn act(&mut self, document: &mut Document, deeds: &[Deed]) {
        for deed in deeds {
            let mut filling = filling(document);
            let rows = filling.node("sku", "").unwrap().instances;
            let row = |n: u8| rows.get(usize::from(n) % rows.len().max(1)).cloned();
            let changed = match deed {
                Deed::Answer(0, v) => filling.set("n", &v.to_string()).ok(),
                Deed::Answer(_, v) => filling.set("why", &format!("because {v}")).ok(),
                Deed::Add => {
                    let (id, ord) = self.id();
                    self.added.insert(id.clone());
                    filling.add("sku", &id, &ord).ok()
                }
                Deed::Price(r, v) => {
                    row(*r).and_then(|r| filling.set(&format!("sku/{r}/price"), &v.to_string()).ok())
                }
                Deed::Code(r, v) => {
                    row(*r).and_then(|r| filling.set(&format!("sku/{r}/code"), &format!("c{v}")).ok())
                }
                Deed::Promo(r) => row(*r).and_then(|r| {
                    let (id, ord) = self.id();
                    filling.add(&format!("sku/{r}/promo"), &id, &ord).ok()
                }),
                Deed::Remove(r) => row(*r).and_then(|r| {
                    self.removed.insert(r.clone());
                    filling.remove("sku", &r).ok()
                }),
            };
            let at = i64::try_from(self.clock).unwrap();
            keep(document, self.actor, at, changed.unwrap_or_default());
        }
    }
}

fn states(document: &Document) -> Vec<(String, String, bool, Vec<String>)> {
    let nodes = filling(document).nodes("");
    nodes.into_iter().map(|n| (n.key, n.value, n.relevant, n.instances)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn two_fillings_merge_to_the_same_record_either_way(
        before in deeds(), left in deeds(), right in deeds(), after in deeds(),
    ) {
        let mut base = Document::new();
        let mut first = Person::new(1);
        first.act(&mut base, &before);
        let there: BTreeSet<String> =
            filling(&base).node("sku", "").unwrap().instances.into_iter().collect();

        let (mut a, mut b) = (base.clone(), base.clone());
        let (mut ann, mut bob) = (Person::new(2), Person::new(3));
        ann.act(&mut a, &left);
        bob.act(&mut b, &right);
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.merge(&b).unwrap();
        ba.merge(&a).unwrap();
        prop_assert_eq!(ab.fields(), ba.fields());
        prop_assert_eq!(ab.conflicts(), ba.conflicts());
        prop_assert_eq!(states(&ab), states(&ba));

        // A row is there if somebody had it and nobody took it away.
        let rows: BTreeSet<String> = filling(&ab).node("sku", "").unwrap().instances.into_iter().collect();
        let had: BTreeSet<String> = there.union(&ann.added).chain(&bob.added).cloned().collect();
        let gone: BTreeSet<String> = ann.removed.union(&bob.removed).cloned().collect();
        prop_assert_eq!(&rows, &had.difference(&gone).cloned().collect::<BTreeSet<_>>());

        // No answer of either is lost: it shows, or it is offered as the other version. Those in a row
        // that was removed stay in the record too.
        for mine in [&a, &b] {
            for (key, value) in mine.fields() {
                if base.get(&key).as_ref() == Some(&value) {
                    continue;
                }
                let kept: Vec<Scalar> = ab.versions(&key).into_iter().map(|v| v.value).collect();
                prop_assert!(kept.contains(&value), "{key} = {value} is not in {kept:?}");
            }
        }

        // Going on from either copy is going on from the same record; what comes later merges again.
        let mut later = ab.clone();
        let mut cid = Person::new(4);
        cid.act(&mut later, &after);
        let mut back = ba.clone();
        back.merge(&later).unwrap();
        prop_assert_eq!(states(&back), states(&later));
        let again = Document::load(&back.save()).unwrap();
        prop_assert_eq!(states(&again), states(&back));
    }
}

#[test]
fn a_row_that_one_fills_while_the_other_removes_it_is_gone_with_its_answers_kept() {
    let mut base = Document::new();
    let mut filled = filling(&base);
    keep(&mut base, ActorId([1; 16]), 1, filled.add("sku", "aaaaaaaaaaaaa", "1").unwrap());
    let (mut a, mut b) = (base.clone(), base.clone());
    let mut filled = filling(&a);
    keep(&mut a, ActorId([2; 16]), 2, filled.set("sku/aaaaaaaaaaaaa/price", "7").unwrap());
    let mut removed = filling(&b);
    keep(&mut b, ActorId([3; 16]), 2, removed.remove("sku", "aaaaaaaaaaaaa").unwrap());
    a.merge(&b).unwrap();
    let merged = filling(&a);
    assert_eq!(merged.node("sku", "").unwrap().instances, [] as [String; 0]);
    assert_eq!(merged.node("total", "").unwrap().value, "0");
    assert_eq!(a.get("sku/aaaaaaaaaaaaa/price"), Some("7".into()));
    // Whoever wants the row back has its answers back.
    let mut again = filling(&a);
    keep(&mut a, ActorId([2; 16]), 3, again.add("sku", "aaaaaaaaaaaaa", "1").unwrap());
    assert_eq!(filling(&a).node("total", "").unwrap().value, "7");
    let fields: BTreeMap<String, Scalar> = a.fields();
    assert_eq!(fields["sku/aaaaaaaaaaaaa/@del"].to_string(), "false");
}
