// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Foundation

public struct CLLocationCoordinate2D: Sendable {
  public var latitude: Double
  public var longitude: Double
}

public final class CLLocationSourceInformation: NSObject, Sendable {
  public var isSimulatedBySoftware: Bool { false }
}

open class CLLocation: NSObject, @unchecked Sendable {
  public var coordinate: CLLocationCoordinate2D { fatalError() }
  public var horizontalAccuracy: Double { 0 }
  public var verticalAccuracy: Double { 0 }
  public var ellipsoidalAltitude: Double { 0 }
  public var speed: Double { 0 }
  public var timestamp: Date { Date() }
  public var sourceInformation: CLLocationSourceInformation? { nil }
}

public enum CLAuthorizationStatus: Sendable {
  case notDetermined, restricted, denied, authorizedAlways, authorizedWhenInUse
}

public struct CLError: Error {
  public enum Code: Sendable { case locationUnknown, denied, network }

  public var code: Code { .denied }
}

public let kCLLocationAccuracyBest = -1.0

public protocol CLLocationManagerDelegate: AnyObject {
  func locationManagerDidChangeAuthorization(_ manager: CLLocationManager)
  func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation])
  func locationManager(_ manager: CLLocationManager, didFailWithError error: any Error)
}

open class CLLocationManager: NSObject {
  override public init() {}
  public weak var delegate: (any CLLocationManagerDelegate)?
  public var desiredAccuracy = kCLLocationAccuracyBest
  public var authorizationStatus: CLAuthorizationStatus { .denied }
  public var location: CLLocation? { nil }
  public func requestWhenInUseAuthorization() {}
  public func startUpdatingLocation() {}
  public func stopUpdatingLocation() {}
}
