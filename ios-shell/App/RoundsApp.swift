import RoundsDevice
import RoundsModel
import RoundsUI
import SwiftUI
import UIKit

@main
struct RoundsApp: App {
  @UIApplicationDelegateAdaptor(Launch.self) private var launch
  @Environment(\.scenePhase) private var phase

  var body: some Scene {
    WindowGroup {
      switch launch.app {
      case .success(let app):
        PhoneView(model: app.model, pictures: app.pictures, film: app.film)
          .task { await app.model.begin() }
      case .failure(let error):
        // Before the first screen there is no core to say it.
        ContentUnavailableView("Rounds", systemImage: "lock", description: Text(Trouble(error).text))
      }
    }
    .onChange(of: phase) { _, phase in
      guard case .success(let app) = launch.app else { return }
      switch phase {
      case .active: Task { await app.presence.foreground() }
      case .background:
        // The system suspends the app some seconds after this; it is asked to wait until the database is closed.
        let closing = BackgroundAssertion("close")
        Task {
          await app.presence.background()
          closing.end()
        }
      default: break
      }
    }
  }
}

/// What the system calls before there is a window.
@MainActor
final class Launch: NSObject, UIApplicationDelegate {
  private let tasks = BackgroundTasks()
  private var made: Composition?

  /// What could not be made is tried again when it is asked for again: a phone that was started and not unlocked yet
  /// cannot read the keys.
  var app: Result<Composition, any Error> {
    Result {
      let app = try made ?? Composition(times: tasks)
      made = app
      return app
    }
  }

  func application(
    _ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]? = nil
  ) -> Bool {
    tasks.register { [weak self] in try? self?.app.get().runs }
    return true
  }

  func applicationDidReceiveMemoryWarning(_ application: UIApplication) {
    if case .success(let app) = app { app.pictures.forget() }
  }
}
