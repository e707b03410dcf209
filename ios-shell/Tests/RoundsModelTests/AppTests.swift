import Foundation
import RoundsModel
import Testing

/// What the app's project says to the system, as far as it is text: no Xcode is here to read it.
@Suite struct AppTests {
  static let shell = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: shell.appendingPathComponent(path), encoding: .utf8)
  }

  /// `"Key" = "Value";`, a line each.
  private static func strings(_ language: String) throws -> [String: String] {
    let lines = try text("App/\(language).lproj/InfoPlist.strings").split(separator: "\n")
    return Dictionary(
      uniqueKeysWithValues: lines.filter { $0.hasPrefix("\"") }.map { line in
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        return (String(parts[1]), String(parts[3]))
      })
  }

  @Test func whatTheAppAsksForIsExplainedInBothLanguages() throws {
    let (en, zh) = (try AppTests.strings("en"), try AppTests.strings("zh-Hans"))
    #expect(en.keys.sorted() == zh.keys.sorted())
    let project = try AppTests.text("project.yml")
    let asked = project.split(separator: "\n").compactMap { line -> String? in
      let key = line.split(separator: ":").first?.trimmingCharacters(in: .whitespaces)
      return key?.hasSuffix("UsageDescription") == true ? key : nil
    }
    #expect(
      asked.sorted() == [
        "NSCameraUsageDescription", "NSLocationWhenInUseUsageDescription", "NSMicrophoneUsageDescription",
      ], "one for each of the camera, the place and the microphone, and for nothing that is not used")
    for key in asked {
      #expect(project.contains("\(key): \(try #require(en[key]))"), "\(key) is the English text")
      #expect(zh[key]?.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } == true, "\(key) is Chinese")
    }
  }

  /// What a phone sends to its team is said, and that nobody else is told.
  @Test func whatLeavesThePhoneIsDeclared() throws {
    let plist = try PropertyListSerialization.propertyList(
      from: Data(AppTests.text("App/PrivacyInfo.xcprivacy").utf8), format: nil)
    let privacy = try #require(plist as? [String: Any])
    #expect(privacy["NSPrivacyTracking"] as? Bool == false)
    let collected = try #require(privacy["NSPrivacyCollectedDataTypes"] as? [[String: Any]])
    let types = collected.compactMap { $0["NSPrivacyCollectedDataType"] as? String }
    #expect(
      types.map { $0.replacingOccurrences(of: "NSPrivacyCollectedDataType", with: "") }.sorted() == [
        "AudioData", "DeviceID", "Name", "OtherUserContent", "PhotosorVideos", "PreciseLocation", "UserID",
      ])
    for one in collected {
      #expect(one["NSPrivacyCollectedDataTypeTracking"] as? Bool == false)
      #expect(
        one["NSPrivacyCollectedDataTypePurposes"] as? [String] == ["NSPrivacyCollectedDataTypePurposeAppFunctionality"])
    }
  }

  /// A store takes one picture of 1024 by 1024 without anything that lets light through.
  @Test func theIconIsOneThatAStoreTakes() throws {
    let folder = "App/Assets.xcassets/AppIcon.appiconset/"
    let project = try AppTests.text("project.yml")
    #expect(project.contains("APPICON_NAME: AppIcon") && project.contains("ACCENT_COLOR_NAME: AccentColor"))
    #expect(try AppTests.text(folder + "Contents.json").contains("\"filename\" : \"AppIcon.png\""))
    let png = try Data(contentsOf: AppTests.shell.appendingPathComponent(folder + "AppIcon.png"))
    #expect(png.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(png[16..<24] == Data([0, 0, 4, 0, 0, 0, 4, 0]), "the sides")
    #expect(png[24] == 8 && png[25] == 2, "eight bits each of red, green and blue")
  }

  /// Without it the simulator's keychain gives nothing, and the app cannot be opened there.
  @Test func theAppHasAKeychainOfItsOwn() throws {
    #expect(try AppTests.text("project.yml").contains("CODE_SIGN_ENTITLEMENTS: App/Rounds.entitlements"))
    let plist = try PropertyListSerialization.propertyList(
      from: Data(AppTests.text("App/Rounds.entitlements").utf8), format: nil)
    let said = try #require(plist as? [String: [String]])
    #expect(said == ["keychain-access-groups": ["$(AppIdentifierPrefix)$(PRODUCT_BUNDLE_IDENTIFIER)"]])
  }

  @Test func theSystemMayStartEachKindOfRun() throws {
    let project = try AppTests.text("project.yml")
    for kind in BackgroundPlan.Kind.allCases { #expect(project.contains("- \(kind.identifier)\n")) }
    #expect(project.contains("UIBackgroundModes: [fetch, processing]"))
  }
}
