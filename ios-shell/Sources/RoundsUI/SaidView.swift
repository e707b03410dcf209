import RoundsModel
import SwiftUI

/// What is said in passing, over the screen, and read aloud.
struct SaidView: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words

  var body: some View {
    Group {
      if let said = model.said {
        HStack(alignment: .top, spacing: 8) {
          NoticeBlock(notice: said)
          Button {
            model.dismissSaid()
          } label: {
            Image(systemName: "xmark").frame(width: 44, height: 44).contentShape(Rectangle())
          }
          .buttonStyle(.plain)
          .accessibilityLabel(words[.close])
        }
        .background(Color(.secondarySystemGroupedBackground), in: RoundedRectangle(cornerRadius: 14))
        .shadow(radius: 6, y: 2)
        .padding(12)
        .transition(.move(edge: .top).combined(with: .opacity))
      }
    }
    .animation(.default, value: model.said)
    .onChange(of: model.said) { _, said in
      guard let said else { return }
      let text = [said.text, said.remedy].compactMap { $0 }.joined(separator: " ")
      AccessibilityNotification.Announcement(text).post()
    }
  }
}
