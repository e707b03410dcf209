import RoundsModel
import SwiftUI

/// All of these in an order, moved by buttons: dragging needs two hands, and VoiceOver cannot.
struct RankInput: View {
  @Environment(\.words) private var words
  let question: Question
  let answering: Answering
  let options: [Choice]

  var body: some View {
    let ranked = ChoiceAnswer.ranked(answering.value(of: question), of: options)
    VStack(spacing: 6) {
      ForEach(Array(ranked.enumerated()), id: \.element.value) { at, choice in
        HStack {
          Text(verbatim: "\(at + 1)").font(.headline.monospacedDigit()).foregroundStyle(Color.quiet).frame(minWidth: 28)
          Text(choice.label).frame(maxWidth: .infinity, alignment: .leading)
          move("chevron.up", words[.moveUp], ranked, from: at, to: at - 1)
          move("chevron.down", words[.moveDown], ranked, from: at, to: at + 1)
        }
        .padding(.horizontal, 12)
        .frame(minHeight: 48)
        .background(Color.field, in: RoundedRectangle(cornerRadius: 10))
        .accessibilityElement(children: .contain)
        .accessibilityLabel(choice.label + ", " + words.place(at + 1, of: ranked.count))
      }
    }
  }

  private func move(_ picture: String, _ label: String, _ ranked: [Choice], from: Int, to: Int) -> some View {
    Button {
      answering.give(ChoiceAnswer.moved(ranked, from: from, to: to), at: question)
    } label: {
      Image(systemName: picture).frame(width: 44, height: 44).contentShape(Rectangle())
    }
    .buttonStyle(.plain)
    .disabled(!ranked.indices.contains(to))
    .accessibilityLabel(label)
  }
}
