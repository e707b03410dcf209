//! Evidence in words, in both languages: how far a time may be believed and why not, what a link says,
//! what is wrong with it.

use crate::chain::{Event, Finding, Gap};
use crate::session::Gate;
use rounds_model::messages::Catalog;
use rounds_model::text::{Lang, Text};
use rounds_model::time::{Doubt, Judgement, TrustedTime};
use std::sync::OnceLock;

/// The messages of this crate.
///
/// # Panics
/// Never: the files are part of the build, and a test loads them.
#[allow(clippy::expect_used)]
pub fn messages() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        Catalog::new(include_str!("../messages/zh-CN.ftl"), include_str!("../messages/en.ftl"))
            .expect("the message files are tested")
    })
}

/// How far a time may be believed, plainly: confirmed, estimated to within so much, suspect because of this.
pub fn time(time: &TrustedTime) -> Text {
    both(|lang| {
        let say = |key: &str, args: &[(&str, String)]| messages().get(lang, key, args);
        if let Some(doubt) = time.doubt() {
            return doubted(doubt, lang);
        }
        let within = time.within_ms().map(|ms| span(ms.max(1_000), lang)).unwrap_or_default();
        match time.judgement {
            Judgement::Trusted => match time.age_ms().filter(|age| *age >= 60_000) {
                Some(age) => say("time-trusted", &[("age", span(age, lang))]),
                None => say("time-trusted-now", &[]),
            },
            Judgement::Estimated if time.anchor.is_none() => say("time-estimated-gps", &[("within", within)]),
            Judgement::Estimated if time.anchor.is_some_and(|a| a.reading.boot == time.reading.boot) => {
                let age = span(time.age_ms().unwrap_or(0), lang);
                say("time-estimated-alone", &[("within", within), ("age", age)])
            }
            Judgement::Estimated => say("time-estimated", &[("within", within)]),
            Judgement::Unchecked => say("time-unchecked", &[]),
            Judgement::Suspect => say("time-suspect", &[]),
        }
    })
}

fn doubted(doubt: Doubt, lang: Lang) -> String {
    let (key, by_ms) = match doubt {
        Doubt::WallMoved { by_ms } => ("time-suspect-wall-moved", by_ms),
        Doubt::RanBack { by_ms } => ("time-suspect-ran-back", by_ms),
        Doubt::Restored => ("time-suspect-restored", 0),
        Doubt::Satellites { by_ms } => ("time-suspect-satellites", by_ms),
    };
    let way = if by_ms > 0 { "ahead" } else { "back" };
    messages().get(lang, key, &[("by", span(by_ms.unsigned_abs(), lang)), ("way", way.to_owned())])
}

/// A span of time, rounded up to what people would say.
pub fn span(ms: u64, lang: Lang) -> String {
    let (key, n) = match ms {
        0..120_000 => ("seconds", ms.div_ceil(1_000)),
        120_000..7_200_000 => ("minutes", ms.div_ceil(60_000)),
        7_200_000..172_800_000 => ("hours", ms.div_ceil(3_600_000)),
        _ => ("days", ms.div_ceil(86_400_000)),
    };
    messages().get(lang, key, &[("n", n.to_string())])
}

/// The same in both languages.
pub fn lasting(ms: u64) -> Text {
    both(|lang| span(ms, lang))
}

/// What a link says.
pub fn event(event: &Event) -> Text {
    both(|lang| {
        let say = |key: &str, args: &[(&str, String)]| messages().get(lang, key, args);
        match event {
            Event::Begin(_) => say("link-begin", &[]),
            Event::Step { step, .. } => say("link-step", &[("step", step.to_string())]),
            Event::Answer { step, said } => {
                say("link-answer", &[("step", step.to_string()), ("said", said.clone())])
            }
            Event::Mark { step, held_ms } => {
                say("link-mark", &[("step", step.to_string()), ("held", span(*held_ms, lang))])
            }
            Event::Pause { why, .. } => {
                say("link-pause", &[("why", say(&format!("stop-{}", why.name()), &[]))])
            }
            Event::Resume { segment, gap: Gap::None } => {
                say("link-resume-first", &[("segment", segment.to_string())])
            }
            Event::Resume { segment, gap } => {
                say("link-resume", &[("segment", segment.to_string()), ("gap", gap_words(*gap, lang))])
            }
            Event::Segment { segment, bytes, .. } => {
                say("link-segment", &[("segment", segment.to_string()), ("bytes", bytes.to_string())])
            }
            Event::Clock => say("link-clock", &[]),
            Event::Finish { ending, .. } => {
                say("link-finish", &[("ending", say(&format!("ending-{}", ending.name()), &[]))])
            }
        }
    })
}

fn gap_words(gap: Gap, lang: Lang) -> String {
    let (key, ms) = match gap {
        Gap::Exact(ms) => ("gap-exact", ms),
        Gap::AtMost(ms) => ("gap-at-most", ms),
        Gap::About(ms) => ("gap-about", ms),
        Gap::Unknown | Gap::None => ("gap-unknown", 0),
    };
    messages().get(lang, key, &[("gap", span(ms, lang))])
}

/// What is wrong, and where: "Link 3, held: was changed".
pub fn finding(finding: &Finding) -> Text {
    both(|lang| {
        let (name, link) = (&finding.field, finding.link.map(|n| n.to_string()));
        // In words, and as it is called in the file.
        let words = format!("field-{name}");
        let field = match messages().has(&words) {
            true => format!("{} [{name}]", messages().get(lang, &words, &[])),
            false => name.clone(),
        };
        let key = match (&link, name.is_empty()) {
            (Some(_), true) => "where-link",
            (Some(_), false) => "where-field",
            (None, true) => "where-seal",
            (None, false) => "where-seal-field",
        };
        let at = messages().get(lang, key, &[("link", link.unwrap_or_default()), ("field", field)]);
        let args: Vec<(&str, String)> = finding.args.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
        // What it names is worth a message of its own; what was found by an earlier build names nothing.
        let key = finding.fault.key();
        let naming = finding.args.last().map(|(last, _)| format!("{key}-{last}"));
        let key = naming.filter(|key| messages().has(key)).unwrap_or_else(|| key.to_owned());
        let what = messages().get(lang, &key, &args);
        match lang {
            Lang::Zh => format!("{at}：{what}"),
            Lang::En => format!("{at}: {what}"),
        }
    })
}

/// Why something does not happen now, and what to do.
pub fn gate(gate: &Gate) -> (Text, Text) {
    let code = gate.code();
    let words = both(|lang| {
        let what = match gate {
            Gate::Answer(needs) => needs.clone(),
            Gate::Held { left_ms } => span(*left_ms, lang),
            Gate::Steps(left) => left.to_string(),
            _ => String::new(),
        };
        messages().get(lang, code, &[("what", what)])
    });
    (words, messages().text(&format!("{code}-remedy"), &[]))
}

fn both(say: impl Fn(Lang) -> String) -> Text {
    Text { zh: say(Lang::Zh), en: say(Lang::En) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::{Ending, Fault, Stop};
    use rounds_model::ids::BootId;
    use rounds_model::time::{Anchor, Reading};

    #[test]
    fn everything_has_its_words_in_both_languages() {
        assert_eq!(messages().gaps(), Vec::<String>::new());
        for fault in Fault::ALL {
            assert!(messages().has(fault.key()), "{}", fault.key());
        }
        let fields = ["begin", "step", "answer", "mark", "pause", "resume", "segment", "clock", "finish"]
            .into_iter()
            .flat_map(|event| Event::names(event).unwrap());
        for field in fields.chain(&["chain", "at", "judged", "wall", "mono", "boot", "server", "seen", "gps"])
        {
            assert!(messages().has(&format!("field-{field}")), "{field}");
        }
        for stop in Stop::ALL {
            assert!(messages().has(&format!("stop-{}", stop.name())), "{}", stop.name());
        }
        for ending in [Ending::Complete, Ending::BrokenOff] {
            assert!(messages().has(&format!("ending-{}", ending.name())));
        }
        let gates = [
            Gate::Answer("是".into()),
            Gate::Held { left_ms: 1 },
            Gate::Paused,
            Gate::Recording,
            Gate::Steps(1),
            Gate::Segment,
            Gate::Ended,
            Gate::Empty,
            Gate::Foreign,
        ];
        for gate in gates {
            assert!(messages().has(gate.code()) && messages().has(&format!("{}-remedy", gate.code())));
        }
    }

    #[test]
    fn lesson_15_a_judgement_is_said_plainly() {
        let reading = |wall_ms, mono_ms, boot| Reading { wall_ms, mono_ms, boot: BootId([boot; 16]) };
        let anchor = Some(Anchor { reading: reading(1_000, 1_000, 1), server_ms: 1_000, took_ms: 200 });
        let said = |t: TrustedTime| time(&t).en;
        assert_eq!(
            said(TrustedTime::judge(reading(601_000, 601_000, 1), anchor)),
            "time confirmed by the server (10 min ago)"
        );
        let estimated = said(TrustedTime::judge(reading(3_601_000, 5, 2), anchor));
        assert_eq!(estimated, "time estimated to within 5 s after a restart");
        let days = reading(1_000 + 5 * 86_400_000, 1_000 + 5 * 86_400_000, 1);
        let alone = "time estimated to within 8 min, 5 d after the server last confirmed it";
        assert_eq!(said(TrustedTime::judge(days, anchor)), alone);
        let set = said(TrustedTime::judge(reading(1_000 + 7_200_000, 1_000, 1), anchor));
        assert_eq!(set, "suspect: the clock was set 2 h ahead");
        let zh = time(&TrustedTime::judge(reading(1_000 - 7_200_000, 1_000, 1), anchor)).zh;
        assert_eq!(zh, "可疑：时钟被调慢了 2 小时");
    }
}
