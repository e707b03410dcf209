import Foundation
import RoundsCore
import RoundsGateway
import RoundsModel

/// Plays a scenario of `tests/scenarios` with the real core and a real server, through the verbs of the
/// model's gateway. The format is described there; Rust and Kotlin have players of their own.
final class Player {
  private struct App {
    let gateway: CoreGateway
    let machine: SimulatedMachine
  }

  private let language: String
  private let steps: [Json]
  private let stage: Stage
  private var apps: [String: App] = [:]
  private var name = ""
  private var waiting: [RoundsModel.Given] = []
  private var seen: RoundsModel.Screen?
  private var said: String?
  private var file: String?

  /// Plays one; fails at the step that does not come out as told.
  static func play(_ scenario: String) async throws {
    let path = Checkout.root + "/tests/scenarios/" + scenario
    let told = try JSONDecoder().decode(Json.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    let player = try Player(told)
    for (number, step) in player.steps.enumerated() {
      do {
        try await player.step(step)
      } catch {
        let texts = player.seen?.texts.joined(separator: "\n  ") ?? ""
        throw Failed(
          "\(scenario), step \(number + 1): \(step)\n\(error)\nsaid: \(player.said ?? "")\nseen:\n  \(texts)")
      }
    }
  }

  private init(_ told: Json) throws {
    let stage = try Stage()
    let card = stage.card
    self.stage = stage
    language = told["language"]?.text ?? "zh-CN"
    steps = (told["steps"]?.list ?? []).map { $0.filled { Player.fill($0, card) } }
    guard !steps.isEmpty else { throw Failed("a scenario without steps") }
  }

  /// `${address}`, `${invitations.李娜}`.
  private static func fill(_ text: String, _ card: Json) -> String {
    var text = text
    for name in ["address", "today", "tomorrow"] {
      text = text.replacingOccurrences(of: "${\(name)}", with: card[name]?.text ?? "")
    }
    for (name, code) in card["invitations"]?.members ?? [] {
      text = text.replacingOccurrences(of: "${invitations.\(name)}", with: code.text ?? "")
    }
    return text
  }

  private func step(_ step: Json) async throws {
    guard let (verb, what) = step.members.first(where: { $0.key != "under" && $0.key != "code" }) else {
      throw Failed("an empty step")
    }
    switch verb {
    case "open": try open(text(what))
    case "kill":
      // What is let go of without being closed counts as killed; its locks on files go with it, as those of
      // a process that is gone.
      guard apps.removeValue(forKey: name) != nil else { throw Failed("no app") }
      try open(name)
    case "close":
      try app().gateway.close()
      guard (try? app().gateway.now()) == nil else { throw Failed("it is not closed") }
    case "reopen":
      try app().gateway.reopen()
      try look()
    case "tap": try tap(text(what), under: step["under"]?.text)
    case "give": try give(what)
    case "type":
      for (label, value) in what.members {
        try app().gateway.typing(key: question(label).key, text: value.text ?? "")
      }
      try look()
    case "take": try tapped(taken(question(text(what)).input))
    case "more": try tapped(wholeList(question(text(what)).input))
    case "find":
      waiting.append(RoundsModel.Given(key: "find", value: try text(what)))
      try tapped(findTap())
    case "back": after(try app().gateway.back())
    case "machine": try machine(what)
    case "stage": try stage.say(text(what))
    case "sync": try await sync(what, step["code"]?.text)
    case "page": try page()
    case "expect": try Expectations(screen: screen(), said: said, file: file).hold(what)
    default: throw Failed("no such step: \(verb)")
    }
  }

  // MARK: - The app that is played

  private func app() throws -> App {
    guard let app = apps[name] else { throw Failed("no app was opened") }
    return app
  }

  private func screen() throws -> RoundsModel.Screen {
    guard let seen else { throw Failed("nothing is seen") }
    return seen
  }

  private func open(_ name: String) throws {
    self.name = name
    if apps[name] == nil {
      let folder = (stage.card["folder"]?.text ?? "") + "/" + name
      let machine = try SimulatedMachine(folder: folder)
      let phone = try Phone.simulated(folder: folder, language: language, machine: machine)
      apps[name] = App(gateway: CoreGateway(phone), machine: machine)
    }
    try look()
  }

  private func look() throws {
    seen = try app().gateway.now()
  }

  private func after(_ after: RoundsModel.After) {
    said = after.said?.words
    file = after.file?.purpose
    seen = after.screen
  }

  private func tapped(_ tap: String) throws {
    let given = waiting
    waiting = []
    after(try app().gateway.tap(tap, given: given))
  }

  private func tap(_ text: String, under: String?) throws {
    let offers = try screen().offers.filter { offer in under.map(offer.under.contains) ?? true }
    let found = offers.first { $0.title == text || $0.id == text } ?? offers.first { $0.title.contains(text) }
    guard let found else { throw Failed("nothing is called \(text)") }
    if let why = found.greyed { throw Failed("\(text) is greyed: \(why)") }
    try tapped(found.tap)
  }

  private func give(_ answers: Json) throws {
    for (label, value) in answers.members {
      let question = try question(label)
      let given = RoundsModel.Given(key: question.key, value: try stored(question, value))
      if let gives = try screen().gives {
        after(try app().gateway.tap(gives, given: [given]))
      } else {
        waiting.append(given)
      }
    }
  }

  private func sync(_ what: Json, _ code: String?) async throws {
    let gateway = try app().gateway
    do {
      _ = try await gateway.syncStoppable()
      guard what.truth == true else { throw Failed("the sync should have failed") }
    } catch let trouble as Trouble where what.text == "fails" {
      guard code == nil || code == trouble.code else { throw Failed("it failed with \(trouble.code)") }
    }
    try look()
  }

  private func page() throws {
    guard case .more(let more)? = try screen().blocks.last(where: { $0.kind == "more" }) else {
      throw Failed("there is no more")
    }
    let blocks = try app().gateway.page(more: more)
    seen?.blocks.removeAll { $0.kind == "more" }
    seen?.blocks += blocks
  }

  private func machine(_ what: Json) throws {
    let machine = try app().machine
    for (sense, value) in what.members {
      switch (sense, value) {
      case ("at", .null): try machine.nowhere()
      case ("at", .text): try at(stage.card["store"] ?? .null)
      case ("at", .list): try at(value)
      case ("photo", .truth(true)):
        try machine.photo(bytes: Data(contentsOf: URL(fileURLWithPath: stage.card["photo"]?.text ?? "")))
      case ("photo", _): try machine.photo(bytes: nil)
      case ("code", _): try machine.code(code: value.text)
      case ("signs", _): try machine.signs(signs: value.truth ?? false)
      case ("keys", _): try machine.loseKeys()
      default: throw Failed("no such sense: \(sense)")
      }
    }
  }

  private func at(_ degrees: Json) throws {
    let degrees = degrees.list.compactMap(\.number)
    guard degrees.count == 2 else { throw Failed("no place: \(degrees)") }
    try app().machine.at(latitude: degrees[0], longitude: degrees[1], accuracyM: 10)
  }

  // MARK: - Finding on the screen

  private func question(_ said: String) throws -> RoundsModel.Question {
    try screen().question(said)
  }

  private func taken(_ input: RoundsModel.Input) throws -> String {
    switch input {
    case .photo(let take, _), .file(let take, _), .place(let take): return take
    case .barcode(let scan): return scan
    case .signature(let sign, _): return sign
    default: throw Failed("nothing is taken there")
    }
  }

  private func wholeList(_ input: RoundsModel.Input) throws -> String {
    switch input {
    case .one(_, let more?), .several(_, let more?): return more
    default: throw Failed("there is no more")
    }
  }

  private func findTap() throws -> String {
    for case .find(_, _, let tap) in try screen().blocks { return tap }
    throw Failed("nothing to find with")
  }

  /// An answer in its stored form: a choice may be said by its label.
  private func stored(_ question: RoundsModel.Question, _ value: Json) throws -> String {
    let said: String
    switch value {
    case .text(let text): said = text
    case .truth(let truth): said = String(truth)
    case .number(let number): said = number == number.rounded() ? String(Int(number)) : String(number)
    case .list(let several): return try several.map { try stored(question, $0) }.joined(separator: " ")
    case .null, .object: throw Failed("no answer: \(value)")
    }
    return question.input.options.first { $0.label == said }?.value ?? said
  }

  private func text(_ what: Json) throws -> String {
    guard let text = what.text else { throw Failed("no text: \(what)") }
    return text
  }
}

extension RoundsModel.Screen {
  /// A question by its label or key; `Price#2` is the second of several.
  func question(_ said: String) throws -> RoundsModel.Question {
    var (wanted, number) = (said, 1)
    if let hash = said.lastIndex(of: "#"), let n = Int(said[said.index(after: hash)...]) {
      (wanted, number) = (String(said[..<hash]), n)
    }
    let exact = questions.filter { $0.label == wanted || $0.key == wanted }
    let found = exact.isEmpty ? questions.filter { $0.label.contains(wanted) } : exact
    guard found.indices.contains(number - 1) else { throw Failed("nobody asks for \(said)") }
    return found[number - 1]
  }
}
