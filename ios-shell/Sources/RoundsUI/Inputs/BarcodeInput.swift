import RoundsModel
import SwiftUI

/// A barcode: typed, or read by the camera.
struct BarcodeInput: View {
  @Environment(\.words) private var words
  let question: Question
  let answering: Answering
  let scan: String

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      TextInput(question: question, answering: answering, kind: .short)
      TakeButton(tap: scan, title: words[.scan], picture: "barcode.viewfinder", question: question)
    }
  }
}
