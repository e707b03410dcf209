extension Gateway {
  /// A sync that ends when the task that waits for it is cancelled. What was exchanged by then stays.
  public func syncStoppable(
    step: @escaping @Sendable (SyncStep) -> Void = { _ in }
  ) async throws -> SyncReport {
    let stop = try stopper()
    return try await withTaskCancellationHandler {
      try await sync(stop: stop, step: step)
    } onCancel: {
      stop.cancel()
    }
  }

  /// The same, for at most so long.
  public func syncUntilStoppable(left: Duration) async throws -> SyncReport {
    let stop = try stopper()
    return try await withTaskCancellationHandler {
      try await syncUntil(left: left, stop: stop)
    } onCancel: {
      stop.cancel()
    }
  }
}
