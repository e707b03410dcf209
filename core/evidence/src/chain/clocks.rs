//! A reading of the clocks, and what it was judged by, as fields of a link.

use super::event::Fields;
use rounds_model::ids::BootId;
use rounds_model::time::{Anchor, GpsTime, Judgement, Reading, Seen, TrustedTime};
use std::str::FromStr;

/// The fields that every link ends with. Those of the second list are there only if they are known.
pub(super) const ALWAYS: [&str; 5] = ["at", "judged", "wall", "mono", "boot"];
/// What the judgement rests on.
pub(super) const KNOWN: [&str; 3] = ["server", "seen", "gps"];

pub(super) fn fields(time: &TrustedTime) -> Fields {
    let Reading { wall_ms, mono_ms, boot } = time.reading;
    let mut fields = vec![
        ("at", time.at_ms.to_string()),
        ("judged", judged(time.judgement).to_owned()),
        ("wall", wall_ms.to_string()),
        ("mono", mono_ms.to_string()),
        ("boot", boot.to_string()),
    ];
    if let Some(Anchor { reading, server_ms, took_ms }) = time.anchor {
        let Reading { wall_ms, mono_ms, boot } = reading;
        fields.push(("server", format!("{server_ms} {took_ms} {wall_ms} {mono_ms} {boot}")));
    }
    if let Some(Seen { at_ms, mono_ms, boot }) = time.seen {
        fields.push(("seen", format!("{at_ms} {mono_ms} {boot}")));
    }
    if let Some(GpsTime { gps_ms, age_ms }) = time.gps {
        fields.push(("gps", format!("{gps_ms} {age_ms}")));
    }
    fields
}

/// Reads the clocks, and judges them again; otherwise the field that is wrong.
pub(super) fn read(fields: &[(&str, &str)]) -> Result<TrustedTime, &'static str> {
    let get = |name: &'static str| fields.iter().find(|(known, _)| *known == name).map(|(_, v)| *v);
    let need = |name: &'static str| get(name).ok_or(name);
    let reading = Reading {
        wall_ms: one(need("wall")?, "wall")?,
        mono_ms: one(need("mono")?, "mono")?,
        boot: one(need("boot")?, "boot")?,
    };
    let anchor = get("server").map(|text| -> Result<Anchor, &'static str> {
        let [server, took, wall, mono, boot] = words(text, "server")?;
        let reading = Reading {
            wall_ms: one(wall, "server")?,
            mono_ms: one(mono, "server")?,
            boot: one::<BootId>(boot, "server")?,
        };
        Ok(Anchor { reading, server_ms: one(server, "server")?, took_ms: one(took, "server")? })
    });
    let seen = get("seen").map(|text| -> Result<Seen, &'static str> {
        let [at, mono, boot] = words(text, "seen")?;
        Ok(Seen { at_ms: one(at, "seen")?, mono_ms: one(mono, "seen")?, boot: one(boot, "seen")? })
    });
    let gps = get("gps").map(|text| -> Result<GpsTime, &'static str> {
        let [gps, age] = words(text, "gps")?;
        Ok(GpsTime { gps_ms: one(gps, "gps")?, age_ms: one(age, "gps")? })
    });
    let judgement = need("judged")?;
    let all = [Judgement::Trusted, Judgement::Estimated, Judgement::Unchecked, Judgement::Suspect];
    let judgement = all.into_iter().find(|known| judged(*known) == judgement).ok_or("judged")?;
    let time = TrustedTime {
        at_ms: one(need("at")?, "at")?,
        reading,
        anchor: anchor.transpose()?,
        seen: seen.transpose()?,
        gps: gps.transpose()?,
        judgement,
    };
    let again = time.again();
    match () {
        () if again.at_ms != time.at_ms => Err("at"),
        () if again.judgement != time.judgement => Err("judged"),
        () if again.seen != time.seen => Err("seen"),
        () => Ok(time),
    }
}

fn judged(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Trusted => "trusted",
        Judgement::Estimated => "estimated",
        Judgement::Unchecked => "unchecked",
        Judgement::Suspect => "suspect",
    }
}

/// One spelling only: what is read must be written the same.
fn one<T: FromStr + ToString>(text: &str, name: &'static str) -> Result<T, &'static str> {
    text.parse().ok().filter(|value: &T| value.to_string() == text).ok_or(name)
}

fn words<'a, const N: usize>(text: &'a str, name: &'static str) -> Result<[&'a str; N], &'static str> {
    text.split(' ').collect::<Vec<_>>().try_into().map_err(|_| name)
}
