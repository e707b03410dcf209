// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
public struct UTType: Sendable, Hashable {
  public static let image = UTType()
  public var identifier: String { "" }
}
