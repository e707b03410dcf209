import RoundsModel
import SwiftUI

/// The column of blocks. It begins at the question that the person was at.
struct BlockColumn: View {
  let rows: [Row]
  let at: String?
  let screen: String

  var body: some View {
    ScrollViewReader { reader in
      ScrollView {
        LazyVStack(alignment: .leading, spacing: 12) {
          ForEach(rows) { row in
            BlockView(block: row.block).id(row.id)
          }
        }
        .padding(.horizontal, 16)
        .padding(.vertical, 12)
        .frame(maxWidth: 700, alignment: .leading)
        .frame(maxWidth: .infinity)
      }
      .scrollDismissesKeyboard(.interactively)
      .onAppear { go(reader) }
      .onChange(of: screen) { go(reader) }
      .onChange(of: at) { go(reader) }
    }
    .background(Color(.systemGroupedBackground))
  }

  private func go(_ reader: ScrollViewProxy) {
    guard let at else { return }
    withAnimation { reader.scrollTo("ask/" + at, anchor: .center) }
  }
}

/// One block: which view paints which kind.
struct BlockView: View {
  let block: Block

  var body: some View {
    switch block {
    case .heading(let text): HeadingBlock(text: text)
    case .text(let text): TextBlock(text: text)
    case .notice(let notice): NoticeBlock(notice: notice)
    case .facts(let facts): FactsBlock(facts: facts)
    case .line(let line): LineBlock(line: line)
    case .ask(let question): AskBlock(question: question)
    case .progress(let text, let done, let of): ProgressBlock(text: text, done: done, of: of)
    case .ring(let text, let leftMs, let ofMs): RingBlock(text: text, leftMs: leftMs, ofMs: ofMs)
    case .score(let score): ScoreBlock(score: score)
    case .versions(let versions): VersionsBlock(versions: versions)
    case .trend(let trend): TrendBlock(trend: trend)
    case .script(let script): ScriptBlock(script: script)
    case .picture(let picture, let about): PictureBlock(picture: picture, about: about)
    case .button(let button): ButtonBlock(button: button)
    case .find(let hint, let typed, let tap): FindBlock(hint: hint, typed: typed, tap: tap)
    case .empty(let title, let text): EmptyBlock(title: title, text: text)
    case .more(let more): MoreBlock(more: more)
    }
  }
}
