//! Byte strings while they are built: how long one is, and so how long its head, is known at its end.
//! The heads are put in once, when the item is whole: to move what is there for each of them would cost
//! the square of what a few hundred bytes can claim.

/// The head of a byte string in its shortest form, and how many bytes of it count.
pub fn head(length: usize) -> ([u8; 5], usize) {
    let [.., a, b, c, d] = (length as u64).to_be_bytes();
    match length {
        0..=23 => ([0x40 | d, 0, 0, 0, 0], 1),
        24..=0xff => ([0x58, d, 0, 0, 0], 2),
        0x100..=0xffff => ([0x59, c, d, 0, 0], 3),
        _ => ([0x5a, a, b, c, d], 5),
    }
}

/// A string, begun and perhaps ended.
#[derive(Debug, Clone, Copy)]
struct Begun {
    /// Where in what is written, heads not counted.
    at: usize,
    /// The bytes of all heads that were known before it began.
    heads: usize,
    head: ([u8; 5], usize),
}

/// The strings of one item, in the order in which they begin.
#[derive(Debug, Default)]
pub struct Strings {
    begun: Vec<Begun>,
    /// Those that have not ended.
    open: Vec<usize>,
    /// The bytes of all heads that are known.
    heads: usize,
}

impl Strings {
    /// One begins where so many bytes are written.
    pub fn open(&mut self, at: usize) {
        self.open.push(self.begun.len());
        self.begun.push(Begun { at, heads: self.heads, head: ([0; 5], 0) });
    }

    /// The last one that has not ended ends there. None if there is none.
    pub fn close(&mut self, at: usize) -> Option<()> {
        let begun = self.begun.get_mut(self.open.pop()?)?;
        begun.head = head(at.checked_sub(begun.at)? + (self.heads - begun.heads));
        self.heads += begun.head.1;
        Some(())
    }

    /// The bytes of all heads so far.
    pub fn bytes(&self) -> usize {
        self.heads
    }

    /// What was written, with the heads where they belong.
    pub fn put_into(self, written: Vec<u8>) -> Vec<u8> {
        if self.begun.is_empty() {
            return written;
        }
        let mut out = Vec::with_capacity(written.len() + self.heads);
        let mut from = 0;
        for Begun { at, head: (head, width), .. } in self.begun {
            out.extend(written.get(from..at).unwrap_or_default());
            out.extend(head.into_iter().take(width));
            from = at;
        }
        out.extend(written.get(from..).unwrap_or_default());
        out
    }
}
