import PhotosUI
import RoundsCore
import RoundsModel
import UIKit
import UniformTypeIdentifiers

/// Photos. Those that are taken come from the lens; choosing an old one is a call of its own, which the
/// core makes only where a pack allows it.
final class CameraTool: Camera {
  private let presenter: Presenter

  init(presenter: Presenter) {
    self.presenter = presenter
  }

  func take(ask: PhotoAsk) throws -> Photo {
    try Permission.ask(.video)
    return try presenter.ask { done in try LensDelegate.showing(ask, done) }
  }

  func choose(ask: PhotoAsk) throws -> Photo {
    try presenter.ask { done in ChoiceDelegate.showing(ask, done) }
  }
}

extension PhotoAsk {
  /// A picture as a JPEG, no larger than is of use.
  fileprivate func jpeg(_ image: UIImage) throws -> Data {
    let (width, height) = PictureSize.fitting(
      image.size.width * image.scale, image.size.height * image.scale, longest: longestPx)
    let size = CGSize(width: width, height: height)
    let format = UIGraphicsImageRendererFormat()
    format.scale = 1
    format.opaque = true
    // Drawn, so that it stands upright whatever its orientation says.
    let drawn = UIGraphicsImageRenderer(size: size, format: format).image { _ in
      image.draw(in: CGRect(origin: .zero, size: size))
    }
    guard let jpeg = drawn.jpegData(compressionQuality: 0.9) else { throw CaptureError.Failed(what: "no JPEG") }
    return jpeg
  }
}

/// The system's camera.
@MainActor
private final class LensDelegate: NSObject, UIImagePickerControllerDelegate, UINavigationControllerDelegate {
  private let ask: PhotoAsk
  private let done: Presenter.Done<Photo>

  private init(_ ask: PhotoAsk, _ done: @escaping Presenter.Done<Photo>) {
    self.ask = ask
    self.done = done
  }

  static func showing(_ ask: PhotoAsk, _ done: @escaping Presenter.Done<Photo>) throws -> Presenter.Showing {
    guard UIImagePickerController.isSourceTypeAvailable(.camera) else { throw CaptureError.Unavailable }
    let (picker, delegate) = (UIImagePickerController(), LensDelegate(ask, done))
    picker.sourceType = .camera
    picker.mediaTypes = [UTType.image.identifier]
    picker.cameraDevice = ask.lens == .front ? .front : .rear
    picker.title = ask.title
    picker.delegate = delegate
    return Presenter.Showing(controller: picker, delegate: delegate)
  }

  func imagePickerControllerDidCancel(_ picker: UIImagePickerController) {
    done(.failure(CaptureError.Cancelled))
  }

  func imagePickerController(
    _ picker: UIImagePickerController, didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any]
  ) {
    done(
      Result {
        guard let image = info[.originalImage] as? UIImage else { throw CaptureError.Failed(what: "no picture") }
        // The shutter's own time is not told; it was some seconds ago at most.
        return Photo(bytes: try ask.jpeg(image), at: nil)
      })
  }
}

/// The pictures that are on the phone. The picker needs no permission: the app gets what was chosen.
@MainActor
private final class ChoiceDelegate: NSObject, PHPickerViewControllerDelegate {
  private let ask: PhotoAsk
  private let done: Presenter.Done<Photo>

  private init(_ ask: PhotoAsk, _ done: @escaping Presenter.Done<Photo>) {
    self.ask = ask
    self.done = done
  }

  static func showing(_ ask: PhotoAsk, _ done: @escaping Presenter.Done<Photo>) -> Presenter.Showing {
    var wanted = PHPickerConfiguration()
    wanted.filter = .images
    wanted.selectionLimit = 1
    let (picker, delegate) = (PHPickerViewController(configuration: wanted), ChoiceDelegate(ask, done))
    picker.delegate = delegate
    return Presenter.Showing(controller: picker, delegate: delegate)
  }

  func picker(_ picker: PHPickerViewController, didFinishPicking results: [PHPickerResult]) {
    guard let one = results.first?.itemProvider else { return done(.failure(CaptureError.Cancelled)) }
    let (ask, done) = (ask, done)
    _ = one.loadDataRepresentation(for: .image) { data, error in
      let result = Result<Photo, any Error> {
        if let error { throw CaptureError.Failed(what: String(describing: error)) }
        guard let image = data.flatMap(UIImage.init(data:)) else { throw CaptureError.Failed(what: "no picture") }
        return Photo(bytes: try ask.jpeg(image), at: nil)
      }
      Task { @MainActor in done(result) }
    }
  }
}
