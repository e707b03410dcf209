//! Misfortunes: what happens to phones and to the server besides what the network does to requests.
//! Each run has some of them, so that no kind drowns the others.

use super::cast::TEAM;
use super::check;
use super::network::lock;
use super::phone::Phone;
use super::rng::Rng;
use super::user::said;
use super::world::World;
use anyhow::{Result, anyhow, bail, ensure};
use rounds_device::store::{acts, documents};
use rounds_protocol::exchange::PushItem;
use rounds_server::admin::team;

/// A day, in milliseconds.
const DAY: u64 = 86_400_000;

/// Which misfortunes a run has.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    kills: bool,
    dead_zones: bool,
    full_disks: bool,
    clocks: bool,
    old_phones: bool,
    old_server: bool,
    revocation: bool,
    access: bool,
    sticks: bool,
    /// Phones that keep themselves in sync.
    pub keeping: bool,
}

impl Weather {
    /// Each kind in most runs; an old server, after which everything is different, in some.
    pub fn draw(rng: &mut Rng) -> Weather {
        Weather {
            kills: rng.percent(85),
            dead_zones: rng.percent(80),
            full_disks: rng.percent(80),
            clocks: rng.percent(80),
            old_phones: rng.percent(70),
            old_server: rng.percent(40),
            revocation: rng.percent(60),
            access: rng.percent(60),
            sticks: rng.percent(40),
            keeping: rng.percent(60),
        }
    }
}

impl Weather {
    /// Every kind.
    pub fn all() -> Weather {
        Weather {
            kills: true,
            dead_zones: true,
            full_disks: true,
            clocks: true,
            old_phones: true,
            old_server: true,
            revocation: true,
            access: true,
            sticks: true,
            keeping: true,
        }
    }
}

impl World<'_> {
    /// One misfortune; on a day without it, a sync.
    pub(super) fn misfortune(&mut self, n: usize) -> Result<()> {
        let weather = self.weather;
        match self.rng.below(26) {
            0..4 if weather.kills => self.kill(n),
            4..6 if weather.dead_zones => self.leave_network(n),
            6 if weather.dead_zones => self.cut_off_server(),
            7..10 if weather.full_disks => self.fill_phone(n),
            10..12 if weather.full_disks => self.fill_server(),
            12..14 if weather.clocks => self.turn_clock(n),
            14 if weather.clocks => self.turn_server_clock(),
            15..18 if weather.old_phones => self.copy_phone(n),
            18..20 if weather.old_server => self.copy_server(),
            20 if weather.revocation => self.revoke(n),
            21..23 => self.decide_about_work(),
            23 if weather.access => self.change_access(),
            24..26 if weather.sticks => self.hand_over(n),
            _ => self.sync(n),
        }
    }

    fn kill(&mut self, n: usize) -> Result<()> {
        match self.rng.below(4) {
            0 => {
                self.say(n, "is closed and opened");
                self.phone(n)?.restart()?;
            }
            1 => {
                self.trace.say(format!("{:>4} the server dies", self.step));
                lock(&self.network).server.die(None)?;
            }
            _ => {
                self.say(n, "dies");
                self.phone(n)?.die(None)?;
                self.note(n)?;
            }
        }
        self.verify_now_and_then(n)
    }

    fn leave_network(&mut self, n: usize) -> Result<()> {
        let until = self.step + self.rng.between(3, 20) as u32;
        self.say(n, &format!("is without a network until step {until}"));
        self.phone(n)?.offline_until = until;
        Ok(())
    }

    /// Nobody reaches the server for a while.
    fn cut_off_server(&mut self) -> Result<()> {
        let until = self.step + self.rng.between(3, 12) as u32;
        self.trace.say(format!("{:>4} the server is cut off until step {until}", self.step));
        for phone in &mut self.phones {
            phone.offline_until = phone.offline_until.max(until);
        }
        Ok(())
    }

    fn fill_phone(&mut self, n: usize) -> Result<()> {
        let full = !self.phone(n)?.full;
        self.say(n, if full { "has a full disk" } else { "has room again" });
        self.phone(n)?.set_full(full)
    }

    fn fill_server(&mut self) -> Result<()> {
        let mut network = lock(&self.network);
        let full = !network.server.is_full();
        self.trace.say(format!(
            "{:>4} the server has {}",
            self.step,
            if full { "a full disk" } else { "room" }
        ));
        network.server.set_full(full)
    }

    fn turn_clock(&mut self, n: usize) -> Result<()> {
        let now = lock(&self.network).now_ms.unsigned_abs();
        let wall = (now + self.rng.between(0, 20 * DAY)).saturating_sub(10 * DAY);
        let (turned, booted) = (self.rng.percent(70), self.rng.percent(50));
        let phone = self.phone(n)?;
        if turned {
            phone.machine.clock().set_wall(wall);
        }
        if booted {
            phone.machine.clock().reboot();
            phone.die(None)?;
        }
        let days = (wall as i64 - now as i64) / DAY as i64;
        self.say(n, &format!("clock turned {turned} ({days} days off), rebooted {booted}"));
        Ok(())
    }

    fn turn_server_clock(&mut self) -> Result<()> {
        let mut network = lock(&self.network);
        let by = self.rng.between(0, 4 * DAY) as i64 - 2 * DAY as i64;
        network.now_ms += by;
        self.trace.say(format!("{:>4} the server's clock is turned by {} s", self.step, by / 1000));
        Ok(())
    }

    /// Backs a phone up; or puts an older copy back, if there is one.
    fn copy_phone(&mut self, n: usize) -> Result<()> {
        let step = self.step;
        if self.rng.percent(40) || !self.phone(n)?.has_copy() {
            self.say(n, "is backed up");
            return self.phone(n)?.back_up(step);
        }
        self.nothing_is_nowhere()?;
        if let Some(step) = self.phone(n)?.restore()? {
            self.note(n)?;
            self.say(n, &format!("is put back to its copy of step {step}"));
            self.write_off()?;
        }
        Ok(())
    }

    /// The same for the server. Who was revoked since then is let in again.
    fn copy_server(&mut self) -> Result<()> {
        let step = self.step;
        let revoked: Vec<_> = self.phones.iter().filter(|phone| phone.revoked).map(|phone| phone.n).collect();
        {
            let mut network = lock(&self.network);
            if self.rng.percent(50) || !network.server.has_copy() {
                self.trace.say(format!("{step:>4} the server is backed up"));
                return network.server.back_up(step, revoked);
            }
        }
        self.nothing_is_nowhere()?;
        self.note_rulings()?;
        let (step, revoked) = lock(&self.network).restore_server()?;
        self.trace.say(format!("{:>4} the server is put back to its backup of step {step}", self.step));
        for phone in &mut self.phones {
            phone.revoked = revoked.contains(&phone.n);
        }
        self.write_off()
    }

    /// What a server that is put back had ruled it must not rule otherwise, of a phone that forgot nothing.
    fn note_rulings(&mut self) -> Result<()> {
        for phone in &self.phones {
            if phone.is_signed_out()? || phone.copied_at().is_some() {
                continue;
            }
            let (store, device) = (phone.rounds()?.store(), phone.device());
            for doc in store.read(documents::all)? {
                let known = store.read(|db| acts::of(db, doc))?.into_iter();
                let ruled = known.filter(|known| known.act.device == device && known.verdict.is_some());
                self.ruled.extend(
                    ruled.map(|known| (known.act.id, (phone.n, check::is_accepted(known.verdict.as_ref())))),
                );
            }
        }
        Ok(())
    }

    /// Everything that users were told was saved is somewhere.
    fn nothing_is_nowhere(&self) -> Result<()> {
        let network = lock(&self.network);
        let view = network.server.view()?;
        for phone in &self.phones {
            for (key, item) in check::nowhere(phone, &*view)? {
                // A server that was put back twice may not have heard yet what colleagues still have of it.
                if !(phone.is_signed_out()? || phone.copied_at().is_some())
                    || !(self.is_elsewhere(phone, &item)? || self.is_decided(&key))
                {
                    bail!("{} was told that this is saved, but it is nowhere: {}", phone.name(), said(&item));
                }
            }
            let photos = check::lost_photos(phone, &network.server, &*view)?;
            ensure!(photos.is_empty(), "{} has lost photos: {photos:?}", phone.name());
        }
        Ok(())
    }

    /// Whether a colleague who held it as the last copy decided about it.
    fn is_decided(&self, key: &[u8]) -> bool {
        self.phones.iter().any(|other| other.book().decided_of_others().iter().any(|known| known == key))
    }

    /// Whether another phone has what this one said, in its record or held.
    fn is_elsewhere(&self, phone: &Phone, item: &PushItem) -> Result<bool> {
        for other in self.phones.iter().filter(|other| other.n != phone.n) {
            if check::is_here(other, item)? || check::held(other)?.contains(item) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What was only in what a backup has replaced is lost: what a phone made since its copy and had
    /// not sent, or what it had sent and both ends have forgotten.
    fn write_off(&self) -> Result<()> {
        let network = lock(&self.network);
        let view = network.server.view()?;
        for phone in &self.phones {
            let nowhere = check::nowhere(phone, &*view)?;
            // A phone that was signed out has forgotten everything, by order, and has nothing left to
            // offer to a server that forgot. Nobody else's loss is excused.
            let copied_at = if phone.is_signed_out()? { Some(0) } else { phone.copied_at() };
            for (key, item) in nowhere {
                // What only a phone that was signed out had said is for those to give back who have it.
                if !self.is_elsewhere(phone, &item)? {
                    phone.book().write_off(std::iter::once(key), copied_at)?;
                }
            }
            for (doc, hash) in check::lost_photos(phone, &network.server, &*view)? {
                phone.book().write_off_photo(doc, hash, copied_at)?;
            }
        }
        Ok(())
    }

    fn revoke(&mut self, n: usize) -> Result<()> {
        // One at a time; and somebody must be left.
        if self.phones.iter().any(|phone| phone.revoked) || self.step < 20 || self.phones.len() < 3 {
            return Ok(());
        }
        self.say(n, "is revoked");
        let phone = self.phone(n)?;
        phone.revoked = true;
        let device = phone.device().to_string();
        let mut network = lock(&self.network);
        let full = network.server.is_full();
        network.server.set_full(false)?;
        let now = network.now_ms;
        team::revoke_device(network.server.storage()?, TEAM, &device, now)
            .map_err(|e| anyhow!("cannot revoke: {e:?}"))?;
        network.server.set_full(full)
    }
}
