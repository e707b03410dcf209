//! The reps of a phone: a folder for each, with a store of their own. Its key is sealed by the rep's PIN
//! and, over that, by the phone's key store: neither alone opens it, and no rep opens another one's.
//!
//! What stands outside the stores is sealed by the key store too: the names that the choice of reps shows.

use crate::machine::Machine;
use crate::words::wrong;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rounds_device::error::Fail;
use rounds_device::platform::random;
use rounds_device::{Class, Key, RoundsError};
use rounds_model::time::Reading;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::Write;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Digits of a PIN.
pub(crate) const PIN: std::ops::RangeInclusive<usize> = 4..=12;
/// Wrong PINs in a row before the next one has to wait.
const FREE: u32 = 3;
/// The first pause; it doubles up to the longest.
const FIRST_MS: u64 = 30_000;
const LONGEST_MS: u64 = 60 * 60_000;
/// Reps that one phone can have.
pub(crate) const MOST: usize = 16;
/// Under which the names are sealed.
const NAMES: &str = "rounds-names";

/// A rep of this phone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rep {
    /// The folder's name.
    pub id: String,
    /// What the choice shows; empty if it cannot be read now.
    pub name: String,
    /// The team.
    pub team: String,
    /// A PIN was chosen.
    pub pinned: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lock {
    salt: String,
    sealed: String,
    pinned: bool,
    #[serde(default)]
    wrong: u32,
    #[serde(default)]
    since: Option<Reading>,
}

#[derive(Serialize, Deserialize)]
struct Names {
    name: String,
    team: String,
}

/// The reps in a folder.
#[derive(Debug, Clone)]
pub(crate) struct Reps {
    folder: PathBuf,
}

impl Reps {
    pub fn new(folder: &Path) -> Reps {
        Reps { folder: folder.join("reps") }
    }

    /// Where a rep's store is.
    pub fn home(&self, rep: &str) -> PathBuf {
        self.folder.join(rep)
    }

    /// Everybody, in the order in which they came.
    pub fn all(&self, machine: &Machine) -> Result<Vec<Rep>, RoundsError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
            Err(e) => return Err(Fail::from(e).into()),
        };
        let mut ids: Vec<String> = Vec::new();
        for entry in entries {
            let name = entry.map_err(Fail::from)?.file_name();
            let name = name.to_string_lossy();
            if is_id(&name) && self.home(&name).join("lock.json").is_file() {
                ids.push(name.into_owned());
            }
        }
        ids.sort();
        let one = |id: String| {
            // One that is damaged is told when somebody wants to open it; it keeps nobody else out.
            let pinned = self.lock(&id).map_or(true, |lock| lock.pinned);
            let sealed = std::fs::read(self.home(&id).join("name")).ok();
            let plain = sealed.and_then(|sealed| machine.unseal(NAMES, &sealed).ok());
            let names: Option<Names> = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
            let (name, team) = names.map(|n| (n.name, n.team)).unwrap_or_default();
            Rep { id, name, team, pinned }
        };
        Ok(ids.into_iter().map(one).collect())
    }

    /// A folder and a key for one more, whose PIN is still to be chosen.
    pub fn begin(&self, machine: &Machine) -> Result<(String, Key), RoundsError> {
        if self.all(machine)?.len() >= MOST {
            return Err(wrong("reps-full", Class::Usage, &[("n", MOST.to_string())]));
        }
        // In the order of their ids as in that of time.
        let now = u64::try_from(machine.platform.clocks()?.wall_ms).unwrap_or(0);
        let id = format!("{now:012x}{}", hex::encode(random::<4>(&*machine.platform)?));
        let key = Key(random(&*machine.platform)?);
        std::fs::create_dir_all(self.home(&id)).map_err(Fail::from)?;
        self.seal(machine, &id, &key, "", false)?;
        Ok((id, key))
    }

    /// Keeps what the choice shows.
    pub fn name(&self, machine: &Machine, rep: &str, name: &str, team: &str) -> Result<(), RoundsError> {
        let names = Names { name: name.to_owned(), team: team.to_owned() };
        let plain = serde_json::to_vec(&names).map_err(|_| Fail::Damaged("a name"))?;
        let sealed = machine.seal(NAMES, &plain)?;
        write(&self.home(rep).join("name"), &sealed)
    }

    /// Keeps it anew where it cannot be read any more. That it cannot is no reason to keep anybody out.
    pub fn named(&self, machine: &Machine, rep: &str, name: &str, team: &str) {
        let known = self.all(machine).unwrap_or_default();
        if known.iter().any(|known| known.id == rep && known.name.is_empty()) {
            let _ = self.name(machine, rep, name, team);
        }
    }

    /// Sets the PIN with which the key is sealed from now on.
    pub fn set_pin(&self, machine: &Machine, rep: &str, key: &Key, pin: &str) -> Result<(), RoundsError> {
        if !PIN.contains(&pin.len()) || !pin.bytes().all(|b| b.is_ascii_digit()) {
            let args = [("from", PIN.start().to_string()), ("to", PIN.end().to_string())];
            return Err(wrong("pin-form", Class::Refused, &args));
        }
        if pin.bytes().all(|b| Some(b) == pin.bytes().next()) || "0123456789".contains(pin) {
            return Err(wrong("pin-easy", Class::Refused, &[]));
        }
        self.seal(machine, rep, key, pin, true)
    }

    /// The key of a rep without a PIN: they were stopped before they chose one.
    pub fn unpinned(&self, machine: &Machine, rep: &str) -> Result<Option<Key>, RoundsError> {
        let lock = self.lock(rep)?;
        if lock.pinned {
            return Ok(None);
        }
        unsealed(machine, rep, &lock, "")
    }

    /// Opens a rep's key with their PIN. Each try is counted before it is judged, so that whoever ends
    /// the app in between gains nothing.
    ///
    /// # Errors
    /// `pin-wrong` with how many tries are left before a pause, `pin-wait` with how long it still is,
    /// `key-lost` if the phone's key store has forgotten its part.
    pub fn unlock(&self, machine: &Machine, rep: &str, pin: &str) -> Result<Key, RoundsError> {
        let mut lock = self.lock(rep)?;
        let now = machine.platform.clocks()?;
        let left = pause(&lock, now);
        if left > 0 {
            let minutes = left.div_ceil(60_000).to_string();
            return Err(wrong("pin-wait", Class::Refused, &[("n", minutes)]));
        }
        lock.wrong = lock.wrong.saturating_add(1);
        lock.since = Some(now);
        self.put(rep, &lock)?;
        let Some(key) = unsealed(machine, rep, &lock, pin)? else {
            let left = FREE.saturating_sub(lock.wrong);
            return Err(match left {
                0 => {
                    let minutes = pause(&lock, now).div_ceil(60_000).to_string();
                    wrong("pin-wait", Class::Refused, &[("n", minutes)])
                }
                left => wrong("pin-wrong", Class::Refused, &[("n", left.to_string())]),
            });
        };
        (lock.wrong, lock.since) = (0, None);
        self.put(rep, &lock)?;
        Ok(key)
    }

    /// Takes a rep off this phone: with the key, everything that it sealed is gone.
    pub fn remove(&self, machine: &Machine, rep: &str) -> Result<(), RoundsError> {
        if !is_id(rep) {
            return Err(wrong("rep-unknown", Class::Usage, &[]));
        }
        machine.forget(&key_name(rep))?;
        match std::fs::remove_dir_all(self.home(rep)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Fail::from(e).into()),
            _ => Ok(()),
        }
    }

    fn lock(&self, rep: &str) -> Result<Lock, RoundsError> {
        if !is_id(rep) {
            return Err(wrong("rep-unknown", Class::Usage, &[]));
        }
        let lock: Result<Lock, RoundsError> = read(&self.home(rep).join("lock.json"));
        // Without it the key cannot be told any more, as without the key store.
        lock.map_err(|error| if error.code == "store-damaged" { lost() } else { error })
    }

    fn put(&self, rep: &str, lock: &Lock) -> Result<(), RoundsError> {
        let text = serde_json::to_vec(lock).map_err(|_| Fail::Damaged("a lock"))?;
        write(&self.home(rep).join("lock.json"), &text)
    }

    fn seal(
        &self,
        machine: &Machine,
        rep: &str,
        key: &Key,
        pin: &str,
        pinned: bool,
    ) -> Result<(), RoundsError> {
        let (salt, nonce) = (random::<16>(&*machine.platform)?, random::<24>(&*machine.platform)?);
        let cipher = XChaCha20Poly1305::new(stretched(pin, &salt)?.as_slice().into());
        let inner = cipher.encrypt(&XNonce::from(nonce), key.0.as_slice());
        let inner = inner.map_err(|_| Fail::System("key"))?;
        let sealed = machine.seal(&key_name(rep), &[&nonce[..], &inner].concat())?;
        let (salt, sealed) = (hex::encode(salt), hex::encode(sealed));
        self.put(rep, &Lock { salt, sealed, pinned, wrong: 0, since: None })
    }
}

/// What is left of the pause after wrong PINs. It is measured by the clock that only runs forward; over a
/// restart it begins anew, so that setting the other clock shortens nothing.
fn pause(lock: &Lock, now: Reading) -> u64 {
    let Some(since) = lock.since.filter(|_| lock.wrong >= FREE) else { return 0 };
    let doubled = FIRST_MS.checked_shl((lock.wrong - FREE).min(20)).unwrap_or(LONGEST_MS);
    let whole = doubled.min(LONGEST_MS);
    match now.boot == since.boot {
        true => whole.saturating_sub(now.mono_ms.saturating_sub(since.mono_ms)),
        // Since that start of the phone, so much has passed at least.
        false => whole.saturating_sub(now.mono_ms),
    }
}

fn unsealed(machine: &Machine, rep: &str, lock: &Lock, pin: &str) -> Result<Option<Key>, RoundsError> {
    let sealed = hex::decode(&lock.sealed).map_err(|_| lost())?;
    let salt = hex::decode(&lock.salt).map_err(|_| lost())?;
    let both = machine.unseal(&key_name(rep), &sealed)?;
    let (nonce, inner) = both.split_at_checked(24).ok_or_else(lost)?;
    let nonce: [u8; 24] = nonce.try_into().map_err(|_| lost())?;
    let cipher = XChaCha20Poly1305::new(stretched(pin, &salt)?.as_slice().into());
    let Ok(plain) = cipher.decrypt(&XNonce::from(nonce), inner) else { return Ok(None) };
    let plain = Zeroizing::new(plain);
    let key: [u8; 32] = plain.as_slice().try_into().map_err(|_| lost())?;
    Ok(Some(Key(key)))
}

fn lost() -> RoundsError {
    wrong("key-lost", Class::Storage, &[])
}

/// A key made of a PIN, at a cost: some tens of milliseconds and 19 MiB for each guess.
fn stretched(pin: &str, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, RoundsError> {
    let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(|_| Fail::System("key"))?;
    let mut out = Zeroizing::new([0; 32]);
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(pin.as_bytes(), salt, out.as_mut_slice()).map_err(|_| Fail::System("key"))?;
    Ok(out)
}

fn key_name(rep: &str) -> String {
    format!("rounds-{rep}")
}

/// A folder's name that this made: nothing else is opened or deleted.
fn is_id(name: &str) -> bool {
    name.len() == 20 && name.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
}

pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, RoundsError> {
    let bytes = std::fs::read(path).map_err(Fail::from)?;
    Ok(serde_json::from_slice(&bytes).map_err(|_| Fail::Damaged("a file of the app"))?)
}

/// Whole or not at all, whenever the power goes.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), RoundsError> {
    let draft = path.with_extension("new");
    let written = std::fs::File::create(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| std::fs::rename(&draft, path));
    moved.map_err(Fail::from)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(Fail::from)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, fake};

    fn with_pin(folder: &Path, fake: &Fake, pin: &str) -> (Reps, String, Key) {
        let reps = Reps::new(folder);
        let (rep, key) = reps.begin(&fake.machine).unwrap();
        reps.set_pin(&fake.machine, &rep, &key, pin).unwrap();
        (reps, rep, key)
    }

    #[test]
    fn a_pin_opens_its_own_store_and_no_other() {
        let (dir, fake) = (tempfile::tempdir().unwrap(), fake());
        let (reps, one, key) = with_pin(dir.path(), &fake, "2580");
        let (_, two, other) = with_pin(dir.path(), &fake, "7391");
        assert_eq!(reps.unlock(&fake.machine, &one, "2580").unwrap().0, key.0);
        assert_eq!(reps.unlock(&fake.machine, &two, "7391").unwrap().0, other.0);
        assert_eq!(reps.unlock(&fake.machine, &two, "2580").unwrap_err().code, "pin-wrong");
        assert_ne!(key.0, other.0);
        assert_eq!(reps.all(&fake.machine).unwrap().len(), 2);
    }

    #[test]
    fn lesson_16_wrong_pins_slow_down_and_no_clock_helps() {
        let (dir, fake) = (tempfile::tempdir().unwrap(), fake());
        let (reps, rep, _) = with_pin(dir.path(), &fake, "2580");
        let try_it = |pin: &str| reps.unlock(&fake.machine, &rep, pin).map_err(|e| e.code);
        assert_eq!(try_it("1111").unwrap_err(), "pin-wrong");
        assert_eq!(try_it("1112").unwrap_err(), "pin-wrong");
        assert_eq!(try_it("1113").unwrap_err(), "pin-wait");
        assert_eq!(try_it("2580").unwrap_err(), "pin-wait", "the right one waits too");
        fake.clock.set_wall(9_999_999_999_999);
        assert_eq!(try_it("2580").unwrap_err(), "pin-wait", "the wall clock is anybody's");
        fake.clock.reboot();
        assert_eq!(try_it("2580").unwrap_err(), "pin-wait", "nor does a restart help");
        fake.clock.advance(FIRST_MS);
        assert_eq!(try_it("1114").unwrap_err(), "pin-wait");
        fake.clock.advance(FIRST_MS);
        assert_eq!(try_it("2580").unwrap_err(), "pin-wait", "it doubles");
        fake.clock.advance(FIRST_MS);
        assert!(try_it("2580").is_ok());
        assert_eq!(try_it("1").unwrap_err(), "pin-wrong", "and counts anew");
    }

    #[test]
    fn a_lost_key_store_is_told_and_not_taken_for_a_wrong_pin() {
        let (dir, fake) = (tempfile::tempdir().unwrap(), fake());
        let (reps, rep, _) = with_pin(dir.path(), &fake, "2580");
        fake.made_up.lose_keys();
        assert_eq!(reps.unlock(&fake.machine, &rep, "2580").unwrap_err().code, "key-lost");
        assert_eq!(reps.all(&fake.machine).unwrap()[0].name, "", "nor are names read");
    }

    #[test]
    fn what_a_lost_key_sealed_is_sealed_anew_and_whoever_comes_next_is_let_in() {
        let (dir, fake) = (tempfile::tempdir().unwrap(), fake());
        let (reps, rep, _) = with_pin(dir.path(), &fake, "2580");
        reps.name(&fake.machine, &rep, "李娜", "大连").unwrap();
        fake.made_up.lose_keys();
        fake.clock.advance(1);
        let (_, next, key) = with_pin(dir.path(), &fake, "7391");
        reps.name(&fake.machine, &next, "张伟", "大连").unwrap();
        let names: Vec<String> = reps.all(&fake.machine).unwrap().into_iter().map(|rep| rep.name).collect();
        assert_eq!(names, ["", "张伟"]);
        assert_eq!(reps.unlock(&fake.machine, &next, "7391").unwrap().0, key.0);
        reps.named(&fake.machine, &rep, "李娜", "大连");
        assert_eq!(reps.all(&fake.machine).unwrap()[0].name, "李娜");
        reps.remove(&fake.machine, &rep).unwrap();
        assert_eq!(reps.all(&fake.machine).unwrap().len(), 1);
    }

    #[test]
    fn a_damaged_lock_keeps_nobody_else_out() {
        let (dir, fake) = (tempfile::tempdir().unwrap(), fake());
        let (reps, rep, _) = with_pin(dir.path(), &fake, "2580");
        let (_, other, key) = with_pin(dir.path(), &fake, "7391");
        for damage in ["", "{}", "{\"salt\":\"zz\",\"sealed\":\"zz\",\"pinned\":false}"] {
            std::fs::write(reps.home(&rep).join("lock.json"), damage).unwrap();
            assert_eq!(reps.all(&fake.machine).unwrap().len(), 2, "{damage}");
            assert_eq!(reps.unlock(&fake.machine, &rep, "2580").unwrap_err().code, "key-lost", "{damage}");
            assert_eq!(reps.unlock(&fake.machine, &other, "7391").unwrap().0, key.0);
        }
        reps.remove(&fake.machine, &rep).unwrap();
        assert_eq!(reps.all(&fake.machine).unwrap().len(), 1);
    }

    #[test]
    fn easy_pins_are_refused() {
        let (dir, fake) = (tempfile::tempdir().unwrap(), fake());
        let reps = Reps::new(dir.path());
        let (rep, key) = reps.begin(&fake.machine).unwrap();
        for pin in ["", "123", "1234", "777777", "12a4", "1234567890123"] {
            assert!(reps.set_pin(&fake.machine, &rep, &key, pin).is_err(), "{pin}");
        }
        assert!(reps.unpinned(&fake.machine, &rep).unwrap().is_some());
        reps.set_pin(&fake.machine, &rep, &key, "90210").unwrap();
        assert!(reps.unpinned(&fake.machine, &rep).unwrap().is_none());
    }

    #[test]
    fn names_outside_the_stores_cannot_be_read() {
        let (dir, fake) = (tempfile::tempdir().unwrap(), fake());
        let (reps, rep, _) = with_pin(dir.path(), &fake, "2580");
        reps.name(&fake.machine, &rep, "李娜", "大连").unwrap();
        assert_eq!(reps.all(&fake.machine).unwrap()[0].name, "李娜");
        for entry in std::fs::read_dir(reps.home(&rep)).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(6).any(|part| part == "李娜".as_bytes()));
        }
    }

    #[test]
    fn no_other_folder_is_ever_removed() {
        let (dir, fake) = (tempfile::tempdir().unwrap(), fake());
        let (reps, rep, _) = with_pin(dir.path(), &fake, "2580");
        for bad in ["", "..", "../..", "/", &format!("{rep}/..")] {
            assert!(reps.remove(&fake.machine, bad).is_err(), "{bad}");
        }
        reps.remove(&fake.machine, &rep).unwrap();
        assert!(reps.all(&fake.machine).unwrap().is_empty());
    }
}
