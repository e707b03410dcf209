import SwiftUI

/// Nothing is here yet: what would be, and how to begin.
struct EmptyBlock: View {
  let title: String
  let text: String

  var body: some View {
    VStack(spacing: 8) {
      Image(systemName: "tray").font(.largeTitle).foregroundStyle(Color.quiet).accessibilityHidden(true)
      Text(title).font(.headline)
      Text(text).font(.body).foregroundStyle(Color.quiet)
    }
    .multilineTextAlignment(.center)
    .frame(maxWidth: .infinity)
    .padding(.vertical, 32)
    .accessibilityElement(children: .combine)
  }
}
