import RoundsModel
import SwiftUI

/// An answer of which there are several versions: each with who, where and when, and a button.
struct VersionsBlock: View {
  @Environment(\.words) private var words
  let versions: Versions

  var body: some View {
    VStack(alignment: .leading, spacing: 12) {
      VStack(alignment: .leading, spacing: 2) {
        Text(versions.label).font(.headline)
        Text(versions.about).font(.subheadline).foregroundStyle(Color.quiet)
      }
      .accessibilityElement(children: .combine)
      .accessibilityAddTraits(.isHeader)
      ForEach(Array(versions.versions.enumerated()), id: \.offset) { _, version in
        VStack(alignment: .leading, spacing: 6) {
          HStack(alignment: .firstTextBaseline) {
            Text(version.value).font(.title3.weight(.medium)).textSelection(.enabled)
            Spacer()
            if version.mine { BadgeView(badge: Badge(text: words[.mine], tone: .active)) }
          }
          Text(version.by).font(.footnote).foregroundStyle(Color.quiet)
          SmallButton(button: version.button)
        }
        Divider()
      }
      if let other = versions.other { SmallButton(button: other) }
    }
    .card()
  }
}
