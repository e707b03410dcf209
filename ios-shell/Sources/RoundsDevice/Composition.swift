import Foundation
import RoundsCore
import RoundsGateway
import RoundsModel
import UIKit

/// The app put together: the core on this phone, the model that the views look at, and what the system
/// tells. Made once, when the app starts.
@MainActor
public final class Composition {
  public let model: PhoneModel
  public let pictures: Pictures
  public let film = Film()
  public let runs: BackgroundRuns
  public let presence: Presence
  private let network = NetworkWatch()

  /// Opens the app's own folder. It fails if that cannot be read, as before the first unlock.
  public init(times: any BackgroundTimes) throws {
    let presenter = Presenter()
    let told = LanguageBox()
    let words: @Sendable () -> ShellWords = { ShellWords(language: told.language) }
    let gateway = try CoreGateway.open(
      folder: try Composition.folder().path, language: Locale.preferredLanguages.first ?? "en",
      machine: PhoneMachine.make(presenter: presenter, film: film, words: words))
    told.gateway = gateway
    let door = Door(gateway: gateway)
    model = PhoneModel(gateway: gateway, door: door)
    pictures = Pictures(gateway: gateway)
    runs = BackgroundRuns(gateway: gateway, door: door, times: times)
    presence = Presence(model: model, planner: runs)
    let presence = presence
    network.begin { isThere, isMetered in await presence.network(isThere: isThere, metered: isMetered) }
  }

  /// Where everything of the app is.
  nonisolated static var support: URL {
    URL.applicationSupportDirectory.appending(path: "rounds", directoryHint: .isDirectory)
  }

  /// In no backup: the keys are on this phone only, and the server has what was sent.
  private static func folder() throws -> URL {
    var folder = support
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true,
      attributes: [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication])
    var values = URLResourceValues()
    values.isExcludedFromBackup = true
    try folder.setResourceValues(values)
    return folder
  }
}

/// The language that the core is in, for tools that are made before it.
private final class LanguageBox: @unchecked Sendable {
  private let lock = NSLock()
  private var core: CoreGateway?

  var gateway: CoreGateway? {
    get { lock.withLock { core } }
    set { lock.withLock { core = newValue } }
  }

  var language: String { (try? gateway?.language()) ?? "en" }
}
