import Foundation
import Testing

/// The server of the demo team, as a process of its own behind a network that obeys: `rounds-stage`, which
/// `tests/scenarios/README.md` describes.
final class Stage: @unchecked Sendable {
  let card: Json
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var read = Data()

  init() throws {
    let programs = Checkout.programs
    process.executableURL = URL(fileURLWithPath: programs + "/rounds-stage")
    process.environment = ProcessInfo.processInfo.environment.merging(["ROUNDS_BIN": programs]) { $1 }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    card = try Stage.answer(&read, output)
  }

  /// Says a line and returns what is answered. An error of the stage is an error.
  @discardableResult
  func say(_ line: String) throws -> Json {
    try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    let answer = try Stage.answer(&read, output)
    if let error = answer["error"]?.text { throw Failed("the stage: \(error)") }
    return answer
  }

  /// From now on it neither takes nor gives a byte, and refuses none.
  func freeze() { kill(process.processIdentifier, SIGSTOP) }

  func thaw() { kill(process.processIdentifier, SIGCONT) }

  private static func answer(_ read: inout Data, _ output: Pipe) throws -> Json {
    while true {
      if let end = read.firstIndex(of: UInt8(ascii: "\n")) {
        let line = read[..<end]
        read = Data(read[read.index(after: end)...])
        return try JSONDecoder().decode(Json.self, from: Data(line))
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Failed("the stage ended") }
      read += more
    }
  }

  deinit {
    // A test that failed may have left it frozen.
    thaw()
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}

/// What did not come out as told.
struct Failed: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

enum Checkout {
  /// The repository, by where this file is.
  static let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(5).joined(separator: "/")
    .replacingOccurrences(of: "//", with: "/")

  /// The folder of the built programs.
  static let programs = ProcessInfo.processInfo.environment["ROUNDS_BIN"] ?? root + "/target/debug"
}
