/// When the app asks the system for time in the background, as a pure function of what is known.
public enum BackgroundPlan {
  /// The two kinds of time that the system gives.
  public enum Kind: String, Sendable, Equatable, CaseIterable {
    /// Some 30 seconds, when the system likes.
    case refresh
    /// Minutes, mostly at night: for photos that did not fit.
    case processing

    /// As the system knows it; Info.plist has to permit it.
    public var identifier: String { "app.rounds." + rawValue }
  }

  /// What is asked for.
  public struct Wish: Sendable, Equatable {
    public let kind: Kind
    /// Not before so long from now.
    public let after: Duration

    public init(kind: Kind, after: Duration) {
      self.kind = kind
      self.after = after
    }
  }

  /// What is known when the next time is asked for.
  public enum Known: Sendable, Equatable {
    /// What the chip said when the person left the app, or when a run began.
    case looked(chip: Chip?)
    /// What a run came to, and what the chip says since.
    case ran(SyncReport, chip: Chip?)
    /// Why a run came to nothing, and what the chip says since.
    case failed(Trouble, chip: Chip?)
  }

  /// What is asked for before anything else is done with the time: a run that is killed must not be the last.
  public static func next(_ kind: Kind) -> Wish { Wish(kind: kind, after: soon.after) }

  /// Nothing is asked for where only a person can help: not signed in, no access, stopped. What waits is
  /// tried again in a quarter of an hour, and with minutes if seconds were not enough. With everything
  /// sent, the server is asked for news each hour.
  public static func wishes(_ known: Known) -> [Wish] {
    switch known {
    case .looked(nil): return []
    case .looked(let chip?), .ran(_, let chip?), .failed(_, let chip?):
      if ["signed_out", "no_access", "stopped"].contains(chip.state) { return [] }
    case .ran(_, nil), .failed(_, nil): break
    }
    switch known {
    case .looked(let chip): return chip?.state == "up_to_date" ? [news] : [soon]
    case .ran(let report, _):
      return report.unfinished == "deadline" ? [soon, minutes] : report.unfinished == nil ? [news] : [soon]
    case .failed(let trouble, _): return trouble.needsPerson ? [] : [soon]
    }
  }

  private static let soon = Wish(kind: .refresh, after: .seconds(15 * 60))
  private static let news = Wish(kind: .refresh, after: .seconds(60 * 60))
  private static let minutes = Wish(kind: .processing, after: .seconds(60))
}
