/// Something that is done later, unless it is put off or taken back: debounced typing, a screen that
/// changes by itself, a word in passing. Its clock is an argument, so that tests need not wait.
@MainActor
public final class Delay {
  private let clock: any Clock<Duration>
  private var waiting: Task<Void, Never>?

  public init(clock: any Clock<Duration>) {
    self.clock = clock
  }

  /// Does it after so long, in the place of what was to be done before.
  public func after(_ duration: Duration, _ work: @escaping @MainActor () async -> Void) {
    waiting?.cancel()
    waiting = Task { [clock] in
      guard (try? await clock.sleep(for: duration)) != nil, !Task.isCancelled else { return }
      await work()
    }
  }

  public func cancel() {
    waiting?.cancel()
    waiting = nil
  }
}
