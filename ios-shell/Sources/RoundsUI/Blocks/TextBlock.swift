import SwiftUI

struct TextBlock: View {
  let text: String

  var body: some View {
    Text(text).font(.body).frame(maxWidth: .infinity, alignment: .leading).textSelection(.enabled)
  }
}
