import BackgroundTasks
import RoundsModel

/// Time in the background, from the system. What is done with it is `BackgroundRuns`; here it is only
/// asked for and handed on.
@MainActor
public final class BackgroundTasks: BackgroundTimes {
  private var made: BackgroundRuns?

  public init() {}

  /// Registers both kinds. The system wants it before the app has finished launching.
  public func register(_ runs: @escaping @MainActor () -> BackgroundRuns?) {
    for kind in BackgroundPlan.Kind.allCases {
      BGTaskScheduler.shared.register(forTaskWithIdentifier: kind.identifier, using: .main) { given in
        // It comes on the main queue, and nobody else has it.
        nonisolated(unsafe) let task = given
        MainActor.assumeIsolated { self.take(task, kind, runs) }
      }
    }
  }

  private func take(_ task: BGTask, _ kind: BackgroundPlan.Kind, _ runs: @escaping @MainActor () -> BackgroundRuns?) {
    // The system calls this on any thread. Without @Sendable the closure would be the main actor's, like this
    // function, and the process would end there. Rust's work ends by its handle, and then the task does.
    task.expirationHandler = { @Sendable in
      Task { @MainActor in self.made?.expire(kind) }
    }
    Task { @MainActor in
      let done = await BackgroundRuns.use(kind, of: self) {
        made = runs()
        return made
      }
      task.setTaskCompleted(success: done)
    }
  }

  public func ask(_ wish: BackgroundPlan.Wish) {
    let request = BackgroundTasks.request(wish.kind)
    request.earliestBeginDate = Date(timeIntervalSinceNow: TimeInterval(wish.after.components.seconds))
    // Without background refresh in the system's settings there is none; the app syncs when it is opened.
    try? BGTaskScheduler.shared.submit(request)
  }

  public func cancel(_ kind: BackgroundPlan.Kind) {
    BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: kind.identifier)
  }

  private static func request(_ kind: BackgroundPlan.Kind) -> BGTaskRequest {
    switch kind {
    case .refresh: return BGAppRefreshTaskRequest(identifier: kind.identifier)
    case .processing:
      let request = BGProcessingTaskRequest(identifier: kind.identifier)
      request.requiresNetworkConnectivity = true
      return request
    }
  }
}
