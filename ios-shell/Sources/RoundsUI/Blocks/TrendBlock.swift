import Charts
import RoundsModel
import SwiftUI

/// A small chart that answers one question. Its answer stands above it in words.
struct TrendBlock: View {
  let trend: Trend

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      VStack(alignment: .leading, spacing: 2) {
        Text(trend.title).font(.subheadline).foregroundStyle(Color.quiet)
        Text(trend.text).font(.headline)
      }
      .accessibilityElement(children: .combine)
      Chart(Array(trend.points.enumerated()), id: \.offset) { at, point in
        BarMark(x: .value("", at), y: .value("", point.value))
          .foregroundStyle(Color.accentColor)
          .accessibilityLabel(point.label)
          .accessibilityValue(point.value.formatted())
      }
      .chartXAxis {
        AxisMarks(values: Array(trend.points.indices)) { mark in
          AxisValueLabel {
            if let at = mark.as(Int.self), trend.points.indices.contains(at) { Text(trend.points[at].label) }
          }
        }
      }
      .frame(height: 120)
      .accessibilityLabel(trend.title)
    }
    .card()
  }
}
