import Foundation
import RoundsModel
import Testing

/// What has to be read can be read: WCAG's contrast of letters with what is behind them, in the light and in the dark.
@Suite struct PaletteTests {
  /// The relative luminance of WCAG 2.
  private static func luminance(_ rgb: UInt32) -> Double {
    let parts = [rgb >> 16, rgb >> 8, rgb].map { part in
      let share = Double(part & 0xFF) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  private static func contrast(_ a: UInt32, _ b: UInt32) -> Double {
    let both = [luminance(a), luminance(b)].sorted()
    return (both[1] + 0.05) / (both[0] + 0.05)
  }

  private func expect(
    _ letters: Shade, on ground: Shade, _ what: String, atLeast: Double = 4.5,
    at place: SourceLocation = #_sourceLocation
  ) {
    let light = PaletteTests.contrast(letters.light, ground.light)
    let dark = PaletteTests.contrast(letters.dark, ground.dark)
    #expect(light >= atLeast, "\(what), in the light", sourceLocation: place)
    #expect(dark >= atLeast, "\(what), in the dark", sourceLocation: place)
  }

  @Test func theMeasureIsWcags() {
    #expect(PaletteTests.contrast(0x000000, 0xFFFFFF) == 21)
    #expect(abs(PaletteTests.contrast(0x777777, 0xFFFFFF) - 4.48) < 0.005, "the grey that is a little too light")
  }

  @Test func whatIsReadCanBeRead() {
    let grounds = [
      ("screen", Palette.screen), ("card", Palette.card), ("sheet", Palette.sheet), ("field", Palette.field),
    ]
    for (name, ground) in grounds {
      expect(Palette.text, on: ground, "text on \(name)")
      expect(Palette.quiet, on: ground, "quiet on \(name)")
      expect(Palette.accent, on: ground, "accent on \(name)")
      for tone in Tone.allCases { expect(Palette.ink(tone), on: ground, "\(tone) on \(name)") }
    }
    expect(Palette.quiet, on: Palette.greyed, "a greyed button")
    for tone in Tone.allCases {
      let ground = Palette.ground(tone)
      expect(Palette.ink(tone), on: ground, "\(tone) on its ground")
      expect(Palette.onFill, on: Palette.fill(tone), "a \(tone) button")
    }
    expect(Palette.text, on: Palette.ground(.active), "a chosen one")
    expect(Palette.quiet, on: Palette.ground(.active), "why a chosen one is greyed")
    // A sign, not letters.
    expect(Palette.accent, on: Palette.ground(.active), "the mark of a chosen one", atLeast: 3)
  }

  @Test func theAppsAssetIsTheAccent() throws {
    let json = try AppTests.text("App/Assets.xcassets/AccentColor.colorset/Contents.json")
    let set = try JSONDecoder().decode(ColorSet.self, from: Data(json.utf8))
    #expect(set.rgb(dark: false) == Palette.accent.light && set.rgb(dark: true) == Palette.accent.dark)
  }

  private struct ColorSet: Decodable {
    struct Entry: Decodable {
      struct Appearance: Decodable { let value: String }
      struct Colour: Decodable { let components: [String: String] }

      let appearances: [Appearance]?
      let color: Colour
    }

    let colors: [Entry]

    func rgb(dark: Bool) -> UInt32? {
      let found = colors.first { ($0.appearances?.contains { $0.value == "dark" } ?? false) == dark }
      let parts = ["red", "green", "blue"].compactMap { name in
        found?.color.components[name].flatMap { UInt32($0.dropFirst(2), radix: 16) }
      }
      return parts.count == 3 ? parts[0] << 16 | parts[1] << 8 | parts[2] : nil
    }
  }
}
