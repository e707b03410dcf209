/// Answers that are values with a space between: several of a list, or all of it in an order.
public enum ChoiceAnswer {
  /// The values that are stored.
  public static func values(_ stored: String) -> [String] {
    stored.split(separator: " ").map(String.init)
  }

  /// The answer after one was touched: the chosen one again takes the answer away, where there need not be one.
  public static func touched(_ value: String, in stored: String, required: Bool) -> String {
    value == stored && !required ? "" : value
  }

  /// The answer with one value more or less, in the order of the list; values that the list does not
  /// show, because it has more than fits the screen, stay.
  public static func toggled(_ value: String, in stored: String, of options: [Choice]) -> String {
    var chosen = values(stored)
    if let at = chosen.firstIndex(of: value) {
      chosen.remove(at: at)
    } else {
      chosen.append(value)
    }
    let listed = options.map(\.value).filter(chosen.contains)
    let others = chosen.filter { value in !options.contains { $0.value == value } }
    return (others + listed).joined(separator: " ")
  }

  /// All options in the order that is stored; those that are not in it yet come last, as they are listed.
  public static func ranked(_ stored: String, of options: [Choice]) -> [Choice] {
    let order = values(stored)
    let placed = order.compactMap { value in options.first { $0.value == value } }
    return placed + options.filter { !order.contains($0.value) }
  }

  /// The order with one option moved to another place. Out of the list is its end.
  public static func moved(_ ranked: [Choice], from: Int, to: Int) -> String {
    guard ranked.indices.contains(from) else { return ranked.map(\.value).joined(separator: " ") }
    var order = ranked
    let one = order.remove(at: from)
    order.insert(one, at: min(max(to, 0), order.count))
    return order.map(\.value).joined(separator: " ")
  }
}
