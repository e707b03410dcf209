import RoundsModel
import Testing

/// Half a word is kept, an answer is given once, and a secret is told to nobody before its tap.
@MainActor
@Suite final class TypingTests {
  private let paper = PaperGateway()
  private let clock = HandClock()
  private lazy var model = PhoneModel(gateway: paper, clock: clock)

  @Test func typingShowsAtOnceAndIsToldAtAPause() async {
    paper.screen = Some.form([.ask(Some.name)])
    await model.begin()
    for text in ["L", "Li", "Li N"] {
      model.type(text, at: Some.name)
      await until("it waits for a pause") { self.clock.waiting == [.milliseconds(400)] }
      clock.advance(by: .milliseconds(300))
    }
    #expect(model.text(at: Some.name) == "Li N")
    #expect(!paper.calls.contains { $0.hasPrefix("typing") })
    clock.advance(by: .milliseconds(100))
    await until("it is told") { self.paper.calls.contains("typing name=Li N") }
    #expect(paper.calls.filter { $0.hasPrefix("typing") }.count == 1)
  }

  @Test func whatIsTypedIsToldBeforeTheNextTap() async {
    paper.screen = Some.form([.ask(Some.name), Some.line("a")])
    await model.begin()
    model.type("Li", at: Some.name)
    await model.tap("open a")
    #expect(
      paper.calls.filter { !["watch", "now"].contains($0) } == ["typing name=Li", "tap give name=Li", "tap open a"])
  }

  @Test func aFieldThatIsLeftByBackIsAnsweredAndWhatIsWrongIsSaid() async {
    paper.screen = Some.form([.ask(Some.name)])
    paper.on("give") { paper, _ in After(screen: paper.screen, said: Notice(tone: .bad, text: "Too long")) }
    await model.begin()
    model.type("Li", at: Some.name)
    await model.back()
    #expect(paper.calls.suffix(3) == ["typing name=Li", "tap give name=Li", "back"])
    #expect(model.said?.text == "Too long")
  }

  @Test func aButtonIsGivenWhatIsTyped() async {
    paper.screen = Some.screen("enrol", [.ask(Some.name)], main: Some.button("enrol"))
    await model.begin()
    model.type("Li", at: Some.name)
    await model.press(Some.button("enrol"))
    #expect(paper.calls.contains("tap enrol name=Li"))
    #expect(model.text(at: Some.name) == "", "from now on the core says what stands there")
  }

  @Test func leavingTheFieldGivesTheAnswerOnce() async {
    paper.screen = Some.form([.ask(Some.name)])
    paper.on("give") { paper, given in
      var answered = Some.name
      answered.value = given[0].value
      paper.screen = Some.form([.ask(answered)])
      return After(screen: paper.screen)
    }
    await model.begin()
    model.type("Li Na", at: Some.name)
    await model.finishTyping(at: Some.name)
    await model.finishTyping(at: Some.name)
    #expect(paper.calls.filter { $0.hasPrefix("tap give") } == ["tap give name=Li Na"])
    guard case .ask(let question)? = model.rows.first?.block else {
      Issue.record("no question")
      return
    }
    #expect(model.text(at: question) == "Li Na")
  }

  @Test func answersThatGoWithAButtonWaitForIt() async {
    let day = Question(key: "day", label: "Day", input: .date)
    paper.screen = Some.screen("act", [.ask(day), .ask(Some.name)], main: Some.button("do"))
    await model.begin()
    await model.give("2026-11-23", at: day)
    model.type("Li", at: Some.name)
    await model.finishTyping(at: Some.name)
    #expect(paper.calls.filter { $0.hasPrefix("tap") } == [])
    #expect(model.value(of: day) == "2026-11-23")
    await model.press(Some.button("do"))
    #expect(paper.calls.contains("tap do day=2026-11-23,name=Li"))
    #expect(model.value(of: day) == "")
  }

  @Test func aChoiceShowsBeforeTheCoreHasIt() async {
    let day = Question(key: "day", label: "Day", input: .date)
    paper.screen = Some.form([.ask(day)])
    await model.begin()
    paper.hold("tap give day=2026-11-23")
    let giving = Task { await model.give("2026-11-23", at: day) }
    await until("it is inside") { self.paper.calls.contains("tap give day=2026-11-23") }
    #expect(model.value(of: day) == "2026-11-23")
    paper.open("tap give day=2026-11-23")
    await giving.value
    #expect(model.value(of: day) == "", "then the core says what it is")
  }

  @Test func whatIsTypedOnWhileAnAnswerIsGivenStays() async {
    paper.screen = Some.form([.ask(Some.name)])
    await model.begin()
    model.type("Li", at: Some.name)
    paper.hold("tap give name=Li")
    let giving = Task { await model.finishTyping(at: Some.name) }
    await until("it is inside") { self.paper.calls.contains("tap give name=Li") }
    model.type("Li Na", at: Some.name)
    paper.open("tap give name=Li")
    await giving.value
    #expect(model.text(at: Some.name) == "Li Na")
  }

  @Test func aSecretIsToldWithItsTapAloneAndForgotten() async {
    paper.screen = Some.screen("pin", [.ask(Some.pin)], main: Some.button("unlock"))
    paper.on("unlock") { paper, _ in
      After(screen: paper.screen, said: Notice(tone: .bad, text: "Wrong PIN", code: "pin-wrong"))
    }
    await model.begin()
    model.type("2580", at: Some.pin)
    await model.finishTyping(at: Some.pin)
    #expect(clock.waiting == [])
    await model.press(Some.button("unlock"))
    #expect(paper.calls.filter { $0.contains("2580") } == ["tap unlock pin=2580"])
    #expect(model.text(at: Some.pin) == "", "a wrong one is typed anew")
  }

  @Test func whatWasHalfTypedBeforeAKillStandsThere() async {
    var question = Some.name
    question.value = "Li Na"
    question.typed = "Li N"
    #expect(model.text(at: question) == "Li N")
  }

  @Test func anotherScreenHasNoDraftsOfThis() async {
    paper.screen = Some.form(id: "a", [.ask(Some.name), Some.line("b")])
    paper.on("open b") { paper, _ in
      paper.screen = Some.form(id: "b", [.ask(Some.name)])
      return After(screen: paper.screen)
    }
    await model.begin()
    model.type("for a", at: Some.name)
    await model.tap("open b")
    #expect(model.text(at: Some.name) == "")
  }

  @Test func searchIsAskedAtAPause() async {
    paper.screen = Some.screen("search", [.find(hint: "Find", typed: "", tap: "find")])
    await model.begin()
    model.find("西", tap: "find")
    await until("it waits") { self.clock.waiting.count == 1 }
    model.find("西安", tap: "find")
    await until("the first one was taken back") { self.clock.waiting == [.milliseconds(400)] }
    clock.advance(by: .milliseconds(400))
    await until("it is asked") { self.paper.calls.contains("tap find find=西安") }
    #expect(!paper.calls.contains("tap find find=西"))
  }
}
