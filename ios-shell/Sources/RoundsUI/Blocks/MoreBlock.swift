import RoundsModel
import SwiftUI

/// The list goes on: its next lines are asked for when this comes into sight, and again by whoever sees that they did not.
struct MoreBlock: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  let more: String

  var body: some View {
    if model.missed == more {
      Button(words[.tryAgain]) {
        Task { await model.reached(more: more) }
      }
      .buttonStyle(.bordered)
      .controlSize(.large)
      .frame(maxWidth: .infinity, minHeight: 48)
    } else {
      ProgressView()
        .frame(maxWidth: .infinity, minHeight: 48)
        .accessibilityLabel(words[.working])
        .task(id: more) { await model.reached(more: more) }
    }
  }
}
