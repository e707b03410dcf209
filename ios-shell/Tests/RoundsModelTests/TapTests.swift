import RoundsModel
import Testing

/// Taps are done one after the other, once, and only from a screen that is still there.
@MainActor
@Suite final class TapTests {
  private let paper = PaperGateway()
  private let clock = HandClock()
  private lazy var model = PhoneModel(gateway: paper, clock: clock)

  @Test func aScreenIsShownAndATapLeadsToAnother() async {
    paper.screen = Some.screen("today", [Some.line("a")])
    paper.on("open a") { _, _ in After(screen: Some.screen("record", id: "a")) }
    await model.begin()
    #expect(model.rows.map(\.id) == ["line/a"])
    await model.tap("open a")
    #expect(model.screen?.name == "record")
    #expect(!model.busy)
  }

  @Test func theSameTapTwiceIsOneTap() async {
    paper.screen = Some.screen("today", [.button(Some.button("add"))])
    await model.begin()
    paper.hold("tap add")
    let first = Task { await model.press(Some.button("add")) }
    await until("the tap is inside") { self.paper.calls.contains("tap add") }
    #expect(model.busy)
    await model.press(Some.button("add"))
    paper.open("tap add")
    await first.value
    #expect(paper.calls.filter { $0 == "tap add" }.count == 1)
  }

  @Test func tapsAreDoneInTheirOrder() async {
    paper.screen = Some.screen("today", [Some.line("a"), Some.line("b"), Some.line("c")])
    await model.begin()
    paper.hold("tap open a")
    let all = ["a", "b", "c"].map { id in Task { await model.tap("open \(id)") } }
    await until("the first is inside") { self.paper.calls.contains("tap open a") }
    #expect(!paper.calls.contains("tap open b"), "the second waits")
    paper.open("tap open a")
    for one in all { await one.value }
    #expect(paper.calls.filter { $0.hasPrefix("tap") } == ["tap open a", "tap open b", "tap open c"])
  }

  @Test func aTapWhoseScreenIsGoneIsNone() async {
    paper.screen = Some.screen("today", [Some.line("a"), Some.line("b")])
    paper.on("open a") { paper, _ in
      paper.screen = Some.screen("record", id: "a")
      return After(screen: paper.screen)
    }
    await model.begin()
    paper.hold("tap open a")
    let first = Task { await model.tap("open a") }
    await until("the first is inside") { self.paper.calls.contains("tap open a") }
    let second = Task { await model.tap("open b") }
    let back = Task { await model.back() }
    await until("all have come") { self.model.busy }
    await Task.yield()
    paper.open("tap open a")
    for one in [first, second, back] { await one.value }
    #expect(model.screen?.name == "record")
    #expect(!paper.calls.contains("tap open b"))
    #expect(!paper.calls.contains("back"), "nor does a person go back from where they never were")
  }

  @Test func aGreyedButtonSaysWhyAndDoesNothing() async {
    var grey = Some.button("submit")
    grey.whyNot = Notice(tone: .warning, text: "31 questions are open", remedy: "Go on with the first one")
    paper.screen = Some.screen("form", main: grey)
    await model.begin()
    await model.press(grey)
    #expect(model.said?.remedy == "Go on with the first one")
    #expect(paper.calls == ["watch", "now"])
  }

  @Test func whatCannotBeTakenBackIsAskedBefore() async {
    var button = Some.button("remove")
    button.sure = Sure(text: "Remove?", yes: "Remove", no: "Keep")
    paper.screen = Some.screen("record", [.button(button)])
    await model.begin()
    await model.press(button)
    #expect(model.confirming?.sure.text == "Remove?")
    model.unconfirm()
    await model.confirm()
    #expect(!paper.calls.contains("tap remove"))
    await model.press(button)
    await model.confirm()
    #expect(paper.calls.contains("tap remove"))
    #expect(model.confirming == nil)
  }

  @Test func aSheetAsksAndStaysWhenTheCoreSaysNo() async throws {
    var button = Some.button("return")
    button.asks = [Some.name, Question(key: "n", label: "Read", input: .note)]
    paper.screen = Some.screen("record", [.button(button)])
    paper.on("return") { paper, given in
      let isShort = (given.first?.value.count ?? 0) < 3
      let no = Notice(tone: .bad, text: "Too short", code: "too-short")
      return After(screen: paper.screen, said: isShort ? no : Notice(tone: .good, text: "Returned"))
    }
    await model.begin()
    await model.press(button)
    let asking = try #require(model.asking)
    asking.set("no", at: Some.name)
    await model.submit(asking)
    #expect(model.said?.code == "too-short")
    #expect(model.asking?.text(at: Some.name) == "no", "what was typed is not lost")
    asking.set("Photo 2 is blurred", at: Some.name)
    await model.submit(asking)
    #expect(model.asking == nil)
    #expect(paper.calls.last { $0.hasPrefix("tap") } == "tap return name=Photo 2 is blurred")
  }

  @Test func aFileGoesToTheSystemAndTheCoreIsToldThatItWasPrinted() async {
    let file = LeavingFile(name: "a.pdf", mime: "application/pdf", path: "/a.pdf", purpose: "print", done: "printed a")
    paper.screen = Some.screen("record", [.button(Some.button("print"))])
    paper.on("print") { paper, _ in After(screen: paper.screen, file: file) }
    await model.begin()
    await model.press(Some.button("print"))
    #expect(model.file == file && file.isForPrinter)
    #expect(!LeavingFile(name: "a", mime: "", path: "", purpose: "share").isForPrinter)
    await model.left(done: false)
    #expect(!paper.calls.contains("tap printed a"), "a cancelled print is none")
    await model.press(Some.button("print"))
    await model.left(done: true)
    #expect(paper.calls.contains("tap printed a"))
    #expect(model.file == nil)
  }

  @Test func errorsAreToldInTheCoresWords() async {
    paper.screen = Some.screen("today", [Some.line("a")])
    await model.begin()
    paper.trouble = Trouble(code: "storage-full", text: "There is no room left", remedy: "Delete photos")
    await model.tap("open a")
    #expect(
      model.said == Notice(tone: .bad, text: "There is no room left", remedy: "Delete photos", code: "storage-full"))
    #expect(model.screen?.name == "today", "the screen stays")
    #expect(!model.busy)
  }

  @Test func whatIsGoodGoesByItselfAndWhatIsWrongStays() async {
    paper.screen = Some.screen("today", [Some.line("a"), Some.line("b")])
    paper.on("open a") { paper, _ in After(screen: paper.screen, said: Notice(tone: .good, text: "Saved")) }
    paper.on("open b") { paper, _ in After(screen: paper.screen, said: Notice(tone: .bad, text: "Refused")) }
    await model.begin()
    await model.tap("open a")
    #expect(model.said?.text == "Saved")
    await until("it waits") { self.clock.waiting == [.seconds(5)] }
    clock.advance(by: .seconds(5))
    await until("it is gone") { self.model.said == nil }
    await model.tap("open b")
    #expect(clock.waiting == [])
    #expect(model.said?.text == "Refused")
    model.dismissSaid()
    #expect(model.said == nil)
  }
}
