import RoundsModel
import SwiftUI

/// Words and numbers. What is typed is kept at every pause, and given when the field is left.
struct TextInput: View {
  enum Kind {
    case short, long, integer, decimal
  }

  @Environment(\.words) private var words
  @FocusState private var isFocused: Bool
  let question: Question
  let answering: Answering
  let kind: Kind

  var body: some View {
    TextField("", text: answering.typing(question), axis: kind == .long ? .vertical : .horizontal)
      .lineLimit(kind == .long ? 3...8 : 1...1)
      .keyboardType(keyboard)
      .focused($isFocused)
      .modifier(Field(isWrong: question.error != nil))
      .onSubmit { answering.finish(question) }
      .onChange(of: isFocused) { _, isFocused in
        if !isFocused { answering.finish(question) }
      }
      // Several lines have no return that ends them.
      .toolbar {
        if isFocused, kind == .long {
          ToolbarItemGroup(placement: .keyboard) {
            Spacer()
            Button(words[.done]) { isFocused = false }
          }
        }
      }
      .accessibilityLabel(words.spoken(question))
  }

  private var keyboard: UIKeyboardType {
    switch kind {
    case .short, .long: .default
    // Number pads have no minus and no return.
    case .integer, .decimal: .numbersAndPunctuation
    }
  }
}

/// The frame around a field.
struct Field: ViewModifier {
  let isWrong: Bool

  func body(content: Content) -> some View {
    content
      .padding(.horizontal, 12)
      .padding(.vertical, 10)
      .frame(minHeight: 48)
      .background(Color.field, in: RoundedRectangle(cornerRadius: 10))
      .overlay {
        if isWrong { RoundedRectangle(cornerRadius: 10).stroke(Tone.bad.ink, lineWidth: 1.5) }
      }
  }
}
