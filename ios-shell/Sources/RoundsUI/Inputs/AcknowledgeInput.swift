import RoundsModel
import SwiftUI

/// Yes, I have read it.
struct AcknowledgeInput: View {
  @Environment(\.words) private var words
  let question: Question
  let answering: Answering

  var body: some View {
    let stored = answering.value(of: question)
    let isGiven = AcknowledgeAnswer.isGiven(stored)
    Toggle(
      isOn: Binding(main: { isGiven }, set: { answering.give(AcknowledgeAnswer.stored($0), at: question) })
    ) {
      Text(isGiven ? stored : words[.notAnswered])
    }
    .frame(minHeight: 48)
    .accessibilityLabel(words.spoken(question))
  }
}
