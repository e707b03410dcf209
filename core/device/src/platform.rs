//! What the core needs from the machine it runs on: clocks and random bytes. Everything else
//! (camera, location, key store) comes with the calls that use it.

use crate::error::Fail;
use rounds_model::ids::BootId;
use rounds_model::time::Reading;
use std::sync::atomic::{AtomicU64, Ordering};

/// The machine. One value for a real device, another for a replayed one.
pub trait Platform: Send + Sync {
    /// Looks at the clocks.
    fn clocks(&self) -> Result<Reading, Fail>;

    /// Fills a buffer with random bytes that nobody can guess.
    fn random(&self, buffer: &mut [u8]) -> Result<(), Fail>;
}

/// Random bytes as an array.
pub fn random<const N: usize>(platform: &dyn Platform) -> Result<[u8; N], Fail> {
    let mut out = [0; N];
    platform.random(&mut out)?;
    Ok(out)
}

/// The machine that this process runs on.
#[derive(Debug, Default)]
pub struct System;

impl Platform for System {
    fn clocks(&self) -> Result<Reading, Fail> {
        let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let wall_ms = match wall {
            Ok(d) => i64::try_from(d.as_millis()).unwrap_or(i64::MAX),
            Err(e) => -i64::try_from(e.duration().as_millis()).unwrap_or(i64::MAX),
        };
        let mono = rustix::time::clock_gettime(MONOTONIC);
        let mono_ms = u64::try_from(mono.tv_sec).unwrap_or(0) * 1000
            + u64::try_from(mono.tv_nsec).unwrap_or(0) / 1_000_000;
        Ok(Reading { wall_ms, mono_ms, boot: boot_id(wall_ms, mono_ms) })
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), Fail> {
        getrandom::fill(buffer).map_err(|_| Fail::System("random numbers"))
    }
}

/// What the machine is called, for a device that nobody has named; as long as a name may be.
pub fn machine() -> String {
    let node = rustix::system::uname();
    let name: String =
        node.nodename().to_string_lossy().chars().filter(|c| !c.is_control()).take(60).collect();
    if name.trim().is_empty() { "rounds-device".to_owned() } else { name }
}

/// A clock that goes on while the machine sleeps.
#[cfg(any(target_os = "linux", target_os = "android"))]
const MONOTONIC: rustix::time::ClockId = rustix::time::ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const MONOTONIC: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

/// The kernel's boot id where there is one. Elsewhere the moment of boot, in steps coarse enough
/// that a wall clock that is adjusted a little does not look like a new boot.
fn boot_id(wall_ms: i64, mono_ms: u64) -> BootId {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    if let Some(id) = kernel.ok().and_then(|s| uuid::Uuid::parse_str(s.trim()).ok()) {
        return BootId(id.into_bytes());
    }
    let booted = wall_ms.saturating_sub(i64::try_from(mono_ms).unwrap_or(0)) / 600_000;
    BootId(i128::from(booted).to_be_bytes())
}

/// A machine whose clock stands where it is put and whose randomness comes from a seed: for tests
/// and replays. Never use it for keys.
#[derive(Debug)]
pub struct Replay {
    wall_ms: AtomicU64,
    mono_ms: AtomicU64,
    boot: AtomicU64,
    draws: AtomicU64,
    seed: u64,
}

impl Replay {
    /// A machine at a time (Unix milliseconds), with a seed.
    pub fn new(wall_ms: u64, seed: u64) -> Self {
        let (mono_ms, boot, draws) = (1_000.into(), seed.into(), 0.into());
        Replay { wall_ms: wall_ms.into(), mono_ms, boot, draws, seed }
    }

    /// Lets time pass on both clocks.
    pub fn advance(&self, ms: u64) {
        self.wall_ms.fetch_add(ms, Ordering::SeqCst);
        self.mono_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets the wall clock, as a user can.
    pub fn set_wall(&self, ms: u64) {
        self.wall_ms.store(ms, Ordering::SeqCst);
    }

    /// Restarts the machine.
    pub fn reboot(&self) {
        self.boot.fetch_add(1 << 32, Ordering::SeqCst);
        self.mono_ms.store(1_000, Ordering::SeqCst);
    }
}

impl Platform for Replay {
    fn clocks(&self) -> Result<Reading, Fail> {
        Ok(Reading {
            wall_ms: i64::try_from(self.wall_ms.load(Ordering::SeqCst)).unwrap_or(i64::MAX),
            mono_ms: self.mono_ms.load(Ordering::SeqCst),
            boot: BootId(u128::from(self.boot.load(Ordering::SeqCst)).to_be_bytes()),
        })
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), Fail> {
        use sha2::{Digest, Sha256};
        for chunk in buffer.chunks_mut(32) {
            let n = self.draws.fetch_add(1, Ordering::SeqCst);
            let hash = Sha256::digest([self.seed.to_be_bytes(), n.to_be_bytes()].concat());
            chunk.copy_from_slice(hash.get(..chunk.len()).unwrap_or_default());
        }
        Ok(())
    }
}

#[cfg(test)]
mod named {
    #[test]
    fn a_device_that_nobody_names_is_called_like_its_machine() {
        let name = super::machine();
        assert!(!name.trim().is_empty() && name.len() <= rounds_protocol::enrol::DEVICE_NAME, "{name}");
        assert_eq!(name, rustix::system::uname().nodename().to_string_lossy().trim());
    }
}
