import Foundation
import RoundsCore
import RoundsGateway
import RoundsModel
import Testing

/// What is special at the border between Swift and Rust: errors on either side are errors on the other,
/// closed is closed, and many calls leave nothing behind.
@Suite struct BorderTests {
  @Test func theFirstScreenIsTheCoresOwn() throws {
    let fresh = try Fresh()
    let screen = try fresh.gateway.now()
    #expect(screen.name == "enrol")
    #expect(try fresh.gateway.language() == "en")
    let keys = screen.blocks.compactMap { block in
      guard case .ask(let question) = block else { return String?.none }
      return question.key
    }
    #expect(keys == ["server", "code", "device"])
  }

  @Test func everyCallAfterClosingIsAnErrorUntilItIsOpenAgain() async throws {
    let fresh = try Fresh()
    let before = try fresh.gateway.now()
    try fresh.gateway.close()
    try fresh.gateway.close()
    let stop = try fresh.gateway.stopper()
    let calls: [(String, () async throws -> Void)] = [
      ("now", { _ = try fresh.gateway.now() }), ("tap", { _ = try fresh.gateway.tap("\"sync\"", given: []) }),
      ("back", { _ = try fresh.gateway.back() }), ("typing", { try fresh.gateway.typing(key: "code", text: "1") }),
      ("awake", { try fresh.gateway.awake(.start, metered: false) }), ("rest", { try fresh.gateway.rest() }),
      ("page", { _ = try fresh.gateway.page(more: "{}") }),
      ("picture", { _ = try fresh.gateway.picture("\(UUID().uuidString)/shelf", maxPx: 100) }),
      ("sync", { _ = try await fresh.gateway.sync(stop: stop) { _ in } }),
      ("syncUntil", { _ = try await fresh.gateway.syncUntil(left: .seconds(1), stop: stop) }),
    ]
    for (name, call) in calls {
      do {
        try await call()
        Issue.record("\(name) went through")
      } catch let trouble as Trouble {
        #expect(trouble.isClosed, "\(name): \(trouble)")
        #expect(!trouble.text.isEmpty)
      }
    }
    try fresh.gateway.reopen()
    try fresh.gateway.reopen()
    #expect(try fresh.gateway.now() == before)
  }

  /// Whoever looks is no call into the database: it can begin while that is closed, and is told when it is open.
  @Test func whoLooksAtAClosedPhoneIsToldWhenItIsOpen() throws {
    let fresh = try Fresh()
    try fresh.gateway.close()
    let told = Pulses()
    let watching = try fresh.gateway.watch { told.add($0) }
    #expect(told.all.count == 1 && told.all[0].chip == nil)
    try fresh.gateway.reopen()
    #expect(told.all.count == 2 && told.all[1].turn > told.all[0].turn)
    watching.cancel()
  }

  @Test func aTapThatNoScreenOfferedIsToldAndDoesNothing() throws {
    let fresh = try Fresh()
    let before = try fresh.gateway.now()
    for tap in ["", "{}", "\"nothing\"", String(repeating: "[", count: 100_000), "\u{0}"] {
      let after = try fresh.gateway.tap(tap, given: [])
      #expect(after.said?.code == "tap-unknown")
      #expect(after.screen == before)
    }
  }

  @Test func anObserverThatThrowsEndsNothing() throws {
    let folder = try Folder()
    let phone = try Phone.open(folder: folder.inside("app"), language: "en", machine: .inSwift())
    for error: any Error in [Surprise(), CaptureError.Denied] {
      let thrower = Thrower(error)
      let watching = try phone.watch(watcher: thrower)
      #expect(thrower.calls == 1, "told at once")
      _ = try phone.tap(tap: "\"nothing\"", given: [])
      #expect(thrower.calls == 2)
      #expect(try phone.now().name == "enrol")
      try watching.cancel()
      _ = try phone.tap(tap: "\"nothing\"", given: [])
      #expect(thrower.calls == 2, "whoever cancelled is told no more")
    }
  }

  @Test func anObserverMayCallThePhone() throws {
    let folder = try Folder()
    let phone = try Phone.open(folder: folder.inside("app"), language: "en", machine: .inSwift())
    let asker = Asker(phone)
    let watching = try phone.watch(watcher: asker)
    _ = try phone.tap(tap: "\"nothing\"", given: [])
    #expect(asker.names == ["enrol", "enrol"])
    try watching.cancel()
  }

  @Test func withNobodySignedInThereIsNothingToDoInTheBackground() async throws {
    let fresh = try Fresh()
    do {
      _ = try await fresh.gateway.syncUntilStoppable(left: .seconds(5))
      Issue.record("it synced")
    } catch let trouble as Trouble {
      #expect(trouble.code == "nobody-signed-in" && trouble.needsPerson)
      #expect(BackgroundPlan.wishes(.failed(trouble, chip: nil)) == [])
    }
  }

  /// The camera was refused once: the notice is the one that leads to the system's settings.
  @Test func whatSwiftCallsAMissingPermissionIsTheCores() throws {
    let keys = Keys()
    let fresh = try Fresh(keys: keys)
    let main = try #require(try fresh.gateway.now().main)
    keys.fault = CaptureError.Denied
    let given = [("server", "http://127.0.0.1:9"), ("code", "AAAA-BBBB-CCCC"), ("device", "mine")]
    let after = try fresh.gateway.tap(main.tap, given: given.map { RoundsModel.Given(key: $0.0, value: $0.1) })
    #expect(after.said?.isAboutPermission == true)
  }

  static let faults: [(any Error, String)] = [
    (CaptureError.Unavailable, "capture-unavailable"), (CaptureError.Denied, "capture-denied"),
    (CaptureError.Failed(what: "broken"), "capture-failed"), (Surprise(), "capture-failed"),
  ]

  @Test(arguments: BorderTests.faults)
  func whatAKeyStoreThrowsIsToldInWords(_ error: any Error, _ code: String) throws {
    let keys = Keys()
    let fresh = try Fresh(keys: keys)
    let main = try #require(try fresh.gateway.now().main)
    keys.fault = error
    let given = [("server", "http://127.0.0.1:9"), ("code", "AAAA-BBBB-CCCC"), ("device", "mine")]
    let after = try fresh.gateway.tap(main.tap, given: given.map { RoundsModel.Given(key: $0.0, value: $0.1) })
    #expect(after.said?.code == code)
    #expect(after.said?.text.isEmpty == false)
    #expect(after.screen.name == "enrol", "and it goes on")
  }

  @Test func tenThousandCallsLeaveNothingBehind() throws {
    let fresh = try Fresh()
    let (grown, took) = try growth { _ in
      _ = try fresh.gateway.now()
      _ = try fresh.gateway.tap("\"nothing\"", given: [RoundsModel.Given(key: "code", value: "AAAA")])
    }
    print("10,000 calls: \(took / 10_000) each, \(grown / 1024) KB more memory")
    #expect(grown < BorderTests.bound)
  }

  /// The same measure, of something that is kept: it would be noticed.
  @Test func whatIsKeptOfTenThousandCallsIsNoticed() throws {
    let fresh = try Fresh()
    var kept: [RoundsModel.Screen] = []
    let (grown, _) = try growth { _ in
      kept.append(try fresh.gateway.now())
      kept.append(try fresh.gateway.now())
    }
    #expect(grown > 2 * BorderTests.bound, "\(grown / 1024) KB")
    #expect(kept.count == 12_000)
  }

  /// Some 100 bytes a call.
  private static let bound = 1 << 20

  /// How much memory 5,000 turns of two calls cost, and how long they take, once 1,000 have filled what is
  /// filled once.
  private func growth(_ turn: (Int) throws -> Void) throws -> (Int, Duration) {
    for n in 0..<1_000 { try turn(n) }
    let before = try resident()
    let began = ContinuousClock.now
    for n in 0..<5_000 { try turn(n) }
    return (try resident() - before, ContinuousClock.now - began)
  }

  @Test func objectsThatAreLetGoAreFreed() throws {
    let folder = try Folder()
    let phone = try Phone.open(folder: folder.inside("app"), language: "en", machine: .inSwift())
    weak var told: Thrower?
    do {
      let thrower = Thrower(Surprise())
      told = thrower
      let watching = try phone.watch(watcher: thrower)
      try watching.cancel()
    }
    #expect(told == nil, "Rust holds a cancelled observer no more")
  }
}

/// Bytes of this process that are in memory.
func resident() throws -> Int {
  let statm = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
  return try #require(statm.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 4096
}

private final class Thrower: Watcher, @unchecked Sendable {
  private let lock = NSLock()
  private let error: any Error
  private var count = 0

  init(_ error: any Error) {
    self.error = error
  }

  var calls: Int { lock.withLock { count } }

  func on(pulse: RoundsCore.Pulse) throws {
    lock.withLock { count += 1 }
    throw error
  }
}

private final class Pulses: @unchecked Sendable {
  private let lock = NSLock()
  private var pulses: [RoundsModel.Pulse] = []

  var all: [RoundsModel.Pulse] { lock.withLock { pulses } }

  func add(_ pulse: RoundsModel.Pulse) { lock.withLock { pulses.append(pulse) } }
}

private final class Asker: Watcher, @unchecked Sendable {
  private let lock = NSLock()
  private let phone: Phone
  private var seen: [String] = []

  init(_ phone: Phone) {
    self.phone = phone
  }

  var names: [String] { lock.withLock { seen } }

  func on(pulse: RoundsCore.Pulse) throws {
    let name = try phone.now().name
    lock.withLock { seen.append(name) }
  }
}
