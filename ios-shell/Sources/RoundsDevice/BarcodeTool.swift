import RoundsCore
import RoundsModel
import UIKit
import Vision
import VisionKit

/// Reads barcodes by the camera. The core checks what they say.
final class BarcodeTool: Barcode {
  private let presenter: Presenter
  private let words: @Sendable () -> ShellWords

  init(presenter: Presenter, words: @escaping @Sendable () -> ShellWords) {
    self.presenter = presenter
    self.words = words
  }

  func scan(ask: ScanAsk) throws -> Code {
    try Permission.ask(.video)
    let words = words()
    return try presenter.ask { done in
      guard DataScannerViewController.isSupported, DataScannerViewController.isAvailable else {
        throw CaptureError.Unavailable
      }
      let screen = BarcodeScreen(ask, words, done)
      return Presenter.Showing(controller: UINavigationController(rootViewController: screen))
    }
  }
}

/// The camera with the first code that comes into sight.
@MainActor
private final class BarcodeScreen: UIViewController, DataScannerViewControllerDelegate {
  private let scanner: DataScannerViewController
  private let ask: ScanAsk
  private let words: ShellWords
  private let done: Presenter.Done<Code>
  private var isAnswered = false

  init(_ ask: ScanAsk, _ words: ShellWords, _ done: @escaping Presenter.Done<Code>) {
    self.ask = ask
    self.words = words
    self.done = done
    let wanted = ask.of.isEmpty ? SymbologyNames.all : ask.of
    scanner = DataScannerViewController(
      recognizedDataTypes: [.barcode(symbologies: wanted.map(SymbologyNames.theirs))], qualityLevel: .balanced,
      recognizesMultipleItems: false, isHighlightingEnabled: true)
    super.init(nibName: nil, bundle: nil)
  }

  @available(*, unavailable)
  required init?(coder: NSCoder) { nil }

  override func viewDidLoad() {
    super.viewDidLoad()
    title = ask.title.isEmpty ? words[.scan] : ask.title
    navigationItem.leftBarButtonItem = UIBarButtonItem(
      title: words[.cancel],
      primaryAction: UIAction { [weak self] _ in self?.finish(.failure(CaptureError.Cancelled)) })
    scanner.delegate = self
    addChild(scanner)
    scanner.view.frame = view.bounds
    scanner.view.autoresizingMask = [.flexibleWidth, .flexibleHeight]
    view.addSubview(scanner.view)
    scanner.didMove(toParent: self)
  }

  override func viewDidAppear(_ animated: Bool) {
    super.viewDidAppear(animated)
    do {
      try scanner.startScanning()
    } catch {
      finish(.failure(CaptureError.Unavailable))
    }
  }

  override func accessibilityPerformEscape() -> Bool {
    finish(.failure(CaptureError.Cancelled))
    return true
  }

  func dataScanner(
    _ dataScanner: DataScannerViewController, didAdd addedItems: [RecognizedItem], allItems: [RecognizedItem]
  ) {
    for item in addedItems {
      guard case .barcode(let code) = item, let text = code.payloadStringValue,
        let symbology = SymbologyNames.ours(code.observation.symbology, text)
      else { continue }
      return finish(.success(Code(symbology: symbology, text: text)))
    }
  }

  private func finish(_ result: Result<Code, any Error>) {
    guard !isAnswered else { return }
    isAnswered = true
    scanner.stopScanning()
    done(result)
  }
}

/// The system's names of the kinds of code. It knows no UPC-A: that is an EAN-13 with a zero in front.
private enum SymbologyNames {
  static let all: [Symbology] = [.ean13, .ean8, .upcA, .itf14, .code128, .code39, .qr, .dataMatrix]

  static func theirs(_ symbology: Symbology) -> VNBarcodeSymbology {
    switch symbology {
    case .ean13, .upcA: .ean13
    case .ean8: .ean8
    case .itf14: .itf14
    case .code128: .code128
    case .code39: .code39
    case .qr: .qr
    case .dataMatrix: .dataMatrix
    }
  }

  static func ours(_ symbology: VNBarcodeSymbology, _ text: String) -> Symbology? {
    switch symbology {
    case .ean13: text.count == 12 ? .upcA : .ean13
    case .ean8: .ean8
    case .itf14: .itf14
    case .code128: .code128
    case .code39: .code39
    case .qr: .qr
    case .dataMatrix: .dataMatrix
    default: nil
    }
  }
}
