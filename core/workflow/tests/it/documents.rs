//! Checklists of documents: G.3 to G.9, with conditions and age windows, and what is missing and why.

use crate::team::*;
use rounds_model::scalar::Scalar;
use rounds_workflow::{View, checklists, may_write};

fn loan(server: &mut Server, answers: &[(&str, Scalar)]) {
    server.create(doc(1), "loan", LI, LI, &[&[("applied_on", "2026-11-20".into())], answers].concat());
}

/// What each asked document lacks, by its key.
fn lacks(server: &Server) -> Vec<(String, Option<String>)> {
    let kind = catalogue().kind("loan").unwrap();
    let checked = checklists(kind, &server.record(doc(1)), &View::new(who(LI), server, now())).unwrap();
    let items = checked.into_iter().flat_map(|list| list.items);
    items.map(|item| (item.document.key.clone(), item.lacks.map(|no| no.code))).collect()
}

fn told(pairs: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let some = |code: &str| (!code.is_empty()).then(|| code.to_owned());
    pairs.iter().map(|(key, code)| ((*key).to_owned(), some(code))).collect()
}

#[test]
fn g4_g6_g8_g9_an_act_waits_for_its_documents_and_says_which() {
    let mut server = Server::default();
    let file: Scalar = "0".repeat(64).into();
    loan(&mut server, &[]);
    let missing = |key| (key, "document-missing");
    assert_eq!(
        lacks(&server),
        told(&[missing("papers/licence"), missing("papers/power"), missing("papers/board")])
    );
    let no = blocked(&server.act(doc(1), "submit", LI, &[]), "documents-missing");
    assert_eq!((no.field.as_deref(), no.rule.as_deref()), (Some("papers/licence"), Some("G.9")));
    assert_eq!(no.reason.zh, "“申请资料”不齐全（2 项）。“营业执照副本”还没有。“近3个月用电发票”还没有。");

    server.set(doc(1), "papers/licence", file.clone());
    server.set(doc(1), "papers/power", file.clone());
    server.set(doc(1), "special", true);
    let expected = |power| {
        told(&[
            ("papers/licence", "document-original"),
            ("papers/power", power),
            missing("papers/special"),
            missing("papers/board"),
        ])
    };
    assert_eq!(lacks(&server), expected("document-undated"));
    // G.4: of the last three months, counted back from the day of application. The first day counts.
    for (dated, code) in [
        ("2026-08-19", "document-too-old"),
        ("2026-08-20", ""),
        ("2026-11-20", ""),
        ("2026-11-21", "document-too-new"),
        ("soon", "document-undated"),
    ] {
        server.set(doc(1), "papers/power_dated", dated);
        assert_eq!(lacks(&server), expected(code), "{dated}");
    }
    server.set(doc(1), "papers/power_dated", "2026-09-01");
    server.set(doc(1), "papers/licence_original", true);
    server.set(doc(1), "papers/special", file);
    // G.6: the board's resolution is needed before the money is paid, not before.
    accepted(&server.act(doc(1), "submit", LI, &[]));
    let no = blocked(&server.act(doc(1), "disburse", LI, &[]), "documents-missing");
    assert_eq!((no.field.as_deref(), no.rule.as_deref()), (Some("papers/board"), Some("G.6")));
    server.set(doc(1), "papers/board", false);
    blocked(&server.act(doc(1), "disburse", LI, &[]), "documents-missing");
    server.set(doc(1), "papers/board", true);
    accepted(&server.act(doc(1), "disburse", LI, &[]));
}

#[test]
fn documents_are_answers_like_others() {
    let kind = catalogue().kind("loan").unwrap();
    for key in ["papers/licence", "papers/licence_original", "papers/power_dated"] {
        assert!(kind.field(key).is_some(), "{key}");
        may_write(kind, "draft", &who(LI), LI, [key]).unwrap();
    }
    assert!(kind.field("papers/licence_dated").is_none(), "no window, no date");
    assert_eq!(kind.question_title("papers/power_dated").unwrap().zh, "近3个月用电发票：资料日期");
}
