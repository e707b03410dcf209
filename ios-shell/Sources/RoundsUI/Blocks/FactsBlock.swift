import RoundsModel
import SwiftUI

/// Labels with their values. With large letters the value goes under its label.
struct FactsBlock: View {
  let facts: [Fact]

  var body: some View {
    VStack(alignment: .leading, spacing: 10) {
      ForEach(Array(facts.enumerated()), id: \.offset) { _, fact in FactRow(fact: fact) }
    }
    .card()
  }
}

struct FactRow: View {
  @Environment(PhoneModel.self) private var model
  let fact: Fact

  var body: some View {
    if let tap = fact.tap {
      Button {
        Task { await model.tap(tap) }
      } label: {
        content.frame(minHeight: 44).contentShape(Rectangle())
      }
      .buttonStyle(.plain)
    } else {
      content
    }
  }

  private var content: some View {
    ViewThatFits(in: .horizontal) {
      HStack(alignment: .firstTextBaseline) {
        label
        Spacer(minLength: 16)
        value.multilineTextAlignment(.trailing)
      }
      VStack(alignment: .leading, spacing: 2) {
        label
        value
      }
    }
    .frame(maxWidth: .infinity, alignment: .leading)
    .accessibilityElement(children: .combine)
  }

  private var label: some View {
    Text(fact.label).font(.subheadline).foregroundStyle(Color.quiet)
  }

  private var value: some View {
    Text(fact.value)
      .font(.body)
      .foregroundStyle(fact.tap == nil ? fact.tone.ink : Color.accentColor)
  }
}
