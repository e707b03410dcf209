import Foundation
import RoundsModel
import Testing

/// The scenarios that Rust and Kotlin play too, with the real core and a real server process.
@Suite(.serialized) struct ScenarioTests {
  /// Every file that is there is played, so that none is forgotten.
  static let all: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: Checkout.root + "/tests/scenarios")
    return (files ?? []).filter { $0.hasSuffix(".json") }.sorted()
  }()

  @Test func thereAreScenarios() {
    #expect(ScenarioTests.all.contains("a-day.json"))
  }

  @Test(arguments: ScenarioTests.all)
  func comesOutAsTold(_ scenario: String) async throws {
    try await Player.play(scenario)
  }

  /// A player that sees nothing wrong anywhere would prove nothing.
  @Test func aPlayerNoticesWhatIsWrong() throws {
    let screen = Screen(name: "today", id: "today", title: "Today")
    let expectations = Expectations(screen: screen, said: "Saved", file: nil)
    try expectations.hold(.object(["name": .text("today"), "not": .list([.text("Tomorrow")]), "said": .text("Save")]))
    let wrong: [(String, Json)] = [
      ("name", .text("tomorrow")), ("title", .null), ("main", .text("Go")), ("texts", .list([.text("Tomorrow")])),
      ("not", .list([.text("oda")])), ("said", .null), ("said", .text("Lost")),
      ("buttons", .object(["Go": .truth(true)])), ("questions", .object(["Name": .object([:])])),
      ("chip", .text("offline")), ("at", .text("Name")), ("count", .object(["line": .number(1)])),
      ("file", .text("print")), ("nothing", .null),
    ]
    for (key, value) in wrong {
      #expect(throws: Failed.self, "\(key)") { try expectations.hold(.object([key: value])) }
    }
  }
}
