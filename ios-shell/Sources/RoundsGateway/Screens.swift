import RoundsCore
import RoundsModel

// The bindings' types as the model's: one to one, so that only this module sees both.

extension RoundsModel.Screen {
  init(_ core: RoundsCore.Screen) {
    self.init(
      name: core.name, id: core.id, title: core.title, subtitle: core.subtitle, chip: core.chip.map(Chip.init),
      places: core.places.map(Place.init), back: core.back, blocks: core.blocks.map(Block.init),
      main: core.main.map(ScreenButton.init), also: core.also.map(ScreenButton.init), at: core.at, gives: core.gives,
      againMs: core.againMs)
  }
}

extension RoundsModel.Chip {
  init(_ core: RoundsCore.Chip) {
    self.init(state: core.state, text: core.text, tone: Tone(core.tone), tap: core.tap)
  }
}

extension RoundsModel.Place {
  init(_ core: RoundsCore.Place) {
    self.init(icon: core.icon, title: core.title, tap: core.tap, here: core.here, count: core.count)
  }
}

extension RoundsModel.Tone {
  init(_ core: RoundsCore.Tone) {
    switch core {
    case .neutral: self = .neutral
    case .active: self = .active
    case .good: self = .good
    case .warning: self = .warning
    case .bad: self = .bad
    }
  }
}

extension RoundsModel.After {
  init(_ core: RoundsCore.After) {
    self.init(screen: Screen(core.screen), said: core.said.map(Notice.init), file: core.file.map(LeavingFile.init))
  }
}

extension RoundsModel.LeavingFile {
  init(_ core: RoundsCore.File) {
    self.init(name: core.name, mime: core.mime, path: core.path, purpose: core.purpose, done: core.done)
  }
}

extension RoundsModel.Pulse {
  init(_ core: RoundsCore.Pulse) {
    self.init(turn: core.turn, chip: core.chip.map(Chip.init))
  }
}

extension RoundsModel.SyncStep {
  init(_ core: RoundsCore.SyncStep) {
    self.init(step: core.step, text: core.text, done: core.done, of: core.of)
  }
}

extension RoundsModel.SyncReport {
  init(_ core: RoundsCore.SyncReport) {
    self.init(text: core.text, unfinished: core.unfinished, exchanges: core.exchanges, photos: core.photos)
  }
}
