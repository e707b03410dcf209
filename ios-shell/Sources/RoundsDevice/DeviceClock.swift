import Darwin
import Foundation
import RoundsCore
import RoundsModel

/// The clocks of an iPhone, read together.
final class DeviceClock: RoundsCore.Clock {
  /// The monotonic clock goes on while the phone sleeps; the boot's name is another one after each start
  /// of the phone, and the same for every start of the app in between.
  func read() throws -> Reading {
    try DeviceClock.now()
  }

  static func now() throws -> Reading {
    var ratio = mach_timebase_info_data_t()
    guard mach_timebase_info(&ratio) == KERN_SUCCESS, ratio.denom > 0 else {
      throw CaptureError.Failed(what: "mach_timebase_info")
    }
    let (high, low) = mach_continuous_time().multipliedFullWidth(by: UInt64(ratio.numer))
    let nanoseconds = UInt64(ratio.denom).dividingFullWidth((high, low)).quotient
    let monoMs = nanoseconds / 1_000_000
    let wall = Int64((Date().timeIntervalSince1970 * 1000).rounded())
    let boot = bySystem ?? session.id(monoMs: monoMs)
    return Reading(wallMs: wall, monoMs: monoMs, boot: withUnsafeBytes(of: boot.uuid) { Data($0) })
  }

  /// For phones on which the system does not say it, beside the database.
  private static let session = BootSession(
    file: Composition.support.appending(path: "boot", directoryHint: .notDirectory))

  /// The system's own name of this start: no process lives through another. It is in no header, and may be refused to
  /// apps.
  private static let bySystem: UUID? = {
    var size = 0
    guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0, size > 1 else { return nil }
    var text = [UInt8](repeating: 0, count: size)
    guard sysctlbyname("kern.bootsessionuuid", &text, &size, nil, 0) == 0 else { return nil }
    return UUID(uuidString: String(decoding: text.prefix { $0 != 0 }, as: UTF8.self))
  }()
}
