//! The network of the benchmark: passes everything on and counts it, headers and all.

use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A counted way to a server.
#[derive(Debug)]
pub struct Wire {
    address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Debug)]
struct Counts {
    began: Instant,
    up: AtomicU64,
    down: AtomicU64,
    /// When the last byte passed, in milliseconds since it began.
    last: AtomicU64,
}

impl Wire {
    /// Opens a way to this address.
    pub fn to(server: SocketAddr) -> Result<Wire> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (began, zero) = (Instant::now(), || AtomicU64::new(0));
        let counts = Arc::new(Counts { began, up: zero(), down: zero(), last: zero() });
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let counts = Arc::clone(&shared);
                thread::spawn(move || line(client, server, counts));
            }
        });
        Ok(Wire { address, counts })
    }

    /// Where clients find the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Bytes up and down since they were last taken.
    pub fn take(&self) -> (u64, u64) {
        (self.counts.up.swap(0, Ordering::SeqCst), self.counts.down.swap(0, Ordering::SeqCst))
    }

    /// Waits until nothing has passed for `quiet`; returns when the last byte did.
    pub fn settled(&self, quiet: Duration, within: Duration) -> Instant {
        let began = Instant::now();
        loop {
            let last = self.counts.began + Duration::from_millis(self.counts.last.load(Ordering::SeqCst));
            if last.max(began).elapsed() >= quiet || began.elapsed() >= within {
                return last.max(began);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn line(client: TcpStream, server: SocketAddr, counts: Arc<Counts>) {
    let Ok(server) = TcpStream::connect(server) else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (Ok(client_in), Ok(server_out)) = (client.try_clone(), server.try_clone()) else { return };
    let shared = Arc::clone(&counts);
    let upward = thread::spawn(move || pump(client_in, server_out, &shared, |c| &c.up));
    pump(server, client, &counts, |c| &c.down);
    let _ = upward.join();
}

fn pump(mut from: TcpStream, mut to: TcpStream, counts: &Counts, which: fn(&Counts) -> &AtomicU64) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        which(counts).fetch_add(n as u64, Ordering::SeqCst);
        let now = u64::try_from(counts.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        counts.last.store(now, Ordering::SeqCst);
        if to.write_all(buffer.get(..n).unwrap_or_default()).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
