import RoundsModel
import SwiftUI

/// A button in the column.
struct ButtonBlock: View {
  let button: ScreenButton

  var body: some View {
    SmallButton(button: button)
  }
}

/// Any button but the main one. Greyed it says why under itself, and when it is pressed what to do.
struct SmallButton: View {
  @Environment(PhoneModel.self) private var model
  let button: ScreenButton

  var body: some View {
    VStack(alignment: .leading, spacing: 4) {
      Button {
        Task { await model.press(button) }
      } label: {
        Text(button.title)
          .font(.body.weight(.medium))
          .multilineTextAlignment(.center)
          .frame(maxWidth: .infinity, minHeight: 48)
          .padding(.horizontal, 12)
          .background(button.whyNot == nil ? button.tone.ground : Color.greyed, in: shape)
          .foregroundStyle(button.whyNot == nil ? button.tone.ink : Color.quiet)
          .contentShape(shape)
      }
      .buttonStyle(.plain)
      if let why = button.whyNot {
        Text(why.text).font(.footnote).foregroundStyle(Color.quiet)
      }
    }
    .accessibilityElement(children: .combine)
  }

  private var shape: RoundedRectangle { RoundedRectangle(cornerRadius: 12) }
}
