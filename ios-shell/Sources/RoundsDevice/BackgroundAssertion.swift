import UIKit

/// Asks the system to wait with suspending the app until something is done. Each has an identifier of its own: a
/// person who leaves twice in a short time has two of them, and one that is not ended costs the process.
@MainActor
public final class BackgroundAssertion {
  private var id = UIBackgroundTaskIdentifier.invalid

  public init(_ name: String) {
    // Held by the system until it is ended.
    id = UIApplication.shared.beginBackgroundTask(withName: name) { self.end() }
  }

  public func end() {
    guard id != .invalid else { return }
    UIApplication.shared.endBackgroundTask(id)
    id = .invalid
  }
}
