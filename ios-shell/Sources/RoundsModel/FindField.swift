/// The text of a field that searches as one types: the person's while they type, and the core's otherwise.
public struct FindField: Sendable, Equatable {
  public private(set) var text: String

  public init(_ typed: String) {
    text = typed
  }

  /// What is to be looked for now, if that is another text. Going back to what was there is looked for too: the search
  /// for what stood there in between may be under way.
  public mutating func type(_ text: String) -> String? {
    guard text != self.text else { return nil }
    self.text = text
    return text
  }

  /// The core has another text.
  public mutating func told(_ typed: String, isTyping: Bool) {
    if !isTyping { text = typed }
  }
}
