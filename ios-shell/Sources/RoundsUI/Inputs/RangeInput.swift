import RoundsModel
import SwiftUI

/// A number on a scale. Nothing is answered before somebody moved it.
struct RangeInput: View {
  @Environment(\.words) private var words
  @State private var dial: RangeDial
  private let question: Question
  private let answering: Answering

  init(question: Question, answering: Answering, range: RangeAnswer) {
    self.question = question
    self.answering = answering
    _dial = State(wrappedValue: RangeDial(range, stored: answering.value(of: question)))
  }

  var body: some View {
    let stored = answering.value(of: question)
    let shown = dial.shown(stored)
    VStack(alignment: .leading, spacing: 4) {
      Text(shown ?? words[.notAnswered])
        .font(.title3.monospacedDigit())
        .foregroundStyle(shown == nil ? Color.quiet : Color.primary)
      Slider(
        value: Binding(main: { dial.position }, set: { give(dial.turn(to: $0)) }), in: 0...dial.lastPosition, step: 1
      ) {
        Text(question.label)
      } minimumValueLabel: {
        Text(dial.least).font(.footnote)
      } maximumValueLabel: {
        Text(dial.most).font(.footnote)
      } onEditingChanged: { isHeld in
        give(dial.hold(isHeld))
      }
      .accessibilityValue(shown ?? words[.notAnswered])
    }
    .onChange(of: stored) { _, stored in dial.follow(stored) }
  }

  private func give(_ answer: String?) {
    if let answer { answering.give(answer, at: question) }
  }
}
