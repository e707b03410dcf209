import RoundsModel
import SwiftUI

/// What else can be done. Greyed entries stay, and say why.
struct AlsoMenu: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  let buttons: [ScreenButton]

  var body: some View {
    Menu {
      ForEach(buttons, id: \.tap) { button in
        Button(role: button.tone == .bad ? .destructive : nil) {
          Task { await model.press(button) }
        } label: {
          Text(button.title)
          if let why = button.whyNot { Text(why.text) }
        }
      }
    } label: {
      Label(words[.more], systemImage: "ellipsis.circle").labelStyle(.iconOnly).frame(minWidth: 44, minHeight: 44)
    }
  }
}
