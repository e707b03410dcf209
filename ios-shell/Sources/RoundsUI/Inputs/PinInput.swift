import RoundsModel
import SwiftUI

/// A secret of digits, never shown and told to nobody before the tap that needs it.
struct PinInput: View {
  @Environment(\.words) private var words
  let question: Question
  let answering: Answering

  var body: some View {
    SecureField("", text: answering.typing(question))
      .keyboardType(.numberPad)
      .textContentType(.password)
      .font(.title2.monospacedDigit())
      .modifier(Field(isWrong: question.error != nil))
      .accessibilityLabel(words.spoken(question))
  }
}
