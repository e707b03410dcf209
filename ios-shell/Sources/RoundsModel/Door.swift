/// Who needs the database open. A suspended app must hold no file of it open: the last one who leaves
/// closes it, the first one who comes opens it again. A background run that meets the person coming
/// back therefore closes nothing under their hands.
@MainActor
public final class Door {
  public enum Holder: Hashable, Sendable {
    /// Somebody looks at the app.
    case person
    /// The system lets the app work in the background; both kinds of time can come at once.
    case background(BackgroundPlan.Kind)
  }

  private let gateway: any Gateway
  private let worker: Worker
  private var holders: Set<Holder> = []
  private var isOpen = true
  private var last: Task<Void, any Error>?

  /// The database is open at first and nobody holds it yet: whoever started the app, a person or the system, enters
  /// by the time that it does anything, and closes it by leaving. When the app starts, the system does not say who
  /// that was.
  public init(gateway: any Gateway, worker: Worker = .serial("rounds.door")) {
    self.gateway = gateway
    self.worker = worker
  }

  /// Opens it if it is closed, and keeps it open until ``leave(_:)``.
  public func enter(_ holder: Holder) async throws {
    holders.insert(holder)
    try await turn()
  }

  /// Closes it if nobody else needs it. When this returns, the app can be suspended.
  public func leave(_ holder: Holder) async throws {
    holders.remove(holder)
    try await turn()
  }

  /// Returns when nothing is being opened or closed.
  public func settled() async {
    while let now = last {
      _ = try? await now.value
      if last == now { return }
    }
  }

  public func isHeld(by holder: Holder) -> Bool { holders.contains(holder) }

  /// One after the other, and each by what is wanted when its turn comes, so that a quick way out and
  /// back in closes nothing.
  private func turn() async throws {
    let before = last
    let mine = Task {
      _ = try? await before?.value
      let wanted = !holders.isEmpty
      guard wanted != isOpen else { return }
      let gateway = gateway
      // Closed is closed, even if something was wrong while it was closed.
      if !wanted { isOpen = false }
      try await worker.run { if wanted { try gateway.reopen() } else { try gateway.close() } }
      isOpen = wanted
    }
    last = mine
    try await mine.value
  }
}
