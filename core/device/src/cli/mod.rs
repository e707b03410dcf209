//! The headless phone: one folder per phone, one command per call.
//!
//! - [`args`]: the commands; [`batch`]: those for many records. - [`fill`]: a record line by line.
//! - [`mod@record`]: a recording by its script.
//! - [`lens`]: a camera that gives a file.
//! - [`mod@watch`]: the one that stays. - [`mod@fonts`]: fonts of this machine.
//! - [`key`]: the database key, where a phone has its key store.
//! - [`mod@print`], [`bundles`]: screens as text. Exit codes are in [`exit_code`].

mod args;
mod batch;
mod bundles;
mod fill;
mod fonts;
mod key;
mod lens;
mod print;
mod record;
mod watch;

use crate::error::{Class, RoundsError};
use crate::platform::System;
use crate::screens::support_log;
use crate::sync::transport::Http;
use crate::{Rounds, cli::args::Command};
use args::Args;
use clap::Parser;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use serde::Serialize;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Parses the command line, runs the command, prints, and says by the exit code how it went.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let lang = args.lang();
    match run(&args, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if args.json {
                print::json(&Failed { error: &error });
            } else {
                print::error(&error, lang);
            }
            exit_code(error.class)
        }
    }
}

/// 0 done · 1 internal · 2 wrong use · 3 refused by a rule · 4 offline · 5 no access · 6 storage.
fn exit_code(class: Class) -> ExitCode {
    ExitCode::from(match class {
        Class::Internal => 1,
        Class::Usage => 2,
        Class::Refused => 3,
        Class::Offline => 4,
        Class::Access => 5,
        Class::Storage => 6,
    })
}

#[derive(Serialize)]
struct Failed<'a> {
    error: &'a RoundsError,
}

fn run(args: &Args, lang: Lang) -> Result<(), RoundsError> {
    let key = key::load_or_create(&args.dir, args.key_file.as_deref())?;
    let rounds = match Rounds::open(&args.dir, key.clone(), Arc::new(System)) {
        Ok(rounds) => rounds,
        // What the error says to send must be there to be sent.
        Err(error) if matches!(args.command, Command::Log) && is_partly_readable(&error) => {
            let log = support_log::rescued(&args.dir, &key, error, lang);
            print::Out { json: args.json, lang }.show(&log);
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let result = command(&rounds, args, lang);
    // An error is an orderly end too; only what never gets here was killed.
    rounds.close()?;
    result
}

fn is_partly_readable(error: &RoundsError) -> bool {
    error.class == Class::Storage && !["store-wrong-key", "store-newer"].contains(&error.code.as_str())
}

fn command(rounds: &Rounds, args: &Args, lang: Lang) -> Result<(), RoundsError> {
    let out = print::Out { json: args.json, lang };
    match &args.command {
        Command::Enrol { server, code, name } => {
            let name = name.clone().unwrap_or_else(crate::platform::machine);
            let identity = rounds.enrol(&Http::new(server)?, server, code, &name)?;
            out.show(&print::Enrolled::of(&identity));
        }
        Command::Sync { metered, watch: true, .. } => watch::watch(rounds, *metered, &out)?,
        Command::Sync { server, metered, within, .. } => {
            let address = match server {
                Some(server) => server.clone(),
                None => rounds.identity()?.server,
            };
            let network = Http::new(&address)?.with_metered(*metered);
            let synced = match within {
                Some(seconds) => rounds.sync_until(network, Duration::from_secs(*seconds))?,
                None => rounds.sync(&network)?,
            };
            // Kept only once the server there has answered.
            if let Some(server) = server {
                rounds.set_server(server)?;
            }
            out.show(&print::SyncDone { synced, status: rounds.status(lang)? });
        }
        Command::Settings { name, value } => {
            if let (Some(name), Some(value)) = (name, value) {
                set(rounds, *name, value)?;
            }
            out.show(&print::Set(rounds.settings()?));
        }
        Command::FetchPhoto { record, question, file } => {
            let doc = id(rounds, record)?;
            let network = Http::new(&rounds.identity()?.server)?;
            let mut sink = std::fs::File::create_new(file).map_err(crate::error::Fail::from)?;
            let fetched = rounds.photo(&network, doc, question, &mut sink);
            // Half a photo must not be taken for one.
            let (hash, bytes) = fetched.inspect_err(|_| drop(std::fs::remove_file(file)))?;
            out.show(&print::Fetched { hash, bytes });
        }
        Command::Status => out.show(&rounds.status(lang)?),
        Command::Notices => out.show(&print::Notices(rounds.notices(lang)?)),
        Command::Dismiss { number } => {
            rounds.dismiss(*number)?;
            out.show(&print::Notices(rounds.notices(lang)?));
        }
        Command::Today => out.show(&rounds.today(lang)?),
        Command::Kinds => out.show(&print::Kinds(rounds.kinds(lang))),
        Command::List { kind, before, limit, act: None, list: Some(list) } => {
            out.show(&rounds.list_as(kind, list, *before, *limit, lang)?);
        }
        Command::List { kind, before, limit, act: None, list: None } => {
            out.show(&rounds.list(kind, *before, *limit, lang)?);
        }
        Command::List { kind, before, limit, act: Some(act), list: _ } => {
            out.show(&rounds.list_for(kind, act, *before, *limit, lang)?);
        }
        Command::Acts { record } => out.show(&rounds.acts(id(rounds, record)?, lang)?),
        Command::Candidates { record, question, typed, before } => {
            out.show(&rounds.candidates(id(rounds, record)?, question, typed, *before, lang)?);
        }
        Command::Reminders => out.show(&rounds.reminders(lang)?),
        Command::Schedule { day } => out.show(&rounds.day_plan(day.as_deref(), lang)?),
        Command::Search { words } => out.show(&rounds.search(&words.join(" "), 50, lang)?),
        Command::Find { kind, finder, answers } => {
            out.show(&rounds.ask(kind, finder, &args::pairs(answers)?, lang)?);
        }
        Command::Show { record, tab } => {
            let screen = rounds.show(id(rounds, record)?, lang)?;
            out.show(&match tab {
                Some(tab) => screen.on_tab(tab).map_err(RoundsError::from)?,
                None => screen,
            });
        }
        Command::New { kind, answers, at } => {
            lens::stand(rounds, at.as_deref())?;
            let id = rounds.create(kind, &args::pairs(answers)?)?;
            let asked: Vec<&str> = answered(answers);
            let (placed, unplaced) = lens::places(rounds);
            let wrong = rounds.wrong_at(id, &asked, lang)?;
            out.show(&print::Saved { wrong, placed, unplaced, ..print::Saved::of(id) });
        }
        Command::Answer { record, answers, photos, at } => {
            lens::stand(rounds, at.as_deref())?;
            let id = id(rounds, record)?;
            if !answers.is_empty() {
                rounds.answer(id, &args::pairs(answers)?)?;
            }
            for (question, file) in args::pairs(photos)? {
                let mut file = std::fs::File::open(file).map_err(crate::error::Fail::from)?;
                rounds.attach_file(id, &question, &mut file)?;
            }
            let (placed, unplaced) = lens::places(rounds);
            let wrong = rounds.wrong_at(id, &answered(answers), lang)?;
            out.show(&print::Saved { wrong, placed, unplaced, ..print::Saved::of(id) });
        }
        Command::Fill { record, at } => {
            lens::stand(rounds, at.as_deref())?;
            fill::run(rounds, id(rounds, record)?, lang)?;
        }
        Command::Check { record, question } => {
            out.show(&rounds.check(id(rounds, record)?, question.as_deref(), lang)?);
        }
        Command::Choices { record, question, typed, skip, limit } => {
            let typed = typed.as_deref().unwrap_or_default();
            out.show(&rounds.offer(id(rounds, record)?, question, typed, *skip, *limit, lang)?);
        }
        Command::Audit { record, csv } => {
            let audit = rounds.audit(id(rounds, record)?, lang)?;
            if *csv {
                print::raw(&crate::screens::audit::csv(&audit));
            } else {
                out.show(&print::Audits(audit));
            }
        }
        Command::Entities { record } => {
            out.show(&print::Entities(rounds.entities(id(rounds, record)?)?));
        }
        Command::Move { record, to } => {
            let id = id(rounds, record)?;
            match to {
                None => out.show(&print::Newer(rounds.newer(id, lang)?)),
                Some(version) => {
                    rounds.move_to(id, *version)?;
                    out.show(&print::Saved::of(id));
                }
            }
        }
        Command::Add { record, repeat } => {
            let id = id(rounds, record)?;
            let instance = rounds.add(id, repeat)?;
            let row = rounds.row(id, repeat, &instance)?;
            let (instance, row) = (Some(instance), Some(row));
            out.show(&print::Saved { instance, row, ..print::Saved::of(id) });
        }
        Command::Remove { record, repeat, instance } => {
            let id = id(rounds, record)?;
            let (repeat, instance) = crate::rows::named(repeat, instance.as_deref());
            let row = rounds.row(id, repeat, instance)?;
            rounds.remove(id, repeat, instance)?;
            out.show(&print::Saved { row: Some(row), ..print::Saved::of(id) });
        }
        Command::Act { record, act, payload } => {
            let id = id(rounds, record)?;
            let made = rounds.act(id, act, &args::pairs(payload)?)?;
            // With the act it may have gone to somebody else.
            out.show(&print::Acted::of(made, rounds.show(id, lang).ok()));
        }
        Command::Print { record, name, to, font } => {
            let id = id(rounds, record)?;
            let paper = rounds.print(id, name.as_deref(), &fonts::fonts(font, lang)?, lang)?;
            let mut file = std::fs::File::create_new(to).map_err(crate::error::Fail::from)?;
            let written = file.write_all(&paper.pdf).and_then(|()| file.sync_all());
            // Half a paper must not be taken for one.
            written.map_err(crate::error::Fail::from).inspect_err(|_| drop(std::fs::remove_file(to)))?;
            let remembered = rounds.printed(id, &paper.print)?.is_some();
            out.show(&print::PrintedTo { bytes: paper.pdf.len(), paper, remembered });
        }
        Command::Outbox { raw: true } => out.show(&print::Raw(rounds.outbox(lang)?)),
        Command::Outbox { raw: false } => out.show(&rounds.outbox(lang)?),
        Command::Retry { number } => {
            rounds.retry(*number)?;
            out.show(&rounds.outbox(lang)?);
        }
        Command::Request { number, payload } => {
            let held = rounds.store().read(|db| crate::store::outbox::held_one(db, *number))?;
            let made = rounds.request(*number, &args::pairs(payload)?)?;
            out.show(&print::Acted::of(made, rounds.show(held.doc, lang).ok()));
        }
        Command::ThrowAway { record, yes } => throw_away(rounds, &out, id(rounds, record)?, *yes)?,
        Command::Discard { number } => {
            rounds.discard(*number)?;
            out.show(&rounds.outbox(lang)?);
        }
        Command::GiveUp { number } => {
            rounds.give_up(*number)?;
            out.show(&rounds.outbox(lang)?);
        }
        Command::Handover { file, without_photos } => {
            let mut sink = std::fs::File::create_new(file).map_err(crate::error::Fail::from)?;
            let made = rounds.hand_over(&mut sink, !without_photos).and_then(|made| {
                sink.sync_all().map_err(crate::error::Fail::from)?;
                Ok(made)
            });
            // Half a bundle must not be taken for one.
            out.show(&made.inspect_err(|_| drop(std::fs::remove_file(file)))?);
        }
        Command::Carry { file, drop_refused } => {
            if let Some(file) = file {
                let mut bundle = std::fs::File::open(file).map_err(crate::error::Fail::from)?;
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                rounds.carry(&mut bundle, &name)?;
            }
            if *drop_refused {
                rounds.drop_refused()?;
            }
            out.show(&bundles::Bundles { carried: rounds.carried()?, zone: rounds.identity()?.zone() });
        }
        Command::Log => out.show(&rounds.support_log(lang)?),
        Command::PutAside { number } => {
            rounds.put_aside(*number)?;
            out.show(&rounds.outbox(lang)?);
        }
        Command::Conflicts => out.show(&print::Conflicts(rounds.conflicts(lang)?)),
        Command::Choose { record, question, version } => {
            let id = id(rounds, record)?;
            rounds.choose(id, question, version.saturating_sub(1))?;
            out.show(&print::Saved::of(id));
        }
        Command::Verify { rebuild } => {
            if *rebuild {
                rounds.rebuild()?;
            }
            let found = rounds.verify()?;
            let clean = found.is_clean();
            out.show(&found);
            if !clean {
                return Err(crate::error::Fail::Damaged("the projection").into());
            }
        }
        Command::Photo { record, question, file, at, mock, font } => {
            let id = id(rounds, record)?;
            rounds.set_kit(lens::kit(file, at.as_deref(), *mock)?);
            let fonts = fonts::fonts(font, lang)?;
            let shot =
                rounds.take_photo(id, question.as_str(), crate::photos::TakeFrom::Lens, &fonts, lang)?;
            out.show(&lens::Taken(shot));
        }
        Command::Record { record, question } => record::run(rounds, id(rounds, record)?, question, lang)?,
        Command::Batch(command) => batch::run(rounds, command, &out)?,
        Command::Digest => out.show(&rounds.digest()?),
    }
    Ok(())
}

fn set(rounds: &Rounds, name: args::Setting, value: &str) -> Result<(), RoundsError> {
    let mut settings = rounds.settings()?;
    let bad = || crate::error::Fail::BadSetting(value.to_owned());
    match name {
        args::Setting::WifiOnly => {
            settings.wifi_only = match value {
                "on" => true,
                "off" => false,
                _ => return Err(bad().into()),
            }
        }
        args::Setting::PartKib => {
            settings.part_kib = value.parse().ok().filter(|n| (4..=65_536).contains(n)).ok_or_else(bad)?;
        }
    }
    rounds.set_settings(&settings)
}

/// The questions of `question=value` pairs.
fn answered(pairs: &[String]) -> Vec<&str> {
    pairs.iter().filter_map(|pair| Some(pair.split_once('=')?.0)).collect()
}

/// A record by its whole id or by the beginning of it.
fn id(rounds: &Rounds, typed: &str) -> Result<DocId, RoundsError> {
    typed.parse().map_or_else(|_| rounds.find(typed), Ok)
}

/// Asks, unless the answer was given already, and throws a draft away. What is refused is told before it is asked.
fn throw_away(rounds: &Rounds, out: &print::Out, id: DocId, yes: bool) -> Result<(), RoundsError> {
    let row = rounds.show(id, out.lang)?.row;
    if let Some(no) = rounds.kept_because(id)? {
        return Err(crate::error::Fail::from(no).into());
    }
    let catalogue = rounds.catalogue();
    let kind =
        catalogue.kind(&row.kind).map_or(row.kind.as_str(), |kind| kind.title.get(out.lang)).to_owned();
    let said =
        |key: &str| print::word(out.lang, key, &[("kind", kind.clone()), ("title", row.title.clone())]);
    if !yes {
        print::told(&format!("{}\n", said("draft-question")));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map_err(crate::error::Fail::from)?;
        if !["y", "yes", "是"].contains(&answer.trim().to_lowercase().as_str()) {
            out.show(&print::Line(said("draft-kept")));
            return Ok(());
        }
    }
    rounds.throw_away(id)?;
    out.show(&print::Line(said("draft-gone")));
    Ok(())
}
