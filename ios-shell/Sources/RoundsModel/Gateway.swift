import Foundation

/// The core, as the model sees it: four verbs and what goes with them. The real one is `CoreGateway` in
/// RoundsGateway; tests and previews have one of paper.
///
/// Every call may block, some for as long as a person holds a camera, so none is made on the main actor:
/// ``PhoneModel`` makes them one after another on a ``Worker``.
public protocol Gateway: Sendable {
  /// The screen that is now. Asking changes nothing.
  func now() throws -> Screen
  /// Does what a screen offers, with what was given beside it.
  func tap(_ tap: String, given: [Given]) throws -> After
  func back() throws -> After
  /// Keeps what is being typed: it is no answer yet.
  func typing(key: String, text: String) throws
  /// More lines of a list, by what its last block says.
  func page(more: String) throws -> [Block]
  /// A picture's bytes, fetched from the server if it is not here.
  func picture(_ name: String, maxPx: UInt32) throws -> Data
  /// Tells at once how things are, and from then on whenever the screen may have changed by itself, on
  /// any thread, until the handle is cancelled or let go.
  func watch(_ told: @escaping @Sendable (Pulse) -> Void) throws -> any Watching
  /// Something that ends work which is under way.
  func stopper() throws -> any Stopping
  /// Exchanges with the server until both sides have everything, or it is stopped.
  func sync(stop: any Stopping, step: @escaping @Sendable (SyncStep) -> Void) async throws -> SyncReport
  /// The same for at most so long, as an app in the background must.
  func syncUntil(left: Duration, stop: any Stopping) async throws -> SyncReport
  /// Somebody looks: the phone is kept in sync from now on.
  func awake(_ why: Waking, metered: Bool) throws
  /// Nobody looks any more.
  func rest() throws
  /// Closes the database: every call after it fails with ``Trouble/isClosed``, until ``reopen()``.
  func close() throws
  func reopen() throws
  /// `zh-CN` or `en`.
  func language() throws -> String
}

/// What happened that a sync might be worth.
public enum Waking: String, Sendable, Equatable {
  case start, network, push
}

/// What whoever looks is told.
public struct Pulse: Sendable, Equatable {
  /// Counts up: where it is another one than at the last look, the screen is asked for again.
  public var turn: UInt64
  /// None before somebody has signed in, and after closing.
  public var chip: Chip?

  public init(turn: UInt64, chip: Chip?) {
    self.turn = turn
    self.chip = chip
  }
}

/// Looking. Cancelled or let go, it looks no more.
public protocol Watching: Sendable {
  func cancel()
}

/// Ends work that is under way, from any thread. Swift's own cancellation does not reach Rust.
public protocol Stopping: Sendable {
  func cancel()
}

/// A step of a sync.
public struct SyncStep: Sendable, Equatable {
  /// `started`, `sent`, `received`, `photo`, `finished`, `failed`.
  public var step: String
  public var text: String
  public var done: UInt64
  /// Zero where it is not known.
  public var of: UInt64

  public init(step: String, text: String, done: UInt64, of: UInt64) {
    self.step = step
    self.text = text
    self.done = done
    self.of = of
  }
}

/// What a sync came to.
public struct SyncReport: Sendable, Equatable {
  public var text: String
  /// It ended before everything was exchanged: `cancelled`, `deadline`.
  public var unfinished: String?
  public var exchanges: UInt64
  public var photos: UInt64

  public init(text: String, unfinished: String? = nil, exchanges: UInt64 = 0, photos: UInt64 = 0) {
    self.text = text
    self.unfinished = unfinished
    self.exchanges = exchanges
    self.photos = photos
  }
}

/// Why the core did not do something, in the reader's language.
public struct Trouble: Error, Sendable, Equatable {
  /// Stable, kebab-case.
  public var code: String
  public var text: String
  public var remedy: String?
  /// Another try comes to the same before a person did something: nobody is signed in, no access.
  public var needsPerson: Bool

  public init(code: String, text: String, remedy: String? = nil, needsPerson: Bool = false) {
    self.code = code
    self.text = text
    self.remedy = remedy
    self.needsPerson = needsPerson
  }

  /// The database is closed: nothing is wrong, and nothing is done before it is open again.
  public var isClosed: Bool { code == "app-closed" }

  public var notice: Notice {
    Notice(tone: .bad, text: text, remedy: remedy, code: code)
  }

  /// Of any error: what is none of the core's is told as what it is.
  public init(_ error: any Error) {
    self = error as? Trouble ?? Trouble(code: "shell", text: String(describing: error))
  }
}
