import Foundation
import RoundsModel
import Testing

@MainActor
@Suite final class PicturesTests {
  private let paper = PaperGateway()

  private func fetched(_ name: String) -> Int { paper.calls.filter { $0 == "picture \(name)" }.count }

  @Test func aPictureIsFetchedOnceAndTheOldestIsLetGo() async {
    let pictures = Pictures(gateway: paper, most: 2)
    for name in ["a", "b", "a", "c", "a", "b"] {
      let data = await pictures.data(name, maxPx: 100)
      #expect(data == Data(name.utf8))
    }
    #expect(["a", "b", "c"].map(fetched) == [1, 2, 1])
    pictures.forget()
    _ = await pictures.data("a", maxPx: 100)
    #expect(fetched("a") == 2)
  }

  @Test func askedForTwiceAtOnceItIsFetchedOnce() async {
    let pictures = Pictures(gateway: paper)
    paper.hold("picture a")
    let both = [1, 2].map { _ in Task { await pictures.data("a", maxPx: 100) } }
    await until("it is fetched") { self.fetched("a") == 1 }
    for _ in 0..<200 { await Task.yield() }
    paper.open("picture a")
    for one in both {
      let data = await one.value
      #expect(data != nil)
    }
    #expect(fetched("a") == 1)
  }

  @Test func aPictureThatCannotBeShownNowIsAskedForAgain() async {
    let pictures = Pictures(gateway: paper)
    paper.trouble = Trouble(code: "offline", text: "Offline")
    let missing = await pictures.data("a", maxPx: 100)
    #expect(missing == nil)
    paper.trouble = nil
    let there = await pictures.data("a", maxPx: 100)
    #expect(there != nil)
  }
}
