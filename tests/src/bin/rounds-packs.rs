//! What packs cost where there is much: rulings, screens and finders among many records of their kind,
//! and a publication on the wire. `cargo run --release -p rounds-tests --bin rounds-packs -- 100000`
//! after `cargo build --release --workspace --bins`.
//!
//! The server is a process of its own, reached over HTTP; the phone is the library with its encrypted
//! store, every commit durable. Times are medians.
#![allow(clippy::print_stdout)]

use anyhow::{Context, Result, ensure};
use rounds_device::platform::System;
use rounds_device::{Key, Rounds};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_tests::counted::Counted;
use rounds_tests::day::packs;
use rounds_tests::phone::text;
use rounds_tests::server::Server;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Policies of the package screen.
const PACKAGE: usize = 50;
/// Acts that are ruled in one exchange.
const ACTS: usize = 200;
/// The pack that is measured.
const PACK: &str = "policy-application";

fn main() -> Result<()> {
    let records: usize = std::env::args().nth(1).map_or(Ok(100_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    std::fs::create_dir_all(&data)?;
    let mut server = Server::new(&data, 0)?;
    server.admin(&["init", "--team", "bench", "--zone", "Asia/Shanghai", "--supervisor", "S"])?.ok()?;
    for pack in ["daily-routine", "store-visit", "visit-to-contract", PACK] {
        server.admin(&["publish", packs().join(pack).to_str().context("path")?])?.ok()?;
    }
    let policies = folder.path().join("policies.csv");
    std::fs::write(&policies, csv(records)?)?;
    server.admin(&["import", "policy", policies.to_str().context("path")?, "--new"])?.ok()?;
    server.start()?;
    let network = Counted::new(&server.url())?;
    let phone = phone(&folder.path().join("phone"), &server, &network)?;
    phone.sync(&network)?;
    println!("{records} policies, as many applications, {} cores", std::thread::available_parallelism()?);

    let known: Vec<DocId> =
        phone.list("policy", None, 1_000, Lang::En)?.rows.iter().map(|row| row.id).collect();
    let policy = |n: usize| known.get(n % known.len()).copied().context("no policies");
    let package = phone.create("package", &[pair("customer", "孙敏")])?;
    for n in 0..records.saturating_sub(ACTS + PACKAGE) {
        phone.create("application", &application(policy(n)?))?;
    }
    phone.sync(&network)?;

    let mut submitted = vec![];
    for n in 0..ACTS {
        let doc = phone.create("application", &application(policy(n)?))?;
        submitted.push(doc);
    }
    phone.sync(&network)?;
    let mut acted = vec![];
    for doc in &submitted {
        acted.push(timed(|| phone.act(*doc, "submit", &[]))?);
    }
    say("an act on the phone, ruled and durable", median(acted));
    let began = Instant::now();
    let synced = phone.sync(&network)?;
    ensure!(synced.changes.held == 0, "{synced:?}");
    say(
        "the same act at the server, through HTTP and back",
        began.elapsed().as_secs_f64() * 1e3 / ACTS as f64,
    );

    let mut last = package;
    for n in 0..PACKAGE {
        let more = [pair("package", &package.to_string())];
        last = phone.create("application", &[&application(policy(500 + n)?)[..], &more].concat())?;
    }
    phone.sync(&network)?;
    screens(&phone, package, last)?;
    finders(&phone, package)?;
    published(&phone, &network, &server, folder.path())?;
    server.stop()
}

/// The screens of a package with fifty applications about as many policies.
fn screens(phone: &Rounds, package: DocId, last: DocId) -> Result<()> {
    let page = PACKAGE as u32;
    say("ruling on one record's acts", twenty(|| phone.acts(last, Lang::En))?);
    say("the package's own screen", twenty(|| phone.show(package, Lang::En))?);
    say(
        "its 50 applications, each with why it can or cannot be submitted",
        twenty(|| phone.list_for("application", "submit", None, page, Lang::En))?,
    );
    say(
        "50 policies to choose from, greyed with reasons",
        twenty(|| phone.candidates(last, "policy", None, Lang::En))?,
    );
    Ok(())
}

fn finders(phone: &Rounds, package: DocId) -> Result<()> {
    let today = phone.today(Lang::En)?.day;
    let number = "P1000123";
    let holder = [pair("name", "客户 7"), pair("born", "1980-03-01"), pair("is", "female")];
    let questions = [
        ("policy", "by_number", vec![pair("typed", number)]),
        ("policy", "by_customer", holder.to_vec()),
        ("application", "in_package", vec![pair("of", &package.to_string())]),
        ("application", "results", vec![pair("typed", number)]),
        ("application", "results", vec![pair("from", &today), pair("to", &today)]),
        ("application", "by_acceptance", vec![pair("typed", "SL-1")]),
        ("application", "reprints", vec![pair("from", &today), pair("to", &today)]),
    ];
    for (kind, finder, asked) in questions {
        let first = timed(|| phone.ask(kind, finder, &asked, Lang::En))?;
        let then = twenty(|| phone.ask(kind, finder, &asked, Lang::En))?;
        let by: Vec<_> = asked.iter().map(|(name, _)| name.as_str()).collect();
        say(&format!("find {kind} {finder} ({}), first {first:.0} ms", by.join(" ")), then);
    }
    Ok(())
}

/// The pack once more, with its next version: to a phone that has the others.
fn published(phone: &Rounds, network: &Counted, server: &Server, folder: &Path) -> Result<()> {
    let (from, to) = (packs().join(PACK), folder.join(PACK));
    std::fs::create_dir_all(to.join("tables"))?;
    for table in std::fs::read_dir(from.join("tables"))? {
        let table = table?;
        std::fs::copy(table.path(), to.join("tables").join(table.file_name()))?;
    }
    let manifest = std::fs::read_to_string(from.join("pack.toml"))?;
    let (before, after) = manifest.split_once("\nversion = ").context("no version")?;
    let (_, after) = after.split_once('\n').context("no version")?;
    std::fs::write(to.join("pack.toml"), format!("{before}\nversion = 99\n{after}"))?;
    let bundle = rounds_server::admin::publish::read_folder(&to).map_err(|e| anyhow::anyhow!("{e:?}"))?;
    let packed = zstd::bulk::compress(&bundle.encode()?, 3)?.len();
    server.admin(&["publish", to.to_str().context("path")?])?.ok()?;
    network.take();
    phone.sync(network)?;
    let (_, down) = network.take();
    phone.sync(network)?;
    let (_, again) = network.take();
    println!(
        "publishing the pack: {down} bytes to a phone, {:.2} × its {packed} bytes with zstd; then {again} bytes",
        down as f64 / packed as f64
    );
    Ok(())
}

fn application(policy: DocId) -> Vec<(String, String)> {
    vec![pair("policy", &policy.to_string()), pair("item", "contact_change")]
}

fn csv(records: usize) -> Result<String> {
    let mut out = String::from("number,holder,product,birth_date,sex\n");
    for n in 0..records {
        let sex = if n % 2 == 0 { "female" } else { "male" };
        writeln!(out, "P1{n:010},客户 {},护身福,19{:02}-03-01,{sex}", n % 5_000, 60 + n % 40)?;
    }
    Ok(out)
}

/// A new phone of the one rep.
fn phone(dir: &Path, server: &Server, network: &Counted) -> Result<Rounds> {
    let invited = server.admin_json(&["invite", "--person", "R", "--role", "rep"])?;
    let rounds = Rounds::open(dir, Key([7; 32]), Arc::new(System))?;
    rounds.enrol(network, &server.url(), &text(&invited, "code")?, "bench")?;
    Ok(rounds)
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn timed<T, E: Into<anyhow::Error>>(work: impl Fn() -> Result<T, E>) -> Result<f64> {
    let began = Instant::now();
    work().map_err(Into::into)?;
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

fn twenty<T, E: Into<anyhow::Error>>(work: impl Fn() -> Result<T, E>) -> Result<f64> {
    let times: Vec<f64> = (0..20).map(|_| timed(&work)).collect::<Result<_>>()?;
    Ok(median(times))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn say(what: &str, ms: f64) {
    println!("{ms:>9.2} ms  {what}");
}
