/// A question as a person meets it: the same in forms, acts, sign-in and settings. The contract is
/// `core/app/src/ask.rs`.
public struct Question: Sendable, Equatable {
  /// What it is answered by: ``Given/key``.
  public var key: String
  public var label: String
  public var hint: String?
  public var input: Input
  /// The answer as it is stored; empty if there is none.
  public var value: String
  /// The answer as people read it.
  public var shown: String
  /// What is being typed and is no answer yet. Shown instead of the answer.
  public var typed: String?
  public var required: Bool
  /// Shown, not asked.
  public var readOnly: Bool
  public var error: String?
  /// What a supervisor said about the answer: to be put right.
  public var comment: String?
  /// The tap that opens the two versions of the answer.
  public var versions: String?

  public init(
    key: String, label: String, hint: String? = nil, input: Input, value: String = "", shown: String = "",
    typed: String? = nil, required: Bool = false, readOnly: Bool = false, error: String? = nil,
    comment: String? = nil, versions: String? = nil
  ) {
    self.key = key
    self.label = label
    self.hint = hint
    self.input = input
    self.value = value
    self.shown = shown
    self.typed = typed
    self.required = required
    self.readOnly = readOnly
    self.error = error
    self.comment = comment
    self.versions = versions
  }
}

/// What a question asks for. The stored form of each answer is that of XLSForm.
public enum Input: Sendable, Equatable {
  /// The label is what there is to read.
  case note
  case text(long: Bool)
  /// Digits, never shown.
  case pin
  case integer
  case decimal
  /// `2026-11-23`
  case date
  /// `09:12`
  case time
  /// `2026-11-23T09:12`
  case dateTime
  /// `more` opens the whole list, where these are not all.
  case one(options: [Choice], more: String?)
  /// Values with a space between.
  case several(options: [Choice], more: String?)
  /// All of them in an order.
  case rank(options: [Choice])
  case range(from: Double, to: Double, step: Double)
  /// `OK` or nothing.
  case acknowledge
  case photo(take: String, picture: String?)
  /// A sound, a video, a file.
  case file(take: String, about: String?)
  case place(take: String)
  case barcode(scan: String)
  case signature(sign: String, picture: String?)
}

/// Something that can be chosen.
public struct Choice: Sendable, Equatable {
  public var value: String
  public var label: String
  /// Greyed, for this reason.
  public var whyNot: String?

  public var isOffered: Bool { whyNot == nil }

  public init(value: String, label: String, whyNot: String? = nil) {
    self.value = value
    self.label = label
    self.whyNot = whyNot
  }
}

/// What was given with a tap.
public struct Given: Sendable, Equatable, Hashable {
  public var key: String
  /// In its stored form.
  public var value: String

  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}
