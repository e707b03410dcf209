import Foundation

/// Pictures of the present screens, kept small: a list asks for each as it comes into sight, and a phone
/// has little memory. They are fetched beside the taps, because one that is at the server takes long.
@MainActor
public final class Pictures {
  private struct Wanted: Hashable {
    let name: String
    let maxPx: UInt32
  }

  private let gateway: any Gateway
  private let worker: Worker
  private let most: Int
  private var kept: [Wanted: Data] = [:]
  /// The oldest first.
  private var order: [Wanted] = []
  private var underWay: [Wanted: Task<Data?, Never>] = [:]

  public init(gateway: any Gateway, most: Int = 24, worker: Worker = .concurrent("rounds.pictures")) {
    self.gateway = gateway
    self.most = most
    self.worker = worker
  }

  /// The bytes of a picture; none if it cannot be shown now. Asked for twice at once, it is fetched once.
  public func data(_ name: String, maxPx: UInt32) async -> Data? {
    let wanted = Wanted(name: name, maxPx: maxPx)
    if let data = kept[wanted] {
      touch(wanted)
      return data
    }
    if let fetching = underWay[wanted] { return await fetching.value }
    let fetching = Task { [gateway, worker] in
      try? await worker.run { try gateway.picture(name, maxPx: maxPx) }
    }
    underWay[wanted] = fetching
    let data = await fetching.value
    underWay[wanted] = nil
    if let data {
      kept[wanted] = data
      touch(wanted)
    }
    return data
  }

  /// The system is short of memory.
  public func forget() {
    kept = [:]
    order = []
  }

  private func touch(_ wanted: Wanted) {
    order.removeAll { $0 == wanted }
    order.append(wanted)
    while order.count > most { kept[order.removeFirst()] = nil }
  }
}
