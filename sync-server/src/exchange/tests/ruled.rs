//! How acts and edits of one push bear on each other, and what an act is ruled on.

use crate::testing::{Office, PACK, act, doc, edit, words};

#[test]
fn an_edit_after_an_accepted_act_is_judged_by_the_new_stage() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let first = li.create(doc(1), "ticket", li.person, &[("title", "a"), ("seat", "S1")]);
    let send = li.act(doc(1), "send", "open");
    let late = li.set(doc(1), "seat", "S9");
    let got = words(&li.push(&office, vec![edit(&first), act(&send), edit(&late)]));
    assert_eq!(got, ["stored", "stored", "stage-frozen"]);
}

#[test]
fn an_act_opens_a_field_to_the_edits_after_it() {
    let office = Office::new();
    let rule = "stages = [\"*\"]\nroles = [\"rep\", \"supervisor\"]";
    let opened = rule.replace('*', "sent");
    office.publish(&PACK.replace("version = 1", "version = 2").replace(rule, &opened));
    let mut li = office.phone("李娜");
    let first = li.ticket(1, "a");
    let send = li.act(doc(1), "send", "open");
    let note = li.set(doc(1), "note", "now I may");
    let got = words(&li.push(&office, vec![edit(&first), act(&send), edit(&note)]));
    assert_eq!(got, ["stored", "stored", "stored"]);
    let early = li.ticket(2, "b");
    let note = li.set(doc(2), "note", "not yet");
    assert_eq!(words(&li.push(&office, vec![edit(&early), edit(&note)])), ["stored", "stage-frozen"]);
}
