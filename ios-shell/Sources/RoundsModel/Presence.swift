/// What the system tells about the app as a whole, in the order in which things have to be done.
@MainActor
public final class Presence {
  private let model: PhoneModel
  private let gateway: any Gateway
  private let planner: BackgroundRuns
  private var metered = false
  /// Coming and going take a while, and a quick thumb does both: what was told last counts.
  private var isInFront = false

  public init(model: PhoneModel, planner: BackgroundRuns) {
    self.model = model
    gateway = model.gateway
    self.planner = planner
  }

  /// Somebody looks: open, then keep in sync, then show what is now.
  public func foreground() async {
    isInFront = true
    do {
      try await model.door.enter(.person)
      try await tell(.start)
    } catch {
      model.failed(error)
    }
    await model.refresh()
  }

  /// Nobody looks any more: what is typed is kept, the next background time is asked for, the core rests, and the
  /// database is closed before the system suspends the app. A background run may hold it open longer, and must not
  /// find the core at work for somebody who is gone. The caller holds a background task until this returns.
  public func background() async {
    isInFront = false
    await model.tellTyping()
    planner.plan(after: .looked(chip: model.chip))
    await unlessBack { [model] in
      let gateway = model.gateway
      try await model.worker.run { try gateway.rest() }
    }
    await unlessBack { [model] in try await model.door.leave(.person) }
  }

  /// Whoever came back meanwhile is not left alone.
  private func unlessBack(_ work: @MainActor () async throws -> Void) async {
    guard !isInFront else { return }
    do {
      try await work()
    } catch {
      model.failed(error)
    }
  }

  /// The network came, went, or became another one. Only its return is worth a sync.
  public func network(isThere: Bool, metered: Bool) async {
    self.metered = metered
    guard isThere, model.door.isHeld(by: .person) else { return }
    do {
      try await tell(.network)
    } catch {
      model.failed(error)
    }
  }

  private func tell(_ why: Waking) async throws {
    let (gateway, metered) = (gateway, metered)
    try await model.worker.run { try gateway.awake(why, metered: metered) }
  }
}
