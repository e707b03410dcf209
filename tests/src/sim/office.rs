//! What the office does meanwhile: it decides about work that waits, lets somebody lead a rep no more
//! and again, and takes in bundles from a stick.

use super::cast::{BOSS, LI, TEAM};
use super::network::lock;
use super::trace::short;
use super::world::World;
use anyhow::{Result, anyhow, bail};
use rounds_server::admin::access::{self, Access};
use rounds_server::admin::holding::{self, Decider};
use rounds_server::handover::{check, import};
use rounds_server::storage::Storage;

/// The supervisor, and the rep whom they lead and do not lead.
const LEADER: &str = "王主管";
const LED: &str = "李娜";

impl World<'_> {
    /// Accepts or drops some work that its author did not hold any more.
    pub(super) fn decide_about_work(&mut self) -> Result<()> {
        let (accepts, at) = (self.rng.percent(60), self.rng.draw());
        let decided = self.with_room(|storage, now| {
            let works = holding::waiting(&*storage.read(TEAM)?)?;
            let Some(count) = u64::try_from(works.len()).ok().filter(|n| *n > 0) else { return Ok(None) };
            let Some(work) = usize::try_from(at % count).ok().and_then(|n| works.get(n)) else {
                return Ok(None);
            };
            let done = if accepts {
                holding::accept(storage, TEAM, work.span(), Decider::Operator(BOSS), now)
            } else {
                holding::drop_work(storage, TEAM, work.span(), Decider::Operator(BOSS), "double", now)
            };
            let done = done.map_err(|e| anyhow!("no decision: {e:?}"))?;
            Ok(Some((work.doc, done.done, done.left.len())))
        })?;
        if let Some((doc, done, left)) = decided {
            if !accepts {
                self.phones.iter().for_each(|phone| phone.book().note_dropped(doc));
            }
            let doc = short(&doc);
            let word = if accepts { "accepts" } else { "drops" };
            self.trace.say(format!(
                "{:>4} the office {word} {done} of what waits for …{doc}, {left} left",
                self.step
            ));
        }
        Ok(())
    }

    /// Withdraws a supervisor's access to a rep's records, or grants it again.
    pub(super) fn change_access(&mut self) -> Result<()> {
        let granted = self.with_room(|storage, now| {
            let leads = storage.read(TEAM)?.led_by(BOSS)?.contains(&LI);
            let access = Access::Leads(LED.to_owned());
            let changed = if leads {
                access::withdraw(storage, TEAM, LEADER, &access, now)
            } else {
                access::grant(storage, TEAM, LEADER, &access, now)
            };
            changed.map_err(|e| anyhow!("access does not change: {e:?}"))?;
            Ok(!leads)
        })?;
        let word = if granted { "leads li again" } else { "leads li no more" };
        self.trace.say(format!("{:>4} boss {word}", self.step));
        Ok(())
    }

    /// A phone writes what it has not sent to a stick, and the office takes it in, now and then twice.
    pub(super) fn hand_over(&mut self, n: usize) -> Result<()> {
        let twice = self.rng.percent(30);
        let phone = self.phone(n)?;
        if phone.full || phone.is_signed_out()? {
            return Ok(());
        }
        let stick = phone.folder.beside("stick");
        let items = match phone.rounds()?.hand_over(&mut std::fs::File::create(&stick)?, false) {
            Ok(made) => made.items,
            Err(e) if matches!(e.code.as_str(), "nothing-to-hand-over" | "no-team-key") => return Ok(()),
            Err(e) => bail!("{} writes no bundle: {e}", phone.name()),
        };
        let rules = self.cast.rules.clone();
        let taken = self.with_room(|storage, now| {
            let checked = match check(storage, &stick) {
                Ok(checked) => checked,
                // A server that was put back may have another key by now, or none.
                Err(e) => return Ok(Err(e.fault())),
            };
            let mut taken = import::import(storage, &rules, None, &checked, &stick, now)?;
            if twice {
                taken = import::import(storage, &rules, None, &checked, &stick, now)?;
            }
            Ok(Ok(taken))
        })?;
        self.say(n, &format!("hands over {items} items on a stick: {taken:?}"));
        Ok(())
    }

    /// The office has room also while the server's disk is full for everybody else.
    fn with_room<T>(&mut self, work: impl FnOnce(&dyn Storage, i64) -> Result<T>) -> Result<T> {
        let mut network = lock(&self.network);
        let (full, now) = (network.server.is_full(), network.now_ms);
        network.server.set_full(false)?;
        let done = work(network.server.storage()?, now);
        network.server.set_full(full)?;
        done
    }
}
