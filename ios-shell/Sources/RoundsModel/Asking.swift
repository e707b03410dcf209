import Observation

/// A button that asks for something before it does anything: the sheet with its questions and what is
/// answered on it so far.
@MainActor
@Observable
public final class Asking: Identifiable {
  public let button: ScreenButton
  private var answers: [String: String] = [:]

  public init(button: ScreenButton) {
    self.button = button
  }

  public var questions: [Question] { button.asks }

  public func text(at question: Question) -> String {
    answers[question.key] ?? question.typed ?? question.value
  }

  public func set(_ value: String, at question: Question) {
    answers[question.key] = value
  }

  /// All that is asked, in its order, with what is not to be answered left out.
  var given: [Given] {
    let asked = questions.filter { !$0.readOnly && $0.input != .note }
    return asked.map { Given(key: $0.key, value: text(at: $0)) }
  }
}

/// A button that cannot be taken back, with what it is given if the person is sure.
public struct Confirming: Sendable, Equatable {
  public let sure: Sure
  let button: ScreenButton
  let given: [Given]

  /// How the word that does it is meant.
  public var tone: Tone { button.tone }
}
