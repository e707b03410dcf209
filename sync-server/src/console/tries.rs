//! How often someone may guess: so many tries a minute for a name from one address, for an address,
//! and, ten times as many, for a name from anywhere. Fewer than that from anywhere would let
//! whoever knows a supervisor's name lock them out; without a bound, many addresses could guess
//! fast.
//!
//! Kept in memory: it bounds what one server process takes on. Another process has its own count,
//! and a restart forgets it, which is a minute of grace and no more.

use std::collections::HashMap;
use std::net::IpAddr;

/// The length of a window.
const WINDOW_MS: i64 = 60_000;
/// Tries for one name from one address in a window.
const PER_PAIR: u32 = 5;
/// Tries for one name from all addresses in a window.
const PER_NAME: u32 = 50;
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
    Pair([u8; 32], Option<IpAddr>),
}

impl Tries {
    /// Counts a try; false if it is one too many. A success counts too: whoever knows the password
    /// does not need five a minute.
    pub fn take(&mut self, name: [u8; 32], address: Option<IpAddr>, now_ms: i64) -> bool {
        let address = address.map(network);
        // An address that is over counts for nothing more: with new names it could otherwise fill what is
        // remembered, and so make others forgotten. Only what the address and the pair let through counts
        // against the name: a single address cannot use it up.
        address.is_none_or(|a| self.count(Who::Address(a), PER_ADDRESS, now_ms))
            && self.count(Who::Pair(name, address), PER_PAIR, now_ms)
            && self.count(Who::Name(name), PER_NAME, now_ms)
    }

    /// Makes room for one more: what is over goes, and if that is not enough, the oldest.
    fn make_room(&mut self, now_ms: i64) {
        if self.counts.len() < REMEMBERED {
            return;
        }
        self.counts.retain(|_, (since, _)| now_ms.saturating_sub(*since) < WINDOW_MS);
        if self.counts.len() >= REMEMBERED {
            // Of equal age the one that tried least: a flood of single tries forgets itself first.
            let oldest = self.counts.iter().min_by_key(|(_, counted)| **counted).map(|(who, _)| *who);
            oldest.map(|who| self.counts.remove(&who));
        }
    }

    fn count(&mut self, who: Who, bound: u32, now_ms: i64) -> bool {
        if !self.counts.contains_key(&who) {
            self.make_room(now_ms);
        }
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
    fn a_stranger_does_not_lock_a_name_out_and_many_cannot_guess_fast() {
        let mut tries = Tries::default();
        let from = |n: u8| Some(IpAddr::from([192, 0, 2, n]));
        let stranger = (0..100).filter(|_| tries.take([1; 32], from(1), 0)).count();
        assert_eq!(stranger, 5);
        assert!(tries.take([1; 32], from(2), 0), "the supervisor at home");
        let many = (10..200).filter(|n| tries.take([1; 32], from(*n), 0)).count();
        assert_eq!(many, 50 - 6);
        assert!(!tries.take([1; 32], from(2), 1), "for this minute");
        assert!(tries.take([1; 32], from(2), 60_000));
    }

    /// Found by a critic: the limit was forgotten as a whole once the list was full.
    #[test]
    fn one_address_with_ten_thousand_names_makes_nobody_forgotten() {
        let mut tries = Tries::default();
        let from = |n: u8| Some(IpAddr::from([192, 0, 2, n]));
        let name = |n: u32| {
            let mut name = [7; 32];
            name[..4].copy_from_slice(&n.to_be_bytes());
            name
        };
        assert_eq!((0..6).filter(|_| tries.take([1; 32], from(1), 0)).count(), 5, "a guesser is stopped");
        let taken = (0..10_001).filter(|n| tries.take(name(*n), from(2), 1)).count();
        assert_eq!(taken, 30);
        assert!(tries.counts.len() < 100, "what is refused is not remembered: {}", tries.counts.len());
        assert!(!tries.take([1; 32], from(1), 2), "and stays stopped");
        assert!(!tries.take(name(20_000), from(2), 2));
    }

    #[test]
    fn with_more_addresses_than_are_remembered_the_oldest_is_forgotten_and_never_all() {
        let mut tries = Tries::default();
        let from = |n: u32| Some(IpAddr::from((0x0a00_0000 + n).to_be_bytes()));
        let taken = (0..6).filter(|_| tries.take([1; 32], from(1), 10)).count();
        for n in 0..6_000 {
            tries.take([n as u8; 32], from(100 + n), 20);
        }
        assert_eq!((taken, tries.counts.len()), (5, REMEMBERED));
        for n in 0..40 {
            tries.take([2; 32], from(50_000 + n), 30);
        }
        assert_eq!(tries.counts.len(), REMEMBERED, "bounded");
        assert!(!tries.take([2; 32], from(50_039), 31) || tries.counts.len() <= REMEMBERED);
    }

    #[test]
    fn one_network_of_ipv6_is_one_address() {
        let mut tries = Tries::default();
        let from = |i: u32| Some(format!("2001:db8::{i:x}").parse().unwrap());
        let count = (0..40_u8).filter(|i| tries.take([*i; 32], from(u32::from(*i)), 0)).count();
        assert_eq!(count, 30);
    }
}
