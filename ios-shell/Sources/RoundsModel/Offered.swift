extension Screen {
  /// Whether this tap stands anywhere on the screen or on the pages below it. A tap that was made on a
  /// screen which is gone by the time it would be done is not done.
  func offers(_ tap: String, below blocks: [Block]) -> Bool {
    chip?.tap == tap || places.contains { $0.tap == tap } || main?.offers(tap) == true
      || also.contains { $0.offers(tap) } || blocks.contains { $0.offers(tap) }
  }
}

extension Block {
  func offers(_ tap: String) -> Bool {
    switch self {
    case .notice(let notice): notice.offers(tap)
    case .facts(let facts): facts.contains { $0.tap == tap }
    case .line(let line): line.tap == tap
    case .ask(let question): question.offers(tap)
    case .score(let score): score.sections.contains { $0.tap == tap } || score.failed.contains { $0.tap == tap }
    case .versions(let versions):
      versions.other?.offers(tap) == true || versions.versions.contains { $0.button.offers(tap) }
    case .button(let button): button.offers(tap)
    case .find(_, _, let own): own == tap
    case .heading, .text, .progress, .ring, .trend, .script, .picture, .empty, .more: false
    }
  }
}

extension ScreenButton {
  func offers(_ tap: String) -> Bool {
    self.tap == tap || whyNot?.offers(tap) == true || asks.contains { $0.offers(tap) }
  }
}

extension Notice {
  func offers(_ tap: String) -> Bool {
    buttons.contains { $0.offers(tap) }
  }
}

extension Question {
  func offers(_ tap: String) -> Bool {
    versions == tap || input.taps.contains(tap)
  }
}

extension Input {
  /// What can be tapped at it.
  var taps: [String] {
    switch self {
    case .one(_, let more), .several(_, let more): more.map { [$0] } ?? []
    case .photo(let take, _), .file(let take, _), .place(let take): [take]
    case .barcode(let scan): [scan]
    case .signature(let sign, _): [sign]
    case .note, .text, .pin, .integer, .decimal, .date, .time, .dateTime, .rank, .range, .acknowledge: []
    }
  }
}
