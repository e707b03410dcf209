// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Glibc

public struct mach_timebase_info_data_t {
  public var numer: UInt32 = 1
  public var denom: UInt32 = 1
  public init() {}
}

public let KERN_SUCCESS: Int32 = 0
public func mach_timebase_info(_ info: UnsafeMutablePointer<mach_timebase_info_data_t>) -> Int32 { 0 }
public func mach_continuous_time() -> UInt64 { 0 }
public func sysctlbyname(
  _ name: UnsafePointer<CChar>, _ old: UnsafeMutableRawPointer?, _ size: UnsafeMutablePointer<Int>?,
  _ new: UnsafeMutableRawPointer?, _ length: Int
) -> Int32 { 0 }
