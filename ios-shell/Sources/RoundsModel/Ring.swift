/// A ring that closes while a time passes.
public enum Ring {
  /// How much of it is closed, 0 to 1, so many seconds after the core said how much is left.
  public static func share(leftMs: UInt64, ofMs: UInt64, secondsSince: Double) -> Double {
    guard ofMs > 0 else { return 1 }
    let passed = Double(ofMs) - Double(leftMs) + max(0, secondsSince) * 1000
    return min(1, max(0, passed / Double(ofMs)))
  }
}
