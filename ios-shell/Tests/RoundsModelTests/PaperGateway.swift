import Foundation
import RoundsModel

/// A core of paper: screens made by hand, and a note of every call.
final class PaperGateway: Gateway, @unchecked Sendable {
  private let lock = NSLock()
  private var _calls: [String] = []
  private var _screen = Screen(name: "today", id: "today", title: "Today")
  private var _taps: [String: @Sendable (PaperGateway, [Given]) throws -> After] = [:]
  private var _pages: [String: [Block]] = [:]
  private var _told: (@Sendable (Pulse) -> Void)?
  private var _first: Pulse?
  private var _trouble: Trouble?
  private var _isOpen = true
  private var _onMain: [String] = []
  private var _gates: [String: DispatchSemaphore] = [:]
  private var _sync: @Sendable (PaperStop) async throws -> SyncReport = { _ in SyncReport(text: "Up to date") }

  private func locked<T>(_ work: () -> T) -> T {
    lock.lock()
    defer { lock.unlock() }
    return work()
  }

  // What a test sets and reads.

  var calls: [String] { locked { _calls } }
  var isOpen: Bool { locked { _isOpen } }
  /// What was asked on the main thread.
  var onMain: [String] { locked { _onMain } }

  var screen: Screen {
    get { locked { _screen } }
    set { locked { _screen = newValue } }
  }

  /// Every call fails with this.
  var trouble: Trouble? {
    get { locked { _trouble } }
    set { locked { _trouble = newValue } }
  }

  func on(_ tap: String, _ work: @escaping @Sendable (PaperGateway, [Given]) throws -> After) {
    locked { _taps[tap] = work }
  }

  func page(_ more: String, is blocks: [Block]) {
    locked { _pages[more] = blocks }
  }

  func onSync(_ work: @escaping @Sendable (PaperStop) async throws -> SyncReport) {
    locked { _sync = work }
  }

  /// The call stays inside until ``open(_:)``.
  func hold(_ call: String) {
    locked { _gates[call] = DispatchSemaphore(value: 0) }
  }

  func open(_ call: String) {
    locked { _gates.removeValue(forKey: call) }?.signal()
  }

  /// Whoever looks is told this at once.
  func onWatch(_ pulse: Pulse) {
    locked { _first = pulse }
  }

  func pulse(_ pulse: Pulse) {
    locked { _told }?(pulse)
  }

  private func note(_ call: String) throws {
    let isMain = Thread.isMainThread
    let (gate, trouble, isOpen) = locked { () -> (DispatchSemaphore?, Trouble?, Bool) in
      _calls.append(call)
      if isMain { _onMain.append(call) }
      return (_gates[call], _trouble, _isOpen)
    }
    gate?.wait()
    if let trouble { throw trouble }
    let isAboutDoor = call == "close" || call == "reopen"
    if !isOpen, !isAboutDoor { throw Trouble(code: "app-closed", text: "Closed") }
  }

  // The gateway.

  func now() throws -> Screen {
    try note("now")
    return screen
  }

  func tap(_ tap: String, given: [Given]) throws -> After {
    let beside = given.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    try note("tap \(tap)" + (beside.isEmpty ? "" : " \(beside)"))
    return try locked { _taps[tap] }?(self, given) ?? After(screen: screen)
  }

  func back() throws -> After {
    try note("back")
    return try locked { _taps["back"] }?(self, []) ?? After(screen: screen)
  }

  func typing(key: String, text: String) throws { try note("typing \(key)=\(text)") }

  func page(more: String) throws -> [Block] {
    try note("page \(more)")
    return locked { _pages[more] } ?? []
  }

  func picture(_ name: String, maxPx: UInt32) throws -> Data {
    try note("picture \(name)")
    return Data(name.utf8)
  }

  func watch(_ told: @escaping @Sendable (Pulse) -> Void) throws -> any Watching {
    try note("watch")
    locked { _told = told }
    if let first = locked({ _first }) { told(first) }
    return PaperWatching { self.locked { self._told = nil } }
  }

  func stopper() -> any Stopping {
    if Thread.isMainThread { locked { _onMain.append("stopper") } }
    return PaperStop()
  }

  func sync(stop: any Stopping, step: @escaping @Sendable (SyncStep) -> Void) async throws -> SyncReport {
    try note("sync")
    guard let stop = stop as? PaperStop else { throw Trouble(code: "paper", text: "Another's stop") }
    return try await locked { _sync }(stop)
  }

  func syncUntil(left: Duration, stop: any Stopping) async throws -> SyncReport {
    try note("syncUntil \(left.components.seconds)")
    guard let stop = stop as? PaperStop else { throw Trouble(code: "paper", text: "Another's stop") }
    return try await locked { _sync }(stop)
  }

  func awake(_ why: Waking, metered: Bool) throws { try note("awake \(why.rawValue)" + (metered ? " metered" : "")) }
  func rest() throws { try note("rest") }

  func close() throws {
    defer { locked { _isOpen = false } }
    try note("close")
  }

  func reopen() throws {
    try note("reopen")
    locked { _isOpen = true }
  }

  func language() throws -> String {
    if Thread.isMainThread { locked { _onMain.append("language") } }
    return "en"
  }
}

struct PaperWatching: Watching {
  let done: @Sendable () -> Void
  func cancel() { done() }
}

/// A handle that tells whoever waits for it.
final class PaperStop: Stopping, @unchecked Sendable {
  private let lock = NSLock()
  private var isCancelled = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func cancel() {
    lock.lock()
    isCancelled = true
    let all = waiting
    waiting = []
    lock.unlock()
    for one in all { one.resume() }
  }

  func cancelled() async {
    await withCheckedContinuation { one in
      lock.lock()
      let now = isCancelled
      if !now { waiting.append(one) }
      lock.unlock()
      if now { one.resume() }
    }
  }
}
