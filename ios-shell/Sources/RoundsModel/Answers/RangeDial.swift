/// A slider on a scale, while somebody moves it. It answers when it is let go; turned without being held, as VoiceOver
/// does, it answers at once. What is stored moves it only while nobody holds it.
public struct RangeDial: Sendable, Equatable {
  private let range: RangeAnswer
  private var mark: Int
  private var isHeld = false

  public init(_ range: RangeAnswer, stored: String) {
    self.range = range
    mark = range.mark(stored) ?? 0
  }

  public var position: Double { Double(mark) }
  /// A slider needs two marks, also on a scale that has one.
  public var lastPosition: Double { Double(max(range.last, 1)) }
  public var least: String { range.stored(0) }
  public var most: String { range.stored(range.last) }

  /// What is read beside it; none if there is no answer.
  public func shown(_ stored: String) -> String? {
    isHeld ? range.stored(mark) : stored.isEmpty ? nil : stored
  }

  /// The answer that this gives, if it gives one.
  public mutating func turn(to position: Double) -> String? {
    guard position.isFinite else { return nil }
    mark = Int(min(max(position.rounded(), 0), Double(range.last)))
    return isHeld ? nil : range.stored(mark)
  }

  /// The answer that letting it go gives.
  public mutating func hold(_ isHeld: Bool) -> String? {
    defer { self.isHeld = isHeld }
    return self.isHeld && !isHeld ? range.stored(mark) : nil
  }

  public mutating func follow(_ stored: String) {
    if !isHeld { mark = range.mark(stored) ?? 0 }
  }
}
