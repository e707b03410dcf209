//! Each command as a call and an answer.

use super::access;
use super::args::{Args, Command};
use super::bundle;
use super::evidence;
use super::holding;
use super::listed;
use super::revoke;
use super::say::Say;
use super::serve::{self, Way};
use crate::admin::by::By;
use crate::admin::files::{self, DataFolder};
use crate::admin::restore::Restored;
use crate::admin::{
    Done, Refused, Trouble, import, lacking, publish, report, restore, roles, tables, team, verify, views,
};
use crate::blobs::Limits;
use crate::clock::now_ms;
use crate::secrets::password;
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use crate::texts::messages;
use rounds_model::ids::TeamId;
use rounds_model::people::{Person, Role};
use rounds_protocol::enrol::Team;
use rounds_protocol::handover::Taken;
use serde_json::json;
use std::io::BufRead;
use std::path::Path;
use zeroize::Zeroizing;

/// Does what was asked. False if it was done and the answer is no.
pub fn run(args: &Args, say: &Say) -> Done<bool> {
    let folder = DataFolder::at(&args.data);
    match &args.command {
        Command::Restore { file, force, blobs } => {
            // Before anything is replaced: a place that is not there is told, not found out afterwards.
            super::serve::place_as_it_is(&folder, blobs.as_deref())?;
            let done = restore::restore(&folder, file, *force, now_ms())?;
            let (mut json, mut lines) = restored(file, &done, say);
            let storage = folder.open()?;
            let teams: Vec<TeamId> = storage.teams()?.into_iter().map(|team| team.id).collect();
            let (files, line) = evidence::files(&storage, &teams, &folder, blobs.as_deref(), false, say)?;
            json["files"] = json!(files.known);
            json["files_lacking"] = json!(files.lacking);
            lines.push(say.text("said-restored-files", &[]));
            lines.extend(line);
            say.answer(&json, lines);
            Ok(true)
        }
        Command::Init { zone, supervisor, password_file, another } => {
            let name = args.team.as_deref().unwrap_or_default();
            let (secret, made) = secret(password_file.as_deref())?;
            // Before there is a file: what is refused leaves none behind.
            team::check(name, zone, supervisor, &secret)?;
            folder.check_whole()?;
            let storage = folder.open()?;
            if !*another && !storage.teams()?.is_empty() {
                return Err(Refused::new("team-exists", &[]).into());
            }
            init(&storage, say, (name, zone, supervisor), &secret, made)
        }
        command => {
            folder.check_whole()?;
            if !folder.has_database() {
                return Err(Refused::new("no-team", &[("folder", &args.data.display())]).into());
            }
            let storage = folder.open()?;
            let team = the_team(&storage, args)?;
            let say = say.for_team(&team);
            on_team(storage, &folder, team, command, &say)
        }
    }
}

fn restored(file: &Path, done: &Restored, say: &Say) -> (serde_json::Value, Vec<String>) {
    let shown = file.display().to_string();
    let kept = done.kept.as_ref().map(|kept| kept.display().to_string());
    let phones = messages().text("said-restored-phones", &[]);
    let json = json!({ "restored": shown, "records": done.records, "kept": kept, "phones": phones });
    let mut lines =
        vec![say.text("said-restored", &[("file", shown), ("records", done.records.to_string())])];
    lines.extend(kept.map(|kept| say.text("said-kept", &[("file", kept)])));
    lines.push(say.text("said-restored-phones", &[]));
    (json, lines)
}

fn init(storage: &Sqlite, say: &Say, who: (&str, &str, &str), secret: &str, made: bool) -> Done<bool> {
    let (name, zone, supervisor) = who;
    let (team, person) = team::init(storage, name, zone, supervisor, secret, now_ms())?;
    let mut lines =
        vec![say.text("said-initialised", &[("team", team.name.clone()), ("id", team.id.to_string())])];
    lines.extend(shown_once(say, made, &person.name, secret));
    let mut json = json!({ "team": team.id, "name": team.name, "zone": team.zone, "supervisor": person.name, "person": person.id });
    if made {
        json["password"] = json!(secret);
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
            tiles,
            behind_proxy,
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
            let way = Way { listen: *listen, tls, behind_proxy: *behind_proxy, allow_plain: *allow_plain };
            return serve::serve(storage, folder, way, blobs, tiles.as_deref(), say).map(|()| true);
        }
        Command::VerifyEvidence { record, media, blobs } => {
            return evidence::verify(storage, folder, id, record, *media, blobs.as_deref(), say);
        }
        Command::Verify { deep, ask_again, blobs } => {
            return verified(&storage, id, folder, (blobs.as_deref(), *deep, *ask_again), say);
        }
        Command::Exceptions => evidence::list(&*storage.read(id)?, say)?,
        Command::Invite { person, role, led_by, valid, server } => {
            let valid = duration(valid)?;
            let now = now_ms();
            let role = &roles::given(&*storage.read(id)?, person, role.as_deref())?;
            let leader = roles::leader(&*storage.read(id)?, person, role, led_by.as_deref())?;
            let led_by = leader.as_ref().map(|leader| leader.id.to_string());
            let before = team::find_person(&*storage.read(id)?, person).ok();
            let (person, code) = team::invite(&storage, id, person, role, led_by.as_deref(), valid, now)?;
            let before = before.filter(|before| before.role != person.role).map(|before| before.role);
            let leader = leader.filter(|leader| leader.id != person.id);
            let who = (&person, leader.as_ref(), before.as_ref());
            invited(say, who, &code, now.saturating_add(valid), server.as_deref());
        }
        Command::Revoke { device: Some(device), .. } => {
            return Ok(revoke::said(team::revoke_device(&storage, id, device, now_ms())?, false, &[], say));
        }
        Command::Revoke { person, heir, .. } => {
            let person = person.as_deref().unwrap_or_default();
            return revoke::person(&storage, id, person, heir.as_deref(), say);
        }
        Command::Publish { folder, check } => {
            let bundle = publish::read_folder(folder)?;
            listed::published(&publish::publish(&storage, id, &bundle, *check)?, *check, say);
        }
        Command::Table { pack, name, file, check } => {
            if !file.is_file() {
                return Err(Refused::new("no-such-file", &[("file", &file.display())]).into());
            }
            let csv = std::fs::read(file)?;
            let table = (pack.as_str(), name.as_str(), csv.as_slice());
            let done = tables::put_table(&storage, id, By::server(), table, *check, now_ms())?;
            listed::published(&done, *check, say);
        }
        Command::Import { kind, file, key, new: _ } => {
            if !file.is_file() {
                return Err(Refused::new("no-such-file", &[("file", &file.display())]).into());
            }
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
        Command::Handover { file, blobs } => {
            if !file.is_file() {
                return Err(Refused::new("no-such-file", &[("file", &file.display())]).into());
            }
            handed_over(&bundle::take(storage, folder, id, file, blobs.as_deref())?, say);
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
        Command::Views { file } => {
            let done = views::write(&*storage.read(id)?, file)?;
            let args = [
                ("views", done.views.to_string()),
                ("records", done.records.to_string()),
                ("file", file.display().to_string()),
            ];
            let json =
                json!({ "views": done.views, "records": done.records, "file": file.display().to_string() });
            say.answer(&json, [say.text("said-views", &args)]);
        }
        Command::Grant { .. } | Command::Withdraw { .. } | Command::Transfer { .. } => {
            access::change(&storage, id, command, say)?;
        }
        Command::Holding { what } => return holding::run(&storage, id, what, say),
        _ => return asked(&storage, id, command, say),
    }
    Ok(true)
}

fn handed_over(taken: &Taken, say: &Say) {
    let args = [
        ("items", taken.items.to_string()),
        ("stored", taken.stored.to_string()),
        ("duplicates", taken.duplicates.to_string()),
        ("held", taken.held.to_string()),
        ("waiting", taken.waiting.to_string()),
    ];
    let mut lines = vec![say.text("said-handed-over", &args)];
    if taken.blobs + taken.blobs_known + taken.blobs_left > 0 {
        let args = [
            ("blobs", taken.blobs.to_string()),
            ("known", taken.blobs_known.to_string()),
            ("left", taken.blobs_left.to_string()),
        ];
        lines.push(say.text("said-handed-over-photos", &args));
    }
    if taken.held > 0 {
        lines.push(say.text("said-handed-over-held", &[]));
    }
    say.answer(&json!(taken), lines);
}

/// Whether everything follows from what was stored; and which files are not there.
fn verified(
    storage: &Sqlite,
    id: TeamId,
    folder: &DataFolder,
    (blobs, deep, ask_again): (Option<&str>, bool, bool),
    say: &Say,
) -> Done<bool> {
    let done = verify::verify(&*storage.read(id)?)?;
    let (files, missing) = evidence::files(storage, &[id], folder, blobs, deep, say)?;
    let asked = if ask_again { lacking::ask_again(storage, id, &files.lost)? } else { 0 };
    let json = json!({
        "records": done.records,
        "files_asked_for": asked,
        "photos_lacking": done.photos_lacking,
        "files": files.known,
        "files_lacking": files.lacking,
        "files_changed": files.changed,
        "files_read": deep,
        "differences": done.differences.iter().map(|d| json!({ "doc": d.doc, "what": d.what })).collect::<Vec<_>>(),
    });
    let line = |d: &verify::Difference| {
        // What somebody can do something about is said in words; the rest is for its developers.
        let key = match d.what {
            "content" | "heads" => "said-difference-damaged",
            "act-signature" | "verdict" | "server-signature" => "said-difference-signed",
            _ => "said-difference",
        };
        say.text(key, &[("doc", d.doc.to_string()), ("what", d.what.to_owned())])
    };
    let mut lines: Vec<_> = done.differences.iter().map(line).collect();
    if lines.is_empty() {
        lines.push(say.text("said-verified", &[("records", done.records.to_string())]));
    }
    if done.photos_lacking > 0 {
        lines.push(say.text("said-photos-lacking", &[("photos", done.photos_lacking.to_string())]));
    }
    lines.extend(missing);
    if ask_again {
        let args = [("count", asked.to_string()), ("lacking", files.lacking.to_string())];
        lines.push(say.text("said-files-asked-for", &args));
    }
    if !deep && files.known > 0 {
        lines.push(say.text("said-files-unread", &[("known", files.known.to_string())]));
    }
    say.answer(&json, lines);
    Ok(done.differences.is_empty() && files.changed == 0)
}

/// The commands that only look.
fn asked(storage: &Sqlite, id: TeamId, command: &Command, say: &Say) -> Done<bool> {
    match command {
        Command::People => listed::people(&*storage.read(id)?, say)?,
        Command::Devices => listed::devices(&*storage.read(id)?, say)?,
        Command::Conflicts => listed::conflicts(&*storage.read(id)?, say)?,
        Command::Reminders => listed::reminders(&*storage.read(id)?, now_ms(), say)?,
        Command::Digest { person } => {
            let digests = report::digest(&*storage.read(id)?, person.as_deref())?;
            let lines = digests.scopes.iter().map(|(s, d)| format!("{}  {:>7}  {s}", d.hash, d.records));
            say.answer(&json!(digests), lines.collect::<Vec<_>>());
        }
        _ => listed::summary(&report::summary(storage, id)?, say),
    }
    Ok(true)
}

fn invited(
    say: &Say,
    who: (&Person, Option<&Person>, Option<&Role>),
    code: &str,
    expires: i64,
    server: Option<&str>,
) {
    let (person, leader, before) = who;
    let until = say.time(expires);
    let led = match leader {
        Some(leader) => Some(("said-led-by", leader.name.clone())),
        None if person.role.0 == Role::SUPERVISOR => None,
        None => Some(("said-led-by-nobody", String::new())),
    };
    let led = led.map(|(key, leader)| say.text(key, &[("name", person.name.clone()), ("leader", leader)]));
    let mut lines: Vec<_> = before.map(|before| role_changed(person, before, say)).into_iter().collect();
    lines.extend(led);
    lines.extend([
        say.text("said-invited", &[("name", person.name.clone()), ("expires", until.clone())]),
        code.to_owned(),
    ]);
    let link = server.map(|server| format!("rounds://enrol?server={}&code={code}", escaped(server)));
    if let Some(link) = &link {
        lines.push(link.clone());
        if let Ok(qr) = qrcode::QrCode::new(link) {
            lines.push(qr.render::<qrcode::render::unicode::Dense1x2>().build());
        }
    }
    let json = json!({ "person": person, "code": code, "expires_ms": expires, "link": link,
        "led_by": leader.map(|leader| &leader.name), "role_before": before });
    say.answer(&json, lines);
}

/// An invitation in another role changes what somebody may do who is there already, at once.
fn role_changed(person: &Person, before: &Role, say: &Say) -> String {
    let args =
        [("name", person.name.clone()), ("before", before.to_string()), ("role", person.role.to_string())];
    say.text("said-role-changed", &args)
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
    fn a_restore_says_what_to_do_about_the_phones() {
        let say = Say::new(false, Some("zh"));
        let done = Restored { records: 7, kept: Some("old.db".into()) };
        let (json, lines) = restored(Path::new("b.db"), &done, &say);
        assert_eq!((&json["restored"], &json["kept"]), (&json!("b.db"), &json!("old.db")));
        for lang in ["zh", "en"] {
            assert!(json["phones"][lang].as_str().unwrap().contains("digest"), "{json}");
        }
        assert!(lines[1].contains("old.db") && lines[2].contains("再次发送"), "{lines:?}");
    }

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
