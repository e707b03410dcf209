import AVFoundation
import RoundsCore

/// Whether the app may use a lens or the microphone; asked where it was not yet. The calling thread waits.
enum Permission {
  static func ask(_ medium: AVMediaType) throws {
    switch AVCaptureDevice.authorizationStatus(for: medium) {
    case .authorized: return
    case .notDetermined:
      let answered = DispatchSemaphore(value: 0)
      AVCaptureDevice.requestAccess(for: medium) { _ in answered.signal() }
      answered.wait()
      guard AVCaptureDevice.authorizationStatus(for: medium) == .authorized else { throw CaptureError.Denied }
    default: throw CaptureError.Denied
    }
  }
}
