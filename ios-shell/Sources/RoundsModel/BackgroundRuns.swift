/// Asks the system for time in the background. The real one is in RoundsDevice.
@MainActor
public protocol BackgroundTimes {
  /// Takes the place of an earlier wish of the same kind.
  func ask(_ wish: BackgroundPlan.Wish)
  /// Takes an earlier wish back.
  func cancel(_ kind: BackgroundPlan.Kind)
}

/// What is done with time in the background: ask for the next one first, open, exchange, close; and end in good
/// order when the system says so.
@MainActor
public final class BackgroundRuns {
  private let gateway: any Gateway
  private let door: Door
  private let times: any BackgroundTimes
  private let worker: Worker
  private var running: [BackgroundPlan.Kind: Task<Bool, Never>] = [:]

  /// What is left for closing when the sync has used its time.
  private static let reserve: Duration = .seconds(5)

  public init(
    gateway: any Gateway, door: Door, times: any BackgroundTimes, worker: Worker = .serial("rounds.background")
  ) {
    self.gateway = gateway
    self.door = door
    self.times = times
    self.worker = worker
  }

  /// Asks for what is to come, and takes back what is not wanted any more.
  public func plan(after known: BackgroundPlan.Known) {
    let wishes = BackgroundPlan.wishes(known)
    for kind in BackgroundPlan.Kind.allCases where !wishes.contains(where: { $0.kind == kind }) {
      times.cancel(kind)
    }
    for wish in wishes { times.ask(wish) }
  }

  /// Uses the time, and returns whether it came to something, for the system's own bookkeeping. `made` makes the app,
  /// which a phone that was not unlocked since its start cannot: its keys cannot be read. The next time is asked for
  /// before that is tried.
  public static func use(
    _ kind: BackgroundPlan.Kind, of times: any BackgroundTimes, _ made: @MainActor () -> BackgroundRuns?
  ) async -> Bool {
    times.ask(BackgroundPlan.next(kind))
    guard let runs = made() else { return false }
    return await runs.run(kind)
  }

  /// Uses the time of an app that is made.
  public func run(_ kind: BackgroundPlan.Kind) async -> Bool {
    times.ask(BackgroundPlan.next(kind))
    let task = Task { await exchange(in: kind) }
    running[kind] = task
    let done = await task.value
    running[kind] = nil
    return done
  }

  /// The system takes the time back: Rust's work is stopped by its handle, and what was exchanged stays.
  public func expire(_ kind: BackgroundPlan.Kind) {
    running[kind]?.cancel()
  }

  private func exchange(in kind: BackgroundPlan.Kind) async -> Bool {
    let left = BackgroundRuns.time(of: kind) - BackgroundRuns.reserve
    let known: BackgroundPlan.Known
    do {
      try await door.enter(.background(kind))
      let report = try await gateway.syncUntilStoppable(left: left)
      // A phone that the office let go of exchanges once more, and learns it.
      known = .ran(report, chip: await chip())
    } catch {
      known = .failed(Trouble(error), chip: await chip())
    }
    plan(after: known)
    // Left last: with it, the system may suspend the app.
    let closed: Void? = try? await door.leave(.background(kind))
    if case .ran = known { return closed != nil }
    return false
  }

  private func chip() async -> Chip? {
    let gateway = gateway
    return try? await worker.run { try gateway.now().chip }
  }

  /// What may be counted on: the system gives some 30 seconds to a refresh and minutes to processing,
  /// and says when they end.
  private static func time(of kind: BackgroundPlan.Kind) -> Duration {
    switch kind {
    case .refresh: .seconds(30)
    case .processing: .seconds(300)
    }
  }
}
