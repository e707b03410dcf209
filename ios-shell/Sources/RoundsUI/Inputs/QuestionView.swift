import RoundsModel
import SwiftUI

/// A question with its label, its hint, what answers it, what is wrong with the answer, and what a supervisor wrote to it.
struct QuestionView: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  let question: Question
  let answering: Answering

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      label
      if let hint = question.hint {
        Text(hint).font(.footnote).foregroundStyle(Color.quiet)
      }
      if question.readOnly {
        Text(question.shown.isEmpty ? words[.notAnswered] : question.shown)
          .foregroundStyle(question.shown.isEmpty ? Color.quiet : Color.primary)
          .textSelection(.enabled)
      } else {
        InputView(question: question, answering: answering)
      }
      if let error = question.error {
        Label(error, systemImage: "exclamationmark.circle").font(.callout).foregroundStyle(Tone.bad.ink)
      }
      if let comment = question.comment {
        Label(comment, systemImage: "exclamationmark.bubble").font(.callout).foregroundStyle(Tone.warning.ink)
      }
      if let versions = question.versions {
        Button {
          Task { await model.tap(versions) }
        } label: {
          Label(words[.twoVersions], systemImage: "arrow.triangle.branch").frame(minHeight: 44)
        }
        .tint(Tone.warning.ink)
      }
    }
    .accessibilityElement(children: .contain)
    .accessibilityLabel(words.spoken(question))
  }

  private var label: some View {
    HStack(alignment: .firstTextBaseline, spacing: 4) {
      Text(question.label).font(.body.weight(.medium))
      if question.required, !question.readOnly {
        Text(verbatim: "*").foregroundStyle(Tone.bad.ink).accessibilityLabel(words[.required])
      }
    }
    .accessibilityElement(children: .combine)
  }
}

/// What answers a question: which view for which input.
struct InputView: View {
  let question: Question
  let answering: Answering

  var body: some View {
    switch question.input {
    case .note: EmptyView()
    case .text(let long): TextInput(question: question, answering: answering, kind: long ? .long : .short)
    case .integer: TextInput(question: question, answering: answering, kind: .integer)
    case .decimal: TextInput(question: question, answering: answering, kind: .decimal)
    case .pin: PinInput(question: question, answering: answering)
    case .date: DateInput(question: question, answering: answering, form: .date)
    case .time: DateInput(question: question, answering: answering, form: .time)
    case .dateTime: DateInput(question: question, answering: answering, form: .dateTime)
    case .one(let options, let more):
      OneInput(question: question, answering: answering, options: options, more: more)
    case .several(let options, let more):
      SeveralInput(question: question, answering: answering, options: options, more: more)
    case .rank(let options): RankInput(question: question, answering: answering, options: options)
    case .range(let from, let to, let step):
      RangeInput(question: question, answering: answering, range: RangeAnswer(from: from, to: to, step: step))
    case .acknowledge: AcknowledgeInput(question: question, answering: answering)
    case .photo(let take, let picture): PhotoInput(question: question, take: take, picture: picture)
    case .file(let take, let about): FileInput(question: question, take: take, about: about)
    case .place(let take): PlaceInput(question: question, take: take)
    case .barcode(let scan): BarcodeInput(question: question, answering: answering, scan: scan)
    case .signature(let sign, let picture): SignatureInput(question: question, sign: sign, picture: picture)
    }
  }
}
