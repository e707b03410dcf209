import Foundation

/// An answer that one thread waits for and another gives: a person's, who is at the camera meanwhile. The first
/// one counts.
public final class Awaited<Answer: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private let there = DispatchSemaphore(value: 0)
  private var result: Result<Answer, any Error>?

  public init() {}

  /// Whether this was the first.
  @discardableResult
  public func give(_ result: Result<Answer, any Error>) -> Bool {
    let isFirst = lock.withLock {
      guard self.result == nil else { return false }
      self.result = result
      return true
    }
    if isFirst { there.signal() }
    return isFirst
  }

  /// Returns when there is an answer. Called once, and never on the main thread.
  public func wait() throws -> Answer {
    while true {
      there.wait()
      if let result = lock.withLock({ result }) { return try result.get() }
    }
  }
}
