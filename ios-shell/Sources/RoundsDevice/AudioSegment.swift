import AVFoundation
import RoundsCore
import RoundsModel

/// Sound, as AAC in ADTS frames, which stand alone: the file can be read wherever it ends.
final class AudioSegment: NSObject, SegmentRecording, AVAudioRecorderDelegate, @unchecked Sendable {
  private let file: URL
  private let recorder: AVAudioRecorder
  private let lock = NSLock()
  private var seconds: TimeInterval?
  private var ended: (@Sendable (RecordingEnd) -> Void)?

  init(_ ask: SegmentAsk, to file: URL) throws {
    self.file = file
    let settings: [String: Any] = [
      // The core's file has no extension to tell it by, and what the system takes instead (CAF) is lost by a kill.
      AVAudioFileTypeKey: kAudioFileAAC_ADTSType,
      AVFormatIDKey: kAudioFormatMPEG4AAC, AVSampleRateKey: 24_000, AVNumberOfChannelsKey: 1,
      AVEncoderBitRateKey: Int(min(max(ask.bitsPerS, 16_000), 96_000)),
    ]
    do {
      recorder = try AVAudioRecorder(url: file, settings: settings)
    } catch {
      throw CaptureError.Failed(what: String(describing: error))
    }
    super.init()
    recorder.delegate = self
  }

  func begin(_ ended: @escaping @Sendable (RecordingEnd) -> Void) throws {
    lock.withLock { self.ended = ended }
    guard recorder.record() else { throw CaptureError.Unavailable }
  }

  func finish() {
    lock.withLock {
      // Its time is forgotten when it stops.
      if seconds == nil { seconds = recorder.currentTime }
    }
    recorder.stop()
  }

  var mediaMs: UInt64 { UInt64(max(0, lock.withLock { seconds } ?? recorder.currentTime) * 1000) }
  var bytes: UInt64 { file.bytesSoFar }

  /// Also comes when it was asked to stop; then it is too late to be a reason.
  func audioRecorderDidFinishRecording(_ recorder: AVAudioRecorder, successfully isWhole: Bool) {
    stopped()
  }

  func audioRecorderEncodeErrorDidOccur(_ recorder: AVAudioRecorder, error: (any Error)?) {
    stopped()
  }

  private func stopped() {
    lock.withLock { ended }?(.stopped(bytesFree: file.bytesFree))
  }
}
