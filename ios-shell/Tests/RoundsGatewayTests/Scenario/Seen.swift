import RoundsModel

/// Something that is offered on a screen.
struct Offer {
  var title: String
  var id = ""
  var tap: String
  /// Why it is greyed, and what to do.
  var greyed: String?
  /// What it stands in or under.
  var under = ""
}

extension Notice {
  var words: String { text + " " + (remedy ?? "") }
}

extension ScreenButton {
  func offer(under: String = "") -> Offer {
    Offer(title: title, tap: tap, greyed: whyNot?.words, under: under + " " + title)
  }
}

extension Screen {
  var questions: [Question] {
    blocks.compactMap { block in
      guard case .ask(let question) = block else { return nil }
      return question
    }
  }

  /// Everything that is offered, in the order in which it is looked for: the main button, buttons in the
  /// column, lines, facts, the menu, the places, the chip.
  var offers: [Offer] {
    var offers = main.map { [$0.offer()] } ?? []
    offers += blocks.flatMap(\.buttons)
    for case .line(let line) in blocks {
      guard let tap = line.tap else { continue }
      offers.append(Offer(title: line.title, id: line.id, tap: tap, under: line.title + " " + (line.subtitle ?? "")))
    }
    for case .facts(let facts) in blocks {
      for fact in facts {
        guard let tap = fact.tap else { continue }
        offers.append(Offer(title: fact.value, tap: tap, under: fact.label))
      }
    }
    offers += also.map { $0.offer() }
    offers += places.map { Offer(title: $0.title, id: $0.icon, tap: $0.tap) }
    offers += chip.map { [Offer(title: $0.text, id: "chip", tap: $0.tap)] } ?? []
    return offers
  }

  /// Every text that a person sees.
  var texts: [String] {
    var texts = [title]
    texts += some(subtitle, chip?.text)
    texts += places.map(\.title)
    for block in blocks { texts += block.texts }
    for button in also + (main.map { [$0] } ?? []) { texts += button.texts }
    return texts
  }
}

extension Block {
  /// What its kind is called in the contract.
  var kind: String {
    switch self {
    case .heading: "heading"
    case .text: "text"
    case .notice: "notice"
    case .facts: "facts"
    case .line: "line"
    case .ask: "ask"
    case .progress: "progress"
    case .ring: "ring"
    case .score: "score"
    case .versions: "versions"
    case .trend: "trend"
    case .script: "script"
    case .picture: "picture"
    case .button: "do"
    case .find: "find"
    case .empty: "empty"
    case .more: "more"
    }
  }

  fileprivate var buttons: [Offer] {
    switch self {
    case .button(let button): return [button.offer()]
    case .notice(let notice): return notice.buttons.map { $0.offer(under: notice.words) }
    case .versions(let versions):
      let about = versions.label + " " + versions.about
      let each = versions.versions.map { $0.button.offer(under: about + " " + $0.value + " " + $0.by) }
      return each + (versions.other.map { [$0.offer(under: about)] } ?? [])
    default: return []
    }
  }

  fileprivate var texts: [String] {
    switch self {
    case .heading(let text), .text(let text): return [text]
    case .notice(let notice): return notice.texts
    case .facts(let facts): return facts.flatMap(\.texts)
    case .line(let line): return line.texts
    case .ask(let question): return question.texts
    case .progress(let text, _, _), .ring(let text, _, _): return [text]
    case .score(let score): return score.texts
    case .versions(let versions): return versions.texts
    case .trend(let trend): return [trend.title, trend.text] + trend.points.map(\.label)
    case .script(let script): return some(script.step, script.speaker, script.words, script.instruction)
    case .picture(_, let about): return [about]
    case .button(let button): return button.texts
    case .find(let hint, let typed, _): return [hint, typed]
    case .empty(let title, let text): return [title, text]
    case .more: return []
    }
  }
}

/// Those that are there.
private func some(_ texts: String?...) -> [String] { texts.compactMap { $0 } }

extension Fact {
  fileprivate var texts: [String] { [label, value] }
}

extension Score {
  fileprivate var texts: [String] {
    some(text, before) + sections.flatMap(\.texts) + failed.flatMap(\.texts)
  }
}

extension Versions {
  fileprivate var texts: [String] {
    var texts = [label, about]
    for version in versions { texts += [version.value, version.by] + version.button.texts }
    if let other { texts += other.texts }
    return texts
  }
}

extension Notice {
  fileprivate var texts: [String] { some(text, remedy) + buttons.flatMap(\.texts) }
}

extension Line {
  fileprivate var texts: [String] { some(mark, title, subtitle, end, whyNot) + badges.map(\.text) }
}

extension ScreenButton {
  fileprivate var texts: [String] {
    var texts = some(title, sure?.text, sure?.yes, sure?.no)
    if let whyNot { texts += whyNot.texts }
    for question in asks { texts += question.texts }
    return texts
  }
}

extension Question {
  fileprivate var texts: [String] {
    var texts = some(label, hint, shown, typed, error, comment, input.about)
    for choice in input.options { texts += some(choice.label, choice.whyNot) }
    return texts
  }
}

extension Input {
  var options: [Choice] {
    switch self {
    case .one(let options, _), .several(let options, _), .rank(let options): options
    default: []
    }
  }

  fileprivate var about: String? {
    guard case .file(_, let about) = self else { return nil }
    return about
  }
}
