import RoundsCore
import RoundsModel

// The bindings' blocks as the model's.

extension RoundsModel.Block {
  init(_ core: RoundsCore.Block) {
    switch core {
    case .heading(let text): self = .heading(text: text)
    case .text(let text): self = .text(text: text)
    case .notice(let notice): self = .notice(Notice(notice))
    case .facts(let facts): self = .facts(facts.map(Fact.init))
    case .line(let line): self = .line(Line(line))
    case .ask(let question): self = .ask(Question(question))
    case .progress(let text, let done, let of): self = .progress(text: text, done: done, of: of)
    case .ring(let text, let leftMs, let ofMs): self = .ring(text: text, leftMs: leftMs, ofMs: ofMs)
    case .score(let score): self = .score(Score(score))
    case .versions(let versions): self = .versions(Versions(versions))
    case .trend(let trend): self = .trend(Trend(trend))
    case .script(let script): self = .script(Script(script))
    case .picture(let picture, let about): self = .picture(picture: picture, about: about)
    case .do(let button): self = .button(ScreenButton(button))
    case .find(let hint, let typed, let tap): self = .find(hint: hint, typed: typed, tap: tap)
    case .empty(let title, let text): self = .empty(title: title, text: text)
    case .more(let more): self = .more(more: more)
    }
  }
}

extension RoundsModel.Notice {
  init(_ core: RoundsCore.Notice) {
    self.init(
      tone: Tone(core.tone), text: core.text, remedy: core.remedy, code: core.code,
      buttons: core.buttons.map(ScreenButton.init))
  }
}

extension RoundsModel.Fact {
  init(_ core: RoundsCore.Fact) {
    self.init(label: core.label, value: core.value, tone: Tone(core.tone), tap: core.tap)
  }
}

extension RoundsModel.Line {
  init(_ core: RoundsCore.Line) {
    self.init(
      id: core.id, mark: core.mark, title: core.title, subtitle: core.subtitle, end: core.end,
      badges: core.badges.map(Badge.init), whyNot: core.whyNot, tap: core.tap, chosen: core.chosen,
      picture: core.picture)
  }
}

extension RoundsModel.Badge {
  init(_ core: RoundsCore.Badge) {
    self.init(text: core.text, tone: Tone(core.tone))
  }
}

extension RoundsModel.Score {
  init(_ core: RoundsCore.Score) {
    self.init(
      text: core.text, percent: core.percent, passed: core.passed, before: core.before,
      sections: core.sections.map(Fact.init), failed: core.failed.map(Line.init))
  }
}

extension RoundsModel.Versions {
  init(_ core: RoundsCore.Versions) {
    self.init(
      label: core.label, about: core.about, versions: core.versions.map(Version.init),
      other: core.other.map(ScreenButton.init))
  }
}

extension RoundsModel.Version {
  init(_ core: RoundsCore.Version) {
    self.init(value: core.value, by: core.by, mine: core.mine, button: ScreenButton(core.button))
  }
}

extension RoundsModel.Trend {
  init(_ core: RoundsCore.Trend) {
    self.init(title: core.title, text: core.text, points: core.points.map(Point.init))
  }
}

extension RoundsModel.Point {
  init(_ core: RoundsCore.Point) {
    self.init(label: core.label, value: core.value)
  }
}

extension RoundsModel.Script {
  init(_ core: RoundsCore.Script) {
    self.init(
      step: core.step, speaker: core.speaker, words: core.words, instruction: core.instruction, state: core.state,
      recording: core.recording)
  }
}

extension RoundsModel.ScreenButton {
  init(_ core: RoundsCore.Button) {
    self.init(
      tap: core.tap, title: core.title, tone: Tone(core.tone), whyNot: core.whyNot.map(Notice.init),
      asks: core.asks.map(Question.init), sure: core.sure.map(Sure.init))
  }
}

extension RoundsModel.Sure {
  init(_ core: RoundsCore.Sure) {
    self.init(text: core.text, yes: core.yes, no: core.no)
  }
}
