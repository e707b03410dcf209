import RoundsModel

/// What a scenario expects of a screen. Each that is given must hold.
struct Expectations {
  let screen: Screen
  let said: String?
  let file: String?

  func hold(_ what: Json) throws {
    for (key, value) in what.members {
      switch key {
      case "name": try equal(screen.name, value)
      case "title": try equal(screen.title, value)
      case "main": try equal(screen.main?.title, value)
      case "chip": try equal(screen.chip?.state, value)
      case "file": try equal(file, value)
      case "texts": try value.list.forEach { try areSeen($0) }
      case "not": try value.list.forEach { try areNotSeen($0) }
      case "said": try isSaid(value)
      case "questions": try value.members.forEach { try question(screen.question($0.key), $0.value) }
      case "buttons": try value.members.forEach { try button($0.key, $0.value) }
      case "at": try isAt(value)
      case "count": try value.members.forEach { try count($0.key, $0.value) }
      default: throw Failed("no such expectation: \(key)")
      }
    }
  }

  private func equal(_ is: String?, _ wanted: Json) throws {
    guard `is` == wanted.text else { throw Failed("it is \(`is` ?? "nothing"), not \(wanted)") }
  }

  private func areSeen(_ wanted: Json) throws {
    let text = wanted.text ?? ""
    guard screen.texts.contains(where: { $0.contains(text) }) else { throw Failed("\(wanted) is not seen") }
  }

  private func areNotSeen(_ unwanted: Json) throws {
    let text = unwanted.text ?? ""
    if let found = screen.texts.first(where: { $0.contains(text) }) { throw Failed("\(unwanted) is seen: \(found)") }
  }

  private func isSaid(_ wanted: Json) throws {
    guard let text = wanted.text else {
      if let said { throw Failed("it said \(said)") }
      return
    }
    guard said?.contains(text) == true else { throw Failed("it said \(said ?? "nothing"), not \(text)") }
  }

  private func isAt(_ wanted: Json) throws {
    guard let at = screen.at else { throw Failed("it is at no question") }
    let label = try screen.question(at).label
    guard wanted.text.map(label.contains) == true else { throw Failed("it is at \(label)") }
  }

  private func count(_ kind: String, _ wanted: Json) throws {
    let count = screen.blocks.filter { $0.kind == kind }.count
    guard wanted.number == Double(count) else { throw Failed("there are \(count) of \(kind)") }
  }

  private func question(_ question: Question, _ wanted: Json) throws {
    for (part, wanted) in wanted.members {
      switch part {
      case "required": try holds(question.required, wanted, part)
      case "read_only": try holds(question.readOnly, wanted, part)
      case "value": try contains(question.value.isEmpty ? nil : question.value, wanted, part)
      case "shown": try contains(question.shown.isEmpty ? nil : question.shown, wanted, part)
      case "typed": try contains(question.typed, wanted, part)
      case "error": try contains(question.error, wanted, part)
      default: throw Failed("no such part of a question: \(part)")
      }
    }
  }

  private func holds(_ is: Bool, _ wanted: Json, _ part: String) throws {
    guard wanted.truth == `is` else { throw Failed("\(part) is \(`is`)") }
  }

  private func contains(_ text: String?, _ wanted: Json, _ part: String) throws {
    let isSo = wanted.text.map { text?.contains($0) == true } ?? (text == nil)
    guard isSo else { throw Failed("\(part) is \(text ?? "nothing"), not \(wanted)") }
  }

  private func button(_ title: String, _ wanted: Json) throws {
    let offers = screen.offers
    let found = offers.first { $0.title == title } ?? offers.first { $0.title.contains(title) }
    switch (wanted, found) {
    case (.truth(false), nil): return
    case (.truth(false), let found?): throw Failed("\(found.title) is there")
    case (_, nil): throw Failed("\(title) is not there")
    case (.truth(true), let found?):
      if let why = found.greyed { throw Failed("\(title) is greyed: \(why)") }
    case (.text(let why), let found?):
      guard let greyed = found.greyed else { throw Failed("\(title) is enabled") }
      guard greyed.contains(why) else { throw Failed("\(title) is greyed: \(greyed)") }
    default: throw Failed("no such expectation: \(wanted)")
    }
  }
}
