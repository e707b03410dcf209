import RoundsModel
import SwiftUI

private struct WordsKey: EnvironmentKey {
  static let defaultValue = ShellWords(language: "en")
}

private struct PicturesKey: EnvironmentKey {
  static let defaultValue: Pictures? = nil
}

extension EnvironmentValues {
  /// The shell's own words, in the language of the screen.
  var words: ShellWords {
    get { self[WordsKey.self] }
    set { self[WordsKey.self] = newValue }
  }

  /// Where pictures come from.
  var pictures: Pictures? {
    get { self[PicturesKey.self] }
    set { self[PicturesKey.self] = newValue }
  }
}

extension Binding where Value: Sendable {
  /// Of something that belongs to the main actor, as everything does that is painted. SwiftUI calls there, and its
  /// own initializer does not promise it.
  @MainActor
  init(main get: @escaping @MainActor @Sendable () -> Value, set: @escaping @MainActor @Sendable (Value) -> Void) {
    self.init(
      get: { MainActor.assumeIsolated { get() } }, set: { value in MainActor.assumeIsolated { set(value) } })
  }
}
