import RoundsModel
import SwiftUI

/// Several of these.
struct SeveralInput: View {
  let question: Question
  let answering: Answering
  let options: [Choice]
  let more: String?

  var body: some View {
    let stored = answering.value(of: question)
    let chosen = ChoiceAnswer.values(stored)
    VStack(alignment: .leading, spacing: 6) {
      ForEach(options, id: \.value) { option in
        ChoiceRow(choice: option, isChosen: chosen.contains(option.value), isRound: false) {
          answering.give(ChoiceAnswer.toggled(option.value, in: stored, of: options), at: question)
        }
      }
      if let more { MoreChoices(question: question, more: more) }
    }
  }
}
