import Foundation

/// Which start of the phone this is, where the system does not say: a random id that is kept in a file with the last
/// reading of the clock that runs since the start, and replaced when that clock is behind it. What it cannot notice is
/// a start after which the app was opened later than ever before it; what it cannot read counts as another start, which
/// claims less about times, never more.
public final class BootSession: @unchecked Sendable {
  private struct Kept: Codable {
    let id: UUID
    let monoMs: UInt64
  }

  private let file: URL
  private let lock = NSLock()
  private var kept: Kept?

  /// The last reading is written again when it is so much older: a clock is read often.
  private static let pauseMs: UInt64 = 10_000

  /// The file has to be in no backup: on another phone it would be about that one.
  public init(file: URL) {
    self.file = file
  }

  /// `monoMs` is the clock now, milliseconds since the phone's start.
  public func id(monoMs: UInt64) -> UUID {
    lock.withLock {
      let before = kept ?? read()
      guard let before, before.monoMs <= monoMs else { return write(Kept(id: UUID(), monoMs: monoMs)) }
      if kept != nil, monoMs - before.monoMs < BootSession.pauseMs { return before.id }
      return write(Kept(id: before.id, monoMs: monoMs))
    }
  }

  private func read() -> Kept? {
    guard let data = try? Data(contentsOf: file) else { return nil }
    return try? JSONDecoder().decode(Kept.self, from: data)
  }

  /// What cannot be written is another start's for the next process, and this one's for this.
  private func write(_ now: Kept) -> UUID {
    kept = now
    try? JSONEncoder().encode(now).write(to: file, options: .atomic)
    return now.id
  }
}
