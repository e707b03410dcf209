import AVFoundation
import RoundsCore
import RoundsModel
import UIKit

/// Records a segment at a time into the file that the core names. What ends it without the core's asking is
/// kept until the core asks: a call, the app going out of sight, no room. While it records the screen stays on.
final class RecorderTool: Recorder, @unchecked Sendable {
  private let film: Film
  private let lock = NSLock()
  private var segment: (any SegmentRecording)?
  private var began: Reading?
  private var ended: RecordingEnd?
  private var stopped: Reading?
  private var watching: [any NSObjectProtocol] = []
  /// Closing a file takes a while, and who tells that it has to be closed may be the main thread.
  private let closing = DispatchQueue(label: "rounds.recorder")

  init(film: Film) {
    self.film = film
  }

  func start(ask: SegmentAsk) throws {
    guard lock.withLock({ self.segment == nil }) else { throw CaptureError.Failed(what: "a segment is under way") }
    try Permission.ask(.audio)
    if ask.medium == .video { try Permission.ask(.video) }
    let session = AVAudioSession.sharedInstance()
    do {
      try session.setCategory(ask.medium == .video ? .playAndRecord : .record, mode: .spokenAudio)
      try session.setActive(true)
    } catch {
      // Another app has the microphone: a call.
      throw CaptureError.Unavailable
    }
    do {
      try begin(ask, session)
    } catch {
      letGo()
      throw error
    }
  }

  /// What ends it may come as soon as it begins, so it is looked for before.
  private func begin(_ ask: SegmentAsk, _ session: AVAudioSession) throws {
    let file = URL(fileURLWithPath: ask.file)
    let segment: any SegmentRecording =
      ask.medium == .video ? try VideoSegment(ask, to: file, film: film) : try AudioSegment(ask, to: file)
    lock.withLock {
      self.segment = segment
      began = nil
      ended = nil
      stopped = nil
      watching = watch(session)
    }
    RecorderTool.keepScreenOn(true)
    try segment.begin { [weak self, weak segment] why in
      if let segment { self?.end(why, of: segment) }
    }
    let isOver = lock.withLock {
      began = try? DeviceClock.now()
      return ended != nil
    }
    // It ended while it began: what was begun after that is closed too.
    if isOver { closing.async { segment.finish() } }
  }

  func progress() throws -> RoundsCore.Progress {
    try lock.withLock {
      guard let segment else { throw CaptureError.Failed(what: "nothing was started") }
      return RoundsCore.Progress(mediaMs: segment.mediaMs, bytes: segment.bytes, ended: ended.map(Ended.init))
    }
  }

  func stop() throws -> Segment {
    end(.asked)
    // Whoever ended it: when this returns, the file is closed.
    closing.sync {}
    defer { letGo() }
    return try lock.withLock {
      guard let segment else { throw CaptureError.Failed(what: "nothing was started") }
      return Segment(
        mediaMs: segment.mediaMs, ended: ended.map(Ended.init) ?? .asked, began: began, stopped: stopped)
    }
  }

  /// What a segment says of itself is said a little later, when the next one may be under way.
  private func end(_ why: RecordingEnd, of told: (any SegmentRecording)? = nil) {
    let segment: (any SegmentRecording)? = lock.withLock {
      guard let segment = self.segment, told == nil || told === segment else { return nil }
      let isFirst = ended == nil
      ended = why.after(ended)
      if isFirst { stopped = try? DeviceClock.now() }
      return isFirst ? segment : nil
    }
    guard let segment else { return }
    closing.async { segment.finish() }
    RecorderTool.keepScreenOn(false)
  }

  /// Nothing is recorded any more: the next segment may begin.
  private func letGo() {
    let watched = lock.withLock {
      segment = nil
      defer { watching = [] }
      return watching
    }
    for one in watched { NotificationCenter.default.removeObserver(one) }
    RecorderTool.keepScreenOn(false)
    try? AVAudioSession.sharedInstance().setActive(false, options: .notifyOthersOnDeactivation)
  }

  private func watch(_ session: AVAudioSession) -> [any NSObjectProtocol] {
    func on(_ name: NSNotification.Name, _ object: Any?, _ why: @escaping @Sendable (Notification) -> RecordingEnd?)
      -> any NSObjectProtocol
    {
      NotificationCenter.default.addObserver(forName: name, object: object, queue: nil) { [weak self] told in
        if let why = why(told) { self?.end(why) }
      }
    }
    return [
      on(AVAudioSession.interruptionNotification, session) { told in
        let type = (told.userInfo?[AVAudioSessionInterruptionTypeKey] as? NSNumber)?.uintValue
        return RecordingEnd.interrupted(type: type)
      },
      // The system's audio was started anew, and knows of no recorder.
      on(AVAudioSession.mediaServicesWereLostNotification, session) { _ in .broken },
      on(AVAudioSession.mediaServicesWereResetNotification, session) { _ in .broken },
      // The app does not record out of sight: nobody would see that it does.
      on(UIApplication.didEnterBackgroundNotification, nil) { _ in .background },
    ]
  }

  /// A person who talks does not touch the screen, and a locked phone would end the recording.
  private static func keepScreenOn(_ isOn: Bool) {
    DispatchQueue.main.async {
      MainActor.assumeIsolated { UIApplication.shared.isIdleTimerDisabled = isOn }
    }
  }
}

extension Ended {
  fileprivate init(_ why: RecordingEnd) {
    switch why {
    case .asked: self = .asked
    case .call, .taken: self = .call
    case .background: self = .background
    case .power: self = .power
    case .storage: self = .storage
    case .broken: self = .broken
    }
  }
}

/// One segment that is being recorded.
protocol SegmentRecording: AnyObject, Sendable {
  /// Begins, and tells if it ends by itself. Where it throws, nothing was begun.
  func begin(_ ended: @escaping @Sendable (RecordingEnd) -> Void) throws
  /// Ends; when it returns the file is whole and closed. Twice is once.
  func finish()
  var mediaMs: UInt64 { get }
  var bytes: UInt64 { get }
}

extension URL {
  /// Bytes of the file so far.
  var bytesSoFar: UInt64 {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
  }

  /// Bytes that are free where the file is.
  var bytesFree: UInt64? {
    let folder = deletingLastPathComponent().path
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    return (attributes?[.systemFreeSize] as? NSNumber)?.uint64Value
  }
}
