import SwiftUI
import UIKit

/// A view of the system's, made elsewhere: what the lens sees while a film is made.
struct FilmView: UIViewRepresentable {
  let view: UIView

  func makeUIView(context: Context) -> UIView { UIView() }

  func updateUIView(_ frame: UIView, context: Context) {
    guard view.superview !== frame else { return }
    for other in frame.subviews { other.removeFromSuperview() }
    view.frame = frame.bounds
    view.autoresizingMask = [.flexibleWidth, .flexibleHeight]
    frame.addSubview(view)
  }
}
