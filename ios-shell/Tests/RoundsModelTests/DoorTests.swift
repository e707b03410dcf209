import RoundsModel
import Testing

/// The database is closed before suspension and open again after, whoever comes and goes meanwhile.
@MainActor
@Suite final class DoorTests {
  private let paper = PaperGateway()
  private lazy var model = PhoneModel(gateway: paper, clock: HandClock())
  private let times = PaperTimes()
  private lazy var runs = BackgroundRuns(gateway: paper, door: model.door, times: times)
  private lazy var presence = Presence(model: model, planner: runs)

  private var doorCalls: [String] { paper.calls.filter { $0 == "close" || $0 == "reopen" } }

  @Test func closedWhenNobodyLooksAndOpenAgainAfter() async {
    await presence.foreground()
    #expect(paper.calls == ["awake start", "now"])
    model.type("half", at: Some.name)
    await presence.background()
    #expect(
      paper.calls.suffix(3) == ["typing name=half", "rest", "close"],
      "what is typed is kept first, and the core rests before the door closes")
    #expect(!paper.isOpen)
    await presence.foreground()
    #expect(paper.calls.suffix(3) == ["reopen", "awake start", "now"])
    #expect(model.said == nil)
  }

  /// As the app is started: in front of a person, and nothing was ever done in the background.
  @Test func whoStartedTheAppAndLeavesItClosesIt() async {
    await model.begin()
    await presence.foreground()
    await presence.background()
    #expect(!paper.isOpen)
    #expect(doorCalls == ["close"])
  }

  /// The system started it and took it away before anything was done.
  @Test func whoNeverCameClosesItToo() async {
    await presence.background()
    #expect(!paper.isOpen)
  }

  @Test func whoeverIsBackBeforeTheyWereGoneFindsItOpenAndAwake() async {
    await presence.foreground()
    paper.hold("rest")
    let out = Task { await presence.background() }
    await until("the core is going to rest") { self.paper.calls.contains("rest") }
    let back = Task { await presence.foreground() }
    for _ in 0..<200 { await Task.yield() }
    paper.open("rest")
    await out.value
    await back.value
    #expect(paper.isOpen)
    #expect(doorCalls == [], "nothing was closed under their hands")
    #expect(paper.calls.filter { $0 == "rest" || $0.hasPrefix("awake") } == ["awake start", "rest", "awake start"])
  }

  @Test func aBackgroundRunOpensAndClosesAgain() async {
    await presence.foreground()
    await presence.background()
    let done = await runs.run(.refresh)
    #expect(done)
    #expect(paper.calls.suffix(4) == ["reopen", "syncUntil 25", "now", "close"])
  }

  @Test func thePersonWhoComesBackDuringARunFindsItOpen() async {
    await presence.foreground()
    await presence.background()
    paper.onSync { stop in
      await stop.cancelled()
      return SyncReport(text: "Stopped", unfinished: "cancelled")
    }
    let run = Task { await runs.run(.refresh) }
    await until("it runs") { self.paper.calls.contains("syncUntil 25") }
    await presence.foreground()
    runs.expire(.refresh)
    _ = await run.value
    #expect(paper.isOpen)
    #expect(doorCalls == ["close", "reopen"])
  }

  @Test func outAndBackInQuicklyClosesNothingTwice() async {
    await presence.foreground()
    paper.hold("close")
    let out = Task { await presence.background() }
    await until("it is being closed") { self.paper.calls.contains("close") }
    let back = Task { await presence.foreground() }
    paper.open("close")
    await out.value
    await back.value
    #expect(paper.isOpen)
    #expect(doorCalls == ["close", "reopen"])
  }

  @Test func aTapThatComesWhileItOpensWaitsForIt() async {
    paper.screen = Some.screen("today", [Some.line("a")])
    await presence.foreground()
    await presence.background()
    paper.hold("reopen")
    let back = Task { await presence.foreground() }
    await until("it is being opened") { self.paper.calls.contains("reopen") }
    let tap = Task { await model.tap("open a") }
    for _ in 0..<200 { await Task.yield() }
    #expect(!paper.calls.contains("tap open a"))
    paper.open("reopen")
    await back.value
    await tap.value
    #expect(paper.calls.contains("tap open a"))
    #expect(model.said == nil)
  }

  @Test func troubleWhileClosingIsClosedAllTheSame() async {
    await presence.foreground()
    paper.trouble = Trouble(code: "storage-full", text: "No room")
    await presence.background()
    paper.trouble = nil
    #expect(model.said?.code == "storage-full")
    #expect(paper.calls.suffix(2) == ["rest", "close"], "what cannot rest is closed all the same")
    await presence.foreground()
    #expect(doorCalls == ["close", "reopen"])
  }

  @Test func onlyTheReturnOfTheNetworkIsWorthASync() async {
    await presence.foreground()
    await presence.network(isThere: false, metered: false)
    await presence.network(isThere: true, metered: true)
    #expect(paper.calls.filter { $0.hasPrefix("awake") } == ["awake start", "awake network metered"])
    await presence.background()
    await presence.network(isThere: true, metered: false)
    #expect(paper.calls.last == "close", "nobody looks: the system wakes the app when it likes")
  }
}

/// Notes what is asked of the system.
@MainActor
final class PaperTimes: BackgroundTimes {
  var asked: [String] = []

  nonisolated init() {}

  func ask(_ wish: BackgroundPlan.Wish) { asked.append("\(wish.kind.rawValue) \(wish.after.components.seconds)") }
  func cancel(_ kind: BackgroundPlan.Kind) { asked.append("no \(kind.rawValue)") }
}
