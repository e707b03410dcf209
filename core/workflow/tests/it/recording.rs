//! System A: a sale is recorded step by step.

use crate::play::{Play, kind_of, number, play, table};
use crate::team::{LI, ZONE, who};
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_workflow::{Medium, Script, View, display, moment, script};

const READY: &str = "
    li new sale_recording s product=hu_shen_fu mode=video date=today place=大连 seller=李娜 licence=2102000001 holder=王强 insured=王小强 relation=父亲 yearly=5000 years=20
";

fn filled(play: &Play) -> Result<Script, String> {
    let (kind, record) = (kind_of("sale_recording"), play.server.record(play.doc("s")));
    let view = View::new(who(LI), &play.server, moment(play.at_ms, ZONE));
    let recording = kind.recording("recording").unwrap();
    script(kind, recording, &record, &view).unwrap().map_err(|no| {
        assert_eq!(no.field.as_deref(), Some("recording"));
        format!("{} {}", no.code, no.rule.unwrap_or_default())
    })
}

#[test]
fn a1_a2_there_is_a_script_for_each_product_and_the_unknown_ones_are_titled_empty() {
    let product = kind_of("sale_recording").field("product").unwrap();
    assert_eq!(product.choices.len().to_string(), number("sale-recording", "scripts"));
    let known: Vec<String> = table("sale-recording", "steps").into_iter().map(|row| row[0].clone()).collect();
    for choice in &product.choices {
        let empty = !known.contains(&choice.name);
        assert_eq!(choice.title.zh.contains("空模板"), empty, "{}", choice.name);
        assert_eq!(choice.title.en.contains("empty template"), empty, "{}", choice.name);
        let mut play = play(READY);
        play.on(&format!("li set s product={}", choice.name));
        // It is called by the product, not by the product's code.
        let record = play.server.record(play.doc("s"));
        for (lang, title) in [(Lang::Zh, &choice.title.zh), (Lang::En, &choice.title.en)] {
            let shown = display(kind_of("sale_recording"), &record, &play.server, lang).unwrap();
            assert_eq!(shown.title, format!("王强 {title}"));
        }
        assert_eq!(filled(&play).err(), empty.then(|| "script-empty A.9".to_owned()), "{}", choice.name);
    }
    // The module on riders is an empty template beside them: nobody records what nobody would speak of.
    let mut play = play(READY);
    play.on("li set s riders=true");
    assert_eq!(filled(&play).err(), Some("script-empty A.9".to_owned()));
    play.on("li set s riders=false");
    assert_eq!(filled(&play).unwrap().steps.len(), 3);
    // Sound or pictures: the record says.
    assert_eq!(filled(&play).unwrap().medium, Medium::Video);
    play.on("li set s mode=audio");
    assert_eq!(filled(&play).unwrap().medium, Medium::Audio);
}

#[test]
fn a3_a4_the_first_step_says_when_where_who_and_for_whom() {
    let step = filled(&play(READY)).unwrap().steps.remove(0);
    for said in [
        "2026 年 11 月 23 日",
        "大连",
        "李娜",
        "平安人寿大连分公司",
        "2102000001",
        "护身福",
        "投保人是王强",
        "被保人是王小强",
        "被保险人的父亲",
    ] {
        assert!(step.text.zh.contains(said), "{said}: {}", step.text.zh);
    }
    for blank in ["place", "seller", "licence", "holder", "insured", "relation"] {
        let mut play = play(READY);
        play.server.set(play.doc("s"), blank, Scalar::Null);
        assert_eq!(filled(&play), Err("script-blank A.9".to_owned()), "{blank}");
    }
}

#[test]
fn a5_a6_the_second_step_needs_a_yes_and_two_seconds_in_the_picture() {
    let mut play = play(READY);
    let step = filled(&play).unwrap().steps.remove(1);
    assert_eq!((step.needs.as_str(), step.hold_ms.to_string()), ("是", number("sale-recording", "hold_ms")));
    assert!(step.note.unwrap().zh.contains("不少于 2 秒"));
    play.on("li set s mode=audio");
    let step = filled(&play).unwrap().steps.remove(1);
    assert_eq!((step.needs.as_str(), step.hold_ms), ("是", 0), "nothing can be held before a microphone");
}

#[test]
fn a7_the_third_step_says_how_it_is_paid() {
    let step = filled(&play(READY)).unwrap().steps.remove(2);
    for said in ["期交", "每年交费 5000 元", "缴费期 20 年", "终身"] {
        assert!(step.text.zh.contains(said), "{said}: {}", step.text.zh);
    }
}

#[test]
fn a9_a10_each_step_says_who_speaks_what_and_what_to_do_in_each_way_of_recording() {
    let mut play = play(READY);
    for mode in ["video", "audio"] {
        play.on(&format!("li set s mode={mode}"));
        let script = filled(&play).unwrap();
        assert_eq!(script.steps.iter().map(|step| step.number).collect::<Vec<_>>(), [1, 2, 3]);
        for step in script.steps {
            assert_eq!((step.speaker.zh.as_str(), step.speaker.en.as_str()), ("业务员", "Seller"));
            assert!(!step.note.unwrap().zh.is_empty() && !step.text.en.is_empty());
        }
    }
}

#[test]
fn a1_a_sale_is_finished_with_its_recording_and_frozen_then() {
    // Files are all called alike in these plays.
    let beside = |hash: &str, ending: &str| {
        format!(r#"recording/@taken={{"kept":"{}","with":[],"ending":"{ending}"}}"#, hash.repeat(32))
    };
    let typed = "recording=file";
    let broken = format!("{typed} {}", beside("ab", "broken-off"));
    let complete = format!("{typed} {}", beside("ab", "complete"));
    let other = format!("{typed} {}", beside("cd", "complete"));
    play(READY).on(&format!(
        "
        li no s finish => not-recorded A.1
        li cannot set s {typed} => recording-only
        li cannot set s {other} => recording-only
        li cannot new sale_recording product=hu_shen_fu mode=video {typed} => recording-only
        li set s {broken}
        li no s finish => not-recorded A.1
        li set s {complete}
        li act s finish
        s is recorded
        li cannot set s {complete} => stage-frozen
        boss act s return reason=听不清
        li act s give_up reason=客户不买了
        s is broken_off
    "
    ));
}
