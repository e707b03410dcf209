/// How large a picture is made.
public enum PictureSize {
  /// Width and height in whole points, with the longer side as long as is wanted; no picture is made larger.
  public static func fitting(_ width: Double, _ height: Double, longest: UInt32?) -> (width: Double, height: Double) {
    let longer = max(width, height)
    guard let longest, longer > Double(longest), longest > 0 else { return (width, height) }
    let share = Double(longest) / longer
    return (max(1, (width * share).rounded()), max(1, (height * share).rounded()))
  }
}
