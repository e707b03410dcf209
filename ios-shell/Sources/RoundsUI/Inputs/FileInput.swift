import RoundsModel
import SwiftUI

/// A sound, a video, a file.
struct FileInput: View {
  @Environment(\.words) private var words
  let question: Question
  let take: String
  let about: String?

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      if let about { Label(about, systemImage: "paperclip") }
      TakeButton(tap: take, title: words[about == nil ? .take : .retake], picture: "record.circle", question: question)
    }
  }
}
