import Foundation
import RoundsCore
import RoundsGateway
import RoundsModel

/// A folder that goes when it is let go.
final class Folder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("rounds-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  func inside(_ name: String) -> String { path + "/" + name }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A machine written in Swift: the system's clocks, and keys in memory.
final class Keys: KeyStore, @unchecked Sendable {
  private let lock = NSLock()
  private var secrets: [String: Data] = [:]
  private var _fault: (any Error)?

  /// Every call throws this.
  var fault: (any Error)? {
    get { lock.withLock { _fault } }
    set { lock.withLock { _fault = newValue } }
  }

  func load(name: String) throws -> Data? {
    try lock.withLock {
      if let _fault { throw _fault }
      return secrets[name]
    }
  }

  func store(name: String, secret: Data) throws {
    try lock.withLock {
      if let _fault { throw _fault }
      secrets[name] = secret
    }
  }

  func remove(name: String) throws {
    lock.withLock { secrets[name] = nil }
  }
}

final class SystemClock: RoundsCore.Clock {
  func read() throws -> Reading { try systemClocks() }
}

/// An error that no contract knows.
struct Surprise: Error {}

extension Machine {
  static func inSwift(keys: any KeyStore = Keys()) -> Machine {
    Machine(
      clock: SystemClock(), keys: keys, camera: nil, recorder: nil, location: nil, barcode: nil, signature: nil,
      fonts: [], deviceName: "Swift's phone")
  }
}

/// The real core in a fresh folder, before anybody has signed in.
struct Fresh {
  let folder: Folder
  let gateway: CoreGateway

  init(keys: any KeyStore = Keys()) throws {
    folder = try Folder()
    gateway = try CoreGateway.open(folder: folder.inside("app"), language: "en", machine: .inSwift(keys: keys))
  }
}
