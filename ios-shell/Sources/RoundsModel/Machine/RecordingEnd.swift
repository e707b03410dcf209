/// Why a recording ended, of what the system says about it.
public enum RecordingEnd: Sendable, Equatable {
  case asked, call, background, power, storage, broken
  /// The lens was taken away, and by what is not said yet: a call, unless something else is said after it.
  case taken

  /// The first reason counts: whatever comes after it is a consequence.
  public func after(_ first: RecordingEnd?) -> RecordingEnd {
    guard let first, first != .taken || self == .asked else { return self }
    return first
  }

  /// Less room than this is none: a minute of film.
  private static let leastRoom: UInt64 = 16 << 20

  /// The microphone was taken away, or given back, which ends nothing: `1` and `0` in `AVAudioSession`. What is not
  /// said is taken for the worse.
  public static func interrupted(type: UInt?) -> RecordingEnd? {
    type == 0 ? nil : .call
  }

  /// The lens was taken away: the reasons of `AVCaptureSession.InterruptionReason`, by number.
  public static func interrupted(reason: Int?) -> RecordingEnd {
    switch reason {
    // Out of sight.
    case 1: .background
    // The microphone or the lens is somebody else's; several apps share the screen.
    case 2, 3, 4: .call
    // Too hot, or too little power.
    case 5: .power
    default: .broken
    }
  }

  /// The recorder ended by itself. `bytesFree` is the room on the phone, where that is known.
  public static func stopped(bytesFree: UInt64?) -> RecordingEnd {
    (bytesFree ?? .max) < leastRoom ? .storage : .broken
  }
}
