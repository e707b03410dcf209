/// A part of a screen. A view has one file for each.
public enum Block: Sendable, Equatable {
  case heading(text: String)
  case text(text: String)
  case notice(Notice)
  case facts([Fact])
  case line(Line)
  case ask(Question)
  /// `of` is more than zero.
  case progress(text: String, done: UInt64, of: UInt64)
  /// A time that has to pass.
  case ring(text: String, leftMs: UInt64, ofMs: UInt64)
  case score(Score)
  case versions(Versions)
  case trend(Trend)
  case script(Script)
  /// A picture to be asked for, and what is on it.
  case picture(picture: String, about: String)
  case button(ScreenButton)
  /// A field that searches as one types; its text is given with the key `find`.
  case find(hint: String, typed: String, tap: String)
  case empty(title: String, text: String)
  /// The list goes on: its next lines come when this is reached.
  case more(more: String)
}

/// Something to know: what happened, why, what to do now.
public struct Notice: Sendable, Equatable {
  public var tone: Tone
  public var text: String
  public var remedy: String?
  /// For support, small.
  public var code: String?
  public var buttons: [ScreenButton]

  public init(tone: Tone, text: String, remedy: String? = nil, code: String? = nil, buttons: [ScreenButton] = []) {
    self.tone = tone
    self.text = text
    self.remedy = remedy
    self.code = code
    self.buttons = buttons
  }
}

extension Notice {
  /// The person once said no to the camera, the microphone or their place: only the system's settings can change it.
  public var isAboutPermission: Bool { code == "capture-denied" }
}

/// A label with its value.
public struct Fact: Sendable, Equatable {
  public var label: String
  public var value: String
  public var tone: Tone
  public var tap: String?

  public init(label: String, value: String, tone: Tone = .neutral, tap: String? = nil) {
    self.label = label
    self.value = value
    self.tone = tone
    self.tap = tap
  }
}

/// A line of a list: what it is, where it stands, what is next.
public struct Line: Sendable, Equatable {
  public var id: String
  /// The place in a route, or `✓`, `!`, `→`, `○`, `–`.
  public var mark: String?
  public var title: String
  public var subtitle: String?
  public var end: String?
  public var badges: [Badge]
  /// Greyed: why, in one line.
  public var whyNot: String?
  public var tap: String?
  /// In a list that several are chosen of.
  public var chosen: Bool?
  /// Its photo, to be asked for.
  public var picture: String?

  public init(
    id: String, mark: String? = nil, title: String, subtitle: String? = nil, end: String? = nil,
    badges: [Badge] = [], whyNot: String? = nil, tap: String? = nil, chosen: Bool? = nil, picture: String? = nil
  ) {
    self.id = id
    self.mark = mark
    self.title = title
    self.subtitle = subtitle
    self.end = end
    self.badges = badges
    self.whyNot = whyNot
    self.tap = tap
    self.chosen = chosen
    self.picture = picture
  }
}

/// A word beside a line.
public struct Badge: Sendable, Equatable {
  public var text: String
  public var tone: Tone

  public init(text: String, tone: Tone) {
    self.text = text
    self.tone = tone
  }
}

/// What a checklist came to.
public struct Score: Sendable, Equatable {
  public var text: String
  /// Of a hundred.
  public var percent: Double
  public var passed: Bool?
  public var before: String?
  public var sections: [Fact]
  /// What failed it, whatever the rest came to.
  public var failed: [Line]

  public init(
    text: String, percent: Double, passed: Bool? = nil, before: String? = nil, sections: [Fact] = [],
    failed: [Line] = []
  ) {
    self.text = text
    self.percent = percent
    self.passed = passed
    self.before = before
    self.sections = sections
    self.failed = failed
  }
}

/// An answer of which there are several versions; the first one shows now.
public struct Versions: Sendable, Equatable {
  public var label: String
  public var about: String
  public var versions: [Version]
  public var other: ScreenButton?

  public init(label: String, about: String, versions: [Version], other: ScreenButton? = nil) {
    self.label = label
    self.about = about
    self.versions = versions
    self.other = other
  }
}

/// One of several versions.
public struct Version: Sendable, Equatable {
  public var value: String
  /// Who, on which device, when.
  public var by: String
  public var mine: Bool
  public var button: ScreenButton

  public init(value: String, by: String, mine: Bool, button: ScreenButton) {
    self.value = value
    self.by = by
    self.mine = mine
    self.button = button
  }
}

/// Numbers in a row, oldest first, and the question that they answer.
public struct Trend: Sendable, Equatable {
  public var title: String
  public var text: String
  public var points: [Point]

  public init(title: String, text: String, points: [Point]) {
    self.title = title
    self.text = text
    self.points = points
  }
}

/// A number with its label.
public struct Point: Sendable, Equatable {
  public var label: String
  public var value: Double

  public init(label: String, value: Double) {
    self.label = label
    self.value = value
  }
}

/// A step of a recording: what is to be said now, large.
public struct Script: Sendable, Equatable {
  public var step: String
  public var speaker: String
  public var words: String
  public var instruction: String?
  public var state: String
  public var recording: Bool

  public init(
    step: String, speaker: String, words: String, instruction: String? = nil, state: String, recording: Bool
  ) {
    self.step = step
    self.speaker = speaker
    self.words = words
    self.instruction = instruction
    self.state = state
    self.recording = recording
  }
}

/// A button. What its tap means only the core knows.
public struct ScreenButton: Sendable, Equatable {
  public var tap: String
  public var title: String
  public var tone: Tone
  /// Greyed: why, and what to do.
  public var whyNot: Notice?
  /// What it asks for first, on a sheet of its own.
  public var asks: [Question]
  /// What it says before it is done, where it cannot be taken back.
  public var sure: Sure?

  public init(
    tap: String, title: String, tone: Tone = .neutral, whyNot: Notice? = nil, asks: [Question] = [],
    sure: Sure? = nil
  ) {
    self.tap = tap
    self.title = title
    self.tone = tone
    self.whyNot = whyNot
    self.asks = asks
    self.sure = sure
  }
}

/// What is said before something that cannot be taken back.
public struct Sure: Sendable, Equatable {
  public var text: String
  public var yes: String
  public var no: String

  public init(text: String, yes: String, no: String) {
    self.text = text
    self.yes = yes
    self.no = no
  }
}
