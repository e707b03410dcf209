import SwiftUI

struct HeadingBlock: View {
  let text: String

  var body: some View {
    Text(text)
      .font(.title3.weight(.semibold))
      .padding(.top, 8)
      .accessibilityAddTraits(.isHeader)
  }
}
