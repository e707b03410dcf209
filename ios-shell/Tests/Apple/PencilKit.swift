// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Foundation
@_exported import UIKit

public struct CGAffineTransform: Sendable {}

extension CGPoint {
  public func applying(_ transform: CGAffineTransform) -> CGPoint { self }
}

public struct PKStrokePoint {
  public var location: CGPoint { .zero }
  public var timeOffset: TimeInterval { 0 }
  public var force: CGFloat { 0 }
}

public struct PKStrokePath: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { 0 }
  public subscript(at: Int) -> PKStrokePoint { fatalError() }
  public var creationDate: Date { Date() }
}

public struct PKStroke {
  public var path: PKStrokePath { fatalError() }
  public var transform: CGAffineTransform { fatalError() }
}

public struct PKDrawing {
  public init() {}
  public var strokes: [PKStroke] { [] }
}

public protocol PKTool {}

public struct PKInkingTool: PKTool {
  public enum InkType: Sendable { case pen, pencil, marker }

  public init(_ type: InkType, color: UIColor = .black, width: CGFloat? = nil) {}
}

public enum PKCanvasViewDrawingPolicy: Sendable { case `default`, anyInput, pencilOnly }

@MainActor public protocol PKCanvasViewDelegate: UIScrollViewDelegate {
  func canvasViewDrawingDidChange(_ canvasView: PKCanvasView)
}

@MainActor open class PKCanvasView: UIScrollView {
  public weak var delegate: (any PKCanvasViewDelegate)?
  public var drawing = PKDrawing()
  public var tool: any PKTool = PKInkingTool(.pen)
  public var drawingPolicy = PKCanvasViewDrawingPolicy.default
}
