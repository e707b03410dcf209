import RoundsModel
import SwiftUI

/// A date, a time, or both. Nothing is answered before somebody chose.
struct DateInput: View {
  @Environment(\.words) private var words
  let question: Question
  let answering: Answering
  let form: DateAnswer.Form

  var body: some View {
    let answer = DateAnswer(form)
    HStack {
      if let date = answer.date(answering.value(of: question)) {
        DatePicker(
          question.label,
          selection: Binding(main: { date }, set: { answering.give(answer.stored($0), at: question) }),
          displayedComponents: components
        )
        .labelsHidden()
        .environment(\.calendar, Calendar(identifier: .gregorian))
        Spacer()
        Button {
          answering.give("", at: question)
        } label: {
          Image(systemName: "xmark.circle").frame(width: 44, height: 44).contentShape(Rectangle())
        }
        .buttonStyle(.plain)
        .accessibilityLabel(words[.clear])
      } else {
        Button {
          answering.give(answer.now(), at: question)
        } label: {
          Text(words[.choose]).frame(maxWidth: .infinity, minHeight: 28)
        }
        .buttonStyle(.bordered)
        .controlSize(.large)
        .accessibilityLabel(words.spoken(question))
      }
    }
    .frame(minHeight: 48)
  }

  private var components: DatePickerComponents {
    switch form {
    case .date: .date
    case .time: .hourAndMinute
    case .dateTime: [.date, .hourAndMinute]
    }
  }
}
