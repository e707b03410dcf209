import RoundsModel
import SwiftUI

/// A time that has to pass. The ring closes by itself; what is said beside it the core says again.
struct RingBlock: View {
  @State private var began = Date()
  let text: String
  let leftMs: UInt64
  let ofMs: UInt64

  var body: some View {
    HStack(spacing: 14) {
      TimelineView(.animation(minimumInterval: 0.1, paused: leftMs == 0)) { context in
        ring(Ring.share(leftMs: leftMs, ofMs: ofMs, secondsSince: context.date.timeIntervalSince(began)))
      }
      .frame(width: 44, height: 44)
      .accessibilityHidden(true)
      Text(text).font(.body.monospacedDigit()).frame(maxWidth: .infinity, alignment: .leading)
    }
    .card()
    .accessibilityElement(children: .combine)
    .onChange(of: leftMs) { began = Date() }
  }

  private func ring(_ share: Double) -> some View {
    ZStack {
      Circle().stroke(Color(.systemFill), lineWidth: 6)
      Circle()
        .trim(from: 0, to: share)
        .stroke(Color.accentColor, style: StrokeStyle(lineWidth: 6, lineCap: .round))
        .rotationEffect(.degrees(-90))
    }
  }
}
