//! What slow requests may hold: places, of which each device has a few, and memory for bodies on their way.
//! Nobody's phone, lost or in the wrong hands, keeps the others out with requests that never end.

use crate::error::Result;
use rounds_model::ids::DeviceId;
use rounds_protocol::fault::Fault;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many places in all, and so many of them for one device.
#[derive(Debug)]
pub struct Places {
    all: usize,
    of_one: usize,
    taken: Mutex<HashMap<DeviceId, usize>>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    device: DeviceId,
}

impl Places {
    /// All free.
    pub fn new(all: usize, of_one: usize) -> Arc<Places> {
        Arc::new(Places { all, of_one, taken: Mutex::default() })
    }

    /// Takes one.
    ///
    /// # Errors
    /// [`Fault::Busy`] if the device has all of its own, or all are taken.
    pub fn take(self: &Arc<Self>, device: DeviceId) -> Result<Place> {
        let mut taken = self.taken();
        let own = taken.get(&device).copied().unwrap_or_default();
        if own >= self.of_one || taken.values().sum::<usize>() >= self.all {
            return Err(Fault::Busy.into());
        }
        taken.insert(device, own + 1);
        Ok(Place { places: Arc::clone(self), device })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<DeviceId, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(own) = taken.get_mut(&self.device) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.device);
            }
        }
    }
}

/// Bytes that may be held at one time.
#[derive(Debug)]
pub struct Room {
    most: usize,
    held: Mutex<usize>,
}

/// What is held of it, until it is dropped.
#[derive(Debug)]
pub struct Held {
    room: Arc<Room>,
    bytes: usize,
}

impl Room {
    /// For so many bytes.
    pub fn new(most: usize) -> Arc<Room> {
        Arc::new(Room { most, held: Mutex::default() })
    }

    /// Nothing of it yet.
    pub fn hold(self: &Arc<Self>) -> Held {
        Held { room: Arc::clone(self), bytes: 0 }
    }
}

impl Held {
    /// Holds so many bytes more.
    ///
    /// # Errors
    /// [`Fault::Busy`] if there is no room for them.
    pub fn more(&mut self, bytes: usize) -> Result<()> {
        let mut held = self.room.held.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = held.saturating_add(bytes);
        if sum > self.room.most {
            return Err(Fault::Busy.into());
        }
        *held = sum;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self.room.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = held.saturating_sub(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by a critic: one device could take every place of the installation, and thousands of connections
    /// could each hold a body of megabytes.
    #[test]
    fn a_device_has_a_few_places_and_all_bodies_one_room() {
        let (places, one, other) = (Places::new(3, 2), DeviceId([1; 16]), DeviceId([2; 16]));
        let first = places.take(one).unwrap();
        let _second = places.take(one).unwrap();
        assert_eq!(places.take(one).unwrap_err().fault(), Fault::Busy);
        let third = places.take(other).unwrap();
        assert_eq!(places.take(other).unwrap_err().fault(), Fault::Busy, "all are taken");
        drop(first);
        let _again = places.take(other).unwrap();
        drop(third);
        let _free = places.take(one).unwrap();
        let room = Room::new(10);
        let (mut a, mut b) = (room.hold(), room.hold());
        a.more(6).unwrap();
        b.more(4).unwrap();
        assert_eq!(b.more(1).unwrap_err().fault(), Fault::Busy);
        drop(a);
        b.more(6).unwrap();
    }
}
