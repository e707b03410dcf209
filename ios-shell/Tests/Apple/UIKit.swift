// Declarations of UIKit that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Foundation

// MARK: - Colours, pictures, drawing

public final class UIColor: NSObject, Sendable {
  public init(red: CGFloat, green: CGFloat, blue: CGFloat, alpha: CGFloat) {}
  public convenience init(dynamicProvider: @escaping (UITraitCollection) -> UIColor) {
    self.init(red: 0, green: 0, blue: 0, alpha: 1)
  }

  public static let white = UIColor(red: 1, green: 1, blue: 1, alpha: 1)
  public static let black = UIColor(red: 0, green: 0, blue: 0, alpha: 1)
  public static let label = black
  public static let systemFill = black
  public static let secondarySystemFill = black
  public static let tertiarySystemFill = black
  public static let quaternarySystemFill = black
  public static let systemBackground = black
  public static let systemGroupedBackground = black
  public static let secondarySystemGroupedBackground = black
}

public enum UIUserInterfaceStyle: Sendable { case unspecified, light, dark }

public final class UITraitCollection: NSObject, Sendable {
  public var userInterfaceStyle: UIUserInterfaceStyle { .light }
}

open class UIImage: NSObject, @unchecked Sendable {
  public init?(data: Data) {}
  public var size: CGSize { .zero }
  public var scale: CGFloat { 1 }
  public func jpegData(compressionQuality: CGFloat) -> Data? { nil }
  public func draw(in rect: CGRect) {}
  public func byPreparingThumbnail(ofSize size: CGSize) async -> UIImage? { nil }
}

open class UIGraphicsImageRendererFormat: NSObject {
  public var scale: CGFloat = 1
  public var opaque = false
}

public final class UIGraphicsImageRendererContext: NSObject {}

open class UIGraphicsImageRenderer: NSObject {
  public init(size: CGSize, format: UIGraphicsImageRendererFormat) {}
  public func image(actions: (UIGraphicsImageRendererContext) -> Void) -> UIImage { fatalError() }
}

// MARK: - Views and controllers

@MainActor open class UIResponder: NSObject {
  open func accessibilityPerformEscape() -> Bool { false }
}

public struct UIViewAutoresizing: OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static let flexibleWidth = UIViewAutoresizing(rawValue: 2)
  public static let flexibleHeight = UIViewAutoresizing(rawValue: 16)
}

@MainActor public final class NSLayoutConstraint: NSObject {
  public static func activate(_ constraints: [NSLayoutConstraint]) {}
}

@MainActor open class NSLayoutAnchor<Of: AnyObject>: NSObject {
  public func constraint(equalTo other: NSLayoutAnchor<Of>, constant: CGFloat = 0) -> NSLayoutConstraint { fatalError() }
}

@MainActor public final class XAxis: NSObject {}
@MainActor public final class YAxis: NSObject {}

@MainActor open class UILayoutGuide: NSObject {
  public var leadingAnchor: NSLayoutAnchor<XAxis> { fatalError() }
  public var trailingAnchor: NSLayoutAnchor<XAxis> { fatalError() }
  public var topAnchor: NSLayoutAnchor<YAxis> { fatalError() }
  public var bottomAnchor: NSLayoutAnchor<YAxis> { fatalError() }
}

open class CALayer: NSObject {
  public var frame: CGRect = .zero
  public func addSublayer(_ layer: CALayer) {}
}

public struct UIAccessibilityTraits: OptionSet, Sendable {
  public let rawValue: UInt64
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  public static let allowsDirectInteraction = UIAccessibilityTraits(rawValue: 1)
}

@MainActor open class UIView: UIResponder {
  public init(frame: CGRect) {}
  public required init?(coder: NSCoder) { nil }
  override public convenience init() { self.init(frame: .zero) }
  public var layer: CALayer { fatalError() }
  open func layoutSubviews() {}
  public var subviews: [UIView] { [] }
  public var superview: UIView? { nil }
  public func removeFromSuperview() {}
  public var isAccessibilityElement = false
  public var accessibilityTraits: UIAccessibilityTraits = []
  public var backgroundColor: UIColor?
  public var frame: CGRect = .zero
  public var bounds: CGRect = .zero
  public var autoresizingMask: UIViewAutoresizing = []
  public var translatesAutoresizingMaskIntoConstraints = true
  public var overrideUserInterfaceStyle = UIUserInterfaceStyle.unspecified
  public var accessibilityLabel: String?
  public var safeAreaLayoutGuide: UILayoutGuide { fatalError() }
  public var leadingAnchor: NSLayoutAnchor<XAxis> { fatalError() }
  public var trailingAnchor: NSLayoutAnchor<XAxis> { fatalError() }
  public var topAnchor: NSLayoutAnchor<YAxis> { fatalError() }
  public var bottomAnchor: NSLayoutAnchor<YAxis> { fatalError() }
  public func addSubview(_ view: UIView) {}
}

@MainActor open class UIScrollView: UIView {}

@MainActor public protocol UIScrollViewDelegate: NSObjectProtocol {}

@MainActor open class UIViewController: UIResponder {
  public init(nibName: String?, bundle: Bundle?) {}
  public required init?(coder: NSCoder) { nil }
  override public convenience init() { self.init(nibName: nil, bundle: nil) }
  open func viewDidLoad() {}
  open func viewDidAppear(_ animated: Bool) {}
  public var view: UIView! { nil }
  public var title: String?
  public var navigationItem: UINavigationItem { fatalError() }
  public var isModalInPresentation = false
  public var presentedViewController: UIViewController? { nil }
  public var presentingViewController: UIViewController? { nil }
  public var isBeingDismissed: Bool { false }
  public var transitionCoordinator: (any UIViewControllerTransitionCoordinator)? { nil }
  public var popoverPresentationController: UIPopoverPresentationController? { nil }
  public func present(_ controller: UIViewController, animated: Bool, completion: (() -> Void)? = nil) {}
  public func dismiss(animated: Bool, completion: (() -> Void)? = nil) {}
  public func addChild(_ child: UIViewController) {}
  public func didMove(toParent: UIViewController?) {}
}

@MainActor public protocol UIViewControllerTransitionCoordinatorContext: NSObjectProtocol {}

@MainActor public protocol UIViewControllerTransitionCoordinator: UIViewControllerTransitionCoordinatorContext {
  @discardableResult
  func animate(
    alongsideTransition: ((any UIViewControllerTransitionCoordinatorContext) -> Void)?,
    completion: ((any UIViewControllerTransitionCoordinatorContext) -> Void)?
  ) -> Bool
}

@MainActor public final class UIPopoverPresentationController: NSObject {
  public var sourceView: UIView?
}

@MainActor open class UINavigationController: UIViewController {
  public convenience init(rootViewController: UIViewController) { self.init(nibName: nil, bundle: nil) }
}

@MainActor public protocol UINavigationControllerDelegate: NSObjectProtocol {}

@MainActor public final class UINavigationItem: NSObject {
  public var leftBarButtonItem: UIBarButtonItem?
  public var rightBarButtonItems: [UIBarButtonItem]?
}

@MainActor public final class UIAction: NSObject {
  public convenience init(title: String = "", handler: @escaping @MainActor (UIAction) -> Void) { self.init() }
}

@MainActor public final class UIBarButtonItem: NSObject {
  public var isEnabled = true
  public convenience init(title: String? = nil, primaryAction: UIAction? = nil) { self.init() }
}

@MainActor public protocol UIImagePickerControllerDelegate: NSObjectProtocol {
  func imagePickerControllerDidCancel(_ picker: UIImagePickerController)
  func imagePickerController(
    _ picker: UIImagePickerController, didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any])
}

@MainActor open class UIImagePickerController: UINavigationController {
  public enum SourceType: Sendable { case photoLibrary, camera }
  public enum CameraDevice: Sendable { case rear, front }

  public struct InfoKey: Hashable, Sendable {
    public static let originalImage = InfoKey()
  }

  nonisolated public static func isSourceTypeAvailable(_ type: SourceType) -> Bool { false }
  public var sourceType = SourceType.camera
  public var mediaTypes: [String] = []
  public var cameraDevice = CameraDevice.rear
  public weak var delegate: (any UIImagePickerControllerDelegate & UINavigationControllerDelegate)?
}

@MainActor public final class UIActivity: NSObject {
  public struct ActivityType: Sendable {}
}

@MainActor open class UIActivityViewController: UIViewController {
  public convenience init(activityItems: [Any], applicationActivities: [UIActivity]?) {
    self.init(nibName: nil, bundle: nil)
  }

  public var completionWithItemsHandler: ((UIActivity.ActivityType?, Bool, [Any]?, (any Error)?) -> Void)?
}

@MainActor public final class UIPrintInfo: NSObject {
  public enum OutputType: Sendable { case general, photo }

  public static func printInfo() -> UIPrintInfo { UIPrintInfo() }
  public var jobName = ""
  public var outputType = OutputType.general
}

@MainActor public final class UIPrintInteractionController: NSObject {
  public static var shared: UIPrintInteractionController { fatalError() }
  public var printInfo: UIPrintInfo?
  public var printingItem: Any?
  public func present(
    animated: Bool, completionHandler: ((UIPrintInteractionController, Bool, (any Error)?) -> Void)? = nil
  ) -> Bool { false }
}

public enum UIKeyboardType: Sendable { case `default`, numbersAndPunctuation, numberPad, decimalPad }

public struct UITextContentType: Hashable, Sendable {
  public static let password = UITextContentType()
}

// MARK: - The app

public struct UIBackgroundTaskIdentifier: Hashable, Sendable {
  public static let invalid = UIBackgroundTaskIdentifier()
}

@MainActor open class UIScene: NSObject {
  public enum ActivationState: Sendable { case foregroundActive, foregroundInactive, background, unattached }

  public var activationState: ActivationState { .background }
}

@MainActor public final class UIWindow: UIView {
  public var rootViewController: UIViewController?
}

@MainActor public final class UIWindowScene: UIScene {
  public var keyWindow: UIWindow? { nil }
  public var windows: [UIWindow] { [] }
}

@MainActor public final class UIApplication: UIResponder {
  public struct LaunchOptionsKey: Hashable, Sendable {}

  public static let shared = UIApplication()
  public static let openSettingsURLString = ""
  nonisolated public static let didEnterBackgroundNotification = NSNotification.Name("")
  public var isIdleTimerDisabled = false
  public var connectedScenes: Set<UIScene> { [] }
  public func beginBackgroundTask(
    withName: String?, expirationHandler: (@MainActor @Sendable () -> Void)? = nil
  ) -> UIBackgroundTaskIdentifier { .invalid }
  public func endBackgroundTask(_ task: UIBackgroundTaskIdentifier) {}
}

@MainActor public protocol UIApplicationDelegate: NSObjectProtocol {
  func application(
    _ application: UIApplication, didFinishLaunchingWithOptions: [UIApplication.LaunchOptionsKey: Any]?
  ) -> Bool
  func applicationDidReceiveMemoryWarning(_ application: UIApplication)
}

@MainActor public final class UIDevice: NSObject {
  public static var current: UIDevice { fatalError() }
  public var name: String { "" }
}

// MARK: - What only Apple's Foundation has

extension URL {
  public static var applicationSupportDirectory: URL { URL(fileURLWithPath: "/") }
}
