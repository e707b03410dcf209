import RoundsModel
import SwiftUI

/// A question of the screen: what is answered goes to the core.
struct AskBlock: View {
  @Environment(PhoneModel.self) private var model
  let question: Question

  var body: some View {
    QuestionView(question: question, answering: Answering(model: model)).card()
  }
}
