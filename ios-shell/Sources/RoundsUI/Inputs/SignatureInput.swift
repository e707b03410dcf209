import RoundsModel
import SwiftUI

/// A signature: what there is, and the button that opens the pad.
struct SignatureInput: View {
  @Environment(\.words) private var words
  let question: Question
  let sign: String
  let picture: String?

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      if let picture {
        LoadedPicture(picture: picture, about: question.label, maxPx: 800) { image in
          Image(uiImage: image).resizable().scaledToFit()
        }
        .frame(maxHeight: 140)
        .background(.white, in: RoundedRectangle(cornerRadius: 10))
      }
      TakeButton(tap: sign, title: words[.sign], picture: "signature", question: question)
    }
  }
}
