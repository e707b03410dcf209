import Foundation
import Testing

@testable import RoundsModel

@Suite final class AnswerTests {
  private let dalian = TimeZone(identifier: "Asia/Shanghai") ?? .gmt

  @Test func datesKeepTheirStoredForm() throws {
    for (form, stored) in [
      (DateAnswer.Form.date, "2026-11-23"), (.date, "2024-02-29"), (.time, "09:12"), (.time, "00:00"),
      (.dateTime, "2026-11-23T23:59"),
    ] {
      let answer = DateAnswer(form, zone: dalian)
      let date = try #require(answer.date(stored), "\(stored)")
      #expect(answer.stored(date) == stored)
    }
  }

  @Test func otherProgramsWriteSecondsAndZones() throws {
    let answer = DateAnswer(.dateTime, zone: dalian)
    let date = try #require(answer.date("2026-11-23T09:12:30.000+08:00"))
    #expect(answer.stored(date) == "2026-11-23T09:12")
  }

  @Test func whatIsNoDateIsNone() {
    for (form, bad) in [
      (DateAnswer.Form.date, ""), (.date, "2026-02-30"), (.date, "2026-11"), (.date, "23.11.2026"),
      (.date, "２０２６-11-23"),
      (.time, "25:00"), (.time, "9"), (.time, "2026-11-23"), (.dateTime, "2026-11-23"), (.dateTime, "T09:12"),
    ] {
      #expect(DateAnswer(form, zone: dalian).date(bad) == nil, "\(bad)")
    }
  }

  private let colours = ["red", "green", "blue"].map { Choice(value: $0, label: $0) }

  @Test func severalAreKeptInTheListsOrder() {
    #expect(ChoiceAnswer.toggled("red", in: "blue", of: colours) == "red blue")
    #expect(ChoiceAnswer.toggled("blue", in: "red blue", of: colours) == "red")
    #expect(ChoiceAnswer.toggled("red", in: "", of: colours) == "red")
    #expect(ChoiceAnswer.toggled("red", in: "red", of: colours) == "")
    #expect(
      ChoiceAnswer.toggled("red", in: "violet blue", of: colours) == "violet red blue",
      "what the screen does not list is not lost")
  }

  @Test func ranksMove() {
    let ranked = ChoiceAnswer.ranked("blue red", of: colours)
    #expect(ranked.map(\.value) == ["blue", "red", "green"])
    #expect(ChoiceAnswer.moved(ranked, from: 2, to: 1) == "blue green red")
    #expect(ChoiceAnswer.moved(ranked, from: 0, to: 9) == "red green blue")
    #expect(ChoiceAnswer.moved(ranked, from: 0, to: -1) == "blue red green")
    #expect(ChoiceAnswer.moved(ranked, from: 7, to: 0) == "blue red green")
  }

  @Test func aScaleHasMarksWithoutNoise() {
    let tenths = RangeAnswer(from: 0, to: 1, step: 0.1)
    #expect(tenths.last == 10)
    #expect((0...10).map(tenths.stored) == ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"])
    for mark in 0...10 { #expect(tenths.mark(tenths.stored(mark)) == mark) }
    let below = RangeAnswer(from: -10, to: 10, step: 5)
    #expect((0...below.last).map(below.stored) == ["-10", "-5", "0", "5", "10"])
    #expect(below.mark("11") == nil)
    #expect(below.mark("many") == nil)
    for senseless in [RangeAnswer(from: 1, to: 5, step: 0), RangeAnswer(from: 5, to: 1, step: 1)] {
      #expect(senseless.last == 0)
      #expect(senseless.stored(3) == senseless.stored(0))
    }
  }

  @Test func aSliderAnswersWhenItIsLetGo() {
    var dial = RangeDial(RangeAnswer(from: 0, to: 10, step: 0.5), stored: "")
    #expect(dial.shown("") == nil && dial.position == 0 && dial.lastPosition == 20)
    #expect(dial.hold(true) == nil)
    #expect(dial.turn(to: 7.2) == nil, "it is under the finger")
    #expect(dial.shown("") == "3.5")
    dial.follow("9")
    #expect(dial.position == 7, "what comes from elsewhere does not move it away")
    #expect(dial.hold(false) == "3.5")
    #expect(dial.hold(false) == nil && dial.shown("3.5") == "3.5")
    dial.follow("9")
    #expect(dial.position == 18)
    #expect(dial.turn(to: 19) == "9.5", "VoiceOver turns it without holding it")
    #expect(dial.turn(to: 99) == "10" && dial.turn(to: -1) == "0" && dial.turn(to: .nan) == nil)
    let senseless = RangeDial(RangeAnswer(from: 5, to: 1, step: 1), stored: "3")
    #expect(senseless.lastPosition == 1 && senseless.least == senseless.most)
  }

  @Test func whatIsSearchedIsWhatThePersonTyped() {
    var field = FindField("西安")
    #expect(field.type("西安") == nil, "nobody typed")
    #expect(field.type("西安路") == "西安路")
    #expect(field.type("西安") == "西安", "back to what was there, before the other search came back")
    field.told("西安路", isTyping: true)
    #expect(field.text == "西安", "nothing is overwritten under the fingers")
    field.told("大连", isTyping: false)
    #expect(field.text == "大连" && field.type("") == "")
  }

  @Test func whatIsReadIsOKOrNothing() {
    #expect(AcknowledgeAnswer.isGiven("OK") && !AcknowledgeAnswer.isGiven("") && !AcknowledgeAnswer.isGiven("ok"))
    for isGiven in [true, false] { #expect(AcknowledgeAnswer.isGiven(AcknowledgeAnswer.stored(isGiven)) == isGiven) }
  }

  @Test func choosingBeginsNow() {
    let moment = Date(timeIntervalSince1970: 1_795_399_920)
    let forms: [DateAnswer.Form] = [.date, .time, .dateTime]
    #expect(
      forms.map { DateAnswer($0, zone: dalian).now(moment) } == ["2026-11-23", "10:12", "2026-11-23T10:12"])
  }

  @Test func everyWordStandsInBothLanguages() {
    for word in ShellWords.Word.allCases {
      let (zh, en) = ShellWords.both(word)
      #expect(zh.unicodeScalars.contains { $0.value > 0x2E80 }, "\(word): \(zh)")
      #expect(!en.isEmpty && en.unicodeScalars.allSatisfy { $0.value < 0x250 }, "\(word): \(en)")
      #expect(ShellWords(language: "zh-CN")[word] == zh)
      #expect(ShellWords(language: "en")[word] == en)
    }
  }

  @Test func whatIsSeenIsReadAloud() {
    let line = Line(
      id: "1", mark: "1", title: "Zhongshan Square", subtitle: "2 open issues", end: "0.3 km",
      badges: [Badge(text: "in store", tone: .good)], whyNot: "Closed today")
    #expect(
      ShellWords(language: "en").spoken(line) == "1, Zhongshan Square, 2 open issues, 0.3 km, in store, Closed today")
    let under = Line(id: "2", mark: "●", title: "Xi'an Road", chosen: true)
    #expect(ShellWords(language: "en").spoken(under) == "Chosen, Xi'an Road", "a sign is no word")
    var question = Question(key: "due", label: "到期日", input: .date, required: true)
    question.error = "不能早于今天"
    #expect(ShellWords(language: "zh-CN").spoken(question) == "到期日，必填，有误：不能早于今天")
    question.comment = "请看合同"
    #expect(ShellWords(language: "zh-CN").spoken(question) == "到期日，必填，有误：不能早于今天，请看合同")
  }

  @Test func aSignatureFitsTheCoresBounds() throws {
    let pen = { (x: Double, y: Double) in Signature.Pen(x: x, y: y, seconds: 0.0123, force: 0.5) }
    let signed = try #require(Signature(width: 300.4, height: 100, pens: [[pen(-3, 5), pen(301, 100.6)], []]))
    #expect(signed.width == 300 && signed.height == 100)
    #expect(signed.strokes.map { $0.map(\.x) } == [[0, 300]], "what is beyond the edge goes onto it")
    #expect(signed.strokes[0][1].y == 100 && signed.strokes[0][1].tMs == 12 && signed.strokes[0][1].pressure == 128)
    #expect(Signature(width: 300, height: 100, pens: []) == nil)
    #expect(Signature(width: .nan, height: 100, pens: [[pen(1, 1)]]) == nil)
    let long = (0..<50_001).map { pen(Double($0 % 300), 1) }
    let many = try #require(
      Signature(width: 300, height: 100, pens: Array(repeating: [pen(1, 1)], count: 600) + [long]))
    #expect(many.strokes.count == 500)
    let thinned = try #require(Signature(width: 300, height: 100, pens: [long]))
    #expect(thinned.strokes[0].count <= 20_000 && thinned.strokes[0].last?.x == UInt16(50_000 % 300))
  }
}
