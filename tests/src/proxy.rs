//! The network between a phone and the server: passes everything on until a trap is set, then stops
//! in the middle of a message and says so, so that something can be killed at that very point.

use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Where the next message stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    /// After this many bytes of the request: the server has a part of it.
    Request(usize),
    /// Before the first byte of the answer: the server has committed, the phone does not know.
    Answer,
    /// After this many bytes of the request the connection is gone, and both ends notice.
    Cut(usize),
}

/// A network of one line.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    up: Arc<AtomicU64>,
    sprung: Receiver<()>,
}

#[derive(Debug)]
struct State {
    server: SocketAddr,
    trap: Option<Trap>,
    down: bool,
    spring: Sender<()>,
}

impl Proxy {
    /// Opens a line to the server.
    pub fn start(server: SocketAddr) -> Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (spring, sprung) = channel();
        let state = Arc::new(Mutex::new(State { server, trap: None, down: false, spring }));
        let up = Arc::new(AtomicU64::new(0));
        let (shared, counted) = (state.clone(), up.clone());
        thread::spawn(move || {
            for phone in listener.incoming().flatten() {
                let (state, up) = (shared.clone(), counted.clone());
                thread::spawn(move || line(phone, &state, &up));
            }
        });
        Ok(Proxy { address, state, up, sprung })
    }

    /// Where phones find the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the next message at this point.
    pub fn set(&self, trap: Trap) {
        lock(&self.state).trap = Some(trap);
    }

    /// Takes the network away, or gives it back. A connection that stands is cut when something is to
    /// cross it.
    pub fn set_down(&self, down: bool) {
        lock(&self.state).down = down;
    }

    /// How many bytes phones have sent so far.
    pub fn sent(&self) -> u64 {
        self.up.load(Ordering::SeqCst)
    }

    /// Waits until a message stopped at the trap. False if none did in a minute.
    pub fn stopped(&self) -> bool {
        self.sprung.recv_timeout(Duration::from_secs(60)).is_ok()
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn line(phone: TcpStream, state: &Arc<Mutex<State>>, count: &Arc<AtomicU64>) {
    let (server, down) = {
        let state = lock(state);
        (state.server, state.down)
    };
    if down {
        return;
    }
    let Ok(server) = TcpStream::connect(server) else { return };
    let (Ok(phone_in), Ok(server_out)) = (phone.try_clone(), server.try_clone()) else { return };
    let (up, count) = (state.clone(), count.clone());
    let upward = thread::spawn(move || pump(phone_in, server_out, &up, Some(&count)));
    pump(server, phone, state, None);
    let _ = upward.join();
}

/// Passes bytes on in one direction until the end, or for ever stops at a trap.
fn pump(mut from: TcpStream, mut to: TcpStream, state: &Mutex<State>, up: Option<&AtomicU64>) {
    let mut buffer = [0; 4096];
    let mut passed = 0;
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        let mut part = buffer.get(..n).unwrap_or_default();
        let (trap, down) = {
            let state = lock(state);
            (state.trap, state.down)
        };
        if down {
            let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
            return;
        }
        let stop = match trap {
            Some(Trap::Request(after) | Trap::Cut(after)) if up.is_some() && passed + n >= after => {
                Some(after.saturating_sub(passed).min(n))
            }
            Some(Trap::Answer) if up.is_none() => Some(0),
            _ => None,
        };
        if let Some(keep) = stop {
            part = part.get(..keep).unwrap_or_default();
        }
        if to.write_all(part).is_err() {
            break;
        }
        passed += part.len();
        if let Some(up) = up {
            up.fetch_add(part.len() as u64, Ordering::SeqCst);
        }
        if stop.is_some() {
            let mut state = lock(state);
            state.trap = None;
            let _ = state.spring.send(());
            drop(state);
            if let Some(Trap::Cut(_)) = trap {
                let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
                return;
            }
            // Both ends stay connected and hear nothing more, as in a dead spot.
            thread::sleep(Duration::from_secs(600));
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
