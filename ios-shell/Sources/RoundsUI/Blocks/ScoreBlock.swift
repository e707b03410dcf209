import RoundsModel
import SwiftUI

struct ScoreBlock: View {
  let score: Score

  var body: some View {
    VStack(alignment: .leading, spacing: 12) {
      VStack(alignment: .leading, spacing: 4) {
        Text(score.text).font(.title2.weight(.bold)).foregroundStyle(tone.ink)
        if let before = score.before { Text(before).font(.subheadline).foregroundStyle(Color.quiet) }
        ProgressView(value: min(max(score.percent, 0), 100), total: 100).tint(tone.fill).accessibilityHidden(true)
      }
      .accessibilityElement(children: .combine)
      ForEach(Array(score.sections.enumerated()), id: \.offset) { _, section in FactRow(fact: section) }
      ForEach(score.failed, id: \.id) { line in LineBlock(line: line) }
    }
    .card()
  }

  private var tone: Tone {
    score.passed.map { $0 ? .good : .bad } ?? .neutral
  }
}
