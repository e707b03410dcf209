import Foundation
import RoundsModel
import Testing

/// What decides in the tools of an iPhone, and in its views, and needs no iPhone.
@Suite struct MachineTests {
  @Test func whoeverWaitsGetsTheFirstAnswer() async throws {
    let photo = Awaited<String>()
    let waiting = Task { try await Worker.serial("waiting").run { try photo.wait() } }
    #expect(photo.give(.success("taken")))
    #expect(!photo.give(.failure(CancellationError())), "the app was put away while the camera closed")
    #expect(try await waiting.value == "taken")

    let place = Awaited<Int>()
    #expect(place.give(.failure(Trouble(code: "denied", text: ""))))
    #expect(throws: Trouble.self) { try place.wait() }
  }

  @Test func theBestPlaceIsKeptAndAGoodOneEndsTheSearch() {
    var search = FixSearch<String>(enoughM: 20, oldestMs: 10_000)
    let useless = [
      search.found("none", accuracyM: -1, ageSeconds: 0), search.found("old", accuracyM: 5, ageSeconds: 10.1),
    ]
    #expect(useless == [false, false] && search.best == nil)
    let coarse = [("mast", 800.0), ("street", 45), ("mast again", 900)].map {
      search.found($0.0, accuracyM: $0.1, ageSeconds: 1)
    }
    #expect(coarse == [false, false, false] && search.best == "street")
    let isEnough = search.found("door", accuracyM: 20, ageSeconds: 10)
    #expect(isEnough && search.best == "door")

    var now = FixSearch<String>(enoughM: 20, oldestMs: 0)
    let aged = [0.9, 1.1].map { now.found("\($0)", accuracyM: 4, ageSeconds: $0) }
    #expect(aged == [true, false], "what is made now may be a second old")
  }

  @Test func aRecordingSaysWhatEndedIt() {
    // The numbers are AVFoundation's: AVCaptureSession.InterruptionReason, AVAudioSession.InterruptionType.
    #expect(
      [1, 2, 3, 4, 5].map { RecordingEnd.interrupted(reason: $0) } == [.background, .call, .call, .call, .power])
    #expect(RecordingEnd.interrupted(reason: nil) == .broken && RecordingEnd.interrupted(reason: 99) == .broken)
    #expect(RecordingEnd.interrupted(type: 1) == .call && RecordingEnd.interrupted(type: nil) == .call)
    #expect(RecordingEnd.interrupted(type: 0) == nil, "the end of a call ends nothing")
    #expect(RecordingEnd.stopped(bytesFree: 4096) == .storage)
    #expect(RecordingEnd.stopped(bytesFree: 1 << 30) == .broken && RecordingEnd.stopped(bytesFree: nil) == .broken)
  }

  @Test func theFirstReasonCounts() {
    #expect(RecordingEnd.call.after(nil) == .call)
    #expect(RecordingEnd.broken.after(.call) == .call && RecordingEnd.asked.after(.storage) == .storage)
    #expect(RecordingEnd.call.after(.asked) == .asked, "a recorder that stops because it was asked to says so too")
    #expect(RecordingEnd.power.after(.taken) == .power, "what took the lens may be told later")
    #expect(RecordingEnd.asked.after(.taken) == .taken)
  }

  @Test func aStartOfThePhoneHasANameOfItsOwn() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rounds-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("boot")
    let first = BootSession(file: file)
    let name = first.id(monoMs: 60_000)
    #expect(first.id(monoMs: 60_001) == name && first.id(monoMs: 500_000) == name)
    #expect(BootSession(file: file).id(monoMs: 500_000) == name, "the app was started again, and the phone was not")
    let rebooted = BootSession(file: file)
    let other = rebooted.id(monoMs: 499_000)
    #expect(other != name, "the clock that only runs forward is behind: the phone was started")
    #expect(BootSession(file: file).id(monoMs: 600_000) == other)
    try Data("no JSON".utf8).write(to: file)
    let unread = BootSession(file: file).id(monoMs: 700_000)
    #expect(unread != name && unread != other, "what cannot be read is another start")
    let nowhere = BootSession(file: folder.appendingPathComponent("none/boot"))
    let once = nowhere.id(monoMs: 5)
    #expect(nowhere.id(monoMs: 100_000) == once, "what cannot be kept holds for this process")
  }

  @Test func noPictureIsMadeLarger() {
    #expect(PictureSize.fitting(4000, 3000, longest: 1600) == (1600, 1200))
    #expect(PictureSize.fitting(3000, 4000, longest: 1600) == (1200, 1600))
    #expect(PictureSize.fitting(800, 600, longest: 1600) == (800, 600))
    #expect(PictureSize.fitting(800, 600, longest: nil) == (800, 600))
    #expect(PictureSize.fitting(9000, 1, longest: 100) == (100, 1), "and none vanishes")
    #expect(PictureSize.fitting(0, 0, longest: 100) == (0, 0))
  }

  @Test func aRingClosesInItsTime() {
    #expect(Ring.share(leftMs: 60_000, ofMs: 60_000, secondsSince: 0) == 0)
    #expect(Ring.share(leftMs: 45_000, ofMs: 60_000, secondsSince: 15) == 0.5)
    #expect(Ring.share(leftMs: 1_000, ofMs: 60_000, secondsSince: 100) == 1)
    #expect(Ring.share(leftMs: 90_000, ofMs: 60_000, secondsSince: -5) == 0)
    #expect(Ring.share(leftMs: 0, ofMs: 0, secondsSince: 0) == 1)
  }

  @Test func touchingTheChosenOneTakesItAway() {
    #expect(ChoiceAnswer.touched("y", in: "", required: false) == "y")
    #expect(ChoiceAnswer.touched("n", in: "y", required: false) == "n")
    #expect(ChoiceAnswer.touched("y", in: "y", required: false) == "")
    #expect(ChoiceAnswer.touched("y", in: "y", required: true) == "y")
  }

  @Test func onlyAMissingPermissionLeadsToTheSettings() {
    #expect(Notice(tone: .bad, text: "", code: "capture-denied").isAboutPermission)
    #expect(!Notice(tone: .bad, text: "", code: "capture-unavailable").isAboutPermission)
    #expect(!Notice(tone: .bad, text: "").isAboutPermission)
  }
}
