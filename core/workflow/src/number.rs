//! Automatic numbers: given by the server with the verdict of an act, none twice and none left out.
//!
//! A rule counts in its *series*: the prefix as it is filled in, and the period in which the count starts
//! again. And it counts with whatever else says the same before the digits: what stands there has a count
//! of its own, and a number is one more than both. So two rules may be written as they like and never give
//! one number twice: before the digits there is no digit, so that what stands there and the count are all
//! that a number says.
//!
//! A phone cannot know what was given meanwhile. It shows a provisional number, with [`PROVISIONAL`] in
//! the place of the digits and a part of the act's id, so that nobody takes it for a real one and two
//! phones never show the same.

use crate::env::Env;
use crate::kind::ActRule;
use crate::messages::refusal;
use crate::moment::local;
use crate::pack::Pack;
use crate::record::Record;
use crate::rule::Issued;
use crate::stop::Stop;
use crate::template::Template;
use crate::world::World;
use rounds_model::act::Act;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;
use std::collections::BTreeMap;

/// What a provisional number has, and no real one.
pub const PROVISIONAL: char = '?';
/// The most digits.
pub(crate) const DIGITS: i64 = 12;

/// A number that an act gives its record.
#[derive(Debug)]
pub struct NumberRule {
    /// Its name among what the act says.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    pub(crate) prefix: Template,
    pub(crate) prefix_source: String,
    pub(crate) date: Period,
    /// How much of the date starts the count again.
    pub(crate) restarts: Period,
    pub(crate) digits: u32,
}

/// How much of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Period {
    Never,
    Year,
    Month,
    Day,
}

impl Period {
    fn format(self) -> &'static str {
        match self {
            Period::Never => "",
            Period::Year => "%Y",
            Period::Month => "%Y%m",
            Period::Day => "%Y%m%d",
        }
    }
}

/// Whether a number is one that a phone shows until the server has given the real one.
pub fn is_provisional(number: &str) -> bool {
    number.contains(PROVISIONAL)
}

/// The numbers that an act gives, as words of it, and the counts that they take. A record keeps the
/// number that an earlier act of the same name gave it.
///
/// Refusal: `numbers-used-up`.
pub(crate) fn give(
    rule: &ActRule,
    record: &Record,
    act: &Act,
    env: &Env<'_>,
    world: &dyn World,
) -> Result<(BTreeMap<String, Scalar>, Vec<Issued>), Stop> {
    let mut words = BTreeMap::new();
    let mut issued: Vec<Issued> = Vec::new();
    for number in &rule.numbers {
        if let Some(kept) = record.acts.get(&format!("@{}/{}", rule.name, number.name)) {
            words.insert(number.name.clone(), kept.clone());
            continue;
        }
        let prefix = number.prefix.exact(env)?;
        // The day on which it is given: the server's, and on a phone its own.
        let now = local(world.received_ms().unwrap_or(act.time.at_ms), env.time());
        let date =
            |period: Period| now.map(|now| now.format(period.format()).to_string()).unwrap_or_default();
        let ends_in_digit = prefix.chars().next_back().is_some_and(|last| last.is_ascii_digit());
        let joint = if number.date == Period::Never && !ends_in_digit { "" } else { "-" };
        let before = format!("{prefix}{}{joint}", date(number.date));
        let counters = [format!("{prefix}|{}", date(number.restarts)), before.clone()];
        let mut last = Some(0);
        for counter in &counters {
            let own = issued.iter().rfind(|given| given.counter == *counter).map(|given| given.number);
            let known = if own.is_some() { own } else { world.issued(counter)? };
            last = last.zip(known).map(|(one, other)| one.max(other));
        }
        let digits = match last {
            Some(last) => {
                let next = last.saturating_add(1);
                if next >= 10_u64.saturating_pow(number.digits) {
                    let mut no = refusal("numbers-used-up", &[("number", &number.title)]);
                    no.rule.clone_from(&number.rule);
                    return Err(no.into());
                }
                issued.extend(counters.map(|counter| Issued { counter, number: next }));
                format!("{next:0width$}", width = number.digits as usize)
            }
            None => provisional(act),
        };
        let text = format!("{before}{digits}");
        words.insert(number.name.clone(), Scalar::from(text));
    }
    Ok((words, issued))
}

fn provisional(act: &Act) -> String {
    let [.., a, b, c] = act.id.0;
    format!("{PROVISIONAL}{a:02x}{b:02x}{c:02x}")
}

impl Pack {
    /// A number of this pack that has the prefix of one in an earlier version or in another pack, and
    /// is counted or written in another way: records of both versions would be numbered side by side.
    pub fn number_unlike(&self, other: &Pack) -> Option<&str> {
        let mine = self.kinds.iter().flat_map(|kind| &kind.acts).flat_map(|act| &act.numbers);
        let theirs = || other.kinds.iter().flat_map(|kind| &kind.acts).flat_map(|act| &act.numbers);
        let mut unlike = mine.filter(|number| theirs().any(|other| clash(number, other)));
        unlike.next().map(|number| number.name.as_str())
    }
}

/// The same prefix must be followed by the same: else two counters could give one number.
pub(crate) fn clash(one: &NumberRule, other: &NumberRule) -> bool {
    let form = |rule: &NumberRule| (rule.date, rule.restarts, rule.digits);
    one.prefix_source == other.prefix_source && form(one) != form(other)
}
