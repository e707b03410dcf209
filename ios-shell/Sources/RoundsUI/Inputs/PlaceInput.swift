import RoundsModel
import SwiftUI

/// Where the phone is.
struct PlaceInput: View {
  @Environment(\.words) private var words
  let question: Question
  let take: String

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      if !question.shown.isEmpty { Label(question.shown, systemImage: "mappin.and.ellipse") }
      TakeButton(tap: take, title: words[.findPlace], picture: "location", question: question)
    }
  }
}
