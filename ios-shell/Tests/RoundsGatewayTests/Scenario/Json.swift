/// JSON as it stands in a file.
enum Json: Decodable, Equatable, CustomStringConvertible {
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case list([Json])
  case object([String: Json])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let truth = try? value.decode(Bool.self) {
      self = .truth(truth)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([Json].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: Json].self))
    }
  }

  subscript(key: String) -> Json? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  var truth: Bool? {
    guard case .truth(let truth) = self else { return nil }
    return truth
  }

  var number: Double? {
    guard case .number(let number) = self else { return nil }
    return number
  }

  var list: [Json] {
    guard case .list(let list) = self else { return [] }
    return list
  }

  /// An object's members in the order of their names, as every player takes them.
  var members: [(key: String, value: Json)] {
    guard case .object(let members) = self else { return [] }
    return members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  /// With every text changed.
  func filled(_ fill: (String) -> String) -> Json {
    switch self {
    case .text(let text): .text(fill(text))
    case .list(let list): .list(list.map { $0.filled(fill) })
    case .object(let members): .object(members.mapValues { $0.filled(fill) })
    case .null, .truth, .number: self
    }
  }

  var description: String {
    switch self {
    case .null: "null"
    case .truth(let truth): String(truth)
    case .number(let number): String(number)
    case .text(let text): "\"\(text)\""
    case .list(let list): list.description
    case .object: "{" + members.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    }
  }
}
