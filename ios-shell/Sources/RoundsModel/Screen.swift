/// One screen as the core computed it: what is painted, from top to bottom. The contract is
/// `core/app/src/screen.rs`; what stands here are its words, without a decision.
public struct Screen: Sendable, Equatable {
  /// What it is, for tests, logs and animations, with no content: `today`, `form`, `outbox`.
  public var name: String
  /// Which one of these it is: equal for the same screen of the same thing.
  public var id: String
  public var title: String
  public var subtitle: String?
  /// None before somebody has signed in.
  public var chip: Chip?
  /// At the bottom; empty deeper inside.
  public var places: [Place]
  /// There is something to go back to.
  public var back: Bool
  public var blocks: [Block]
  /// At the bottom, in reach of a thumb.
  public var main: ScreenButton?
  /// A menu.
  public var also: [ScreenButton]
  /// The key of the question that the person was at: it is scrolled there.
  public var at: String?
  /// The tap with which an answer is given as soon as it is made; none where answers go with a button.
  public var gives: String?
  /// It changes by itself: it is to be read again after so many milliseconds.
  public var againMs: UInt64?

  public init(
    name: String, id: String, title: String, subtitle: String? = nil, chip: Chip? = nil,
    places: [Place] = [], back: Bool = false, blocks: [Block] = [], main: ScreenButton? = nil,
    also: [ScreenButton] = [], at: String? = nil, gives: String? = nil, againMs: UInt64? = nil
  ) {
    self.name = name
    self.id = id
    self.title = title
    self.subtitle = subtitle
    self.chip = chip
    self.places = places
    self.back = back
    self.blocks = blocks
    self.main = main
    self.also = also
    self.at = at
    self.gives = gives
    self.againMs = againMs
  }
}

extension Screen {
  /// Which screen of which thing it is.
  var key: String { name + "/" + id }
}

/// Where this phone stands, in a few words, on every screen.
public struct Chip: Sendable, Equatable {
  /// `syncing`, `offline`, `waiting`, `needs_you`, `up_to_date`, `never`, `stopped`, `no_access`, `signed_out`.
  public var state: String
  public var text: String
  public var tone: Tone
  public var tap: String

  public init(state: String, text: String, tone: Tone, tap: String) {
    self.state = state
    self.text = text
    self.tone = tone
    self.tap = tap
  }
}

/// A place that can be reached from everywhere.
public struct Place: Sendable, Equatable {
  /// Which picture stands above its word.
  public var icon: String
  public var title: String
  public var tap: String
  /// It is where the person is.
  public var here: Bool
  /// How many things wait there; none is no mark.
  public var count: UInt64

  public init(icon: String, title: String, tap: String, here: Bool, count: UInt64) {
    self.icon = icon
    self.title = title
    self.tap = tap
    self.here = here
    self.count = count
  }
}

/// How something is meant; its words always say it too.
public enum Tone: String, Sendable, Equatable, CaseIterable {
  case neutral, active, good, warning, bad
}

/// What a tap came to.
public struct After: Sendable, Equatable {
  public var screen: Screen
  /// Something to say in passing: "Saved on this phone".
  public var said: Notice?
  /// A file for the system's own sheet.
  public var file: LeavingFile?

  public init(screen: Screen, said: Notice? = nil, file: LeavingFile? = nil) {
    self.screen = screen
    self.said = said
    self.file = file
  }
}

/// A file that leaves the app by the system's own sheet.
public struct LeavingFile: Sendable, Equatable {
  public var name: String
  /// `application/pdf`.
  public var mime: String
  public var path: String
  /// `print`, `share`.
  public var purpose: String
  /// The tap that says it was printed or shared.
  public var done: String?

  public init(name: String, mime: String, path: String, purpose: String, done: String? = nil) {
    self.name = name
    self.mime = mime
    self.path = path
    self.purpose = purpose
    self.done = done
  }

  /// Everything else is handed on.
  public var isForPrinter: Bool { purpose == "print" }
}
