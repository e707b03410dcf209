//! A recording as a whole: what lies where its files were, what was sealed, and what it was filed as.

use super::*;
use crate::admin::lacking;
use crate::admin::verify::verify as verify_all;
use crate::evidence::check::Checked;
use crate::evidence::sealed::{Problem, warnings};
use rounds_model::ids::DocId;

const SOUND: &[u8] = b"sound";

impl Desk {
    async fn checked(&self, n: u8, media: bool) -> Checked {
        self.blobs.check_recordings(self.office.team, doc(n), media).await.unwrap().remove(0)
    }

    /// A whole recording, sealed, with everything here; its chain.
    async fn whole(&mut self, n: u8) -> Vec<u8> {
        let chain = sealed(&recorded(doc(n), self.li.device, self.li.person.0, SOUND), &self.li.key);
        self.finished(n, &chain);
        self.upload(n, SOUND).await;
        self.upload(n, &chain).await;
        assert!(self.checked(n, true).await.is_whole());
        chain
    }

    /// Changes the last byte of what is stored of an act of a record.
    fn flip(&self, n: u8, column: &str, place: impl Fn(&[u8]) -> usize) {
        let file = rusqlite::Connection::open(self.office.dir.path().join("rounds.db")).unwrap();
        let sql = format!("SELECT {column} FROM acts WHERE doc = ?1");
        let mut bytes: Vec<u8> = file.query_row(&sql, [doc(n).0], |row| row.get(0)).unwrap();
        let at = place(&bytes);
        // Another digit stays one, in whatever letters it is written: what is found is that it is another.
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        let sql = format!("UPDATE acts SET {column} = ?2 WHERE doc = ?1");
        assert_eq!(file.execute(&sql, (doc(n).0, bytes)).unwrap(), 1);
    }

    fn differences(&self) -> Vec<(DocId, &'static str)> {
        let found = verify_all(&*self.office.db.read(self.office.team).unwrap()).unwrap();
        found.differences.into_iter().map(|found| (found.doc, found.what)).collect()
    }
}

#[tokio::test]
async fn another_file_in_the_place_of_the_sealed_chain_is_named_as_another_file() {
    let mut desk = desk().await;
    let chain = desk.whole(1).await;
    // A chain that is right in itself, signed by the same phone about the same record.
    let other = sealed(&recorded(doc(1), desk.li.device, desk.li.person.0, b"other"), &desk.li.key);
    desk.upload(1, b"other").await;
    for there in
        [other, [&chain[..], b"\n"].concat(), [&chain[..], b"x"].concat(), chain[1..].to_vec(), vec![]]
    {
        std::fs::write(desk.kept(&chain), &there).unwrap();
        let found = desk.checked(1, false).await;
        assert!(found.problems.contains(&Problem::OtherFile), "{found:?}");
        assert!(!found.is_whole());
    }
    // It is told as soon as the recording is looked at for the record.
    desk.blobs.note_recordings(desk.office.team, doc(1)).await.unwrap();
    assert_eq!(desk.codes(1), [BROKEN, "unchecked"]);
    std::fs::write(desk.kept(&chain), &chain).unwrap();
    desk.blobs.note_recordings(desk.office.team, doc(1)).await.unwrap();
    assert_eq!(desk.codes(1), ["unchecked"]);
}

#[tokio::test]
async fn a_segment_whose_file_is_gone_cut_or_added_to_is_named_without_reading_it() {
    let mut desk = desk().await;
    desk.whole(1).await;
    let segment = desk.kept(SOUND);
    let closes = |found: &[Finding]| {
        assert_eq!(found.len(), 1, "{found:?}");
        let said = rounds_evidence::words::finding(&found[0]);
        assert!(
            found[0].link.is_some() && said.en.contains("segment 1") && said.zh.contains("第 1 段"),
            "{said:?}"
        );
        (found[0].fault, said.en)
    };
    for there in [&b"soun"[..], b"sounds", b""] {
        std::fs::write(&segment, there).unwrap();
        let (fault, said) = closes(&desk.findings(1, false).await);
        assert_eq!(fault, Fault::OtherMedia);
        assert!(
            said.contains(&format!("{} bytes", there.len())) && said.contains("5 were recorded"),
            "{said}"
        );
    }
    std::fs::remove_file(&segment).unwrap();
    for media in [false, true] {
        let (fault, said) = closes(&desk.findings(1, media).await);
        assert_eq!(fault, Fault::LostMedia);
        assert!(said.contains("backup"), "what to do: {said}");
    }
}

#[tokio::test]
async fn a_chain_whose_file_is_gone_is_said_to_be_gone_and_counted() {
    let mut desk = desk().await;
    let chain = desk.whole(1).await;
    let keep = Keep::folder(&desk.office.dir.path().join("blobs")).unwrap();
    let view = desk.office.db.read(desk.office.team).unwrap();
    let files = lacking::files(&*view, Some(&keep), false).await.unwrap();
    assert_eq!((files.known, files.lacking), (2, 0));
    std::fs::remove_file(desk.kept(&chain)).unwrap();
    let found = desk.checked(1, true).await;
    assert_eq!((found.problems.as_slice(), found.report.is_none()), (&[Problem::Lost][..], true));
    let said = Problem::Lost.says();
    assert!(said.en.contains("no backup") && said.zh.contains("备份不含"), "{said:?}");
    std::fs::write(desk.kept(SOUND), b"soun").unwrap();
    let files = lacking::files(&*view, Some(&keep), false).await.unwrap();
    assert_eq!((files.known, files.lacking), (2, 2));
    assert_eq!(lacking::files(&*view, None, false).await.unwrap().lacking, 2, "no folder at all");
}

#[tokio::test]
async fn a5_an_answer_over_nothing_reaches_the_supervisor() {
    let mut desk = desk().await;
    let chain = sealed(&recorded(doc(1), desk.li.device, desk.li.person.0, b""), &desk.li.key);
    let answer = hash(&chain).to_string();
    let with = format!(r#"{{"kept":"{answer}","with":["{}"],"ending":"complete"}}"#, hash(b""));
    let answers = [("customer", "王强"), ("recording", answer.as_str()), ("recording/@taken", with.as_str())];
    let first = desk.li.create(doc(1), "sale", desk.li.person, &answers);
    let finish = desk.li.act(doc(1), "finish", "draft");
    desk.li.push(&desk.office, vec![edit(&first), act(&finish)]);
    let warned = |desk: &Desk| {
        let view = desk.office.db.read(desk.office.team).unwrap();
        let rules = desk.office.rules.of(&*view).unwrap();
        warnings(&*view, &rules, doc(1)).unwrap().into_iter().map(|text| text.en).collect::<Vec<_>>()
    };
    let before = warned(&desk);
    assert!(before[0].contains("has not arrived") && before[1].starts_with("1 segment of"), "{before:?}");
    desk.upload(1, b"").await;
    desk.upload(1, &chain).await;
    let found = desk.findings(1, true).await;
    let over: Vec<_> =
        found.iter().filter(|f| f.fault == Fault::Unrecorded).map(|f| f.field.as_str()).collect();
    assert_eq!(over, ["said", ""], "the answer and the mark: {found:?}");
    assert_eq!(desk.codes(1), [BROKEN, "unchecked"]);
    let after = warned(&desk);
    assert!(after[0].contains("0 bytes") && after[1].contains("not whole"), "{after:?}");
}

#[tokio::test]
async fn a2_a_recording_of_one_product_filed_as_another_is_told() {
    let mut desk = desk().await;
    let chain = sealed(&recorded(doc(1), desk.li.device, desk.li.person.0, SOUND), &desk.li.key);
    let answer = hash(&chain).to_string();
    let with = format!(r#"{{"kept":"{answer}","with":[],"ending":"complete"}}"#);
    let answers = [("customer", "王强"), ("recording", answer.as_str()), ("recording/@taken", with.as_str())];
    let first = desk.li.create(doc(1), "sale", desk.li.person, &answers);
    // Of the other product there is no script yet: nothing could be compared but the name.
    let product = desk.li.set(doc(1), "product", "two");
    let finish = desk.li.act(doc(1), "finish", "draft");
    let pushed = vec![edit(&first), edit(&product), act(&finish)];
    assert_eq!(words(&desk.li.push(&desk.office, pushed)), ["stored"; 3]);
    desk.upload(1, SOUND).await;
    desk.upload(1, &chain).await;
    let found = desk.findings(1, false).await;
    assert_eq!((found.len(), found[0].fault, found[0].link), (1, Fault::Filed, Some(0)), "{found:?}");
    let said = rounds_evidence::words::finding(&found[0]).en;
    assert!(said.contains("by the script of “one” and is filed as “two”"), "{said}");
    assert_eq!(desk.codes(1), [BROKEN, "unchecked"]);
    let view = desk.office.db.read(desk.office.team).unwrap();
    let told = exceptions(&*view, NOW).unwrap();
    assert!(told.iter().any(|e| e.code == BROKEN && e.reason.en.contains("filed as “two”")));
}

#[tokio::test]
async fn what_is_not_sealed_or_not_here_is_said_plainly() {
    let mut desk = desk().await;
    let chain = sealed(&recorded(doc(1), desk.li.device, desk.li.person.0, SOUND), &desk.li.key);
    let answer = hash(&chain).to_string();
    let with = format!(r#"{{"kept":"{answer}","with":[],"ending":"complete"}}"#);
    let answers = [("customer", "王强"), ("recording", answer.as_str()), ("recording/@taken", with.as_str())];
    let first = desk.li.create(doc(1), "sale", desk.li.person, &answers);
    desk.li.push(&desk.office, vec![edit(&first)]);
    let found = desk.checked(1, false).await;
    assert_eq!(found.problems, [Problem::NotSealed, Problem::NotArrived]);
    assert_eq!((found.is_whole(), found.wrong()), (false, 2));
    desk.upload(1, SOUND).await;
    desk.upload(1, &chain).await;
    let found = desk.checked(1, false).await;
    assert_eq!((found.problems.as_slice(), found.findings()), (&[Problem::NotSealed][..], &[][..]));
    assert_eq!(desk.codes(1), Vec::<String>::new(), "a rep who has not finished is no exception");
}

#[tokio::test]
async fn a_changed_byte_of_the_sealing_act_or_its_ruling_is_found() {
    let mut desk = desk().await;
    for n in 1..=4 {
        desk.whole(n).await;
    }
    assert_eq!(desk.differences(), vec![]);
    let after = |text: &'static str| {
        move |bytes: &[u8]| {
            let found = bytes.windows(text.len()).position(|w| w == text.as_bytes()).unwrap();
            found + text.len() + 5
        }
    };
    desk.flip(1, "signature", |bytes| bytes.len() / 2);
    // A digit of the server's signature; a letter of the fact's name.
    desk.flip(2, "verdict", after("@signed/recording"));
    desk.flip(3, "verdict", |bytes| after("@sealed/recording")(bytes) - 6);
    let problems = async |n: u8| desk.checked(n, false).await.problems;
    assert_eq!(problems(1).await, [Problem::Act]);
    assert_eq!(problems(2).await, [Problem::Confirmation]);
    assert_eq!(problems(3).await, [Problem::Confirmation]);
    assert_eq!(problems(4).await, vec![]);
    let named = desk.differences();
    assert_eq!(named, [(doc(1), "act-signature"), (doc(2), "server-signature"), (doc(3), "verdict")]);
    for n in [1, 2, 3] {
        desk.blobs.note_recordings(desk.office.team, doc(n)).await.unwrap();
        assert_eq!(desk.codes(n)[0], BROKEN, "{n}");
    }
}

#[tokio::test]
async fn another_version_cannot_take_the_place_of_what_was_sealed_and_the_sealed_one_stays_checked() {
    let mut desk = desk().await;
    let chain = sealed(&recorded(doc(1), desk.li.device, desk.li.person.0, SOUND), &desk.li.key);
    let mut tablet = desk.office.phone("李娜");
    let first = desk.li.create(doc(1), "sale", desk.li.person, &[("customer", "王强")]);
    desk.li.push(&desk.office, vec![edit(&first)]);
    tablet.sync(&desk.office);
    // Recorded on two phones at once: the tablet's wins while nobody has chosen, for it wrote more.
    let answered = |phone: &mut Phone, answer: &str| {
        let with = format!(r#"{{"kept":"{answer}","with":[],"ending":"complete"}}"#);
        edit(&phone.answer(doc(1), &[("recording", answer), ("recording/@taken", &with)]))
    };
    let mine = hash(&chain).to_string();
    let other = hash(b"another recording").to_string();
    let my_answer = answered(&mut desk.li, &mine);
    let finish = desk.li.act(doc(1), "finish", "draft");
    let more = edit(&tablet.set(doc(1), "customer", "王小强"));
    let their_answer = answered(&mut tablet, &other);
    assert_eq!(words(&tablet.push(&desk.office, vec![more, their_answer])), ["stored"; 2]);
    let request = vec![my_answer, act(&finish)];
    assert_eq!(words(&desk.li.try_exchange(&desk.office, request, true).unwrap().receipts), ["stored"; 2]);
    desk.upload(1, SOUND).await;
    desk.upload(1, &chain).await;
    let found = desk.checked(1, true).await;
    assert_eq!(
        (found.recording.blob, found.findings()),
        (hash(&chain), &[][..]),
        "what was sealed is checked"
    );
    assert_eq!(found.problems, [Problem::Replaced]);
    assert!(desk.codes(1).contains(&BROKEN.to_owned()));
    // To choose the other one is refused with words; the sealed one may be chosen, and all is well.
    tablet.sync(&desk.office);
    let with = format!(r#"{{"kept":"{other}","with":[],"ending":"complete"}}"#);
    let wrong = edit(&tablet.answer(doc(1), &[("recording", &other), ("recording/@taken", &with)]));
    assert_eq!(words(&tablet.push(&desk.office, vec![wrong])), ["settle-sealed"]);
    let mut third = desk.office.phone("李娜");
    third.sync(&desk.office);
    let right = answered(&mut third, &mine);
    let docs = acted(std::slice::from_ref(&right));
    assert_eq!(words(&third.push(&desk.office, vec![right])), ["stored"]);
    desk.blobs.note_sealed(desk.office.team, docs).await.unwrap();
    assert!(desk.checked(1, true).await.is_whole());
    assert!(!desk.codes(1).contains(&BROKEN.to_owned()));
}

#[tokio::test]
async fn a_changed_byte_of_the_first_link_says_nothing_of_its_signer() {
    let mut desk = desk().await;
    let chain = desk.whole(1).await;
    for text in ["@0 begin", "device ", "person ", "medium "] {
        let at = chain.windows(text.len()).position(|w| w == text.as_bytes()).unwrap() + text.len() - 1;
        let mut bad = chain.clone();
        bad[at] ^= 1;
        std::fs::write(desk.kept(&chain), bad).unwrap();
        let found = desk.findings(1, false).await;
        assert!(found.iter().any(|f| f.link == Some(0)), "{text}: {found:?}");
        assert!(!found.iter().any(|f| f.fault == Fault::UnknownSigner), "{text}: {found:?}");
    }
}
