/// Yes, I have read it: `OK`, or nothing.
public enum AcknowledgeAnswer {
  private static let given = "OK"

  public static func isGiven(_ stored: String) -> Bool { stored == given }

  public static func stored(_ isGiven: Bool) -> String { isGiven ? given : "" }
}
