import RoundsModel
import SwiftUI

/// One of these. Where there are more than the screen lists, the core opens the whole list.
struct OneInput: View {
  let question: Question
  let answering: Answering
  let options: [Choice]
  let more: String?

  var body: some View {
    VStack(alignment: .leading, spacing: 6) {
      ForEach(options, id: \.value) { option in
        ChoiceRow(choice: option, isChosen: isChosen(option), isRound: true) {
          let stored = answering.value(of: question)
          answering.give(ChoiceAnswer.touched(option.value, in: stored, required: question.required), at: question)
        }
      }
      if let more { MoreChoices(question: question, more: more) }
    }
  }

  private func isChosen(_ option: Choice) -> Bool {
    answering.value(of: question) == option.value
  }
}

/// A choice, as a target large enough for a thumb.
struct ChoiceRow: View {
  @Environment(\.words) private var words
  let choice: Choice
  let isChosen: Bool
  let isRound: Bool
  let choose: @MainActor () -> Void

  var body: some View {
    Button {
      // Not `disabled`, which would grey out why.
      if choice.isOffered { choose() }
    } label: {
      HStack(spacing: 10) {
        Image(systemName: picture).foregroundStyle(isChosen ? Color.accentColor : Color.quiet)
        VStack(alignment: .leading, spacing: 2) {
          Text(choice.label).foregroundStyle(choice.isOffered ? Color.primary : Color.quiet)
          if let whyNot = choice.whyNot { Text(whyNot).font(.footnote).foregroundStyle(Color.quiet) }
        }
        Spacer(minLength: 0)
      }
      .padding(.horizontal, 12)
      .frame(maxWidth: .infinity, minHeight: 48, alignment: .leading)
      .background(isChosen ? Tone.active.ground : Color.field, in: RoundedRectangle(cornerRadius: 10))
      .contentShape(Rectangle())
    }
    .buttonStyle(.plain)
    .accessibilityLabel([choice.label, choice.whyNot].compactMap { $0 }.joined(separator: ", "))
    .accessibilityAddTraits(isChosen ? [.isSelected] : [])
  }

  private var picture: String {
    switch (isRound, isChosen) {
    case (true, true): "largecircle.fill.circle"
    case (true, false): "circle"
    case (false, true): "checkmark.square.fill"
    case (false, false): "square"
    }
  }
}

/// Opens the whole list, and shows what of it is chosen.
struct MoreChoices: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  let question: Question
  let more: String

  var body: some View {
    Button {
      Task { await model.tap(more) }
    } label: {
      HStack {
        Text(question.shown.isEmpty ? words[.choose] : question.shown)
        Spacer()
        Image(systemName: "chevron.forward").font(.footnote).foregroundStyle(.tertiary)
      }
      .padding(.horizontal, 12)
      .frame(maxWidth: .infinity, minHeight: 48)
      .background(Color.field, in: RoundedRectangle(cornerRadius: 10))
      .contentShape(Rectangle())
    }
    .buttonStyle(.plain)
  }
}
