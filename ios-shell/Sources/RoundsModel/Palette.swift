/// A colour, as `0xRRGGBB`, in the light and in the dark.
public struct Shade: Sendable, Equatable {
  public let light: UInt32
  public let dark: UInt32

  public init(light: UInt32, dark: UInt32) {
    self.light = light
    self.dark = dark
  }
}

/// The colours of what has to be read, and what is behind it. All are opaque: of a colour that lets something through
/// nobody can say whether it can be read. Letters have a contrast of at least 4.5 on every ground that they stand on.
public enum Palette {
  /// Letters of the content.
  public static let text = Shade(light: 0x000000, dark: 0xFFFFFF)
  /// Letters that matter less: hints, second lines, what is greyed. They are read all the same.
  public static let quiet = Shade(light: 0x54575E, dark: 0xB6B9C1)
  /// Letters and signs that can be tapped, and what is chosen: `AccentColor` of the app's assets.
  public static let accent = Shade(light: 0x0B57D0, dark: 0x8AB8FF)
  /// Letters on ``fill(_:)``.
  public static let onFill = Shade(light: 0xFFFFFF, dark: 0xFFFFFF)

  /// Behind everything: the system's grouped background.
  public static let screen = Shade(light: 0xF2F2F7, dark: 0x000000)
  /// What blocks stand on. A sheet's is a little lighter in the dark.
  public static let card = Shade(light: 0xFFFFFF, dark: 0x1C1C1E)
  public static let sheet = Shade(light: 0xF2F2F7, dark: 0x2C2C2E)
  /// What is typed into and chosen from.
  public static let field = Shade(light: 0xECECF0, dark: 0x323236)
  /// A button that does nothing now.
  public static let greyed = Shade(light: 0xE4E4E9, dark: 0x2E2E32)

  /// Letters on ``ground(_:)``, on a card, and on the screen.
  public static func ink(_ tone: Tone) -> Shade {
    switch tone {
    case .neutral: text
    case .active: Shade(light: 0x0B4F9E, dark: 0x8CC2FF)
    case .good: Shade(light: 0x0F6B33, dark: 0x7FDC9B)
    case .warning: Shade(light: 0x7A4A00, dark: 0xFFC96B)
    case .bad: Shade(light: 0xA61B1B, dark: 0xFF9B93)
    }
  }

  public static func ground(_ tone: Tone) -> Shade {
    switch tone {
    case .neutral: Shade(light: 0xE6E6EB, dark: 0x36363A)
    case .active: Shade(light: 0xE3EFFC, dark: 0x12304F)
    case .good: Shade(light: 0xE2F4E8, dark: 0x123A20)
    case .warning: Shade(light: 0xFFF1D6, dark: 0x43300B)
    case .bad: Shade(light: 0xFCE6E4, dark: 0x4A1613)
    }
  }

  /// Under white letters: the main button, a mark.
  public static func fill(_ tone: Tone) -> Shade {
    switch tone {
    case .neutral, .active: Shade(light: 0x0B57D0, dark: 0x1F6FE0)
    case .good: Shade(light: 0x146C2E, dark: 0x1E7D3A)
    case .warning: Shade(light: 0x8A5300, dark: 0x9A5F00)
    case .bad: Shade(light: 0xB3261E, dark: 0xC4352C)
    }
  }
}
