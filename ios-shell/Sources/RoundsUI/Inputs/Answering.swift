import RoundsModel
import SwiftUI

/// Where answers go: to the core at once, or onto the sheet of a button that asks first. Inputs do not
/// know which.
@MainActor
struct Answering {
  private enum Where {
    case screen(PhoneModel)
    case sheet(Asking)
  }

  private let place: Where

  init(model: PhoneModel) {
    place = .screen(model)
  }

  init(asking: Asking) {
    place = .sheet(asking)
  }

  /// What stands in the field.
  func text(at question: Question) -> String {
    switch place {
    case .screen(let model): model.text(at: question)
    case .sheet(let asking): asking.text(at: question)
    }
  }

  /// What is chosen; half a word is no choice.
  func value(of question: Question) -> String {
    switch place {
    case .screen(let model): model.value(of: question)
    case .sheet(let asking): asking.text(at: question)
    }
  }

  /// Somebody types.
  func type(_ text: String, at question: Question) {
    switch place {
    case .screen(let model): model.type(text, at: question)
    case .sheet(let asking): asking.set(text, at: question)
    }
  }

  /// What was typed is finished.
  func finish(_ question: Question) {
    guard case .screen(let model) = place else { return }
    Task { await model.finishTyping(at: question) }
  }

  /// Something was chosen.
  func give(_ value: String, at question: Question) {
    switch place {
    case .screen(let model): Task { await model.give(value, at: question) }
    case .sheet(let asking): asking.set(value, at: question)
    }
  }

  /// A field's text, told as it is typed.
  func typing(_ question: Question) -> Binding<String> {
    Binding(main: { text(at: question) }, set: { type($0, at: question) })
  }
}
