// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Foundation
@_exported import UIKit
import UniformTypeIdentifiers

public struct PHPickerFilter: Sendable {
  public static let images = PHPickerFilter()
}

public struct PHPickerConfiguration: Sendable {
  public init() {}
  public var filter: PHPickerFilter?
  public var selectionLimit = 1
}

public final class NSItemProvider: NSObject, @unchecked Sendable {
  @discardableResult
  public func loadDataRepresentation(
    for type: UTType, completionHandler: @escaping @Sendable (Data?, (any Error)?) -> Void
  ) -> Progress { fatalError() }
}

public struct PHPickerResult {
  public var itemProvider: NSItemProvider { fatalError() }
}

@MainActor public protocol PHPickerViewControllerDelegate: AnyObject {
  func picker(_ picker: PHPickerViewController, didFinishPicking results: [PHPickerResult])
}

@MainActor public final class PHPickerViewController: UIViewController {
  public convenience init(configuration: PHPickerConfiguration) { self.init(nibName: nil, bundle: nil) }
  public weak var delegate: (any PHPickerViewControllerDelegate)?
}
