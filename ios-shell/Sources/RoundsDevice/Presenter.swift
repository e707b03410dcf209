import RoundsCore
import RoundsModel
import UIKit

/// Shows a screen of the system's own and lets the calling thread wait until the person is through with
/// it. The core calls from a thread that may wait; the main thread never may.
final class Presenter: Sendable {
  /// A screen, and who has to live as long as it does.
  struct Showing {
    let controller: UIViewController
    var delegate: AnyObject?
  }

  typealias Done<T> = @MainActor (Result<T, any Error>) -> Void

  /// What a screen was left with. `make` gets a closure to call once, with the result. When the system takes
  /// the app away, whatever is open is left as cancelled, so that the database can be closed.
  func ask<T: Sendable>(_ make: @escaping @MainActor @Sendable (@escaping Done<T>) throws -> Showing) throws -> T {
    guard !Thread.isMainThread else { throw CaptureError.Failed(what: "asked on the main thread") }
    let answer = Awaited<T>()
    Task { @MainActor in
      guard let top = await Presenter.top() else {
        answer.give(.failure(CaptureError.Unavailable))
        return
      }
      let shown = Shown()
      let leave: Done<T> = { result in
        if answer.give(result) { shown.release() }
      }
      do {
        let showing = try make { result in
          guard let controller = shown.controller else { return leave(result) }
          controller.dismiss(animated: true) { leave(result) }
        }
        shown.hold(showing) { leave(.failure(CaptureError.Cancelled)) }
        // Only a button leaves it, so that the thread which waits is always answered.
        showing.controller.isModalInPresentation = true
        top.present(showing.controller, animated: true)
        // UIKit says only in its log that it would not, and nobody would ever answer.
        if showing.controller.presentingViewController == nil { leave(.failure(CaptureError.Unavailable)) }
      } catch {
        leave(.failure(error))
      }
    }
    return try answer.wait()
  }

  /// The uppermost screen. The scene is not active while something of the system's lies over it: its question for a
  /// permission, the notifications. A screen that is on its way out ("are you sure" was answered) is waited for: it
  /// would take ours along, and nothing can be shown under it.
  @MainActor
  private static func top() async -> UIViewController? {
    let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
    let seen: [UIScene.ActivationState] = [.foregroundActive, .foregroundInactive]
    let scene = seen.lazy.compactMap { state in scenes.first { $0.activationState == state } }.first
    var top = (scene?.keyWindow ?? scene?.windows.first)?.rootViewController
    while let next = top?.presentedViewController {
      guard next.isBeingDismissed else {
        top = next
        continue
      }
      guard let leaving = next.transitionCoordinator else { break }
      await withCheckedContinuation { gone in
        var isGone = false
        let told = {
          if !isGone { gone.resume() }
          isGone = true
        }
        if !leaving.animate(alongsideTransition: nil, completion: { _ in told() }) { told() }
      }
      // Its completion comes before UIKit lets go of it.
      await Task.yield()
      if top?.presentedViewController === next { break }
    }
    return top
  }
}

/// A screen that is shown, and who tells when the system takes the app away.
@MainActor
private final class Shown {
  private(set) weak var controller: UIViewController?
  /// Controllers hold their delegates weakly.
  private var delegate: AnyObject?
  private var leaving: (any NSObjectProtocol)?

  func hold(_ showing: Presenter.Showing, _ left: @escaping @MainActor () -> Void) {
    controller = showing.controller
    delegate = showing.delegate
    leaving = NotificationCenter.default.addObserver(
      forName: UIApplication.didEnterBackgroundNotification, object: nil, queue: .main
    ) { [weak self] _ in
      MainActor.assumeIsolated {
        self?.controller?.dismiss(animated: false)
        left()
      }
    }
  }

  func release() {
    if let leaving { NotificationCenter.default.removeObserver(leaving) }
    leaving = nil
    delegate = nil
  }
}
