import AVFoundation
import UIKit

/// What the lens sees, upright however the phone is held.
@MainActor
final class LensView: UIView {
  private let layerOfLens: AVCaptureVideoPreviewLayer
  private var coordinator: AVCaptureDevice.RotationCoordinator?
  private var turning: NSKeyValueObservation?

  init(_ session: AVCaptureSession, _ device: AVCaptureDevice) {
    layerOfLens = AVCaptureVideoPreviewLayer(session: session)
    super.init(frame: .zero)
    layerOfLens.videoGravity = .resizeAspect
    layer.addSublayer(layerOfLens)
    let coordinator = AVCaptureDevice.RotationCoordinator(device: device, previewLayer: layerOfLens)
    self.coordinator = coordinator
    turn(coordinator.videoRotationAngleForHorizonLevelPreview)
    turning = coordinator.observe(\.videoRotationAngleForHorizonLevelPreview, options: [.new]) {
      @Sendable [weak self] _, new in
      guard let angle = new.newValue else { return }
      Task { @MainActor in self?.turn(angle) }
    }
  }

  @available(*, unavailable)
  required init?(coder: NSCoder) { nil }

  override func layoutSubviews() {
    super.layoutSubviews()
    layerOfLens.frame = bounds
  }

  private func turn(_ angle: CGFloat) {
    guard let connection = layerOfLens.connection, connection.isVideoRotationAngleSupported(angle) else { return }
    connection.videoRotationAngle = angle
  }
}
