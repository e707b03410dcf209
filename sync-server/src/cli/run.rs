//! Each command as a call and an answer.

use super::args::{Args, Command};
use super::say::Say;
use super::serve;
use crate::admin::files::{self, DataFolder};
use crate::admin::{Done, Refused, Trouble, import, publish, report, team, verify};
use crate::blobs::Limits;
use crate::clock::now_ms;
use crate::secrets::password;
use crate::storage::sqlite::Sqlite;
use crate::storage::{Read, Storage};
use chrono::{DateTime, SecondsFormat};
use rounds_model::ids::TeamId;
use rounds_protocol::enrol::Team;
use serde_json::json;
use std::io::BufRead;
use std::path::Path;
use zeroize::Zeroizing;

/// Does what was asked. False if it was done and the answer is no.
pub fn run(args: &Args, say: &Say) -> Done<bool> {
    let folder = DataFolder::at(&args.data)?;
    match &args.command {
        Command::Restore { file, force } => {
            files::restore(&folder, file, *force, now_ms())?;
            let shown = file.display().to_string();
            say.answer(
                &json!({ "restored": shown }),
                [say.text("said-restored", &[("file", shown.clone())])],
            );
            Ok(true)
        }
        Command::Init { zone, supervisor, password_file, another } => {
            let storage = folder.open()?;
            if !*another && !storage.teams()?.is_empty() {
                return Err(Refused::new("team-exists", &[]).into());
            }
            let name = args.team.as_deref().unwrap_or_default();
            init(&storage, say, (name, zone, supervisor), password_file.as_deref())
        }
        command => {
            let storage = folder.open()?;
            let team = the_team(&storage, args)?;
            on_team(storage, &folder, team, command, say)
        }
    }
}

fn init(storage: &Sqlite, say: &Say, who: (&str, &str, &str), file: Option<&Path>) -> Done<bool> {
    let (name, zone, supervisor) = who;
    let (secret, made) = secret(file)?;
    let (team, person) = team::init(storage, name, zone, supervisor, &secret, now_ms())?;
    let mut lines =
        vec![say.text("said-initialised", &[("team", team.name.clone()), ("id", team.id.to_string())])];
    lines.extend(shown_once(say, made, &person.name, &secret));
    let mut json = json!({ "team": team.id, "name": team.name, "zone": team.zone, "supervisor": person.name, "person": person.id });
    if made {
        json["password"] = json!(*secret);
    }
    say.answer(&json, lines);
    Ok(true)
}

fn on_team(storage: Sqlite, folder: &DataFolder, team: Team, command: &Command, say: &Say) -> Done<bool> {
    let id = team.id;
    match command {
        Command::Serve {
            listen,
            tls_cert,
            tls_key,
            blobs,
            blob_max,
            blob_quota,
            blob_unfinished,
            allow_plain,
        } => {
            let tls = (tls_cert.as_deref(), tls_key.as_deref());
            let limits = Limits {
                blob: blob_max.saturating_mul(1 << 20),
                team: blob_quota.saturating_mul(1 << 30),
                unfinished: *blob_unfinished,
                ..Limits::default()
            };
            let blobs = (blobs.as_deref(), limits);
            return serve::serve(storage, folder, *listen, tls, *allow_plain, blobs, say).map(|()| true);
        }
        Command::Invite { person, role, led_by, valid, server } => {
            let valid = duration(valid)?;
            let now = now_ms();
            let (person, code) = team::invite(&storage, id, person, role, led_by.as_deref(), valid, now)?;
            invited(say, &person, &code, now.saturating_add(valid), server.as_deref());
        }
        Command::Revoke { device, person } => {
            let count = match (device, person) {
                (Some(device), _) => team::revoke_device(&storage, id, device, now_ms())?,
                (None, person) => {
                    team::revoke_person(&storage, id, person.as_deref().unwrap_or_default(), now_ms())?
                }
            };
            say.answer(
                &json!({ "revoked": count }),
                [say.text("said-revoked", &[("count", count.to_string())])],
            );
        }
        Command::Publish { folder, check } => {
            let bundle = publish::read_folder(folder)?;
            let done = publish::publish(&storage, id, &bundle, *check)?;
            let key = match (done.new, check) {
                (_, true) => "said-checked",
                (true, false) => "said-published",
                (false, false) => "said-unchanged",
            };
            let args = [("pack", done.pack.clone()), ("version", done.version.to_string())];
            let json =
                json!({ "pack": done.pack, "version": done.version, "new": done.new, "checked_only": check });
            say.answer(&json, [say.text(key, &args)]);
        }
        Command::Import { kind, file, key } => {
            let bytes = std::fs::read(file)?;
            let done = import::import(&storage, id, kind, &bytes, key.as_deref(), now_ms())?;
            let args = [
                ("created", done.created.to_string()),
                ("changed", done.changed.to_string()),
                ("same", done.same.to_string()),
            ];
            let json = json!({ "created": done.created, "changed": done.changed, "same": done.same });
            say.answer(&json, [say.text("said-imported", &args)]);
        }
        Command::Password { person, password_file } => {
            let (secret, made) = secret(password_file.as_deref())?;
            let person = team::set_password(&storage, id, person, &secret)?;
            let mut lines = vec![say.text("said-password-set", &[("name", person.name.clone())])];
            lines.extend(shown_once(say, made, &person.name, &secret));
            let mut json = json!({ "person": person });
            if made {
                json["password"] = json!(*secret);
            }
            say.answer(&json, lines);
        }
        Command::Backup { file } => {
            files::backup(&storage, file)?;
            let shown = file.display().to_string();
            say.answer(&json!({ "backup": shown }), [say.text("said-backed-up", &[("file", shown.clone())])]);
        }
        _ => return asked(&storage, id, command, say),
    }
    Ok(true)
}

/// The commands that only look.
fn asked(storage: &Sqlite, id: TeamId, command: &Command, say: &Say) -> Done<bool> {
    match command {
        Command::People => {
            let view = storage.read(id)?;
            let line = |p: &rounds_model::people::Person| format!("{}  {}  {}", p.id, p.role, p.name);
            let people = view.people()?;
            say.answer(&json!(people), people.iter().map(line));
        }
        Command::Devices => devices(&*storage.read(id)?, say)?,
        Command::Verify => {
            let done = verify::verify(&*storage.read(id)?)?;
            let json = json!({
                "records": done.records,
                "differences": done.differences.iter().map(|d| json!({ "doc": d.doc, "what": d.what })).collect::<Vec<_>>(),
            });
            let line = |d: &verify::Difference| {
                say.text("said-difference", &[("doc", d.doc.to_string()), ("what", d.what.to_owned())])
            };
            let mut lines: Vec<_> = done.differences.iter().map(line).collect();
            if lines.is_empty() {
                lines.push(say.text("said-verified", &[("records", done.records.to_string())]));
            }
            say.answer(&json, lines);
            return Ok(done.differences.is_empty());
        }
        Command::Digest { person } => {
            let digests = report::digest(&*storage.read(id)?, person.as_deref())?;
            let lines = digests.scopes.iter().map(|(s, d)| format!("{}  {:>7}  {s}", d.hash, d.records));
            say.answer(&json!(digests), lines.collect::<Vec<_>>());
        }
        _ => {
            let summary = report::summary(storage, id)?;
            let json = json!(summary);
            say.answer(&json, [format!("{json:#}")]);
        }
    }
    Ok(true)
}

fn devices(view: &dyn Read, say: &Say) -> Done<()> {
    let people = view.people()?;
    let name = |id| people.iter().find(|p| p.id == id).map_or("", |p| p.name.as_str());
    let devices = view.devices()?;
    let json: Vec<_> = devices
        .iter()
        .map(|d| {
            json!({
                "device": d.device, "name": d.name, "person": d.person, "person_name": name(d.person),
                "enrolled_ms": d.enrolled, "revoked_ms": d.revoked, "last_sync_ms": d.last_sync,
                "unsent": d.unsent,
            })
        })
        .collect();
    let time = |at: Option<i64>| at.map_or_else(|| "-".to_owned(), iso);
    let lines = devices.iter().map(|d| {
        let (sync, revoked) = (time(d.last_sync), time(d.revoked));
        format!("{}  {}  {}  {sync}  {}  {revoked}", d.device, name(d.person), d.name, d.unsent)
    });
    say.answer(&json!(json), lines.collect::<Vec<_>>());
    Ok(())
}

fn invited(say: &Say, person: &rounds_model::people::Person, code: &str, expires: i64, server: Option<&str>) {
    let until = iso(expires);
    let mut lines = vec![
        say.text("said-invited", &[("name", person.name.clone()), ("expires", until.clone())]),
        code.to_owned(),
    ];
    let link = server.map(|server| format!("rounds://enrol?server={}&code={code}", escaped(server)));
    if let Some(link) = &link {
        lines.push(link.clone());
        if let Ok(qr) = qrcode::QrCode::new(link) {
            lines.push(qr.render::<qrcode::render::unicode::Dense1x2>().build());
        }
    }
    let json = json!({ "person": person, "code": code, "expires_ms": expires, "link": link });
    say.answer(&json, lines);
}

fn the_team(storage: &Sqlite, args: &Args) -> Done<Team> {
    let mut teams = storage.teams()?;
    if let Some(wanted) = &args.team {
        let found = teams.into_iter().find(|team| team.id.to_string() == *wanted || team.name == *wanted);
        return Ok(found.ok_or_else(|| Refused::new("no-such-team", &[("team", wanted)]))?);
    }
    match (teams.pop(), teams.is_empty()) {
        (Some(team), true) => Ok(team),
        (Some(_), false) => Err(Refused::new("which-team", &[]).into()),
        (None, _) => Err(Refused::new("no-team", &[("folder", &args.data.display())]).into()),
    }
}

/// A password from a file, or a new one; and whether it is new.
fn secret(file: Option<&Path>) -> Done<(Zeroizing<String>, bool)> {
    let Some(file) = file else { return Ok((password::create()?, true)) };
    let mut line = Zeroizing::new(String::new());
    if file == Path::new("-") {
        std::io::stdin().lock().read_line(&mut line)?;
    } else {
        std::io::BufReader::new(std::fs::File::open(file)?).read_line(&mut line)?;
    }
    Ok((Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()), false))
}

fn shown_once(say: &Say, made: bool, name: &str, secret: &str) -> Vec<String> {
    if !made {
        return vec![];
    }
    let args = [("name", name.to_owned()), ("password", secret.to_owned())];
    vec![say.text("said-password", &args), say.text("said-once", &[])]
}

fn duration(text: &str) -> Done<i64> {
    let bad = || Trouble::from(Refused::new("bad-duration", &[("text", &text)]));
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: i64 = match text.get(digits.len()..) {
        Some("m") => 60_000,
        Some("h") => 3_600_000,
        Some("d") => 86_400_000,
        _ => return Err(bad()),
    };
    let count: i64 = digits.parse().ok().filter(|n| (1..=10_000).contains(n)).ok_or_else(bad)?;
    Ok(count * unit)
}

fn iso(at_ms: i64) -> String {
    DateTime::from_timestamp_millis(at_ms)
        .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}

/// For the value of a query.
fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let one = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_links() {
        assert_eq!(duration("72h").unwrap(), 259_200_000);
        assert_eq!(duration("3d").unwrap(), duration("72h").unwrap());
        for bad in ["", "h", "72", "-1h", "1w", "99999999999h", "１h"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert_eq!(escaped("https://a.b:1/c"), "https%3A%2F%2Fa.b%3A1%2Fc");
    }
}
