import RoundsModel
import SwiftUI

/// A photo: what there is, and the button that asks the camera.
struct PhotoInput: View {
  @Environment(\.words) private var words
  let question: Question
  let take: String
  let picture: String?

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      if let picture {
        LoadedPicture(picture: picture, about: question.label, maxPx: 800) { image in
          Image(uiImage: image).resizable().scaledToFit()
        }
        .frame(maxHeight: 220)
        .clipShape(RoundedRectangle(cornerRadius: 10))
      }
      TakeButton(tap: take, title: words[picture == nil ? .take : .retake], picture: "camera", question: question)
    }
  }
}

/// A button that asks the phone for something: the core asks the camera, the place, the pad.
struct TakeButton: View {
  @Environment(PhoneModel.self) private var model
  let tap: String
  let title: String
  let picture: String
  let question: Question

  var body: some View {
    Button {
      Task { await model.tap(tap) }
    } label: {
      Label(title, systemImage: picture)
        .frame(maxWidth: .infinity, minHeight: 48)
        .background(Color.field, in: RoundedRectangle(cornerRadius: 10))
        .contentShape(Rectangle())
    }
    .buttonStyle(.plain)
    .disabled(model.busy)
    .accessibilityLabel(question.label + ", " + title)
    .accessibilityValue(question.shown)
  }
}
