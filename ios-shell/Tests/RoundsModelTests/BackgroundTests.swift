import RoundsModel
import Testing

/// Time in the background: asked for again first, ended in good order, and not asked for where only a
/// person can help.
@MainActor
@Suite final class BackgroundTests {
  private let paper = PaperGateway()
  private let times = PaperTimes()
  private lazy var door = Door(gateway: paper)
  private lazy var runs = BackgroundRuns(gateway: paper, door: door, times: times)

  @Test func theNextTimeIsAskedForBeforeAnythingElse() async {
    paper.onSync { [times] _ in
      let asked = await times.asked
      #expect(asked == ["refresh 900"])
      return SyncReport(text: "Up to date")
    }
    _ = await runs.run(.refresh)
    #expect(times.asked == ["refresh 900", "no processing", "refresh 3600"])
  }

  /// Before the phone was unlocked after its start the keys cannot be read, and there is no app.
  @Test func theNextTimeIsAskedForEvenWhereTheAppCannotBeMade() async {
    var asked: [String] = []
    let done = await BackgroundRuns.use(.refresh, of: times) {
      asked = times.asked
      return nil
    }
    #expect(!done)
    #expect(asked == ["refresh 900"], "before it is tried: what cannot be made may end the process")
    #expect(times.asked == ["refresh 900"])
    let runs = runs
    let second = await BackgroundRuns.use(.processing, of: times) { runs }
    #expect(second)
    #expect(times.asked.dropFirst().first == "processing 900")
  }

  /// The system gives both kinds at once: the first that ends closes nothing under the other.
  @Test func twoRunsAtOnceDoNotCloseUnderEachOther() async {
    paper.hold("syncUntil 295")
    let long = Task { await runs.run(.processing) }
    await until("the long one is inside") { self.paper.calls.contains("syncUntil 295") }
    let short = await runs.run(.refresh)
    #expect(short && paper.isOpen)
    paper.open("syncUntil 295")
    let done = await long.value
    #expect(done && !paper.isOpen)
  }

  @Test func theTimeIsTakenBackInGoodOrder() async {
    paper.onSync { stop in
      await stop.cancelled()
      return SyncReport(text: "Stopped", unfinished: "cancelled")
    }
    let run = Task { await runs.run(.processing) }
    await until("it runs") { self.paper.calls.contains("syncUntil 295") }
    runs.expire(.processing)
    let done = await run.value
    #expect(done, "what was exchanged stays")
    #expect(!paper.isOpen, "and the database is closed")
  }

  @Test func expiryBeforeTheSyncBeganEndsItToo() async {
    paper.hold("syncUntil 25")
    paper.onSync { stop in
      await stop.cancelled()
      return SyncReport(text: "Stopped", unfinished: "cancelled")
    }
    let run = Task { await runs.run(.refresh) }
    await until("it begins") { self.paper.calls.contains("syncUntil 25") }
    runs.expire(.refresh)
    paper.open("syncUntil 25")
    _ = await run.value
    #expect(!paper.isOpen)
  }

  @Test func aFailedRunClosesToo() async {
    paper.onSync { _ in throw Trouble(code: "offline", text: "Offline") }
    let done = await runs.run(.refresh)
    #expect(!done)
    #expect(!paper.isOpen)
    #expect(times.asked.last == "refresh 900")
  }

  @Test func wishesFollowFromWhatIsKnown() {
    func wishes(_ known: BackgroundPlan.Known) -> [String] {
      BackgroundPlan.wishes(known).map { "\($0.kind.rawValue) \($0.after.components.seconds)" }
    }
    #expect(wishes(.looked(chip: nil)) == [])
    for state in ["signed_out", "no_access", "stopped"] {
      #expect(wishes(.looked(chip: Some.chip(state))) == [], "\(state)")
      #expect(wishes(.ran(SyncReport(text: ""), chip: Some.chip(state))) == [], "\(state)")
      #expect(wishes(.failed(Trouble(code: "offline", text: ""), chip: Some.chip(state))) == [], "\(state)")
    }
    for state in ["waiting", "offline", "syncing", "never", "needs_you"] {
      #expect(wishes(.looked(chip: Some.chip(state))) == ["refresh 900"], "\(state)")
    }
    #expect(wishes(.looked(chip: Some.chip("up_to_date"))) == ["refresh 3600"])
    #expect(wishes(.ran(SyncReport(text: ""), chip: nil)) == ["refresh 3600"])
    #expect(wishes(.ran(SyncReport(text: "", unfinished: "cancelled"), chip: nil)) == ["refresh 900"])
    #expect(wishes(.ran(SyncReport(text: "", unfinished: "deadline"), chip: nil)) == ["refresh 900", "processing 60"])
    #expect(wishes(.failed(Trouble(code: "token-unknown", text: "", needsPerson: true), chip: nil)) == [])
    #expect(wishes(.failed(Trouble(code: "offline", text: ""), chip: Some.chip("offline"))) == ["refresh 900"])
  }
}
