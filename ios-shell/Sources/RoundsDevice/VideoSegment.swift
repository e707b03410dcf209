import AVFoundation
import RoundsCore
import RoundsModel

/// Pictures with sound, in a file that is whole up to its last fragment of two seconds.
final class VideoSegment: NSObject, SegmentRecording, AVCaptureFileOutputRecordingDelegate, @unchecked Sendable {
  private let file: URL
  private let film: Film
  private let lens: AVCaptureDevice
  private let session = AVCaptureSession()
  private let output = AVCaptureMovieFileOutput()
  private let closed = DispatchSemaphore(value: 0)
  private let lock = NSLock()
  private var seconds: TimeInterval?
  private var ended: (@Sendable (RecordingEnd) -> Void)?
  private var watching: [any NSObjectProtocol] = []
  /// Only looked at on the main actor.
  private var shown: LensView?

  init(_ ask: SegmentAsk, to file: URL, film: Film) throws {
    self.file = file
    self.film = film
    guard let lens = AVCaptureDevice.default(for: .video), let microphone = AVCaptureDevice.default(for: .audio) else {
      throw CaptureError.Unavailable
    }
    self.lens = lens
    super.init()
    session.sessionPreset = ask.longestPx >= 1920 ? .hd1920x1080 : ask.longestPx >= 1280 ? .hd1280x720 : .vga640x480
    for device in [lens, microphone] {
      guard let input = try? AVCaptureDeviceInput(device: device), session.canAddInput(input) else {
        throw CaptureError.Unavailable
      }
      session.addInput(input)
    }
    guard session.canAddOutput(output) else { throw CaptureError.Unavailable }
    session.addOutput(output)
    output.movieFragmentInterval = CMTime(seconds: 2, preferredTimescale: 600)
    if let connection = output.connection(with: .video) {
      output.setOutputSettings(
        [
          AVVideoCodecKey: AVVideoCodecType.hevc,
          AVVideoCompressionPropertiesKey: [AVVideoAverageBitRateKey: Int(ask.bitsPerS)],
        ],
        for: connection)
    }
  }

  func begin(_ ended: @escaping @Sendable (RecordingEnd) -> Void) throws {
    lock.withLock {
      self.ended = ended
      watching = watch()
    }
    session.startRunning()
    guard session.isRunning else {
      finish()
      throw CaptureError.Unavailable
    }
    // As the phone is held when it begins: within one film that cannot change.
    let upright = AVCaptureDevice.RotationCoordinator(device: lens, previewLayer: nil)
    let angle = upright.videoRotationAngleForHorizonLevelCapture
    if let connection = output.connection(with: .video), connection.isVideoRotationAngleSupported(angle) {
      connection.videoRotationAngle = angle
    }
    output.startRecording(to: file, recordingDelegate: self)
    onMain { segment in
      let view = LensView(segment.session, segment.lens)
      segment.shown = view
      segment.film.show(view)
    }
  }

  func finish() {
    lock.withLock {
      if seconds == nil { seconds = output.recordedDuration.seconds }
    }
    if output.isRecording {
      output.stopRecording()
      // The file is closed on a thread of the system's.
      _ = closed.wait(timeout: .now() + 5)
    }
    session.stopRunning()
    onMain { segment in
      if let view = segment.shown { segment.film.hide(view) }
      segment.shown = nil
    }
  }

  /// Not sooner: what took the lens may be told after the film has ended by it.
  deinit {
    for one in watching { NotificationCenter.default.removeObserver(one) }
  }

  var mediaMs: UInt64 {
    let seconds = lock.withLock { self.seconds } ?? output.recordedDuration.seconds
    return seconds.isFinite ? UInt64(max(0, seconds) * 1000) : 0
  }

  var bytes: UInt64 { file.bytesSoFar }

  func fileOutput(
    _ output: AVCaptureFileOutput, didFinishRecordingTo url: URL, from connections: [AVCaptureConnection],
    error: (any Error)?
  ) {
    closed.signal()
    guard let error = error as? AVError else { return }
    switch error.code {
    case .diskFull: tell(.storage)
    case .sessionWasInterrupted: tell(.taken)
    default: tell(.stopped(bytesFree: file.bytesFree))
    }
  }

  private func watch() -> [any NSObjectProtocol] {
    let center = NotificationCenter.default
    let taken = center.addObserver(forName: AVCaptureSession.wasInterruptedNotification, object: session, queue: nil) {
      [weak self] told in
      let reason = (told.userInfo?[AVCaptureSessionInterruptionReasonKey] as? NSNumber)?.intValue
      self?.tell(.interrupted(reason: reason))
    }
    let broken = center.addObserver(forName: AVCaptureSession.runtimeErrorNotification, object: session, queue: nil) {
      [weak self] _ in self?.tell(.broken)
    }
    return [taken, broken]
  }

  private func tell(_ why: RecordingEnd) {
    lock.withLock { ended }?(why)
  }

  /// In the order in which it is asked for.
  private func onMain(_ work: @escaping @MainActor @Sendable (VideoSegment) -> Void) {
    DispatchQueue.main.async { MainActor.assumeIsolated { work(self) } }
  }
}
