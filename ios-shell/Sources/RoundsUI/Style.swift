import RoundsModel
import SwiftUI

/// Colours of a meaning (`Palette`); words always stand beside them.
extension Tone {
  /// Letters on ``ground`` or on the screen.
  var ink: Color { Color(Palette.ink(self)) }

  /// Behind letters.
  var ground: Color { Color(Palette.ground(self)) }

  /// Under white letters: the main button, a mark.
  var fill: Color { Color(Palette.fill(self)) }

  var picture: String {
    switch self {
    case .neutral: "info.circle"
    case .active: "arrow.right.circle"
    case .good: "checkmark.circle"
    case .warning: "exclamationmark.triangle"
    case .bad: "xmark.octagon"
    }
  }
}

extension Color {
  /// Letters that matter less, and are read all the same. The system's own are too light.
  static let quiet = Color(Palette.quiet)
  /// What is typed into and chosen from.
  static let field = Color(Palette.field)
  /// A button that does nothing now.
  static let greyed = Color(Palette.greyed)

  init(_ shade: Shade) {
    // Asked for on whatever thread paints.
    self.init(
      uiColor: UIColor { @Sendable traits in
        UIColor(rgb: traits.userInterfaceStyle == .dark ? shade.dark : shade.light)
      })
  }
}

extension UIColor {
  fileprivate convenience init(rgb: UInt32) {
    self.init(
      red: CGFloat(rgb >> 16 & 0xFF) / 255, green: CGFloat(rgb >> 8 & 0xFF) / 255, blue: CGFloat(rgb & 0xFF) / 255,
      alpha: 1)
  }
}

/// The card that most blocks stand on.
struct Card: ViewModifier {
  func body(content: Content) -> some View {
    content
      .padding(14)
      .frame(maxWidth: .infinity, alignment: .leading)
      .background(Color(.secondarySystemGroupedBackground), in: RoundedRectangle(cornerRadius: 14))
  }
}

extension View {
  func card() -> some View { modifier(Card()) }
}

/// A word beside a line.
struct BadgeView: View {
  let badge: Badge

  var body: some View {
    Text(badge.text)
      .font(.caption.weight(.medium))
      .padding(.horizontal, 8)
      .padding(.vertical, 3)
      .background(badge.tone.ground, in: Capsule())
      .foregroundStyle(badge.tone.ink)
  }
}
