import SwiftUI

struct ProgressBlock: View {
  let text: String
  let done: UInt64
  let of: UInt64

  var body: some View {
    VStack(alignment: .leading, spacing: 6) {
      Text(text).font(.subheadline)
      ProgressView(value: Double(min(done, of)), total: Double(max(of, 1))).accessibilityHidden(true)
    }
    .card()
    .accessibilityElement(children: .combine)
  }
}
