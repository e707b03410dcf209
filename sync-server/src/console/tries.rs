//! How often someone may guess: so many tries a minute for each name, and for each address.
//!
//! Kept in memory: it bounds what one server process takes on. Another process has its own count,
//! and a restart forgets it, which is a minute of grace and no more.

use std::collections::HashMap;
use std::net::IpAddr;

/// The length of a window.
const WINDOW_MS: i64 = 60_000;
/// Tries for one name in a window.
const PER_NAME: u32 = 5;
/// Tries from one address in a window: a whole office may share one.
const PER_ADDRESS: u32 = 30;
/// Names and addresses that are remembered.
const REMEMBERED: usize = 10_000;

/// The tries of the last minute.
#[derive(Debug, Default)]
pub struct Tries {
    counts: HashMap<Who, (i64, u32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    /// A hash: what people type as a name may be their password.
    Name([u8; 32]),
    Address(IpAddr),
}

impl Tries {
    /// Counts a try; false if it is one too many. A success counts too: whoever knows the password
    /// does not need five a minute.
    pub fn take(&mut self, name: [u8; 32], address: Option<IpAddr>, now_ms: i64) -> bool {
        if self.counts.len() >= REMEMBERED {
            self.counts.retain(|_, (since, _)| now_ms.saturating_sub(*since) < WINDOW_MS);
            // Still full: a flood. Forgetting it all costs less than a list without end.
            if self.counts.len() >= REMEMBERED {
                self.counts.clear();
            }
        }
        // Not short-circuited: each try counts against both.
        let by_address = address.is_none_or(|a| self.count(Who::Address(network(a)), PER_ADDRESS, now_ms));
        let by_name = self.count(Who::Name(name), PER_NAME, now_ms);
        by_address && by_name
    }

    fn count(&mut self, who: Who, bound: u32, now_ms: i64) -> bool {
        let (since, count) = self.counts.entry(who).or_insert((now_ms, 0));
        if now_ms.saturating_sub(*since) >= WINDOW_MS {
            (*since, *count) = (now_ms, 0);
        }
        *count = count.saturating_add(1);
        *count <= bound
    }
}

/// An IPv6 customer has at least a /64 to choose from.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_an_address_have_so_many_tries_a_minute() {
        let mut tries = Tries::default();
        let address = Some("192.0.2.1".parse().unwrap());
        let taken = |tries: &mut Tries, name: u8, at| tries.take([name; 32], address, at);
        assert!((0..5).all(|_| taken(&mut tries, 1, 0)));
        assert!(!taken(&mut tries, 1, 59_999), "the sixth");
        assert!(taken(&mut tries, 1, 60_000), "a minute later");
        assert!((0..29).all(|name| taken(&mut tries, 100 + name, 60_000)));
        assert!(!taken(&mut tries, 200, 60_001), "the address has used up its thirty");
        assert!(tries.take([200; 32], Some("2001:db8::1".parse().unwrap()), 60_002));
    }

    #[test]
    fn one_network_of_ipv6_is_one_address() {
        let mut tries = Tries::default();
        let from = |i: u32| Some(format!("2001:db8::{i:x}").parse().unwrap());
        let count = (0..40_u8).filter(|i| tries.take([*i; 32], from(u32::from(*i)), 0)).count();
        assert_eq!(count, 30);
    }
}
