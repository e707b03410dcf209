// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Foundation

open class BGTask: NSObject {
  public var expirationHandler: (() -> Void)?
  public func setTaskCompleted(success: Bool) {}
}

open class BGTaskRequest: NSObject {
  public var earliestBeginDate: Date?
}

public final class BGAppRefreshTaskRequest: BGTaskRequest {
  public convenience init(identifier: String) { self.init() }
}

public final class BGProcessingTaskRequest: BGTaskRequest {
  public convenience init(identifier: String) { self.init() }
  public var requiresNetworkConnectivity = false
  public var requiresExternalPower = false
}

public final class BGTaskScheduler: NSObject, Sendable {
  public static let shared = BGTaskScheduler()
  @discardableResult
  public func register(
    forTaskWithIdentifier: String, using queue: DispatchQueue?, launchHandler: @escaping (BGTask) -> Void
  ) -> Bool { true }
  public func submit(_ request: BGTaskRequest) throws {}
  public func cancel(taskRequestWithIdentifier: String) {}
}
