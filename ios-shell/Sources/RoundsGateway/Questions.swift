import RoundsCore
import RoundsModel

// The bindings' questions as the model's.

extension RoundsModel.Question {
  init(_ core: RoundsCore.Question) {
    self.init(
      key: core.key, label: core.label, hint: core.hint, input: Input(core.input), value: core.value,
      shown: core.shown, typed: core.typed, required: core.required, readOnly: core.readOnly, error: core.error,
      comment: core.comment, versions: core.versions)
  }
}

extension RoundsModel.Input {
  init(_ core: RoundsCore.Input) {
    switch core {
    case .note: self = .note
    case .text(let long): self = .text(long: long)
    case .pin: self = .pin
    case .integer: self = .integer
    case .decimal: self = .decimal
    case .date: self = .date
    case .time: self = .time
    case .dateTime: self = .dateTime
    case .one(let options, let more): self = .one(options: options.map(Choice.init), more: more)
    case .several(let options, let more): self = .several(options: options.map(Choice.init), more: more)
    case .rank(let options): self = .rank(options: options.map(Choice.init))
    case .range(let from, let to, let step): self = .range(from: from, to: to, step: step)
    case .acknowledge: self = .acknowledge
    case .photo(let take, let picture): self = .photo(take: take, picture: picture)
    case .file(let take, let about): self = .file(take: take, about: about)
    case .place(let take): self = .place(take: take)
    case .barcode(let scan): self = .barcode(scan: scan)
    case .signature(let sign, let picture): self = .signature(sign: sign, picture: picture)
    }
  }
}

extension RoundsModel.Choice {
  init(_ core: RoundsCore.Choice) {
    self.init(value: core.value, label: core.label, whyNot: core.whyNot)
  }
}
