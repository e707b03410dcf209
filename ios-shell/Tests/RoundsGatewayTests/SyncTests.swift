import Foundation
import RoundsCore
import RoundsGateway
import RoundsModel
import Testing

/// Syncing with a real server: a cancelled task stops Rust's work by its handle, and the phone goes on.
@Suite(.serialized) struct SyncTests {
  @Test func aCancelledTaskStopsTheSync() async throws {
    let (stage, gateway) = try await Enrolled.make()
    stage.freeze()
    let waiting = Steps()
    let sync = Task { try await gateway.syncStoppable { waiting.note($0) } }
    await waiting.first()
    sync.cancel()
    let report = try await sync.value
    #expect(report.unfinished == "cancelled")
    stage.thaw()
    let again = try await gateway.syncStoppable()
    #expect(again.unfinished == nil, "nothing is stuck")
  }

  @Test func aTaskThatWasCancelledBeforeItBeganSyncsNothing() async throws {
    let (_, gateway) = try await Enrolled.make()
    let sync = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await gateway.syncStoppable()
    }
    sync.cancel()
    #expect(try await sync.value.unfinished == "cancelled")
  }

  @Test func timeInTheBackgroundEndsWithTheTimeOrTheSystem() async throws {
    let (stage, gateway) = try await Enrolled.make()
    stage.freeze()
    let byTime = try await gateway.syncUntilStoppable(left: .seconds(1))
    #expect(byTime.unfinished == "deadline")
    let sync = Task { try await gateway.syncUntilStoppable(left: .seconds(300)) }
    sync.cancel()
    #expect(try await sync.value.unfinished == "cancelled")
    stage.thaw()
    #expect(try await gateway.syncUntilStoppable(left: .seconds(300)).unfinished == nil)
  }

  @Test @MainActor func aRevokedPhoneAsksForNoTimeInTheBackground() async throws {
    let (stage, gateway) = try await Enrolled.make("张伟")
    let (door, times) = (Door(gateway: gateway), Times())
    let runs = BackgroundRuns(gateway: gateway, door: door, times: times)
    #expect(await runs.run(.refresh))
    #expect(times.wanted == [.refresh: .seconds(60 * 60)], "news, in an hour")
    #expect(throws: Trouble.self, "closed behind it") { try gateway.now() }
    try stage.say("offline")
    #expect(await runs.run(.refresh) == false)
    #expect(times.wanted == [.refresh: .seconds(15 * 60)], "the network may come back")
    try stage.say("online")
    try stage.say("revoke 张伟")
    #expect(await runs.run(.refresh), "what it had is taken, and it learns that it is let go")
    #expect(times.wanted == [:], "only a person can help")
    #expect(await runs.run(.refresh) == false)
    #expect(times.wanted == [:])
  }

  @Test func closingEndsASyncThatIsUnderWay() async throws {
    let (stage, gateway) = try await Enrolled.make()
    stage.freeze()
    let waiting = Steps()
    let sync = Task { try await gateway.syncStoppable { waiting.note($0) } }
    await waiting.first()
    try await Worker.serial("close").run { try gateway.close() }
    let ended = try? await sync.value
    #expect(ended == nil || ended?.unfinished == "cancelled")
    #expect(throws: Trouble.self) { try gateway.now() }
    stage.thaw()
    try gateway.reopen()
    #expect(try gateway.now().name == "today")
  }

  @Test func anObserverOfASyncThatThrowsEndsNothing() async throws {
    let (stage, phone) = try await Enrolled.phone()
    let report = try await phone.sync(observer: ThrowingSteps(), stop: SyncStop())
    #expect(report.unfinished == nil)
    _ = stage
  }

  @Test @MainActor func theModelShowsWhatTheCoreSays() async throws {
    let (stage, gateway) = try await Enrolled.make()
    let model = PhoneModel(gateway: gateway)
    await model.begin()
    #expect(model.screen?.name == "today" && model.chip != nil)
    await model.sync()
    #expect(model.said == nil)
    let work = try #require(model.screen?.places.first { $0.icon == "work" })
    await model.tap(work.tap)
    #expect(model.screen?.name == "work")
    try await model.door.leave(.person)
    #expect(throws: Trouble.self) { try gateway.now() }
    try await model.door.enter(.person)
    await model.refresh()
    #expect(model.screen?.name == "work" && model.said == nil)
    model.end()
    _ = stage
  }
}

/// A phone whose rep has signed in, and the stage that its server stands on: one for all these tests, because to
/// found a team takes longer than they do. They are played one after another.
enum Enrolled {
  private static let stage = Result { try Stage() }

  static func make(_ name: String = "李娜", on own: Stage? = nil) async throws -> (Stage, CoreGateway) {
    let (stage, phone) = try await phone(name, on: own)
    return (stage, CoreGateway(phone))
  }

  static func phone(_ name: String = "李娜", on own: Stage? = nil) async throws -> (Stage, Phone) {
    let stage = try own ?? Enrolled.stage.get()
    // Whatever became of the test before.
    stage.thaw()
    try stage.say("online")
    let folder = (stage.card["folder"]?.text ?? "") + "/swift-" + UUID().uuidString
    let phone = try Phone.simulated(folder: folder, language: "en", machine: SimulatedMachine(folder: folder))
    let invitation = try #require(try stage.say("invite \(name)")["code"]?.text)
    let address = try #require(stage.card["address"]?.text)
    try press(phone, ["server": address, "code": invitation, "device": "Swift's"])
    try press(phone, ["pin": "2580", "again": "2580"])
    #expect(try phone.now().name == "today")
    return (stage, phone)
  }

  private static func press(_ phone: Phone, _ given: [String: String]) throws {
    let main = try #require(try phone.now().main)
    let given = given.map { RoundsCore.Given(key: $0.key, value: $0.value) }
    let said = try phone.tap(tap: main.tap, given: given).said
    #expect(said == nil || said?.tone == .good, "\(said?.text ?? "")")
  }
}

/// What the system was asked for, and not asked to forget.
@MainActor
private final class Times: BackgroundTimes {
  var wanted: [BackgroundPlan.Kind: Duration] = [:]

  func ask(_ wish: BackgroundPlan.Wish) { wanted[wish.kind] = wish.after }
  func cancel(_ kind: BackgroundPlan.Kind) { wanted[kind] = nil }
}

/// Notes the steps of a sync, and lets others wait for the first.
private final class Steps: @unchecked Sendable {
  private let lock = NSLock()
  private var isThere = false
  private var waiting: CheckedContinuation<Void, Never>?

  func note(_ step: RoundsModel.SyncStep) {
    let waiting = lock.withLock {
      isThere = true
      defer { self.waiting = nil }
      return self.waiting
    }
    waiting?.resume()
  }

  func first() async {
    await withCheckedContinuation { one in
      let now = lock.withLock {
        if !isThere { waiting = one }
        return isThere
      }
      if now { one.resume() }
    }
  }
}

private final class ThrowingSteps: SyncObserver {
  func on(step: RoundsCore.SyncStep) throws { throw Surprise() }
}
