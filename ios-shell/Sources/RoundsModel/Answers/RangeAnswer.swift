/// A number on a scale, as the marks of a slider. Marks are counted, not added up, so that a tenth ten
/// times is one.
public struct RangeAnswer: Sendable, Equatable {
  public let from: Double
  public let to: Double
  public let step: Double

  /// A scale that makes no sense has one mark, its beginning.
  public init(from: Double, to: Double, step: Double) {
    self.from = from
    self.to = to
    self.step = step
  }

  /// Marks beyond the first.
  public var last: Int {
    let marks = ((to - from) / step).rounded(.down)
    return marks.isFinite && marks > 0 && marks < 100_000 ? Int(marks) : 0
  }

  /// The mark of a stored answer; none if there is no answer on the scale.
  public func mark(_ stored: String) -> Int? {
    guard let value = Double(stored), value >= from, value <= to else { return nil }
    let mark = ((value - from) / step).rounded()
    return mark.isFinite && (0...Double(last)).contains(mark) ? Int(mark) : nil
  }

  /// What is stored of a mark: with as many decimals as the scale has, and no more.
  public func stored(_ mark: Int) -> String {
    let places = max(decimals(from), decimals(step))
    let scale = (0..<places).reduce(1.0) { number, _ in number * 10 }
    let whole = ((from + Double(min(max(mark, 0), last)) * step) * scale).rounded() / scale
    return whole == whole.rounded() ? String(Int(whole)) : String(whole)
  }

  private func decimals(_ number: Double) -> Int {
    (0...6).first { places in
      let scaled = (0..<places).reduce(number) { number, _ in number * 10 }
      return abs(scaled - scaled.rounded()) < 1e-6
    } ?? 6
  }
}
