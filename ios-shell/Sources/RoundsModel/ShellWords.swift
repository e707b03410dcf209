/// The few words that are the shell's own: what a screen says comes from the core in its language. They
/// stand in both languages side by side, so that none is forgotten.
public struct ShellWords: Sendable {
  public enum Word: String, CaseIterable, Sendable {
    case back, cancel, done, more, close, choose, clear, moveUp, moveDown, notAnswered, required, working
    case chosen, notChosen, photoMissing, retake, take, sign, scan, findPlace, code, syncState, error
    case twoVersions, mine, signHere, openSettings, tryAgain, lens
  }

  private let isChinese: Bool

  /// `zh-CN`, `zh-Hans` and the like; everything else is English.
  public init(language: String) {
    isChinese = language.lowercased().hasPrefix("zh")
  }

  public subscript(word: Word) -> String {
    let (zh, en) = ShellWords.both(word)
    return isChinese ? zh : en
  }

  /// "3 things wait there", for people who do not see the mark.
  public func waiting(_ count: UInt64) -> String {
    isChinese ? "\(count) 项待处理" : count == 1 ? "1 thing waits there" : "\(count) things wait there"
  }

  /// "2 of 5"
  public func place(_ n: Int, of all: Int) -> String {
    isChinese ? "第 \(n) 项，共 \(all) 项" : "\(n) of \(all)"
  }

  /// A question as it is read aloud: its label, that it must be answered, what is wrong with it, and what was written to it.
  public func spoken(_ question: Question) -> String {
    var parts = [question.label]
    if question.required { parts.append(self[.required]) }
    if let error = question.error { parts.append(self[.error] + (isChinese ? "：" : ": ") + error) }
    if let comment = question.comment { parts.append(comment) }
    if question.versions != nil { parts.append(self[.twoVersions]) }
    return joined(parts)
  }

  /// A line as it is read aloud: everything that is on it, in the order in which it is seen.
  public func spoken(_ line: Line) -> String {
    // A place in a route is said; what is a sign, the words beside it say.
    let mark = line.mark.flatMap { Int($0) == nil ? nil : $0 }
    let chosen = line.chosen.map { $0 ? self[.chosen] : self[.notChosen] }
    let parts = [chosen, mark, line.title, line.subtitle, line.end] + line.badges.map(\.text) + [line.whyNot]
    return joined(parts.compactMap { $0 })
  }

  private func joined(_ parts: [String]) -> String {
    parts.joined(separator: isChinese ? "，" : ", ")
  }

  static func both(_ word: Word) -> (zh: String, en: String) {
    switch word {
    case .back: ("返回", "Back")
    case .cancel: ("取消", "Cancel")
    case .done: ("完成", "Done")
    case .more: ("更多", "More")
    case .close: ("关闭", "Close")
    case .choose: ("选择", "Choose")
    case .clear: ("清除", "Clear")
    case .moveUp: ("上移", "Move up")
    case .moveDown: ("下移", "Move down")
    case .notAnswered: ("未填写", "Not answered")
    case .required: ("必填", "Required")
    case .working: ("请稍候", "One moment")
    case .chosen: ("已选", "Chosen")
    case .notChosen: ("未选", "Not chosen")
    case .photoMissing: ("图片暂时无法显示", "The picture cannot be shown now")
    case .retake: ("重拍", "Take again")
    case .take: ("拍摄", "Take")
    case .sign: ("签名", "Sign")
    case .scan: ("扫码", "Scan")
    case .findPlace: ("定位", "Find my place")
    case .code: ("代码", "Code")
    case .syncState: ("同步状态", "Sync")
    case .error: ("有误", "Not right")
    case .twoVersions: ("有两处不同", "There are two versions")
    case .mine: ("我的", "Mine")
    case .signHere: ("请在此签名", "Sign here")
    case .openSettings: ("打开设置", "Open settings")
    case .tryAgain: ("重试", "Try again")
    case .lens: ("镜头画面", "What the camera sees")
    }
  }
}
