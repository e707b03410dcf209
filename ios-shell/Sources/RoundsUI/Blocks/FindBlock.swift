import RoundsModel
import SwiftUI

/// A field that searches as one types.
struct FindBlock: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  @State private var field: FindField
  @FocusState private var isFocused: Bool
  private let hint: String
  private let typed: String
  private let tap: String

  init(hint: String, typed: String, tap: String) {
    self.hint = hint
    self.typed = typed
    self.tap = tap
    _field = State(wrappedValue: FindField(typed))
  }

  var body: some View {
    HStack(spacing: 8) {
      Image(systemName: "magnifyingglass").foregroundStyle(Color.quiet).accessibilityHidden(true)
      TextField(
        hint, text: Binding(main: { field.text }, set: { look(for: $0) }),
        prompt: Text(hint).foregroundStyle(Color.quiet)
      )
      .focused($isFocused)
      .autocorrectionDisabled()
      .textInputAutocapitalization(.never)
      .submitLabel(.search)
      if !field.text.isEmpty {
        Button {
          look(for: "")
        } label: {
          Image(systemName: "xmark.circle.fill").foregroundStyle(Color.quiet).frame(width: 44, height: 44)
        }
        .buttonStyle(.plain)
        .accessibilityLabel(words[.clear])
      }
    }
    .padding(.horizontal, 12)
    .frame(minHeight: 48)
    .background(Color(.secondarySystemGroupedBackground), in: RoundedRectangle(cornerRadius: 14))
    .onChange(of: typed) { _, typed in field.told(typed, isTyping: isFocused) }
  }

  private func look(for text: String) {
    if let wanted = field.type(text) { model.find(wanted, tap: tap) }
  }
}
