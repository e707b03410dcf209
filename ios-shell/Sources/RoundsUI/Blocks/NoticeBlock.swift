import RoundsModel
import SwiftUI
import UIKit

/// What happened and why, what to do now, and for support the code, small.
struct NoticeBlock: View {
  @Environment(\.words) private var words
  @Environment(\.openURL) private var openURL
  let notice: Notice

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      HStack(alignment: .firstTextBaseline, spacing: 8) {
        Image(systemName: notice.tone.picture).accessibilityHidden(true)
        VStack(alignment: .leading, spacing: 4) {
          Text(notice.text).font(.body.weight(.medium))
          if let remedy = notice.remedy { Text(remedy).font(.callout) }
          if let code = notice.code {
            Text(words[.code] + " " + code).font(.caption2)
          }
        }
      }
      .accessibilityElement(children: .combine)
      ForEach(notice.buttons, id: \.tap) { button in SmallButton(button: button) }
      if notice.isAboutPermission {
        Button(words[.openSettings]) {
          if let settings = URL(string: UIApplication.openSettingsURLString) { openURL(settings) }
        }
        .frame(minHeight: 44)
        .tint(notice.tone.ink)
      }
    }
    .foregroundStyle(notice.tone.ink)
    .padding(14)
    .frame(maxWidth: .infinity, alignment: .leading)
    .background(notice.tone.ground, in: RoundedRectangle(cornerRadius: 14))
  }
}
