import CoreText
import Foundation
import RoundsCore
import RoundsModel
import UIKit

/// What the core needs of an iPhone, and what it may use.
@MainActor
enum PhoneMachine {
  static func make(presenter: Presenter, film: Film, words: @escaping @Sendable () -> ShellWords) -> Machine {
    Machine(
      clock: DeviceClock(), keys: Keychain(service: "rounds"), camera: CameraTool(presenter: presenter),
      recorder: RecorderTool(film: film), location: LocationTool.make(),
      barcode: BarcodeTool(presenter: presenter, words: words),
      signature: SignatureTool(presenter: presenter, words: words), fonts: fonts(),
      deviceName: UIDevice.current.name)
  }

  /// Fonts that the app brings first: the system's are in a form that not every reader knows.
  private static func fonts() -> [String] {
    let own = ["otf", "ttf", "ttc"].flatMap { Bundle.main.paths(forResourcesOfType: $0, inDirectory: "Fonts") }
    let system = ["PingFangSC-Regular", "STHeitiSC-Light"].compactMap { name in
      let font = CTFontCreateWithName(name as CFString, 12, nil)
      return (CTFontCopyAttribute(font, kCTFontURLAttribute) as? URL)?.path
    }
    return own + system
  }
}
