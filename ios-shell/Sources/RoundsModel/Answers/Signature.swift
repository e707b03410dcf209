import Foundation

/// A signature as the core takes it: strokes on a pad in whole units, within its bounds. What a pad gave is
/// made to fit: points beyond the edge go onto it, and where there are too many every other one is left out.
public struct Signature: Sendable, Equatable {
  /// Where the pen was, as a pad tells it.
  public struct Pen: Sendable {
    public var x: Double
    public var y: Double
    /// Since the first point of all.
    public var seconds: Double
    /// None is zero; a hard press is about one.
    public var force: Double

    public init(x: Double, y: Double, seconds: Double, force: Double) {
      self.x = x
      self.y = y
      self.seconds = seconds
      self.force = force
    }
  }

  public struct Point: Sendable, Equatable {
    public let x: UInt16
    public let y: UInt16
    public let tMs: UInt32
    public let pressure: UInt8
  }

  public let width: UInt16
  public let height: UInt16
  public let strokes: [[Point]]

  /// Bounds of the core: `Signed` in `core/device/src/capture/signature.rs`.
  private static let mostStrokes = 500
  private static let mostPoints = 20_000

  /// None if nothing was drawn, or the pad has no size.
  public init?(width: Double, height: Double, pens: [[Pen]]) {
    guard let width: UInt16 = Signature.whole(width, 1...10_000),
      let height: UInt16 = Signature.whole(height, 1...10_000)
    else { return nil }
    let drawn = pens.filter { !$0.isEmpty }.prefix(Signature.mostStrokes)
    var strokes = drawn.map { stroke in stroke.map { Signature.point($0, Double(width), Double(height)) } }
    guard !strokes.isEmpty else { return nil }
    while strokes.reduce(0, { $0 + $1.count }) > Signature.mostPoints {
      strokes = strokes.map { stroke in
        // Where it began and where it ended stay.
        stroke.enumerated().filter { $0.offset % 2 == 0 || $0.offset == stroke.count - 1 }.map(\.element)
      }
    }
    self.width = width
    self.height = height
    self.strokes = strokes
  }

  private static func point(_ pen: Pen, _ width: Double, _ height: Double) -> Point {
    let x: UInt16? = whole(pen.x, 0...width)
    let y: UInt16? = whole(pen.y, 0...height)
    let tMs: UInt32? = whole(pen.seconds * 1000, 0...Double(UInt32.max))
    let pressure: UInt8? = whole(pen.force * 255, 0...255)
    return Point(x: x ?? 0, y: y ?? 0, tMs: tMs ?? 0, pressure: pressure ?? 0)
  }

  /// A whole number within bounds; none of what is no number.
  private static func whole<N: FixedWidthInteger>(_ number: Double, _ bounds: ClosedRange<Double>) -> N? {
    guard number.isFinite else { return nil }
    return N(min(max(number.rounded(), bounds.lowerBound), bounds.upperBound))
  }
}
