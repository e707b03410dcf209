import Foundation
import RoundsCore
import RoundsModel

/// The real core behind the model's gateway. No logic: types are carried over, and errors with them.
public final class CoreGateway: Gateway {
  private let phone: Phone
  /// Calls that take long and return when they are done wait here, not on Swift's own threads.
  private let waiting = Worker.concurrent("rounds.core.waiting")

  public init(_ phone: Phone) {
    self.phone = phone
  }

  /// Opens the app in its folder, on this machine. `language` is the system's.
  public static func open(folder: String, language: String, machine: Machine) throws -> CoreGateway {
    try telling { CoreGateway(try Phone.open(folder: folder, language: language, machine: machine)) }
  }

  public func now() throws -> RoundsModel.Screen {
    try telling { RoundsModel.Screen(try phone.now()) }
  }

  public func tap(_ tap: String, given: [RoundsModel.Given]) throws -> RoundsModel.After {
    let given = given.map { RoundsCore.Given(key: $0.key, value: $0.value) }
    return try telling { RoundsModel.After(try phone.tap(tap: tap, given: given)) }
  }

  public func back() throws -> RoundsModel.After {
    try telling { RoundsModel.After(try phone.back()) }
  }

  public func typing(key: String, text: String) throws {
    try telling { try phone.typing(key: key, text: text) }
  }

  public func page(more: String) throws -> [RoundsModel.Block] {
    try telling { try phone.page(more: more).blocks.map(RoundsModel.Block.init) }
  }

  public func picture(_ name: String, maxPx: UInt32) throws -> Data {
    try telling { try phone.picture(name: name, maxPx: maxPx) }
  }

  public func watch(_ told: @escaping @Sendable (RoundsModel.Pulse) -> Void) throws -> any RoundsModel.Watching {
    try telling { CoreWatching(try phone.watch(watcher: Told(told))) }
  }

  public func stopper() throws -> any Stopping {
    try telling { CoreStop(try SyncStop()) }
  }

  public func sync(
    stop: any Stopping, step: @escaping @Sendable (RoundsModel.SyncStep) -> Void
  ) async throws -> RoundsModel.SyncReport {
    let stop = try CoreStop.of(stop)
    return try await telling { RoundsModel.SyncReport(try await phone.sync(observer: Steps(step), stop: stop.core)) }
  }

  public func syncUntil(left: Duration, stop: any Stopping) async throws -> RoundsModel.SyncReport {
    let (phone, stop) = (phone, try CoreStop.of(stop))
    let ms = UInt64(clamping: left.components.seconds) * 1000
    return try await waiting.run {
      try telling { RoundsModel.SyncReport(try phone.syncUntil(leftMs: ms, stop: stop.core)) }
    }
  }

  public func awake(_ why: Waking, metered: Bool) throws {
    try telling { try phone.awake(told: why.rawValue, metered: metered) }
  }

  public func rest() throws {
    try telling { try phone.rest() }
  }

  public func close() throws {
    try telling { try phone.close() }
  }

  public func reopen() throws {
    try telling { try phone.reopen() }
  }

  public func language() throws -> String {
    try telling { try phone.language() }
  }
}

/// Looking, by the core's own handle.
private struct CoreWatching: RoundsModel.Watching {
  let core: RoundsCore.Watching

  init(_ core: RoundsCore.Watching) {
    self.core = core
  }

  func cancel() {
    // Whoever looks no more has nobody to tell.
    try? core.cancel()
  }
}

/// The core's own handle that ends work.
private struct CoreStop: Stopping {
  let core: SyncStop

  init(_ core: SyncStop) {
    self.core = core
  }

  static func of(_ stop: any Stopping) throws -> CoreStop {
    guard let stop = stop as? CoreStop else {
      throw Trouble(code: "shell-stop", text: "This handle is not the core's.")
    }
    return stop
  }

  func cancel() {
    try? core.cancel()
  }
}

/// Hands pulses on to a closure.
private final class Told: Watcher {
  private let told: @Sendable (RoundsModel.Pulse) -> Void

  init(_ told: @escaping @Sendable (RoundsModel.Pulse) -> Void) {
    self.told = told
  }

  func on(pulse: RoundsCore.Pulse) throws {
    told(RoundsModel.Pulse(pulse))
  }
}

/// Hands the steps of a sync on to a closure.
private final class Steps: SyncObserver {
  private let step: @Sendable (RoundsModel.SyncStep) -> Void

  init(_ step: @escaping @Sendable (RoundsModel.SyncStep) -> Void) {
    self.step = step
  }

  func on(step: RoundsCore.SyncStep) throws {
    self.step(RoundsModel.SyncStep(step))
  }
}
