import RoundsModel
import SwiftUI
import UIKit

/// What is to be said now, large enough to be read at arm's length.
struct ScriptBlock: View {
  @Environment(Film.self) private var film
  @Environment(\.words) private var words
  let script: Script

  var body: some View {
    VStack(alignment: .leading, spacing: 12) {
      if let view = film.view as? UIView {
        FilmView(view: view)
          .frame(maxWidth: .infinity, minHeight: 160, maxHeight: 220)
          .clipShape(RoundedRectangle(cornerRadius: 10))
          .accessibilityElement(children: .ignore)
          .accessibilityLabel(words[.lens])
          .accessibilityAddTraits(.isImage)
      }
      content
    }
    .card()
  }

  private var content: some View {
    VStack(alignment: .leading, spacing: 12) {
      HStack {
        Text(script.step).font(.subheadline).foregroundStyle(Color.quiet)
        Spacer()
        Label(script.state, systemImage: script.recording ? "record.circle.fill" : "pause.circle")
          .font(.subheadline.monospacedDigit().weight(.semibold))
          .foregroundStyle(script.recording ? Tone.bad.ink : Color.quiet)
      }
      // Nobody speaks where there is no script.
      if !script.speaker.isEmpty {
        Text(script.speaker).font(.subheadline.weight(.semibold)).foregroundStyle(Color.quiet)
      }
      Text(script.words).font(.title2).lineSpacing(6)
      if let instruction = script.instruction {
        Text(instruction).font(.callout).foregroundStyle(Tone.active.ink)
      }
    }
    .accessibilityElement(children: .combine)
  }
}
