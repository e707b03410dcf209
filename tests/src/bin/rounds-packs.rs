//! What packs cost where there is much: rulings, screens and finders among many records of their kind,
//! and a publication on the wire. `cargo run --release -p rounds-tests --bin rounds-packs -- 100000`
//! after `cargo build --release --workspace --bins`. With `--aims` it fails where an aim is missed.
//!
//! The server is a process of its own, reached over HTTP; the phone is the library with its encrypted
//! store, every commit durable. Times are medians.
#![allow(clippy::print_stdout)]

use anyhow::{Context, Result, ensure};
use rounds_device::platform::System;
use rounds_device::screens::row::Row;
use rounds_device::{Key, Rounds};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_tests::counted::Counted;
use rounds_tests::day::packs;
use rounds_tests::phone::text;
use rounds_tests::server::Server;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Policies of the package screen.
const PACKAGE: usize = 50;
/// Acts that are ruled in one exchange.
const ACTS: usize = 200;
/// Accounts of customers; the newest policies are of the last of them.
const ACCOUNTS: usize = 5_000;
/// The pack that is measured.
const PACK: &str = "policy-application";

/// The aims, ms: a ruling, and what a screen of a package with [`PACKAGE`] policies has to answer.
const RULING_MS: f64 = 1.0;
const SCREEN_MS: f64 = 10.0;
/// A publication costs a phone its compressed size once: with what is around it, and little afterwards.
const PUBLISHED: f64 = 1.1;
const AFTERWARDS: f64 = 0.05;

/// How many were missed.
static MISSED: AtomicUsize = AtomicUsize::new(0);

fn main() -> Result<()> {
    let (flags, numbers): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    ensure!(flags.iter().all(|flag| flag == "--aims"), "the only flag is --aims: {flags:?}");
    let records: usize = numbers.first().map_or(Ok(100_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    std::fs::create_dir_all(&data)?;
    let mut server = Server::new(&data, 0)?;
    server.admin(&["init", "--team", "bench", "--zone", "Asia/Shanghai", "--supervisor", "S"])?.ok()?;
    for pack in ["daily-routine", "store-visit", "visit-to-contract", PACK] {
        server.admin(&["publish", packs().join(pack).to_str().context("path")?])?.ok()?;
    }
    let import = |kind: &str, text: String| -> Result<()> {
        let file = folder.path().join(format!("{kind}.csv"));
        std::fs::write(&file, text)?;
        server.admin(&["import", kind, file.to_str().context("path")?, "--new"])?.ok()?;
        Ok(())
    };
    import("policy", csv(records)?)?;
    let account = |n| format!("客户 {n},招行,6225{n},19{:02}-03-01,{}\n", 60 + n % 40, sex(n));
    let accounts = (0..ACCOUNTS).map(account).collect::<String>();
    import("bank_account", format!("holder,bank,number,birth_date,sex\n{accounts}"))?;
    let invited = server.admin_json(&["invite", "--person", "R", "--role", "rep"])?;
    let people = server.admin_json(&["people"])?;
    let rep = people.as_array().and_then(|all| all.iter().find(|p| p["name"] == "R")).context("no rep")?;
    // Who serves the customers, and may use mobile service: every guard has something to look up.
    import(
        "staff",
        format!("person,code,user_type,mobile_qualified\n{},8001,agent,true\n", text(rep, "id")?),
    )?;
    server.start()?;
    let network = Counted::new(&server.url())?;
    let phone = phone(&folder.path().join("phone"), &server, &network, &text(&invited, "code")?)?;
    phone.sync(&network)?;
    println!("{records} policies, as many applications, {} cores", std::thread::available_parallelism()?);

    let known: Vec<(DocId, DocId)> = customers(&phone)?;
    let customer = |n: usize| known.get(n % known.len()).copied().context("no policies");
    let package = phone.create("package", &[pair("customer", "孙敏")])?;
    for n in 0..records.saturating_sub(ACTS + PACKAGE) {
        phone.create("application", &application(customer(n)?, package))?;
    }
    phone.sync(&network)?;

    let mut submitted = vec![];
    for n in 0..ACTS {
        let doc = phone.create("application", &application(customer(n)?, package))?;
        submitted.push(doc);
    }
    phone.sync(&network)?;
    rulings(&data, &submitted)?;
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
        last = phone.create("application", &application(customer(ACTS + n)?, package))?;
    }
    phone.sync(&network)?;
    screens(&phone, package, last)?;
    finders(&phone, package)?;
    published(&phone, &network, &server, folder.path())?;
    server.stop()?;
    let missed = MISSED.load(Ordering::Relaxed);
    ensure!(missed == 0 || flags.is_empty(), "{missed} aims are missed");
    Ok(())
}

/// The screens of a package with fifty applications about as many policies.
fn screens(phone: &Rounds, package: DocId, last: DocId) -> Result<()> {
    let page = PACKAGE as u32;
    aim("ruling on one record's acts", twenty(|| phone.acts(last, Lang::En))?, SCREEN_MS);
    say("the package's own screen", twenty(|| phone.show(package, Lang::En))?);
    aim(
        "its 50 applications, each with why it can or cannot be submitted",
        twenty(|| phone.list_for("application", "submit", None, page, Lang::En))?,
        SCREEN_MS,
    );
    aim(
        "50 policies to choose from, greyed with reasons",
        twenty(|| phone.candidates(last, "policy", "", None, Lang::En))?,
        SCREEN_MS,
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
    let (once, then) = (down as f64 / packed as f64, again as f64 / packed as f64);
    meets(once <= PUBLISHED, &format!("{PUBLISHED} × its bytes with zstd"));
    meets(then <= AFTERWARDS, &format!("{AFTERWARDS} × its bytes afterwards"));
    Ok(())
}

/// With an account, in a package, by an electronic form with its reason: no guard of `submit` is passed by
/// because there is nothing to ask.
fn application((policy, account): (DocId, DocId), package: DocId) -> Vec<(String, String)> {
    vec![
        pair("policy", &policy.to_string()),
        pair("item", "with_account"),
        pair("account", &account.to_string()),
        pair("package", &package.to_string()),
        pair("channel", "e_form"),
        pair("e_form_reason", "客户没有手机"),
    ]
}

/// Policies with an account of their holder's own.
fn customers(phone: &Rounds) -> Result<Vec<(DocId, DocId)>> {
    let listed = |kind: &str| phone.list(kind, None, 1_000, Lang::En);
    let holder = |text: &str| text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let accounts: BTreeMap<String, DocId> = listed("bank_account")?
        .rows
        .iter()
        .map(|row| (holder(row.title.trim_start_matches("招行 ")), row.id))
        .collect();
    let policies = listed("policy")?.rows;
    let of = |row: &Row| Some((row.id, *accounts.get(&holder(row.subtitle.as_deref()?))?));
    let found: Vec<_> = policies.iter().filter_map(of).collect();
    ensure!(found.len() >= ACTS + PACKAGE, "{} policies have an account", found.len());
    Ok(found)
}

/// The ruling alone, without opening, storing or sending anything: on the server's own database, through
/// the rule code that both ends have.
fn rulings(data: &Path, docs: &[DocId]) -> Result<()> {
    use rounds_server::exchange::{open::Open, rules::Rules, world::TeamWorld};
    use rounds_server::storage::{Storage, sqlite::Sqlite};
    use rounds_workflow::{Person, Record, rule};
    let db = Sqlite::open(&data.join("rounds.db"))?;
    let team = db.teams()?.first().context("no team")?.id;
    let view = db.read(team)?;
    let rules = Rules::load(&*view)?;
    let person = view.people()?.into_iter().find(|person| person.name == "R").context("no rep")?;
    let who = Person { id: person.id, role: &person.role };
    let (mut times, mut accepted) = (vec![], 0);
    for doc in docs {
        let (stored, row) = (view.documents(&[*doc])?, view.records(&[*doc])?);
        let open = Open::stored(stored.first().context("no document")?, row.first().context("no row")?, &[])?;
        let kind = rules.catalogue.kind("application").context("no kind")?;
        let fields = open.document.fields();
        let record = Record::after(kind, *doc, fields, &[]).map_err(|no| anyhow::anyhow!("{}", no.code))?;
        let act = statement(*doc, &person, kind.version, &open);
        let none = HashMap::new();
        let world = TeamWorld {
            view: &*view,
            open: &none,
            now_ms: Some(act.time.at_ms),
            damaged: Default::default(),
            histories: &Default::default(),
        };
        let began = Instant::now();
        let ruling = rule(&rules.catalogue, &record, &act, &who, &world, rules.zone)
            .map_err(|e| anyhow::anyhow!("{e}"))?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        accepted += usize::from(matches!(ruling.outcome, rounds_model::verdict::Outcome::Accepted));
    }
    ensure!(accepted == docs.len(), "{accepted} of {} hold: the guards were not all reached", docs.len());
    aim("a ruling alone, at the server, all guards reached", median(times), RULING_MS);
    Ok(())
}

fn statement(
    doc: DocId,
    person: &rounds_model::people::Person,
    pack: u32,
    open: &rounds_server::exchange::open::Open,
) -> rounds_model::act::Act {
    use rounds_model::ids::{ActId, BootId, DeviceId};
    use rounds_model::time::{Reading, TrustedTime};
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let wall_ms = i64::try_from(now.as_millis()).unwrap_or_default();
    let reading = Reading { wall_ms, mono_ms: 1, boot: BootId([0; 16]) };
    rounds_model::act::Act {
        id: ActId([1; 16]),
        doc,
        name: "submit".into(),
        person: person.id,
        device: DeviceId([1; 16]),
        number: 1,
        pack,
        heads: open.document.heads(),
        stage: "draft".into(),
        payload: BTreeMap::new(),
        proofs: vec![],
        time: TrustedTime::judge(reading, None),
    }
}

fn csv(records: usize) -> Result<String> {
    let mut out = String::from("number,holder,product,birth_date,sex,service_code,pay_mode\n");
    for n in 0..records {
        let (holder, sex) = (n % ACCOUNTS, sex(n));
        writeln!(out, "P1{n:010},客户 {holder},护身福,19{:02}-03-01,{sex},8001,transfer", 60 + n % 40)?;
    }
    Ok(out)
}

/// The same for a customer's policies and account: there are even numbers of customers.
fn sex(n: usize) -> &'static str {
    if n.is_multiple_of(2) { "female" } else { "male" }
}

/// A new phone of the one rep.
fn phone(dir: &Path, server: &Server, network: &Counted, code: &str) -> Result<Rounds> {
    let rounds = Rounds::open(dir, Key([7; 32]), Arc::new(System))?;
    rounds.enrol(network, &server.url(), code, "bench")?;
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

/// The same, where it is said how long it may take.
fn aim(what: &str, ms: f64, at_most: f64) {
    say(what, ms);
    meets(ms <= at_most, &format!("{at_most} ms"));
}

fn meets(met: bool, aim: &str) {
    if !met {
        println!("              missed: the aim is {aim}");
        MISSED.fetch_add(1, Ordering::Relaxed);
    }
}

fn say(what: &str, ms: f64) {
    println!("{ms:>9.2} ms  {what}");
}
