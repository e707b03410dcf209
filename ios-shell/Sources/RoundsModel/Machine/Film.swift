import Observation

/// What the lens sees while a film is made, for the screen: the system's own view, of which only RoundsDevice and
/// RoundsUI know what it is.
@MainActor
@Observable
public final class Film {
  /// None while nothing is filmed.
  public private(set) var view: AnyObject?

  nonisolated public init() {}

  public func show(_ view: AnyObject) {
    self.view = view
  }

  /// Takes this one away, and not one that came after it.
  public func hide(_ view: AnyObject) {
    if self.view === view { self.view = nil }
  }
}
