//! How often an address may be wrong: a few times a minute. A code has 60 bits, so this is not
//! what keeps it from being guessed; it keeps guessing from costing anything.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Wrong tries in a minute.
const TRIES: u32 = 20;
const MINUTE_MS: i64 = 60_000;
/// Addresses that are remembered; beyond it, old ones are forgotten first, then all.
const ADDRESSES: usize = 10_000;

/// Wrong tries by address.
#[derive(Debug, Default)]
pub struct Tries {
    wrong: Mutex<HashMap<IpAddr, (i64, u32)>>,
}

impl Tries {
    /// False while an address has been wrong too often.
    pub fn may_try(&self, from: IpAddr, now_ms: i64) -> bool {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.get(&key(from)).is_none_or(|(since, count)| is_over(*since, now_ms) || *count < TRIES)
    }

    /// Notes that an address was wrong.
    pub fn failed(&self, from: IpAddr, now_ms: i64) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= ADDRESSES {
            wrong.retain(|_, (since, _)| !is_over(*since, now_ms));
            if wrong.len() >= ADDRESSES {
                wrong.clear();
            }
        }
        let entry = wrong.entry(key(from)).or_insert((now_ms, 0));
        if is_over(entry.0, now_ms) {
            *entry = (now_ms, 0);
        }
        entry.1 = entry.1.saturating_add(1);
    }
}

fn is_over(since: i64, now_ms: i64) -> bool {
    now_ms.saturating_sub(since) >= MINUTE_MS
}

/// Whoever has one address of IPv6 has its whole /64.
fn key(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_wrong_tries_of_one_address_wait_a_minute() {
        let tries = Tries::default();
        let (a, b): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 0..TRIES {
            assert!(tries.may_try(a, 5));
            tries.failed(a, 5);
        }
        assert!(!tries.may_try(a, 6));
        assert!(tries.may_try(b, 6));
        assert!(tries.may_try(a, 5 + MINUTE_MS));
        for n in 0..2 * ADDRESSES as u32 {
            tries.failed(IpAddr::V4(n.into()), 7);
        }
        assert!(tries.wrong.lock().unwrap().len() <= ADDRESSES);
    }
}
