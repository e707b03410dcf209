import PencilKit
import RoundsCore
import RoundsModel
import UIKit

/// Signatures, drawn with a finger or a pencil. The core gets the strokes and draws the picture itself.
final class SignatureTool: SignaturePad {
  private let presenter: Presenter
  private let words: @Sendable () -> ShellWords

  init(presenter: Presenter, words: @escaping @Sendable () -> ShellWords) {
    self.presenter = presenter
    self.words = words
  }

  func sign(ask: SignAsk) throws -> Signed {
    let words = words()
    let drawn: Signature = try presenter.ask { done in
      let screen = SignatureScreen(ask, words, done)
      return Presenter.Showing(controller: UINavigationController(rootViewController: screen))
    }
    let strokes = drawn.strokes.map { stroke in
      Stroke(points: stroke.map { InkPoint(x: $0.x, y: $0.y, tMs: $0.tMs, pressure: $0.pressure) })
    }
    return Signed(width: drawn.width, height: drawn.height, strokes: strokes)
  }
}

/// The pad. An empty one cannot be used.
@MainActor
private final class SignatureScreen: UIViewController, PKCanvasViewDelegate {
  private let canvas = PKCanvasView()
  private let ask: SignAsk
  private let words: ShellWords
  private let done: Presenter.Done<Signature>

  init(_ ask: SignAsk, _ words: ShellWords, _ done: @escaping Presenter.Done<Signature>) {
    self.ask = ask
    self.words = words
    self.done = done
    super.init(nibName: nil, bundle: nil)
  }

  @available(*, unavailable)
  required init?(coder: NSCoder) { nil }

  override func viewDidLoad() {
    super.viewDidLoad()
    title = [ask.title.isEmpty ? words[.signHere] : ask.title, ask.signer].filter { !$0.isEmpty }
      .joined(separator: " · ")
    view.backgroundColor = .systemBackground
    canvas.drawingPolicy = .anyInput
    canvas.tool = PKInkingTool(.pen, color: .black, width: 4)
    canvas.backgroundColor = .white
    // Ink is black on white paper also in the dark.
    canvas.overrideUserInterfaceStyle = .light
    canvas.delegate = self
    // With VoiceOver too, a finger on the paper draws.
    canvas.isAccessibilityElement = true
    canvas.accessibilityTraits = .allowsDirectInteraction
    canvas.accessibilityLabel = title
    canvas.translatesAutoresizingMaskIntoConstraints = false
    view.addSubview(canvas)
    let area = view.safeAreaLayoutGuide
    NSLayoutConstraint.activate([
      canvas.leadingAnchor.constraint(equalTo: area.leadingAnchor, constant: 16),
      canvas.trailingAnchor.constraint(equalTo: area.trailingAnchor, constant: -16),
      canvas.topAnchor.constraint(equalTo: area.topAnchor, constant: 16),
      canvas.bottomAnchor.constraint(equalTo: area.bottomAnchor, constant: -16),
    ])
    let cancel = UIAction { [done] _ in done(.failure(CaptureError.Cancelled)) }
    let clear = UIAction { [canvas] _ in canvas.drawing = PKDrawing() }
    let finish = UIAction { [weak self] _ in self?.finish() }
    navigationItem.leftBarButtonItem = UIBarButtonItem(title: words[.cancel], primaryAction: cancel)
    navigationItem.rightBarButtonItems = [
      UIBarButtonItem(title: words[.done], primaryAction: finish),
      UIBarButtonItem(title: words[.clear], primaryAction: clear),
    ]
    canvasViewDrawingDidChange(canvas)
  }

  override func accessibilityPerformEscape() -> Bool {
    done(.failure(CaptureError.Cancelled))
    return true
  }

  func canvasViewDrawingDidChange(_ canvasView: PKCanvasView) {
    navigationItem.rightBarButtonItems?.first?.isEnabled = !canvas.drawing.strokes.isEmpty
  }

  private func finish() {
    let strokes = canvas.drawing.strokes
    let first = strokes.first?.path.creationDate ?? Date()
    let pens = strokes.map { stroke in
      let began = stroke.path.creationDate.timeIntervalSince(first)
      return stroke.path.map { point in
        let at = point.location.applying(stroke.transform)
        return Signature.Pen(x: at.x, y: at.y, seconds: began + point.timeOffset, force: point.force)
      }
    }
    guard let signature = Signature(width: canvas.bounds.width, height: canvas.bounds.height, pens: pens) else {
      return done(.failure(CaptureError.Cancelled))
    }
    done(.success(signature))
  }
}
