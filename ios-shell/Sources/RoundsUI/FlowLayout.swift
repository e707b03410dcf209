import SwiftUI

/// Puts small things beside each other and goes on in the next row where they do not fit, so that long
/// words and large letters are never cut.
struct FlowLayout: Layout {
  let spacing: CGFloat

  func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout ()) -> CGSize {
    place(subviews, width: proposal.width ?? .infinity) { _, _, _ in }
  }

  func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout ()) {
    _ = place(subviews, width: bounds.width) { subview, origin, size in
      let point = CGPoint(x: bounds.minX + origin.x, y: bounds.minY + origin.y)
      subview.place(at: point, proposal: ProposedViewSize(size))
    }
  }

  private func place(
    _ subviews: Subviews, width: CGFloat, _ put: (LayoutSubview, CGPoint, CGSize) -> Void
  ) -> CGSize {
    var at = CGPoint.zero
    var row: CGFloat = 0
    var widest: CGFloat = 0
    for subview in subviews {
      var size = subview.sizeThatFits(.unspecified)
      if size.width > width { size = subview.sizeThatFits(ProposedViewSize(width: width, height: nil)) }
      if at.x > 0, at.x + size.width > width {
        at = CGPoint(x: 0, y: at.y + row + spacing)
        row = 0
      }
      put(subview, at, size)
      at.x += size.width + spacing
      row = max(row, size.height)
      widest = max(widest, at.x - spacing)
    }
    return CGSize(width: widest, height: at.y + row)
  }
}
