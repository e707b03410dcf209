import Foundation
import Observation

/// What the views look at: the screen that is now, what is typed on it, and what is asked before a tap.
/// Views call its verbs and decide nothing.
///
/// - Taps are done one after another beside the main actor. The same tap twice while the first is under
///   way is one tap, and a tap whose screen is gone by then is none.
/// - Typing shows at once, is told to the core when a person pauses, and always before the next tap. A field
///   that is left is answered, whatever it is left by: a button, a line, back.
/// - When the core says that the screen may have changed, or when the time comes that the screen named,
///   it is read again; with as many pages of its list as had been reached.
@MainActor
@Observable
public final class PhoneModel {
  /// None until the first one was read.
  public private(set) var screen: Screen?
  /// The screen's blocks and the pages below them.
  public private(set) var rows: [Row] = []
  /// The sync chip, which may be newer than the screen.
  public private(set) var chip: Chip?
  /// Something said in passing, or why something was not done.
  public private(set) var said: Notice?
  /// A button that asks for something first, on a sheet.
  public private(set) var asking: Asking?
  /// A button that cannot be taken back, before it is done.
  public private(set) var confirming: Confirming?
  /// A file that waits for the system's own sheet.
  public private(set) var file: LeavingFile?
  /// A tap is under way.
  public private(set) var busy = false
  /// The page that was asked for and did not come: by what its list's last block says.
  public private(set) var missed: String?
  /// `zh-CN` or `en`: the language of the words that are the shell's own.
  public private(set) var language = "en"

  @ObservationIgnored let gateway: any Gateway
  @ObservationIgnored let worker: Worker
  @ObservationIgnored public let door: Door
  @ObservationIgnored private let typingPause: Duration
  @ObservationIgnored private let telling: Delay
  @ObservationIgnored private let again: Delay
  @ObservationIgnored private let passing: Delay
  private var drafts = Drafts()
  @ObservationIgnored private var loaded = Rows()
  /// What is typed and not told to the core yet.
  @ObservationIgnored private var typing: [String: String] = [:]
  /// What was asked for and is not through yet, the first one being done.
  @ObservationIgnored private var underWay: [Asked] = []
  @ObservationIgnored private var last: Task<After?, Never>?
  @ObservationIgnored private var turn: UInt64 = 0
  @ObservationIgnored private var reading = false
  /// Who waits for the reading that is under way.
  @ObservationIgnored private var readers: [CheckedContinuation<Void, Never>] = []
  /// Something changed while a tap was under way.
  @ObservationIgnored private var stale = false
  @ObservationIgnored private var watching: (any Watching)?
  @ObservationIgnored private var paging: String?

  /// What is asked of the core, for telling whether it is asked for twice.
  private enum Asked: Equatable {
    case tap(String, [Given])
    case back
  }

  public init(
    gateway: any Gateway, door: Door? = nil, worker: Worker = .serial("rounds.taps"),
    clock: any Clock<Duration> = ContinuousClock(), typingPause: Duration = .milliseconds(400)
  ) {
    self.gateway = gateway
    self.worker = worker
    self.door = door ?? Door(gateway: gateway)
    self.typingPause = typingPause
    telling = Delay(clock: clock)
    again = Delay(clock: clock)
    passing = Delay(clock: clock)
  }

  // MARK: - Beginning

  /// Reads the first screen and looks from now on.
  public func begin() async {
    do {
      let gateway = gateway
      watching = try await worker.run { [weak self] in
        try gateway.watch { pulse in
          Task { @MainActor in await self?.told(pulse) }
        }
      }
    } catch {
      failed(error)
    }
    await refresh()
  }

  /// Looks no more.
  public func end() {
    watching?.cancel()
    watching = nil
    for delay in [telling, again, passing] { delay.cancel() }
  }

  /// What the core tells when something changed by itself. Pulses may overtake each other on their way here.
  func told(_ pulse: Pulse) async {
    guard pulse.turn >= turn else { return }
    // A phone that sleeps has no chip; the last one stands until it is read again.
    if let newer = pulse.chip { chip = newer }
    guard pulse.turn > turn else { return }
    turn = pulse.turn
    await refresh()
  }

  /// Reads the screen again, and returns when it was read. What comes while it is read makes one reading more, not
  /// many; what comes while a tap is under way is read after it.
  public func refresh() async {
    guard !reading else { return await withCheckedContinuation { readers.append($0) } }
    reading = true
    await read()
    reading = false
    let all = readers
    readers = []
    for one in all { one.resume() }
  }

  private func read() async {
    var seen: UInt64
    repeat {
      seen = turn
      guard underWay.isEmpty else {
        stale = true
        return
      }
      do {
        await door.settled()
        let (gateway, before) = (gateway, Seen(screen, loaded))
        let (screen, rows, language) = try await worker.run {
          let screen = try gateway.now()
          return (screen, try before.rows(of: screen, by: gateway), try gateway.language())
        }
        guard underWay.isEmpty else {
          stale = true
          return
        }
        show(screen, rows, language)
      } catch {
        return failed(error)
      }
    } while seen != turn
  }

  // MARK: - Verbs

  /// A tap on something that asks for nothing: a line, a place, the chip, a fact.
  public func tap(_ tap: String) async {
    await perform(tap, given: [])
  }

  /// A button was pressed: greyed, it says why; otherwise it asks, makes sure, and does.
  public func press(_ button: ScreenButton) async {
    if let why = button.whyNot {
      say(why)
    } else if !button.asks.isEmpty {
      asking = Asking(button: button)
    } else if let sure = button.sure {
      confirming = Confirming(sure: sure, button: button, given: drafts.given)
    } else {
      await perform(button.tap, given: drafts.given)
    }
  }

  /// The sheet was filled. It stays, with what is in it, if the core says no.
  public func submit(_ asking: Asking) async {
    if let sure = asking.button.sure {
      confirming = Confirming(sure: sure, button: asking.button, given: asking.given)
    } else {
      await finish(asking.button, given: asking.given)
    }
  }

  /// Yes, do it.
  public func confirm() async {
    guard let confirming else { return }
    self.confirming = nil
    await finish(confirming.button, given: confirming.given)
  }

  private func finish(_ button: ScreenButton, given: [Given]) async {
    let after = await perform(button.tap, given: given)
    if let after, after.said?.tone != .bad, after.said?.tone != .warning { asking = nil }
  }

  /// No.
  public func unconfirm() {
    confirming = nil
  }

  /// The sheet was put away.
  public func dismissAsking() {
    asking = nil
    confirming = nil
  }

  /// The word in passing was read.
  public func dismissSaid() {
    passing.cancel()
    said = nil
  }

  /// The system's sheet is gone; `done` if the file was printed or shared.
  public func left(done: Bool) async {
    let tap = file?.done
    file = nil
    guard done, let tap else { return }
    await turnstile(.tap(tap, []), given: [], isWanted: { _ in true }) { try $0.tap(tap, given: []) }
  }

  public func back() async {
    let before = screen?.key
    await turnstile(.back, given: [], isWanted: { $0.screen?.key == before }) { try $0.back() }
  }

  /// The gesture that leaves: back, where there is something to go back to.
  public func escape() async {
    if screen?.back == true { await back() }
  }

  /// An answer was made: chosen, picked, or typed and finished. It goes to the core at once, or waits
  /// for the button where the screen says so.
  public func give(_ value: String, at question: Question) async {
    drafts.type(value, at: question)
    guard let gives = screen?.gives, !drafts.isSecret(question.key) else { return }
    typing[question.key] = nil
    let given = [Given(key: question.key, value: value)]
    await turnstile(.tap(gives, given), given: given, isWanted: { $0.asks(question.key, with: gives) }) {
      try $0.tap(gives, given: given)
    }
  }

  /// Somebody types. Shown at once; told to the core at the next pause.
  public func type(_ text: String, at question: Question) {
    drafts.type(text, at: question)
    guard !drafts.isSecret(question.key) else { return }
    typing[question.key] = text
    telling.after(typingPause) { [weak self] in await self?.tellTyping() }
  }

  /// What was typed is finished: the field lost its focus, or return was pressed.
  public func finishTyping(at question: Question) async {
    guard let text = drafts[question.key] else { return }
    await give(text, at: question)
  }

  /// What stands in the field of a question.
  public func text(at question: Question) -> String {
    drafts[question.key] ?? question.typed ?? question.value
  }

  /// What is chosen at a question; half a word is no choice.
  public func value(of question: Question) -> String {
    drafts[question.key] ?? question.value
  }

  /// Somebody searches: what is typed is given with the tap, when they pause.
  public func find(_ text: String, tap: String) {
    telling.after(typingPause) { [weak self] in
      await self?.perform(tap, given: [Given(key: "find", value: text)])
    }
  }

  /// The end of the list is reached, or its next page is asked for again.
  public func reached(more: String) async {
    guard loaded.more == more, paging != more else { return }
    paging = more
    missed = nil
    defer { paging = nil }
    let before = screen?.key
    do {
      let gateway = gateway
      let blocks = try await worker.run { try gateway.page(more: more) }
      guard screen?.key == before else { return }
      loaded.add(blocks, for: more)
      rows = loaded.rows
    } catch {
      if loaded.more == more { missed = more }
      failed(error)
    }
  }

  /// Exchanges with the server now; a cancelled task stops it.
  public func sync() async {
    do {
      await tellTyping()
      _ = try await gateway.syncStoppable()
    } catch is CancellationError {
      // Whoever cancelled knows.
    } catch {
      failed(error)
    }
    await refresh()
  }

  // MARK: - One after another

  @discardableResult
  private func perform(_ tap: String, given: [Given]) async -> After? {
    await turnstile(.tap(tap, given), given: given, isWanted: { $0.offers(tap) }) { gateway in
      try gateway.tap(tap, given: given)
    }
  }

  /// Lets one through after the other. Whoever comes to find their screen gone goes away again.
  @discardableResult
  private func turnstile(
    _ asked: Asked, given: [Given], isWanted: @escaping @MainActor (PhoneModel) -> Bool,
    _ work: @escaping @Sendable (any Gateway) throws -> After
  ) async -> After? {
    guard !underWay.contains(asked) else { return nil }
    underWay.append(asked)
    busy = true
    let before = last
    let mine = Task { () -> After? in
      _ = await before?.value
      await tellTyping()
      let isWanted = isWanted(self)
      let after = isWanted ? await pass(asked, given: given, work) : nil
      underWay.removeFirst()
      busy = !underWay.isEmpty
      return after
    }
    last = mine
    let after = await mine.value
    if underWay.isEmpty, stale {
      stale = false
      await refresh()
    }
    return after
  }

  private func pass(
    _ asked: Asked, given: [Given], _ work: @escaping @Sendable (any Gateway) throws -> After
  ) async -> After? {
    do {
      await door.settled()
      let (gateway, before) = (gateway, Seen(screen, loaded))
      let (gives, left) = leaving(by: asked, with: given)
      let (after, rows, language) = try await worker.run {
        let answered = try gives.map { try gateway.tap($0, given: left) }
        var after = try work(gateway)
        // What is wrong with an answer is not talked over by silence.
        after.said = after.said ?? answered?.said
        return (after, try before.rows(of: after.screen, by: gateway), try gateway.language())
      }
      drafts.forget(given + left)
      show(after.screen, rows, language)
      if let said = after.said { say(said) }
      if let file = after.file { self.file = file }
      return after
    } catch {
      drafts.forget(given.filter { drafts.isSecret($0.key) })
      failed(error)
      return nil
    }
  }

  /// The fields that are left by a tap without having been answered, and the tap that answers them. Answering
  /// one question leaves no other.
  private func leaving(by asked: Asked, with given: [Given]) -> (String?, [Given]) {
    guard let gives = screen?.gives else { return (nil, []) }
    if case .tap(gives, _) = asked { return (nil, []) }
    let left = drafts.given.filter { one in !drafts.isSecret(one.key) && !given.contains { $0.key == one.key } }
    return left.isEmpty ? (nil, []) : (gives, left)
  }

  /// Tells the core what is typed, so that it outlives a kill.
  func tellTyping() async {
    let told = typing.sorted { $0.key < $1.key }
    typing = [:]
    guard !told.isEmpty else { return }
    telling.cancel()
    do {
      let gateway = gateway
      try await worker.run {
        for (key, text) in told { try gateway.typing(key: key, text: text) }
      }
    } catch {
      failed(error)
    }
  }

  // MARK: - Showing

  private func show(_ screen: Screen, _ rows: Rows, _ language: String) {
    if screen.key != self.screen?.key {
      asking = nil
      confirming = nil
      typing = [:]
    }
    drafts.turn(to: screen.key)
    loaded = rows
    if self.screen != screen { self.screen = screen }
    if self.rows != rows.rows { self.rows = rows.rows }
    if chip != screen.chip { chip = screen.chip }
    if language != self.language { self.language = language }
    missed = nil
    guard let ms = screen.againMs else { return again.cancel() }
    again.after(.milliseconds(Int64(clamping: ms))) { [weak self] in await self?.refresh() }
  }

  func failed(_ error: any Error) {
    let trouble = Trouble(error)
    // A phone that sleeps has nothing to say; it is read again when it wakes.
    if !trouble.isClosed { say(trouble.notice) }
  }

  /// What is good or only to know goes by itself; what is wrong stays until it is read.
  private func say(_ notice: Notice) {
    said = notice
    let stays = notice.tone == .bad || notice.tone == .warning || !notice.buttons.isEmpty
    guard !stays else { return passing.cancel() }
    passing.after(.seconds(5)) { [weak self] in self?.said = nil }
  }

  private func offers(_ tap: String) -> Bool {
    screen?.offers(tap, below: loaded.blocks) == true || said?.offers(tap) == true
  }

  private func asks(_ key: String, with gives: String) -> Bool {
    guard screen?.gives == gives else { return false }
    return loaded.blocks.contains { block in
      guard case .ask(let question) = block else { return false }
      return question.key == key
    }
  }
}

/// What was seen of a list when it is read again: as many pages are read as had been reached.
private struct Seen: Sendable {
  let key: String?
  let pages: Int

  init(_ screen: Screen?, _ rows: Rows) {
    key = screen?.key
    pages = rows.pages
  }

  func rows(of screen: Screen, by gateway: any Gateway) throws -> Rows {
    var rows = Rows(screen)
    guard key == screen.key else { return rows }
    while rows.pages < pages, let more = rows.more {
      rows.add(try gateway.page(more: more), for: more)
    }
    return rows
  }
}
