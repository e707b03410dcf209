import Network

/// Tells when the network comes, goes, or becomes one that costs money.
/// The monitor is started once and told nothing after.
public final class NetworkWatch: @unchecked Sendable {
  private let monitor = NWPathMonitor()

  public init() {}

  public func begin(_ told: @escaping @MainActor (_ isThere: Bool, _ isMetered: Bool) async -> Void) {
    monitor.pathUpdateHandler = { path in
      let (isThere, isMetered) = (path.status == .satisfied, path.isExpensive || path.isConstrained)
      Task { @MainActor in await told(isThere, isMetered) }
    }
    monitor.start(queue: DispatchQueue(label: "rounds.network"))
  }

  deinit { monitor.cancel() }
}
