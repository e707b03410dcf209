//! What holds for every form and every order of answers.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::sync::Arc;

use proptest::prelude::*;
use rounds_forms::{Filling, Form, NodeState};
use support::{MOMENT, form, open, session};

/// A form with every sort of dependency: relevance of groups, filters, nested repeats, sums over
/// them, positions, indexed-repeat.
fn tangled() -> Arc<Form> {
    let columns: &[&str] = &[
        "type",
        "name",
        "label",
        "relevant",
        "calculation",
        "constraint",
        "choice_filter",
        "required",
        "default",
    ];
    form(
        &[
            columns,
            &["text", "a", "A ${total}"],
            &["integer", "n", "N", "", "", ". < ${limit}", "", "${a} = 'x'"],
            &["calculate", "limit", "", "", "if(${a} = 'y', 5, 50)"],
            &["select_one kind", "k", "K"],
            &["select_multiple thing", "t", "T", "", "", "", "of = ${k}"],
            &["begin_group", "g", "G", "${n} > 2"],
            &["text", "inner", "I", "", "", "", "", "yes", "first"],
            &["begin_repeat", "sku", "SKU", "${a} != 'z'"],
            &["decimal", "price", "P", "", "", ". > 0", "", "", "1"],
            &["calculate", "place", "", "", "position(..)"],
            &[
                "calculate",
                "before",
                "",
                "",
                "if(position(..) > 1, indexed-repeat(${price}, ${sku}, position(..) - 1), '')",
            ],
            &["calculate", "share", "", "", "round(${price} div ${total}, 3)"],
            &["begin_repeat", "promo", "Promo", "${price} > 3"],
            &["integer", "off", "Off"],
            &["calculate", "net", "", "", "${price} - ${off}"],
            &["end_repeat"],
            &["calculate", "saved", "", "", "sum(${off})"],
            &["end_repeat"],
            &["end_group"],
            &["calculate", "total", "", "", "sum(${price})"],
            &["calculate", "nets", "", "", "join('|', ${net})"],
            &["calculate", "rows", "", "", "count(${sku})"],
            &["calculate", "luck", "", "${rows} > 0", "once(concat(${rows}, uuid()))"],
        ],
        &[
            &["list_name", "name", "label", "of"],
            &["kind", "p", "P", ""],
            &["kind", "q", "Q", ""],
            &["thing", "p1", "P1", "p"],
            &["thing", "p2", "P2", "p"],
            &["thing", "q1", "Q1", "q"],
        ],
    )
}

#[derive(Debug, Clone)]
enum Step {
    Set(String, String),
    Add(String, String, String),
    Remove(String, String),
}

fn id(number: u8) -> String {
    format!("{}aaaaaaaaaaaa", char::from(b'a' + number))
}

fn step() -> impl Strategy<Value = Step> {
    let row = 0u8..3;
    prop_oneof![
        (prop_oneof![Just("a"), Just("g/inner")], prop_oneof![Just("x"), Just("y"), Just("z"), Just("")])
            .prop_map(|(key, value)| Step::Set(key.into(), value.into())),
        (0..9i32).prop_map(|n| Step::Set("n".into(), n.to_string())),
        prop_oneof![Just("p"), Just("q"), Just("")].prop_map(|k| Step::Set("k".into(), k.into())),
        prop_oneof![Just("p1 q1"), Just("p2"), Just("")].prop_map(|t| Step::Set("t".into(), t.into())),
        (row.clone(), -1..9i32).prop_map(|(r, p)| Step::Set(format!("g/sku/{}/price", id(r)), p.to_string())),
        (row.clone(), row.clone(), 0..9i32)
            .prop_map(|(r, q, p)| Step::Set(format!("g/sku/{}/promo/{}/off", id(r), id(q)), p.to_string())),
        (row.clone(), 0u8..4).prop_map(|(r, o)| Step::Add("g/sku".into(), id(r), o.to_string())),
        (row.clone(), row.clone()).prop_map(|(r, q)| Step::Add(
            format!("g/sku/{}/promo", id(r)),
            id(q),
            "o".into()
        )),
        row.clone().prop_map(|r| Step::Remove("g/sku".into(), id(r))),
        (row.clone(), row).prop_map(|(r, q)| Step::Remove(format!("g/sku/{}/promo", id(r)), id(q))),
    ]
}

fn take(filling: &mut Filling, step: &Step) {
    // Steps that name what is not there are refused, and must change nothing.
    let before = filling.answers().clone();
    let done = match step {
        Step::Set(key, value) => filling.set(key, value).map(|_| ()),
        Step::Add(repeat, id, ord) => filling.add(repeat, id, ord).map(|_| ()),
        Step::Remove(repeat, id) => filling.remove(repeat, id).map(|_| ()),
    };
    if done.is_err() {
        assert_eq!(*filling.answers(), before);
    }
}

fn states(filling: &Filling) -> Vec<NodeState> {
    filling.nodes("en")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn from_scratch_is_the_same_as_step_by_step(steps in proptest::collection::vec(step(), 0..40)) {
        let form = tangled();
        let mut filling = open(&form);
        for step in &steps {
            take(&mut filling, step);
        }
        let fresh = Filling::new(form, filling.answers().clone(), MOMENT, session());
        prop_assert_eq!(states(&filling), states(&fresh));
        prop_assert_eq!(filling.submission(), fresh.submission());
        prop_assert_eq!(filling.first_problem("zh"), fresh.first_problem("zh"));
        prop_assert_eq!(filling.is_complete(), filling.first_problem("zh").is_none());
        prop_assert!(filling.faults().is_empty());
    }

    /// A filling that is kept open and told what the document says now is what opening the document would give:
    /// after answers, rows that come, go and come back, changes that are taken back, and the clock.
    #[test]
    fn a_kept_filling_is_the_same_as_one_from_scratch(
        steps in proptest::collection::vec((step(), any::<bool>(), 0..4u8), 0..40),
    ) {
        let form = tangled();
        let mut written = open(&form);
        let mut kept = open(&form);
        let mut moment = MOMENT;
        let mut adopted = 0;
        for (step, back, ahead) in &steps {
            let before = written.clone();
            take(&mut written, step);
            moment.now_ms += i64::from(*ahead) * 7_000_000;
            adopted += usize::from(kept.adopt(written.answers().clone(), moment));
            if *back {
                // What was never committed.
                written = before;
                kept.adopt(written.answers().clone(), moment);
            }
            let fresh = Filling::new(Arc::clone(&form), written.answers().clone(), moment, session());
            prop_assert_eq!(states(&kept), states(&fresh));
            prop_assert_eq!(kept.submission(), fresh.submission());
            prop_assert_eq!(kept.calculated(), fresh.calculated());
            prop_assert_eq!(kept.answers(), fresh.answers());
            prop_assert_eq!(kept.problems("zh"), fresh.problems("zh"));
        }
        // Not by opening anew each time.
        prop_assert!(adopted * 2 >= steps.len(), "{} of {}", adopted, steps.len());
    }

    #[test]
    fn the_order_of_answers_does_not_matter(
        (answers, shuffled) in proptest::sample::subsequence(vec![
            ("a", "x"), ("n", "7"), ("k", "p"), ("t", "p1"), ("g/inner", "in"),
            ("g/sku/aaaaaaaaaaaaa/price", "4"), ("g/sku/baaaaaaaaaaaa/price", "5.5"),
        ], 0..=7).prop_flat_map(|answers| (Just(answers.clone()), Just(answers).prop_shuffle())))
    {
        let form = tangled();
        let fill = |answers: &[(&str, &str)]| {
            let mut filling = open(&form);
            filling.add("g/sku", &id(0), "a").unwrap();
            filling.add("g/sku", &id(1), "b").unwrap();
            for (key, value) in answers {
                filling.set(key, value).unwrap();
            }
            states(&filling)
        };
        prop_assert_eq!(fill(&answers), fill(&shuffled));
    }

    #[test]
    fn answers_of_strangers_do_not_panic(
        items in proptest::collection::vec(("[a-z@/]{0,30}|g/sku/a{13}/@ord|g/sku/a{13}/promo/b{13}/@(ord|del)", "\\PC{0,20}"), 0..20),
        target in "\\PC{0,20}|/data/g/sku\\[[0-9]{0,22}\\]/price|g/sku/[a-z]{13}/price",
        value in "\\PC{0,30}|[0-9.:TZ+-]{0,30}",
    ) {
        let form = tangled();
        let answers = rounds_forms::Answers::collect(items).unwrap();
        let mut filling = Filling::new(form, answers, MOMENT, session());
        let _ = filling.set(&target, &value);
        for question in ["n", "t", "k", "a"] {
            let _ = filling.set(question, &value);
        }
        let _ = filling.add(&target, &value, &value);
        let _ = states(&filling);
    }
}
