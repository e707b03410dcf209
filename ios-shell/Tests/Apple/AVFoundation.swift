// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Foundation
@_exported import UIKit

// MARK: - Core Media and Core Audio

public struct CMTime: Sendable {
  public init(seconds: Double, preferredTimescale: Int32) {}
  public var seconds: Double { 0 }
}

public let kAudioFormatMPEG4AAC: UInt32 = 0
public let kAudioFileAAC_ADTSType: UInt32 = 0
public let AVAudioFileTypeKey = ""
public let AVFormatIDKey = ""
public let AVSampleRateKey = ""
public let AVNumberOfChannelsKey = ""
public let AVEncoderBitRateKey = ""
public let AVVideoCodecKey = ""
public let AVVideoCompressionPropertiesKey = ""
public let AVVideoAverageBitRateKey = ""

public struct AVVideoCodecType: Hashable, Sendable {
  public static let hevc = AVVideoCodecType()
}

public struct AVMediaType: Hashable, Sendable {
  let name: String
  public static let audio = AVMediaType(name: "soun")
  public static let video = AVMediaType(name: "vide")
}

public struct AVError: Error {
  public enum Code: Sendable { case diskFull, sessionWasInterrupted, unknown }

  public var code: Code { .unknown }
}

// MARK: - The microphone

public final class AVAudioSession: NSObject, @unchecked Sendable {
  public struct Category: Hashable, Sendable {
    let name: String
    public static let record = Category(name: "record")
    public static let playAndRecord = Category(name: "both")
  }

  public struct Mode: Hashable, Sendable {
    public static let spokenAudio = Mode()
  }

  public struct CategoryOptions: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
  }

  public struct SetActiveOptions: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let notifyOthersOnDeactivation = SetActiveOptions(rawValue: 1)
  }

  public static let interruptionNotification = NSNotification.Name("")
  public static let mediaServicesWereLostNotification = NSNotification.Name("")
  public static let mediaServicesWereResetNotification = NSNotification.Name("")
  public static func sharedInstance() -> AVAudioSession { AVAudioSession() }
  public func setCategory(_ category: Category, mode: Mode, options: CategoryOptions = []) throws {}
  public func setActive(_ active: Bool, options: SetActiveOptions = []) throws {}
}

public let AVAudioSessionInterruptionTypeKey = ""

public protocol AVAudioRecorderDelegate: NSObjectProtocol {
  func audioRecorderDidFinishRecording(_ recorder: AVAudioRecorder, successfully flag: Bool)
  func audioRecorderEncodeErrorDidOccur(_ recorder: AVAudioRecorder, error: (any Error)?)
}

open class AVAudioRecorder: NSObject {
  public convenience init(url: URL, settings: [String: Any]) throws { self.init() }
  public weak var delegate: (any AVAudioRecorderDelegate)?
  public var currentTime: TimeInterval { 0 }
  public func record() -> Bool { false }
  public func stop() {}
}

// MARK: - The camera

public enum AVAuthorizationStatus: Sendable { case notDetermined, restricted, denied, authorized }

public final class AVCaptureDevice: NSObject, @unchecked Sendable {
  public static func `default`(for medium: AVMediaType) -> AVCaptureDevice? { nil }
  public static func authorizationStatus(for medium: AVMediaType) -> AVAuthorizationStatus { .denied }
  public static func requestAccess(for medium: AVMediaType, completionHandler: @escaping @Sendable (Bool) -> Void) {}

  public final class RotationCoordinator: NSObject {
    public init(device: AVCaptureDevice, previewLayer: CALayer?) {}
    public var videoRotationAngleForHorizonLevelCapture: CGFloat { 0 }
    public var videoRotationAngleForHorizonLevelPreview: CGFloat { 0 }
    // Of every object of Apple's Foundation.
    public func observe<V>(
      _ path: KeyPath<RotationCoordinator, V>, options: NSKeyValueObservingOptions = [],
      changeHandler: @escaping @Sendable (RotationCoordinator, NSKeyValueObservedChange<V>) -> Void
    ) -> NSKeyValueObservation { NSKeyValueObservation() }
  }
}

public struct NSKeyValueObservingOptions: OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static let new = NSKeyValueObservingOptions(rawValue: 1)
}

public struct NSKeyValueObservedChange<V> {
  public let newValue: V?
}

public final class NSKeyValueObservation: NSObject {}

public struct AVLayerVideoGravity: Hashable, Sendable {
  public static let resizeAspect = AVLayerVideoGravity()
}

public final class AVCaptureVideoPreviewLayer: CALayer {
  public convenience init(session: AVCaptureSession) { self.init() }
  public var videoGravity = AVLayerVideoGravity.resizeAspect
  public var connection: AVCaptureConnection? { nil }
}

open class AVCaptureInput: NSObject {}

public final class AVCaptureDeviceInput: AVCaptureInput {
  public convenience init(device: AVCaptureDevice) throws { self.init() }
}

open class AVCaptureOutput: NSObject {
  public func connection(with medium: AVMediaType) -> AVCaptureConnection? { nil }
}

public final class AVCaptureConnection: NSObject {
  public var videoRotationAngle: CGFloat = 0
  public func isVideoRotationAngleSupported(_ angle: CGFloat) -> Bool { false }
}

public protocol AVCaptureFileOutputRecordingDelegate: NSObjectProtocol {
  func fileOutput(
    _ output: AVCaptureFileOutput, didFinishRecordingTo url: URL, from connections: [AVCaptureConnection],
    error: (any Error)?)
}

open class AVCaptureFileOutput: AVCaptureOutput {
  public var isRecording: Bool { false }
  public var recordedDuration: CMTime { CMTime(seconds: 0, preferredTimescale: 1) }
  public func startRecording(to url: URL, recordingDelegate: any AVCaptureFileOutputRecordingDelegate) {}
  public func stopRecording() {}
}

public final class AVCaptureMovieFileOutput: AVCaptureFileOutput {
  public var movieFragmentInterval = CMTime(seconds: 10, preferredTimescale: 1)
  public func setOutputSettings(_ settings: [String: Any]?, for connection: AVCaptureConnection) {}
}

public final class AVCaptureSession: NSObject {
  public struct Preset: Hashable, Sendable {
    let name: String
    public static let hd1920x1080 = Preset(name: "1080")
    public static let hd1280x720 = Preset(name: "720")
    public static let vga640x480 = Preset(name: "480")
  }

  public static let wasInterruptedNotification = NSNotification.Name("")
  public static let runtimeErrorNotification = NSNotification.Name("")
  public var sessionPreset = Preset.hd1280x720
  public var isRunning: Bool { false }
  public func canAddInput(_ input: AVCaptureInput) -> Bool { false }
  public func addInput(_ input: AVCaptureInput) {}
  public func canAddOutput(_ output: AVCaptureOutput) -> Bool { false }
  public func addOutput(_ output: AVCaptureOutput) {}
  public func startRunning() {}
  public func stopRunning() {}
}

public let AVCaptureSessionInterruptionReasonKey = ""
