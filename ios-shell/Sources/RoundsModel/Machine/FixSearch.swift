/// Looking for where the phone is: the best of what the system tells, until one is good enough.
public struct FixSearch<Fix: Sendable>: Sendable {
  private let enoughM: Double
  private let oldestSeconds: Double
  private var bestM = Double.infinity
  public private(set) var best: Fix?

  /// `enoughM` is the accuracy in metres with which it ends; a fix may be `oldestMs` old, and one that is made now
  /// a second.
  public init(enoughM: Double, oldestMs: UInt64) {
    self.enoughM = enoughM
    oldestSeconds = max(Double(oldestMs), 1000) / 1000
  }

  /// Takes a fix with its accuracy (metres; below zero it is none) and age, and says whether it is good enough.
  public mutating func found(_ fix: Fix, accuracyM: Double, ageSeconds: Double) -> Bool {
    guard accuracyM >= 0, ageSeconds <= oldestSeconds else { return false }
    if accuracyM <= bestM { (best, bestM) = (fix, accuracyM) }
    return accuracyM <= enoughM
  }
}
