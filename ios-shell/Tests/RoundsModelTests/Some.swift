import RoundsModel

/// Screens and parts made by hand.
enum Some {
  static let name = Question(key: "name", label: "Name", input: .text(long: false), required: true)
  static let pin = Question(key: "pin", label: "PIN", input: .pin)

  static func screen(_ name: String, id: String? = nil, _ blocks: [Block] = [], main: ScreenButton? = nil) -> Screen {
    Screen(name: name, id: id ?? name, title: name, blocks: blocks, main: main)
  }

  /// A screen whose answers go to the core at once.
  static func form(id: String = "form", _ blocks: [Block]) -> Screen {
    Screen(name: "form", id: id, title: "Form", blocks: blocks, gives: "give")
  }

  static func line(_ id: String) -> Block { .line(Line(id: id, title: id, tap: "open \(id)")) }

  static func button(_ tap: String) -> ScreenButton { ScreenButton(tap: tap, title: tap) }

  static func chip(_ state: String) -> Chip { Chip(state: state, text: state, tone: .neutral, tap: "outbox") }
}
