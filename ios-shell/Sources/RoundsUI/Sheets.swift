import RoundsModel
import SwiftUI

/// What comes over the screen: a button's questions, "are you sure", the system's own sheet for a file.
struct Sheets: ViewModifier {
  @Environment(PhoneModel.self) private var model

  func body(content: Content) -> some View {
    content
      .sheet(item: asking) { asking in AskSheet(asking: asking) }
      .modifier(SureDialog(isOffered: model.asking == nil))
      .background { FileSheet(file: model.file) { done in Task { await model.left(done: done) } } }
  }

  private var asking: Binding<Asking?> {
    Binding(main: { model.asking }, set: { if $0 == nil { model.dismissAsking() } })
  }
}

/// "Are you sure": on the screen, or on the sheet that asked for something first.
struct SureDialog: ViewModifier {
  @Environment(PhoneModel.self) private var model
  let isOffered: Bool

  func body(content: Content) -> some View {
    content.confirmationDialog(
      model.confirming?.sure.text ?? "", isPresented: isPresented, titleVisibility: .visible,
      presenting: model.confirming
    ) { confirming in
      Button(confirming.sure.yes, role: confirming.tone == .bad ? .destructive : nil) {
        Task { await model.confirm() }
      }
      Button(confirming.sure.no, role: .cancel) { model.unconfirm() }
    }
  }

  private var isPresented: Binding<Bool> {
    Binding(main: { isOffered && model.confirming != nil }, set: { _ in })
  }
}

/// The questions of a button, on a sheet of their own.
struct AskSheet: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  let asking: Asking

  var body: some View {
    NavigationStack {
      ScrollView {
        VStack(alignment: .leading, spacing: 12) {
          if let said = model.said { NoticeBlock(notice: said) }
          ForEach(asking.questions, id: \.key) { question in
            QuestionView(question: question, answering: Answering(asking: asking))
          }
        }
        .padding(16)
      }
      .safeAreaInset(edge: .bottom) {
        Button {
          Task { await model.submit(asking) }
        } label: {
          Text(asking.button.title).font(.headline).frame(maxWidth: .infinity, minHeight: 44)
        }
        .buttonStyle(.borderedProminent)
        .tint(asking.button.tone.fill)
        .padding(16)
        .background(.bar)
      }
      .navigationTitle(asking.button.title)
      .navigationBarTitleDisplayMode(.inline)
      .toolbar {
        ToolbarItem(placement: .cancellationAction) {
          Button(words[.cancel]) { model.dismissAsking() }
        }
      }
    }
    .modifier(SureDialog(isOffered: true))
    .presentationDetents([.medium, .large])
    .interactiveDismissDisabled(model.busy)
  }
}
