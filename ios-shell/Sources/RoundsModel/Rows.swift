/// A block with a name that stays while the screen is read again, so that lists move and do not jump.
public struct Row: Sendable, Equatable, Identifiable {
  public let id: String
  public let block: Block
}

/// The rows of a screen: its own blocks, and the pages that were reached below them.
struct Rows {
  private(set) var blocks: [Block] = []
  /// Pages that were put below the screen's own blocks.
  private(set) var pages = 0

  init() {}

  init(_ screen: Screen) {
    blocks = screen.blocks
  }

  /// What is asked for when the end is reached.
  var more: String? {
    guard case .more(let more)? = blocks.last else { return nil }
    return more
  }

  /// Puts a page in the place of the block that asked for it.
  mutating func add(_ page: [Block], for asked: String) {
    guard more == asked else { return }
    blocks.removeLast()
    blocks += page
    pages += 1
  }

  var rows: [Row] {
    var counts: [String: Int] = [:]
    return blocks.map { block in
      let name = Rows.name(of: block)
      let n = counts[name, default: 0]
      counts[name] = n + 1
      return Row(id: n == 0 ? name : "\(name)#\(n)", block: block)
    }
  }

  /// Lines and questions have names of their own; other blocks are counted by kind.
  private static func name(of block: Block) -> String {
    switch block {
    case .line(let line): "line/\(line.id)"
    case .ask(let question): "ask/\(question.key)"
    case .versions(let versions): "versions/\(versions.about)/\(versions.label)"
    case .heading(let text): "heading/\(text)"
    case .picture(let picture, _): "picture/\(picture)"
    case .text: "text"
    case .notice: "notice"
    case .facts: "facts"
    case .progress: "progress"
    case .ring: "ring"
    case .score: "score"
    case .trend: "trend"
    case .script: "script"
    case .button: "button"
    case .find: "find"
    case .empty: "empty"
    case .more: "more"
    }
  }
}
