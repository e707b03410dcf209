//! One run: phones, a server and a network between them, and what happens to them step by step.

use super::How;
use super::cast::{Cast, NOW, PHONES, Packs};
use super::faults::Weather;
use super::folder::Folder;
use super::network::{Network, Wire, lock};
use super::phone::Phone;
use super::rng::Rng;
use super::server::Server;
use super::trace::Trace;
use super::user::User;
use anyhow::{Context, Result, anyhow, bail, ensure};
use rounds_device::RoundsError;
use rounds_device::store::outbox;
use rounds_device::sync::backoff::Cause;
use rounds_device::sync::compose::Bounds;
use rounds_device::sync::keeper::{Keeper, Step};
use rounds_device::sync::passed;
use rounds_device::sync::progress::Session;
use rounds_device::sync::stop::Stop;
use rounds_model::ids::{ActId, DocId};
use rounds_protocol::exchange::Take;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Everything in a run.
pub struct World<'a> {
    /// What there was before.
    pub cast: &'a Cast,
    /// The phones.
    pub phones: Vec<Phone>,
    /// The server and the network.
    pub network: Mutex<Network>,
    /// What happened.
    pub trace: Arc<Trace>,
    pub(super) rng: Rng,
    pub(super) step: u32,
    counter: AtomicU32,
    pub(super) weather: Weather,
    /// Acts that a server had ruled which was put back then: whose phone has the ruling, and whether it was accepted.
    pub(super) ruled: BTreeMap<ActId, (usize, bool)>,
    /// Nothing goes wrong any more.
    healed: bool,
}

/// More tries of a phone that keeps itself in sync, without time passing, mean that it loops.
const TRIES: u32 = 12;
/// Longer than any pause between two tries.
const LONG: u64 = 2 * 3_600_000;

impl<'a> World<'a> {
    /// The beginning of a run, in a folder of its own.
    pub fn begin(cast: &'a Cast, seed: u64, how: How, folder: &Path) -> Result<World<'a>> {
        let mut rng = Rng::new(seed);
        let drawn = Weather::draw(&mut rng);
        let weather = if how.every_fault { Weather::all() } else { drawn };
        let broken = how.broken;
        let trace = Arc::new(Trace::default());
        let server = Server::open(Folder::copy_of(&cast.server(), folder.join("server"))?)?;
        let rules = Arc::clone(&cast.rules);
        let network = Network::new(server, rules, NOW, rng.fork(), broken, Arc::clone(&trace));
        let mut phones = vec![];
        let together = 2 + rng.below(3);
        let newcomer = rng.percent(30);
        for n in 0..PHONES.len() {
            if n < together || (n + 1 == PHONES.len() && newcomer) {
                let mut phone = Phone::new(cast, n, folder, &mut rng)?;
                // The newcomer is there, but does not sync before the others have something.
                phone.offline_until = if n < together { 0 } else { 30 };
                phone.keeper = (weather.keeping && rng.percent(60)).then(Keeper::new);
                phones.push(phone);
            }
        }
        let counter = AtomicU32::new(0);
        let network = Mutex::new(network);
        let (ruled, step, healed) = (BTreeMap::new(), 0, false);
        Ok(World { cast, phones, network, trace, rng, step, counter, weather, ruled, healed })
    }

    /// Lets chance have its way for a while.
    pub fn live(&mut self) -> Result<()> {
        let steps = 40 + self.rng.below(60) as u32;
        while self.step < steps {
            self.step += 1;
            let passed = self.rng.between(500, 900_000);
            lock(&self.network).now_ms += i64::try_from(passed).unwrap_or(0);
            self.phones.iter().for_each(|phone| phone.machine.clock().advance(passed));
            for n in 0..self.phones.len() {
                if self.phone(n)?.offline_until == self.step {
                    self.tell(n, Cause::NetworkReturned)?;
                }
                self.keep(n)?;
            }
            let n = self.rng.below(self.phones.len());
            match self.rng.below(100) {
                0..46 => {
                    for _ in 0..1 + self.rng.below(4) {
                        self.use_phone(n)?;
                    }
                    self.keep(n)?;
                }
                46..76 if self.phone(n)?.keeper.is_some() => {
                    let system = self.rng.percent(30);
                    self.tell(n, if system { Cause::Background } else { Cause::UserAsked })?;
                    self.keep(n)?;
                }
                46..76 => self.sync(n)?,
                76..79 => lock(&self.network).deliver_old(),
                _ => self.misfortune(n)?,
            }
        }
        Ok(())
    }

    pub(super) fn phone(&mut self, n: usize) -> Result<&mut Phone> {
        self.phones.get_mut(n).context("no such phone")
    }

    pub(super) fn say(&self, n: usize, what: &str) {
        let name = self.phones.get(n).map_or("?", Phone::name);
        self.trace.say(format!("{:>4} {name} {what}", self.step));
    }

    fn use_phone(&mut self, n: usize) -> Result<()> {
        let (mut rng, doomed) = (self.rng.fork(), self.rng.percent(8));
        let fails = (!doomed && self.rng.percent(4)).then(|| self.rng.below(6));
        let phone = self.phones.get(n).context("no such phone")?;
        let before = phone.folder.log_length();
        if let Some(after) = fails {
            phone.machine.arm(after);
        }
        let (cast, trace, counter, step) = (self.cast, &*self.trace, &self.counter, self.step);
        let acted = User { cast, phone, trace, counter, step, doomed }.act(&mut rng);
        phone.machine.disarm();
        acted?;
        if doomed {
            self.die(n, before)?;
        }
        Ok(())
    }

    /// Kills a phone at some moment since its log had this length.
    fn die(&mut self, n: usize, before: u64) -> Result<()> {
        let after = self.phones.get(n).map_or(0, |phone| phone.folder.log_length());
        let cut = (after > before).then(|| self.rng.between(before, after));
        self.say(n, &format!("dies: log cut {cut:?} of {before}..{after}"));
        self.phone(n)?.die(cut)?;
        self.note(n)
    }

    /// What survived a kill is saved, also if nobody was told.
    pub(super) fn note(&self, n: usize) -> Result<()> {
        let phone = self.phones.get(n).context("no such phone")?;
        phone.book().note(phone.rounds()?, self.step).map(|_| ())
    }

    fn bounds(&mut self) -> Bounds {
        if self.rng.percent(30) {
            return Bounds::default();
        }
        let (few, some) = (self.rng.between(1, 4), self.rng.between(1, 8));
        let items = usize::try_from(few).unwrap_or(1);
        let bytes = u32::try_from(self.rng.between(100, 6_000)).unwrap_or(100);
        Bounds { items, bytes: 300 * items, take: Take { items: u32::try_from(some).unwrap_or(1), bytes } }
    }

    fn tell(&mut self, n: usize, cause: Cause) -> Result<()> {
        self.phone(n)?.keeper.iter_mut().for_each(|keeper| keeper.tell(cause));
        Ok(())
    }

    /// A phone that keeps itself in sync does what it would do now, until it waits.
    pub(super) fn keep(&mut self, n: usize) -> Result<()> {
        for _ in 0..TRIES {
            let id = self.phone(n)?.n;
            if lock(&self.network).wakes(id) && self.phone(n)?.offline_until <= self.step {
                self.tell(n, Cause::WakeUp)?;
            }
            let phone = self.phone(n)?;
            let Some(mut keeper) = phone.keeper.take() else { return Ok(()) };
            let next = keeper.next(phone.rounds()?);
            phone.keeper = Some(keeper);
            match next? {
                Step::Try(cause) => self.sync_because(n, cause)?,
                Step::Wait(_) | Step::Rest(_) => return Ok(()),
            }
        }
        bail!("{} tries again and again without waiting", self.phone(n)?.name())
    }

    pub(super) fn sync(&mut self, n: usize) -> Result<()> {
        self.sync_because(n, Cause::UserAsked)
    }

    fn sync_because(&mut self, n: usize, cause: Cause) -> Result<()> {
        let bounds = self.bounds();
        let doomed = self.rng.percent(10) && !self.healed;
        let busy = self.rng.percent(25) && !self.healed;
        let hands = Mutex::new((self.rng.fork(), Ok(())));
        let fails = (!doomed && !self.healed && self.rng.percent(4)).then(|| self.rng.below(8));
        let phone = self.phones.get(n).context("no such phone")?;
        let before = phone.folder.log_length();
        let (cast, trace, counter, step) = (self.cast, &*self.trace, &self.counter, self.step);
        let user = User { cast, phone, trace, counter, step, doomed };
        // The system takes back the time that it gave, or the user puts the app away: between two requests.
        let stop = &Stop::new();
        let (mut left, requests) = (usize::MAX, AtomicUsize::new(0));
        if !self.healed && step % 5 == 0 {
            left = (step as usize + n) % 4;
        }
        let meanwhile = || {
            if requests.fetch_add(1, Ordering::SeqCst) == left {
                stop.cancel();
            }
            let Ok(mut hands) = hands.lock() else { return };
            let (rng, result) = &mut *hands;
            if busy && rng.percent(40) && result.is_ok() {
                *result = user.act(rng);
            }
        };
        if let Some(after) = fails {
            phone.machine.arm(after);
        }
        let offline = phone.offline_until > self.step;
        let (written, folder) = (AtomicU64::new(before), &phone.folder);
        let (network, phone_n) = (&self.network, phone.n);
        let wire =
            Wire { network, phone: phone_n, offline, folder, written: &written, meanwhile: &meanwhile };
        let observer = None;
        let synced = phone.rounds()?.sync_with(&wire, &Session { cause, stop, observer, bounds });
        phone.machine.disarm();
        if let Some(what) = lock(&self.network).failed.take() {
            bail!("the server failed: {what}");
        }
        if let Ok(hands) = hands.into_inner() {
            hands.1?;
        }
        match synced {
            Ok(synced) => {
                let media = &synced.media;
                let stopped = media.stopped.as_ref().map_or("", |e| e.code.as_str());
                let photos = if media.waiting + media.sent > 0 {
                    format!("; photos {} ({} wait) {stopped}", media.sent, media.waiting)
                } else {
                    String::new()
                };
                self.say(n, &format!("syncs ({}): {:?}{photos}", cause.code(), synced.changes));
                if let Some(e) = &media.stopped {
                    self.expected(n, e)?;
                }
            }
            Err(e) => {
                self.say(n, &format!("cannot sync ({}): {}", cause.code(), e.code));
                self.expected(n, &e)?;
            }
        }
        if doomed {
            // What the server has seen was on the disk before.
            return self.die(n, written.into_inner());
        }
        let phone = self.phone(n)?;
        if let Some(mut keeper) = phone.keeper.take() {
            keeper.ended(phone.rounds()?);
            phone.keeper = Some(keeper);
        }
        self.verify_now_and_then(n)
    }

    /// Errors that a sync may meet on a bad day. Any other one fails the run.
    fn expected(&self, n: usize, e: &RoundsError) -> Result<()> {
        let phone = self.phones.get(n).context("no such phone")?;
        let full = phone.full || lock(&self.network).server.is_full();
        let fine = match e.code.as_str() {
            "offline" | "system" => true,
            "storage-full" => full,
            "device-revoked" => phone.revoked,
            "phone-signed-out" => phone.is_signed_out()?,
            _ => false,
        };
        if fine { Ok(()) } else { bail!("the sync of {} met {e}", phone.name()) }
    }

    pub(super) fn verify_now_and_then(&mut self, n: usize) -> Result<()> {
        if self.rng.percent(15) {
            super::check::phone_is_sound(self.phones.get(n).context("no such phone")?)?;
        }
        Ok(())
    }

    /// Phones that keep themselves in sync send everything, with nobody doing anything; also who was shut out and
    /// let in again.
    fn come_to_rest_alone(&mut self) -> Result<()> {
        for _ in 0..3 {
            lock(&self.network).now_ms += i64::try_from(LONG).unwrap_or(0);
            for n in 0..self.phones.len() {
                let phone = self.phone(n)?;
                phone.machine.clock().advance(LONG);
                self.keep(n)?;
            }
        }
        for phone in self.phones.iter().filter(|phone| phone.keeper.is_some()) {
            let (waiting, _) = phone.rounds()?.store().read(outbox::count)?;
            if waiting > 0 && !phone.is_signed_out()? {
                bail!("{} keeps itself in sync, and has {waiting} items unsent", phone.name());
            }
        }
        Ok(())
    }

    /// Everything works again, and everyone syncs until nothing moves.
    pub fn heal(&mut self) -> Result<()> {
        self.trace.say("     everything works again".to_owned());
        lock(&self.network).heal()?;
        for phone in &mut self.phones {
            phone.set_full(false)?;
            phone.offline_until = 0;
        }
        self.healed = true;
        self.come_to_rest_alone()?;
        let bounds = if self.cast.packs == Packs::Plain { self.bounds() } else { Bounds::default() };
        // Twice around: what the last phone sends reaches the first; a third time shows that it is
        // quiet. After a restore one phone's work may wait for another's, and that for a third's.
        for round in 0..8 {
            let mut moved = false;
            for (n, phone) in self.phones.iter().enumerate() {
                let (network, folder, written) = (&self.network, &phone.folder, &AtomicU64::new(0));
                let wire =
                    Wire { network, phone: phone.n, offline: false, folder, written, meanwhile: &|| {} };
                match phone.rounds()?.sync_within(&wire, &bounds) {
                    Ok(synced) => {
                        let c = synced.changes;
                        let photos = synced.media;
                        moved |= c.sent + c.held + c.received + photos.sent > 0;
                        self.say(
                            n,
                            &format!("round {round}: {c:?}; photos {} ({})", photos.sent, photos.waiting),
                        );
                    }
                    Err(e) if e.code == "phone-signed-out" && phone.is_signed_out()? => {}
                    Err(e) => bail!("{} is stuck: {e}", phone.name()),
                }
            }
            if !moved {
                return self.what_waits_is_not_there(&bounds);
            }
        }
        bail!("the phones do not come to rest")
    }

    /// Acts that wait for what they may rest on wait for something that is not there: tried once more, with what
    /// waits behind them, they are held again.
    fn what_waits_is_not_there(&self, bounds: &Bounds) -> Result<()> {
        for (n, phone) in self.phones.iter().enumerate() {
            if phone.is_signed_out()? {
                continue;
            }
            let store = phone.rounds()?.store();
            let held = store.read(outbox::held)?.into_iter();
            let waits = held.filter(|held| held.refusal.code == passed::ACCEPTED_BEFORE);
            let docs: BTreeSet<DocId> = waits.map(|held| held.doc).collect();
            if docs.is_empty() {
                continue;
            }
            store.write(|tx| docs.iter().try_for_each(|doc| outbox::note_ruling(tx, *doc)))?;
            let (network, folder, written) = (&self.network, &phone.folder, &AtomicU64::new(0));
            let wire = Wire { network, phone: phone.n, offline: false, folder, written, meanwhile: &|| {} };
            let synced = phone.rounds()?.sync_within(&wire, bounds);
            let changes = synced.map_err(|e| anyhow!("{} is stuck: {e}", phone.name()))?.changes;
            self.say(n, &format!("tries once more what waits of {} records: {changes:?}", docs.len()));
            ensure!(
                changes.held > 0 && changes.sent == 0,
                "{} held what could be sent: {changes:?}",
                phone.name()
            );
        }
        Ok(())
    }
}
