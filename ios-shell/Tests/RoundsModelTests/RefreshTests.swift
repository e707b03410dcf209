import RoundsModel
import Testing

/// The screen is read again when the core says so or the time comes, and a long list does not jump.
@MainActor
@Suite final class RefreshTests {
  private let paper = PaperGateway()
  private let clock = HandClock()
  private lazy var model = PhoneModel(gateway: paper, clock: clock)

  private var readings: Int { paper.calls.filter { $0 == "now" }.count }

  @Test func newsChangesTheChipAtOnceAndTheScreenSoon() async {
    await model.begin()
    paper.screen = Some.screen("today", [Some.line("new")])
    paper.pulse(Pulse(turn: 1, chip: Some.chip("syncing")))
    await until("the chip changes") { self.model.chip?.state == "syncing" || self.model.rows.count == 1 }
    await until("the screen is read") { self.model.rows.map(\.id) == ["line/new"] }
  }

  /// What is told at once, when looking begins, is read by the same reading.
  @Test func whoBeginsHasAScreen() async {
    paper.screen = Some.screen("today", [Some.line("a")])
    paper.onWatch(Pulse(turn: 1, chip: nil))
    await model.begin()
    #expect(model.rows.map(\.id) == ["line/a"])
  }

  @Test func manyPulsesWhileOneIsReadMakeOneReadingMore() async {
    await model.begin()
    paper.hold("now")
    for turn in 1...50 { paper.pulse(Pulse(turn: UInt64(turn), chip: nil)) }
    await until("one is read") { self.readings == 2 }
    // All have come by now: each is a turn of the main actor.
    for _ in 0..<200 { await Task.yield() }
    paper.open("now")
    await until("the last one is seen") { self.readings == 3 }
    for _ in 0..<200 { await Task.yield() }
    #expect(readings == 3)
  }

  @Test func anOldPulseThatComesLateChangesNothing() async {
    await model.begin()
    paper.screen.chip = Some.chip("up_to_date")
    paper.pulse(Pulse(turn: 5, chip: Some.chip("up_to_date")))
    await until("it is read") { self.model.chip?.state == "up_to_date" }
    paper.pulse(Pulse(turn: 4, chip: Some.chip("syncing")))
    for _ in 0..<200 { await Task.yield() }
    #expect(model.chip?.state == "up_to_date")
  }

  @Test func newsDuringATapIsReadAfterIt() async {
    paper.screen = Some.screen("today", [Some.line("a")])
    await model.begin()
    paper.hold("tap open a")
    let tap = Task { await model.tap("open a") }
    await until("it is inside") { self.paper.calls.contains("tap open a") }
    paper.pulse(Pulse(turn: 1, chip: Some.chip("waiting")))
    await until("the chip changes") { self.model.chip?.state == "waiting" }
    #expect(readings == 1)
    paper.open("tap open a")
    await tap.value
    #expect(readings == 2)
  }

  @Test func aScreenThatChangesByItselfIsReadWhenItSaid() async {
    paper.screen.againMs = 1_000
    await model.begin()
    await until("it waits") { self.clock.waiting == [.seconds(1)] }
    paper.screen.againMs = nil
    clock.advance(by: .seconds(1))
    await until("it is read") { self.readings == 2 }
    await until("and waits no more") { self.model.screen?.againMs == nil }
    #expect(clock.waiting == [])
  }

  @Test func pagesComeAsTheyAreReachedAndStay() async {
    paper.screen = Some.screen("list", [Some.line("1"), .more(more: "p2")])
    paper.page("p2", is: [Some.line("2"), .more(more: "p3")])
    paper.page("p3", is: [Some.line("3")])
    await model.begin()
    let model = model
    async let once: Void = model.reached(more: "p2")
    async let twice: Void = model.reached(more: "p2")
    _ = await (once, twice)
    #expect(paper.calls.filter { $0 == "page p2" }.count == 1)
    await model.reached(more: "p3")
    #expect(model.rows.map(\.id) == ["line/1", "line/2", "line/3"])
    await model.refresh()
    #expect(model.rows.map(\.id) == ["line/1", "line/2", "line/3"], "the list does not jump")
    await model.tap("open 3")
    #expect(paper.calls.contains("tap open 3"), "a line of a page can be tapped")
    await model.reached(more: "p2")
    #expect(model.rows.count == 3)
  }

  @Test func aPageThatDidNotComeIsAskedForAgain() async {
    paper.screen = Some.screen("list", [Some.line("1"), .more(more: "p2")])
    paper.page("p2", is: [Some.line("2")])
    await model.begin()
    paper.trouble = Trouble(code: "storage", text: "It cannot be read")
    await model.reached(more: "p2")
    #expect(model.missed == "p2" && model.said?.code == "storage")
    paper.trouble = nil
    await model.reached(more: "p2")
    #expect(model.missed == nil && model.rows.map(\.id) == ["line/1", "line/2"])
  }

  /// The database was closed while the page was read: nothing is said, and it can be asked for again.
  @Test func aPageOfAPhoneThatSleptIsMissedInSilence() async {
    paper.screen = Some.screen("list", [Some.line("1"), .more(more: "p2")])
    await model.begin()
    paper.trouble = Trouble(code: "app-closed", text: "Closed")
    await model.reached(more: "p2")
    #expect(model.missed == "p2" && model.said == nil)
    paper.trouble = nil
    await model.refresh()
    #expect(model.missed == nil, "what is read again is asked for again")
  }

  @Test func theGestureThatLeavesGoesBackWhereThereIsSomethingToGoBackTo() async {
    await model.begin()
    await model.escape()
    #expect(!paper.calls.contains("back"))
    paper.screen.back = true
    await model.refresh()
    await model.escape()
    #expect(paper.calls.contains("back"))
  }

  /// The core may be busy for as long as a camera is held: nothing of it is asked on the main thread.
  @Test func nothingOfTheCoreIsAskedOnTheMainThread() async {
    paper.screen = Some.screen("today", [Some.line("a")])
    await model.begin()
    await model.tap("open a")
    await model.sync()
    #expect(["watch", "now", "tap open a", "sync"].allSatisfy(paper.calls.contains))
    #expect(paper.onMain == [])
  }

  @Test func equalNamesGetRowsOfTheirOwn() async {
    paper.screen = Some.screen("today", [.text(text: "a"), Some.line("x"), .text(text: "b"), Some.line("x")])
    await model.begin()
    #expect(model.rows.map(\.id) == ["text", "line/x", "text#1", "line/x#1"])
  }

  @Test func aPhoneThatSleepsSaysNothing() async {
    await model.begin()
    paper.trouble = Trouble(code: "app-closed", text: "Closed")
    await model.refresh()
    #expect(model.said == nil)
    #expect(model.screen?.name == "today")
  }

  @Test func whoLooksNoMoreIsToldNothing() async {
    await model.begin()
    model.end()
    paper.pulse(Pulse(turn: 9, chip: nil))
    for _ in 0..<200 { await Task.yield() }
    #expect(readings == 1)
  }

  @Test func aCancelledSyncIsStoppedByItsHandle() async {
    paper.onSync { stop in
      await stop.cancelled()
      return SyncReport(text: "Stopped", unfinished: "cancelled")
    }
    await model.begin()
    let sync = Task { await model.sync() }
    await until("it is under way") { self.paper.calls.contains("sync") }
    sync.cancel()
    await sync.value
    #expect(model.said == nil, "whoever cancelled knows")
  }
}
