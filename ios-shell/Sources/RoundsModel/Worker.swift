import Dispatch

/// Runs blocking calls beside the main actor, on a queue of its own: a thread of Swift's own pool must
/// not be blocked, and a person may hold a camera for minutes.
public struct Worker: Sendable {
  private let queue: DispatchQueue

  /// One call after another, in the order in which they were asked for.
  public static func serial(_ label: String) -> Worker {
    Worker(queue: DispatchQueue(label: label, qos: .userInitiated))
  }

  /// Several at once, for what may be slow and has no order: pictures.
  public static func concurrent(_ label: String) -> Worker {
    Worker(queue: DispatchQueue(label: label, qos: .utility, attributes: .concurrent))
  }

  public func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { done in
      queue.async { done.resume(with: Result(catching: work)) }
    }
  }
}
