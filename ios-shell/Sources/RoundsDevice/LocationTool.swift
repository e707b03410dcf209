import CoreLocation
import RoundsCore
import RoundsModel

/// Where the phone is: the best fix within the time that is asked for. Fixes that an app made up say so.
final class LocationTool: NSObject, Location, CLLocationManagerDelegate, @unchecked Sendable {
  private let lock = NSCondition()
  /// One search after the other: two questions for a place can be asked at once, by a tap and by a form.
  private let turn = NSLock()
  private var manager: CLLocationManager?
  private var search = FixSearch<CLLocation>(enoughM: 0, oldestMs: 0)
  private var failure: CaptureError?
  private var isWaiting = false

  /// The manager belongs to the thread that made it, which has to be one with a run loop: the main one.
  @MainActor
  static func make() -> LocationTool {
    let tool = LocationTool()
    let manager = CLLocationManager()
    manager.delegate = tool
    manager.desiredAccuracy = kCLLocationAccuracyBest
    tool.manager = manager
    return tool
  }

  override private init() {
    super.init()
  }

  func fix(ask: FixAsk) throws -> RoundsCore.Fix {
    var known = FixSearch<CLLocation>(enoughM: ask.accuracyM, oldestMs: ask.ageMs)
    if let last = manager?.location, known.found(last) { return LocationTool.fix(last) }
    guard ask.withinMs > 0 else {
      guard let best = known.best else { throw CaptureError.Unavailable }
      return LocationTool.fix(best)
    }
    guard !Thread.isMainThread else { throw CaptureError.Failed(what: "asked on the main thread") }
    turn.lock()
    defer { turn.unlock() }
    lock.withLock {
      search = known
      failure = nil
      isWaiting = true
    }
    DispatchQueue.main.async { [self] in begin() }
    let deadline = Date(timeIntervalSinceNow: TimeInterval(ask.withinMs) / 1000)
    lock.lock()
    while isWaiting, lock.wait(until: deadline) {}
    isWaiting = false
    let (found, failed) = (search.best, failure)
    lock.unlock()
    DispatchQueue.main.async { [self] in manager?.stopUpdatingLocation() }
    guard let found else { throw failed ?? CaptureError.Unavailable }
    return LocationTool.fix(found)
  }

  private func begin() {
    guard let manager else { return }
    switch manager.authorizationStatus {
    case .notDetermined: manager.requestWhenInUseAuthorization()
    case .denied, .restricted: end(CaptureError.Denied)
    default: manager.startUpdatingLocation()
    }
  }

  private func end(_ failed: CaptureError? = nil) {
    lock.lock()
    if let failed { failure = failed }
    isWaiting = false
    lock.broadcast()
    lock.unlock()
  }

  func locationManagerDidChangeAuthorization(_ manager: CLLocationManager) {
    guard lock.withLock({ isWaiting }), manager.authorizationStatus != .notDetermined else { return }
    begin()
  }

  func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation]) {
    let isEnough = lock.withLock { locations.contains { search.found($0) } }
    if isEnough { end() }
  }

  func locationManager(_ manager: CLLocationManager, didFailWithError error: any Error) {
    switch (error as? CLError)?.code {
    case .denied: end(manager.authorizationStatus == .denied ? CaptureError.Denied : CaptureError.Unavailable)
    // It goes on looking by itself.
    case .locationUnknown: break
    default: end(CaptureError.Failed(what: String(describing: error)))
    }
  }

  /// The system does not say what a fix was made with, and its time is not the satellites' own.
  private static func fix(_ location: CLLocation) -> RoundsCore.Fix {
    RoundsCore.Fix(
      latitude: location.coordinate.latitude, longitude: location.coordinate.longitude,
      altitudeM: location.verticalAccuracy > 0 ? location.ellipsoidalAltitude : nil,
      accuracyM: location.horizontalAccuracy, mock: location.sourceInformation?.isSimulatedBySoftware, gpsMs: nil,
      ageMs: UInt64(location.ageSeconds * 1000), speedMps: location.speed >= 0 ? location.speed : nil, source: .unknown)
  }
}

extension CLLocation {
  fileprivate var ageSeconds: Double { max(0, -timestamp.timeIntervalSinceNow) }
}

extension FixSearch<CLLocation> {
  fileprivate mutating func found(_ location: CLLocation) -> Bool {
    found(location, accuracyM: location.horizontalAccuracy, ageSeconds: location.ageSeconds)
  }
}
