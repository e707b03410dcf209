import Foundation
import Testing

/// A clock that stands until a test moves it.
final class HandClock: Clock, @unchecked Sendable {
  struct Instant: InstantProtocol {
    var since: Duration
    func advanced(by duration: Duration) -> Instant { Instant(since: since + duration) }
    func duration(to other: Instant) -> Duration { other.since - since }
    static func < (a: Instant, b: Instant) -> Bool { a.since < b.since }
  }

  private struct Sleeper {
    let until: Instant
    let wake: CheckedContinuation<Void, any Error>
  }

  private let lock = NSLock()
  private var time = Instant(since: .zero)
  private var sleepers: [UUID: Sleeper] = [:]

  var now: Instant {
    lock.lock()
    defer { lock.unlock() }
    return time
  }

  var minimumResolution: Duration { .zero }

  func sleep(until: Instant, tolerance: Duration?) async throws {
    let id = UUID()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wake in
        lock.lock()
        let isLate = until <= time || Task.isCancelled
        if !isLate { sleepers[id] = Sleeper(until: until, wake: wake) }
        lock.unlock()
        if isLate { wake.resume() }
      }
    } onCancel: {
      lock.lock()
      let one = sleepers.removeValue(forKey: id)
      lock.unlock()
      one?.wake.resume(throwing: CancellationError())
    }
  }

  /// For how long each of those waits who wait now, the shortest first.
  var waiting: [Duration] {
    lock.lock()
    defer { lock.unlock() }
    return sleepers.values.map { time.duration(to: $0.until) }.sorted()
  }

  func advance(by duration: Duration) {
    lock.lock()
    time = time.advanced(by: duration)
    let due = sleepers.filter { $0.value.until <= time }
    for id in due.keys { sleepers[id] = nil }
    lock.unlock()
    for one in due.values { one.wake.resume() }
  }
}

/// Lets others go on until something holds. Fails if it never does.
@MainActor
func until(
  _ what: String, at: SourceLocation = #_sourceLocation, _ holds: @MainActor () -> Bool
) async {
  // By a clock and not by turns: what is waited for may be computed on a busy machine.
  let deadline = ContinuousClock.now.advanced(by: .seconds(120))
  while ContinuousClock.now < deadline {
    if holds() { return }
    await Task.yield()
  }
  Issue.record("never: \(what)", sourceLocation: at)
}
