import RoundsModel
import SwiftUI
import UIKit

/// Gives a file to the system: to print it, or to share it. Says whether that was done.
struct FileSheet: UIViewControllerRepresentable {
  let file: LeavingFile?
  let left: @MainActor (Bool) -> Void

  func makeUIViewController(context: Context) -> UIViewController { UIViewController() }

  func makeCoordinator() -> Coordinator { Coordinator() }

  func updateUIViewController(_ host: UIViewController, context: Context) {
    guard let file else {
      context.coordinator.shown = nil
      return
    }
    guard context.coordinator.shown != file else { return }
    context.coordinator.shown = file
    let left = left
    // Presented once the view is in a window.
    DispatchQueue.main.async {
      if file.isForPrinter {
        FileSheet.print(file, left: left)
      } else {
        FileSheet.share(file, from: host, left: left)
      }
    }
  }

  @MainActor
  final class Coordinator {
    var shown: LeavingFile?
  }

  @MainActor
  private static func print(_ file: LeavingFile, left: @escaping @MainActor (Bool) -> Void) {
    let printing = UIPrintInteractionController.shared
    let info = UIPrintInfo.printInfo()
    info.jobName = file.name
    info.outputType = .general
    printing.printInfo = info
    printing.printingItem = URL(fileURLWithPath: file.path)
    let isShown = printing.present(animated: true) { _, completed, _ in
      MainActor.assumeIsolated { left(completed) }
    }
    if !isShown { left(false) }
  }

  @MainActor
  private static func share(
    _ file: LeavingFile, from host: UIViewController, left: @escaping @MainActor (Bool) -> Void
  ) {
    let url = URL(fileURLWithPath: file.path)
    let sheet = UIActivityViewController(activityItems: [url], applicationActivities: nil)
    sheet.popoverPresentationController?.sourceView = host.view
    sheet.completionWithItemsHandler = { _, completed, _, _ in
      MainActor.assumeIsolated { left(completed) }
    }
    host.present(sheet, animated: true)
  }
}
