/// What is typed on the present screen and was not given yet. A kept draft is told to the core, which
/// keeps it over a kill; a secret is told to nobody before the tap that needs it.
struct Drafts {
  private(set) var texts: [String: String] = [:]
  private var secrets: Set<String> = []
  /// The screen that they belong to.
  private var screen = ""

  subscript(key: String) -> String? { texts[key] }

  mutating func type(_ text: String, at question: Question) {
    texts[question.key] = text
    if question.input == .pin { secrets.insert(question.key) }
  }

  func isSecret(_ key: String) -> Bool { secrets.contains(key) }

  /// As what is given with a tap, in an order that does not depend on the hash.
  var given: [Given] {
    texts.sorted { $0.key < $1.key }.map { Given(key: $0.key, value: $0.value) }
  }

  /// Forgets what was given, but not what was typed on meanwhile.
  mutating func forget(_ given: [Given]) {
    for one in given where texts[one.key] == one.value {
      texts[one.key] = nil
      secrets.remove(one.key)
    }
  }

  /// Another screen has none of these.
  mutating func turn(to id: String) {
    guard id != screen else { return }
    screen = id
    texts = [:]
    secrets = []
  }
}
