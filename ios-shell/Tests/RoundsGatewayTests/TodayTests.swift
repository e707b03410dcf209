import Foundation
import RoundsGateway
import RoundsModel
import Testing

/// How long one screen takes through the border, with 200 visits on it. `./test` has the debug profile and a machine
/// that others use, so it compares the screen with itself: with many other records on the phone it takes hardly longer
/// than with few; what reads every record for a screen takes many times as long. `scripts/measure` has `ROUNDS_RECORDS`
/// set, builds for release, and fails where the aim is missed.
@Suite(.serialized) struct TodayTests {
  private static let aim: Duration = .milliseconds(20)
  private static let measured = ProcessInfo.processInfo.environment["ROUNDS_RECORDS"].flatMap(Int.init)

  @Test func todayWithManyVisits() async throws {
    let (stage, gateway) = try await Enrolled.make(on: Stage())
    let today = try #require(stage.card["today"]?.text)
    try TodayTests.plan(200, on: today, stage)
    let few = try await TodayTests.looked(gateway)
    let records = TodayTests.measured ?? 2_000
    try TodayTests.importPolicies(records, on: stage)
    let many = try await TodayTests.looked(gateway)
    print(
      "Today, 200 visits, \(records) other records: \(many[50]) in the middle, \(many[95]) at most for 95 of 100;"
        + " \(few[50]) without them; the aim is \(TodayTests.aim), released")
    #expect(many[50] <= few[50] * 3 + .milliseconds(20), "\(many[50]) after \(few[50])")
    if TodayTests.measured != nil {
      #expect(many[50] <= TodayTests.aim)
    }
  }

  /// How long a hundred looks at Today take, the shortest first, once everything is here.
  private static func looked(_ gateway: CoreGateway) async throws -> [Duration] {
    _ = try await gateway.syncStoppable()
    let screen = try gateway.now()
    #expect(screen.name == "today" && screen.blocks.filter { $0.kind == "line" }.count == 200)
    #expect(screen.chip?.state == "up_to_date", "the records are here")
    var times: [Duration] = []
    for _ in 0..<100 {
      let began = ContinuousClock.now
      _ = try gateway.now()
      times.append(ContinuousClock.now - began)
    }
    return times.sorted()
  }

  private static func importPolicies(_ count: Int, on stage: Stage) throws {
    let rows = (0..<count).map { "P\(10_000_000_000 + $0),Holder \($0),Product,8001" }
    let file = try table("policies.csv", ["number,holder,product,service_code"] + rows, stage)
    try stage.say("admin import policy \(file) --key number")
  }

  /// Visits of a colleague's making, for the twelve stores in turn.
  private static func plan(_ visits: Int, on day: String, _ stage: Stage) throws {
    let rows = (0..<visits).map { "S\(String(10_001 + $0 % 12).dropFirst()),\(day)" }
    let file = try table("visits.csv", ["store,date"] + rows, stage)
    try stage.say("phone 李娜 batch create visit --rows \(file)")
    try stage.say("phone 李娜 sync")
  }

  private static func table(_ name: String, _ lines: [String], _ stage: Stage) throws -> String {
    let file = (stage.card["folder"]?.text ?? "") + "/" + name
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}
