import RoundsModel
import SwiftUI

/// The sync chip: its words, and a colour that only repeats them.
struct ChipView: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  let chip: Chip

  var body: some View {
    Button {
      Task { await model.tap(chip.tap) }
    } label: {
      HStack(spacing: 4) {
        Image(systemName: picture).imageScale(.small).accessibilityHidden(true)
        Text(chip.text).font(.caption.weight(.medium)).lineLimit(1)
      }
      .padding(.horizontal, 10)
      .padding(.vertical, 6)
      .background(chip.tone.ground, in: Capsule())
      .foregroundStyle(chip.tone.ink)
      .frame(minHeight: 44)
      .contentShape(Rectangle())
    }
    .buttonStyle(.plain)
    .accessibilityLabel(words[.syncState] + ": " + chip.text)
    .accessibilityShowsLargeContentViewer { Label(chip.text, systemImage: picture) }
  }

  private var picture: String {
    switch chip.state {
    case "syncing": "arrow.triangle.2.circlepath"
    case "offline": "wifi.slash"
    case "waiting": "clock"
    case "needs_you": "exclamationmark.circle"
    case "up_to_date": "checkmark.circle"
    case "stopped", "no_access": "xmark.circle"
    default: "circle.dashed"
    }
  }
}
